//! Sheets: the keys and values of an event file, as text.
//!
//! Flows in: keys with values, in the order of event files. Flows out: YAML lines at any depth, every text quoted where
//! it needs it. Deliberately absent: which keys an event has, which `filling` says.

use crate::yaml::writing::{flow_scalar, scalar};

/// A key of an event file with its value, and what is doubtful about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// The key.
    pub(super) key: &'static str,
    /// The value.
    pub(super) value: Value,
    /// Comments that stand above it.
    pub(super) doubts: Vec<String>,
}

/// A value of an event file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// A text, quoted where it must be.
    Text(String),
    /// What needs no quotes: a number, `null`.
    Plain(String),
    /// Texts on one line: `[a, b]`.
    Texts(Vec<String>),
    /// Keys on lines of their own.
    Mapping(Vec<(&'static str, Value)>),
    /// Keys on one line: `{text: a, issue: 1}`.
    Flow(Vec<(&'static str, Value)>),
    /// Entries on lines of their own.
    List(Vec<Value>),
}

impl Value {
    /// Makes a list of entries, each on one line; `None` where there is nothing.
    pub(super) fn list(entries: Vec<Value>) -> Option<Value> {
        (!entries.is_empty()).then_some(Value::List(entries))
    }

    /// Writes it on one line, for a place within `{…}`.
    pub(super) fn flow(&self) -> String {
        match self {
            Value::Text(text) => flow_scalar(text),
            Value::Plain(text) => text.clone(),
            Value::Texts(texts) => {
                let texts: Vec<String> = texts.iter().map(|text| flow_scalar(text)).collect();
                format!("[{}]", texts.join(", "))
            }
            Value::Mapping(keys) | Value::Flow(keys) => {
                let keys = keys
                    .iter()
                    .map(|(key, value)| format!("{key}: {}", value.flow()));
                format!("{{{}}}", keys.collect::<Vec<_>>().join(", "))
            }
            Value::List(entries) => {
                let entries: Vec<String> = entries.iter().map(Value::flow).collect();
                format!("[{}]", entries.join(", "))
            }
        }
    }
}

/// Writes an entry with its comments, each line behind so many blanks.
pub(super) fn lines_of(entry: &Entry, indent: usize) -> String {
    let blanks = " ".repeat(indent);
    let doubts = entry
        .doubts
        .iter()
        .map(|doubt| format!("{blanks}# {}\n", one_line(doubt)));
    let mut text: String = doubts.collect();
    write_key(&mut text, entry.key, &entry.value, indent);
    text
}

/// Writes a key and its value on as many lines as it needs.
pub(super) fn write_key(text: &mut String, key: &str, value: &Value, indent: usize) {
    let blanks = " ".repeat(indent);
    match value {
        Value::Text(prose) if is_block(prose) => {
            text.push_str(&format!("{blanks}{key}: |-\n"));
            for line in prose.lines().map(str::trim_end) {
                match line.is_empty() {
                    true => text.push('\n'),
                    false => text.push_str(&format!("{blanks}  {line}\n")),
                }
            }
        }
        Value::Text(words) => text.push_str(&format!("{blanks}{key}: {}\n", scalar(words))),
        Value::Plain(_) | Value::Texts(_) | Value::Flow(_) => {
            text.push_str(&format!("{blanks}{key}: {}\n", value.flow()));
        }
        Value::Mapping(keys) => {
            text.push_str(&format!("{blanks}{key}:\n"));
            for (key, value) in keys {
                write_key(text, key, value, indent + 2);
            }
        }
        Value::List(entries) => {
            text.push_str(&format!("{blanks}{key}:\n"));
            for entry in entries {
                write_entry(text, entry, indent + 2);
            }
        }
    }
}

/// Writes an entry of a list.
pub(super) fn write_entry(text: &mut String, entry: &Value, indent: usize) {
    let blanks = " ".repeat(indent);
    match entry {
        Value::Mapping(keys) => {
            let mut lines = String::new();
            for (key, value) in keys {
                write_key(&mut lines, key, value, indent + 2);
            }
            // The first key stands behind the dash.
            let first = lines.get(indent + 2..).unwrap_or_default();
            text.push_str(&format!("{blanks}- {first}"));
        }
        Value::Text(words) => text.push_str(&format!("{blanks}- {}\n", scalar(words))),
        other => text.push_str(&format!("{blanks}- {}\n", other.flow())),
    }
}

/// Tells whether a text stands better on lines of its own.
fn is_block(prose: &str) -> bool {
    let is_fit = |line: &str| {
        !line
            .chars()
            .any(|c| c.is_control() || c == '\u{feff}' || c == '\u{2028}' || c == '\u{2029}')
    };
    let begins = prose.chars().next().is_some_and(|c| !c.is_whitespace());
    prose.contains('\n')
        && begins
        && !prose.ends_with('\n')
        && prose.lines().all(is_fit)
        && prose.trim() == prose
}

/// Gives a comment as one line.
fn one_line(comment: &str) -> String {
    comment
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Entry, Value, lines_of};
    use crate::source::Source;
    use crate::yaml::document::EventDocument;
    use crate::yaml::parse::parse;

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn writes_what_yaml_reads_again() {
        let entry = |key, value| Entry {
            key,
            value,
            doubts: vec!["一行\n两行".to_owned()],
        };
        let point = |words: &str| {
            Value::Flow(vec![
                ("text", text(words)),
                ("issue", Value::Plain("7".to_owned())),
            ])
        };
        let nested = Value::Mapping(vec![
            ("text", text("今年的颜色")),
            (
                "items",
                Value::List(vec![point("红: 一"), text("黄, 或者 #8")]),
            ),
        ]);
        let entries = [
            entry("title", text("a: b")),
            entry("start", Value::Plain("null".to_owned())),
            entry(
                "join",
                Value::Mapping(vec![
                    ("code", text("123 456")),
                    ("phones", Value::Texts(vec!["+861".to_owned()])),
                ]),
            ),
            entry("agenda", Value::List(vec![nested, text("- 挂")])),
            entry(
                "review",
                Value::Mapping(vec![("summary", text("一\n\n- 二\n  - 三"))]),
            ),
        ];
        let written: String = entries.iter().map(|entry| lines_of(entry, 0)).collect();
        let expected = "# 一行 两行
title: \"a: b\"
# 一行 两行
start: null
# 一行 两行
join:
  code: \"123 456\"
  phones: [\"+861\"]
# 一行 两行
agenda:
  - text: 今年的颜色
    items:
      - {text: \"红: 一\", issue: 7}
      - \"黄, 或者 #8\"
  - \"- 挂\"
# 一行 两行
review:
  summary: |-
    一

    - 二
      - 三
";
        assert_eq!(written, expected);
        let source = Source::new("events", "a.yaml", written);
        assert!(parse::<EventDocument>(&source).is_ok());
    }
}
