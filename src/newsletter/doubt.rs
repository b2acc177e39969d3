//! Doubts: what a post leaves open or contradicts itself about.
//!
//! Flows in: what the reading of an announcement noticed. Flows out: warnings with their place in the post, and notes
//! beside the field that they are about.

use crate::diagnostic::{Complaint, Diagnostic, Place};
use crate::newsletter::post::Post;
use crate::source::Span;

/// What was noticed about an announcement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Doubts {
    /// Where the text contradicts itself: someone must look.
    pub warnings: Vec<Diagnostic>,
    /// What was taken without being said: by the field that it is about.
    pub notes: Vec<Note>,
}

/// What was taken without being said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The key of the event file that it is about: `start`, `join`.
    pub field: &'static str,
    /// One sentence, in lower case, without a final period.
    pub text: String,
}

impl Doubts {
    /// Adds a warning about bytes of a post, and the same beside a field.
    pub(super) fn warn(
        &mut self,
        post: &Post<'_>,
        span: &Span,
        field: &'static str,
        complaint: Complaint,
    ) {
        self.note(field, complaint.message.clone());
        let place = Place::span(post.source.path.clone(), span.clone());
        self.warnings.push(complaint.at(place));
    }

    /// Adds a note about a field.
    pub(super) fn note(&mut self, field: &'static str, text: impl Into<String>) {
        let text = text.into();
        let note = Note { field, text };
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}
