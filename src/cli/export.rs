//! `sofacal export`: events in, feeds out, all or nothing.

use crate::cli::args::ExportArguments;
use crate::cli::ledger::{choose_ledger, our_feeds, read_published};
use crate::cli::prune::prune;
use crate::cli::publishing::{counted, files, refuse_foreign_feeds, totals};
use crate::cli::{Fault, Outcome, sources_of};
use crate::io::feeds::{LEDGER, Published};
use crate::io::lock::OutputLock;
use crate::io::publish::publish;
use crate::io::read::{check_folders, read_events};
use crate::io::report::{Color, report, say};
use crate::io::steps::Steps;
use crate::io::{clock, shown};
use crate::parallel::at_once;
use crate::pipeline::{Ledger, LedgerFault, Settings, Sources, build, recover_ledger};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::mem;

pub(crate) fn run(arguments: &ExportArguments) -> Result<Outcome, Fault> {
    let now = clock::now()?;
    let steps = Steps::new(arguments.verbose);
    check_folders(&arguments.events, &arguments.output)?;
    // Locked before anything is read: what is published last must be what was read last.
    let lock = OutputLock::acquire(&arguments.output)?;
    let (sources, published) = steps.during("reading the event files and the ledger", || {
        at_once(
            || read_events(&arguments.events),
            || read_published(&arguments.output),
        )
    });
    let (feeds, known) = published?;
    let is_first = known.is_none();
    let sources = sources_of(&arguments.events, sources?);
    steps.detail(|| found(&sources));
    let ledger = match (arguments.new_ledger, &known) {
        (true, Some(Ok(_))) => Err(Fault::GoodLedger {
            path: shown(&arguments.output.join(LEDGER)),
        }),
        (true, None | Some(Err(LedgerFault::Broken(_)))) => recover(&feeds, &sources, now),
        _ => choose_ledger(&arguments.output, arguments.require_ledger, known, &feeds),
    }?;
    let settings = Settings {
        allow_empty: arguments.allow_empty,
        prune: arguments.prune,
    };
    let mut build = steps.during("making the feeds", || {
        build(&sources, &ledger, settings, now)
    });
    let format = arguments.format.into();
    report(
        &build.diagnostics,
        &|path| sources.text_of(path),
        format,
        Color::of_stderr(),
    )?;
    let output = shown(&arguments.output);
    if build.has_errors() {
        say(&format!("nothing was written: `{output}` stays as it was"));
        return Ok(Outcome::Mistakes);
    }
    refuse_foreign_feeds(&build, &ledger, &feeds, &arguments.output)?;
    let totals = totals(&build);
    let written = steps.during("writing what changed", || {
        publish(&lock, &files(&build.feeds, &build.ledger))
    })?;
    if is_first && !arguments.new_ledger {
        say("a fresh start: there was no ledger, and every event got its first stamps");
    }
    say(&summary(&totals, &written, &output));
    prune(&lock, &mut build, &feeds, &output)?;
    // The process ends, and what it holds with it: to take a large calendar apart first is a waste of time.
    mem::forget((sources, ledger, build));
    Ok(Outcome::Fine)
}

fn found(sources: &Sources) -> String {
    let files = counted(sources.events.len(), "event file");
    format!("found {files} below `{}`", sources.root)
}

fn recover(published: &Published, sources: &Sources, now: DateTime<Utc>) -> Result<Ledger, Fault> {
    let feeds: BTreeMap<String, String> = our_feeds(published)?.collect();
    let ledger = recover_ledger(&feeds, sources, now);
    let holds_events = |ics: &String| ics.contains("BEGIN:VEVENT");
    if ledger.records.is_empty() && feeds.values().any(holds_events) {
        return Err(Fault::UnreadableFeeds);
    }
    let events = counted(ledger.records.len(), "event");
    let feeds = counted(ledger.feeds.len(), "feed");
    say(&format!("new ledger: {events} recovered from {feeds}"));
    Ok(ledger)
}

fn summary(totals: &str, written: &[String], output: &str) -> String {
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
