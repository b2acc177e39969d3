//! The YAML room: what people write becomes documents, and documents become events.
//!
//! `field` and `document` are the shapes, `parse` reads them (`everyday` what most files are made of), `positions` finds them again among
//! the `nodes` of the text, `cure` explains broken files. `registry` makes the calendar with
//! `slugs` and `extra_feeds`, and `normalise` the events, with `identity` for project and UID, `details` for their fields,
//! `series`, `changes` and `named` for what repeats, and `cursor` for their places;
//! `allow` says which warnings are silent, `reading` has the checks that every field passes, `findings` what they found, `bytes` looks at many at once.
//! `schema` tells editors what may be written, `writing` writes new files, `tidy` old ones again.

pub mod allow;
mod bytes;
mod changes;
mod cure;
pub(crate) mod cursor;
mod details;
pub mod document;
pub mod everyday;
mod extra_feeds;
pub mod field;
pub(crate) mod findings;
pub(crate) mod identity;
mod lost_text;
mod named;
pub(crate) mod nodes;
pub mod normalise;
pub mod parse;
pub mod positions;
mod reading;
pub mod registry;
pub mod schema;
mod series;
mod slugs;
pub mod tidy;
pub(crate) mod unknown_key;
pub mod writing;
