//! Comparison: what an event file lacks of what posts tell, and where the two differ.
//!
//! Flows in: an entry of an event file, with the event that it becomes, and what posts tell. Flows out: the keys to add, and
//! the differences with both values. What people wrote in other words is no difference.

use crate::diagnostic::Code;
use crate::event::Event;
use crate::event::when::{Tz, When};
use crate::newsletter::announcement::Role;
use crate::newsletter::filling::{mended_issue, sources};
use crate::newsletter::gathering::{Gathered, Mention};
use crate::newsletter::library::Known;
use crate::newsletter::plain::{is_like, letters};
use crate::newsletter::post::said;
use crate::newsletter::sheet::{Entry, Value};
use crate::newsletter::told_time::Told;
use crate::newsletter::web_address::is_same_page;
use crate::yaml::document::{AnnouncementDocument, EventDocument};
use crate::yaml::field::{Field, Many};
use chrono::DateTime;

/// A key that says one thing in the file and another in a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    /// Whether it contradicts, or was probably moved.
    pub(super) code: Code,
    /// The key: `start`, `join.url`.
    pub(super) key: &'static str,
    /// What the file says.
    pub(super) file: String,
    /// What the post says.
    pub(super) post: String,
}

/// Finds what an entry lacks, and where it differs.
pub(super) fn missing_and_different(
    known: &Known<'_>,
    gathered: &Gathered,
    entries: &[Entry],
    zone: Tz,
) -> (Vec<Entry>, Vec<Difference>) {
    let document = &known.document;
    let mut missing = Vec::new();
    for entry in entries {
        let lacks = match entry.key {
            // What these say is another event if they change, the project's word, or no news to subscribers.
            "kind" | "title" | "image" => None,
            "start" => document
                .start
                .is_missing()
                .then(|| entry.clone())
                .filter(|_| gathered.event.when != Told::Undated),
            "end" => lacks_end(known, gathered).then(|| entry.clone()),
            "sources" => unmentioned(document, &gathered.mentions).map(|value| Entry {
                value,
                ..entry.clone()
            }),
            "join" | "stream" | "review" => below(document, known.event, entry),
            key => lacks(document, known.event, key).then(|| entry.clone()),
        };
        missing.extend(lacks);
    }
    (missing, differences(known, gathered, zone))
}

/// Tells whether a key is not written, and no default stands for it.
fn lacks(document: &EventDocument, event: Option<&Event>, key: &str) -> bool {
    let details = event.map(|event| &event.details);
    let by_default = |has: fn(&crate::event::Details) -> bool| details.is_some_and(has);
    match key {
        "episode" => document.episode.is_absent(),
        "location" => {
            document.location.is_absent() && !by_default(|details| details.location.is_some())
        }
        "dingtalk_group" => {
            document.dingtalk_group.is_absent()
                && !by_default(|details| details.dingtalk_group.is_some())
        }
        "register" => document.register.is_absent(),
        "agenda" => document.agenda.is_absent(),
        "speakers" => document.speakers.is_absent(),
        "hosts" => document.hosts.is_absent(),
        "tracking" => document.tracking.is_absent(),
        "url" => document.url.is_absent(),
        "links" => document.links.is_absent(),
        _ => false,
    }
}

/// Tells whether nobody wrote when an event ends.
fn lacks_end(known: &Known<'_>, gathered: &Gathered) -> bool {
    let document = &known.document;
    let is_unwritten = document.end.is_absent() && document.duration.is_absent();
    let same_start = match (known.event.map(|event| &event.when), &gathered.event.when) {
        (None, _) => document.start.is_missing(),
        (Some(When::Timed { start, .. }), Told::Timed { start: told, .. }) => start == told,
        (Some(When::AllDay { first, .. }), Told::Days { first: told, .. }) => first == told,
        _ => false,
    };
    let is_assumed = known.event.is_none_or(|event| event.end_assumed);
    is_unwritten && same_start && is_assumed
}

/// Gives the keys below another one that are not written.
fn below(document: &EventDocument, event: Option<&Event>, entry: &Entry) -> Option<Entry> {
    let (Value::Mapping(keys) | Value::Flow(keys)) = &entry.value else {
        return None;
    };
    let join = document.join.value();
    let stream = document.stream.value();
    let review = document.review.value();
    let is_absent = |key: &str| match (entry.key, key) {
        ("join", _) if matches!(document.join, Field::Null | Field::Wrong(_)) => false,
        ("stream", _) if matches!(document.stream, Field::Null | Field::Wrong(_)) => false,
        ("review", _) if matches!(document.review, Field::Null | Field::Wrong(_)) => false,
        ("join", "url") => join.is_none_or(|join| join.url.is_absent()),
        ("join", "code") => join.is_none_or(|join| join.code.is_absent()),
        ("join", "phones") => join.is_none_or(|join| join.phones.is_absent()),
        ("stream", "platform") => stream.is_none_or(|stream| stream.platform.is_absent()),
        ("stream", "url") => stream.is_none_or(|stream| stream.url.is_absent()),
        ("review", "summary") => review.is_none_or(|review| review.summary.is_absent()),
        ("review", "replay") => review.is_none_or(|review| review.replay.is_absent()),
        ("review", "materials") => review.is_none_or(|review| review.materials.is_absent()),
        _ => false,
    };
    let is_default = |key: &str, value: &Value| {
        let details = event.map(|event| &event.details);
        let Value::Text(text) = value else {
            return false;
        };
        match (entry.key, key, details) {
            ("join", "code", Some(details)) => details.join.code.as_ref() == Some(text),
            ("join", "url", Some(details)) => details
                .join
                .url
                .as_ref()
                .is_some_and(|url| is_same_page(url.as_str(), text)),
            ("stream", "url", Some(details)) => details
                .stream
                .url
                .as_ref()
                .is_some_and(|url| is_same_page(url.as_str(), text)),
            _ => false,
        }
    };
    // A link belongs to its code: to that of another meeting it would be wrong.
    let code = keys.iter().find(|(key, _)| *key == "code");
    let own = event.and_then(|event| event.details.join.code.as_ref());
    if let (Some((_, Value::Text(code))), Some(own)) = (code, own)
        && entry.key == "join"
        && !is_same_number(code, own)
        && join.is_some_and(|join| !join.code.is_absent())
    {
        return None;
    }
    let lacking: Vec<_> = keys
        .iter()
        .filter(|(key, value)| is_absent(key) && !is_default(key, value))
        .cloned()
        .collect();
    // A platform alone says nothing, and another link's phones belong to that.
    let is_worth = lacking
        .iter()
        .any(|(key, _)| !["platform", "phones"].contains(key));
    is_worth.then(|| Entry {
        key: entry.key,
        value: match &entry.value {
            Value::Flow(_) => Value::Flow(lacking),
            _ => Value::Mapping(lacking),
        },
        doubts: entry.doubts.clone(),
    })
}

/// Writes the posts that `sources` does not name yet.
fn unmentioned(document: &EventDocument, mentions: &[Mention]) -> Option<Value> {
    sources(news(document, mentions))
}

/// Gives the posts that `sources` does not name yet.
pub(super) fn news<'m>(document: &EventDocument, mentions: &'m [Mention]) -> Vec<&'m Mention> {
    let known: Vec<&AnnouncementDocument> = match document.sources.value() {
        Some(Many::List(entries)) => entries.iter().filter_map(Field::value).collect(),
        Some(Many::Lone(one)) => vec![one],
        None => Vec::new(),
    };
    let is_known = |new: &&Mention| {
        known.iter().any(|known| {
            let post = said(&known.post);
            match (&post, &new.address) {
                (Some(post), Some(address)) => is_same_page(post, address),
                _ => said(&known.line).is_some_and(|line| letters(&line) == letters(&new.line.0)),
            }
        })
    };
    mentions
        .iter()
        .filter(|mention| !is_known(mention))
        .collect()
}

/// Compares what both say.
fn differences(known: &Known<'_>, gathered: &Gathered, zone: Tz) -> Vec<Difference> {
    let Some(event) = known.event else {
        return Vec::new();
    };
    let told = &gathered.event;
    let details = &event.details;
    let mut found = times(event, gathered, zone);
    let mut compare =
        |key, file: Option<&str>, post: Option<&str>, is_same: fn(&str, &str) -> bool| {
            if let (Some(file), Some(post)) = (file, post)
                && !is_same(file, post)
            {
                found.push(Difference {
                    code: Code::Contradiction,
                    key,
                    file: format!("`{}`", crate::diagnostic::excerpt(file)),
                    post: format!("`{}`", crate::diagnostic::excerpt(post)),
                });
            }
        };
    let title = Some(known.title.as_str());
    compare("title", title, Some(&told.title), is_like);
    compare(
        "location",
        details.location.as_deref(),
        told.details.location.as_deref(),
        is_like,
    );
    compare(
        "join.code",
        details.join.code.as_deref(),
        told.details.code.as_deref(),
        is_same_number,
    );
    let url = |url: &crate::event::link::Url| url.as_str().to_owned();
    let pairs = [
        (
            "join.url",
            details.join.url.as_ref().map(url),
            &told.details.join_url,
        ),
        (
            "stream.url",
            details.stream.url.as_ref().map(url),
            &told.details.stream_url,
        ),
        (
            "register",
            details.register.as_ref().map(url),
            &told.details.register,
        ),
        (
            "tracking",
            details
                .tracking
                .as_ref()
                .and_then(|link| link.url.as_ref())
                .map(url),
            &told.details.tracking.as_deref().map(mended_issue),
        ),
        (
            "review.replay",
            details.review.replay.as_ref().map(url),
            &told
                .details
                .replays
                .first()
                .map(|replay| replay.url.clone()),
        ),
    ];
    for (key, file, post) in &pairs {
        compare(key, file.as_deref(), post.as_deref(), is_same_page);
    }
    found
}

/// Compares start and end.
fn times(event: &Event, gathered: &Gathered, zone: Tz) -> Vec<Difference> {
    let When::Timed { start, end } = &event.when else {
        return Vec::new();
    };
    let Told::Timed {
        start: told,
        end: told_end,
    } = gathered.event.when
    else {
        return Vec::new();
    };
    let shown = |time: DateTime<Tz>| {
        time.with_timezone(&zone)
            .format("%Y-%m-%d %H:%M")
            .to_string()
    };
    let difference = |code, key, file, post| Difference {
        code,
        key,
        file,
        post,
    };
    if *start != told {
        // A later post may announce what was still to come for another time.
        let last = gathered
            .mentions
            .iter()
            .filter(|mention| mention.role == Role::Preview);
        let last = last.filter_map(|mention| mention.post_date).max();
        let is_to_come = last.is_some_and(|date| start.date_naive() > date);
        let code = if is_to_come {
            Code::ProbableMove
        } else {
            Code::Contradiction
        };
        return vec![difference(code, "start", shown(*start), shown(told))];
    }
    match told_end.filter(|told| told != end && !event.end_assumed) {
        Some(told) => vec![difference(
            Code::Contradiction,
            "end",
            shown(*end),
            shown(told),
        )],
        None => Vec::new(),
    }
}

fn is_same_number(one: &str, other: &str) -> bool {
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    digits(one) == digits(other)
}
