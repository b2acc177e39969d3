//! `sofacal diff`: what subscribers will notice; nothing is locked, nothing is written.

use crate::cli::args::{DiffArguments, DiffFormatArgument};
use crate::cli::ledger::{choose_ledger, our_feeds};
use crate::cli::list::look;
use crate::cli::publishing::refuse_foreign_feeds;
use crate::cli::{Fault, Outcome, sources_of};
use crate::io::clock;
use crate::io::feeds::read_feeds;
use crate::io::read::{check_folders, read_events};
use crate::io::report::{Color, Format, data, report, say, summary};
use crate::io::steps::Steps;
use crate::pipeline::{Diagnostic, Ledger, Settings, Severity, compare};
use std::collections::BTreeMap;

pub(crate) fn run(arguments: &DiffArguments) -> Result<Outcome, Fault> {
    let now = clock::now()?;
    let steps = Steps::new(arguments.verbose);
    check_folders(&arguments.events, &arguments.against)?;
    let mut published = read_feeds(&arguments.against)?;
    let known = published.ledger.take().map(|json| Ledger::from_json(&json));
    let sources = steps.during("reading the event files", || read_events(&arguments.events))?;
    let sources = sources_of(&arguments.events, sources);
    let ledger = choose_ledger(&arguments.against, false, known, &published)?;
    let feeds: BTreeMap<String, String> = our_feeds(&published)?.collect();
    let (build, difference) = steps.during("comparing them with the feeds", || {
        compare(&sources, &ledger, &feeds, Settings::default(), now)
    });
    let Some(difference) = difference else {
        let is_error = |found: &&Diagnostic| found.severity() == Severity::Error;
        let errors: Vec<Diagnostic> = build.diagnostics.iter().filter(is_error).cloned().collect();
        let text_of = |path: &str| sources.text_of(path);
        report(&errors, &text_of, Format::Human, Color::of_stderr())?;
        return Ok(Outcome::Mistakes);
    };
    refuse_foreign_feeds(&build, &ledger, &published, &arguments.against)?;
    data(&match arguments.format {
        DiffFormatArgument::Human => difference.human(look()),
        DiffFormatArgument::Markdown => difference.markdown(),
        DiffFormatArgument::Json => difference.json(),
    })?;
    if ledger.records.is_empty() && ledger.feeds.is_empty() {
        say("nothing was published yet");
    }
    if !build.diagnostics.is_empty() {
        let found = summary(&build.diagnostics);
        say(&format!("{found}: `sofacal check` says more"));
    }
    Ok(Outcome::Fine)
}
