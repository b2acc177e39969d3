//! When an event takes place: what a written time means in the calendar's zone.
//!
//! Flows in: `start`, `end`, `duration` and `timezone` as an author wrote them. Flows out: a [`When`] that is
//! in order, or everything that is wrong with it. Time zones live in this file alone. Deliberately absent: the
//! grammar of times (`written_time`), repetition, and how calendars write any of it.

use crate::diagnostic::{Code, Complaint, nearest};
use crate::event::written_time::{
    Written, WrittenClock, WrittenDate, WrittenMoment, YEARS, quote, read_time,
};
use crate::source::Span;
use chrono::offset::LocalResult;
use chrono::{
    DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta,
    TimeZone, Timelike,
};
use chrono_tz::TZ_VARIANTS;
use std::fmt::Display;

pub use chrono_tz::Tz;

/// The longest time that an event may last.
const LONGEST: TimeDelta = TimeDelta::days(31);

/// The longest time that an end without a date may reach past midnight.
const LONGEST_NIGHT: TimeDelta = TimeDelta::hours(8);

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
    /// Gives the day on which it starts, in the calendar's zone.
    pub fn start_date(&self) -> NaiveDate {
        match self {
            When::Timed { start, .. } => start.date_naive(),
            When::AllDay { first, .. } => *first,
        }
    }
}

/// What an author states about an event's time, and what it is read against.
#[derive(Debug, Clone)]
pub struct Statement<'a> {
    /// The text of `start`.
    pub start: &'a str,
    /// The text of `end`.
    pub end: Option<&'a str>,
    /// The text of `duration`.
    pub duration: Option<&'a str>,
    /// The zone that `timezone` names.
    pub event_zone: Option<Tz>,
    /// The zone of the calendar.
    pub calendar_zone: Tz,
    /// How long an event lasts that does not say so; more than nothing.
    pub default_duration: TimeDelta,
    /// The present day, only used to propose a year that is missing.
    pub today: NaiveDate,
}

/// A statement's meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// When the event takes place.
    pub when: When,
    /// Whether the end is the default and nobody's word.
    pub end_assumed: bool,
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

/// Settles what a statement means, or says everything that is wrong with it.
pub fn settle(statement: &Statement<'_>) -> Result<Settled, Vec<TimeProblem>> {
    let reference = Reference {
        event_zone: statement.event_zone,
        calendar_zone: statement.calendar_zone,
        today: statement.today,
    };
    let mut problems = Vec::new();
    let told = keep(&mut problems, read_range(TimeField::Start, statement.start));
    let (start, range_end) = told.map_or((None, None), |(start, end)| (Some(start), end));
    let end = statement
        .end
        .map(read_end)
        .and_then(|end| keep(&mut problems, end));
    let duration = statement
        .duration
        .map(read_lasting)
        .and_then(|duration| keep(&mut problems, duration));
    let says_when_it_ends = [
        range_end.is_some(),
        statement.end.is_some(),
        statement.duration.is_some(),
    ];
    problems.extend(ends_twice(says_when_it_ends));

    let start = start.and_then(|told| keep(&mut problems, reference.start(&told)));
    let when = match (start, range_end.or(end), duration) {
        (Some(start), Some(end), _) => reference.until(&start, &end).map(Some),
        (Some(start), None, Some(duration)) => start.lasting(duration).map(Some),
        (Some(start), None, None) => Ok(Some(start.unended(statement.default_duration))),
        (None, Some(end), _) => reference.check_own_date(&end).map(|()| None),
        (None, None, _) => Ok(None),
    };
    match keep(&mut problems, when).flatten() {
        Some(when) if problems.is_empty() => Ok(Settled {
            end_assumed: says_when_it_ends == [false; 3] && matches!(when, When::Timed { .. }),
            when: reference.in_calendar_zone(when),
        }),
        _ => Err(problems),
    }
}

/// Reads one moment, for `moved_from` and its like: a date and a clock, no range.
pub fn read_instant(
    text: &str,
    field: TimeField,
    event_zone: Option<Tz>,
    calendar_zone: Tz,
    today: NaiveDate,
) -> Result<DateTime<Tz>, TimeProblem> {
    let reference = Reference {
        event_zone,
        calendar_zone,
        today,
    };
    let (told, range_end) = read_range(field, text)?;
    if let Some(end) = range_end {
        let hint = format!("write `{}` alone", told.quote(&told.moment.span));
        return Err(end.wrong(
            &end.moment.span,
            Code::BadTime,
            "one moment is meant, and these are two",
            hint,
        ));
    }
    match reference.start(&told)? {
        Start::Moment(start) => Ok(start.at.with_timezone(&calendar_zone)),
        Start::Day(day) => {
            let message = format!("`{day}` has no time of day");
            let hint = format!("add it, like `{day} 14:00`");
            Err(told.wrong(&told.moment.span, Code::BadTime, message, hint))
        }
    }
}

/// Keeps a problem for later.
fn keep<T>(problems: &mut Vec<TimeProblem>, result: Result<T, TimeProblem>) -> Option<T> {
    result.map_err(|problem| problems.push(problem)).ok()
}

/// A moment that a text tells.
struct Told<'a> {
    field: TimeField,
    text: &'a str,
    moment: WrittenMoment,
}

impl Told<'_> {
    fn quote(&self, span: &Span) -> String {
        quote(&self.text[span.clone()])
    }

    fn offset(&self) -> Option<FixedOffset> {
        self.moment.offset.as_ref().map(|offset| offset.value)
    }

    /// What a sentence calls the end that is told here.
    fn as_end(&self) -> &'static str {
        if self.field == TimeField::End {
            "`end`"
        } else {
            "the end"
        }
    }

    fn wrong(
        &self,
        span: &Span,
        code: Code,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> TimeProblem {
        TimeProblem {
            field: self.field,
            within: Some(span.clone()),
            complaint: Complaint::new(code, message).hint(hint),
        }
    }

    fn too_early(&self, start: impl Display, hint: String) -> TimeProblem {
        let start_name = if self.field == TimeField::End {
            "`start`"
        } else {
            "the start"
        };
        let message = format!("{} is not after {start_name}", self.as_end());
        let mut problem = self.wrong(&self.moment.span, Code::EndBeforeStart, message, hint);
        problem.complaint = problem.complaint.label(format!("start is {start}"));
        problem
    }
}

fn read_range(field: TimeField, text: &str) -> Result<(Told<'_>, Option<Told<'_>>), TimeProblem> {
    let written = read_time(text).map_err(|fault| TimeProblem {
        field,
        within: Some(fault.span),
        complaint: fault.complaint,
    })?;
    let told = |moment| Told {
        field,
        text,
        moment,
    };
    Ok((told(written.start), written.end.map(told)))
}

fn read_end(text: &str) -> Result<Told<'_>, TimeProblem> {
    let (told, range_end) = read_range(TimeField::End, text)?;
    let Some(end) = range_end else {
        return Ok(told);
    };
    let hint = format!("write the end alone: `{}`", end.quote(&end.moment.span));
    Err(told.wrong(
        &told.moment.span,
        Code::BadTime,
        "`end` is one moment, and these are two",
        hint,
    ))
}

fn read_lasting(text: &str) -> Result<TimeDelta, TimeProblem> {
    read_duration(text).map_err(|complaint| TimeProblem {
        field: TimeField::Duration,
        within: None,
        complaint,
    })
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
    Some(TimeProblem {
        field,
        within: None,
        complaint: Complaint::new(Code::EndTwice, message).hint("keep one of them"),
    })
}

/// Where an event starts.
enum Start {
    Day(NaiveDate),
    Moment(StartMoment),
}

/// A start in the zone that its wall clock is in; a stated offset may show another wall clock.
struct StartMoment {
    at: DateTime<Tz>,
    wall: NaiveDateTime,
    offset: Option<FixedOffset>,
}

impl Start {
    fn lasting(&self, duration: TimeDelta) -> Result<When, TimeProblem> {
        match self {
            Start::Moment(start) => Ok(When::Timed {
                start: start.at,
                end: start.at + duration,
            }),
            &Start::Day(first) if duration == TimeDelta::days(duration.num_days()) => {
                Ok(When::AllDay {
                    first,
                    last: first + duration - TimeDelta::days(1),
                })
            }
            Start::Day(first) => {
                let message = "`start` is a whole day, but `duration` has hours";
                let hint = format!(
                    "write whole days like `2d`, or give the start a clock: `{first} 14:00`"
                );
                Err(TimeProblem {
                    field: TimeField::Duration,
                    within: None,
                    complaint: Complaint::new(Code::MixedAllDay, message).hint(hint),
                })
            }
        }
    }

    fn unended(&self, default_duration: TimeDelta) -> When {
        match self {
            Start::Moment(start) => When::Timed {
                start: start.at,
                end: start.at + default_duration.clamp(TimeDelta::zero(), LONGEST),
            },
            &Start::Day(first) => When::AllDay { first, last: first },
        }
    }
}

/// What times are read against that leave something out.
struct Reference {
    event_zone: Option<Tz>,
    calendar_zone: Tz,
    today: NaiveDate,
}

impl Reference {
    /// The zone that wall clocks are in.
    fn zone(&self) -> Tz {
        self.event_zone.unwrap_or(self.calendar_zone)
    }

    fn in_calendar_zone(&self, when: When) -> When {
        match when {
            When::Timed { start, end } => When::Timed {
                start: start.with_timezone(&self.calendar_zone),
                end: end.with_timezone(&self.calendar_zone),
            },
            days @ When::AllDay { .. } => days,
        }
    }

    fn start(&self, told: &Told<'_>) -> Result<Start, TimeProblem> {
        let date = self.date(told, None)?;
        let Some(clock) = &told.moment.clock else {
            return Ok(Start::Day(date));
        };
        let (wall, offset) = (clock.value.on(date), told.offset());
        if wall.date() > date {
            let hint = format!("write `{}`", shown(wall, offset));
            return Err(told.wrong(
                &clock.span,
                Code::BadTime,
                "`24:00` ends a day and starts nothing",
                hint,
            ));
        }
        let at = self.instant(told, wall)?;
        Ok(Start::Moment(StartMoment { at, wall, offset }))
    }

    /// Settles an event that lasts until a moment that is told.
    fn until(&self, start: &Start, end: &Told<'_>) -> Result<When, TimeProblem> {
        let (when, length) = match (start, &end.moment.clock) {
            (&Start::Day(first), None) => {
                let last = self.date(end, Some(first))?;
                if last < first {
                    let hint =
                        format!("{} is the last day itself, not the day after", end.as_end());
                    return Err(end.too_early(first, hint));
                }
                (
                    When::AllDay { first, last },
                    last - first + TimeDelta::days(1),
                )
            }
            (Start::Moment(start), Some(clock)) => {
                let stop = match end.moment.date {
                    Some(_) => {
                        let date = self.date(end, Some(start.wall.date()))?;
                        self.instant(end, clock.value.on(date))?
                    }
                    None => self.clock_after(start, end, clock)?,
                };
                if stop <= start.at {
                    let start = shown(start.at.naive_local(), None);
                    return Err(end.too_early(start, self.zone_in_words()));
                }
                let length = stop - start.at;
                (
                    When::Timed {
                        start: start.at,
                        end: stop,
                    },
                    length,
                )
            }
            (Start::Day(first), Some(clock)) => {
                let message = format!("{} has a clock, but the start is a whole day", end.as_end());
                let hint = format!("give the start a clock too, like `{first} 14:00`");
                return Err(end.wrong(&clock.span, Code::MixedAllDay, message, hint));
            }
            (Start::Moment(start), None) => {
                let clock = (start.wall + TimeDelta::hours(1)).time();
                let like = self.date(end, Some(start.wall.date()))?.and_time(clock);
                let message = format!("{} is a whole day, but the start has a clock", end.as_end());
                let hint = format!("give the end a clock too, like `{}`", shown(like, None));
                return Err(end.wrong(&end.moment.span, Code::MixedAllDay, message, hint));
            }
        };
        if length > LONGEST {
            let message = format!("the event lasts longer than {} days", LONGEST.num_days());
            let hint = "mend the date, or write an event for the beginning and one for the end";
            return Err(end.wrong(&end.moment.span, Code::DurationTooLong, message, hint));
        }
        Ok(when)
    }

    /// Finds the moment after the start at which a clock shows the time that is told without a date.
    fn clock_after(
        &self,
        start: &StartMoment,
        end: &Told<'_>,
        clock: &Written<WrittenClock>,
    ) -> Result<DateTime<Tz>, TimeProblem> {
        let said = end.offset();
        if let (Some(offset), None) = (start.offset, said)
            && offset != start.at.offset().fix()
        {
            let (name, zone) = (end.as_end(), self.zone().name());
            let like = shown(clock.value.on(start.wall.date()), Some(offset));
            let message = format!("{name} may be in {zone}, or at `{offset}` like the start");
            let hint = format!("say which, like `{like}`");
            return Err(end.wrong(&clock.span, Code::OffsetConflict, message, hint));
        }
        let wall = said.map_or(start.wall, |said| {
            start.at.with_timezone(&said).naive_local()
        });
        let same_day = clock.value.on(wall.date());
        if same_day > wall {
            return self.instant(end, same_day);
        }
        let next_day = same_day + TimeDelta::days(1);
        let stop = self.instant(end, next_day)?;
        if stop - start.at <= LONGEST_NIGHT {
            return Ok(stop);
        }
        let (start, stop) = (shown(wall, said), shown(next_day, said));
        let hint = match end.field {
            TimeField::End => format!("if another day is meant, write it: `{stop}`"),
            _ => format!("if another day is meant, write it: `{start} - {stop}`"),
        };
        Err(end.too_early(shown(wall, None), hint))
    }

    fn zone_in_words(&self) -> String {
        match self.event_zone {
            Some(zone) => format!("times are {zone}, as `timezone:` says"),
            None => format!(
                "times are {} unless the file says `timezone:`",
                self.calendar_zone
            ),
        }
    }

    /// Gives the date that is told; its year may come from the start.
    fn date(&self, told: &Told<'_>, start: Option<NaiveDate>) -> Result<NaiveDate, TimeProblem> {
        let Some(Written { value: date, span }) = &told.moment.date else {
            let clock = told.moment.clock.as_ref();
            let clock = clock.map_or(NaiveTime::MIN, |clock| clock.value.on(self.today).time());
            let message = format!("`{}` has no date", told.quote(&told.moment.span));
            let hint = format!(
                "write it too, like `{}`",
                shown(self.today.and_time(clock), told.offset())
            );
            return Err(told.wrong(&told.moment.span, Code::MissingDate, message, hint));
        };
        let Some(year) = date.year.or(start.map(|start| year_after(*date, start))) else {
            let message = format!("`{}` has no year", told.quote(span));
            return Err(told.wrong(
                span,
                Code::MissingYear,
                message,
                self.with_year(told, *date),
            ));
        };
        let Some(day) = date.in_year(year) else {
            let message = format!(
                "there is no such date as `{year}-{:02}-{:02}`",
                date.month, date.day
            );
            return Err(told.wrong(
                span,
                Code::BadTime,
                message,
                "mend the day, or write another year",
            ));
        };
        match &told.moment.weekday {
            Some(Written { value, span }) if *value != day.weekday() => {
                let message = format!(
                    "`{day}` is a {}, not `{}`",
                    day.format("%A"),
                    told.quote(span)
                );
                let around = (-3..=3).map(|days| day + TimeDelta::days(days));
                let meant = around
                    .clone()
                    .find(|day| day.weekday() == *value)
                    .unwrap_or(day);
                let hint = format!(
                    "`{meant}` is the nearest {}: mend the date or the weekday",
                    meant.format("%A")
                );
                Err(told.wrong(span, Code::WeekdayMismatch, message, hint))
            }
            _ => Ok(day),
        }
    }

    /// Judges an end by itself, as far as that can be done.
    fn check_own_date(&self, end: &Told<'_>) -> Result<(), TimeProblem> {
        match &end.moment.date {
            Some(date) if date.value.year.is_some() => self.date(end, None).map(drop),
            _ => Ok(()),
        }
    }

    /// Proposes the year that was probably meant: the nearest, or the nearest that fits the weekday.
    fn with_year(&self, told: &Told<'_>, date: WrittenDate) -> String {
        let weekday = told.moment.weekday.as_ref().map(|weekday| weekday.value);
        let days = YEARS.filter_map(|year| date.in_year(year));
        let distance = |day: &NaiveDate| (*day - self.today).abs();
        let nearest = days.clone().min_by_key(distance);
        let fitting = days.filter(|day| weekday.is_none_or(|weekday| day.weekday() == weekday));
        let (Some(nearest), Some(fitting)) = (nearest, fitting.min_by_key(distance)) else {
            return "write the year before the month".to_owned();
        };
        let month = told.moment.date.as_ref().map_or(0, |date| date.span.start);
        let (before, behind) = told.text.split_at(month);
        let separator = match behind.chars().find(|c| ['月', '/', '／'].contains(c)) {
            Some('月') => "年",
            Some(_) => "/",
            None => "-",
        };
        let full = format!(
            "{}{}{separator}{}",
            before.trim_start(),
            fitting.year(),
            behind.trim_end()
        );
        let full = quote(&full);
        match weekday {
            None => format!("write `{full}`"),
            Some(_) if fitting == nearest => {
                format!("write `{full}`, which is a {}", nearest.format("%A"))
            }
            Some(_) => {
                let day = nearest.format("%A");
                format!("write `{full}`, or mend the weekday: `{nearest}` is a {day}")
            }
        }
    }

    /// Finds the moment at which a wall clock of the zone, or at the offset that is told, shows a time.
    fn instant(&self, told: &Told<'_>, wall: NaiveDateTime) -> Result<DateTime<Tz>, TimeProblem> {
        let zone = self.zone();
        if let Some(Written {
            value: offset,
            span,
        }) = &told.moment.offset
        {
            let at = zone.from_utc_datetime(&(wall - *offset));
            let is = at.offset().fix();
            if self.event_zone.is_none() || is == *offset {
                return Ok(at);
            }
            let said = told.quote(span);
            let message =
                format!("`{said}` is not the offset of {zone}, which is `{is}` at that moment");
            return Err(told.wrong(
                span,
                Code::OffsetConflict,
                message,
                "leave out the offset or `timezone:`",
            ));
        }
        let clock = told.moment.clock.as_ref();
        let span = clock.map_or(&told.moment.span, |clock| &clock.span);
        let time = shown(wall, None);
        match zone.from_local_datetime(&wall) {
            LocalResult::Single(at) => Ok(at),
            LocalResult::Ambiguous(first, second) => {
                let message = format!("`{time}` comes twice in {zone}: the clocks go back then");
                let (first, second) = (rfc(first), rfc(second));
                let hint = format!("write `{first}` for the first time, `{second}` for the second");
                Err(told.wrong(span, Code::TimeFold, message, hint))
            }
            LocalResult::None => {
                let message = format!("there is no `{time}` in {zone}: the clocks go forward then");
                let hint = format!("write {}", around_gap(zone, wall).join(" or "));
                Err(told.wrong(span, Code::TimeGap, message, hint))
            }
        }
    }
}

/// Reads a wall clock that no clock shows by the offset before the gap, and by the one after it.
fn around_gap(zone: Tz, wall: NaiveDateTime) -> Vec<String> {
    // The widest gap is a day: Apia had no 2011-12-30.
    let steps = (1..=100).map(|step| TimeDelta::minutes(15) * step);
    let before = steps
        .clone()
        .find_map(|step| zone.from_local_datetime(&(wall - step)).latest());
    let after = steps
        .clone()
        .find_map(|step| zone.from_local_datetime(&(wall + step)).earliest());
    let beside = after.into_iter().chain(before);
    let readings = beside.map(|beside| zone.from_utc_datetime(&(wall - beside.offset().fix())));
    readings
        .map(|reading| format!("`{}`", rfc(reading)))
        .collect()
}

/// The year of the start, or the next one if the date then still lies within an event's length.
fn year_after(date: WrittenDate, start: NaiveDate) -> i32 {
    let comes_next = |year| {
        date.in_year(year)
            .is_some_and(|day| day >= start && day - start <= LONGEST)
    };
    let year = start.year();
    if comes_next(year + 1) { year + 1 } else { year }
}

fn rfc(at: DateTime<Tz>) -> String {
    shown(at.naive_local(), Some(at.offset().fix()))
}

/// Shows a wall clock as an author may write it.
fn shown(wall: NaiveDateTime, offset: Option<FixedOffset>) -> String {
    match offset {
        Some(offset) => format!("{}{offset}", wall.format("%Y-%m-%dT%H:%M:%S")),
        None if wall.second() > 0 => wall.format("%Y-%m-%d %H:%M:%S").to_string(),
        None => wall.format("%Y-%m-%d %H:%M").to_string(),
    }
}

/// Reads the IANA name of a time zone.
pub fn read_zone(text: &str) -> Result<Tz, Complaint> {
    let name = text.trim();
    name.parse().map_err(|_| {
        let hint = match likely_zone(name) {
            Some(zone) => format!("write `{zone}`"),
            None => {
                "write the IANA name of a place, like `Asia/Shanghai` or `Europe/Berlin`".to_owned()
            }
        };
        Complaint::new(
            Code::UnknownZone,
            format!("`{}` is not a time zone", quote(name)),
        )
        .hint(hint)
    })
}

/// Names that people give to the time in China, between bars; `CST` is also Chicago's and Havana's.
const CHINA: &str = "|cst|bjt|prc|china|beijing|peking|china standard time|beijing time|asia/beijing|asia/peking|\
    asia/hangzhou|asia/shenzhen|asia/guangzhou|utc+8|utc+08|utc+08:00|gmt+8|gmt+08:00|+8|+08|+08:00|+0800|\
    北京|北京时间|上海|中国|";

fn likely_zone(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    if CHINA.contains(&format!("|{lower}|")) {
        return Some(Tz::Asia__Shanghai.name());
    }
    let names = || TZ_VARIANTS.iter().map(|zone| zone.name());
    let with_underscores = lower.replace(' ', "_");
    let is_city =
        |zone: &&str| zone.to_lowercase().rsplit('/').next() == Some(with_underscores.as_str());
    names()
        .find(|zone| zone.to_lowercase() == with_underscores)
        .or_else(|| zone_at_offset(&lower))
        .or_else(|| names().find(is_city))
        .or_else(|| nearest(&with_underscores, names().filter(|zone| zone.contains('/'))))
}

/// Finds the zone of `utc-5`: POSIX counts the hours westwards, so it is `Etc/GMT+5`.
fn zone_at_offset(lower: &str) -> Option<&'static str> {
    let bare = lower
        .trim_start_matches("utc")
        .trim_start_matches("gmt")
        .trim_end_matches(":00");
    let (sign, hours) = bare
        .strip_prefix('+')
        .map(|hours| ('-', hours))
        .or(bare.strip_prefix('-').map(|hours| ('+', hours)))?;
    let hours: u8 = hours.parse().ok()?;
    let zone: Tz = format!("Etc/GMT{sign}{hours}").parse().ok()?;
    Some(zone.name())
}

/// Reads a duration such as `45m`, `1h30m` or `2d`: more than nothing, and 31 days at most.
pub fn read_duration(text: &str) -> Result<TimeDelta, Complaint> {
    let text = text.trim();
    let Some(duration) = exact_duration(text) else {
        let hint = match likely_duration(text) {
            Some(duration) => format!("write `{duration}`"),
            None => "write it like `45m`, `1h`, `1h30m` or `2d`".to_owned(),
        };
        return Err(Complaint::new(
            Code::BadDuration,
            format!("`{}` is not a duration", quote(text)),
        )
        .hint(hint));
    };
    if duration == TimeDelta::zero() {
        let complaint = Complaint::new(Code::BadDuration, format!("`{text}` is no time at all"));
        return Err(complaint.hint("write how long it lasts, like `1h`"));
    }
    if duration > LONGEST {
        let message = format!("`{text}` is more than {} days", LONGEST.num_days());
        return Err(Complaint::new(Code::DurationTooLong, message)
            .hint("write an event for the beginning and one for the end"));
    }
    Ok(duration)
}

fn exact_duration(text: &str) -> Option<TimeDelta> {
    let mut rest = text;
    let mut minutes = 0;
    for (unit, worth) in [('d', 24 * 60), ('h', 60), ('m', 1)] {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if let (1..=5, Some(behind)) = (digits, rest[digits..].strip_prefix(unit)) {
            minutes += rest[..digits].parse::<i64>().ok()? * worth;
            rest = behind;
        }
    }
    (rest.is_empty() && !text.is_empty()).then(|| TimeDelta::minutes(minutes))
}

/// Turns `PT1H30M`, `1 hour`, `30min`, `1:30` and `2小时` into the form that is read.
fn likely_duration(text: &str) -> Option<String> {
    const UNITS: &[(&str, &[&str])] = &[
        ("", &["个"]),
        ("30m", &["半小时"]),
        ("d", &["天", "days", "day"]),
        ("h", &["小时", "hours", "hour", "hrs", "hr"]),
        ("m", &["分钟", "minutes", "minute", "mins", "min"]),
    ];
    let mut short: String = text.to_lowercase().split_whitespace().collect();
    for (unit, words) in UNITS {
        for word in *words {
            short = short.replace(word, unit);
        }
    }
    if let Some(iso) = short.strip_prefix('p') {
        short = iso.replace('t', "");
    } else if let Some((hours, minutes)) = short.split_once(':') {
        short = format!("{hours}h{minutes}m");
    } else if !short.is_empty() && short.bytes().all(|b| b.is_ascii_digit()) {
        short.push('m');
    }
    exact_duration(&short).map(|_| short)
}

#[cfg(test)]
mod tests {
    use super::{
        Settled, Statement, TimeField, TimeProblem, Tz, When, read_duration, read_instant,
        read_zone, settle,
    };
    use crate::diagnostic::{Code, Complaint};
    use chrono::{DateTime, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone};
    use chrono_tz::TZ_VARIANTS;
    use proptest::prelude::{
        Just, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest,
    };

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2024, 3, 1).expect("a date");

    /// Makes a statement of `start | end | duration | timezone`.
    fn statement(line: &str) -> Statement<'_> {
        let mut parts = line.split('|').map(str::trim);
        let mut part = || parts.next().filter(|part| !part.is_empty());
        Statement {
            start: part().unwrap_or_default(),
            end: part(),
            duration: part(),
            event_zone: part().map(|zone| zone.parse().expect("a zone")),
            calendar_zone: Tz::Asia__Shanghai,
            default_duration: TimeDelta::hours(1),
            today: TODAY,
        }
    }

    /// Writes what a statement means as `2024-03-06 14:00+08:00/15:00`, or its problems.
    fn meaning(line: &str) -> String {
        let problem = |TimeProblem {
                           field, complaint, ..
                       }| format!("{field:?} {}", complaint.code);
        match settle(&statement(line)) {
            Err(problems) => problems
                .into_iter()
                .map(problem)
                .collect::<Vec<_>>()
                .join(", "),
            Ok(Settled {
                when: When::AllDay { first, last },
                ..
            }) => format!("{first}/{last}"),
            Ok(Settled {
                when: When::Timed { start, end },
                end_assumed,
            }) => {
                let same_day = start.date_naive() == end.date_naive();
                let end = end.format(if same_day { "%H:%M" } else { "%m-%d %H:%M" });
                let assumed = if end_assumed { "?" } else { "" };
                format!("{}/{end}{assumed}", start.format("%Y-%m-%d %H:%M%:z"))
            }
        }
    }

    /// Checks lines of `statement => meaning`.
    fn mean(table: &str) {
        for line in table.lines().map(str::trim) {
            let (statement, expected) = line.split_once(" => ").expect(line);
            assert_eq!(meaning(statement), expected, "{statement}");
        }
    }

    /// The only problem of a statement: the part that the caret shows, and the words.
    fn only_problem(line: &str) -> (String, Complaint) {
        let statement = statement(line);
        let problems = settle(&statement).expect_err(line);
        let [
            TimeProblem {
                field,
                within,
                complaint,
            },
        ] = <[_; 1]>::try_from(problems).expect("one problem");
        let text = match field {
            TimeField::Start => Some(statement.start),
            TimeField::End => statement.end,
            TimeField::Duration => statement.duration,
        };
        let text = text.expect("a text");
        (text[within.unwrap_or(0..text.len())].to_owned(), complaint)
    }

    /// Checks statements with the only problem that each has: where and what it is, and the way out.
    fn explains(table: &str) {
        let lines: Vec<&str> = table.lines().map(str::trim).collect();
        for case in lines.chunks(3) {
            let (part, complaint) = only_problem(case[0]);
            let hint = complaint.hint.expect("a way out");
            let found = [
                format!("at {part}: {}", complaint.message),
                format!("hint: {hint}"),
            ];
            assert_eq!(found, case[1..], "{}", case[0]);
        }
    }

    #[test]
    fn settles_everything_in_the_calendars_zone() {
        mean(
            "2024-03-06 14:00 => 2024-03-06 14:00+08:00/15:00?
            2024-03-06 14:00 | 15:30 => 2024-03-06 14:00+08:00/15:30
            2024-03-06 14:00 | 2024-03-07 15:00 => 2024-03-06 14:00+08:00/03-07 15:00
            2024-03-06 14:00 | 3月7日 15:00 => 2024-03-06 14:00+08:00/03-07 15:00
            2024-12-31 23:00 | 1-1 01:00 => 2024-12-31 23:00+08:00/01-01 01:00
            2024-03-06 14:00 | | 1h30m => 2024-03-06 14:00+08:00/15:30
            2024年3月6日（周三）14:00-15:00 => 2024-03-06 14:00+08:00/15:00
            2024-03-06T06:00:00Z | 2024-03-06T07:00:00Z => 2024-03-06 14:00+08:00/15:00
            2024-03-06 14:00 | 15:00 | | America/New_York => 2024-03-07 03:00+08:00/04:00
            2024-03-06T14:00:00-05:00 | 15:00 | | America/New_York => 2024-03-07 03:00+08:00/04:00
            2024-03-06T14:00:00+08:00 | 15:00 => 2024-03-06 14:00+08:00/15:00
            2024-03-06 14:00+08:00 | 07:00Z => 2024-03-06 14:00+08:00/15:00",
        );
    }

    #[test]
    fn ends_in_the_night_but_no_later() {
        mean(
            "2024-03-06 23:00 | 01:00 => 2024-03-06 23:00+08:00/03-07 01:00
            2024-03-06 23:00 | 24:00 => 2024-03-06 23:00+08:00/03-07 00:00
            2024-03-06 22:00 | 06:00 => 2024-03-06 22:00+08:00/03-07 06:00
            2024-03-06 22:00 | 06:01 => End end-before-start
            2024-03-06 22:00 | 22:00 => End end-before-start
            2024-03-06 22:00-06:01 => Start end-before-start",
        );
    }

    #[test]
    fn keeps_whole_days_and_clocks_apart() {
        mean(
            "2024-03-06 => 2024-03-06/2024-03-06
            2024-03-06 | 2024-03-08 => 2024-03-06/2024-03-08
            2024-03-06 - 03-08 => 2024-03-06/2024-03-08
            2024-03-06 | | 2d => 2024-03-06/2024-03-07
            2024-03-06 | | 36h => Duration mixed-all-day
            2024-03-06 | 15:00 => End mixed-all-day
            2024-03-06 14:00 | 2024-03-06 => End mixed-all-day
            2024-03-06 | 2024-03-05 => End end-before-start",
        );
    }

    #[test]
    fn lasts_31_days_at_most() {
        mean(
            "2024-03-01 | 2024-03-31 => 2024-03-01/2024-03-31
            2024-03-01 | 2024-04-01 => End duration-too-long
            2024-03-01 14:00 | 2024-04-01 14:00 => 2024-03-01 14:00+08:00/04-01 14:00
            2024-03-01 14:00 | 2024-04-01 14:01 => End duration-too-long
            2024-03-01 | | 32d => Duration duration-too-long",
        );
    }

    #[test]
    fn says_everything_that_is_wrong_at_once() {
        mean(
            "soon | later | long => Start bad-time, End bad-time, Duration bad-duration, Duration end-twice
            2024-03-06（周一）14:00 | later => End bad-time, Start weekday-mismatch
            soon | 2024-03-06（周一）15:00 => Start bad-time, End weekday-mismatch
            2024-03-06 14:00-15:00 | 15:00 | 1h => End end-twice
            2024-03-06 14:00-15:00 | | 1h => Duration end-twice",
        );
    }

    #[test]
    fn explains_what_is_missing_or_contradicts_itself() {
        explains(
            "15:00
                at 15:00: `15:00` has no date
                hint: write it too, like `2024-03-01 15:00`
            3/6 19:00
                at 3/6: `3/6` has no year
                hint: write `2024/3/6 19:00`
            12 月 6 号 19 点
                at 12 月 6 号: `12 月 6 号` has no year
                hint: write `2023年12 月 6 号 19 点`
            3 月 6 日（下周一）晚 7 点
                at 3 月 6 日: `3 月 6 日` has no year
                hint: write `2023年3 月 6 日（下周一）晚 7 点`, or mend the weekday: `2024-03-06` is a Wednesday
            3 月 6 日（下周三）晚 7 点
                at 3 月 6 日: `3 月 6 日` has no year
                hint: write `2024年3 月 6 日（下周三）晚 7 点`, which is a Wednesday
            2024-03-06（周四）14:00
                at 周四: `2024-03-06` is a Wednesday, not `周四`
                hint: `2024-03-07` is the nearest Thursday: mend the date or the weekday
            2024-03-06 24:00
                at 24:00: `24:00` ends a day and starts nothing
                hint: write `2024-03-07 00:00`
            2023-02-28 | 2-29
                at 2-29: there is no such date as `2023-02-29`
                hint: mend the day, or write another year
            2024-03-06 14:00 | 14:00-15:00
                at 14:00: `end` is one moment, and these are two
                hint: write the end alone: `15:00`",
        );
    }

    #[test]
    fn shows_the_start_beside_an_end_that_is_too_early() {
        explains(
            "2024-03-06 14:00 | 2024-03-06 13:00
                at 2024-03-06 13:00: `end` is not after `start`
                hint: times are Asia/Shanghai unless the file says `timezone:`
            2024-03-06 14:00 | 13:00
                at 13:00: `end` is not after `start`
                hint: if another day is meant, write it: `2024-03-07 13:00`
            2024-03-06 14:00-13:00
                at 13:00: the end is not after the start
                hint: if another day is meant, write it: `2024-03-06 14:00 - 2024-03-07 13:00`
            2024-03-06 | 3-5
                at 3-5: `end` is not after `start`
                hint: `end` is the last day itself, not the day after",
        );
        let (_, complaint) = only_problem("2024-03-06 14:00 | 2024-03-06 13:00");
        assert_eq!(
            complaint.label.as_deref(),
            Some("start is 2024-03-06 14:00")
        );
    }

    #[test]
    fn asks_which_moment_is_meant_when_the_clocks_change() {
        explains(
            "2024-03-10 02:30 | | | America/New_York
                at 02:30: there is no `2024-03-10 02:30` in America/New_York: the clocks go forward then
                hint: write `2024-03-10T01:30:00-05:00` or `2024-03-10T03:30:00-04:00`
            2024-11-03 01:30 | | | America/New_York
                at 01:30: `2024-11-03 01:30` comes twice in America/New_York: the clocks go back then
                hint: write `2024-11-03T01:30:00-04:00` for the first time, `2024-11-03T01:30:00-05:00` for the second
            1986-05-04 02:30
                at 02:30: there is no `1986-05-04 02:30` in Asia/Shanghai: the clocks go forward then
                hint: write `1986-05-04T01:30:00+08:00` or `1986-05-04T03:30:00+09:00`
            2024-03-06T14:00:00+09:00 | | | Asia/Shanghai
                at +09:00: `+09:00` is not the offset of Asia/Shanghai, which is `+08:00` at that moment
                hint: leave out the offset or `timezone:`
            2024-03-06T14:00:00-05:00 | 15:00
                at 15:00: `end` may be in Asia/Shanghai, or at `-05:00` like the start
                hint: say which, like `2024-03-06T15:00:00-05:00`",
        );
        mean(
            "2024-11-03T01:30:00-05:00 | | | America/New_York => 2024-11-03 14:30+08:00/15:30?
            1986-05-04T03:30:00+09:00 => 1986-05-04 03:30+09:00/04:30?
            1986-07-01 14:00 => 1986-07-01 14:00+09:00/15:00?
            1992-07-01 14:00 => 1992-07-01 14:00+08:00/15:00?",
        );
    }

    #[test]
    fn reads_an_instant_that_is_one_moment() {
        let read = |text| read_instant(text, TimeField::Start, None, Tz::Asia__Shanghai, TODAY);
        assert_eq!(
            read("2024-03-06T06:00:00Z").expect("a moment").to_string(),
            "2024-03-06 14:00:00 CST"
        );
        for (text, code) in [
            ("2024-03-06", Code::BadTime),
            ("14:00", Code::MissingDate),
            ("2024-03-06 14:00-15:00", Code::BadTime),
        ] {
            assert_eq!(read(text).expect_err(text).complaint.code, code, "{text}");
        }
    }

    #[test]
    fn reads_iana_zones_and_proposes_them_for_anything_else() {
        for name in ["Asia/Shanghai", "Etc/GMT-8", "UTC", " Europe/Berlin "] {
            assert_eq!(read_zone(name).expect(name).name(), name.trim());
        }
        let table = "CST => `Asia/Shanghai`
            Asia/Beijing => `Asia/Shanghai`
            UTC+8 => `Asia/Shanghai`
            +08:00 => `Asia/Shanghai`
            北京时间 => `Asia/Shanghai`
            asia/shanghai => `Asia/Shanghai`
            Asia/Shanghia => `Asia/Shanghai`
            GMT-5 => `Etc/GMT+5`
            New York => `America/New_York`
            PST => the IANA name of a place, like `Asia/Shanghai` or `Europe/Berlin`";
        for line in table.lines().map(str::trim) {
            let (name, proposal) = line.split_once(" => ").expect(line);
            let complaint = read_zone(name).expect_err(name);
            assert_eq!(complaint.code, Code::UnknownZone);
            assert_eq!(complaint.hint, Some(format!("write {proposal}")), "{name}");
        }
    }

    #[test]
    fn reads_durations_and_proposes_them() {
        for (text, minutes) in [
            ("45m", 45),
            ("1h", 60),
            ("1h30m", 90),
            ("90m", 90),
            ("2d", 2880),
            ("1d12h", 2160),
            ("31d", 44640),
        ] {
            assert_eq!(
                read_duration(text),
                Ok(TimeDelta::minutes(minutes)),
                "{text}"
            );
        }
        let table = "PT1H30M => write `1h30m`
            1 hour => write `1h`
            1小时30分钟 => write `1h30m`
            1:30 => write `1h30m`
            90 => write `90m`
            1.5h => write it like `45m`, `1h`, `1h30m` or `2d`
            30m1h => write it like `45m`, `1h`, `1h30m` or `2d`
            1h1h => write it like `45m`, `1h`, `1h30m` or `2d`
            -1h => write it like `45m`, `1h`, `1h30m` or `2d`
            0m => write how long it lasts, like `1h`";
        for line in table.lines().map(str::trim) {
            let (text, hint) = line.split_once(" => ").expect(line);
            let complaint = read_duration(text).expect_err(text);
            assert_eq!(complaint.code, Code::BadDuration, "{text}");
            assert_eq!(complaint.hint.as_deref(), Some(hint), "{text}");
        }
        assert_eq!(
            read_duration("744h1m").expect_err("too long").code,
            Code::DurationTooLong
        );
    }

    /// Takes the proposals out of a hint.
    fn proposals(hint: &str) -> Vec<&str> {
        hint.split('`').skip(1).step_by(2).collect()
    }

    fn timed(statement: &Statement<'_>) -> Result<(DateTime<Tz>, DateTime<Tz>), Vec<TimeProblem>> {
        match settle(statement)?.when {
            When::Timed { start, end } => Ok((start, end)),
            days @ When::AllDay { .. } => panic!("{days:?}"),
        }
    }

    /// Settles a wall clock in a zone; a clock that is skipped or repeated leads to two that are not.
    fn check_wall_clock(zone: Tz, wall: NaiveDateTime) {
        let text = wall.format("%Y-%m-%d %H:%M").to_string();
        let mut statement = statement(&text);
        statement.event_zone = Some(zone);
        match timed(&statement) {
            Ok((start, end)) => {
                assert_eq!(
                    start.with_timezone(&zone).naive_local(),
                    wall,
                    "{zone} {text}"
                );
                assert_eq!(
                    (start.timezone(), end - start),
                    (Tz::Asia__Shanghai, TimeDelta::hours(1))
                );
            }
            Err(problems) => {
                let [problem] = <[_; 1]>::try_from(problems).expect("one problem");
                assert!(
                    [Code::TimeGap, Code::TimeFold].contains(&problem.complaint.code),
                    "{zone} {text}"
                );
                let hint = problem.complaint.hint.expect("a way out");
                let mut starts: Vec<DateTime<Tz>> = Vec::new();
                for proposal in proposals(&hint)
                    .into_iter()
                    .filter(|text| text.len() == "2024-03-06T14:00:00+08:00".len())
                {
                    let statement = Statement {
                        start: proposal,
                        ..statement.clone()
                    };
                    starts.push(timed(&statement).expect(proposal).0);
                }
                assert!(starts.is_sorted() && starts.len() == 2, "{zone} {hint}");
            }
        }
    }

    #[test]
    fn settles_every_clock_around_every_change_of_2024_and_1986() {
        for &zone in &TZ_VARIANTS {
            for year in [1986, 2024] {
                let first = NaiveDate::from_ymd_opt(year, 1, 1)
                    .expect("a date")
                    .and_time(chrono::NaiveTime::MIN);
                let offset = |day: i64| {
                    zone.offset_from_utc_datetime(&(first + TimeDelta::days(day)))
                        .fix()
                };
                for day in (0..366).filter(|day| offset(*day) != offset(day + 1)) {
                    for half_hour in -4..48 {
                        check_wall_clock(
                            zone,
                            first + TimeDelta::days(day) + TimeDelta::minutes(30 * half_hour),
                        );
                    }
                }
            }
        }
    }

    fn texts() -> impl Strategy<Value = String> {
        let known = [
            "2024-03-06 14:00",
            "2024-03-06",
            "15:00",
            "24:00",
            "3月6日（周三）晚 7 点-9 点",
            "12-31 23:00",
            "2-29",
            "2199-12-31 23:59",
            "1970-01-01 00:00",
            "2024-03-06T14:00:00-05:00",
            "2024-03-31 02:30 - 03:30",
            "1h",
            "2d",
            "31d",
            "99999d",
            "0m",
            "待定",
        ];
        prop_oneof![4 => prop::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => any::<String>()]
    }

    proptest! {
        #[test]
        fn settles_any_texts_in_order_or_says_why(
            start in texts(),
            end in prop_oneof![Just(None), texts().prop_map(Some)],
            duration in prop_oneof![Just(None), texts().prop_map(Some)],
            zones in (prop::sample::select(TZ_VARIANTS.to_vec()), prop::sample::select(TZ_VARIANTS.to_vec())),
            has_zone in any::<bool>(),
        ) {
            let statement = Statement {
                start: &start,
                end: end.as_deref(),
                duration: duration.as_deref(),
                event_zone: has_zone.then_some(zones.0),
                calendar_zone: zones.1,
                default_duration: TimeDelta::hours(1),
                today: TODAY,
            };
            match settle(&statement).map(|settled| settled.when) {
                Ok(When::Timed { start, end }) => {
                    prop_assert!(start < end && end - start <= TimeDelta::days(31));
                    prop_assert_eq!((start.timezone(), end.timezone()), (zones.1, zones.1));
                }
                Ok(When::AllDay { first, last }) => prop_assert!(first <= last && last - first < TimeDelta::days(31)),
                Err(problems) => {
                    prop_assert!(!problems.is_empty());
                    prop_assert!(problems.iter().all(|problem| problem.complaint.hint.is_some()));
                }
            }
        }

        #[test]
        fn settles_any_minute_in_any_zone(
            zone in prop::sample::select(TZ_VARIANTS.to_vec()),
            minutes in 1_051_920..120_960_000_i64,
        ) {
            check_wall_clock(zone, DateTime::UNIX_EPOCH.naive_utc() + TimeDelta::minutes(minutes));
        }

        #[test]
        fn survives_any_zone_and_any_duration(text in any::<String>()) {
            prop_assert!(read_zone(&text).map_or(true, |zone| zone.name() == text.trim()));
            prop_assert!(read_duration(&text).map_or(true, |duration| duration > TimeDelta::zero()));
        }
    }
}
