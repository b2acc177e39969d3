//! Reading: the events folder as sources, and what the output folder holds already.
//!
//! Flows in: two folders. Flows out: texts, bytes, and diagnostics for files that are no readable text.
//! Deliberately absent: YAML, and any opinion about what a file says.

use super::text::{LIMIT, text};
use super::{IoError, shown, slashed};
use crate::diagnostic::{Code, Complaint, Diagnostic, Place};
use crate::parallel::in_shares;
use crate::source::Source;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// What the events folder holds.
#[derive(Debug, Default)]
pub struct Events {
    /// `calendar.yaml`, if it is there and readable.
    pub calendar: Option<Source>,
    /// The event files, sorted by their path below the folder.
    pub events: Vec<Source>,
    /// The files that cannot be taken as they are, in reading order; they are in neither of the above.
    pub diagnostics: Vec<Diagnostic>,
}

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

/// Checks that there is an events folder, and that the feeds go elsewhere.
pub fn check_folders(events: &Path, output: &Path) -> Result<(), IoError> {
    let events_folder =
        real_folder(events).map_err(|error| IoError::events_folder(events, error))?;
    match fs::canonicalize(output) {
        Ok(output_folder) if output_folder == events_folder => Err(IoError::OneFolder {
            path: shown(output),
        }),
        _ => Ok(()),
    }
}

/// Reads the calendar and all event files below the events folder.
pub fn read_events(root: &Path) -> Result<Events, IoError> {
    let real_root = real_folder(root).map_err(|error| IoError::events_folder(root, error))?;
    let mut found = Events::default();
    let shown_root = shown(root);
    let mut files = Vec::new();
    let mut linked = BTreeSet::new();
    let mut walk = WalkDir::new(root)
        .min_depth(1)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| !is_passed_over(root, entry.path()));
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) if error.path().is_some_and(|path| is_passed_over(root, path)) => continue,
            Err(error) => {
                found.diagnostics.push(walk_fault(root, error)?);
                continue;
            }
        };
        let is_folder = entry.file_type().is_dir();
        let relative = slashed(below(root, entry.path()));
        if !is_folder && !is_yaml(entry.path()) {
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
        } else if !is_folder {
            files.push((relative, entry));
        }
    }
    let read_share = |share: &[(String, DirEntry)]| {
        let mut buffer = Vec::with_capacity(1 << 16);
        let read = share
            .iter()
            .map(|(relative, entry)| read_source(&shown_root, relative, entry, &mut buffer));
        read.collect::<Result<Vec<_>, IoError>>()
    };
    for share in in_shares(&files, read_share) {
        for read in share? {
            match read {
                Ok(source) if &*source.relative == "calendar.yaml" => found.calendar = Some(source),
                Ok(source) => found.events.push(source),
                Err(diagnostic) => found.diagnostics.push(diagnostic),
            }
        }
    }
    found.events.sort_by(|a, b| a.relative.cmp(&b.relative));
    found.diagnostics.sort_by(Diagnostic::reading_order);
    Ok(found)
}

fn real_folder(root: &Path) -> io::Result<PathBuf> {
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

/// Tells whether a file or folder is hidden, an editor's backup, or reserved.
fn is_passed_over(root: &Path, path: &Path) -> bool {
    let relative = below(root, path);
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    name.starts_with(b".")
        || name.ends_with(b"~")
        || name.ends_with(b".swp")
        || name.ends_with(b".bak")
        || (name.starts_with(b"#") && name.ends_with(b"#"))
        || relative == Path::new("vocabulary.yaml")
        || relative == Path::new("theme")
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|ending| {
        ending.eq_ignore_ascii_case("yaml") || ending.eq_ignore_ascii_case("yml")
    })
}

/// Tells an author's broken link, a diagnostic, from a fault of the machine.
fn walk_fault(root: &Path, error: walkdir::Error) -> Result<Diagnostic, IoError> {
    let path = error.path().unwrap_or(root).to_owned();
    let is_root = error.depth() == 0;
    let relative = slashed(below(root, &path));
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

fn place(root: &str, relative: &str) -> Place {
    Place::file(Source::new(root, relative, "").path)
}

/// Reads a file as a source, or says why its bytes are no text.
fn read_source(
    root: &str,
    relative: &str,
    entry: &DirEntry,
    buffer: &mut Vec<u8>,
) -> Result<Result<Source, Diagnostic>, IoError> {
    let fault = |error| IoError::read(entry.path(), error);
    // To open a pipe is to wait for whoever writes it.
    if !entry.file_type().is_file() {
        return Err(fault(io::Error::other("it is no regular file")));
    }
    buffer.clear();
    let file = File::open(entry.path()).map_err(fault)?;
    file.take(LIMIT + 1).read_to_end(buffer).map_err(fault)?;
    Ok(match text(buffer) {
        Ok(text) => Ok(Source::new(root, relative, text)),
        Err(complaint) => Err(complaint.at(place(root, relative))),
    })
}

/// Reads what an earlier run published; a folder that is not there holds nothing.
pub fn read_feeds(output: &Path) -> Result<Published, IoError> {
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
        let slug = name
            .strip_suffix(".ics")
            .filter(|slug| !slug.starts_with('.'));
        if slug.is_none() && name != "ledger.json" {
            continue;
        }
        let path = output.join(&name);
        let fault = |error| IoError::read(&path, error);
        match slug {
            Some(slug) if is_regular(&path).map_err(fault)? => {
                published.feeds.insert(slug.to_owned(), path);
            }
            None if is_regular(&path).map_err(fault)? => {
                published.ledger = Some(fs::read(&path).map_err(fault)?);
            }
            _ => {}
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

#[cfg(test)]
mod tests {
    use super::{Events, LIMIT, read_events, read_feeds};
    use crate::diagnostic::Code;
    use std::fs;
    use std::path::Path;
    use tempfile::TempDir;

    fn folder(files: &[(&str, &[u8])]) -> TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        dir
    }

    fn relatives(found: &Events) -> Vec<&str> {
        found
            .events
            .iter()
            .map(|source| &*source.relative)
            .collect()
    }

    fn complaints(dir: &Path) -> Vec<(Code, String)> {
        let found = read_events(dir).unwrap();
        assert!(found.events.is_empty() && found.calendar.is_none());
        let complaints = found.diagnostics.into_iter().map(|found| found.complaint);
        let told = complaints.map(|c| (c.code, format!("{}; {}", c.message, c.hint.unwrap())));
        told.collect()
    }

    #[test]
    fn finds_the_calendar_and_the_events_at_any_depth_in_order() {
        let dir = folder(&[
            ("mosn/b.YML", b"\xef\xbb\xbftitle: x"),
            ("calendar.yaml", b"name: x"),
            ("mosn.yaml", b"1"),
            ("mosn/2023/deep/a.yaml", b""),
            ("mosn/calendar.yaml", b""),
            ("mosn/notes.md", b""),
            ("folder.yaml/c.yaml", b""),
        ]);
        let found = read_events(dir.path()).unwrap();
        let calendar = found.calendar.as_ref().unwrap();
        assert_eq!(calendar.text, "name: x");
        assert_eq!(
            *calendar.path,
            *format!("{}/calendar.yaml", dir.path().display())
        );
        assert!(found.diagnostics.is_empty());
        let expected = [
            "folder.yaml/c.yaml",
            "mosn.yaml",
            "mosn/2023/deep/a.yaml",
            "mosn/b.YML",
            "mosn/calendar.yaml",
        ];
        assert_eq!(relatives(&found), expected);
        assert_eq!(found.events[3].text, "title: x");
    }

    #[test]
    fn passes_over_what_is_hidden_a_backup_or_reserved() {
        let names = [
            ".git/a.yaml",
            ".a.yaml",
            ".#a.yaml",
            "a.yaml~",
            "#a.yaml#",
            ".a.yaml.swp",
            "a.yaml.bak",
            "4913",
            "old.bak/a.yaml",
            "vocabulary.yaml",
            "theme/a.yaml",
        ];
        let files: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, &b"x"[..])).collect();
        let dir = folder(&files);
        fs::create_dir(dir.path().join("mosn")).unwrap();
        fs::write(dir.path().join("mosn/vocabulary.yaml"), "").unwrap();
        let found = read_events(dir.path()).unwrap();
        assert_eq!(relatives(&found), ["mosn/vocabulary.yaml"]);
    }

    #[test]
    fn a_missing_events_folder_is_a_fault_with_a_way_out() {
        let dir = folder(&[("file", b"")]);
        let error = read_events(&dir.path().join("events")).unwrap_err();
        assert!(error.to_string().contains("/events`: "), "{error}");
        assert!(error.hint().unwrap().contains("--events DIR"));
        let error = read_events(&dir.path().join("file")).unwrap_err();
        assert!(
            error.to_string().ends_with("/file`: not a directory"),
            "{error}"
        );
    }

    #[test]
    fn a_file_of_1_mib_is_read_and_a_larger_one_is_not() {
        let full = vec![b'#'; LIMIT as usize];
        let dir = folder(&[("a.yaml", &full)]);
        assert_eq!(
            read_events(dir.path()).unwrap().events[0].text.len(),
            full.len()
        );
        let larger = [&full[..], b"#"].concat();
        let dir = folder(&[("a.yaml", &larger), ("calendar.yaml", &larger)]);
        let codes: Vec<Code> = complaints(dir.path())
            .into_iter()
            .map(|told| told.0)
            .collect();
        assert_eq!(codes, [Code::FileTooLarge; 2]);
    }

    #[cfg(unix)]
    mod links {
        use super::{Code, complaints, folder, fs, read_events, read_feeds, relatives};
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        use std::os::unix::fs::symlink;

        #[test]
        fn a_link_inside_is_followed() {
            let dir = folder(&[("mosn/a.yaml", b"a"), ("mosn/deep/b.yaml", b"b")]);
            symlink("a.yaml", dir.path().join("mosn/link.yaml")).unwrap();
            symlink(dir.path().join("mosn/deep"), dir.path().join("koupleless")).unwrap();
            let found = read_events(dir.path()).unwrap();
            let expected = [
                "koupleless/b.yaml",
                "mosn/a.yaml",
                "mosn/deep/b.yaml",
                "mosn/link.yaml",
            ];
            assert_eq!(relatives(&found), expected);
            assert!(found.diagnostics.is_empty());
        }

        #[test]
        fn a_config_map_shows_each_file_once() {
            let dir = folder(&[("..2026_1/a.yaml", b"a"), ("..2026_1/calendar.yaml", b"c")]);
            symlink("..2026_1", dir.path().join("..data")).unwrap();
            for name in ["a.yaml", "calendar.yaml"] {
                symlink(format!("..data/{name}"), dir.path().join(name)).unwrap();
            }
            let found = read_events(dir.path()).unwrap();
            assert_eq!(relatives(&found), ["a.yaml"]);
            assert!(found.calendar.is_some() && found.diagnostics.is_empty());
        }

        #[test]
        fn a_link_that_leads_out_is_a_diagnostic_and_is_not_read() {
            let outside = folder(&[("x.yaml", b"secret"), ("notes.md", b"")]);
            let dir = folder(&[]);
            symlink(outside.path().join("x.yaml"), dir.path().join("a.yaml")).unwrap();
            symlink(outside.path(), dir.path().join("folder")).unwrap();
            symlink(outside.path().join("notes.md"), dir.path().join("notes.md")).unwrap();
            let found = read_events(dir.path()).unwrap();
            let places: Vec<&str> = found.diagnostics.iter().map(|d| &*d.place.file).collect();
            let root = dir.path().display();
            assert_eq!(places, [format!("{root}/a.yaml"), format!("{root}/folder")]);
            for (code, text) in complaints(dir.path()) {
                assert_eq!(code, Code::OutsideEvents);
                assert!(text.starts_with(&format!("the symbolic link leads out of `{root}`; ")));
            }
        }

        #[test]
        fn links_to_nowhere_and_in_a_circle_are_told_but_those_of_an_editor_are_not() {
            let dir = folder(&[("mosn/a.yaml", b"")]);
            symlink("me@host.1234", dir.path().join("mosn/.#a.yaml")).unwrap();
            assert!(read_events(dir.path()).unwrap().diagnostics.is_empty());
            let link = dir.path().join("mosn/b.yaml");
            for (target, told) in [
                ("nothing", "the symbolic link leads nowhere"),
                ("..", "the symbolic link leads back to a folder above it"),
                ("b.yaml", "the symbolic link leads nowhere"),
            ] {
                symlink(target, &link).unwrap();
                let read = read_events(dir.path()).unwrap();
                assert_eq!(relatives(&read), ["mosn/a.yaml"]);
                assert_eq!(read.diagnostics.len(), 1);
                assert_eq!(read.diagnostics[0].complaint.message, told);
                fs::remove_file(&link).unwrap();
            }
        }

        #[test]
        fn a_socket_is_a_fault_and_never_waited_for() {
            let dir = folder(&[]);
            let _socket =
                std::os::unix::net::UnixListener::bind(dir.path().join("a.yaml")).unwrap();
            let error = read_events(dir.path()).unwrap_err().to_string();
            assert!(error.ends_with("a.yaml`: it is no regular file"), "{error}");
        }

        #[test]
        fn a_name_that_is_no_unicode_is_shown_as_well_as_it_goes() {
            let dir = folder(&[]);
            fs::write(dir.path().join(OsStr::from_bytes(b"\xbb\xe1.yaml")), "").unwrap();
            assert_eq!(
                relatives(&read_events(dir.path()).unwrap()),
                ["\u{fffd}\u{fffd}.yaml"]
            );
        }

        #[test]
        fn feeds_are_files_or_lead_to_files() {
            let dir = folder(&[
                ("all.ics", b"a"),
                ("target", b"t"),
                ("folder.ics/x", b""),
                ("CNAME", b""),
            ]);
            symlink("target", dir.path().join("link.ics")).unwrap();
            symlink("nowhere", dir.path().join("lost.ics")).unwrap();
            let published = read_feeds(dir.path()).unwrap();
            assert!(published.ledger.is_none());
            let text = |slug: &String| (slug.clone(), published.text(slug).unwrap());
            let feeds: Vec<(String, String)> = published.feeds.keys().map(text).collect();
            let expected = [("all", "a"), ("link", "t")]
                .map(|(slug, text)| (slug.to_owned(), text.to_owned()));
            assert_eq!(feeds, expected);
        }
    }

    #[test]
    fn an_output_folder_that_is_not_there_is_empty() {
        let dir = folder(&[("output/ledger.json", b"{}")]);
        let none = read_feeds(&dir.path().join("nothing")).unwrap();
        assert!(none.ledger.is_none() && none.feeds.is_empty());
        let some = read_feeds(&dir.path().join("output")).unwrap();
        assert_eq!(some.ledger.as_deref(), Some(&b"{}"[..]));
    }
}
