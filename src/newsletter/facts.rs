//! Facts: how to take part, and what else the labels of a block say besides title and time.
//!
//! Flows in: the fields of a block. Flows out: details. A link counts where it leads, not what its words say; where
//! the two differ, or where it only promises to lead somewhere, that is said.

use crate::diagnostic::{Code, Complaint};
use crate::newsletter::agenda::{Point, leftover_of, points_of, rows_of, slots_of};
use crate::newsletter::announcement::{Details, Named};
use crate::newsletter::block::Block;
use crate::newsletter::fields::{WrittenField, tracking_link};
use crate::newsletter::markdown::{Line, Role, WrittenLink};
use crate::newsletter::people::{Speaker, people};
use crate::newsletter::plain::trimmed;
use crate::newsletter::reading::{Draft, Reader};
use crate::newsletter::vocabulary::{Heading, Label, Sense};
use crate::newsletter::web_address::{is_address, is_same_page, without_tracking};

/// Reads what the fields say.
pub(super) fn details_of(
    draft: &mut Draft<'_, '_>,
    reader: &Reader<'_>,
    episode: Option<u32>,
) -> Details {
    let replays = links(draft, reader, Label::Replay, "review");
    let is_preview = draft
        .block
        .heading_says(Heading::Preview, reader.vocabulary)
        && !draft.block.heading_says(Heading::Review, reader.vocabulary);
    let block = draft.block;
    let replay = draft
        .fields(Label::Replay)
        .next()
        .map(|field| field.line.span.clone());
    if let Some(span) = replay.filter(|_| is_preview && !block.is_page) {
        let complaint = Complaint::new(Code::ReplayInPreview, "a preview has a replay")
            .hint("it may be left over from an earlier post");
        draft.doubts.warn(draft.post, &span, "review", complaint);
    }
    let page_cover = draft.post.cover.clone().filter(|_| block.is_page);
    let mut images = block.lines.iter().flat_map(|line| &line.images);
    Details {
        join_url: first_url(draft, reader, Label::Join, "join")
            .or_else(|| meeting_link(block.lines)),
        code: text(draft, Label::Code).as_deref().and_then(code),
        phones: phones(draft),
        stream_url: first_url(draft, reader, Label::Stream, "stream"),
        room: text(draft, Label::Room).as_deref().and_then(code),
        location: place(draft, reader),
        group: text(draft, Label::Group).as_deref().and_then(code),
        register: first_url(draft, reader, Label::Register, "register")
            .or_else(|| invitation(draft.block, reader)),
        agenda: agenda(draft, reader, episode),
        speakers: speakers(draft, reader),
        image: page_cover.or_else(|| images.next().map(|image| image.target.clone())),
        tracking: tracking(draft, reader),
        summary: summary(draft),
        replays,
        materials: links(draft, reader, Label::Materials, "review"),
        links: links(draft, reader, Label::Article, "links"),
    }
}

fn text(draft: &Draft<'_, '_>, label: Label) -> Option<String> {
    let texts = draft.fields(label).map(|field| field.text().to_owned());
    texts.into_iter().find(|text| !text.is_empty())
}

/// Reads the number at the beginning of a value: `688 824 34655`.
fn code(text: &str) -> Option<String> {
    let begin = text.find(|c: char| c.is_ascii_digit())?;
    let rest = &text[begin..];
    let end = rest
        .find(|c: char| !(c.is_ascii_digit() || " -".contains(c)))
        .unwrap_or(rest.len());
    let code = rest[..end].trim_end_matches([' ', '-']);
    let digits = code.bytes().filter(u8::is_ascii_digit).count();
    (begin <= FAR && (4..=20).contains(&digits)).then(|| code.to_owned())
}

/// How far into a value its number may begin, in bytes.
const FAR: usize = 40;

/// Reads numbers that may run together; one with a 0 behind its plus lacks the country code of China.
fn phones(draft: &mut Draft<'_, '_>) -> Vec<String> {
    let text: String = draft
        .fields(Label::Phones)
        .map(|field| field.text())
        .collect();
    let mut phones = Vec::new();
    let mut lacks_country = false;
    for part in text
        .replace('+', " +")
        .split(|c: char| !(c.is_ascii_digit() || c == '+' || c == '-'))
    {
        let number = part.replace('-', "");
        let digits = number.trim_start_matches('+');
        if !(7..=15).contains(&digits.len()) {
            continue;
        }
        lacks_country |= number.starts_with("+0");
        phones.push(match number.starts_with("+0") {
            true => format!("+86{}", digits.trim_start_matches('0')),
            false => number,
        });
    }
    if lacks_country {
        draft.doubts.note(
            "join",
            "the post prints the numbers without the country code 86",
        );
    }
    phones.dedup();
    phones
}

/// Finds the link to a meeting that has no label of its own.
fn meeting_link(lines: &[Line]) -> Option<String> {
    let mut links = lines.iter().flat_map(|line| &line.links);
    let is_meeting = |link: &&WrittenLink| {
        let target = link.target.trim();
        target.starts_with("https://meeting.dingtalk.com/j/") || target.starts_with("dingtalk://")
    };
    links
        .find(is_meeting)
        .map(|link| link.target.trim().to_owned())
}

fn place(draft: &Draft<'_, '_>, reader: &Reader<'_>) -> Option<String> {
    let mut places = draft
        .fields(Label::Place)
        .map(|field| trimmed(field.text()));
    let place = places.find(|place| !place.is_empty() && !is_address(place))?;
    (!reader.vocabulary.says(Sense::Placeholders, place)).then(|| place.to_owned())
}

/// Reads the links behind a label; what only promises to lead somewhere is left out.
fn links(
    draft: &mut Draft<'_, '_>,
    reader: &Reader<'_>,
    label: Label,
    key: &'static str,
) -> Vec<Named> {
    let fields: Vec<WrittenField> = draft.fields(label).cloned().collect();
    let mut found: Vec<Named> = Vec::new();
    for field in &fields {
        for link in field.links() {
            let line = field.line_of(link);
            let promises = reader.vocabulary.says(Sense::Placeholders, &link.text);
            if promises {
                let message = format!(
                    "`{}` is a promise, and its link leads somewhere else",
                    link.text.trim()
                );
                let complaint = Complaint::new(Code::PlaceholderLink, message);
                let complaint = complaint.hint("it is left out; write the link when it is there");
                draft.doubts.warn(draft.post, &line.span, key, complaint);
                continue;
            }
            compare(draft, line, link, key);
            let url = without_tracking(&link.target);
            let is_known = found.iter().any(|known| is_same_page(&known.url, &url));
            if !is_known && is_web(&url) {
                found.push(Named {
                    text: words(link, field, reader),
                    url,
                });
            }
        }
    }
    found
}

/// Gives the words of a link; those of `[戳这里](…)` and of an address are its label's.
fn words(link: &WrittenLink, field: &WrittenField<'_>, reader: &Reader<'_>) -> String {
    let words = trimmed(&link.text);
    let is_here = reader.vocabulary.is(Sense::Here, words);
    if !(is_address(words) || is_here || words.is_empty()) {
        return words.to_owned();
    }
    let label = crate::newsletter::label::split_at_colon(&field.line.text);
    let label = label.map_or(field.line.text.as_str(), |(label, _)| label);
    label
        .trim()
        .trim_matches(['「', '」', '【', '】', '|'])
        .trim()
        .to_owned()
}

fn first_url(
    draft: &mut Draft<'_, '_>,
    reader: &Reader<'_>,
    label: Label,
    key: &'static str,
) -> Option<String> {
    let fields: Vec<WrittenField> = draft.fields(label).cloned().collect();
    for field in &fields {
        let mut links = field.links().into_iter();
        let fit = |link: &&WrittenLink| {
            !reader.vocabulary.says(Sense::Placeholders, &link.text) && is_link(&link.target)
        };
        if let Some(link) = links.find(fit) {
            compare(draft, field.line_of(link), link, key);
            return Some(link.target.trim().to_owned());
        }
    }
    None
}

/// Finds the link to click in a sentence that has no label.
fn invitation(block: &Block<'_>, reader: &Reader<'_>) -> Option<String> {
    let lines = block
        .lines
        .iter()
        .zip(block.labels)
        .filter(|(_, labels)| labels.is_empty());
    let mut links = lines.flat_map(|(line, _)| &line.links);
    let is_fit =
        |link: &&WrittenLink| reader.vocabulary.is(Sense::Here, &link.text) && is_web(&link.target);
    let link = links.find(is_fit).filter(|_| !block.is_page)?;
    Some(link.target.trim().to_owned())
}

fn is_web(url: &str) -> bool {
    url.starts_with("http://") || url.starts_with("https://")
}

fn is_link(url: &str) -> bool {
    is_web(url.trim()) || url.trim().starts_with("dingtalk://")
}

/// Warns if the words of a link are another address than the one it leads to.
fn compare(draft: &mut Draft<'_, '_>, line: &Line, link: &WrittenLink, key: &'static str) {
    if !is_address(&link.text) || is_same_page(&link.text, &link.target) {
        return;
    }
    let message = format!(
        "the link says `{}` and leads to `{}`",
        crate::diagnostic::excerpt(link.text.trim()),
        crate::diagnostic::excerpt(link.target.trim())
    );
    let complaint = Complaint::new(Code::LinkMismatch, message);
    let complaint = complaint.hint("what it leads to is taken; look which of them is meant");
    draft.doubts.warn(draft.post, &line.span, key, complaint);
}

fn tracking(draft: &mut Draft<'_, '_>, reader: &Reader<'_>) -> Option<String> {
    let (line, link) = tracking_link(draft.block, reader.projects)?;
    compare(draft, line, link, "tracking");
    Some(link.target.trim().to_owned())
}

fn agenda(draft: &mut Draft<'_, '_>, reader: &Reader<'_>, episode: Option<u32>) -> Vec<Point> {
    let leftover = leftover_of(draft.block.lines, episode);
    if let Some(other) = leftover {
        let note = format!("the programme is that of #{other}, and is left out");
        draft.doubts.note("agenda", note);
    }
    let of = |label: Label| {
        let mut fields = draft.fields(label);
        let points = fields.find_map(|field| {
            Some(points_of(field, reader.vocabulary)).filter(|points| !points.is_empty())
        });
        points.unwrap_or_default()
    };
    let slots = slots_of(draft.block.lines);
    let rows = match leftover {
        Some(_) => Vec::new(),
        None => rows_of(draft.block.lines, reader.vocabulary),
    };
    let choices = [rows, slots, of(Label::Agenda), of(Label::Takeaways)];
    choices
        .into_iter()
        .find(|points| !points.is_empty())
        .unwrap_or_default()
}

fn speakers(draft: &Draft<'_, '_>, reader: &Reader<'_>) -> Vec<Speaker> {
    let lines = draft.fields(Label::Speakers).flat_map(|field| {
        let is_list = field.value.trim().is_empty();
        // Behind a name on the line itself come sentences about something else.
        let entries = field.entries().take(if is_list { usize::MAX } else { 1 });
        entries.map(|(text, _)| text).collect::<Vec<_>>()
    });
    people(lines, reader.vocabulary)
}

/// Joins the lines of a report, its lists as lines.
fn summary(draft: &Draft<'_, '_>) -> Option<String> {
    let field = draft.fields(Label::Summary).next()?;
    let lines = field.entries().map(|(text, role)| match role {
        Role::Item(depth) => format!("{}- {text}", "  ".repeat(depth.saturating_sub(1).min(4))),
        _ => text.to_owned(),
    });
    let lines: Vec<String> = lines.filter(|line| !line.trim().is_empty()).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}
