//! Lost text: what YAML dropped from a value without a word.
//!
//! Flows in: a source's text. Flows out: a warning where ` #` began a comment or `&` an anchor that
//! its author probably meant as text, or where a line became part of the value above it. Positions are looked for only when there may be something.

use crate::diagnostic::{Code, Complaint};
use crate::source::Span;
use crate::yaml::cure::quoted;
use crate::yaml::cursor::Cursor;
use crate::yaml::nodes::Node;
use std::collections::BTreeSet;

/// Reports the values of a file that lost text.
pub(crate) fn report_lost_text(root: &Cursor) {
    let text = &root.source().text;
    if text.contains(" #") {
        for span in cut_values(text, root.positions().nodes()) {
            let written = &text[span.clone()];
            let message = "a ` #` cuts this value: what follows is a comment to YAML";
            let cure = quoted(written);
            let hint = format!(
                "quote the whole value: `{cure}`; or put a blank after the `#` if it is a comment"
            );
            root.report_span(span, Complaint::new(Code::CutByComment, message).hint(hint));
        }
    }
    if text.contains(" &") {
        for span in unused_anchors(text, root.positions().nodes()) {
            let written = &text[span.clone()];
            let name = written.split(char::is_whitespace).next().unwrap_or(written);
            let message = format!("`{name}` is an anchor to YAML and no part of the text");
            let hint = format!("quote the whole value: `{}`", quoted(written));
            root.report_span(span, Complaint::new(Code::UnusedAnchor, message).hint(hint));
        }
    }
    let may_be_key =
        |line: &str| line.starts_with([' ', '\t']) && line.contains('：') && !line.contains(": ");
    if text.lines().any(may_be_key) {
        for span in swallowed_lines(text, root.positions().nodes()) {
            let message = "this line looks like a key, but it is part of the value above it";
            let hint = "begin it in the column of the keys, with the ASCII `:` and a blank; or quote the whole value above";
            root.report_span(
                span,
                Complaint::new(Code::SwallowedLine, message).hint(hint),
            );
        }
    }
}

/// Finds the plain values that a ` #` cuts short: each with the comment that was text.
///
/// A comment has a blank after its `#`, `title: SOFAChannel #42` and `issue: #894` do not.
fn cut_values(text: &str, nodes: &[Node]) -> Vec<Span> {
    // In the order of the file, so that the one before a place is found by halving.
    let scalars: Vec<&Node> = nodes.iter().filter(|node| node.is_scalar()).collect();
    let is_text = |at: &usize| text[at + 2..].starts_with(|c: char| !c.is_whitespace() && c != '#');
    let cut_at = |at: usize| {
        let before = text[..at].trim_end_matches(' ');
        let following = scalars.partition_point(|node| node.span.start <= at);
        let scalar = following.checked_sub(1).map(|index| scalars[index]);
        let start = match scalar {
            Some(scalar) if scalar.span.contains(&at) => return None,
            _ if before.ends_with(':') => at + 1,
            Some(scalar) if scalar.span.end == before.len() && scalar.is_plain() => scalar
                .span
                .start
                .max(before.rfind('\n').map_or(0, |newline| newline + 1)),
            _ => return None,
        };
        let line_end = at + text[at..].find('\n').unwrap_or(text.len() - at);
        Some(start..text[..line_end].trim_end().len())
    };
    let candidates = text.match_indices(" #").map(|(at, _)| at);
    candidates.filter(is_text).filter_map(cut_at).collect()
}

/// Finds lines such as `地点：二楼` that became part of a plain value above them.
fn swallowed_lines(text: &str, nodes: &[Node]) -> Vec<Span> {
    let continuations = |node: &Node| {
        let mut start = node.span.start;
        let lines = text[node.span.clone()]
            .split_inclusive('\n')
            .map(move |line| {
                let span = start..start + line.len();
                start = span.end;
                span
            });
        lines.skip(1).collect::<Vec<Span>>()
    };
    let is_key = |span: &Span| {
        let name = text[span.clone()]
            .trim_start()
            .split_once('：')
            .map(|(name, _)| name);
        name.is_some_and(|name| {
            (1..=8).contains(&name.chars().count()) && !name.contains(char::is_whitespace)
        })
    };
    let trimmed = |span: Span| {
        let line = text[span.clone()].trim_start();
        span.end - line.len()..span.end - line.len() + line.trim_end().len()
    };
    let plain = nodes.iter().filter(|node| node.is_plain());
    plain
        .flat_map(continuations)
        .filter(is_key)
        .map(trimmed)
        .collect()
}

/// Finds values that begin with an anchor which no alias uses: `title: &lantern 例会`.
fn unused_anchors(text: &str, nodes: &[Node]) -> Vec<Span> {
    let used: BTreeSet<usize> = nodes.iter().filter_map(Node::alias_target).collect();
    let is_unused = |(index, node): &(usize, &Node)| node.is_plain() && !used.contains(index);
    let anchored = |(_, node): (usize, &Node)| {
        let before = text[..node.span.start].trim_end();
        let anchor = before.rfind([' ', '\n']).map_or(0, |blank| blank + 1);
        before[anchor..]
            .starts_with('&')
            .then_some(anchor..node.span.end)
    };
    nodes
        .iter()
        .enumerate()
        .filter(is_unused)
        .filter_map(anchored)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{cut_values, swallowed_lines, unused_anchors};
    use crate::yaml::nodes::nodes_of;

    #[test]
    fn finds_values_that_a_comment_cuts() {
        let text = "title: SOFAChannel #42 直播\nissue: #894\nkind: other # note\nurl: \"a #b\" #c\ntext: |\n  a #b\n#x\n";
        let cut = cut_values(text, &nodes_of(text));
        let cut: Vec<&str> = cut.into_iter().map(|span| &text[span]).collect();
        assert_eq!(cut, ["SOFAChannel #42 直播", "#894"]);
    }

    #[test]
    fn finds_lines_that_a_value_swallowed() {
        let text = "title: 例会\n  地点：二楼\nurl: x\ndescription: >\n  地点：三楼\n";
        let lines = swallowed_lines(text, &nodes_of(text));
        let lines: Vec<&str> = lines.into_iter().map(|span| &text[span]).collect();
        assert_eq!(lines, ["地点：二楼"]);
    }

    #[test]
    fn finds_anchors_that_nothing_uses() {
        let text = "title: &lantern 例会\ntags: [&a x, *a]\n";
        let unused = unused_anchors(text, &nodes_of(text));
        let unused: Vec<&str> = unused.into_iter().map(|span| &text[span]).collect();
        assert_eq!(unused, ["&lantern 例会"]);
    }
}
