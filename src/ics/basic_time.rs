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
        f.write_str(ascii(&date_digits(self.0)))
    }
}

impl fmt::Display for BasicTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(ascii(&time_digits(self.0)))
    }
}

impl fmt::Display for BasicUtc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(ascii(&time_digits(self.0.naive_utc())))?;
        f.write_str("Z")
    }
}

fn date_digits(date: NaiveDate) -> [u8; 8] {
    let year = date.year().unsigned_abs();
    let pairs = [year / 100, year % 100, date.month(), date.day()];
    let mut digits = [0; 8];
    push_pairs(&mut digits, &pairs);
    digits
}

fn time_digits(time: NaiveDateTime) -> [u8; 15] {
    let mut digits = [b'T'; 15];
    digits[..8].copy_from_slice(&date_digits(time.date()));
    push_pairs(
        &mut digits[9..],
        &[time.hour(), time.minute(), time.second()],
    );
    digits
}

/// Writes numbers of two digits; every time in a feed is one, and formatting them is slower.
fn push_pairs(digits: &mut [u8], pairs: &[u32]) {
    for (digits, number) in digits.chunks_exact_mut(2).zip(pairs) {
        let digit = |number: u32| b'0' + u8::try_from(number % 10).unwrap_or_default();
        digits.copy_from_slice(&[digit(number / 10), digit(*number)]);
    }
}

fn ascii(digits: &[u8]) -> &str {
    str::from_utf8(digits).unwrap_or_default()
}
