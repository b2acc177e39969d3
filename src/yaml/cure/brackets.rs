//! Suspicions about lists and mappings in brackets.

use crate::yaml::cure::Cure;
use crate::yaml::cure::line::{Line, closing_quote, matching_bracket, quoted, value_of};

pub(super) fn full_width_comma_in_brackets(line: &Line) -> Option<Cure> {
    let at = line.text.find('，')?;
    line.text[..at].contains(['{', '[']).then_some(())?;
    let message = "a full-width `，` stands where a comma belongs";
    let hint = "write the ASCII `,` with a space after it, or quote the text around it".to_owned();
    Some(line.cure(at..at + '，'.len_utf8(), ", ".to_owned(), message, hint))
}

/// Finds `{issue: #894}`: the comment swallows the closing bracket.
pub(super) fn comment_in_brackets(line: &Line) -> Option<Cure> {
    let at = line.text.find(" #")? + 1;
    line.text[..at].contains(['{', '[']).then_some(())?;
    let value = line.text[at..].split([',', '}', ']']).next()?.trim_end();
    let cure = quoted(value);
    let message = "a ` #` starts a comment, and the bracket is never closed";
    let hint = format!("quote it: `{cure}`");
    Some(line.cure(at..at + value.len(), cure, message, hint))
}

/// Finds `{url: "https://x" y}`.
pub(super) fn text_after_quote_in_brackets(line: &Line) -> Option<Cure> {
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

pub(super) fn unclosed_bracket(line: &Line) -> Option<Cure> {
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
pub(super) fn text_after_bracket(line: &Line) -> Option<Cure> {
    let value = value_of(line.text)?;
    value.text.starts_with(['[', '{']).then_some(())?;
    let after = &value.text[matching_bracket(value.text)? + 1..];
    (!after.trim().is_empty()).then_some(())?;
    let message = "the value starts with a bracket, which YAML reads as a list or mapping";
    Some(line.cure_value(&value, quoted(value.text), message, "quote the whole value"))
}

/// Finds `{text: 议题: 一, issue: 902}`: a value in brackets that YAML reads as a key.
pub(super) fn colon_in_brackets(line: &Line) -> Option<Cure> {
    let open = line.text.find(['{', '['])?;
    let close = line.text.rfind(['}', ']']).filter(|close| *close > open)?;
    let inner = &line.text[open + 1..close];
    let mut start = open + 1;
    for part in inner.split(',') {
        let (lead, value) = part.split_once(": ").unwrap_or(("", part));
        let value_start = start + part.len() - value.len();
        start += part.len() + 1;
        let value = value.trim_end();
        if !lead.is_empty() && value.contains(": ") && !value.starts_with(['"', '\'', '{', '[']) {
            let cure = quoted(value);
            let message = "the value holds a `:` followed by a space, which YAML reads as a key";
            let hint = format!(
                "quote it: `{}: {cure}`",
                lead.trim_start_matches([' ', '{', '['])
            );
            return Some(line.cure(value_start..value_start + value.len(), cure, message, hint));
        }
    }
    None
}

/// Finds `{issue: 902]`.
pub(super) fn wrong_bracket(line: &Line) -> Option<Cure> {
    let value = value_of(line.text)?;
    let (wrong, right) = match value.text.chars().next()? {
        '[' => ('}', ']'),
        '{' => (']', '}'),
        _ => return None,
    };
    let inner = value.text.strip_suffix(wrong)?;
    let message = "the bracket that closes is not the one that opened";
    Some(line.cure_value(&value, format!("{inner}{right}"), message, "close it"))
}

/// Finds `- [议题](https://…)`: a link as Markdown has it.
pub(super) fn markdown_link(line: &Line) -> Option<Cure> {
    let value = value_of(line.text)?;
    let (text, rest) = value.text.strip_prefix('[')?.split_once("](")?;
    let address = rest
        .strip_suffix(')')
        .filter(|address| !address.contains(['(', ' ']))?;
    let is_entry = value.lead.trim_end().ends_with('-');
    let cure = match is_entry {
        true => format!("{{text: {}, url: {}}}", quoted(text), quoted(address)),
        false => quoted(address),
    };
    let message = "this is a link as Markdown has it, which YAML reads as a list";
    Some(line.cure_value(&value, cure, message, "write"))
}
