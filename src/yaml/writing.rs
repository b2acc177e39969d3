//! Writing: texts and lines of the files that `new` and `init` write for maintainers to go on with.
//!
//! Flows in: values. Flows out: YAML that means them, to every reader of YAML. Deliberately absent: changing what
//! people wrote.

use crate::source::Source;
use crate::yaml::cure::quoted;

/// What the line that names a file's schema begins with.
const SCHEMA: &str = "# yaml-language-server: $schema=";

/// Names the schema as the calendar does, seen from another file below the events folder.
pub fn schema_line(calendar: &Source, relative: &str) -> Option<String> {
    let mut lines = calendar.text.lines();
    let way = lines.find_map(|line| line.strip_prefix(SCHEMA))?;
    let way = way.trim().strip_suffix("calendar.json")?;
    let up = match way.contains("://") || way.starts_with('/') {
        true => String::new(),
        false => "../".repeat(relative.matches('/').count()),
    };
    Some(format!("{SCHEMA}{up}{way}event.json\n"))
}

/// Tells whether a line names the schema of its file.
pub fn names_schema(line: &str) -> bool {
    line.starts_with(SCHEMA)
}

/// Writes a text so that every reader of YAML takes it for that text, with quotes where they are needed.
pub fn scalar(text: &str) -> String {
    if text.chars().any(needs_escape) {
        return format!("\"{}\"", text.chars().map(escaped).collect::<String>());
    }
    match is_plain(text) {
        true => text.to_owned(),
        false => quoted(text),
    }
}

/// Writes a text for a place between `{` and `}` or `[` and `]`, where further signs mean something.
pub fn flow_scalar(text: &str) -> String {
    let written = scalar(text);
    match written == text && text.contains([',', '[', ']', '{', '}', ':']) {
        true => quoted(text),
        false => written,
    }
}

/// Words that are no text to some readers.
const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

/// Tells whether a text means itself without quotes, also to readers of YAML 1.1.
fn is_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    let is_word = WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    let is_number = first.is_ascii_digit() && !is_date(text) && !is_duration(text);
    !is_number
        && !is_word
        && text.trim() == text
        && !"-?:,[]{}#&*!|>'\"%@`=<~.+".contains(first)
        && !text.contains(": ")
        && !text.ends_with(':')
        && !text.contains(" #")
}

/// Tells whether a text begins as a date does; with a clock behind it, it is text to everyone.
fn is_date(text: &str) -> bool {
    let is_of_date = |(at, byte): (usize, u8)| match at {
        4 | 7 => byte == b'-',
        10 => byte == b' ',
        _ => byte.is_ascii_digit(),
    };
    text.len() >= 10 && text.bytes().take(11).enumerate().all(is_of_date)
}

/// Tells whether a text is `1h30m`: no number has such letters.
fn is_duration(text: &str) -> bool {
    let is_of_duration = |b: u8| b.is_ascii_digit() || b"dhm".contains(&b);
    text.bytes().all(is_of_duration) && text.ends_with(['d', 'h', 'm'])
}

/// Tells whether a character must not stand in YAML as it is, or would not be seen.
fn needs_escape(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}'
        )
}

fn escaped(c: char) -> String {
    match c {
        '"' | '\\' => format!("\\{c}"),
        '\n' => "\\n".to_owned(),
        '\t' => "\\t".to_owned(),
        c if needs_escape(c) => format!("\\u{:04X}", c as u32),
        c => c.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{flow_scalar, scalar, schema_line};
    use crate::source::Source;
    use crate::yaml::document::EventDocument;
    use crate::yaml::field::{Field, Text};
    use crate::yaml::parse::parse;
    use proptest::prelude::{any, prop_assert_eq, proptest};

    #[test]
    fn quotes_stand_where_they_are_needed() {
        let table = r##"Layotto 社区会议 => Layotto 社区会议
            https://example.org/a#b => https://example.org/a#b
            2023-05-31 14:00 => 2023-05-31 14:00
            2023-05-31 => 2023-05-31
            1h30m => 1h30m
            15:00 => "15:00"
            33 => "33"
            1e3 => "1e3"
            yes => "yes"
            #12 => "#12"
            a #12 => "a #12"
            a: b => "a: b"
            [直播] a => "[直播] a"
            "a" b => '"a" b'
            it's => it's
            'it\s => '''it\s'"##;
        for line in table.lines().map(str::trim) {
            let (text, written) = line.split_once(" => ").expect(line);
            assert_eq!(scalar(text), written);
        }
        assert_eq!(scalar(" a\n\0"), "\" a\\n\\u0000\"");
        assert_eq!(scalar(""), "\"\"");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            text in any::<String>(),
            signs in "[-:#'\"{}\\[\\]\\\\&*!|>%@,?`~ a0]{0,6}",
        ) {
            for text in [&text, &signs, &format!("{signs}{text}")] {
                let source = Source::new("events", "a.yaml", format!("title: {}\n", scalar(text)));
                let document: EventDocument = parse(&source).expect("it is YAML");
                prop_assert_eq!(document.title, Field::Value(Text::Said(text.clone())));
                let flow = format!("join: {{code: {}, url: a}}\n", flow_scalar(text));
                let document: EventDocument = parse(&Source::new("events", "a.yaml", flow)).expect("it is YAML");
                let Field::Value(join) = document.join else { panic!("a mapping") };
                prop_assert_eq!(join.code, Field::Value(Text::Said(text.clone())));
            }
        }
    }

    #[test]
    fn the_schema_is_where_the_calendar_has_it() {
        let named = |way: &str| {
            let text = format!("# yaml-language-server: $schema={way}\nname: a\n");
            let calendar = Source::new("events", "calendar.yaml", text);
            schema_line(&calendar, "layotto/a.yaml")
        };
        for (way, expected) in [
            (
                "../docs/schema/calendar.json",
                "../../docs/schema/event.json",
            ),
            (
                "https://example.org/calendar.json",
                "https://example.org/event.json",
            ),
            ("/a/calendar.json", "/a/event.json"),
        ] {
            let line = format!("# yaml-language-server: $schema={expected}\n");
            assert_eq!(named(way), Some(line));
        }
        assert_eq!(named("other.json"), None);
    }
}
