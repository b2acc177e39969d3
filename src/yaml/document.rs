//! Documents: the shapes in which people write calendars and events.
//!
//! Flows in: YAML through serde. Flows out: what was written, right or wrong, with the keys that no
//! one knows. Deliberately absent: meaning; only `normalise` turns a document into an event.
//! A new key is a line here, one in `normalise`, and one in docs/event-file.md.

use crate::yaml::field::{Entries, Field, Key, KeyOf, Many, Shape, Text};
use serde::de::{IgnoredAny, MapAccess};

/// A key that has no place in its mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stray {
    /// A key that the mapping does not know.
    Unknown(String),
    /// A key that is written again.
    Repeated(&'static str),
}

/// Declares a mapping: its keys, the shape of each value, and the key that a lone text stands for.
macro_rules! document {
    ($(#[$about:meta])* $name:ident $(short $short:ident)? {
        $($(#[$meaning:meta])* $key:ident: $shape:ty,)+
    }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub struct $name {
            $($(#[$meaning])* pub $key: Field<$shape>,)+
            /// Keys that have no place here.
            pub strays: Vec<Stray>,
        }

        impl $name {
            /// The keys that the mapping knows.
            pub const KEYS: &'static [&'static str] = &[$(stringify!($key)),+];

            /// Is what `null` in place of the whole clears: every key.
            pub fn cleared() -> Self {
                $name { $($key: Field::Null,)+ strays: Vec::new() }
            }

            /// Takes what is not written here, not even as null, from the defaults.
            pub fn inherit(&mut self, defaults: &Self) {
                $(if self.$key.is_absent() {
                    self.$key = defaults.$key.clone();
                })+
            }
        }

        impl Shape for $name {
            const EXPECTED: &'static str = "keys with values";

            $(
                fn from_text(text: &str) -> Option<Self> {
                    // `text：甲` was meant as a key with its value.
                    let key = text.split_once('：').map(|(key, _)| key.trim());
                    if key.is_some_and(|key| Self::KEYS.contains(&key)) {
                        return None;
                    }
                    let $short = Field::Value(Shape::from_text(text)?);
                    Some($name { $short, ..Default::default() })
                }

                fn from_literal(literal: &'static str) -> Option<Self> {
                    let $short = Field::Value(Shape::from_literal(literal)?);
                    Some($name { $short, ..Default::default() })
                }

                fn from_number(number: u64) -> Option<Self> {
                    let $short = Field::Value(Shape::from_number(number)?);
                    Some($name { $short, ..Default::default() })
                }
            )?

            fn from_mapping<'de, A: MapAccess<'de>>(mut mapping: A) -> Result<Option<Self>, A::Error> {
                let mut document = $name::default();
                while let Some(Key(key)) = mapping.next_key_seed(KeyOf(Self::KEYS))? {
                    match &*key {
                        $(stringify!($key) if document.$key.is_absent() => {
                            document.$key = mapping.next_value()?;
                        })+
                        _ => {
                            mapping.next_value::<IgnoredAny>()?;
                            document.strays.push(match key {
                                std::borrow::Cow::Borrowed(known) => Stray::Repeated(known),
                                std::borrow::Cow::Owned(key) => Stray::Unknown(key),
                            });
                        }
                    }
                }
                Ok(Some(document))
            }
        }
    };
}

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

document! {
    /// How to take part.
    JoinDocument short url {
        /// The link to the meeting.
        url: Text,
        /// The meeting's code.
        code: Text,
        /// Dial-in numbers.
        phones: Many<Text>,
        /// The meeting's password.
        password: Text,
    }
}

document! {
    /// Where it is streamed.
    StreamDocument short url {
        /// The platform's name.
        platform: Text,
        /// The number of the room.
        room: Text,
        /// The link to the room.
        url: Text,
    }
}

document! {
    /// One point of an agenda.
    AgendaDocument short text {
        /// What it is about.
        text: Text,
        /// The issue it is about: a number, `owner/repo#number` or a link.
        issue: Text,
        /// A link that belongs to it.
        url: Text,
        /// When it is, as text.
        time: Text,
        /// Who speaks.
        speaker: Text,
        /// Points below it.
        items: Many<AgendaDocument>,
    }
}

document! {
    /// A person.
    PersonDocument short name {
        /// The name.
        name: Text,
        /// The name people know them by.
        alias: Text,
        /// Where they work.
        org: Text,
        /// What they do there.
        role: Text,
    }
}

document! {
    /// A partner.
    PartnerDocument short name {
        /// The partner's name.
        name: Text,
        /// The partner's page.
        url: Text,
    }
}

document! {
    /// A link.
    LinkDocument short url {
        /// What it leads to, in words.
        text: Text,
        /// Where it leads.
        url: Text,
    }
}

document! {
    /// What is left after the event.
    ReviewDocument short summary {
        /// What happened.
        summary: Text,
        /// The recording.
        replay: Text,
        /// The minutes.
        minutes: Text,
        /// Slides and papers.
        materials: Many<LinkDocument>,
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
