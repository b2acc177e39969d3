//! sofacal turns the YAML event files of a community into calendar feeds.
//!
//! The flow, which is also the order of the rooms:
//!
//! ```text
//! events/*.yaml -> read -> parse -> normalise -> check -> plan feeds -> revise -> render ICS -> publish -> output/
//! ```
//!
//! `io` reads and publishes, `pipeline` is the one door to everything between, which has no disk,
//! no clock and no printing. A **document** is what a person wrote, an **event** is valid by
//! construction, a **feed** is what subscribers fetch. The laws of the house are in ARCHITECTURE.md.

pub mod cli;
pub mod pipeline;

pub mod diagnostic;
pub mod parallel;
pub mod source;

pub mod newsletter;

pub mod yaml;

pub mod event;

pub mod feed;

pub mod desk;

pub mod ics;

pub mod io;
