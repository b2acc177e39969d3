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
        every: Text as every,
        /// A rule as RFC 5545 has it, instead of `every`.
        rule: Text as rule,
        /// The last day on which it may take place.
        until: Text as date("2026-12-30"),
        /// How many occurrences there are, instead of `until`.
        count: Text as count,
        /// Occurrences that are left out.
        skip: Many<SkipDocument>,
        /// Occurrences that differ from the others.
        changes: Many<ChangeDocument>,
    }
}

document! {
    /// An occurrence that is left out.
    SkipDocument short date needs date {
        /// Its day, as the rule has it.
        date: Text as date("2026-09-30"),
        /// Why it is left out.
        reason: Text as line("国庆假期"),
    }
}

document! {
    /// An occurrence that differs from the others; what is not written is as in the series.
    ChangeDocument needs date {
        /// Its day, as the rule has it.
        date: Text as date("2026-09-30"),
        /// The number of the episode.
        episode: Text as episode,
        /// What subscribers see first.
        title: Text as line("特别场"),
        /// Free text.
        description: Text as prose("这次是特别场。"),
        /// When it starts instead; a clock alone is on the day itself.
        start: Text as time("2026-11-04 15:00", "15:00"),
        /// When it ends instead.
        end: Text as end("15:00"),
        /// How long it lasts, instead of `end`.
        duration: Text as duration,
        /// confirmed, tentative or cancelled.
        status: Text as status,
        /// Why it was cancelled or moved.
        reason: Text as prose("主持人出差"),
        /// How to take part.
        join: JoinDocument,
        /// Where it is streamed.
        stream: StreamDocument,
        /// Where it takes place.
        location: Text as line("杭州"),
        /// The DingTalk group to ask in.
        dingtalk_group: Text as line("34405489"),
        /// Where to register.
        register: Text as link,
        /// What is talked about.
        agenda: Many<AgendaDocument>,
        /// Who speaks.
        speakers: Many<PersonDocument>,
        /// Who hosts.
        hosts: Many<PersonDocument>,
        /// Who helps.
        partners: Many<PartnerDocument>,
        /// A poster.
        image: Text as link,
        /// The tracking issue.
        tracking: Text as issue,
        /// The occurrence's own page.
        url: Text as link,
        /// Further links.
        links: Many<LinkDocument>,
        /// What is left afterwards.
        review: ReviewDocument,
    }
}
