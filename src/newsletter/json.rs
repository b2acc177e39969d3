//! JSON: announcements and gathered events, one object a line, for programs.
//!
//! Flows in: values. Flows out: text. docs/import.md lists the keys.

use crate::diagnostic::At;
use crate::event::Kind;
use crate::newsletter::agenda::Point;
use crate::newsletter::announcement::{Announcement, Named};
use crate::newsletter::gathering::Gathered;
use crate::newsletter::people::Speaker;
use crate::newsletter::told_time::Told;
use crate::source::line_column;
use serde_json::{Map, Value, json};

/// Finds the text of a post by its path.
pub type TextOf<'t> = dyn Fn(&str) -> Option<&'t str> + 't;

/// Writes a gathered event as one JSON object.
pub fn gathered_json(gathered: &Gathered, text_of: &TextOf<'_>) -> String {
    let mut object = fields(&gathered.event);
    let line = |post: &str, offset| text_of(post).map(|text| line_column(text, offset).line);
    let mentions = gathered.mentions.iter().map(|mention| {
        json!({
            "source": *mention.post,
            "post_date": mention.post_date.map(|date| date.to_string()),
            "url": mention.address,
            "role": mention.role.as_str(),
            "line": line(&mention.post, mention.line.1.start),
            "quote": mention.line.0,
        })
    });
    object.insert("sources".to_owned(), mentions.collect());
    let moved_from = gathered.moved_from.map(|before| before.to_rfc3339());
    object.insert("moved_from".to_owned(), json!(moved_from));
    let warnings = gathered.event.doubts.warnings.iter().map(|warning| {
        let at = match &warning.place.at {
            At::Span(span) => line(&warning.place.file, span.start),
            _ => None,
        };
        json!({"code": warning.code().as_str(), "message": warning.complaint.message, "source": *warning.place.file, "line": at})
    });
    object.insert("warnings".to_owned(), warnings.collect());
    Value::Object(object).to_string()
}

/// Writes an announcement as one JSON object.
pub fn announcement_json(announcement: &Announcement, text: &str) -> String {
    let mut object = fields(announcement);
    object.insert("source".to_owned(), json!(*announcement.post));
    object.insert(
        "post_date".to_owned(),
        json!(announcement.post_date.map(|date| date.to_string())),
    );
    object.insert("role".to_owned(), json!(announcement.role.as_str()));
    object.insert(
        "line".to_owned(),
        json!(line_column(text, announcement.line.1.start).line),
    );
    object.insert("quote".to_owned(), json!(announcement.line.0));
    let warnings = announcement.doubts.warnings.iter().map(|warning| {
        let at = match &warning.place.at {
            At::Span(span) => Some(line_column(text, span.start).line),
            _ => None,
        };
        json!({"code": warning.code().as_str(), "message": warning.complaint.message, "line": at})
    });
    object.insert("warnings".to_owned(), warnings.collect());
    Value::Object(object).to_string()
}

/// Gives what an event is, without where that stands.
fn fields(announcement: &Announcement) -> Map<String, Value> {
    let details = &announcement.details;
    let (start, end, all_day) = times(&announcement.when);
    let end_assumed = matches!(announcement.when, Told::Timed { end: None, .. });
    let notes = announcement.doubts.notes.iter();
    let object = json!({
        "project": announcement.project.as_ref().map(|whose| &whose.slug),
        "registered": announcement.project.as_ref().is_some_and(|whose| whose.is_registered),
        "kind": kind(announcement.kind),
        "title": announcement.title,
        "episode": announcement.episode,
        "start": start,
        "end": end,
        "end_assumed": end_assumed,
        "all_day": all_day,
        "join_url": details.join_url.as_ref().or(details.stream_url.as_ref()),
        "stream_url": details.stream_url,
        "dingtalk_code": details.code,
        "phones": details.phones,
        "dingtalk_group": details.group,
        "agenda": details.agenda.iter().map(point).collect::<Vec<_>>(),
        "speakers": details.speakers.iter().map(speaker).collect::<Vec<_>>(),
        "tracking_url": details.tracking,
        "replay_url": details.replays.first().map(|replay| &replay.url),
        "replays": details.replays.iter().map(named).collect::<Vec<_>>(),
        "summary": details.summary,
        "materials": details.materials.iter().map(named).collect::<Vec<_>>(),
        "links": details.links.iter().map(named).collect::<Vec<_>>(),
        "register_url": details.register,
        "location": details.location,
        "image": details.image,
        "notes": notes.map(|note| json!({"field": note.field, "text": note.text})).collect::<Vec<_>>(),
    });
    match object {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

/// Gives start and end as RFC 3339, or as days, and whether they are days.
fn times(when: &Told) -> (Option<String>, Option<String>, bool) {
    match when {
        Told::Undated => (None, None, false),
        Told::Days { first, last } => (Some(first.to_string()), Some(last.to_string()), true),
        Told::Timed { start, end } => (
            Some(start.to_rfc3339()),
            end.map(|end| end.to_rfc3339()),
            false,
        ),
    }
}

fn kind(kind: Kind) -> &'static str {
    let word = Kind::WORDS.iter().find(|(_, known)| *known == kind);
    word.map_or("other", |(word, _)| word)
}

fn point(point: &Point) -> Value {
    let points: Vec<Value> = point.points.iter().map(self::point).collect();
    json!({"text": point.text, "issue": point.issue, "time": point.time, "speaker": point.speaker, "items": points})
}

fn speaker(speaker: &Speaker) -> Value {
    json!({"name": speaker.name, "alias": speaker.alias, "role": speaker.role})
}

fn named(link: &Named) -> Value {
    json!({"text": link.text, "url": link.url})
}
