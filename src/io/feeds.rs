//! Feeds: what the output folder holds already.
//!
//! Flows in: the folder. Flows out: the ledger's bytes, and where each feed is. Deliberately absent: any
//! opinion about who wrote them.

use super::IoError;
use super::stamp::Stamp;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// The ledger's name in the output folder.
pub const LEDGER: &str = "ledger.json";

/// What an earlier run published.
#[derive(Debug, Default)]
pub struct Published {
    /// The bytes of `ledger.json`, if it is there.
    pub ledger: Option<Vec<u8>>,
    /// Where each `*.ics` is, by its name without the ending.
    pub feeds: BTreeMap<String, PathBuf>,
}

impl Published {
    /// Reads a feed's text; one that is not there has none.
    pub fn text(&self, slug: &str) -> Result<String, IoError> {
        let Some(path) = self.feeds.get(slug) else {
            return Ok(String::new());
        };
        let bytes = fs::read(path).map_err(|error| IoError::read(path, error))?;
        // A character that someone cut must not hide the stamps around it.
        Ok(String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }
}

/// Reads what an earlier run published; a folder that is not there holds nothing.
pub fn read_feeds(output: &Path) -> Result<Published, IoError> {
    let mut published = list_feeds(output)?;
    let path = output.join(LEDGER);
    let fault = |error| IoError::read(&path, error);
    if is_regular(&path).map_err(fault)? {
        published.ledger = Some(fs::read(&path).map_err(fault)?);
    }
    Ok(published)
}

/// Looks at the ledger without reading it; one that is not there has no stamp.
pub fn ledger_stamp(output: &Path) -> Option<Stamp> {
    Stamp::of(&output.join(LEDGER)).ok()
}

/// Finds the feeds that an earlier run published, without the ledger.
pub fn list_feeds(output: &Path) -> Result<Published, IoError> {
    let mut published = Published::default();
    let fault = |error| IoError::read(output, error);
    let entries = match fs::read_dir(output) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(published),
        Err(error) => return Err(fault(error)),
    };
    for entry in entries {
        // A name that is no Unicode was never ours.
        let Ok(name) = entry.map_err(fault)?.file_name().into_string() else {
            continue;
        };
        let slug = name.strip_suffix(".ics");
        let Some(slug) = slug.filter(|slug| !slug.starts_with('.')) else {
            continue;
        };
        let path = output.join(&name);
        if is_regular(&path).map_err(|error| IoError::read(&path, error))? {
            published.feeds.insert(slug.to_owned(), path);
        }
    }
    Ok(published)
}

/// Tells whether a path is a file or leads to one; a folder, a pipe or a link to nowhere is none of ours.
fn is_regular(path: &Path) -> io::Result<bool> {
    match fs::metadata(path) {
        Ok(there) => Ok(there.is_file()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}
