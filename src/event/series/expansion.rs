//! Expansion: the days on which a rule's occurrences start.
//!
//! Flows in: a rule and the wall clock of its start. Flows out: the wall clocks of its occurrences.
//! The only file that knows the `rrule` crate. It is given wall clocks as if they were UTC, since an
//! occurrence keeps the clock of its zone, whatever the offset of that day: so nothing here depends
//! on zones, and `rrule` never asks for that of the machine.

use super::rule::{Bound, Rule};
use chrono::{DateTime, NaiveDateTime};
use rrule::{RRule, RRuleSet, Tz, Unvalidated};

/// Lists the first occurrences of a rule, at most `limit`, none after `last`.
///
/// An expansion that finds nothing is empty: a rule like 30 February is no fault.
///
/// # Errors
/// RFC 5545 does not allow the parts together; the text says why.
pub fn expand(
    rule: &Rule,
    start: NaiveDateTime,
    last: NaiveDateTime,
    limit: u16,
) -> Result<Vec<NaiveDateTime>, String> {
    let mut set = rule_set(rule, start)?.before(floating(last));
    if let Bound::Until(until) = rule.bound {
        set = set.before(floating(until.min(last)));
    }
    let dates = set.all(limit).dates;
    Ok(dates.iter().map(DateTime::naive_utc).collect())
}

fn rule_set(rule: &Rule, start: NaiveDateTime) -> Result<RRuleSet, String> {
    let parsed: Result<RRule<Unvalidated>, _> = rule.to_string().parse();
    let mut rrule = parsed.map_err(|error| error.to_string())?;
    if let Bound::Count(count) = rule.bound {
        rrule = rrule.count(count);
    }
    let set = rrule.build(floating(start));
    set.map_err(|error| error.to_string())
}

fn floating(wall: NaiveDateTime) -> DateTime<Tz> {
    wall.and_utc().with_timezone(&Tz::UTC)
}
