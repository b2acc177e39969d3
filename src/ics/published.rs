//! Published feeds: their stamps, read back when the ledger is lost.
//!
//! Flows in: the text of feeds. Flows out: each UID with its stamps and its VEVENT as it was written.
//! It reads what it can: line ends that git changed are no matter, and a line that it does not know
//! is passed over, never an error.

use crate::feed::revision::Revision;
use crate::ics::content_line::{decoded_text, unfold};
use crate::ics::vcalendar::PRODID;
use chrono::{DateTime, NaiveDateTime, Utc};

/// What subscribers have of one UID: a VEVENT, and the overrides of a series after it.
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
    /// Its VEVENTs as they were written, with their CRLFs.
    pub vevents: String,
}

/// Tells whether this program wrote a feed.
pub fn is_ours(feed: &str) -> bool {
    feed.lines()
        .take(10)
        .any(|line| line.strip_prefix("PRODID:") == Some(PRODID))
}

/// Reads the VEVENTs of a feed; one without UID or stamp is passed over.
pub fn read_published(feed: &str) -> Vec<Published> {
    let mut published: Vec<Published> = Vec::new();
    let mut vevent = None;
    for line in feed.lines() {
        match line {
            "BEGIN:VEVENT" => vevent = Some(String::new()),
            "END:VEVENT" => {
                let read = vevent.take().and_then(|body: String| read_vevent(&body));
                match (read, published.last_mut()) {
                    // An override stands behind its series and has its stamps.
                    (Some(read), Some(series)) if read.uid == series.uid => {
                        series.vevents.push_str(&read.vevents);
                    }
                    (read, _) => published.extend(read),
                }
            }
            _ => {
                if let Some(body) = &mut vevent {
                    body.push_str(line);
                    body.push_str("\r\n");
                }
            }
        }
    }
    published
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
        vevents: format!("BEGIN:VEVENT\r\n{body}END:VEVENT\r\n"),
    })
}

fn read_utc(value: &str) -> Option<DateTime<Utc>> {
    let time = NaiveDateTime::parse_from_str(value, "%Y%m%dT%H%M%SZ");
    time.ok().map(|time| time.and_utc())
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

#[cfg(test)]
mod tests {
    use super::{is_ours, read_published};

    const FEED: &str = "BEGIN:VCALENDAR\r\nPRODID:-//sofacal//sofacal//EN\r\nBEGIN:VEVENT\r\nUID:a\r\nLAST-MODIFIED:20230531T060000Z\r\nDTSTART;TZID=Asia/Shanghai:20230601T140000\r\nSEQUENCE:3\r\nSUMMARY:y END:VEVENT\\, BEGIN:VEVE\r\n NT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

    #[test]
    fn reads_stamps_whatever_the_title_and_the_line_ends_are() {
        for feed in [FEED.to_owned(), FEED.replace('\r', "")] {
            assert!(is_ours(&feed));
            let [found] = read_published(&feed).try_into().expect("it is one");
            assert_eq!((found.uid.as_str(), found.revision.sequence), ("a", 3));
            assert_eq!(found.summary, "y END:VEVENT, BEGIN:VEVENT");
            assert_eq!(found.start, "2023-06-01 14:00");
            assert!(FEED.contains(&found.vevents));
        }
    }
}
