//! Tables: cells that stand below each other, however wide their letters are. The only file that knows widths.

use unicode_width::UnicodeWidthStr;

/// How a text is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// The most columns of a line; none where lines may have any length, as in a file.
    pub width: Option<usize>,
    /// Which colours are seen.
    pub colors: Colors,
}

/// Which colours are seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colors {
    /// None.
    None,
    /// 256 of them, as any terminal has.
    Few,
    /// All.
    All,
}

/// How a piece of text shall look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// As a heading.
    Strong,
    /// As what is less important.
    Faint,
    /// In a colour: red, green, blue.
    Colored([u8; 3]),
}

impl Look {
    /// Dresses a text, if colours are seen.
    pub(super) fn styled(self, text: &str, style: Style) -> String {
        let code = match (self.colors, style) {
            (Colors::None, _) => return text.to_owned(),
            (_, Style::Strong) => "1".to_owned(),
            (_, Style::Faint) => "2".to_owned(),
            (Colors::All, Style::Colored([r, g, b])) => format!("38;2;{r};{g};{b}"),
            (Colors::Few, Style::Colored(rgb)) => format!("38;5;{}", of_256(rgb)),
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

/// Finds the nearest colour in the cube of 6 × 6 × 6 that begins at 16.
fn of_256(rgb: [u8; 3]) -> u8 {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let step = |value: u8| {
        let steps = (0..6_u8).zip(STEPS);
        steps
            .min_by_key(|(_, step)| step.abs_diff(value))
            .map_or(0, |(index, _)| index)
    };
    let [r, g, b] = rgb.map(step);
    16 + 36 * r + 6 * g + b
}

/// Counts the columns of a text: a Chinese character has two.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// Cuts a text to so many columns, with `…` where something is missing.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    for letter in text.chars() {
        kept.push(letter);
        if width(&kept) + 1 > columns {
            kept.pop();
            break;
        }
    }
    format!("{}…", kept.trim_end())
}

/// Fills a text with blanks to so many columns.
pub(super) fn fill(text: &str, columns: usize) -> String {
    let blanks = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(blanks))
}

/// Puts pieces into lines behind an indentation, as many as fit into each; an arrow stays close to what it points from,
/// and a piece that is too long goes on in the next line.
pub(super) fn wrapped(pieces: &[String], indentation: usize, whole: Option<usize>) -> Vec<String> {
    let room = whole.map_or(usize::MAX, |whole| whole.saturating_sub(indentation).max(1));
    let mut lines: Vec<String> = Vec::new();
    let mut add = |gap: &str, text: &str, may_share: bool| match lines.last_mut() {
        Some(line) if may_share && width(line) + width(gap) + width(text) <= room => {
            line.push_str(gap);
            line.push_str(text);
        }
        _ => lines.push(cut(text, room)),
    };
    for piece in pieces {
        let gap = if piece.starts_with("→ ") { " " } else { "  " };
        if width(piece) <= room {
            add(gap, piece, true);
            continue;
        }
        for (index, word) in piece.split(' ').enumerate() {
            add(" ", word, index > 0);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{cut, fill, of_256, width, wrapped};

    #[test]
    fn cuts_between_characters_at_columns() {
        assert_eq!(cut("社区会议", 8), "社区会议");
        assert_eq!(cut("社区会议", 7), "社区会…");
        assert_eq!(cut("社区会议", 6), "社区…");
        assert_eq!(cut("ab 会议", 5), "ab…");
        assert_eq!(cut("会议", 1), "…");
        for columns in 1..12 {
            assert!(width(&cut("Layotto 社区会议 e\u{301}🎉", columns)) <= columns);
        }
    }

    #[test]
    fn fills_wide_and_narrow_cells_alike() {
        assert_eq!(width(&fill("会议", 6)), 6);
        assert_eq!(fill("abc", 2), "abc");
    }

    #[test]
    fn wraps_between_pieces_and_long_ones_between_words() {
        let pieces = ["会议", "14:00", "→ 15:00", "write this and that"].map(str::to_owned);
        let lines = |columns| wrapped(&pieces, 2, Some(columns));
        assert_eq!(lines(80), ["会议  14:00 → 15:00  write this and that"]);
        assert_eq!(lines(22), ["会议  14:00 → 15:00", "write this and that"]);
        assert_eq!(
            lines(13),
            ["会议  14:00", "→ 15:00", "write this", "and that"]
        );
        assert_eq!(wrapped(&pieces, 2, None).len(), 1);
    }

    #[test]
    fn finds_colours_that_any_terminal_has() {
        assert_eq!(of_256([0x2a, 0x9d, 0x8f]), 36);
        assert_eq!(of_256([255, 255, 255]), 231);
    }
}
