//! Feeds: which events subscribers get, in which words, with which stamps.
//!
//! `entry` resolves an event into what a subscriber reads, `description` and `labels` find the
//! words, `plan` sorts entries into feeds, `revision` keeps the ledger of what was published,
//! `news` and `seen` say what they will notice, `losses` what they are about to lose (`renames` by a new slug) and `size` which feeds are too large.
//! Deliberately absent: the bytes of iCalendar.

mod description;
pub mod digest;
pub mod entry;
pub(crate) mod labels;
pub mod losses;
pub mod news;
pub mod plan;
mod renames;
pub mod revision;
pub mod seen;
pub mod size;
mod stamp;
