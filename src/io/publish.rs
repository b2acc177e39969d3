//! Publishing: files to the output folder, all or nothing.
//!
//! Flows in: the lock, and names with what says their bytes, the ledger first. Flows out: the names that changed.
//! Deliberately absent: truncating a published file, and knowing what is in one.
//!
//! A fault before the first rename changes nothing. Should a rename itself fail, every file is still whole, old or
//! new, and those before it in the list are new: with the ledger first, the next run finishes the work.

use super::IoError;
use super::lock::OutputLock;
use crate::parallel::one_by_one;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, ErrorKind, IntoInnerError, Write};
use std::path::{Component, Path};
use tempfile::{Builder, NamedTempFile, TempPath};

const PREFIX: &str = ".sofacal-";
const SUFFIX: &str = ".tmp";

/// A file of the output folder as it shall be.
pub struct FileToWrite<'a> {
    /// Its plain name: `layotto.ics`.
    pub name: String,
    /// Says all of its bytes.
    pub bytes: Box<Bytes<'a>>,
}

/// Writes all bytes of a file, as often as it is asked: files may share them, and none is ever held whole.
pub type Bytes<'a> = dyn Fn(&mut dyn Write) -> io::Result<()> + Sync + 'a;

/// Writes the files that differ from what is there, in their order, and names them.
pub fn publish(output: &OutputLock, files: &[FileToWrite<'_>]) -> Result<Vec<String>, IoError> {
    let folder = output.folder();
    // Someone may have deleted the folder since it was locked.
    fs::create_dir_all(folder).map_err(|error| IoError::write(folder, error))?;
    remove_leftovers(folder)?;
    let temporaries = write_temporaries(folder, files)?;
    rename_all(folder, temporaries)
}

/// Removes files that were published; one that is gone already is fine.
pub fn remove(output: &OutputLock, names: &[String]) -> Result<(), IoError> {
    let folder = output.folder();
    for name in names {
        let path = folder.join(name);
        let removed = match is_plain_name(name) {
            true => fs::remove_file(&path),
            false => Err(io::Error::other("it is no plain file name")),
        };
        match removed {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(IoError::remove(&path, error));
            }
            _ => {}
        }
    }
    if !names.is_empty() {
        sync(folder);
    }
    Ok(())
}

/// A whole temporary file and the name that it gets.
type Temporary<'a> = (&'a str, TempPath);

fn write_temporaries<'a>(
    folder: &Path,
    files: &'a [FileToWrite<'_>],
) -> Result<Vec<Temporary<'a>>, IoError> {
    // All are looked at before one is written: what is in the way shows early.
    let differ = one_by_one(files, |file| {
        let path = folder.join(&file.name);
        differs(&path, file).map_err(|error| IoError::write(&path, error))
    });
    let differ: Vec<bool> = differ.into_iter().collect::<Result<_, _>>()?;
    let changed: Vec<&FileToWrite> = files
        .iter()
        .zip(differ)
        .filter_map(|(file, differs)| differs.then_some(file))
        .collect();
    let temporaries = one_by_one(&changed, |file| {
        let temporary = write_temporary(folder, &file.bytes);
        let path = || folder.join(&file.name);
        let temporary = temporary.map_err(|error| IoError::write(&path(), error))?;
        Ok((file.name.as_str(), temporary))
    });
    temporaries.into_iter().collect()
}

fn differs(path: &Path, file: &FileToWrite<'_>) -> io::Result<bool> {
    if !is_plain_name(&file.name) {
        return Err(io::Error::other("it is no plain file name"));
    }
    match fs::symlink_metadata(path) {
        Ok(there) if there.is_file() => Ok(!holds(path, file)?),
        // The rename replaces a link itself, never the file that it leads to.
        Ok(there) if there.is_symlink() => Ok(true),
        Ok(_) => Err(io::Error::other("something that is no file is in the way")),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

/// How many bytes go to or come from the disk at once.
const STEP: usize = 1 << 18;

/// Tells whether a file holds just the bytes that it shall.
fn holds(path: &Path, file: &FileToWrite<'_>) -> io::Result<bool> {
    let mut comparison = Comparison {
        there: BufReader::with_capacity(STEP, File::open(path)?),
        has_other: false,
    };
    match (file.bytes)(&mut comparison) {
        Err(_) if comparison.has_other => Ok(false),
        Err(error) => Err(error),
        Ok(()) => Ok(comparison.there.fill_buf()?.is_empty()),
    }
}

/// Takes bytes as long as they are those that are there.
struct Comparison {
    there: BufReader<File>,
    has_other: bool,
}

impl Write for Comparison {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let there = self.there.fill_buf()?;
        let length = there.len().min(bytes.len());
        if length == 0 || there[..length] != bytes[..length] {
            self.has_other = true;
            return Err(ErrorKind::InvalidData.into());
        }
        self.there.consume(length);
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn is_plain_name(name: &str) -> bool {
    let mut components = Path::new(name).components();
    let alone = matches!(
        (components.next(), components.next()),
        (Some(Component::Normal(first)), None) if first == name
    );
    // `.lock` and the temporaries are ours; `\` and `:` lead elsewhere on Windows.
    alone && !name.starts_with('.') && !name.contains(['\\', ':'])
}

/// Writes a temporary file, whole and on the disk.
pub(super) fn write_temporary(
    folder: &Path,
    write: impl Fn(&mut dyn Write) -> io::Result<()>,
) -> io::Result<TempPath> {
    let mut file = BufWriter::with_capacity(STEP, create_temporary(folder)?);
    write(&mut file)?;
    let file = file.into_inner().map_err(IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    // Closed at once: a calendar may have more feeds than a process may have open files.
    Ok(file.into_temp_path())
}

fn create_temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    // A temporary file is private by default, but a web server must read this one.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    builder.tempfile_in(folder)
}

fn rename_all(folder: &Path, temporaries: Vec<Temporary<'_>>) -> Result<Vec<String>, IoError> {
    let mut written = Vec::new();
    for (name, temporary) in temporaries {
        let path = folder.join(name);
        temporary
            .persist(&path)
            .map_err(|failed| IoError::write(&path, failed.error))?;
        written.push(name.to_owned());
        // The first is the ledger: it must not come to the disk after the feeds.
        if written.len() == 1 {
            sync(folder);
        }
    }
    if written.len() > 1 {
        sync(folder);
    }
    Ok(written)
}

/// Brings renames to the disk; some file systems cannot, and the files are whole either way.
fn sync(folder: &Path) {
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

fn remove_leftovers(folder: &Path) -> Result<(), IoError> {
    let fault = |error| IoError::write(folder, error);
    for entry in fs::read_dir(folder).map_err(fault)? {
        let entry = entry.map_err(fault)?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && name.starts_with(PREFIX) && name.ends_with(SUFFIX) {
            fs::remove_file(entry.path()).map_err(|error| IoError::write(&entry.path(), error))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{FileToWrite, OutputLock, publish, rename_all, write_temporaries};
    use std::fs;
    use std::path::Path;
    use tempfile::TempDir;

    fn file<'a>(name: &str, text: &'a str) -> FileToWrite<'a> {
        let (one, other) = text.as_bytes().split_at(text.len() / 2);
        FileToWrite {
            name: name.to_owned(),
            bytes: Box::new(move |out| out.write_all(one).and_then(|()| out.write_all(other))),
        }
    }

    fn output() -> (TempDir, OutputLock) {
        let dir = tempfile::tempdir().unwrap();
        let lock = OutputLock::acquire(&dir.path().join("output")).unwrap();
        (dir, lock)
    }

    /// Every file but the lock as `name=text`.
    fn contents(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
        let files = entries.filter(|entry| entry.file_name() != ".lock" && entry.path().is_file());
        let mut found: Vec<String> = files
            .map(|entry| {
                let text = fs::read_to_string(entry.path()).unwrap();
                format!("{}={text}", entry.file_name().display())
            })
            .collect();
        found.sort();
        found
    }

    #[test]
    fn writes_what_is_new_and_names_it_in_the_given_order() {
        let (_dir, output) = output();
        let written = publish(&output, &[file("ledger.json", "{}"), file("all.ics", "a")]);
        assert_eq!(written.unwrap(), ["ledger.json", "all.ics"]);
        assert_eq!(contents(output.folder()), ["all.ics=a", "ledger.json={}"]);
    }

    #[cfg(unix)]
    #[test]
    fn an_unchanged_file_keeps_its_inode_and_time_and_a_changed_one_is_replaced() {
        use std::os::unix::fs::MetadataExt;
        let (_dir, output) = output();
        let stamp = |name: &str| {
            let there = fs::metadata(output.folder().join(name)).unwrap();
            (there.ino(), there.modified().unwrap(), there.mode() & 0o777)
        };
        publish(&output, &[file("a.ics", "a"), file("b.ics", "b")]).unwrap();
        let (a, b) = (stamp("a.ics"), stamp("b.ics"));
        let written = publish(&output, &[file("a.ics", "a"), file("b.ics", "c")]).unwrap();
        assert_eq!(written, ["b.ics"]);
        assert_eq!(stamp("a.ics"), a);
        assert_ne!(stamp("b.ics").0, b.0);
        assert_eq!(a.2 & 0o600, 0o600);
    }

    #[test]
    fn leftovers_of_a_crashed_run_are_removed_and_foreign_files_stay() {
        let (_dir, output) = output();
        fs::write(output.folder().join(".sofacal-x1y2.tmp"), "half").unwrap();
        fs::write(output.folder().join("CNAME"), "c").unwrap();
        assert!(publish(&output, &[]).unwrap().is_empty());
        assert_eq!(contents(output.folder()), ["CNAME=c"]);
    }

    #[test]
    fn a_fault_at_the_last_file_leaves_every_old_file() {
        let (_dir, output) = output();
        publish(&output, &[file("ledger.json", "old"), file("a.ics", "old")]).unwrap();
        fs::create_dir_all(output.folder().join("in-the-way.ics/full")).unwrap();
        let too_long = format!("{}.ics", "x".repeat(300));
        for name in ["in-the-way.ics", &too_long] {
            let files = [
                file("ledger.json", "new"),
                file("a.ics", "new"),
                file(name, "x"),
            ];
            let error = publish(&output, &files).unwrap_err().to_string();
            assert!(error.contains(&format!("{name}`: ")), "{error}");
            assert_eq!(contents(output.folder()), ["a.ics=old", "ledger.json=old"]);
        }
    }

    #[test]
    fn temporaries_that_are_not_renamed_vanish() {
        let (_dir, output) = output();
        let files = [file("a.ics", "a"), file("b.ics", "b")];
        let temporaries = write_temporaries(output.folder(), &files).unwrap();
        assert_eq!(contents(output.folder()).len(), 2);
        drop(temporaries);
        assert!(contents(output.folder()).is_empty());
    }

    #[test]
    fn a_failing_rename_leaves_whole_files_and_the_next_run_finishes() {
        let (_dir, output) = output();
        let files = ["ledger.json", "a.ics", "b.ics"].map(|name| file(name, "new"));
        publish(
            &output,
            &["ledger.json", "a.ics", "b.ics"].map(|name| file(name, "old")),
        )
        .unwrap();
        let temporaries = write_temporaries(output.folder(), &files).unwrap();
        let blocked = output.folder().join("a.ics");
        fs::remove_file(&blocked).unwrap();
        fs::create_dir_all(blocked.join("full")).unwrap();
        rename_all(output.folder(), temporaries).unwrap_err();
        assert_eq!(contents(output.folder()), ["b.ics=old", "ledger.json=new"]);
        fs::remove_dir_all(&blocked).unwrap();
        assert_eq!(publish(&output, &files).unwrap(), ["a.ics", "b.ics"]);
    }

    #[test]
    fn a_name_that_leads_elsewhere_is_a_fault() {
        let (dir, output) = output();
        for name in [
            "../x.ics", "/tmp/x", "a/b.ics", "", ".", "..", ".lock", "c:x", "a\\b", "a/",
        ] {
            let error = publish(&output, &[file("a.ics", "a"), file(name, "x")]).unwrap_err();
            assert!(
                error.to_string().ends_with("it is no plain file name"),
                "{error}"
            );
        }
        assert!(contents(output.folder()).is_empty());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_replaced_and_its_target_kept() {
        let (dir, output) = output();
        let target = dir.path().join("elsewhere");
        fs::write(&target, "precious").unwrap();
        std::os::unix::fs::symlink(&target, output.folder().join("a.ics")).unwrap();
        publish(&output, &[file("a.ics", "new")]).unwrap();
        assert_eq!(contents(output.folder()), ["a.ics=new"]);
        assert_eq!(fs::read_to_string(target).unwrap(), "precious");
    }
}
