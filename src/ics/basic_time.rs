//! Basic times: dates and times of day as iCalendar writes them, without marks (RFC 5545, 3.3.4 and 3.3.5).

use crate::event::digits::Digits;
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use std::fmt;

/// A date: `20230531`.
pub(crate) struct BasicDate(pub(crate) NaiveDate);

/// A time of day on a date: `20230531T140000`.
pub(crate) struct BasicTime(pub(crate) NaiveDateTime);

/// A moment in UTC: `20230531T060000Z`.
pub(crate) struct BasicUtc(pub(crate) DateTime<Utc>);

impl fmt::Display for BasicDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Digits::of(b"YYYYMMDD", self.0.into()).as_str())
    }
}

impl fmt::Display for BasicTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Digits::of(b"YYYYMMDDThhmmss", self.0).as_str())
    }
}

impl fmt::Display for BasicUtc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Digits::of(b"YYYYMMDDThhmmssZ", self.0.naive_utc()).as_str())
    }
}
