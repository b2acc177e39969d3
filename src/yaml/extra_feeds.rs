//! Extra feeds: what `feeds:` in `calendar.yaml` adds to the combined feed and those of the projects.
//!
//! Flows in: their documents and the registered projects. Flows out: feeds with a filter, or complaints.

use crate::diagnostic::{Code, Complaint, Part};
use crate::event::Kind;
use crate::event::calendar::{ExtraFeed, Project};
use crate::event::color::Color;
use crate::yaml::cursor::Cursor;
use crate::yaml::document::{CalendarDocument, FeedDocument};
use crate::yaml::identity::unknown_project;
use crate::yaml::slugs::{check_slug_of_feed, entries, report_twice};
use std::collections::BTreeMap;

/// The most extra feeds: each may hold every event once more.
const MOST: usize = 100;

/// The keys of which a feed needs one.
const FILTER: [&str; 3] = ["kinds", "projects", "tags"];

/// Reads the extra feeds by slug.
pub(crate) fn extra_feeds(
    at: &Cursor,
    document: &CalendarDocument,
    projects: &BTreeMap<String, Project>,
) -> BTreeMap<String, ExtraFeed> {
    let here = at.key("feeds");
    let entries = entries(&here, &document.feeds);
    if entries.len() > MOST {
        let message = format!(
            "there are {} extra feeds, {MOST} is the most",
            entries.len()
        );
        let complaint = Complaint::new(Code::TooLong, message);
        here.report_part(
            Part::Key,
            complaint.hint("keep those that people subscribe to"),
        );
    }
    let mut feeds = BTreeMap::new();
    for (slug, field) in entries {
        let here = here.key(slug);
        if let Err(complaint) = check_slug_of_feed(slug) {
            here.report_part(Part::Key, complaint);
            continue;
        }
        if feeds.contains_key(slug) {
            report_twice(&here, format!("the feed `{slug}` is described twice"));
            continue;
        }
        let nothing = FeedDocument::default();
        let document = here.shape(field);
        if document.is_some() || field.is_missing() {
            feeds.insert(
                slug.clone(),
                feed(&here, slug, document.unwrap_or(&nothing), projects),
            );
        }
    }
    feeds
}

fn feed(
    at: &Cursor,
    slug: &str,
    document: &FeedDocument,
    projects: &BTreeMap<String, Project>,
) -> ExtraFeed {
    at.strays(&document.strays, FeedDocument::KEYS);
    let name = at.key("name").line(&document.name);
    let (kinds, tags) = (at.key("kinds"), at.key("tags"));
    let feed = ExtraFeed {
        name: name.unwrap_or_else(|| slug.to_owned()),
        description: at.key("description").prose(&document.description),
        color: at.key("color").read(&document.color, Color::read),
        kinds: kinds.words(&document.kinds, Kind::WORDS),
        projects: at.key("projects").read_each(&document.projects, |slug| {
            match projects.contains_key(slug) {
                true => Ok(slug.to_owned()),
                false => Err(unknown_project(slug, projects)),
            }
        }),
        tags: tags.lines(&document.tags),
    };
    let filter = [&document.kinds, &document.projects, &document.tags];
    let is_misspelt = |key| at.is_misspelt(key, &document.strays, FeedDocument::KEYS);
    if filter.iter().all(|list| list.is_missing()) && !FILTER.into_iter().any(is_misspelt) {
        let message = format!("the feed `{slug}` does not say which events it holds");
        let hint = "write at least one of `kinds:`, `projects:` and `tags:`, such as `kinds: [livestream]`; \
                    every event is in `all.ics` already";
        at.report_part(
            Part::Key,
            Complaint::new(Code::MissingKey, message).hint(hint),
        );
    }
    for (key, list) in FILTER.iter().zip(filter) {
        if list.value().is_some_and(|list| list.is_empty()) {
            let complaint = Complaint::new(Code::EmptyValue, format!("`{key}` is empty"));
            at.key(key)
                .report(complaint.hint("name one, or delete the key: then any will do"));
        }
    }
    feed
}
