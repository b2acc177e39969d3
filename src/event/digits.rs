//! Digits: dates and clocks in fixed patterns, which feeds and ledgers are full of.

use chrono::{Datelike, NaiveDateTime, Timelike};

/// A time in a pattern of `N` characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digits<const N: usize>([u8; N]);

impl<const N: usize> Digits<N> {
    /// Puts a time into an ASCII pattern: `Y`, `M`, `D`, `h`, `m` and `s` stand for the digits of its parts, of years
    /// to 9999, and everything else for itself.
    pub fn of(pattern: &[u8; N], time: NaiveDateTime) -> Self {
        let mut year = time.year().unsigned_abs();
        let (mut month, mut day) = (time.month(), time.day());
        let (mut hour, mut minute, mut second) = (time.hour(), time.minute(), time.second());
        let mut digits = *pattern;
        for digit in digits.iter_mut().rev() {
            let part = match digit {
                b'Y' => &mut year,
                b'M' => &mut month,
                b'D' => &mut day,
                b'h' => &mut hour,
                b'm' => &mut minute,
                b's' => &mut second,
                _ => continue,
            };
            *digit = b'0' + (*part % 10) as u8;
            *part /= 10;
        }
        Digits(digits)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Digits;
    use chrono::DateTime;
    use proptest::prelude::{prop_assert_eq, proptest};

    proptest! {
        #[test]
        fn digits_are_what_chrono_writes(seconds in 0_i64..253_402_300_800) {
            let time = DateTime::from_timestamp(seconds, 0).expect("it is a time").naive_utc();
            let basic = Digits::of(b"YYYYMMDDThhmmssZ", time);
            prop_assert_eq!(basic.as_str(), time.format("%Y%m%dT%H%M%SZ").to_string());
            let extended = Digits::of(b"YYYY-MM-DD hh:mm", time);
            prop_assert_eq!(extended.as_str(), time.format("%Y-%m-%d %H:%M").to_string());
        }
    }
}
