//! Stamps: what shows, without opening a file, that it may have changed.
//!
//! Flows in: a path. Flows out: a value to compare with the one of an earlier look.

use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// How a file looks from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    size: u64,
    modified: Option<SystemTime>,
    /// A file that another one replaced has another number.
    inode: u64,
    /// When anything of it changed, in seconds and nanoseconds: unlike the time above, nobody can set it back.
    changed: (i64, i64),
}

/// How coarse the clock of a file system may be: what changed just now may change again and look the same.
const COARSEST: Duration = Duration::from_secs(2);

impl Stamp {
    /// Looks at a file.
    pub fn of(path: &Path) -> io::Result<Self> {
        let there = fs::metadata(path)?;
        #[cfg(unix)]
        let (inode, changed) = {
            use std::os::unix::fs::MetadataExt;
            (there.ino(), (there.ctime(), there.ctime_nsec()))
        };
        #[cfg(not(unix))]
        let (inode, changed) = (0, (0, 0));
        Ok(Stamp {
            size: there.len(),
            modified: there.modified().ok(),
            inode,
            changed,
        })
    }

    /// Gives the stamp if a later change would show in it.
    pub fn settled(self) -> Option<Self> {
        let seconds = u64::try_from(self.changed.0).unwrap_or_default();
        let changed = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let newest = self.modified.map(|modified| modified.max(changed));
        let age = newest.map(|newest| newest.elapsed().unwrap_or_default());
        age.is_some_and(|age| age > COARSEST).then_some(self)
    }
}
