//! The output lock: one writer at a time.
//!
//! Flows in: the output folder. Flows out: a guard, or the pid of the process that writes already.
//! Deliberately absent: waiting, and removing the lock file (that would let two writers in).

use super::IoError;
use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The lock's name in the output folder.
const NAME: &str = ".lock";
/// How often a lock that is deleted while it is taken is taken anew.
const ATTEMPTS: usize = 10;

/// The right to write an output folder; it ends with the value, or with the process however that dies.
#[derive(Debug)]
pub struct OutputLock {
    folder: PathBuf,
    file: File,
}

impl OutputLock {
    /// Takes the lock `.lock` of an output folder, which is made if it is missing.
    pub fn acquire(output: &Path) -> Result<Self, IoError> {
        // Whoever deletes the file between the opening and the locking leaves us a lock that nobody else sees.
        for _ in 0..ATTEMPTS {
            let lock = OutputLock {
                folder: output.to_owned(),
                file: locked(output)?,
            };
            if lock.is_in_place() {
                return Ok(lock);
            }
        }
        let error = io::Error::other("it is deleted again and again");
        Err(IoError::write(&output.join(NAME), error))
    }

    /// The folder it covers.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Takes the lock again if someone deleted it, with its folder perhaps, so that no second writer comes in;
    /// tells whether that was so.
    pub fn keep(&mut self) -> Result<bool, IoError> {
        if self.is_in_place() {
            return Ok(false);
        }
        self.file = OutputLock::acquire(&self.folder)?.file;
        Ok(true)
    }

    /// Tells whether the file that is locked is the one that others would lock.
    pub fn is_in_place(&self) -> bool {
        let there = fs::symlink_metadata(self.folder.join(NAME));
        there.is_ok_and(|there| {
            let held = self.file.metadata();
            held.is_ok_and(|held| is_one_file(&held, &there))
        })
    }
}

fn locked(output: &Path) -> Result<File, IoError> {
    fs::create_dir_all(output).map_err(|error| IoError::write(output, error))?;
    let path = output.join(NAME);
    let fault = |error| IoError::write(&path, error);
    let mut file = open(&path).map_err(fault)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(IoError::Locked {
                path: super::shown(output),
                pid: holder(&path),
            });
        }
        Err(TryLockError::Error(error)) => return Err(fault(error)),
    }
    file.set_len(0).map_err(fault)?;
    writeln!(file, "{}", std::process::id()).map_err(fault)?;
    Ok(file)
}

#[cfg(unix)]
fn is_one_file(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Where files have no numbers, one that is open cannot be deleted either.
#[cfg(not(unix))]
fn is_one_file(_: &Metadata, _: &Metadata) -> bool {
    true
}

fn open(path: &Path) -> io::Result<File> {
    // A link that someone committed must not make us empty a file elsewhere.
    if path.is_symlink() {
        return Err(io::Error::other("it is a symbolic link"));
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).open(path)
}

fn holder(path: &Path) -> Option<u32> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::OutputLock;
    use crate::io::IoError;
    use std::fs;

    #[test]
    fn a_second_writer_is_refused_with_the_pid_of_the_first() {
        let dir = tempfile::tempdir().unwrap();
        let output = dir.path().join("deep/output");
        let lock = OutputLock::acquire(&output).unwrap();
        let error = OutputLock::acquire(&output).unwrap_err();
        let own = std::process::id();
        assert!(matches!(error, IoError::Locked { pid: Some(pid), .. } if pid == own));
        assert!(
            error
                .to_string()
                .ends_with(&format!("output` is being written by process {own}"))
        );
        drop(lock);
        OutputLock::acquire(&output).unwrap();
    }

    #[test]
    fn a_lock_file_that_a_dead_process_left_does_not_count() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(".lock"), "4194305000\nleft").unwrap();
        let lock = OutputLock::acquire(dir.path()).unwrap();
        let text = fs::read_to_string(lock.folder().join(".lock")).unwrap();
        assert_eq!(text, format!("{}\n", std::process::id()));
    }

    #[cfg(unix)]
    #[test]
    fn a_lock_that_was_deleted_is_taken_again_unless_another_writer_was_sooner() {
        let dir = tempfile::tempdir().unwrap();
        let output = dir.path().join("output");
        let mut lock = OutputLock::acquire(&output).unwrap();
        assert!(!lock.keep().unwrap());
        fs::remove_dir_all(&output).unwrap();
        assert!(!lock.is_in_place());
        assert!(lock.keep().unwrap());
        OutputLock::acquire(&output).unwrap_err();
        fs::remove_file(output.join(".lock")).unwrap();
        let sooner = OutputLock::acquire(&output).unwrap();
        assert!(matches!(lock.keep(), Err(IoError::Locked { .. })));
        drop(sooner);
        assert!(lock.keep().unwrap());
    }

    #[cfg(unix)]
    #[test]
    fn a_lock_file_that_is_a_link_is_refused_and_its_target_kept() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("precious");
        fs::write(&target, "text").unwrap();
        std::os::unix::fs::symlink(&target, dir.path().join(".lock")).unwrap();
        OutputLock::acquire(dir.path()).unwrap_err();
        assert_eq!(fs::read_to_string(target).unwrap(), "text");
    }
}
