//! The pipeline: the one door to the core, and the order of its steps.
//!
//! ```text
//! sources -> parse -> normalise -> check -> plan feeds -> revise -> render ICS -> Build
//! ```
//!
//! Flows in: sources, the ledger, settings, `now`. Flows out: the bytes of every feed, the next
//! ledger, and what is wrong. Same input, same bytes. Deliberately absent: disk, clock, printing.

mod check;
mod compare;
mod held;
mod memory;
mod new_calendar;
mod new_event;
mod places;
mod recovery;
mod rendered;
mod shelf;
mod tidying;

use crate::diagnostic::{Code, Complaint, Place};
use crate::event::calendar::Calendar;
use crate::event::rules::{self, Identity};
use crate::event::{Event, Kind};
use crate::feed::losses::{Renamed, Written, orphaned};
use crate::feed::plan::{Filing, plan_feeds};
use crate::feed::size::check_size;
use crate::ics::timezone::KnownClocks;
use crate::parallel::fold_shares;
use crate::pipeline::places::locate;
use crate::pipeline::rendered::{Rendered, Room};
use crate::source::below;
use crate::yaml::allow::Allowance;
use crate::yaml::normalise::normalise;
use crate::yaml::parse::{BEGINNING, parse};
use crate::yaml::registry::read_calendar;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use crate::desk::asked::{Asked, AskedFault};
pub use crate::desk::difference::Difference;
pub use crate::desk::listing::Listing;
pub use crate::desk::table::{Colors, Look};
pub use crate::diagnostic::{Diagnostic, Severity};
pub use crate::feed::news::{News, What};
pub use crate::feed::revision::{Ledger, LedgerFault};
pub use crate::ics::published::is_ours;
pub use crate::pipeline::check::check;
pub use crate::pipeline::compare::compare;
pub use crate::pipeline::held::{Standing, Steady, SteadyBuild};
pub use crate::pipeline::new_calendar::{CalendarWish, NewCalendar, new_calendar};
pub use crate::pipeline::new_event::{NewEvent, Refusal, Wish, new_event};
pub use crate::pipeline::recovery::recover_ledger;
pub use crate::pipeline::rendered::RenderedFeed;
pub use crate::pipeline::tidying::{Tidying, tidying};
pub use crate::source::Source;
pub use crate::yaml::schema::{calendar_schema, event_schema};

/// What the events folder holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    /// The folder as people reach it.
    pub root: String,
    /// `calendar.yaml`, if it is there.
    pub calendar: Option<Source>,
    /// The event files.
    pub events: Vec<Source>,
    /// What is wrong with files that could not become sources.
    pub diagnostics: Vec<Diagnostic>,
}

impl Sources {
    /// Finds the text of a file by the path that diagnostics show.
    pub fn text_of(&self, path: &str) -> Option<&str> {
        let mut all = self.calendar.iter().chain(&self.events);
        all.find(|source| *source.path == *path)
            .map(|source| &*source.text)
    }
}

/// What the caller decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settings {
    /// Whether a folder without event files is fine.
    pub allow_empty: bool,
    /// Whether the caller removes feeds that are no longer planned; they are not reported then.
    pub prune: bool,
}

/// What a run gives.
#[derive(Debug, Clone, Default)]
pub struct Build {
    /// Every planned feed; empty if there are errors.
    pub feeds: Vec<RenderedFeed>,
    /// The feeds to remove, if that is wanted, since they are no longer planned; the ledger has them still.
    pub to_prune: BTreeSet<String>,
    /// The ledger to keep.
    pub ledger: Ledger,
    /// The UIDs of events that are called off.
    pub cancelled: BTreeSet<Arc<str>>,
    /// The events that probably go on under another UID, by the one that subscribers have.
    pub renamed: BTreeMap<Arc<str>, Renamed>,
    /// How many events are in the feeds.
    pub published: usize,
    /// How many are past and left the feeds.
    pub past: usize,
    /// How many drafts wait for their start.
    pub drafts: usize,
    /// What is wrong, in reading order.
    pub diagnostics: Vec<Diagnostic>,
}

impl Build {
    /// Tells whether nothing may be published; without errors there is at least the feed `all`.
    pub fn has_errors(&self) -> bool {
        self.feeds.is_empty()
    }
}

/// What the event files say, for those who publish nothing.
#[derive(Debug, Clone, Default)]
pub struct Contents {
    /// The calendar, unless it is missing or wrong.
    pub calendar: Option<Calendar>,
    /// The valid events, by UID, with those that the calendar's policy leaves out of the feeds.
    pub events: Vec<Event>,
    /// What is wrong, in reading order.
    pub diagnostics: Vec<Diagnostic>,
}

/// Gives the words for sorts of events.
pub fn kind_words() -> Vec<&'static str> {
    Kind::WORDS.iter().map(|(word, _)| *word).collect()
}

/// Reads event files without a thought of publishing.
pub fn read_events(sources: &Sources, now: DateTime<Utc>) -> Contents {
    let mut diagnostics = sources.diagnostics.clone();
    let calendar = calendar_of(sources, &mut diagnostics);
    let files = read_files(&sources.events, calendar.as_ref(), now, || {
        |event, _: &_| event
    });
    let mut events = files.events;
    events.sort_by(|a, b| a.uid.cmp(&b.uid));
    diagnostics.extend(files.diagnostics);
    diagnostics.extend(rules::check(&files.identities));
    if let Some(calendar) = &calendar {
        silence(&mut diagnostics, calendar, &files.allowances);
    }
    Contents {
        calendar,
        events,
        diagnostics: in_reading_order(diagnostics, sources),
    }
}

/// Turns event files into feeds.
pub fn build(sources: &Sources, ledger: &Ledger, settings: Settings, now: DateTime<Utc>) -> Build {
    let mut build = Build {
        diagnostics: sources.diagnostics.clone(),
        ..Build::default()
    };
    let calendar = calendar_of(sources, &mut build.diagnostics);
    // Each event is rendered as soon as it is read: its text is smaller than all that it is made of.
    let renderer = || renderer(ledger, now);
    let files = read_files(&sources.events, calendar.as_ref(), now, renderer);
    assemble(build, files, calendar, sources, ledger, settings)
}

/// Makes one that stamps and renders events, one after the other.
fn renderer(ledger: &Ledger, now: DateTime<Utc>) -> impl FnMut(Event, &Calendar) -> Rendered {
    let mut room = Room::default();
    move |event, calendar| Rendered::of(event, calendar, ledger, now, &mut room)
}

/// Puts together what was read: checks across files, plans the feeds, and makes the next ledger.
fn assemble(
    mut build: Build,
    files: Files<Rendered>,
    calendar: Option<Calendar>,
    sources: &Sources,
    ledger: &Ledger,
    settings: Settings,
) -> Build {
    build.diagnostics.extend(files.diagnostics);
    if let Some(calendar) = calendar {
        let nothing_found = sources.events.is_empty() && !has_errors(&sources.diagnostics);
        if nothing_found && !settings.allow_empty {
            build.diagnostics.push(no_events(&sources.root));
        }
        build.diagnostics.extend(rules::check(&files.identities));
        let mut events = files.events;
        events.sort_unstable_by(|a, b| a.revised.uid.cmp(&b.revised.uid));
        let written = Written {
            events: events.iter().map(|event| &event.revised).collect(),
            identities: &files.identities,
            drafts: &files.drafts,
            broken: broken_files(&build.diagnostics, &sources.root),
            calendar: &calendar,
            root: &sources.root,
        };
        // Without any file everything would be lost, which is said once.
        if !nothing_found || settings.allow_empty {
            let losses = ledger.losses(&written);
            build.diagnostics.extend(losses.found);
            build.renamed = losses.renamed;
        }
        build.drafts = files.drafts.len();
        // The ledger needs the room.
        drop(files.identities);
        if !has_errors(&build.diagnostics) {
            let orphans = plan(&mut build, events, &calendar, ledger, &sources.root);
            match settings.prune {
                true => build.to_prune = orphans,
                false => {
                    let reported = orphans.iter().map(|slug| orphaned(slug, &sources.root));
                    build.diagnostics.extend(reported);
                }
            }
        }
        silence(&mut build.diagnostics, &calendar, &files.allowances);
    }
    build.diagnostics = in_reading_order(build.diagnostics, sources);
    build
}

/// Leaves out the warnings that are allowed; an event's own were left out when its file was read.
fn silence(found: &mut Vec<Diagnostic>, calendar: &Calendar, allowances: &BTreeSet<Allowance>) {
    let is_allowed = |found: &Diagnostic| {
        let of_event = Allowance::across_files(found);
        calendar.allow.contains(&found.code())
            || of_event.is_some_and(|allowance| allowances.contains(&allowance))
    };
    found.retain(|found| !is_allowed(found));
}

fn in_reading_order(mut diagnostics: Vec<Diagnostic>, sources: &Sources) -> Vec<Diagnostic> {
    locate(&mut diagnostics, sources);
    diagnostics.sort_by(Diagnostic::reading_order);
    // A wrong value that several entries inherit is one mistake.
    diagnostics.dedup();
    diagnostics
}

fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics
        .iter()
        .any(|found| found.severity() == Severity::Error)
}

/// Lists the files with errors, below the events folder: what they hold is not known.
fn broken_files<'d>(diagnostics: &'d [Diagnostic], root: &str) -> BTreeSet<&'d str> {
    let errors = diagnostics
        .iter()
        .filter(|found| found.severity() == Severity::Error);
    let folder = below(root, "");
    errors
        .filter_map(|found| found.place.file.strip_prefix(&folder))
        .collect()
}

/// What event files hold together; `E` is what is kept of an event.
#[derive(Debug, Clone)]
struct Files<E> {
    events: Vec<E>,
    identities: Vec<Identity>,
    drafts: Vec<Identity>,
    allowances: BTreeSet<Allowance>,
    diagnostics: Vec<Diagnostic>,
}

impl<E> Files<E> {
    /// Begins with room for so many files of one event.
    fn with_capacity(files: usize) -> Self {
        Files {
            events: Vec::with_capacity(files),
            identities: Vec::with_capacity(files),
            drafts: Vec::new(),
            allowances: BTreeSet::new(),
            diagnostics: Vec::new(),
        }
    }

    /// Adds what other files hold.
    fn append(&mut self, other: Files<E>) {
        self.events.extend(other.events);
        self.identities.extend(other.identities);
        self.drafts.extend(other.drafts);
        self.allowances.extend(other.allowances);
        self.diagnostics.extend(other.diagnostics);
    }
}

/// Reads every event file; without a calendar only what is no YAML can be said.
///
/// `keeper` makes what says what is kept of an event, one for each share of the files.
fn read_files<E: Send, K: FnMut(Event, &Calendar) -> E>(
    sources: &[Source],
    calendar: Option<&Calendar>,
    now: DateTime<Utc>,
    keeper: impl Fn() -> K + Sync,
) -> Files<E> {
    let read_share = |share: &[Source]| {
        let mut keep = keeper();
        let mut files = Files::with_capacity(share.len());
        for source in share {
            read_file(&mut files, source, calendar, now, &mut keep);
        }
        files
    };
    let all = Files::with_capacity(sources.len());
    fold_shares(sources, read_share, all, Files::append)
}

/// Adds what one event file holds.
fn read_file<E>(
    files: &mut Files<E>,
    source: &Source,
    calendar: Option<&Calendar>,
    now: DateTime<Utc>,
    keep: &mut impl FnMut(Event, &Calendar) -> E,
) {
    match (parse(source), calendar) {
        (Ok(document), Some(calendar)) => {
            let read = normalise(source, &document, calendar, calendar.day_of(now));
            let events = read.events.into_iter();
            files
                .events
                .extend(events.map(|event| keep(event, calendar)));
            files.identities.extend(read.identities);
            files.drafts.extend(read.drafts);
            files.allowances.extend(read.allowances);
            files.diagnostics.extend(read.diagnostics);
        }
        (Ok(_), None) => {}
        (Err(found), _) => files.diagnostics.push(*found),
    }
}

fn calendar_of(sources: &Sources, found: &mut Vec<Diagnostic>) -> Option<Calendar> {
    let path = below(&sources.root, "calendar.yaml");
    match &sources.calendar {
        Some(source) => read_calendar(source, found),
        None if found.iter().any(|wrong| *wrong.place.file == *path) => None,
        None => {
            let has_other_ending = sources.events.iter().any(|source| {
                source.relative.eq_ignore_ascii_case("calendar.yml")
                    || source.relative.eq_ignore_ascii_case("calendar.yaml")
            });
            let hint = if has_other_ending {
                "there is one under another name: rename it to `calendar.yaml`, in lower case"
            } else {
                BEGINNING
            };
            let complaint = Complaint::new(Code::NoCalendar, format!("`{path}` is missing"));
            found.push(complaint.hint(hint).at(Place::file(path)));
            None
        }
    }
}

fn no_events(root: &str) -> Diagnostic {
    Complaint::new(
        Code::NoEvents,
        format!("there is no event file below `{root}`"),
    )
    .hint("the feeds stay as they are; if the calendar shall be empty, say so with `--allow-empty`")
    .at(Place::file(root))
}

/// Puts the events into feeds, and into the ledger; gives the feeds that are no longer planned.
fn plan(
    build: &mut Build,
    events: Vec<Rendered>,
    calendar: &Calendar,
    ledger: &Ledger,
    root: &str,
) -> BTreeSet<String> {
    let published: Vec<&Rendered> = events.iter().filter(|event| event.is_published()).collect();
    let filings: Vec<Filing> = published.iter().map(|event| event.filing()).collect();
    let mut known = KnownClocks::default();
    for feed in plan_feeds(calendar, &filings) {
        let of_feed = feed.entries.iter().map(|index| published[*index]);
        let rendered = RenderedFeed::of(&feed, calendar, of_feed, &mut known);
        let large = check_size(&feed.slug, rendered.size(), calendar, root);
        build.diagnostics.extend(large);
        let aliases = feed.aliases.iter().map(|alias| rendered.named(alias));
        build.feeds.extend(aliases);
        build.feeds.push(rendered);
    }
    build.published = published.len();
    let cancelled = events.iter().filter(|event| event.is_cancelled);
    build.cancelled = cancelled.map(|event| event.revised.uid.clone()).collect();
    build.past = events.iter().filter(|event| event.is_past).count();
    let planned = build.feeds.iter().map(|feed| feed.slug.clone()).collect();
    let orphans = &ledger.feeds - &planned;
    let kept = events.into_iter().filter(Rendered::is_kept);
    let records = kept.map(|event| (event.revised.uid, event.revised.record));
    build.ledger = ledger.next(planned, records.collect());
    orphans
}
