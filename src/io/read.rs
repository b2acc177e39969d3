//! Reading: the events folder as sources.
//!
//! Flows in: a folder. Flows out: texts, and diagnostics for files that are no readable text. `walk` finds
//! the files. Deliberately absent: YAML, and any opinion about what a file says.

use super::stamp::Stamp;
use super::text::{LIMIT, text};
use super::walk::{WalkedFile, place, real_folder, walk};
use super::{IoError, shown};
use crate::diagnostic::Diagnostic;
use crate::parallel::fold_shares;
use crate::source::Source;
use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

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
    let walked = walk(root)?;
    let shown_root = shown(root);
    let read = |file: &WalkedFile, buffer: &mut Vec<u8>| read_source(&shown_root, file, buffer);
    let found = Events {
        events: Vec::with_capacity(walked.files.len()),
        diagnostics: walked.diagnostics,
        ..Events::default()
    };
    let found = read_all(&walked.files, read, found, Events::add)?;
    // Paths of thousands of files need room that others can use.
    drop(walked.files);
    Ok(found.in_order())
}

impl Events {
    fn add(&mut self, read: Result<Source, Diagnostic>) {
        match read {
            Ok(source) if &*source.relative == "calendar.yaml" => self.calendar = Some(source),
            Ok(source) => self.events.push(source),
            Err(diagnostic) => self.diagnostics.push(diagnostic),
        }
    }

    fn in_order(mut self) -> Self {
        self.events.sort_by(|a, b| a.relative.cmp(&b.relative));
        self.diagnostics.sort_by(Diagnostic::reading_order);
        self
    }
}

/// Reads an events folder again and again; a file that did not change is not opened again.
#[derive(Debug)]
pub struct EventReader {
    root: PathBuf,
    known: HashMap<String, Known>,
    folders: BTreeSet<PathBuf>,
}

/// A file as it was read.
#[derive(Debug, Clone)]
struct Known {
    /// How it looked then; `None` if it may change without looking different.
    stamp: Option<Stamp>,
    read: Result<Source, Diagnostic>,
}

impl EventReader {
    /// Begins with nothing read.
    pub fn new(root: &Path) -> Self {
        EventReader {
            root: root.to_owned(),
            known: HashMap::new(),
            folders: BTreeSet::new(),
        }
    }

    /// Reads the calendar and all event files below the folder as they are now. If there are other folders than the
    /// last time, the caller is told before a file is read, and may begin to watch them: nothing slips between.
    pub fn read(&mut self, other_folders: impl FnOnce()) -> Result<Events, IoError> {
        let mut walked = walk(&self.root)?;
        if walked.folders != self.folders {
            other_folders();
            walked = walk(&self.root)?;
            self.folders.clone_from(&walked.folders);
        }
        let shown_root = shown(&self.root);
        let read =
            |file: &WalkedFile, buffer: &mut Vec<u8>| self.read_again(&shown_root, file, buffer);
        let room = Vec::with_capacity(walked.files.len());
        let read = read_all(&walked.files, read, room, Vec::push)?;
        let mut found = Events {
            diagnostics: walked.diagnostics,
            ..Events::default()
        };
        for known in &read {
            found.add(known.read.clone());
        }
        let names = walked.files.into_iter().map(|file| file.relative);
        self.known = names.zip(read).collect();
        Ok(found.in_order())
    }

    fn read_again(
        &self,
        root: &str,
        file: &WalkedFile,
        buffer: &mut Vec<u8>,
    ) -> Result<Known, IoError> {
        let path = file.entry.path();
        let stamp = Stamp::of(path).map_err(|error| IoError::read(path, error))?;
        let known = self.known.get(&file.relative);
        if let Some(known) = known.filter(|known| known.stamp == Some(stamp)) {
            return Ok(known.clone());
        }
        let read = read_source(root, file, buffer)?;
        // The same words in the same place are the same source, which others recognise by its text.
        let same = known.filter(|known| known.read == read);
        Ok(Known {
            read: match same {
                Some(known) => known.read.clone(),
                None => read,
            },
            stamp: stamp.settled(),
        })
    }
}

/// Reads files on all processors, each with a buffer that others used before, and adds them to the whole.
fn read_all<T: Send, W: Send>(
    files: &[WalkedFile],
    read: impl Fn(&WalkedFile, &mut Vec<u8>) -> Result<T, IoError> + Sync,
    whole: W,
    add: impl Fn(&mut W, T) + Sync,
) -> Result<W, IoError> {
    let read_share = |share: &[WalkedFile]| {
        let mut buffer = Vec::with_capacity(1 << 16);
        let read = share.iter().map(|file| read(file, &mut buffer));
        read.collect::<Result<Vec<T>, IoError>>()
    };
    fold_shares(files, read_share, Ok(whole), |whole, share| {
        match (whole.as_mut(), share) {
            (Ok(whole), Ok(share)) => share.into_iter().for_each(|read| add(whole, read)),
            (Ok(_), Err(error)) => *whole = Err(error),
            (Err(_), _) => {}
        }
    })
}

/// Reads what there is, but no more than a byte beyond what is taken.
pub(super) fn read_whole(from: impl Read, buffer: &mut Vec<u8>) -> io::Result<()> {
    buffer.clear();
    from.take(LIMIT + 1).read_to_end(buffer).map(drop)
}

/// Reads a file as a source, or says why its bytes are no text.
fn read_source(
    root: &str,
    WalkedFile { relative, entry }: &WalkedFile,
    buffer: &mut Vec<u8>,
) -> Result<Result<Source, Diagnostic>, IoError> {
    let fault = |error| IoError::read(entry.path(), error);
    // To open a pipe is to wait for whoever writes it.
    if !entry.file_type().is_file() {
        return Err(fault(io::Error::other("it is no regular file")));
    }
    let file = File::open(entry.path()).map_err(fault)?;
    read_whole(file, buffer).map_err(fault)?;
    Ok(match text(buffer) {
        Ok(text) => Ok(Source::new(root, relative, text)),
        Err(complaint) => Err(complaint.at(place(root, relative))),
    })
}

#[cfg(test)]
mod tests {
    use super::{EventReader, Events, LIMIT, read_events};
    use crate::diagnostic::Code;
    use crate::io::feeds::read_feeds;
    use std::fs;
    use std::path::Path;
    use std::sync::Arc;
    use std::time::{Duration, SystemTime};
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
        assert_eq!(&*calendar.text, "name: x");
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
        assert_eq!(&*found.events[3].text, "title: x");
    }

    #[test]
    fn a_second_reading_sees_every_change_and_keeps_the_rest() {
        let dir = folder(&[("a.yaml", b"a"), ("b.yaml", b"b"), ("c/d.yaml", b"d")]);
        let long_ago = SystemTime::now() - Duration::from_secs(60);
        for name in ["a.yaml", "b.yaml", "c/d.yaml"] {
            let file = fs::File::options().write(true).open(dir.path().join(name));
            file.unwrap().set_modified(long_ago).unwrap();
        }
        let mut reader = EventReader::new(dir.path());
        let first = reader.read(|| ()).unwrap().events;
        // Another text of the same size, a moment later; a new file in a new folder; a file that is gone.
        fs::write(dir.path().join("a.yaml"), "A").unwrap();
        fs::create_dir(dir.path().join("e")).unwrap();
        fs::write(dir.path().join("e/f.yaml"), "f").unwrap();
        fs::remove_file(dir.path().join("c/d.yaml")).unwrap();
        let mut has_new_folders = false;
        let second = reader.read(|| has_new_folders = true);
        let second = second.unwrap().events;
        let texts: Vec<&str> = second.iter().map(|source| &*source.text).collect();
        assert_eq!(texts, ["A", "b", "f"]);
        assert!(
            Arc::ptr_eq(&first[1].text, &second[1].text),
            "it was read again"
        );
        assert!(has_new_folders);
        // What changed just now may change again within a tick of the clock.
        fs::write(dir.path().join("a.yaml"), "B").unwrap();
        let third = reader.read(|| panic!("there is no new folder"));
        assert_eq!(&*third.unwrap().events[0].text, "B");
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
