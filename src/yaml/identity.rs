//! Identity: which project an event belongs to, and the UID that calendars know it by for ever.
//!
//! Flows in: an entry's document and where it is written. Flows out: a slug and a UID, or complaints.

use crate::diagnostic::{Code, Complaint, list_of, nearest};
use crate::event::Origin;
use crate::event::calendar::{Calendar, Project};
use crate::yaml::cursor::Cursor;
use crate::yaml::document::EventDocument;
use crate::yaml::field::{Field, Text};
use std::collections::BTreeMap;

/// Finds the project: the key `project`, else the first folder.
pub(crate) fn read_project(
    at: &Cursor,
    document: &EventDocument,
    origin: &Origin,
    calendar: &Calendar,
) -> Option<String> {
    let here = at.key("project");
    let folder = origin.relative.split_once('/').map(|(folder, _)| folder);
    if let Field::Value(_) | Field::Wrong(_) = document.project {
        return here.read(&document.project, |slug| {
            let is_known = calendar.projects.contains_key(slug);
            if is_known {
                Ok(slug.to_owned())
            } else {
                Err(unknown_project(slug, &calendar.projects))
            }
        });
    }
    match folder {
        Some(folder) if calendar.projects.contains_key(folder) => Some(folder.to_owned()),
        Some(folder) => {
            let mut complaint = unknown_project(folder, &calendar.projects);
            if let Some(known) = meant_project(folder, &calendar.projects) {
                complaint.hint = Some(format!(
                    "rename the folder to `{known}`, or write `project: {known}`"
                ));
            }
            let complaint = complaint.label(format!("the folder `{folder}` names the project"));
            // Once for the file, however many entries it has.
            at.top().report(complaint);
            None
        }
        None => {
            let known = list_of(&slugs(&calendar.projects));
            at.top().report(
                Complaint::new(Code::MissingProject, "the event belongs to no project")
                    .hint(format!("write `project:`, or move the file into a project's folder; the projects are {known}")),
            );
            None
        }
    }
}

/// Complains about a slug that no project has, and proposes the one that was meant.
pub(crate) fn unknown_project(slug: &str, projects: &BTreeMap<String, Project>) -> Complaint {
    if let Some(project) = renamed(slug, projects) {
        let message = format!("`{slug}` is an old slug of the project `{project}`");
        return Complaint::new(Code::UnknownProject, message).hint(format!("write `{project}`"));
    }
    let message = format!("calendar.yaml registers no project `{slug}`");
    Complaint::new(Code::UnknownProject, message).hint(match meant_project(slug, projects) {
        Some(known) => format!("did you mean `{known}`?"),
        None => format!(
            "register it under `projects:`, or use one of {}",
            list_of(&slugs(projects))
        ),
    })
}

/// Finds the project that a slug stands for that no project has.
fn meant_project<'p>(slug: &str, projects: &'p BTreeMap<String, Project>) -> Option<&'p str> {
    renamed(slug, projects).or_else(|| nearest(slug, slugs(projects)))
}

/// Finds the project that had a slug before.
fn renamed<'p>(slug: &str, projects: &'p BTreeMap<String, Project>) -> Option<&'p str> {
    let mut projects = projects.iter();
    let found = projects.find(|(_, project)| project.aliases.iter().any(|alias| alias == slug));
    found.map(|(slug, _)| slug.as_str())
}

fn slugs(projects: &BTreeMap<String, Project>) -> Vec<&str> {
    projects.keys().map(String::as_str).collect()
}

/// Makes the UID: the key `uid`, else `<project>-<id>@<domain>` with the project's `uid_prefix`, if it has one.
pub(crate) fn read_uid(
    at: &Cursor,
    document: &EventDocument,
    origin: &Origin,
    project: Option<&str>,
    calendar: &Calendar,
) -> Option<String> {
    let id = read_id(at, document, origin);
    if let Field::Value(_) | Field::Wrong(_) = document.uid {
        return at.key("uid").read(&document.uid, check_uid);
    }
    let (project, id) = (project?, id?);
    let prefix = calendar.uid_prefix(project);
    Some(format!("{prefix}-{id}@{}", calendar.domain))
}

fn read_id(at: &Cursor, document: &EventDocument, origin: &Origin) -> Option<String> {
    if let Field::Value(_) | Field::Wrong(_) = document.id {
        return at.key("id").read(&document.id, |id| {
            check_id(id, &document.start).map(|()| id.to_owned())
        });
    }
    if document.uid.value().is_some() {
        return None;
    }
    if origin.entry.is_some() {
        at.report(
            Complaint::new(Code::MissingKey, "an entry of `events:` needs an `id`")
                .hint("write an `id:` that never changes, such as the date: calendars know the event by it"),
        );
        return None;
    }
    let name = origin
        .relative
        .rsplit('/')
        .next()
        .unwrap_or(&origin.relative);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    match check_id(stem, &document.start) {
        Ok(()) => Some(stem.to_owned()),
        Err(complaint) => {
            at.report(complaint.label("the file's name is the event's id"));
            None
        }
    }
}

/// Checks an id that shall be the name of a new file.
pub(crate) fn check_new_id(id: &str) -> Result<(), Complaint> {
    check_id(id, &Field::Absent)
}

/// Finds an id that is free: the one that is wanted, else with a number behind it.
pub(crate) fn free_id(wanted: &str, is_free: impl Fn(&str) -> bool) -> Option<String> {
    let others = (2..1000).map(|number| format!("{wanted}-{number}"));
    let mut all = [wanted.to_owned()].into_iter().chain(others);
    all.find(|id| is_free(id))
}

fn check_id(id: &str, start: &Field<Text>) -> Result<(), Complaint> {
    let is_made_well = |id: &str| {
        !id.is_empty()
            && id
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b))
    };
    if id.len() > 128 {
        return Err(
            Complaint::new(Code::BadId, "the id has more than 128 characters")
                .hint("write a shorter `id:`"),
        );
    }
    if is_made_well(id) {
        return Ok(());
    }
    let lower = id.to_lowercase();
    let words = lower.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '_'));
    let proposal = words
        .map(|word| word.trim_matches('.'))
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    let day = match start {
        Field::Value(Text::Said(start)) => start.get(..10).filter(|day| is_made_well(day)),
        _ => None,
    };
    let proposal = if proposal.is_empty() {
        day.unwrap_or("2026-01-31").to_owned()
    } else {
        proposal
    };
    Err(
        Complaint::new(Code::BadId, format!("`{id}` cannot be an id")).hint(format!(
            "ids are made of a-z, 0-9, `.`, `_` and `-`: write `id: {proposal}`"
        )),
    )
}

fn check_uid(text: &str) -> Result<String, Complaint> {
    let is_fine = text.len() <= 255
        && text
            .bytes()
            .all(|b| b.is_ascii_graphic() && !b"/\\,;\"".contains(&b));
    if is_fine {
        return Ok(text.to_owned());
    }
    Err(
        Complaint::new(Code::BadUid, "the UID cannot stand in a feed").hint(
            "a UID is ASCII without blanks, `/`, `\\`, `,`, `;` and quotes, 255 characters at most",
        ),
    )
}
