//! Where an event starts, and what it becomes with an end, with a duration or with neither.

use super::reference::Reference;
use super::told::Told;
use super::wall_clock::shown;
use super::{TimeField, TimeProblem, When};
use crate::diagnostic::{Code, Complaint};
use crate::event::duration::LONGEST;
use crate::event::written_time::{Written, WrittenClock};
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Offset, TimeDelta};
use chrono_tz::Tz;

/// The longest time that an event may last whose end, without a date, lies past midnight.
const LONGEST_NIGHT: TimeDelta = TimeDelta::hours(8);

/// Where an event starts.
pub(super) enum Start {
    Day(NaiveDate),
    Moment(StartMoment),
}

/// A start in the zone that its wall clock is in; a stated offset may show another wall clock.
pub(super) struct StartMoment {
    pub(super) at: DateTime<Tz>,
    wall: NaiveDateTime,
    offset: Option<FixedOffset>,
}

impl Start {
    pub(super) fn read(told: &Told<'_>, reference: &Reference) -> Result<Start, TimeProblem> {
        let date = reference.date(told, None)?;
        let Some(clock) = &told.moment.clock else {
            return Ok(Start::Day(date));
        };
        let (wall, offset) = (clock.value.on(date), told.offset());
        if wall.date() > date {
            let message = "`24:00` ends a day and starts nothing";
            let hint = format!("write `{}`", shown(wall, offset));
            return Err(told.wrong_at(&clock.span, Code::BadTime, message, hint));
        }
        let at = reference.instant(told, wall)?;
        Ok(Start::Moment(StartMoment { at, wall, offset }))
    }

    /// Gives the day that is written.
    pub(super) fn day(&self) -> NaiveDate {
        match self {
            Start::Day(day) => *day,
            Start::Moment(start) => start.wall.date(),
        }
    }

    /// Settles an event whose end nobody says.
    pub(super) fn unended(&self, default_duration: TimeDelta) -> When {
        match self {
            Start::Moment(start) => When::Timed {
                start: start.at,
                end: start.at + default_duration.clamp(TimeDelta::zero(), LONGEST),
            },
            &Start::Day(first) => When::AllDay { first, last: first },
        }
    }

    /// Settles an event that lasts a stated time.
    pub(super) fn lasting(&self, duration: TimeDelta) -> Result<When, TimeProblem> {
        match self {
            Start::Moment(start) => Ok(When::Timed {
                start: start.at,
                end: start.at + duration,
            }),
            &Start::Day(first) if duration == TimeDelta::days(duration.num_days()) => {
                let last = first + duration - TimeDelta::days(1);
                Ok(When::AllDay { first, last })
            }
            Start::Day(first) => {
                let message = "`start` is a whole day, but `duration` has hours";
                let hint = format!(
                    "write whole days like `2d`, or give the start a clock: `{first} 14:00`"
                );
                let complaint = Complaint::new(Code::MixedAllDay, message).hint(hint);
                Err(TimeProblem::all_of(TimeField::Duration, complaint))
            }
        }
    }

    /// Settles an event that lasts until a moment that is told.
    pub(super) fn until(&self, end: &Told<'_>, reference: &Reference) -> Result<When, TimeProblem> {
        let (_, end_name) = end.names();
        let when = match (self, &end.moment.clock) {
            (&Start::Day(first), None) => {
                let last = reference.date(end, Some(first))?;
                if last < first {
                    let hint = format!("{end_name} is the last day itself, not the day after");
                    return Err(end.too_early(first, hint));
                }
                When::AllDay { first, last }
            }
            (Start::Moment(start), Some(clock)) => When::Timed {
                start: start.at,
                end: start.stop(end, clock, reference)?,
            },
            (Start::Day(first), Some(clock)) => {
                let message = format!("{end_name} has a clock, but the start is a whole day");
                let hint = format!("give the start a clock too, like `{first} 14:00`");
                return Err(end.wrong_at(&clock.span, Code::MixedAllDay, message, hint));
            }
            (Start::Moment(start), None) => {
                let clock = (start.wall + TimeDelta::hours(1)).time();
                let like = reference
                    .date(end, Some(start.wall.date()))?
                    .and_time(clock);
                let message = format!("{end_name} is a whole day, but the start has a clock");
                let hint = format!("give the end a clock too, like `{}`", shown(like, None));
                return Err(end.wrong(Code::MixedAllDay, message, hint));
            }
        };
        if when.length() > LONGEST {
            let message = format!("the event lasts longer than {} days", LONGEST.num_days());
            let hint = "mend the date, or write an event for the beginning and one for the end";
            return Err(end.wrong(Code::DurationTooLong, message, hint));
        }
        Ok(when)
    }
}

impl StartMoment {
    /// Finds the moment of an end, which lies after the start.
    fn stop(
        &self,
        end: &Told<'_>,
        clock: &Written<WrittenClock>,
        reference: &Reference,
    ) -> Result<DateTime<Tz>, TimeProblem> {
        let stop = if end.moment.date.is_some() {
            let date = reference.date(end, Some(self.wall.date()))?;
            reference.instant(end, clock.value.on(date))?
        } else {
            self.next(end, clock, reference)?
        };
        if stop <= self.at {
            let start = shown(self.at.naive_local(), None);
            return Err(end.too_early(start, reference.zone_in_words()));
        }
        Ok(stop)
    }

    /// Finds the moment after the start at which a clock shows a time: the same day, or in the night.
    fn next(
        &self,
        end: &Told<'_>,
        clock: &Written<WrittenClock>,
        reference: &Reference,
    ) -> Result<DateTime<Tz>, TimeProblem> {
        let said = end.offset();
        if let (Some(offset), None) = (self.offset, said)
            && offset != self.at.offset().fix()
        {
            let ((_, name), zone) = (end.names(), self.at.timezone());
            let message = format!("{name} may be in {zone}, or at `{offset}` like the start");
            let like = shown(clock.value.on(self.wall.date()), Some(offset));
            let hint = format!("say which, like `{like}`");
            return Err(end.wrong_at(&clock.span, Code::OffsetConflict, message, hint));
        }
        let wall = said.map_or(self.wall, |said| self.at.with_timezone(&said).naive_local());
        let same_day = clock.value.on(wall.date());
        if same_day > wall {
            return reference.instant(end, same_day);
        }
        let next_day = same_day + TimeDelta::days(1);
        let stop = reference.instant(end, next_day)?;
        if stop - self.at <= LONGEST_NIGHT {
            return Ok(stop);
        }
        // `14:00-3:30` is an afternoon more often than a night and a morning.
        let afternoon = same_day + TimeDelta::hours(12);
        let is_afternoon = afternoon > wall
            && afternoon - wall <= LONGEST_NIGHT
            && afternoon.date() == wall.date();
        let afternoon = match is_afternoon {
            true => format!("write `{}` if that is meant; ", afternoon.format("%H:%M")),
            false => String::new(),
        };
        let (start, stop) = (shown(wall, said), shown(next_day, said));
        let hint = match end.field {
            TimeField::End => format!("{afternoon}if another day is meant, write it: `{stop}`"),
            _ => format!("{afternoon}if another day is meant, write it: `{start} - {stop}`"),
        };
        Err(end.too_early(shown(wall, None), hint))
    }
}
