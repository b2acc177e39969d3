//! Events: what a calendar holds, valid by construction.
//!
//! Flows in: what `yaml::normalise` made of a document. Flows out: events that `feed` publishes.
//! Deliberately absent: how events are written, and what a subscriber's entry looks like.

pub mod calendar;
pub mod color;
pub mod digits;
pub mod duration;
pub mod link;
pub mod occurrences;
pub mod phone;
pub mod proposal;
pub mod rules;
pub mod series;
pub mod stale_zone;
pub mod when;
pub mod window;
pub mod written_time;
pub mod zone;
pub mod zone_name;
pub mod zone_rule;

use crate::diagnostic::{At, Part, Place, Step};
use crate::event::link::{Link, Url};
use crate::event::phone::Phone;
use crate::event::series::Series;
use crate::event::when::{Moment, When};
use crate::event::written_time::YEARS;
use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// Something that takes place, once or as a series: the VEVENTs of one UID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The name that calendars know it by, for ever (RFC 5545, 3.8.4.7).
    pub uid: Arc<str>,
    /// The slug of its project.
    pub project: String,
    /// When it takes place, in the calendar's zone; a series for the first time, in its own zone.
    pub when: When,
    /// Whether nobody said when it ends.
    pub end_assumed: bool,
    /// The day of its start as its author wrote it, which may be another one in the calendar's zone.
    pub written_day: NaiveDate,
    /// What it is about and how to take part.
    pub details: Details,
    /// When it takes place again.
    pub series: Option<Box<Series>>,
    /// The lines that announced it, each with its number in `sources`.
    pub announced: Vec<(usize, String)>,
    /// Where its author wrote it.
    pub origin: Origin,
}

impl Event {
    /// Gives the last day on which it takes place; a series may go on without end.
    pub fn last_date(&self) -> Option<NaiveDate> {
        match &self.series {
            Some(series) => series.last_date,
            None => Some(self.when.last_date()),
        }
    }

    /// Tells whether the last day on which it takes place is over.
    pub fn is_over(&self, today: NaiveDate) -> bool {
        self.last_date().is_some_and(|last| last < today)
    }

    /// Gives the zone whose clocks it follows, with the years in which it does; whole days follow none.
    pub fn zone_years(&self) -> Option<(Tz, RangeInclusive<i32>)> {
        let When::Timed { start, .. } = &self.when else {
            return None;
        };
        // An occurrence may have been moved to before the first one.
        let changes = self.series.iter().flat_map(|series| &series.changes);
        let moved = changes.map(|change| change.when.start_date().year());
        let first = moved.fold(start.year(), i32::min);
        let last = self.last_date().map_or(*YEARS.end(), |last| last.year());
        Some((start.timezone(), first..=last.max(start.year())))
    }
}

/// What an event is about and how to take part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// What sort of event it is.
    pub kind: Kind,
    /// The number of the episode.
    pub episode: Option<u32>,
    /// What people call it.
    pub title: String,
    /// Free text.
    pub description: Option<String>,
    /// Whether it takes place.
    pub status: Status,
    /// Why it was cancelled or moved.
    pub reason: Option<String>,
    /// The start that was announced before.
    pub moved_from: Option<Moment>,
    /// How to take part.
    pub join: Join,
    /// Where it is streamed.
    pub stream: Stream,
    /// Where it takes place.
    pub location: Option<String>,
    /// The DingTalk group to ask in.
    pub dingtalk_group: Option<String>,
    /// Where to register.
    pub register: Option<Url>,
    /// What is talked about.
    pub agenda: Vec<AgendaItem>,
    /// Who speaks.
    pub speakers: Vec<Person>,
    /// Who hosts.
    pub hosts: Vec<Person>,
    /// Who helps.
    pub partners: Vec<Link>,
    /// A poster.
    pub image: Option<Url>,
    /// The tracking issue.
    pub tracking: Option<Link>,
    /// The event's own page.
    pub url: Option<Url>,
    /// Further links.
    pub links: Vec<Link>,
    /// Words to filter by.
    pub tags: Vec<String>,
    /// What is left afterwards.
    pub review: Review,
}

/// What sort of event it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// A regular meeting of a project.
    #[default]
    Meeting,
    /// A live stream.
    Livestream,
    /// A gathering at a place.
    Meetup,
    /// A talk at someone's conference.
    Talk,
    /// Anything else.
    Other,
}

impl Kind {
    /// The words that authors write, with their meaning.
    pub const WORDS: &[(&str, Kind)] = &[
        ("meeting", Kind::Meeting),
        ("livestream", Kind::Livestream),
        ("meetup", Kind::Meetup),
        ("talk", Kind::Talk),
        ("other", Kind::Other),
    ];

    /// Gives the word that authors write for it.
    pub fn as_str(self) -> &'static str {
        let word = Self::WORDS.iter().find(|(_, meaning)| *meaning == self);
        word.map_or("", |(word, _)| word)
    }
}

/// Whether an event takes place (RFC 5545, 3.8.1.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Status {
    /// It does.
    #[default]
    Confirmed,
    /// It probably does.
    Tentative,
    /// It does not.
    Cancelled,
}

impl Status {
    /// The words that authors write, with their meaning.
    pub const WORDS: &[(&str, Status)] = &[
        ("confirmed", Status::Confirmed),
        ("tentative", Status::Tentative),
        ("cancelled", Status::Cancelled),
    ];

    /// Gives the word that authors write for it.
    pub fn as_str(self) -> &'static str {
        let word = Self::WORDS.iter().find(|(_, meaning)| *meaning == self);
        word.map_or("", |(word, _)| word)
    }
}

/// How to take part in an online meeting.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Join {
    /// The link to the meeting.
    pub url: Option<Url>,
    /// The meeting's code, as people type it.
    pub code: Option<String>,
    /// Dial-in numbers.
    pub phones: Vec<Phone>,
    /// The meeting's password.
    pub password: Option<String>,
}

/// Where an event is streamed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stream {
    /// The platform's name.
    pub platform: Option<String>,
    /// The number of the room.
    pub room: Option<String>,
    /// The link to the room.
    pub url: Option<Url>,
}

/// One point of an agenda.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AgendaItem {
    /// What it is about.
    pub text: Option<String>,
    /// The issue it is about.
    pub issue: Option<Link>,
    /// A link that belongs to it.
    pub url: Option<Url>,
    /// When it is, as text.
    pub time: Option<String>,
    /// Who speaks.
    pub speaker: Option<String>,
    /// Points below it.
    pub items: Vec<AgendaItem>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The name people know them by.
    pub alias: Option<String>,
    /// Where they work.
    pub org: Option<String>,
    /// What they do there.
    pub role: Option<String>,
}

/// What is left after the event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Review {
    /// What happened.
    pub summary: Option<String>,
    /// The recording.
    pub replay: Option<Url>,
    /// The minutes.
    pub minutes: Option<Url>,
    /// Slides and papers.
    pub materials: Vec<Link>,
}

/// Where an author wrote an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The file as people reach it.
    pub path: Arc<str>,
    /// The file below the events folder.
    pub relative: Arc<str>,
    /// Its number in the file's `events:`, from 0.
    pub entry: Option<usize>,
}

impl Origin {
    /// Names the place of one of the event's keys.
    pub fn key(&self, key: &str) -> Place {
        self.node([Step::Key(key.into())], Part::Value)
    }

    /// Names the place of a part of a node of the event.
    pub fn node(&self, way: impl IntoIterator<Item = Step>, part: Part) -> Place {
        let entry = self
            .entry
            .map(|index| [Step::Key("events".into()), Step::Index(index)]);
        let steps = entry.into_iter().flatten().chain(way);
        Place {
            file: self.path.clone(),
            at: At::Node(steps.collect(), part),
        }
    }
}
