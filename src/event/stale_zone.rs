//! Stale zones: where and when chrono-tz is wrong, because governments were faster than its releases.
//!
//! Flows in: a zone and the days that someone relies on. Flows out: a warning, if its clocks are not known.
//! The table is held against newer data in tests/zones.rs, which fails when it misses a zone and when a new
//! chrono-tz has mended one. Deliberately absent: the right times.

use crate::diagnostic::{Code, Complaint};
use crate::event::series::Series;
use crate::event::when::When;
use crate::event::zone::LAST_KNOWN_YEAR;
use chrono::{NaiveDate, Offset, TimeZone};
use chrono_tz::Tz;

/// A zone with its first wrong day and its last one; without a last one it stays wrong.
pub type Stale = (Tz, NaiveDate, Option<NaiveDate>);

/// Every zone about which chrono-tz 0.10.4 (IANA's 2025b) differs from IANA's 2026f.
#[rustfmt::skip] // One row a line.
pub const STALE: &[Stale] = &[
    (Tz::Africa__Casablanca, day(2026, 9, 20), None),
    (Tz::Africa__El_Aaiun, day(2026, 9, 20), None),
    (Tz::America__Bogota, day(1992, 5, 2), Some(day(1992, 5, 2))),
    (Tz::America__Edmonton, day(2026, 11, 1), None),
    (Tz::America__Ensenada, day(1970, 4, 26), Some(day(1975, 10, 26))),
    (Tz::America__Havana, day(2026, 11, 1), Some(day(2027, 3, 13))),
    (Tz::America__Inuvik, day(2026, 11, 1), None),
    (Tz::America__Rainy_River, day(2026, 11, 1), None),
    (Tz::America__Santa_Isabel, day(1970, 4, 26), Some(day(1975, 10, 26))),
    (Tz::America__Tijuana, day(1970, 4, 26), Some(day(1975, 10, 26))),
    (Tz::America__Vancouver, day(2026, 11, 1), None),
    (Tz::America__Winnipeg, day(2026, 11, 1), None),
    (Tz::America__Yellowknife, day(2026, 11, 1), None),
    (Tz::Asia__Tehran, day(1979, 5, 26), Some(day(1979, 5, 26))),
    (Tz::Canada__Central, day(2026, 11, 1), None),
    (Tz::Canada__Mountain, day(2026, 11, 1), None),
    (Tz::Canada__Pacific, day(2026, 11, 1), None),
    (Tz::Cuba, day(2026, 11, 1), Some(day(2027, 3, 13))),
    (Tz::Europe__Chisinau, day(2022, 3, 27), None),
    (Tz::Europe__Tiraspol, day(2022, 3, 27), None),
    (Tz::Iran, day(1979, 5, 26), Some(day(1979, 5, 26))),
    (Tz::Mexico__BajaNorte, day(1970, 4, 26), Some(day(1975, 10, 26))),
];

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("the table's days are on the calendar")
}

const LAST_KNOWN_DAY: NaiveDate = day(LAST_KNOWN_YEAR, 12, 31);

/// Complains when a calendar's zone stays wrong.
pub fn complaint_of_calendar(zone: Tz) -> Option<Complaint> {
    let hint = "update sofacal; until then, write a zone that has the right clock";
    let stale = STALE.iter().find(|(stale, ..)| *stale == zone)?;
    stale.2.is_none().then(|| wrong(stale).hint(hint))
}

/// Complains when an event, in its own zone or the calendar's, relies on clocks that are not known.
///
/// A series without an end relies on them to the end of [`LAST_KNOWN_YEAR`]: from then on its zone's rules go on.
pub fn complaint_of(
    when: &When,
    series: Option<&Series>,
    (event_zone, calendar_zone): (Option<Tz>, Tz),
) -> Option<Complaint> {
    let When::Timed { start, end } = when else {
        return None;
    };
    let zone = event_zone.unwrap_or(calendar_zone);
    let first = start.with_timezone(&zone).date_naive();
    let end = end.with_timezone(&zone).date_naive();
    let last = match series {
        None => end,
        Some(series) => series.last_date.unwrap_or(end.max(LAST_KNOWN_DAY)),
    };
    if last > LAST_KNOWN_DAY && has_summer_at_the_end(zone) {
        let message =
            format!("sofacal does not know when {zone} changes its clocks after {LAST_KNOWN_YEAR}");
        let hint = "mend the year, or see in the feed whether the hour is right";
        return Some(Complaint::new(Code::StaleZone, message).hint(hint));
    }
    let is_relied_on = |(stale, from, to): &&Stale| {
        *stale == zone && *from <= last && to.is_none_or(|to| first <= to)
    };
    let stale = STALE.iter().find(is_relied_on)?;
    let hint = match series {
        None if zone != calendar_zone => {
            "write the time with its UTC offset and without `timezone`, or update sofacal"
        }
        // It is said of the calendar.
        _ if zone == calendar_zone && stale.2.is_none() => return None,
        _ => "update sofacal",
    };
    Some(wrong(stale).hint(hint))
}

fn wrong((zone, first, last): &Stale) -> Complaint {
    let until = last.map_or("on".to_owned(), |last| format!("to {last}"));
    let message = format!("sofacal does not know the clocks that {zone} has from {first} {until}");
    Complaint::new(Code::StaleZone, message)
}

/// Tells whether a zone has two times a year, up to the end of what is known.
fn has_summer_at_the_end(zone: Tz) -> bool {
    let offset = |month| {
        let noon = day(LAST_KNOWN_YEAR, month, 1).and_hms_opt(12, 0, 0);
        noon.map(|noon| zone.offset_from_utc_datetime(&noon).fix())
    };
    offset(1) != offset(7)
}

#[cfg(test)]
mod tests {
    use super::{complaint_of, complaint_of_calendar, day};
    use crate::event::series::Series;
    use crate::event::series::every::read_every;
    use crate::event::when::When;
    use chrono::{NaiveDate, NaiveTime, TimeDelta, TimeZone};
    use chrono_tz::Tz;

    /// Gives the hint for an hour at noon in a zone, in a calendar of another.
    fn hint(
        zone: Tz,
        calendar_zone: Tz,
        date: NaiveDate,
        series: Option<&Series>,
    ) -> Option<String> {
        let noon = date.and_time(NaiveTime::MIN) + TimeDelta::hours(12);
        let start = zone
            .from_local_datetime(&noon)
            .single()
            .expect("noon is clear");
        let end = start + TimeDelta::hours(1);
        complaint_of(
            &When::Timed { start, end },
            series,
            (Some(zone), calendar_zone),
        )?
        .hint
    }

    fn weekly(last_date: Option<NaiveDate>) -> Series {
        Series {
            rule: read_every("week").expect("it is a rule"),
            skips: Vec::new(),
            changes: Vec::new(),
            over_clock_changes: Vec::new(),
            count: None,
            last_date,
        }
    }

    const HERE: Tz = Tz::Asia__Shanghai;
    const AUTUMN: NaiveDate = day(2026, 10, 1);
    const WINTER: NaiveDate = day(2026, 12, 1);
    const SPRING: NaiveDate = day(2027, 5, 1);

    #[test]
    fn complains_of_the_days_that_are_wrong_and_of_no_other() {
        let havana = Tz::America__Havana;
        assert_eq!(hint(havana, HERE, AUTUMN, None), None);
        assert_eq!(hint(havana, HERE, SPRING, None), None);
        let with_offset = hint(havana, HERE, WINTER, None).expect("it is wrong");
        assert!(with_offset.contains("UTC offset"), "{with_offset}");
        let update = Some("update sofacal".to_owned());
        assert_eq!(hint(havana, havana, WINTER, None), update);
        assert_eq!(hint(havana, HERE, AUTUMN, Some(&weekly(None))), update);
        assert_eq!(
            hint(havana, HERE, AUTUMN, Some(&weekly(Some(AUTUMN)))),
            None
        );
    }

    #[test]
    fn says_of_a_calendar_once_what_stays_wrong() {
        let vancouver = Tz::America__Vancouver;
        assert_eq!(hint(vancouver, vancouver, WINTER, None), None);
        assert_eq!(
            hint(vancouver, vancouver, WINTER, Some(&weekly(None))),
            None
        );
        assert!(complaint_of_calendar(vancouver).is_some());
        assert_eq!(complaint_of_calendar(Tz::America__Havana), None);
    }

    #[test]
    fn knows_no_summer_after_2099() {
        let beyond = day(2100, 7, 1);
        let london = Tz::Europe__London;
        assert!(hint(london, HERE, beyond, None).is_some());
        assert!(hint(london, HERE, WINTER, Some(&weekly(Some(beyond)))).is_some());
        assert_eq!(hint(london, HERE, WINTER, Some(&weekly(None))), None);
        assert_eq!(hint(Tz::Asia__Kolkata, HERE, beyond, None), None);
    }
}
