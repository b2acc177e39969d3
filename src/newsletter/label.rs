//! Labels: `主题：…`, `「桥头」：…`, a heading `## 嘉宾`: what a line announces, and its value.
//!
//! Flows in: a line. Flows out: its labels with the parts of the line that belong to each. Deliberately absent:
//! what follows on further lines.

use crate::newsletter::markdown::{Line, Role, WrittenLink};
use crate::newsletter::plain::{bare, half_width};
use crate::newsletter::vocabulary::{Label, Vocabulary};
use crate::source::Span;

/// A label with its value on the same line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Labelled {
    /// What it says.
    pub(super) label: Label,
    /// The bytes of the value in the line's words.
    pub(super) value: Span,
}

/// The longest label, in bytes of a line before its colon.
const LONGEST: usize = 90;

/// The longest line that may hold several labels, in bytes.
const LONGEST_LINE: usize = 2000;

/// Reads the labels of a line; what stands before the first is no part of any.
pub(super) fn labels_of(line: &Line, vocabulary: &Vocabulary) -> Vec<Labelled> {
    let first = at_line_start(line, vocabulary).or_else(|| without_colon(line, vocabulary));
    let Some((label, start)) = first else {
        return Vec::new();
    };
    let mut labels = vec![Labelled {
        label,
        value: start..line.text.len(),
    }];
    for (label, begin, start) in further_labels(&line.text, start, vocabulary) {
        if let Some(last) = labels.last_mut() {
            last.value.end = begin;
        }
        labels.push(Labelled {
            label,
            value: start..line.text.len(),
        });
    }
    labels
}

/// Splits a line at its first colon that belongs to no address: the bytes of both sides.
pub(super) fn split_at_colon(text: &str) -> Option<(&str, usize)> {
    let (at, colon) = text.char_indices().find(|(_, c)| half_width(*c) == ':')?;
    let start = at + colon.len_utf8();
    (at <= LONGEST && !text[start..].starts_with("//")).then(|| (&text[..at], start))
}

fn at_line_start(line: &Line, vocabulary: &Vocabulary) -> Option<(Label, usize)> {
    // A table may have a label and its value in each row.
    if let [label, value] = &line.cells[..] {
        let known = vocabulary.label(&bare(label)).filter(|_| !value.is_empty());
        let is_head = vocabulary.label(&bare(value)).is_some();
        return Some((known.filter(|_| !is_head)?, line.text.len() - value.len()));
    }
    if let Some((label, start)) = split_at_colon(&line.text) {
        return Some((vocabulary.label_before_colon(&bare(label))?, start));
    }
    // A heading, or a link that says all by its words.
    let is_link = matches!(&line.links[..], [link] if link.text.trim() == line.text);
    let is_heading = matches!(line.role, Role::Heading(_)) || line.is_bold;
    let known = |words: &str| vocabulary.label(&bare(words));
    match (is_link, is_heading) {
        (true, _) if !line.text.contains("//") => Some((known(&line.text)?, 0)),
        (_, true) if line.text.len() <= LONGEST => Some((known(&line.text)?, line.text.len())),
        _ => None,
    }
}

/// Reads `活动时间 2024年3月6日`: a label and a blank, before a date.
fn without_colon(line: &Line, vocabulary: &Vocabulary) -> Option<(Label, usize)> {
    let (words, value) = line.text.split_once(' ')?;
    let label = vocabulary
        .label(&bare(words))
        .filter(|label| *label == Label::Time)?;
    let is_value = value
        .trim_start()
        .starts_with(|c: char| half_width(c).is_ascii_digit());
    (is_value && words.len() <= LONGEST).then(|| (label, words.len() + 1))
}

/// Finds labels that begin behind a blank in the middle of a line, with where they and their values begin.
fn further_labels(
    text: &str,
    from: usize,
    vocabulary: &Vocabulary,
) -> impl Iterator<Item = (Label, usize, usize)> {
    // Lines of announcements are short; those of hostile files are not.
    let rest = if text.len() <= LONGEST_LINE {
        &text[from..]
    } else {
        ""
    };
    let colons = rest.char_indices().filter(|(_, c)| half_width(*c) == ':');
    colons.filter_map(move |(at, colon)| {
        let before = &text[from..from + at];
        let begin = before
            .rfind([' ', '；', ';', '|', '｜'])
            .map(|at| from + at)?;
        let words = &text[begin..from + at];
        let known =
            (words.len() <= LONGEST).then(|| vocabulary.label_before_colon(&bare(words)))??;
        Some((known, begin, from + at + colon.len_utf8()))
    })
}

/// Gives the links of a line that begin within a part of it.
pub(super) fn links_in<'l>(line: &'l Line, part: &Span) -> impl Iterator<Item = &'l WrittenLink> {
    let part = part.clone();
    line.links
        .iter()
        .filter(move |link| part.contains(&link.at) || link.at == part.start)
}

#[cfg(test)]
mod tests {
    use super::labels_of;
    use crate::newsletter::markdown::lines_of;
    use crate::newsletter::vocabulary::{Label, Vocabulary};

    fn labels(text: &str) -> Vec<(Label, String)> {
        let vocabulary = Vocabulary::read(None, &mut Vec::new());
        let lines = lines_of(text, 0);
        let line = lines.first().expect("a line");
        let labels = labels_of(line, &vocabulary).into_iter();
        labels
            .map(|labelled| (labelled.label, line.text[labelled.value].trim().to_owned()))
            .collect()
    }

    #[test]
    fn reads_labels_in_all_their_markup() {
        for text in [
            "**主题**：灯笼夜话",
            "**主题：**灯笼夜话",
            "- **主题：灯笼夜话**",
            "【活动主题】: 灯笼夜话",
            "🏮 分享主题（暂定）： 灯笼夜话",
        ] {
            assert_eq!(
                labels(text),
                [(Label::Title, "灯笼夜话".to_owned())],
                "{text}"
            );
        }
    }

    #[test]
    fn reads_headings_and_links_that_are_labels() {
        assert_eq!(
            labels("### | 点击即可报名"),
            [(Label::Register, String::new())]
        );
        let link = [(Label::Replay, "直播视频回顾".to_owned())];
        assert_eq!(labels("- [直播视频回顾](https://a.example)"), link);
    }

    #[test]
    fn reads_several_labels_on_one_line() {
        let both = [
            (Label::Time, "3 月 6 日 19:00".to_owned()),
            (Label::Place, "桥头".to_owned()),
        ];
        assert_eq!(labels("时间：3 月 6 日 19:00 地点：桥头"), both);
    }

    #[test]
    fn reads_rows_of_a_label_and_its_value() {
        let table = "| 主题 | 灯笼夜话 |\n| --- | --- |\n| 时间 | 3 月 6 日 |\n";
        assert_eq!(labels(table), [(Label::Title, "灯笼夜话".to_owned())]);
        assert_eq!(labels("| 时间 | 主题 |\n| --- | --- |\n"), []);
    }

    #[test]
    fn other_colons_are_no_labels() {
        for text in [
            "报名时间：3 月 6 日",
            "https://a.example/时间：x",
            "灯笼夜话#3：时间",
            "时间不早了",
        ] {
            assert_eq!(labels(text), [], "{text}");
        }
    }
}
