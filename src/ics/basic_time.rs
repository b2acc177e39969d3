//! Basic times: dates and times of day as iCalendar writes them, without marks (RFC 5545, 3.3.4 and 3.3.5).

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike, Utc};
use std::fmt;

/// A date: `20230531`.
pub(crate) struct BasicDate(pub(crate) NaiveDate);

/// A time of day on a date: `20230531T140000`.
pub(crate) struct BasicTime(pub(crate) NaiveDateTime);

/// A moment in UTC: `20230531T060000Z`.
pub(crate) struct BasicUtc(pub(crate) DateTime<Utc>);

impl fmt::Display for BasicDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = (self.0.year(), self.0.month(), self.0.day());
        write!(f, "{year:04}{month:02}{day:02}")
    }
}

impl fmt::Display for BasicTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hour, minute, second) = (self.0.hour(), self.0.minute(), self.0.second());
        let date = BasicDate(self.0.date());
        write!(f, "{date}T{hour:02}{minute:02}{second:02}")
    }
}

impl fmt::Display for BasicUtc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}Z", BasicTime(self.0.naive_utc()))
    }
}
