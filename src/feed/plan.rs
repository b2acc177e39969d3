//! The plan: which entries go into which feed.

use crate::event::calendar::Calendar;
use crate::event::color::Color;
use crate::event::{Event, Kind};
use std::collections::BTreeMap;

/// The name of the combined feed.
pub const ALL: &str = "all";

/// A feed before it has bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// The file's name without `.ics`: part of the address that people subscribe to.
    pub slug: String,
    /// What subscribers see in their list of calendars.
    pub name: String,
    /// One or two sentences.
    pub description: Option<String>,
    /// The colour that clients may use.
    pub color: Option<Color>,
    /// Which entries it holds, as indices.
    pub entries: Vec<usize>,
    /// Further names under which the same bytes are published.
    pub aliases: Vec<String>,
}

/// What decides which feeds an entry is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filing<'e> {
    /// The slug of its project.
    pub project: &'e str,
    /// What sort of event it is.
    pub kind: Kind,
    /// Its tags.
    pub tags: &'e [String],
}

impl<'e> Filing<'e> {
    /// Files an event.
    pub fn of(event: &'e Event) -> Self {
        Filing {
            project: &event.project,
            kind: event.details.kind,
            tags: &event.details.tags,
        }
    }
}

/// Plans the combined feed, one feed for each project, even an empty one, and the extra feeds.
///
/// The order of the entries stays.
pub fn plan_feeds(calendar: &Calendar, filings: &[Filing]) -> Vec<Feed> {
    let mut of_project: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, filing) in filings.iter().enumerate() {
        of_project.entry(filing.project).or_default().push(index);
    }
    let name = |own: &str| format!("{own} · {}", calendar.name);
    let all = Feed {
        slug: ALL.to_owned(),
        name: calendar.name.clone(),
        description: calendar.description.clone(),
        color: None,
        entries: (0..filings.len()).collect(),
        aliases: Vec::new(),
    };
    let projects = calendar.projects.iter().map(|(slug, project)| Feed {
        slug: slug.clone(),
        name: name(&project.name),
        description: project.description.clone(),
        color: project.color,
        entries: of_project.remove(slug.as_str()).unwrap_or_default(),
        aliases: project.aliases.clone(),
    });
    let extra = calendar.feeds.iter().map(|(slug, feed)| Feed {
        slug: slug.clone(),
        name: name(&feed.name),
        description: feed.description.clone(),
        color: feed.color,
        entries: (0..)
            .zip(filings)
            .filter(|(_, filing)| feed.takes(filing.project, filing.kind, filing.tags))
            .map(|(index, _)| index)
            .collect(),
        aliases: Vec::new(),
    });
    [all].into_iter().chain(projects).chain(extra).collect()
}
