//! Amendments: an event file gets what it lacks, and keeps every byte that it has.
//!
//! Flows in: the text of a file, and entries that posts add to one of its events. Flows out: the text with the missing
//! keys in their places, and what could not be added. Nothing that stands there is changed, but for a `start: null`.

use crate::newsletter::sheet::{Entry, Value, lines_of, write_entry, write_key};
use crate::source::Span;
use crate::yaml::document::EventDocument;
use crate::yaml::nodes::{Children, Node, nodes_of};

/// A file with what was added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Amended {
    /// Its text.
    pub(super) text: String,
    /// The keys that could not be added, with what they would say.
    pub(super) left_out: Vec<(String, String)>,
}

/// Adds to an event of a file what it lacks; `entry` is its number in the file's `events:`.
pub(super) fn amend(text: &str, entry: Option<usize>, missing: &[Entry]) -> Amended {
    let nodes = nodes_of(text);
    let file = File {
        text,
        nodes: &nodes,
    };
    let mut amended = Amended {
        text: text.to_owned(),
        left_out: Vec::new(),
    };
    let mut edits: Vec<(Span, String)> = Vec::new();
    for entry_of_post in missing {
        match file.edit(entry, entry_of_post) {
            Some(edit) => edits.push(edit),
            None => {
                let value = entry_of_post.value.flow();
                amended.left_out.push((entry_of_post.key.to_owned(), value));
            }
        }
    }
    // From the last on, so that the places of the others stay; at one place the later key stands behind.
    edits.reverse();
    edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    let has_crlf = text.contains("\r\n");
    for (span, addition) in edits {
        let addition = match has_crlf {
            true => addition.replace('\n', "\r\n"),
            false => addition,
        };
        amended.text.replace_range(span, &addition);
    }
    match is_kept(text, &amended.text) {
        true => amended,
        // What the file is made of was not understood: better nothing than harm.
        false => Amended {
            text: text.to_owned(),
            left_out: missing
                .iter()
                .map(|entry| (entry.key.to_owned(), entry.value.flow()))
                .collect(),
        },
    }
}

struct File<'f> {
    text: &'f str,
    nodes: &'f [Node],
}

/// The keys of a mapping, each with where it stands and its value's node.
type Keys = [(String, Span, usize)];

impl File<'_> {
    /// Finds where a key belongs, and how it is written there.
    fn edit(&self, entry: Option<usize>, missing: &Entry) -> Option<(Span, String)> {
        let at = self.event(entry)?;
        let keys = self.keys(at)?;
        let Some((_, key, value)) = keys.iter().find(|(name, ..)| name == missing.key) else {
            return self.new_key(at, keys, missing);
        };
        let node = self.nodes.get(*value)?;
        match &missing.value {
            // A draft gets its start.
            Value::Text(text) if missing.key == "start" && self.is_null(*value) => {
                let written = crate::yaml::writing::scalar(text);
                match node.span.is_empty() {
                    true => Some((key.end + 1..key.end + 1, format!(" {written}"))),
                    false => Some((node.span.clone(), written)),
                }
            }
            Value::Mapping(below) | Value::Flow(below) => self.more_keys(*value, below),
            Value::List(entries) => self.more_entries(*value, entries),
            _ => None,
        }
    }

    /// Finds the mapping of an event.
    fn event(&self, entry: Option<usize>) -> Option<usize> {
        let Some(entry) = entry else {
            return (!self.nodes.is_empty()).then_some(0);
        };
        let (_, _, list) = self.keys(0)?.iter().find(|(name, ..)| name == "events")?;
        match &self.nodes.get(*list)?.children {
            Children::List(entries) => entries.get(entry).copied(),
            _ => None,
        }
    }

    fn keys(&self, node: usize) -> Option<&Keys> {
        match &self.nodes.get(node)?.children {
            Children::Mapping(keys) => Some(keys),
            _ => None,
        }
    }

    fn is_null(&self, node: usize) -> bool {
        let written = self
            .nodes
            .get(node)
            .and_then(|node| self.text.get(node.span.clone()));
        written.is_some_and(|written| ["", "null", "~", "Null", "NULL"].contains(&written))
    }

    /// Tells whether a list or mapping stands between brackets.
    fn is_flow(&self, node: usize) -> bool {
        let Some(node) = self.nodes.get(node) else {
            return false;
        };
        let bracket = match node.children {
            Children::List(_) => '[',
            _ => '{',
        };
        self.text[node.span.start..].starts_with(bracket)
    }

    /// Puts a key behind those that come before it in event files.
    fn new_key(&self, at: usize, keys: &Keys, missing: &Entry) -> Option<(Span, String)> {
        if self.is_flow(at) {
            return self.in_brackets(at, format!("{}: {}", missing.key, missing.value.flow()));
        }
        let order = |key: &str| EventDocument::KEYS.iter().position(|known| *known == key);
        let own = order(missing.key)?;
        let mut before = keys
            .iter()
            .filter(|(name, ..)| order(name).is_some_and(|other| other < own));
        let indent = self.column(keys.first()?.1.start);
        let Some((_, key, value)) = before.next_back() else {
            let first = keys.first()?.1.start;
            // Behind the dash of an entry nothing can stand before.
            let is_own_line = self.text[self.line_start(first)..first].trim().is_empty();
            let start = self.line_start(first);
            return is_own_line.then(|| (start..start, lines_of(missing, indent)));
        };
        Some(self.behind(key, *value, lines_of(missing, indent)))
    }

    /// Adds keys to a mapping within the event; a lone text in its place has no room for them.
    fn more_keys(&self, at: usize, below: &[(&'static str, Value)]) -> Option<(Span, String)> {
        let keys = self.keys(at)?;
        if self.is_flow(at) {
            let written = below
                .iter()
                .map(|(key, value)| format!("{key}: {}", value.flow()));
            return self.in_brackets(at, written.collect::<Vec<_>>().join(", "));
        }
        let (_, key, value) = keys.last()?;
        let indent = self.column(keys.first()?.1.start);
        let mut lines = String::new();
        for (key, value) in below {
            write_key(&mut lines, key, value, indent);
        }
        Some(self.behind(key, *value, lines))
    }

    /// Adds entries at the end of a list.
    fn more_entries(&self, at: usize, entries: &[Value]) -> Option<(Span, String)> {
        let Children::List(known) = &self.nodes.get(at)?.children else {
            return None;
        };
        if self.is_flow(at) {
            let written: Vec<String> = entries.iter().map(Value::flow).collect();
            return self.in_brackets(at, written.join(", "));
        }
        let (first, last) = (known.first()?, known.last()?);
        let line = self.line_start(self.nodes.get(*first)?.span.start);
        let indent = self.text[line..].len() - self.text[line..].trim_start_matches(' ').len();
        let mut lines = String::new();
        for entry in entries {
            write_entry(&mut lines, entry, indent);
        }
        let end = self.nodes.get(*last)?.span.clone();
        Some(self.behind(&end, *last, lines))
    }

    /// Puts lines behind the line on which a value ends.
    fn behind(&self, key: &Span, value: usize, lines: String) -> (Span, String) {
        let end = self
            .nodes
            .get(value)
            .map_or(key.end, |node| node.span.end.max(key.end));
        match self.text[end..].find('\n') {
            Some(newline) => {
                let at = end + newline + 1;
                (at..at, lines)
            }
            None => {
                let at = self.text.len();
                (at..at, format!("\n{lines}"))
            }
        }
    }

    /// Puts keys or entries before the bracket that ends a mapping or list.
    fn in_brackets(&self, at: usize, written: String) -> Option<(Span, String)> {
        let node = self.nodes.get(at)?;
        let end = node.span.end.checked_sub(1)?;
        let inner = self.text.get(node.span.start + 1..end)?;
        // A comment before the bracket would swallow what stands behind it.
        if inner.contains('#') {
            return None;
        }
        let kept = inner.trim_end();
        let at = node.span.start + 1 + kept.len();
        let comma = if kept.is_empty() || kept.ends_with(',') {
            ""
        } else {
            ","
        };
        let blank = if kept.is_empty() { "" } else { " " };
        Some((at..at, format!("{comma}{blank}{written}")))
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    fn column(&self, at: usize) -> usize {
        self.text[self.line_start(at)..at].chars().count()
    }
}

/// Tells whether all that stood in a text stands in another one, at the same place in its tree.
fn is_kept(before: &str, after: &str) -> bool {
    let (old, new) = (nodes_of(before), nodes_of(after));
    !old.is_empty() && is_part(before, &old, 0, after, &new, 0)
}

fn is_part(before: &str, old: &[Node], at: usize, after: &str, new: &[Node], there: usize) -> bool {
    let (Some(one), Some(other)) = (old.get(at), new.get(there)) else {
        return false;
    };
    match (&one.children, &other.children) {
        (Children::None, Children::None) => {
            let written = before.get(one.span.clone());
            let is_null = written.is_none_or(|written| ["", "null", "~"].contains(&written));
            is_null || written == after.get(other.span.clone())
        }
        (Children::Mapping(keys), Children::Mapping(others)) => {
            keys.iter().all(|(name, _, value)| {
                let mut found = others.iter().filter(|(other, ..)| other == name);
                found.any(|(.., other)| is_part(before, old, *value, after, new, *other))
            })
        }
        (Children::List(entries), Children::List(others)) => {
            entries.len() <= others.len()
                && entries
                    .iter()
                    .zip(others)
                    .all(|(one, other)| is_part(before, old, *one, after, new, *other))
        }
        (Children::Alias(_), Children::Alias(_)) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::amend;
    use crate::newsletter::sheet::{Entry, Value};
    use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, proptest};

    fn entry(key: &'static str, value: Value) -> Entry {
        Entry {
            key,
            value,
            doubts: Vec::new(),
        }
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    fn missing() -> Vec<Entry> {
        let source = Value::Flow(vec![
            ("post", text("https://a.example/2")),
            ("role", Value::Plain("review".to_owned())),
        ]);
        vec![
            entry("end", text("15:00")),
            entry("join", Value::Mapping(vec![("code", text("123 456"))])),
            entry(
                "review",
                Value::Mapping(vec![
                    ("summary", text("一\n二")),
                    ("replay", text("https://v.example/1")),
                ]),
            ),
            entry("sources", Value::List(vec![source])),
        ]
    }

    #[test]
    fn adds_keys_where_they_belong_and_keeps_every_byte() {
        let before = "# 手写的\ntitle: 例会   # 别动\nstart: 2024-03-06 14:00\n\n# 链接每次都变\njoin:\n  url: https://meet.example/1  # 备用\ntags: [甲]\nsources:\n- {post: \"https://a.example/1\"}\n# 完\n";
        let after = "# 手写的\ntitle: 例会   # 别动\nstart: 2024-03-06 14:00\nend: \"15:00\"\n\n# 链接每次都变\njoin:\n  url: https://meet.example/1  # 备用\n  code: \"123 456\"\ntags: [甲]\nreview:\n  summary: |-\n    一\n    二\n  replay: https://v.example/1\nsources:\n- {post: \"https://a.example/1\"}\n- {post: \"https://a.example/2\", role: review}\n# 完\n";
        let amended = amend(before, None, &missing());
        assert_eq!(amended.text, after);
        assert_eq!(amended.left_out, []);
    }

    #[test]
    fn adds_to_an_entry_of_several() {
        let before = "events:\n  - id: a\n    title: 甲\n    start: 2024-03-06 14:00\n    join: {url: \"https://meet.example/1\"}\n  - {id: b, title: 乙, start: 2024-03-07}";
        let after = "events:\n  - id: a\n    title: 甲\n    start: 2024-03-06 14:00\n    end: \"15:00\"\n    join: {url: \"https://meet.example/1\", code: \"123 456\"}\n    review:\n      summary: |-\n        一\n        二\n      replay: https://v.example/1\n    sources:\n      - {post: \"https://a.example/2\", role: review}\n  - {id: b, title: 乙, start: 2024-03-07}";
        assert_eq!(amend(before, Some(0), &missing()).text, after);
        let amended = amend(before, Some(1), &missing()[..1]).text;
        assert!(
            amended.ends_with("  - {id: b, title: 乙, start: 2024-03-07, end: \"15:00\"}"),
            "{amended}"
        );
    }

    #[test]
    fn a_draft_gets_its_start() {
        let start = [entry("start", text("2024-03-06 14:00"))];
        for (before, after) in [
            (
                "start: null  # 待定\ntitle: a\n",
                "start: 2024-03-06 14:00  # 待定\ntitle: a\n",
            ),
            (
                "title: a\nstart:\nend: \"15:00\"\n",
                "title: a\nstart: 2024-03-06 14:00\nend: \"15:00\"\n",
            ),
            (
                "title: a\nstart: ~\n",
                "title: a\nstart: 2024-03-06 14:00\n",
            ),
            ("title: a", "title: a\nstart: 2024-03-06 14:00\n"),
        ] {
            assert_eq!(amend(before, None, &start).text, after);
        }
        assert_eq!(
            amend("title: a\nstart: 2024-03-05\n", None, &start)
                .left_out
                .len(),
            1
        );
    }

    #[test]
    fn keeps_the_ends_of_lines() {
        let amended = amend(
            "title: a\r\nstart: 2024-03-06 14:00\r\n",
            None,
            &missing()[..1],
        );
        assert_eq!(
            amended.text,
            "title: a\r\nstart: 2024-03-06 14:00\r\nend: \"15:00\"\r\n"
        );
    }

    #[test]
    fn says_what_has_no_room() {
        let before = "title: a\njoin: https://meet.example/1\nreview: {replay: x # 注\n  }\n";
        let amended = amend(before, None, &missing()[1..3]);
        assert_eq!(amended.text, before);
        let keys: Vec<&str> = amended
            .left_out
            .iter()
            .map(|(key, _)| key.as_str())
            .collect();
        assert_eq!(keys, ["join", "review"]);
    }

    /// Tells whether all characters of a text stand in another one, in their order.
    fn is_within(text: &str, other: &str) -> bool {
        let mut others = other.chars();
        text.chars().all(|c| others.any(|other| other == c))
    }

    proptest! {
        #[test]
        fn whatever_people_wrote_stays(lines in prop::collection::vec(prop::sample::select(vec![
            "title: 例会", "# 手写", "", "start: 2024-03-06 14:00  # 别动", "join: {url: \"https://a.example\"}", "join:", "  url: https://a.example",
            "  # 空", "review: 一句话", "review:", "  summary: |", "    一", "", "    # 不是注释", "tags: [甲,", "  乙]", "sources:", "- https://a.example/1",
            "  - {post: https://a.example/1}", "sources: [a, b]", "events:", "  - id: a", "    title: 甲", "  - {id: b}", "x: &a 1", "y: *a", "\tz: 1", "end: ~",
        ]), 0..12), crlf in any::<bool>(), entry in prop::option::of(0_usize..2)) {
            let text = lines.join(if crlf { "\r\n" } else { "\n" });
            let amended = amend(&text, entry, &missing());
            prop_assert!(is_within(&text, &amended.text), "{text}\n->\n{}", amended.text);
            let again = amend(&amended.text, entry, &[]);
            prop_assert_eq!(again.text, amended.text);
        }
    }
}
