//! Revisions: the ledger of what was published, and the stamps that follow from it.
//!
//! Flows in: entries, the ledger of the last run, `now`. Flows out: each entry's SEQUENCE, CREATED
//! and LAST-MODIFIED, and the next ledger.
//! Deliberately absent: the disk. A UID once published stays in the ledger for ever.

use crate::event::digits::Digits;
use crate::event::when::When;
use crate::event::{Event, Origin};
use crate::feed::digest::Digest;
use crate::feed::stamp::{self, Text};
use chrono::{DateTime, Utc};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

/// What was published so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// The slugs of the feeds that were written.
    pub feeds: BTreeSet<String>,
    /// What is known of each UID that was ever published.
    pub records: Records,
}

/// What is known of each UID; ledgers and events on their way share it.
pub type Records = BTreeMap<Arc<str>, Arc<Record>>;

/// What the ledger knows of a UID.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The digest of the entry that was published last.
    pub digest: Digest,
    /// How often it changed (RFC 5545, 3.8.7.4).
    pub sequence: u32,
    /// When it was published first.
    #[serde(with = "stamp")]
    pub created: DateTime<Utc>,
    /// When it changed last.
    #[serde(with = "stamp")]
    pub modified: DateTime<Utc>,
    /// The event file, below the events folder.
    pub source: String,
    /// The project's slug.
    pub project: String,
    /// When it starts, for people and for finding renames.
    pub start: String,
    /// What people call it.
    pub title: String,
    /// Whether it has left the files, which was reported when it did.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_gone: bool,
    /// Whether the calendar's policy took it from the feeds: it is past, cancelled, or a series without
    /// an occurrence.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_left_out: bool,
}

/// An event as the ledger will know it, and where its author wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revised {
    /// The UID.
    pub uid: Arc<str>,
    /// What the ledger keeps of it if it is published.
    pub record: Arc<Record>,
    /// Where it is written.
    pub origin: Origin,
}

/// The stamps of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revision {
    /// SEQUENCE.
    pub sequence: u32,
    /// CREATED.
    pub created: DateTime<Utc>,
    /// LAST-MODIFIED and DTSTAMP: equal, since a feed has no METHOD (RFC 5545, 3.8.7.2).
    pub modified: DateTime<Utc>,
}

impl Revision {
    /// The stamps of what is published for the first time.
    fn first(now: DateTime<Utc>) -> Self {
        Revision {
            sequence: 0,
            created: now,
            modified: now,
        }
    }

    /// The stamps after a change.
    fn next(self, now: DateTime<Utc>) -> Self {
        Revision {
            sequence: self.sequence.saturating_add(1).min(LARGEST_SEQUENCE),
            created: self.created,
            // A clock that was set back must not take a stamp back with it.
            modified: self.modified.max(now),
        }
    }
}

impl From<&Record> for Revision {
    fn from(record: &Record) -> Self {
        Revision {
            sequence: record.sequence,
            created: record.created,
            modified: record.modified,
        }
    }
}

/// The version of the ledger's format.
const VERSION: u32 = 1;
/// The largest SEQUENCE that a 32-bit INTEGER holds (RFC 5545, 3.3.8).
const LARGEST_SEQUENCE: u32 = i32::MAX as u32;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LedgerFile {
    version: u32,
    feeds: BTreeSet<String>,
    #[serde(deserialize_with = "in_order")]
    events: Records,
}

/// Reads all records before it makes a tree of them: they are in order, and it is full and made at once.
fn in_order<'de, D: Deserializer<'de>>(from: D) -> Result<Records, D::Error> {
    struct Order;

    impl<'de> Visitor<'de> for Order {
        type Value = Records;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("records by UID")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut records = Vec::new();
            while let Some((Text(uid), record)) = map.next_entry::<Text<'de>, Record>()? {
                records.push((uid.into(), record.into()));
            }
            Ok(records.into_iter().collect())
        }
    }

    from.deserialize_map(Order)
}

/// The version alone, for a ledger that cannot be read.
#[derive(Deserialize)]
struct Version {
    version: u32,
}

/// Why a ledger cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerFault {
    /// A newer version of sofacal wrote it.
    #[error("it has version {0}, this sofacal knows version {VERSION}")]
    Version(u32),
    /// It is damaged.
    #[error("{0}")]
    Broken(String),
}

impl Ledger {
    /// Reads a ledger's JSON.
    ///
    /// # Errors
    /// It is of a newer version, or no ledger at all.
    pub fn from_json(json: &[u8]) -> Result<Self, LedgerFault> {
        let file: LedgerFile = serde_json::from_slice(json).map_err(|error| fault(json, &error))?;
        if file.version != VERSION {
            return Err(of_version(file.version));
        }
        let is_too_large = |record: &&Arc<Record>| record.sequence > LARGEST_SEQUENCE;
        if let Some(record) = file.events.values().find(is_too_large) {
            let reason = format!("{} is no SEQUENCE", record.sequence);
            return Err(LedgerFault::Broken(reason));
        }
        Ok(Ledger {
            feeds: file.feeds,
            records: file.events,
        })
    }

    /// Writes the ledger as JSON, one UID a line, so that a diff shows what changed.
    pub fn to_json(&self) -> Vec<u8> {
        let mut json = Vec::new();
        let Ok(()) = self.json_pieces(|piece| {
            json.extend_from_slice(piece);
            Ok::<(), Infallible>(())
        });
        json
    }

    /// Writes the ledger as JSON piece by piece, and never holds it whole.
    ///
    /// # Errors
    /// What `take` says of a piece; then no other follows.
    pub fn json_pieces<E>(&self, mut take: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        let feeds = json(&self.feeds);
        let head = format!("{{\"version\": {VERSION},\n\"feeds\": {feeds},\n\"events\": {{");
        take(head.as_bytes())?;
        let mut line = Vec::new();
        for (index, (uid, record)) in self.records.iter().enumerate() {
            line.clear();
            line.extend_from_slice(if index == 0 { b"\n" } else { b",\n" });
            push_json(&mut line, uid);
            line.extend_from_slice(b": ");
            push_json(&mut line, record);
            take(&line)?;
        }
        take(b"\n}}\n")
    }

    /// Stamps an entry: a changed digest gives SEQUENCE + 1 and `now`, an unchanged one keeps all.
    /// `digest` is that of the event's entry.
    pub fn revise(&self, event: &Event, digest: Digest, now: DateTime<Utc>) -> Arc<Record> {
        let known = self.records.get(&event.uid);
        let revision = match known.map(|known| &**known) {
            None => Revision::first(now),
            Some(known) if known.digest == digest => Revision::from(known),
            Some(known) => Revision::from(known).next(now),
        };
        let record = record(event, digest, revision);
        // One that is as it was is not kept twice.
        match known {
            Some(known) if **known == record => known.clone(),
            _ => record.into(),
        }
    }

    /// Keeps what is known of an event that the calendar's policy leaves out of the feeds, for when it comes
    /// back: its stamps stay, whatever the files say of it meanwhile. One that was never published is not known.
    pub fn left_out(&self, uid: &str) -> Option<Record> {
        let known = Record::clone(self.records.get(uid)?);
        Some(Record {
            is_gone: false,
            is_left_out: true,
            ..known
        })
    }

    /// Gives the ledger after a run; what is not in the feeds any more stays known.
    ///
    /// `records` come in the order of their UIDs.
    #[must_use]
    pub fn next(&self, feeds: BTreeSet<String>, records: Vec<(Arc<str>, Arc<Record>)>) -> Ledger {
        let mut present = records.iter().map(|(uid, _)| uid).peekable();
        let is_gone = |(uid, _): &(&Arc<str>, &Arc<Record>)| {
            while present.next_if(|other| other < uid).is_some() {}
            present.peek() != Some(uid)
        };
        let gone = self.records.iter().filter(is_gone).map(|(uid, record)| {
            let is_known = record.is_gone;
            let gone = || Record {
                is_gone: true,
                ..Record::clone(record)
            };
            let record = if is_known {
                record.clone()
            } else {
                gone().into()
            };
            (uid.clone(), record)
        });
        let gone: Vec<_> = gone.collect();
        let records = records.into_iter().chain(gone);
        Ledger {
            feeds: &self.feeds | &feeds,
            records: records.collect(),
        }
    }
}

/// Says why a text is no ledger of this version: a newer one may hold what this one cannot read.
fn fault(json: &[u8], error: &serde_json::Error) -> LedgerFault {
    match serde_json::from_slice(json) {
        Ok(Version { version }) if version != VERSION => of_version(version),
        _ if json.windows(8).any(|bytes| bytes == b"<<<<<<< ") => {
            LedgerFault::Broken("it holds a merge conflict; take one side of it, whole".to_owned())
        }
        _ => LedgerFault::Broken(error.to_string()),
    }
}

fn of_version(version: u32) -> LedgerFault {
    match version > VERSION {
        true => LedgerFault::Version(version),
        false => LedgerFault::Broken(format!("there is no version {version}")),
    }
}

/// Describes an event that the calendar's policy leaves out of the feeds, just as one that is in them.
pub fn unpublished(event: &Event, now: DateTime<Utc>) -> Record {
    record(event, Digest::default(), Revision::first(now))
}

fn record(event: &Event, digest: Digest, revision: Revision) -> Record {
    Record {
        digest,
        sequence: revision.sequence,
        created: revision.created,
        modified: revision.modified,
        source: event.origin.relative.to_string(),
        project: event.project.clone(),
        start: start(event),
        title: event.details.title.clone(),
        is_gone: false,
        is_left_out: false,
    }
}

/// Writes an event's start as the ledger keeps it.
fn start(event: &Event) -> String {
    match &event.when {
        When::Timed { start, .. } => {
            let start = Digits::of(b"YYYY-MM-DD hh:mm", start.naive_local());
            start.as_str().to_owned()
        }
        When::AllDay { first, .. } => first.to_string(),
    }
}

fn push_json(out: &mut Vec<u8>, value: &impl Serialize) {
    serde_json::to_writer(out, value).expect("text, numbers and times are always JSON");
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("text, numbers and times are always JSON")
}
