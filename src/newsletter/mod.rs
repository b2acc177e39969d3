//! Newsletters: what posts announce, read so that nobody types it twice.
//!
//! ```text
//! post -> front matter, lines -> labels -> blocks -> fields -> announcements -> gathered events -> event files
//! ```
//!
//! Flows in: Markdown posts, the registry, the vocabulary. Flows out: announcements with every doubt, and the event
//! files that would say the same. Deliberately absent: the disk, today, and any guess that is not told.

mod agenda;
mod amendment;
pub mod announcement;
mod block;
mod comparison;
pub mod doubt;
mod facts;
mod fields;
pub mod filing;
mod filling;
pub mod gathering;
pub mod json;
mod label;
mod library;
mod markdown;
pub mod patch;
mod people;
mod plain;
mod post;
mod project;
mod prose;
mod reading;
mod sheet;
mod title;
pub mod told_time;
mod union;
pub mod vocabulary;
mod web_address;

use crate::event::calendar::Calendar;
use crate::event::when::Tz;
use crate::newsletter::announcement::Announcement;
use crate::newsletter::post::Post;
use crate::newsletter::project::Projects;
use crate::newsletter::reading::Reader;
use crate::newsletter::vocabulary::Vocabulary;
use crate::source::Source;

/// Reads posts of a community.
#[derive(Debug)]
pub struct Newsletters {
    projects: Projects,
    vocabulary: Vocabulary,
    zone: Tz,
}

impl Newsletters {
    /// Prepares the words of a calendar's projects and of the vocabulary.
    pub fn new(calendar: Option<&Calendar>, vocabulary: Vocabulary) -> Self {
        Newsletters {
            projects: Projects::of(calendar, &vocabulary),
            zone: calendar.map_or(Tz::Asia__Shanghai, |calendar| calendar.zone),
            vocabulary,
        }
    }

    /// Gives the words that posts are read by.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Reads what a post announces, in its order.
    pub fn read(&self, source: &Source) -> Vec<Announcement> {
        let post = Post::read(source, self.zone);
        let reader = Reader {
            projects: &self.projects,
            vocabulary: &self.vocabulary,
            zone: self.zone,
        };
        reader.announcements_of(&post)
    }
}
