//! Cursors: where in a document `normalise` reads, so that each complaint finds its place.
//!
//! A cursor knows the way to a node (`events[2].join.code`), not its line: positions are looked for
//! when there is something to report. What can be read at one stands in `reading`.

use crate::diagnostic::{At, Complaint, Diagnostic, Part, Place, Step};
use crate::source::{Source, Span};
use crate::yaml::findings::Findings;
use crate::yaml::positions::Positions;

/// A node of a document that is being read.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'c, 's> {
    pub(super) findings: &'c Findings<'s>,
    parent: Option<&'c Cursor<'c, 's>>,
    step: CursorStep<'c>,
}

#[derive(Debug, Clone, Copy)]
enum CursorStep<'c> {
    Root,
    Key(&'c str),
    Index(usize),
}

impl<'c, 's> Cursor<'c, 's> {
    /// Stands at the top of the document.
    pub fn root(findings: &'c Findings<'s>) -> Self {
        Cursor {
            findings,
            parent: None,
            step: CursorStep::Root,
        }
    }

    /// Stands at the value of a key.
    pub fn key<'n>(&'n self, key: &'n str) -> Cursor<'n, 's> {
        Cursor {
            findings: self.findings,
            parent: Some(self),
            step: CursorStep::Key(key),
        }
    }

    /// Stands at an entry of a list.
    pub fn index<'n>(&'n self, index: usize) -> Cursor<'n, 's> {
        Cursor {
            findings: self.findings,
            parent: Some(self),
            step: CursorStep::Index(index),
        }
    }

    /// The source that is read.
    pub fn source(&self) -> &'s Source {
        self.findings.source()
    }

    /// Counts the errors in the source so far.
    pub fn faults(&self) -> usize {
        self.findings.faults()
    }

    /// Reports a complaint about the value.
    pub fn report(&self, complaint: Complaint) {
        self.report_part(Part::Value, complaint);
    }

    /// Reports a complaint about a part of the node.
    pub fn report_part(&self, part: Part, complaint: Complaint) {
        self.findings.keep(complaint.at(self.place(part)));
    }

    /// Reports a complaint about the value, with another place that belongs to it.
    pub fn report_also(&self, complaint: Complaint, other: Place, label: &str) {
        let found = complaint.at(self.place(Part::Value));
        self.findings.keep(found.also(other, label));
    }

    /// Reports a complaint about a range of bytes of the source.
    pub fn report_span(&self, span: Span, complaint: Complaint) {
        self.findings
            .keep(complaint.at(Place::span(self.source().path.clone(), span)));
    }

    /// Keeps a diagnostic that names further places.
    pub fn keep(&self, found: Diagnostic) {
        self.findings.keep(found);
    }

    /// Names the place of a part of the node.
    pub fn place(&self, part: Part) -> Place {
        Place {
            file: self.findings.source().path.clone(),
            at: At::Node(self.steps(), part),
        }
    }

    pub(super) fn steps(&self) -> Vec<Step> {
        let mut steps = self.parent.map_or_else(Vec::new, Cursor::steps);
        match self.step {
            CursorStep::Root => {}
            CursorStep::Key(key) => steps.push(Step::Key(key.into())),
            CursorStep::Index(index) => steps.push(Step::Index(index)),
        }
        steps
    }

    /// Names the node for people.
    pub(super) fn name(&self) -> String {
        match self.step {
            CursorStep::Root => "the file".to_owned(),
            CursorStep::Key(key) => format!("`{key}`"),
            CursorStep::Index(_) => self
                .parent
                .map_or_else(String::new, |list| format!("an entry of {}", list.name())),
        }
    }

    /// Stands at the top of the document again.
    pub fn top(&self) -> Cursor<'c, 's> {
        Cursor::root(self.findings)
    }

    /// Where the source's nodes stand.
    pub fn positions(&self) -> &Positions {
        self.findings.positions()
    }

    /// Gives the cursor's number in its list, from 0; 0 outside of lists.
    pub fn number(&self) -> usize {
        match self.step {
            CursorStep::Index(index) => index,
            CursorStep::Root | CursorStep::Key(_) => 0,
        }
    }

    /// Tells whether it stands at an entry of a list.
    pub fn is_entry(&self) -> bool {
        matches!(self.step, CursorStep::Index(_))
    }
}
