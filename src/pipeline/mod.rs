//! The pipeline: the one door to the core, and the order of its steps.
//!
//! ```text
//! sources -> parse -> normalise -> check -> plan feeds -> revise -> render ICS -> Build
//! ```
//!
//! Flows in: sources, the ledger, settings, `now`. Flows out: the bytes of every feed, the next
//! ledger, and what is wrong. Same input, same bytes. Deliberately absent: disk, clock, printing.

mod parallel;
mod places;
mod recovery;

use crate::diagnostic::{Code, Complaint, Diagnostic, Place, Severity};
use crate::event::calendar::Calendar;
use crate::event::when::When;
use crate::event::{Event, rules};
use crate::feed::entry as feed;
use crate::feed::losses::Written;
use crate::feed::plan::{Filing, plan_feeds};
use crate::feed::revision::{Record, Revision};
use crate::ics::vcalendar::write_feed;
use crate::ics::vevent::write_vevent;
use crate::pipeline::parallel::in_parallel;
use crate::pipeline::places::locate;
use crate::source::{Source, below};
use crate::yaml::normalise::{Normalised, normalise};
use crate::yaml::parse::{BEGINNING, parse};
use crate::yaml::registry::read_calendar;
use chrono::{DateTime, Datelike, Utc};
use std::collections::BTreeSet;

pub use crate::feed::revision::{Ledger, LedgerFault};
pub use crate::ics::published::is_ours;
pub use crate::pipeline::recovery::recover_ledger;

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
            .map(|source| source.text.as_str())
    }
}

/// What the caller decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settings {
    /// Whether a folder without event files is fine.
    pub allow_empty: bool,
}

/// What a run gives.
#[derive(Debug, Clone, Default)]
pub struct Build {
    /// Every planned feed; empty if there are errors.
    pub feeds: Vec<RenderedFeed>,
    /// The ledger to keep.
    pub ledger: Ledger,
    /// The valid events, by UID, with those that the calendar's policy leaves out of the feeds.
    pub events: Vec<Event>,
    /// How many of them are in the feeds.
    pub published: usize,
    /// How many drafts wait for their start.
    pub drafts: usize,
    /// What is wrong, in reading order.
    pub diagnostics: Vec<Diagnostic>,
}

/// A feed as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedFeed {
    /// Its name without `.ics`.
    pub slug: String,
    /// Its bytes.
    pub ics: String,
}

impl Build {
    /// Tells whether nothing may be published; without errors there is at least the feed `all`.
    pub fn has_errors(&self) -> bool {
        self.feeds.is_empty()
    }
}

/// Turns event files into feeds.
pub fn build(sources: &Sources, ledger: &Ledger, settings: Settings, now: DateTime<Utc>) -> Build {
    let mut build = Build {
        diagnostics: sources.diagnostics.clone(),
        ..Build::default()
    };
    let calendar = calendar_of(sources, &mut build.diagnostics);
    let read = read_all(&sources.events, calendar.as_ref(), now);
    build.diagnostics.extend(read.diagnostics);
    if let Some(calendar) = calendar {
        let nothing_found = sources.events.is_empty() && !has_errors(&sources.diagnostics);
        if nothing_found && !settings.allow_empty {
            build.diagnostics.push(no_events(&sources.root));
        }
        build.diagnostics.extend(rules::check(&read.identities));
        let written = Written {
            events: &read.events,
            identities: &read.identities,
            drafts: &read.drafts,
            broken: broken_files(&build.diagnostics, &sources.root),
            root: &sources.root,
        };
        // Without any file everything would be lost, which is said once.
        if !nothing_found || settings.allow_empty {
            build.diagnostics.extend(ledger.losses(&written));
        }
        build.drafts = read.drafts.len();
        build.events = read.events;
        if !has_errors(&build.diagnostics) {
            publish(&mut build, &calendar, ledger, &sources.root, now);
        }
    }
    locate(&mut build.diagnostics, sources);
    build.diagnostics.sort_by(Diagnostic::reading_order);
    // A wrong value that several entries inherit is one mistake.
    build.diagnostics.dedup();
    build
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

/// Reads every event file; without a calendar only what is no YAML can be said.
fn read_all(sources: &[Source], calendar: Option<&Calendar>, now: DateTime<Utc>) -> Normalised {
    let today = calendar.map(|calendar| now.with_timezone(&calendar.zone).date_naive());
    let read = |source: &Source| match (parse(source), calendar.zip(today)) {
        (Ok(document), Some((calendar, today))) => normalise(source, &document, calendar, today),
        (Ok(_), None) => Normalised::default(),
        (Err(found), _) => Normalised {
            diagnostics: vec![*found],
            ..Normalised::default()
        },
    };
    let mut all = Normalised::default();
    for read in in_parallel(sources, read) {
        all.events.extend(read.events);
        all.identities.extend(read.identities);
        all.drafts.extend(read.drafts);
        all.diagnostics.extend(read.diagnostics);
    }
    all.events.sort_by(|a, b| a.uid.cmp(&b.uid));
    all
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

/// An event on its way into the feeds.
struct Rendered<'e> {
    event: &'e Event,
    record: Record,
    vevent: String,
}

/// Renders an event; `None` when the calendar's policy leaves it out of the feeds.
fn render<'e>(
    event: &'e Event,
    calendar: &Calendar,
    ledger: &Ledger,
    now: DateTime<Utc>,
) -> Option<Rendered<'e>> {
    let entry = feed::Entry::of(event, calendar)?;
    let record = ledger.revise(event, &entry, now);
    let vevent = vevent(&entry, Revision::from(&record));
    Some(Rendered {
        event,
        record,
        vevent,
    })
}

fn publish(
    build: &mut Build,
    calendar: &Calendar,
    ledger: &Ledger,
    root: &str,
    now: DateTime<Utc>,
) {
    let render = |event| render(event, calendar, ledger, now);
    let rendered = in_parallel(&build.events, render);
    let rendered: Vec<Rendered> = rendered.into_iter().flatten().collect();
    let filings: Vec<Filing> = rendered.iter().map(|one| Filing::of(one.event)).collect();
    let feeds = plan_feeds(calendar, &filings);
    let names = feeds
        .iter()
        .flat_map(|feed| [&feed.slug].into_iter().chain(&feed.aliases));
    let planned: BTreeSet<String> = names.cloned().collect();
    build.diagnostics.extend(ledger.orphans(&planned, root));
    for feed in &feeds {
        let of_feed = || feed.entries.iter().map(|index| &rendered[*index]);
        let years: BTreeSet<i32> = of_feed()
            .flat_map(|one| years_of(&one.event.when))
            .collect();
        let vevents: Vec<&str> = of_feed().map(|one| one.vevent.as_str()).collect();
        let ics = write_feed(feed, calendar, &years, &vevents);
        let copies = feed.aliases.iter().map(|alias| (alias, ics.clone()));
        build.feeds.extend(copies.map(|(alias, ics)| RenderedFeed {
            slug: alias.clone(),
            ics,
        }));
        build.feeds.push(RenderedFeed {
            slug: feed.slug.clone(),
            ics,
        });
    }
    build.published = rendered.len();
    let records = rendered
        .into_iter()
        .map(|one| (one.event.uid.clone(), one.record));
    build.ledger = ledger.next(planned, records);
}

fn vevent(entry: &feed::Entry, revision: Revision) -> String {
    let mut out = String::with_capacity(1024);
    write_vevent(&mut out, entry, revision);
    out
}

fn years_of(when: &When) -> Option<i32> {
    match when {
        When::Timed { start, .. } => Some(start.year()),
        When::AllDay { .. } => None,
    }
}
