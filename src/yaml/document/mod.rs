//! Documents: the shapes in which people write calendars and events.
//!
//! Flows in: YAML through serde. Flows out: what was written, right or wrong, with the keys that no
//! one knows. Deliberately absent: meaning; only `normalise` turns a document into an event.
//! A new key is a line here, one in `normalise`, and one in docs/event-file.md. This file has the mappings that stand
//! within others; `calendar`, `event` and `series` have the rest, `post` and `vocabulary` what announcements are read from and by.

use crate::yaml::field::{Many, Text};

/// A key that has no place in its mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stray {
    /// A key that the mapping does not know.
    Unknown(String),
    /// A key that is written again.
    Repeated(&'static str),
}

/// Declares a mapping: its keys, the shape of each value, the key that a lone text stands for, and the keys that must be
/// written. Behind a shape stand, for editors, the sort of text that it holds (`as link`) and examples.
macro_rules! document {
    ($(#[doc = $about:literal])* $name:ident $(short $short:ident)? $(needs $($needed:ident)+)? {
        $($(#[doc = $meaning:literal])* $key:ident: $shape:ty $(as $sort:ident $(($($example:literal),+))?)?,)+
    }) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub struct $name {
            $($(#[doc = $meaning])* pub $key: $crate::yaml::field::Field<$shape>,)+
            /// Keys that have no place here.
            pub strays: Vec<$crate::yaml::document::Stray>,
        }

        const _: () = {
            use $crate::yaml::document::Stray;
            use $crate::yaml::field::{Field, Key, KeyOf, Shape};
            use $crate::yaml::schema::{Described, Mapping, Sort, sort};
            use schemars::{JsonSchema, Schema, SchemaGenerator};
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

            impl Described for $name {
                fn describe(_: Option<Sort>, generator: &mut SchemaGenerator) -> Schema {
                    generator.subschema_for::<Self>()
                }
            }

            impl JsonSchema for $name {
                fn schema_name() -> Cow<'static, str> {
                    stringify!($name).trim_end_matches("Document").into()
                }

                fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                    let mut mapping = Mapping::new(&[$($about),*], &[$($(stringify!($needed)),+)?]);
                    $(
                        let sort: Option<Sort> = None$(.or(Some(sort::$sort)))?;
                        let value = <$shape>::describe(sort, generator);
                        let examples: &[&str] = &[$($($($example),+)?)?];
                        mapping.add(stringify!($key), &[$($meaning),*], value, examples);
                    )+
                    mapping.or_short(&[$(stringify!($short))?])
                }
            }
        };
    };
}

mod calendar;
mod event;
mod post;
mod series;
mod vocabulary;

pub use calendar::{AllowDocument, CalendarDocument, FeedDocument, ProjectDocument};
pub use event::{AnnouncementDocument, EventDocument};
pub use post::FrontMatterDocument;
pub use series::{ChangeDocument, RepeatDocument, SkipDocument};
pub use vocabulary::VocabularyDocument;

document! {
    /// How to take part.
    JoinDocument short url {
        /// The link to the meeting.
        url: Text as link("https://meeting.dingtalk.com/j/07I8wgAxaS6"),
        /// The meeting's code.
        code: Text as line("688 824 34655"),
        /// Dial-in numbers.
        phones: Many<Text> as phone,
        /// The meeting's password.
        password: Text as line("314159"),
    }
}

document! {
    /// Where it is streamed.
    StreamDocument short url {
        /// The platform's name.
        platform: Text as line("bilibili"),
        /// The number of the room.
        room: Text as line("21954520"),
        /// The link to the room.
        url: Text as link("https://live.bilibili.com/21954520"),
    }
}

document! {
    /// One point of an agenda.
    AgendaDocument short text {
        /// What it is about.
        text: Text as line("2023 开源之夏-课题汇总"),
        /// The issue it is about: a number, `owner/repo#number` or a link.
        issue: Text as issue,
        /// A link that belongs to it.
        url: Text as link,
        /// When it is, as text.
        time: Text as line("14:30"),
        /// Who speaks.
        speaker: Text as line("高飞航"),
        /// Points below it.
        items: Many<AgendaDocument>,
    }
}

document! {
    /// A person.
    PersonDocument short name needs name {
        /// The name.
        name: Text as line("高飞航"),
        /// The name people know them by.
        alias: Text as line("飞航"),
        /// Where they work.
        org: Text as line("陌陌"),
        /// What they do there.
        role: Text as line("架构师"),
    }
}

document! {
    /// A partner.
    PartnerDocument short name needs name {
        /// The partner's name.
        name: Text as line("博文视点"),
        /// The partner's page.
        url: Text as link,
    }
}

document! {
    /// A link.
    LinkDocument short url needs url {
        /// What it leads to, in words.
        text: Text as line("直播预告"),
        /// Where it leads.
        url: Text as link,
    }
}

document! {
    /// What is left after the event.
    ReviewDocument short summary {
        /// What happened.
        summary: Text as prose("三个议题，录像见下。"),
        /// The recording.
        replay: Text as link("https://www.bilibili.com/video/BV1xx"),
        /// The minutes.
        minutes: Text as link,
        /// Slides and papers.
        materials: Many<LinkDocument>,
    }
}
