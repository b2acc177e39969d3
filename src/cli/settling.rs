//! Settling: the events folder at a moment when nobody is in the middle of changing all of it.
//!
//! Flows in: the folder, again and again. Flows out: sources, and what is different in them.

use crate::cli::Fault;
use crate::io::git::is_busy;
use crate::io::read::EventReader;
use crate::io::wake::{Wake, Waker};
use crate::io::{clock, shown};
use crate::pipeline::Sources;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The longest time that changes without a pause hold a batch back.
pub(super) const LONGEST_NOISE: Duration = Duration::from_secs(2);
/// The longest time that git, or files that keep vanishing, hold a batch back.
const LONGEST_CHECKOUT: Duration = Duration::from_secs(60);
/// How long nothing must change before git, or whatever takes files away, may be done.
const BREATH: Duration = Duration::from_millis(300);

/// The texts of the event files by their path below the events folder; the calendar is one of them.
pub(super) type Seen = BTreeMap<Arc<str>, Arc<str>>;

/// Reads the folder when it has settled; nothing if the process shall end meanwhile.
pub(super) fn settled_sources(
    reader: &mut EventReader,
    events: &Path,
    before: Option<&Seen>,
    waker: &mut Waker,
    tell: &mut dyn FnMut(&str),
) -> Result<Option<Sources>, Fault> {
    let end = clock::tick() + LONGEST_CHECKOUT;
    let mut known: BTreeSet<Arc<str>> = before.map(names).unwrap_or_default();
    let mut is_first = true;
    loop {
        let read = sources(reader, events, waker);
        let there = read.as_ref().map(|sources| names(&seen(sources)));
        let is_vanishing = match &there {
            Ok(there) => known.difference(there).next().is_some(),
            Err(fault) => fault.is_of_a_file_that_vanished(),
        };
        let why = match is_busy(events) {
            true => "git is in the middle of its work (`.git/index.lock` is there)",
            false if is_vanishing => "files keep vanishing",
            false => return read.map(Some),
        };
        if clock::tick() >= end {
            tell(&format!(
                "waited for a minute, and goes on all the same: {why}"
            ));
            return read.map(Some);
        }
        // A file that vanishes, with none after it, is nothing to speak of.
        if !(is_first && is_vanishing) {
            tell(&format!("waiting: {why}"));
        }
        is_first = false;
        known = there.unwrap_or_default();
        if waker.wait_for_quiet(BREATH, LONGEST_NOISE) == Wake::Stop {
            return Ok(None);
        }
    }
}

fn sources(reader: &mut EventReader, events: &Path, waker: &mut Waker) -> Result<Sources, Fault> {
    let folders = reader.folders().clone();
    let mut read = reader.read()?;
    if *reader.folders() != folders {
        // New folders wake only from now on: what came into them until now is read here.
        waker.watch_again();
        read = reader.read()?;
    }
    Ok(Sources {
        root: shown(events),
        calendar: read.calendar,
        events: read.events,
        diagnostics: read.diagnostics,
    })
}

fn names(seen: &Seen) -> BTreeSet<Arc<str>> {
    seen.keys().cloned().collect()
}

/// Lists what there is, to tell it from what there is later.
pub(super) fn seen(sources: &Sources) -> Seen {
    let all = sources.calendar.iter().chain(&sources.events);
    let well = all.map(|source| (source.relative.clone(), source.text.clone()));
    // A file that is no text is there all the same.
    let odd = sources.diagnostics.iter().map(|found| {
        let complaint: Arc<str> = found.complaint.message.as_str().into();
        (found.place.file.clone(), complaint)
    });
    well.chain(odd).collect()
}

/// Lists the files that are new, other or gone.
pub(super) fn changed(before: Option<&Seen>, now: &Seen) -> Vec<String> {
    let Some(before) = before else {
        return Vec::new();
    };
    let other = now
        .iter()
        .filter(|(path, text)| before.get(*path) != Some(text));
    let gone = before.iter().filter(|(path, _)| !now.contains_key(*path));
    let mut names: Vec<String> = other
        .chain(gone)
        .map(|(path, _)| path.to_string())
        .collect();
    names.sort();
    names
}
