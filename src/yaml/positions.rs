//! Positions: where in the text a YAML node stands.
//!
//! Flows in: a source's text and the way to a node. Flows out: a span, or the text as written.
//! It is built only when there is something to report: serde keeps no positions.
//! Deliberately absent: judging; a text that is not YAML has the positions up to its fault.

use crate::diagnostic::{Part, Step};
use crate::source::Span;
use saphyr_parser::{Event, Parser, ScalarStyle, Span as CharSpan};
use std::collections::BTreeSet;

/// The nodes of a text, each with its span.
#[derive(Debug)]
pub struct Positions {
    nodes: Vec<Node>,
}

#[derive(Debug)]
struct Node {
    span: Span,
    children: Children,
    /// Where the text of a scalar begins, if it stands in the file as YAML reads it.
    text_start: Option<usize>,
}

impl Node {
    fn is_scalar(&self) -> bool {
        matches!(self.children, Children::None)
    }

    fn alias_target(&self) -> Option<usize> {
        match self.children {
            Children::Alias(target) => target,
            _ => None,
        }
    }

    fn is_plain(&self) -> bool {
        self.text_start == Some(self.span.start)
    }
}

#[derive(Debug)]
enum Children {
    None,
    /// A key, where it stands, and its value's node.
    Mapping(Vec<(String, Span, usize)>),
    List(Vec<usize>),
    Alias(Option<usize>),
}

const ROOT: usize = 0;

impl Positions {
    /// Reads the nodes of the first document in a text.
    pub fn of(text: &str) -> Self {
        Builder::new(text).build()
    }

    /// Finds the span of a part of a node; a node that is not there gives its nearest ancestor.
    ///
    /// An entry of `events:` inherits from the top of its file, so what `events[2].join.code`
    /// does not have may stand at `join.code`.
    pub fn find(&self, steps: &[Step], part: &Part) -> Option<Span> {
        let inherited = match steps {
            [Step::Key(key), Step::Index(_), rest @ ..] if &**key == "events" => Some(rest),
            _ => None,
        };
        self.walk(steps, part)
            .or_else(|| self.walk(inherited?, part))
            .or_else(|| {
                let (_, parent) = steps.split_last()?;
                self.find(parent, &Part::Value)
            })
    }

    /// Finds the scalar's text as it is written, when it is written plainly.
    pub fn written<'t>(&self, text: &'t str, steps: &[Step]) -> Option<&'t str> {
        let mut at = ROOT;
        for step in steps {
            at = self.child(at, step, 1)?.1;
        }
        text.get(self.nodes.get(self.target(at)?)?.span.clone())
    }

    /// Finds the plain values that a ` #` cuts short: each with the comment that was text.
    ///
    /// A comment has a blank after its `#`, `title: SOFAChannel #42` and `issue: #894` do not.
    pub fn cut_values(&self, text: &str) -> Vec<Span> {
        // In the order of the file, so that the one before a place is found by halving.
        let scalars: Vec<&Node> = self.nodes.iter().filter(|node| node.is_scalar()).collect();
        let is_text =
            |at: &usize| text[at + 2..].starts_with(|c: char| !c.is_whitespace() && c != '#');
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
    pub fn swallowed_lines(&self, text: &str) -> Vec<Span> {
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
        let plain = self.nodes.iter().filter(|node| node.is_plain());
        plain
            .flat_map(continuations)
            .filter(is_key)
            .map(trimmed)
            .collect()
    }

    /// Finds values that begin with an anchor which no alias uses: `title: &lantern 例会`.
    pub fn unused_anchors(&self, text: &str) -> Vec<Span> {
        let used: BTreeSet<usize> = self.nodes.iter().filter_map(Node::alias_target).collect();
        let is_unused = |(index, node): &(usize, &Node)| node.is_plain() && !used.contains(index);
        let anchored = |(_, node): (usize, &Node)| {
            let before = text[..node.span.start].trim_end();
            let anchor = before.rfind([' ', '\n']).map_or(0, |blank| blank + 1);
            before[anchor..]
                .starts_with('&')
                .then_some(anchor..node.span.end)
        };
        self.nodes
            .iter()
            .enumerate()
            .filter(is_unused)
            .filter_map(anchored)
            .collect()
    }

    fn walk(&self, steps: &[Step], part: &Part) -> Option<Span> {
        let mut at = ROOT;
        let mut key_span = None;
        let mut alias_span = None;
        for (depth, step) in steps.iter().enumerate() {
            let is_last = depth + 1 == steps.len();
            let appearance = match part {
                Part::RepeatedKey(appearance) if is_last => *appearance,
                _ => 1,
            };
            (key_span, at) = self.child(at, step, appearance)?;
            if let (Children::Alias(_), false) = (&self.nodes[at].children, is_last) {
                alias_span = alias_span.or(Some(self.nodes[at].span.clone()));
            }
        }
        if alias_span.is_some() {
            return alias_span;
        }
        let value = self.nodes.get(at)?.span.clone();
        Some(match part {
            Part::Key | Part::RepeatedKey(_) => key_span.unwrap_or(value),
            Part::Value if value.is_empty() => key_span.unwrap_or(value),
            Part::Value => value,
            Part::Within(range) => match self.nodes[at].text_start {
                Some(start) if start + range.end <= value.end => {
                    start + range.start..start + range.end
                }
                _ => value,
            },
        })
    }

    fn child(&self, at: usize, step: &Step, appearance: usize) -> Option<(Option<Span>, usize)> {
        match (&self.nodes.get(self.target(at)?)?.children, step) {
            (Children::Mapping(entries), Step::Key(key)) => entries
                .iter()
                .filter(|(name, ..)| **name == **key)
                .nth(appearance - 1)
                .map(|(_, span, node)| (Some(span.clone()), *node)),
            (Children::List(entries), Step::Index(index)) => {
                entries.get(*index).map(|node| (None, *node))
            }
            // A lone value stands for a list of one.
            (Children::Mapping(_) | Children::None, Step::Index(0)) => Some((None, at)),
            _ => None,
        }
    }

    fn target(&self, at: usize) -> Option<usize> {
        match self.nodes.get(at)?.children {
            Children::Alias(anchor) => anchor,
            _ => Some(at),
        }
    }
}

struct Builder<'t> {
    text: &'t str,
    /// The byte offset of each character, and of the end.
    offsets: Vec<usize>,
    nodes: Vec<Node>,
    anchors: Vec<Option<usize>>,
    open: Vec<Open>,
}

/// A list or mapping whose end has not come.
struct Open {
    node: usize,
    /// The key that waits for its value.
    key: Option<(String, Span)>,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str) -> Self {
        let offsets = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        Builder {
            text,
            offsets: offsets.collect(),
            nodes: Vec::new(),
            anchors: Vec::new(),
            open: Vec::new(),
        }
    }

    fn build(mut self) -> Positions {
        for event in Parser::new_from_str(self.text) {
            let Ok((event, span)) = event else { break };
            let span = self.bytes(span);
            match event {
                Event::Scalar(value, style, anchor, tag) => {
                    let has_properties = anchor > 0 || tag.is_some();
                    let span = if has_properties {
                        self.without_properties(span)
                    } else {
                        span
                    };
                    let text_start = match style {
                        ScalarStyle::Plain => Some(span.start),
                        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                            Some(span.start + 1)
                        }
                        ScalarStyle::Literal | ScalarStyle::Folded => None,
                    };
                    if let Some(node) = self.add(span, Children::None, anchor, Some(&value)) {
                        self.nodes[node].text_start = text_start;
                    }
                }
                Event::Alias(anchor) => {
                    let target = self.anchors.get(anchor).copied().flatten();
                    self.add(span, Children::Alias(target), 0, None);
                }
                Event::SequenceStart(anchor, _) => {
                    let node = self.add(span, Children::List(Vec::new()), anchor, None);
                    self.open.extend(node.map(|node| Open { node, key: None }));
                }
                Event::MappingStart(anchor, _) => {
                    let node = self.add(span, Children::Mapping(Vec::new()), anchor, None);
                    self.open.extend(node.map(|node| Open { node, key: None }));
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    if let Some(closed) = self.open.pop() {
                        self.close(closed.node, span);
                    }
                }
                Event::DocumentEnd => break,
                Event::Nothing
                | Event::StreamStart
                | Event::StreamEnd
                | Event::DocumentStart(_) => {}
            }
        }
        Positions { nodes: self.nodes }
    }

    /// Adds a node below the open one and gives its number, unless it is a scalar that is a key.
    fn add(
        &mut self,
        span: Span,
        children: Children,
        anchor: usize,
        scalar: Option<&str>,
    ) -> Option<usize> {
        let node = self.nodes.len();
        if let Some(open) = self.open.last_mut() {
            match (&mut self.nodes[open.node].children, open.key.take()) {
                (Children::Mapping(entries), Some((key, at))) => entries.push((key, at, node)),
                (Children::Mapping(_), None) => {
                    // A list or mapping as a key has no name that a step could have.
                    open.key = Some((scalar.unwrap_or("").to_owned(), span.clone()));
                    if scalar.is_some() {
                        return None;
                    }
                }
                (Children::List(entries), _) => entries.push(node),
                _ => {}
            }
        }
        self.nodes.push(Node {
            span,
            children,
            text_start: None,
        });
        if anchor > 0 {
            self.anchors
                .resize(self.anchors.len().max(anchor + 1), None);
            self.anchors[anchor] = Some(node);
        }
        Some(node)
    }

    /// Lets a list or mapping end where its last child does: its end event comes later.
    fn close(&mut self, node: usize, end: Span) {
        let last = match &self.nodes[node].children {
            Children::Mapping(entries) => entries
                .last()
                .map(|(_, key, value)| self.nodes[*value].span.end.max(key.end)),
            Children::List(entries) => entries.last().map(|entry| self.nodes[*entry].span.end),
            Children::None | Children::Alias(_) => None,
        };
        let flow = matches!(self.text.get(end.clone()), Some("]" | "}"));
        let span = &mut self.nodes[node].span;
        span.end = if flow {
            end.end
        } else {
            last.unwrap_or(span.end).max(span.start)
        };
    }

    /// Leaves the anchor and the tag before a scalar out of its span.
    fn without_properties(&self, span: Span) -> Span {
        let mut start = span.start;
        while self.text[start..span.end].starts_with(['&', '!']) {
            let rest = &self.text[start..span.end];
            let after = rest
                .find(char::is_whitespace)
                .map_or("", |blank| &rest[blank..]);
            start = span.end - after.trim_start().len();
        }
        start..span.end
    }

    fn bytes(&self, span: CharSpan) -> Span {
        let at = |index: usize| self.offsets[index.min(self.offsets.len() - 1)];
        let (start, end) = (at(span.start.index()), at(span.end.index()));
        let written = self.text[start..end.max(start)].trim_end();
        start..start + written.len()
    }
}

#[cfg(test)]
mod tests {
    use super::Positions;
    use crate::diagnostic::{Part, Step};

    fn found<'t>(text: &'t str, steps: &[Step], part: &Part) -> Option<&'t str> {
        Positions::of(text)
            .find(steps, part)
            .map(|span| &text[span])
    }

    fn key(name: &str) -> Step {
        Step::Key(name.into())
    }

    #[test]
    fn finds_keys_and_values_under_chinese_text() {
        let text =
            "标题: 会议\njoin: {url: 'https://x', code: \"688\"}\ntags:\n  - 甲\n  - 乙 # 注\n";
        assert_eq!(found(text, &[key("标题")], &Part::Value), Some("会议"));
        assert_eq!(found(text, &[key("标题")], &Part::Key), Some("标题"));
        let code = [key("join"), key("code")];
        assert_eq!(found(text, &code, &Part::Value), Some("\"688\""));
        assert_eq!(
            found(text, &[key("tags"), Step::Index(1)], &Part::Value),
            Some("乙")
        );
        assert_eq!(
            found(text, &[key("join")], &Part::Value),
            Some("{url: 'https://x', code: \"688\"}")
        );
    }

    #[test]
    fn a_node_that_is_not_there_gives_its_nearest_ancestor() {
        let text = "a:\n  b: 1\n";
        assert_eq!(
            found(text, &[key("a"), key("b"), key("c")], &Part::Value),
            Some("1")
        );
        assert_eq!(
            found(text, &[key("a"), key("x")], &Part::Value),
            Some("b: 1")
        );
        assert_eq!(found("", &[key("a")], &Part::Value), None);
    }

    #[test]
    fn an_empty_value_is_shown_at_its_key() {
        assert_eq!(
            found("title:\nstart: x\n", &[key("title")], &Part::Value),
            Some("title")
        );
    }

    #[test]
    fn finds_the_second_appearance_of_a_key() {
        let text = "a: 1\nb: 2\na: 3\n";
        let span = Positions::of(text).find(&[key("a")], &Part::RepeatedKey(2));
        assert_eq!(span, Some(10..11));
    }

    #[test]
    fn follows_aliases_and_shows_where_they_are_used() {
        let text = "join: &j {code: 057}\nevents:\n- join: *j\n";
        let steps = [key("events"), Step::Index(0), key("join"), key("code")];
        assert_eq!(found(text, &steps, &Part::Value), Some("*j"));
        assert_eq!(Positions::of(text).written(text, &steps), Some("057"));
        let text = "a: &x 057\nb: *x\n";
        assert_eq!(Positions::of(text).written(text, &[key("b")]), Some("057"));
    }

    #[test]
    fn finds_lines_that_a_value_swallowed() {
        let text = "title: 例会\n  地点：二楼\nurl: x\ndescription: >\n  地点：三楼\n";
        let lines = Positions::of(text).swallowed_lines(text);
        let lines: Vec<&str> = lines.into_iter().map(|span| &text[span]).collect();
        assert_eq!(lines, ["地点：二楼"]);
    }

    #[test]
    fn finds_anchors_that_nothing_uses() {
        let text = "title: &lantern 例会\ntags: [&a x, *a]\n";
        let unused = Positions::of(text).unused_anchors(text);
        let unused: Vec<&str> = unused.into_iter().map(|span| &text[span]).collect();
        assert_eq!(unused, ["&lantern 例会"]);
    }

    #[test]
    fn an_inherited_value_stands_at_the_top_of_the_file() {
        let text = "kind: x\nevents:\n- id: a\n";
        let steps = [key("events"), Step::Index(0), key("kind")];
        assert_eq!(found(text, &steps, &Part::Value), Some("x"));
    }

    #[test]
    fn finds_values_that_a_comment_cuts() {
        let text = "title: SOFAChannel #42 直播\nissue: #894\nkind: other # note\nurl: \"a #b\" #c\ntext: |\n  a #b\n#x\n";
        let cut = Positions::of(text).cut_values(text);
        let cut: Vec<&str> = cut.into_iter().map(|span| &text[span]).collect();
        assert_eq!(cut, ["SOFAChannel #42 直播", "#894"]);
    }

    #[test]
    fn points_into_quoted_texts() {
        let text = "start: \"2023-05-31（周四）\"\n";
        assert_eq!(
            found(text, &[key("start")], &Part::Within(13..19)),
            Some("周四")
        );
    }

    #[test]
    fn a_fault_in_the_text_leaves_the_positions_before_it() {
        assert_eq!(found("a: 1\nb: [\n", &[key("a")], &Part::Value), Some("1"));
    }
}
