//! What holds for every moment, every range and any text at all.

use super::everyday::read_everyday;
use super::token::tokenise;
use super::{DayParts, TimeFault, WrittenTime, find_times_with, read_any_time, read_time};
use chrono::{DateTime, Datelike, FixedOffset, NaiveDateTime, TimeDelta, Timelike};
use proptest::prelude::{Strategy, any, prop, prop_assert, prop_assert_eq, proptest};

/// Writes a moment in every form of it.
fn forms(at: NaiveDateTime) -> Vec<String> {
    let weekday =
        ["一", "二", "三", "四", "五", "六", "日"][at.weekday().num_days_from_monday() as usize];
    let part = match at.hour() {
        0..=11 => "上午",
        12..=16 => "下午",
        _ => "晚上",
    };
    let hour = if at.hour() > 12 {
        at.hour() - 12
    } else {
        at.hour()
    };
    let mut forms = vec![
        format!(
            "{}（周{weekday}）{}",
            at.format("%Y年%-m月%-d日"),
            at.format("%H：%M")
        ),
        format!(
            "{}下周{weekday}{part} {hour} 点 {} 分",
            at.format("%Y 年 %m 月 %d 号，"),
            at.minute()
        ),
        format!(
            "{}【星期{weekday}】{part}{hour}:{:02}",
            at.format("%Y/%m/%d"),
            at.minute()
        ),
    ];
    for form in [
        "%Y-%m-%d %H:%M",
        "%Y-%m-%dT%H:%M:%S",
        "%Y/%-m/%-d %-H:%M",
        "%Y.%m.%d %H:%M",
        "%a %Y-%m-%d, %H:%M",
        "%Y-%-m-%-d %H时%M",
    ] {
        forms.push(at.format(form).to_string());
    }
    if at.hour() > 0 {
        forms.push(format!(
            "{} {hour}:{:02} {}",
            at.format("%Y-%m-%d"),
            at.minute(),
            at.format("%p")
        ));
    }
    forms
}

/// Any minute that leaves room for a range before the last year ends.
fn moments() -> impl Strategy<Value = NaiveDateTime> {
    (0..120_900_000_i64)
        .prop_map(|minutes| DateTime::UNIX_EPOCH.naive_utc() + TimeDelta::minutes(minutes))
}

fn full_width(text: &str) -> String {
    let wide = |c: char| char::from_u32(u32::from(c) + 0xfee0).filter(|_| c.is_ascii_graphic());
    text.chars().map(|c| wide(c).unwrap_or(c)).collect()
}

/// Puts a blank between all tokens.
fn spaced(text: &str, blank: &str) -> String {
    let pieces: Vec<&str> = tokenise(text, &DayParts::default())
        .1
        .into_iter()
        .map(|span| &text[span])
        .collect();
    pieces.join(blank)
}

fn check(text: &str) {
    for time in find_times_with(text, &DayParts::default()) {
        let whole = [Some(&time.start), time.end.as_ref()];
        for moment in whole.into_iter().flatten() {
            let quoted = &text[moment.span.clone()];
            assert!(moment.date.is_some() || moment.clock.is_some(), "{text}");
            assert!(!quoted.is_empty(), "{text}");
        }
    }
    if let Err(TimeFault { span, complaint }) = read_time(text) {
        assert!(
            text.get(span).is_some(),
            "{text:?} is cut inside a character"
        );
        assert!(complaint.hint.is_some(), "{text:?} has no way out");
        assert!(
            !complaint.message.ends_with('.') && !complaint.message.contains('\n'),
            "{text:?}"
        );
    }
}

proptest! {
    #[test]
    fn an_everyday_time_is_what_the_grammar_makes_of_it(
        text in "(197|20[0-9]|219|220)[0-9]-[01][0-9]-[0-3][0-9]( [0-2][0-9]:[0-6][0-9](:[0-6][0-9])?)?|[0-2]?[0-9]:[0-6][0-9](:[0-6][0-9])?|[-0-9 :年+]{4,20}"
    ) {
        if let Some(start) = read_everyday(&text) {
            prop_assert_eq!(read_any_time(&text), Ok(WrittenTime { start, end: None }));
        }
    }

    #[test]
    fn reads_every_moment_in_every_form(at in moments(), blank in prop::sample::select(vec![" ", "\u{a0}", "\u{200b}", "\u{3000}"])) {
        for form in forms(at) {
            for text in [form.clone(), full_width(&form), spaced(&form, blank)] {
                let time = read_time(&text).expect(&text);
                let date = time.start.date.expect("a date").value;
                let date = date.in_year(date.year.expect("a year")).expect("a real date");
                prop_assert_eq!(time.start.clock.expect("a clock").value.on(date), at, "{}", text);
                prop_assert!(time.start.weekday.is_none_or(|weekday| weekday.value == at.weekday()));
                prop_assert_eq!(time.end, None);
            }
        }
    }

    #[test]
    fn reads_every_range(at in moments(), minutes in 1..40_000_i64, between in prop::sample::select(vec!["-", " – ", "~", "至", " to "])) {
        let end = at + TimeDelta::minutes(minutes);
        for form in ["%Y-%m-%d %H:%M", "%Y年%-m月%-d日%H：%M", "%m/%d %H:%M", "%H点%M分"] {
            let text = format!("{}{between}{}", at.format(form), end.format(form));
            let time = read_time(&text).expect(&text);
            for (moment, at) in [(time.start, at), (time.end.expect("a range"), end)] {
                let clock = moment.clock.expect("a clock").value;
                prop_assert_eq!(clock.on(at.date()), at, "{}", &text);
                let date = moment.date.map(|date| date.value.in_year(at.year()));
                prop_assert!(date.is_none_or(|date| date == Some(at.date())));
            }
        }
    }

    #[test]
    fn reads_every_offset(at in moments(), quarters in -48..=56_i32) {
        let offset = FixedOffset::east_opt(quarters * 900).expect("an offset");
        for text in [format!("{}{offset}", at.format("%Y-%m-%dT%H:%M:%S")), format!("{} (UTC{offset})", at.format("%Y/%m/%d %H:%M"))] {
            let start = read_time(&text).expect(&text).start;
            prop_assert_eq!(start.offset.expect("an offset").value, offset, "{}", text);
        }
    }

    #[test]
    fn survives_any_text(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn survives_any_mixture_of_its_own_words(words in prop::collection::vec(prop::sample::select(vec![
        "2024", "5", "31", "05", "20240531", "1717135200", "9999999999", "年", "月", "日", "号", "点", "半", "分", "-", "/", ".",
        ":", "：", "~", "至", "+", "(", "）", ",", "，", " ", "\u{3000}", "T", "Z", "UTC", "CST", "am", "pm", "晚", "凌晨", "下午",
        "周三", "下周", "十", "七", "两", "〇", "Wed", "May", "th", "明天", "北京时间", "待定", "é", "0", "00", "24", "12",
    ]), 0..12)) {
        check(&words.concat());
    }
}
