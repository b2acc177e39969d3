//! Announcements: what one post says about one event.
//!
//! Flows in: what `reading` found in a block. Flows out: values that `json` shows and `gathering` puts together.

use crate::event::Kind;
use crate::newsletter::agenda::Point;
use crate::newsletter::doubt::Doubts;
use crate::newsletter::people::Speaker;
use crate::newsletter::project::Whose;
use crate::newsletter::told_time::Told;
use crate::source::Span;
use chrono::NaiveDate;
use std::sync::Arc;

/// What one post says about one event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Announcement {
    /// The post's path as people reach it.
    pub post: Arc<str>,
    /// The day on which the post appeared.
    pub post_date: Option<NaiveDate>,
    /// Where the post is published, if that is known.
    pub address: Option<String>,
    /// The line that announces it, with its bytes in the post.
    pub line: (String, Span),
    /// Whether it is still to come, or told of afterwards.
    pub role: Role,
    /// Whether the post is about this event alone.
    pub is_page: bool,
    /// Whether it is one of several that the post announces as a series.
    pub is_of_series: bool,
    /// Whose event it is.
    pub project: Option<Whose>,
    /// What sort of event it is.
    pub kind: Kind,
    /// The number of the episode.
    pub episode: Option<u32>,
    /// What it is called.
    pub title: String,
    /// When it takes place.
    pub when: Told,
    /// How to take part, and what else is said.
    pub details: Details,
    /// What the post leaves open, or contradicts itself about.
    pub doubts: Doubts,
}

/// Whether an announcement looks forward or back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Role {
    /// It looks forward.
    #[default]
    Preview,
    /// It looks back.
    Review,
}

impl Role {
    /// The word of event files.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Preview => "preview",
            Role::Review => "review",
        }
    }
}

/// What an announcement says besides title and time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Details {
    /// The link to the meeting.
    pub join_url: Option<String>,
    /// The meeting's code.
    pub code: Option<String>,
    /// Dial-in numbers.
    pub phones: Vec<String>,
    /// Where it is streamed.
    pub stream_url: Option<String>,
    /// The number of the room.
    pub room: Option<String>,
    /// Where it takes place.
    pub location: Option<String>,
    /// The DingTalk group to ask in.
    pub group: Option<String>,
    /// Where to register.
    pub register: Option<String>,
    /// What is talked about.
    pub agenda: Vec<Point>,
    /// Who speaks.
    pub speakers: Vec<Speaker>,
    /// A poster.
    pub image: Option<String>,
    /// The tracking issue.
    pub tracking: Option<String>,
    /// What happened.
    pub summary: Option<String>,
    /// The recordings, the main one first.
    pub replays: Vec<Named>,
    /// Slides and papers.
    pub materials: Vec<Named>,
    /// Further links.
    pub links: Vec<Named>,
}

/// A link with words for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What it leads to.
    pub text: String,
    /// Where it leads.
    pub url: String,
}
