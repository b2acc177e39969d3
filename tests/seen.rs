//! Seen: what is read back of published feeds is what was written into them, for every golden case.

#![expect(clippy::disallowed_methods, reason = "a test reads files")]

use chrono::{DateTime, Utc};
use sofacal::event::calendar::CancelledPolicy;
use sofacal::event::{Event, Status};
use sofacal::feed::revision::Ledger;
use sofacal::feed::seen::Seen;
use sofacal::ics::published::{read_published, read_seen};
use sofacal::io::read::read_events as read_folder;
use sofacal::pipeline::{Contents, Settings, Sources, build, compare, read_events};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).expect("it is a time")
}

fn cases() -> Vec<Sources> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let cases = fs::read_dir(root.join("tests/golden")).expect("the cases are there");
    let folders = cases.map(|case| case.expect("it is readable").path().join("events"));
    let own = [root.join("events")];
    let read = folders
        .chain(own)
        .filter_map(|folder| read_folder(&folder).ok());
    let sources = read.map(|read| Sources {
        root: "events".to_owned(),
        calendar: read.calendar,
        events: read.events,
        diagnostics: read.diagnostics,
    });
    sources.collect()
}

/// Holds an event against what subscribers see of it.
fn check(event: &Event, seen: &Seen, contents: &Contents) {
    let calendar = contents.calendar.as_ref().expect("there are events");
    let uid = &event.uid;
    assert_eq!(seen.whole.when, event.when, "{uid}");
    assert!(seen.whole.title.contains(&event.details.title), "{uid}");
    assert!(
        !seen.whole.title.starts_with(['【', '[']) || event.details.title.starts_with(['【', '['])
    );
    let is_cancelled = event.details.status == Status::Cancelled;
    assert_eq!(seen.whole.is_cancelled, is_cancelled, "{uid}");
    assert_eq!(seen.rule.is_some(), event.series.is_some(), "{uid}");
    let Some(series) = &event.series else {
        return;
    };
    for skip in &series.skips {
        assert!(seen.excluded.contains(&skip.original.date()), "{uid}");
    }
    for change in &series.changes {
        let day = change.original.date();
        match change.is_left_out(CancelledPolicy::Drop)
            && calendar.cancelled == CancelledPolicy::Drop
        {
            true => assert!(seen.excluded.contains(&day), "{uid}"),
            false => assert_eq!(seen.overrides[&day].when, change.when, "{uid}"),
        }
    }
}

#[test]
fn what_is_published_is_read_back_as_it_was_meant() {
    let mut count = 0;
    for sources in cases() {
        let contents = read_events(&sources, now());
        let built = build(&sources, &Ledger::default(), Settings::default(), now());
        let all = built.feeds.iter().find(|feed| feed.slug == "all");
        let published = all
            .map(|feed| read_published(&feed.ics()))
            .unwrap_or_default();
        let vevents: BTreeMap<&str, &str> = published
            .iter()
            .map(|event| (event.uid.as_str(), event.vevents.as_str()))
            .collect();
        for event in &contents.events {
            let Some(vevents) = vevents.get(&*event.uid) else {
                continue;
            };
            let seen = read_seen(vevents).unwrap_or_else(|| panic!("{vevents}"));
            check(event, &seen, &contents);
            assert_eq!(seen.differences(&seen), [], "{}", event.uid);
            count += 1;
        }
    }
    assert!(count > 400, "{count} events were read back");
}

#[test]
fn nobody_notices_anything_of_a_run_that_changes_nothing() {
    for sources in cases() {
        let built = build(&sources, &Ledger::default(), Settings::default(), now());
        if built.has_errors() {
            continue;
        }
        let feeds = built
            .feeds
            .iter()
            .map(|feed| (feed.slug.clone(), feed.ics()));
        let feeds: BTreeMap<String, String> = feeds.collect();
        let later = now() + chrono::TimeDelta::days(1);
        let (_, difference) = compare(&sources, &built.ledger, &feeds, Settings::default(), later);
        let difference = difference.expect("nothing is wrong");
        // A window of past events may have moved on with the day.
        let text = difference.json();
        assert!(difference.is_empty() || text.contains("retired"), "{text}");
        let nothing = BTreeMap::new();
        let (_, difference) = compare(
            &sources,
            &Ledger::default(),
            &nothing,
            Settings::default(),
            now(),
        );
        let json = difference.expect("nothing is wrong").json();
        let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
        let changes = json["changes"].as_array().expect("it is a list");
        assert_eq!(changes.len(), built.published);
        assert!(changes.iter().all(|change| change["what"] == "added"));
    }
}
