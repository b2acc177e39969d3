//! Files for people: what a command writes beside the feeds, each whole or not at all.
//!
//! Flows in: a folder, and texts by their path below it. Flows out: files that were not there before, or that took the
//! place of what was. Deliberately absent: knowing what they say, and writing through a link that leads out of the folder.

use super::publish::write_temporary;
use super::{IoError, shown};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};
use tempfile::TempPath;

/// A text, and where it belongs below a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFile {
    /// Its path below the folder, with `/`.
    pub name: String,
    /// All that it says.
    pub text: String,
}

/// Tells whether something has a name below a folder, be it a link that leads nowhere.
pub fn is_there(folder: &Path, name: &str) -> bool {
    fs::symlink_metadata(folder.join(name)).is_ok()
}

/// Tells whether a name below a folder is a link to something else.
pub fn is_link(folder: &Path, name: &str) -> bool {
    folder.join(name).is_symlink()
}

/// Writes files that are not there yet; if one is, none is written.
pub fn create(folder: &Path, files: &[TextFile]) -> Result<(), IoError> {
    for file in files {
        let path = folder.join(&file.name);
        match fs::symlink_metadata(&path) {
            Ok(_) => return Err(IoError::Exists { path: shown(&path) }),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(IoError::write(&path, error)),
        }
    }
    for (path, temporary) in temporaries(folder, files)? {
        // Someone may have written it meanwhile.
        let written = temporary.persist_noclobber(&path);
        written.map_err(|failed| match failed.error.kind() {
            ErrorKind::AlreadyExists => IoError::Exists { path: shown(&path) },
            _ => IoError::write(&path, failed.error),
        })?;
    }
    Ok(())
}

/// Writes files in place of what has their names, for the same people to read and write.
pub fn replace(folder: &Path, files: &[TextFile]) -> Result<(), IoError> {
    for (path, temporary) in temporaries(folder, files)? {
        if let Ok(there) = fs::symlink_metadata(&path)
            && there.is_file()
        {
            let kept = fs::set_permissions(&temporary, there.permissions());
            kept.map_err(|error| IoError::write(&path, error))?;
        }
        let written = temporary.persist(&path);
        written.map_err(|failed| IoError::write(&path, failed.error))?;
    }
    Ok(())
}

/// Writes files in place of what was read of them, unless someone has changed one meanwhile: then none is written.
pub fn amend(folder: &Path, files: &[(TextFile, &str)]) -> Result<(), IoError> {
    const BYTE_ORDER_MARK: &str = "\u{feff}";
    let mut whole = Vec::with_capacity(files.len());
    for (file, before) in files {
        let path = folder.join(&file.name);
        let there = fs::read_to_string(&path).map_err(|error| IoError::read(&path, error))?;
        let bare = there.strip_prefix(BYTE_ORDER_MARK);
        if bare.unwrap_or(&there) != *before {
            return Err(IoError::Changed { path: shown(&path) });
        }
        let mark = if bare.is_some() { BYTE_ORDER_MARK } else { "" };
        whole.push(TextFile {
            name: file.name.clone(),
            text: format!("{mark}{}", file.text),
        });
    }
    replace(folder, &whole)
}

/// Writes all of them under other names, each in the folder that it belongs to.
fn temporaries(folder: &Path, files: &[TextFile]) -> Result<Vec<(PathBuf, TempPath)>, IoError> {
    fs::create_dir_all(folder).map_err(|error| IoError::write(folder, error))?;
    let write = |file: &TextFile| {
        let path = folder.join(&file.name);
        let fault = |error| IoError::write(&path, error);
        let home = home_of(folder, &file.name).map_err(fault)?;
        let written = write_temporary(&home, |out| out.write_all(file.text.as_bytes()));
        let temporary = written.map_err(fault)?;
        Ok((path, temporary))
    };
    files.iter().map(write).collect()
}

/// Makes the folder that a file belongs to, step by step: none may lead out of the folder above all.
fn home_of(folder: &Path, name: &str) -> io::Result<PathBuf> {
    let root = fs::canonicalize(folder)?;
    let mut home = root.clone();
    let parents = Path::new(name).parent().unwrap_or(Path::new(""));
    for step in parents.components() {
        let Component::Normal(step) = step else {
            return Err(io::Error::other("the path leads out of the folder"));
        };
        home.push(step);
        match fs::create_dir(&home) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
            _ => home = fs::canonicalize(&home)?,
        }
        if !home.starts_with(&root) {
            return Err(io::Error::other("a symbolic link leads out of the folder"));
        }
    }
    Ok(home)
}

#[cfg(test)]
mod tests {
    use super::{TextFile, amend, create, replace};
    use std::fs;
    use tempfile::tempdir;

    fn file(name: &str, text: &str) -> TextFile {
        let (name, text) = (name.to_owned(), text.to_owned());
        TextFile { name, text }
    }

    #[test]
    fn new_files_get_the_folders_they_need_and_never_replace_another() {
        let folder = tempdir().unwrap();
        let root = folder.path().join("new");
        create(&root, &[file("a/b/c.txt", "1"), file("d.txt", "2")]).unwrap();
        assert_eq!(fs::read_to_string(root.join("a/b/c.txt")).unwrap(), "1");
        let error = create(&root, &[file("e.txt", "3"), file("d.txt", "3")]).unwrap_err();
        assert!(error.to_string().ends_with("d.txt` is there already"));
        assert!(
            !root.join("e.txt").exists(),
            "none is written if one is there"
        );
        assert_eq!(fs::read_to_string(root.join("d.txt")).unwrap(), "2");
        replace(&root, &[file("d.txt", "4")]).unwrap();
        assert_eq!(fs::read_to_string(root.join("d.txt")).unwrap(), "4");
        assert_eq!(
            fs::read_dir(&root).unwrap().count(),
            2,
            "no temporary is left"
        );
    }

    #[test]
    fn what_someone_changed_meanwhile_is_not_written() {
        let folder = tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("a.txt"), "\u{feff}1").unwrap();
        fs::write(path("b.txt"), "2").unwrap();
        let both = [(file("a.txt", "1+"), "1"), (file("b.txt", "2+"), "1")];
        amend(folder.path(), &both).unwrap_err();
        assert_eq!(fs::read_to_string(path("a.txt")).unwrap(), "\u{feff}1");
        amend(folder.path(), &both[..1]).unwrap();
        assert_eq!(fs::read_to_string(path("a.txt")).unwrap(), "\u{feff}1+");
    }

    #[test]
    fn nothing_is_written_outside_of_the_folder() {
        let folder = tempdir().unwrap();
        for name in ["../x.txt", "a/../../x.txt", "/tmp/a/x.txt"] {
            create(folder.path(), &[file(name, "1")]).unwrap_err();
        }
        assert!(!folder.path().join("../x.txt").exists());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed_out_and_not_written_through() {
        use std::os::unix::fs::symlink;
        let (folder, outside) = (tempdir().unwrap(), tempdir().unwrap());
        let root = folder.path();
        symlink(outside.path(), root.join("out")).unwrap();
        create(root, &[file("out/x.txt", "1")]).unwrap_err();
        replace(root, &[file("out/x.txt", "1")]).unwrap_err();
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
        fs::write(outside.path().join("y.txt"), "old").unwrap();
        symlink(outside.path().join("y.txt"), root.join("y.txt")).unwrap();
        create(root, &[file("y.txt", "1")]).unwrap_err();
        replace(root, &[file("y.txt", "1")]).unwrap();
        let kept = fs::read_to_string(outside.path().join("y.txt")).unwrap();
        assert_eq!(kept, "old");
        // A link that leads nowhere is something too.
        symlink("nowhere", root.join("z.txt")).unwrap();
        create(root, &[file("z.txt", "1")]).unwrap_err();
    }
}
