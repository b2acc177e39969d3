//! Listings: when events take place, day by day.
//!
//! Flows in: occurrences and their calendar. Flows out: a table for people in the calendar's language, Markdown, CSV and
//! JSON.

use crate::desk::asked::{Asked, AskedFault};
use crate::desk::columns::Columns;
use crate::desk::table::{Look, Style};
use crate::desk::times::{end, ends_later, written, written_moment};
use crate::desk::{csv, markdown};
use crate::event::Event;
use crate::event::calendar::Calendar;
use crate::event::link::Url;
use crate::event::occurrences::Occurrence;
use crate::event::when::When;
use crate::feed::entry::title;
use crate::feed::labels::Labels;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use std::ops::RangeInclusive;

/// What takes place on some days.
#[derive(Debug, Clone)]
pub struct Listing {
    /// The days that were looked at.
    pub days: RangeInclusive<NaiveDate>,
    today: NaiveDate,
    labels: &'static Labels,
    items: Vec<Item>,
}

/// One occurrence.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Item {
    start: String,
    end: String,
    all_day: bool,
    /// Whether nobody said when it ends.
    end_assumed: bool,
    project: String,
    kind: &'static str,
    pub(super) title: String,
    pub(super) status: &'static str,
    moved_from: Option<String>,
    place: Option<String>,
    link: Option<String>,
    code: Option<String>,
    uid: String,
    file: String,
    #[serde(skip)]
    pub(super) shown: Shown,
}

/// What people see of an occurrence.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    day: NaiveDate,
    pub(super) time: String,
    pub(super) project: String,
    pub(super) color: Option<[u8; 3]>,
    pub(super) kind: &'static str,
    /// What stands before the title, such as that it is cancelled.
    pub(super) mark: &'static str,
    /// What else there is to say.
    pub(super) notes: Vec<String>,
}

impl Listing {
    /// Lists what is asked for.
    ///
    /// # Errors
    /// There is no such project, or no such day.
    pub fn of(
        calendar: &Calendar,
        events: &[Event],
        asked: &Asked,
        now: DateTime<Utc>,
    ) -> Result<Self, AskedFault> {
        let today = calendar.day_of(now);
        let days = asked.days(events, today)?;
        let occurrences = asked.occurrences(events, calendar, &days, now)?;
        let item = |one: &Occurrence| Item::of(one, calendar);
        Ok(Listing {
            today,
            labels: Labels::of(calendar.language),
            items: occurrences.iter().map(item).collect(),
            days,
        })
    }

    /// Counts what takes place.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Tells whether nothing does.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Writes it for people: a heading for each day, and below it a line for each event.
    pub fn human(&self, look: Look) -> String {
        let columns = Columns::of(&self.items, look.width);
        let mut out = String::new();
        let mut day = None;
        for item in &self.items {
            if day != Some(item.shown.day) {
                out.push_str(if day.is_some() { "\n" } else { "" });
                let heading = self.heading(item.shown.day);
                out.push_str(&look.styled(&heading, Style::Strong));
                out.push('\n');
                day = Some(item.shown.day);
            }
            columns.write(&mut out, item, look);
        }
        out
    }

    fn heading(&self, day: NaiveDate) -> String {
        let date = self.labels.day(day);
        match self.labels.relative_day((day - self.today).num_days()) {
            Some(word) => format!("{date} · {word}"),
            None => date,
        }
    }

    /// Writes it as a table in Markdown.
    pub fn markdown(&self) -> String {
        let mut out = markdown::head(&self.labels.listing);
        for item in &self.items {
            let shown = &item.shown;
            let when = format!("{} {}", self.labels.day(shown.day), shown.time);
            let ways = [
                item.place.as_deref().map(markdown::escaped),
                item.link.as_ref().map(|link| format!("<{link}>")),
                item.code.as_deref().map(markdown::escaped),
            ];
            let ways: Vec<String> = ways.into_iter().flatten().collect();
            let lines = [format!("{}{}", shown.mark, item.title)];
            let lines: Vec<String> = lines
                .iter()
                .chain(&shown.notes)
                .map(|line| markdown::escaped(line))
                .collect();
            out.push_str(&markdown::row(&[
                when,
                markdown::escaped(&shown.project),
                lines.join("<br>"),
                ways.join("<br>"),
            ]));
        }
        out
    }

    /// Writes it as CSV, a row for each occurrence.
    pub fn csv(&self) -> String {
        let mut out = csv::row(&[
            "start",
            "end",
            "all_day",
            "end_assumed",
            "project",
            "kind",
            "title",
            "status",
            "moved_from",
            "place",
            "link",
            "code",
            "uid",
            "file",
        ]);
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        for item in &self.items {
            out.push_str(&csv::row(&[
                &item.start,
                &item.end,
                &item.all_day.to_string(),
                &item.end_assumed.to_string(),
                &item.project,
                item.kind,
                &item.title,
                item.status,
                &text(&item.moved_from),
                &text(&item.place),
                &text(&item.link),
                &text(&item.code),
                &item.uid,
                &item.file,
            ]));
        }
        out
    }

    /// Writes it as a JSON array, an occurrence a line.
    pub fn json(&self) -> String {
        let object = |item| serde_json::to_string(item).expect("an item has text keys only");
        let lines: Vec<String> = self.items.iter().map(object).collect();
        match lines.as_slice() {
            [] => "[]\n".to_owned(),
            lines => format!("[\n{}\n]\n", lines.join(",\n")),
        }
    }
}

impl Item {
    fn of(one: &Occurrence, calendar: &Calendar) -> Self {
        let (event, details) = (one.event, one.details);
        let labels = Labels::of(calendar.language);
        let project = calendar.projects.get(&event.project);
        let project_name = project.map_or(event.project.as_str(), |project| &project.name);
        let (start, end) = written(&one.when);
        let links = [
            &details.join.url,
            &details.stream.url,
            &details.url,
            &details.register,
        ];
        Item {
            start,
            end,
            all_day: matches!(one.when, When::AllDay { .. }),
            end_assumed: one.end_assumed,
            project: event.project.clone(),
            kind: details.kind.as_str(),
            title: title("", details, project_name).into_owned(),
            status: details.status.as_str(),
            moved_from: details.moved_from.as_ref().map(written_moment),
            place: details.location.clone(),
            link: links.into_iter().flatten().next().map(Url::to_string),
            code: details.join.code.clone(),
            uid: event.uid.to_string(),
            file: event.origin.path.to_string(),
            shown: Shown {
                day: one.when.start_date(),
                time: time(one, labels),
                project: project_name.to_owned(),
                color: project
                    .and_then(|project| project.color)
                    .map(|color| color.rgb),
                kind: labels.kind(details.kind),
                mark: labels.mark(details.status),
                notes: notes(one, calendar, labels),
            },
        }
    }

    /// Gives where it is, or how to get in.
    pub(super) fn where_to(&self) -> &str {
        let ways = [&self.place, &self.link, &self.code];
        ways.into_iter().flatten().next().map_or("", String::as_str)
    }
}

/// Writes the clock of an occurrence; an end that nobody said is not shown.
fn time(one: &Occurrence, labels: &Labels) -> String {
    match &one.when {
        When::AllDay { .. } => labels.all_day.to_owned(),
        When::Timed { start, .. } if one.end_assumed || ends_later(&one.when) => {
            start.format("%H:%M").to_string()
        }
        When::Timed { start, end } => format!("{}-{}", start.format("%H:%M"), end.format("%H:%M")),
    }
}

/// Lists what else there is to say.
fn notes(one: &Occurrence, calendar: &Calendar, labels: &Labels) -> Vec<String> {
    let until = ends_later(&one.when).then(|| labels.until(&end(&one.when), calendar.zone));
    let moved = one.details.moved_from.as_ref().map(|from| {
        let from = labels.moment(from, calendar.zone);
        format!("{}{}{from}", labels.moved_from, labels.colon)
    });
    let reason = one
        .details
        .reason
        .as_deref()
        .and_then(|reason| reason.lines().next());
    let reason = reason.map(|reason| format!("{}{}{reason}", labels.reason, labels.colon));
    [until, moved, reason].into_iter().flatten().collect()
}
