//! Other dates: a text says another day than `start`, or a weekday that is not its date's.
//!
//! A title speaks of the event's own day; a description speaks of many, so only its line about the time counts. A
//! weekday that is not its date's is wrong wherever it stands. Addresses hold no dates.

use crate::diagnostic::{Code, Complaint, Diagnostic, Part, Step, excerpt};
use crate::event::rules::Known;
use crate::event::written_time::{WrittenMoment, WrittenTime, find_times};
use crate::event::{AgendaItem, Event};
use chrono::{Datelike, NaiveDate};
use std::ops::RangeInclusive;

/// Finds texts that say another day than the event's, or a weekday that is not its date's.
pub(super) fn texts(known: &Known) -> Vec<Diagnostic> {
    known.events.iter().flat_map(of_event).collect()
}

/// Tells whether an event takes place on one of these days, or was announced for one; a series may on any.
pub(super) fn is_on(event: &Event, days: &RangeInclusive<NaiveDate>) -> bool {
    let (first, last) = (event.when.start_date(), event.when.last_date());
    let moved_from = event.details.moved_from.as_ref().map(|from| from.date());
    event.series.is_some()
        || (*days.start() <= last && *days.end() >= first)
        || days.contains(&event.written_day)
        || moved_from.is_some_and(|from| days.contains(&from))
}

/// A text of an event, and where it stands.
struct Text<'e> {
    text: &'e str,
    way: Vec<Step>,
    /// Whether the dates in it must be the event's.
    is_about_the_time: bool,
}

fn of_event(event: &Event) -> Vec<Diagnostic> {
    let details = &event.details;
    let key = |key: &str| vec![Step::Key(key.into())];
    let mut texts = vec![Text {
        text: &details.title,
        way: key("title"),
        is_about_the_time: true,
    }];
    let prose = [
        ("description", &details.description),
        ("reason", &details.reason),
    ];
    for (way, text) in prose {
        let lines = text.iter().flat_map(|text| text.lines());
        texts.extend(lines.map(|text| Text {
            text,
            way: key(way),
            is_about_the_time: is_about_the_time(text),
        }));
    }
    add_points(&details.agenda, &key("agenda"), &mut texts);
    // What stands at the top of a file announces all of its entries.
    let announced = event
        .announced
        .iter()
        .filter(|_| event.origin.entry.is_none());
    texts.extend(announced.map(|(index, text)| Text {
        text,
        way: [key("sources"), vec![Step::Index(*index)], key("line")].concat(),
        is_about_the_time: true,
    }));
    texts.iter().filter_map(|text| text.judged(event)).collect()
}

/// Adds the texts of an agenda's points and of those below them.
fn add_points<'e>(items: &'e [AgendaItem], list: &[Step], texts: &mut Vec<Text<'e>>) {
    for (index, item) in items.iter().enumerate() {
        let at = |key: &str| [list, &[Step::Index(index), Step::Key(key.into())]].concat();
        for (key, text) in [("time", &item.time), ("text", &item.text)] {
            texts.extend(text.iter().map(|text| Text {
                text,
                way: at(key),
                is_about_the_time: key == "time",
            }));
        }
        add_points(&item.items, &at("items"), texts);
    }
}

/// What has a time of its own beside the event.
const OTHER_TIMES: &[&str] = &[
    "报名", "截止", "申请", "提交", "投票", "征集", "预约", "购票", "签到", "结束", "发布",
];

/// Tells whether a line of a text says when the event is: `时间：…`.
fn is_about_the_time(line: &str) -> bool {
    let Some((label, _)) = line.split_once(['：', ':']) else {
        return false;
    };
    let label = label
        .trim_matches(|c: char| !c.is_alphanumeric())
        .to_lowercase();
    let is_chinese = label.ends_with("时间") || label.ends_with("日期");
    let is_other = OTHER_TIMES.iter().any(|other| label.contains(other));
    (is_chinese && !is_other) || ["when", "time", "date"].contains(&&*label)
}

impl Text<'_> {
    /// Complains about a weekday that is not its date's, else about dates of which none is the event's.
    fn judged(&self, event: &Event) -> Option<Diagnostic> {
        let near = event.when.start_date();
        let times = find_times(&without_addresses(self.text));
        let moments = times
            .iter()
            .flat_map(|time| [Some(&time.start), time.end.as_ref()]);
        let mut moments = moments.flatten();
        let (words, complaint) = moments
            .find_map(|moment| self.wrong_weekday(moment, near))
            .or_else(|| {
                self.other_day(&times, event)
                    .filter(|_| self.is_about_the_time)
            })?;
        let place = event
            .origin
            .node(self.way.clone(), Part::Words(words.into()));
        Some(complaint.at(place))
    }

    fn wrong_weekday(&self, moment: &WrittenMoment, near: NaiveDate) -> Option<(&str, Complaint)> {
        let day = self.day_of(moment, near)?;
        let weekday = moment.weekday.as_ref()?;
        let words = &self.text[weekday.span.clone()];
        let message = format!(
            "`{day}` is a {}, not `{}`",
            day.format("%A"),
            excerpt(words)
        );
        let complaint =
            Complaint::new(Code::DateMismatch, message).hint("mend the date or the weekday");
        (weekday.value != day.weekday()).then_some((words, complaint))
    }

    fn other_day(&self, times: &[WrittenTime], event: &Event) -> Option<(&str, Complaint)> {
        let own = event.when.start_date();
        let days = |time: &WrittenTime| {
            let first = self.day_of(&time.start, own)?;
            let last = time.end.as_ref().and_then(|end| self.day_of(end, own));
            Some(first..=last.filter(|last| *last > first).unwrap_or(first))
        };
        if times
            .iter()
            .filter_map(days)
            .any(|days| is_on(event, &days))
        {
            return None;
        }
        let named =
            |time: &WrittenTime| Some((time.start.date.clone()?, self.day_of(&time.start, own)?));
        let (date, day) = times.iter().find_map(named)?;
        let words = &self.text[date.span];
        let message = format!("`{}` is {day}, and the event is on {own}", excerpt(words));
        let hint = "mend the text or `start`; if the event was moved, write `moved_from:`, which subscribers read";
        Some((
            words,
            Complaint::new(Code::DateMismatch, message).hint(hint),
        ))
    }

    /// Gives the day that a moment names, without a year the nearest; `1/2` and `3-5` may be anything.
    fn day_of(&self, moment: &WrittenMoment, near: NaiveDate) -> Option<NaiveDate> {
        let date = moment.date.as_ref()?;
        let names_month = |c: char| c == '月' || c.is_ascii_alphabetic();
        let is_date =
            date.value.year.is_some() || self.text[date.span.clone()].contains(names_month);
        let years = match date.value.year {
            Some(year) => year..=year,
            None => near.year() - 1..=near.year() + 1,
        };
        let days = years.filter_map(|year| date.value.in_year(year));
        days.filter(|_| is_date)
            .min_by_key(|day| (*day - near).abs())
    }
}

/// Blanks out addresses; every byte keeps its offset.
fn without_addresses(text: &str) -> String {
    let is_address = |word: &&str| word.contains("://");
    let words = text
        .split(|c: char| !c.is_ascii_graphic())
        .filter(is_address);
    words.fold(text.to_owned(), |text, word| {
        text.replace(word, &" ".repeat(word.len()))
    })
}
