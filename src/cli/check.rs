//! `sofacal check`: everything that is wrong or worth a look; nothing is locked, nothing is written.

use crate::cli::args::CheckArguments;
use crate::cli::ledger::choose_ledger;
use crate::cli::publishing::{refuse_foreign_feeds, totals};
use crate::cli::{Fault, Outcome, sources_of};
use crate::io::clock;
use crate::io::feeds::read_feeds;
use crate::io::read::{check_folders, read_events};
use crate::io::report::{Color, Format, report, say, summary};
use crate::io::steps::Steps;
use crate::pipeline::{Ledger, Settings, check};

pub(crate) fn run(arguments: &CheckArguments) -> Result<Outcome, Fault> {
    let now = clock::now()?;
    let steps = Steps::new(arguments.verbose);
    check_folders(&arguments.events, &arguments.output)?;
    let mut feeds = read_feeds(&arguments.output)?;
    let known = feeds.ledger.take().map(|json| Ledger::from_json(&json));
    let sources = steps.during("reading the event files", || read_events(&arguments.events))?;
    let sources = sources_of(&arguments.events, sources);
    let ledger = choose_ledger(&arguments.output, false, known, &feeds)?;
    let settings = Settings {
        allow_empty: arguments.allow_empty,
        ..Settings::default()
    };
    let build = steps.during("checking them", || check(&sources, &ledger, settings, now));
    let found = &build.diagnostics;
    let format = arguments.format.into();
    report(
        found,
        &|path| sources.text_of(path),
        format,
        Color::of_stderr(),
    )?;
    refuse_foreign_feeds(&build, &ledger, &feeds, &arguments.output)?;
    if found.is_empty() {
        say(&format!("all is well: {}", totals(&build)));
    } else if format != Format::Human {
        say(&summary(found));
    }
    let denied = found.iter().filter(|found| arguments.denies(found)).count();
    if denied > 0 && !build.has_errors() {
        say(&format!(
            "the check fails: `--deny` refuses {denied} of these"
        ));
    }
    Ok(match build.has_errors() || denied > 0 {
        true => Outcome::Mistakes,
        false => Outcome::Fine,
    })
}
