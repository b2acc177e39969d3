//! The ledger of the last run, as every command that publishes goes on with it.

use crate::cli::Fault;
use crate::io::feeds::{LEDGER, Published, read_feeds};
use crate::io::{IoError, shown};
use crate::pipeline::{Ledger, LedgerFault, is_ours};
use std::path::Path;

/// What is published, and the ledger beside it.
pub(super) type PublishedWithLedger = (Published, Option<Result<Ledger, LedgerFault>>);

/// Reads what is published already, and the ledger, if there is one.
pub(super) fn read_published(output: &Path) -> Result<PublishedWithLedger, IoError> {
    let mut published = read_feeds(output)?;
    let json = published.ledger.take();
    Ok((published, json.map(|json| Ledger::from_json(&json))))
}

/// Takes the ledger that is known, or says why there is none to go on with; a first run begins with an empty one.
pub(super) fn choose_ledger(
    output: &Path,
    is_required: bool,
    known: Option<Result<Ledger, LedgerFault>>,
    published: &Published,
) -> Result<Ledger, Fault> {
    let path = shown(&output.join(LEDGER));
    match known {
        Some(Err(LedgerFault::Version(version))) => Err(Fault::OtherLedger { path, version }),
        Some(Err(LedgerFault::Broken(reason))) => Err(Fault::BrokenLedger { path, reason }),
        Some(Ok(mut ledger)) => {
            forget_deleted(&mut ledger, published);
            Ok(ledger)
        }
        None if our_feeds(published)?.next().is_some() => Err(Fault::LostLedger { path }),
        None if is_required => Err(Fault::NoLedger { path }),
        None => Ok(Ledger::default()),
    }
}

/// Forgets feeds that someone deleted: they are no longer there for anyone.
pub(super) fn forget_deleted(ledger: &mut Ledger, published: &Published) {
    ledger
        .feeds
        .retain(|slug| published.feeds.contains_key(slug));
}

/// Reads the feeds that this program wrote, by slug.
pub(super) fn our_feeds(
    published: &Published,
) -> Result<impl Iterator<Item = (String, String)>, Fault> {
    let read = |slug: &String| Ok((slug.clone(), published.text(slug)?));
    let feeds: Vec<(String, String)> = published
        .feeds
        .keys()
        .map(read)
        .collect::<Result<_, IoError>>()?;
    Ok(feeds.into_iter().filter(|(_, ics)| is_ours(ics)))
}
