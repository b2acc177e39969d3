//! Titles: what an event is called.
//!
//! Flows in: a block. Flows out: the title behind its label, or the best that stands near it.

use crate::newsletter::announcement::Named;
use crate::newsletter::markdown::Role;
use crate::newsletter::plain::{bare, letters, trimmed};
use crate::newsletter::post::Post;
use crate::newsletter::project::{Whose, episode_in};
use crate::newsletter::reading::{Draft, Reader};
use crate::newsletter::vocabulary::{Heading, Label};
use crate::newsletter::web_address::without_tracking;

/// Finds the title of a block; where nothing else stands there it is the heading.
pub(super) fn title_of(draft: &Draft<'_, '_>, reader: &Reader<'_>) -> String {
    let heading = || {
        draft
            .block
            .heading
            .map_or(String::new(), |heading| clean(&heading.text))
    };
    own_title(draft, reader).unwrap_or_else(heading)
}

/// Finds the title that a block says itself.
pub(super) fn own_title(draft: &Draft<'_, '_>, reader: &Reader<'_>) -> Option<String> {
    let labelled = draft.fields(Label::Title).map(|field| clean(field.text()));
    if let Some(title) = labelled.into_iter().find(|title| !title.is_empty()) {
        return Some(title);
    }
    if draft.block.is_page {
        let heading = draft
            .block
            .lines
            .iter()
            .find(|line| matches!(line.role, Role::Heading(_)));
        let title = clean(without_mark(&draft.post.title));
        return match title.is_empty() {
            true => heading.map(|heading| clean(&heading.text)),
            false => Some(title),
        };
    }
    let lines = || draft.block.lines.iter();
    let unlabelled = || {
        let lines = lines().zip(draft.block.labels);
        lines.filter(|(line, labels)| labels.is_empty() && line.links.is_empty())
    };
    let bold = || {
        unlabelled()
            .flat_map(|(line, _)| &line.bold)
            .find(|bold| is_title(bold))
    };
    let quoted = || lines().find_map(|line| quoted_behind_project(&line.text, reader));
    let of_project = || {
        let project = draft.block.project.as_ref()?;
        Some(format!("{project} {MEETING}"))
    };
    let picture = || {
        lines()
            .flat_map(|line| &line.images)
            .map(|image| clean(&image.words))
            .find(|words| is_title(words) && !words.contains('.'))
    };
    of_project()
        .or_else(quoted)
        .or_else(|| bold().map(|bold| clean(bold)))
        .or_else(picture)
}

/// What a meeting is called whose title nobody says.
const MEETING: &str = "社区会议";

/// Trims a title, and the quotes around all of it.
pub(super) fn clean(title: &str) -> String {
    // Pictures before a headline say nothing.
    let is_picture = |c: char| !c.is_alphanumeric() && !c.is_ascii() && !"《「【“（".contains(c);
    let title = trimmed(title).trim_start_matches(is_picture).trim_start();
    let quoted = [("“", "”"), ("\"", "\""), ("「", "」")]
        .into_iter()
        .find_map(|(open, close)| {
            let inner = title.strip_prefix(open)?.strip_suffix(close)?;
            (!inner.contains(open)).then_some(inner)
        });
    quoted.unwrap_or(title).trim().to_owned()
}

/// Drops the mark before a headline: `【活动报名】…`.
pub(super) fn without_mark(headline: &str) -> &str {
    let headline = headline.trim();
    let behind = headline
        .strip_prefix('【')
        .and_then(|rest| Some(rest.split_once('】')?.1));
    behind
        .map(str::trim)
        .filter(|rest| !rest.is_empty())
        .unwrap_or(headline)
}

fn is_title(words: &str) -> bool {
    (4..=60).contains(&words.chars().count()) && !words.ends_with([':', '：'])
}

/// Finds `灯笼夜话#3《竹篾与纸》`: what stands in 《》 right behind a project or an episode.
pub(super) fn quoted_behind_project(text: &str, reader: &Reader<'_>) -> Option<String> {
    let (before, rest) = text.split_once('《')?;
    let (inner, _) = rest.split_once('》')?;
    let last = before
        .rsplit(['，', ',', '。', '！', '；', ' '])
        .find(|part| !part.trim().is_empty())?;
    let is_near = reader.projects.within(last).is_some() || episode_in(before).is_some();
    (is_near && is_title(inner)).then(|| clean(inner))
}

/// Finds a better title for a draft: posts often link to the preview of what they announce.
pub(super) fn draft_title(
    post: &Post<'_>,
    title: &str,
    whose: &Whose,
    episode: Option<u32>,
    reader: &Reader<'_>,
) -> (String, Option<Named>) {
    let is_preview = |words: &str| {
        reader
            .vocabulary
            .heading_says(Heading::Preview, &bare(words))
            && reader.projects.within(words) == Some(whose.slug.as_str())
            && episode_in(words) == episode
    };
    let mut links = post.lines.iter().flat_map(|line| &line.links);
    let link = episode.and_then(|_| links.find(|link| is_preview(&link.text)));
    let Some(link) = link else {
        let says_preview = reader
            .vocabulary
            .heading_says(Heading::Preview, &letters(title));
        let bare_title = match says_preview {
            true => title.split_whitespace().next().unwrap_or(title),
            false => title,
        };
        return (bare_title.to_owned(), None);
    };
    let words = link
        .text
        .rsplit(['|', '｜', '丨'])
        .next()
        .unwrap_or(&link.text);
    let named = Named {
        text: link
            .text
            .split(['|', '｜', '丨'])
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned(),
        url: without_tracking(&link.target),
    };
    (clean(words), Some(named))
}
