//! Parts: what may stand in BYDAY, BYMONTH and their like, in one spelling.

use super::rule::Part;
use crate::diagnostic::{Code, Complaint, excerpt, list_of, nearest};
use std::ops::RangeInclusive;

/// The weekdays, as weeks begin in ISO 8601.
pub(super) const WEEKDAYS: &[&str] = &["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// Finds a part by its name.
pub(super) fn part(name: &str) -> Result<Part, Complaint> {
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
pub(super) fn values(part: Part, value: &str) -> Result<String, Complaint> {
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
    spelled.sort_by_key(|value: &String| order_of(value));
    Ok(spelled.join(","))
}

/// Orders values by their weekday, then by their number.
fn order_of(value: &str) -> (Option<usize>, i32) {
    let day = WEEKDAYS.iter().position(|day| value.ends_with(day));
    let number = value.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    (day, number.parse().unwrap_or(0))
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
