//! A new calendar: its registry and an example of an event, for people to begin with.
//!
//! Flows in: what is wished. Flows out: sources that are not on the disk yet, and what is wrong with them, found by the
//! same steps as for every other file.

use crate::diagnostic::Diagnostic;
use crate::event::calendar::Calendar;
use crate::pipeline::new_event::{Wish, new_event};
use crate::pipeline::{Sources, has_errors, read_events};
use crate::source::Source;
use crate::yaml::writing::scalar;
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};

/// What someone wishes of a new calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarWish {
    /// What subscribers see as the calendar's name.
    pub name: String,
    /// The end of every UID.
    pub domain: String,
    /// The slug of the first project.
    pub project: String,
    /// The IANA zone of every time.
    pub timezone: String,
    /// The language of labels.
    pub language: String,
}

/// Files that are to be written.
#[derive(Debug, Clone)]
pub struct NewCalendar {
    /// `calendar.yaml`, and an event file if that is well.
    pub sources: Vec<Source>,
    /// What is wrong with them, or worth a look.
    pub diagnostics: Vec<Diagnostic>,
}

impl NewCalendar {
    /// Tells whether they must not be written.
    pub fn has_errors(&self) -> bool {
        has_errors(&self.diagnostics)
    }
}

/// Writes the registry of a calendar below a folder, and an event that is still to come.
pub fn new_calendar(root: &str, wish: &CalendarWish, now: DateTime<Utc>) -> NewCalendar {
    let registry = Source::new(root, "calendar.yaml", registry(wish));
    let mut sources = Sources {
        root: root.to_owned(),
        calendar: Some(registry.clone()),
        ..Sources::default()
    };
    if let Some(calendar) = read_events(&sources, now).calendar {
        sources.events = example(&sources, &calendar, wish, now)
            .into_iter()
            .collect();
    }
    NewCalendar {
        diagnostics: read_events(&sources, now).diagnostics,
        sources: [registry].into_iter().chain(sources.events).collect(),
    }
}

fn registry(wish: &CalendarWish) -> String {
    let CalendarWish {
        name,
        domain,
        project,
        timezone,
        language,
    } = wish;
    let [name, domain, project, timezone, language] =
        [name, domain, project, timezone, language].map(|text| scalar(text));
    format!(
        "# yaml-language-server: $schema=../docs/schema/calendar.json
name: {name}
# Calendars know each event by a name that ends with this. Choose one that stays before you publish.
domain: {domain}
# The web address of the folder that is published, for links between the feeds:
# base_url: https://example.org/calendar
# The zone of every time, and the language of the labels, en or zh:
timezone: {timezone}
language: {language}
projects:
  # Each has a folder beside this file and a feed of its own. What stands here holds for all of its events.
  {project}:
    name: {title}
#    repo: https://github.com/example/example
#    join: https://example.org/the-link-of-all-meetings
",
        title = scalar(&in_words(&wish.project)),
    )
}

/// Makes a name of a slug: `sofa-channel` is `Sofa channel`.
fn in_words(slug: &str) -> String {
    let mut letters = slug.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    let words: String = first.into_iter().chain(letters).collect();
    words.replace('-', " ")
}

/// Writes an event for a Wednesday that is at least a week away.
fn example(
    sources: &Sources,
    calendar: &Calendar,
    wish: &CalendarWish,
    now: DateTime<Utc>,
) -> Option<Source> {
    let day = wednesday_from(calendar.day_of(now) + Days::new(8));
    let wish = Wish {
        project: wish.project.clone(),
        start: Some(format!("{day} 14:00")),
        join: Some("https://example.org/the-link-of-the-meeting".to_owned()),
        ..Wish::default()
    };
    let example = new_event(sources, &wish, now).ok()?.source;
    let (schema, rest) = example.text.split_once('\n')?;
    let about = "# An example: make it yours, or delete it.";
    let text = format!("{schema}\n{about}\n{rest}");
    Some(Source::new(&sources.root, &example.relative, text))
}

fn wednesday_from(day: NaiveDate) -> NaiveDate {
    let ahead = Weekday::Wed.days_since(day.weekday());
    day + Days::new(ahead.into())
}
