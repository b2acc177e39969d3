//! Unknown keys: what their author probably meant.

use crate::diagnostic::{Code, Complaint, excerpt, nearest};
use crate::yaml::cursor::list_of;

/// Complains about a key that its mapping does not know, with the nearest one that it does.
pub(crate) fn unknown_key(key: &str, keys: &[&str]) -> Complaint {
    let complaint = Complaint::new(
        Code::UnknownKey,
        format!("there is no key `{}` here", excerpt(key)),
    );
    if let Some(known) = nearest(key, keys.iter().copied()) {
        return complaint.hint(format!("did you mean `{known}`?"));
    }
    if let Some((_, known)) = TRANSLATIONS
        .iter()
        .find(|(word, known)| *word == key.to_lowercase() && keys.contains(known))
    {
        return complaint.hint(format!("did you mean `{known}`?"));
    }
    match key {
        "<<" => complaint
            .hint("merge keys are not read: write the values out, or use a project's defaults"),
        _ if key.contains([' ', '：', '，']) || !key.is_ascii() => complaint.hint(format!(
            "if it is text, quote the whole of it; the keys here are {}",
            list_of(keys)
        )),
        _ => complaint.hint(format!("the keys here are {}", list_of(keys))),
    }
}

/// Words that people write for a key, from other tools and from announcements.
const TRANSLATIONS: &[(&str, &str)] = &[
    ("summary", "title"),
    ("subject", "title"),
    ("name", "title"),
    ("name", "text"),
    ("title", "text"),
    ("title", "name"),
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
    ("phone", "phones"),
    ("color", "color"),
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
];
