//! Waking: tells a watcher when to look at the events folder again, or to stop.
//!
//! Flows in: a folder, and what the system says of it and to this process. Flows out: wake-ups. The only
//! file that knows notify and signals. Deliberately absent: what happened. The system tells of half
//! of it, twice or never, so whoever is woken looks at everything.

use super::{IoError, plain};
use notify::event::ModifyKind;
use notify::{Config, ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::fs;
use std::path::{self, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant, SystemTime};

/// Why a watcher is woken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// Something may have changed.
    Changed,
    /// The time to wait is over.
    Timeout,
    /// The process was asked to end.
    Stop,
}

/// How long a system that does not tell of changes is left alone before it is asked again.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits for changes below a folder.
#[derive(Debug)]
pub struct Waker {
    root: PathBuf,
    /// The output folder, where changes are our own.
    output: PathBuf,
    /// Whether the system shall not be asked at all.
    only_polls: bool,
    sender: Sender<Wake>,
    receiver: Receiver<Wake>,
    watching: Watching,
    has_stopped: bool,
}

/// How changes are noticed.
#[derive(Debug)]
enum Watching {
    /// The system tells; with the folder that it tells of.
    Native {
        _watcher: RecommendedWatcher,
        folder: Option<FolderId>,
        /// Whether the folder was taken away since, though it may be back: the system then tells no more.
        is_lost: Arc<AtomicBool>,
    },
    /// It does not: only time wakes; with what the system said when it was asked last, and when that was.
    Polling { why: String, asked: Option<Instant> },
}

impl Watching {
    /// Nobody was asked yet.
    const NOT_ASKED: Watching = Watching::Polling {
        why: String::new(),
        asked: None,
    };
}

/// What makes a folder the same one, though it may be removed and made again under its name: its number, which the
/// next folder may get, and its time of birth, which not every system knows.
type FolderId = (u64, Option<SystemTime>);

impl Waker {
    /// Gets ready to watch a folder, natively unless `polls`; asks to be told of SIGINT and SIGTERM.
    ///
    /// # Errors
    /// The signals cannot be had. A folder that cannot be watched is polled.
    pub fn new(root: &Path, output: &Path, polls: bool) -> Result<Self, IoError> {
        let (sender, receiver) = channel();
        listen_to_signals(sender.clone()).map_err(|source| IoError::Signals { source })?;
        Ok(Waker {
            root: root.to_owned(),
            output: output.to_owned(),
            only_polls: polls,
            sender,
            receiver,
            watching: Watching::NOT_ASKED,
            has_stopped: false,
        })
    }

    /// Tells whether changes are noticed by looking now and then only.
    pub fn polls(&self) -> bool {
        matches!(self.watching, Watching::Polling { .. })
    }

    /// Says why the system does not tell of changes, if it was asked to.
    pub fn why_not(&self) -> Option<&str> {
        match &self.watching {
            Watching::Polling { why, asked } => asked.map(|_| why.as_str()),
            Watching::Native { .. } => None,
        }
    }

    /// Watches the folder as it is now, with all that is in it; polls where that cannot be.
    pub fn watch_again(&mut self) {
        // What the system gave before counts against what it gives at most.
        self.watching = Watching::NOT_ASKED;
        if !self.only_polls {
            // A folder may vanish while it is about to be watched; a second try finds the rest.
            let native = self.native().or_else(|_| self.native());
            self.watching = native.unwrap_or_else(|error| Watching::Polling {
                why: told(&error),
                asked: Some(Instant::now()),
            });
        }
    }

    /// Watches again if the folder is another one than the one that is watched, or if it is long ago that the system
    /// would not tell.
    pub fn follow_root(&mut self) {
        let is_due = match &self.watching {
            Watching::Native {
                folder, is_lost, ..
            } => is_lost.load(Ordering::Relaxed) || *folder != folder_id(&self.root),
            Watching::Polling { asked, .. } => {
                asked.is_some_and(|asked| asked.elapsed() > PATIENCE)
            }
        };
        if is_due {
            self.watch_again();
        }
    }

    fn native(&self) -> notify::Result<Watching> {
        let sender = self.sender.clone();
        let places = Places::of(&self.root, &self.output);
        let roots = places.roots.clone();
        let is_lost = Arc::new(AtomicBool::new(false));
        let lost = Arc::clone(&is_lost);
        let told = move |event: notify::Result<Event>| {
            if let Ok(event) = &event {
                if !places.matters(event) {
                    return;
                }
                if places.is_taken_away(event) {
                    lost.store(true, Ordering::Relaxed);
                }
            }
            // Nobody waits any more when the process ends.
            let _ = sender.send(Wake::Changed);
        };
        let mut watcher = RecommendedWatcher::new(told, Config::default())?;
        // The folder above tells when the folder itself goes and comes back; a link and what it leads to have two.
        for above in roots.iter().filter_map(|root| root.parent()) {
            let _ = watcher.watch(above, RecursiveMode::NonRecursive);
        }
        if let Ok(real) = fs::canonicalize(&self.root) {
            watcher.watch(&real, RecursiveMode::Recursive)?;
        }
        Ok(Watching::Native {
            _watcher: watcher,
            folder: folder_id(&self.root),
            is_lost,
        })
    }

    /// Waits until something may have changed, the time is over, or the process shall end.
    pub fn wait(&mut self, limit: Duration) -> Wake {
        if self.has_stopped {
            return Wake::Stop;
        }
        let wake = match self.receiver.recv_timeout(limit) {
            Ok(wake) => wake,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Wake::Timeout,
        };
        self.has_stopped = wake == Wake::Stop;
        wake
    }

    /// Waits until nothing has changed for a while (a timeout), or for the longest time that is worth it though
    /// something still changes.
    pub fn wait_for_quiet(&mut self, quiet: Duration, longest: Duration) -> Wake {
        let end = Instant::now() + longest;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.wait(quiet.min(left)) {
                Wake::Changed if left > Duration::ZERO => {}
                Wake::Timeout if left < quiet => return Wake::Changed,
                wake => return wake,
            }
        }
    }
}

/// Where something happens that concerns us, as the system may name it: by the path that people gave, or the real one.
#[derive(Debug)]
struct Places {
    roots: Vec<PathBuf>,
    outputs: Vec<PathBuf>,
}

impl Places {
    fn of(root: &Path, output: &Path) -> Self {
        let names = |path: &Path| {
            let names = [path::absolute(path), fs::canonicalize(path)];
            names.into_iter().flatten().collect()
        };
        Places {
            roots: names(root),
            outputs: names(output),
        }
    }

    /// Tells whether an event may mean a change: to be read is none, and what we write is our own.
    fn matters(&self, event: &Event) -> bool {
        let is_read = matches!(event.kind, EventKind::Access(_));
        let concerns = event.paths.is_empty() || event.paths.iter().any(|path| self.concern(path));
        event.need_rescan() || (concerns && !is_read)
    }

    /// Tells whether an event may take away the root itself, or what leads to it.
    fn is_taken_away(&self, event: &Event) -> bool {
        let is_of_what_is_in_it = matches!(
            event.kind,
            EventKind::Modify(ModifyKind::Metadata(_) | ModifyKind::Data(_))
        );
        let leads_to = |path: &PathBuf| self.roots.iter().any(|root| root.starts_with(path));
        !is_of_what_is_in_it && event.paths.iter().any(leads_to)
    }

    /// Tells whether a path is below the root, or leads to it; or is the output folder itself, which only others
    /// take away. What lies beside the root is not ours.
    fn concern(&self, path: &Path) -> bool {
        if let Some(output) = self.outputs.iter().find(|output| path.starts_with(output)) {
            return path == output;
        }
        let is_ours = |root: &PathBuf| path.starts_with(root) || root.starts_with(path);
        self.roots.iter().any(is_ours)
    }
}

/// Puts what the system said into a few words.
fn told(error: &notify::Error) -> String {
    match &error.kind {
        ErrorKind::MaxFilesWatch => "its limit of watched folders is reached".to_owned(),
        ErrorKind::Io(error) => plain(error),
        _ => error.to_string(),
    }
}

fn folder_id(path: &Path) -> Option<FolderId> {
    let there = fs::metadata(path).ok()?;
    #[cfg(unix)]
    let number = std::os::unix::fs::MetadataExt::ino(&there);
    #[cfg(not(unix))]
    let number = 0;
    Some((number, there.created().ok()))
}

#[cfg(unix)]
fn listen_to_signals(sender: Sender<Wake>) -> std::io::Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM])?;
    std::thread::spawn(move || {
        for _ in signals.forever() {
            let _ = sender.send(Wake::Stop);
        }
    });
    Ok(())
}

#[cfg(not(unix))]
fn listen_to_signals(_: Sender<Wake>) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Places;
    use notify::event::{AccessKind, CreateKind, Flag, ModifyKind, RemoveKind, RenameMode};
    use notify::{Event, EventKind};
    use std::path::PathBuf;

    fn matters(kind: EventKind, paths: &[&str]) -> bool {
        let places = Places {
            roots: ["/srv/link/events", "/data/events"]
                .map(PathBuf::from)
                .into(),
            outputs: ["/srv/link/output", "/data/events/output"]
                .map(PathBuf::from)
                .into(),
        };
        let event = Event::new(kind);
        places.matters(
            &paths
                .iter()
                .fold(event, |event, path| event.add_path(path.into())),
        )
    }

    #[test]
    fn what_happens_below_the_root_wakes_and_to_read_it_does_not() {
        for kind in [
            EventKind::Create(CreateKind::Any),
            EventKind::Modify(ModifyKind::Any),
            EventKind::Remove(RemoveKind::Any),
            EventKind::Other,
        ] {
            assert!(matters(kind, &["/data/events/layotto/a.yaml"]));
            assert!(matters(kind, &["/data/events"]));
        }
        let read = EventKind::Access(AccessKind::Any);
        assert!(!matters(read, &["/data/events/layotto/a.yaml"]));
    }

    #[test]
    fn own_writes_wake_nobody_but_an_output_folder_that_is_taken_away_does() {
        let rename = EventKind::Modify(ModifyKind::Name(RenameMode::Both));
        let output = ["/data/events/output/.x.tmp", "/data/events/output/all.ics"];
        assert!(!matters(rename, &output));
        assert!(!matters(
            EventKind::Create(CreateKind::File),
            &["/srv/link/output/.lock"]
        ));
        let remove = EventKind::Remove(RemoveKind::Folder);
        assert!(matters(remove, &["/srv/link/output"]));
    }

    #[test]
    fn what_lies_beside_the_root_wakes_nobody_but_the_way_to_it_does() {
        let modify = EventKind::Modify(ModifyKind::Any);
        assert!(!matters(modify, &["/srv/link/log.txt"]));
        assert!(!matters(modify, &["/srv/link/events.bak"]));
        let moved = EventKind::Modify(ModifyKind::Name(RenameMode::From));
        assert!(matters(moved, &["/srv/link"]));
        assert!(matters(moved, &["/srv/link/log.txt", "/srv/link/events"]));
    }

    #[test]
    fn whatever_the_system_missed_wakes() {
        assert!(matters(EventKind::Any, &[]));
        let places = Places {
            roots: Vec::new(),
            outputs: Vec::new(),
        };
        assert!(places.matters(&Event::new(EventKind::Other).set_flag(Flag::Rescan)));
    }
}
