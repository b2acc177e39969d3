//! Suspicions about the layout: indentation, colons, dashes.

use crate::diagnostic::{FULL_WIDTH_COLON, with_ascii_colon};
use crate::yaml::cure::Cure;
use crate::yaml::cure::line::{Line, indent, is_key, key_column, quoted, value_of};

pub(super) fn foreign_indentation(line: &Line) -> Option<Cure> {
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

pub(super) fn full_width_colon(line: &Line) -> Option<Cure> {
    let key = line.text.trim_start().trim_start_matches("- ");
    let (name, value) = key.split_once('：')?;
    let (name, value) = (name.trim_end(), value.trim());
    if name.is_empty() || name.contains([':', ' ', '"', '\'', '#']) {
        return None;
    }
    let replacement = match value {
        "" => format!("{name}:"),
        "|" | ">" | "|-" | ">-" => format!("{name}: {value}"),
        _ => format!("{name}: {}", quoted(value)),
    };
    let start = line.text.len() - key.len();
    let hint = with_ascii_colon(name, value);
    Some(line.cure(start..line.text.len(), replacement, FULL_WIDTH_COLON, hint))
}

pub(super) fn no_blank_after_colon(line: &Line) -> Option<Cure> {
    let key = line.text.trim_start().trim_start_matches("- ");
    let (name, value) = key.split_once(':')?;
    if !is_key(name) || value.is_empty() || value.starts_with([' ', '/']) {
        return None;
    }
    let message = match value.starts_with(char::is_whitespace) {
        true => "the space after the colon is not the ASCII space",
        false => "no blank stands after the colon",
    };
    let start = line.text.len() - key.len();
    let cure = format!("{name}: {}", value.trim());
    let hint = format!("write `{cure}`");
    Some(line.cure(start..line.text.len(), cure, message, hint))
}

pub(super) fn other_indentation(line: &Line) -> Option<Cure> {
    let own = indent(line.text);
    let above = key_column(line.above);
    let is_keyed = value_of(line.text).is_some() || line.text.trim_end().ends_with(':');
    if !is_keyed || own == above || line.text.trim().is_empty() || line.above.is_empty() {
        return None;
    }
    let message = "the key is not in one column with the key above it";
    let hint = format!("begin it in column {}, like the key above", above + 1);
    Some(line.cure(0..own, " ".repeat(above), message, hint))
}

/// Finds `-讨论`, and dashes that are not the ASCII `-`.
pub(super) fn no_blank_after_dash(line: &Line) -> Option<Cure> {
    let entry = line.text.trim_start();
    let dash = entry
        .chars()
        .next()
        .filter(|c| matches!(c, '-' | '–' | '—' | '－'))?;
    let text = &entry[dash.len_utf8()..];
    if entry.starts_with("--") || text.trim().is_empty() || (dash == '-' && text.starts_with(' ')) {
        return None;
    }
    let message = match dash {
        '-' => "no blank stands after the `-` of this entry",
        _ => "the dash before this entry is not the ASCII `-`",
    };
    let start = line.text.len() - entry.len();
    let cure = format!("- {}", text.trim());
    let hint = format!("write `{cure}`");
    Some(line.cure(start..line.text.len(), cure, message, hint))
}

/// Finds a line that is neither a key nor an entry; that it is to blame shows when it is left out.
pub(super) fn no_colon(line: &Line) -> Option<Cure> {
    let text = line.text.trim();
    if text.is_empty() || text.contains(':') || text.starts_with(['-', '#']) {
        return None;
    }
    let start = indent(line.text);
    let message = "this line has no `:`, so it is neither a key nor part of the value above it";
    let hint = "write `key: value`; if it goes on with the text above, indent it below that key"
        .to_owned();
    Some(line.cure(start..start + text.len(), String::new(), message, hint))
}
