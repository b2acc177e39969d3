//! Lists: indented below their keys, with the comments among their entries.
//!
//! Flows in: a text that is YAML. Flows out: the same lines, some further to the right. The formatter would do it too,
//! but takes the comments behind such a list along.

use crate::yaml::nodes::{Children, Node, nodes_of};
use std::ops::Range;

/// Indents the lists that begin in the column of their key.
pub(super) fn indented(text: &str) -> String {
    let nodes = nodes_of(text);
    let lists: Vec<Range<usize>> = flush_lists(text, &nodes);
    let mut indented = String::with_capacity(text.len() + 100);
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let depth = lists.iter().filter(|list| list.contains(&start)).count();
        if !line.trim().is_empty() {
            indented.push_str(&"  ".repeat(depth));
        }
        indented.push_str(line);
        start += line.len();
    }
    indented
}

/// Gives the lines of each such list.
fn flush_lists(text: &str, nodes: &[Node]) -> Vec<Range<usize>> {
    let line_start = |at: usize| text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let entries = nodes.iter().flat_map(|node| match &node.children {
        Children::Mapping(entries) => entries.as_slice(),
        _ => &[],
    });
    let list = |(_, key, value): &(String, Range<usize>, usize)| {
        let node = nodes.get(*value)?;
        let Children::List(_) = node.children else {
            return None;
        };
        let of_entry = line_start(node.span.start);
        let line = &text[of_entry..];
        let column = line.len() - line.trim_start_matches(' ').len();
        let is_flush =
            line[column..].starts_with('-') && column == key.start - line_start(key.start);
        // What stands between the key and the first entry is comments.
        let start = text[key.end..]
            .find('\n')
            .map(|newline| key.end + newline + 1)?;
        (is_flush && start <= of_entry).then_some(start..node.span.end)
    };
    entries.filter_map(list).collect()
}
