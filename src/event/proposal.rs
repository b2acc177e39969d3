//! Proposals: what a project's next event is probably like, as its last ones were.
//!
//! Flows in: the events of a project, and the day that it is. Flows out: a start that is still to come, a length, and
//! what stays the same from one event to the next. Deliberately absent: writing it down.

use crate::event::calendar::Calendar;
use crate::event::link::Url;
use crate::event::when::{Moment, Tz, When};
use crate::event::{Event, Kind, Status};
use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime, TimeDelta, Weekday};

/// How many of a project's last events are looked at.
const RECENT: usize = 6;

/// Numbers of episodes have six digits at most.
const LARGEST: u32 = 999_999;

/// After so many days without an event nobody counts weeks from the last one.
const LONG_AGO: i64 = 90;

/// When people meet if nothing is known.
const USUAL: NaiveTime = NaiveTime::from_hms_opt(14, 0, 0).expect("it is a time of day");

/// What the next event is probably like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The day on which it starts.
    pub date: NaiveDate,
    /// The wall clock in the calendar's zone; none for whole days.
    pub clock: Option<NaiveTime>,
    /// How long it lasts.
    pub length: TimeDelta,
    /// Why it starts then.
    pub because: String,
    /// What the last two were both called.
    pub title: Option<String>,
    /// What sort of event the last one was.
    pub kind: Option<Kind>,
    /// The number of the episode, if they have numbers.
    pub episode: Option<u32>,
    /// The link of the last two, if it stays the same.
    pub join: Option<Url>,
    /// The place of the last two, if it stays the same.
    pub location: Option<String>,
}

/// An event of the past or near future, in the calendar's zone.
struct Held<'e> {
    when: When,
    event: &'e Event,
}

/// Proposes the next event of a project; `numbers` are those of episodes that are taken already.
pub fn propose(
    events: &[&Event],
    numbers: impl IntoIterator<Item = u32>,
    calendar: &Calendar,
    project: &str,
    today: NaiveDate,
) -> Proposal {
    let recent = recent(events, calendar.zone);
    let starts = events.iter().map(|event| event.when.start_date());
    let (date, because) = match next_date(&recent, today, &starts.collect::<Vec<_>>()) {
        Some((date, how)) => (date, format!("{how} of `{project}`")),
        None => {
            let because = format!("in a week, since `{project}` has no earlier event");
            (today + Days::new(7), because)
        }
    };
    let registered = calendar.projects.get(project);
    let duration = registered.and_then(|project| project.duration);
    let usual = duration.unwrap_or(calendar.duration);
    let last = recent.last();
    let episodes = events.iter().filter_map(|event| event.details.episode);
    let has_numbers = last.is_some_and(|held| held.event.details.episode.is_some());
    let highest = episodes.chain(numbers).filter(|number| *number < LARGEST);
    let next = highest.max().map(|number| number + 1);
    Proposal {
        date,
        because,
        clock: pattern(&recent).map_or(Some(USUAL), |pattern| pattern.1),
        length: last.map_or(usual, |held| held.when.length()),
        kind: last.map(|held| held.event.details.kind),
        episode: next.filter(|_| has_numbers),
        title: title(&recent),
        join: shared(&recent, |event| event.details.join.url.clone()),
        location: shared(&recent, |event| event.details.location.clone()),
    }
}

/// Gives the last events that took place once, in order; of a project of series alone the series.
fn recent<'e>(events: &[&'e Event], zone: Tz) -> Vec<Held<'e>> {
    let was_held = |event: &&&Event| event.details.status != Status::Cancelled;
    let held = || events.iter().filter(was_held).copied();
    let is_single = |event: &&Event| event.series.is_none();
    let mut recent: Vec<&Event> = held().filter(is_single).collect();
    if recent.is_empty() {
        recent = held().collect();
    }
    let in_zone = |event: &'e Event| Held {
        when: event.when.clone().in_zone(zone),
        event,
    };
    let mut recent: Vec<Held> = recent.into_iter().map(in_zone).collect();
    recent.sort_by_key(|held| held.when.start().wall_clock());
    recent.split_off(recent.len().saturating_sub(RECENT))
}

/// Gives what the last two were both called, or the one meeting that there was.
fn title(recent: &[Held]) -> Option<String> {
    let title = |event: &Event| Some(event.details.title.clone());
    match recent {
        [only] if only.event.details.kind == Kind::Meeting => title(only.event),
        _ => shared(recent, title),
    }
}

/// Gives what the last two have in common.
fn shared<T: PartialEq>(recent: &[Held], of: impl Fn(&Event) -> Option<T>) -> Option<T> {
    match recent {
        [.., before, last] => {
            of(last.event).filter(|value| of(before.event).as_ref() == Some(value))
        }
        _ => None,
    }
}

/// Finds the weekday and the clock that most of the last events started at, and how many did.
fn pattern(recent: &[Held]) -> Option<(Weekday, Option<NaiveTime>, usize)> {
    let of = |held: &Held| {
        let clock = match held.when.start() {
            Moment::Time(time) => Some(time.time()),
            Moment::Day(_) => None,
        };
        (held.when.start_date().weekday(), clock)
    };
    let count = |one| recent.iter().filter(|held| of(held) == one).count();
    // Of two that are as frequent the later one holds.
    let most = recent.iter().map(of).max_by_key(|one| count(*one));
    most.map(|one| (one.0, one.1, count(one)))
}

/// Finds the next day on which the project probably meets, and says how it is found.
fn next_date(
    recent: &[Held],
    today: NaiveDate,
    taken: &[NaiveDate],
) -> Option<(NaiveDate, String)> {
    let (weekday, _, count) = pattern(recent)?;
    let last = recent.last()?.when.start_date();
    let step = match today.signed_duration_since(last).num_days() > LONG_AGO {
        true => Step::Week,
        false => Step::of(recent),
    };
    let is_free = |date: &NaiveDate| *date > today.max(last) && !taken.contains(date);
    let date = step.dates(last, weekday).find(is_free)?;
    let name = date.format("%A");
    let how = match step {
        Step::Week => format!("the next {name}, as {}", counted(count, recent.len())),
        Step::TwoWeeks => format!("a {name} of every second week, as the last ones"),
        Step::Month(nth) => {
            let words = ["first", "second", "third", "fourth"];
            let nth = words.get(nth).copied().unwrap_or("last");
            format!("the {nth} {name} of a month, as the last one")
        }
    };
    Some((date, how))
}

fn counted(count: usize, of: usize) -> String {
    match (count, of) {
        (1, 1) => "the last one".to_owned(),
        (1, _) => "one of the last".to_owned(),
        (count, of) if count == of => format!("the last {of}"),
        (count, of) => format!("{count} of the last {of}"),
    }
}

/// How long it is from one event to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Week,
    TwoWeeks,
    /// The n-th weekday of each month, from 0; the last one after the fourth.
    Month(usize),
}

impl Step {
    /// Finds the step of events by the middle one of their distances.
    fn of(recent: &[Held]) -> Self {
        let day = |held: &Held| held.when.start_date();
        let pairs = recent.iter().zip(recent.iter().skip(1));
        let gaps = pairs.map(|(one, next)| (day(next) - day(one)).num_days());
        let mut gaps: Vec<i64> = gaps.collect();
        gaps.sort_unstable();
        match gaps.get(gaps.len() / 2) {
            Some(11..=20) => Step::TwoWeeks,
            Some(21..=45) => Step::Month(nth(recent)),
            _ => Step::Week,
        }
    }

    /// Gives the days of this step and weekday from the last one on, without end.
    fn dates(self, last: NaiveDate, weekday: Weekday) -> impl Iterator<Item = NaiveDate> {
        let weeks = match self {
            Step::TwoWeeks => 2,
            _ => 1,
        };
        let ahead = (weekday.days_since(last.weekday()) + 6) % 7 + 1;
        let first = last + Days::new(u64::from(ahead) + 7 * (weeks - 1));
        (0..100_000_u32).map_while(move |index| match self {
            Step::Month(nth) => {
                let month = last
                    .with_day(1)?
                    .checked_add_months(Months::new(index + 1))?;
                Some(nth_weekday(month, weekday, nth))
            }
            _ => first.checked_add_days(Days::new(7 * weeks * u64::from(index))),
        })
    }
}

/// Counts, from 0, which of its weekdays in the month the last event was; all may have been the last.
fn nth(recent: &[Held]) -> usize {
    let mut days = recent.iter().map(|held| held.when.start_date());
    let is_last = |day: NaiveDate| (day + Days::new(7)).month() != day.month();
    let last = recent.last().map(|held| held.when.start_date());
    match recent.len() > 1 && days.all(is_last) {
        true => 4,
        false => last.map_or(0, |day| day.day0() as usize / 7),
    }
}

/// Gives the n-th weekday of a month, or its last one.
fn nth_weekday(first_of_month: NaiveDate, weekday: Weekday, nth: usize) -> NaiveDate {
    let ahead = weekday.days_since(first_of_month.weekday()) as usize;
    let of_month = |nth: usize| {
        let day = first_of_month + Days::new((ahead + 7 * nth) as u64);
        (day.month() == first_of_month.month()).then_some(day)
    };
    let last = of_month(4).or(of_month(3)).unwrap_or(first_of_month);
    of_month(nth).filter(|_| nth < 4).unwrap_or(last)
}
