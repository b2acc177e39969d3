//! A new event: the file of a project's next event, as its last ones were and as someone wishes.
//!
//! Flows in: the sources, and what is wished. Flows out: a source that is not on the disk yet, why it says what it says,
//! and what is wrong with it, found by the same steps as for every other file.

mod draft;

use crate::diagnostic::{Complaint, Diagnostic};
use crate::event::Event;
use crate::event::proposal::propose;
use crate::pipeline::new_event::draft::Draft;
use crate::pipeline::{Sources, has_errors, read_events};
use crate::source::Source;
use crate::yaml::identity::unknown_project;
use chrono::{DateTime, Utc};

/// What someone wishes of a new event; the rest is proposed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// The project's slug.
    pub project: String,
    /// What each of these keys shall say.
    pub title: Option<String>,
    /// When it starts.
    pub start: Option<String>,
    /// When it ends.
    pub end: Option<String>,
    /// How long it lasts.
    pub duration: Option<String>,
    /// What sort of event it is.
    pub kind: Option<String>,
    /// The number of its episode.
    pub episode: Option<String>,
    /// The link to the meeting.
    pub join: Option<String>,
    /// Where it takes place.
    pub location: Option<String>,
    /// Its id, which is the file's name.
    pub id: Option<String>,
}

/// A file that is to be written.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// Its place and its text.
    pub source: Source,
    /// Why it says what nobody wished, line by line.
    pub reasons: Vec<String>,
    /// What is wrong with it, or worth a look.
    pub diagnostics: Vec<Diagnostic>,
}

impl NewEvent {
    /// Tells whether it must not be written.
    pub fn has_errors(&self) -> bool {
        has_errors(&self.diagnostics)
    }
}

/// Why there can be no new event.
#[derive(Debug, Clone)]
pub enum Refusal {
    /// The calendar is missing or wrong.
    Calendar(Vec<Diagnostic>),
    /// What is wished cannot be.
    Wish(Complaint),
    /// There is a file of that name.
    Taken(String),
}

/// Writes the file of a project's next event.
///
/// # Errors
/// There is no calendar, it does not know the project, or the id is taken or none.
pub fn new_event(sources: &Sources, wish: &Wish, now: DateTime<Utc>) -> Result<NewEvent, Refusal> {
    let contents = read_events(sources, now);
    let (Some(calendar), Some(registry)) = (&contents.calendar, &sources.calendar) else {
        return Err(Refusal::Calendar(contents.diagnostics));
    };
    let Some(project) = calendar.projects.get(&wish.project) else {
        let complaint = unknown_project(&wish.project, &calendar.projects);
        return Err(Refusal::Wish(complaint));
    };
    let of_project = |event: &&Event| event.project == wish.project;
    let events: Vec<&Event> = contents.events.iter().filter(of_project).collect();
    let numbers = stems(sources, &wish.project).filter_map(|stem| stem.parse().ok());
    let today = calendar.day_of(now);
    let draft = Draft {
        proposal: propose(&events, numbers, calendar, &wish.project, today),
        root: &sources.root,
        wish,
        project,
        calendar,
        registry,
        now,
    };
    let start = draft.start();
    let id = draft.free_id(start.date, sources, &contents.events)?;
    let source = draft.source(&id, &start);
    let diagnostics = draft.read(&source).diagnostics;
    let reasons = draft.reasons(&start, &events, today);
    Ok(NewEvent {
        source,
        reasons,
        diagnostics,
    })
}

/// Gives the names of a project's files, without their endings.
fn stems<'s>(sources: &'s Sources, project: &'s str) -> impl Iterator<Item = &'s str> {
    let files = sources.events.iter().filter_map(move |source| {
        let below = source.relative.strip_prefix(project)?.strip_prefix('/')?;
        below.rsplit('/').next()
    });
    files.filter_map(|name| name.rsplit_once('.').map(|(stem, _)| stem))
}
