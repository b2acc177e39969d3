//! Asked: which occurrences somebody wants to see.
//!
//! Flows in: days, projects and kinds. Flows out: the occurrences that are meant, in order.

use crate::diagnostic::{list_of, nearest};
use crate::event::calendar::Calendar;
use crate::event::occurrences::Occurrence;
use crate::event::when::When;
use crate::event::{Event, Kind};
use chrono::{DateTime, Days, NaiveDate, Utc};
use std::ops::RangeInclusive;

/// How many days are listed if nobody says it.
const MONTH: Days = Days::new(30);

/// How far a series without an end is listed with all there is.
const YEAR: Days = Days::new(366);

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The first day.
    pub first: Option<NaiveDate>,
    /// The last day.
    pub last: Option<NaiveDate>,
    /// Whether what is over is meant, and nothing else.
    pub is_past: bool,
    /// Whether every day is meant.
    pub is_all: bool,
    /// The slugs of projects; none stands for all.
    pub projects: Vec<String>,
    /// The words for kinds; none stands for all.
    pub kinds: Vec<String>,
}

/// Why nothing can be what is asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AskedFault {
    /// No project has the slug.
    #[error("there is no project `{slug}`: {likely}")]
    NoProject {
        /// The slug.
        slug: String,
        /// What was probably meant, or all there are.
        likely: String,
    },
    /// The last day is before the first.
    #[error("there is no day from {first} to {last}")]
    NoDay {
        /// The first day.
        first: NaiveDate,
        /// The last day.
        last: NaiveDate,
    },
}

impl Asked {
    /// Gives the days that are meant.
    ///
    /// # Errors
    /// The last one is before the first.
    pub fn days(
        &self,
        events: &[Event],
        today: NaiveDate,
    ) -> Result<RangeInclusive<NaiveDate>, AskedFault> {
        let days = match (self.is_all, self.is_past) {
            (true, true) => earliest(events).unwrap_or(today)..=today,
            (true, false) => {
                let latest = events.iter().map(|event| last_day(event, today)).max();
                earliest(events).unwrap_or(today)..=latest.unwrap_or(today)
            }
            (false, true) => {
                let last = self.last.unwrap_or(today);
                self.first.unwrap_or_else(|| before(last))..=last
            }
            (false, false) => {
                let earlier = self.last.filter(|last| *last < today).map(before);
                let first = self.first.or(earlier).unwrap_or(today);
                first..=self.last.unwrap_or_else(|| after(first, MONTH))
            }
        };
        match days.is_empty() {
            false => Ok(days),
            true => Err(AskedFault::NoDay {
                first: *days.start(),
                last: *days.end(),
            }),
        }
    }

    /// Lists the occurrences that are meant, in order.
    ///
    /// # Errors
    /// There is no such project.
    pub fn occurrences<'e>(
        &self,
        events: &'e [Event],
        calendar: &Calendar,
        days: &RangeInclusive<NaiveDate>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Occurrence<'e>>, AskedFault> {
        let projects = self.projects(calendar)?;
        let is_of_project =
            |event: &&Event| projects.is_empty() || projects.contains(&event.project.as_str());
        let events = events.iter().filter(is_of_project);
        let all = events.flat_map(|event| event.occurrences(days, calendar.zone));
        let today = calendar.day_of(now);
        let mut found: Vec<Occurrence> = all
            .filter(|one| self.is_of_kind(one.details.kind) && self.is_of_time(one, now, today))
            .collect();
        found.sort_by_key(|one| {
            let is_timed = matches!(one.when, When::Timed { .. });
            (
                one.when.start_date(),
                is_timed,
                one.when.start().wall_clock(),
                &one.event.uid,
            )
        });
        Ok(found)
    }

    /// Finds the slugs of the projects that are meant; an old slug means the one that it became.
    fn projects<'c>(&self, calendar: &'c Calendar) -> Result<Vec<&'c str>, AskedFault> {
        let known = &calendar.projects;
        let found = |slug: &String| {
            let mut projects = known.iter();
            let is_meant = |(own, project): &(&String, &crate::event::calendar::Project)| {
                *own == slug || project.aliases.contains(slug)
            };
            let project = projects.find(is_meant).map(|(own, _)| own.as_str());
            project.ok_or_else(|| {
                let slugs: Vec<&str> = known.keys().map(String::as_str).collect();
                AskedFault::NoProject {
                    slug: slug.clone(),
                    likely: match nearest(slug, slugs.iter().copied()) {
                        Some(slug) => format!("did you mean `{slug}`?"),
                        None => format!("the projects are {}", list_of(&slugs)),
                    },
                }
            })
        };
        self.projects.iter().map(found).collect()
    }

    fn is_of_kind(&self, kind: Kind) -> bool {
        let mut words = Kind::WORDS.iter().filter(|(_, meaning)| *meaning == kind);
        self.kinds.is_empty() || words.any(|(word, _)| self.kinds.iter().any(|kind| kind == word))
    }

    /// Tells whether an occurrence is over, or not, as is asked; from a day that was named on, both are meant.
    fn is_of_time(&self, one: &Occurrence, now: DateTime<Utc>, today: NaiveDate) -> bool {
        let is_over = match &one.when {
            When::Timed { end, .. } => *end <= now,
            When::AllDay { last, .. } => *last < today,
        };
        match self.is_past {
            true => is_over,
            false => !is_over || self.is_all || self.first.is_some() || self.last.is_some(),
        }
    }
}

fn before(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(MONTH).unwrap_or(day)
}

fn after(day: NaiveDate, days: Days) -> NaiveDate {
    day.checked_add_days(days).unwrap_or(day)
}

/// Gives the first day of all; an occurrence may have been moved to before the first.
fn earliest(events: &[Event]) -> Option<NaiveDate> {
    let changes = events
        .iter()
        .flat_map(|event| &event.series)
        .flat_map(|series| &series.changes);
    let moved = changes.map(|change| change.when.start_date());
    let first = events.iter().map(|event| event.when.start_date());
    first.chain(moved).min()
}

/// Gives the last day of an event, or of what is listed of it.
fn last_day(event: &Event, today: NaiveDate) -> NaiveDate {
    let open = || after(today.max(event.when.start_date()), YEAR);
    event.last_date().unwrap_or_else(open)
}
