//! Everything that is published: feeds as bytes, and beside them what we mean by them.
//!
//! Flows in: calendars in this repository. Flows out: feeds with their entries as JSON, all times in
//! UTC, just as the strangers say them. Deliberately absent: `sofacal::ics`; it is what is tested.

use chrono::{DateTime, Days, TimeDelta, Utc};
use serde_json::{Value, json};
use sofacal::event::series::rule::Bound;
use sofacal::event::series::starts;
use sofacal::event::when::{Moment, When};
use sofacal::event::{Event, Status};
use sofacal::feed::digest::Digest;
use sofacal::feed::entry::Entry;
use sofacal::feed::plan::{Filing, plan_feeds};
use sofacal::feed::revision::{Ledger, Record};
use sofacal::io::feeds::read_feeds;
use sofacal::io::read::read_events;
use sofacal::pipeline::{Build, Settings, Sources, build};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The last day on which a series without an end is compared; the scripts have it too.
const END_OF_OPEN_SERIES: &str = "2031-12-31";
/// The last day of everything else.
const END_OF_TIME: &str = "2199-12-31";

/// The feeds of one calendar, with what we mean by them.
#[derive(Debug, Clone)]
pub struct Published {
    /// A name for the calendar that can be a folder's.
    pub name: String,
    /// The feeds by slug.
    pub feeds: BTreeMap<String, Vec<u8>>,
    /// Each feed and each occurrence in it, as every stranger must read it.
    pub meant: Vec<Value>,
}

impl Published {
    /// Gives a copy under another name, with the feed `all` alone.
    pub fn named(&self, name: &str) -> Published {
        let (old, new) = (format!("{}/all", self.name), format!("{name}/all"));
        let mut meant = self.meant.clone();
        meant.retain(|said| said["feed"] == *old);
        for said in &mut meant {
            said["feed"] = new.clone().into();
        }
        let all = self.feeds.iter().filter(|(slug, _)| *slug == "all");
        Published {
            name: name.to_owned(),
            feeds: all
                .map(|(slug, bytes)| (slug.clone(), bytes.clone()))
                .collect(),
            meant,
        }
    }
}

/// Gathers the repository's own feeds, those of the golden cases, and the hard calendars.
pub fn everything_published() -> Vec<Published> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = vec![of_sources("events", &sources(&root.join("events")))];
    if root.join("output/ledger.json").is_file() {
        all.push(on_disk(
            "output",
            &root.join("events"),
            &root.join("output"),
        ));
    }
    for case in folders(&root.join("tests/golden")) {
        // What sofacal itself says that programs read differently is no promise.
        let is_promised = !file_name(&case).starts_with("rule-read-differently");
        if is_promised && case.join("output/ledger.json").is_file() {
            let name = format!("golden-{}", file_name(&case));
            all.push(on_disk(&name, &case.join("events"), &case.join("output")));
        }
    }
    for calendar in folders(&root.join("tests/strangers/hard")) {
        let name = format!("hard-{}", file_name(&calendar));
        all.push(of_sources(&name, &sources(&calendar)));
    }
    all
}

fn folders(parent: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).expect("it is a folder");
    let paths = entries.map(|entry| entry.expect("it is readable").path());
    let mut folders: Vec<PathBuf> = paths.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .expect("it has one")
        .to_string_lossy()
        .into_owned()
}

/// When the golden cases are built.
fn first_time() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).expect("it is a time")
}

/// Builds a calendar whose every event has changed once since it was published.
pub fn of_sources(name: &str, sources: &Sources) -> Published {
    let first = first_time();
    let mut ledger = built(name, sources, &Ledger::default(), first).ledger;
    for record in ledger.records.values_mut() {
        Arc::make_mut(record).digest = Digest::default();
    }
    let now = first + TimeDelta::days(400);
    let build = built(name, sources, &ledger, now);
    let feeds = build
        .feeds
        .iter()
        .map(|feed| (feed.slug.clone(), feed.ics().into_bytes()));
    Published {
        name: name.to_owned(),
        feeds: feeds.collect(),
        meant: meant(name, sources, &build, now),
    }
}

/// Takes feeds as they were written; their ledger says which stamps they must have.
fn on_disk(name: &str, events: &Path, output: &Path) -> Published {
    let sources = sources(events);
    let published = read_feeds(output).expect("the output is readable");
    let ledger = published
        .ledger
        .unwrap_or_else(|| panic!("`{}` has no ledger", output.display()));
    let ledger = Ledger::from_json(&ledger).expect("its ledger is one");
    let now = first_time();
    let build = built(name, &sources, &ledger, now);
    // As bytes: a character that was cut must show.
    let bytes = |slug: &str| {
        let path = output.join(format!("{slug}.ics"));
        fs::read(&path).unwrap_or_else(|_| panic!("`{}` is not there", path.display()))
    };
    let feeds = build
        .feeds
        .iter()
        .map(|feed| (feed.slug.clone(), bytes(&feed.slug)));
    Published {
        name: name.to_owned(),
        feeds: feeds.collect(),
        meant: meant(name, &sources, &build, now),
    }
}

fn sources(events: &Path) -> Sources {
    let read = read_events(events).expect("the events are readable");
    Sources {
        root: "events".to_owned(),
        calendar: read.calendar,
        events: read.events,
        diagnostics: read.diagnostics,
    }
}

fn built(name: &str, sources: &Sources, ledger: &Ledger, now: DateTime<Utc>) -> Build {
    let settings = Settings {
        allow_empty: true,
        ..Settings::default()
    };
    let build = build(sources, ledger, settings, now);
    assert!(!build.has_errors(), "{name}: {:#?}", build.diagnostics);
    build
}

/// Says what every feed holds.
fn meant(name: &str, sources: &Sources, build: &Build, now: DateTime<Utc>) -> Vec<Value> {
    let contents = sofacal::pipeline::read_events(sources, now);
    let calendar = contents
        .calendar
        .unwrap_or_else(|| panic!("{name}: it was built although its calendar is wrong"));
    let resolve = |event| Entry::of(event, &calendar).map(|entry| (event, entry));
    let events = contents.events.iter();
    let present = events.filter(|event| !calendar.is_past(event, now));
    let entries: Vec<(&Event, Entry)> = present.filter_map(resolve).collect();
    let filings: Vec<Filing> = entries.iter().map(|(event, _)| Filing::of(event)).collect();
    let mut meant = Vec::new();
    for feed in plan_feeds(&calendar, &filings) {
        for slug in [&feed.slug].into_iter().chain(&feed.aliases) {
            let label = format!("{name}/{slug}");
            meant.push(json!({"feed": label, "name": feed.name, "about": feed.description}));
            for index in &feed.entries {
                let entry = &entries[*index].1;
                let record = &build.ledger.records[entry.uid];
                let occurrences = occurrences(entry).into_iter();
                let said = |(entry, when)| occurrence(&label, entry, &when, record);
                meant.extend(occurrences.map(said));
            }
        }
    }
    meant
}

/// Lists when an entry takes place, each time with what it is then; a series without an end up to
/// [`END_OF_OPEN_SERIES`].
fn occurrences<'e>(entry: &'e Entry<'e>) -> Vec<(&'e Entry<'e>, When)> {
    let Some(repetition) = &entry.repetition else {
        return vec![(entry, entry.when.clone())];
    };
    let end = match repetition.rule.bound {
        Bound::Open => END_OF_OPEN_SERIES,
        Bound::Count(_) | Bound::Until(_) => END_OF_TIME,
    };
    let last = end.parse().expect("it is a date");
    let starts = starts(repetition.rule, &entry.when, last).into_iter();
    let held = starts.filter(|start| !repetition.excluded.contains(start));
    let occurrence = |start: Moment| {
        let mut overrides = repetition.overrides.iter();
        match overrides.find(|change| change.recurrence_id == start) {
            Some(change) => (&change.entry, change.entry.when.clone()),
            None => (entry, entry.when.starting(&start)),
        }
    };
    held.map(occurrence).collect()
}

fn occurrence(feed: &str, entry: &Entry, when: &When, record: &Record) -> Value {
    let (start, end, all_day) = match when {
        When::Timed { start, end } => (utc(start), utc(end), false),
        // A calendar's end is the first day that is free again.
        When::AllDay { first, last } => {
            (first.to_string(), (*last + Days::new(1)).to_string(), true)
        }
    };
    let status = match entry.status {
        Status::Confirmed => "CONFIRMED",
        Status::Tentative => "TENTATIVE",
        Status::Cancelled => "CANCELLED",
    };
    json!({
        "feed": feed,
        "uid": entry.uid,
        "start": start,
        "end": end,
        "all_day": all_day,
        "status": status,
        "transparency": if entry.is_transparent { "TRANSPARENT" } else { "OPAQUE" },
        "summary": entry.summary,
        "description": (!entry.description.is_empty()).then_some(&entry.description),
        "location": entry.location,
        "url": entry.url,
        "categories": entry.categories,
        "sequence": record.sequence,
        "stamp": utc(&record.modified),
        "created": utc(&record.created),
        "modified": utc(&record.modified),
        "conferences": entry.conferences.iter().map(|conference| &conference.uri).collect::<Vec<_>>(),
        "image": entry.image,
        "attachments": entry.attachments,
    })
}

fn utc<Zone: chrono::TimeZone>(time: &DateTime<Zone>) -> String {
    time.with_timezone(&Utc)
        .format("%Y-%m-%dT%H:%M:%SZ")
        .to_string()
}
