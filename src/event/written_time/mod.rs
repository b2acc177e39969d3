//! Written times: the one grammar for the times that people write.
//!
//! Flows in: a text such as `2023年5月31日（周三）14:00-15:00`, from an event file or a newsletter.
//! Flows out: what stands there (date, weekday, clock, offset, each with its bytes), or the first part that
//! cannot be read, with the form that was probably meant. `token` cuts the text, `grammar` reads the tokens,
//! `part` a date, a clock or an offset by its `form`, `way_out` proposes; `everyday` is a short way for most texts. Deliberately absent: time zones,
//! today, and the meaning of a part that is not there; that is `when`'s to say.

mod everyday;
mod form;
mod grammar;
mod part;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
mod token;
mod way_out;

use crate::diagnostic::Complaint;
use crate::source::Span;
use chrono::{FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};
use everyday::read_everyday;
use grammar::{Fault, Reader};
use std::ops::RangeInclusive;

pub use token::DayParts;
use token::{Token, tokenise, weekday_of};

/// The years that sofacal reads.
pub const YEARS: RangeInclusive<i32> = 1970..=2199;

/// Messages quote no more characters of a text than this.
const LONGEST_QUOTE: usize = 60;

/// Reads a moment or a range that fills the whole text.
pub fn read_time(text: &str) -> Result<WrittenTime, TimeFault> {
    match read_everyday(text) {
        Some(start) => Ok(WrittenTime { start, end: None }),
        None => read_any_time(text),
    }
}

fn read_any_time(text: &str) -> Result<WrittenTime, TimeFault> {
    let mut reader = Reader::new(text);
    reader.time().map_err(|fault| match fault {
        Fault::Unread => reader.unread(),
        Fault::Wrong(fault) => fault,
    })
}

/// Finds the moments and ranges that stand among other words, as far as each can be read.
pub fn find_times(text: &str) -> Vec<WrittenTime> {
    find_times_with(text, &DayParts::default())
}

/// The same, with more words for parts of the day.
pub fn find_times_with(text: &str, day_parts: &DayParts) -> Vec<WrittenTime> {
    let mut reader = Reader::with(text, day_parts);
    let mut found = Vec::new();
    while !reader.rest().is_empty() {
        let first = reader.at;
        let time = reader.may_begin().then(|| reader.time_among_words());
        reader.at = match &time {
            Some(Some(_)) => reader.at,
            _ => first + 1,
        };
        found.extend(time.flatten());
    }
    found
}

/// Finds the weekdays that a text names; in 每周三、四 the second is one too.
pub fn find_weekdays(text: &str) -> Vec<Weekday> {
    let (tokens, _) = tokenise(text, &DayParts::default());
    let mut found = Vec::new();
    let mut goes_on = false;
    for token in tokens {
        let short = match token {
            Token::Mark(c) if goes_on => weekday_of(c),
            _ => None,
        };
        match (&token, short) {
            (Token::Day(day), _) => found.push(*day),
            (_, Some(day)) => found.push(day),
            (Token::Mark(',' | '和' | '与' | '及'), _) if goes_on => continue,
            _ => goes_on = false,
        }
        goes_on |= matches!(token, Token::Day(_));
    }
    found
}

/// A moment, or a range of two, as somebody wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenTime {
    /// The moment, or the start of the range.
    pub start: WrittenMoment,
    /// The end of the range; it may leave its date or its year to the start.
    pub end: Option<WrittenMoment>,
}

/// One moment as somebody wrote it: a date, a clock or both.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WrittenMoment {
    /// The date; it exists in the year it names.
    pub date: Option<Written<WrittenDate>>,
    /// The weekday, which may contradict the date.
    pub weekday: Option<Written<Weekday>>,
    /// The time of day.
    pub clock: Option<Written<WrittenClock>>,
    /// The distance from UTC; never without a clock.
    pub offset: Option<Written<FixedOffset>>,
    /// The bytes from its first part to its last.
    pub span: Span,
}

/// A part of a text, with its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written<T> {
    /// What it says.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// A date that may leave its year to the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenDate {
    /// The year, one of [`YEARS`].
    pub year: Option<i32>,
    /// The month, from 1.
    pub month: u32,
    /// The day of the month, from 1.
    pub day: u32,
}

impl WrittenDate {
    /// Puts month and day into a year; not every year has a 29 February.
    pub fn in_year(self, year: i32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(year, self.month, self.day)
    }
}

/// A time of day on the 24-hour clock; `24:00` can end something but not start it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenClock {
    /// The time since midnight.
    pub since_midnight: TimeDelta,
}

impl WrittenClock {
    /// Puts the clock on a date; `24:00` is the next day's midnight.
    pub fn on(self, date: NaiveDate) -> NaiveDateTime {
        date.and_time(NaiveTime::MIN) + self.since_midnight
    }
}

/// Why a text is no time, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeFault {
    /// The bytes that are meant.
    pub span: Span,
    /// What is wrong with them, and the way out.
    pub complaint: Complaint,
}

/// Gives an author's text as a message can carry it: on one line, and not too long.
pub fn quote(text: &str) -> String {
    let blank_controls = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut quote: String = blank_controls.take(LONGEST_QUOTE).collect();
    if text.chars().nth(LONGEST_QUOTE).is_some() {
        quote.push('…');
    }
    quote
}
