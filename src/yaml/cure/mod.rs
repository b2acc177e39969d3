//! Cures: what would make a broken file YAML again.
//!
//! Flows in: the text and the line where the parser gave up. Flows out: candidates, nearest line
//! first; `parse` tries a cure before it is shown to anyone, so a suspicion may be rash.

mod brackets;
mod layout;
mod line;
mod quotes;

use crate::source::Span;
use crate::yaml::cure::line::Line;

pub(crate) use crate::yaml::cure::line::quoted;

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

/// Every suspicion; each is one small function.
const SUSPICIONS: &[fn(&Line) -> Option<Cure>] = &[
    layout::foreign_indentation,
    layout::full_width_colon,
    layout::no_blank_after_colon,
    layout::no_blank_after_dash,
    brackets::full_width_comma_in_brackets,
    brackets::comment_in_brackets,
    brackets::text_after_quote_in_brackets,
    brackets::colon_in_brackets,
    brackets::wrong_bracket,
    brackets::unclosed_bracket,
    brackets::markdown_link,
    brackets::text_after_bracket,
    quotes::backslash_in_double_quotes,
    quotes::comma_after_quote,
    quotes::text_after_quote,
    quotes::unclosed_quote,
    quotes::special_beginning,
    quotes::colon_in_value,
    layout::other_indentation,
    layout::no_colon,
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
            (
                "- {text: 议题: 一, issue: 902}",
                "quote it: `text: \"议题: 一\"`",
            ),
            (
                "- {text: 议题, issue: 902]",
                "close it: `- {text: 议题, issue: 902}`",
            ),
            (
                "- [议题](https://x.org/9)",
                "write: `- {text: \"议题\", url: \"https://x.org/9\"}`",
            ),
            (
                "join: [x](https://x.org/9)",
                "write: `join: \"https://x.org/9\"`",
            ),
            ("title: \"X\",", "delete it: `title: \"X\"`"),
            ("  -讨论", "write `- 讨论`"),
            ("  – 讨论", "write `- 讨论`"),
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
