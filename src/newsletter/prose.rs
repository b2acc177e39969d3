//! Prose: sentences that announce an event without labels, and series that are told in one sentence.
//!
//! Flows in: a block without a labelled time. Flows out: what its sentences say takes place. A sentence must be about
//! something that people attend, and no deadline. A day alone counts only where something is expected.

use crate::event::written_time::{WrittenTime, find_times_with, find_weekdays};
use crate::newsletter::markdown::{Line, Role};
use crate::newsletter::people::{Speaker, people};
use crate::newsletter::plain::{bare, trimmed};
use crate::newsletter::reading::{Draft, Reader};
use crate::newsletter::title::{own_title, quoted_behind_project, title_of};
use crate::newsletter::told_time::{Told, place, settled};
use crate::newsletter::vocabulary::{Heading, Label, Sense};
use chrono::{Datelike, NaiveDate};

/// An event that a sentence announces.
#[derive(Debug, Clone)]
pub(super) struct Sentence<'p> {
    /// The line that says it.
    pub(super) line: &'p Line,
    /// When it takes place.
    pub(super) when: Told,
    /// What it is called.
    pub(super) title: String,
    /// What the series is called that it belongs to.
    pub(super) series: Option<String>,
    /// Who speaks.
    pub(super) speakers: Vec<Speaker>,
    /// Whether its year was missing.
    pub(super) lacked_year: bool,
}

/// The most events of one series, in days.
const MOST: usize = 60;

/// Reads the sentences of a block.
pub(super) fn sentences_of<'p>(draft: &Draft<'_, 'p>, reader: &Reader<'_>) -> Vec<Sentence<'p>> {
    for line in draft.block.lines.iter().filter(|line| may_announce(line)) {
        let series = series_of(line, draft, reader);
        if !series.is_empty() {
            return with_programme(series, draft, reader);
        }
    }
    let lines = draft.block.lines.iter().filter(|line| may_announce(line));
    lines
        .filter_map(|line| single(line, draft, reader))
        .take(1)
        .collect()
}

/// Tells whether a line may announce something: it is no heading, no entry of a list and no link.
fn may_announce(line: &Line) -> bool {
    let is_text = line.role == Role::Text;
    let is_link = matches!(&line.links[..], [link] if link.text.trim() == line.text);
    is_text
        && !is_link
        && line.text.len() <= LONGEST
        && line
            .text
            .contains(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c))
}

/// The longest paragraph that announces something, in bytes.
const LONGEST: usize = 3000;

/// Reads `从 5 月 6 日开始到 5 月 14 日，每周三、周四晚上 19:00-20:00`.
fn series_of<'p>(line: &'p Line, draft: &Draft<'_, 'p>, reader: &Reader<'_>) -> Vec<Sentence<'p>> {
    let Some((before, behind)) = line.text.split_once('每') else {
        return Vec::new();
    };
    let times = |text: &str| find_times_with(text, &reader.vocabulary.day_parts);
    let dates: Vec<WrittenTime> = times(before);
    let clock = times(behind)
        .into_iter()
        .find(|time| time.start.clock.is_some());
    let (Some(first), Some(clock)) = (dates.first(), clock) else {
        return Vec::new();
    };
    let weekdays = find_weekdays(
        behind
            .get(
                ..behind
                    .find(|c: char| c.is_ascii_digit())
                    .unwrap_or(behind.len()),
            )
            .unwrap_or_default(),
    );
    let placed = |time: &WrittenTime| place(time, draft.post.date).map(|placed| placed.day);
    // Both days may be one range.
    let range_end = first.end.as_ref().map(|end| WrittenTime {
        start: end.clone(),
        end: None,
    });
    let last = dates.get(1).or(range_end.as_ref());
    let (Some(from), Some(until)) = (placed(first), last.and_then(placed)) else {
        return Vec::new();
    };
    let lacked_year = first
        .start
        .date
        .as_ref()
        .is_some_and(|date| date.value.year.is_none());
    let title = series_title(draft, reader);
    let days = from
        .iter_days()
        .take_while(|day| *day <= until)
        .take(7 * MOST);
    let days = days
        .filter(|day: &NaiveDate| weekdays.contains(&day.weekday()))
        .take(MOST);
    let sentence = |day: NaiveDate| {
        Some(Sentence {
            line,
            when: settled(&clock, day, reader.zone)?,
            title: title.clone(),
            series: Some(title.clone()),
            speakers: Vec::new(),
            lacked_year,
        })
    };
    days.filter_map(sentence).collect()
}

/// Takes titles and speakers from a table whose rows begin with the days of a series.
fn with_programme<'p>(
    mut series: Vec<Sentence<'p>>,
    draft: &Draft<'_, 'p>,
    reader: &Reader<'_>,
) -> Vec<Sentence<'p>> {
    let rows: Vec<&Line> = draft
        .block
        .lines
        .iter()
        .filter(|line| line.role == Role::Row)
        .collect();
    let Some((head, rows)) = rows.split_first() else {
        return series;
    };
    let column = |label: Label| {
        head.cells
            .iter()
            .position(|cell| reader.vocabulary.label(&bare(cell)) == Some(label))
    };
    let (Some(time), Some(title)) = (column(Label::Time), column(Label::Title)) else {
        return series;
    };
    for row in rows {
        let cell = |column: usize| row.cells.get(column).map_or("", |cell| trimmed(cell));
        let times = find_times_with(cell(time), &reader.vocabulary.day_parts);
        let day = times.first().and_then(|time| place(time, draft.post.date));
        let of_day = series
            .iter_mut()
            .find(|sentence| day.is_some_and(|placed| sentence.when.day() == Some(placed.day)));
        if let Some(sentence) = of_day {
            sentence.title = cell(title).to_owned();
            let speaker = column(Label::Speakers).map_or("", cell);
            sentence.speakers = people([speaker].into_iter(), reader.vocabulary);
        }
    }
    series
}

/// Reads a sentence that announces one event.
fn single<'p>(line: &'p Line, draft: &Draft<'_, 'p>, reader: &Reader<'_>) -> Option<Sentence<'p>> {
    let vocabulary = reader.vocabulary;
    let says = |heading| draft.block.heading_says(heading, vocabulary);
    if says(Heading::Quiet) && !says(Heading::Preview) {
        return None;
    }
    let mut sentences = line.text.split(['。', '！', '!', '；']);
    let found = sentences.find_map(|sentence| {
        if vocabulary.says(Sense::Deadlines, sentence) {
            return None;
        }
        let times = find_times_with(sentence, &vocabulary.day_parts);
        let mut times = times.into_iter().filter(|time| is_plain(time, sentence));
        Some((sentence, times.next()?))
    });
    let (sentence, time) = found?;
    let names_episode = reader.projects.within(sentence).is_some()
        && crate::newsletter::project::episode_in(sentence).is_some();
    let is_expected = draft.block.is_page || says(Heading::Preview) || says(Heading::Review);
    if !(is_expected || names_episode && vocabulary.says(Sense::Gatherings, sentence)) {
        return None;
    }
    let placed = place(&time, draft.post.date)?;
    // A day alone is a word about what is coming: 8 月 11 日，我们桥头见.
    let names_project = || {
        draft
            .block
            .lines
            .iter()
            .any(|line| reader.projects.within(&line.text).is_some())
    };
    let is_coming =
        says(Heading::Preview) && draft.post.date.is_some_and(|post| placed.day >= post);
    if time.start.clock.is_none() && !(is_coming && names_project()) {
        return None;
    }
    let is_near = draft.post.date.is_none_or(|post| {
        (-LONGEST_AGO..=LONGEST_AHEAD).contains(&(placed.day - post).num_days())
    });
    let when = settled(&time, placed.day, reader.zone)
        .filter(|_| is_near && !placed.contradicts_itself())?;
    let title = quoted_behind_project(sentence, reader).or_else(|| own_title(draft, reader));
    let title = match time.start.clock {
        // Nobody knows by its heading alone what is on that day.
        None => title?,
        Some(_) => title.unwrap_or_else(|| title_of(draft, reader)),
    };
    Some(Sentence {
        line,
        when,
        title,
        series: None,
        speakers: Vec::new(),
        lacked_year: placed.lacked_year,
    })
}

/// How many days before and after a post something may be that a sentence in it announces.
const LONGEST_AGO: i64 = 30;
const LONGEST_AHEAD: i64 = 120;

/// Tells whether a time among words has a date with its month in words or its year.
fn is_plain(time: &WrittenTime, text: &str) -> bool {
    let date = time.start.date.as_ref();
    date.is_some_and(|date| {
        date.value.year.is_some()
            || text
                .get(date.span.clone())
                .is_some_and(|date| date.contains('月'))
    })
}

/// Finds what a series is called: the Latin words around the name of its project, else the block's title.
fn series_title(draft: &Draft<'_, '_>, reader: &Reader<'_>) -> String {
    if draft.block.has(Label::Title) {
        return title_of(draft, reader);
    }
    let is_latin = |c: char| c.is_ascii_alphanumeric() || " #.-&".contains(c);
    let phrases = draft
        .block
        .lines
        .iter()
        .flat_map(|line| line.text.split(|c| !is_latin(c)));
    let mut phrases = phrases
        .map(str::trim)
        .filter(|phrase| phrase.contains(' ') && reader.vocabulary.says(Sense::Gatherings, phrase));
    let phrase = phrases.find(|phrase| reader.projects.within(phrase).is_some());
    phrase.map_or_else(|| title_of(draft, reader), str::to_owned)
}
