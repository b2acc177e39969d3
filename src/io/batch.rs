//! Batches: what a watcher says of each of its runs.
//!
//! Flows in: what changed, what was written, what is held. Flows out: one calm line for people on stderr, or one
//! JSON object on stdout.

use super::IoError;
use super::report::{Color, Format, TextOf, data, json_of, report, say};
use super::snippet::visible;
use crate::diagnostic::Diagnostic;
use chrono::{DateTime, Local};
use serde_json::{Value, json};
use std::time::Duration;

/// What a batch did.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// When it began.
    pub time: DateTime<Local>,
    /// The files that changed, below the events folder.
    pub files: Vec<String>,
    /// What subscribers will notice.
    pub events: Vec<Noticed>,
    /// The files that were written.
    pub written: Vec<String>,
    /// The files that keep their events as they were, since they are broken.
    pub held: Vec<String>,
    /// The files that were held and are well again.
    pub fixed: Vec<String>,
    /// Why nothing is published, if that is so.
    pub waiting: Option<String>,
    /// What is wrong with the files.
    pub diagnostics: Vec<Diagnostic>,
    /// How long it took.
    pub took: Duration,
}

/// What subscribers will notice of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noticed {
    /// What happened to it, in one word.
    pub what: &'static str,
    /// What people call it.
    pub title: String,
    /// When it starts.
    pub start: String,
    /// When it started before.
    pub was: Option<String>,
}

/// The most names that a line lists.
const MOST_NAMED: usize = 5;

impl Batch {
    /// Tells whether it did or found anything.
    pub fn is_news(&self) -> bool {
        let lists = [&self.files, &self.written, &self.fixed];
        lists.iter().any(|names| !names.is_empty()) || self.is_wrong()
    }

    /// Tells whether someone should do something.
    pub fn is_wrong(&self) -> bool {
        !self.diagnostics.is_empty() || self.waiting.is_some()
    }

    /// Says it in a format; people read the diagnostics first.
    pub fn say(
        &self,
        text_of: TextOf<'_, '_>,
        format: Format,
        color: Color,
    ) -> Result<(), IoError> {
        match format {
            Format::Json => data(&format!("{}\n", self.json(text_of))),
            Format::Human | Format::Github => {
                report(&self.diagnostics, text_of, format, color)?;
                say(&visible(&self.line()));
                Ok(())
            }
        }
    }

    fn line(&self) -> String {
        let told = |word: &str, names: &[String]| match names {
            [] => None,
            names => Some(format!("{word} {}", listed(names))),
        };
        let events: Vec<String> = self.events.iter().map(Noticed::told).collect();
        let events = (!events.is_empty()).then(|| listed(&events));
        let is_up_to_date = self.written.is_empty() && self.waiting.is_none();
        let parts = [
            told("changed:", &self.files),
            events,
            told("fixed:", &self.fixed),
            told("held as last published:", &self.held),
            self.waiting.clone(),
            told("wrote", &self.written),
            is_up_to_date.then(|| "the feeds are up to date".to_owned()),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        let time = self.time.format("%H:%M:%S");
        let took = self.took.as_millis();
        format!("{time} {} ({took} ms)", parts.join("; "))
    }

    fn json(&self, text_of: TextOf<'_, '_>) -> Value {
        let event = |event: &Noticed| json!({"what": event.what, "title": event.title, "start": event.start, "was": event.was});
        json!({
            "time": self.time.to_rfc3339(),
            "files": self.files,
            "events": self.events.iter().map(event).collect::<Vec<Value>>(),
            "written": self.written,
            "held": self.held,
            "fixed": self.fixed,
            "waiting": self.waiting,
            "diagnostics": json_of(&self.diagnostics, text_of),
            "milliseconds": self.took.as_millis() as u64,
        })
    }
}

impl Noticed {
    fn told(&self) -> String {
        match &self.was {
            Some(was) => format!(
                "{} `{}` from {was} to {}",
                self.what, self.title, self.start
            ),
            None => format!("{} `{}` of {}", self.what, self.title, self.start),
        }
    }
}

fn listed(names: &[String]) -> String {
    match names.len().saturating_sub(MOST_NAMED) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names[..MOST_NAMED].join(", ")),
    }
}
