//! VTIMEZONE: the zones of a feed, so that no reader has to guess them (RFC 5545, 3.6.5).

use crate::event::when::Tz;
use crate::event::zone::{Clocks, Observance, unchanging};
use crate::ics::basic_time::BasicTime;
use crate::ics::content_line::write_folded;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

/// The years in which Shanghai saved daylight.
const SHANGHAI_SUMMERS: RangeInclusive<i32> = 1986..=1991;

/// The year whose observances a feed without events has.
const WITHOUT_EVENTS: i32 = 2030;

/// The zones that a feed follows, each with the years in which it does.
#[derive(Debug, Clone)]
pub struct Zones(BTreeMap<&'static str, (Tz, BTreeSet<i32>)>);

impl Zones {
    /// Begins with the calendar's zone, which is in every feed.
    pub fn of(calendar: Tz) -> Self {
        Zones(BTreeMap::from([(
            calendar.name(),
            (calendar, BTreeSet::new()),
        )]))
    }

    /// Adds the years of an event.
    pub fn cover(&mut self, zone: Tz, years: RangeInclusive<i32>) {
        let (_, known) = self
            .0
            .entry(zone.name())
            .or_insert_with(|| (zone, BTreeSet::new()));
        known.extend(years);
    }

    /// Writes a VTIMEZONE for each.
    pub(crate) fn write(&self, out: &mut String, known: &mut KnownClocks) {
        for (zone, years) in self.0.values() {
            write_timezone(out, *zone, years, known);
        }
    }
}

/// The clocks that were searched for: many feeds follow the same zones.
#[derive(Debug, Default)]
pub struct KnownClocks(BTreeMap<&'static str, Clocks>);

impl KnownClocks {
    fn of(&mut self, zone: Tz) -> &Clocks {
        let known = self.0.entry(zone.name());
        known.or_insert_with(|| Clocks::of(zone))
    }
}

/// Writes the zone's VTIMEZONE for events in these years.
pub fn write_timezone(out: &mut String, zone: Tz, years: &BTreeSet<i32>, known: &mut KnownClocks) {
    write_folded(out, "BEGIN:VTIMEZONE");
    write_folded(out, &format!("TZID:{}", zone.name()));
    for observance in observed(zone, years, known) {
        write_observance(out, &observance);
    }
    write_folded(out, "END:VTIMEZONE");
}

fn observed(zone: Tz, years: &BTreeSet<i32>, known: &mut KnownClocks) -> Vec<Observance> {
    let is_old = |year: &i32| SHANGHAI_SUMMERS.contains(year);
    match (years.first(), years.last()) {
        // Old daylight saving confuses more readers than it helps, unless an event lies in it.
        _ if zone == Tz::Asia__Shanghai && !years.iter().any(is_old) => {
            vec![unchanging(zone, WITHOUT_EVENTS)]
        }
        (Some(first), Some(last)) => {
            let years = (first - 1).max(1970)..=last + 1;
            known.of(zone).observances(years)
        }
        _ => known.of(zone).observances(WITHOUT_EVENTS..=WITHOUT_EVENTS),
    }
}

/// Writes one observance; what has no yearly rule stands for itself, since RDATE breaks Outlook and Google.
fn write_observance(out: &mut String, observance: &Observance) {
    let component = if observance.is_daylight {
        "DAYLIGHT"
    } else {
        "STANDARD"
    };
    write_folded(out, &format!("BEGIN:{component}"));
    write_folded(out, &format!("DTSTART:{}", BasicTime(observance.start)));
    if let Some(rule) = observance.rule {
        let weekday = rule.weekday.to_string()[..2].to_uppercase();
        let (month, nth) = (rule.month, rule.nth);
        write_folded(
            out,
            &format!("RRULE:FREQ=YEARLY;BYMONTH={month};BYDAY={nth}{weekday}"),
        );
    }
    write_folded(
        out,
        &format!("TZOFFSETFROM:{}", offset(observance.offset_from)),
    );
    write_folded(out, &format!("TZOFFSETTO:{}", offset(observance.offset_to)));
    write_folded(out, &format!("TZNAME:{}", observance.name));
    write_folded(out, &format!("END:{component}"));
}

fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let (hours, minutes, seconds) = (
        seconds.abs() / 3600,
        seconds.abs() / 60 % 60,
        seconds.abs() % 60,
    );
    match seconds {
        0 => format!("{sign}{hours:02}{minutes:02}"),
        _ => format!("{sign}{hours:02}{minutes:02}{seconds:02}"),
    }
}
