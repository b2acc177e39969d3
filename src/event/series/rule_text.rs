//! Rule texts: `every: 2 weeks`, and `rule: FREQ=MONTHLY;BYDAY=2WE` as RFC 5545, 3.3.10 has it.
//!
//! Flows in: what an author wrote. Flows out: a rule, or what is wrong with which bytes of it.
//! Deliberately absent: BYHOUR and what is below a day, since occurrences keep the clock of the start;
//! and whether the start fits the rule.

use super::rule::{Bound, Frequency, Part, Rule};
use crate::diagnostic::{Code, Complaint, excerpt, list_of, nearest};
use crate::source::Span;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Tz;
use std::ops::RangeInclusive;

/// What is wrong with a rule's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleFault {
    /// The bytes of the text that are meant; `None` is all of it.
    pub within: Option<Span>,
    /// What is wrong, and the way out.
    pub complaint: Complaint,
}

/// The largest INTERVAL.
const LARGEST_INTERVAL: u16 = 1000;
/// The largest COUNT: every day for 27 years.
pub const LARGEST_COUNT: u32 = 9999;

const WEEKDAYS: &[&str] = &["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// Reads `day`, `week`, `2 weeks`, `month`, `year`.
///
/// # Errors
/// It is something else; the hint knows what people write instead.
pub fn read_every(text: &str) -> Result<Rule, Complaint> {
    let bad = |hint: &str| {
        let message = format!("`every` does not know `{}`", excerpt(text));
        Err(Complaint::new(Code::BadRule, message).hint(hint))
    };
    let lower = text.to_lowercase();
    let digits = lower.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = lower.split_at(digits);
    let frequency = match unit.trim_start() {
        "day" | "days" => Frequency::Daily,
        "week" | "weeks" => Frequency::Weekly,
        "month" | "months" => Frequency::Monthly,
        "year" | "years" => Frequency::Yearly,
        "" => return bad("write the unit too: `2 weeks`"),
        unit => return bad(hint_for(unit)),
    };
    let interval = match number {
        "" => 1,
        number => interval(number)?,
    };
    Ok(Rule {
        frequency,
        interval,
        parts: Vec::new(),
        bound: Bound::Open,
    })
}

fn hint_for(unit: &str) -> &'static str {
    const WORDS: &[(&str, &str)] = &[
        ("daily", "write `day`"),
        ("天", "write `day`"),
        ("日", "write `day`"),
        ("两周", "write `2 weeks`"),
        ("双周", "write `2 weeks`"),
        ("隔周", "write `2 weeks`"),
        ("biweekly", "write `2 weeks`"),
        ("fortnight", "write `2 weeks`"),
        ("weekly", "write `week`"),
        ("周末", "write `rule: FREQ=WEEKLY;BYDAY=SA,SU`"),
        ("weekend", "write `rule: FREQ=WEEKLY;BYDAY=SA,SU`"),
        ("工作日", "write `rule: FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR`"),
        ("weekday", "write `rule: FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR`"),
        ("workday", "write `rule: FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR`"),
        ("周", "write `week`: it repeats on the weekday of `start`"),
        ("星期", "write `week`: it repeats on the weekday of `start`"),
        ("monthly", "write `month`"),
        ("quarter", "write `3 months`"),
        ("季", "write `3 months`"),
        ("月", "write `month`"),
        ("yearly", "write `year`"),
        ("annual", "write `year`"),
        ("年", "write `year`"),
        (
            "hour",
            "a series repeats by days at the least; write an event for each time of day",
        ),
        (
            "minute",
            "a series repeats by days at the least; write an event for each time of day",
        ),
        (
            "小时",
            "a series repeats by days at the least; write an event for each time of day",
        ),
        ("freq=", "this belongs under the key `rule`"),
        ("day", "write `week`: it repeats on the weekday of `start`"),
    ];
    const KNOWN: &str = "write `day`, `week`, `2 weeks`, `month` or `year`; for more there is `rule`, such as `FREQ=MONTHLY;BYDAY=2WE`";
    let known = WORDS.iter().find(|(word, _)| unit.contains(word));
    known.map_or(KNOWN, |(_, hint)| hint)
}

fn interval(number: &str) -> Result<u16, Complaint> {
    let interval = number.parse().ok();
    let interval = interval.filter(|interval| (1..=LARGEST_INTERVAL).contains(interval));
    interval.ok_or_else(|| {
        Complaint::new(
            Code::OutOfRange,
            format!(
                "an interval is 1 to {LARGEST_INTERVAL}, not {}",
                excerpt(number)
            ),
        )
        .hint("leave it out to repeat each time")
    })
}

/// Reads a rule as RFC 5545 has it, with or without `RRULE:`; `zone` is that of the series.
///
/// # Errors
/// A part is not one, or this product cannot publish it.
pub fn read_rule(text: &str, zone: Tz) -> Result<Rule, RuleFault> {
    let start = match text.get(..6) {
        Some(name) if name.eq_ignore_ascii_case("RRULE:") => 6,
        _ => 0,
    };
    if !text[start..].contains('=') {
        return Err(not_a_rule(text));
    }
    let mut draft = Draft::default();
    let mut offset = start;
    for written in text[start..].split(';') {
        let span = offset..offset + written.len();
        offset = span.end + 1;
        if !written.trim().is_empty() {
            let fault = |complaint| RuleFault {
                within: Some(span),
                complaint,
            };
            draft.read_part(written, zone).map_err(fault)?;
        }
    }
    let whole = |complaint| RuleFault {
        within: None,
        complaint,
    };
    draft.into_rule().map_err(whole)
}

fn not_a_rule(text: &str) -> RuleFault {
    let hint = match read_every(text) {
        Ok(_) => format!("write `every: {text}`"),
        Err(_) => {
            "write it as RFC 5545 does, such as `FREQ=MONTHLY;BYDAY=2WE` for the second Wednesday"
                .to_owned()
        }
    };
    let message = format!("`{}` is no recurrence rule", excerpt(text));
    RuleFault {
        within: None,
        complaint: Complaint::new(Code::BadRule, message).hint(hint),
    }
}

/// A rule while its parts are read.
#[derive(Default)]
struct Draft {
    frequency: Option<Frequency>,
    interval: Option<u16>,
    parts: Vec<(Part, String)>,
    bound: Option<Bound>,
}

impl Draft {
    fn read_part(&mut self, written: &str, zone: Tz) -> Result<(), Complaint> {
        let Some((name, value)) = written.split_once('=') else {
            let message = format!("`{}` is no part of a rule", excerpt(written.trim()));
            return Err(Complaint::new(Code::BadRule, message)
                .hint("each part is `NAME=value`, with `;` between the parts"));
        };
        let name = name.trim().to_ascii_uppercase();
        let value: String = value
            .split_whitespace()
            .collect::<String>()
            .to_ascii_uppercase();
        let is_again = match name.as_str() {
            "FREQ" => self.frequency.replace(frequency(&value)?).is_some(),
            "INTERVAL" => self.interval.replace(interval(&value)?).is_some(),
            "COUNT" => self
                .bound
                .replace(Bound::Count(read_count(&value)?))
                .is_some(),
            "UNTIL" => self
                .bound
                .replace(Bound::Until(until(&value, zone)?))
                .is_some(),
            name => {
                let part = part(name)?;
                let is_again = self.parts.iter().any(|(known, _)| *known == part);
                self.parts.push((part, values(part, &value)?));
                is_again
            }
        };
        if is_again {
            let message = match name.as_str() {
                "COUNT" | "UNTIL" => "the rule says more than once when the series ends".to_owned(),
                name => format!("`{name}` stands in the rule more than once"),
            };
            return Err(Complaint::new(Code::BadRule, message).hint("keep one of them"));
        }
        Ok(())
    }

    fn into_rule(mut self) -> Result<Rule, Complaint> {
        let Some(frequency) = self.frequency else {
            return Err(Complaint::new(Code::BadRule, "the rule has no `FREQ`")
                .hint("begin it with `FREQ=DAILY`, `WEEKLY`, `MONTHLY` or `YEARLY`"));
        };
        self.parts.sort();
        let rule = Rule {
            frequency,
            interval: self.interval.unwrap_or(1),
            parts: self.parts,
            bound: self.bound.unwrap_or(Bound::Open),
        };
        check_together(&rule)?;
        Ok(rule)
    }
}

fn frequency(value: &str) -> Result<Frequency, Complaint> {
    let known: Vec<&str> = Frequency::WORDS.iter().map(|(word, _)| *word).collect();
    let found = Frequency::WORDS.iter().find(|(word, _)| *word == value);
    found.map(|(_, meaning)| *meaning).ok_or_else(|| {
        let message = format!("a series cannot have `FREQ={}`", excerpt(value));
        let hint = match value {
            "HOURLY" | "MINUTELY" | "SECONDLY" => {
                "a series repeats by days at the least; write an event for each time of day"
                    .to_owned()
            }
            _ => match nearest(value, known.iter().copied()) {
                Some(word) => format!("did you mean `{word}`?"),
                None => format!("it is one of {}", list_of(&known)),
            },
        };
        Complaint::new(Code::BadRule, message).hint(hint)
    })
}

/// Reads how many occurrences there are.
///
/// # Errors
/// It is no number, or too large.
pub fn read_count(value: &str) -> Result<u32, Complaint> {
    let count = value.parse().ok();
    let count = count.filter(|count| (1..=LARGEST_COUNT).contains(count));
    count.ok_or_else(|| {
        let message = format!(
            "a series has 1 to {LARGEST_COUNT} occurrences, not {}",
            excerpt(value)
        );
        Complaint::new(Code::OutOfRange, message)
            .hint("leave `count` out for a series without an end, or write `until`")
    })
}

/// Reads UNTIL as the last wall clock of the series' zone: a date includes its whole day.
fn until(value: &str, zone: Tz) -> Result<NaiveDateTime, Complaint> {
    let time = |text: &str| NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").ok();
    let found = match value.len() {
        8 => NaiveDate::parse_from_str(value, "%Y%m%d").ok().map(end_of),
        16 => value
            .strip_suffix('Z')
            .and_then(time)
            .map(|utc| zone.from_utc_datetime(&utc).naive_local()),
        15 => time(value),
        _ => None,
    };
    found.ok_or_else(|| {
        let message = format!("`UNTIL={}` is no date of a rule", excerpt(value));
        Complaint::new(Code::BadRule, message).hint(
            "write `UNTIL=20261230`, or leave it out and write `until: 2026-12-30` beside `rule`",
        )
    })
}

/// Gives the last second of a day.
pub fn end_of(day: NaiveDate) -> NaiveDateTime {
    let last = NaiveTime::from_hms_opt(23, 59, 59).expect("it is a time");
    day.and_time(last)
}

fn part(name: &str) -> Result<Part, Complaint> {
    if let Some((_, part)) = Part::ALL.iter().find(|(known, _)| *known == name) {
        return Ok(*part);
    }
    let known: Vec<&str> = Part::ALL.iter().map(|(known, _)| *known).collect();
    let message = format!("a series cannot have `{}` in its rule", excerpt(name));
    let hint = match name {
        "BYHOUR" | "BYMINUTE" | "BYSECOND" => {
            "every occurrence keeps the clock of `start`; write a series for each time of day"
                .to_owned()
        }
        _ => match nearest(name, known.iter().copied()) {
            Some(known) => format!("did you mean `{known}`?"),
            None => format!(
                "it knows `FREQ`, `INTERVAL`, `COUNT`, `UNTIL`, {}",
                list_of(&known)
            ),
        },
    };
    Err(Complaint::new(Code::BadRule, message).hint(hint))
}

/// Checks the values of a part and writes them in one spelling.
fn values(part: Part, value: &str) -> Result<String, Complaint> {
    let mut spelled = Vec::new();
    for one in value.split(',') {
        let found = match part {
            Part::ByMonth => number(one, 1..=12, false),
            Part::ByWeekNo => number(one, 1..=53, true),
            Part::ByYearDay | Part::BySetPos => number(one, 1..=366, true),
            Part::ByMonthDay => number(one, 1..=31, true),
            Part::ByDay => weekday(one),
            Part::Wkst => WEEKDAYS.contains(&one).then(|| one.to_owned()),
        };
        let Some(found) = found else {
            let message = format!("`{}` cannot stand in `{}`", excerpt(one), part.as_str());
            return Err(Complaint::new(Code::BadRule, message).hint(example(part)));
        };
        if !spelled.contains(&found) {
            spelled.push(found);
        }
    }
    if part == Part::Wkst && spelled.len() > 1 {
        return Err(Complaint::new(Code::BadRule, "`WKST` has one weekday").hint(example(part)));
    }
    Ok(spelled.join(","))
}

fn number(text: &str, range: RangeInclusive<i32>, may_be_negative: bool) -> Option<String> {
    let number: i32 = text.strip_prefix('+').unwrap_or(text).parse().ok()?;
    let is_fine = range.contains(&number.abs()) && (number > 0 || may_be_negative);
    is_fine.then(|| number.to_string())
}

fn weekday(text: &str) -> Option<String> {
    let at = text.len().checked_sub(2)?;
    let (ordinal, day) = (text.get(..at)?, text.get(at..)?);
    if !WEEKDAYS.contains(&day) {
        return None;
    }
    match ordinal {
        "" => Some(day.to_owned()),
        ordinal => number(ordinal, 1..=53, true).map(|ordinal| format!("{ordinal}{day}")),
    }
}

fn example(part: Part) -> &'static str {
    match part {
        Part::ByMonth => "write months as numbers, such as `BYMONTH=3,9`",
        Part::ByWeekNo => "write weeks of the year, such as `BYWEEKNO=20`",
        Part::ByYearDay => "write days of the year, such as `BYYEARDAY=100`",
        Part::ByMonthDay => {
            "write days of the month, such as `BYMONTHDAY=15`, or `-1` for the last"
        }
        Part::ByDay => {
            "write `MO`, `TU`, `WE`, `TH`, `FR`, `SA` or `SU`; `2WE` is the second Wednesday, `-1FR` the last Friday"
        }
        Part::BySetPos => {
            "write which of the days is meant, such as `BYSETPOS=1`, or `-1` for the last"
        }
        Part::Wkst => "write the weekday that weeks begin with, such as `WKST=MO`",
    }
}

/// Checks what RFC 5545 does not allow together.
fn check_together(rule: &Rule) -> Result<(), Complaint> {
    let value = |wanted: Part| {
        let part = rule.parts.iter().find(|(part, _)| *part == wanted);
        part.map(|(_, value)| value.as_str())
    };
    let bad = |message: &str, hint: &str| Err(Complaint::new(Code::BadRule, message).hint(hint));
    let has_ordinal = |days: &str| days.contains(|c: char| c.is_ascii_digit());
    let is_yearly = rule.frequency == Frequency::Yearly;
    let is_weekly_or_daily = matches!(rule.frequency, Frequency::Weekly | Frequency::Daily);
    if is_weekly_or_daily && value(Part::ByDay).is_some_and(has_ordinal) {
        return bad(
            "`BYDAY` counts weekdays in a month or year only",
            "write `FREQ=MONTHLY`, or the weekdays without a number",
        );
    }
    if value(Part::ByMonthDay).is_some() && rule.frequency == Frequency::Weekly {
        return bad(
            "`BYMONTHDAY` has no meaning in weeks",
            "write `FREQ=MONTHLY`",
        );
    }
    if value(Part::ByYearDay).is_some() && !is_yearly {
        return bad(
            "`BYYEARDAY` has a meaning in years only",
            "write `FREQ=YEARLY`",
        );
    }
    if value(Part::ByWeekNo).is_some() && !is_yearly {
        return bad(
            "`BYWEEKNO` has a meaning in years only",
            "write `FREQ=YEARLY`",
        );
    }
    let picks = |part: &Part| !matches!(part, Part::BySetPos | Part::Wkst);
    if value(Part::BySetPos).is_some() && !rule.parts.iter().any(|(part, _)| picks(part)) {
        return bad(
            "`BYSETPOS` picks from the days of another part, and there is none",
            "add it, such as `BYDAY=MO,TU,WE,TH,FR`",
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{read_every, read_rule};
    use crate::event::series::rule::Bound;
    use chrono_tz::Tz;

    #[test]
    fn reads_how_often() {
        for (text, expected) in [
            ("day", "FREQ=DAILY"),
            ("week", "FREQ=WEEKLY"),
            ("2 weeks", "FREQ=WEEKLY;INTERVAL=2"),
            ("2weeks", "FREQ=WEEKLY;INTERVAL=2"),
            ("1 month", "FREQ=MONTHLY"),
            ("3 months", "FREQ=MONTHLY;INTERVAL=3"),
            ("Year", "FREQ=YEARLY"),
        ] {
            let rule = read_every(text).map(|rule| rule.to_string());
            assert_eq!(rule.as_deref(), Ok(expected), "{text}");
        }
        for text in [
            "",
            "0 weeks",
            "2",
            "Wednesday",
            "每周",
            "99999 days",
            "-1 week",
            "hour",
        ] {
            let complaint = read_every(text).expect_err(text);
            assert!(complaint.hint.is_some(), "{text}");
        }
    }

    #[test]
    fn writes_a_rule_in_one_spelling() {
        let rule = |text: &str| read_rule(text, Tz::Asia__Shanghai).map(|rule| rule.to_string());
        for text in [
            "FREQ=MONTHLY;BYDAY=2WE",
            "rrule:byday=+2we;freq=monthly",
            "FREQ=MONTHLY; BYDAY=2WE, 2WE; INTERVAL=1;",
        ] {
            assert_eq!(
                rule(text).as_deref(),
                Ok("FREQ=MONTHLY;BYDAY=2WE"),
                "{text}"
            );
        }
    }

    #[test]
    fn refuses_what_calendars_cannot_repeat() {
        for text in [
            "every second Wednesday",
            "FREQ=HOURLY",
            "FREQ=WEEKLY;INTERVAL=0",
            "FREQ=WEEKLY;BYDAY=2WE",
            "FREQ=WEEKLY;BYMONTHDAY=1",
            "FREQ=DAILY;BYHOUR=9,14",
            "FREQ=MONTHLY;BYDAY=WX",
            "FREQ=MONTHLY;BYDAY=0MO",
            "FREQ=MONTHLY;BYMONTHDAY=32",
            "FREQ=MONTHLY;BYSETPOS=1",
            "FREQ=MONTHLY;FREQ=DAILY",
            "FREQ=DAILY;COUNT=3;UNTIL=20261230",
            "FREQ=DAILY;UNTIL=2026-12-30",
            "BYDAY=MO",
            "FREQ=DAILY;会",
            "FREQ=DAILY;BYDAY=会议",
        ] {
            let fault = read_rule(text, Tz::Asia__Shanghai).expect_err(text);
            assert!(fault.complaint.hint.is_some(), "{text}");
        }
    }

    #[test]
    fn until_is_a_wall_clock_of_the_series() {
        let bound = |text: &str| match read_rule(text, Tz::Asia__Shanghai).map(|rule| rule.bound) {
            Ok(Bound::Until(until)) => until.to_string(),
            other => format!("{other:?}"),
        };
        assert_eq!(bound("FREQ=DAILY;UNTIL=20261230"), "2026-12-30 23:59:59");
        assert_eq!(
            bound("FREQ=DAILY;UNTIL=20261230T060000Z"),
            "2026-12-30 14:00:00"
        );
        assert_eq!(
            bound("FREQ=DAILY;UNTIL=20261230T060000"),
            "2026-12-30 06:00:00"
        );
    }
}
