//! Rule texts: `rule: FREQ=MONTHLY;BYDAY=2WE` as RFC 5545, 3.3.10 has it.
//!
//! Flows in: what an author wrote. Flows out: a rule, or what is wrong with which bytes of it.
//! Deliberately absent: BYHOUR and what is below a day, since occurrences keep the clock of the start;
//! and whether the start fits the rule.

use super::every::{interval, read_every};
use super::part::{part, values};
use super::rule::{Bound, Frequency, Part, Rule};
use crate::diagnostic::{Code, Complaint, excerpt, list_of, nearest};
use crate::event::written_time::YEARS;
use crate::source::Span;
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Tz;

/// What is wrong with a rule's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleFault {
    /// The bytes of the text that are meant; `None` is all of it.
    pub within: Option<Span>,
    /// What is wrong, and the way out.
    pub complaint: Complaint,
}

/// The largest COUNT: every day for 27 years.
pub const LARGEST_COUNT: u32 = 9999;

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
        // Weeks begin on Monday anyway (RFC 5545, 3.3.10).
        self.parts
            .retain(|part| *part != (Part::Wkst, "MO".to_owned()));
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
    if let Some(late) = found.filter(|found| found.year() > *YEARS.end()) {
        let message = format!("the year {} is outside 1970-2199", late.year());
        return Err(Complaint::new(Code::YearOutOfRange, message)
            .hint("leave `UNTIL` out for a series without an end"));
    }
    found.ok_or_else(|| {
        let message = format!("`UNTIL={}` is no date of a rule", excerpt(value));
        Complaint::new(Code::BadRule, message).hint(match value.parse::<NaiveDate>() {
            Ok(day) => format!("write `UNTIL={}`", day.format("%Y%m%d")),
            Err(_) => "write `UNTIL=20261230`, or leave it out and write `until: 2026-12-30` beside `rule`".to_owned(),
        })
    })
}

/// Gives the last second of a day.
pub fn end_of(day: NaiveDate) -> NaiveDateTime {
    let last = NaiveTime::from_hms_opt(23, 59, 59).expect("it is a time");
    day.and_time(last)
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
    let is_read = |day: &str| match day[..day.len() - 2].parse::<i32>() {
        Ok(ordinal) => rule.frequency == Frequency::Yearly || (-4..=5).contains(&ordinal),
        Err(_) => true,
    };
    let mut days = value(Part::ByDay)
        .into_iter()
        .flat_map(|days| days.split(','));
    if let Some(day) = days.find(|day| !is_read(day)) {
        return bad(
            &format!("`{day}` is not a weekday of every month"),
            "`-4` to `5` count in a month, such as `5MO` or `-1MO`; write other days as events of their own",
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
    use super::read_rule;
    use crate::event::series::rule::Bound;
    use chrono_tz::Tz;

    #[test]
    fn writes_a_rule_in_one_spelling() {
        let rule = |text: &str| read_rule(text, Tz::Asia__Shanghai).map(|rule| rule.to_string());
        for text in [
            "FREQ=MONTHLY;BYDAY=2WE",
            "rrule:byday=+2we;freq=monthly",
            "FREQ=MONTHLY; BYDAY=2WE, 2WE; INTERVAL=1;WKST=MO",
        ] {
            assert_eq!(
                rule(text).as_deref(),
                Ok("FREQ=MONTHLY;BYDAY=2WE"),
                "{text}"
            );
        }
    }

    #[test]
    fn values_stand_in_order() {
        let rule = |text: &str| read_rule(text, Tz::Asia__Shanghai).map(|rule| rule.to_string());
        for (text, expected) in [
            ("FREQ=WEEKLY;BYDAY=FR,MO,WE", "FREQ=WEEKLY;BYDAY=MO,WE,FR"),
            (
                "FREQ=MONTHLY;BYDAY=-1FR,2MO,1MO",
                "FREQ=MONTHLY;BYDAY=1MO,2MO,-1FR",
            ),
            (
                "FREQ=MONTHLY;BYMONTHDAY=-1,15,2",
                "FREQ=MONTHLY;BYMONTHDAY=-1,2,15",
            ),
        ] {
            assert_eq!(rule(text).as_deref(), Ok(expected), "{text}");
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
            "FREQ=MONTHLY;BYDAY=-5MO",
            "FREQ=MONTHLY;BYDAY=6MO",
            "FREQ=DAILY;UNTIL=99991231",
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
