//! Checking: what a run that publishes would complain about, and what else is worth a look.
//!
//! The one step that keeps every event whole and asks the lints of `event::rules`; nothing of it is in `build`.

use crate::event::Event;
use crate::event::calendar::Calendar;
use crate::event::rules::{Known, lint};
use crate::pipeline::rendered::Rendered;
use crate::pipeline::{
    Build, Files, Ledger, Settings, Sources, assemble, calendar_of, read_files, renderer,
};
use chrono::{DateTime, Utc};

/// Builds as `build` does, and finds besides what only `check` looks for.
pub fn check(sources: &Sources, ledger: &Ledger, settings: Settings, now: DateTime<Utc>) -> Build {
    let mut build = Build {
        diagnostics: sources.diagnostics.clone(),
        ..Build::default()
    };
    let calendar = calendar_of(sources, &mut build.diagnostics);
    let keeper = || {
        let mut render = renderer(ledger, now);
        move |event: Event, calendar: &Calendar| (render(event.clone(), calendar), event)
    };
    let read = read_files(&sources.events, calendar.as_ref(), now, keeper);
    let (rendered, mut events): (Vec<Rendered>, Vec<Event>) = read.events.into_iter().unzip();
    // What is found must not depend on the order of files.
    events.sort_by(|a, b| a.uid.cmp(&b.uid));
    if let Some(calendar) = &calendar {
        build.diagnostics.extend(lint(&Known {
            calendar,
            events: &events,
            drafts: &read.drafts,
            now,
        }));
    }
    let files = Files {
        events: rendered,
        identities: read.identities,
        drafts: read.drafts,
        allowances: read.allowances,
        diagnostics: read.diagnostics,
    };
    assemble(build, files, calendar, sources, ledger, settings)
}
