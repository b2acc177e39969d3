//! `repeat` as people write it.

use super::{
    AgendaDocument, JoinDocument, LinkDocument, PartnerDocument, PersonDocument, ReviewDocument,
    StreamDocument,
};
use crate::yaml::field::{Many, Text};

document! {
    /// When an event takes place again.
    RepeatDocument short every {
        /// How often: day, week, 2 weeks, month, year.
        every: Text,
        /// A rule as RFC 5545 has it, instead of `every`.
        rule: Text,
        /// The last day on which it may take place.
        until: Text,
        /// How many occurrences there are, instead of `until`.
        count: Text,
        /// Occurrences that are left out.
        skip: Many<SkipDocument>,
        /// Occurrences that differ from the others.
        changes: Many<ChangeDocument>,
    }
}

document! {
    /// An occurrence that is left out.
    SkipDocument short date {
        /// Its day, as the rule has it.
        date: Text,
        /// Why it is left out.
        reason: Text,
    }
}

document! {
    /// An occurrence that differs from the others; what is not written is as in the series.
    ChangeDocument {
        /// Its day, as the rule has it.
        date: Text,
        /// The number of the episode.
        episode: Text,
        /// What subscribers see first.
        title: Text,
        /// Free text.
        description: Text,
        /// When it starts instead; a clock alone is on the day itself.
        start: Text,
        /// When it ends instead.
        end: Text,
        /// How long it lasts, instead of `end`.
        duration: Text,
        /// confirmed, tentative or cancelled.
        status: Text,
        /// Why it was cancelled or moved.
        reason: Text,
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
        /// The occurrence's own page.
        url: Text,
        /// Further links.
        links: Many<LinkDocument>,
        /// What is left afterwards.
        review: ReviewDocument,
    }
}
