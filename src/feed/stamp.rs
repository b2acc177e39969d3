//! Stamps: moments as the ledger writes them, `2023-11-14T22:13:20Z` (RFC 3339), as chrono does, only sooner.

use crate::event::digits::Digits;
use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;

/// What stands between the digits of a stamp, and where.
const MARKS: [(usize, u8); 6] = [
    (4, b'-'),
    (7, b'-'),
    (10, b'T'),
    (13, b':'),
    (16, b':'),
    (19, b'Z'),
];

/// A text of the ledger, which is borrowed where it stands as it is.
#[derive(Deserialize)]
pub(super) struct Text<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

/// Writes a stamp.
pub(super) fn serialize<S: Serializer>(stamp: &DateTime<Utc>, out: S) -> Result<S::Ok, S::Error> {
    if stamp.nanosecond() != 0 || !(0..=9999).contains(&stamp.year()) {
        return stamp.serialize(out);
    }
    out.serialize_str(Digits::of(b"YYYY-MM-DDThh:mm:ssZ", stamp.naive_utc()).as_str())
}

/// Reads a stamp.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<DateTime<Utc>, D::Error> {
    let Text(text) = Text::deserialize(from)?;
    match whole_seconds(text.as_bytes()) {
        Some(stamp) => Ok(stamp),
        None => text.parse().map_err(serde::de::Error::custom),
    }
}

fn whole_seconds(text: &[u8]) -> Option<DateTime<Utc>> {
    let is_marked = |(at, mark): &(usize, u8)| text[*at] == *mark;
    if text.len() != 20 || !MARKS.iter().all(is_marked) {
        return None;
    }
    let digit = |at: usize| {
        text[at]
            .is_ascii_digit()
            .then(|| u32::from(text[at] - b'0'))
    };
    let two = |at: usize| Some(digit(at)? * 10 + digit(at + 1)?);
    let year = i32::try_from(two(0)? * 100 + two(2)?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, two(5)?, two(8)?)?;
    Some(date.and_hms_opt(two(11)?, two(14)?, two(17)?)?.and_utc())
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use proptest::prelude::{prop_assert_eq, proptest};
    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize)]
    struct Own(#[serde(with = "super")] DateTime<Utc>);

    proptest! {
        #[test]
        fn stamps_are_written_and_read_as_chrono_does(
            seconds in -70_000_000_000_i64..300_000_000_000,
            nanos in proptest::sample::select(&[0, 0, 5_000_000_u32][..]),
        ) {
            let stamp = DateTime::from_timestamp(seconds, nanos).expect("it is a time");
            let text = serde_json::to_string(&stamp).expect("it is JSON");
            prop_assert_eq!(&serde_json::to_string(&Own(stamp)).expect("it is JSON"), &text);
            let read: Own = serde_json::from_str(&text).expect("it is a stamp");
            prop_assert_eq!(read.0, stamp);
        }

        #[test]
        fn what_is_no_stamp_is_none_to_chrono_too(text in "[0-9]{3,4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|z|\\+08:00|)") {
            let json = format!("\"{text}\"");
            let own = serde_json::from_str::<Own>(&json).ok().map(|own| own.0);
            prop_assert_eq!(own, serde_json::from_str::<DateTime<Utc>>(&json).ok());
        }
    }
}
