//! Clean folders: event files of which sofacal says nothing at all, ours and those of the golden cases.

use chrono::{DateTime, Utc};
use sofacal::io::read::read_events;
use sofacal::pipeline::{Ledger, Settings, Sources, build};
use sofacal::source::Source;
use std::fs;
use std::path::Path;

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).expect("it is a time")
}

pub fn sources_of(folder: &Path) -> Sources {
    let read = read_events(folder).expect("the folder is readable");
    Sources {
        root: "events".to_owned(),
        calendar: read.calendar,
        events: read.events,
        diagnostics: read.diagnostics,
    }
}

fn is_clean(sources: &Sources) -> bool {
    let settings = Settings {
        allow_empty: true,
        ..Settings::default()
    };
    let built = build(sources, &Ledger::default(), settings, now());
    built.diagnostics.is_empty()
}

/// Gives every file of the clean folders, `calendar.yaml` too.
pub fn clean_files() -> Vec<Source> {
    let cases = fs::read_dir(root().join("tests/golden")).expect("the cases are there");
    let folders = cases.map(|case| case.expect("it is readable").path().join("events"));
    let all = folders.chain([root().join("events")]);
    let clean = all.map(|folder| sources_of(&folder)).filter(is_clean);
    let files = clean.flat_map(|sources| sources.calendar.into_iter().chain(sources.events));
    let mut files: Vec<Source> = files.collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(files.len() > 250, "only {} files are clean", files.len());
    files
}
