//! Pruning: the feeds that are no longer planned leave the output folder, once all others are published.
//!
//! The ledger forgets a feed only when its file is gone: what a crash leaves is still known, and the next
//! run goes on with it. A file whose bytes sofacal did not write stays, whatever the ledger says.

use crate::cli::Fault;
use crate::cli::publishing::files;
use crate::io::feeds::Published;
use crate::io::lock::OutputLock;
use crate::io::publish::{publish, remove};
use crate::io::report::say;
use crate::pipeline::{Build, is_ours};

/// Removes the feeds that are no longer planned, and says which.
pub(super) fn prune(
    lock: &OutputLock,
    build: &mut Build,
    published: &Published,
    output: &str,
) -> Result<(), Fault> {
    if build.to_prune.is_empty() {
        return Ok(());
    }
    let mut removed = Vec::new();
    for slug in &build.to_prune {
        let name = format!("{slug}.ics");
        if is_ours(&published.text(slug)?) {
            removed.push(name);
        } else {
            say(&format!(
                "`{output}/{name}` stays: sofacal did not write what is in it now"
            ));
        }
    }
    remove(lock, &removed)?;
    build
        .ledger
        .feeds
        .retain(|slug| !build.to_prune.contains(slug));
    publish(lock, &files(&[], &build.ledger))?;
    if !removed.is_empty() {
        say(&format!("removed from `{output}`: {}", removed.join(", ")));
    }
    Ok(())
}
