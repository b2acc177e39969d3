//! Tidying: the same file in canonical form, with its keys in order and every comment beside what it is about.
//!
//! Flows in: a source. Flows out: its text as it should be. The layout is the formatter's, the order is `order`'s with
//! `lists`, and none is trusted: what is read of both texts is compared, and `comments` compares the comments. Deliberately absent: knowing events; the pipeline compares those too.

mod comments;
mod lists;
mod order;

use crate::source::Source;
use crate::yaml::document::{CalendarDocument, EventDocument};
use crate::yaml::nodes::{Children, Node, nodes_of};
use crate::yaml::parse::is_same_yaml;
use comments::comments;
use lists::indented;
use order::in_order;
use pretty_yaml::config::{FormatOptions, LanguageOptions, LayoutOptions, LineBreak};
use pretty_yaml::format_text;

/// Writes a source in canonical form, as far as nothing is lost; `None` if it cannot even be compared.
pub fn tidy(source: &Source) -> Option<String> {
    let keys = match &*source.relative {
        "calendar.yaml" => CalendarDocument::KEYS,
        _ => EventDocument::KEYS,
    };
    let text = &*source.text;
    // What YAML itself refuses, such as a depth that means nothing, never comes to the formatter.
    if !is_same_yaml(text, text) {
        return None;
    }
    let ordered = in_order(&indented(text), keys);
    // Where the formatter would take a comment elsewhere, the order alone is mended; and an anchor may have to stand
    // before what repeats it, whatever their keys.
    let candidates = [
        formatted(&ordered),
        Some(ordered),
        formatted(&indented(text)),
        Some(text.to_owned()),
    ];
    let mut candidates = candidates.into_iter().flatten();
    candidates.find(|tidy| is_same(text, tidy))
}

/// The deepest nesting that the formatter gets: it was made for no more than 64 levels.
const DEEPEST: usize = 32;

/// Counts the levels of mappings and lists.
fn depth_of(nodes: &[Node]) -> usize {
    let mut depths = vec![1; nodes.len()];
    // Parents stand before their children.
    for (at, node) in nodes.iter().enumerate() {
        let children: Vec<usize> = match &node.children {
            Children::Mapping(entries) => entries.iter().map(|(.., child)| *child).collect(),
            Children::List(entries) => entries.clone(),
            Children::None | Children::Alias(_) => Vec::new(),
        };
        for child in children {
            depths[child] = depths[at] + 1;
        }
    }
    depths.into_iter().max().unwrap_or(0)
}

fn formatted(text: &str) -> Option<String> {
    if depth_of(&nodes_of(text)) > DEEPEST {
        return None;
    }
    let line_break = match text.contains("\r\n") {
        true => LineBreak::Crlf,
        false => LineBreak::Lf,
    };
    let options = FormatOptions {
        layout: LayoutOptions {
            // Authors know where a line should end.
            print_width: usize::from(u16::MAX),
            line_break,
            ..LayoutOptions::default()
        },
        language: LanguageOptions {
            brace_spacing: false,
            trailing_comma: false,
            // No comment of an author switches the formatter off.
            ignore_comment_directive: "\0".to_owned(),
            ..LanguageOptions::default()
        },
    };
    let once = format_text(text, &options).ok()?;
    // What changes again is not understood.
    let twice = format_text(&once, &options).ok()?;
    (once == twice).then_some(once)
}

/// Tells whether two texts mean the same and have the same comments in the same places.
fn is_same(before: &str, after: &str) -> bool {
    let nodes = [before, after].map(nodes_of);
    is_same_yaml(before, after)
        && plain(before, &nodes[0]) == plain(after, &nodes[1])
        && comments(before, &nodes[0]) == comments(after, &nodes[1])
}

/// Gives the values without quotes as they are written: `1.10` is no `1.1`.
fn plain(text: &str, nodes: &[Node]) -> Vec<String> {
    let plain = nodes
        .iter()
        .filter(|node| node.is_scalar() && node.is_plain());
    let words = |node: &Node| {
        let words = text[node.span.clone()].split_whitespace();
        words.collect::<Vec<_>>().join(" ")
    };
    let mut all: Vec<String> = plain.map(words).collect();
    all.sort_unstable();
    all
}
