//! Shelves: the VEVENTs of many events, one after the other in one text, which takes less room than many texts.
//!
//! Flows in: VEVENTs as they are written. Flows out: where each stands; they can be read once their shelf is dropped.
//! What is left of a shelf goes when nobody needs any of it: a watcher holds at most what it wrote first, and each
//! file's own text of later.

use crate::source::Span;
use std::mem;
use std::sync::{Arc, OnceLock};

/// The room for a share of everyday events, in bytes; a larger one grows.
const ROOM: usize = 96 * 1024;

/// Where VEVENTs are written.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    writing: String,
    written: Arc<OnceLock<Box<str>>>,
}

impl Shelf {
    /// Adds what a writer writes at the end of a text.
    pub(super) fn add(&mut self, write: impl FnOnce(&mut String)) -> Vevents {
        let start = self.writing.len();
        if start == 0 {
            self.writing.reserve(ROOM);
        }
        write(&mut self.writing);
        Vevents {
            shelf: self.written.clone(),
            span: start..self.writing.len(),
        }
    }
}

impl Drop for Shelf {
    fn drop(&mut self) {
        // Nothing but this sets it, and only once.
        let _ = self.written.set(mem::take(&mut self.writing).into());
    }
}

/// The VEVENTs of one UID, on their shelf.
#[derive(Debug, Clone)]
pub(super) struct Vevents {
    shelf: Arc<OnceLock<Box<str>>>,
    span: Span,
}

impl Vevents {
    /// Gives their text.
    pub(super) fn as_str(&self) -> &str {
        let text = self.shelf.get().map_or("", |text| text);
        text.get(self.span.clone()).unwrap_or_default()
    }
}

impl PartialEq for Vevents {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Vevents {}
