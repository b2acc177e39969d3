//! Rendering: what stays of an event once its text is written, and feeds made of these texts.
//!
//! Flows in: events, the calendar, the ledger. Flows out: stamps, texts that all feeds share, and feeds.

use crate::event::calendar::Calendar;
use crate::event::when::Tz;
use crate::event::{Event, Kind, Status};
use crate::feed::entry::Entry;
use crate::feed::plan::{Feed, Filing};
use crate::feed::revision::{Ledger, Revised, Revision, unpublished};
use crate::ics::timezone::{KnownClocks, Zones};
use crate::ics::vcalendar::{FOOT, write_head};
use crate::ics::vevent::write_vevents;
use crate::pipeline::shelf::{Shelf, Vevents};
use chrono::{DateTime, Utc};
use std::iter;
use std::ops::RangeInclusive;

/// An event on its way into the feeds.
#[derive(Debug, Clone)]
pub(super) struct Rendered {
    /// Its name, its stamps and its place.
    pub(super) revised: Revised,
    /// What sort of event it is.
    kind: Kind,
    /// Words to filter by, if the calendar has feeds that do.
    tags: Vec<String>,
    /// The zone whose clocks it follows, with the years that a VTIMEZONE must cover.
    zone_years: Option<(Tz, RangeInclusive<i32>)>,
    /// Whether it is called off.
    pub(super) is_cancelled: bool,
    /// Whether it has been over for so long that it left the feeds.
    pub(super) is_past: bool,
    /// Its VEVENTs, one unless it is a series; `None` when the calendar's policy leaves it out of the feeds.
    vevents: Option<Vevents>,
}

/// Room for what is written of events; what is written can be read when it is dropped.
#[derive(Debug, Default)]
pub(super) struct Room {
    vevents: Shelf,
    json: Vec<u8>,
}

impl Rendered {
    /// Stamps and renders an event.
    pub(super) fn of(
        event: Event,
        calendar: &Calendar,
        ledger: &Ledger,
        now: DateTime<Utc>,
        room: &mut Room,
    ) -> Self {
        let entry = Entry::of(&event, calendar);
        let is_past = entry.is_some() && calendar.is_past(&event, now);
        let (record, vevents) = match entry.filter(|_| !is_past) {
            Some(entry) => {
                let record = ledger.revise(&event, entry.digest(&mut room.json), now);
                let revision = Revision::from(&*record);
                let write = |out: &mut String| write_vevents(out, &entry, revision);
                (record, Some(room.vevents.add(write)))
            }
            None => {
                let known = ledger.left_out(&event.uid);
                let record = known.unwrap_or_else(|| unpublished(&event, now));
                (record.into(), None)
            }
        };
        let zone_years = event.zone_years();
        Rendered {
            is_cancelled: event.details.status == Status::Cancelled,
            kind: event.details.kind,
            tags: match calendar.feeds.is_empty() {
                true => Vec::new(),
                false => event.details.tags,
            },
            zone_years,
            revised: Revised {
                uid: event.uid,
                record,
                origin: event.origin,
            },
            is_past,
            vevents,
        }
    }

    /// Tells whether it is in the feeds.
    pub(super) fn is_published(&self) -> bool {
        self.vevents.is_some()
    }

    /// Tells whether the ledger keeps what it knows of it: it is in the feeds, or was until it was left out.
    pub(super) fn is_kept(&self) -> bool {
        self.is_published() || self.revised.record.is_left_out
    }

    /// Tells whether the ledger knows it just as it is, so that it need not be stamped and written again.
    pub(super) fn is_known(&self, ledger: &Ledger) -> bool {
        match ledger.records.get(&self.revised.uid) {
            Some(known) => *known == self.revised.record,
            None => !self.is_kept(),
        }
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

/// A feed as it is written: its own head, and texts that it shares with other feeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedFeed {
    /// Its name without `.ics`.
    pub slug: String,
    head: String,
    vevents: Vec<Vevents>,
}

impl RenderedFeed {
    pub(super) fn of<'e>(
        feed: &Feed,
        calendar: &Calendar,
        events: impl Iterator<Item = &'e Rendered> + Clone,
        known: &mut KnownClocks,
    ) -> Self {
        let mut zones = Zones::of(calendar.zone);
        for (zone, years) in events.clone().filter_map(|event| event.zone_years.clone()) {
            zones.cover(zone, years);
        }
        RenderedFeed {
            slug: feed.slug.clone(),
            head: write_head(feed, calendar, &zones, known),
            vevents: events.filter_map(|event| event.vevents.clone()).collect(),
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
        let vevents = self
            .vevents
            .iter()
            .map(|vevents| vevents.as_str().as_bytes());
        iter::once(self.head.as_bytes())
            .chain(vevents)
            .chain([FOOT.as_bytes()])
    }

    /// Counts its bytes.
    pub(super) fn size(&self) -> usize {
        self.pieces().map(<[u8]>::len).sum()
    }

    /// Gives it whole.
    pub fn ics(&self) -> String {
        let vevents = self.vevents.iter().map(Vevents::as_str);
        iter::once(self.head.as_str())
            .chain(vevents)
            .chain([FOOT])
            .collect()
    }
}
