//! Rendering: what stays of an event once its text is written, and feeds made of these texts.
//!
//! Flows in: events, the calendar, the ledger. Flows out: stamps, texts that all feeds share, and feeds.

use crate::event::calendar::Calendar;
use crate::event::when::When;
use crate::event::{Event, Kind};
use crate::feed::entry::Entry;
use crate::feed::plan::{Feed, Filing};
use crate::feed::revision::{Ledger, Revised, Revision, unpublished};
use crate::ics::vcalendar::{FOOT, write_head};
use crate::ics::vevent::write_vevent;
use chrono::{DateTime, Datelike, Utc};
use std::collections::BTreeSet;
use std::iter;
use std::sync::Arc;

/// An event on its way into the feeds.
#[derive(Debug, Clone)]
pub(super) struct Rendered {
    /// Its name, its stamps and its place.
    pub(super) revised: Revised,
    /// What sort of event it is.
    kind: Kind,
    /// Words to filter by.
    tags: Vec<String>,
    /// The year that its feeds' VTIMEZONE must cover.
    year: Option<i32>,
    /// Its VEVENT; `None` when the calendar's policy leaves it out of the feeds.
    vevent: Option<Arc<str>>,
}

impl Rendered {
    /// Stamps and renders an event.
    pub(super) fn of(
        event: Event,
        calendar: &Calendar,
        ledger: &Ledger,
        now: DateTime<Utc>,
    ) -> Self {
        let (record, vevent) = match Entry::of(&event, calendar) {
            Some(entry) => {
                let record = ledger.revise(&event, &entry, now);
                let vevent = vevent(&entry, Revision::from(&record));
                (record, Some(vevent.into()))
            }
            None => (unpublished(&event, now), None),
        };
        Rendered {
            kind: event.details.kind,
            tags: event.details.tags,
            year: year_of(&event.when),
            revised: Revised {
                uid: event.uid,
                record,
                origin: event.origin,
            },
            vevent,
        }
    }

    /// Tells whether it is in the feeds.
    pub(super) fn is_published(&self) -> bool {
        self.vevent.is_some()
    }

    /// Gives what decides which feeds it is in.
    pub(super) fn filing(&self) -> Filing<'_> {
        Filing {
            project: &self.revised.record.project,
            kind: self.kind,
            tags: &self.tags,
        }
    }
}

/// Writes an entry with its stamps.
pub(super) fn vevent(entry: &Entry, revision: Revision) -> String {
    let mut out = String::with_capacity(1024);
    write_vevent(&mut out, entry, revision);
    out
}

fn year_of(when: &When) -> Option<i32> {
    match when {
        When::Timed { start, .. } => Some(start.year()),
        When::AllDay { .. } => None,
    }
}

/// A feed as it is written: its own head, and texts that it shares with other feeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedFeed {
    /// Its name without `.ics`.
    pub slug: String,
    head: String,
    vevents: Vec<Arc<str>>,
}

impl RenderedFeed {
    pub(super) fn of<'e>(
        feed: &Feed,
        calendar: &Calendar,
        events: impl Iterator<Item = &'e Rendered> + Clone,
    ) -> Self {
        let years: BTreeSet<i32> = events.clone().filter_map(|event| event.year).collect();
        RenderedFeed {
            slug: feed.slug.clone(),
            head: write_head(feed, calendar, &years),
            vevents: events.filter_map(|event| event.vevent.clone()).collect(),
        }
    }

    /// Gives the same feed under another name.
    pub(super) fn named(&self, slug: &str) -> Self {
        let slug = slug.to_owned();
        RenderedFeed {
            slug,
            ..self.clone()
        }
    }

    /// Gives its bytes from the first to the last, piece by piece.
    pub fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        let vevents = self.vevents.iter().map(|vevent| vevent.as_bytes());
        iter::once(self.head.as_bytes())
            .chain(vevents)
            .chain([FOOT.as_bytes()])
    }

    /// Gives it whole.
    pub fn ics(&self) -> String {
        [&self.head, &self.vevents.concat(), FOOT].concat()
    }
}
