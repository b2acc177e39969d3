//! The clock: what time it is, asked once a run.

use super::IoError;
use chrono::{DateTime, Local, Timelike, Utc};
use std::env;
use std::ops::RangeInclusive;
use std::time::{Instant, SystemTime};

/// The variable that fixes the time of reproducible builds, in seconds since 1970.
const EPOCH: &str = "SOURCE_DATE_EPOCH";

/// From 1970 to 9999: what a stamp's four digits of a year can hold.
const YEARS: RangeInclusive<i64> = 0..=253_402_300_799;

/// Gives a moment to measure from, whatever people set clocks to.
pub fn tick() -> Instant {
    Instant::now()
}

/// Tells the time of day where this process runs, for people.
pub fn local() -> DateTime<Local> {
    Local::now()
}

/// Tells the time in whole seconds, since stamps have no fractions; `SOURCE_DATE_EPOCH` wins.
pub fn now() -> Result<DateTime<Utc>, IoError> {
    let system = DateTime::<Utc>::from(SystemTime::now());
    let fixed = env::var_os(EPOCH).filter(|value| !value.is_empty());
    let Some(value) = fixed else {
        return Ok(system.with_nanosecond(0).unwrap_or(system));
    };
    let text = value.to_string_lossy().into_owned();
    let seconds = text
        .trim()
        .parse()
        .ok()
        .filter(|seconds| YEARS.contains(seconds));
    let stamp = seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    stamp.ok_or(IoError::Epoch { value: text })
}
