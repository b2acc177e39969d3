//! Readiness: what an event still lacks, while there is time.

use crate::diagnostic::{Code, Complaint, Diagnostic};
use crate::event::rules::{Identity, Known};

/// Lists the drafts, so that none is forgotten.
pub(super) fn drafts(known: &Known) -> Vec<Diagnostic> {
    let found = |draft: &Identity| {
        Complaint::new(
            Code::UndatedDraft,
            "a draft: without a start it is in no feed",
        )
        .hint("write `start:` once it is known; if it never will be, delete the file")
        .at(draft.origin.key("start"))
    };
    known.drafts.iter().map(found).collect()
}
