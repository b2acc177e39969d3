//! Filling: what a gathered event says, key by key, as an event file would.
//!
//! Flows in: an event that posts tell of, and the calendar. Flows out: entries in the order of event files, each with the
//! doubts that belong beside it. What could not stand in a feed is left out, and that is a doubt too.

use crate::event::Kind;
use crate::event::calendar::{Calendar, Project};
use crate::event::link::{Url, read_issue};
use crate::event::phone::Phone;
use crate::newsletter::agenda::Point;
use crate::newsletter::announcement::{Announcement, Named};
use crate::newsletter::doubt::Note;
use crate::newsletter::fields::is_issue;
use crate::newsletter::gathering::{Gathered, Mention};
use crate::newsletter::people::Speaker;
use crate::newsletter::plain::{letters, unquoted};
use crate::newsletter::sheet::{Entry, Value};
use crate::newsletter::told_time::Told;
use crate::newsletter::vocabulary::{Sense, Vocabulary};
use crate::newsletter::web_address::is_same_page;

/// The longest text of one line that an event file takes, in characters.
const LONGEST_LINE: usize = 500;

/// The longest prose.
const LONGEST_PROSE: usize = 20_000;

/// The longest announcing line that is quoted, in characters.
const LONGEST_QUOTE: usize = 200;

/// Writes what a gathered event says.
pub(super) fn entries_of(
    gathered: &Gathered,
    calendar: &Calendar,
    vocabulary: &Vocabulary,
) -> Vec<Entry> {
    let event = &gathered.event;
    let nobody = Project::default();
    let slug = event.project.as_ref().map_or("", |whose| &whose.slug);
    let project = calendar.projects.get(slug).unwrap_or(&nobody);
    let mut filling = Filling {
        event,
        project,
        notes: event.doubts.notes.clone(),
        entries: Vec::new(),
    };
    let kind = Some(event.kind).filter(|kind| *kind != project.kind.unwrap_or_default());
    filling.text("kind", kind.map(word));
    filling.plain("episode", event.episode.map(|episode| episode.to_string()));
    filling.text("title", Some(title(event, project)));
    filling.times();
    filling.join();
    filling.stream();
    filling.text("location", event.details.location.clone());
    filling.text("dingtalk_group", event.details.group.clone());
    let register = filling.url("register", event.details.register.as_ref());
    filling.text("register", register);
    filling.add("agenda", Value::list(filling.points(&event.details.agenda)));
    let is_host = |speaker: &&Speaker| {
        speaker
            .role
            .as_deref()
            .is_some_and(|role| vocabulary.says(Sense::Hosts, role))
    };
    let (hosts, speakers): (Vec<&Speaker>, Vec<&Speaker>) =
        event.details.speakers.iter().partition(is_host);
    filling.add(
        "speakers",
        Value::list(speakers.into_iter().map(person).collect()),
    );
    filling.add(
        "hosts",
        Value::list(hosts.into_iter().map(person).collect()),
    );
    // A picture beside the post has no address of its own.
    let image = event
        .details
        .image
        .as_ref()
        .filter(|image| image.contains("://"));
    let image = filling.url("image", image);
    filling.text("image", image);
    filling.tracking();
    filling.text("url", page_address(gathered));
    let register = event.details.register.as_deref();
    let is_said = |link: &&Named| register.is_some_and(|known| is_same_page(known, &link.url));
    let further = event
        .details
        .links
        .iter()
        .filter(|link| !is_said(link))
        .cloned();
    let links = filling.links("links", &further.collect::<Vec<_>>());
    filling.add("links", Value::list(links));
    filling.review();
    filling.add("sources", sources(&gathered.mentions));
    filling.finished()
}

struct Filling<'f> {
    event: &'f Announcement,
    project: &'f Project,
    /// What has no entry yet to stand beside.
    notes: Vec<Note>,
    entries: Vec<Entry>,
}

impl Filling<'_> {
    fn add(&mut self, key: &'static str, value: Option<Value>) {
        let Some(value) = value else { return };
        let (here, later) = self
            .notes
            .drain(..)
            .partition(|note: &Note| note.field == key);
        self.notes = later;
        let doubts = here.into_iter().map(|note: Note| note.text).collect();
        self.entries.push(Entry { key, value, doubts });
    }

    fn text(&mut self, key: &'static str, text: Option<String>) {
        let text = text.map(|text| cut(&text, LONGEST_LINE));
        self.add(key, text.filter(|text| !text.is_empty()).map(Value::Text));
    }

    fn plain(&mut self, key: &'static str, text: Option<String>) {
        self.add(key, text.map(Value::Plain));
    }

    /// Checks an address; one that cannot stand in a feed becomes a doubt.
    fn url(&mut self, field: &'static str, url: Option<&String>) -> Option<String> {
        let url = url?;
        match Url::read(url) {
            Ok(_) => Some(url.clone()),
            Err(complaint) => {
                let text = format!("left out: {}", complaint.message);
                self.notes.push(Note { field, text });
                None
            }
        }
    }

    fn times(&mut self) {
        match self.event.when {
            Told::Undated => self.plain("start", Some("null".to_owned())),
            Told::Days { first, last } => {
                self.text("start", Some(first.to_string()));
                self.text("end", (last > first).then(|| last.to_string()));
            }
            Told::Timed { start, end } => {
                self.text("start", Some(start.format("%Y-%m-%d %H:%M").to_string()));
                let end = end.map(|end| match end.date_naive() == start.date_naive() {
                    true => end.format("%H:%M").to_string(),
                    false => end.format("%Y-%m-%d %H:%M").to_string(),
                });
                self.text("end", end);
            }
        }
    }

    fn join(&mut self) {
        let details = &self.event.details;
        let url = self.url("join", details.join_url.as_ref());
        let phones = details
            .phones
            .iter()
            .filter(|phone| Phone::read(phone).is_ok());
        let phones: Vec<String> = phones.cloned().collect();
        let keys = [
            url.map(|url| ("url", Value::Text(url))),
            details.code.clone().map(|code| ("code", Value::Text(code))),
            (!phones.is_empty()).then_some(("phones", Value::Texts(phones))),
        ];
        let keys: Vec<_> = keys.into_iter().flatten().collect();
        self.add("join", (!keys.is_empty()).then_some(Value::Mapping(keys)));
    }

    fn stream(&mut self) {
        let url = self.url("stream", self.event.details.stream_url.as_ref());
        // The project says it already.
        let known = self.project.stream.url.as_ref();
        let url = url.filter(|url| known.is_none_or(|known| known.as_str() != url));
        let platform = url.as_ref().filter(|url| url.contains("bilibili.com"));
        let keys = [
            platform.map(|_| ("platform", Value::Text("bilibili".to_owned()))),
            url.map(|url| ("url", Value::Text(url))),
        ];
        let keys: Vec<_> = keys.into_iter().flatten().collect();
        self.add("stream", (!keys.is_empty()).then_some(Value::Flow(keys)));
    }

    fn tracking(&mut self) {
        let Some(address) = self.url("tracking", self.event.details.tracking.as_ref()) else {
            return;
        };
        let repo = self.project.repo.as_ref();
        // A link to the repository itself tracks nothing.
        if read_issue(&address, repo).is_err() || !is_issue(&address) {
            return;
        }
        let mended = mended_issue(&address);
        if mended != address {
            let text = format!("the post links {address}, which leads nowhere");
            self.notes.push(Note {
                field: "tracking",
                text,
            });
        }
        let address = mended;
        match repo.and_then(|repo| number_in(repo, &address)) {
            Some(number) => self.plain("tracking", Some(number)),
            None => self.text("tracking", Some(address)),
        }
    }

    /// Writes points of an agenda; an issue without a repository belongs to the words.
    fn points(&self, points: &[Point]) -> Vec<Value> {
        let write = |point: &Point| {
            let issue = point
                .issue
                .as_ref()
                .filter(|number| read_issue(number, self.project.repo.as_ref()).is_ok());
            let text = match (&point.issue, issue) {
                (Some(number), None) => format!("{} #{number}", point.text),
                _ => point.text.clone(),
            };
            let text = Value::Text(cut(&text, LONGEST_LINE));
            let items = self.points(&point.points);
            let keys = [
                Some(("text", text.clone())),
                issue.map(|number| ("issue", Value::Plain(number.clone()))),
                point
                    .time
                    .clone()
                    .map(|time| ("time", Value::Text(cut(&time, LONGEST_LINE)))),
                point
                    .speaker
                    .clone()
                    .map(|speaker| ("speaker", Value::Text(cut(&speaker, LONGEST_LINE)))),
            ];
            let mut keys: Vec<_> = keys.into_iter().flatten().collect();
            match (keys.len(), items.is_empty()) {
                (1, true) => text,
                (_, true) => Value::Flow(keys),
                (_, false) => {
                    keys.push(("items", Value::List(items)));
                    Value::Mapping(keys)
                }
            }
        };
        points.iter().map(write).collect()
    }

    fn links(&mut self, field: &'static str, links: &[Named]) -> Vec<Value> {
        let mut written = Vec::new();
        for link in links {
            let url = self.url(field, Some(&link.url));
            let text = cut(&link.text, LONGEST_LINE);
            written.extend(url.map(|url| {
                let text = Some(("text", Value::Text(text.clone()))).filter(|_| !text.is_empty());
                Value::Flow(
                    text.into_iter()
                        .chain([("url", Value::Text(url))])
                        .collect(),
                )
            }));
        }
        written
    }

    fn review(&mut self) {
        let details = &self.event.details;
        let summary = details
            .summary
            .as_ref()
            .map(|summary| cut(summary, LONGEST_PROSE));
        let (replay, further) = match details.replays.split_first() {
            Some((first, rest)) => (self.url("review", Some(&first.url)), rest),
            None => (None, &[][..]),
        };
        let materials = [&details.materials[..], further].concat();
        let materials = self.links("review", &materials);
        let keys = [
            summary.map(|summary| ("summary", Value::Text(summary))),
            replay.map(|replay| ("replay", Value::Text(replay))),
            Value::list(materials).map(|materials| ("materials", materials)),
        ];
        let keys: Vec<_> = keys.into_iter().flatten().collect();
        self.add("review", (!keys.is_empty()).then_some(Value::Mapping(keys)));
    }

    /// Puts what is doubtful about a key that is not there beside the start.
    fn finished(mut self) -> Vec<Entry> {
        for note in self.notes {
            let beside = self.entries.iter_mut().find(|entry| entry.key == "start");
            let text = match note.field {
                "start" | "end" => note.text,
                field => format!("{field}: {}", note.text),
            };
            if let Some(start) = beside {
                start.doubts.push(text);
            }
        }
        for entry in &mut self.entries {
            entry.doubts.dedup();
        }
        self.entries
    }
}

fn word(kind: Kind) -> String {
    let word = Kind::WORDS.iter().find(|(_, known)| *known == kind);
    word.map_or("other", |(word, _)| word).to_owned()
}

/// Gives the title without what the number of the episode says already.
fn title(event: &Announcement, project: &Project) -> String {
    let title = event.title.trim();
    let behind = event.episode.and_then(|episode| {
        let (before, behind) = title.split_once(['#', '＃'])?;
        let behind = behind.trim_start().strip_prefix(&episode.to_string())?;
        let is_of_project = letters(before) == letters(&project.name);
        let rest = behind.trim_start_matches(['：', ':', '｜', '|', ' ', '-', '—']);
        (is_of_project && (rest.len() < behind.len() || behind.starts_with('《'))).then_some(rest)
    });
    let title = behind.filter(|rest| !rest.is_empty()).unwrap_or(title);
    unquoted(title).to_owned()
}

fn person(speaker: &Speaker) -> Value {
    let text = |text: &Option<String>| {
        text.as_ref()
            .map(|text| Value::Text(cut(text, LONGEST_LINE)))
    };
    let keys = [
        Some(("name", Value::Text(cut(&speaker.name, LONGEST_LINE)))),
        text(&speaker.alias).map(|alias| ("alias", alias)),
        text(&speaker.role).map(|role| ("role", role)),
    ];
    Value::Flow(keys.into_iter().flatten().collect())
}

/// Gives the address of the page about the event.
fn page_address(gathered: &Gathered) -> Option<String> {
    let page = gathered
        .event
        .address
        .as_ref()
        .filter(|_| gathered.event.is_page)?;
    Url::read(page).is_ok().then(|| page.clone())
}

/// Writes where the event was announced; without addresses two posts may say the same.
pub(super) fn sources<'m>(mentions: impl IntoIterator<Item = &'m Mention>) -> Option<Value> {
    let mut written: Vec<Value> = Vec::new();
    for mention in mentions.into_iter().map(self::mention) {
        if !written.contains(&mention) {
            written.push(mention);
        }
    }
    Value::list(written)
}

fn mention(mention: &Mention) -> Value {
    let address = mention
        .address
        .clone()
        .filter(|address| Url::read(address).is_ok());
    // The line of a series names the days of others too.
    let line = Some(&mention.line.0).filter(|_| !mention.is_of_series || address.is_none());
    let line = line.map(|line| Value::Text(cut(line, LONGEST_QUOTE)));
    let keys = [
        address.map(|address| ("post", Value::Text(address))),
        Some(("role", Value::Plain(mention.role.as_str().to_owned()))),
        line.map(|line| ("line", line)),
    ];
    Value::Flow(keys.into_iter().flatten().collect())
}

/// Mends the address of an issue that lacks an s, as `…/issue/100` does.
pub(super) fn mended_issue(address: &str) -> String {
    match address.starts_with("https://github.com/") {
        true => address.replacen("/issue/", "/issues/", 1),
        false => address.to_owned(),
    }
}

/// Finds the number of an issue of a repository in its address.
fn number_in(repo: &Url, address: &str) -> Option<String> {
    let number = address
        .strip_prefix(repo.as_str().trim_end_matches('/'))?
        .strip_prefix("/issues/")?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| number.to_owned())
}

/// Cuts a text between two characters.
fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        None => text.to_owned(),
        Some(_) => text.chars().take(longest - 1).chain(['…']).collect(),
    }
}
