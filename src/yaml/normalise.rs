//! Normalising: a document becomes valid events, every time in the calendar's zone.
//!
//! Flows in: an event file's document, the calendar, today's date. Flows out: events, drafts, and
//! everything that is wrong. The only maker of `Event`. Deliberately absent: rules across events.

use crate::diagnostic::{Code, Complaint, Diagnostic, Part};
use crate::event::calendar::{Calendar, Project};
use crate::event::duration::read_duration;
use crate::event::link::Url;
use crate::event::rules::Identity;
use crate::event::stale_zone;
use crate::event::when::{
    Moment, Reference, Settled, Statement, TimeField, TimeProblem, Tz, read_instant, settle,
};
use crate::event::written_time::YEARS;
use crate::event::zone_name::read_zone;
use crate::event::{Event, Origin};
use crate::source::{Source, Span};
use crate::yaml::allow::{Allowance, Scope, read_allow};
use crate::yaml::cursor::Cursor;
use crate::yaml::details::read_details;
use crate::yaml::document::{AnnouncementDocument, EventDocument, JoinDocument, StreamDocument};
use crate::yaml::field::{Field, Many};
use crate::yaml::findings::Findings;
use crate::yaml::identity::{read_project, read_uid};
use crate::yaml::lost_text::report_lost_text;
use crate::yaml::nodes::expanded_size_beside;
use crate::yaml::series::SeriesReader;
use chrono::{DateTime, Datelike, NaiveDate};
use std::collections::BTreeSet;

/// What an event file gives.
#[derive(Debug, Default)]
pub struct Normalised {
    /// Its events that can be published.
    pub events: Vec<Event>,
    /// The names of all its entries, valid or not.
    pub identities: Vec<Identity>,
    /// The names of its drafts: entries without a start.
    pub drafts: Vec<Identity>,
    /// Which warnings are silent where.
    pub allowances: BTreeSet<Allowance>,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

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
        end: None,
        duration: None,
        normalised: Normalised::default(),
    };
    let root = Cursor::root(&findings);
    match &document.events {
        Field::Absent => file.entry(&root, document, None),
        _ => file.entries(&root, document),
    }
    report_lost_text(&root);
    let mut normalised = file.normalised;
    normalised.diagnostics = findings.take_diagnostics();
    if !normalised.allowances.is_empty() {
        let allowances = &normalised.allowances;
        normalised
            .diagnostics
            .retain(|found| !allowances.contains(&Allowance::in_file(found, root.positions())));
    }
    normalised
}

/// A file on its way to events.
struct File<'a> {
    calendar: &'a Calendar,
    today: NaiveDate,
    /// When the file says that its events end, if they do not say it.
    end: Option<String>,
    /// How long the file says that its events last, if they do not say it.
    duration: Option<String>,
    normalised: Normalised,
}

/// The most that the events of one file may inherit together, in bytes.
const MOST_INHERITED: usize = 16 << 20;

impl File<'_> {
    fn entries(&mut self, root: &Cursor, file: &EventDocument) {
        root.strays(&file.strays, EventDocument::KEYS);
        refuse_keys_of_one(root, file);
        let list = root.key("events");
        let begin = "begin each event with `- id: …`, in a list under `events:`";
        match &file.events {
            Field::Value(Many::Lone(one)) if one.id.is_absent() && one.title.is_absent() => list
                .report(
                    Complaint::new(Code::WrongType, "`events` wants a list, this is a mapping")
                        .hint(begin),
                ),
            events if is_empty(events) => {
                list.report(Complaint::new(Code::EmptyValue, "`events` is empty").hint(begin));
            }
            Field::Value(Many::List(entries)) if inherits_too_much(root, entries.len()) => {
                let message = format!("{} events inherit too much", entries.len());
                list.report_part(
                    Part::Key,
                    Complaint::new(Code::TooLong, message)
                        .hint("write long texts and lists where they belong"),
                );
            }
            _ => {
                self.allow(root, file, None);
                let duration = root.key("duration");
                self.duration = duration.read(&file.duration, |text| {
                    read_duration(text).map(|_| text.to_owned())
                });
                self.end = root.key("end").line(&file.end);
                if self.end.is_some() && self.duration.is_some() {
                    let complaint = Complaint::new(
                        Code::EndTwice,
                        "`end` and `duration` both say when the events end",
                    );
                    duration.report(complaint.hint("keep one of them"));
                }
                let defaults = defaults(file);
                list.each(&file.events, |at, written| {
                    self.entry(at, &with_defaults(written, &defaults), Some(at.number()));
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
        let announced = announced(at, document);
        self.allow(at, document, index);
        let slug = read_project(at, document, &origin, self.calendar);
        let uid = read_uid(at, document, &origin, slug.as_deref(), self.calendar);
        let unknown = Project::default();
        let project = slug
            .as_ref()
            .and_then(|slug| self.calendar.projects.get(slug));
        let project = project.unwrap_or(&unknown);
        let zone = at.key("timezone").read(&document.timezone, read_zone);
        let reference = self.reference(document, zone);
        let moved_from = moved_from(at, document, &reference).map(Moment::Time);
        let details = read_details(at, document, project, moved_from);
        let is_draft = document.start.is_missing();
        let settled = if is_draft {
            None
        } else {
            self.settle(at, document, project, &reference)
        };
        let series = SeriesReader {
            event: at,
            document,
            project,
            settled: settled.as_ref(),
            reference: &reference,
            is_clean: at.faults() == faults_before,
            policy: self.calendar.cancelled,
        };
        let series = series.read().map(Box::new);
        let clocks = (zone, self.calendar.zone);
        if let Some(Settled { when, .. }) = &settled
            && let Some(stale) = stale_zone::complaint_of(when, series.as_deref(), clocks)
        {
            at.key("start").report(stale);
        }
        let identity = uid.map(|uid| Identity {
            uid: uid.into(),
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
                    written_day: settled.written_day,
                    details,
                    series,
                    announced,
                    origin,
                });
            }
            _ => {}
        }
    }

    /// Notes what is silent in an entry, or in what the file holds besides its entries.
    fn allow(&mut self, at: &Cursor, document: &EventDocument, entry: Option<usize>) {
        let codes = read_allow(&at.key("allow"), &document.allow, Scope::Event);
        let allowance = |code| Allowance {
            file: at.source().path.clone(),
            entry,
            code,
        };
        self.normalised
            .allowances
            .extend(codes.into_iter().map(allowance));
    }

    fn settle(
        &self,
        at: &Cursor,
        document: &EventDocument,
        project: &Project,
        reference: &Reference,
    ) -> Option<Settled> {
        let start = at.key("start").line(&document.start)?;
        let end = at.key("end").line(&document.end);
        let duration = at.key("duration").line(&document.duration);
        let states_end = !document.end.is_absent() || !document.duration.is_absent();
        let statement = |inherits: bool| Statement {
            start: &start,
            end: end.as_deref().or(self.end.as_deref().filter(|_| inherits)),
            duration: duration
                .as_deref()
                .or(self.duration.as_deref().filter(|_| inherits)),
            default_duration: match document.duration {
                Field::Null => self.calendar.duration,
                _ => project.duration.unwrap_or(self.calendar.duration),
            },
            reference: reference.clone(),
        };
        let inherits = !states_end && (self.end.is_some() || self.duration.is_some());
        let settled = match settle(&statement(inherits)) {
            // What the file says of all its entries gives way to what a start says of itself.
            Err(problems) if inherits && problems.iter().all(is_about_defaults) => {
                settle(&statement(false))
            }
            settled => settled,
        };
        match settled {
            // A year may be left by the way into the calendar's zone.
            Ok(settled) if !YEARS.contains(&settled.when.start_date().year()) => {
                let message = format!(
                    "in {} this is {}",
                    reference.home_zone,
                    settled.when.start_date()
                );
                at.key("start").report(
                    Complaint::new(Code::YearOutOfRange, message).hint("years are 1970 to 2199"),
                );
                None
            }
            Ok(settled) => Some(settled),
            Err(problems) => {
                for problem in problems {
                    report_time(at, problem);
                }
                None
            }
        }
    }

    fn reference(&self, document: &EventDocument, event_zone: Option<Tz>) -> Reference {
        // A series keeps the wall clock of its own zone; everything else is normalised.
        let own_zone = event_zone.filter(|_| !document.repeat.is_missing());
        Reference {
            event_zone,
            home_zone: own_zone.unwrap_or(self.calendar.zone),
            day: None,
            today: self.today,
        }
    }
}

fn moved_from(
    at: &Cursor,
    document: &EventDocument,
    reference: &Reference,
) -> Option<DateTime<Tz>> {
    let here = at.key("moved_from");
    let text = here.line(&document.moved_from)?;
    read_instant(&text, reference)
        .map_err(|problem| here.report_part(part_of(problem.within), problem.complaint))
        .ok()
}

/// Reports the keys that say what one entry is and cannot be a default of several.
fn refuse_keys_of_one(root: &Cursor, file: &EventDocument) {
    let keys = [
        ("id", !file.id.is_absent()),
        ("uid", !file.uid.is_absent()),
        ("start", !file.start.is_absent()),
        ("repeat", !file.repeat.is_absent()),
        ("moved_from", !file.moved_from.is_absent()),
    ];
    for (key, _) in keys.iter().filter(|(_, is_written)| *is_written) {
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

/// Gives what the entries of a file inherit from its top.
fn defaults(file: &EventDocument) -> EventDocument {
    EventDocument {
        id: Field::Absent,
        uid: Field::Absent,
        start: Field::Absent,
        repeat: Field::Absent,
        moved_from: Field::Absent,
        // Not what an entry states, but what holds when it states nothing.
        end: Field::Absent,
        duration: Field::Absent,
        events: Field::Absent,
        ..file.clone()
    }
}

fn is_empty(events: &Field<Many<EventDocument>>) -> bool {
    match events {
        Field::Value(Many::List(entries)) => entries.is_empty(),
        events => events.is_missing(),
    }
}

/// Tells whether the events of a file would multiply what stands at its top.
fn inherits_too_much(root: &Cursor, entries: usize) -> bool {
    let top = || expanded_size_beside(root.positions().nodes(), "events");
    entries > FEW && top().saturating_mul(entries) > MOST_INHERITED
}

/// So few events cannot multiply a file of the largest size beyond what is fair.
const FEW: usize = 4;

/// Fills what an entry of `events:`, or a change of a series, does not write.
pub(super) fn with_defaults(written: &EventDocument, defaults: &EventDocument) -> EventDocument {
    let mut document = written.clone();
    if let Field::Value(own) = &mut document.join
        && own.code.value().is_none()
    {
        match &defaults.join {
            Field::Value(default) => own.inherit(default),
            Field::Null => own.inherit(&JoinDocument::cleared()),
            Field::Absent | Field::Wrong(_) => {}
        }
    }
    if let Field::Value(own) = &mut document.stream
        && own.url.value().is_none()
    {
        match &defaults.stream {
            Field::Value(default) => own.inherit(default),
            Field::Null => own.inherit(&StreamDocument::cleared()),
            Field::Absent | Field::Wrong(_) => {}
        }
    }
    document.inherit(defaults);
    document
}

/// What an announcement is of an event: words alone, since feeds have none of it.
pub(super) const ROLES: &[(&str, ())] = &[("preview", ()), ("review", ())];

fn refuse_stray_keys(at: &Cursor, document: &EventDocument, index: Option<usize>) {
    at.strays(&document.strays, EventDocument::KEYS);
    if index.is_some() && !document.events.is_absent() {
        let complaint =
            Complaint::new(Code::UnknownKey, "an entry of `events:` holds no `events:`");
        at.key("events")
            .report_part(Part::Key, complaint.hint("write all events in one list"));
    }
}

/// Reads where the event was announced, and gives the lines that did.
fn announced(at: &Cursor, document: &EventDocument) -> Vec<(usize, String)> {
    at.key("sources")
        .list(&document.sources, |at, announcement| {
            at.strays(&announcement.strays, AnnouncementDocument::KEYS);
            at.key("post").read(&announcement.post, Url::read);
            at.key("role").word(&announcement.role, ROLES);
            Some((at.number(), at.key("line").prose(&announcement.line)?))
        })
}

pub(super) fn report_time(at: &Cursor, problem: TimeProblem) {
    let key = match problem.field {
        TimeField::Start => "start",
        TimeField::End => "end",
        TimeField::Duration => "duration",
    };
    at.key(key)
        .report_part(part_of(problem.within), problem.complaint);
}

fn is_about_defaults(problem: &TimeProblem) -> bool {
    matches!(problem.complaint.code, Code::EndTwice | Code::MixedAllDay)
}

pub(super) fn part_of(within: Option<Span>) -> Part {
    within.map_or(Part::Value, Part::Within)
}
