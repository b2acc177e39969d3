//! Recovery: a ledger made of published feeds, for when the old one is lost.

use crate::event::calendar::Calendar;
use crate::feed::entry as feed;
use crate::feed::plan::ALL;
use crate::feed::revision::{Ledger, Record};
use crate::ics::published::{Published, is_ours, read_published};
use crate::ics::vevent::write_vevents;
use crate::pipeline::{Contents, Sources, read_events};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

/// Makes a ledger of published feeds, for when the old one is lost.
///
/// An event whose VEVENT would be written just as it stands keeps its stamps; any other counts as
/// changed. `feeds` are slugs with their text; those of other programs are passed over.
pub fn recover_ledger(
    feeds: &BTreeMap<String, String>,
    sources: &Sources,
    now: DateTime<Utc>,
) -> Ledger {
    let mut ledger = Ledger::default();
    let contents = read_events(sources, now);
    let current = current_entries(&contents);
    for (slug, ics) in feeds.iter().filter(|(_, ics)| is_ours(ics)) {
        ledger.feeds.insert(slug.clone());
        for published in read_published(ics) {
            let record = recovered(&published, slug, current.get(published.uid.as_str()));
            match ledger.records.entry(published.uid.into()) {
                Entry::Vacant(place) => {
                    place.insert(record.into());
                }
                Entry::Occupied(mut known) => {
                    keep_later(
                        Arc::make_mut(known.get_mut()),
                        record,
                        contents.calendar.as_ref(),
                    );
                }
            }
        }
    }
    ledger
}

fn recovered(published: &Published, slug: &str, current: Option<&(&str, feed::Entry)>) -> Record {
    let is_unchanged = |(_, entry): &&(&str, feed::Entry)| {
        let mut vevents = String::new();
        write_vevents(&mut vevents, entry, published.revision);
        vevents == published.vevents
    };
    Record {
        digest: current
            .filter(is_unchanged)
            .map(|(_, entry)| entry.digest(&mut Vec::new()))
            .unwrap_or_default(),
        sequence: published.revision.sequence,
        created: published.revision.created,
        modified: published.revision.modified,
        source: current.map_or_else(String::new, |(source, _)| (*source).to_owned()),
        project: slug.to_owned(),
        start: published.start.clone(),
        title: published.summary.clone(),
        is_gone: false,
        is_left_out: false,
    }
}

/// Keeps what was published last: feeds may be of different runs, and SEQUENCE never goes back.
fn keep_later(known: &mut Record, other: Record, calendar: Option<&Calendar>) {
    let created = known.created.min(other.created);
    let project = [&known.project, &other.project].into_iter();
    let project = project.min_by_key(|slug| unlikeliness(slug, calendar));
    let project = project.cloned().unwrap_or_default();
    if (other.sequence, other.modified) > (known.sequence, known.modified) {
        *known = other;
    }
    known.created = created;
    known.project = project;
}

/// Tells how unlikely it is that a feed's name is that of its events' project.
fn unlikeliness(slug: &str, calendar: Option<&Calendar>) -> u8 {
    match calendar {
        _ if slug == ALL => 3,
        Some(calendar) if calendar.projects.contains_key(slug) => 0,
        // An alias, or an extra feed.
        Some(calendar) if calendar.has_feed(slug) => 2,
        _ => 1,
    }
}

/// Gives each entry that the files would publish now, with its file.
fn current_entries(contents: &Contents) -> BTreeMap<&str, (&str, feed::Entry<'_>)> {
    let Some(calendar) = &contents.calendar else {
        return BTreeMap::new();
    };
    let events = contents.events.iter();
    let with_source = events.filter_map(|event| {
        let entry = feed::Entry::of(event, calendar)?;
        Some((entry.uid, (&*event.origin.relative, entry)))
    });
    with_source.collect()
}
