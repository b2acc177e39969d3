//! Order: the keys of a file as the documents list them, each with its lines and the comments above it.
//!
//! Flows in: a text that is YAML. Flows out: the same lines, in another order. Only mappings whose keys begin a line each
//! are put in order: that of the file, and `join`, `stream`, `review` and `repeat` in it.

use crate::source::Span;
use crate::yaml::document::{JoinDocument, RepeatDocument, ReviewDocument, StreamDocument};
use crate::yaml::nodes::{Children, Node, nodes_of};
use crate::yaml::writing::names_schema;

/// The mappings below the top whose keys have an order.
const BELOW: [(&str, &[&str]); 4] = [
    ("join", JoinDocument::KEYS),
    ("stream", StreamDocument::KEYS),
    ("review", ReviewDocument::KEYS),
    ("repeat", RepeatDocument::KEYS),
];

/// Puts the keys of a file in order.
pub(super) fn in_order(text: &str, keys: &[&str]) -> String {
    let mut text = text.to_owned();
    for (name, keys) in BELOW {
        let nodes = nodes_of(&text);
        let below = entries(&nodes, 0).iter().find(|(key, ..)| key == name);
        if let Some((_, _, at)) = below {
            text = reordered(&text, &nodes, *at, keys).unwrap_or(text);
        }
    }
    let nodes = nodes_of(&text);
    reordered(&text, &nodes, 0, keys).unwrap_or(text)
}

fn entries(nodes: &[Node], at: usize) -> &[(String, Span, usize)] {
    match nodes.get(at).map(|node| &node.children) {
        Some(Children::Mapping(entries)) => entries,
        _ => &[],
    }
}

/// Reorders the lines of a mapping; `None` where lines are not all that keys need.
fn reordered(text: &str, nodes: &[Node], at: usize, keys: &[&str]) -> Option<String> {
    let entries = entries(nodes, at);
    let column = column_of(text, entries.first()?.1.start);
    let begins_line = |span: &Span| {
        let before = &text[line_start(text, span.start)..span.start];
        before.len() == column && before.bytes().all(|b| b == b' ')
    };
    if !entries.iter().all(|(_, key, _)| begins_line(key)) {
        return None;
    }
    let starts = entries
        .iter()
        .map(|(_, key, _)| lead_start(text, key.start, column));
    let mut starts: Vec<usize> = starts.collect();
    if at == 0 {
        // The line that names the schema, and what stands apart from the first key, is about the file.
        starts[0] = header_end(text, entries[0].1.start);
    }
    let end = match at {
        0 => footer_start(text, nodes, entries),
        _ => below_end(text, nodes, entries, column),
    };
    let ends = starts.iter().skip(1).copied().chain([end]);
    let blocks: Vec<&str> = starts
        .iter()
        .zip(ends)
        .map(|(start, end)| text.get(*start..end))
        .collect::<Option<_>>()?;
    let mut rank = 0;
    let mut ranked: Vec<(usize, &str)> = Vec::new();
    for ((key, ..), block) in entries.iter().zip(blocks) {
        // An unknown key stays behind the one that it stands behind.
        rank = keys.iter().position(|known| known == key).unwrap_or(rank);
        ranked.push((rank, block));
    }
    if ranked.is_sorted_by_key(|(rank, _)| *rank) {
        return None;
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    let whole = |block: &str| match block.ends_with('\n') {
        true => block.to_owned(),
        false => format!("{block}\n"),
    };
    let blocks: String = ranked.iter().map(|(_, block)| whole(block)).collect();
    Some(format!("{}{}{}", &text[..starts[0]], blocks, &text[end..]))
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// Gives where the line after the one of a byte begins.
fn next_line(text: &str, at: usize) -> usize {
    text[at..]
        .find('\n')
        .map_or(text.len(), |newline| at + newline + 1)
}

fn column_of(text: &str, at: usize) -> usize {
    at - line_start(text, at)
}

/// Tells whether a line is empty, or a comment that is not indented further than the keys.
fn leads(line: &str, column: usize) -> bool {
    let content = line.trim_start_matches(' ');
    let is_comment = content.starts_with('#') && line.len() - content.len() <= column;
    is_comment || content.trim().is_empty()
}

/// Finds where the comments above a key begin.
fn lead_start(text: &str, key: usize, column: usize) -> usize {
    let mut start = line_start(text, key);
    while start > 0 {
        let above = line_start(text, start - 1);
        if !leads(&text[above..start], column) {
            break;
        }
        start = above;
    }
    start
}

/// Finds where the comments of the first key begin: what stands above is about the whole file.
fn header_end(text: &str, key: usize) -> usize {
    let mut start = line_start(text, key);
    while start > 0 {
        let above = line_start(text, start - 1);
        let line = text[above..start].trim_end();
        if !line.starts_with('#') || names_schema(line) {
            break;
        }
        start = above;
    }
    start
}

/// Finds where nothing but comments about the whole file follows.
fn footer_start(text: &str, nodes: &[Node], entries: &[(String, Span, usize)]) -> usize {
    let mut end = content_end(text, nodes, entries);
    // Comments that are indented are about what stands above.
    while end < text.len() {
        let next = next_line(text, end);
        if leads(&text[end..next], 0) {
            break;
        }
        end = next;
    }
    end
}

/// Finds where a mapping below the top ends, with the comments that are indented as its keys are.
fn below_end(
    text: &str,
    nodes: &[Node],
    entries: &[(String, Span, usize)],
    column: usize,
) -> usize {
    let mut end = content_end(text, nodes, entries);
    while end < text.len() {
        let next = next_line(text, end);
        let line = &text[end..next];
        let content = line.trim_start_matches(' ');
        if !content.starts_with('#') || line.len() - content.len() < column {
            break;
        }
        end = next;
    }
    end
}

/// Gives where the line after the last value begins.
fn content_end(text: &str, nodes: &[Node], entries: &[(String, Span, usize)]) -> usize {
    let last = entries.last().map_or(0, |(_, key, value)| {
        nodes
            .get(*value)
            .map_or(key.end, |node| node.span.end.max(key.end))
    });
    next_line(text, last)
}
