//! Content lines: properties as bytes (RFC 5545, 3.1).
//!
//! Flows in: names, parameters and values, or `icalendar` properties whose values are encoded already. Flows
//! out: CRLF lines of at most 75 octets. `icalendar`'s own writer is not used: it asks the clock for a missing
//! DTSTAMP and lets line breaks through in links and parameters.

use icalendar::Property;
use std::fmt::{Display, Write};

/// The most octets in a line, without its CRLF.
const LIMIT: usize = 75;

/// Writes content lines at the end of a text.
#[derive(Debug)]
pub struct Lines<'o> {
    out: &'o mut String,
    /// Where lines that are too long stand until they are folded.
    unfolded: String,
}

impl<'o> Lines<'o> {
    /// Begins at the end of what is written.
    pub fn new(out: &'o mut String) -> Self {
        Lines {
            out,
            unfolded: String::new(),
        }
    }

    /// Begins a line with the name of its property; its value ends it.
    pub fn property(&mut self, name: &str) -> Line<'_, 'o> {
        let start = self.out.len();
        self.out.push_str(name);
        Line { start, lines: self }
    }

    /// Ends the line that begins at `start`.
    fn end(&mut self, start: usize) {
        if self.out.len() - start <= LIMIT {
            self.out.push_str("\r\n");
        } else {
            self.unfolded.clear();
            self.unfolded.push_str(&self.out[start..]);
            self.out.truncate(start);
            write_folded(self.out, &self.unfolded);
        }
    }
}

/// A content line that waits for its value.
#[derive(Debug)]
#[must_use = "a line without a value is no content line"]
pub struct Line<'l, 'o> {
    lines: &'l mut Lines<'o>,
    start: usize,
}

impl Line<'_, '_> {
    /// Adds a parameter; they stand in the order of their names.
    pub fn parameter(self, name: &str, value: &str) -> Self {
        let out = &mut *self.lines.out;
        out.push(';');
        out.push_str(name);
        out.push('=');
        push_parameter(out, value);
        self
    }

    /// Says the type of the value (RFC 5545, 3.2.20).
    pub fn of_type(self, kind: &str) -> Self {
        self.parameter("VALUE", kind)
    }

    /// Writes a value as it is.
    pub fn value(self, value: &str) {
        self.lines.out.push(':');
        self.lines.out.push_str(value);
        self.lines.end(self.start);
    }

    /// Writes a value as it is shown, which needs no encoding: a time, a number, a rule.
    pub fn shown(self, value: impl Display) {
        // A text takes whatever is written to it.
        let _ = write!(self.lines.out, ":{value}");
        self.lines.end(self.start);
    }

    /// Writes a TEXT value.
    pub fn text(self, value: &str) {
        self.texts([value]);
    }

    /// Writes several TEXT values.
    pub fn texts<'t>(self, values: impl IntoIterator<Item = &'t str>) {
        let out = &mut *self.lines.out;
        for (index, value) in values.into_iter().enumerate() {
            out.push(if index == 0 { ':' } else { ',' });
            push_text(out, value);
        }
        self.lines.end(self.start);
    }
}

/// Writes properties as folded content lines.
pub fn write_properties<'p>(out: &mut String, properties: impl IntoIterator<Item = &'p Property>) {
    let mut lines = Lines::new(out);
    for property in properties {
        let mut line = lines.property(property.key());
        for parameter in property.params().values() {
            line = line.parameter(parameter.key(), parameter.value());
        }
        line.value(property.value());
    }
}

/// Writes a line as it is, folded at 75 octets between characters.
///
/// A fold stands neither beside a blank nor inside an escape where it can be helped: some readers
/// trim lines, and some decode them one by one.
pub fn write_folded(out: &mut String, line: &str) {
    let mut rest = line;
    let mut limit = LIMIT;
    while rest.len() > limit {
        let at = fold_point(rest, limit);
        out.push_str(&rest[..at]);
        out.push_str("\r\n ");
        rest = &rest[at..];
        limit = LIMIT - 1;
    }
    out.push_str(rest);
    out.push_str("\r\n");
}

fn fold_point(text: &str, limit: usize) -> usize {
    let last = (1..=limit)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(limit);
    let is_blank = |at: usize| matches!(text.as_bytes()[at], b' ' | b'\t');
    (limit / 2..=last)
        .rev()
        .find(|at| {
            text.is_char_boundary(*at)
                && !is_blank(*at)
                && !is_blank(*at - 1)
                && text.as_bytes()[*at - 1] != b'\\'
        })
        .unwrap_or(last)
}

/// Makes a property whose value says its type (RFC 5545, 3.2.20).
pub fn valued(key: &str, kind: &str, value: &str) -> Property {
    let mut property = Property::new(key, value);
    property.add_parameter("VALUE", kind);
    property
}

/// Encodes a TEXT value (RFC 5545, 3.3.11).
pub fn text(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len() + 16);
    push_text(&mut encoded, value);
    encoded
}

/// Encodes a TEXT value at the end of a text. No control character but these reaches this room; a stray one must
/// not cut a line.
fn push_text(encoded: &mut String, value: &str) {
    // C1 controls have two bytes, of which the first alone tells that there may be one.
    let needs_care = |byte: u8| byte < 0x20 || matches!(byte, b'\\' | b';' | b',' | 0x7f | 0xc2);
    let mut rest = value;
    while let Some(at) = rest.bytes().position(needs_care) {
        encoded.push_str(&rest[..at]);
        let mut after = rest[at..].chars();
        match after.next() {
            Some('\n') => encoded.push_str("\\n"),
            Some(c @ ('\\' | ';' | ',')) => encoded.extend(['\\', c]),
            Some(c) if c == '\t' || !c.is_control() => encoded.push(c),
            _ => {}
        }
        rest = after.as_str();
    }
    encoded.push_str(rest);
}

/// Encodes a parameter's value: quoted where it must be, with RFC 6868 for what cannot stand in it.
fn push_parameter(line: &mut String, value: &str) {
    let needs_quotes = value.contains([':', ';', ',']);
    if needs_quotes {
        line.push('"');
    }
    // C1 controls have two bytes, of which the first alone tells that there may be one.
    let needs_care = |byte: u8| byte < 0x20 || matches!(byte, b'^' | b'"' | 0x7f | 0xc2);
    match value.bytes().any(needs_care) {
        true => value.chars().for_each(|c| push_in_parameter(line, c)),
        false => line.push_str(value),
    }
    if needs_quotes {
        line.push('"');
    }
}

fn push_in_parameter(line: &mut String, c: char) {
    match c {
        '^' => line.push_str("^^"),
        '"' => line.push_str("^'"),
        '\n' => line.push_str("^n"),
        c if c.is_control() => {}
        c => line.push(c),
    }
}

/// Takes the folds out of iCalendar text and gives its content lines.
pub fn unfold(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some(last)) => last.push_str(rest),
            _ => lines.push(line.to_owned()),
        }
    }
    lines.pop_if(|last| last.is_empty());
    lines
}

/// Decodes a TEXT value (RFC 5545, 3.3.11).
pub fn decoded_text(value: &str) -> String {
    let mut decoded = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => decoded.push('\n'),
                Some(escaped) => decoded.push(escaped),
                None => {}
            },
            c => decoded.push(c),
        }
    }
    decoded
}

/// Decodes several TEXT values that stand with commas between them.
pub fn decoded_texts(value: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut begin = 0;
    let mut is_escaped = false;
    for (at, byte) in value.bytes().enumerate() {
        if byte == b',' && !is_escaped {
            texts.push(decoded_text(&value[begin..at]));
            begin = at + 1;
        }
        is_escaped = byte == b'\\' && !is_escaped;
    }
    texts.push(decoded_text(&value[begin..]));
    texts
}

#[cfg(test)]
mod tests {
    use super::{decoded_text, text, unfold, write_folded, write_properties};
    use icalendar::Property;
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    fn folded(line: &str) -> String {
        let mut out = String::new();
        write_folded(&mut out, line);
        out
    }

    #[test]
    fn folds_between_characters_never_inside_one() {
        let line = format!("SUMMARY:{}", "会".repeat(60));
        let out = folded(&line);
        for part in out.split("\r\n") {
            assert!(part.len() <= 75, "{} octets", part.len());
        }
        assert_eq!(unfold(&out), [line]);
    }

    #[test]
    fn folds_beside_no_blank_where_it_can_be_helped() {
        let line = format!("{} {}", "a".repeat(74), "b".repeat(74));
        for part in folded(&line).split("\r\n ") {
            assert_eq!(
                part.trim_end_matches("\r\n").trim(),
                part.trim_end_matches("\r\n")
            );
        }
        let blanks = format!("X:{}", " ".repeat(300));
        assert_eq!(unfold(&folded(&blanks)), [blanks]);
    }

    #[test]
    fn a_line_of_75_octets_is_not_folded() {
        assert_eq!(folded(&"a".repeat(75)), format!("{}\r\n", "a".repeat(75)));
        assert_eq!(
            folded(&"a".repeat(76)),
            format!("{}\r\n a\r\n", "a".repeat(75))
        );
    }

    #[test]
    fn encodes_parameters_as_rfc_6868_says() {
        let mut out = String::new();
        let mut property = Property::new("CONFERENCE", "tel:+86");
        property.add_parameter("LABEL", "a \"b\": ^c");
        write_properties(&mut out, [&property]);
        assert_eq!(out, "CONFERENCE;LABEL=\"a ^'b^': ^^c\":tel:+86\r\n");
    }

    proptest! {
        #[test]
        fn unfolding_gives_back_what_was_folded(line in "[^\r\n]{1,400}") {
            let out = folded(&line);
            prop_assert!(out.ends_with("\r\n"));
            for part in out.trim_end_matches("\r\n").split("\r\n") {
                prop_assert!(part.len() <= 75);
            }
            if !line.starts_with([' ', '\t']) {
                prop_assert_eq!(unfold(&out), [line]);
            }
        }

        #[test]
        fn text_round_trips(value in any::<String>()) {
            let plain: String = value.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
            let encoded = text(&value);
            prop_assert!(!encoded.contains(['\r', '\n']));
            prop_assert_eq!(decoded_text(&encoded), plain);
        }
    }
}
