//! Documents: the shapes in which people write calendars and events.
//!
//! Flows in: YAML through serde. Flows out: what was written, right or wrong, with the keys that no
//! one knows. Deliberately absent: meaning; only `normalise` turns a document into an event.
//! A new key is a line here, one in `normalise`, and one in docs/event-file.md. This file has the mappings that stand
//! within others; `calendar`, `event` and `series` have the rest.

use crate::yaml::field::{Many, Text};

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
            $($(#[$meaning])* pub $key: $crate::yaml::field::Field<$shape>,)+
            /// Keys that have no place here.
            pub strays: Vec<$crate::yaml::document::Stray>,
        }

        const _: () = {
            use $crate::yaml::document::Stray;
            use $crate::yaml::field::{Field, Key, KeyOf, Shape};
            use serde::de::{IgnoredAny, MapAccess};
            use std::borrow::Cow;

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
                                    Cow::Borrowed(known) => Stray::Repeated(known),
                                    Cow::Owned(key) => Stray::Unknown(key),
                                });
                            }
                        }
                    }
                    Ok(Some(document))
                }
            }
        };
    };
}

mod calendar;
mod event;
mod series;

pub use calendar::{AllowDocument, CalendarDocument, FeedDocument, ProjectDocument};
pub use event::{AnnouncementDocument, EventDocument};
pub use series::{ChangeDocument, RepeatDocument, SkipDocument};

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
