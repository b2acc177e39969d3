//! The plan: which entries go into which feed.

use crate::event::calendar::Calendar;
use crate::event::color::Color;
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
}

/// Plans the combined feed and one feed for each project, even an empty one.
///
/// `projects` names the project of each entry; the order of the entries stays.
pub fn plan_feeds(calendar: &Calendar, projects: &[&str]) -> Vec<Feed> {
    let mut of_project: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, project) in projects.iter().enumerate() {
        of_project.entry(project).or_default().push(index);
    }
    let all = Feed {
        slug: ALL.to_owned(),
        name: calendar.name.clone(),
        description: calendar.description.clone(),
        color: None,
        entries: (0..projects.len()).collect(),
    };
    let projects = calendar.projects.iter().map(|(slug, project)| Feed {
        slug: slug.clone(),
        name: format!("{} · {}", project.name, calendar.name),
        description: project.description.clone(),
        color: project.color,
        entries: of_project.remove(slug.as_str()).unwrap_or_default(),
    });
    [all].into_iter().chain(projects).collect()
}
