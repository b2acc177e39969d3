//! `sofacal import`: what posts announce, as event files or as JSON.

use crate::cli::args::ImportArguments;
use crate::cli::{Fault, Outcome, sources_of};
use crate::io::clock;
use crate::io::posts::{read_posts, read_vocabulary};
use crate::io::read::read_events;
use crate::io::report::data;
use crate::newsletter::Newsletters;
use crate::newsletter::announcement::Announcement;
use crate::newsletter::json::announcement_json;
use crate::newsletter::vocabulary::Vocabulary;
use crate::parallel::in_shares;
use crate::pipeline;

pub(crate) fn run(arguments: &ImportArguments) -> Result<Outcome, Fault> {
    let now = clock::now()?;
    let posts = read_posts(&arguments.posts)?;
    let sources = sources_of(&arguments.events, read_events(&arguments.events)?);
    let contents = pipeline::read_events(&sources, now);
    let mut found = posts.diagnostics.clone();
    let own = read_vocabulary(&arguments.events)?;
    let vocabulary = Vocabulary::read(own.as_ref(), &mut found);
    let newsletters = Newsletters::new(contents.calendar.as_ref(), vocabulary);
    let read: Vec<Vec<Announcement>> = in_shares(&posts.sources, |share| {
        let announced = share.iter().map(|source| newsletters.read(source));
        announced.collect::<Vec<_>>()
    })
    .into_iter()
    .flatten()
    .collect();
    let lines = posts
        .sources
        .iter()
        .zip(&read)
        .flat_map(|(source, announced)| {
            announced
                .iter()
                .map(|announcement| announcement_json(announcement, &source.text))
        });
    let lines: Vec<String> = lines.collect();
    data(&lines.join("\n"))?;
    Ok(Outcome::Fine)
}
