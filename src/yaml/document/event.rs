//! An event file as people write it.

use super::{
    AgendaDocument, AllowDocument, JoinDocument, LinkDocument, PartnerDocument, PersonDocument,
    RepeatDocument, ReviewDocument, StreamDocument,
};
use crate::yaml::field::{Many, Text};

document! {
    /// An event; at the top of a file it may hold `events:` and be their defaults.
    EventDocument {
        /// The event's name in its project; the file's stem when absent.
        id: Text as id("2023-05-31"),
        /// The whole UID, when it is not to be made of project and id.
        uid: Text as uid("layotto-2023-05-31@sofastack.tech"),
        /// The project's slug; the first folder when absent.
        project: Text as slug("layotto"),
        /// meeting, livestream, meetup, talk or other.
        kind: Text as kind,
        /// The number of the episode.
        episode: Text as episode,
        /// What subscribers see first.
        title: Text as line("Layotto 社区会议"),
        /// Free text.
        description: Text as prose("欢迎第一次参加的同学。"),
        /// When it starts; absent or null for a draft.
        start: Text as time,
        /// When it ends: a clock time, a date or both.
        end: Text as end,
        /// How long it lasts, instead of `end`.
        duration: Text as duration,
        /// The IANA zone of the wall clock times above.
        timezone: Text as zone,
        /// confirmed, tentative or cancelled.
        status: Text as status,
        /// Why it was cancelled or moved.
        reason: Text as prose("主持人出差"),
        /// The time that was announced before.
        moved_from: Text as moment,
        /// How to take part.
        join: JoinDocument,
        /// Where it is streamed.
        stream: StreamDocument,
        /// Where it takes place.
        location: Text as line("杭州"),
        /// The DingTalk group to ask in.
        dingtalk_group: Text as line("34405489"),
        /// Where to register.
        register: Text as link("https://example.org/register"),
        /// What is talked about.
        agenda: Many<AgendaDocument>,
        /// Who speaks.
        speakers: Many<PersonDocument>,
        /// Who hosts.
        hosts: Many<PersonDocument>,
        /// Who helps.
        partners: Many<PartnerDocument>,
        /// A poster.
        image: Text as link("https://example.org/poster.png"),
        /// The tracking issue.
        tracking: Text as issue,
        /// The event's own page.
        url: Text as link("https://example.org/meetup"),
        /// Further links.
        links: Many<LinkDocument>,
        /// Words to filter by.
        tags: Many<Text> as line("云原生"),
        /// What is left afterwards.
        review: ReviewDocument,
        /// When it takes place again.
        repeat: RepeatDocument,
        /// Warnings that are silenced here.
        allow: Many<AllowDocument>,
        /// Where it was announced; for maintainers, not in the feeds.
        sources: Many<AnnouncementDocument>,
        /// Several events in one file.
        events: Many<EventDocument>,
    }
}

document! {
    /// Where the event was announced.
    AnnouncementDocument short post {
        /// The post's address.
        post: Text as link("https://www.sofastack.tech/blog/sofa-weekly-20230915/"),
        /// preview or review.
        role: Text as role,
        /// The line that announced it.
        line: Text as prose("本周三 14:00 社区会议"),
    }
}
