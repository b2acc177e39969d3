//! `sofacal watch`: feeds that follow the event files, batch after batch, until it is stopped.
//!
//! What the system tells of changes is a wake-up only: each batch looks at the whole folder. The first build is a batch
//! like any other. A fault of the machine ends no watch: it is said, and the next batch tries again.

use crate::cli::args::WatchArguments;
use crate::cli::ledger::{choose_ledger, forget_deleted};
use crate::cli::publishing::{files, refuse_foreign_feeds};
use crate::cli::{Fault, Outcome};
use crate::io::batch::{Batch, Noticed};
use crate::io::feeds::{list_feeds, read_feeds};
use crate::io::lock::OutputLock;
use crate::io::publish::publish;
use crate::io::read::{EventReader, check_folders};
use crate::io::report::{Color, say};
use crate::io::wake::{Wake, Waker};
use crate::io::{clock, shown};
use crate::pipeline::{Diagnostic, Ledger, News, Settings, Sources, Steady, What};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// How often the folder is looked at though nothing is told of it: what the system missed is seen then.
const SAFETY: Duration = Duration::from_secs(60);
/// How soon a folder that is gone, or a disk that was full, is looked at again.
const SOON: Duration = Duration::from_secs(2);
/// The longest time that changes without a pause hold a batch back.
const LONGEST_NOISE: Duration = Duration::from_secs(2);
/// The longest time that git, or files that keep vanishing, hold a batch back.
const LONGEST_CHECKOUT: Duration = Duration::from_secs(60);

pub(crate) fn run(arguments: &WatchArguments) -> Result<Outcome, Fault> {
    check_folders(&arguments.events, &arguments.output)?;
    let lock = OutputLock::acquire(&arguments.output)?;
    let polls = arguments.poll.is_some();
    let mut waker = Waker::new(&arguments.events, &arguments.output, polls)?;
    let mut watch = Watch::begin(arguments, lock)?;
    let how = match waker.polls() {
        true if !polls => ", looking every few seconds, since the system does not tell of changes",
        _ => "",
    };
    watch.tell(&format!(
        "watching `{}`, publishing to `{}`{how}; stop it with Ctrl-C",
        shown(&arguments.events),
        shown(&arguments.output)
    ));
    let quiet = Duration::from_millis(arguments.quiet_period);
    let mut is_due = true;
    loop {
        if is_due {
            watch.batch(&mut waker)?;
        }
        match waker.wait(watch.pause(waker.polls())) {
            Wake::Stop => break,
            Wake::Timeout => is_due = true,
            Wake::Changed => match waker.wait_for_quiet(quiet, LONGEST_NOISE) {
                Wake::Stop => break,
                Wake::Changed | Wake::Timeout => is_due = true,
            },
        }
    }
    watch.tell("stopped");
    Ok(Outcome::Fine)
}

/// What a watcher knows between two batches.
struct Watch<'a> {
    arguments: &'a WatchArguments,
    lock: OutputLock,
    reader: EventReader,
    steady: Steady,
    ledger: Ledger,
    /// The texts of the last batch.
    seen: Option<Seen>,
    cancelled: BTreeSet<String>,
    held: BTreeSet<Arc<str>>,
    /// What was wrong in the last batch, which is not said again.
    reported: Vec<Diagnostic>,
    /// What was said last of why nothing is published.
    waiting: Option<String>,
    /// Whether the last batch could not do all that it should.
    is_unfinished: bool,
}

/// The event files by their path below the events folder; the calendar is one of them.
type Seen = BTreeMap<Arc<str>, Arc<str>>;

impl<'a> Watch<'a> {
    fn begin(arguments: &'a WatchArguments, lock: OutputLock) -> Result<Self, Fault> {
        let mut published = read_feeds(&arguments.output)?;
        let known = published.ledger.take();
        let known = known.map(|json| Ledger::from_json(&json));
        let is_required = arguments.require_ledger;
        Ok(Watch {
            ledger: choose_ledger(&arguments.output, is_required, known, &published)?,
            reader: EventReader::new(&arguments.events),
            steady: Steady::default(),
            arguments,
            lock,
            seen: None,
            cancelled: BTreeSet::new(),
            held: BTreeSet::new(),
            reported: Vec::new(),
            waiting: None,
            is_unfinished: false,
        })
    }

    /// Gives how long to wait for a change before looking all the same.
    fn pause(&self, polls: bool) -> Duration {
        let poll = self.arguments.poll.map(Duration::from_secs);
        let usual = match (self.is_unfinished, poll) {
            (true, _) => SOON,
            (false, Some(poll)) => poll,
            (false, None) if polls => SOON,
            (false, None) => SAFETY,
        };
        // At midnight a window of past events moves on.
        let now = clock::now().ok();
        let midnight = self.steady.end_of_day().zip(now);
        let left = midnight.and_then(|(midnight, now)| (midnight - now).to_std().ok());
        left.map_or(usual, |left| usual.min(left + Duration::from_secs(1)))
    }

    /// Looks at everything and publishes what is new.
    fn batch(&mut self, waker: &mut Waker) -> Result<(), Fault> {
        let began = clock::tick();
        let time = clock::local();
        waker.follow_root();
        let folders = self.reader.folders().clone();
        let sources = match self.settled_sources(waker) {
            Ok(sources) => sources,
            Err(fault) => return self.wait_for(fault),
        };
        if *self.reader.folders() != folders {
            // Only now are new folders watched; what came into them before is read below, what comes later wakes.
            waker.watch_again();
        }
        let seen = seen(&sources);
        let is_over = self
            .steady
            .end_of_day()
            .zip(clock::now().ok())
            .is_some_and(|(end, now)| now >= end);
        let is_same = self.seen.as_ref() == Some(&seen);
        if is_same && !self.is_unfinished && !is_over && self.has_every_feed()? {
            return Ok(());
        }
        let mut batch = Batch {
            time,
            files: changed(self.seen.as_ref(), &seen),
            ..Batch::default()
        };
        self.is_unfinished = false;
        let published = self.publish(&sources, &mut batch);
        self.seen = Some(seen);
        batch.took = began.elapsed();
        match published {
            Ok(()) => {
                let is_news = !self.arguments.quiet
                    || !batch.diagnostics.is_empty()
                    || batch.waiting.is_some();
                if is_news {
                    let text_of = |path: &str| sources.text_of(path);
                    batch.say(&text_of, self.arguments.format.into(), Color::of_stderr())?;
                }
                Ok(())
            }
            Err(fault) => self.wait_for(fault),
        }
    }

    /// Reads the folder when nobody is in the middle of changing all of it.
    fn settled_sources(&mut self, waker: &mut Waker) -> Result<Sources, Fault> {
        let end = clock::tick() + LONGEST_CHECKOUT;
        let mut known: BTreeSet<Arc<str>> = self
            .seen
            .iter()
            .flat_map(|seen| seen.keys().cloned())
            .collect();
        loop {
            let sources = self.sources()?;
            let now: BTreeSet<Arc<str>> = seen(&sources).into_keys().collect();
            let has_vanished = known.difference(&now).next().is_some();
            let git_is_busy = self.reader.git_is_busy();
            if !(has_vanished || git_is_busy) || clock::tick() >= end || waker.has_stopped() {
                return Ok(sources);
            }
            if git_is_busy {
                self.say_once(
                    "waiting: git is in the middle of its work (`.git/index.lock` is there)",
                );
            }
            known = now;
            waker.wait(Duration::from_millis(300));
        }
    }

    fn sources(&mut self) -> Result<Sources, Fault> {
        let read = self.reader.read()?;
        Ok(Sources {
            root: shown(&self.arguments.events),
            calendar: read.calendar,
            events: read.events,
            diagnostics: read.diagnostics,
        })
    }

    fn publish(&mut self, sources: &Sources, batch: &mut Batch) -> Result<(), Fault> {
        let now = clock::now()?;
        let feeds = list_feeds(&self.arguments.output)?;
        forget_deleted(&mut self.ledger, &feeds);
        let settings = Settings {
            allow_empty: self.arguments.allow_empty,
            ..Settings::default()
        };
        let steady = self.steady.build(sources, &self.ledger, settings, now);
        let build = steady.build;
        let name = |path: &Arc<str>| path.to_string();
        batch.fixed = self.held.difference(&steady.held).map(name).collect();
        batch.held = steady.held.iter().map(name).collect();
        if build.diagnostics != self.reported {
            batch.diagnostics.clone_from(&build.diagnostics);
            self.reported.clone_from(&build.diagnostics);
        }
        if build.has_errors() {
            batch.fixed.clear();
            batch.waiting = Some(
                "nothing is published until this is mended; the feeds stay as they are".to_owned(),
            );
            return Ok(());
        }
        refuse_foreign_feeds(&build, &self.ledger, &feeds, &self.arguments.output)?;
        batch.written = publish(
            &self.lock,
            &files(&build.feeds, &build.ledger.json_pieces()),
        )?;
        let called_off = &build.cancelled - &self.cancelled;
        let news = self.ledger.news(&build.ledger, &called_off);
        batch.events = news.into_iter().map(noticed).collect();
        self.cancelled = build.cancelled;
        self.ledger = build.ledger;
        self.held = steady.held;
        self.waiting = None;
        Ok(())
    }

    /// Tells whether every feed that was published is still there.
    fn has_every_feed(&self) -> Result<bool, Fault> {
        let there = list_feeds(&self.arguments.output)?;
        Ok(self
            .ledger
            .feeds
            .iter()
            .all(|slug| there.feeds.contains_key(slug)))
    }

    /// Says what is in the way; the next batch tries again.
    fn wait_for(&mut self, fault: Fault) -> Result<(), Fault> {
        self.is_unfinished = true;
        let hint = fault
            .hint()
            .map_or(String::new(), |hint| format!(" ({hint})"));
        self.say_once(&format!(
            "waiting, the feeds stay as they are: {fault}{hint}"
        ));
        Ok(())
    }

    fn say_once(&mut self, line: &str) {
        if self.waiting.as_deref() != Some(line) {
            say(line);
            self.waiting = Some(line.to_owned());
        }
    }

    fn tell(&self, line: &str) {
        if !self.arguments.quiet {
            say(line);
        }
    }
}

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
fn changed(before: Option<&Seen>, now: &Seen) -> Vec<String> {
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

fn noticed(news: News) -> Noticed {
    Noticed {
        what: news.what.as_str(),
        title: news.title,
        start: news.start,
        was: match news.what {
            What::Moved(was) => Some(was),
            _ => None,
        },
    }
}
