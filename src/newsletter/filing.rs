//! Filing: what event files would become if all that posts tell were written down.
//!
//! Flows in: gathered events, and the event files that are there. Flows out: new files where `new` would put them, files
//! with what they lacked, and warnings where a post contradicts a file. Deliberately absent: writing; what stands in a
//! file is never replaced.

use crate::diagnostic::{Code, Complaint, Diagnostic, Part, Place, Step};
use crate::event::Event;
use crate::event::calendar::Calendar;
use crate::event::when::Tz;
use crate::newsletter::amendment::amend;
use crate::newsletter::announcement::Announcement;
use crate::newsletter::comparison::{Difference, missing_and_different, news};
use crate::newsletter::filling::entries_of;
use crate::newsletter::gathering::{Gathered, Mention};
use crate::newsletter::library::{Known, Library};
use crate::newsletter::project::slug_of;
use crate::newsletter::sheet::{Entry, lines_of};
use crate::newsletter::told_time::Told;
use crate::newsletter::vocabulary::Vocabulary;
use crate::source::{Source, Span};
use crate::yaml::positions::Positions;
use crate::yaml::writing::schema_line;
use chrono::DateTime;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The event files that are there.
#[derive(Debug, Clone, Copy)]
pub struct Shelf<'s> {
    /// The events folder as people reach it.
    pub root: &'s str,
    /// `calendar.yaml`.
    pub registry: &'s Source,
    /// What it says.
    pub calendar: &'s Calendar,
    /// The event files.
    pub sources: &'s [Source],
    /// The valid events in them.
    pub events: &'s [Event],
}

/// What event files would become.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The files that would be new or other, by their paths.
    pub files: Vec<Filed>,
    /// Where posts contradict themselves, each other, or a file.
    pub diagnostics: Vec<Diagnostic>,
    /// How many events stand in the files already, with all that posts tell.
    pub known: usize,
}

/// A file that would be new or other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// What it would be.
    pub source: Source,
    /// What it is, if it is there.
    pub before: Option<Arc<str>>,
}

/// Plans the event files that say what posts tell.
pub fn file(gathered: &[Gathered], shelf: &Shelf<'_>, vocabulary: &Vocabulary) -> Plan {
    let mut filing = Filing {
        shelf,
        vocabulary,
        library: Library::of(shelf.sources, shelf.events),
        texts: BTreeMap::new(),
        plan: Plan::default(),
    };
    for event in gathered {
        filing.add(event, gathered);
    }
    filing.finished()
}

struct Filing<'f> {
    shelf: &'f Shelf<'f>,
    vocabulary: &'f Vocabulary,
    library: Library<'f>,
    /// What files would be, by their paths below the folder.
    texts: BTreeMap<String, String>,
    plan: Plan,
}

impl Filing<'_> {
    fn zone(&self) -> Tz {
        self.shelf.calendar.zone
    }

    fn add(&mut self, gathered: &Gathered, all: &[Gathered]) {
        let event = &gathered.event;
        let at = self.library.find(gathered, self.zone());
        // Of a post that the file names already all was said before.
        let known = at.map(|at| &self.library.known[at].document);
        let news = known.map(|document| news(document, &gathered.mentions));
        let is_new = |found: &&Diagnostic| {
            let is_of = |mention: &&Mention| mention.post == found.place.file;
            news.as_ref().is_none_or(|news| news.iter().any(is_of))
        };
        let warnings = event.doubts.warnings.iter().filter(is_new).cloned();
        self.plan.diagnostics.extend(warnings);
        let Some(whose) = event.project.as_ref().filter(|whose| whose.is_registered) else {
            self.plan.diagnostics.push(unregistered(event));
            return;
        };
        let slug = whose.slug.clone();
        let entries = entries_of(gathered, self.shelf.calendar, self.vocabulary);
        if let Some(at) = at {
            self.amend(at, gathered, &entries);
        } else if let Some((at, before)) = self.library.moved(gathered, all, self.zone()) {
            let found = self.moved(at, event, before);
            self.plan.diagnostics.push(found);
        } else {
            self.begin(&slug, event, &entries);
        }
    }

    /// Adds to an event what its file lacks.
    fn amend(&mut self, at: usize, gathered: &Gathered, entries: &[Entry]) {
        let known = &self.library.known[at];
        let is_series = known.event.is_some_and(|event| event.series.is_some());
        if is_series {
            // What one day of a series is about belongs under `changes:`, which people write.
            self.plan.known += 1;
            return;
        }
        let (missing, different) = missing_and_different(known, gathered, entries, self.zone());
        let source = &self.shelf.sources[known.file];
        let relative = source.relative.to_string();
        for difference in different
            .iter()
            .filter(|found| !is_allowed(known, found.code))
        {
            let found = contradiction(source, known, &gathered.event, difference);
            self.plan.diagnostics.push(found);
        }
        if missing.is_empty() {
            self.plan.known += 1;
            return;
        }
        let text = self
            .texts
            .get(&relative)
            .map_or(&*source.text, String::as_str);
        let amended = amend(text, known.entry, &missing);
        for (key, value) in &amended.left_out {
            let found = left_out(source, known, key, value);
            self.plan.diagnostics.push(found);
        }
        if *amended.text != *source.text {
            self.texts.insert(relative, amended.text);
        }
    }

    /// Begins a file for an event that is in none.
    fn begin(&mut self, slug: &str, event: &Announcement, entries: &[Entry]) {
        let wanted = match (event.episode, event.when.day()) {
            (Some(episode), _) => episode.to_string(),
            (None, Some(day)) => day.to_string(),
            (None, None) => draft_id(&event.title),
        };
        let Some(id) = self.library.free_id(&wanted, slug, self.shelf.calendar) else {
            return;
        };
        let relative = format!("{slug}/{id}.yaml");
        let schema = schema_line(self.shelf.registry, &relative).unwrap_or_default();
        let lines: String = entries.iter().map(|entry| lines_of(entry, 0)).collect();
        self.texts.insert(relative, format!("{schema}{lines}"));
    }

    /// Warns of an event that was probably moved: its file is left to people.
    fn moved(&self, at: usize, event: &Announcement, before: DateTime<Tz>) -> Diagnostic {
        let known = &self.library.known[at];
        let source = &self.shelf.sources[known.file];
        let shown = |time: DateTime<Tz>| time.format("%Y-%m-%d %H:%M").to_string();
        let now = match event.when {
            Told::Timed { start, .. } => shown(start),
            _ => String::new(),
        };
        let message = format!(
            "the post announces {now}, and the file says {}",
            shown(before)
        );
        let hint = format!(
            "if it was moved, write `start: {now}` and `moved_from: {}` there; if both take place, begin the other with `sofacal new`",
            shown(before)
        );
        Complaint::new(Code::ProbableMove, message)
            .hint(hint)
            .at(post_place(event))
            .also(
                place_of(source, known, "start"),
                "the start that was announced before",
            )
    }

    fn finished(mut self) -> Plan {
        for (relative, text) in std::mem::take(&mut self.texts) {
            let mut sources = self.shelf.sources.iter();
            let before = sources.find(|source| *source.relative == *relative);
            self.plan.files.push(Filed {
                source: Source::new(self.shelf.root, &relative, text),
                before: before.map(|source| source.text.clone()),
            });
        }
        let allowed = &self.shelf.calendar.allow;
        self.plan
            .diagnostics
            .retain(|found| !allowed.contains(&found.code()));
        self.plan.diagnostics.sort_by(Diagnostic::reading_order);
        self.plan.diagnostics.dedup();
        self.plan
    }
}

/// Tells whether someone has looked at the contradictions of an event and wants to hear no more of them.
fn is_allowed(known: &Known<'_>, code: Code) -> bool {
    let allowed = crate::newsletter::post::codes(&known.document.allow);
    allowed.iter().any(|allowed| *allowed == code.as_str())
}

/// Makes an id for a draft: nothing of it says when it is.
fn draft_id(title: &str) -> String {
    let slug = slug_of(title).map(|slug| slug.chars().take(40).collect::<String>());
    let slug = slug.map(|slug| slug.trim_matches('-').to_owned());
    slug.filter(|slug| slug.len() > 2)
        .unwrap_or_else(|| "draft".to_owned())
}

fn post_place(event: &Announcement) -> Place {
    Place::span(event.post.clone(), event.line.1.clone())
}

/// Finds where a key of an entry stands.
fn place_of(source: &Source, known: &Known<'_>, key: &str) -> Place {
    // A range in `start` says when the event ends too.
    let key = match key {
        "end" if known.document.end.is_absent() => match known.document.duration.is_absent() {
            true => "start",
            false => "duration",
        },
        key => key,
    };
    let mut steps: Vec<Step> = Vec::new();
    if let Some(entry) = known.entry {
        steps.extend([Step::Key("events".into()), Step::Index(entry)]);
    }
    steps.extend(key.split('.').map(|key| Step::Key(key.into())));
    let span = Positions::of(&source.text).find(&steps, &Part::Value);
    let first_line = |span: Span| {
        let text = source.text.get(span.clone()).unwrap_or_default();
        span.start..span.start + text.lines().next().map_or(0, str::len)
    };
    match span {
        Some(span) => Place::span(source.path.clone(), first_line(span)),
        None => Place::file(source.path.clone()),
    }
}

fn contradiction(
    source: &Source,
    known: &Known<'_>,
    event: &Announcement,
    difference: &Difference,
) -> Diagnostic {
    let Difference {
        code,
        key,
        file,
        post,
    } = difference;
    let message = format!("`{key}` is {file} in the file and {post} in the post");
    let hint = match code {
        Code::ProbableMove => {
            format!("if it was moved, write `start: {post}` and `moved_from: {file}`")
        }
        _ => "ask which of them is right; the file keeps what it says".to_owned(),
    };
    Complaint::new(*code, message)
        .hint(hint)
        .at(place_of(source, known, key))
        .also(post_place(event), post.clone())
}

fn left_out(source: &Source, known: &Known<'_>, key: &str, value: &str) -> Diagnostic {
    let message = format!("`{key}` has no room for what a post says");
    let hint = format!(
        "write it yourself: `{key}: {}`",
        crate::diagnostic::excerpt(value)
    );
    Complaint::new(Code::NotAdded, message)
        .hint(hint)
        .at(place_of(source, known, key))
}

fn unregistered(event: &Announcement) -> Diagnostic {
    let title = crate::diagnostic::excerpt(&event.title);
    let complaint = match &event.project {
        Some(whose) => {
            let slug = &whose.slug;
            let message = format!(
                "calendar.yaml registers no project `{slug}`, and `{title}` is one of its events"
            );
            let hint = format!(
                "register it under `projects:`, `{slug}: {{name: …}}`, or add its name to vocabulary.yaml, and import the post again"
            );
            Complaint::new(Code::UnknownHost, message).hint(hint)
        }
        None => {
            let message = format!("nothing says which project `{title}` belongs to");
            let hint = "add a word for the project to `projects:` in vocabulary.yaml, and import the post again";
            Complaint::new(Code::UnknownHost, message).hint(hint)
        }
    };
    complaint.at(post_place(event))
}
