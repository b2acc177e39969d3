//! The draft of a new event: what is wished, and what is proposed where nothing is.
//!
//! Flows in: a wish and a proposal. Flows out: YAML, and why it says what it says.

use crate::event::calendar::{Calendar, Project};
use crate::event::duration::written_duration;
use crate::event::proposal::Proposal;
use crate::event::when::When;
use crate::event::{Event, Kind};
use crate::feed::labels::Labels;
use crate::pipeline::new_event::{Refusal, Wish, stems};
use crate::pipeline::{Contents, Sources, read_events};
use crate::source::{Source, below};
use crate::yaml::identity::{check_new_id, free_id};
use crate::yaml::writing::{scalar, schema_line};
use chrono::{DateTime, Days, NaiveDate, Utc};

/// When the event starts and ends.
pub(super) struct Start {
    text: String,
    pub(super) date: NaiveDate,
    /// The key and the value that say when it ends, unless `text` does.
    end: Option<(&'static str, String)>,
}

/// All that a new event is made of.
pub(super) struct Draft<'a> {
    pub(super) wish: &'a Wish,
    pub(super) proposal: Proposal,
    pub(super) project: &'a Project,
    pub(super) calendar: &'a Calendar,
    pub(super) registry: &'a Source,
    pub(super) root: &'a str,
    pub(super) now: DateTime<Utc>,
}

impl Draft<'_> {
    /// Finds when it starts: as wished, else as proposed.
    pub(super) fn start(&self) -> Start {
        let wished = self.wish.end.clone().map(|end| ("end", end));
        let wished = wished.or(self
            .wish
            .duration
            .clone()
            .map(|length| ("duration", length)));
        let Some(text) = &self.wish.start else {
            return self.proposed_start(wished);
        };
        let mut start = Start {
            text: text.clone(),
            date: self.proposal.date,
            end: None,
        };
        let read = self.read(&self.source("new", &start));
        let event = read.events.first();
        start.date = event.map_or(start.date, |event| event.when.start_date());
        // What has a clock and no end lasts as long as the last one did.
        let lacks_end =
            |event: &Event| event.end_assumed && matches!(event.when, When::Timed { .. });
        let length = || ("duration", written_duration(self.proposal.length));
        start.end = wished.or(event.is_some_and(lacks_end).then(length));
        start
    }

    fn proposed_start(&self, wished: Option<(&'static str, String)>) -> Start {
        let Proposal {
            date,
            clock,
            length,
            ..
        } = self.proposal;
        let Some(clock) = clock else {
            let last = date + Days::new(length.num_days().unsigned_abs().max(1) - 1);
            return Start {
                text: date.to_string(),
                date,
                end: wished.or((last > date).then(|| ("end", last.to_string()))),
            };
        };
        let start = date.and_time(clock);
        let end = start + length;
        // Over midnight a length is clearer than a clock.
        let end = match end.date() == date {
            true => ("end", end.format("%H:%M").to_string()),
            false => ("duration", written_duration(length)),
        };
        Start {
            text: start.format("%Y-%m-%d %H:%M").to_string(),
            date,
            end: Some(wished.unwrap_or(end)),
        }
    }

    fn kind(&self) -> Kind {
        let wished = self.wish.kind.as_deref();
        let wished = wished.and_then(|word| Kind::WORDS.iter().find(|(known, _)| *known == word));
        let proposed = self.proposal.kind.or(self.project.kind);
        wished.map_or(proposed.unwrap_or_default(), |(_, kind)| *kind)
    }

    fn episode(&self) -> Option<String> {
        let proposed = self.proposal.episode.map(|episode| episode.to_string());
        self.wish.episode.clone().or(proposed)
    }

    /// Finds an id that no file and no event has.
    pub(super) fn free_id(
        &self,
        date: NaiveDate,
        sources: &Sources,
        events: &[Event],
    ) -> Result<String, Refusal> {
        let prefix = self.calendar.uid_prefix(&self.wish.project);
        let is_free = |id: &str| {
            let uid = format!("{prefix}-{id}@{}", self.calendar.domain);
            let mut stems = stems(sources, &self.wish.project);
            !stems.any(|stem| stem == id) && !events.iter().any(|event| *event.uid == *uid)
        };
        let taken = |id: &str| Refusal::Taken(below(self.root, &self.relative(id)));
        if let Some(id) = &self.wish.id {
            check_new_id(id).map_err(Refusal::Wish)?;
            return is_free(id).then(|| id.clone()).ok_or(taken(id));
        }
        let episode = self.episode().filter(|id| check_new_id(id).is_ok());
        let id = episode.unwrap_or_else(|| date.to_string());
        free_id(&id, is_free).ok_or(taken(&id))
    }

    fn relative(&self, id: &str) -> String {
        format!("{}/{id}.yaml", self.wish.project)
    }

    /// Writes the file.
    pub(super) fn source(&self, id: &str, start: &Start) -> Source {
        let relative = self.relative(id);
        let mut text = schema_line(self.registry, &relative).unwrap_or_default();
        let mut add = |key: &str, value: Option<String>| {
            text.extend(value.map(|value| format!("{key}: {value}\n")));
        };
        let written = |text: &Option<String>| text.as_deref().map(scalar);
        let kind = self.wish.kind.clone().or(self.other_kind());
        add("kind", written(&kind));
        add("episode", self.episode().as_deref().map(number));
        add("title", Some(scalar(&self.title())));
        add("start", Some(scalar(&start.text)));
        if let Some((key, value)) = &start.end {
            add(key, Some(scalar(value)));
        }
        let join = self
            .join()
            .map(|link| format!("\n  url: {}", scalar(&link)));
        add("join", join.map(|below| below.trim_end().to_owned()));
        add("location", written(&self.location()));
        text.push_str(&self.hints());
        Source::new(self.root, &relative, text.replace("join: \n", "join:\n"))
    }

    /// Gives the word of a kind that the project does not have by itself.
    fn other_kind(&self) -> Option<String> {
        let kind = self.kind();
        let words = Kind::WORDS.iter().find(|(_, known)| *known == kind);
        let is_other = kind != self.project.kind.unwrap_or_default();
        words
            .filter(|_| is_other)
            .map(|(word, _)| (*word).to_owned())
    }

    fn title(&self) -> String {
        let known = self.wish.title.clone().or(self.proposal.title.clone());
        let kind = Labels::of(self.calendar.language).kind(self.kind());
        known.unwrap_or_else(|| format!("{} {kind}", self.project.name))
    }

    fn join(&self) -> Option<String> {
        let proposed = self.proposal.join.as_ref();
        // What the project says need not be said again.
        let proposed = proposed.filter(|url| self.project.join.url.as_ref() != Some(url));
        let proposed = proposed.map(|url| url.as_str().to_owned());
        self.wish.join.clone().or(proposed)
    }

    fn location(&self) -> Option<String> {
        let proposed = self.proposal.location.clone();
        let proposed = proposed.filter(|place| self.project.location.as_ref() != Some(place));
        self.wish.location.clone().or(proposed)
    }

    /// Says as comments what else maintainers often write.
    fn hints(&self) -> String {
        let issue = match self.project.repo {
            Some(_) => ", issue: 1",
            None => "",
        };
        let is_meeting = self.kind() == Kind::Meeting;
        let has_link = self.join().is_some() || self.project.join.url.is_some();
        let has_stream = self.project.stream.url.is_some();
        let lines = [
            (is_meeting && !has_link)
                .then(|| "join: https://example.org/the-link-of-the-meeting".to_owned()),
            (self.kind() == Kind::Livestream && !has_stream)
                .then(|| "stream: https://example.org/the-link-of-the-stream".to_owned()),
            (!is_meeting).then(|| "speakers: [{name: A name, org: A company}]".to_owned()),
            Some(format!(
                "agenda:\n#   - {{text: What is talked about{issue}}}"
            )),
            Some("description: What else is to be said.".to_owned()),
        ];
        let lines = lines.into_iter().flatten();
        let lines: String = lines.map(|line| format!("# {line}\n")).collect();
        format!(
            "# Take away the `# ` of the lines that you need, and write what belongs there:\n{lines}"
        )
    }

    /// Reads a file as if it were the only one.
    pub(super) fn read(&self, source: &Source) -> Contents {
        let sources = Sources {
            root: self.root.to_owned(),
            calendar: Some(self.registry.clone()),
            events: vec![source.clone()],
            diagnostics: Vec::new(),
        };
        let mut read = read_events(&sources, self.now);
        read.diagnostics
            .retain(|found| found.place.file == source.path);
        read
    }

    /// Says why the file says what nobody wished.
    pub(super) fn reasons(
        &self,
        start: &Start,
        events: &[&Event],
        today: NaiveDate,
    ) -> Vec<String> {
        let mut reasons = Vec::new();
        if self.wish.start.is_none() {
            reasons.push(format!("start: {}, {}", start.text, self.proposal.because));
        }
        if let (Some((key, value)), None, None) = (&start.end, &self.wish.end, &self.wish.duration)
        {
            let why = match events.is_empty() {
                true => "as events of the project do by default",
                false => "as long as the last one",
            };
            reasons.push(format!("{key}: {value}, {why}"));
        }
        if self.wish.title.is_none() {
            reasons.push(match &self.proposal.title {
                Some(title) => format!("title: {title}, as before"),
                None => format!("title: {}, until you write a better one", self.title()),
            });
        }
        if let (Some(episode), None) = (self.episode(), &self.wish.episode) {
            reasons.push(format!("episode: {episode}, the next number"));
        }
        let goes_on = |event: &&&Event| {
            let is_over = event.last_date().is_some_and(|last| last < today);
            event.series.is_some() && !is_over
        };
        reasons.extend(events.iter().filter(goes_on).map(|event| {
            let path = &event.origin.path;
            format!("note: `{path}` is a series that goes on; to change one of its days, write it there under `changes:`")
        }));
        reasons
    }
}

/// Writes a number without quotes; what is none gets them, and a complaint later.
fn number(text: &str) -> String {
    match text.bytes().all(|b| b.is_ascii_digit()) && !text.is_empty() {
        true => text.to_owned(),
        false => scalar(text),
    }
}
