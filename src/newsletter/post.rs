//! Posts: what a file says about itself, and its lines.
//!
//! Flows in: a file. Flows out: its date, its headline and its lines, mended where one is broken inside a time.
//! Deliberately absent: what it announces.

use crate::event::when::{Reference, Tz, read_day, read_instant};
use crate::event::written_time::read_time;
use crate::newsletter::markdown::{Line, lines_of};
use crate::source::{Source, Span};
use crate::yaml::document::{AllowDocument, FrontMatterDocument};
use crate::yaml::field::{Field, Many, Text};
use crate::yaml::parse::parse;
use chrono::NaiveDate;

/// A post of a site.
#[derive(Debug)]
pub(super) struct Post<'s> {
    /// The file.
    pub(super) source: &'s Source,
    /// The day on which it appeared, in the calendar's zone.
    pub(super) date: Option<NaiveDate>,
    /// Its headline.
    pub(super) title: String,
    /// What it says of itself in a sentence.
    pub(super) description: String,
    /// Its tags and categories.
    pub(super) tags: Vec<String>,
    /// The picture at its top.
    pub(super) cover: Option<String>,
    /// Its lines.
    pub(super) lines: Vec<Line>,
    /// The words that it begins with.
    pub(super) opening: String,
    /// The lines that were broken inside a time.
    pub(super) broken: Vec<Span>,
}

/// How many lines of a post say whose it is.
const OPENING: usize = 40;

impl<'s> Post<'s> {
    /// Reads a post; front matter that cannot be read says nothing.
    pub(super) fn read(source: &'s Source, zone: Tz) -> Self {
        let (front_matter, body) = front_matter(&source.text);
        let text = source.text.get(front_matter).unwrap_or_default();
        let front = Source::new("", &source.path, text);
        let front: FrontMatterDocument = parse(&front).unwrap_or_default();
        let mut lines = lines_of(&source.text, body);
        let broken = mend(&mut lines);
        Post {
            source,
            date: said(&front.date).and_then(|date| day(&date, zone)),
            title: said(&front.title).unwrap_or_default(),
            description: said(&front.description).unwrap_or_default(),
            tags: [all(&front.tags), all(&front.categories)].concat(),
            cover: said(&front.cover).filter(|cover| cover.starts_with("http")),
            opening: opening(&lines),
            lines,
            broken,
        }
    }

    /// Names the file below its folder, without its ending: `sofa-weekly-230526`.
    pub(super) fn path_parts(&self) -> impl Iterator<Item = &str> {
        self.source.path.split('/')
    }
}

/// Joins the words of the first lines.
fn opening(lines: &[Line]) -> String {
    let words = lines.iter().take(OPENING).map(|line| line.text.as_str());
    words.collect::<Vec<_>>().join(" ")
}

/// Gives a text that was written, as it was.
pub(super) fn said(field: &Field<Text>) -> Option<String> {
    match field.value()? {
        Text::Said(text) => Some(text.trim().to_owned()),
        Text::Number(number) => Some(number.to_string()),
        Text::Literal(_) => None,
    }
}

/// Gives the texts of a list.
pub(super) fn all(field: &Field<Many<Text>>) -> Vec<String> {
    match field.value() {
        Some(Many::List(entries)) => entries.iter().filter_map(said).collect(),
        Some(Many::Lone(text)) => said(&Field::Value((**text).clone())).into_iter().collect(),
        None => Vec::new(),
    }
}

/// Gives the codes that a list of allowances names.
pub(super) fn codes(field: &Field<Many<AllowDocument>>) -> Vec<String> {
    let named = |allow: &AllowDocument| said(&allow.code);
    match field.value() {
        Some(Many::List(entries)) => entries
            .iter()
            .filter_map(|entry| named(entry.value()?))
            .collect(),
        Some(Many::Lone(one)) => named(one).into_iter().collect(),
        None => Vec::new(),
    }
}

/// Finds the front matter between two lines of `---`, and where the text begins.
fn front_matter(text: &str) -> (Span, usize) {
    let first = text.split_inclusive('\n').next().unwrap_or_default();
    if first.trim_end() != "---" {
        return (0..0, 0);
    }
    let mut at = first.len();
    for line in text[at..].split_inclusive('\n') {
        let end = at + line.len();
        if ["---", "..."].contains(&line.trim_end()) {
            return (first.len()..at, end);
        }
        at = end;
    }
    (0..0, 0)
}

/// Reads the day of a post; one with a clock is on the calendar day of the zone.
fn day(text: &str, zone: Tz) -> Option<NaiveDate> {
    let whole_seconds = match text.split_once('.') {
        // Generators write fractions of a second.
        Some((time, rest)) if time.contains(':') => {
            let offset = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            format!("{time}{offset}")
        }
        _ => text.to_owned(),
    };
    let day = NaiveDate::default();
    let reference = Reference {
        event_zone: None,
        home_zone: zone,
        day: None,
        today: day,
    };
    let has_clock = read_time(&whole_seconds).ok()?.start.clock.is_some();
    match has_clock {
        true => Some(read_instant(&whole_seconds, &reference).ok()?.date_naive()),
        false => read_day(&whole_seconds, &reference).ok(),
    }
}

/// Mends lines that are broken inside a time: `13:00-17:3` above `0地点：…`.
fn mend(lines: &mut [Line]) -> Vec<Span> {
    let mut broken = Vec::new();
    for at in 1..lines.len() {
        let (before, behind) = lines.split_at_mut(at);
        let (Some(line), Some(next)) = (before.last_mut(), behind.first_mut()) else {
            continue;
        };
        let lacks = lacking_digits(&line.text);
        let digits = next.text.bytes().take_while(u8::is_ascii_digit).count();
        if lacks == 0 || digits != lacks || next.text.len() == digits {
            continue;
        }
        let rest = next.text.split_off(digits);
        line.text.push_str(&next.text);
        next.text = rest.trim_start().to_owned();
        for link in &mut next.links {
            link.at = link.at.saturating_sub(digits);
        }
        broken.push(line.span.start..next.span.end);
    }
    broken
}

/// Counts the digits that the clock at the end of a line lacks.
fn lacking_digits(line: &str) -> usize {
    let digits = line.bytes().rev().take_while(u8::is_ascii_digit).count();
    let before = &line[..line.len() - digits];
    let is_clock = before
        .strip_suffix([':', '：'])
        .is_some_and(|hour| hour.ends_with(|c: char| c.is_ascii_digit()));
    match digits {
        0 | 1 if is_clock => 2 - digits,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::Post;
    use crate::event::when::Tz;
    use crate::source::Source;

    fn read(text: &str) -> (Option<String>, String, Vec<String>) {
        let source = Source::new("", "a/index.md", text);
        let post = Post::read(&source, Tz::Asia__Shanghai);
        let lines = post.lines.into_iter().map(|line| line.text).collect();
        (post.date.map(|date| date.to_string()), post.title, lines)
    }

    #[test]
    fn reads_front_matter() {
        let (date, title, lines) = read(
            "---\ntitle: \"灯笼周报\"\ndate: 2024-03-05T18:00:00.000Z\naliases: x\n---\n\n甲\n",
        );
        assert_eq!(date.as_deref(), Some("2024-03-06"));
        assert_eq!((title.as_str(), lines), ("灯笼周报", vec!["甲".to_owned()]));
        assert_eq!(
            read("---\ndate: 2024-03-05\n---\n").0.as_deref(),
            Some("2024-03-05")
        );
        assert_eq!(read("---\ntitle: [\n---\n甲").2, ["甲"]);
        assert_eq!(read("---\n甲").0, None);
    }

    #[test]
    fn mends_a_line_that_is_broken_inside_a_time() {
        let lines = read("时间：3 月 6 日 13:00-17:3\n0地点：桥头\n").2;
        assert_eq!(lines, ["时间：3 月 6 日 13:00-17:30", "地点：桥头"]);
        let whole = read("时间：13:00\n30 人\n").2;
        assert_eq!(whole, ["时间：13:00", "30 人"]);
    }
}
