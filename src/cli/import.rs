//! `sofacal import`: what posts announce, as event files or as JSON.

use crate::cli::args::ImportArguments;
use crate::cli::{Fault, Outcome, sources_of};
use crate::io::clock;
use crate::io::files::{TextFile, amend, create};
use crate::io::posts::{Posts, read_posts, read_vocabulary};
use crate::io::read::read_events;
use crate::io::report::{Color, Format, data, report, say};
use crate::newsletter::Newsletters;
use crate::newsletter::announcement::Announcement;
use crate::newsletter::filing::{Plan, Shelf, file};
use crate::newsletter::gathering::gather;
use crate::newsletter::json::{TextOf, announcement_json, gathered_json};
use crate::newsletter::patch::patch;
use crate::newsletter::vocabulary::Vocabulary;
use crate::parallel::in_shares;
use crate::pipeline;
use crate::pipeline::{Contents, Diagnostic, Severity, Sources};
use std::collections::HashMap;

pub(crate) fn run(arguments: &ImportArguments) -> Result<Outcome, Fault> {
    let now = clock::now()?;
    let posts = read_posts(&arguments.posts)?;
    let sources = sources_of(&arguments.events, read_events(&arguments.events)?);
    let contents = pipeline::read_events(&sources, now);
    let mut found = posts.diagnostics.clone();
    let own = read_vocabulary(&arguments.events)?;
    let vocabulary = Vocabulary::read(own.as_ref(), &mut found);
    let newsletters = Newsletters::new(contents.calendar.as_ref(), vocabulary);
    let announced = announced(&newsletters, &posts);
    let texts: HashMap<&str, &str> = posts
        .sources
        .iter()
        .chain(&own)
        .map(|post| (&*post.path, &*post.text))
        .collect();
    let text_of = |path: &str| texts.get(path).copied().or_else(|| sources.text_of(path));
    let told = |found: &[Diagnostic]| report(found, &text_of, Format::Human, Color::of_stderr());
    if arguments.json {
        told(&found)?;
        data(&json(arguments, announced, &text_of))?;
        return Ok(Outcome::Fine);
    }
    found.extend(
        contents
            .diagnostics
            .iter()
            .filter(|found| is_error(found))
            .cloned(),
    );
    let (Some(calendar), Some(registry), false) = (
        &contents.calendar,
        &sources.calendar,
        found.iter().any(is_error),
    ) else {
        told(&found)?;
        say("nothing was imported: first mend what is wrong");
        return Ok(Outcome::Mistakes);
    };
    let shelf = Shelf {
        root: &sources.root,
        registry,
        calendar,
        sources: &sources.events,
        events: &contents.events,
    };
    let plan = file(&gather(announced), &shelf, newsletters.vocabulary());
    found.extend(plan.diagnostics.clone());
    told(&found)?;
    let after = after(&plan, &sources);
    let checked = pipeline::read_events(&after, now);
    let wrong = new_errors(checked, &contents);
    if !wrong.is_empty() {
        report(
            &wrong,
            &|path| after.text_of(path),
            Format::Human,
            Color::of_stderr(),
        )?;
        say("nothing was written: the post says what cannot stand in an event file");
        return Ok(Outcome::Mistakes);
    }
    match arguments.write {
        true => write(arguments, &plan)?,
        false => data(&plan.files.iter().map(patch).collect::<String>())?,
    }
    say(&summary(&plan, arguments.write));
    Ok(Outcome::Fine)
}

/// Reads all posts, on all processors.
fn announced(newsletters: &Newsletters, posts: &Posts) -> Vec<Announcement> {
    let read = in_shares(&posts.sources, |share| {
        let announced = share.iter().flat_map(|post| newsletters.read(post));
        announced.collect::<Vec<_>>()
    });
    read.into_iter().flatten().collect()
}

fn json<'t>(
    arguments: &ImportArguments,
    announced: Vec<Announcement>,
    text_of: &TextOf<'t>,
) -> String {
    let lines: Vec<String> = match arguments.merged {
        true => {
            let events = gather(announced);
            let lines = events.iter().map(|event| gathered_json(event, text_of));
            lines.collect()
        }
        false => {
            let lines = announced.iter().map(|announcement| {
                let text = text_of(&announcement.post).unwrap_or_default();
                announcement_json(announcement, text)
            });
            lines.collect()
        }
    };
    lines.join("\n")
}

fn is_error(found: &Diagnostic) -> bool {
    found.severity() == Severity::Error
}

/// Gives the event files as they would be.
fn after(plan: &Plan, sources: &Sources) -> Sources {
    let mut after = sources.clone();
    let is_changed = |path: &str| plan.files.iter().any(|filed| *filed.source.path == *path);
    after.events.retain(|source| !is_changed(&source.path));
    after
        .events
        .extend(plan.files.iter().map(|filed| filed.source.clone()));
    after
}

/// Lists the errors that were not there before.
fn new_errors(after: Contents, before: &Contents) -> Vec<Diagnostic> {
    let mut found = after.diagnostics;
    found.retain(|found| is_error(found) && !before.diagnostics.contains(found));
    found
}

fn write(arguments: &ImportArguments, plan: &Plan) -> Result<(), Fault> {
    let text_file = |name: &str, text: &str| TextFile {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    let (mut new, mut more) = (Vec::new(), Vec::new());
    for filed in &plan.files {
        let text = text_file(&filed.source.relative, &filed.source.text);
        match &filed.before {
            None => new.push(text),
            Some(before) => more.push((text, &**before)),
        }
    }
    create(&arguments.events, &new)?;
    amend(&arguments.events, &more)?;
    Ok(())
}

/// Says what was done, or would be.
fn summary(plan: &Plan, is_written: bool) -> String {
    let counted = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{count} {many}")),
    };
    let new = plan
        .files
        .iter()
        .filter(|filed| filed.before.is_none())
        .count();
    let parts = [
        counted(new, "new file", "new files"),
        counted(plan.files.len() - new, "file with more", "files with more"),
        counted(
            plan.known,
            "event that the files know",
            "events that the files know",
        ),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    match (parts.is_empty(), is_written, plan.files.is_empty()) {
        (true, ..) => "the posts announce nothing".to_owned(),
        (_, _, true) => format!("{}: nothing to write", parts.join(", ")),
        (_, true, _) => format!("written: {}", parts.join(", ")),
        (_, false, _) => format!("{}; `--write` writes them", parts.join(", ")),
    }
}
