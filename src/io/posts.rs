//! Posts: Markdown files as sources.
//!
//! Flows in: files, folders, or standard input. Flows out: texts, and diagnostics for files that are no readable text.
//! Deliberately absent: Markdown, and any opinion about what a post says.

use super::read::read_whole;
use super::text::text;
use super::walk::walk_posts;
use super::{IoError, shown};
use crate::diagnostic::{Diagnostic, Place};
use crate::source::Source;
use std::io;
use std::path::{Path, PathBuf};

/// The posts that were named.
#[derive(Debug, Default)]
pub struct Posts {
    /// Their texts, in order.
    pub sources: Vec<Source>,
    /// The files that cannot be taken as they are.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads files, all Markdown files below folders, and standard input for `-`.
pub fn read_posts(paths: &[PathBuf]) -> Result<Posts, IoError> {
    let mut posts = Posts::default();
    let mut buffer = Vec::new();
    for path in paths {
        if path == Path::new("-") {
            let stdin = io::stdin().lock();
            read_whole(stdin, &mut buffer).map_err(|error| IoError::read(path, error))?;
            posts.add("-", &buffer);
            continue;
        }
        for file in walk_posts(path)? {
            let fault = |error| IoError::read(&file, error);
            read_whole(std::fs::File::open(&file).map_err(fault)?, &mut buffer).map_err(fault)?;
            posts.add(&shown(&file), &buffer);
        }
    }
    Ok(posts)
}

impl Posts {
    fn add(&mut self, path: &str, bytes: &[u8]) {
        match text(bytes) {
            Ok(text) => self.sources.push(Source::new("", path, text)),
            Err(complaint) => {
                self.diagnostics.push(complaint.at(Place::file(path)));
            }
        }
    }
}

/// Reads vocabulary.yaml of an events folder, if it is there.
pub fn read_vocabulary(events: &Path) -> Result<Option<Source>, IoError> {
    let path = events.join("vocabulary.yaml");
    let mut buffer = Vec::new();
    match std::fs::File::open(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(IoError::read(&path, error)),
        Ok(file) => {
            read_whole(file, &mut buffer).map_err(|error| IoError::read(&path, error))?;
            let lossy = String::from_utf8_lossy(&buffer);
            Ok(Some(Source::new(&shown(events), "vocabulary.yaml", lossy)))
        }
    }
}
