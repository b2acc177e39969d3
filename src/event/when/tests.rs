//! What statements mean, and what is said of those that mean nothing.

use super::{
    Reference, Settled, Statement, TimeField, TimeProblem, Tz, When, read_instant, settle,
};
use crate::diagnostic::{Code, Complaint};
use chrono::{NaiveDate, TimeDelta};

pub(super) const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2024, 3, 1).expect("a date");

fn reference(event_zone: Option<Tz>) -> Reference {
    Reference {
        event_zone,
        home_zone: Tz::Asia__Shanghai,
        day: None,
        today: TODAY,
    }
}

/// Makes a statement of `start | end | duration | timezone`.
pub(super) fn statement(line: &str) -> Statement<'_> {
    let mut parts = line.split('|').map(str::trim);
    let mut part = || parts.next().filter(|part| !part.is_empty());
    Statement {
        start: part().unwrap_or_default(),
        end: part(),
        duration: part(),
        default_duration: TimeDelta::hours(1),
        reference: reference(part().map(|zone| zone.parse().expect("a zone"))),
    }
}

/// Writes what a statement means as `2024-03-06 14:00+08:00/15:00`, or its problems.
fn meaning(line: &str) -> String {
    let problem = |TimeProblem {
                       field, complaint, ..
                   }| format!("{field:?} {}", complaint.code);
    match settle(&statement(line)) {
        Err(problems) => problems
            .into_iter()
            .map(problem)
            .collect::<Vec<_>>()
            .join(", "),
        Ok(Settled {
            when: When::AllDay { first, last },
            ..
        }) => format!("{first}/{last}"),
        Ok(Settled {
            when: When::Timed { start, end },
            end_assumed,
            ..
        }) => {
            let same_day = start.date_naive() == end.date_naive();
            let end = end.format(if same_day { "%H:%M" } else { "%m-%d %H:%M" });
            let assumed = if end_assumed { "?" } else { "" };
            format!("{}/{end}{assumed}", start.format("%Y-%m-%d %H:%M%:z"))
        }
    }
}

/// Checks lines of `statement => meaning`.
fn mean(table: &str) {
    for line in table.lines().map(str::trim) {
        let (statement, expected) = line.split_once(" => ").expect(line);
        assert_eq!(meaning(statement), expected, "{statement}");
    }
}

/// The only problem of a statement: the part that the caret shows, and the words.
fn only_problem(line: &str) -> (String, Complaint) {
    let statement = statement(line);
    let problems = settle(&statement).expect_err(line);
    let [
        TimeProblem {
            field,
            within,
            complaint,
        },
    ] = <[_; 1]>::try_from(problems).expect("one problem");
    let text = match field {
        TimeField::Start => Some(statement.start),
        TimeField::End => statement.end,
        TimeField::Duration => statement.duration,
    };
    let text = text.expect("a text");
    (text[within.unwrap_or(0..text.len())].to_owned(), complaint)
}

/// Checks statements with the only problem that each has: where and what it is, and the way out.
fn explains(table: &str) {
    let lines: Vec<&str> = table.lines().map(str::trim).collect();
    for case in lines.chunks(3) {
        let (part, complaint) = only_problem(case[0]);
        let hint = complaint.hint.expect("a way out");
        let found = [
            format!("at {part}: {}", complaint.message),
            format!("hint: {hint}"),
        ];
        assert_eq!(found, case[1..], "{}", case[0]);
    }
}

#[test]
fn settles_everything_in_the_calendars_zone() {
    mean(
        "2024-03-06 14:00 => 2024-03-06 14:00+08:00/15:00?
        2024-03-06 14:00 | 15:30 => 2024-03-06 14:00+08:00/15:30
        2024-03-06 14:00 | 2024-03-07 15:00 => 2024-03-06 14:00+08:00/03-07 15:00
        2024-03-06 14:00 | 3月7日 15:00 => 2024-03-06 14:00+08:00/03-07 15:00
        2024-12-31 23:00 | 1-1 01:00 => 2024-12-31 23:00+08:00/01-01 01:00
        2024-03-06 14:00 | | 1h30m => 2024-03-06 14:00+08:00/15:30
        2024年3月6日（周三）14:00-15:00 => 2024-03-06 14:00+08:00/15:00
        2024-03-06T06:00:00Z | 2024-03-06T07:00:00Z => 2024-03-06 14:00+08:00/15:00
        2024-03-06 14:00 | 15:00 | | America/New_York => 2024-03-07 03:00+08:00/04:00
        2024-03-06T14:00:00-05:00 | 15:00 | | America/New_York => 2024-03-07 03:00+08:00/04:00
        2024-03-06T14:00:00+08:00 | 15:00 => 2024-03-06 14:00+08:00/15:00
        2024-03-06 14:00+08:00 | 07:00Z => 2024-03-06 14:00+08:00/15:00",
    );
}

#[test]
fn ends_in_the_night_but_no_later() {
    mean(
        "2024-03-06 23:00 | 01:00 => 2024-03-06 23:00+08:00/03-07 01:00
        2024-03-06 23:00 | 24:00 => 2024-03-06 23:00+08:00/03-07 00:00
        2024-03-06 22:00 | 06:00 => 2024-03-06 22:00+08:00/03-07 06:00
        2024-03-06 22:00 | 06:01 => End end-before-start
        2024-03-06 22:00 | 22:00 => End end-before-start
        2024-03-06 22:00-06:01 => Start end-before-start",
    );
}

#[test]
fn keeps_whole_days_and_clocks_apart() {
    mean(
        "2024-03-06 => 2024-03-06/2024-03-06
        2024-03-06 | 2024-03-08 => 2024-03-06/2024-03-08
        2024-03-06 - 03-08 => 2024-03-06/2024-03-08
        2024-03-06 | | 2d => 2024-03-06/2024-03-07
        2024-03-06 | | 36h => Duration mixed-all-day
        2024-03-06 | 15:00 => End mixed-all-day
        2024-03-06 14:00 | 2024-03-06 => End mixed-all-day
        2024-03-06 | 2024-03-05 => End end-before-start",
    );
}

#[test]
fn lasts_31_days_at_most() {
    mean(
        "2024-03-01 | 2024-03-31 => 2024-03-01/2024-03-31
        2024-03-01 | 2024-04-01 => End duration-too-long
        2024-03-01 14:00 | 2024-04-01 14:00 => 2024-03-01 14:00+08:00/04-01 14:00
        2024-03-01 14:00 | 2024-04-01 14:01 => End duration-too-long
        2024-03-01 | | 32d => Duration duration-too-long",
    );
}

#[test]
fn says_everything_that_is_wrong_at_once() {
    mean(
        "soon | later | long => Start bad-time, End bad-time, Duration bad-duration, Duration end-twice
        2024-03-06（周一）14:00 | later => End bad-time, Start weekday-mismatch
        soon | 2024-03-06（周一）15:00 => Start bad-time, End weekday-mismatch
        2024-03-06 14:00-15:00 | 15:00 | 1h => End end-twice
        2024-03-06 14:00-15:00 | | 1h => Duration end-twice",
    );
}

#[test]
fn explains_what_is_missing_or_contradicts_itself() {
    explains(
        "15:00
            at 15:00: `15:00` has no date
            hint: write it too, like `2024-03-01 15:00`
        3/6 19:00
            at 3/6: `3/6` has no year
            hint: write `2024/3/6 19:00`
        12 月 6 号 19 点
            at 12 月 6 号: `12 月 6 号` has no year
            hint: write `2023年12 月 6 号 19 点`
        3 月 6 日（下周一）晚 7 点
            at 3 月 6 日: `3 月 6 日` has no year
            hint: write `2023年3 月 6 日（下周一）晚 7 点`, or mend the weekday: `2024-03-06` is a Wednesday
        3 月 6 日（下周三）晚 7 点
            at 3 月 6 日: `3 月 6 日` has no year
            hint: write `2024年3 月 6 日（下周三）晚 7 点`, which is a Wednesday
        2024-03-06（周四）14:00
            at 周四: `2024-03-06` is a Wednesday, not `周四`
            hint: `2024-03-07` is the nearest Thursday: mend the date or the weekday
        2024-03-06 24:00
            at 24:00: `24:00` ends a day and starts nothing
            hint: write `2024-03-07 00:00`
        2023-02-28 | 2-29
            at 2-29: there is no such date as `2023-02-29`
            hint: mend the day, or write another year
        2024-03-06 14:00 | 14:00-15:00
            at 14:00: `end` is one moment, and these are two
            hint: write the end alone: `15:00`",
    );
}

#[test]
fn shows_the_start_beside_an_end_that_is_too_early() {
    explains(
        "2024-03-06 14:00 | 2024-03-06 13:00
            at 2024-03-06 13:00: `end` is not after `start`
            hint: times are Asia/Shanghai unless the file says `timezone:`
        2024-03-06 14:00 | 13:00
            at 13:00: `end` is not after `start`
            hint: if another day is meant, write it: `2024-03-07 13:00`
        2024-03-06 14:00-13:00
            at 13:00: the end is not after the start
            hint: if another day is meant, write it: `2024-03-06 14:00 - 2024-03-07 13:00`
        2024-03-06 | 3-5
            at 3-5: `end` is not after `start`
            hint: `end` is the last day itself, not the day after",
    );
    let (_, complaint) = only_problem("2024-03-06 14:00 | 2024-03-06 13:00");
    assert_eq!(
        complaint.label.as_deref(),
        Some("start is 2024-03-06 14:00")
    );
}

#[test]
fn asks_which_moment_is_meant_when_the_clocks_change() {
    explains(
        "2024-03-10 02:30 | | | America/New_York
            at 02:30: there is no `2024-03-10 02:30` in America/New_York: the clocks go forward then
            hint: write `2024-03-10T01:30:00-05:00` or `2024-03-10T03:30:00-04:00`
        2024-11-03 01:30 | | | America/New_York
            at 01:30: `2024-11-03 01:30` comes twice in America/New_York: the clocks go back then
            hint: write `2024-11-03T01:30:00-04:00` for the first time, `2024-11-03T01:30:00-05:00` for the second
        1986-05-04 02:30
            at 02:30: there is no `1986-05-04 02:30` in Asia/Shanghai: the clocks go forward then
            hint: write `1986-05-04T01:30:00+08:00` or `1986-05-04T03:30:00+09:00`
        2024-03-06T14:00:00+09:00 | | | Asia/Shanghai
            at +09:00: `+09:00` is not the offset of Asia/Shanghai, which is `+08:00` at that moment
            hint: leave out the offset or `timezone:`
        2024-03-06T14:00:00-05:00 | 15:00
            at 15:00: `end` may be in Asia/Shanghai, or at `-05:00` like the start
            hint: say which, like `2024-03-06T15:00:00-05:00`",
    );
    mean(
        "2024-11-03T01:30:00-05:00 | | | America/New_York => 2024-11-03 14:30+08:00/15:30?
        1986-05-04T03:30:00+09:00 => 1986-05-04 03:30+09:00/04:30?
        1986-07-01 14:00 => 1986-07-01 14:00+09:00/15:00?
        1992-07-01 14:00 => 1992-07-01 14:00+08:00/15:00?",
    );
}

#[test]
fn asks_in_each_of_shanghais_six_summers() {
    let summers = "05-04 09-14, 04-12 09-13, 04-17 09-11, 04-16 09-17, 04-15 09-16, 04-14 09-15";
    for (year, summer) in (1986..).zip(summers.split(", ")) {
        let (first, last) = summer.split_once(' ').expect(summer);
        explains(&format!(
            "{year}-{first} 02:00
            at 02:00: there is no `{year}-{first} 02:00` in Asia/Shanghai: the clocks go forward then
            hint: write `{year}-{first}T01:00:00+08:00` or `{year}-{first}T03:00:00+09:00`
            {year}-{last} 01:59
            at 01:59: `{year}-{last} 01:59` comes twice in Asia/Shanghai: the clocks go back then
            hint: write `{year}-{last}T01:59:00+09:00` for the first time, `{year}-{last}T01:59:00+08:00` for the second"
        ));
        mean(&format!(
            "{year}-{first} 01:59 => {year}-{first} 01:59+08:00/03:59?
            {year}-{first} 03:00 => {year}-{first} 03:00+09:00/04:00?
            {year}-{last} 00:59 => {year}-{last} 00:59+09:00/01:59?
            {year}-{last} 02:00 => {year}-{last} 02:00+08:00/03:00?"
        ));
    }
}

#[test]
fn asks_where_clocks_change_by_a_day_or_half_an_hour_or_with_the_moon() {
    explains(
        "2011-12-30 12:00 | | | Pacific/Apia
            at 12:00: there is no `2011-12-30 12:00` in Pacific/Apia: the clocks go forward then
            hint: write `2011-12-29T12:00:00-10:00` or `2011-12-31T12:00:00+14:00`
        2026-10-04 02:15 | | | Australia/Lord_Howe
            at 02:15: there is no `2026-10-04 02:15` in Australia/Lord_Howe: the clocks go forward then
            hint: write `2026-10-04T01:45:00+10:30` or `2026-10-04T02:45:00+11:00`
        2026-04-05 01:45 | | | Australia/Lord_Howe
            at 01:45: `2026-04-05 01:45` comes twice in Australia/Lord_Howe: the clocks go back then
            hint: write `2026-04-05T01:45:00+11:00` for the first time, `2026-04-05T01:45:00+10:30` for the second
        2026-03-22 02:30 | | | Africa/Casablanca
            at 02:30: there is no `2026-03-22 02:30` in Africa/Casablanca: the clocks go forward then
            hint: write `2026-03-22T01:30:00+00:00` or `2026-03-22T03:30:00+01:00`
        2026-02-15 02:30 | | | Africa/Casablanca
            at 02:30: `2026-02-15 02:30` comes twice in Africa/Casablanca: the clocks go back then
            hint: write `2026-02-15T02:30:00+01:00` for the first time, `2026-02-15T02:30:00+00:00` for the second",
    );
    mean(
        "2011-12-29 23:59 | | | Pacific/Apia => 2011-12-30 17:59+08:00/18:59?
        2011-12-31 00:00 | | | Pacific/Apia => 2011-12-30 18:00+08:00/19:00?
        2026-10-04 01:59 | | | Australia/Lord_Howe => 2026-10-03 23:29+08:00/10-04 00:29?
        2026-10-04 02:30 | | | Australia/Lord_Howe => 2026-10-03 23:30+08:00/10-04 00:30?
        2026-04-05 01:29 | | | Australia/Lord_Howe => 2026-04-04 22:29+08:00/23:29?
        2026-04-05 02:00 | | | Australia/Lord_Howe => 2026-04-04 23:30+08:00/04-05 00:30?",
    );
}

#[test]
fn reads_an_instant_that_is_one_moment() {
    let read = |text| read_instant(text, &reference(None));
    assert_eq!(
        read("2024-03-06T06:00:00Z").expect("a moment").to_string(),
        "2024-03-06 14:00:00 CST"
    );
    for (text, code) in [
        ("2024-03-06", Code::BadTime),
        ("14:00", Code::MissingDate),
        ("2024-03-06 14:00-15:00", Code::BadTime),
    ] {
        assert_eq!(read(text).expect_err(text).complaint.code, code, "{text}");
    }
}
