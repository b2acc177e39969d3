//! Unknown keys and words: what their author probably meant.

use crate::diagnostic::{Code, Complaint, excerpt, list_of, nearest};
use crate::yaml::cure::quoted;
use crate::yaml::document::{
    ChangeDocument, EventDocument, JoinDocument, RepeatDocument, ReviewDocument, StreamDocument,
};

/// The most keys that a hint lists; an event has more.
const MOST_LISTED: usize = 13;

/// Complains about a key that its mapping does not know; `text` is what it may be instead.
pub(crate) fn unknown_key(key: &str, keys: &[&str], text: Option<&str>) -> Complaint {
    let bare = key.trim_start();
    if bare.len() < key.len() {
        let message = format!(
            "a space that is not the ASCII space stands before `{}`",
            excerpt(bare)
        );
        return Complaint::new(Code::UnknownKey, message)
            .hint("indent with ASCII spaces, two a level");
    }
    let complaint = Complaint::new(
        Code::UnknownKey,
        format!("there is no key `{}` here", excerpt(key)),
    );
    if let Some(parent) = parent(key, keys) {
        return complaint.hint(format!("it belongs below `{parent}:`, indented"));
    }
    if keys == ChangeDocument::KEYS && EventDocument::KEYS.contains(&key) {
        return complaint.hint(match key {
            "moved_from" => {
                "a change with a `start` says by itself when it would have been".to_owned()
            }
            _ => format!("`{key}` is the same for the whole series: write it beside `repeat`"),
        });
    }
    if let Some(meant) = meant(key, keys) {
        return complaint.hint(format!("did you mean `{meant}`?"));
    }
    if let Some((name, value)) = key.split_once([':', '：'])
        && keys.contains(&name)
    {
        return complaint.hint(format!(
            "write `{name}: {value}` with the ASCII `:` and a blank after it"
        ));
    }
    if let Some(text) = text {
        return complaint.hint(format!(
            "if it is text, quote the whole of it: `{}`",
            quoted(text)
        ));
    }
    if key == "<<" {
        return complaint
            .hint("merge keys are not read: write the values out, or use a project's defaults");
    }
    complaint.hint(match keys.len() {
        0..=MOST_LISTED => format!("the keys here are {}", list_of(keys)),
        _ => "the keys are listed in docs/event-file.md, such as `title`, `start`, `end`, `join` and `agenda`".to_owned(),
    })
}

/// Finds the key below which a key of an event belongs.
fn parent(key: &str, keys: &[&str]) -> Option<&'static str> {
    let homes = [
        ("join", JoinDocument::KEYS),
        ("stream", StreamDocument::KEYS),
        ("review", ReviewDocument::KEYS),
        ("repeat", RepeatDocument::KEYS),
    ];
    let is_event = keys == EventDocument::KEYS && key != "summary";
    let home = homes
        .into_iter()
        .find(|(_, keys)| is_event && keys.contains(&key));
    home.map(|(parent, _)| parent)
}

/// Finds the key that was probably meant.
pub(crate) fn meant<'k>(key: &str, keys: &[&'k str]) -> Option<&'k str> {
    nearest(key, keys.iter().copied()).or_else(|| translated(key, keys))
}

/// Finds the known word that a word of another tool or language stands for.
pub(crate) fn translated<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let word = word.to_lowercase();
    let mut meanings = TRANSLATIONS.iter().filter(|(from, _)| *from == word);
    meanings.find_map(|(_, to)| known.iter().copied().find(|known| known == to))
}

/// Words that people write for a key, from other tools and from announcements.
const TRANSLATIONS: &[(&str, &str)] = &[
    ("summary", "title"),
    ("subject", "title"),
    ("name", "title"),
    ("name", "text"),
    ("title", "role"),
    ("title", "text"),
    ("title", "name"),
    ("endtime", "end"),
    ("starttime", "start"),
    ("postponed", "tentative"),
    ("begin", "start"),
    ("date", "start"),
    ("time", "start"),
    ("dtstart", "start"),
    ("dtend", "end"),
    ("length", "duration"),
    ("tz", "timezone"),
    ("zone", "timezone"),
    ("state", "status"),
    ("type", "kind"),
    ("category", "tags"),
    ("categories", "tags"),
    ("labels", "tags"),
    ("place", "location"),
    ("where", "location"),
    ("link", "url"),
    ("href", "url"),
    ("topics", "agenda"),
    ("guests", "speakers"),
    ("rrule", "repeat"),
    ("rrule", "rule"),
    ("recurrence", "repeat"),
    ("recurring", "repeat"),
    ("frequency", "every"),
    ("exdate", "skip"),
    ("except", "skip"),
    ("overrides", "changes"),
    ("重复", "repeat"),
    ("phone", "phones"),
    ("colour", "color"),
    ("repository", "repo"),
    ("标题", "title"),
    ("主题", "title"),
    ("时间", "start"),
    ("开始", "start"),
    ("结束", "end"),
    ("地点", "location"),
    ("议程", "agenda"),
    ("议题", "agenda"),
    ("嘉宾", "speakers"),
    ("讲师", "speakers"),
    ("项目", "project"),
    ("会议", "meeting"),
    ("例会", "meeting"),
    ("直播", "livestream"),
    ("聚会", "meetup"),
    ("线下", "meetup"),
    ("演讲", "talk"),
    ("分享", "talk"),
    ("其他", "other"),
    ("确定", "confirmed"),
    ("待定", "tentative"),
    ("取消", "cancelled"),
    ("已取消", "cancelled"),
    ("canceled", "cancelled"),
    ("zh-cn", "zh"),
    ("chinese", "zh"),
    ("中文", "zh"),
    ("cn", "zh"),
    ("en-us", "en"),
    ("english", "en"),
];
