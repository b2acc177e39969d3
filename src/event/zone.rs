//! Zones: when a time zone's clocks change.
//!
//! Flows in: a zone and a range of years. Flows out: its observances, for a VTIMEZONE.
//! chrono-tz has no list of changes, so they are searched for. Deliberately absent: which of them come
//! again every year, which `zone_rule` knows.

use crate::event::zone_rule::{YearlyRule, recurring};
use chrono::{FixedOffset, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::{OffsetComponents, OffsetName, Tz, TzOffset};
use std::ops::RangeInclusive;

/// The last year in which chrono-tz knows of clocks that change.
pub const LAST_KNOWN_YEAR: i32 = 2099;

/// A stretch of time with one offset from UTC, which may come again each year (RFC 5545, 3.6.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observance {
    /// When it begins, on the wall clock that was valid before.
    pub start: NaiveDateTime,
    /// The offset before, in seconds east of UTC.
    pub offset_from: i32,
    /// The offset from then on, in seconds east of UTC.
    pub offset_to: i32,
    /// What people call it: CST.
    pub name: String,
    /// Whether it is daylight saving time.
    pub is_daylight: bool,
    /// On which day it begins again in every later year, if it does.
    pub rule: Option<YearlyRule>,
}

impl Observance {
    fn instant(&self) -> NaiveDateTime {
        self.start - TimeDelta::seconds(self.offset_from.into())
    }
}

/// What is known of a zone's clocks: the search takes long, and all that is asked later follows from it.
#[derive(Debug, Clone)]
pub struct Clocks {
    zone: Tz,
    /// The changes before the rules of today.
    before_rules: Vec<Observance>,
    /// The first change by each rule of today.
    yearly: Vec<Observance>,
}

impl Clocks {
    /// Searches for every change of the zone's clocks.
    pub fn of(zone: Tz) -> Self {
        let changes = changes(zone);
        let (before_rules, yearly) = recurring(&changes);
        Clocks {
            zone,
            before_rules: before_rules.to_vec(),
            yearly,
        }
    }

    /// Lists the observances that hold in the years, the one at their beginning first.
    ///
    /// What comes again each year for ever is one observance, which begins with the first year that kept all
    /// rules of today, so that it stays the same when later years are asked for. Any other stands for itself.
    pub fn observances(&self, years: RangeInclusive<i32>) -> Vec<Observance> {
        let (begin, end) = (new_year(*years.start()), new_year(years.end() + 1));
        let rules_hold = |at| {
            let first = self.yearly.first();
            first.is_some_and(|first| first.instant() <= at)
        };
        let mut found = Vec::new();
        if !rules_hold(begin) {
            found.push(since_1970(self.zone.offset_from_utc_datetime(&begin)));
            let is_within = |change: &&Observance| (begin..end).contains(&change.instant());
            found.extend(self.before_rules.iter().filter(is_within).cloned());
        }
        if rules_hold(end) {
            found.extend(self.yearly.iter().cloned());
        }
        found
    }
}

/// Gives the one observance of a zone whose clocks are taken as if they never changed.
pub fn unchanging(zone: Tz, year: i32) -> Observance {
    since_1970(zone.offset_from_utc_datetime(&new_year(year)))
}

fn new_year(year: i32) -> NaiveDateTime {
    let day = NaiveDate::from_ymd_opt(year, 1, 1).expect("events lie in 1970-2199");
    day.and_hms_opt(0, 0, 0).expect("midnight is a time")
}

/// Makes the observance that holds before any change.
fn since_1970(offset: TzOffset) -> Observance {
    let seconds = offset.fix().local_minus_utc();
    Observance {
        start: new_year(1970),
        offset_from: seconds,
        offset_to: seconds,
        name: name(&offset),
        // Some readers want a STANDARD in every zone.
        is_daylight: false,
        rule: None,
    }
}

/// Lists every change of the zone's clocks since 1970.
fn changes(zone: Tz) -> Vec<Observance> {
    let end = new_year(LAST_KNOWN_YEAR + 1);
    let mut at = new_year(1970);
    let mut current = zone.offset_from_utc_datetime(&at);
    let mut found = Vec::new();
    while at < end {
        // In Gaza, clocks will go forward and back within a week: no other zone is quicker.
        let next = (at + TimeDelta::days(5)).min(end);
        if zone.offset_from_utc_datetime(&next) == current {
            at = next;
            continue;
        }
        at = first_instant_without(zone, current, at, next);
        let offset = zone.offset_from_utc_datetime(&at);
        // Some only change what part of the same offset counts as daylight saving.
        if (offset.fix(), offset.abbreviation()) != (current.fix(), current.abbreviation()) {
            found.push(change(at, current, offset));
        }
        current = offset;
    }
    found
}

fn change(at: NaiveDateTime, before: TzOffset, after: TzOffset) -> Observance {
    let no_time = TimeDelta::zero();
    // In Dublin and Casablanca, winter time is what deviates; for readers the later clock is daylight saving.
    let ends_winter_time = before.dst_offset() < no_time && after.dst_offset() == no_time;
    Observance {
        start: at + TimeDelta::seconds(before.fix().local_minus_utc().into()),
        offset_from: before.fix().local_minus_utc(),
        offset_to: after.fix().local_minus_utc(),
        name: name(&after),
        is_daylight: after.dst_offset() > no_time || ends_winter_time,
        rule: None,
    }
}

/// Gives the letters of an offset; without letters IANA calls it by its number: `+08`, `+0530`.
fn name(offset: &TzOffset) -> String {
    let numeric = |offset: FixedOffset| {
        let number = offset.to_string().replace(':', "");
        number
            .strip_suffix("00")
            .map_or(number.clone(), str::to_owned)
    };
    offset
        .abbreviation()
        .map_or_else(|| numeric(offset.fix()), str::to_owned)
}

/// Searches the first second after `before` that no longer has the offset.
fn first_instant_without(
    zone: Tz,
    offset: TzOffset,
    before: NaiveDateTime,
    after: NaiveDateTime,
) -> NaiveDateTime {
    let (mut still, mut changed) = (before, after);
    while changed - still > TimeDelta::seconds(1) {
        let middle = still + TimeDelta::seconds((changed - still).num_seconds() / 2);
        if zone.offset_from_utc_datetime(&middle) == offset {
            still = middle;
        } else {
            changed = middle;
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::Clocks;
    use crate::event::zone_rule::YearlyRule;
    use chrono::{Datelike, Weekday};
    use chrono_tz::Tz;

    #[test]
    fn shanghai_has_one_observance_in_our_time() {
        let found = Clocks::of(Tz::Asia__Shanghai).observances(1992..=2030);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].offset_to, found[0].name.as_str()),
            (28_800, "CST")
        );
    }

    #[test]
    fn shanghai_saved_daylight_for_six_summers() {
        let found = Clocks::of(Tz::Asia__Shanghai).observances(1986..=1991);
        assert_eq!(
            found
                .iter()
                .filter(|observance| observance.is_daylight)
                .count(),
            6
        );
        assert_eq!(found[1].start.to_string(), "1986-05-04 02:00:00");
        assert_eq!((found[1].offset_from, found[1].offset_to), (28_800, 32_400));
    }

    #[test]
    fn new_york_changed_twice_a_year_before_its_rules_of_today() {
        let found = Clocks::of(Tz::America__New_York).observances(2006..=2006);
        let starts: Vec<String> = found
            .iter()
            .map(|observance| observance.start.to_string())
            .collect();
        assert_eq!(
            starts,
            [
                "1970-01-01 00:00:00",
                "2006-04-02 02:00:00",
                "2006-10-29 02:00:00"
            ]
        );
        assert!(found.iter().all(|observance| observance.rule.is_none()));
    }

    #[test]
    fn new_york_has_kept_two_rules_since_2007() {
        let found = Clocks::of(Tz::America__New_York).observances(2026..=2199);
        let rules: Vec<_> = found
            .iter()
            .map(|observance| (observance.start.year(), observance.rule))
            .collect();
        let sunday = |month, nth| {
            Some(YearlyRule {
                month,
                nth,
                weekday: Weekday::Sun,
            })
        };
        assert_eq!(rules, [(2007, sunday(3, 2)), (2007, sunday(11, 1))]);
    }
}
