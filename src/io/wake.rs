//! Waking: tells a watcher when to look at the events folder again, or to stop.
//!
//! Flows in: a folder, and what the system says of it and to this process. Flows out: wake-ups. The only
//! file that knows notify and signals. Deliberately absent: what happened. The system tells of half
//! of it, twice or never, so whoever is woken looks at everything.

use super::IoError;
use notify::{Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::fs;
use std::path::{self, Path, PathBuf};
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

/// Waits for changes below a folder.
#[derive(Debug)]
pub struct Waker {
    root: PathBuf,
    /// The output folder, whose changes are our own.
    output: Option<PathBuf>,
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
    },
    /// It does not: only time wakes.
    Polling,
}

/// What makes a folder the same one, though it may be removed and made again under its name: its number, which the
/// next folder may get, and its time of birth, which not every system knows.
type FolderId = (u64, Option<SystemTime>);

impl Waker {
    /// Begins to watch a folder, natively unless `polls`; asks to be told of SIGINT and SIGTERM.
    ///
    /// # Errors
    /// The signals cannot be had. A folder that cannot be watched is polled.
    pub fn new(root: &Path, output: &Path, polls: bool) -> Result<Self, IoError> {
        let (sender, receiver) = channel();
        listen_to_signals(sender.clone()).map_err(|source| IoError::Signals { source })?;
        let mut waker = Waker {
            root: root.to_owned(),
            output: fs::canonicalize(output).ok(),
            only_polls: polls,
            sender,
            receiver,
            watching: Watching::Polling,
            has_stopped: false,
        };
        waker.watch_again();
        Ok(waker)
    }

    /// Tells whether changes are noticed by looking now and then only.
    pub fn polls(&self) -> bool {
        matches!(self.watching, Watching::Polling)
    }

    /// Watches the folder as it is now, with all that is in it; polls where that cannot be.
    pub fn watch_again(&mut self) {
        // What the system gave before counts against what it gives at most.
        self.watching = Watching::Polling;
        if !self.only_polls
            && let Ok(watching) = self.native()
        {
            self.watching = watching;
        }
    }

    /// Watches again if the folder is another one than the one that is watched.
    pub fn follow_root(&mut self) {
        if let Watching::Native { folder, .. } = &self.watching
            && *folder != folder_id(&self.root)
        {
            self.watch_again();
        }
    }

    fn native(&self) -> notify::Result<Watching> {
        let (sender, output) = (self.sender.clone(), self.output.clone());
        let told = move |event: notify::Result<Event>| {
            if event.is_ok_and(|event| !matters(&event, output.as_deref())) {
                return;
            }
            // Nobody waits any more when the process ends.
            let _ = sender.send(Wake::Changed);
        };
        let mut watcher = RecommendedWatcher::new(told, Config::default())?;
        // The folder above tells when the folder itself goes and comes back; a link and what it leads to have two.
        let (named, real) = (path::absolute(&self.root), fs::canonicalize(&self.root));
        for folder in named.iter().chain(&real) {
            if let Some(above) = folder.parent() {
                let _ = watcher.watch(above, RecursiveMode::NonRecursive);
            }
        }
        if let Ok(real) = &real {
            watcher.watch(real, RecursiveMode::Recursive)?;
        }
        Ok(Watching::Native {
            _watcher: watcher,
            folder: folder_id(&self.root),
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

    /// Waits until nothing has changed for a while, or for the longest time that is worth it.
    pub fn wait_for_quiet(&mut self, quiet: Duration, longest: Duration) -> Wake {
        let end = Instant::now() + longest;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.wait(quiet.min(left)) {
                Wake::Changed if left > Duration::ZERO => {}
                Wake::Stop => return Wake::Stop,
                Wake::Changed | Wake::Timeout => return Wake::Timeout,
            }
        }
    }
}

/// Tells whether an event may mean a change: to be read is none, and what we write is our own.
fn matters(event: &Event, output: Option<&Path>) -> bool {
    let is_own = |path: &PathBuf| output.is_some_and(|output| path.starts_with(output));
    let is_about_us = !event.paths.is_empty() && event.paths.iter().all(is_own);
    event.need_rescan() || !(matches!(event.kind, EventKind::Access(_)) || is_about_us)
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
