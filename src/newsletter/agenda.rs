//! Agendas: the points behind 议题 and its like, nested as they are written.
//!
//! Flows in: lines of lists, bare lines, headings with a time of day. Flows out: points with issue, time and speaker.

use crate::newsletter::fields::{WrittenField, is_slot};
use crate::newsletter::markdown::{Line, Role};
use crate::newsletter::plain::{bare, trimmed, unquoted};
use crate::newsletter::project::episode_in;
use crate::newsletter::vocabulary::{Label, Sense, Vocabulary};

/// A point of an agenda.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Point {
    /// What it is about.
    pub text: String,
    /// The number of its issue.
    pub issue: Option<String>,
    /// When it is.
    pub time: Option<String>,
    /// Who speaks.
    pub speaker: Option<String>,
    /// The points below it.
    pub points: Vec<Point>,
}

/// Reads the points behind a label.
pub(super) fn points_of(field: &WrittenField<'_>, vocabulary: &Vocabulary) -> Vec<Point> {
    let mut flat: Vec<(usize, Point)> = Vec::new();
    let mut has_list = false;
    for (text, role) in field.paragraph() {
        let depth = match role {
            Role::Item(depth) => depth,
            _ => 0,
        };
        // Below a list stands something else; among bare lines a word of welcome ends them.
        let is_end = depth == 0 && (has_list || vocabulary.begins_with(Sense::Closings, text));
        if is_end || matches!(role, Role::Heading(_) | Role::Row) {
            break;
        }
        has_list |= depth > 0;
        let point = point(text);
        if !point.text.is_empty() && flat.len() < MOST {
            flat.push((depth, point));
        }
    }
    nested(flat)
}

/// The most points that are kept: an event file has as many at most.
const MOST: usize = 200;

/// Reads the points whose headings or lines begin with a time of day.
pub(super) fn slots_of(lines: &[Line]) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    for (at, line) in lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.role != Role::Row && is_slot(&line.text))
    {
        let end = line
            .text
            .find(|c: char| !"0123456789:：-–—~～ ".contains(c));
        let (time, text) = line.text.split_at(end.unwrap_or(line.text.len()));
        let text = trimmed(text.trim_start_matches(['，', ',', '|', '、']));
        let text = unquoted(text).to_owned();
        let next = lines
            .get(at + 1)
            .filter(|next| matches!(next.role, Role::Text));
        let speaker = next.filter(|_| matches!(line.role, Role::Heading(_)));
        let is_range = time.contains(['-', '–', '—', '~', '～']);
        if !text.is_empty() && is_range && points.len() < MOST {
            points.push(Point {
                text,
                time: Some(time.trim().replace('：', ":")),
                speaker: speaker.map(|line| trimmed(&line.text).to_owned()),
                ..Point::default()
            });
        }
    }
    points
}

/// Finds the number of another episode that stands at the head of a programme: it is left over from that one.
pub(super) fn leftover_of(lines: &[Line], episode: Option<u32>) -> Option<u32> {
    let head = lines.iter().find(|line| line.role == Role::Row)?;
    let number = episode_in(&head.text)?;
    episode.filter(|episode| *episode != number).map(|_| number)
}

/// Reads the rows of a programme: a column of times, one of subjects and perhaps one of people.
pub(super) fn rows_of(lines: &[Line], vocabulary: &Vocabulary) -> Vec<Point> {
    let rows: Vec<&Line> = lines.iter().filter(|line| line.role == Role::Row).collect();
    let timed = |row: &&Line| row.cells.first().is_some_and(|cell| is_slot(cell));
    let Some(head) = rows.first().filter(|head| !timed(head)) else {
        return Vec::new();
    };
    let people = head
        .cells
        .iter()
        .position(|cell| vocabulary.label(&bare(cell)) == Some(Label::Speakers));
    let point = |row: &Line| {
        let cell = |at: usize| {
            row.cells
                .get(at)
                .map(|cell| trimmed(cell))
                .filter(|cell| !cell.is_empty())
        };
        Some(Point {
            text: unquoted(cell(1)?).to_owned(),
            time: Some(cell(0)?.replace('：', ":")),
            speaker: people.and_then(cell).map(str::to_owned),
            ..Point::default()
        })
    };
    rows.into_iter()
        .filter(timed)
        .filter_map(point)
        .take(MOST)
        .collect()
}

/// Finds when a programme ends: behind the dash of its last point.
pub(super) fn end_of(points: &[Point]) -> Option<String> {
    let time = points.last()?.time.as_ref()?;
    let (_, end) = time.split_once(['-', '–', '—', '~', '～'])?;
    Some(end.trim_start_matches(['-', '–', '—']).trim().to_owned())
}

/// Reads `为组件写文档 #12；`.
fn point(text: &str) -> Point {
    let text = unquoted(trimmed(text));
    let issue = text.rsplit_once('#').filter(|(_, number)| {
        (1..=6).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    match issue {
        // Several numbers belong to the words.
        Some((words, number)) if !words.trim().is_empty() && !words.contains('#') => Point {
            text: trimmed(words.trim_end_matches(['（', '('])).to_owned(),
            issue: Some(number.to_owned()),
            ..Point::default()
        },
        _ => Point {
            text: text.to_owned(),
            ..Point::default()
        },
    }
}

/// The deepest points; what is deeper stands beside them.
const DEEPEST: usize = 6;

/// Puts each point below the last one that is less deep.
fn nested(flat: Vec<(usize, Point)>) -> Vec<Point> {
    let mut points = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (depth, point) in flat {
        while open.last().is_some_and(|above| *above >= depth) {
            open.pop();
        }
        put(&mut points, open.len().min(DEEPEST), point);
        open.push(depth);
    }
    points
}

/// Puts a point below the last one, so many levels deep.
fn put(list: &mut Vec<Point>, below: usize, point: Point) {
    match list.last_mut().filter(|_| below > 0) {
        Some(last) => put(&mut last.points, below - 1, point),
        None => list.push(point),
    }
}

#[cfg(test)]
mod tests {
    use super::{Point, nested, point};

    #[test]
    fn reads_points() {
        let read = point("竹篾怎么劈 #12；");
        assert_eq!(
            (read.text.as_str(), read.issue.as_deref()),
            ("竹篾怎么劈", Some("12"))
        );
        assert_eq!(point("竹篾 #12 #13").text, "竹篾 #12 #13");
        assert_eq!(point("#12").text, "#12");
    }

    #[test]
    fn nests_as_written() {
        let at = |depth: usize, text: &str| {
            let text = text.to_owned();
            (
                depth,
                Point {
                    text,
                    ..Point::default()
                },
            )
        };
        fn shown(points: &[Point]) -> String {
            let shown = points
                .iter()
                .map(|point| format!("{}[{}]", point.text, shown(&point.points)));
            shown.collect()
        }
        let flat = vec![at(1, "a"), at(2, "b"), at(3, "c"), at(2, "d"), at(1, "e")];
        assert_eq!(shown(&nested(flat)), "a[b[c[]]d[]]e[]");
        assert_eq!(shown(&nested(vec![at(3, "a"), at(1, "b")])), "a[]b[]");
    }
}
