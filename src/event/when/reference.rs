//! The reference: what a told moment means on the calendar and in its zone.
//!
//! Flows in: a moment that may leave out its year or its offset. Flows out: its day and its instant, or the
//! ones to choose from. Deliberately absent: what start and end are to each other, which is `start`'s.

use super::TimeProblem;
use super::told::Told;
use super::wall_clock::{Unclear, instant_of, shown};
use crate::diagnostic::Code;
use crate::event::duration::LONGEST;
use crate::event::written_time::{Written, WrittenDate, YEARS, quote};
use crate::source::Span;
use chrono::{
    DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta,
    TimeZone, Weekday,
};
use chrono_tz::Tz;

/// What times are read against that leave something out.
#[derive(Debug, Clone)]
pub struct Reference {
    /// The zone that `timezone` names.
    pub event_zone: Option<Tz>,
    /// The zone that times are normalised to: the calendar's, or that of a series.
    pub home_zone: Tz,
    /// The day that a clock alone is on, if there is one.
    pub day: Option<NaiveDate>,
    /// The present day, only used to propose a year that is missing.
    pub today: NaiveDate,
}

impl Reference {
    /// The zone that wall clocks are in.
    fn zone(&self) -> Tz {
        self.event_zone.unwrap_or(self.home_zone)
    }

    pub(super) fn zone_in_words(&self) -> String {
        match self.event_zone {
            Some(zone) => format!("times are {zone}, as `timezone:` says"),
            None => {
                let zone = self.home_zone;
                format!("times are {zone} unless the file says `timezone:`")
            }
        }
    }

    /// Gives the date that is told; its year may come from the start.
    pub(super) fn date(
        &self,
        told: &Told<'_>,
        start: Option<NaiveDate>,
    ) -> Result<NaiveDate, TimeProblem> {
        let Some(Written { value: date, span }) = &told.moment.date else {
            return self.day.ok_or_else(|| self.no_date(told));
        };
        let Some(year) = date.year.or(start.map(|start| year_after(*date, start))) else {
            let message = format!("`{}` has no year", told.quote(span));
            let hint = self.with_year(told, *date, span);
            return Err(told.wrong_at(span, Code::MissingYear, message, hint));
        };
        let Some(day) = date.in_year(year) else {
            let (month, day) = (date.month, date.day);
            let message = format!("there is no such date as `{year}-{month:02}-{day:02}`");
            let hint = "mend the day, or write another year";
            return Err(told.wrong_at(span, Code::BadTime, message, hint));
        };
        match &told.moment.weekday {
            Some(weekday) if weekday.value != day.weekday() => Err(not_on(told, day, weekday)),
            _ => Ok(day),
        }
    }

    /// Judges an end by itself, as far as that can be done.
    pub(super) fn check_own_date(&self, end: &Told<'_>) -> Result<(), TimeProblem> {
        match &end.moment.date {
            Some(date) if date.value.year.is_some() => self.date(end, None).map(drop),
            _ => Ok(()),
        }
    }

    fn no_date(&self, told: &Told<'_>) -> TimeProblem {
        let clock = told.moment.clock.as_ref();
        let clock = clock.map_or(NaiveTime::MIN, |clock| clock.value.on(self.today).time());
        let message = format!("`{}` has no date", told.quote(&told.moment.span));
        let like = shown(self.today.and_time(clock), told.offset());
        told.wrong(
            Code::MissingDate,
            message,
            format!("write it too, like `{like}`"),
        )
    }

    /// Proposes the year that was probably meant: the nearest, or the nearest that fits the weekday.
    fn with_year(&self, told: &Told<'_>, date: WrittenDate, span: &Span) -> String {
        let weekday = told.moment.weekday.as_ref().map(|weekday| weekday.value);
        let days = YEARS.filter_map(|year| date.in_year(year));
        let distance = |day: &NaiveDate| (*day - self.today).abs();
        let nearest = days.clone().min_by_key(distance);
        let fitting = days.filter(|day| weekday.is_none_or(|weekday| day.weekday() == weekday));
        let (Some(nearest), Some(fitting)) = (nearest, fitting.min_by_key(distance)) else {
            return "write the year before the month".to_owned();
        };
        let (before, behind) = told.text.split_at(span.start);
        let separator = match behind.chars().find(|c| ['月', '/', '／'].contains(c)) {
            Some('月') => "年",
            Some(_) => "/",
            None => "-",
        };
        let (before, year, behind) = (before.trim_start(), fitting.year(), behind.trim_end());
        let full = quote(&format!("{before}{year}{separator}{behind}"));
        let day = nearest.format("%A");
        match weekday {
            None => format!("write `{full}`"),
            Some(_) if fitting == nearest => format!("write `{full}`, which is a {day}"),
            Some(_) => format!("write `{full}`, or mend the weekday: `{nearest}` is a {day}"),
        }
    }

    /// Finds the moment at which a wall clock of the zone, or at the offset that is told, shows a time.
    pub(super) fn instant(
        &self,
        told: &Told<'_>,
        wall: NaiveDateTime,
    ) -> Result<DateTime<Tz>, TimeProblem> {
        let zone = self.zone();
        if let Some(offset) = &told.moment.offset {
            return self.instant_at(told, wall, offset);
        }
        let clock = told.moment.clock.as_ref();
        let span = clock.map_or(&told.moment.span, |clock| &clock.span);
        instant_of(zone, wall).map_err(|unclear| {
            let [first, second] = unclear.candidates();
            let hint = match unclear {
                Unclear::Repeated(..) => {
                    format!("write `{first}` for the first time, `{second}` for the second")
                }
                Unclear::Skipped(..) => format!("write `{first}` or `{second}`"),
            };
            told.wrong_at(span, unclear.code(), unclear.message(zone, wall), hint)
        })
    }

    fn instant_at(
        &self,
        told: &Told<'_>,
        wall: NaiveDateTime,
        offset: &Written<FixedOffset>,
    ) -> Result<DateTime<Tz>, TimeProblem> {
        let zone = self.zone();
        let at = zone.from_utc_datetime(&(wall - offset.value));
        let is = at.offset().fix();
        if self.event_zone.is_none() || is == offset.value {
            return Ok(at);
        }
        let said = told.quote(&offset.span);
        let message =
            format!("`{said}` is not the offset of {zone}, which is `{is}` at that moment");
        let hint = "leave out the offset or `timezone:`";
        Err(told.wrong_at(&offset.span, Code::OffsetConflict, message, hint))
    }
}

fn not_on(told: &Told<'_>, day: NaiveDate, weekday: &Written<Weekday>) -> TimeProblem {
    let (name, said) = (day.format("%A"), told.quote(&weekday.span));
    let message = format!("`{day}` is a {name}, not `{said}`");
    let mut around = (-3..=3).map(|days| day + TimeDelta::days(days));
    let meant = around
        .find(|day| day.weekday() == weekday.value)
        .unwrap_or(day);
    let name = meant.format("%A");
    let hint = format!("`{meant}` is the nearest {name}: mend the date or the weekday");
    told.wrong_at(&weekday.span, Code::WeekdayMismatch, message, hint)
}

/// The year of the start, or the next one if the date then still lies within an event's length.
fn year_after(date: WrittenDate, start: NaiveDate) -> i32 {
    let next = start.year() + 1;
    match date.in_year(next) {
        Some(day) if day - start <= LONGEST => next,
        _ => start.year(),
    }
}
