//! The calendar and its projects: what `events/calendar.yaml` says, valid by construction.

use crate::diagnostic::Code;
use crate::event::color::Color;
use crate::event::link::Url;
use crate::event::window::Window;
use crate::event::{Event, Join, Kind, Stream};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use std::collections::BTreeMap;

/// The calendar that events belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// What subscribers see as the calendar's name.
    pub name: String,
    /// One or two sentences about it.
    pub description: Option<String>,
    /// The right-hand side of every UID.
    pub domain: String,
    /// The address under which the feeds are published.
    pub base_url: Option<Url>,
    /// The zone that every time is normalised to.
    pub zone: Tz,
    /// The language of labels.
    pub language: Language,
    /// What happens to cancelled events.
    pub cancelled: CancelledPolicy,
    /// How long an event lasts when nobody says it.
    pub duration: TimeDelta,
    /// How often clients should fetch a feed (RFC 7986, 5.7), an ISO 8601 duration.
    pub refresh: String,
    /// How long events stay in the feeds when they are over; for ever, if it is not said.
    pub past: Option<Window>,
    /// The projects by slug.
    pub projects: BTreeMap<String, Project>,
    /// The feeds besides the combined one and those of the projects, by slug.
    pub feeds: BTreeMap<String, ExtraFeed>,
    /// The warnings that are silent everywhere.
    pub allow: Vec<Code>,
}

impl Calendar {
    /// Gives what the UIDs of a project begin with.
    pub fn uid_prefix<'c>(&'c self, project: &'c str) -> &'c str {
        let registered = self.projects.get(project);
        let prefix = registered.and_then(|registered| registered.uid_prefix.as_deref());
        prefix.unwrap_or(project)
    }

    /// Tells whether a project, an alias or an extra feed has a slug.
    pub fn has_feed(&self, slug: &str) -> bool {
        let mut aliases = self.projects.values().flat_map(|project| &project.aliases);
        self.projects.contains_key(slug)
            || self.feeds.contains_key(slug)
            || aliases.any(|alias| alias == slug)
    }

    /// Gives the day that it is in the calendar's zone.
    pub fn day_of(&self, now: DateTime<Utc>) -> NaiveDate {
        now.with_timezone(&self.zone).date_naive()
    }

    /// Tells whether an event has been over for so long that it left the feeds.
    pub fn is_past(&self, event: &Event, now: DateTime<Utc>) -> bool {
        let today = self.day_of(now);
        let first_day = self.past.map(|window| window.first_day(today));
        // What goes on without end is never over.
        event
            .last_date()
            .zip(first_day)
            .is_some_and(|(last, first_day)| last < first_day)
    }
}

/// A project, with the defaults of its events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Project {
    /// What subscribers see.
    pub name: String,
    /// One sentence about it.
    pub description: Option<String>,
    /// The repository that issue numbers refer to.
    pub repo: Option<Url>,
    /// The feed's colour.
    pub color: Option<Color>,
    /// The kind of its events.
    pub kind: Option<Kind>,
    /// How long its events last when they do not say it.
    pub duration: Option<TimeDelta>,
    /// How to join its events.
    pub join: Join,
    /// Where its events are streamed.
    pub stream: Stream,
    /// Where its events take place.
    pub location: Option<String>,
    /// Its DingTalk group.
    pub dingtalk_group: Option<String>,
    /// Slugs that it had before, under which its feed is published too.
    pub aliases: Vec<String>,
    /// The slug that its UIDs begin with, if it is not its own.
    pub uid_prefix: Option<String>,
}

/// A feed of the events that its filter takes; in one list any entry will do, and every list must fit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExtraFeed {
    /// What subscribers see.
    pub name: String,
    /// One sentence about it.
    pub description: Option<String>,
    /// The feed's colour.
    pub color: Option<Color>,
    /// The kinds that it takes; none stands for all, here and below.
    pub kinds: Vec<Kind>,
    /// The slugs of the projects whose events it takes.
    pub projects: Vec<String>,
    /// The tags of which an event must have one.
    pub tags: Vec<String>,
}

impl ExtraFeed {
    /// Tells whether an event of this project, kind and tags is in the feed.
    pub fn takes(&self, project: &str, kind: Kind, tags: &[String]) -> bool {
        (self.kinds.is_empty() || self.kinds.contains(&kind))
            && (self.projects.is_empty() || self.projects.iter().any(|slug| slug == project))
            && (self.tags.is_empty() || self.tags.iter().any(|tag| tags.contains(tag)))
    }
}

/// The language of labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

impl Language {
    /// The words that authors write, with their meaning.
    pub const WORDS: &[(&str, Language)] = &[("zh", Language::Zh), ("en", Language::En)];
}

/// What subscribers see of a cancelled event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CancelledPolicy {
    /// It stays, with a mark before its title: Google hides what is CANCELLED.
    #[default]
    Mark,
    /// It stays as STATUS:CANCELLED.
    Strict,
    /// It leaves the feeds.
    Drop,
}

impl CancelledPolicy {
    /// The words that authors write, with their meaning.
    pub const WORDS: &[(&str, CancelledPolicy)] = &[
        ("mark", CancelledPolicy::Mark),
        ("strict", CancelledPolicy::Strict),
        ("drop", CancelledPolicy::Drop),
    ];
}
