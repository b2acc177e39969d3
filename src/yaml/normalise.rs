//! Normalising: a document becomes valid events, every time in the calendar's zone.
//!
//! Flows in: an event file's document, the calendar, today's date. Flows out: events, drafts, and
//! everything that is wrong. The only maker of `Event`. Deliberately absent: rules across events.

use crate::diagnostic::{Code, Complaint, Diagnostic, Part};
use crate::event::calendar::{Calendar, Project};
use crate::event::link::Url;
use crate::event::rules::Identity;
use crate::event::when::{
    Reference, Settled, Statement, TimeField, TimeProblem, Tz, read_instant, settle,
};
use crate::event::zone_name::read_zone;
use crate::event::{Event, Origin};
use crate::source::{Source, Span};
use crate::yaml::cursor::Cursor;
use crate::yaml::details::read_details;
use crate::yaml::document::{AnnouncementDocument, EventDocument};
use crate::yaml::field::{Field, Many};
use crate::yaml::findings::Findings;
use crate::yaml::identity::{read_project, read_uid};
use crate::yaml::lost_text::report_lost_text;
use crate::yaml::registry::not_yet;
use chrono::{DateTime, NaiveDate};

/// What an event file gives.
#[derive(Debug, Default)]
pub struct Normalised {
    /// Its events that can be published.
    pub events: Vec<Event>,
    /// The names of all its entries, valid or not.
    pub identities: Vec<Identity>,
    /// The names of its drafts: entries without a start.
    pub drafts: Vec<Identity>,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// The keys that say what one entry is and cannot be a default of several.
const KEYS_OF_ONE: &[&str] = &["id", "uid", "start", "repeat", "moved_from"];

/// Normalises the events of a file; `today` only helps to propose a missing year.
pub fn normalise(
    source: &Source,
    document: &EventDocument,
    calendar: &Calendar,
    today: NaiveDate,
) -> Normalised {
    let findings = Findings::new(source);
    let mut file = File {
        calendar,
        today,
        normalised: Normalised::default(),
    };
    let root = Cursor::root(&findings);
    match &document.events {
        Field::Absent => file.entry(&root, document, None),
        _ => file.entries(&root, document),
    }
    report_lost_text(&root);
    let mut normalised = file.normalised;
    normalised.diagnostics = findings.into_diagnostics();
    normalised
}

/// A file on its way to events.
struct File<'a> {
    calendar: &'a Calendar,
    today: NaiveDate,
    normalised: Normalised,
}

impl File<'_> {
    fn entries(&mut self, root: &Cursor, file: &EventDocument) {
        root.strays(&file.strays, EventDocument::KEYS);
        refuse_keys_of_one(root, file);
        let list = root.key("events");
        let begin = "begin each event with `- id: …`, in a list under `events:`";
        match &file.events {
            Field::Value(Many::Lone(_)) => list.report(
                Complaint::new(Code::WrongType, "`events` wants a list, this is a mapping")
                    .hint(begin),
            ),
            Field::Value(Many::List(entries)) if entries.is_empty() => {
                list.report(Complaint::new(Code::EmptyValue, "`events` is empty").hint(begin));
            }
            Field::Null => {
                list.report(Complaint::new(Code::EmptyValue, "`events` is empty").hint(begin));
            }
            _ => {
                list.list(&file.events, |at, written| {
                    self.entry(at, &with_defaults(written, file), Some(at.number()));
                    Some(())
                });
            }
        }
    }

    fn entry(&mut self, at: &Cursor, document: &EventDocument, index: Option<usize>) {
        let source = at.source();
        let origin = Origin {
            path: source.path.clone(),
            relative: source.relative.clone(),
            entry: index,
        };
        let faults_before = at.faults();
        refuse_stray_keys(at, document, index);
        let slug = read_project(at, document, &origin, self.calendar);
        let uid = read_uid(
            at,
            document,
            &origin,
            slug.as_deref(),
            &self.calendar.domain,
        );
        let unknown = Project::default();
        let project = slug
            .as_ref()
            .and_then(|slug| self.calendar.projects.get(slug));
        let project = project.unwrap_or(&unknown);
        let zone = at.key("timezone").read(&document.timezone, read_zone);
        let moved_from = self.moved_from(at, document, zone);
        let details = read_details(at, document, project, moved_from);
        let is_draft = matches!(document.start, Field::Absent | Field::Null);
        let settled = if is_draft {
            None
        } else {
            self.settle(at, document, project, zone)
        };
        let identity = uid.map(|uid| Identity {
            uid,
            is_explicit: document.uid.value().is_some(),
            origin: origin.clone(),
        });
        self.normalised.identities.extend(identity.clone());
        match (identity, slug, settled) {
            (Some(identity), ..) if is_draft => self.normalised.drafts.push(identity),
            (Some(identity), Some(project), Some(settled)) if at.faults() == faults_before => {
                self.normalised.events.push(Event {
                    uid: identity.uid,
                    project,
                    when: settled.when,
                    end_assumed: settled.end_assumed,
                    details,
                    origin,
                });
            }
            _ => {}
        }
    }

    fn settle(
        &self,
        at: &Cursor,
        document: &EventDocument,
        project: &Project,
        zone: Option<Tz>,
    ) -> Option<Settled> {
        let start = at.key("start").line(&document.start)?;
        let end = at.key("end").line(&document.end);
        let duration = at.key("duration").line(&document.duration);
        let statement = Statement {
            start: &start,
            end: end.as_deref(),
            duration: duration.as_deref(),
            default_duration: match document.duration {
                Field::Null => self.calendar.duration,
                _ => project.duration.unwrap_or(self.calendar.duration),
            },
            reference: self.reference(zone),
        };
        match settle(&statement) {
            Ok(settled) => Some(settled),
            Err(problems) => {
                for problem in problems {
                    report_time(at, problem);
                }
                None
            }
        }
    }

    fn moved_from(
        &self,
        at: &Cursor,
        document: &EventDocument,
        zone: Option<Tz>,
    ) -> Option<DateTime<Tz>> {
        let here = at.key("moved_from");
        let text = here.line(&document.moved_from)?;
        read_instant(&text, &self.reference(zone))
            .map_err(|problem| here.report_part(part_of(problem.within), problem.complaint))
            .ok()
    }

    fn reference(&self, event_zone: Option<Tz>) -> Reference {
        Reference {
            event_zone,
            calendar_zone: self.calendar.zone,
            today: self.today,
        }
    }
}

fn refuse_keys_of_one(root: &Cursor, file: &EventDocument) {
    let is_written = |key: &str| match key {
        "id" => !file.id.is_absent(),
        "uid" => !file.uid.is_absent(),
        "start" => !file.start.is_absent(),
        "repeat" => !file.repeat.is_absent(),
        _ => !file.moved_from.is_absent(),
    };
    for key in KEYS_OF_ONE.iter().filter(|key| is_written(key)) {
        let complaint = Complaint::new(
            Code::UnknownKey,
            format!("`{key}` cannot be a default of all entries"),
        );
        root.key(key).report_part(
            Part::Key,
            complaint.hint("move it into an entry of `events:`"),
        );
    }
}

fn with_defaults(written: &EventDocument, file: &EventDocument) -> EventDocument {
    let mut document = written.clone();
    if let (Field::Value(own), Field::Value(default)) = (&mut document.join, &file.join)
        && own.code.value().is_none()
    {
        own.inherit(default);
    }
    if let (Field::Value(own), Field::Value(default)) = (&mut document.stream, &file.stream)
        && own.url.value().is_none()
    {
        own.inherit(default);
    }
    // `events` is not a default of its own entries, nor worth a copy for each.
    let events = std::mem::replace(&mut document.events, Field::Null);
    document.inherit(file);
    document.events = events;
    document
}

fn refuse_stray_keys(at: &Cursor, document: &EventDocument, index: Option<usize>) {
    at.strays(&document.strays, EventDocument::KEYS);
    if index.is_some() && !document.events.is_absent() {
        let complaint =
            Complaint::new(Code::UnknownKey, "an entry of `events:` holds no `events:`");
        at.key("events")
            .report_part(Part::Key, complaint.hint("write all events in one list"));
    }
    not_yet(at, "repeat", &document.repeat);
    not_yet(at, "allow", &document.allow);
    at.key("sources")
        .list(&document.sources, |at, announcement| {
            at.strays(&announcement.strays, AnnouncementDocument::KEYS);
            at.key("post").read(&announcement.post, Url::read);
            at.key("role")
                .word(&announcement.role, &[("preview", ()), ("review", ())]);
            at.key("line").prose(&announcement.line)
        });
}

fn report_time(at: &Cursor, problem: TimeProblem) {
    let key = match problem.field {
        TimeField::Start => "start",
        TimeField::End => "end",
        TimeField::Duration => "duration",
    };
    at.key(key)
        .report_part(part_of(problem.within), problem.complaint);
}

fn part_of(within: Option<Span>) -> Part {
    within.map_or(Part::Value, Part::Within)
}
