//! Differences: what subscribers will notice when the event files are published.
//!
//! Flows in: what happened to events, to occurrences of series, and to feeds. Flows out: lines for people, a table in
//! Markdown for a pull request, and JSON.

use crate::desk::markdown;
use crate::desk::table::{Look, Style, fill, width, wrapped};
use crate::desk::times::{shown, written};
use crate::event::calendar::Calendar;
use crate::event::when::When;
use crate::feed::labels::Labels;
use crate::feed::news::What;
use crate::feed::seen::Happened;
use serde::Serialize;

/// What subscribers will notice.
#[derive(Debug, Clone, Serialize)]
pub struct Difference {
    changes: Vec<Change>,
    feeds: Vec<FeedChange>,
}

/// What they will notice of an event, or of an occurrence of a series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    what: &'static str,
    title: String,
    old_title: Option<String>,
    start: String,
    end: Option<String>,
    old_start: Option<String>,
    old_end: Option<String>,
    /// What else is different.
    parts: Vec<&'static str>,
    /// The day that the rule gives an occurrence of a series.
    occurrence: Option<String>,
    is_series: bool,
    uid: String,
    project: String,
    file: String,
    /// The line that keeps an event whole which was probably renamed.
    cure: Option<String>,
    #[serde(skip)]
    rank: usize,
    #[serde(skip)]
    when: String,
    #[serde(skip)]
    was: Option<String>,
}

/// What they will notice of a feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeedChange {
    /// The file's name.
    pub feed: String,
    /// What happened to it.
    pub what: &'static str,
    /// What it says of itself that is different.
    pub parts: Vec<&'static str>,
}

/// Where something happened.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'s> {
    /// The UID.
    pub uid: &'s str,
    /// The project's slug.
    pub project: &'s str,
    /// The event file, as people reach it.
    pub file: &'s str,
}

/// What happens, from what people must know to what they may.
const RANKS: &[What] = &[
    What::Cancelled,
    What::Vanished,
    What::Renamed,
    What::Moved,
    What::Skipped,
    What::Restored,
    What::Returned,
    What::Added,
    What::Retitled,
    What::Edited,
    What::Retired,
];

/// The most rows of a table in Markdown: a comment of a code host has its limits.
const MOST_ROWS: usize = 100;

impl Change {
    /// Tells what happened, in the words of a calendar.
    pub fn of(happened: &Happened, subject: Subject, calendar: &Calendar) -> Self {
        let labels = Labels::of(calendar.language);
        let (start, end) = written(&happened.when);
        let old = happened.was.as_ref().map(written);
        let shown = |when: &When| shown(when, calendar.zone, labels);
        let series = if happened.is_series {
            labels.series
        } else {
            ""
        };
        Change {
            old_title: happened.old_title.clone(),
            end: Some(end),
            old_start: old.as_ref().map(|(start, _)| start.clone()),
            old_end: old.map(|(_, end)| end),
            parts: happened.parts.clone(),
            occurrence: happened.occurrence.map(|day| day.to_string()),
            is_series: happened.is_series,
            when: format!("{}{series}", shown(&happened.when)),
            was: happened.was.as_ref().map(shown),
            ..Change::known(happened.what, &happened.title, &start, subject)
        }
    }

    /// Tells what happened to an event of which only the ledger knows.
    pub fn known(what: What, title: &str, start: &str, subject: Subject) -> Self {
        Change {
            what: what.as_str(),
            title: title.to_owned(),
            old_title: None,
            start: start.to_owned(),
            end: None,
            old_start: None,
            old_end: None,
            parts: Vec::new(),
            occurrence: None,
            is_series: false,
            uid: subject.uid.to_owned(),
            project: subject.project.to_owned(),
            file: subject.file.to_owned(),
            cure: None,
            rank: RANKS
                .iter()
                .position(|ranked| *ranked == what)
                .unwrap_or(RANKS.len()),
            when: start.to_owned(),
            was: None,
        }
    }

    /// Adds what keeps the event whole.
    #[must_use]
    pub fn cured_by(self, cure: &str) -> Self {
        Change {
            cure: Some(cure.to_owned()),
            ..self
        }
    }

    /// Says what else is different.
    fn others(&self) -> Option<String> {
        let parts = self.parts.join(", ");
        match self.parts.as_slice() {
            [] => None,
            _ if self.what == What::Edited.as_str() => Some(parts),
            _ => Some(format!("also {parts}")),
        }
    }

    /// Says how subscribers keep what was probably renamed; `code` writes the line that is to be written.
    fn advice(&self, code: impl FnOnce(&str) -> String) -> Option<String> {
        let cure = self.cure.as_deref()?;
        let file = match cure.starts_with("uid_prefix") {
            true => "calendar.yaml",
            false => &self.file,
        };
        let line = code(cure);
        Some(format!(
            "it looks renamed: write {line} in {file}, and subscribers keep their entry"
        ))
    }
}

impl Difference {
    /// Puts changes into order: what people must know first, then by time.
    pub fn of(mut changes: Vec<Change>, feeds: Vec<FeedChange>) -> Self {
        changes.sort_by(|a, b| {
            (a.rank, &a.start, &a.title, &a.uid).cmp(&(b.rank, &b.start, &b.title, &b.uid))
        });
        Difference { changes, feeds }
    }

    /// Tells whether there is nothing to notice.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.feeds.is_empty()
    }

    /// Counts what happened: `1 cancelled, 2 moved`.
    fn counts(&self) -> String {
        let counted = |what: &What| {
            let such = self
                .changes
                .iter()
                .filter(|change| change.what == what.as_str());
            Some(such.count())
                .filter(|count| *count > 0)
                .map(|count| format!("{count} {}", what.as_str()))
        };
        let feeds = match self.feeds.len() {
            0 => None,
            1 => Some("1 feed".to_owned()),
            feeds => Some(format!("{feeds} feeds")),
        };
        let counts: Vec<String> = RANKS.iter().filter_map(counted).chain(feeds).collect();
        counts.join(", ")
    }

    /// Writes it for people.
    pub fn human(&self, look: Look) -> String {
        if self.is_empty() {
            return "subscribers will notice nothing\n".to_owned();
        }
        let mut out = String::new();
        for line in wrapped(
            &[format!("subscribers will notice: {}", self.counts())],
            0,
            look.width,
        ) {
            out.push_str(&format!("{line}\n"));
        }
        out.push('\n');
        let words = self.changes.iter().map(|change| change.what);
        let words = words.chain(self.feeds.iter().map(|_| FEED));
        let column = words.map(width).max().unwrap_or(0);
        let room = look.width.unwrap_or(usize::MAX).saturating_sub(column) / 3;
        let titled = self
            .changes
            .iter()
            .filter(|change| change.old_title.is_none());
        let titles = titled.map(|change| width(&change.title));
        let titles = titles.filter(|columns| *columns <= room).max().unwrap_or(0);
        let mut write = |word: &str, pieces: Vec<String>| {
            let word = look.styled(&fill(word, column), Style::Strong);
            for (index, line) in wrapped(&pieces, column + 2, look.width).iter().enumerate() {
                let before = if index == 0 {
                    word.clone()
                } else {
                    " ".repeat(column)
                };
                out.push_str(&format!("{before}  {}\n", line.trim_end()));
            }
        };
        for change in &self.changes {
            let title = match &change.old_title {
                Some(old) => vec![old.clone(), format!("→ {}", change.title)],
                None => vec![fill(&change.title, titles)],
            };
            let when = match &change.was {
                Some(was) => vec![was.clone(), format!("→ {}", change.when)],
                None => vec![change.when.clone()],
            };
            let advice = change.advice(|line| format!("`{line}`"));
            let remarks = change.others().into_iter().chain(advice);
            write(change.what, [title, when, remarks.collect()].concat());
        }
        for feed in &self.feeds {
            write(FEED, vec![fill(&feed.feed, titles), feed.told()]);
        }
        out
    }

    /// Writes it as a comment for a pull request.
    pub fn markdown(&self) -> String {
        if self.is_empty() {
            return "Subscribers will notice nothing.\n".to_owned();
        }
        let mut out = format!("**Subscribers will notice:** {}\n\n", self.counts());
        out.push_str(&markdown::head(&["", "event", "when", "remarks"]));
        for change in self.changes.iter().take(MOST_ROWS) {
            let from = |old: &Option<String>, new: &str| match old {
                Some(old) => format!(
                    "~~{}~~ → {}",
                    markdown::escaped(old),
                    markdown::escaped(new)
                ),
                None => markdown::escaped(new),
            };
            out.push_str(&markdown::row(&[
                format!("**{}**", change.what),
                from(&change.old_title, &change.title),
                from(&change.was, &change.when),
                [change.others(), change.advice(markdown::code)]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<String>>()
                    .join("<br>"),
            ]));
        }
        let feeds = self.feeds.iter().take(MOST_ROWS);
        for feed in feeds {
            let name = markdown::escaped(&feed.feed);
            out.push_str(&markdown::row(&[
                format!("**{FEED}**"),
                name,
                String::new(),
                feed.told(),
            ]));
        }
        let left =
            [self.changes.len(), self.feeds.len()].map(|count| count.saturating_sub(MOST_ROWS));
        let left: usize = left.iter().sum();
        if left > 0 {
            out.push_str(&format!("\n… and {left} more\n"));
        }
        out
    }

    /// Writes it as a JSON object.
    pub fn json(&self) -> String {
        let json = serde_json::to_string_pretty(self).expect("a difference has text keys only");
        json + "\n"
    }
}

/// The word for what is told of a feed.
const FEED: &str = "feed";

impl FeedChange {
    fn told(&self) -> String {
        match self.what {
            "changed" => self.parts.join(", "),
            what => what.to_owned(),
        }
    }
}
