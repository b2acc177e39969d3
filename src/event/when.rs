//! When an event takes place: what a written time means in the calendar's zone.
//!
//! Flows in: `start`, `end`, `duration` and `timezone` as an author wrote them. Flows out: a [`When`] that is
//! in order, or everything that is wrong with it. Time zones live in this file alone. Deliberately absent: the
//! grammar of times (`written_time`), repetition, and how calendars write any of it.

use crate::diagnostic::{Code, Complaint, nearest};
use crate::event::written_time::{WrittenDate, WrittenMoment, YEARS, read_time};
use crate::source::Span;
use chrono::offset::LocalResult;
use chrono::{
    DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone,
    Timelike,
};
use chrono_tz::TZ_VARIANTS;

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

impl TimeProblem {
    fn whole(field: TimeField, complaint: Complaint) -> Self {
        TimeProblem {
            field,
            within: None,
            complaint,
        }
    }
}

/// Settles what a statement means, or says everything that is wrong with it.
pub fn settle(statement: &Statement<'_>) -> Result<Settled, Vec<TimeProblem>> {
    let mut problems = Vec::new();
    let reference = Reference {
        event_zone: statement.event_zone,
        calendar_zone: statement.calendar_zone,
        today: statement.today,
    };
    let (start, range_end) =
        keep(&mut problems, read_range(TimeField::Start, statement.start)).unzip();
    let range_end = range_end.flatten();
    let end = statement
        .end
        .and_then(|text| keep(&mut problems, read_end(text)));
    let duration = statement.duration.and_then(|text| {
        let duration = read_duration(text)
            .map_err(|complaint| TimeProblem::whole(TimeField::Duration, complaint));
        keep(&mut problems, duration)
    });
    problems.extend(ends_twice(statement, range_end.is_some()));
    let end_assumed =
        range_end.is_none() && statement.end.is_none() && statement.duration.is_none();

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
            end_assumed: end_assumed && matches!(when, When::Timed { .. }),
            when: reference.in_calendar_zone(when),
        }),
        _ => Err(problems),
    }
}

/// Reads one moment that a text states, in the calendar's zone.
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
        let complaint = Complaint::new(
            Code::BadTime,
            "there are two moments here, and one is meant",
        );
        let first = &text[told.moment.span.clone()];
        return Err(end.problem(
            &end.moment.span,
            complaint.hint(format!("write `{first}` alone")),
        ));
    }
    match reference.start(&told)? {
        Start::Moment { at, .. } => Ok(at.with_timezone(&calendar_zone)),
        Start::Day(day) => {
            let complaint = Complaint::new(Code::BadTime, format!("`{day}` has no time of day"));
            Err(told.problem(
                &told.moment.span,
                complaint.hint(format!("add it, like `{day} 14:00`")),
            ))
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
    fn problem(&self, span: &Span, complaint: Complaint) -> TimeProblem {
        TimeProblem {
            field: self.field,
            within: Some(span.clone()),
            complaint,
        }
    }

    fn offset(&self) -> Option<FixedOffset> {
        self.moment.offset.as_ref().map(|offset| offset.value)
    }

    fn too_early(&self, start: String, hint: String) -> TimeProblem {
        let name = match self.field {
            TimeField::End => "`start`",
            TimeField::Start | TimeField::Duration => "the start",
        };
        let message = format!("{} is not after {name}", self.end_name());
        let complaint = Complaint::new(Code::EndBeforeStart, message);
        self.problem(
            &self.moment.span,
            complaint.label(format!("start is {start}")).hint(hint),
        )
    }

    /// How a sentence calls the end that is told here.
    fn end_name(&self) -> &'static str {
        match self.field {
            TimeField::End => "`end`",
            TimeField::Start | TimeField::Duration => "the end",
        }
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
    let complaint = Complaint::new(Code::BadTime, "`end` is one moment, not two");
    let alone = &text[end.moment.span.clone()];
    Err(told.problem(
        &told.moment.span,
        complaint.hint(format!("write the end alone: `{alone}`")),
    ))
}

fn ends_twice(statement: &Statement<'_>, has_range: bool) -> Option<TimeProblem> {
    let (field, words) = match (has_range, statement.end, statement.duration) {
        (true, Some(_), _) => (TimeField::End, "`start` and `end`"),
        (true, None, Some(_)) => (TimeField::Duration, "`start` and `duration`"),
        (false, Some(_), Some(_)) => (TimeField::Duration, "`end` and `duration`"),
        _ => return None,
    };
    let complaint = Complaint::new(
        Code::EndTwice,
        format!("{words} both say when the event ends"),
    );
    Some(TimeProblem::whole(
        field,
        complaint.hint("keep one of them"),
    ))
}

/// Where an event starts, in the zone that its wall clock is in.
enum Start {
    Day(NaiveDate),
    Moment {
        at: DateTime<Tz>,
        wall: NaiveDateTime,
        offset: Option<FixedOffset>,
    },
}

impl Start {
    fn lasting(&self, duration: TimeDelta) -> Result<When, TimeProblem> {
        match *self {
            Start::Moment { at, .. } => Ok(When::Timed {
                start: at,
                end: at + duration,
            }),
            Start::Day(first) if duration == TimeDelta::days(duration.num_days()) => {
                Ok(When::AllDay {
                    first,
                    last: first + duration - TimeDelta::days(1),
                })
            }
            Start::Day(first) => {
                let message = "`start` is a whole day, but `duration` has hours";
                let hint =
                    format!("write `duration: 2d`, or give the start a clock: `{first} 14:00`");
                let complaint = Complaint::new(Code::MixedAllDay, message).hint(hint);
                Err(TimeProblem::whole(TimeField::Duration, complaint))
            }
        }
    }

    fn unended(&self, default_duration: TimeDelta) -> When {
        match *self {
            Start::Moment { at, .. } => When::Timed {
                start: at,
                end: at
                    .checked_add_signed(default_duration.min(LONGEST))
                    .unwrap_or(at),
            },
            Start::Day(first) => When::AllDay { first, last: first },
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
        let wall = clock.value.on(date);
        if wall.date() > date {
            let complaint =
                Complaint::new(Code::BadTime, "`24:00` can end an event, but not start one");
            let hint = format!("write `{}`", shown(wall, told.offset()));
            return Err(told.problem(&clock.span, complaint.hint(hint)));
        }
        Ok(Start::Moment {
            at: self.instant(told, wall)?,
            wall,
            offset: told.offset(),
        })
    }

    /// Settles an event that lasts until a moment that is told.
    fn until(&self, start: &Start, end: &Told<'_>) -> Result<When, TimeProblem> {
        let (when, length) = match (start, &end.moment.clock) {
            (&Start::Day(first), None) => {
                let last = self.date(end, Some(first))?;
                if last < first {
                    let hint = format!(
                        "{} is the last day itself, not the day after",
                        end.end_name()
                    );
                    return Err(end.too_early(first.to_string(), hint));
                }
                (
                    When::AllDay { first, last },
                    last - first + TimeDelta::days(1),
                )
            }
            (&Start::Moment { at, wall, offset }, Some(clock)) => {
                let stop = match end.moment.date {
                    Some(_) => {
                        self.instant(end, clock.value.on(self.date(end, Some(wall.date()))?))?
                    }
                    None => self.clock_after(at, wall, offset, end)?,
                };
                if stop <= at {
                    let zone = self.zone().name();
                    let hint = match self.event_zone {
                        Some(_) => format!("times are {zone}, as `timezone:` says"),
                        None => format!("times are {zone} unless the file says `timezone:`"),
                    };
                    return Err(end.too_early(shown(at.naive_local(), None), hint));
                }
                (
                    When::Timed {
                        start: at,
                        end: stop,
                    },
                    stop - at,
                )
            }
            (Start::Day(first), Some(clock)) => {
                let message = format!(
                    "{} has a clock, but the start is a whole day",
                    end.end_name()
                );
                let hint = format!("give the start a clock too, like `{first} 14:00`");
                return Err(end.problem(
                    &clock.span,
                    Complaint::new(Code::MixedAllDay, message).hint(hint),
                ));
            }
            (Start::Moment { wall, .. }, None) => {
                let message = format!(
                    "{} is a whole day, but the start has a clock",
                    end.end_name()
                );
                let hint = format!(
                    "give the end a clock too, like `{}`",
                    shown(*wall + TimeDelta::hours(1), None)
                );
                return Err(end.problem(
                    &end.moment.span,
                    Complaint::new(Code::MixedAllDay, message).hint(hint),
                ));
            }
        };
        if length > LONGEST {
            let message = format!(
                "the event lasts {} days, more than {}",
                length.num_days(),
                LONGEST.num_days()
            );
            let complaint = Complaint::new(Code::DurationTooLong, message);
            let hint = "mend the date, or write an event for the beginning and one for the end";
            return Err(end.problem(&end.moment.span, complaint.hint(hint)));
        }
        Ok(when)
    }

    /// Finds the moment at which a clock without a date shows its time after the start.
    fn clock_after(
        &self,
        at: DateTime<Tz>,
        wall: NaiveDateTime,
        offset: Option<FixedOffset>,
        end: &Told<'_>,
    ) -> Result<DateTime<Tz>, TimeProblem> {
        let Some(clock) = &end.moment.clock else {
            return Ok(at);
        };
        let said = end.offset();
        if let (Some(offset), None) = (offset, said)
            && offset != at.offset().fix()
        {
            let zone = self.zone().name();
            let message = format!(
                "{} may be in {zone}, or in `{offset}` like the start",
                end.end_name()
            );
            let hint = format!(
                "write its offset too: `{}`",
                shown(clock.value.on(wall.date()), Some(offset))
            );
            return Err(end.problem(
                &clock.span,
                Complaint::new(Code::OffsetConflict, message).hint(hint),
            ));
        }
        let wall = said.map_or(wall, |said| at.with_timezone(&said).naive_local());
        let same_day = clock.value.on(wall.date());
        if same_day > wall {
            return self.instant(end, same_day);
        }
        let next_day = same_day + TimeDelta::days(1);
        let stop = self.instant(end, next_day)?;
        if stop - at <= LONGEST_NIGHT {
            return Ok(stop);
        }
        let mut full = shown(next_day, said);
        if end.field != TimeField::End {
            full = format!("{} - {full}", shown(wall, said));
        }
        let hint = format!("if another day is meant, write it: `{full}`");
        Err(end.too_early(shown(wall, None), hint))
    }

    /// Gives the date that is told; the year may come from the start.
    fn date(&self, told: &Told<'_>, start: Option<NaiveDate>) -> Result<NaiveDate, TimeProblem> {
        let Some(written) = &told.moment.date else {
            let complaint = Complaint::new(Code::MissingDate, "a clock alone says no date");
            let text = told.text.trim();
            let hint = format!("write the date before it, like `{} {text}`", self.today);
            return Err(told.problem(&told.moment.span, complaint.hint(hint)));
        };
        let date = written.value;
        let Some(year) = date.year.or(start.map(|start| year_after(date, start))) else {
            let complaint = Complaint::new(
                Code::MissingYear,
                format!("`{}` has no year", &told.text[written.span.clone()]),
            );
            return Err(told.problem(&written.span, complaint.hint(self.with_year(told, date))));
        };
        let Some(day) = date.in_year(year) else {
            let message = format!(
                "there is no such date as `{year}-{:02}-{:02}`",
                date.month, date.day
            );
            let complaint =
                Complaint::new(Code::BadTime, message).hint("mend the day, or write the year");
            return Err(told.problem(&written.span, complaint));
        };
        match &told.moment.weekday {
            Some(weekday) if weekday.value != day.weekday() => {
                let said = &told.text[weekday.span.clone()];
                let message = format!("`{day}` is a {}, not `{said}`", day.format("%A"));
                let near = (-3..=3).map(|days| day + TimeDelta::days(days));
                let mut near = near.filter(|day| day.weekday() == weekday.value);
                let meant = near.next().unwrap_or(day);
                let hint = format!(
                    "`{meant}` is the nearest {}: mend the date or the weekday",
                    meant.format("%A")
                );
                Err(told.problem(
                    &weekday.span,
                    Complaint::new(Code::WeekdayMismatch, message).hint(hint),
                ))
            }
            _ => Ok(day),
        }
    }

    /// Judges an end by itself, as far as that can be done.
    fn check_own_date(&self, end: &Told<'_>) -> Result<(), TimeProblem> {
        match &end.moment.date {
            Some(date) if date.value.year.is_some() => self.date(end, None).map(|_| ()),
            _ => Ok(()),
        }
    }

    /// Proposes the year that was probably meant.
    fn with_year(&self, told: &Told<'_>, date: WrittenDate) -> String {
        let days = YEARS.filter_map(|year| date.in_year(year));
        let weekday = told.moment.weekday.as_ref().map(|weekday| weekday.value);
        let fitting = days.filter(|day| weekday.is_none_or(|weekday| day.weekday() == weekday));
        let Some(nearest) = fitting.min_by_key(|day| (*day - self.today).abs()) else {
            return "write the year before it".to_owned();
        };
        let start = told.moment.date.as_ref().map_or(0, |date| date.span.start);
        let (before, text) = told.text.split_at(start);
        let separator = if text.contains(['月', '号']) {
            "年"
        } else if text.contains('/') {
            "/"
        } else {
            "-"
        };
        let year = nearest.year();
        let proposal = format!(
            "write `{}{year}{separator}{}`",
            before.trim_start(),
            text.trim_end()
        );
        match weekday {
            Some(_) => format!("{proposal}: that day is a {}", nearest.format("%A")),
            None => proposal,
        }
    }

    /// Finds the moment at which a wall clock of the zone, or of a stated offset, shows a time.
    fn instant(&self, told: &Told<'_>, wall: NaiveDateTime) -> Result<DateTime<Tz>, TimeProblem> {
        let zone = self.zone();
        let clock_span = told
            .moment
            .clock
            .as_ref()
            .map_or(&told.moment.span, |clock| &clock.span);
        let problem = |complaint| Err(told.problem(clock_span, complaint));
        if let Some(offset) = &told.moment.offset {
            let at = zone.from_utc_datetime(&(wall - offset.value));
            if self.event_zone.is_some() && at.offset().fix() != offset.value {
                return Err(told.problem(&offset.span, offset_conflict(told, &offset.span, at)));
            }
            return Ok(at);
        }
        match zone.from_local_datetime(&wall) {
            LocalResult::Single(at) => Ok(at),
            LocalResult::Ambiguous(first, second) => {
                let message = format!(
                    "`{}` comes twice in {}: the clocks go back",
                    shown(wall, None),
                    zone.name()
                );
                let hint = format!(
                    "write `{}` for the first, `{}` for the second",
                    rfc(first),
                    rfc(second)
                );
                problem(Complaint::new(Code::TimeFold, message).hint(hint))
            }
            LocalResult::None => {
                let message = format!(
                    "`{}` does not come in {}: the clocks go forward",
                    shown(wall, None),
                    zone.name()
                );
                let hint = format!("write {}", around_gap(zone, wall).join(" or "));
                problem(Complaint::new(Code::TimeGap, message).hint(hint))
            }
        }
    }
}

fn offset_conflict(told: &Told<'_>, span: &Span, at: DateTime<Tz>) -> Complaint {
    let zone = at.timezone().name();
    let (said, is) = (&told.text[span.clone()], at.offset().fix());
    let message = format!("`{said}` is not the offset of {zone}, which is `{is}` at that moment");
    Complaint::new(Code::OffsetConflict, message).hint("leave the offset out, or `timezone:`")
}

/// Reads a wall clock that does not come by the rules before the gap and by those after it.
fn around_gap(zone: Tz, wall: NaiveDateTime) -> Vec<String> {
    // The widest gap is the day that Apia and Kwajalein left out.
    let steps = (1..=100).map(|step| TimeDelta::minutes(15) * step);
    let before = steps
        .clone()
        .find_map(|step| zone.from_local_datetime(&(wall - step)).latest());
    let after = steps
        .clone()
        .find_map(|step| zone.from_local_datetime(&(wall + step)).earliest());
    let mut readings: Vec<DateTime<Tz>> = [before, after]
        .into_iter()
        .flatten()
        .map(|beside| zone.from_utc_datetime(&(wall - beside.offset().fix())))
        .collect();
    readings.sort();
    readings
        .into_iter()
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
        Complaint::new(Code::UnknownZone, format!("`{name}` is not a time zone")).hint(hint)
    })
}

/// Names that people use for the time in China; `CST` is Chicago's and Havana's too.
const CHINA: &[&str] = &[
    "cst",
    "bjt",
    "china",
    "beijing",
    "peking",
    "asia/beijing",
    "asia/peking",
    "asia/hangzhou",
    "asia/shenzhen",
    "asia/guangzhou",
    "china standard time",
    "beijing time",
    "utc+8",
    "utc+08:00",
    "gmt+8",
    "gmt+08:00",
    "+8",
    "+08:00",
    "+0800",
    "北京",
    "北京时间",
    "上海",
    "中国",
];

fn likely_zone(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    if CHINA.contains(&lower.as_str()) {
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
        return Err(
            Complaint::new(Code::BadDuration, format!("`{text}` is not a duration")).hint(hint),
        );
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
    const UNITS: &[(&str, &str)] = &[
        ("半小时", "30m"),
        ("小时", "h"),
        ("分钟", "m"),
        ("天", "d"),
        ("个", ""),
        ("days", "d"),
        ("day", "d"),
        ("hours", "h"),
        ("hour", "h"),
        ("hrs", "h"),
        ("hr", "h"),
        ("minutes", "m"),
        ("minute", "m"),
        ("mins", "m"),
        ("min", "m"),
    ];
    let mut short: String = text.to_lowercase().split_whitespace().collect();
    for (word, unit) in UNITS {
        short = short.replace(word, unit);
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
