//! A reader of VTIMEZONEs that shares nothing with the writer: it reads the text as RFC 5545, 3.6.5 says.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Utc, Weekday};
use std::collections::BTreeMap;

/// The first year whose onsets are not listed.
const END: i32 = 2101;

/// When which offset begins, as instants and seconds east of UTC.
#[derive(Debug, PartialEq, Eq)]
pub struct Onsets(BTreeMap<DateTime<Utc>, i32>);

impl Onsets {
    /// Reads the text of one VTIMEZONE.
    pub fn read(text: &str) -> Self {
        let mut onsets = BTreeMap::new();
        for component in text.split("BEGIN:").skip(2) {
            let property = |name: &str| {
                let mut lines = component.lines();
                lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
            };
            let [start, from, to] =
                ["DTSTART", "TZOFFSETFROM", "TZOFFSETTO"].map(|name| property(name).expect(name));
            let start = NaiveDateTime::parse_from_str(start, "%Y%m%dT%H%M%S").expect(start);
            let (from, to) = (seconds(from), seconds(to));
            for wall in all_starts(start, property("RRULE")) {
                let at = (wall - TimeDelta::seconds(from.into())).and_utc();
                // Two that begin at one moment say two things.
                assert_eq!(onsets.insert(at, to), None, "{text}");
            }
        }
        Onsets(onsets)
    }

    /// The offset at a moment; `None` before the first one.
    pub fn at(&self, moment: DateTime<Utc>) -> Option<i32> {
        let mut until = self.0.range(..=moment);
        until.next_back().map(|(_, offset)| *offset)
    }
}

fn all_starts(start: NaiveDateTime, rule: Option<&str>) -> Vec<NaiveDateTime> {
    let Some(rule) = rule else {
        return vec![start];
    };
    let rest = rule.strip_prefix("FREQ=YEARLY;BYMONTH=").expect(rule);
    let (month, day) = rest.split_once(";BYDAY=").expect(rule);
    let (nth, weekday) = day.split_at(day.len() - 2);
    let (month, nth) = (month.parse().expect(rule), nth.parse::<i64>().expect(rule));
    let weekday = match weekday {
        "SU" => Weekday::Sun,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        _ => panic!("{rule}"),
    };
    let on_day = |year| {
        let days = (1..=31).filter_map(|day| NaiveDate::from_ymd_opt(year, month, day));
        let mut days: Vec<NaiveDate> = days.filter(|day| day.weekday() == weekday).collect();
        if nth < 0 {
            days.reverse();
        }
        let index = usize::try_from(nth.abs() - 1).expect(rule);
        days[index].and_time(start.time())
    };
    let starts: Vec<NaiveDateTime> = (start.year()..END).map(on_day).collect();
    assert_eq!(starts[0], start, "DTSTART is not on its rule: {rule}");
    starts
}

fn seconds(offset: &str) -> i32 {
    let (sign, digits) = offset.split_at(1);
    let part = |at: usize| {
        digits
            .get(at..at + 2)
            .map_or(0, |two| two.parse().expect(offset))
    };
    let seconds = part(0) * 3600 + part(2) * 60 + part(4);
    if sign == "-" { -seconds } else { seconds }
}
