//! The desk: a folder with event files, and a watcher at work on it.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub(crate) const CALENDAR: &str = "name: 测试日历\ndomain: example.org\nprojects:\n  layotto: {name: Layotto}\n  mosn: {name: MOSN}\n";

/// How long a state may take to come: far more than it needs on a machine that is busy with other tests.
const DEADLINE: Duration = Duration::from_secs(90);

/// An event file; the title is what the tests look for in the feeds.
pub(crate) fn meeting(title: &str) -> String {
    format!("title: {title}\nstart: 2023-05-31 14:00\nend: \"15:00\"\n")
}

/// Waits until a state is observed.
pub(crate) fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + DEADLINE;
    while !is_so() {
        assert!(Instant::now() < end, "waited in vain until {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// A folder with event files and an output folder.
pub(crate) struct Desk {
    folder: TempDir,
}

impl Desk {
    /// Begins with a calendar and one event file in each project.
    pub(crate) fn new() -> Self {
        let desk = Desk {
            folder: TempDir::new().expect("a temporary folder"),
        };
        desk.write("events/calendar.yaml", CALENDAR);
        desk.write("events/layotto/a.yaml", &meeting("Layotto 例会"));
        desk.write("events/mosn/b.yaml", &meeting("MOSN 例会"));
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }

    pub(crate) fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).expect("it can be renamed");
    }

    pub(crate) fn delete(&self, name: &str) {
        let path = self.path(name);
        let deleted = match path.is_dir() && !path.is_symlink() {
            true => fs::remove_dir_all(&path),
            false => fs::remove_file(&path),
        };
        deleted.expect("it can be deleted");
    }

    /// Runs a program in the folder; it must succeed.
    pub(crate) fn run(&self, program: &str, arguments: &[&str]) {
        let mut command = Command::new(program);
        let output = command
            .args(arguments)
            .current_dir(self.folder.path())
            .output();
        let output = output.unwrap_or_else(|error| panic!("{program} is needed: {error}"));
        assert!(
            output.status.success(),
            "{program} {arguments:?}: {output:?}"
        );
    }

    pub(crate) fn export(&self) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sofacal"));
        let command = command.arg("export").current_dir(self.folder.path());
        command.output().expect("the program runs")
    }

    /// A feed's text as it is now; a feed that is not there has none.
    pub(crate) fn feed(&self, name: &str) -> String {
        fs::read_to_string(self.path("output").join(name)).unwrap_or_default()
    }

    /// Waits until a feed holds a text.
    pub(crate) fn wait_for(&self, name: &str, text: &str) {
        wait_until(&format!("{name} holds `{text}`"), || {
            self.feed(name).contains(text)
        });
    }

    /// Waits until a feed no longer holds a text.
    pub(crate) fn wait_without(&self, name: &str, text: &str) {
        wait_until(&format!("{name} is without `{text}`"), || {
            !self.feed(name).contains(text)
        });
    }

    /// Everything in the output folder, by name, but the lock.
    pub(crate) fn published(&self) -> BTreeMap<String, String> {
        let entries = fs::read_dir(self.path("output")).expect("there is an output folder");
        let paths = entries.map(|entry| entry.expect("it is readable").path());
        let files = paths.filter(|path| path.is_file());
        let named = files.map(|path| {
            let name = path.file_name().expect("it has a name").to_string_lossy();
            (
                name.into_owned(),
                fs::read_to_string(&path).expect("it is text"),
            )
        });
        named.filter(|(name, _)| name != ".lock").collect()
    }

    /// Checks that nothing but feeds and the ledger is there, and that a fresh export has nothing to write.
    pub(crate) fn check_as_exported(&self) {
        let before = self.published();
        let names: Vec<&String> = before.keys().collect();
        assert!(!names.iter().any(|name| name.starts_with('.')), "{names:?}");
        let output = self.export();
        assert!(output.status.success(), "{output:?}");
        let after = self.published();
        for (name, text) in &after {
            assert_eq!(before.get(name), Some(text), "{name} was not up to date");
        }
        assert_eq!(before.len(), after.len());
    }

    /// Starts a watcher with JSON batches and a short quiet period, and waits for its first batch.
    pub(crate) fn watch(&self) -> Watcher<'_> {
        let watcher = self.watch_with(&[]);
        watcher.batch("the first one", |_| true);
        watcher
    }

    /// Starts a watcher with further options, and waits for nothing.
    pub(crate) fn watch_with(&self, options: &[&str]) -> Watcher<'_> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sofacal"));
        command.args(["watch", "--format", "json", "--quiet-period", "5"]);
        self.start(command.args(options))
    }

    /// Starts a program in the folder as a watcher.
    pub(crate) fn start(&self, command: &mut Command) -> Watcher<'_> {
        let command = command.current_dir(self.folder.path());
        let pipes = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = pipes.spawn().expect("the program runs");
        let (sender, batches) = channel();
        let stdout = BufReader::new(child.stdout.take().expect("it is a pipe"));
        thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let words = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&words);
        let mut stderr = child.stderr.take().expect("it is a pipe");
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = stderr.read(&mut buffer) {
                let mut words = heard.lock().expect("nobody panics with it");
                words.extend_from_slice(&buffer[..length]);
            }
        });
        Watcher {
            desk: self,
            child,
            batches,
            words,
        }
    }
}

/// A watcher at work.
pub(crate) struct Watcher<'d> {
    desk: &'d Desk,
    child: Child,
    batches: Receiver<String>,
    words: Arc<Mutex<Vec<u8>>>,
}

impl Watcher<'_> {
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for a batch, passing over those before it.
    pub(crate) fn batch(&self, what: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        let end = Instant::now() + DEADLINE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let Ok(line) = self.batches.recv_timeout(left) else {
                panic!("no such batch: {what}; stderr: {}", self.words());
            };
            let batch = serde_json::from_str(&line);
            let batch = batch.unwrap_or_else(|error| panic!("{error} in {line}"));
            if is_it(&batch) {
                return batch;
            }
        }
    }

    /// The batches that nobody waited for yet.
    pub(crate) fn rest(&self) -> Vec<Value> {
        let lines = self.batches.try_iter();
        let read = |line: String| serde_json::from_str(&line).expect("each line is one object");
        lines.map(read).collect()
    }

    /// What it said on stderr so far.
    pub(crate) fn words(&self) -> String {
        let words = self.words.lock().expect("nobody panics with it");
        String::from_utf8_lossy(&words).into_owned()
    }

    pub(crate) fn wait_for_words(&self, words: &str) {
        wait_until(
            &format!("it says `{words}`; it said {}", self.words()),
            || self.words().contains(words),
        );
    }

    /// Sends SIGTERM.
    pub(crate) fn terminate(&mut self) {
        self.signal("TERM");
    }

    pub(crate) fn signal(&mut self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        let sent = Command::new("sh").args(["-c", &kill]).status();
        assert!(sent.expect("there is a shell").success());
    }

    /// Waits until it has ended.
    pub(crate) fn end(&mut self) -> ExitStatus {
        let mut status = None;
        wait_until("the watcher ends", || {
            status = self.child.try_wait().expect("it is our child");
            status.is_some()
        });
        status.expect("it has ended")
    }

    /// Kills it where it stands.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.end();
    }

    /// Stops it; it must end well.
    pub(crate) fn stop(mut self) -> String {
        self.terminate();
        let status = self.end();
        assert_eq!(status.code(), Some(0), "{status:?}: {}", self.words());
        self.words()
    }

    /// Stops it, and lets a fresh export look for something to write.
    pub(crate) fn finish(self) {
        let desk = self.desk;
        self.stop();
        desk.check_as_exported();
    }
}

impl Drop for Watcher<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Lists the strings of a member that is a list.
pub(crate) fn strings<'v>(batch: &'v Value, member: &str) -> Vec<&'v str> {
    let list = batch[member].as_array().expect("it is a list");
    list.iter().filter_map(Value::as_str).collect()
}

/// Lists the files that a batch holds.
pub(crate) fn held_files(batch: &Value) -> Vec<&str> {
    let held = batch["held"].as_array().expect("it is a list");
    held.iter()
        .filter_map(|held| held["file"].as_str())
        .collect()
}

/// Replaces a file by renaming another onto it.
pub(crate) fn replace(path: &Path, text: &str) {
    let beside = path.with_extension("new");
    fs::write(&beside, text).expect("it can be written");
    fs::rename(&beside, path).expect("it can be renamed");
}
