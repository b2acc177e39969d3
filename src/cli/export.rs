//! `sofacal export`: events in, feeds out, all or nothing.

use crate::cli::args::ExportArguments;
use crate::cli::{Fault, Outcome};
use crate::feed::revision::Ledger;
use crate::io::lock::OutputLock;
use crate::io::publish::{FileToWrite, publish};
use crate::io::read::{Published, read_events, read_feeds};
use crate::io::report::{Color, report, say};
use crate::io::{clock, shown};
use crate::pipeline::{Build, Settings, Sources, build, recover_ledger};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

const LEDGER: &str = "ledger.json";

pub(crate) fn run(arguments: &ExportArguments) -> Result<Outcome, Fault> {
    let now = clock::now()?;
    let events = read_events(&arguments.events)?;
    let lock = OutputLock::acquire(&arguments.output)?;
    let sources = Sources {
        root: shown(&arguments.events),
        calendar: events.calendar,
        events: events.events,
        diagnostics: events.diagnostics,
    };
    let published = read_feeds(&arguments.output)?;
    let ledger = ledger(arguments, published, &sources, now)?;
    let settings = Settings {
        allow_empty: arguments.allow_empty,
    };
    let build = build(&sources, &ledger, settings, now);
    let text_of = |path: &str| {
        let mut all = sources.calendar.iter().chain(&sources.events);
        all.find(|source| *source.path == *path)
            .map(|source| source.text.as_str())
    };
    report(
        &build.diagnostics,
        &text_of,
        arguments.format.into(),
        Color::of_stderr(),
    )?;
    if build.has_errors() {
        say(&format!(
            "nothing was written: `{}` stays as it was",
            shown(&arguments.output)
        ));
        return Ok(Outcome::Mistakes);
    }
    if ledger == Ledger::default() {
        say("a fresh start: there was no ledger, and every event gets its first stamps");
    }
    let written = publish(&lock, &files(&build))?;
    say(&summary(&build, &written, &shown(&arguments.output)));
    Ok(Outcome::Fine)
}

/// Finds the ledger of the last run, or says why there is none to go on with.
fn ledger(
    arguments: &ExportArguments,
    published: Published,
    sources: &Sources,
    now: DateTime<Utc>,
) -> Result<Ledger, Fault> {
    let path = shown(&arguments.output.join(LEDGER));
    match published.ledger {
        _ if arguments.new_ledger => {
            let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
            let slug = |name: String| name.trim_end_matches(".ics").to_owned();
            let feeds = published.feeds.into_iter();
            let feeds: BTreeMap<String, String> = feeds
                .map(|(name, bytes)| (slug(name), text(bytes)))
                .collect();
            let ledger = recover_ledger(&feeds, sources, now);
            say(&format!(
                "new ledger: {} events recovered from {} feeds",
                ledger.records.len(),
                feeds.len()
            ));
            Ok(ledger)
        }
        Some(json) => {
            Ledger::from_json(&json).map_err(|reason| Fault::BrokenLedger { path, reason })
        }
        None if !published.feeds.is_empty() => Err(Fault::LostLedger { path }),
        None if arguments.require_ledger => Err(Fault::NoLedger { path }),
        None => Ok(Ledger::default()),
    }
}

/// Lists what to write, the ledger first: a feed never gets ahead of what is known of it.
fn files(build: &Build) -> Vec<FileToWrite> {
    let ledger = FileToWrite {
        name: LEDGER.to_owned(),
        bytes: build.ledger.to_json(),
    };
    let feeds = build.feeds.iter().map(|feed| FileToWrite {
        name: format!("{}.ics", feed.slug),
        bytes: feed.ics.clone().into_bytes(),
    });
    [ledger].into_iter().chain(feeds).collect()
}

fn summary(build: &Build, written: &[String], output: &str) -> String {
    let drafts = match build.drafts {
        0 => String::new(),
        1 => ", 1 draft waits for its start".to_owned(),
        drafts => format!(", {drafts} drafts wait for their start"),
    };
    let events = match build.events.len() {
        1 => "1 event".to_owned(),
        events => format!("{events} events"),
    };
    let totals = format!("{events} in {} feeds{drafts}", build.feeds.len());
    let feeds: Vec<&str> = written
        .iter()
        .map(String::as_str)
        .filter(|name| *name != LEDGER)
        .collect();
    match feeds.as_slice() {
        [] => format!("{totals}; `{output}` is up to date"),
        names => format!("{totals}; written to `{output}`: {}", names.join(", ")),
    }
}
