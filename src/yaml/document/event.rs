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
        id: Text,
        /// The whole UID, when it is not to be made of project and id.
        uid: Text,
        /// The project's slug; the first folder when absent.
        project: Text,
        /// meeting, livestream, meetup, talk or other.
        kind: Text,
        /// The number of the episode.
        episode: Text,
        /// What subscribers see first.
        title: Text,
        /// Free text.
        description: Text,
        /// When it starts; absent or null for a draft.
        start: Text,
        /// When it ends: a clock time, a date or both.
        end: Text,
        /// How long it lasts, instead of `end`.
        duration: Text,
        /// The IANA zone of the wall clock times above.
        timezone: Text,
        /// confirmed, tentative or cancelled.
        status: Text,
        /// Why it was cancelled or moved.
        reason: Text,
        /// The time that was announced before.
        moved_from: Text,
        /// How to take part.
        join: JoinDocument,
        /// Where it is streamed.
        stream: StreamDocument,
        /// Where it takes place.
        location: Text,
        /// The DingTalk group to ask in.
        dingtalk_group: Text,
        /// Where to register.
        register: Text,
        /// What is talked about.
        agenda: Many<AgendaDocument>,
        /// Who speaks.
        speakers: Many<PersonDocument>,
        /// Who hosts.
        hosts: Many<PersonDocument>,
        /// Who helps.
        partners: Many<PartnerDocument>,
        /// A poster.
        image: Text,
        /// The tracking issue.
        tracking: Text,
        /// The event's own page.
        url: Text,
        /// Further links.
        links: Many<LinkDocument>,
        /// Words to filter by.
        tags: Many<Text>,
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
        post: Text,
        /// preview or review.
        role: Text,
        /// The line that announced it.
        line: Text,
    }
}
