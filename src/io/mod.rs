//! The world: everything that touches the disk, the terminal and other processes.
//!
//! Flows in: paths, and the values to write or print. Flows out: sources, published feeds, faults that name their path.
//! Deliberately absent: any judgement about events; the core never comes here.

#![expect(
    clippy::disallowed_methods,
    reason = "this room is the door to the world"
)]

pub mod batch;
pub mod clock;
pub mod feeds;
pub mod files;
pub mod git;
pub mod journal;
pub mod lock;
pub mod posts;
pub mod publish;
pub mod read;
pub mod report;
pub mod snippet;
pub mod stamp;
pub mod steps;
pub mod terminal;
mod text;
pub mod wake;
mod walk;

use std::io;
use std::path::Path;

/// A fault of the machine, always with the path it happened at.
#[derive(Debug, thiserror::Error)]
pub enum IoError {
    /// The events folder itself is not there or is no folder.
    #[error("cannot read `{path}`: {}", plain(source))]
    EventsFolder {
        /// The folder as people reach it.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// A file or folder cannot be read.
    #[error("cannot read `{path}`: {}", plain(source))]
    Read {
        /// The path as people reach it.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// A file or folder cannot be written.
    #[error("cannot write `{path}`: {}", plain(source))]
    Write {
        /// The path as people reach it.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// A file that shall be written is there already.
    #[error("`{path}` is there already")]
    Exists {
        /// The path as people reach it.
        path: String,
    },
    /// A file is not any more what was read of it.
    #[error("`{path}` was changed meanwhile")]
    Changed {
        /// The path as people reach it.
        path: String,
    },
    /// A file cannot be removed.
    #[error("cannot remove `{path}`: {}", plain(source))]
    Remove {
        /// The path as people reach it.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// The fixed time is no number of seconds.
    #[error("`SOURCE_DATE_EPOCH` is `{value}`, not a number of seconds from 1970 to 9999")]
    Epoch {
        /// What it is.
        value: String,
    },
    /// The feeds would be written among the event files.
    #[error("`{path}` is the events folder, and feeds cannot be written there")]
    OneFolder {
        /// The folder.
        path: String,
    },
    /// The process cannot ask to be told of signals.
    #[error("cannot listen to signals: {}", plain(source))]
    Signals {
        /// What the system said.
        source: io::Error,
    },
    /// Another process writes the output folder.
    #[error("`{path}` is being written by {}", pid.map_or("another process".to_owned(), |pid| format!("process {pid}")))]
    Locked {
        /// The output folder.
        path: String,
        /// The process that holds it, if it told.
        pid: Option<u32>,
    },
}

impl IoError {
    /// Says what to do about it, where that is known.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            IoError::EventsFolder { .. } => Some(
                "run sofacal where the `events` folder is, or name the folder with `--events DIR`",
            ),
            IoError::Locked { .. } => {
                Some("wait until it is done, or stop it; the lock of a dead process frees itself")
            }
            IoError::OneFolder { .. } => Some("name another folder with `--output DIR`"),
            IoError::Epoch { .. } => {
                Some("set it to the commit's time, `git log -1 --format=%ct`, or unset it")
            }
            IoError::Exists { .. } => Some("nothing was written; move it away first"),
            IoError::Changed { .. } => Some("run it again: it begins with what stands there now"),
            IoError::Read { .. }
            | IoError::Write { .. }
            | IoError::Remove { .. }
            | IoError::Signals { .. } => None,
        }
    }

    fn events_folder(root: &Path, source: io::Error) -> Self {
        let path = shown(root);
        IoError::EventsFolder { path, source }
    }

    fn read(path: &Path, source: io::Error) -> Self {
        let path = shown(path);
        IoError::Read { path, source }
    }

    fn write(path: &Path, source: io::Error) -> Self {
        let path = shown(path);
        IoError::Write { path, source }
    }

    fn remove(path: &Path, source: io::Error) -> Self {
        let path = shown(path);
        IoError::Remove { path, source }
    }
}

/// Shows a path as people reach it: with `/`, and a name that is no Unicode as well as it goes.
pub(crate) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) {
        text.replace('\\', "/")
    } else {
        text.into_owned()
    }
}

/// Puts the system's words into a sentence: `Permission denied (os error 13)` is `permission denied`.
fn plain(error: &io::Error) -> String {
    let words = error.to_string();
    let words = words.split(" (os error").next().unwrap_or_default();
    let mut letters = words.trim_end_matches('.').chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::{IoError, plain};
    use std::io::Error;
    use std::path::Path;

    #[test]
    fn the_path_and_the_systems_plain_words_are_in_the_message() {
        let error = IoError::write(Path::new("output/mosn.ics"), Error::from_raw_os_error(13));
        if cfg!(unix) {
            assert_eq!(
                error.to_string(),
                "cannot write `output/mosn.ics`: permission denied"
            );
        }
        assert_eq!(plain(&Error::other("")), "");
    }
}
