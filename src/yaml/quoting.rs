//! Quoting: which values of a broken file would be well if they were quoted.
//!
//! Flows in: the text and the line where the parser gave up. Flows out: candidates, nearest first,
//! each with its cure; `parse` tries a cure before it is shown to anyone.

use crate::source::Span;

/// A stretch of text that may have broken the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Culprit {
    /// The line it stands in, from 1.
    pub line: usize,
    /// Where it stands.
    pub span: Span,
    /// What would stand there instead.
    pub cure: String,
    /// One sentence for people.
    pub message: &'static str,
    /// The way out, with the cure.
    pub hint: String,
}

/// How many lines above the fault may hold its cause: an unclosed quote shows late.
const LINES_ABOVE: usize = 8;

/// Lists what may have broken the file at a line, the fault's own line first.
pub fn culprits(text: &str, fault_line: usize) -> Vec<Culprit> {
    let mut lines = Vec::new();
    let mut offset = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        if index + 1 > fault_line {
            break;
        }
        lines.push((index + 1, offset, line.trim_end_matches(['\n', '\r'])));
        offset += line.len();
    }
    let near = lines.into_iter().rev().take(LINES_ABOVE);
    near.flat_map(|(number, offset, line)| {
        let indentation = indentation(number, offset, line);
        let colon = full_width_colon(number, offset, line);
        let comment = comment_in_brackets(number, offset, line);
        let value = value_to_quote(number, offset, line);
        [indentation, colon, comment, value].into_iter().flatten()
    })
    .collect()
}

fn indentation(line: usize, offset: usize, text: &str) -> Option<Culprit> {
    let width = text.len() - text.trim_start().len();
    let blank = &text[..width];
    let message = if blank.contains('\t') {
        "a tab stands in the indentation"
    } else if blank.chars().any(|c| c != ' ') {
        "a space that is not the ASCII space stands in the indentation"
    } else {
        return None;
    };
    Some(Culprit {
        line,
        span: offset..offset + width,
        cure: "  ".repeat(blank.chars().filter(|c| *c != ' ').count().max(1)),
        message,
        hint: "indent with ASCII spaces, two a level".to_owned(),
    })
}

fn full_width_colon(line: usize, offset: usize, text: &str) -> Option<Culprit> {
    let key = text.trim_start().trim_start_matches("- ");
    let (name, value) = key.split_once('：')?;
    if name.is_empty() || name.contains([':', ' ', '"', '\'', '#']) {
        return None;
    }
    let start = offset + text.len() - key.len();
    Some(Culprit {
        line,
        span: start..offset + text.len(),
        cure: format!("{name}: {}", quoted(value.trim())),
        message: "a full-width `：` stands where the colon after a key belongs",
        hint: format!(
            "write `{name}: {}` with the ASCII `:` and a space",
            value.trim()
        ),
    })
}

/// Finds `{issue: #894}`: the ` #` starts a comment that swallows the closing bracket.
fn comment_in_brackets(line: usize, offset: usize, text: &str) -> Option<Culprit> {
    let at = text.find(" #")? + 1;
    text[..at].contains(['{', '[']).then_some(())?;
    let value = text[at..].split([',', '}', ']']).next()?.trim_end();
    let cure = quoted(value);
    Some(Culprit {
        line,
        span: offset + at..offset + at + value.len(),
        hint: format!("quote it: `{cure}`"),
        cure,
        message: "a ` #` starts a comment, and the bracket is never closed",
    })
}

fn value_to_quote(line: usize, offset: usize, text: &str) -> Option<Culprit> {
    let (lead, value) = split_value(text)?;
    let value = value.trim_end();
    let first = value.chars().next()?;
    let message = match first {
        '"' | '\'' if closes_before_its_end(value) => "text follows after the closing quote",
        '"' | '\'' if closes_at_its_end(value) => return None,
        '"' | '\'' => "the quote at the start of this value is not closed on its line",
        '[' | '{' => "the value starts with a bracket, which YAML reads as a list or mapping",
        '*' | '&' | '!' | '%' | '@' | '`' | '|' | '>' => {
            "the value starts with a character that means something to YAML"
        }
        _ if value.contains(": ") || value.ends_with(':') => {
            "the value holds a `:` followed by a space, which YAML reads as a key"
        }
        _ => return None,
    };
    let is_unclosed = matches!(first, '"' | '\'') && closing_quote(value).is_none();
    let (advice, cure) = if is_unclosed {
        ("close the quote", format!("{value}{first}"))
    } else {
        ("quote the whole value", quoted(value))
    };
    Some(Culprit {
        line,
        span: offset + lead.len()..offset + lead.len() + value.len(),
        hint: match value.len() {
            0..200 => format!("{advice}: `{}{cure}`", lead.trim_start()),
            _ => advice.to_owned(),
        },
        cure,
        message,
    })
}

/// Splits `  - key: value` into what leads to the value, and the value.
fn split_value(text: &str) -> Option<(&str, &str)> {
    let indent = text.len() - text.trim_start().len();
    let mut lead = indent;
    while let Some(rest) = text[lead..].strip_prefix("- ") {
        lead = text.len() - rest.trim_start().len();
    }
    let is_entry = lead > indent;
    let key = text[lead..].split([':', ' ']).next().unwrap_or("");
    let after_key = lead + key.len();
    let is_key = !key.is_empty()
        && key
            .chars()
            .all(|c| c.is_alphanumeric() || c == '_' || c == '-')
        && text[after_key..].starts_with(": ")
        && key.is_ascii();
    if is_key {
        let value = text[after_key + 1..].trim_start();
        lead = text.len() - value.len();
    } else if !is_entry {
        return None;
    }
    (!text[lead..].is_empty()).then(|| text.split_at(lead))
}

fn closes_before_its_end(value: &str) -> bool {
    closing_quote(value).is_some_and(|at| {
        !value[at + 1..].trim_start().is_empty() && !value[at + 1..].trim_start().starts_with('#')
    })
}

fn closes_at_its_end(value: &str) -> bool {
    closing_quote(value).is_some()
}

fn closing_quote(value: &str) -> Option<usize> {
    let quote = value.chars().next()?;
    let mut escaped = false;
    value.char_indices().skip(1).find_map(|(at, c)| {
        let closes = c == quote && !escaped;
        escaped = quote == '"' && c == '\\' && !escaped;
        closes.then_some(at)
    })
}

/// Quotes a text so that YAML reads it as it is.
pub fn quoted(text: &str) -> String {
    if text.contains(['"', '\\']) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        format!("\"{text}\"")
    }
}

#[cfg(test)]
mod tests {
    use super::{culprits, quoted};

    fn hint(line: &str) -> Option<String> {
        culprits(line, 1).into_iter().next().map(|found| found.hint)
    }

    #[test]
    fn proposes_quotes_where_they_would_help() {
        assert_eq!(
            hint("title: SOFAChannel#42: 直播").as_deref(),
            Some("quote the whole value: `title: \"SOFAChannel#42: 直播\"`")
        );
        assert_eq!(
            hint("  - text: \"A\" b").as_deref(),
            Some("quote the whole value: `- text: '\"A\" b'`")
        );
        assert_eq!(
            hint("- @all: x").as_deref(),
            Some("quote the whole value: `- \"@all: x\"`")
        );
        assert_eq!(hint("title: plain"), None);
        assert_eq!(hint("title: \"closed\""), None);
    }

    #[test]
    fn knows_full_width_colons_and_foreign_spaces() {
        assert!(
            hint("title：例会")
                .expect("a hint")
                .contains("`title: 例会`")
        );
        assert!(
            hint("\u{3000}code: 1")
                .expect("a hint")
                .contains("ASCII spaces")
        );
        assert!(hint("\tcode: 1").expect("a hint").contains("ASCII spaces"));
    }

    #[test]
    fn quotes_so_that_yaml_reads_the_same() {
        assert_eq!(quoted("a: b"), "\"a: b\"");
        assert_eq!(quoted("say \"it's\""), "'say \"it''s\"'");
    }
}
