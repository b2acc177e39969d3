//! Cures: what would make a broken file YAML again.
//!
//! Flows in: the text and the line where the parser gave up. Flows out: candidates, nearest line
//! first; `parse` tries a cure before it is shown to anyone, so a suspicion may be rash.

use crate::source::Span;

/// A change that may mend the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cure {
    /// The line it changes, from 1.
    pub line: usize,
    /// What it replaces.
    pub span: Span,
    /// What would stand there instead.
    pub replacement: String,
    /// What is wrong, in one sentence.
    pub message: &'static str,
    /// The way out.
    pub hint: String,
}

/// How many lines above the fault may hold its cause: an unclosed quote shows late.
const LINES_ABOVE: usize = 8;

/// A line that may have broken the file.
struct Line<'t> {
    number: usize,
    /// Where it begins in the text.
    offset: usize,
    text: &'t str,
    /// The line above it that is not empty.
    above: &'t str,
}

/// Every suspicion; each is one small function below.
const SUSPICIONS: &[fn(&Line) -> Option<Cure>] = &[
    foreign_indentation,
    full_width_colon,
    no_blank_after_colon,
    full_width_comma_in_brackets,
    comment_in_brackets,
    text_after_quote_in_brackets,
    unclosed_bracket,
    text_after_bracket,
    backslash_in_double_quotes,
    text_after_quote,
    unclosed_quote,
    special_beginning,
    colon_in_value,
    other_indentation,
];

/// Lists what may mend the file, the fault's own line first.
pub fn cures(text: &str, fault_line: usize) -> Vec<Cure> {
    let mut lines: Vec<Line> = Vec::new();
    let mut offset = 0;
    let mut above = "";
    for (index, line) in text.split_inclusive('\n').take(fault_line).enumerate() {
        let content = line.trim_end_matches(['\n', '\r']);
        lines.push(Line {
            number: index + 1,
            offset,
            text: content,
            above,
        });
        if !content.trim().is_empty() {
            above = content;
        }
        offset += line.len();
    }
    let near = lines.iter().rev().take(LINES_ABOVE);
    near.flat_map(|line| SUSPICIONS.iter().filter_map(|suspect| suspect(line)))
        .collect()
}

impl Line<'_> {
    /// Replaces a range of the line's bytes.
    fn cure(&self, range: Span, replacement: String, message: &'static str, hint: String) -> Cure {
        Cure {
            line: self.number,
            span: self.offset + range.start..self.offset + range.end,
            replacement,
            message,
            hint,
        }
    }

    /// Replaces the line's value, and shows how the line would look.
    fn cure_value(
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

fn foreign_indentation(line: &Line) -> Option<Cure> {
    let blank = &line.text[..indent(line.text)];
    let message = if blank.contains('\t') {
        "a tab stands in the indentation"
    } else if blank.chars().any(|c| c != ' ') {
        "a space that is not the ASCII space stands in the indentation"
    } else {
        return None;
    };
    let levels = blank.chars().filter(|c| *c != ' ').count();
    let hint = "indent with ASCII spaces, two a level".to_owned();
    Some(line.cure(0..blank.len(), "  ".repeat(levels.max(1)), message, hint))
}

fn full_width_colon(line: &Line) -> Option<Cure> {
    let key = line.text.trim_start().trim_start_matches("- ");
    let (name, value) = key.split_once('：')?;
    if name.is_empty() || name.contains([':', ' ', '"', '\'', '#']) {
        return None;
    }
    let start = line.text.len() - key.len();
    let value = value.trim();
    Some(line.cure(
        start..line.text.len(),
        format!("{name}: {}", quoted(value)),
        "a full-width `：` stands where the colon after a key belongs",
        format!("write `{name}: {value}` with the ASCII `:` and a space"),
    ))
}

fn no_blank_after_colon(line: &Line) -> Option<Cure> {
    let key = line.text.trim_start().trim_start_matches("- ");
    let (name, value) = key.split_once(':')?;
    if !is_key(name) || value.is_empty() || value.starts_with([' ', '/']) {
        return None;
    }
    let start = line.text.len() - key.len();
    Some(line.cure(
        start..line.text.len(),
        format!("{name}: {value}"),
        "no blank stands after the colon",
        format!("write `{name}: {value}`"),
    ))
}

fn full_width_comma_in_brackets(line: &Line) -> Option<Cure> {
    let at = line.text.find('，')?;
    line.text[..at].contains(['{', '[']).then_some(())?;
    let message = "a full-width `，` stands where a comma belongs";
    let hint = "write the ASCII `,` with a space after it, or quote the text around it".to_owned();
    Some(line.cure(at..at + '，'.len_utf8(), ", ".to_owned(), message, hint))
}

/// Finds `{issue: #894}`: the comment swallows the closing bracket.
fn comment_in_brackets(line: &Line) -> Option<Cure> {
    let at = line.text.find(" #")? + 1;
    line.text[..at].contains(['{', '[']).then_some(())?;
    let value = line.text[at..].split([',', '}', ']']).next()?.trim_end();
    let cure = quoted(value);
    let message = "a ` #` starts a comment, and the bracket is never closed";
    let hint = format!("quote it: `{cure}`");
    Some(line.cure(at..at + value.len(), cure, message, hint))
}

/// Finds `{url: "https://x" y}`.
fn text_after_quote_in_brackets(line: &Line) -> Option<Cure> {
    let brackets = line.text.find(['{', '['])?;
    let start = brackets + line.text[brackets..].find('"')?;
    let value = line.text[start..].split([',', '}', ']']).next()?.trim_end();
    let after = closing_quote(value).map(|at| &value[at + 1..])?;
    (!after.trim().is_empty()).then_some(())?;
    let cure = quoted(value);
    let hint = format!("quote the whole of it: `{cure}`");
    Some(line.cure(
        start..start + value.len(),
        cure,
        "text follows after the closing quote",
        hint,
    ))
}

fn unclosed_bracket(line: &Line) -> Option<Cure> {
    let value = value_of(line.text)?;
    let closing = match value.text.chars().next()? {
        '[' => ']',
        '{' => '}',
        _ => return None,
    };
    if matching_bracket(value.text).is_some() {
        return None;
    }
    let replacement = format!("{}{closing}", value.text);
    Some(line.cure_value(
        &value,
        replacement,
        "the bracket is never closed",
        "close it",
    ))
}

/// Finds `title: [直播] x`: YAML takes the brackets for a list.
fn text_after_bracket(line: &Line) -> Option<Cure> {
    let value = value_of(line.text)?;
    value.text.starts_with(['[', '{']).then_some(())?;
    let after = &value.text[matching_bracket(value.text)? + 1..];
    (!after.trim().is_empty()).then_some(())?;
    let message = "the value starts with a bracket, which YAML reads as a list or mapping";
    Some(line.cure_value(&value, quoted(value.text), message, "quote the whole value"))
}

fn backslash_in_double_quotes(line: &Line) -> Option<Cure> {
    let value = value_of(line.text)?;
    let inner = value.text.strip_prefix('"')?.strip_suffix('"')?;
    inner.contains('\\').then_some(())?;
    let replacement = format!("'{}'", inner.replace('\'', "''"));
    let message = "a `\\` in double quotes begins an escape that YAML does not know";
    Some(line.cure_value(&value, replacement, message, "use single quotes"))
}

fn text_after_quote(line: &Line) -> Option<Cure> {
    let value = value_of(line.text)?;
    let quote = value
        .text
        .chars()
        .next()
        .filter(|c| matches!(c, '"' | '\''))?;
    let after = value.text[closing_quote(value.text)? + 1..].trim_start();
    if after.is_empty() || after.starts_with('#') {
        return None;
    }
    // `'Ada's lantern'` is quoted already, with a quote inside.
    let whole = value
        .text
        .strip_prefix(quote)
        .and_then(|text| text.strip_suffix(quote));
    let message = "text follows after the closing quote";
    Some(line.cure_value(
        &value,
        quoted(whole.unwrap_or(value.text)),
        message,
        "quote the whole value",
    ))
}

fn unclosed_quote(line: &Line) -> Option<Cure> {
    let value = value_of(line.text)?;
    let quote = value
        .text
        .chars()
        .next()
        .filter(|c| matches!(c, '"' | '\''))?;
    closing_quote(value.text).is_none().then_some(())?;
    let replacement = format!("{}{quote}", value.text);
    let message = "the quote at the start of this value is not closed on its line";
    Some(line.cure_value(&value, replacement, message, "close the quote"))
}

fn special_beginning(line: &Line) -> Option<Cure> {
    let value = value_of(line.text)?;
    let is_special = value
        .text
        .starts_with(['*', '&', '!', '%', '@', '`', '|', '>'])
        || value.text.starts_with("- ");
    is_special.then_some(())?;
    let message = "the value starts with a character that means something to YAML";
    Some(line.cure_value(&value, quoted(value.text), message, "quote the whole value"))
}

fn colon_in_value(line: &Line) -> Option<Cure> {
    let value = value_of(line.text)?;
    (value.text.contains(": ") || value.text.ends_with(':')).then_some(())?;
    let message = "the value holds a `:` followed by a space, which YAML reads as a key";
    Some(line.cure_value(&value, quoted(value.text), message, "quote the whole value"))
}

fn other_indentation(line: &Line) -> Option<Cure> {
    let own = indent(line.text);
    let above = key_column(line.above);
    if own == above || line.text.trim().is_empty() || line.above.is_empty() {
        return None;
    }
    let message = "the key is not in one column with the key above it";
    let hint = format!("begin it in column {}, like the key above", above + 1);
    Some(line.cure(0..own, " ".repeat(above), message, hint))
}

/// The value of a line, and all that stands before it.
struct Value<'t> {
    lead: &'t str,
    text: &'t str,
}

/// Splits `  - key: value` into what leads to the value, and the value.
fn value_of(line: &str) -> Option<Value<'_>> {
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

fn is_key(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Gives the column where a line's key begins, behind the `-` of list entries.
fn key_column(line: &str) -> usize {
    let mut column = indent(line);
    while let Some(rest) = line[column..].strip_prefix("- ") {
        column = line.len() - rest.trim_start().len();
    }
    column
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

/// Finds the bracket that closes the one at the start.
fn matching_bracket(value: &str) -> Option<usize> {
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
pub fn quoted(text: &str) -> String {
    if text.contains(['"', '\\']) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        format!("\"{text}\"")
    }
}

#[cfg(test)]
mod tests {
    use super::{cures, quoted};

    fn hints(text: &str) -> Vec<String> {
        let found = cures(text, text.lines().count());
        found.into_iter().map(|cure| cure.hint).collect()
    }

    #[test]
    fn proposes_quotes_where_they_would_help() {
        for (line, hint) in [
            (
                "title: SOFAChannel#42: 直播",
                "quote the whole value: `title: \"SOFAChannel#42: 直播\"`",
            ),
            (
                "  - text: \"A\" b",
                "quote the whole value: `- text: '\"A\" b'`",
            ),
            ("- @all: x", "quote the whole value: `- \"@all: x\"`"),
            (
                "title: 'Ada's lantern'",
                "quote the whole value: `title: \"Ada's lantern\"`",
            ),
            (
                "title: [直播] x",
                "quote the whole value: `title: \"[直播] x\"`",
            ),
            ("title: \"C:\\灯\"", "use single quotes: `title: 'C:\\灯'`"),
            ("tags: [a, b", "close it: `tags: [a, b]`"),
            ("title: \"没有关", "close the quote: `title: \"没有关\"`"),
            ("- {text: 好, issue: #894}", "quote it: `\"#894\"`"),
            (
                "- {url: \"https://x\" y}",
                "quote the whole of it: `'\"https://x\" y'`",
            ),
            ("title:灯笼", "write `title: 灯笼`"),
            (
                "title：例会",
                "write `title: 例会` with the ASCII `:` and a space",
            ),
            ("\u{3000}code: 1", "indent with ASCII spaces, two a level"),
            ("\tcode: 1", "indent with ASCII spaces, two a level"),
        ] {
            assert!(
                hints(line).contains(&hint.to_owned()),
                "{line}: {:?}",
                hints(line)
            );
        }
    }

    #[test]
    fn suspects_nothing_in_a_line_that_is_well() {
        for line in [
            "title: plain",
            "title: \"closed\"",
            "tags: [a, b]",
            "- text",
            "url: https://x.org",
            "",
        ] {
            assert_eq!(hints(line), [""; 0], "{line}");
        }
    }

    #[test]
    fn proposes_the_column_of_the_key_above() {
        assert!(hints("  - id: a\n   title: x")[0].starts_with("begin it in column 5"));
        assert!(
            hints("title: x\n  start: y")
                .iter()
                .any(|hint| hint.starts_with("begin it in column 1"))
        );
    }

    #[test]
    fn quotes_so_that_yaml_reads_the_same() {
        assert_eq!(quoted("a: b"), "\"a: b\"");
        assert_eq!(quoted("say \"it's\""), "'say \"it''s\"'");
    }
}
