//! Series: an event that takes place again and again (RFC 5545, 3.8.5).
//!
//! `rule` says on which days, `every` and `rule_text` with `part` read what authors write, `plain` finds the form that
//! every calendar reads alike, `expansion` lists the days. An
//! occurrence keeps the wall clock of the series' zone and the length of the first one. What is
//! skipped or changed is named by the start that the rule gives it. Deliberately absent: a second
//! rule, RDATE and RANGE=THISANDFUTURE, which calendars read differently; those are events of their own.

pub mod every;
mod expansion;
mod part;
mod plain;
pub mod rule;
pub mod rule_text;

use crate::event::calendar::CancelledPolicy;
use crate::event::series::rule::Rule;
use crate::event::series::rule_text::end_of;
use crate::event::when::{Moment, Unclear, When, instant_of};
use crate::event::written_time::YEARS;
use crate::event::{Details, Status};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Tz;

pub use expansion::expand;
pub use plain::plain;

/// What makes an event a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// On which days it takes place.
    pub rule: Rule,
    /// The occurrences that are left out, in order.
    pub skips: Vec<Skip>,
    /// The occurrences that differ from the others, in order.
    pub changes: Vec<Change>,
    /// The starts of occurrences during which clocks change, in order, as far as a series is looked at.
    pub over_clock_changes: Vec<Moment>,
    /// How many occurrences the rule gives, if it ends; those that are skipped counted too.
    pub count: Option<usize>,
    /// The last day on which it takes place, if it ends.
    pub last_date: Option<NaiveDate>,
}

/// An occurrence that is left out: an EXDATE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skip {
    /// The start that the rule gives it.
    pub original: Moment,
    /// Why.
    pub reason: Option<String>,
}

/// An occurrence that differs from the others: a VEVENT with RECURRENCE-ID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The start that the rule gives it.
    pub original: Moment,
    /// When it takes place instead.
    pub when: When,
    /// Whether nobody said when it ends.
    pub end_assumed: bool,
    /// What it is about, with all that it shares with the series.
    pub details: Details,
}

impl Series {
    /// Tells whether no occurrence is left for subscribers.
    pub fn is_empty(&self, policy: CancelledPolicy) -> bool {
        let left_out = self
            .changes
            .iter()
            .filter(|change| change.is_left_out(policy))
            .count();
        self.count
            .is_some_and(|count| self.skips.len() + left_out >= count)
    }
}

impl Change {
    /// Tells whether the occurrence is cancelled in a calendar that drops what is.
    pub fn is_left_out(&self, policy: CancelledPolicy) -> bool {
        self.details.status == Status::Cancelled && policy == CancelledPolicy::Drop
    }
}

/// Lists the starts that a rule gives up to a day, the skipped and the changed ones too.
pub fn starts(rule: &Rule, first: &When, last: NaiveDate) -> Vec<Moment> {
    let first = first.start();
    let walls = expand(rule, first.wall_clock(), end_of(last), u16::MAX).unwrap_or_default();
    walls
        .into_iter()
        .filter_map(|wall| first.at(wall))
        .collect()
}

/// The last wall clock that a series may reach.
pub fn end_of_time() -> NaiveDateTime {
    let last = NaiveDate::from_ymd_opt(*YEARS.end(), 12, 31);
    end_of(last.expect("it is a day"))
}

/// Gives UNTIL as RRULE wants it for a timed series: in UTC (RFC 5545, 3.3.10).
pub fn until_in_utc(until: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    match instant_of(zone, until) {
        Ok(at) | Err(Unclear::Repeated(_, at) | Unclear::Skipped(at, _)) => at.to_utc(),
    }
}
