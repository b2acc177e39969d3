//! Told moments: what one of the texts tells, with the means to complain about it.
//!
//! Flows in: a text. Flows out: its moment, or what `written_time` says is wrong with it.

use super::{TimeField, TimeProblem};
use crate::diagnostic::{Code, Complaint};
use crate::event::written_time::{WrittenMoment, quote, read_time};
use crate::source::Span;
use chrono::FixedOffset;
use std::fmt::Display;

/// A moment that a text tells.
pub(super) struct Told<'a> {
    pub(super) field: TimeField,
    pub(super) text: &'a str,
    pub(super) moment: WrittenMoment,
}

impl Told<'_> {
    pub(super) fn quote(&self, span: &Span) -> String {
        quote(&self.text[span.clone()])
    }

    pub(super) fn offset(&self) -> Option<FixedOffset> {
        self.moment.offset.as_ref().map(|offset| offset.value)
    }

    /// What a sentence about this end calls the start and the end.
    pub(super) fn names(&self) -> (&'static str, &'static str) {
        match self.field {
            TimeField::End => ("`start`", "`end`"),
            _ => ("the start", "the end"),
        }
    }

    /// Complains about the whole moment.
    pub(super) fn wrong(
        &self,
        code: Code,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> TimeProblem {
        self.wrong_at(&self.moment.span, code, message, hint)
    }

    /// Complains about a part of the moment.
    pub(super) fn wrong_at(
        &self,
        span: &Span,
        code: Code,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> TimeProblem {
        TimeProblem {
            field: self.field,
            within: Some(span.clone()),
            complaint: Complaint::new(code, message).hint(hint),
        }
    }

    pub(super) fn too_early(&self, start: impl Display, hint: String) -> TimeProblem {
        let (start_name, end_name) = self.names();
        let message = format!("{end_name} is not after {start_name}");
        let mut problem = self.wrong(Code::EndBeforeStart, message, hint);
        problem.complaint = problem.complaint.label(format!("start is {start}"));
        problem
    }
}

/// Reads a moment, or a range of two.
pub(super) fn read_range(
    field: TimeField,
    text: &str,
) -> Result<(Told<'_>, Option<Told<'_>>), TimeProblem> {
    let written = read_time(text).map_err(|fault| TimeProblem {
        field,
        within: Some(fault.span),
        complaint: fault.complaint,
    })?;
    let told = |moment| Told {
        field,
        text,
        moment,
    };
    Ok((told(written.start), written.end.map(told)))
}

/// Reads the moment of an `end`.
pub(super) fn read_end(text: &str) -> Result<Told<'_>, TimeProblem> {
    let (told, range_end) = read_range(TimeField::End, text)?;
    let Some(end) = range_end else {
        return Ok(told);
    };
    let message = "`end` is one moment, and these are two";
    let hint = format!("write the end alone: `{}`", end.quote(&end.moment.span));
    Err(told.wrong(Code::BadTime, message, hint))
}
