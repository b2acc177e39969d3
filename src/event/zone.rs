//! Zones: when a time zone's clocks change.
//!
//! Flows in: a zone and a range of years. Flows out: its observances, for a VTIMEZONE.
//! chrono-tz has no list of transitions, so they are searched for.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::{OffsetComponents, OffsetName, Tz};
use std::ops::RangeInclusive;

/// A stretch of time with one offset from UTC (RFC 5545, 3.6.5).
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
}

/// Lists the observances that hold in the years, the one at their beginning first.
pub fn observances(zone: Tz, years: RangeInclusive<i32>) -> Vec<Observance> {
    let instant = |year| {
        let day = NaiveDate::from_ymd_opt(year, 1, 1).expect("events lie in 1970-2199");
        day.and_hms_opt(0, 0, 0)
            .expect("midnight is a time")
            .and_utc()
            .timestamp()
    };
    let end = instant(years.end() + 1);
    let mut at = instant(*years.start());
    let mut current = State::of(zone, at);
    let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).and_then(|day| day.and_hms_opt(0, 0, 0));
    let mut found = vec![Observance {
        start: epoch.expect("1970 began at midnight"),
        offset_from: current.offset,
        offset_to: current.offset,
        name: current.name.clone(),
        is_daylight: current.is_daylight,
    }];
    while at < end {
        // No zone changes its clocks twice within two weeks and back to where they were.
        let next = (at + TimeDelta::weeks(1).num_seconds()).min(end);
        let state = State::of(zone, next);
        if state != current {
            let instant = first_instant_of(zone, &current, at, next);
            let state = State::of(zone, instant);
            let wall = instant + i64::from(current.offset);
            found.push(Observance {
                start: DateTime::from_timestamp(wall, 0)
                    .expect("it is near an event")
                    .naive_utc(),
                offset_from: current.offset,
                offset_to: state.offset,
                name: state.name.clone(),
                is_daylight: state.is_daylight,
            });
            at = instant;
            current = state;
        } else {
            at = next;
        }
    }
    found
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct State {
    offset: i32,
    is_daylight: bool,
    name: String,
}

impl State {
    fn of(zone: Tz, timestamp: i64) -> Self {
        let utc = DateTime::from_timestamp(timestamp, 0)
            .expect("it is near an event")
            .naive_utc();
        let offset = zone.offset_from_utc_datetime(&utc);
        State {
            offset: offset.fix().local_minus_utc(),
            is_daylight: !offset.dst_offset().is_zero(),
            // Zones without letters are called by their offset, as IANA does: +08.
            name: offset
                .abbreviation()
                .map_or_else(|| numeric(offset.fix()), str::to_owned),
        }
    }
}

/// Writes an offset as IANA names zones without letters: `+08`, `+0530`.
fn numeric(offset: FixedOffset) -> String {
    let name = offset.to_string().replace(':', "");
    name.strip_suffix("00").map_or(name.clone(), str::to_owned)
}

/// Searches the first second after `before` that is no longer in the state.
fn first_instant_of(zone: Tz, state: &State, before: i64, after: i64) -> i64 {
    let (mut still, mut changed) = (before, after);
    while changed - still > 1 {
        let middle = still + (changed - still) / 2;
        if State::of(zone, middle) == *state {
            still = middle;
        } else {
            changed = middle;
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::observances;
    use chrono_tz::Tz;

    #[test]
    fn shanghai_has_one_observance_in_our_time() {
        let found = observances(Tz::Asia__Shanghai, 1992..=2030);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].offset_to, found[0].name.as_str()),
            (28_800, "CST")
        );
    }

    #[test]
    fn shanghai_saved_daylight_for_six_summers() {
        let found = observances(Tz::Asia__Shanghai, 1986..=1991);
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
    fn new_york_changes_twice_a_year() {
        let found = observances(Tz::America__New_York, 2026..=2027);
        let starts: Vec<String> = found
            .iter()
            .skip(1)
            .map(|observance| observance.start.to_string())
            .collect();
        assert_eq!(
            starts,
            [
                "2026-03-08 02:00:00",
                "2026-11-01 02:00:00",
                "2027-03-14 02:00:00",
                "2027-11-07 02:00:00"
            ]
        );
    }
}
