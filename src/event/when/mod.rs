//! When an event takes place: what a statement of `start`, `end` and `duration` means.
//!
//! Flows in: these texts as an author wrote them, and what they are read against. Flows out: a [`When`] that
//! is in order, or everything that is wrong with it. `told` is a moment that a text tells, `reference` puts
//! it on the calendar, `start` finds the end that belongs to a start. Deliberately absent: the grammar of times (`written_time`), repetition, and how
//! calendars write any of it.

#[cfg(test)]
mod properties;
mod reference;
mod start;
#[cfg(test)]
mod tests;
mod told;
mod wall_clock;

use crate::diagnostic::{Code, Complaint};
use crate::event::duration::read_duration;
use crate::source::Span;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta};
use start::Start;
use told::{read_end, read_range};

pub use chrono_tz::Tz;
pub use reference::Reference;
pub use wall_clock::{Unclear, instant_of};

/// When an event takes place; it ends after it starts, and after 31 days at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// From a moment to a moment, both in the calendar's zone.
    Timed {
        /// The moment it starts.
        start: DateTime<Tz>,
        /// The moment it ends.
        end: DateTime<Tz>,
    },
    /// Whole days.
    AllDay {
        /// The first day.
        first: NaiveDate,
        /// The last day, part of the event.
        last: NaiveDate,
    },
}

impl When {
    /// Gives when it starts.
    pub fn start(&self) -> Moment {
        match self {
            When::Timed { start, .. } => Moment::Time(*start),
            When::AllDay { first, .. } => Moment::Day(*first),
        }
    }

    /// Gives the day on which it starts, in its zone.
    pub fn start_date(&self) -> NaiveDate {
        self.start().date()
    }

    /// Gives the last day on which it takes place, in its zone.
    pub fn last_date(&self) -> NaiveDate {
        match self {
            // What ends at midnight is over on the day before.
            When::Timed { end, .. } => (*end - TimeDelta::nanoseconds(1)).date_naive(),
            When::AllDay { last, .. } => *last,
        }
    }

    /// Gives how long it lasts.
    pub fn length(&self) -> TimeDelta {
        match self {
            When::Timed { start, end } => *end - *start,
            When::AllDay { first, last } => *last - *first + TimeDelta::days(1),
        }
    }

    /// Gives one that starts at another moment and lasts as long, whatever clocks do meanwhile
    /// (RFC 5545, 3.8.5.3).
    #[must_use]
    pub fn starting(&self, at: &Moment) -> When {
        match at {
            Moment::Time(start) => When::Timed {
                start: *start,
                end: *start + self.length(),
            },
            Moment::Day(first) => When::AllDay {
                first: *first,
                last: *first + self.length() - TimeDelta::days(1),
            },
        }
    }

    /// Tells whether clocks change while it takes place, or show its end twice.
    pub fn is_over_clock_change(&self) -> bool {
        match self {
            When::Timed { start, end } => {
                let clear = instant_of(end.timezone(), end.naive_local());
                start.offset().fix() != end.offset().fix() || clear.is_err()
            }
            When::AllDay { .. } => false,
        }
    }

    /// Gives the same time as the clocks of another zone show it.
    #[must_use]
    pub fn in_zone(self, zone: Tz) -> Self {
        match self {
            When::Timed { start, end } => When::Timed {
                start: start.with_timezone(&zone),
                end: end.with_timezone(&zone),
            },
            days @ When::AllDay { .. } => days,
        }
    }
}

/// A time, or a whole day: what DTSTART, EXDATE and RECURRENCE-ID hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A time of day.
    Time(DateTime<Tz>),
    /// A whole day.
    Day(NaiveDate),
}

impl Moment {
    /// Gives its day, in its zone.
    pub fn date(&self) -> NaiveDate {
        match self {
            Moment::Time(time) => time.date_naive(),
            Moment::Day(day) => *day,
        }
    }

    /// Gives a moment of the same sort and zone at another wall clock, if the zone shows it just once.
    pub fn at(&self, wall: NaiveDateTime) -> Option<Moment> {
        match self {
            Moment::Time(time) => instant_of(time.timezone(), wall).ok().map(Moment::Time),
            Moment::Day(_) => Some(Moment::Day(wall.date())),
        }
    }

    /// Gives its wall clock; a day begins at midnight.
    pub fn wall_clock(&self) -> NaiveDateTime {
        match self {
            Moment::Time(time) => time.naive_local(),
            Moment::Day(day) => day.and_time(NaiveTime::MIN),
        }
    }
}

/// What an author states about an event's time.
#[derive(Debug, Clone)]
pub struct Statement<'a> {
    /// The text of `start`.
    pub start: &'a str,
    /// The text of `end`.
    pub end: Option<&'a str>,
    /// The text of `duration`.
    pub duration: Option<&'a str>,
    /// How long an event lasts that does not say so; more than nothing.
    pub default_duration: TimeDelta,
    /// What the texts are read against.
    pub reference: Reference,
}

/// A statement's meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// When the event takes place.
    pub when: When,
    /// Whether the end is the default and nobody's word.
    pub end_assumed: bool,
    /// The day of its start as it is written, which may be another one in the calendar's zone.
    pub written_day: NaiveDate,
}

/// One of the texts of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeField {
    /// `start`.
    Start,
    /// `end`.
    End,
    /// `duration`.
    Duration,
}

/// What is wrong with one of the texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeProblem {
    /// The text.
    pub field: TimeField,
    /// The bytes of it that are meant; `None` is all of it.
    pub within: Option<Span>,
    /// What is wrong, and the way out.
    pub complaint: Complaint,
}

impl TimeProblem {
    fn all_of(field: TimeField, complaint: Complaint) -> Self {
        let within = None;
        TimeProblem {
            field,
            within,
            complaint,
        }
    }
}

/// Settles what a statement means, or says everything that is wrong with it.
pub fn settle(statement: &Statement<'_>) -> Result<Settled, Vec<TimeProblem>> {
    let reference = &statement.reference;
    let mut problems = Vec::new();
    let range = keep(&mut problems, read_range(TimeField::Start, statement.start));
    let (start, range_end) = range.map_or((None, None), |(start, end)| (Some(start), end));
    let end = statement
        .end
        .and_then(|text| keep(&mut problems, read_end(text)));
    let duration = statement.duration.and_then(|text| {
        let about = |complaint| TimeProblem::all_of(TimeField::Duration, complaint);
        keep(&mut problems, read_duration(text).map_err(about))
    });
    let says_when_it_ends = [
        range_end.is_some(),
        statement.end.is_some(),
        statement.duration.is_some(),
    ];
    problems.extend(ends_twice(says_when_it_ends));

    let start = start.and_then(|told| keep(&mut problems, Start::read(&told, reference)));
    let written_day = start.as_ref().map(Start::day);
    let when = match (start, range_end.or(end), duration) {
        (Some(start), Some(end), _) => start.until(&end, reference).map(Some),
        (Some(start), None, Some(duration)) => start.lasting(duration).map(Some),
        (Some(start), None, None) => Ok(Some(start.unended(statement.default_duration))),
        (None, Some(end), _) => reference.check_own_date(&end).map(|()| None),
        (None, None, _) => Ok(None),
    };
    match keep(&mut problems, when).flatten() {
        Some(when) if problems.is_empty() => Ok(Settled {
            end_assumed: says_when_it_ends == [false; 3] && matches!(when, When::Timed { .. }),
            written_day: written_day.unwrap_or(when.start_date()),
            when: when.in_zone(reference.home_zone),
        }),
        _ => Err(problems),
    }
}

/// Keeps a problem for later.
fn keep<T>(problems: &mut Vec<TimeProblem>, result: Result<T, TimeProblem>) -> Option<T> {
    result.map_err(|problem| problems.push(problem)).ok()
}

/// Complains when more than one of a range, `end` and `duration` is there.
fn ends_twice(says_when_it_ends: [bool; 3]) -> Option<TimeProblem> {
    let (field, words) = match says_when_it_ends {
        [true, true, _] => (TimeField::End, "`start` and `end`"),
        [true, false, true] => (TimeField::Duration, "`start` and `duration`"),
        [false, true, true] => (TimeField::Duration, "`end` and `duration`"),
        _ => return None,
    };
    let message = format!("{words} both say when the event ends");
    let complaint = Complaint::new(Code::EndTwice, message).hint("keep one of them");
    Some(TimeProblem::all_of(field, complaint))
}

/// Reads one moment, for `moved_from` and its like: a date and a clock, no range.
pub fn read_instant(text: &str, reference: &Reference) -> Result<DateTime<Tz>, TimeProblem> {
    let (told, range_end) = read_range(TimeField::Start, text)?;
    if let Some(end) = range_end {
        let message = "one moment is meant, and these are two";
        let hint = format!("write `{}` alone", told.quote(&told.moment.span));
        return Err(end.wrong(Code::BadTime, message, hint));
    }
    match Start::read(&told, reference)? {
        Start::Moment(start) => Ok(start.at.with_timezone(&reference.home_zone)),
        Start::Day(day) => {
            let message = format!("`{day}` has no time of day");
            Err(told.wrong(
                Code::BadTime,
                message,
                format!("add it, like `{day} 14:00`"),
            ))
        }
    }
}

/// Reads one day, for the dates of a series: a date, no clock and no range.
pub fn read_day(text: &str, reference: &Reference) -> Result<NaiveDate, TimeProblem> {
    let (told, range_end) = read_range(TimeField::Start, text)?;
    if let Some(end) = range_end {
        let message = "one day is meant, and these are two";
        return Err(end.wrong(
            Code::BadTime,
            message,
            "write each day as an entry of its own",
        ));
    }
    if told.moment.date.is_none() {
        let message = format!("`{}` is no day", told.quote(&told.moment.span));
        let hint = format!("write the date, like `{}`", reference.today);
        return Err(told.wrong(Code::MissingDate, message, hint));
    }
    let day = reference.date(&told, None)?;
    match &told.moment.clock {
        None => Ok(day),
        Some(clock) => {
            let message = "a day is meant here, without a clock";
            Err(told.wrong_at(
                &clock.span,
                Code::BadTime,
                message,
                format!("write `{day}`"),
            ))
        }
    }
}
