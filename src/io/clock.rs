//! The clock: what time it is, asked once a run.

use super::IoError;
use chrono::{DateTime, Timelike, Utc};
use std::env;
use std::time::SystemTime;

/// The variable that fixes the time of reproducible builds, in seconds since 1970.
const EPOCH: &str = "SOURCE_DATE_EPOCH";

/// Tells the time in whole seconds, since stamps have no fractions; `SOURCE_DATE_EPOCH` wins.
pub fn now() -> Result<DateTime<Utc>, IoError> {
    let system = DateTime::<Utc>::from(SystemTime::now());
    match env::var_os(EPOCH) {
        None => Ok(system.with_nanosecond(0).unwrap_or(system)),
        Some(value) => {
            let text = value.to_string_lossy().into_owned();
            let stamp = text
                .trim()
                .parse()
                .ok()
                .and_then(|seconds| DateTime::from_timestamp(seconds, 0));
            stamp.ok_or(IoError::Epoch { value: text })
        }
    }
}
