//! Holding: a broken file keeps its own events as they are, and everything else goes on.
//!
//! Flows in: sources, again and again. Flows out: builds in which a file with errors stands for its last good
//! text, read against the calendar of today. Deliberately absent: holding what was never well.

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::pipeline::memory::Memory;
use crate::pipeline::{Build, Ledger, Settings, Sources};
use crate::source::{Source, below};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Builds the same folder again and again.
#[derive(Debug, Default)]
pub struct Steady {
    memory: Memory,
    /// The event files of the last build without errors, and the last good ones of those held since.
    good: BTreeMap<Arc<str>, Source>,
    /// Whether there was a build without errors at all.
    was_clean: bool,
}

/// What a run gives that may hold files.
#[derive(Debug)]
pub struct SteadyBuild {
    /// The build; it has errors if nothing may be published.
    pub build: Build,
    /// The files that are held, as people reach them.
    pub held: BTreeSet<Arc<str>>,
}

/// An event that stays as it was published, since its file is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// What people call it.
    pub title: String,
    /// When it starts.
    pub start: String,
}

impl SteadyBuild {
    /// Lists the files that are held with the events that stay, which are none if a file was never well. `root` is the
    /// events folder as people reach it.
    pub fn standing(&self, root: &str) -> BTreeMap<Arc<str>, Vec<Standing>> {
        let nothing = |file: &Arc<str>| (file.clone(), Vec::new());
        let mut standing: BTreeMap<Arc<str>, Vec<Standing>> =
            self.held.iter().map(nothing).collect();
        if standing.is_empty() {
            return standing;
        }
        let records = self.build.ledger.records.values();
        for record in records.filter(|record| !record.is_gone && !record.is_left_out) {
            if let Some(events) = standing.get_mut(&*below(root, &record.source)) {
                events.push(Standing {
                    title: record.title.clone(),
                    start: record.start.clone(),
                });
            }
        }
        for events in standing.values_mut() {
            events.sort_by(|a, b| (&a.start, &a.title).cmp(&(&b.start, &b.title)));
        }
        standing
    }
}

impl Steady {
    /// Turns event files into feeds; files with errors are held, if that is enough.
    ///
    /// The diagnostics are those of the files as they are. Errors in the calendar or across files
    /// block, and so does every error until there was one build without any.
    pub fn build(
        &mut self,
        sources: &Sources,
        ledger: &Ledger,
        settings: Settings,
        now: DateTime<Utc>,
    ) -> SteadyBuild {
        let build = self.memory.build(sources, ledger, settings, now);
        let mut held = BTreeSet::new();
        if !build.has_errors() {
            self.was_clean = true;
            self.remember(sources);
            return SteadyBuild { build, held };
        }
        held = match self.was_clean {
            true => broken_alone(&build.diagnostics, sources),
            false => BTreeSet::new(),
        };
        if held.is_empty() {
            return SteadyBuild { build, held };
        }
        let standing = self.standing(sources, &held);
        let mut second = self.memory.build(&standing, ledger, settings, now);
        if second.has_errors() {
            held.clear();
        } else {
            self.remember(&standing);
        }
        let known = &build.diagnostics;
        let more: Vec<Diagnostic> = second
            .diagnostics
            .into_iter()
            .filter(|found| !known.contains(found))
            .collect();
        second.diagnostics = build.diagnostics;
        second.diagnostics.extend(more);
        SteadyBuild {
            build: second,
            held,
        }
    }

    /// Puts the last good text in the place of each held file; one that was never well is left out.
    fn standing(&self, sources: &Sources, held: &BTreeSet<Arc<str>>) -> Sources {
        let is_held = |path: &Arc<str>| held.contains(path);
        let well = sources
            .events
            .iter()
            .filter(|source| !is_held(&source.path));
        let good = self.good.values().filter(|source| is_held(&source.path));
        let mut events: Vec<Source> = well.chain(good).cloned().collect();
        events.sort_by(|a, b| a.relative.cmp(&b.relative));
        let is_elsewhere = |found: &&Diagnostic| !is_held(&found.place.file);
        Sources {
            root: sources.root.clone(),
            calendar: sources.calendar.clone(),
            events,
            diagnostics: sources
                .diagnostics
                .iter()
                .filter(is_elsewhere)
                .cloned()
                .collect(),
        }
    }

    fn remember(&mut self, sources: &Sources) {
        let named = |source: &Source| (source.relative.clone(), source.clone());
        self.good = sources.events.iter().map(named).collect();
    }

    /// Tells whether the files may mean something else than in the last build, since the day is another one.
    pub fn is_of_another_day(&self, now: DateTime<Utc>) -> bool {
        self.memory.is_of_another_day(now)
    }

    /// Gives the moment from which the files may mean something else, though none changes: the next
    /// midnight of the calendar's zone.
    pub fn end_of_day(&self) -> Option<DateTime<Utc>> {
        self.memory.end_of_day()
    }
}

/// Lists the event files with errors, if every error is in one and about that one alone.
fn broken_alone(diagnostics: &[Diagnostic], sources: &Sources) -> BTreeSet<Arc<str>> {
    let folder = below(&sources.root, "");
    let calendar = below(&sources.root, "calendar.yaml");
    let is_alone = |found: &&Diagnostic| {
        let file = &found.place.file;
        let is_elsewhere_too = || found.related.iter().any(|(place, _)| place.file != *file);
        let is_shared = found.code() == Code::DuplicateUid && is_elsewhere_too();
        file.starts_with(&folder) && **file != *calendar && !is_shared
    };
    let is_error = |found: &&Diagnostic| found.severity() == Severity::Error;
    let errors: Vec<&Diagnostic> = diagnostics.iter().filter(is_error).collect();
    match errors.iter().all(is_alone) {
        true => errors
            .iter()
            .map(|found| found.place.file.clone())
            .collect(),
        false => BTreeSet::new(),
    }
}
