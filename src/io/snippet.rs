//! Snippets: diagnostics drawn for people, the only file that knows the renderer.
//!
//! Flows in: diagnostics, and the texts of the files that they point into. Flows out: text, coloured or plain.
//! Deliberately absent: printing, and spans over several lines (the caret marks the first).

use super::terminal::wants_color;
use crate::diagnostic::{At, Diagnostic, Place, Severity};
use crate::source::{LineColumn, Span, line_column};
use annotate_snippets::renderer::{
    DEFAULT_ADDITION_STYLE, DEFAULT_LINE_NUM_STYLE, DEFAULT_WARNING_STYLE, Effects, Style,
};
use annotate_snippets::{
    AnnotationKind, Element, Level, Origin, Renderer, Snippet, normalize_untrusted_str,
};
use std::io;
use std::iter;

/// The widest line of a snippet; what is longer is cut around the caret.
const WIDTH: usize = 120;

/// The most characters that a caret underlines.
const LONGEST_CARET: usize = 60;

/// Whether people see colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Color {
    /// Plain text.
    Never,
    /// ANSI colours.
    Always,
}

impl Color {
    /// Chooses by `NO_COLOR`, `TERM` and whether stderr is a terminal.
    pub fn of_stderr() -> Self {
        match wants_color(&io::stderr()) {
            true => Color::Always,
            false => Color::Never,
        }
    }
}

/// How much a part of a line asks to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// Someone may look for it.
    Faint,
    /// It is good news.
    Good,
    /// Someone should do something.
    Warning,
}

impl Tone {
    /// Colours a part of a line.
    pub(super) fn paint(self, text: &str, color: Color) -> String {
        let style = match (color, self) {
            (Color::Never, _) => Style::new(),
            (Color::Always, Tone::Faint) => Style::new().effects(Effects::DIMMED),
            (Color::Always, Tone::Good) => DEFAULT_ADDITION_STYLE,
            (Color::Always, Tone::Warning) => DEFAULT_WARNING_STYLE,
        };
        format!("{style}{text}{style:#}")
    }
}

/// Finds the text of a file by the path that diagnostics show.
pub type TextOf<'f, 'a> = &'f dyn Fn(&str) -> Option<&'a str>;

/// Draws diagnostics for people: code, place, snippet with a caret, hint.
pub fn render_human(diagnostics: &[Diagnostic], text_of: TextOf<'_, '_>, color: Color) -> String {
    let renderer = match color {
        Color::Never => Renderer::plain(),
        Color::Always => Renderer::styled(),
    };
    let renderer = renderer.term_width(WIDTH);
    let drawn = diagnostics
        .iter()
        .map(|diagnostic| draw(diagnostic, text_of, &renderer, color));
    drawn.collect::<Vec<_>>().join("\n")
}

fn draw(
    diagnostic: &Diagnostic,
    text_of: TextOf<'_, '_>,
    renderer: &Renderer,
    color: Color,
) -> String {
    let complaint = &diagnostic.complaint;
    let level = match diagnostic.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Advice => Level::NOTE.with_name("advice"),
    };
    let mut elements: Vec<Element<'_>> = Vec::new();
    let mut last_line = None;
    let mut notes = Vec::new();
    for (place, label, kind) in places(diagnostic) {
        let path = visible(&place.file);
        let label = label.map(visible);
        if let Some(line) = line_of(place, text_of) {
            last_line = last_line.max(Some(line.number));
            elements.push(
                Snippet::source(line.text)
                    .line_start(line.number)
                    .path(path)
                    .annotation(kind.span(line.marked).label(label))
                    .into(),
            );
        } else if elements.is_empty() {
            elements.push(Origin::path(path).into());
            notes.extend(label.map(|label| (" = note: ", label)));
        } else {
            let label = label.unwrap_or_default();
            notes.push((" = note: ", format!("{path}: {label}")));
        }
    }
    if last_line.is_none() {
        // Without a line number the renderer would leave no room before the arrow.
        elements.clear();
        notes.insert(0, ("--> ", visible(&diagnostic.place.file)));
    }
    notes.extend(complaint.hint.clone().map(|hint| (" = hint: ", hint)));
    let title = level.primary_title(visible(&complaint.message));
    let title = title.id(complaint.code.as_str());
    let mut drawn = renderer.render(&[title.elements(elements)]);
    let gutter = last_line.map_or(1, |line| line.to_string().len());
    // The renderer would put an empty line before each note.
    for (sign, text) in notes {
        drawn.push_str(&note(sign, &text, gutter, color));
    }
    drawn.push('\n');
    drawn
}

fn places(diagnostic: &Diagnostic) -> impl Iterator<Item = (&Place, Option<&str>, AnnotationKind)> {
    let label = diagnostic.complaint.label.as_deref();
    let primary = (&diagnostic.place, label, AnnotationKind::Primary);
    let related = diagnostic.related.iter();
    iter::once(primary)
        .chain(related.map(|(place, label)| (place, Some(label.as_str()), AnnotationKind::Context)))
}

fn note(sign: &str, text: &str, gutter: usize, color: Color) -> String {
    let style = match color {
        Color::Never => Style::new(),
        Color::Always => DEFAULT_LINE_NUM_STYLE,
    };
    let lines: Vec<String> = text.lines().map(visible).collect();
    let text = lines.join(&format!("\n{:1$}", "", gutter + sign.len()));
    format!("\n{:gutter$}{style}{sign}{style:#}{text}", "")
}

/// A line of a file, and the bytes of it that a caret marks.
struct MarkedLine {
    number: usize,
    text: String,
    marked: Span,
}

/// Finds the line in which a place begins; a longer span is cut to it.
fn line_of(place: &Place, text_of: TextOf<'_, '_>) -> Option<MarkedLine> {
    let (start, end) = start_and_end(place, text_of)?;
    let text = text_of(&place.file)?.lines().nth(start.line - 1);
    let text = text.unwrap_or_default();
    let length = if start.line == end.line {
        LONGEST_CARET.min(end.column - start.column)
    } else {
        LONGEST_CARET
    };
    let offset = |column: usize| {
        let letter = text.char_indices().nth(column - 1);
        letter.map_or(text.len(), |(offset, _)| offset)
    };
    Some(MarkedLine {
        number: start.line,
        marked: offset(start.column)..offset(start.column + length),
        text: without_terminal_controls(text),
    })
}

/// Finds where a place begins and the first character after it; a file as a whole has neither.
pub(super) fn start_and_end(
    place: &Place,
    text_of: TextOf<'_, '_>,
) -> Option<(LineColumn, LineColumn)> {
    let At::Span(span) = &place.at else {
        return None;
    };
    let text = text_of(&place.file)?;
    let end = span.end.max(span.start);
    Some((line_column(text, span.start), line_column(text, end)))
}

/// Shows a text in one line, each control character as a picture of itself.
pub(super) fn visible(text: &str) -> String {
    normalize_untrusted_str(&without_terminal_controls(text)).replace('\n', "␊")
}

/// Replaces what the renderer lets pass though terminals obey it; every byte keeps its offset.
fn without_terminal_controls(text: &str) -> String {
    let safe = |letter| match letter {
        '\u{80}'..='\u{9f}' => '\u{b7}',
        '\u{2028}' | '\u{2029}' => '\u{fffd}',
        _ => letter,
    };
    text.chars().map(safe).collect()
}

#[cfg(test)]
mod tests {
    use super::{Color, render_human};
    use crate::diagnostic::{Code, Complaint, Diagnostic, Place};
    use crate::source::Span;

    const FILE: &str = "events/layotto/a.yaml";

    fn human(text: &str, diagnostic: Diagnostic) -> String {
        let text_of = |path: &str| (path == FILE).then_some(text);
        render_human(&[diagnostic], &text_of, Color::Never)
    }

    /// Draws a place alone: `--> path:line:col`, then the source line and its caret.
    fn place(text: &str, span: Span) -> String {
        let diagnostic = Complaint::new(Code::BadUrl, "x").at(Place::span(FILE, span));
        let drawn = human(text, diagnostic);
        let lines: Vec<&str> = drawn
            .lines()
            .skip(1)
            .filter(|line| *line != "  |")
            .collect();
        lines.join("\n").replace(FILE, "a")
    }

    fn word(text: &str, word: &str) -> String {
        let start = text.find(word).unwrap();
        place(text, start..start + word.len())
    }

    #[test]
    fn a_diagnostic_reads_as_the_design_says() {
        let text =
            "kind: meeting\ntitle: 社区会议\nstart: 2023-05-31 14:00\nend: 2023-05-31 13:00\n";
        let start = text.find("2023-05-31 13").unwrap();
        let diagnostic = Complaint::new(Code::EndBeforeStart, "`end` is not after `start`")
            .label("start is 2023-05-31 14:00")
            .hint("times are Asia/Shanghai unless the file says `timezone:`")
            .at(Place::span(FILE, start..start + 16));
        let expected = "\
error[end-before-start]: `end` is not after `start`
 --> events/layotto/a.yaml:4:6
  |
4 | end: 2023-05-31 13:00
  |      ^^^^^^^^^^^^^^^^ start is 2023-05-31 14:00
  = hint: times are Asia/Shanghai unless the file says `timezone:`
";
        assert_eq!(human(text, diagnostic), expected);
    }

    #[test]
    fn other_places_follow_and_a_whole_file_has_no_snippet() {
        let text = &format!("{}title: a\nnull: b\n", "\n".repeat(9));
        let diagnostic = Complaint::new(Code::DuplicateUid, "two events have the UID `a`")
            .hint("give one\nof them an `id`")
            .at(Place::span(FILE, 18..20))
            .also(Place::span(FILE, 9..14), "the first")
            .also(Place::file("b.yaml"), "the second");
        let expected = "\
error[duplicate-uid]: two events have the UID `a`
  --> events/layotto/a.yaml:11:1
   |
11 | null: b
   | ^^
   |
  ::: events/layotto/a.yaml:10:1
   |
10 | title: a
   | ----- the first
   = note: b.yaml: the second
   = hint: give one
           of them an `id`
";
        assert_eq!(human(text, diagnostic), expected);
        let whole =
            Complaint::new(Code::NoCalendar, "there is no `calendar.yaml`").hint("write one");
        let whole = whole.at(Place::file("events"));
        let drawn = human(text, whole.clone());
        let expected = "\
error[no-calendar]: there is no `calendar.yaml`
 --> events
  = hint: write one
";
        assert_eq!(drawn, expected);
        let text_of = |_: &str| None;
        let both = render_human(&[whole.clone(), whole], &text_of, Color::Never);
        assert_eq!(both, format!("{expected}\n{expected}"));
    }

    #[test]
    fn carets_stand_under_wide_combined_and_tabbed_characters() {
        let text = "标题：社区会议\n\tt: 👩‍👩 e\u{301}x b\r\nz";
        assert_eq!(
            word(text, "会议"),
            " --> a:1:6\n1 | 标题：社区会议\n  |           ^^^^"
        );
        assert_eq!(
            word(text, "x"),
            " --> a:2:11\n2 |     t: 👩👩 e\u{301}x b\n  |              ^"
        );
        assert_eq!(
            word(text, "b\r\nz"),
            " --> a:2:13\n2 |     t: 👩👩 e\u{301}x b\n  |                ^"
        );
    }

    #[test]
    fn any_span_has_a_caret() {
        assert_eq!(place("a: 1\n", 5..5), " --> a:2:1\n2 |\n  | ^");
        assert_eq!(place("a: 1\n", 99..999), " --> a:2:1\n2 |\n  | ^");
        assert_eq!(place("a: 1\r\n", 4..4), " --> a:1:5\n1 | a: 1\n  |     ^");
        assert_eq!(place("", 0..0), " --> a:1:1\n1 |\n  | ^");
        assert_eq!(place("会议", 4..5), " --> a:1:2\n1 | 会议\n  |   ^");
    }

    #[test]
    fn terminals_see_no_control_characters() {
        let text = "a\u{1b}[31m\u{9b}\u{202e}\u{2028}z\r!";
        assert_eq!(
            word(text, "z"),
            " --> a:1:10\n1 | a␛[31m·��z␍!\n  |          ^"
        );
        let hostile = "a\u{1b}\u{9b}\n\r";
        let diagnostic = Complaint::new(Code::BadUrl, hostile)
            .label(hostile)
            .hint(hostile);
        let diagnostic = diagnostic.at(Place::span(FILE, 0..1));
        let diagnostic = diagnostic.also(Place::file(hostile), hostile);
        let drawn = human("text", diagnostic);
        assert!(
            !drawn.contains(|letter: char| letter.is_control() && letter != '\n'),
            "{drawn}"
        );
    }

    #[test]
    fn a_long_line_is_cut_around_the_caret() {
        let around = "会议 abc ".repeat(100);
        let text = format!("title: {around}中{around}");
        let drawn = word(&text, "中");
        let lines: Vec<&str> = drawn.lines().collect();
        assert_eq!(lines[0], " --> a:1:708");
        assert!(
            lines[1].starts_with("1 | ...") && lines[1].ends_with("..."),
            "{drawn}"
        );
        assert!(
            lines[1].chars().count() < 120 && lines[2].ends_with("  ^^"),
            "{drawn}"
        );
        let drawn = place(&text, 7..text.len());
        assert!(
            drawn.lines().all(|line| line.chars().count() < 120),
            "{drawn}"
        );
    }

    #[test]
    fn colours_are_for_those_who_want_them() {
        let diagnostic = Complaint::new(Code::Vanished, "x")
            .hint("y")
            .at(Place::span(FILE, 0..1));
        let coloured = render_human(&[diagnostic], &|_| Some("a"), Color::Always);
        assert!(coloured.starts_with('\u{1b}'), "{coloured:?}");
        assert!(coloured.contains("\u{1b}[0my\n"), "{coloured:?}");
    }
}
