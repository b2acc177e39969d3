//! Lost text: what YAML dropped from a value without a word.
//!
//! Flows in: a source's text. Flows out: a warning where ` #` began a comment or `&` an anchor that
//! its author probably meant as text, or where a line became part of the value above it.
//! Positions are looked for only when there may be something.

use crate::diagnostic::{Code, Complaint, excerpt};
use crate::source::Span;
use crate::yaml::bytes::any_two;
use crate::yaml::cure::quoted;
use crate::yaml::cursor::Cursor;
use crate::yaml::document::EventDocument;
use crate::yaml::nodes::Node;
use crate::yaml::unknown_key::meant;
use std::collections::BTreeSet;

/// Reports the values of a file that lost text.
pub(crate) fn report_lost_text(root: &Cursor) {
    let text = &root.source().text;
    let is_sign = |byte: u8, next: u8| (byte == b' ') & ((next == b'#') | (next == b'&'));
    let may_be_cut = any_two(text.as_bytes(), is_sign);
    if may_be_cut && text.contains(" #") {
        for span in cut_values(text, root.positions().nodes()) {
            let written = &text[span.clone()];
            let message = "a ` #` cuts this value: what follows is a comment to YAML";
            let cure = excerpt(&quoted(written));
            let hint = format!(
                "quote the whole value: `{cure}`; or put a blank after the `#` if it is a comment"
            );
            root.report_span(span, Complaint::new(Code::CutByComment, message).hint(hint));
        }
    }
    if may_be_cut && text.contains(" &") {
        for span in unused_anchors(text, root.positions().nodes()) {
            let written = &text[span.clone()];
            let name = written.split(char::is_whitespace).next().unwrap_or(written);
            let message = format!("`{name}` is an anchor to YAML and no part of the text");
            let hint = format!("quote the whole value: `{}`", excerpt(&quoted(written)));
            root.report_span(span, Complaint::new(Code::UnusedAnchor, message).hint(hint));
        }
    }
    if may_swallow(text) {
        for (span, line) in swallowed_lines(text, root.positions().nodes()) {
            root.report_span(span, line.complaint());
        }
    }
}

/// What a line was meant as that became part of the value above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Swallowed {
    Key,
    Entry,
}

impl Swallowed {
    /// Tells what a line looks like: `地点：二楼`, `- 讨论` or `2. 讨论`.
    fn of(line: &str) -> Option<Self> {
        let line = line.trim_start();
        // Nearly every line begins with a key, and goes on without a full-width colon.
        if line.starts_with(|c: char| c.is_ascii_alphabetic()) && !line.contains('：') {
            return None;
        }
        let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let chinese =
            line.trim_start_matches(['一', '二', '三', '四', '五', '六', '七', '八', '九', '十']);
        let after_number = number
            .strip_prefix(['.', '、', ')', '）'])
            .filter(|_| number.len() < line.len());
        let after_chinese = chinese
            .strip_prefix('、')
            .filter(|_| chinese.len() < line.len());
        let after_mark =
            line.strip_prefix(['-', '–', '—', '－', '·', '・', '•', '●', '○', '■', '*']);
        // `1.0` and `-1` begin no entry.
        let begins = |after: &str| after.starts_with(|c: char| c.is_whitespace() || !c.is_ascii());
        if [after_number, after_chinese, after_mark]
            .into_iter()
            .flatten()
            .any(begins)
            || line.starts_with('①')
            || line.starts_with('②')
        {
            return Some(Swallowed::Entry);
        }
        let (name, _) = line.split_once('：')?;
        meant(name.trim(), EventDocument::KEYS).map(|_| Swallowed::Key)
    }

    fn complaint(self) -> Complaint {
        match self {
            Swallowed::Key => {
                let message = "this line looks like a key, but it is part of the value above it";
                let hint = "begin it in the column of the keys, with the ASCII `:` and a blank; or quote the whole value above";
                Complaint::new(Code::SwallowedLine, message).hint(hint)
            }
            Swallowed::Entry => {
                let message =
                    "this line looks like an entry of a list, but it is part of the text above it";
                let hint = "begin each entry with `- ` and a blank, all in one column; or quote the whole text above";
                Complaint::new(Code::FoldedList, message).hint(hint)
            }
        }
    }
}

/// Tells whether a line may go on with a value above it that it does not belong to: it is deeper
/// than a line with a value, or has a mark that YAML does not know.
fn may_swallow(text: &str) -> bool {
    let (mut above, mut column_above) = ("", 0);
    text.lines().any(|line| {
        let content = line.trim_start();
        if content.is_empty() {
            return false;
        }
        let column = line.len() - content.len();
        let is_deeper = column > column_above && !above.trim_end().ends_with([':', '|', '>']);
        let is_strange = column > 0 && !content.starts_with("- ");
        (above, column_above) = (content, column);
        // The columns first: what a line looks like takes a search through words.
        (is_deeper || is_strange) && Swallowed::of(content).is_some()
    })
}

/// Finds the plain values that a ` #` cuts short: each with the comment that was text.
///
/// A comment has a blank after its `#`, `title: SOFAChannel #42` and `issue: #894` do not.
fn cut_values(text: &str, nodes: &[Node]) -> Vec<Span> {
    // In the order of the file, so that the one before a place is found by halving.
    let scalars: Vec<&Node> = nodes.iter().filter(|node| node.is_scalar()).collect();
    let mut start = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        let span = start..start + line.trim_end().len();
        start += line.len();
        span
    });
    lines
        .filter_map(|line| cut_value(text, &scalars, line))
        .collect()
}

fn cut_value(text: &str, scalars: &[&Node], line: Span) -> Option<Span> {
    let before = |at: usize| {
        let following = scalars.partition_point(|node| node.span.start <= at);
        following.checked_sub(1).map(|index| scalars[index])
    };
    let is_comment = |at: &usize| !before(*at).is_some_and(|scalar| scalar.span.contains(at));
    let written = &text[line.clone()];
    let first = line.start + written.len() - written.trim_start().len();
    if text[first..].starts_with('#') && is_comment(&first) {
        return None;
    }
    // Behind the first comment of a line everything is comment.
    let at = written
        .match_indices(" #")
        .map(|(at, _)| line.start + at)
        .find(is_comment)?;
    text[at + 2..line.end]
        .starts_with(|c: char| !c.is_whitespace() && c != '#')
        .then_some(())?;
    let value_end = text[..at].trim_end_matches(' ').len();
    if text[..value_end].ends_with(':') {
        // What stands below the key is its value, and nothing is cut.
        return (!goes_on_below(text, &line)).then_some(at + 1..line.end);
    }
    let scalar = before(at).filter(|scalar| scalar.span.end == value_end && scalar.is_plain())?;
    Some(scalar.span.start.max(line.start)..line.end)
}

/// Tells whether the line after this one is deeper, or an entry of its list.
fn goes_on_below(text: &str, line: &Span) -> bool {
    let column = |line: &str| line.len() - line.trim_start().len();
    let below = text[line.end..]
        .lines()
        .find(|line| !line.trim().is_empty());
    let own = column(&text[line.clone()]);
    below.is_some_and(|below| column(below) > own || below.trim_start().starts_with("- "))
}

/// Finds lines that became part of a plain value above them, the first of each value.
fn swallowed_lines(text: &str, nodes: &[Node]) -> Vec<(Span, Swallowed)> {
    let first_of = |node: &Node| {
        let mut start = node.span.start;
        let mut lines = text[node.span.clone()]
            .split_inclusive('\n')
            .map(move |line| {
                let span =
                    start + line.len() - line.trim_start().len()..start + line.trim_end().len();
                start += line.len();
                span
            });
        lines.next();
        lines.find_map(|span| Some((span.clone(), Swallowed::of(text.get(span)?)?)))
    };
    let plain = nodes.iter().filter(|node| node.is_plain());
    plain.filter_map(first_of).collect()
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
    use super::{Swallowed, cut_values, may_swallow, swallowed_lines, unused_anchors};
    use crate::yaml::nodes::nodes_of;

    #[test]
    fn finds_values_that_a_comment_cuts() {
        let text = "title: SOFAChannel #42 直播\nissue: #894\nkind: other # note\nurl: \"a #b\" #c\n# tracking: #894\na: b # see: #42\ntext: |\n  a #b\n#x\n";
        let cut = cut_values(text, &nodes_of(text));
        let cut: Vec<&str> = cut.into_iter().map(|span| &text[span]).collect();
        assert_eq!(cut, ["SOFAChannel #42 直播", "#894"]);
    }

    #[test]
    fn finds_lines_that_a_value_swallowed() {
        let text = "title: 例会\n  地点：二楼\nurl: x\ndescription: >\n  地点：三楼\n";
        let lines = swallowed_lines(text, &nodes_of(text));
        let lines: Vec<&str> = lines.into_iter().map(|(span, _)| &text[span]).collect();
        assert_eq!(lines, ["地点：二楼"]);
    }

    #[test]
    fn finds_entries_that_a_text_swallowed() {
        for (text, line) in [
            ("agenda:\n  - a\n    - b\n", "- b"),
            ("agenda: 第一项\n  - 第二项\n", "- 第二项"),
            ("agenda:\n  1. 开场\n  2. 讨论\n", "2. 讨论"),
            ("agenda:\n  · 开场\n  · 讨论\n", "· 讨论"),
        ] {
            assert!(may_swallow(text), "{text}");
            let lines = swallowed_lines(text, &nodes_of(text));
            let [(span, Swallowed::Entry)] = &lines[..] else {
                panic!("{text}: {lines:?}")
            };
            assert_eq!(&text[span.clone()], line);
        }
        for text in [
            "agenda:\n  - a\n  - b\ntags:\n- c\n",
            "text: |\n  - a\n  - b\n",
        ] {
            assert_eq!(swallowed_lines(text, &nodes_of(text)), []);
        }
    }

    #[test]
    fn finds_anchors_that_nothing_uses() {
        let text = "title: &lantern 例会\ntags: [&a x, *a]\n";
        let unused = unused_anchors(text, &nodes_of(text));
        let unused: Vec<&str> = unused.into_iter().map(|span| &text[span]).collect();
        assert_eq!(unused, ["&lantern 例会"]);
    }
}
