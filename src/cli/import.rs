//! `sofacal import`: what posts announce, as event files or as JSON.

use crate::cli::args::ImportArguments;
use crate::cli::{Fault, Outcome, sources_of};
use crate::io::clock;
use crate::io::posts::{Posts, read_posts, read_vocabulary};
use crate::io::read::read_events;
use crate::io::report::data;
use crate::newsletter::Newsletters;
use crate::newsletter::announcement::Announcement;
use crate::newsletter::gathering::gather;
use crate::newsletter::json::{announcement_json, gathered_json};
use crate::newsletter::vocabulary::Vocabulary;
use crate::parallel::in_shares;
use crate::pipeline;
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
        .map(|post| (&*post.path, &*post.text))
        .collect();
    let text_of = |path: &str| texts.get(path).copied();
    let lines: Vec<String> = match arguments.merged {
        true => {
            let events = gather(announced);
            let lines = events.iter().map(|event| gathered_json(event, &text_of));
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
    data(&lines.join("\n"))?;
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
