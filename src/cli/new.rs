//! `sofacal new`: the file of a project's next event, for its maintainer to go on with.

use crate::cli::args::NewArguments;
use crate::cli::{Fault, Outcome, sources_of};
use crate::io::files::{TextFile, create};
use crate::io::read::read_events;
use crate::io::report::{Color, Format, data, report, say};
use crate::io::{IoError, clock, shown};
use crate::pipeline::{Refusal, Wish, new_event};

pub(crate) fn run(arguments: &NewArguments) -> Result<Outcome, Fault> {
    let now = clock::now()?;
    let sources = sources_of(&arguments.events, read_events(&arguments.events)?);
    let new = match new_event(&sources, &wish(arguments), now) {
        Ok(new) => new,
        Err(Refusal::Calendar(found)) => {
            let text_of = |path: &str| sources.text_of(path);
            report(&found, &text_of, Format::Human, Color::of_stderr())?;
            say("nothing was written: an event needs a calendar that is well");
            return Ok(Outcome::Mistakes);
        }
        Err(Refusal::Wish(complaint)) => {
            return Err(Fault::Wish {
                message: complaint.message,
                hint: complaint.hint,
            });
        }
        Err(Refusal::Taken(path)) => return Err(IoError::Exists { path }.into()),
    };
    let text_of = |path: &str| (*new.source.path == *path).then_some(&*new.source.text);
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
    let path = &new.source.path;
    let reasons: Vec<String> = new
        .reasons
        .iter()
        .map(|reason| format!("\n  {reason}"))
        .collect();
    let reasons = reasons.concat();
    if arguments.dry_run {
        data(&new.source.text)?;
        say(&format!("would write `{path}`{reasons}"));
        return Ok(Outcome::Fine);
    }
    let file = TextFile {
        name: new.source.relative.to_string(),
        text: new.source.text.to_string(),
    };
    create(&arguments.events, &[file])?;
    say(&format!("wrote `{path}`{reasons}"));
    let events = match shown(&arguments.events) {
        usual if usual == "events" => String::new(),
        other => format!(" --events {other}"),
    };
    say(&format!(
        "next: open it and fill in what is missing; `sofacal check{events}` says whether it is well, \
         `sofacal diff{events}` what subscribers will notice, and `sofacal export{events}` publishes it"
    ));
    Ok(Outcome::Fine)
}

fn wish(arguments: &NewArguments) -> Wish {
    let NewArguments {
        project,
        title,
        start,
        end,
        duration,
        kind,
        episode,
        join,
        location,
        id,
        ..
    } = arguments.clone();
    Wish {
        project,
        title,
        start,
        end,
        duration,
        kind,
        episode,
        join,
        location,
        id,
    }
}
