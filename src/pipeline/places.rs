//! Places: diagnostics know the way to a node; here they get the bytes that people are shown.

use crate::diagnostic::{At, Diagnostic, Part, Place};
use crate::pipeline::Sources;
use crate::source::{Source, Span};
use crate::yaml::positions::Positions;
use std::cell::LazyCell;
use std::collections::BTreeMap;

/// Turns places in YAML nodes into spans; only files with something to report are read again.
pub(super) fn locate(diagnostics: &mut [Diagnostic], sources: &Sources) {
    let all = || sources.calendar.iter().chain(&sources.events);
    let by_path: LazyCell<BTreeMap<&str, &Source>, _> =
        LazyCell::new(|| all().map(|source| (&*source.path, source)).collect());
    let mut positions: BTreeMap<&str, Positions> = BTreeMap::new();
    let mut find = |place: &Place| match &place.at {
        At::Node(steps, part) => {
            let (path, source) = by_path.get_key_value(&*place.file)?;
            let nodes = positions
                .entry(path)
                .or_insert_with(|| Positions::of(&source.text));
            let span = nodes.find(steps, part)?;
            let span = match part {
                Part::Words(words) => within(&source.text, span, words),
                _ => span,
            };
            Some(At::Span(first_line(&source.text, span)))
        }
        known => Some(known.clone()),
    };
    for diagnostic in diagnostics {
        let related = diagnostic.related.iter_mut().map(|(place, _)| place);
        for place in [&mut diagnostic.place].into_iter().chain(related) {
            place.at = find(place).unwrap_or(At::File);
        }
    }
}

/// Finds words in a span; a text that was written in another form keeps the whole.
fn within(text: &str, span: Span, words: &str) -> Span {
    let found = text.get(span.clone()).and_then(|value| value.find(words));
    found.map_or(span.clone(), |at| {
        span.start + at..span.start + at + words.len()
    })
}

/// Cuts a span at the end of its first line: a caret under a whole mapping points at nothing.
fn first_line(text: &str, span: Span) -> Span {
    let lines = text.get(span.clone()).unwrap_or("");
    let length = lines.lines().next().map_or(0, |line| line.trim_end().len());
    span.start..span.start + length
}
