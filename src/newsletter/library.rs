//! The library: the events that stand in event files, as far as posts can be about them.
//!
//! Flows in: the event files and the valid events in them. Flows out: what is known of each entry, drafts and broken ones
//! too, and the one that a gathered event is about.

use crate::event::Event;
use crate::event::calendar::Calendar;
use crate::event::when::{Moment, Tz, When};
use crate::newsletter::announcement::{Announcement, Role};
use crate::newsletter::gathering::Gathered;
use crate::newsletter::plain::{is_alike, is_like};
use crate::newsletter::post::said;
use crate::newsletter::told_time::Told;
use crate::newsletter::web_address::is_same_page;
use crate::source::Source;
use crate::yaml::document::EventDocument;
use crate::yaml::field::{Field, Many};
use crate::yaml::identity::free_id;
use crate::yaml::parse::parse;
use chrono::{DateTime, NaiveDate, TimeDelta};
use std::collections::{HashMap, HashSet};

/// What is known of an entry of an event file.
#[derive(Debug)]
pub(super) struct Known<'l> {
    /// Its file, by its number among the sources.
    pub(super) file: usize,
    /// Its number in the file's `events:`.
    pub(super) entry: Option<usize>,
    /// The slug of its project.
    pub(super) slug: String,
    /// The number of its episode.
    pub(super) episode: Option<u32>,
    /// Its title.
    pub(super) title: String,
    /// What it says, with what the file says of all its entries.
    pub(super) document: EventDocument,
    /// What it becomes, unless it is a draft or broken.
    pub(super) event: Option<&'l Event>,
}

/// All entries of the event files.
#[derive(Debug, Default)]
pub(super) struct Library<'l> {
    /// The entries, in the order of the files.
    pub(super) known: Vec<Known<'l>>,
    by_episode: HashMap<(String, u32), Vec<usize>>,
    by_day: HashMap<NaiveDate, Vec<usize>>,
    drafts: Vec<usize>,
    series: Vec<usize>,
    ids: HashSet<(String, String)>,
    uids: HashSet<String>,
}

/// How far apart two announcements of one episode may be.
const LONGEST_EPISODE: TimeDelta = TimeDelta::days(120);

impl<'l> Library<'l> {
    /// Reads all entries.
    pub(super) fn of(sources: &[Source], events: &'l [Event]) -> Self {
        let by_origin: HashMap<(&str, Option<usize>), &Event> = events
            .iter()
            .map(|event| ((&*event.origin.relative, event.origin.entry), event))
            .collect();
        let mut library = Library {
            uids: events.iter().map(|event| event.uid.to_string()).collect(),
            ..Library::default()
        };
        for (file, source) in sources.iter().enumerate() {
            let Ok(document) = parse::<EventDocument>(source) else {
                continue;
            };
            let folder = source
                .relative
                .split_once('/')
                .map_or("", |(folder, _)| folder);
            library.ids.extend(id_of(source));
            for (entry, document) in entries_of(document) {
                let event = by_origin.get(&(&*source.relative, entry)).copied();
                let slug = said(&document.project).unwrap_or_else(|| folder.to_owned());
                let episode = said(&document.episode);
                library.add(Known {
                    file,
                    entry,
                    slug: event.map_or(slug, |event| event.project.to_string()),
                    episode: episode.and_then(|text| text.trim_start_matches('#').parse().ok()),
                    title: said(&document.title).unwrap_or_default(),
                    document,
                    event,
                });
            }
        }
        library
    }

    fn add(&mut self, known: Known<'l>) {
        let at = self.known.len();
        if let Some(episode) = known.episode {
            let key = (known.slug.clone(), episode);
            self.by_episode.entry(key).or_default().push(at);
        }
        match known.event {
            Some(event) if event.series.is_some() => self.series.push(at),
            Some(event) => {
                let day = event.when.start_date();
                self.by_day.entry(day).or_default().push(at);
            }
            None => self.drafts.push(at),
        }
        self.known.push(known);
    }

    /// Finds the entry that a gathered event is about.
    pub(super) fn find(&self, gathered: &Gathered, zone: Tz) -> Option<usize> {
        let event = &gathered.event;
        let slug = event.project.as_ref().map_or("", |whose| &whose.slug);
        let of_episode = event.episode.and_then(|episode| {
            let known = self.by_episode.get(&(slug.to_owned(), episode))?;
            known
                .iter()
                .copied()
                .find(|at| is_near(self.known[*at].event, event))
        });
        let of_day = || {
            let known = self.by_day.get(&event.when.day()?)?;
            let of = |is: &dyn Fn(&Known<'_>) -> bool| {
                let mut fitting = known.iter().copied().filter(|at| is(&self.known[*at]));
                let first = fitting.next()?;
                // Of two at one time it is the one that is called so.
                let called = |at: &usize| is_alike(&self.known[*at].title, &event.title);
                Some(
                    [first]
                        .into_iter()
                        .chain(fitting)
                        .find(called)
                        .unwrap_or(first),
                )
            };
            let at_that_time = of(&|known| is_same(known, event, slug, zone));
            at_that_time.or_else(|| of(&|known| is_same_day(known, event, slug, zone)))
        };
        let of_draft = || {
            self.drafts.iter().copied().find(|at| {
                let known = &self.known[*at];
                let episodes = known.episode.zip(event.episode);
                known.slug == slug && episodes.is_none() && is_alike(&known.title, &event.title)
            })
        };
        let of_series = || {
            let day = event.when.day()?;
            let takes_place = |at: &usize| {
                let known = &self.known[*at];
                let series = known.event.filter(|_| known.slug == slug);
                series.is_some_and(|series| {
                    let occurrences = series.occurrences(&(day..=day), zone);
                    occurrences
                        .iter()
                        .any(|one| is_at(&one.when.start(), &event.when, zone))
                })
            };
            self.series.iter().copied().find(takes_place)
        };
        of_episode
            .or_else(of_day)
            .or_else(of_draft)
            .or_else(of_series)
    }

    /// Finds an event of the same title that was still to come when the last post appeared, and that the post does not
    /// announce as well: it was probably moved.
    pub(super) fn moved(
        &self,
        gathered: &Gathered,
        all: &[Gathered],
        zone: Tz,
    ) -> Option<(usize, DateTime<Tz>)> {
        let event = &gathered.event;
        let Told::Timed { start, .. } = event.when else {
            return None;
        };
        let slug = event.project.as_ref().map_or("", |whose| &whose.slug);
        let preview = gathered
            .mentions
            .iter()
            .rev()
            .find(|mention| mention.role == Role::Preview)?;
        let date = preview.post_date?;
        let is_moved = |known: &Known| {
            let other = match known.event?.when.start() {
                Moment::Time(time) => time.with_timezone(&zone),
                Moment::Day(_) => return None,
            };
            let is_to_come =
                other.date_naive() > date && (other - start).abs() <= TimeDelta::days(31);
            // Who announced it before is another post.
            let is_announced = all.iter().any(|other_event| {
                other_event.event.when.day() == Some(other.date_naive())
                    && other_event
                        .mentions
                        .iter()
                        .any(|mention| mention.post == preview.post)
            });
            let is_fit = known.slug == slug
                && known.episode.is_none()
                && event.episode.is_none()
                && known.title.trim() == event.title.trim()
                && known.event.is_some_and(|event| event.series.is_none());
            (is_fit && is_to_come && !is_announced).then_some(other)
        };
        let found = self.known.iter().enumerate();
        found
            .into_iter()
            .find_map(|(at, known)| Some((at, is_moved(known)?)))
    }

    /// Finds an id that neither a file nor an event of a project has.
    pub(super) fn free_id(
        &mut self,
        wanted: &str,
        slug: &str,
        calendar: &Calendar,
    ) -> Option<String> {
        let prefix = calendar.uid_prefix(slug);
        let is_free = |id: &str| {
            let uid = format!("{prefix}-{id}@{}", calendar.domain);
            !self.uids.contains(&uid) && !self.ids.contains(&(slug.to_owned(), id.to_owned()))
        };
        let id = free_id(wanted, is_free)?;
        self.ids.insert((slug.to_owned(), id.clone()));
        Some(id)
    }
}

/// Gives the entries of a file, each with what the file says of all of them.
fn entries_of(mut file: EventDocument) -> Vec<(Option<usize>, EventDocument)> {
    let Field::Value(Many::List(entries)) = std::mem::take(&mut file.events) else {
        return vec![(None, file)];
    };
    let entries = entries.into_iter().enumerate().filter_map(|(at, entry)| {
        let Field::Value(mut entry) = entry else {
            return None;
        };
        entry.inherit(&file);
        Some((Some(at), entry))
    });
    entries.collect()
}

/// Gives the folder and the stem of a file.
fn id_of(source: &Source) -> Option<(String, String)> {
    let (folder, below) = source.relative.split_once('/')?;
    let name = below.rsplit('/').next()?;
    let (stem, _) = name.rsplit_once('.')?;
    Some((folder.to_owned(), stem.to_owned()))
}

fn is_near(known: Option<&Event>, event: &Announcement) -> bool {
    let days = known
        .map(|known| known.when.start_date())
        .zip(event.when.day());
    days.is_none_or(|(one, other)| (one - other).abs() <= LONGEST_EPISODE)
}

/// Tells whether an entry of one day is what an announcement is about.
fn is_same(known: &Known<'_>, event: &Announcement, slug: &str, zone: Tz) -> bool {
    let Some(of_file) = known.event else {
        return false;
    };
    let other_episode = known
        .episode
        .zip(event.episode)
        .is_some_and(|(one, other)| one != other);
    if known.slug == slug && other_episode {
        return false;
    }
    let same_code =
        of_file.details.join.code.is_some() && of_file.details.join.code == event.details.code;
    let same_page = of_file
        .details
        .register
        .as_ref()
        .zip(event.details.register.as_ref());
    let same_page = same_page.is_some_and(|(one, other)| is_same_page(one.as_str(), other));
    let is_known =
        known.slug == slug || same_code || same_page || is_alike(&known.title, &event.title);
    is_known && is_timed(of_file, event) && is_at(&of_file.when.start(), &event.when, zone)
}

/// Tells whether both say a time of day, or neither does.
fn is_timed(of_file: &Event, event: &Announcement) -> bool {
    matches!(of_file.when, When::Timed { .. }) == matches!(event.when, Told::Timed { .. })
}

/// Tells whether an entry is about the same on the same day, where only one of both says a time of day.
fn is_same_day(known: &Known<'_>, event: &Announcement, slug: &str, zone: Tz) -> bool {
    known.event.is_some_and(|of_file| {
        known.slug == slug
            && !is_timed(of_file, event)
            && is_like(&known.title, &event.title)
            && is_at(&of_file.when.start(), &event.when, zone)
    })
}

/// Tells whether a moment is the start that is told; a whole day is any time of it.
fn is_at(moment: &Moment, told: &Told, zone: Tz) -> bool {
    match (moment, told) {
        (Moment::Time(time), Told::Timed { start, .. }) => time == start,
        (Moment::Day(day), told) => told.day() == Some(*day),
        (Moment::Time(time), told) => told.day() == Some(time.with_timezone(&zone).date_naive()),
    }
}
