//! Comparing: what subscribers will notice if this is published.
//!
//! The ledger tells which UIDs are different, as it does for whoever watches; the feeds that are published tell how.

use crate::desk::difference::{Change, Difference, FeedChange, Subject};
use crate::event::calendar::Calendar;
use crate::feed::news::{News, What};
use crate::feed::plan::ALL;
use crate::feed::revision::Ledger;
use crate::feed::seen::{Happened, Seen};
use crate::ics::published::{is_ours, read_head, read_published, read_seen};
use crate::pipeline::{Build, Settings, Sources, build, calendar_of};
use crate::source::below;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// The properties of a feed that people may notice, with their words.
const NOTICED: &[(&str, &str)] = &[
    ("NAME", "name"),
    ("DESCRIPTION", "description"),
    ("X-APPLE-CALENDAR-COLOR", "color"),
    ("X-WR-TIMEZONE", "timezone"),
    ("X-PUBLISHED-TTL", "refresh"),
    ("SOURCE", "address"),
];

/// Builds as a run that publishes would, and holds that against the feeds that are published, by slug.
///
/// There is no difference where the files have errors.
pub fn compare(
    sources: &Sources,
    ledger: &Ledger,
    feeds: &BTreeMap<String, String>,
    settings: Settings,
    now: DateTime<Utc>,
) -> (Build, Option<Difference>) {
    let build = build(sources, ledger, settings, now);
    let calendar = calendar_of(sources, &mut Vec::new());
    let Some(calendar) = calendar.filter(|_| !build.has_errors()) else {
        return (build, None);
    };
    let comparison = Comparison {
        root: &sources.root,
        ledger,
        build: &build,
        calendar: &calendar,
        before: published(feeds),
        after: new(&build),
    };
    let changes = comparison.changes();
    let difference = Difference::of(changes, feed_changes(&build, ledger, feeds));
    (build, Some(difference))
}

/// The VEVENTs of each UID.
type Vevents = BTreeMap<String, String>;

/// Reads the feeds that are published, the one of everything first.
fn published(feeds: &BTreeMap<String, String>) -> Vevents {
    let all = feeds.get_key_value(ALL).into_iter().chain(feeds);
    let mut vevents = Vevents::new();
    for (_, feed) in all.filter(|(_, feed)| is_ours(feed)) {
        for event in read_published(feed) {
            vevents.entry(event.uid).or_insert(event.vevents);
        }
    }
    vevents
}

/// Reads the feed of everything as it would be published.
fn new(build: &Build) -> Vevents {
    let all = build.feeds.iter().find(|feed| feed.slug == ALL);
    let events = all
        .map(|feed| read_published(&feed.ics()))
        .unwrap_or_default();
    events
        .into_iter()
        .map(|event| (event.uid, event.vevents))
        .collect()
}

/// What is compared.
struct Comparison<'c> {
    root: &'c str,
    ledger: &'c Ledger,
    build: &'c Build,
    calendar: &'c Calendar,
    before: Vevents,
    after: Vevents,
}

impl Comparison<'_> {
    fn changes(&self) -> Vec<Change> {
        let was_cancelled = |uid: &str| {
            self.seen_before(uid)
                .is_some_and(|seen| seen.whole.is_cancelled)
        };
        let cancelled = self
            .build
            .cancelled
            .iter()
            .filter(|uid| !was_cancelled(uid));
        let cancelled = cancelled.cloned().collect();
        let news = self.ledger.news(&self.build.ledger, &cancelled);
        let renamed: BTreeSet<&str> = self
            .build
            .renamed
            .values()
            .map(|renamed| &*renamed.uid)
            .collect();
        let is_old = |uid: &str| self.build.renamed.contains_key(uid);
        let news = news
            .iter()
            .filter(|news| !is_old(&news.uid) && !renamed.contains(&*news.uid));
        let changes = news.flat_map(|news| self.changes_of(news));
        changes.chain(self.renames()).collect()
    }

    fn seen_before(&self, uid: &str) -> Option<Seen> {
        read_seen(self.before.get(uid)?)
    }

    fn seen_after(&self, uid: &str) -> Option<Seen> {
        read_seen(self.after.get(uid)?)
    }

    fn changes_of(&self, news: &News) -> Vec<Change> {
        let happened = match (self.seen_before(&news.uid), self.seen_after(&news.uid)) {
            (Some(before), Some(after)) if !matches!(news.what, What::Added | What::Returned) => {
                let different = before.differences(&after);
                match different.is_empty() {
                    // Something that calendars alone read.
                    true => vec![after.all(What::Edited)],
                    false => different,
                }
            }
            (_, Some(seen)) | (Some(seen), None) => vec![seen.all(news.what)],
            (None, None) => Vec::new(),
        };
        match happened.as_slice() {
            [] => vec![self.told(&news.uid, |subject| {
                Change::known(news.what, &news.title, &news.start, subject)
            })],
            several => several
                .iter()
                .map(|one| self.told(&news.uid, |subject| Change::of(one, subject, self.calendar)))
                .collect(),
        }
    }

    /// Tells of events that go on under another UID.
    fn renames(&self) -> impl Iterator<Item = Change> {
        self.build.renamed.iter().filter_map(|(old, renamed)| {
            let after = self.seen_after(&renamed.uid)?;
            let before = self.seen_before(old);
            let happened = Happened {
                old_title: before
                    .map(|before| before.whole.title)
                    .filter(|title| *title != after.whole.title),
                ..after.all(What::Renamed)
            };
            let change = self.told(&renamed.uid, |subject| {
                Change::of(&happened, subject, self.calendar)
            });
            Some(change.cured_by(&renamed.cure))
        })
    }

    /// Tells something of a UID that the ledger will know.
    fn told(&self, uid: &str, tell: impl FnOnce(Subject) -> Change) -> Change {
        let record = self.build.ledger.records.get(uid);
        let file = record.map_or(String::new(), |record| below(self.root, &record.source));
        tell(Subject {
            uid,
            project: record.map_or("", |record| &record.project),
            file: &file,
        })
    }
}

/// Tells which feeds are new, which are no longer planned, and which say something else of themselves.
fn feed_changes(
    build: &Build,
    ledger: &Ledger,
    feeds: &BTreeMap<String, String>,
) -> Vec<FeedChange> {
    let planned: BTreeSet<&String> = build.feeds.iter().map(|feed| &feed.slug).collect();
    let change = |slug: &str, what, parts| FeedChange {
        feed: format!("{slug}.ics"),
        what,
        parts,
    };
    let mut changes = Vec::new();
    for feed in &build.feeds {
        match feeds.get(&feed.slug) {
            // Of a first publication every feed is new.
            None if ledger.feeds.is_empty() && ledger.records.is_empty() => {}
            None => changes.push(change(&feed.slug, "is new", Vec::new())),
            Some(before) => {
                let [before, after] = [read_head(before), read_head(&feed.ics())];
                let is_different =
                    |(property, _): &&(&str, &str)| before.get(*property) != after.get(*property);
                let parts: Vec<&str> = NOTICED
                    .iter()
                    .filter(is_different)
                    .map(|(_, word)| *word)
                    .collect();
                if !parts.is_empty() {
                    changes.push(change(&feed.slug, "changed", parts));
                }
            }
        }
    }
    let orphans = ledger.feeds.iter().filter(|slug| !planned.contains(slug));
    changes.extend(
        orphans.map(|slug| change(slug, "is no longer planned, and stays as it is", Vec::new())),
    );
    changes.sort_by(|a, b| a.feed.cmp(&b.feed));
    changes
}
