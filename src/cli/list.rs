//! `sofacal list`: when events take place, for people and for programs.

use crate::cli::args::{ListArguments, ListFormatArgument};
use crate::cli::{Fault, Outcome, sources_of};
use crate::io::clock;
use crate::io::read::read_events as read_folder;
use crate::io::report::{Color, Format, data, report, say, summary};
use crate::io::steps::Steps;
use crate::io::terminal::{columns, shows_all_colors, wants_colored_data};
use crate::pipeline::{Asked, Colors, Diagnostic, Listing, Look, Severity, read_events};

pub(crate) fn run(arguments: &ListArguments) -> Result<Outcome, Fault> {
    let now = clock::now()?;
    let steps = Steps::new(arguments.verbose);
    let sources = steps.during("reading the event files", || read_folder(&arguments.events))?;
    let sources = sources_of(&arguments.events, sources);
    let contents = steps.during("understanding them", || read_events(&sources, now));
    let is_error = |found: &&Diagnostic| found.severity() == Severity::Error;
    let errors: Vec<Diagnostic> = contents
        .diagnostics
        .iter()
        .filter(is_error)
        .cloned()
        .collect();
    let Some(calendar) = &contents.calendar else {
        let text_of = |path: &str| sources.text_of(path);
        report(&errors, &text_of, Format::Human, Color::of_stderr())?;
        return Ok(Outcome::Mistakes);
    };
    let listing = Listing::of(calendar, &contents.events, &Asked::from(arguments), now)?;
    data(&match arguments.format {
        ListFormatArgument::Human => listing.human(look()),
        ListFormatArgument::Json => listing.json(),
        ListFormatArgument::Csv => listing.csv(),
        ListFormatArgument::Markdown => listing.markdown(),
    })?;
    if listing.is_empty() {
        let (first, last) = (listing.days.start(), listing.days.end());
        say(&format!(
            "nothing from {first} to {last}; `--all` lists every day"
        ));
    }
    if errors.is_empty() {
        return Ok(Outcome::Fine);
    }
    let found = summary(&errors);
    say(&format!(
        "{found}: what they hold is not listed, and `sofacal check` says why"
    ));
    Ok(Outcome::Mistakes)
}

/// Looks at the terminal.
pub(super) fn look() -> Look {
    let colors = match (wants_colored_data(), shows_all_colors()) {
        (false, _) => Colors::None,
        (true, false) => Colors::Few,
        (true, true) => Colors::All,
    };
    Look {
        width: columns(),
        colors,
    }
}
