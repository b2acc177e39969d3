//! Tidying: which files are not in canonical form, and how they would be.
//!
//! Flows in: the sources. Flows out: those that change, those that are better left alone, and what is wrong with those
//! that cannot be read. A text is given out only if the same events are read of it.

use crate::diagnostic::Diagnostic;
use crate::pipeline::{Sources, read_events};
use crate::source::Source;
use crate::yaml::field::Anything;
use crate::yaml::parse::parse;
use crate::yaml::tidy::tidy;
use chrono::{DateTime, Utc};

/// What tidying does to files.
#[derive(Debug, Clone, Default)]
pub struct Tidying {
    /// The files that change, as they will be.
    pub changed: Vec<Source>,
    /// The files that stay as they are, since their meaning or their comments might not survive.
    pub doubtful: Vec<Source>,
    /// Why files cannot be read.
    pub diagnostics: Vec<Diagnostic>,
}

/// Tidies the files that are chosen.
pub fn tidying(
    sources: &Sources,
    is_chosen: impl Fn(&Source) -> bool,
    now: DateTime<Utc>,
) -> Tidying {
    let mut tidying = Tidying::default();
    let all = sources.calendar.iter().chain(&sources.events);
    for source in all.filter(|source| is_chosen(source)) {
        if let Err(found) = parse::<Anything>(source) {
            tidying.diagnostics.push(*found);
            continue;
        }
        let text = tidy(source);
        let tidied = text.map(|text| Source::new(&sources.root, &source.relative, text));
        match tidied {
            Some(tidied) if tidied.text == source.text => {}
            Some(tidied) if means_the_same(sources, source, &tidied, now) => {
                tidying.changed.push(tidied);
            }
            _ => tidying.doubtful.push(source.clone()),
        }
    }
    tidying
}

/// Tells whether the same is read of a file before and after.
fn means_the_same(sources: &Sources, before: &Source, after: &Source, now: DateTime<Utc>) -> bool {
    let read = |source: &Source| {
        let is_calendar = sources.calendar.as_ref() == Some(before);
        let calendar = match is_calendar {
            true => Some(source.clone()),
            false => sources.calendar.clone(),
        };
        let alone = Sources {
            root: sources.root.clone(),
            calendar,
            events: (!is_calendar).then(|| source.clone()).into_iter().collect(),
            diagnostics: Vec::new(),
        };
        let contents = read_events(&alone, now);
        // Where something is may change, but not what is found.
        let found = contents.diagnostics.iter();
        let mut found: Vec<_> = found
            .map(|found| (found.code(), found.complaint.message.clone()))
            .collect();
        found.sort();
        (contents.calendar, contents.events, found)
    };
    read(before) == read(after)
}
