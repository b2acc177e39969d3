//! The command line: one thin file a command.
//!
//! Flows in: arguments. Flows out: an exit code: 0 fine, 1 the event files have errors, 2 the job
//! could not be done. Deliberately absent: anything that a command does not say in one screen.

mod args;
mod check;
mod completions;
mod diff;
mod export;
mod fmt;
mod import;
mod init;
mod ledger;
mod list;
mod man;
mod new;
mod prune;
mod publishing;
mod schema;
mod settling;
mod telling;
mod watch;

use crate::cli::args::{Arguments, Command};
use crate::io::read::Events;
use crate::io::{IoError, report, shown};
use crate::pipeline::{AskedFault, Sources};
use std::io::ErrorKind;
use std::path::Path;
use std::process::ExitCode;

/// Runs the command that the arguments name.
pub fn run() -> ExitCode {
    let outcome = match Arguments::read().command {
        Command::Init(arguments) => init::run(&arguments),
        Command::New(arguments) => new::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::List(arguments) => list::run(&arguments),
        Command::Export(arguments) => export::run(&arguments),
        Command::Watch(arguments) => watch::run(&arguments),
        Command::Fmt(arguments) => fmt::run(&arguments),
        Command::Import(arguments) => import::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
    };
    match outcome {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Mistakes) => ExitCode::from(1),
        Err(fault) => {
            report::fault(&fault.to_string(), fault.hint());
            ExitCode::from(2)
        }
    }
}

/// Takes what was read of the events folder into the pipeline.
fn sources_of(folder: &Path, read: Events) -> Sources {
    Sources {
        root: shown(folder),
        calendar: read.calendar,
        events: read.events,
        diagnostics: read.diagnostics,
    }
}

/// How a command ended when the machine did its part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Fine,
    Mistakes,
}

/// Why a command could not do its job.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error(transparent)]
    Io(#[from] IoError),
    #[error(transparent)]
    Asked(#[from] AskedFault),
    #[error("`{path}` cannot be read: {reason}")]
    BrokenLedger { path: String, reason: String },
    #[error("`{path}` has version {version}, which this sofacal does not know")]
    OtherLedger { path: String, version: u32 },
    #[error("`{path}` is missing beside feeds that were published")]
    LostLedger { path: String },
    #[error("`{path}` is missing, and `--require-ledger` was given")]
    NoLedger { path: String },
    #[error("`{path}` is well, and `--new-ledger` would forget what only it knows")]
    GoodLedger { path: String },
    #[error("no event can be read from the feeds, so there is nothing to make a ledger of")]
    UnreadableFeeds,
    #[error("{message}")]
    Wish {
        message: String,
        hint: Option<String>,
    },
    #[error("`{path}` is there, and sofacal did not write it")]
    ForeignFeed { path: String },
}

impl Fault {
    /// Tells whether a file was there when the folder was looked through, and gone when it was to be read.
    fn is_of_a_file_that_vanished(&self) -> bool {
        matches!(self, Fault::Io(IoError::Read { source, .. }) if source.kind() == ErrorKind::NotFound)
    }

    fn hint(&self) -> Option<&str> {
        match self {
            Fault::Io(error) => error.hint(),
            Fault::Asked(_) => None,
            Fault::BrokenLedger { .. } | Fault::LostLedger { .. } | Fault::UnreadableFeeds => Some(
                "bring it back from version control; if it is lost, `sofacal export --new-ledger` recovers UIDs, SEQUENCE and CREATED from the feeds",
            ),
            Fault::Wish { hint, .. } => hint.as_deref(),
            Fault::OtherLedger { .. } => Some("update sofacal: a newer one wrote this ledger"),
            Fault::NoLedger { .. } => Some(
                "publish with the output folder of the last run; for the very first run leave the option out",
            ),
            Fault::GoodLedger { .. } => Some("leave the option out"),
            Fault::ForeignFeed { .. } => {
                Some("move it away, or give the project or feed another slug")
            }
        }
    }
}
