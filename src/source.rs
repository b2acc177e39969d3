//! Source files: the path and the text of what an author wrote, and places in it.
//!
//! Flows in: what `io::read` found. Flows out: spans, and the lines and columns people see.
//! Deliberately absent: reading the disk, and any knowledge of YAML.

use std::ops::Range;
use std::sync::Arc;

/// A range of bytes in a source's text.
pub type Span = Range<usize>;

/// A file below the events folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The path as reached from the working directory, with `/`: what diagnostics show.
    pub path: Arc<str>,
    /// The path below the events folder, with `/`: what project and id are derived from.
    pub relative: Arc<str>,
    /// The text, without a byte order mark.
    pub text: Arc<str>,
}

impl Source {
    /// Makes a source of a path below `root` and its text; a leading byte order mark is dropped.
    pub fn new(root: &str, relative: &str, text: impl AsRef<str>) -> Self {
        let text = text.as_ref();
        Source {
            path: below(root, relative).into(),
            relative: relative.into(),
            text: text.strip_prefix('\u{feff}').unwrap_or(text).into(),
        }
    }
}

/// Joins the events folder and a path below it as people reach it: `./events/` is `events`.
pub fn below(root: &str, relative: &str) -> String {
    let root = root.trim_start_matches("./").trim_end_matches('/');
    match root {
        "" | "." => relative.to_owned(),
        _ => format!("{root}/{relative}"),
    }
}

/// A line and a column as editors count them: from 1, the column in Unicode characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// Finds the line and the column of a byte offset; an offset past the end is the end.
pub fn line_column(text: &str, offset: usize) -> LineColumn {
    let offset = floor_char_boundary(text, offset);
    let before = &text[..offset];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    LineColumn {
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
    }
}

/// Finds the byte offset of a line and a column, both from 1; past a line's end is that end.
pub fn offset_of(text: &str, place: LineColumn) -> usize {
    let line_start = text
        .split_inclusive('\n')
        .take(place.line.saturating_sub(1))
        .map(str::len)
        .sum::<usize>();
    let line = text[line_start..].split(['\n', '\r']).next().unwrap_or("");
    let column = line
        .char_indices()
        .nth(place.column.saturating_sub(1))
        .map_or(line.len(), |(index, _)| index);
    line_start + column
}

fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::{LineColumn, Source, line_column, offset_of};

    #[test]
    fn counts_columns_in_characters() {
        let text = "a: 1\n标题: 会议\n";
        let offset = text.find("会").expect("it is there");
        let place = line_column(text, offset);
        assert_eq!(place, LineColumn { line: 2, column: 5 });
        assert_eq!(offset_of(text, place), offset);
    }

    #[test]
    fn an_offset_past_the_end_is_the_end() {
        assert_eq!(line_column("ab", 99), LineColumn { line: 1, column: 3 });
        assert_eq!(offset_of("ab\ncd", LineColumn { line: 1, column: 9 }), 2);
        assert_eq!(offset_of("ab\ncd", LineColumn { line: 7, column: 1 }), 5);
    }

    #[test]
    fn drops_a_byte_order_mark_and_joins_the_path() {
        let source = Source::new("my/events/", "layotto/a.yaml", "\u{feff}title: x");
        assert_eq!(&*source.text, "title: x");
        assert_eq!(&*source.path, "my/events/layotto/a.yaml");
        assert_eq!(&*Source::new(".", "a.yaml", "").path, "a.yaml");
        assert_eq!(
            &*Source::new("./events/", "a.yaml", "").path,
            "events/a.yaml"
        );
    }
}
