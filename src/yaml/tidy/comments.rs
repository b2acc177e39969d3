//! Comments: what each is about, so that none is lost or ends up beside something else.
//!
//! Flows in: a text and its nodes. Flows out: every comment with the way to what it stands beside or above.

use crate::source::Span;
use crate::yaml::nodes::{Children, Node};
use crate::yaml::writing::names_schema;

/// Gives every comment with what it is about, in an order that does not depend on that of the keys.
pub(super) fn comments(text: &str, nodes: &[Node]) -> Vec<(String, String)> {
    let mut elements = Vec::new();
    collect(nodes, 0, "", &mut elements);
    elements.sort_by_key(|element| element.start);
    let texts = texts(text, nodes);
    let mut found = Vec::new();
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        if let Some(at) = comment_in(line, line_start, &texts) {
            let comment = line[at - line_start..].trim_end().to_owned();
            found.push((comment, about(text, line_start, at, &elements)));
        }
        line_start += line.len();
    }
    // Of comments about one thing the order counts.
    found.sort_by(|a, b| a.1.cmp(&b.1));
    found
}

/// A key or an entry of a list.
struct Element {
    start: usize,
    way: String,
}

fn collect(nodes: &[Node], at: usize, way: &str, elements: &mut Vec<Element>) {
    match nodes.get(at).map(|node| &node.children) {
        Some(Children::Mapping(entries)) => {
            for (key, span, value) in entries {
                let way = format!("{way}.{key}");
                collect(nodes, *value, &way, elements);
                let start = span.start;
                elements.push(Element { start, way });
            }
        }
        Some(Children::List(entries)) => {
            for (index, entry) in entries.iter().enumerate() {
                let way = format!("{way}[{index}]");
                collect(nodes, *entry, &way, elements);
                let start = nodes[*entry].span.start;
                elements.push(Element { start, way });
            }
        }
        _ => {}
    }
}

/// Gives the spans in which a `#` is text, in order.
fn texts(text: &str, nodes: &[Node]) -> Vec<Span> {
    let keys = nodes.iter().flat_map(|node| match &node.children {
        Children::Mapping(entries) => entries.as_slice(),
        _ => &[],
    });
    let keys = keys.map(|(_, span, _)| span.clone());
    let scalars = nodes.iter().filter(|node| node.is_scalar()).map(|node| {
        let span = node.span.clone();
        match node.text_start {
            Some(_) => span,
            // A comment may stand behind the `|` of a text of several lines.
            None => {
                let header = text[span.clone()].find('\n').unwrap_or(span.len());
                span.start + header..span.end
            }
        }
    });
    let mut all: Vec<Span> = keys.chain(scalars).collect();
    all.sort_by_key(|span| span.start);
    all
}

/// Finds where the comment of a line begins.
fn comment_in(line: &str, line_start: usize, texts: &[Span]) -> Option<usize> {
    let is_text = |at: usize| {
        let before = texts.partition_point(|span| span.start <= at);
        before
            .checked_sub(1)
            .is_some_and(|index| texts[index].end > at)
    };
    let signs = line.match_indices('#').filter(|(at, _)| {
        let before = line[..*at].chars().next_back();
        before.is_none_or(|c| matches!(c, ' ' | '\t'))
    });
    let mut places = signs.map(|(at, _)| line_start + at);
    places.find(|at| !is_text(*at))
}

/// Says what a comment is about: what its line holds, else what follows, unless it is indented further than that.
fn about(text: &str, line_start: usize, at: usize, elements: &[Element]) -> String {
    let next = elements.partition_point(|element| element.start < at);
    let before = next.checked_sub(1).map(|index| &elements[index]);
    let last = |side: &str| {
        before.map_or("the file".to_owned(), |element| {
            format!("{}{side}", element.way)
        })
    };
    if !text[line_start..at].trim().is_empty() {
        return last(" beside");
    }
    let Some(next) = elements.get(next) else {
        return match at > line_start {
            true => last(" below"),
            false => "the end".to_owned(),
        };
    };
    if !is_of_first(text, at, next, elements) {
        return "the file".to_owned();
    }
    let next_line = text[..next.start]
        .rfind('\n')
        .map_or(0, |newline| newline + 1);
    let indent = |start: usize| text[start..].bytes().take_while(|b| *b == b' ').count();
    match indent(line_start) > indent(next_line) {
        true => last(" below"),
        false => format!("{} above", next.way),
    }
}

/// Tells whether a comment belongs to the element below it, as every one does but those at the top of the file that
/// stand apart from the first.
fn is_of_first(text: &str, at: usize, next: &Element, elements: &[Element]) -> bool {
    let is_first = elements
        .first()
        .is_some_and(|first| first.start == next.start);
    let column = next.start
        - text[..next.start]
            .rfind('\n')
            .map_or(0, |newline| newline + 1);
    let between = text.get(at..next.start - column).unwrap_or("");
    let mut between = between.lines();
    !is_first || between.all(|line| !line.trim().is_empty() && !names_schema(line))
}
