//! Telling: what a watcher says, so that whoever reads it learns everything once.
//!
//! Flows in: batches, and why nothing is published. Flows out: the same, without what was said before.

use crate::cli::args::{WatchArguments, WatchFormatArgument};
use crate::io::batch::{Batch, MOST_DRAWN};
use crate::io::journal::Journal;
use crate::io::report::{Color, say};
use crate::io::wake::Waker;
use crate::pipeline::{Diagnostic, Sources};
use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::sync::Arc;

/// What was said so far.
pub(super) struct Telling<'a> {
    arguments: &'a WatchArguments,
    journal: Journal,
    /// What was wrong in the last batch, by file.
    reported: BTreeMap<Arc<str>, Vec<Diagnostic>>,
    /// What was said last of why nothing is published.
    waiting: Option<String>,
    /// Whether that was said by the way, and no batch has told yet how it ended.
    is_told_to_wait: bool,
    /// Whether it was said that the system does not tell of changes.
    told_polling: bool,
}

impl<'a> Telling<'a> {
    pub(super) fn new(arguments: &'a WatchArguments) -> Self {
        Telling {
            arguments,
            journal: Journal::new(Color::of_stderr()),
            reported: BTreeMap::new(),
            waiting: None,
            is_told_to_wait: false,
            told_polling: false,
        }
    }

    /// Says what is good to know.
    pub(super) fn tell(&mut self, line: &str) {
        if !self.arguments.quiet {
            self.journal.say(line);
        }
    }

    /// Says what is waited for, once.
    pub(super) fn tell_waiting(&mut self, line: &str) {
        if self.waiting.as_deref() != Some(line) {
            self.journal.say(line);
            self.waiting = Some(line.to_owned());
            self.is_told_to_wait = true;
        }
    }

    /// Tells whether people were told that something is waited for, and not yet that it is over.
    pub(super) fn is_told_to_wait(&self) -> bool {
        self.is_told_to_wait
    }

    /// Says when the system no longer tells of changes, or does again.
    pub(super) fn tell_how(&mut self, waker: &Waker) {
        let why = waker.why_not();
        if why.is_some() == self.told_polling {
            return;
        }
        self.told_polling = why.is_some();
        self.tell(&match why {
            Some(why) => {
                format!("the system does not tell of changes ({why}): looking every few seconds")
            }
            None => "the system tells of changes again".to_owned(),
        });
    }

    /// Chooses what to say of all that is wrong: what is new, and what is still wrong with a file that changed.
    pub(super) fn news_of(
        &mut self,
        all: &[Diagnostic],
        changed: &BTreeSet<Arc<str>>,
    ) -> Vec<Diagnostic> {
        let room = match self.arguments.format {
            WatchFormatArgument::Human => MOST_DRAWN,
            WatchFormatArgument::Json => usize::MAX,
        };
        let before = mem::take(&mut self.reported);
        let (mut news, mut errors) = (Vec::new(), 0);
        for found in all {
            let file = &found.place.file;
            let known = before.get(file).map_or(&[][..], Vec::as_slice);
            let is_known = known.iter().any(|known| is_same(known, found));
            if changed.contains(file) || !is_known {
                news.push(found.clone());
                errors += usize::from(found.is_error());
            }
            // An error that there is no room for is new again as soon as those before it are mended.
            if is_known || !found.is_error() || errors <= room {
                self.reported
                    .entry(file.clone())
                    .or_default()
                    .push(found.clone());
            }
        }
        news
    }

    /// Says what a batch did, unless that is nothing, or said already.
    pub(super) fn say(&mut self, batch: &Batch, sources: &Sources, is_first: bool) {
        let is_said = batch.waiting.is_some()
            && batch.waiting == self.waiting
            && batch.files.is_empty()
            && batch.diagnostics.is_empty();
        let is_news = batch.is_news() || self.waiting.is_some() || is_first;
        self.waiting.clone_from(&batch.waiting);
        self.is_told_to_wait = false;
        if is_said || !is_news || (self.arguments.quiet && !batch.is_wrong()) {
            return;
        }
        let text_of = |path: &str| sources.text_of(path);
        let format = self.arguments.format.into();
        if let Err(fault) = batch.say(&text_of, format, &mut self.journal) {
            say(&fault.to_string());
        }
    }
}

/// Tells whether a diagnostic says the same as another one: a feed that is too large has another number of bytes after
/// each batch.
fn is_same(one: &Diagnostic, other: &Diagnostic) -> bool {
    let words = |found: &Diagnostic| -> String {
        let message = found.complaint.message.chars();
        message.filter(|letter| !letter.is_ascii_digit()).collect()
    };
    one == other
        || (one.code() == other.code()
            && !one.is_error()
            && one.place == other.place
            && words(one) == words(other))
}
