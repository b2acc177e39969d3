//! sofacal turns the YAML event files of a community into calendar feeds.

pub mod diagnostic;
pub mod event;
pub mod feed;
pub mod ics;
pub mod io;
pub mod pipeline;
pub mod source;
pub mod yaml;
