//! `events/calendar.yaml` as people write it.

use super::{JoinDocument, StreamDocument};
use crate::yaml::field::{Entries, Many, Text};

document! {
    /// `events/calendar.yaml`.
    CalendarDocument {
        /// What subscribers see as the calendar's name.
        name: Text,
        /// One or two sentences about the calendar.
        description: Text,
        /// The right-hand side of every UID.
        domain: Text,
        /// The address under which `output/` is published.
        base_url: Text,
        /// The IANA zone of the calendar.
        timezone: Text,
        /// The language of labels: zh or en.
        language: Text,
        /// What happens to cancelled events: mark, strict or drop.
        cancelled: Text,
        /// How long an event lasts when nobody says it.
        duration: Text,
        /// How often clients should fetch the feed, as an ISO 8601 duration.
        refresh: Text,
        /// Events older than this leave the feeds.
        past: Text,
        /// The projects by slug.
        projects: Entries<ProjectDocument>,
        /// Extra feeds by slug.
        feeds: Entries<FeedDocument>,
        /// Warnings that are silenced everywhere.
        allow: Many<AllowDocument>,
    }
}

document! {
    /// A project in `calendar.yaml`, with the defaults of its events.
    ProjectDocument short name {
        /// What subscribers see.
        name: Text,
        /// One sentence about the project.
        description: Text,
        /// The repository that issue numbers refer to.
        repo: Text,
        /// The feed's colour, `#RRGGBB`.
        color: Text,
        /// The kind of its events.
        kind: Text,
        /// How long its events last when they do not say it.
        duration: Text,
        /// How to join its events.
        join: JoinDocument,
        /// Where its events are streamed.
        stream: StreamDocument,
        /// Where its events take place.
        location: Text,
        /// Its DingTalk group.
        dingtalk_group: Text,
        /// Old slugs whose feeds go on.
        aliases: Many<Text>,
        /// The slug that stays in UIDs after a rename.
        uid_prefix: Text,
    }
}

document! {
    /// An extra feed in `calendar.yaml`: in one list any entry will do, and every key must fit.
    FeedDocument short name {
        /// What subscribers see.
        name: Text,
        /// One sentence about the feed.
        description: Text,
        /// The feed's colour, `#RRGGBB`.
        color: Text,
        /// The kinds of its events.
        kinds: Many<Text>,
        /// The slugs of the projects whose events it holds.
        projects: Many<Text>,
        /// The tags of its events.
        tags: Many<Text>,
    }
}

document! {
    /// A warning that someone has looked at.
    AllowDocument short code {
        /// The warning's code.
        code: Text,
        /// Why it is fine.
        reason: Text,
    }
}
