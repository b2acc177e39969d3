//! Published feeds: their stamps, read back when the ledger is lost.
//!
//! Flows in: the text of feeds that this program wrote. Flows out: each UID with its stamps and its
//! bytes. It reads what it can: a line it does not know is passed over, never an error.

use crate::feed::revision::Revision;
use crate::ics::content_line::{decoded_text, unfold};
use chrono::{DateTime, NaiveDateTime, Utc};

/// A VEVENT that subscribers have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The UID.
    pub uid: String,
    /// Its stamps.
    pub revision: Revision,
    /// When it starts, as the ledger writes it.
    pub start: String,
    /// Its title, with whatever mark it had.
    pub summary: String,
    /// The VEVENT as it was written.
    pub bytes: String,
}

/// Reads the VEVENTs of a feed; one without UID or stamp is passed over.
pub fn read_published(feed: &str) -> Vec<Published> {
    feed.split("BEGIN:VEVENT\r\n")
        .skip(1)
        .filter_map(|rest| {
            let (body, _) = rest.split_once("END:VEVENT\r\n")?;
            read_vevent(body)
        })
        .collect()
}

fn read_vevent(body: &str) -> Option<Published> {
    let lines = unfold(body);
    let value = |name: &str| {
        lines.iter().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            (key.split(';').next() == Some(name)).then_some(value)
        })
    };
    let modified = value("LAST-MODIFIED")
        .or(value("DTSTAMP"))
        .and_then(read_utc)?;
    Some(Published {
        uid: decoded_text(value("UID")?),
        revision: Revision {
            sequence: value("SEQUENCE")
                .and_then(|number| number.parse().ok())
                .unwrap_or(0),
            created: value("CREATED").and_then(read_utc).unwrap_or(modified),
            modified,
        },
        start: value("DTSTART").map_or_else(String::new, read_start),
        summary: value("SUMMARY").map_or_else(String::new, decoded_text),
        bytes: format!("BEGIN:VEVENT\r\n{body}END:VEVENT\r\n"),
    })
}

fn read_utc(value: &str) -> Option<DateTime<Utc>> {
    NaiveDateTime::parse_from_str(value, "%Y%m%dT%H%M%SZ")
        .ok()
        .map(|time| time.and_utc())
}

/// Writes `20230531T140000` as `2023-05-31 14:00`, and `20230531` as `2023-05-31`.
fn read_start(value: &str) -> String {
    let part = |range: std::ops::Range<usize>| value.get(range).unwrap_or("");
    let date = format!("{}-{}-{}", part(0..4), part(4..6), part(6..8));
    match value.len() {
        8 => date,
        _ => format!("{date} {}:{}", part(9..11), part(11..13)),
    }
}
