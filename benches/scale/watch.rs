//! The benchmark of the watcher: one changed file in a calendar of any size, beside a floor that only writes, syncs and
//! renames the same bytes; and what it takes when nothing changes.

use serde_json::Value;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What was measured with one number of files, a number for each round.
pub struct Batches {
    pub files: usize,
    /// In milliseconds, as the watcher tells them.
    batches: Vec<u64>,
    floors: Vec<Duration>,
    idle: Option<Idle>,
}

/// What the watcher took of a processor while nothing changed.
struct Idle {
    taken: Duration,
    of: Duration,
}

/// Changes one file after the other under a watcher.
pub fn measure_watch(
    files: usize,
    rounds: usize,
    idle: Duration,
    events: &Path,
    output: &Path,
) -> io::Result<Batches> {
    // What was written just now is read again each time, since it may change and look the same.
    thread::sleep(Duration::from_secs(3));
    let mut watcher = Watcher::start(events, output)?;
    watcher.batch()?;
    let mut measured = Batches {
        files,
        batches: Vec::new(),
        floors: Vec::new(),
        idle: None,
    };
    for round in 0..rounds {
        // Each a different file, none of them new.
        let number = (round * 7919) % files;
        let path = events.join(format!("project-{}/{number:06}.yaml", number % 10));
        let text = fs::read_to_string(&path)?;
        fs::write(
            &path,
            text.replacen("title: ", &format!("title: {round} "), 1),
        )?;
        let batch = watcher.batch()?;
        let wrong = || io::Error::other(format!("not what one change gives: {batch}"));
        let names = batch["written"].as_array().ok_or_else(wrong)?;
        if names.len() != 3 {
            return Err(wrong());
        }
        measured
            .batches
            .push(batch["milliseconds"].as_u64().ok_or_else(wrong)?);
        let names = names.iter().filter_map(Value::as_str);
        let paths: Vec<PathBuf> = names.map(|name| output.join(name)).collect();
        measured
            .floors
            .push(floor(&paths, &output.with_extension("floor"))?);
    }
    if !idle.is_zero() {
        measured.idle = Some(watcher.idle(idle)?);
    }
    Ok(measured)
}

/// Prints the medians.
pub fn print_batches(measured: &Batches) {
    let mut batches = measured.batches.clone();
    let mut floors = measured.floors.clone();
    batches.sort_unstable();
    floors.sort_unstable();
    let (batch, floor) = (batches[batches.len() / 2], floors[floors.len() / 2]);
    let floor = floor.as_secs_f64() * 1000.0;
    println!(
        "one of {} files changed: {batch} ms at the median, {} to {}; floor: write, sync, rename {floor:.1} ms; {:.1}x",
        measured.files,
        batches[0],
        batches[batches.len() - 1],
        batch as f64 / floor,
    );
    if let Some(Idle { taken, of }) = &measured.idle {
        println!(
            "idle over {} files: {} ms of a processor in {} s, {:.3} % of a core",
            measured.files,
            taken.as_millis(),
            of.as_secs(),
            taken.as_secs_f64() / of.as_secs_f64() * 100.0,
        );
    }
}

/// Writes, syncs and renames the bytes of these files.
fn floor(paths: &[PathBuf], folder: &Path) -> io::Result<Duration> {
    fs::create_dir_all(folder)?;
    let texts: Vec<Vec<u8>> = paths.iter().map(fs::read).collect::<io::Result<_>>()?;
    let start = Instant::now();
    for (number, text) in texts.iter().enumerate() {
        let mut file = File::create(folder.join(format!("{number}.tmp")))?;
        file.write_all(text)?;
        file.sync_all()?;
    }
    for number in 0..texts.len() {
        let temporary = folder.join(format!("{number}.tmp"));
        fs::rename(temporary, folder.join(number.to_string()))?;
    }
    File::open(folder)?.sync_all()?;
    Ok(start.elapsed())
}

struct Watcher {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Watcher {
    fn start(events: &Path, output: &Path) -> io::Result<Self> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sofacal"));
        command.args([
            "watch",
            "--format",
            "json",
            "--quiet-period",
            "20",
            "--events",
        ]);
        command.arg(events).arg("--output").arg(output);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let stdout = child.stdout.take();
        let stdout = stdout.ok_or_else(|| io::Error::other("it has no stdout"))?;
        Ok(Watcher {
            child,
            lines: BufReader::new(stdout),
        })
    }

    /// Lets it do nothing for a while, and tells what that took.
    fn idle(&self, time: Duration) -> io::Result<Idle> {
        let before = processor_time(self.child.id())?;
        thread::sleep(time);
        let after = processor_time(self.child.id())?;
        Ok(Idle {
            taken: after.saturating_sub(before),
            of: time,
        })
    }

    fn batch(&mut self) -> io::Result<Value> {
        let mut line = String::new();
        self.lines.read_line(&mut line)?;
        serde_json::from_str(&line).map_err(io::Error::other)
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Tells how long a process was on a processor so far; Linux tells it to a hundredth of a second.
fn processor_time(id: u32) -> io::Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat"))?;
    let unknown = || io::Error::other("the system does not tell how long a process ran");
    // The name in brackets may hold anything.
    let (_, behind_name) = stat.rsplit_once(") ").ok_or_else(unknown)?;
    let words: Vec<&str> = behind_name.split(' ').collect();
    let ticks = |index: usize| words.get(index)?.parse::<u64>().ok();
    let ticks = ticks(11).zip(ticks(12)).ok_or_else(unknown)?;
    Ok(Duration::from_millis((ticks.0 + ticks.1) * 10))
}
