//! What is published: the files of a build in words and as bytes, and those of others that stand in their way.

use crate::cli::Fault;
use crate::io::feeds::{LEDGER, Published};
use crate::io::publish::FileToWrite;
use crate::io::shown;
use crate::pipeline::{Build, Ledger, RenderedFeed, is_ours};
use std::path::Path;

/// Refuses to write over a feed that this program never wrote.
pub(super) fn refuse_foreign_feeds(
    build: &Build,
    ledger: &Ledger,
    published: &Published,
    output: &Path,
) -> Result<(), Fault> {
    for feed in &build.feeds {
        let is_new = !ledger.feeds.contains(&feed.slug) && published.feeds.contains_key(&feed.slug);
        if is_new && !is_ours(&published.text(&feed.slug)?) {
            let path = shown(&output.join(format!("{}.ics", feed.slug)));
            return Err(Fault::ForeignFeed { path });
        }
    }
    Ok(())
}

/// Lists what to write, the ledger first: a feed never gets ahead of what is known of it.
pub(super) fn files<'a>(feeds: &'a [RenderedFeed], ledger: &'a Ledger) -> Vec<FileToWrite<'a>> {
    let ledger = FileToWrite {
        name: LEDGER.to_owned(),
        bytes: Box::new(|out| ledger.json_pieces(|piece| out.write_all(piece))),
    };
    let feeds = feeds.iter().map(|feed| FileToWrite {
        name: format!("{}.ics", feed.slug),
        bytes: Box::new(|out| feed.pieces().try_for_each(|piece| out.write_all(piece))),
    });
    [ledger].into_iter().chain(feeds).collect()
}

/// Counts what a build holds: `57 events in 10 feeds, 1 draft waits for its start`.
pub(super) fn totals(build: &Build) -> String {
    let drafts = match build.drafts {
        0 => String::new(),
        1 => ", 1 draft waits for its start".to_owned(),
        drafts => format!(", {drafts} drafts wait for their start"),
    };
    let (events, feeds) = (
        counted(build.published, "event"),
        counted(build.feeds.len(), "feed"),
    );
    let past = match build.past {
        0 => String::new(),
        past => format!(", {} left out as past", counted(past, "event")),
    };
    format!("{events} in {feeds}{past}{drafts}")
}

/// Counts in words.
pub(super) fn counted(count: usize, word: &str) -> String {
    match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    }
}
