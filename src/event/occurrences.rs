//! Occurrences: when an event takes place within some days, a series as often as it does.
//!
//! Flows in: an event, and the days that someone looks at. Flows out: its occurrences in the calendar's zone, with
//! what is said of each. What is skipped takes no place; what is cancelled is there, and says so.

use crate::event::series::starts;
use crate::event::when::{Moment, Tz, When};
use crate::event::{Details, Event};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// An event as it takes place once.
#[derive(Debug, Clone)]
pub struct Occurrence<'e> {
    /// The event.
    pub event: &'e Event,
    /// When it takes place, in the calendar's zone.
    pub when: When,
    /// Whether nobody said when it ends.
    pub end_assumed: bool,
    /// What this occurrence is about.
    pub details: &'e Details,
}

impl Occurrence<'_> {
    /// Gives the moments between which it takes place; whole days block no time and have none.
    pub fn span(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        match &self.when {
            When::Timed { start, end } => Some((start.to_utc(), end.to_utc())),
            When::AllDay { .. } => None,
        }
    }
}

impl Event {
    /// Lists the occurrences that touch these days of a zone, in order.
    pub fn occurrences(&self, days: &RangeInclusive<NaiveDate>, zone: Tz) -> Vec<Occurrence<'_>> {
        let occurrence = |when: When, end_assumed, details| Occurrence {
            event: self,
            when: when.in_zone(zone),
            end_assumed,
            details,
        };
        let mut found = Vec::new();
        for start in self.plain_starts(days) {
            let when = self.when.starting(&start);
            found.push(occurrence(when, self.end_assumed, &self.details));
        }
        for change in self.series.iter().flat_map(|series| &series.changes) {
            let when = change.when.clone();
            found.push(occurrence(when, change.end_assumed, &change.details));
        }
        found.retain(|one| {
            one.when.start_date() <= *days.end() && one.when.last_date() >= *days.start()
        });
        found.sort_by_key(|one| one.when.start().wall_clock());
        found
    }

    /// Lists the starts of occurrences that nothing is said of, up to the last day and a little beyond.
    fn plain_starts(&self, days: &RangeInclusive<NaiveDate>) -> Vec<Moment> {
        let Some(series) = &self.series else {
            return vec![self.when.start()];
        };
        // Clocks of another zone may be on another day.
        let last = *days.end() + TimeDelta::days(1);
        let skipped = series.skips.iter().map(|skip| skip.original.date());
        let changed = series.changes.iter().map(|change| change.original.date());
        let named: BTreeSet<NaiveDate> = skipped.chain(changed).collect();
        let mut starts = starts(&series.rule, &self.when, last);
        starts.retain(|start| !named.contains(&start.date()));
        starts
    }
}
