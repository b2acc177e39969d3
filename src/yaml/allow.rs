//! Allowances: the warnings and the advice that an author has looked at and that nobody needs to hear again.
//!
//! Flows in: `allow` of the calendar, an event, or the top of a file. Flows out: codes, where they are silent,
//! or complaints. Deliberately absent: errors, which nobody can allow.

use crate::diagnostic::{At, Code, Complaint, Diagnostic, Severity, Step, list_of, nearest};
use crate::yaml::cursor::Cursor;
use crate::yaml::document::AllowDocument;
use crate::yaml::field::{Field, Many};
use crate::yaml::positions::Positions;
use std::sync::Arc;

/// A warning or advice that is silent in an event, or in what a file holds besides its entries.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Allowance {
    /// The file as people reach it.
    pub file: Arc<str>,
    /// The number of the entry in the file's `events:`, from 0.
    pub entry: Option<usize>,
    /// The code.
    pub code: Code,
}

impl Allowance {
    /// Gives the allowance that would silence what is found in a file.
    pub(crate) fn in_file(found: &Diagnostic, positions: &Positions) -> Self {
        let entry = match &found.place.at {
            At::Span(span) => positions.entry_at(span.start),
            At::Node(steps, _) => entry_of(steps),
            At::File => None,
        };
        Allowance::of(found, entry)
    }

    /// Gives the allowance that would silence what is found across files, which is told of an event's key.
    pub fn across_files(found: &Diagnostic) -> Option<Self> {
        match &found.place.at {
            At::Node(steps, _) => Some(Allowance::of(found, entry_of(steps))),
            At::File | At::Span(_) => None,
        }
    }

    fn of(found: &Diagnostic, entry: Option<usize>) -> Self {
        Allowance {
            file: found.place.file.clone(),
            entry,
            code: found.code(),
        }
    }
}

fn entry_of(steps: &[Step]) -> Option<usize> {
    match steps {
        [Step::Key(key), Step::Index(index), ..] if &**key == "events" => Some(*index),
        _ => None,
    }
}

/// Where warnings are allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// In `calendar.yaml`, for everything.
    Calendar,
    /// In an event file.
    Event,
}

/// The warnings that are about no event in a file.
const OF_THE_CALENDAR: &[Code] = &[
    Code::UnreadFile,
    Code::Vanished,
    Code::OrphanedFeed,
    Code::LargeFeed,
    Code::UnreadTime,
    Code::BrokenTime,
    Code::LatePreview,
    Code::PlaceholderLink,
    Code::ReplayInPreview,
    Code::UnknownHost,
];

/// Reads which warnings are allowed.
pub(crate) fn read_allow(
    at: &Cursor,
    field: &Field<Many<AllowDocument>>,
    scope: Scope,
) -> Vec<Code> {
    at.list(field, |at, document| {
        at.strays(&document.strays, AllowDocument::KEYS);
        let keys = [
            ("code", document.code.is_missing()),
            ("reason", document.reason.is_missing()),
        ];
        let is_missing = |key| !at.is_misspelt(key, &document.strays, AllowDocument::KEYS);
        for (key, _) in keys
            .iter()
            .filter(|(key, missing)| *missing && is_missing(key))
        {
            let message = format!("an entry of `allow` needs a `{key}`");
            let hint = "say which warning it is and why it is fine, such as \
                        `{code: cut-by-comment, reason: it is a comment}`";
            at.key(key)
                .report(Complaint::new(Code::MissingKey, message).hint(hint));
        }
        at.key("reason").prose(&document.reason);
        at.key("code")
            .read(&document.code, |code| read_code(code, scope))
    })
}

fn read_code(text: &str, scope: Scope) -> Result<Code, Complaint> {
    let names = || Code::ALL.iter().map(|code| code.as_str());
    let Some(code) = Code::ALL.iter().find(|code| code.as_str() == text) else {
        let hint = match nearest(text, names()) {
            Some(name) => format!("did you mean `{name}`?"),
            None => only_warnings(scope),
        };
        let message = format!("there is no diagnostic `{text}`");
        return Err(Complaint::new(Code::UnknownValue, message).hint(hint));
    };
    if code.severity() == Severity::Error {
        let message = format!("`{code}` is an error, which cannot be allowed");
        let hint = format!("mend what it reports; {}", only_warnings(scope));
        return Err(Complaint::new(Code::BadAllow, message).hint(hint));
    }
    if scope == Scope::Event && OF_THE_CALENDAR.contains(code) {
        let message = format!("`{code}` is never about an event that is in the files");
        let hint = "write it under `allow:` in calendar.yaml";
        return Err(Complaint::new(Code::BadAllow, message).hint(hint));
    }
    Ok(*code)
}

/// Gives the codes that can be allowed somewhere.
pub(super) fn allowable(scope: Scope) -> impl Iterator<Item = Code> {
    let is_meant = move |code: &Code| {
        code.severity() != Severity::Error
            && (scope == Scope::Calendar || !OF_THE_CALENDAR.contains(code))
    };
    Code::ALL.iter().copied().filter(is_meant)
}

fn only_warnings(scope: Scope) -> String {
    let warnings: Vec<&str> = allowable(scope).map(Code::as_str).collect();
    format!("what can be allowed here is {}", list_of(&warnings))
}
