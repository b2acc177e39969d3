//! Settling: the events folder at a moment when nobody is in the middle of changing all of it.
//!
//! Flows in: the folder, again and again. Flows out: sources, and what is different in them.

use crate::cli::{Fault, sources_of};
use crate::io::clock;
use crate::io::git::index_lock;
use crate::io::read::EventReader;
use crate::io::stamp::Stamp;
use crate::io::wake::{Wake, Waker};
use crate::pipeline::Sources;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The longest time that changes without a pause hold a batch back.
pub(super) const LONGEST_NOISE: Duration = Duration::from_secs(2);
/// The longest time that git, or files that change by the dozen or vanish, hold a batch back.
const LONGEST_CHECKOUT: Duration = Duration::from_secs(60);
/// How long nothing must change at least before git, or whatever changes the files, may be done.
const BREATH: Duration = Duration::from_millis(300);
/// How long people wait before they wonder.
const PATIENCE: Duration = Duration::from_secs(1);
/// How many files change together when something else than a person changes them.
const MANY: usize = 10;

/// Every event file with its text, the calendar too, by its path as people reach it.
pub(super) type Seen = BTreeSet<(Arc<str>, Arc<str>)>;

/// What is in the folder when it has settled.
pub(super) struct Settled {
    pub(super) sources: Sources,
    pub(super) seen: Seen,
    /// When the look began that found it.
    pub(super) since: Instant,
}

/// The events folder, looked at again and again.
pub(super) struct Folder<'a> {
    path: &'a Path,
    breath: Duration,
    reader: EventReader,
    /// A lock of git that was waited for in vain, as it looked: whoever took it is gone.
    left_lock: Option<Stamp>,
    /// How long the last look took.
    took: Duration,
}

impl<'a> Folder<'a> {
    pub(super) fn new(path: &'a Path, quiet: Duration) -> Self {
        Folder {
            path,
            breath: BREATH.max(quiet),
            reader: EventReader::new(path),
            left_lock: None,
            took: Duration::ZERO,
        }
    }

    /// Gives how long the last look took.
    pub(super) fn took(&self) -> Duration {
        self.took
    }

    /// Reads the folder when it has settled; nothing if the process shall end meanwhile. `wake` is how the last wait
    /// ended, `before` what was there in the last batch.
    pub(super) fn settle(
        &mut self,
        mut wake: Wake,
        before: Option<&Seen>,
        waker: &mut Waker,
        tell: &mut dyn FnMut(&str),
    ) -> Result<Option<Settled>, Fault> {
        let begin = clock::tick();
        let mut known: Option<Seen> = None;
        loop {
            let read = self.look(waker);
            let is_restless = wake == Wake::Changed || waker.polls();
            let why = self.unrest(&read, known.as_ref().or(before), is_restless);
            let Some(why) = why else {
                return read.map(Some);
            };
            if begin.elapsed() >= LONGEST_CHECKOUT {
                tell(&format!(
                    "waited for a minute, and goes on all the same: {why}"
                ));
                self.left_lock = index_lock(self.path);
                return read.map(Some);
            }
            // What is over at once is nothing to speak of.
            if begin.elapsed() >= PATIENCE {
                tell(&format!("waiting: {why}"));
            }
            known = Some(read.map(|settled| settled.seen).unwrap_or_default());
            wake = waker.wait_for_quiet(self.breath, LONGEST_NOISE.max(self.breath * 2));
            if wake == Wake::Stop {
                return Ok(None);
            }
        }
    }

    fn look(&mut self, waker: &mut Waker) -> Result<Settled, Fault> {
        // First to watch, then to look: whatever changes after the look wakes.
        waker.follow_root();
        let since = clock::tick();
        let read = self.reader.read(|| waker.watch_again());
        self.took = since.elapsed();
        let sources = sources_of(self.path, read?);
        Ok(Settled {
            seen: seen(&sources),
            sources,
            since,
        })
    }

    /// Says why the folder is not at rest, if it is not.
    fn unrest(
        &self,
        read: &Result<Settled, Fault>,
        before: Option<&Seen>,
        is_restless: bool,
    ) -> Option<&'static str> {
        let lock = index_lock(self.path);
        if lock.is_some() && lock != self.left_lock {
            return Some("git is in the middle of its work (`.git/index.lock` is there)");
        }
        let is_vanishing = match read {
            Ok(settled) => before.is_some_and(|before| has_vanished(before, &settled.seen)),
            Err(fault) => fault.is_of_a_file_that_vanished(),
        };
        if is_vanishing {
            return Some("files keep vanishing");
        }
        let (now, before) = (read.as_ref().ok()?, before?);
        (is_restless && changed(before, &now.seen).len() >= MANY)
            .then_some("many files are changing")
    }
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
    let well = all.map(|source| (source.path.clone(), source.text.clone()));
    // A file that is no text is there all the same.
    let odd = sources.diagnostics.iter().map(|found| {
        let complaint: Arc<str> = found.complaint.message.as_str().into();
        (found.place.file.clone(), complaint)
    });
    well.chain(odd).collect()
}

/// Lists the files that are new, other or gone.
pub(super) fn changed(before: &Seen, now: &Seen) -> BTreeSet<Arc<str>> {
    let other = before.symmetric_difference(now);
    other.map(|(name, _)| name.clone()).collect()
}
