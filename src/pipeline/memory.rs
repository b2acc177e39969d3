//! Memory: what a long-running process keeps of each file, so that only what changed is read again.
//!
//! Flows in: sources, again and again. Flows out: the same builds that a fresh process would make, sooner.
//! A file is known by its text: sources that were not read again share it with those of the last time.

use crate::event::Event;
use crate::event::calendar::Calendar;
use crate::event::when::{Tz, Unclear, instant_of};
use crate::parallel::in_shares;
use crate::pipeline::rendered::Rendered;
use crate::pipeline::{Build, Files, Ledger, Settings, Sources, assemble, calendar_of, read_file};
use crate::source::Source;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What was read last time.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// The calendar's text and the day: with another one of them, files may mean something else.
    context: Option<(Arc<str>, Tz, NaiveDate)>,
    files: BTreeMap<Arc<str>, Known>,
}

/// A file as it was read.
#[derive(Debug)]
struct Known {
    text: Arc<str>,
    held: Files<Rendered>,
}

impl Memory {
    /// Turns event files into feeds, as `build` does.
    pub(super) fn build(
        &mut self,
        sources: &Sources,
        ledger: &Ledger,
        settings: Settings,
        now: DateTime<Utc>,
    ) -> Build {
        let mut build = Build {
            diagnostics: sources.diagnostics.clone(),
            ..Build::default()
        };
        let calendar = calendar_of(sources, &mut build.diagnostics);
        self.forget(sources, calendar.as_ref(), ledger, now);
        self.learn(sources, calendar.as_ref(), ledger, now);
        let mut all = Files::with_capacity(sources.events.len());
        for source in &sources.events {
            if let Some(known) = self.files.get(&source.relative) {
                all.append(known.held.clone());
            }
        }
        assemble(build, all, calendar, sources, ledger, settings)
    }

    /// Tells whether today is not the day of the last build: that is over, or someone set the clock back.
    pub(super) fn is_of_another_day(&self, now: DateTime<Utc>) -> bool {
        let context = self.context.as_ref();
        context.is_some_and(|(_, zone, day)| now.with_timezone(zone).date_naive() != *day)
    }

    /// Gives the midnight that ends the day of the last build, in the calendar's zone.
    pub(super) fn end_of_day(&self) -> Option<DateTime<Utc>> {
        let (_, zone, day) = self.context.as_ref()?;
        let midnight = day.succ_opt()?.and_time(NaiveTime::MIN);
        match instant_of(*zone, midnight) {
            Ok(at) | Err(Unclear::Repeated(at, _) | Unclear::Skipped(at, _)) => Some(at.to_utc()),
        }
    }

    /// Forgets what may be otherwise now.
    fn forget(
        &mut self,
        sources: &Sources,
        calendar: Option<&Calendar>,
        ledger: &Ledger,
        now: DateTime<Utc>,
    ) {
        let text = sources.calendar.as_ref().map(|source| source.text.clone());
        let day = calendar.map(|calendar| (calendar.zone, calendar.day_of(now)));
        let context = text.zip(day).map(|(text, (zone, day))| (text, zone, day));
        if context != self.context || context.is_none() {
            self.files.clear();
        }
        self.context = context;
        let texts: BTreeMap<&str, &Arc<str>> = sources
            .events
            .iter()
            .map(|source| (&*source.relative, &source.text))
            .collect();
        self.files.retain(|relative, known| {
            let is_same = texts
                .get(&**relative)
                .is_some_and(|text| Arc::ptr_eq(text, &known.text));
            is_same && known.held.events.iter().all(|event| event.is_known(ledger))
        });
    }

    /// Reads what is not known.
    fn learn(
        &mut self,
        sources: &Sources,
        calendar: Option<&Calendar>,
        ledger: &Ledger,
        now: DateTime<Utc>,
    ) {
        let is_new = |source: &&Source| !self.files.contains_key(&source.relative);
        let new: Vec<&Source> = sources.events.iter().filter(is_new).collect();
        let render = |event: Event, calendar: &Calendar| Rendered::of(event, calendar, ledger, now);
        let read = |source: &&Source| {
            let mut held = Files::with_capacity(1);
            read_file(&mut held, source, calendar, now, render);
            let text = source.text.clone();
            (source.relative.clone(), Known { text, held })
        };
        let read = in_shares(&new, |share| share.iter().map(read).collect::<Vec<_>>());
        self.files.extend(read.into_iter().flatten());
    }
}
