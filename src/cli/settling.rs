//! Settling: the events folder at a moment when nobody is in the middle of changing all of it.
//!
//! Flows in: the folder, again and again. Flows out: sources, and what is different in them.

use crate::cli::{Fault, sources_of};
use crate::io::clock;
use crate::io::git::is_busy;
use crate::io::read::EventReader;
use crate::io::wake::{Wake, Waker};
use crate::pipeline::Sources;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The longest time that changes without a pause hold a batch back.
pub(super) const LONGEST_NOISE: Duration = Duration::from_secs(2);
/// The longest time that git, or files that keep vanishing, hold a batch back.
const LONGEST_CHECKOUT: Duration = Duration::from_secs(60);
/// How long nothing must change before git, or whatever takes files away, may be done.
const BREATH: Duration = Duration::from_millis(300);

/// Every event file with its text, the calendar too, by its path below the events folder.
pub(super) type Seen = BTreeSet<(Arc<str>, Arc<str>)>;

/// Reads the folder when it has settled, and lists what is there; nothing if the process shall end meanwhile.
pub(super) fn settled_sources(
    reader: &mut EventReader,
    events: &Path,
    before: &Seen,
    waker: &mut Waker,
    tell: &mut dyn FnMut(&str),
) -> Result<Option<(Sources, Seen)>, Fault> {
    let end = clock::tick() + LONGEST_CHECKOUT;
    let mut known: Option<Seen> = None;
    loop {
        let read = sources(reader, events, waker).map(|sources| {
            let there = seen(&sources);
            (sources, there)
        });
        let is_vanishing = match &read {
            Ok((_, there)) => has_vanished(known.as_ref().unwrap_or(before), there),
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
        if known.is_some() || !is_vanishing {
            tell(&format!("waiting: {why}"));
        }
        known = Some(read.map(|(_, there)| there).unwrap_or_default());
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
    Ok(sources_of(events, read))
}

/// Tells whether a file is no longer there; both lists are in order.
fn has_vanished(before: &Seen, now: &Seen) -> bool {
    let mut now = now.iter();
    let mut is_there = |name: &Arc<str>| now.any(|(there, _)| there == name);
    before.iter().any(|(name, _)| !is_there(name))
}

/// Lists what there is, to tell it from what there is later.
fn seen(sources: &Sources) -> Seen {
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
pub(super) fn changed(before: &Seen, now: &Seen) -> Vec<String> {
    let other = before.symmetric_difference(now);
    let names: BTreeSet<&str> = other.map(|(name, _)| &**name).collect();
    names.into_iter().map(str::to_owned).collect()
}
