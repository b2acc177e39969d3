//! Series: an event file of a random series.
//!
//! Flows in: dice, and the calendar's zone. Flows out: YAML as an author may write it, whose skips and
//! changes hit occurrences and whose clocks are there just once: sofacal refuses all else by design.

use super::dice::Dice;
use super::rules::{Repeat, repeat};
use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use chrono_tz::Tz;
use sofacal::event::series::every::read_every;
use sofacal::event::series::expand;
use sofacal::event::series::rule::Rule;
use sofacal::event::series::rule_text::read_rule;
use sofacal::event::when::{Unclear, instant_of};

/// The zones of calendars and series: with and without daylight saving, north and south, with changes by
/// half an hour, by a day, at midnight, and with none for long.
pub const ZONES: &[&str] = &[
    "Asia/Shanghai",
    "Asia/Shanghai",
    "America/New_York",
    "America/New_York",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Dublin",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
    "America/Sao_Paulo",
    "America/Santiago",
    "America/St_Johns",
    "America/Los_Angeles",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Europe/Moscow",
    "Asia/Tokyo",
    "UTC",
];

/// The last day of a series without an end that is compared.
const END_OF_OPEN: &str = "2031-12-31";
/// How many occurrences of it sofacal looks at.
const LOOKED_AT: u16 = 1000;
/// The most occurrences of a set: each is read four times.
const MOST: u16 = 30;

/// The last day that any series reaches: chrono-tz knows of clocks up to 2099.
const LAST_DAY: &str = "2095-12-31";

/// A series while it is written.
struct Draft {
    zone: Tz,
    is_all_day: bool,
    clock: NaiveTime,
    /// The days of what is compared.
    days: Vec<NaiveDate>,
    is_open: bool,
}

/// A series as it was written.
#[derive(Debug, Clone)]
pub struct Written {
    /// The event file.
    pub text: String,
    zone: Tz,
    clock: Option<NaiveTime>,
    first: NaiveDate,
    last: NaiveDate,
}

impl Written {
    /// Tells whether its zone skips its clock on some day between its first and its last occurrence.
    pub fn spans_gap(&self) -> bool {
        let mut days = self.first.iter_days().take_while(|day| *day <= self.last);
        self.clock.is_some_and(|clock| {
            days.any(|day| {
                matches!(
                    instant_of(self.zone, day.and_time(clock)),
                    Err(Unclear::Skipped(..))
                )
            })
        })
    }
}

/// Writes a series; `None` if the dice gave a rule without a day.
pub fn series(dice: &mut Dice, number: usize, home: &str) -> Option<Written> {
    let name = if dice.happens(30) {
        home
    } else {
        dice.pick(ZONES)
    };
    let zone: Tz = name.parse().expect("chrono-tz knows it");
    let how = repeat(dice);
    let rule = match &how {
        Repeat::Every(text) => read_every(text).ok(),
        Repeat::Rule(text) => read_rule(text, zone).ok(),
    };
    let rule = rule.expect("it is one");
    let first = first_day(dice, zone, &how, &rule)?;
    let (draft, repeat) = bounded(dice, zone, &how, &rule, first)?;
    let mut text = format!("project: team\ntitle: Series {number}\n");
    if name != home {
        text += &format!("timezone: {name}\n");
    }
    text += &times(dice, &draft);
    text += &repeat;
    text += &exceptions(dice, &draft);
    Some(Written {
        text,
        zone,
        clock: (!draft.is_all_day).then_some(draft.clock),
        first,
        last: draft.days[draft.days.len() - 1],
    })
}

/// Finds a day that a rule gives.
fn first_day(dice: &mut Dice, zone: Tz, how: &Repeat, rule: &Rule) -> Option<NaiveDate> {
    let year = match dice.within(1..=10) {
        _ if zone == Tz::Asia__Shanghai && dice.happens(40) => dice.within(1985..=1992),
        1..=5 => dice.within(2022..=2030),
        6..=8 => dice.within(1971..=2021),
        _ => dice.within(2031..=2060),
    };
    let day = NaiveDate::from_yo_opt(i32::try_from(year).ok()?, 1)?;
    let mut day = day + Days::new(dice.within(0..=364).unsigned_abs());
    if matches!(how, Repeat::Every(_)) {
        // Not every month has a 29th.
        day = day.with_day(day.day().min(28))?;
    }
    expanded(rule, day, 1).first().copied()
}

fn expanded(rule: &Rule, day: NaiveDate, limit: u16) -> Vec<NaiveDate> {
    let last: NaiveDate = LAST_DAY.parse().expect("it is a day");
    let noon = |day: NaiveDate| day.and_time(NaiveTime::from_hms_opt(12, 0, 0).expect("a clock"));
    let walls = expand(rule, noon(day), noon(last), limit).expect("the rule is sound");
    walls.iter().map(NaiveDateTime::date).collect()
}

/// Settles what ends the series, and a clock that is there on all its days.
fn bounded(
    dice: &mut Dice,
    zone: Tz,
    how: &Repeat,
    rule: &Rule,
    first: NaiveDate,
) -> Option<(Draft, String)> {
    let mut all = expanded(rule, first, 2 * MOST);
    let end_of_open: NaiveDate = END_OF_OPEN.parse().expect("it is a day");
    let before = all.partition_point(|day| *day <= end_of_open);
    let is_open = dice.happens(30) && (1..usize::from(2 * MOST)).contains(&before);
    if is_open {
        all = expanded(rule, first, LOOKED_AT);
    }
    // With an interval another period may come first.
    all.first().filter(|day| **day == first)?;
    let length = match is_open {
        true => before,
        false => 1 + dice.index(all.len().min(MOST.into())),
    };
    let is_all_day = dice.happens(20);
    let checked = if is_open { &all } else { &all[..length] };
    let is_clear =
        |clock: &NaiveTime| is_all_day || checked.iter().all(|day| is_clear(zone, *day, *clock));
    let clock = Some(clock(dice)).filter(is_clear);
    let draft = Draft {
        zone,
        is_all_day,
        clock: clock.unwrap_or_else(|| quarter(dice, 9..=17)),
        days: all[..length].to_vec(),
        is_open,
    };
    let (mut inside, mut beside) = (String::new(), String::new());
    if !is_open {
        let (within_rule, key) = end(dice, &draft, all.get(length));
        match how {
            Repeat::Rule(_) if dice.happens(40) => inside = within_rule,
            _ => beside = key,
        }
    }
    let how = match how {
        Repeat::Every(text) => format!("every: {text}"),
        Repeat::Rule(text) => format!("rule: {text}{inside}"),
    };
    Some((draft, format!("repeat:\n  {how}\n{beside}")))
}

/// Says when the series ends, as a part of the rule and as a key beside it.
fn end(dice: &mut Dice, draft: &Draft, next: Option<&NaiveDate>) -> (String, String) {
    let length = draft.days.len();
    if dice.happens(50) {
        return (format!(";COUNT={length}"), format!("  count: {length}\n"));
    }
    let last = draft.days[length - 1];
    let free = next.map_or(0, |next| (*next - last).num_days() - 1);
    let until = last + TimeDelta::days(dice.within(0..=free.min(40)));
    let instant = instant_of(draft.zone, last.and_time(draft.clock));
    let inside = match (dice.within(1..=3), instant) {
        (1, Ok(instant)) if !draft.is_all_day => {
            instant.to_utc().format("%Y%m%dT%H%M%SZ").to_string()
        }
        (2, _) if !draft.is_all_day => last
            .and_time(draft.clock)
            .format("%Y%m%dT%H%M%S")
            .to_string(),
        _ => until.format("%Y%m%d").to_string(),
    };
    (format!(";UNTIL={inside}"), format!("  until: {until}\n"))
}

fn is_clear(zone: Tz, day: NaiveDate, clock: NaiveTime) -> bool {
    instant_of(zone, day.and_time(clock)).is_ok()
}

/// Picks a clock: in the day, in the night when clocks change, or near midnight.
fn clock(dice: &mut Dice) -> NaiveTime {
    match dice.within(1..=10) {
        1..=4 => quarter(dice, 8..=20),
        5..=7 => quarter(dice, 0..=4),
        8 => quarter(dice, 23..=23),
        _ => quarter(dice, 18..=23),
    }
}

fn quarter(dice: &mut Dice, hours: std::ops::RangeInclusive<i64>) -> NaiveTime {
    let minutes = dice.within(hours) * 60 + dice.within(0..=3) * 15;
    NaiveTime::MIN + TimeDelta::minutes(minutes)
}

/// Says when the first occurrence begins and ends.
fn times(dice: &mut Dice, draft: &Draft) -> String {
    let day = draft.days[0];
    if draft.is_all_day {
        let days = dice.within(1..=4);
        return match dice.within(1..=3) {
            1 => format!("start: {day}\n"),
            2 => format!("start: {day}\nduration: {days}d\n"),
            _ => format!("start: {day}\nend: {}\n", day + TimeDelta::days(days)),
        };
    }
    let start = format!("start: {day} {}\n", draft.clock.format("%H:%M"));
    let length = length(dice);
    let end = day.and_time(draft.clock) + length;
    match dice.within(1..=4) {
        1 => start,
        2 if is_clear(draft.zone, end.date(), end.time()) => {
            format!("{start}end: {}\n", end.format("%Y-%m-%d %H:%M"))
        }
        _ => format!("{start}duration: {}\n", written(length)),
    }
}

/// Picks a length from a quarter of an hour to some days.
fn length(dice: &mut Dice) -> TimeDelta {
    TimeDelta::minutes(match dice.within(1..=10) {
        1..=5 => dice.within(1..=12) * 15,
        6..=8 => dice.within(4..=12) * 60,
        9 => dice.within(12..=50) * 60,
        _ => dice.within(1..=6) * 24 * 60,
    })
}

fn written(length: TimeDelta) -> String {
    match (length.num_hours(), length.num_minutes() % 60) {
        (0, minutes) => format!("{minutes}m"),
        (hours, 0) => format!("{hours}h"),
        (hours, minutes) => format!("{hours}h{minutes}m"),
    }
}

/// Names occurrences that are left out or differ.
fn exceptions(dice: &mut Dice, draft: &Draft) -> String {
    let mut left = draft.days.clone();
    let skipped = skipped(dice, &mut left, draft.days.len());
    let mut text = String::new();
    if !skipped.is_empty() {
        text += "  skip:\n";
    }
    for day in skipped {
        text += &match dice.happens(30) {
            true => format!("    - {{date: {day}, reason: Holiday}}\n"),
            false => format!("    - {day}\n"),
        };
    }
    let wanted = match dice.within(1..=10) {
        1..=4 => 0,
        5..=8 => dice.within(1..=3),
        _ => dice.within(3..=8),
    };
    if wanted > 0 && !left.is_empty() {
        text += "  changes:\n";
    }
    for _ in 0..wanted {
        if !left.is_empty() {
            let day = taken(dice, &mut left);
            text += &change(dice, draft, day);
        }
    }
    text
}

/// Takes out what is skipped; at least one occurrence stays.
fn skipped(dice: &mut Dice, left: &mut Vec<NaiveDate>, of: usize) -> Vec<NaiveDate> {
    let most = left.len().min(of - 1);
    let wanted = match dice.within(1..=10) {
        1..=4 => 0,
        5..=8 => dice.index(3) + 1,
        9 => most / 2,
        _ => most,
    };
    (0..wanted.min(most)).map(|_| taken(dice, left)).collect()
}

/// Takes out a day, often the first or the last.
fn taken(dice: &mut Dice, left: &mut Vec<NaiveDate>) -> NaiveDate {
    match dice.within(1..=5) {
        1 => left.remove(0),
        2 => left.remove(left.len() - 1),
        _ => left.remove(dice.index(left.len())),
    }
}

fn change(dice: &mut Dice, draft: &Draft, day: NaiveDate) -> String {
    let mut text = format!("    - date: {day}\n");
    let what = dice.within(1..=15);
    if what & 1 != 0 {
        text += &moved(dice, draft, day);
    }
    if what & 2 != 0 {
        text += &format!("      title: Special of {day}\n");
    }
    if what & 4 != 0 {
        text += &match draft.is_all_day {
            true => format!("      duration: {}d\n", dice.within(1..=3)),
            false => format!("      duration: {}\n", written(length(dice))),
        };
    }
    if what & 8 != 0 {
        text += match dice.within(1..=3) {
            1 => "      status: tentative\n",
            2 => "      status: cancelled\n      reason: Everybody is away\n",
            _ => "      location: Room 1\n",
        };
    }
    text
}

/// Moves an occurrence: within its day, to days near by, over a clock change, out of the series.
fn moved(dice: &mut Dice, draft: &Draft, day: NaiveDate) -> String {
    let by = match dice.within(1..=10) {
        1..=4 => 0,
        5..=7 => dice.within(-3..=3),
        8 => dice.within(-40..=40),
        9 => dice.within(-190..=190),
        _ if dice.happens(50) => (draft.days[0] - day).num_days() - dice.within(1..=9),
        _ => (draft.days[draft.days.len() - 1] - day).num_days() + dice.within(1..=9),
    };
    // Nothing is before 1970, and nothing moves out of what is compared of a series without an end.
    let years = 1970..=if draft.is_open { 2031 } else { 2199 };
    let is_within = |by: &i64| years.contains(&(day + TimeDelta::days(*by)).year());
    let by = Some(by).filter(is_within).unwrap_or(0);
    let to = day + TimeDelta::days(by);
    if draft.is_all_day {
        return format!("      start: {to}\n");
    }
    let picked = match dice.happens(30) {
        true => draft.clock,
        false => clock(dice),
    };
    let picked = match is_clear(draft.zone, to, picked) {
        true => picked,
        false => quarter(dice, 9..=17),
    };
    let picked = picked.format("%H:%M");
    match by {
        0 if dice.happens(50) => format!("      start: \"{picked}\"\n"),
        _ => format!("      start: {to} {picked}\n"),
    }
}
