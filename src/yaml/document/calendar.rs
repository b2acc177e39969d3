//! `events/calendar.yaml` as people write it.

use super::{JoinDocument, StreamDocument};
use crate::yaml::field::{Entries, Many, Text};

document! {
    /// `events/calendar.yaml`.
    CalendarDocument needs name domain projects {
        /// What subscribers see as the calendar's name.
        name: Text as line("SOFAStack 社区日历"),
        /// One or two sentences about the calendar.
        description: Text as prose("社区会议、直播和线下聚会。"),
        /// The right-hand side of every UID.
        domain: Text as domain,
        /// The address under which `output/` is published.
        base_url: Text as web("https://example.org/cal"),
        /// The IANA zone of the calendar.
        timezone: Text as zone,
        /// The language of labels: zh or en.
        language: Text as language,
        /// What happens to cancelled events: mark, strict or drop.
        cancelled: Text as cancelled,
        /// How long an event lasts when nobody says it.
        duration: Text as duration,
        /// How often clients should fetch the feed, as an ISO 8601 duration.
        refresh: Text as refresh,
        /// Events older than this leave the feeds.
        past: Text as past,
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
        name: Text as line("Layotto"),
        /// One sentence about the project.
        description: Text as prose("Layotto 的社区会议。"),
        /// The repository that issue numbers refer to.
        repo: Text as web("https://github.com/mosn/layotto"),
        /// The feed's colour, `#RRGGBB`.
        color: Text as color,
        /// The kind of its events.
        kind: Text as kind,
        /// How long its events last when they do not say it.
        duration: Text as duration,
        /// How to join its events.
        join: JoinDocument,
        /// Where its events are streamed.
        stream: StreamDocument,
        /// Where its events take place.
        location: Text as line("杭州"),
        /// Its DingTalk group.
        dingtalk_group: Text as line("34405489"),
        /// Old slugs whose feeds go on.
        aliases: Many<Text> as slug("sofa-serverless"),
        /// The slug that stays in UIDs after a rename.
        uid_prefix: Text as slug("sofa-serverless"),
    }
}

document! {
    /// An extra feed in `calendar.yaml`: in one list any entry will do, and every key must fit.
    FeedDocument short name {
        /// What subscribers see.
        name: Text as line("Layotto"),
        /// One sentence about the feed.
        description: Text as prose("Layotto 的社区会议。"),
        /// The feed's colour, `#RRGGBB`.
        color: Text as color,
        /// The kinds of its events.
        kinds: Many<Text> as kind,
        /// The slugs of the projects whose events it holds.
        projects: Many<Text> as slug("layotto"),
        /// The tags of its events.
        tags: Many<Text> as line("云原生"),
    }
}

document! {
    /// A warning that someone has looked at.
    AllowDocument short code needs code reason {
        /// The warning's code.
        code: Text as code,
        /// Why it is fine.
        reason: Text as prose("期数是给维护者看的注释"),
    }
}
