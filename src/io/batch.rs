//! Batches: what a watcher says of each of its runs.
//!
//! Flows in: what changed, what was written, what is held. Flows out: one calm line for people on stderr, or one
//! JSON object on stdout.

use super::IoError;
use super::feeds::LEDGER;
use super::journal::Journal;
use super::report::{Format, TextOf, data, json_of, say, summary};
use super::snippet::{Color, Tone, render_human, visible};
use crate::diagnostic::Diagnostic;
use chrono::{DateTime, Local};
use serde_json::{Value, json};
use std::time::Duration;

/// What a batch did.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// When it began.
    pub time: DateTime<Local>,
    /// The files that changed, as people reach them.
    pub files: Vec<String>,
    /// What subscribers will notice.
    pub events: Vec<Noticed>,
    /// The files that were written.
    pub written: Vec<String>,
    /// The files that are broken and keep what was published of them.
    pub held: Vec<HeldFile>,
    /// The files that were broken and are well again.
    pub fixed: Vec<String>,
    /// Why nothing is published, if that is so.
    pub waiting: Option<String>,
    /// What is wrong with the files, and was not said before.
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

/// A broken file, and what stays as it was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldFile {
    /// The file, as people reach it.
    pub file: String,
    /// Its events; none if it was never well.
    pub events: Vec<HeldEvent>,
}

/// An event that stays as it was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldEvent {
    /// What people call it.
    pub title: String,
    /// When it starts.
    pub start: String,
}

/// The most names that a line lists whole.
const MOST_NAMED: usize = 4;
/// The most diagnostics that people see of a batch, the errors first: one slip in calendar.yaml may be wrong in every file.
pub const MOST_DRAWN: usize = 20;

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
        journal: &mut Journal,
    ) -> Result<(), IoError> {
        if format == Format::Json {
            return data(&format!("{}\n", self.json(text_of)));
        }
        let color = journal.color();
        let drawn = drawn(&self.diagnostics);
        if !drawn.is_empty() {
            let more = match drawn.len() < self.diagnostics.len() {
                true => format!(", of which you see {MOST_DRAWN}"),
                false => String::new(),
            };
            let drawing = render_human(&drawn, text_of, color);
            say(&format!("{drawing}\n{}{more}", summary(&self.diagnostics)));
        }
        journal.say_of(&self.line(color), self.time, self.took);
        Ok(())
    }

    fn line(&self, color: Color) -> String {
        let (standing, left_out): (Vec<&HeldFile>, Vec<&HeldFile>) =
            self.held.iter().partition(|held| !held.events.is_empty());
        let standing: Vec<String> = standing.into_iter().map(HeldFile::told).collect();
        let left_out: Vec<String> = left_out.iter().map(|held| held.file.clone()).collect();
        let is_idle = self.written.is_empty() && self.held.is_empty() && self.waiting.is_none();
        let waiting: Vec<String> = self.waiting.iter().cloned().collect();
        let plain = [
            part("changed:", &self.files),
            Noticed::told_of_all(&self.events),
        ];
        let toned = [
            (Tone::Good, part("fixed:", &self.fixed)),
            (Tone::Warning, part("held as last published:", &standing)),
            (Tone::Warning, part("left out until mended:", &left_out)),
            (Tone::Warning, waiting.first().map(|why| visible(why))),
        ];
        let toned = toned.map(|(tone, part)| part.map(|part| tone.paint(&part, color)));
        let last = [
            part("wrote", &feeds_of(&self.written)),
            is_idle.then(|| "the feeds are up to date".to_owned()),
        ];
        let parts = plain.into_iter().chain(toned).chain(last).flatten();
        parts.collect::<Vec<String>>().join("; ")
    }

    fn json(&self, text_of: TextOf<'_, '_>) -> Value {
        let event = |event: &Noticed| json!({"what": event.what, "title": event.title, "start": event.start, "was": event.was});
        json!({
            "time": self.time.to_rfc3339(),
            "files": self.files,
            "events": self.events.iter().map(event).collect::<Vec<Value>>(),
            "written": self.written,
            "held": self.held.iter().map(HeldFile::json).collect::<Vec<Value>>(),
            "fixed": self.fixed,
            "waiting": self.waiting,
            "diagnostics": json_of(&self.diagnostics, text_of),
            "milliseconds": self.took.as_millis() as u64,
        })
    }
}

impl Noticed {
    /// Names the events, by what happened to them.
    fn told_of_all(events: &[Noticed]) -> Option<String> {
        let mut parts = Vec::new();
        let mut words: Vec<&str> = events.iter().map(|event| event.what).collect();
        words.sort_unstable();
        words.dedup();
        for word in words {
            let such = events.iter().filter(|event| event.what == word);
            parts.extend(part(
                word,
                &such.map(Noticed::told).collect::<Vec<String>>(),
            ));
        }
        (!parts.is_empty()).then(|| parts.join("; "))
    }

    fn told(&self) -> String {
        let Noticed { title, start, .. } = self;
        match &self.was {
            Some(was) => format!("`{title}` from {was} to {start}"),
            None => format!("`{title}` of {start}"),
        }
    }
}

impl HeldFile {
    fn told(&self) -> String {
        let event = |event: &HeldEvent| format!("`{}` of {}", event.title, event.start);
        let events: Vec<String> = self.events.iter().map(event).collect();
        format!("{} ({})", listed(&events), self.file)
    }

    fn json(&self) -> Value {
        let event = |event: &HeldEvent| json!({"title": event.title, "start": event.start});
        let events: Vec<Value> = self.events.iter().map(event).collect();
        json!({"file": self.file, "events": events})
    }
}

/// Chooses the diagnostics that people see: errors before warnings, and not too many.
fn drawn(diagnostics: &[Diagnostic]) -> Vec<Diagnostic> {
    if diagnostics.len() <= MOST_DRAWN {
        return diagnostics.to_vec();
    }
    let (errors, others) = diagnostics
        .iter()
        .partition::<Vec<&Diagnostic>, _>(|found| found.is_error());
    let all = errors.into_iter().chain(others);
    all.take(MOST_DRAWN).cloned().collect()
}

/// Lists feeds for people, who need not hear of the ledger beside them.
fn feeds_of(written: &[String]) -> Vec<String> {
    let feeds = written.iter().filter(|name| *name != LEDGER);
    let feeds: Vec<String> = feeds.cloned().collect();
    match feeds.is_empty() {
        true => written.to_vec(),
        false => feeds,
    }
}

fn part(word: &str, names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| format!("{word} {}", visible(&listed(names))))
}

fn listed(names: &[String]) -> String {
    match names.len() {
        0..=MOST_NAMED => names.join(", "),
        all => {
            let few = MOST_NAMED - 1;
            format!("{} and {} more", names[..few].join(", "), all - few)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Batch, HeldEvent, HeldFile, MOST_DRAWN, Noticed, drawn};
    use crate::diagnostic::{Code, Complaint, Diagnostic, Place};
    use crate::io::snippet::Color;

    fn noticed(what: &'static str, title: &str, was: Option<&str>) -> Noticed {
        Noticed {
            what,
            title: title.to_owned(),
            start: "2026-03-04 14:00".to_owned(),
            was: was.map(str::to_owned),
        }
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_line_names_files_events_by_what_happened_and_feeds() {
        let batch = Batch {
            files: names(&["events/a.yaml", "events/b.yaml"]),
            events: vec![
                noticed("edited", "A", None),
                noticed("added", "B", None),
                noticed("edited", "C", None),
                noticed("moved", "D", Some("2026-03-03 14:00")),
            ],
            written: names(&["ledger.json", "all.ics", "x.ics"]),
            ..Batch::default()
        };
        assert_eq!(
            batch.line(Color::Never),
            "changed: events/a.yaml, events/b.yaml; added `B` of 2026-03-04 14:00; edited `A` of 2026-03-04 14:00, \
             `C` of 2026-03-04 14:00; moved `D` from 2026-03-03 14:00 to 2026-03-04 14:00; wrote all.ics, x.ics"
        );
    }

    #[test]
    fn what_is_held_is_named_by_its_events_and_what_was_never_well_by_its_file() {
        let event = HeldEvent {
            title: "A".to_owned(),
            start: "2026-03-04".to_owned(),
        };
        let held = |file: &str, events: Vec<HeldEvent>| HeldFile {
            file: file.to_owned(),
            events,
        };
        let batch = Batch {
            held: vec![
                held("events/a.yaml", vec![event]),
                held("events/b.yaml", Vec::new()),
            ],
            fixed: names(&["events/c.yaml"]),
            ..Batch::default()
        };
        let expected = "fixed: events/c.yaml; held as last published: `A` of 2026-03-04 (events/a.yaml); \
                        left out until mended: events/b.yaml";
        assert_eq!(batch.line(Color::Never), expected);
        let colored = batch.line(Color::Always);
        assert!(colored.contains("\u{1b}[1m\u{1b}[33mheld") || colored.contains("mheld"));
        assert!(
            Batch::default()
                .line(Color::Always)
                .starts_with("the feeds")
        );
    }

    #[test]
    fn long_lists_are_cut_and_control_characters_shown() {
        let many: Vec<String> = (1..=6).map(|number| format!("{number}.yaml")).collect();
        let batch = Batch {
            files: many,
            events: vec![noticed("added", "a\u{1b}[2Jb", None)],
            ..Batch::default()
        };
        let line = batch.line(Color::Never);
        assert!(
            line.starts_with("changed: 1.yaml, 2.yaml, 3.yaml and 3 more; added `a"),
            "{line}"
        );
        assert!(!line.contains('\u{1b}'), "{line}");
    }

    #[test]
    fn people_see_some_diagnostics_the_errors_first() {
        let found = |code| Complaint::new(code, "x").at(Place::file("a"));
        let mut all: Vec<Diagnostic> = vec![found(Code::Vanished); 100];
        all.push(found(Code::BadUrl));
        let drawn = drawn(&all);
        assert_eq!(drawn.len(), MOST_DRAWN);
        assert_eq!(drawn[0].code(), Code::BadUrl);
    }
}
