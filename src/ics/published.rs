//! Published feeds: their stamps, read back when the ledger is lost, and what subscribers see in them.
//!
//! Flows in: the text of feeds. Flows out: each UID with its stamps and its VEVENT as it was written, and what that shows.
//! It reads what it can: line ends that git changed are no matter, and a line that it does not know
//! is passed over, never an error.

use crate::event::when::{Moment, Tz, Unclear, When, instant_of};
use crate::feed::labels::without_mark;
use crate::feed::revision::Revision;
use crate::feed::seen::{Seen, Shown};
use crate::ics::content_line::{decoded_text, decoded_texts, unfold};
use crate::ics::vcalendar::PRODID;
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use std::collections::BTreeMap;

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
    let lines = Lines(unfold(body));
    let value = |name: &str| lines.value(name);
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

/// Reads what subscribers see of a UID, from its VEVENTs as they were written.
pub fn read_seen(vevents: &str) -> Option<Seen> {
    let mut seen: Option<Seen> = None;
    for vevent in vevents.split("BEGIN:VEVENT\r\n").skip(1) {
        let lines = Lines(unfold(vevent));
        let shown = lines.shown()?;
        match (&mut seen, lines.moment("RECURRENCE-ID")) {
            (Some(seen), Some(original)) => {
                seen.overrides.insert(original.date(), shown);
            }
            (None, None) => {
                let excluded = lines.all("EXDATE").filter_map(read_moment);
                seen = Some(Seen {
                    whole: shown,
                    rule: lines.value("RRULE").map(str::to_owned),
                    excluded: excluded.map(|moment| moment.date()).collect(),
                    overrides: BTreeMap::new(),
                });
            }
            // An override without its series is nothing that we wrote.
            _ => {}
        }
    }
    seen
}

/// Reads what a feed says of itself, by property.
pub fn read_head(feed: &str) -> BTreeMap<String, String> {
    let properties = unfold(feed.split("BEGIN:V").nth(1).unwrap_or_default());
    let property = |line: &String| {
        let (name, value) = line.split_once(':')?;
        let name = name.split(';').next()?;
        Some((name.to_owned(), value.to_owned()))
    };
    properties.iter().skip(1).filter_map(property).collect()
}

/// The content lines of a VEVENT, unfolded.
struct Lines(Vec<String>);

impl Lines {
    /// Gives each property of a name: its parameters and its value.
    fn all<'l>(&'l self, name: &str) -> impl Iterator<Item = (&'l str, &'l str)> {
        self.0.iter().filter_map(move |line| {
            let (key, value) = line.split_once(':')?;
            let parameters = key.strip_prefix(name)?;
            (parameters.is_empty() || parameters.starts_with(';')).then_some((parameters, value))
        })
    }

    fn value<'l>(&'l self, name: &str) -> Option<&'l str> {
        self.all(name).next().map(|(_, value)| value)
    }

    fn text(&self, name: &str) -> Option<String> {
        self.value(name).map(decoded_text)
    }

    fn moment(&self, name: &str) -> Option<Moment> {
        read_moment(self.all(name).next()?)
    }

    fn when(&self) -> Option<When> {
        let start = self.moment("DTSTART")?;
        match (start, self.moment("DTEND").unwrap_or(start)) {
            (Moment::Time(start), Moment::Time(end)) => Some(When::Timed {
                start,
                end: end.with_timezone(&start.timezone()),
            }),
            // DTEND is exclusive (RFC 5545, 3.8.2.2).
            (Moment::Day(first), Moment::Day(end)) => Some(When::AllDay {
                first,
                last: end.pred_opt().unwrap_or(end).max(first),
            }),
            _ => None,
        }
    }

    fn shown(&self) -> Option<Shown> {
        let summary = self.text("SUMMARY").unwrap_or_default();
        let unmarked = without_mark(&summary);
        let status = self.value("STATUS").unwrap_or_default();
        let categories = self.value("CATEGORIES").map(decoded_texts);
        Some(Shown {
            title: unmarked.unwrap_or(&summary).to_owned(),
            when: self.when()?,
            is_cancelled: unmarked.is_some() || status == "CANCELLED",
            status: status.to_owned(),
            description: self.text("DESCRIPTION").unwrap_or_default(),
            categories: categories.unwrap_or_default(),
            image: self.value("IMAGE").map(str::to_owned),
            attachments: self.all("ATTACH").map(|(_, url)| url.to_owned()).collect(),
        })
    }
}

/// Reads a date, a time with its zone, or one in UTC.
fn read_moment((parameters, value): (&str, &str)) -> Option<Moment> {
    if let Ok(day) = NaiveDate::parse_from_str(value, "%Y%m%d") {
        return Some(Moment::Day(day));
    }
    if let Some(at) = read_utc(value) {
        return Some(Moment::Time(at.with_timezone(&Tz::UTC)));
    }
    let mut parameters = parameters.split(';');
    let zone: Tz = parameters
        .find_map(|parameter| parameter.strip_prefix("TZID="))?
        .parse()
        .ok()?;
    let wall = NaiveDateTime::parse_from_str(value, "%Y%m%dT%H%M%S").ok()?;
    match instant_of(zone, wall) {
        Ok(at) | Err(Unclear::Repeated(at, _) | Unclear::Skipped(at, _)) => Some(Moment::Time(at)),
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
