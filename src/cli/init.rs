//! `sofacal init`: the files of a new calendar, so that `export` works at once.

use crate::cli::args::InitArguments;
use crate::cli::{Fault, Outcome};
use crate::io::files::{TextFile, create, is_there};
use crate::io::report::{Color, Format, report, say};
use crate::io::{IoError, clock, shown};
use crate::pipeline::{CalendarWish, calendar_schema, event_schema, new_calendar};
use std::path::{Path, PathBuf};

const ATTRIBUTES: &str = "*.ics -text -whitespace";
const IGNORED: &str = "output/.lock";

pub(crate) fn run(arguments: &InitArguments) -> Result<Outcome, Fault> {
    let now = clock::now()?;
    let folder = &arguments.folder;
    let events = below(folder, "events");
    let wish = CalendarWish {
        name: arguments.name.clone(),
        domain: arguments.domain.clone(),
        project: arguments.project.clone(),
        timezone: arguments.timezone.clone(),
        language: arguments.language.clone(),
    };
    let new = new_calendar(&shown(&events), &wish, now);
    let text_of = |path: &str| {
        let source = new.sources.iter().find(|source| *source.path == *path);
        source.map(|source| &*source.text)
    };
    report(
        &new.diagnostics,
        &text_of,
        Format::Human,
        Color::of_stderr(),
    )?;
    if new.has_errors() {
        say("nothing was written");
        return Ok(Outcome::Mistakes);
    }
    if is_there(&events, "calendar.yaml") {
        let path = shown(&events.join("calendar.yaml"));
        return Err(IoError::Exists { path }.into());
    }
    let sources = new.sources.iter().map(|source| {
        let (name, text) = (
            format!("events/{}", source.relative),
            source.text.to_string(),
        );
        TextFile { name, text }
    });
    let (kept, files): (Vec<Beside>, Vec<Beside>) = beside(arguments)
        .into_iter()
        .partition(|beside| is_there(folder, beside.name));
    let files = files.into_iter().map(|beside| TextFile {
        name: beside.name.to_owned(),
        text: beside.text,
    });
    let files: Vec<TextFile> = sources.chain(files).collect();
    create(folder, &files)?;
    tell(arguments, &files, &kept);
    Ok(Outcome::Fine)
}

/// Joins a folder and a name as people write it: `./a` is `a`.
fn below(folder: &Path, name: &str) -> PathBuf {
    match folder == Path::new(".") {
        true => PathBuf::from(name),
        false => folder.join(name),
    }
}

/// A file beside the events, which may be there already.
struct Beside {
    name: &'static str,
    text: String,
    /// What it must say if it is there.
    needs: Option<&'static str>,
}

fn beside(arguments: &InitArguments) -> [Beside; 5] {
    [
        Beside {
            name: ".gitattributes",
            text: format!(
                "# Feeds have CRLF line ends (RFC 5545), which git must not touch.\n{ATTRIBUTES}\n"
            ),
            needs: Some(ATTRIBUTES),
        },
        Beside {
            name: ".gitignore",
            text: format!("{IGNORED}\n"),
            needs: Some(IGNORED),
        },
        Beside {
            name: "README.md",
            text: readme(&arguments.name, &arguments.project),
            needs: None,
        },
        Beside {
            name: "docs/schema/calendar.json",
            text: calendar_schema(),
            needs: None,
        },
        Beside {
            name: "docs/schema/event.json",
            text: event_schema(),
            needs: None,
        },
    ]
}

fn readme(name: &str, project: &str) -> String {
    format!(
        "# {name}

The events of this calendar are the files in `events/`; sofacal turns them into the feeds in `output/`, which people
subscribe to.

| command | what it does |
|---|---|
| `sofacal new {project}` | begins the file of the next event |
| `sofacal check` | says what is wrong with the files, or worth a look |
| `sofacal diff` | tells what subscribers will notice |
| `sofacal export` | writes the feeds |

Commit `output/` with its `ledger.json`, which knows what subscribers have, and publish the folder as static files. Share
the https address of `all.ics`, and tell people to subscribe to it, not to import it: an import never changes again.

`docs/schema/` is for editors; after an update of sofacal write it again with `sofacal schema event` and
`sofacal schema calendar`.
"
    )
}

fn tell(arguments: &InitArguments, files: &[TextFile], kept: &[Beside]) {
    let folder = &arguments.folder;
    let names: Vec<String> = files
        .iter()
        .map(|file| format!("\n  {}", shown(&below(folder, &file.name))))
        .collect();
    say(&format!("wrote{}", names.concat()));
    for Beside { name, needs, .. } in kept {
        let path = shown(&below(folder, name));
        let line = needs.map_or(String::new(), |line| {
            format!("; add the line `{line}` to it")
        });
        say(&format!(
            "`{path}` is there already and stays as it is{line}"
        ));
    }
    let step = match shown(folder) {
        here if here == "." => String::new(),
        folder => format!("`cd {folder}`, then "),
    };
    let (zone, project) = (&arguments.timezone, &arguments.project);
    say(&format!(
        "next: {step}`sofacal export` publishes the example; `sofacal new {project}` begins an event\n\
         all times are those of {zone}, as `timezone:` in events/calendar.yaml says"
    ));
}
