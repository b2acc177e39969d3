//! Arguments: the only file that knows clap.

use crate::io::report::Format;
use crate::pipeline::{Asked, Diagnostic, Severity, kind_words};
use chrono::{Datelike, NaiveDate};
use clap::builder::PossibleValuesParser;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Turns the event files of a community into calendar feeds.
#[derive(Debug, Parser)]
#[command(version, long_about = None, arg_required_else_help = true, max_term_width = 100)]
#[command(disable_help_subcommand = true)]
#[command(
    after_help = "Begin with `sofacal init my-calendar`; `sofacal COMMAND --help` has the options and an example."
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Arguments {
    /// Reads the arguments of this process; on a wrong one it says why and exits with 2.
    pub(crate) fn read() -> Self {
        Arguments::parse()
    }

    /// Gives all commands with their options, for completions and man pages.
    pub(crate) fn all() -> clap::Command {
        Arguments::command()
    }
}

/// The commands, in the order of a maintainer's day.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Begins a calendar: its registry, an example of an event, a README
    #[command(
        after_help = "Example: sofacal init my-calendar --name 'My calendar' --timezone Europe/Berlin"
    )]
    Init(InitArguments),
    /// Writes the file of a project's next event
    #[command(after_help = "Example: sofacal new layotto --start '2026-12-02 14:00' --end 15:00")]
    New(NewArguments),
    /// Says what is wrong with the event files, and what is worth a look
    #[command(after_help = "Example: sofacal check --deny warnings --format github")]
    Check(CheckArguments),
    /// Tells what subscribers will notice if this is published
    #[command(after_help = "Example: sofacal diff --format markdown")]
    Diff(DiffArguments),
    /// Lists the events of the next days, or of any others
    #[command(after_help = "Example: sofacal list --project layotto --to 2026-12-31")]
    List(ListArguments),
    /// Checks the event files and writes the feeds
    #[command(after_help = "Example: sofacal export --events events --output output")]
    Export(ExportArguments),
    /// Writes the feeds again whenever an event file changes
    #[command(after_help = "Example: sofacal watch --events events --output output")]
    Watch(WatchArguments),
    /// Writes event files in canonical form, comments kept
    #[command(after_help = "Example: sofacal fmt --check")]
    Fmt(FmtArguments),
    /// Reads posts of a newsletter and shows or writes their event files
    #[command(after_help = "Example: sofacal import posts/2023-05-26.md --write")]
    Import(ImportArguments),
    /// Prints the JSON Schema of event files, for editors
    #[command(after_help = "Example: sofacal schema event > docs/schema/event.json")]
    Schema(SchemaArguments),
    /// Prints a script that completes commands in a shell
    #[command(after_help = "Example: sofacal completions zsh > ~/.zfunc/_sofacal")]
    Completions(CompletionsArguments),
    /// Writes a man page for each command
    #[command(after_help = "Example: sofacal man ~/.local/share/man/man1")]
    Man(ManArguments),
}

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// The folder with calendar.yaml and the event files
    #[arg(long, value_name = "DIR", default_value = "events")]
    pub(crate) events: PathBuf,
    /// The folder that is published, which the event files are held against
    #[arg(long, value_name = "DIR", default_value = "output")]
    pub(crate) output: PathBuf,
    /// How mistakes are written: for people, or for machines on stdout
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = FormatArgument::Human)]
    pub(crate) format: FormatArgument,
    /// What fails the check besides errors; advice takes warnings along
    #[arg(long, value_name = "LEVEL", value_enum)]
    pub(crate) deny: Option<DenyArgument>,
    /// Take it as fine if there is no event file at all
    #[arg(long)]
    pub(crate) allow_empty: bool,
    /// Say each step, and how long it took
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

impl CheckArguments {
    /// Tells whether what was found fails the check, though it is no error.
    pub(crate) fn denies(&self, found: &Diagnostic) -> bool {
        match self.deny {
            None => false,
            Some(DenyArgument::Warnings) => found.severity() == Severity::Warning,
            Some(DenyArgument::Advice) => found.severity() != Severity::Error,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum DenyArgument {
    Warnings,
    Advice,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArguments {
    /// The folder with calendar.yaml and the event files
    #[arg(long, value_name = "DIR", default_value = "events")]
    pub(crate) events: PathBuf,
    /// The folder with what is published
    #[arg(
        long,
        visible_alias = "output",
        value_name = "DIR",
        default_value = "output"
    )]
    pub(crate) against: PathBuf,
    /// How it is written: for people, for a pull request, or for programs
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = DiffFormatArgument::Human)]
    pub(crate) format: DiffFormatArgument,
    /// Say each step, and how long it took
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum DiffFormatArgument {
    Human,
    Markdown,
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// The folder with calendar.yaml and the event files
    #[arg(long, value_name = "DIR", default_value = "events")]
    pub(crate) events: PathBuf,
    /// The first day [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) from: Option<NaiveDate>,
    /// The last day [default: 30 days after the first]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) to: Option<NaiveDate>,
    /// Only events of these projects
    #[arg(long, value_name = "SLUG", value_delimiter = ',')]
    pub(crate) project: Vec<String>,
    /// Only events of these kinds
    #[arg(long, value_parser = kinds(), value_delimiter = ',')]
    pub(crate) kind: Vec<String>,
    /// What is over, of the last 30 days if no others are named
    #[arg(long)]
    pub(crate) past: bool,
    /// Every day there is; series without an end for a year
    #[arg(long, conflicts_with_all = ["from", "to"])]
    pub(crate) all: bool,
    /// How it is written
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = ListFormatArgument::Human)]
    pub(crate) format: ListFormatArgument,
    /// Say each step, and how long it took
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

impl From<&ListArguments> for Asked {
    fn from(arguments: &ListArguments) -> Self {
        Asked {
            first: arguments.from,
            last: arguments.to,
            is_past: arguments.past,
            is_all: arguments.all,
            projects: arguments.project.clone(),
            kinds: arguments.kind.clone(),
        }
    }
}

/// Reads a day.
fn day(text: &str) -> Result<NaiveDate, String> {
    let wrong = || "write a day like 2026-01-31, from 1970 to 2199".to_owned();
    let day: NaiveDate = text.trim().parse().map_err(|_| wrong())?;
    (1970..=2199)
        .contains(&day.year())
        .then_some(day)
        .ok_or_else(wrong)
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ListFormatArgument {
    Human,
    Json,
    Csv,
    Markdown,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArguments {
    /// The folder with calendar.yaml and the event files
    #[arg(long, value_name = "DIR", default_value = "events")]
    pub(crate) events: PathBuf,
    /// The folder that is published
    #[arg(long, value_name = "DIR", default_value = "output")]
    pub(crate) output: PathBuf,
    /// How mistakes are written: for people, or for machines on stdout
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = FormatArgument::Human)]
    pub(crate) format: FormatArgument,
    /// Make a new ledger of the published feeds, when the old one is lost
    #[arg(long)]
    pub(crate) new_ledger: bool,
    /// Stop if there is no ledger, so that CI never publishes as if for the first time
    #[arg(long, conflicts_with = "new_ledger")]
    pub(crate) require_ledger: bool,
    /// Publish even if there is no event file at all
    #[arg(long)]
    pub(crate) allow_empty: bool,
    /// Remove the feeds that were published and are no longer planned
    #[arg(long, conflicts_with = "new_ledger")]
    pub(crate) prune: bool,
    /// Say each step, and how long it took
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Args)]
pub(crate) struct WatchArguments {
    /// The folder with calendar.yaml and the event files
    #[arg(long, value_name = "DIR", default_value = "events")]
    pub(crate) events: PathBuf,
    /// The folder that is published
    #[arg(long, value_name = "DIR", default_value = "output")]
    pub(crate) output: PathBuf,
    /// How each batch is told: a line for people on stderr, or a JSON object on stdout
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = WatchFormatArgument::Human)]
    pub(crate) format: WatchFormatArgument,
    /// Look every so many seconds instead of being told by the system, for network drives
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) poll: Option<u64>,
    /// How many milliseconds nothing must change before a batch begins
    #[arg(long, value_name = "MS", default_value_t = 150, value_parser = clap::value_parser!(u64).range(1..=60_000))]
    pub(crate) quiet_period: u64,
    /// Say only what is wrong
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// Stop if there is no ledger, so that nothing is published as if for the first time
    #[arg(long)]
    pub(crate) require_ledger: bool,
    /// Publish even if there is no event file at all
    #[arg(long)]
    pub(crate) allow_empty: bool,
}

#[derive(Debug, Args)]
pub(crate) struct InitArguments {
    /// The folder to begin in; it is made if need be
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) folder: PathBuf,
    /// What subscribers see as the calendar's name
    #[arg(long, default_value = "Community calendar")]
    pub(crate) name: String,
    /// A domain that is yours and stays: it ends the UID of every event
    #[arg(long, default_value = "example.org")]
    pub(crate) domain: String,
    /// The first project's slug, which names its folder and its feed
    #[arg(long, value_name = "SLUG", default_value = "community")]
    pub(crate) project: String,
    /// The IANA zone of every time
    #[arg(long, value_name = "ZONE", default_value = "Asia/Shanghai")]
    pub(crate) timezone: String,
    /// The language of the labels: en or zh
    #[arg(long, value_name = "LANG", default_value = "en")]
    pub(crate) language: String,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct NewArguments {
    /// The project's slug in calendar.yaml
    #[arg(value_name = "PROJECT")]
    pub(crate) project: String,
    /// What subscribers see first, unless as before
    #[arg(long)]
    pub(crate) title: Option<String>,
    /// When it starts, unless as the last ones did
    #[arg(long, value_name = "TIME")]
    pub(crate) start: Option<String>,
    /// When it ends; a clock such as 15:00 will do
    #[arg(long, value_name = "TIME")]
    pub(crate) end: Option<String>,
    /// How long it lasts, such as 1h30m, instead of --end
    #[arg(long, value_name = "LENGTH", conflicts_with = "end")]
    pub(crate) duration: Option<String>,
    /// The sort of event
    #[arg(long, value_parser = kinds())]
    pub(crate) kind: Option<String>,
    /// The number of the episode, unless the next one
    #[arg(long, value_name = "NUMBER")]
    pub(crate) episode: Option<String>,
    /// The link to the meeting
    #[arg(long, value_name = "LINK")]
    pub(crate) join: Option<String>,
    /// Where it takes place
    #[arg(long, value_name = "PLACE")]
    pub(crate) location: Option<String>,
    /// The file's name, for ever, unless its day or episode
    #[arg(long)]
    pub(crate) id: Option<String>,
    /// Print the file on stdout, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// The folder with calendar.yaml and the event files
    #[arg(long, value_name = "DIR", default_value = "events")]
    pub(crate) events: PathBuf,
}

/// The words for sorts of events.
fn kinds() -> PossibleValuesParser {
    PossibleValuesParser::new(kind_words())
}

#[derive(Debug, Args)]
pub(crate) struct FmtArguments {
    /// The files; all below the events folder if none is named
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// List the files that would change, and write nothing
    #[arg(long)]
    pub(crate) check: bool,
    /// The folder with calendar.yaml and the event files
    #[arg(long, value_name = "DIR", default_value = "events")]
    pub(crate) events: PathBuf,
    /// Say each step, and how long it took
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArguments {
    /// The schema of event files, or that of calendar.yaml
    #[arg(value_name = "FILE", value_enum)]
    pub(crate) of: SchemaArgument,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum SchemaArgument {
    Event,
    Calendar,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArguments {
    /// The folder for the pages; it is made if need be, and pages of the same names are replaced
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}

// The values have no help of their own: with it, `--help` of a command would not fit a screen.
#[derive(Debug, Args)]
pub(crate) struct ImportArguments {
    /// Markdown files, or folders of them; `-` is standard input
    #[arg(required = true, value_name = "POST")]
    pub(crate) posts: Vec<PathBuf>,
    /// The folder with calendar.yaml and the event files
    #[arg(long, value_name = "DIR", default_value = "events")]
    pub(crate) events: PathBuf,
    /// Write the event files instead of showing what would change
    #[arg(long, conflicts_with = "json")]
    pub(crate) write: bool,
    /// Print one JSON object for each announcement, and write nothing
    #[arg(long)]
    pub(crate) json: bool,
    /// Print one JSON object for each event, with all posts about it
    #[arg(long, requires = "json")]
    pub(crate) merged: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WatchFormatArgument {
    Human,
    Json,
}

impl From<WatchFormatArgument> for Format {
    fn from(argument: WatchFormatArgument) -> Self {
        match argument {
            WatchFormatArgument::Human => Format::Human,
            WatchFormatArgument::Json => Format::Json,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum FormatArgument {
    Human,
    Json,
    Github,
}

impl From<FormatArgument> for Format {
    fn from(argument: FormatArgument) -> Self {
        match argument {
            FormatArgument::Human => Format::Human,
            FormatArgument::Json => Format::Json,
            FormatArgument::Github => Format::Github,
        }
    }
}
