//! Lines: what a suspicion looks at, and the parts of it.

use crate::source::Span;
use crate::yaml::cure::Cure;

/// A line that may have broken the file.
pub(super) struct Line<'t> {
    pub(super) number: usize,
    /// Where it begins in the text.
    pub(super) offset: usize,
    pub(super) text: &'t str,
    /// The line above it that is not empty.
    pub(super) above: &'t str,
}

impl Line<'_> {
    /// Replaces a range of the line's bytes.
    pub(super) fn cure(
        &self,
        range: Span,
        replacement: String,
        message: &'static str,
        hint: String,
    ) -> Cure {
        Cure {
            line: self.number,
            span: self.offset + range.start..self.offset + range.end,
            replacement,
            message,
            hint,
        }
    }

    /// Replaces the line's value, and shows how the line would look.
    pub(super) fn cure_value(
        &self,
        value: &Value,
        replacement: String,
        message: &'static str,
        advice: &str,
    ) -> Cure {
        let hint = match value.text.len() {
            0..200 => format!("{advice}: `{}{replacement}`", value.lead.trim_start()),
            _ => advice.to_owned(),
        };
        let start = value.lead.len();
        self.cure(start..start + value.text.len(), replacement, message, hint)
    }
}

/// The value of a line, and all that stands before it.
pub(super) struct Value<'t> {
    pub(super) lead: &'t str,
    pub(super) text: &'t str,
}

/// Splits `  - key: value` into what leads to the value, and the value.
pub(super) fn value_of(line: &str) -> Option<Value<'_>> {
    let mut lead = key_column(line);
    let is_entry = lead > indent(line);
    let key = line[lead..].split([':', ' ']).next().unwrap_or("");
    if is_key(key) && line[lead + key.len()..].starts_with(": ") {
        lead = line.len() - line[lead + key.len() + 1..].trim_start().len();
    } else if !is_entry {
        return None;
    }
    let text = line[lead..].trim_end();
    (!text.is_empty()).then_some(Value {
        lead: &line[..lead],
        text,
    })
}

pub(super) fn is_key(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

pub(super) fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Gives the column where a line's key begins, behind the `-` of list entries.
pub(super) fn key_column(line: &str) -> usize {
    let mut column = indent(line);
    while let Some(rest) = line[column..].strip_prefix("- ") {
        column = line.len() - rest.trim_start().len();
    }
    column
}

pub(super) fn closing_quote(value: &str) -> Option<usize> {
    let quote = value.chars().next()?;
    let mut escaped = false;
    value.char_indices().skip(1).find_map(|(at, c)| {
        let closes = c == quote && !escaped;
        escaped = quote == '"' && c == '\\' && !escaped;
        closes.then_some(at)
    })
}

/// Finds the bracket that closes the one at the start.
pub(super) fn matching_bracket(value: &str) -> Option<usize> {
    let mut depth = 0_usize;
    value.char_indices().find_map(|(at, c)| {
        match c {
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        (depth == 0).then_some(at)
    })
}

/// Quotes a text so that YAML reads it as it is.
pub(crate) fn quoted(text: &str) -> String {
    if text.contains(['"', '\\']) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        format!("\"{text}\"")
    }
}
