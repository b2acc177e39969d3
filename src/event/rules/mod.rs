//! Rules: what no single event can know, and what is worth a look, as two visible tables.
//!
//! Flows in: the events of all files. Flows out: diagnostics. `RULES` hold in every run. `LINTS` are what `check` looks
//! for besides: they keep events whole and look at today, and whoever publishes pays nothing for them.

mod clashes;
mod link_texts;
mod names;
mod other_dates;
mod readiness;
mod repeated_links;

use crate::diagnostic::{Code, Complaint, Diagnostic};
use crate::event::calendar::Calendar;
use crate::event::{Event, Origin};
use chrono::{DateTime, Utc};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// The name of an event, published or not, and where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The UID.
    pub uid: Arc<str>,
    /// Whether the author wrote the UID whole, as `uid:`.
    pub is_explicit: bool,
    /// Where it is written.
    pub origin: Origin,
}

/// A rule over all events of a calendar.
type Rule = fn(&[Identity]) -> Vec<Diagnostic>;

/// Every rule of every run; each is one small function below.
const RULES: &[Rule] = &[uids_are_unique];

/// What lints look at.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The calendar.
    pub calendar: &'a Calendar,
    /// The valid events, by UID.
    pub events: &'a [Event],
    /// The names of the drafts.
    pub drafts: &'a [Identity],
    /// The present moment.
    pub now: DateTime<Utc>,
}

/// A lint, with the codes that it may give.
type Lint = (&'static [Code], fn(&Known) -> Vec<Diagnostic>);

/// Every lint that `check` runs, in files of their own; an export runs none of them.
pub const LINTS: &[Lint] = &[
    (
        &[Code::DoubleBooked, Code::ProjectOverlap],
        clashes::clashes,
    ),
    (&[Code::RepeatedLink], repeated_links::repeated_links),
    (&[Code::LinkMismatch], link_texts::link_texts),
    (&[Code::DateMismatch], other_dates::texts),
    (&[Code::OtherDateInName], names::names),
    (&[Code::NoWayToJoin], readiness::no_way_to_join),
    (&[Code::AssumedEnd], readiness::assumed_ends),
    (&[Code::StillTentative], readiness::still_tentative),
    (&[Code::UndatedDraft], readiness::drafts),
];

/// Looks for what only `check` looks for.
pub fn lint(known: &Known) -> Vec<Diagnostic> {
    LINTS.iter().flat_map(|(_, lint)| lint(known)).collect()
}

/// Checks what no single event can know.
pub fn check(identities: &[Identity]) -> Vec<Diagnostic> {
    RULES.iter().flat_map(|rule| rule(identities)).collect()
}

fn uids_are_unique(identities: &[Identity]) -> Vec<Diagnostic> {
    // UIDs that differ only in case are one to clients that fold case.
    let mut first: HashMap<Cow<str>, &Identity> = HashMap::with_capacity(identities.len());
    let mut found = Vec::new();
    for identity in identities {
        let has_capital = identity.uid.bytes().any(|byte| byte.is_ascii_uppercase());
        let folded = match has_capital {
            true => Cow::Owned(identity.uid.to_ascii_lowercase()),
            false => Cow::Borrowed(&*identity.uid),
        };
        let Some(earlier) = first.insert(folded, identity) else {
            continue;
        };
        let place = |of: &Identity| of.origin.key(if of.is_explicit { "uid" } else { "id" });
        let hint = if identity.is_explicit || earlier.is_explicit {
            "give one of them another `uid:`"
        } else if identity.origin.path == earlier.origin.path {
            "give each entry an `id:` of its own"
        } else {
            "rename one file, or give one event an `id:` of its own; the one that is published keeps its UID"
        };
        found.push(
            Complaint::new(
                Code::DuplicateUid,
                if identity.uid == earlier.uid {
                    format!("two events have the UID `{}`", identity.uid)
                } else {
                    format!(
                        "two UIDs differ only in case: `{}` and `{}`",
                        earlier.uid, identity.uid
                    )
                },
            )
            .label("the second one")
            .hint(hint)
            .at(place(identity))
            .also(place(earlier), "the first one"),
        );
    }
    found
}
