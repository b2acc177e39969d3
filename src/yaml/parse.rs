//! Parsing: a source's text becomes a document, or the reason why it is not YAML.
//!
//! Flows in: a source. Flows out: the document with all it holds, right or wrong.
//! The only file that knows the YAML crate. Deliberately absent: judging values.

use crate::diagnostic::{Code, Complaint, Diagnostic, Place};
use crate::source::{LineColumn, Source, Span, offset_of};
use crate::yaml::cure::{Cure, cures};
use crate::yaml::everyday::read_everyday;
use crate::yaml::field::{Anything, Field, Shape};
use crate::yaml::nodes::{expanded_size, nodes_of};
use serde_yaml::Error;

/// How to begin a calendar, for the hint of one that is not there yet.
pub const BEGINNING: &str = "write at least `name: …`, `domain: example.org` and `projects: {my-project: {name: My Project}}`";

/// Parses the one mapping that a file holds.
///
/// # Errors
/// One diagnostic: the file is empty, is not YAML, or holds something else than a mapping.
pub fn parse<T: Shape>(source: &Source) -> Result<T, Box<Diagnostic>> {
    if let Some(Field::Value(document)) = read_everyday(&source.text) {
        return Ok(document);
    }
    if let Some(found) = refused_unread(source) {
        return Err(Box::new(found));
    }
    match serde_yaml::from_str::<Field<T>>(&source.text) {
        Ok(Field::Value(document)) => Ok(document),
        Ok(Field::Absent | Field::Null) => Err(Box::new(empty(source))),
        Ok(Field::Wrong(found)) => Err(Box::new(not_a_mapping(source, found))),
        Err(error) => Err(Box::new(not_yaml(source, &error))),
    }
}

/// Tells whether two texts are the same to YAML, whatever the order of their keys.
pub(crate) fn is_same_yaml(one: &str, other: &str) -> bool {
    let read = |text: &str| serde_yaml::from_str::<serde_yaml::Value>(text).ok();
    read(one).is_some_and(|value| read(other) == Some(value))
}

/// The deepest nesting of brackets: no event needs more than a few, and the YAML crate takes the
/// square of their number. Brackets in a text count too, so there is room for those.
const DEEPEST: usize = 1000;

/// The largest file with its aliases written out, in bytes: aliases of aliases multiply.
const LARGEST: usize = 4 << 20;

/// Refuses what the YAML crate would not name well, or would read for minutes.
fn refused_unread(source: &Source) -> Option<Diagnostic> {
    let mut depth = 0_usize;
    for (at, c) in source.text.char_indices() {
        let span = at..at + c.len_utf8();
        match c {
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            '\n' | '\r' | '\t' | '\u{85}' => {}
            c if c.is_control() => {
                let message = format!("the file holds the control character U+{:04X}", c as u32);
                let complaint = Complaint::new(Code::ControlCharacter, message);
                return Some(
                    complaint
                        .hint("delete it")
                        .at(Place::span(source.path.clone(), span)),
                );
            }
            _ => {}
        }
        if depth > DEEPEST {
            return Some(too_deep(Place::span(source.path.clone(), span)));
        }
    }
    let may_multiply = source.text.contains('&') && source.text.contains('*');
    (may_multiply && expanded_size(&nodes_of(&source.text)) > LARGEST)
        .then(|| too_deep(Place::file(source.path.clone())))
}

fn too_deep(place: Place) -> Diagnostic {
    let message = "the file nests too deeply or repeats its aliases too often";
    Complaint::new(Code::YamlLimit, message)
        .hint("write the values out; an event needs four levels at most")
        .at(place)
}

fn empty(source: &Source) -> Diagnostic {
    let hint = match &*source.relative {
        "calendar.yaml" => BEGINNING,
        _ => "write at least `title:` and `start:`, or delete the file",
    };
    Complaint::new(Code::EmptyFile, "the file holds nothing")
        .hint(hint)
        .at(Place::file(source.path.clone()))
}

fn not_a_mapping(source: &Source, found: &str) -> Diagnostic {
    let start = source.text.len() - source.text.trim_start().len();
    let line = source.text[start..].lines().next().unwrap_or("").trim_end();
    let hint = if line.contains('：') {
        "the colon after a key is the ASCII `:` with a space after it, not the full-width `：`"
    } else if found == "a list" {
        "several events in one file stand under the key `events:`"
    } else {
        "write one `key: value` a line, such as `title: …`"
    };
    Complaint::new(
        Code::WrongType,
        format!("the file holds {found}, not keys with values"),
    )
    .hint(hint)
    .at(Place::span(source.path.clone(), start..start + line.len()))
}

fn not_yaml(source: &Source, error: &Error) -> Diagnostic {
    let message = error.to_string();
    if message.contains("more than one document") {
        return several_documents(source);
    }
    if message.contains("limit exceeded") {
        return match error.location() {
            Some(_) => too_deep(Place::span(source.path.clone(), spot(source, error))),
            None => too_deep(Place::file(source.path.clone())),
        };
    }
    if let Some(conflict) = merge_conflict(source) {
        return conflict;
    }
    if let Some(cure) = cured(source, error) {
        return Complaint::new(Code::YamlSyntax, cure.message)
            .hint(cure.hint)
            .at(Place::span(source.path.clone(), cure.span));
    }
    let reason = message.split(" at line ").next().unwrap_or(&message);
    let hint = if reason.contains("unknown anchor") {
        "a value that starts with `*` refers to an anchor: quote the whole value if it is text"
    } else if reason.contains("tab") || source.text[spot(source, error)].contains('\t') {
        "indent with spaces, not tabs"
    } else if reason.contains("end of stream") || reason.contains("quoted scalar") {
        "a quote or bracket is opened and never closed"
    } else {
        "look at this line and the one above: the indentation, the quotes, a `:` without a space after it"
    };
    let span = match context(&message) {
        Some(place) if reason.contains("end of stream") => line_from(&source.text, place),
        _ => spot(source, error),
    };
    Complaint::new(Code::YamlSyntax, format!("this is not YAML: {reason}"))
        .hint(hint)
        .at(Place::span(source.path.clone(), span))
}

fn merge_conflict(source: &Source) -> Option<Diagnostic> {
    let start = match source.text.find("\n<<<<<<< ") {
        Some(newline) => newline + 1,
        None => source.text.starts_with("<<<<<<< ").then_some(0)?,
    };
    let line = source.text[start..].lines().next().unwrap_or("").trim_end();
    let complaint = Complaint::new(Code::YamlSyntax, "a merge conflict is not resolved");
    let hint = "keep one side, and delete the lines with `<<<<<<<`, `=======` and `>>>>>>>`";
    let span = start..start + line.len();
    Some(
        complaint
            .hint(hint)
            .at(Place::span(source.path.clone(), span)),
    )
}

fn several_documents(source: &Source) -> Diagnostic {
    let mut offset = 0;
    let mut separators = Vec::new();
    let mut has_content = false;
    for line in source.text.split_inclusive('\n') {
        let content = line.trim_end();
        if content == "---" && has_content {
            separators.push(offset..offset + content.len());
        }
        has_content |= !content.is_empty() && !content.starts_with(['#', '%']) && content != "---";
        offset += line.len();
    }
    let last = source.text.trim_end().len();
    let is_trailing = separators
        .first()
        .is_some_and(|span: &Span| span.end == last);
    let hint = match is_trailing {
        true => "delete the `---` at the end",
        false => "several events in one file stand under the key `events:`, without `---`",
    };
    let place = match separators.into_iter().next() {
        Some(span) => Place::span(source.path.clone(), span),
        None => Place::file(source.path.clone()),
    };
    Complaint::new(
        Code::SeveralDocuments,
        "the file holds more than one YAML document",
    )
    .hint(hint)
    .at(place)
}

/// Finds what makes the file YAML again: a cure is tried before it is proposed.
fn cured(source: &Source, error: &Error) -> Option<Cure> {
    let fault_line = error.location()?.line();
    let context = context(&error.to_string()).map(|place| place.line);
    let lines = context.into_iter().chain([fault_line]);
    let still_wrong_until = |text: &str| match serde_yaml::from_str::<Field<Anything>>(text) {
        Ok(_) => usize::MAX,
        Err(error) => error.location().map_or(0, |place| place.line()),
    };
    lines
        .flat_map(|line| cures(&source.text, line))
        .find_map(|cure| {
            let mut mended = source.text.to_string();
            mended.replace_range(cure.span.clone(), &cure.replacement);
            (still_wrong_until(&mended) > fault_line.max(cure.line)).then_some(cure)
        })
}

/// Finds where the thing began that never ended: `…, while scanning a quoted scalar at line 3 column 8`.
fn context(message: &str) -> Option<LineColumn> {
    let (_, context) = message.split_once(", while ")?;
    let (_, place) = context.split_once(" at line ")?;
    let (line, column) = place.split_once(" column ")?;
    Some(LineColumn {
        line: line.parse().ok()?,
        column: column.parse().ok()?,
    })
}

fn spot(source: &Source, error: &Error) -> Span {
    error.location().map_or(0..0, |place| {
        let (line, column) = (place.line(), place.column());
        line_from(&source.text, LineColumn { line, column })
    })
}

/// Gives the rest of a line from a place on.
fn line_from(text: &str, place: LineColumn) -> Span {
    let start = offset_of(text, place);
    let line = text[start..].split(['\n', '\r']).next().unwrap_or("");
    start..start + line.trim_end().len()
}
