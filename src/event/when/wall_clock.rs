//! Wall clocks: the instant at which a zone's clocks show a time, if there is just one.
//!
//! Flows in: a zone and a wall clock. Flows out: the instant, or the two to choose from where clocks go back
//! or forward. Deliberately absent: choosing.

use crate::diagnostic::Code;
use chrono::offset::LocalResult;
use chrono::{DateTime, FixedOffset, NaiveDateTime, Offset, TimeDelta, TimeZone, Timelike};
use chrono_tz::Tz;

/// Why a wall clock is not one instant, with the two that it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unclear {
    /// Clocks that go back show it twice.
    Repeated(DateTime<Tz>, DateTime<Tz>),
    /// Clocks that go forward never show it: read by the offset after the gap, and by the one before.
    Skipped(DateTime<Tz>, DateTime<Tz>),
}

impl Unclear {
    /// What kind of mistake it is.
    pub fn code(&self) -> Code {
        match self {
            Unclear::Repeated(..) => Code::TimeFold,
            Unclear::Skipped(..) => Code::TimeGap,
        }
    }

    /// Says what is wrong with the wall clock.
    pub fn message(&self, zone: Tz, wall: NaiveDateTime) -> String {
        let time = shown(wall, None);
        match self {
            Unclear::Repeated(..) => {
                format!("`{time}` comes twice in {zone}: the clocks go back then")
            }
            Unclear::Skipped(..) => {
                format!("there is no `{time}` in {zone}: the clocks go forward then")
            }
        }
    }

    /// Writes the two instants as an author may.
    pub fn candidates(&self) -> [String; 2] {
        let (Unclear::Repeated(first, second) | Unclear::Skipped(first, second)) = self;
        [first, second].map(|at| shown(at.naive_local(), Some(at.offset().fix())))
    }
}

/// Finds the instant at which a zone's clocks show a time.
///
/// # Errors
/// They show it twice or never.
pub fn instant_of(zone: Tz, wall: NaiveDateTime) -> Result<DateTime<Tz>, Unclear> {
    match zone.from_local_datetime(&wall) {
        LocalResult::Single(at) => Ok(at),
        LocalResult::Ambiguous(first, second) => Err(Unclear::Repeated(first, second)),
        LocalResult::None => {
            // The widest gap is a day: Apia had no 2011-12-30.
            let [after, before] = [2, -2].map(|days| {
                let offset = zone.offset_from_utc_datetime(&(wall + TimeDelta::days(days)));
                zone.from_utc_datetime(&(wall - offset.fix()))
            });
            Err(Unclear::Skipped(after, before))
        }
    }
}

/// Shows a wall clock as an author may write it.
pub(super) fn shown(wall: NaiveDateTime, offset: Option<FixedOffset>) -> String {
    match offset {
        Some(offset) => format!("{}{offset}", wall.format("%Y-%m-%dT%H:%M:%S")),
        None if wall.second() > 0 => wall.format("%Y-%m-%d %H:%M:%S").to_string(),
        None => wall.format("%Y-%m-%d %H:%M").to_string(),
    }
}
