//! The benchmark: `export` as a whole process, beside a floor that only reads and writes.
//!
//! ```text
//! cargo bench --bench scale -- [--watch [--idle SECONDS]] [--rounds N] [--folder DIR] [FILES ...]
//! ```
//!
//! For each number of files (1,000, 10,000 and 100,000 if none is given) it makes a calendar in a new
//! folder below DIR (the system's folder for temporary files if not given: name one on a disk or in
//! memory, as you wish), and runs four programs in turn, round after round: the export into an empty
//! output, the floor of that (the same reading and writing, nothing between), the export when nothing
//! changed, and the floor of that (reading alone). With `--watch` it changes one file after the other
//! under a watcher instead, and lets it do nothing for SECONDS (none if not given). Deliberately
//! absent: a verdict. It prints what it measured; machines differ.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark is a program that touches the disk, the clock and the terminal"
)]

mod calendar;
mod floor;
mod measure;
mod table;
mod watch;

use calendar::write_calendar;
use measure::{Cost, measure};
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;
use table::{Runs, print_growth, print_size};
use watch::{measure_watch, print_batches};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        // The roles in which it starts itself.
        ["measure", program, ..] => print(measure(program, &arguments[2..])),
        ["floor", events, published, output] => {
            let [events, published, output] = [events, published, output].map(Path::new);
            print(floor::read_and_write(events, published, output))
        }
        ["floor", events, published] => {
            print(floor::read_only(Path::new(events), Path::new(published)))
        }
        words => Plan::read(words).and_then(|plan| plan.run()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            println!("{fault}");
            ExitCode::FAILURE
        }
    }
}

fn print(cost: io::Result<Cost>) -> io::Result<()> {
    println!("{}", cost?);
    Ok(())
}

/// What to measure, and where.
struct Plan {
    watches: bool,
    idle: Duration,
    sizes: Vec<usize>,
    rounds: usize,
    folder: PathBuf,
}

impl Plan {
    fn read(words: &[&str]) -> io::Result<Self> {
        let mut plan = Plan {
            watches: false,
            idle: Duration::ZERO,
            sizes: Vec::new(),
            rounds: 5,
            folder: env::temp_dir(),
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let wrong = || io::Error::other(format!("`{word}` is not understood"));
            match *word {
                // What `cargo bench` says to every benchmark.
                "--bench" => {}
                "--watch" => plan.watches = true,
                "--idle" => {
                    let seconds = words.next().and_then(|word| word.parse().ok());
                    plan.idle = Duration::from_secs(seconds.ok_or_else(wrong)?);
                }
                "--folder" => plan.folder = words.next().ok_or_else(wrong)?.into(),
                "--rounds" => {
                    let rounds = words.next().and_then(|word| word.parse().ok());
                    plan.rounds = rounds.filter(|rounds| *rounds > 0).ok_or_else(wrong)?;
                }
                size => plan.sizes.push(size.parse().map_err(|_| wrong())?),
            }
        }
        if plan.sizes.is_empty() {
            plan.sizes = vec![1_000, 10_000, 100_000];
        }
        Ok(plan)
    }

    fn run(&self) -> io::Result<()> {
        let mut results = Vec::new();
        for files in &self.sizes {
            let folder = tempfile::Builder::new()
                .prefix("sofacal-scale-")
                .tempdir_in(&self.folder)?;
            let place = Place {
                events: folder.path().join("events"),
                output: folder.path().join("output"),
                written: folder.path().join("floor"),
            };
            if self.watches {
                write_calendar(&place.events, *files)?;
                let measured =
                    measure_watch(*files, self.rounds, self.idle, &place.events, &place.output)?;
                print_batches(&measured);
                continue;
            }
            let runs = place.runs(*files, self.rounds)?;
            print_size(&runs);
            results.push(runs);
        }
        print_growth(&results);
        Ok(())
    }
}

/// The folders of one calendar.
struct Place {
    events: PathBuf,
    output: PathBuf,
    /// Where the floor writes.
    written: PathBuf,
}

impl Place {
    fn runs(&self, files: usize, rounds: usize) -> io::Result<Runs> {
        let mut runs = Runs {
            files,
            bytes_read: write_calendar(&self.events, files)?,
            ..Runs::default()
        };
        // Once for nothing: the disk's cache is warm for all of them afterwards.
        self.export()?;
        for _ in 0..rounds {
            remove(&self.output)?;
            runs.fresh.push(self.export()?);
            remove(&self.written)?;
            runs.fresh_floor
                .push(self.floor(&[&self.output, &self.written])?);
            let before = stamps(&self.output)?;
            runs.unchanged.push(self.export()?);
            if stamps(&self.output)? != before {
                return Err(io::Error::other(
                    "an export that changes nothing wrote something",
                ));
            }
            runs.unchanged_floor.push(self.floor(&[&self.output])?);
        }
        runs.bytes_written = stamps(&self.output)?
            .iter()
            .map(|(_, bytes, _)| bytes)
            .sum();
        runs.feeds = stamps(&self.output)?.len() - 1;
        Ok(runs)
    }

    fn export(&self) -> io::Result<Cost> {
        let own = env::current_exe()?;
        let mut command = Command::new(own);
        command.args([
            "measure",
            env!("CARGO_BIN_EXE_sofacal"),
            "export",
            "--events",
        ]);
        command.arg(&self.events).arg("--output").arg(&self.output);
        told(command)
    }

    fn floor(&self, folders: &[&PathBuf]) -> io::Result<Cost> {
        let mut command = Command::new(env::current_exe()?);
        command.arg("floor").arg(&self.events).args(folders);
        told(command)
    }
}

/// Asks a process of this same program for the cost that it measured.
fn told(mut command: Command) -> io::Result<Cost> {
    let output = command.output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    match output.status.success() {
        true => text.parse(),
        false => Err(io::Error::other(text.into_owned())),
    }
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// Lists what was published: names, sizes, and when each file was written.
fn stamps(output: &Path) -> io::Result<Vec<(PathBuf, u64, std::time::SystemTime)>> {
    let mut stamps = Vec::new();
    for entry in fs::read_dir(output)? {
        let path = entry?.path();
        if path.extension().is_some() {
            let there = fs::metadata(&path)?;
            stamps.push((path, there.len(), there.modified()?));
        }
    }
    stamps.sort();
    Ok(stamps)
}
