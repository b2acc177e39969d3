//! Measuring: what a process costs, in time and in memory.
//!
//! Flows in: a program. Flows out: its cost. Each program gets a measuring process of its own, which
//! waits for it alone: the system knows only the largest memory of all children together. Where the
//! system is no Unix, processor time and memory are shown as 0.

use std::fmt;
use std::io;
use std::process::{Command, Stdio};
use std::str::FromStr;
use std::time::{Duration, Instant};

/// What a process took.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// From its start to its end.
    pub wall: Duration,
    /// The time of all processors, in the program and in the system.
    pub processor: Duration,
    /// The most memory that it held at once, in KiB.
    pub peak: u64,
}

/// One line of numbers, for the process that asked.
impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (wall, processor) = (self.wall.as_micros(), self.processor.as_micros());
        write!(f, "{wall} {processor} {}", self.peak)
    }
}

impl FromStr for Cost {
    type Err = io::Error;

    fn from_str(line: &str) -> io::Result<Self> {
        let wrong = || io::Error::other(format!("`{line}` is no cost"));
        let numbers: Option<Vec<u64>> = line.split_whitespace().map(|n| n.parse().ok()).collect();
        match numbers.as_deref() {
            Some([wall, processor, peak]) => Ok(Cost {
                wall: Duration::from_micros(*wall),
                processor: Duration::from_micros(*processor),
                peak: *peak,
            }),
            _ => Err(wrong()),
        }
    }
}

/// Runs a program to its end and tells what it took; this process must not have waited for another.
pub fn measure(program: &str, arguments: &[String]) -> io::Result<Cost> {
    let start = Instant::now();
    let mut command = Command::new(program);
    let quiet = command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    let status = quiet.stderr(Stdio::null()).status()?;
    let wall = start.elapsed();
    if !status.success() {
        return Err(io::Error::other(format!("`{program}` failed: {status}")));
    }
    let (processor, peak) = usage::of_children()?;
    Ok(Cost {
        wall,
        processor,
        peak,
    })
}

/// Measures this process itself from some point on.
pub struct Stopwatch {
    processor: Duration,
    start: Instant,
}

impl Stopwatch {
    /// Begins.
    pub fn start() -> io::Result<Self> {
        Ok(Stopwatch {
            processor: usage::of_this_process()?.0,
            start: Instant::now(),
        })
    }

    /// Tells what it took since then.
    pub fn stop(self) -> io::Result<Cost> {
        let wall = self.start.elapsed();
        let (processor, peak) = usage::of_this_process()?;
        Ok(Cost {
            wall,
            processor: processor.saturating_sub(self.processor),
            peak,
        })
    }
}

/// Processor time, and the largest memory in KiB.
#[cfg(unix)]
mod usage {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeVal;
    use std::io;
    use std::time::Duration;

    pub fn of_children() -> io::Result<(Duration, u64)> {
        of(UsageWho::RUSAGE_CHILDREN)
    }

    pub fn of_this_process() -> io::Result<(Duration, u64)> {
        of(UsageWho::RUSAGE_SELF)
    }

    fn of(who: UsageWho) -> io::Result<(Duration, u64)> {
        let usage = getrusage(who)?;
        // Linux counts in KiB, macOS in bytes.
        let unit = if cfg!(target_os = "macos") { 1024 } else { 1 };
        let peak = u64::try_from(usage.max_rss()).unwrap_or(0) / unit;
        let processor = duration(usage.user_time()) + duration(usage.system_time());
        Ok((processor, peak))
    }

    fn duration(time: TimeVal) -> Duration {
        let positive = |number: i64| u64::try_from(number).unwrap_or(0);
        Duration::from_secs(positive(time.tv_sec()))
            + Duration::from_micros(positive(time.tv_usec()))
    }
}

/// Nothing, where the system does not tell.
#[cfg(not(unix))]
mod usage {
    use std::io;
    use std::time::Duration;

    pub fn of_children() -> io::Result<(Duration, u64)> {
        Ok((Duration::ZERO, 0))
    }

    pub fn of_this_process() -> io::Result<(Duration, u64)> {
        Ok((Duration::ZERO, 0))
    }
}
