//! `sofacal fmt`: event files in canonical form, with every comment where it belongs.

use crate::cli::args::FmtArguments;
use crate::cli::{Fault, Outcome, sources_of};
use crate::io::files::{TextFile, is_link, replace};
use crate::io::read::read_events;
use crate::io::report::{Color, Format, data, report, say};
use crate::io::steps::Steps;
use crate::io::{clock, shown};
use crate::pipeline::{Source, Sources, Tidying, tidying};
use std::path::{Path, PathBuf};

pub(crate) fn run(arguments: &FmtArguments) -> Result<Outcome, Fault> {
    let now = clock::now()?;
    let sources = sources_of(&arguments.events, read_events(&arguments.events)?);
    let chosen = chosen(arguments, &sources)?;
    let is_chosen = |path: &str| chosen.is_empty() || chosen.iter().any(|chosen| *chosen == path);
    let mut tidying = Steps::new(arguments.verbose)
        .during("comparing the files with their form", || {
            tidying(&sources, |source| is_chosen(&source.path), now)
        });
    let unread = sources
        .diagnostics
        .iter()
        .filter(|found| is_chosen(&found.place.file));
    tidying.diagnostics.splice(0..0, unread.cloned());
    let text_of = |path: &str| sources.text_of(path);
    report(
        &tidying.diagnostics,
        &text_of,
        Format::Human,
        Color::of_stderr(),
    )?;
    // A link is what it leads to, which has a name of its own.
    tidying
        .changed
        .retain(|source| !is_link(&arguments.events, &source.relative));
    for source in &tidying.doubtful {
        say(&format!(
            "`{}` stays as it is: its comments or its meaning might not survive",
            source.path
        ));
    }
    let paths: String = tidying
        .changed
        .iter()
        .map(|source| format!("{}\n", source.path))
        .collect();
    data(&paths)?;
    let is_fine = match arguments.check {
        true => tidying.changed.is_empty(),
        false => {
            write(&arguments.events, &tidying)?;
            true
        }
    };
    say(&summary(&tidying, arguments.check));
    Ok(match is_fine && tidying.diagnostics.is_empty() {
        true => Outcome::Fine,
        false => Outcome::Mistakes,
    })
}

/// Gives the paths of the files that people name, as sources have them.
fn chosen(arguments: &FmtArguments, sources: &Sources) -> Result<Vec<String>, Fault> {
    let path = |file: &PathBuf| {
        let path = shown(file);
        let path = path.trim_start_matches("./").to_owned();
        let is_unread = sources
            .diagnostics
            .iter()
            .any(|found| *found.place.file == *path);
        match sources.text_of(&path).is_some() || is_unread {
            true => Ok(path),
            false => Err(Fault::Wish {
                message: format!("`{path}` is no event file below `{}`", sources.root),
                hint: Some(
                    "name files as they are reached from here; without names all are taken"
                        .to_owned(),
                ),
            }),
        }
    };
    arguments.files.iter().map(path).collect()
}

fn write(events: &Path, tidying: &Tidying) -> Result<(), Fault> {
    let file = |source: &Source| TextFile {
        name: source.relative.to_string(),
        text: source.text.to_string(),
    };
    let files: Vec<TextFile> = tidying.changed.iter().map(file).collect();
    Ok(replace(events, &files)?)
}

fn summary(tidying: &Tidying, is_check: bool) -> String {
    let files = match tidying.changed.len() {
        1 => "1 file".to_owned(),
        count => format!("{count} files"),
    };
    match (tidying.changed.is_empty(), is_check) {
        (true, _) if tidying.diagnostics.is_empty() => "every file is in canonical form".to_owned(),
        (true, _) => "every other file is in canonical form".to_owned(),
        (false, true) => format!("{files} would change; `sofacal fmt` writes them"),
        (false, false) => format!("{files} written"),
    }
}
