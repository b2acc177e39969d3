//! Suspicions about quotes and about values that should have them.

use crate::yaml::cure::Cure;
use crate::yaml::cure::line::{Line, Value, closing_quote, quoted, value_of};

pub(super) fn backslash_in_double_quotes(line: &Line) -> Option<Cure> {
    let value = value_of(line.text)?;
    let inner = value.text.strip_prefix('"')?.strip_suffix('"')?;
    inner.contains('\\').then_some(())?;
    let replacement = format!("'{}'", inner.replace('\'', "''"));
    let message = "a `\\` in double quotes begins an escape that YAML does not know";
    Some(line.cure_value(&value, replacement, message, "use single quotes"))
}

pub(super) fn text_after_quote(line: &Line) -> Option<Cure> {
    let value = value_of(line.text)?;
    let quote = opening_quote(&value)?;
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

fn opening_quote(value: &Value) -> Option<char> {
    let first = value.text.chars().next()?;
    matches!(first, '"' | '\'').then_some(first)
}

pub(super) fn unclosed_quote(line: &Line) -> Option<Cure> {
    let value = value_of(line.text)?;
    let quote = opening_quote(&value)?;
    closing_quote(value.text).is_none().then_some(())?;
    let replacement = format!("{}{quote}", value.text);
    let message = "the quote at the start of this value is not closed on its line";
    Some(line.cure_value(&value, replacement, message, "close the quote"))
}

pub(super) fn special_beginning(line: &Line) -> Option<Cure> {
    let value = value_of(line.text)?;
    let is_special = value
        .text
        .starts_with(['*', '&', '!', '%', '@', '`', '|', '>'])
        || value.text.starts_with("- ");
    is_special.then_some(())?;
    let message = "the value starts with a character that means something to YAML";
    Some(line.cure_value(&value, quoted(value.text), message, "quote the whole value"))
}

pub(super) fn colon_in_value(line: &Line) -> Option<Cure> {
    let value = value_of(line.text).filter(|value| !value.text.starts_with(['{', '[']))?;
    (value.text.contains(": ") || value.text.ends_with(':')).then_some(())?;
    let message = "the value holds a `:` followed by a space, which YAML reads as a key";
    Some(line.cure_value(&value, quoted(value.text), message, "quote the whole value"))
}

/// Finds `title: "X",` as JSON has it.
pub(super) fn comma_after_quote(line: &Line) -> Option<Cure> {
    let value = value_of(line.text)?;
    let whole = value.text.strip_suffix(',')?;
    (whole.starts_with(['"', '\'']) && closing_quote(whole)? + 1 == whole.len()).then_some(())?;
    let message = "a comma stands after the closing quote";
    Some(line.cure_value(&value, whole.to_owned(), message, "delete it"))
}
