//! `sofacal watch`: feeds that follow the event files, batch after batch, until it is stopped.
//!
//! What the system tells of changes is a wake-up only: each batch looks at the whole folder. The first build is a batch
//! like any other. A fault of the machine ends no watch: it is said, and the next batch tries again.

use crate::cli::args::WatchArguments;
use crate::cli::ledger::{choose_ledger, forget_deleted};
use crate::cli::publishing::{files, refuse_foreign_feeds};
use crate::cli::settling::{LONGEST_NOISE, Seen, changed, settled_sources};
use crate::cli::{Fault, Outcome};
use crate::io::batch::{Batch, Noticed};
use crate::io::feeds::{ledger_stamp, list_feeds, read_feeds};
use crate::io::lock::OutputLock;
use crate::io::publish::publish;
use crate::io::read::{EventReader, check_folders};
use crate::io::report::{Color, say};
use crate::io::stamp::Stamp;
use crate::io::wake::{Wake, Waker};
use crate::io::{clock, shown};
use crate::pipeline::{Diagnostic, Ledger, News, Settings, Sources, Steady, What};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// How often the folder is looked at though nothing is told of it: what the system missed is seen then.
const SAFETY: Duration = Duration::from_secs(60);
/// How soon a folder that is gone, or a disk that was full, is looked at again.
const SOON: Duration = Duration::from_secs(2);

pub(crate) fn run(arguments: &WatchArguments) -> Result<Outcome, Fault> {
    // A time that cannot be read is said before anything is waited for.
    clock::now()?;
    check_folders(&arguments.events, &arguments.output)?;
    let lock = OutputLock::acquire(&arguments.output)?;
    let polls = arguments.poll.is_some();
    let mut waker = Waker::new(&arguments.events, &arguments.output, polls)?;
    let mut watch = Watch::begin(arguments, lock)?;
    watch.tell(&format!(
        "watching `{}`, publishing to `{}`; stop it with Ctrl-C",
        shown(&arguments.events),
        shown(&arguments.output)
    ));
    if watch.ledger_stamp.is_none() {
        watch.tell("a fresh start: there is no ledger, and every event gets its first stamps");
    }
    let quiet = Duration::from_millis(arguments.quiet_period);
    loop {
        watch.batch(&mut waker);
        watch.tell_how(&waker);
        let wake = match waker.wait(watch.pause(&waker)) {
            Wake::Changed => waker.wait_for_quiet(quiet, LONGEST_NOISE),
            wake => wake,
        };
        if wake == Wake::Stop {
            break;
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
    /// How the ledger's file looked when it was read or written last.
    ledger_stamp: Option<Stamp>,
    /// What was there in the last batch.
    seen: Option<Seen>,
    cancelled: BTreeSet<Arc<str>>,
    held: BTreeSet<Arc<str>>,
    /// What was wrong in the last batch, which is not said again.
    reported: Vec<Diagnostic>,
    /// What was said last of why nothing is published.
    waiting: Option<String>,
    /// Whether the last batch could not do all that it should.
    is_unfinished: bool,
    /// Whether it was said that the system does not tell of changes.
    told_polling: bool,
}

impl<'a> Watch<'a> {
    fn begin(arguments: &'a WatchArguments, lock: OutputLock) -> Result<Self, Fault> {
        Ok(Watch {
            ledger_stamp: ledger_stamp(&arguments.output),
            ledger: read_ledger(arguments)?,
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
            told_polling: false,
        })
    }

    /// Gives how long to wait for a change before looking all the same.
    fn pause(&self, waker: &Waker) -> Duration {
        let poll = self.arguments.poll.map(Duration::from_secs);
        let usual = match (self.is_unfinished, poll) {
            (true, _) => SOON,
            (false, Some(poll)) => poll,
            (false, None) if waker.polls() => SOON,
            (false, None) => SAFETY,
        };
        // At midnight a window of past events moves on.
        let now = clock::now().ok();
        let midnight = self.steady.end_of_day().zip(now);
        let left = midnight.and_then(|(midnight, now)| (midnight - now).to_std().ok());
        left.map_or(usual, |left| usual.min(left + Duration::from_secs(1)))
    }

    /// Looks at everything, publishes what is new, and says so; whatever fails is tried again by the next batch.
    fn batch(&mut self, waker: &mut Waker) {
        let began = clock::tick();
        let mut batch = Batch {
            time: clock::local(),
            ..Batch::default()
        };
        waker.follow_root();
        let (published, sources, seen) = match self.sources(waker) {
            Ok(None) => return,
            Ok(Some((_, seen))) if self.is_up_to_date(&seen) => return,
            Ok(Some((sources, seen))) => {
                if let Some(before) = &self.seen {
                    batch.files = changed(before, &seen);
                }
                (self.publish(&sources, &mut batch), sources, seen)
            }
            Err(fault) => (Err(fault), Sources::default(), Seen::default()),
        };
        self.is_unfinished = published.is_err();
        if let Err(fault) = published {
            batch.waiting = Some(in_the_way(&fault));
        }
        batch.took = began.elapsed();
        self.say(&batch, &sources);
        self.waiting = batch.waiting;
        if !self.is_unfinished {
            self.seen = Some(seen);
        }
    }

    fn sources(&mut self, waker: &mut Waker) -> Result<Option<(Sources, Seen)>, Fault> {
        let nothing = Seen::default();
        let before = self.seen.as_ref().unwrap_or(&nothing);
        let waiting = &mut self.waiting;
        let mut say_once = |line: &str| {
            if waiting.as_deref() != Some(line) {
                say(line);
                *waiting = Some(line.to_owned());
            }
        };
        let events = &self.arguments.events;
        settled_sources(&mut self.reader, events, before, waker, &mut say_once)
    }

    /// Tells whether the last batch did all that there is to do about these files.
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
            && has_every_feed
            && ledger_stamp(output) == self.ledger_stamp
    }

    fn publish(&mut self, sources: &Sources, batch: &mut Batch) -> Result<(), Fault> {
        let now = clock::now()?;
        self.follow_ledger()?;
        let feeds = list_feeds(&self.arguments.output)?;
        forget_deleted(&mut self.ledger, &feeds);
        let settings = Settings {
            allow_empty: self.arguments.allow_empty,
            ..Settings::default()
        };
        let steady = self.steady.build(sources, &self.ledger, settings, now);
        let build = steady.build;
        let name = |path: &Arc<str>| path.to_string();
        batch.held = steady.held.iter().map(name).collect();
        let is_new = |found: &&Diagnostic| !self.reported.contains(found);
        batch.diagnostics = build.diagnostics.iter().filter(is_new).cloned().collect();
        self.reported.clone_from(&build.diagnostics);
        if build.has_errors() {
            let why = "nothing is published until this is mended; the feeds stay as they are";
            batch.waiting = Some(why.to_owned());
            return Ok(());
        }
        refuse_foreign_feeds(&build, &self.ledger, &feeds, &self.arguments.output)?;
        let pieces = build.ledger.json_pieces();
        batch.written = publish(&self.lock, &files(&build.feeds, &pieces))?;
        batch.fixed = self.held.difference(&steady.held).map(name).collect();
        let called_off = &build.cancelled - &self.cancelled;
        let news = self.ledger.news(&build.ledger, &called_off);
        batch.events = news.into_iter().map(noticed).collect();
        self.cancelled = build.cancelled;
        self.ledger = build.ledger;
        self.ledger_stamp = ledger_stamp(&self.arguments.output);
        self.held = steady.held;
        Ok(())
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

    /// Says what a batch did, unless that is nothing, or said already.
    fn say(&self, batch: &Batch, sources: &Sources) {
        let is_said =
            self.is_unfinished && batch.waiting == self.waiting && batch.diagnostics.is_empty();
        let is_news = batch.is_news() || self.waiting.is_some() || self.seen.is_none();
        if is_said || !is_news || (self.arguments.quiet && !batch.is_wrong()) {
            return;
        }
        let text_of = |path: &str| sources.text_of(path);
        let format = self.arguments.format.into();
        if let Err(fault) = batch.say(&text_of, format, Color::of_stderr()) {
            say(&fault.to_string());
        }
    }

    /// Tells people when the system no longer tells of changes, or does again.
    fn tell_how(&mut self, waker: &Waker) {
        let polls = waker.polls() && self.arguments.poll.is_none();
        if polls != self.told_polling {
            self.told_polling = polls;
            self.tell(match polls {
                true => "the system does not tell of changes: looking every 2 seconds",
                false => "the system tells of changes again",
            });
        }
    }

    fn tell(&self, line: &str) {
        if !self.arguments.quiet {
            say(line);
        }
    }
}

/// Reads the ledger that is there; a first run begins with an empty one.
fn read_ledger(arguments: &WatchArguments) -> Result<Ledger, Fault> {
    let mut published = read_feeds(&arguments.output)?;
    let known = published.ledger.take();
    let known = known.map(|json| Ledger::from_json(&json));
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
        was: match news.what {
            What::Moved(was) => Some(was),
            _ => None,
        },
    }
}
