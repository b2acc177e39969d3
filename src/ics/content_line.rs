//! Content lines: properties as bytes (RFC 5545, 3.1).
//!
//! Flows in: `icalendar` properties whose values are encoded already. Flows out: CRLF lines of at
//! most 75 octets. `icalendar`'s own writer is not used: it asks the clock for a missing DTSTAMP and
//! lets line breaks through in links and parameters.

use icalendar::Property;

/// The most octets in a line, without its CRLF.
const LIMIT: usize = 75;

/// Writes properties as folded content lines.
pub fn write_properties<'p>(out: &mut String, properties: impl IntoIterator<Item = &'p Property>) {
    for property in properties {
        let start = out.len();
        out.push_str(property.key());
        for parameter in property.params().values() {
            out.push(';');
            out.push_str(parameter.key());
            out.push('=');
            push_parameter(out, parameter.value());
        }
        out.push(':');
        out.push_str(property.value());
        if out.len() - start <= LIMIT {
            out.push_str("\r\n");
        } else {
            let line = out.split_off(start);
            write_folded(out, &line);
        }
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

/// Encodes several TEXT values as one.
pub fn texts(values: &[String]) -> String {
    let mut encoded = String::new();
    for (index, value) in values.iter().enumerate() {
        encoded.push_str(if index == 0 { "" } else { "," });
        push_text(&mut encoded, value);
    }
    encoded
}

fn push_text(encoded: &mut String, value: &str) {
    let mut rest = value;
    while let Some(at) = rest.find(|c: char| matches!(c, '\\' | ';' | ',') || c.is_control()) {
        encoded.push_str(&rest[..at]);
        let mut after = rest[at..].chars();
        match after.next() {
            Some('\n') => encoded.push_str("\\n"),
            Some(c @ ('\\' | ';' | ',')) => encoded.extend(['\\', c]),
            Some('\t') => encoded.push('\t'),
            // No other control character reaches this room; a stray one must not cut a line.
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
    for c in value.chars() {
        match c {
            '^' => line.push_str("^^"),
            '"' => line.push_str("^'"),
            '\n' => line.push_str("^n"),
            c if c.is_control() => {}
            c => line.push(c),
        }
    }
    if needs_quotes {
        line.push('"');
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
