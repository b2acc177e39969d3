//! Feeds: which events subscribers get, in which words, with which stamps.
//!
//! `entry` resolves an event into what a subscriber reads, `description` and `labels` find the
//! words, `plan` sorts entries into feeds, `revision` keeps the ledger of what was published,
//! `losses` says what subscribers are about to lose (`renames` by a new slug) and `size` which feeds are too large.
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
pub mod size;
mod stamp;
