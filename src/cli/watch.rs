//! `sofacal watch`: feeds that follow the event files, batch after batch, until it is stopped.
//!
//! What the system tells of changes is a wake-up only: each batch looks at the whole folder. The first build is a batch
//! like any other. A fault of the machine ends no watch: it is said, and the next batch tries again.

use crate::cli::args::WatchArguments;
use crate::cli::ledger::{choose_ledger, forget_deleted, read_published};
use crate::cli::publishing::{files, refuse_foreign_feeds};
use crate::cli::settling::{Folder, LONGEST_NOISE, Seen, Settled, changed};
use crate::cli::telling::Telling;
use crate::cli::{Fault, Outcome};
use crate::io::batch::{Batch, HeldEvent, HeldFile, Noticed};
use crate::io::feeds::{ledger_stamp, list_feeds};
use crate::io::lock::OutputLock;
use crate::io::publish::publish;
use crate::io::read::check_folders;
use crate::io::stamp::Stamp;
use crate::io::wake::{Wake, Waker};
use crate::io::{clock, shown};
use crate::pipeline::{Diagnostic, Ledger, News, Settings, Sources, Standing, Steady};
use std::collections::BTreeSet;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

/// How often the folder is looked at though nothing is told of it: what the system missed is seen then.
const SAFETY: Duration = Duration::from_secs(60);
/// How soon a folder that is gone, or a disk that was full, is looked at again.
const SOON: Duration = Duration::from_secs(2);
/// The longest pause, however long a look takes.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// Looks for safety take at most one part in so many of the time, and those that come soon one in so many: a pause
/// grows with what it costs to look.
const IDLE: u32 = 1_000;
const BUSY: u32 = 50;

pub(crate) fn run(arguments: &WatchArguments) -> Result<Outcome, Fault> {
    // A time that cannot be read is said before anything is waited for.
    clock::now()?;
    check_folders(&arguments.events, &arguments.output)?;
    let lock = OutputLock::acquire(&arguments.output)?;
    let polls = arguments.poll.is_some();
    let mut waker = Waker::new(&arguments.events, &arguments.output, polls)?;
    let mut watch = Watch::begin(arguments, lock)?;
    watch.telling.tell(&format!(
        "watching `{}`, publishing to `{}`; stop it with Ctrl-C",
        shown(&arguments.events),
        shown(&arguments.output)
    ));
    if watch.ledger_stamp.is_none() {
        let fresh = "a fresh start: there is no ledger, and every event gets its first stamps";
        watch.telling.tell(fresh);
    }
    let quiet = quiet_period(arguments);
    let mut wake = Wake::Timeout;
    while wake != Wake::Stop {
        watch.batch(wake, &mut waker);
        watch.telling.tell_how(&waker);
        wake = match waker.wait(watch.pause(&waker)) {
            Wake::Changed => waker.wait_for_quiet(quiet, LONGEST_NOISE.max(quiet * 2)),
            wake => wake,
        };
    }
    watch.telling.tell("stopped");
    Ok(Outcome::Fine)
}

fn quiet_period(arguments: &WatchArguments) -> Duration {
    Duration::from_millis(arguments.quiet_period)
}

/// What a watcher knows between two batches.
struct Watch<'a> {
    arguments: &'a WatchArguments,
    lock: OutputLock,
    folder: Folder<'a>,
    steady: Steady,
    ledger: Ledger,
    /// How the ledger's file looked when it was read or written last.
    ledger_stamp: Option<Stamp>,
    /// What was there in the last batch.
    seen: Option<Seen>,
    cancelled: BTreeSet<Arc<str>>,
    /// The files with errors in the last batch.
    broken: BTreeSet<Arc<str>>,
    telling: Telling<'a>,
    /// Whether the last batch could not do all that it should.
    is_unfinished: bool,
    /// How long a look takes that finds nothing to do, or nothing that can be done.
    cost: Duration,
}

impl<'a> Watch<'a> {
    fn begin(arguments: &'a WatchArguments, lock: OutputLock) -> Result<Self, Fault> {
        Ok(Watch {
            ledger_stamp: ledger_stamp(&arguments.output),
            ledger: read_ledger(arguments)?,
            folder: Folder::new(&arguments.events, quiet_period(arguments)),
            steady: Steady::default(),
            telling: Telling::new(arguments),
            arguments,
            lock,
            seen: None,
            cancelled: BTreeSet::new(),
            broken: BTreeSet::new(),
            is_unfinished: false,
            cost: Duration::ZERO,
        })
    }

    /// Gives how long to wait for a change before looking all the same.
    fn pause(&self, waker: &Waker) -> Duration {
        let poll = self.arguments.poll.map(Duration::from_secs);
        let usual = match (self.is_unfinished, poll) {
            (true, _) => SOON.max(self.cost * BUSY),
            (false, Some(poll)) => poll,
            (false, None) if waker.polls() => SOON.max(self.cost * BUSY),
            (false, None) => SAFETY.max(self.cost * IDLE),
        };
        let usual = match poll {
            Some(poll) => usual.min(LONGEST_PAUSE.max(poll)),
            None => usual.min(LONGEST_PAUSE),
        };
        // At midnight a window of past events moves on.
        let now = clock::now().ok();
        let midnight = self.steady.end_of_day().zip(now);
        let left = midnight.and_then(|(midnight, now)| (midnight - now).to_std().ok());
        left.map_or(usual, |left| usual.min(left + Duration::from_secs(1)))
    }

    /// Looks at everything, publishes what is new, and says so; whatever fails is tried again by the next batch.
    fn batch(&mut self, wake: Wake, waker: &mut Waker) {
        let mut batch = Batch {
            time: clock::local(),
            ..Batch::default()
        };
        let mut tell = |line: &str| self.telling.tell_waiting(line);
        let settled = self
            .folder
            .settle(wake, self.seen.as_ref(), waker, &mut tell);
        let settled = match settled {
            Ok(Some(settled)) => settled,
            Ok(None) => return,
            Err(fault) => {
                self.cost = self.folder.took();
                return self.fail(batch, &Sources::default(), &fault);
            }
        };
        let Settled {
            sources,
            seen,
            since,
        } = settled;
        if self.is_up_to_date(&seen) {
            self.cost = self.folder.took();
            return;
        }
        let files = self.seen.as_ref().map(|before| changed(before, &seen));
        let files = files.unwrap_or_default();
        batch.files = files.iter().map(|file| file.to_string()).collect();
        let is_first = self.seen.replace(seen).is_none();
        let published = self.publish(&sources, &files, &mut batch);
        batch.took = since.elapsed();
        match published {
            Ok(()) => {
                self.is_unfinished = false;
                self.telling.say(&batch, &sources, is_first);
            }
            Err(fault) => {
                self.cost = batch.took;
                self.fail(batch, &sources, &fault);
            }
        }
    }

    /// Says what keeps a batch from publishing; the next one tries again.
    fn fail(&mut self, mut batch: Batch, sources: &Sources, fault: &Fault) {
        self.is_unfinished = true;
        batch.waiting = Some(in_the_way(fault));
        self.telling.say(&batch, sources, false);
    }

    /// Tells whether the last batch did all that there is to do about these files, and said so.
    fn is_up_to_date(&self, seen: &Seen) -> bool {
        let output = &self.arguments.output;
        let is_other_day = clock::now().is_ok_and(|now| self.steady.is_of_another_day(now));
        let has_every_feed = list_feeds(output).is_ok_and(|there| {
            let mut slugs = self.ledger.feeds.iter();
            slugs.all(|slug| there.feeds.contains_key(slug))
        });
        self.seen.as_ref() == Some(seen)
            && !self.is_unfinished
            && !is_other_day
            && self.lock.is_in_place()
            && has_every_feed
            && ledger_stamp(output) == self.ledger_stamp
            && !self.telling.is_told_to_wait()
    }

    fn publish(
        &mut self,
        sources: &Sources,
        changed: &BTreeSet<Arc<str>>,
        batch: &mut Batch,
    ) -> Result<(), Fault> {
        let now = clock::now()?;
        if self.lock.keep()? {
            let output = shown(&self.arguments.output);
            self.telling.tell(&format!(
                "the lock of `{output}` was gone, and is held again"
            ));
        }
        self.follow_ledger()?;
        let feeds = list_feeds(&self.arguments.output)?;
        forget_deleted(&mut self.ledger, &feeds);
        let settings = Settings {
            allow_empty: self.arguments.allow_empty,
            ..Settings::default()
        };
        let steady = self.steady.build(sources, &self.ledger, settings, now);
        let diagnostics = &steady.build.diagnostics;
        batch.diagnostics = self.telling.news_of(diagnostics, changed);
        batch.held = steady
            .standing(&sources.root)
            .into_iter()
            .map(held)
            .collect();
        batch.fixed = self.fixed(diagnostics, sources);
        let build = steady.build;
        if build.has_errors() {
            let why = "nothing is published until this is mended; the feeds stay as they are";
            batch.waiting = Some(why.to_owned());
            return Ok(());
        }
        refuse_foreign_feeds(&build, &self.ledger, &feeds, &self.arguments.output)?;
        batch.written = publish(&self.lock, &files(&build.feeds, &build.ledger))?;
        let called_off = &build.cancelled - &self.cancelled;
        let news = self.ledger.news(&build.ledger, &called_off);
        batch.events = news.into_iter().map(noticed).collect();
        self.cancelled = build.cancelled;
        self.ledger = build.ledger;
        self.ledger_stamp = ledger_stamp(&self.arguments.output);
        Ok(())
    }

    /// Lists the files that are there, had errors in the last batch, and have none now.
    fn fixed(&mut self, diagnostics: &[Diagnostic], sources: &Sources) -> Vec<String> {
        let errors = diagnostics.iter().filter(|found| found.is_error());
        let broken = errors.map(|found| found.place.file.clone()).collect();
        let before = mem::replace(&mut self.broken, broken);
        let mut mended = &before - &self.broken;
        if !mended.is_empty() {
            let all = sources.calendar.iter().chain(&sources.events);
            let there: BTreeSet<Arc<str>> = all.map(|source| source.path.clone()).collect();
            mended.retain(|file| there.contains(file));
        }
        mended.iter().map(|file| file.to_string()).collect()
    }

    /// Goes on with the ledger that is there if it is not the one of the last batch: someone, git perhaps, brought
    /// another one, or a fault kept the feeds from following it. One that is gone is written again.
    fn follow_ledger(&mut self) -> Result<(), Fault> {
        let stamp = ledger_stamp(&self.arguments.output);
        if stamp.is_some() && stamp != self.ledger_stamp {
            self.ledger = read_ledger(self.arguments)?;
            self.ledger_stamp = stamp;
        }
        Ok(())
    }
}

/// Reads the ledger that is there; a first run begins with an empty one.
fn read_ledger(arguments: &WatchArguments) -> Result<Ledger, Fault> {
    let (published, known) = read_published(&arguments.output)?;
    let is_required = arguments.require_ledger;
    choose_ledger(&arguments.output, is_required, known, &published)
}

/// Says what keeps a batch from publishing.
fn in_the_way(fault: &Fault) -> String {
    let hint = match fault {
        // What to do about these helps at the start only.
        Fault::Io(_) => None,
        fault => fault.hint(),
    };
    let hint = hint.map_or(String::new(), |hint| format!(" ({hint})"));
    format!("waiting, the feeds stay as they are: {fault}{hint}")
}

fn noticed(news: News) -> Noticed {
    Noticed {
        what: news.what.as_str(),
        title: news.title,
        start: news.start,
        was: news.was,
    }
}

fn held((file, events): (Arc<str>, Vec<Standing>)) -> HeldFile {
    let event = |Standing { title, start }| HeldEvent { title, start };
    HeldFile {
        file: file.to_string(),
        events: events.into_iter().map(event).collect(),
    }
}
