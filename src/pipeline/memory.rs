//! Memory: what a long-running process keeps of each file, so that only what changed is read again.
//!
//! Flows in: sources, again and again. Flows out: the same builds that a fresh process would make, sooner.
//! A file is known by its text: sources that were not read again share it with those of the last time.

use crate::event::calendar::Calendar;
use crate::event::when::{Tz, Unclear, instant_of};
use crate::parallel::in_shares;
use crate::pipeline::rendered::Rendered;
use crate::pipeline::{
    Build, Files, Ledger, Settings, Sources, assemble, calendar_of, read_file, renderer,
};
use crate::source::Source;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use std::mem;
use std::sync::Arc;

/// What was read last time.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// The calendar's text and the day: with another one of them, files may mean something else.
    context: Option<(Arc<str>, Tz, NaiveDate)>,
    /// In the order of their paths.
    files: Vec<Known>,
}

/// A file as it was read.
#[derive(Debug)]
struct Known {
    relative: Arc<str>,
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
        self.forget(sources, calendar.as_ref(), now);
        self.learn(sources, calendar.as_ref(), ledger, now);
        let mut all = Files::with_capacity(sources.events.len());
        for known in &self.files {
            all.append(known.held.clone());
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

    /// Forgets everything when it may mean something else now.
    fn forget(&mut self, sources: &Sources, calendar: Option<&Calendar>, now: DateTime<Utc>) {
        let text = sources.calendar.as_ref().map(|source| source.text.clone());
        let day = calendar.map(|calendar| (calendar.zone, calendar.day_of(now)));
        let context = text.zip(day).map(|(text, (zone, day))| (text, zone, day));
        if context != self.context || context.is_none() {
            self.files.clear();
        }
        self.context = context;
    }

    /// Reads what is not known, and keeps what is.
    fn learn(
        &mut self,
        sources: &Sources,
        calendar: Option<&Calendar>,
        ledger: &Ledger,
        now: DateTime<Utc>,
    ) {
        let mut before = mem::take(&mut self.files).into_iter().peekable();
        let mut known = |source: &Source| {
            while before
                .next_if(|known| known.relative < source.relative)
                .is_some()
            {}
            let known = before.next_if(|known| known.relative == source.relative)?;
            known.is_of(source, ledger).then_some(known)
        };
        let known: Vec<Option<Known>> = sources.events.iter().map(&mut known).collect();
        let all = sources.events.iter().zip(&known);
        let new: Vec<&Source> = all
            .filter(|(_, known)| known.is_none())
            .map(|(source, _)| source)
            .collect();
        let read = |share: &[&Source]| {
            let mut render = renderer(ledger, now);
            let mut read = |source: &&Source| {
                let mut held = Files::with_capacity(1);
                read_file(&mut held, source, calendar, now, &mut render);
                Known {
                    relative: source.relative.clone(),
                    text: source.text.clone(),
                    held,
                }
            };
            share.iter().map(&mut read).collect::<Vec<_>>()
        };
        let read = in_shares(&new, read);
        let mut read = read.into_iter().flatten();
        let files = known.into_iter().map(|known| known.or_else(|| read.next()));
        self.files = files.flatten().collect();
    }
}

impl Known {
    /// Tells whether it is what this source holds, with the stamps that the ledger has.
    fn is_of(&self, source: &Source, ledger: &Ledger) -> bool {
        let is_same = Arc::ptr_eq(&self.text, &source.text);
        is_same && self.held.events.iter().all(|event| event.is_known(ledger))
    }
}
