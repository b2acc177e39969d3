//! Positions: where in the text a YAML node stands.
//!
//! Flows in: a source's text and the way to a node. Flows out: a span, or the text as written.
//! It is built only when there is something to report: serde keeps no positions.
//! Deliberately absent: judging; a text that is not YAML has the positions up to its fault.

use crate::diagnostic::{Part, Step};
use crate::source::Span;
use crate::yaml::nodes::{Children, Node, nodes_of};

/// The nodes of a text, each with its span.
#[derive(Debug)]
pub struct Positions {
    nodes: Vec<Node>,
}

const ROOT: usize = 0;

impl Positions {
    /// Reads the nodes of the first document in a text.
    pub fn of(text: &str) -> Self {
        Positions {
            nodes: nodes_of(text),
        }
    }

    /// Gives all nodes, in the order of the file.
    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Finds the span of a part of a node; a node that is not there gives its nearest ancestor.
    pub fn find(&self, steps: &[Step], part: &Part) -> Option<Span> {
        ways(steps)
            .find_map(|way| self.walk(&way, part))
            .or_else(|| {
                let (_, parent) = steps.split_last()?;
                self.find(parent, &Part::Value)
            })
    }

    /// Finds the entry of `events:` that a byte stands in, up to the beginning of what follows.
    pub fn entry_at(&self, offset: usize) -> Option<usize> {
        let Children::Mapping(keys) = &self.nodes.get(ROOT)?.children else {
            return None;
        };
        let before = |(_, key, _): &&(String, Span, usize)| key.start <= offset;
        let (name, _, list) = keys.iter().take_while(before).last()?;
        match &self.nodes.get(self.target(*list)?)?.children {
            Children::List(entries) if name == "events" => {
                let is_before = |entry: &usize| self.nodes[*entry].span.start <= offset;
                entries.partition_point(is_before).checked_sub(1)
            }
            _ => None,
        }
    }

    /// Finds a scalar's text as the file has it, without its quotes.
    pub fn written<'t>(&self, text: &'t str, steps: &[Step]) -> Option<&'t str> {
        let down = |steps: &[Step]| {
            let mut way = steps.iter();
            way.try_fold(ROOT, |at, step| Some(self.child(at, step, 1)?.1))
        };
        let at = ways(steps).find_map(|way| down(&way))?;
        let node = self.nodes.get(self.target(at)?)?;
        match node.text_start {
            Some(start) if start > node.span.start => text.get(start..node.span.end - 1),
            _ => text.get(node.span.clone()),
        }
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
            let (span, child) = self.child(at, step, appearance)?;
            if child != at {
                (key_span, at) = (span, child);
            }
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
            Part::Value | Part::Words(_) => value,
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
            // A lone value stands for a list of one, and `join: URL` for its `url`.
            (Children::Mapping(_) | Children::None, Step::Index(0))
            | (Children::None, Step::Key(_)) => Some((None, at)),
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

/// Gives the ways to a value: where it belongs, then where it is inherited from.
fn ways(steps: &[Step]) -> impl Iterator<Item = Vec<Step>> {
    std::iter::successors(Some(steps.to_vec()), |way| inherited(way))
}

/// Gives where a change of a series, or an entry of `events:`, inherits from: what
/// `events[2].repeat.changes[0].title` does not have stands at `events[2].title`, or at `title`.
fn inherited(steps: &[Step]) -> Option<Vec<Step>> {
    let is_change = |part: &[Step]| match part {
        [Step::Key(repeat), Step::Key(changes), Step::Index(_)] => {
            (&**repeat, &**changes) == ("repeat", "changes")
        }
        _ => false,
    };
    if let Some(at) = steps.windows(3).position(is_change) {
        return Some([&steps[..at], &steps[at + 3..]].concat());
    }
    match steps {
        [Step::Key(key), Step::Index(_), rest @ ..] if &**key == "events" => Some(rest.to_vec()),
        _ => None,
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
        let text = "code: 057\njoin: 123\nevents:\n- id: a\n";
        let written = |steps: &[Step]| Positions::of(text).written(text, steps).map(str::to_owned);
        assert_eq!(
            written(&[key("events"), Step::Index(0), key("code")]).as_deref(),
            Some("057")
        );
        assert_eq!(written(&[key("join"), key("url")]).as_deref(), Some("123"));
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
    fn an_inherited_value_stands_at_the_top_of_the_file() {
        let text = "kind: x\nevents:\n- id: a\n";
        let steps = [key("events"), Step::Index(0), key("kind")];
        assert_eq!(found(text, &steps, &Part::Value), Some("x"));
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

    #[test]
    fn finds_the_entry_that_a_byte_stands_in() {
        let text = "title: 甲\nevents:\n  # 注\n  - id: a\n    title: b # c\n  - {id: d\n    } # e\ntags: f\n";
        let entry = |what: &str| Positions::of(text).entry_at(text.find(what).expect(what));
        assert_eq!(entry("甲"), None);
        for (what, index) in [("id: a", 0), ("# c", 0), ("id: d", 1), ("# e", 1)] {
            assert_eq!(entry(what), Some(index), "{what}");
        }
        assert_eq!(entry("tags"), None);
        assert_eq!(entry("f"), None);
    }
}
