//! Told times: when an announcement says that its event takes place.
//!
//! Flows in: the times that a post writes, and the day of the post. Flows out: a start, perhaps an end, and doubts.
//! A missing year is the one that puts the date nearest to the post's. Deliberately absent: the grammar of times,
//! which is `written_time`'s, and where in a post times are looked for.

use crate::event::when::{Reference, Statement, Tz, When, settle};
use crate::event::written_time::{Written, WrittenDate, WrittenMoment, WrittenTime};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Weekday};

/// When an event takes place, as far as it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Told {
    /// Nobody says.
    #[default]
    Undated,
    /// Whole days.
    Days {
        /// The first.
        first: NaiveDate,
        /// The last.
        last: NaiveDate,
    },
    /// From a moment on, perhaps to another.
    Timed {
        /// The start.
        start: DateTime<Tz>,
        /// The end, if it is said.
        end: Option<DateTime<Tz>>,
    },
}

impl Told {
    /// Gives the day on which it starts.
    pub fn day(&self) -> Option<NaiveDate> {
        match self {
            Told::Undated => None,
            Told::Days { first, .. } => Some(*first),
            Told::Timed { start, .. } => Some(start.date_naive()),
        }
    }
}

/// A date and a clock as written, on the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Placed {
    /// The day.
    pub(super) day: NaiveDate,
    /// The weekday that stands beside it.
    pub(super) weekday: Option<Weekday>,
    /// Whether its year was missing.
    pub(super) lacked_year: bool,
}

impl Placed {
    /// Tells whether the weekday beside it is another one.
    pub(super) fn contradicts_itself(&self) -> bool {
        self.weekday
            .is_some_and(|weekday| weekday != self.day.weekday())
    }
}

/// Puts the date of a written time on the calendar; without a year it is the nearest to the post's day.
pub(super) fn place(time: &WrittenTime, post: Option<NaiveDate>) -> Option<Placed> {
    let Written { value: date, .. } = time.start.date.as_ref()?;
    let weekday = time.start.weekday.as_ref().map(|weekday| weekday.value);
    let day = match date.year {
        Some(year) => date.in_year(year)?,
        None => nearest(*date, post?)?,
    };
    Some(Placed {
        day,
        weekday,
        lacked_year: date.year.is_none(),
    })
}

/// Finds the year that puts a date nearest to a day.
fn nearest(date: WrittenDate, to: NaiveDate) -> Option<NaiveDate> {
    let years = to.year() - 1..=to.year() + 1;
    let days = years.filter_map(|year| date.in_year(year));
    days.min_by_key(|day| (*day - to).abs())
}

/// Settles a written time on a day, by the rules of event files; `None` where they know none.
pub(super) fn settled(time: &WrittenTime, day: NaiveDate, zone: Tz) -> Option<Told> {
    let start = wall_clock(&time.start, day);
    let end = time.end.as_ref().and_then(|end| end_text(end, day));
    let reference = Reference {
        event_zone: None,
        home_zone: zone,
        day: None,
        today: day,
    };
    let with = |end: Option<&str>| {
        let statement = Statement {
            start: &start,
            end,
            duration: None,
            default_duration: TimeDelta::hours(1),
            reference: reference.clone(),
        };
        settle(&statement).ok()
    };
    // An end that cannot be is no end.
    let settled = with(end.as_deref()).or_else(|| with(None))?;
    Some(match settled.when {
        When::AllDay { first, last } => Told::Days { first, last },
        When::Timed { start, end } => Told::Timed {
            start,
            end: (!settled.end_assumed).then_some(end),
        },
    })
}

/// Writes a moment on a day as an event file would.
fn wall_clock(moment: &WrittenMoment, day: NaiveDate) -> String {
    match &moment.clock {
        None => day.to_string(),
        Some(clock) => {
            let wall = clock.value.on(day);
            format!("{}{}", shown(wall), offset(moment))
        }
    }
}

fn end_text(moment: &WrittenMoment, start: NaiveDate) -> Option<String> {
    match (&moment.date, &moment.clock) {
        (Some(date), _) => {
            let year = date.value.year.unwrap_or(start.year());
            let day = date.value.in_year(year)?;
            // The end of a range that crosses the year.
            let is_next = day < start && date.value.year.is_none();
            let day = if is_next {
                date.value.in_year(year + 1)?
            } else {
                day
            };
            Some(wall_clock(moment, day))
        }
        (None, Some(clock)) if clock.value.since_midnight < TimeDelta::days(1) => {
            let clock = clock.value.on(start).format("%H:%M:%S");
            Some(format!("{clock}{}", offset(moment)))
        }
        (None, Some(clock)) => Some(shown(clock.value.on(start))),
        (None, None) => None,
    }
}

fn shown(wall: NaiveDateTime) -> String {
    wall.format("%Y-%m-%dT%H:%M:%S").to_string()
}

fn offset(moment: &WrittenMoment) -> String {
    let offset = moment.offset.as_ref();
    offset.map_or(String::new(), |offset| offset.value.to_string())
}

/// Tells whether a word like 下周三 is wrong about a day, seen from the post's; weeks begin on Monday.
pub(super) fn week_is_wrong(word: &str, day: NaiveDate, post: NaiveDate) -> bool {
    let monday =
        |day: NaiveDate| day - TimeDelta::days(day.weekday().num_days_from_monday().into());
    let weeks = (monday(day) - monday(post)).num_weeks();
    match word.chars().next() {
        Some('下') => weeks != word.chars().take_while(|c| *c == '下').count() as i64,
        Some('本' | '这') => weeks != 0,
        Some('上') => weeks >= 0,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Told, place, settled, week_is_wrong};
    use crate::event::when::Tz;
    use crate::event::written_time::{DayParts, find_times_with};
    use chrono::NaiveDate;

    fn told(text: &str, post: &str) -> String {
        let post = post.parse().ok();
        let times = find_times_with(text, &DayParts::default());
        let time = times.first().expect("a time");
        let placed = place(time, post).expect("a date");
        let told = settled(time, placed.day, Tz::Asia__Shanghai).expect("it can be");
        match told {
            Told::Undated => String::new(),
            Told::Days { first, last } => format!("{first} - {last}"),
            Told::Timed { start, end } => {
                let minute = |time: chrono::DateTime<Tz>| time.format("%Y-%m-%d %H:%M").to_string();
                format!("{} - {}", minute(start), end.map_or("?".to_owned(), minute))
            }
        }
    }

    #[test]
    fn a_missing_year_puts_the_date_nearest_to_the_post() {
        let table = [
            (
                "3 月 6 日（周三）19:00-20:00",
                "2024-03-01",
                "2024-03-06 19:00 - 2024-03-06 20:00",
            ),
            ("12 月 30 日晚 7 点", "2024-01-02", "2023-12-30 19:00 - ?"),
            (
                "1 月 2 日 23:00-01:00",
                "2023-12-30",
                "2024-01-02 23:00 - 2024-01-03 01:00",
            ),
            (
                "2024-12-30 09:00 ~ 01-02 17:00",
                "2024-12-01",
                "2024-12-30 09:00 - 2025-01-02 17:00",
            ),
            ("2 月 29 日 14:00", "2023-03-01", "2024-02-29 14:00 - ?"),
            ("5 月 6 日-8 日", "2024-05-01", "2024-05-06 - 2024-05-08"),
            (
                "5 月 6 日 14:00-05:00",
                "2024-05-01",
                "2024-05-06 14:00 - ?",
            ),
            (
                "2024-05-06 晚 9 点-12 点",
                "2024-05-01",
                "2024-05-06 21:00 - 2024-05-07 00:00",
            ),
            ("2024-05-06 06:00 UTC", "2024-05-01", "2024-05-06 14:00 - ?"),
        ];
        for (text, post, meaning) in table {
            assert_eq!(told(text, post), meaning, "{text}");
        }
    }

    #[test]
    fn knows_this_week_from_the_next() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let friday = day("2024-03-01");
        assert!(!week_is_wrong("下周三", day("2024-03-06"), friday));
        assert!(week_is_wrong("本周三", day("2024-03-06"), friday));
        assert!(week_is_wrong("下周三", day("2024-03-13"), friday));
        assert!(!week_is_wrong("下下周三", day("2024-03-13"), friday));
        assert!(!week_is_wrong("周三", day("2024-03-13"), friday));
    }
}
