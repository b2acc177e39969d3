//! What the grammar reads, and what it says of the rest.

use super::{
    DayParts, WrittenMoment, WrittenTime, find_times_with, find_weekdays, quote, read_time,
};
use chrono::Weekday;

/// Writes what was read in one plain form: `2023-05-31 Wed 14:00+08:00 - 15:00`.
fn plainly(text: &str) -> String {
    read_time(text).map_or_else(|fault| fault.complaint.message, plain_time)
}

fn plain_time(time: WrittenTime) -> String {
    let start = plain_moment(time.start);
    match time.end {
        None => start,
        Some(end) => format!("{start} - {}", plain_moment(end)),
    }
}

fn plain_moment(moment: WrittenMoment) -> String {
    let date = moment.date.map(|date| {
        let year = date
            .value
            .year
            .map_or(String::new(), |year| format!("{year}-"));
        format!("{year}{:02}-{:02}", date.value.month, date.value.day)
    });
    let weekday = moment.weekday.map(|weekday| weekday.value.to_string());
    let clock = moment.clock.map(|clock| {
        let clock = clock.value.since_midnight;
        let second = match clock.num_seconds() % 60 {
            0 => String::new(),
            second => format!(":{second:02}"),
        };
        let offset = moment
            .offset
            .map_or(String::new(), |offset| offset.value.to_string());
        format!(
            "{:02}:{:02}{second}{offset}",
            clock.num_hours(),
            clock.num_minutes() % 60
        )
    });
    [date, weekday, clock]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Checks lines of `text => what it says, or the message`.
fn reads(table: &str) {
    for line in table.lines().map(str::trim) {
        let (text, meaning) = line.split_once(" => ").expect(line);
        assert_eq!(plainly(text), meaning, "{text}");
    }
}

#[test]
fn reads_what_people_type() {
    reads(
        "2024-03-06 14:00 => 2024-03-06 14:00
        2024-03-06 14:00:59 => 2024-03-06 14:00:59
        2024-03-06T14:00 => 2024-03-06 14:00
        2024-03-06T06:00:00Z => 2024-03-06 06:00+00:00
        2024-03-06t06:00:00.000z => 2024-03-06 06:00+00:00
        2024-03-06T14:00:00+08:00 => 2024-03-06 14:00+08:00
        2024-03-06 14:00:00-05:30 => 2024-03-06 14:00-05:30
        2024-03-06 => 2024-03-06
        2024/3/6 => 2024-03-06
        2024.3.6 => 2024-03-06
        15:00 => 15:00
        24:00 => 24:00
        2024-3-6 2pm => 2024-03-06 14:00
        Wed 2024-03-06 (Wednesday) => `(Wednesday)` is no part of a date or time
        2024-03-06 (Wednesday) 9:30 AM => 2024-03-06 Wed 09:30
        2024-03-06 14:00 UTC => 2024-03-06 14:00+00:00
        2024-03-06 14:00 GMT+8 => 2024-03-06 14:00+08:00
        Wednesday, 6 March, 2024 9:00 – 16:00 => 2024-03-06 Wed 09:00 - 16:00
        March 6th, 2024 14:00 => 2024-03-06 14:00
        6th of March 2pm => 03-06 14:00",
    );
}

#[test]
fn reads_what_people_paste_from_announcements() {
    reads(
        "2024年3月6日（周三）14:00-15:00 => 2024-03-06 Wed 14:00 - 15:00
        2024/3/6（星期三）20:00 - 21:00 => 2024-03-06 Wed 20:00 - 21:00
        2024年3 月 6 日（周三）13：00 -17：30 => 2024-03-06 Wed 13:00 - 17:30
        ３月６日【下周三，明天】１４：００～１５：００ => 03-06 Wed 14:00 - 15:00
        3 月 6 号（下周三）晚上 19 点 => 03-06 Wed 19:00
        3 月 6 日，礼拜三晚 7 点半 => 03-06 Wed 19:30
        3 月 6 日（周三晚）7 点 15 分 => 03-06 Wed 19:15
        3月6日下午 14 点 => 03-06 14:00
        3月6日晚七点半——八点半 => 03-06 19:30 - 20:30
        二〇二四年三月二十六日（周二）下午两点 => 2024-03-26 Tue 14:00
        2024-03-06 北京时间 14:00至15:00 => 2024-03-06 14:00+08:00 - 15:00+08:00
        2024-03-06 14:00-15:00（北京时间） => 2024-03-06 14:00+08:00 - 15:00+08:00
        2024-03-06 09:00 ~ 03-07 17:00 => 2024-03-06 09:00 - 03-07 17:00
        2024.3.6—3.8 => 2024-03-06 - 03-08
        2024 年 3 月 6 日-2024 年 4 月 1 日 => 2024-03-06 - 2024-04-01
        3 月 6 日-7 日 => 03-06 - 03-07
        2024年3月6-7日 => 2024-03-06 - 2024-03-07",
    );
}

#[test]
fn reads_the_parts_of_the_day() {
    reads(
        "晚 7 点 => 19:00
        傍晚 6 点 => 18:00
        中午 12 点 => 12:00
        中午 1 点 => 13:00
        上午 12 点 => 12:00
        凌晨 0:30 => 00:30
        晚 12 点 => 24:00
        12:30pm => 12:30
        晚 7-9 点 => 19:00 - 21:00
        晚 10 点-1 点 => 22:00 - 01:00
        晚 9 点-12 点 => 21:00 - 24:00
        下午 14:00-05:00 => 14:00 - 05:00
        2-4pm => 14:00 - 16:00
        11:00-1:30 pm => 11:00 - 13:30
        10 点-下午 4 点 => 10:00 - 16:00
        晚 1 点 => `晚 1 点` is not clear about the hour
        上午 14 点 => `上午 14 点` is not clear about the hour
        12 am => `12 am` is not clear about the hour
        3 月 6 日晚 => `晚` stands without an hour
        晚 2024-03-06 7:00-05:00 => `晚` stands without an hour",
    );
}

#[test]
fn tells_an_offset_from_the_end_of_a_range() {
    reads(
        "2024-03-06 09:00-11:00 => 2024-03-06 09:00 - 11:00
        2024-03-06 09:00:00-11:00:00 => 2024-03-06 09:00 - 11:00
        2024-03-06T09:00 -11:00 => 2024-03-06 09:00 - 11:00
        2024-03-06T14:00-15:00 => 2024-03-06 14:00 - 15:00
        2024-03-06T09:00-0500 => 2024-03-06 09:00-05:00
        2024-03-06 09:00 UTC-5 => 2024-03-06 09:00-05:00
        2024-03-06T09:00-11:00 => `-11:00` may be an end or a UTC offset
        2024-03-06 09:00+15:00 => no place is `+15:00` from UTC
        2024-03-02 Sat 09:00-11:00 => 2024-03-02 Sat 09:00 - 11:00
        2024-03-06 北京时间 => `北京时间` stands without a clock",
    );
}

#[test]
fn refuses_what_is_on_no_calendar_and_no_clock() {
    reads(
        "2023-02-30 => there is no such date as `2023-02-30`
        2023-02-29 14:00 => there is no such date as `2023-02-29`
        2月30日 => there is no such date as `2月30日`
        2月29日 => 02-29
        1969-12-31 => the year `1969` is outside 1970-2199
        2200-01-01 => the year `2200` is outside 1970-2199
        14:60 => no clock shows `14:60`
        24:01 => no clock shows `24:01`
        14:00:60 => no clock shows `14:00:60`
        （周三 => `（周三` is no date or time
        （14:00 => `（` is not closed
        周三 => `周三` is no date or time",
    );
}

#[test]
fn points_at_the_part_and_proposes_what_was_meant() {
    let table = "31/05/2024 => 31/05/2024 => write `2024-05-31`
        5/6/2024 2pm => 5/6/2024 2pm => write `2024-05-06 2pm` or `2024-06-05 2pm`
        24年5月31日 => 24年5月31日 => write `2024-05-31`
        2024-31-05 => 2024-31-05 => write `2024-05-31`: the month stands before the day
        2023-02-29 => 2023-02-29 => 2023-02 has 28 days
        20240531T140000 => 20240531T140000 => write `2024-05-31 14:00`
        1717135200 => 1717135200 => write `2024-05-31T06:00:00Z`
        2024-05-31 14.30 => 14.30 => write `2024-05-31 14:30`
        2024-05-31 1400 => 1400 => write `2024-05-31 14:00`
        2024-05-31 14:00 - 16 => 16 => write `2024-05-31 14:00 - 16:00`
        2024-05-31 14:00 CST => CST => say it with a key of its own, `timezone: Asia/Shanghai`
        2024-05-31 14:00 (JST) => (JST) => if it is a zone, it has a key of its own, like `timezone: Europe/Berlin`
        2024-05-31T14:00:00.5Z => .5Z => leave the fraction of the second out
        明天 14:00 => 明天 14:00 => write the date itself, like `2023-05-31 14:00`
        待定 => 待定 => leave the key out until the time is known; an event without `start` is a draft";
    for line in table.lines().map(str::trim) {
        let [text, part, hint] = *line.split(" => ").collect::<Vec<_>>() else {
            panic!("{line}");
        };
        let fault = read_time(text).expect_err(text);
        assert_eq!(&text[fault.span], part, "{text}");
        assert_eq!(fault.complaint.hint.as_deref(), Some(hint), "{text}");
    }
}

#[test]
fn knows_the_bytes_of_each_part() {
    let text = " 2024年3月6日（周三）晚 7 点 - 21:00 UTC+8";
    let WrittenTime { start, end } = read_time(text).expect(text);
    let end = end.expect("a range");
    assert_eq!(&text[start.span], "2024年3月6日（周三）晚 7 点");
    assert_eq!(&text[start.date.expect("a date").span], "2024年3月6日");
    assert_eq!(&text[start.weekday.expect("a weekday").span], "周三");
    assert_eq!(&text[start.clock.expect("a clock").span], "晚 7 点");
    assert_eq!(&text[end.offset.expect("an offset").span], "UTC+8");
    assert_eq!(&text[end.span], "21:00 UTC+8");
}

#[test]
fn finds_times_among_words() {
    let table = "活动时间：3 月 6 日周三晚 7 点，线上直播 => 03-06 Wed 19:00
        从 3 月 6 日开始到 3 月 14 日，每周三、周四晚上 19:00-20:00 => 03-06; 03-14; Thu 19:00 - 20:00
        3 月 6 日晚，和 3 月 7 日（周四 => 03-06; 03-07
        2024年3月6-7日举办 => 2024-03-06 - 2024-03-07
        3 月 6 日夜里 9 点见 => 03-06 21:00
        3 月 6 日 14:00 - 会议结束 => 03-06 14:00
        v2024.3.6 #3-6 https://x.example/2024/03/06/ => nothing
        第 12 期，3 月，24 小时，2024 年 => nothing";
    for line in table.lines().map(str::trim) {
        let (text, meaning) = line.split_once(" => ").expect(line);
        let mut day_parts = DayParts::default();
        day_parts.add("夜里", (18, 24));
        let found = find_times_with(text, &day_parts)
            .into_iter()
            .map(plain_time);
        let found: Vec<String> = found.collect();
        let meaning = if meaning == "nothing" { "" } else { meaning };
        assert_eq!(found.join("; "), meaning, "{text}");
    }
}

#[test]
fn finds_weekdays() {
    for text in ["每周三、周四晚上 19:00", "每周三、四", "周三和星期四"] {
        assert_eq!(find_weekdays(text), [Weekday::Wed, Weekday::Thu], "{text}");
    }
    assert_eq!(find_weekdays("周三和大家一起来"), [Weekday::Wed]);
}

#[test]
fn quotes_on_one_short_line() {
    assert_eq!(quote("14:00\r\nX"), "14:00  X");
    assert_eq!(quote(&"时".repeat(999)), "时".repeat(60) + "…");
}
