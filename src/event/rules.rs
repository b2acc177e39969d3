//! Rules across events: what no single event can know, as one visible table.

use crate::diagnostic::{Code, Complaint, Diagnostic};
use crate::event::Origin;
use std::borrow::Cow;
use std::collections::BTreeMap;
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

/// Every rule; each is one small function below.
const RULES: &[Rule] = &[uids_are_unique];

/// Checks what no single event can know.
pub fn check(identities: &[Identity]) -> Vec<Diagnostic> {
    RULES.iter().flat_map(|rule| rule(identities)).collect()
}

fn uids_are_unique(identities: &[Identity]) -> Vec<Diagnostic> {
    // UIDs that differ only in case are one to clients that fold case.
    let mut first: BTreeMap<Cow<str>, &Identity> = BTreeMap::new();
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
