//! Steps: what a command is doing, for those who wait at a terminal and those who ask with `--verbose`.
//!
//! Flows in: a piece of work and a name for it. Flows out: its result; a line that comes and goes on a terminal when
//! the work takes over a second, and one that stays when people asked. Deliberately absent: anything on stdout.

use super::clock;
use super::report::{say, show};
use std::env;
use std::io::{self, IsTerminal};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// How long people wait before they wonder.
const PATIENCE: Duration = Duration::from_secs(1);

/// Clears the line that the cursor is in.
const CLEAR: &str = "\r\u{1b}[K";

/// Tells of the steps of a command.
#[derive(Debug, Clone, Copy)]
pub struct Steps {
    is_verbose: bool,
    is_watched: bool,
}

impl Steps {
    /// Looks whether someone watches; `--verbose` asks for every step.
    pub fn new(is_verbose: bool) -> Self {
        let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        Steps {
            is_verbose,
            is_watched: io::stderr().is_terminal() && !is_dumb,
        }
    }

    /// Does a piece of work, called such as `reading the event files`.
    pub fn during<T>(self, doing: &str, work: impl FnOnce() -> T) -> T {
        let began = clock::tick();
        let done = match self.is_watched {
            true => thread::scope(|scope| {
                let (working, end) = mpsc::channel();
                scope.spawn(move || show_while(&mut show, doing, &end, PATIENCE));
                let done = work();
                drop(working);
                done
            }),
            false => work(),
        };
        let took = began.elapsed().as_millis();
        self.detail(|| format!("{doing}: {took} ms"));
        done
    }

    /// Says what only those want to know who asked.
    pub fn detail(self, line: impl FnOnce() -> String) {
        if self.is_verbose {
            say(&line());
        }
    }
}

/// Shows what is being done, once people wonder and until it ends.
fn show_while(show: &mut dyn FnMut(&str), doing: &str, end: &Receiver<()>, patience: Duration) {
    let mut waited = Duration::ZERO;
    while end.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
        waited += patience;
        show(&format!("{CLEAR}{doing}: {} s", waited.as_secs()));
    }
    if !waited.is_zero() {
        show(CLEAR);
    }
}

#[cfg(test)]
mod tests {
    use super::{CLEAR, Duration, show_while};
    use std::sync::mpsc;

    fn shown(is_done: bool) -> Vec<String> {
        let (working, end) = mpsc::channel();
        let mut working = Some(working).filter(|_| !is_done);
        let mut shown = Vec::new();
        let mut show = |text: &str| {
            shown.push(text.to_owned());
            // The work ends as soon as something was shown.
            working.take();
        };
        show_while(&mut show, "reading", &end, Duration::from_nanos(1));
        shown
    }

    #[test]
    fn what_takes_long_is_shown_and_wiped_away() {
        assert_eq!(
            shown(false),
            [format!("{CLEAR}reading: 0 s"), CLEAR.to_owned()]
        );
        assert_eq!(shown(true), [""; 0]);
    }
}
