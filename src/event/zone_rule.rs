//! Yearly rules: which changes of a zone's clocks come again each year, for ever.
//!
//! Flows in: every change that is known. Flows out: those before the rules of today, and today's rules.
//! Deliberately absent: rules that ended, and days that are neither the first to fourth nor the last of a weekday
//! in their month (the Friday before the last Sunday, a fixed date), which some calendars cannot read.

use crate::event::zone::{LAST_KNOWN_YEAR, Observance};
use chrono::{Datelike, NaiveDateTime, TimeDelta, Weekday};

/// A day of each year: the second Sunday in March.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearlyRule {
    /// The month, from 1.
    pub month: u32,
    /// Which one of the weekday in this month: 1 to 4, or -1 for the last.
    pub nth: i8,
    /// The weekday.
    pub weekday: Weekday,
}

impl YearlyRule {
    /// Lists the rules that have this day: a fourth Sunday may be the last one too.
    fn all_with(start: NaiveDateTime) -> Vec<YearlyRule> {
        let nth = [1, 2, 3, 4].into_iter().nth(start.day0() as usize / 7);
        let is_last = (start + TimeDelta::weeks(1)).month() != start.month();
        let (month, weekday) = (start.month(), start.weekday());
        let with = |nth| YearlyRule {
            month,
            nth,
            weekday,
        };
        nth.into_iter()
            .chain(is_last.then_some(-1))
            .map(with)
            .collect()
    }
}

/// Every date falls on each weekday within 28 years, so that only one rule has all days of so many.
const LONG_ENOUGH: usize = 28;

/// Parts the changes into those before the years in which all follow yearly rules up to the end of what is
/// known, and the first of each rule in these years.
pub(super) fn recurring(changes: &[Observance]) -> (&[Observance], Vec<Observance>) {
    let years = changes.chunk_by(|one, next| one.start.year() == next.start.year());
    let mut regular: Vec<(&Observance, Vec<YearlyRule>)> = Vec::new();
    let (mut count, mut before) = (0, changes);
    for (year, of_year) in (0..=LAST_KNOWN_YEAR).rev().zip(years.rev()) {
        let candidates = of_year
            .iter()
            .map(|change| (change, YearlyRule::all_with(change.start)))
            .collect();
        let Some(still) =
            in_common(candidates, &regular).filter(|_| of_year[0].start.year() == year)
        else {
            break;
        };
        regular = still;
        count += 1;
        before = &before[..before.len() - of_year.len()];
    }
    if count < LONG_ENOUGH {
        return (changes, Vec::new());
    }
    let with_rule = |(first, rules): (&Observance, Vec<YearlyRule>)| Observance {
        rule: rules.first().copied(),
        ..first.clone()
    };
    (before, regular.into_iter().map(with_rule).collect())
}

/// Keeps of a year's rules those that the later years have too; `None` if the years are not alike.
fn in_common<'a>(
    year: Vec<(&'a Observance, Vec<YearlyRule>)>,
    later: &[(&Observance, Vec<YearlyRule>)],
) -> Option<Vec<(&'a Observance, Vec<YearlyRule>)>> {
    if later.is_empty() {
        return Some(year);
    }
    if year.len() != later.len() {
        return None;
    }
    let pairs = year.into_iter().zip(later);
    pairs
        .map(|((change, mut rules), (later, later_rules))| {
            rules.retain(|rule| later_rules.contains(rule));
            (is_alike(change, later) && !rules.is_empty()).then_some((change, rules))
        })
        .collect()
}

/// Tells whether two changes differ in nothing but their day.
fn is_alike(one: &Observance, other: &Observance) -> bool {
    let day = |change: &Observance| Observance {
        start: other.start,
        ..change.clone()
    };
    one.start.time() == other.start.time() && day(one) == *other
}
