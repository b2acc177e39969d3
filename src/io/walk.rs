//! Walking: the files of the events folder, and what is in their way.
//!
//! Flows in: the folder. Flows out: its event files, its folders, and diagnostics for links and names that no
//! event file should have. Deliberately absent: opening a file.

use super::{IoError, shown};
use crate::diagnostic::{Code, Complaint, Diagnostic, Place};
use crate::source::Source;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// A file that is an event file by its name.
#[derive(Debug)]
pub(super) struct WalkedFile {
    /// Its path below the folder, with `/`.
    pub(super) relative: String,
    pub(super) entry: DirEntry,
}

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Walked {
    pub(super) files: Vec<WalkedFile>,
    /// Every folder, the events folder too.
    pub(super) folders: BTreeSet<PathBuf>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Walks through the events folder.
pub(super) fn walk(root: &Path) -> Result<Walked, IoError> {
    let real_root = real_folder(root).map_err(|error| IoError::events_folder(root, error))?;
    let mut found = Walked::default();
    found.folders.insert(root.to_owned());
    let mut linked = BTreeSet::new();
    let mut walk = WalkDir::new(root)
        .min_depth(1)
        .follow_links(true)
        // What is sorted lies in one folder, so whole paths, which are at hand, sort as names do.
        .sort_by(|a, b| a.path().as_os_str().cmp(b.path().as_os_str()))
        .into_iter();
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error)
                if error
                    .path()
                    .is_some_and(|path| is_passed_over(below(root, path))) =>
            {
                continue;
            }
            Err(error) => {
                found.diagnostics.push(walk_fault(root, error)?);
                continue;
            }
        };
        let is_folder = entry.file_type().is_dir();
        let relative = below(root, entry.path());
        if is_passed_over(relative) {
            if is_folder {
                walk.skip_current_dir();
            }
            continue;
        }
        let relative = shown(relative);
        if !is_folder && !is_yaml(&relative) {
            found.diagnostics.extend(unread(root, &relative));
            continue;
        }
        if is_folder && entry.path_is_symlink() && !linked.insert(real(&entry)?) {
            found.diagnostics.push(linked_twice(root, &relative));
            walk.skip_current_dir();
        } else if leads_outside(&entry, &real_root)? {
            found.diagnostics.push(outside(root, &relative));
            if is_folder {
                walk.skip_current_dir();
            }
        } else if is_folder {
            found.folders.insert(entry.into_path());
        } else {
            found.files.push(WalkedFile { relative, entry });
        }
    }
    Ok(found)
}

pub(super) fn real_folder(root: &Path) -> io::Result<PathBuf> {
    let real_root = fs::canonicalize(root)?;
    if real_root.is_dir() {
        Ok(real_root)
    } else {
        Err(ErrorKind::NotADirectory.into())
    }
}

fn below<'a>(root: &Path, path: &'a Path) -> &'a Path {
    path.strip_prefix(root).unwrap_or(path)
}

/// Finds the Markdown files below a folder, or the one file that is named.
pub(super) fn walk_posts(root: &Path) -> Result<Vec<PathBuf>, IoError> {
    let is_hidden = |entry: &DirEntry| {
        entry.depth() > 0 && entry.file_name().as_encoded_bytes().starts_with(b".")
    };
    let mut walk = WalkDir::new(root).sort_by_file_name().into_iter();
    let mut files = Vec::new();
    while let Some(entry) = walk.next() {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(root).to_owned();
            let error = error.into_io_error();
            let error = error.unwrap_or_else(|| io::Error::other("it leads back to itself"));
            IoError::read(&path, error)
        })?;
        if is_hidden(&entry) {
            if entry.file_type().is_dir() {
                walk.skip_current_dir();
            }
            continue;
        }
        let is_named = entry.depth() == 0 && !entry.path().is_dir();
        let is_markdown = |path: &Path| {
            let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
            ending == "md" || ending == "markdown"
        };
        if is_named || entry.path().is_file() && is_markdown(entry.path()) {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

/// Tells whether a file or folder is hidden, an editor's backup, or reserved.
fn is_passed_over(relative: &Path) -> bool {
    let name = relative.file_name().unwrap_or_default().as_encoded_bytes();
    name.starts_with(b".")
        || name.ends_with(b"~")
        || name.ends_with(b".swp")
        || name.ends_with(b".bak")
        || (name.starts_with(b"#") && name.ends_with(b"#"))
        || ["vocabulary.yaml", "theme"]
            .map(OsStr::new)
            .contains(&relative.as_os_str())
}

fn is_yaml(relative: &str) -> bool {
    relative.rsplit_once('.').is_some_and(|(_, ending)| {
        ending.eq_ignore_ascii_case("yaml") || ending.eq_ignore_ascii_case("yml")
    })
}

/// Tells an author's broken link, a diagnostic, from a fault of the machine.
fn walk_fault(root: &Path, error: walkdir::Error) -> Result<Diagnostic, IoError> {
    let path = error.path().unwrap_or(root).to_owned();
    let is_root = error.depth() == 0;
    let relative = shown(below(root, &path));
    let broken = |where_to: &str| {
        Complaint::new(
            Code::BrokenLink,
            format!("the symbolic link leads {where_to}"),
        )
        .hint("delete it, or let it lead to a file below the events folder")
        .at(place(&shown(root), &relative))
    };
    match error.into_io_error() {
        None if !is_root => Ok(broken("back to a folder above it")),
        None => Err(IoError::events_folder(
            root,
            io::Error::other("it leads back to itself"),
        )),
        Some(error) if is_root => Err(IoError::events_folder(root, error)),
        Some(error) if error.kind() != ErrorKind::PermissionDenied && path.is_symlink() => {
            Ok(broken("nowhere"))
        }
        Some(error) => Err(IoError::read(&path, error)),
    }
}

/// Tells whether a link leads out; nothing else is resolved, since 10,000 files would be 10,000 calls.
fn leads_outside(entry: &DirEntry, real_root: &Path) -> Result<bool, IoError> {
    if !entry.path_is_symlink() {
        return Ok(false);
    }
    Ok(!real(entry)?.starts_with(real_root))
}

fn real(entry: &DirEntry) -> Result<PathBuf, IoError> {
    fs::canonicalize(entry.path()).map_err(|error| IoError::read(entry.path(), error))
}

/// Tells of a file that its author probably wanted to be read: `a.yaml.txt`, `a.ymal`, `a.json`.
fn unread(root: &Path, relative: &str) -> Option<Diagnostic> {
    let name = relative.rsplit('/').next().unwrap_or(relative).trim_end();
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let lower = name.to_lowercase();
    let is_hidden_in_name = [".yaml.", ".yml."].iter().any(|part| lower.contains(part));
    let is_slip = [
        "ymal", "yam", "yal", "yalm", "yamll", "yml", "yaml", "yl", "json",
    ]
    .contains(&ending.to_lowercase().as_str());
    let is_bare_date = ending.is_empty() && stem.len() == 10 && stem.starts_with("20");
    // What git, patch and editors leave behind.
    let is_left = ["orig", "rej", "bak", "old", "tmp", "swp"].contains(&ending);
    let is_ours = name == "ledger.json";
    if is_left || is_ours || !(is_hidden_in_name || is_slip || is_bare_date) {
        return None;
    }
    // Behind `a.yaml.txt` stands `a`, not `a.yaml`.
    let stem = match is_hidden_in_name {
        true => lower.split(".y").next().unwrap_or(stem),
        false => stem,
    };
    let complaint = Complaint::new(
        Code::UnreadFile,
        "this file is not read: event files end in `.yaml`",
    );
    let complaint = complaint.hint(format!(
        "rename it to `{stem}.yaml`, or move it out of the events folder"
    ));
    Some(complaint.at(place(&shown(root), relative)))
}

/// Two links to one folder, level by level, would double what is read at each level.
fn linked_twice(root: &Path, relative: &str) -> Diagnostic {
    let message = "the symbolic link leads to a folder that another link leads to already";
    let root = shown(root);
    Complaint::new(Code::BrokenLink, message)
        .hint("delete one of the two links")
        .at(place(&root, relative))
}

fn outside(root: &Path, relative: &str) -> Diagnostic {
    let root = shown(root);
    Complaint::new(
        Code::OutsideEvents,
        format!("the symbolic link leads out of `{root}`"),
    )
    .hint("put the file itself there, or link to one inside the folder")
    .at(place(&root, relative))
}

/// Names the file at a path below the folder.
pub(super) fn place(root: &str, relative: &str) -> Place {
    Place::file(Source::new(root, relative, "").path)
}
