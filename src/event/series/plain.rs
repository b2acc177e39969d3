//! Plain rules: those that every calendar reads alike.
//!
//! Flows in: a rule and the day on which it starts. Flows out: a plain rule that gives the same days, if
//! there is one. Four readers (libical, ical.js, dateutil, sabre) were asked for thousands of rules; what
//! one of them gets wrong is written in another way here, or is not plain. Deliberately absent: what
//! ends the series, which none of this changes.

use super::part::WEEKDAYS;
use super::rule::{Frequency, Part, Rule};
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeSet;

/// Gives a plain rule with the same days as a rule that begins on `start`; `None` if there is none.
pub fn plain(rule: &Rule, start: NaiveDate) -> Option<Rule> {
    let has = |wanted: Part| rule.parts.iter().any(|(part, _)| *part == wanted);
    if has(Part::ByWeekNo) || has(Part::ByYearDay) {
        return None;
    }
    let draft = Draft {
        frequency: rule.frequency,
        interval: u32::from(rule.interval),
        months: numbers(rule, Part::ByMonth)
            .map(i32::unsigned_abs)
            .collect(),
        month_days: numbers(rule, Part::ByMonthDay).collect(),
        days: days(rule),
        positions: numbers(rule, Part::BySetPos).collect(),
        week_start: days_of(rule, Part::Wkst).next().map(|(_, day)| day),
        start,
    };
    if !draft.has_sound_days() {
        return None;
    }
    let draft = match rule.frequency {
        Frequency::Daily => draft.daily(),
        Frequency::Weekly => draft.weekly(),
        Frequency::Monthly => draft.monthly(),
        Frequency::Yearly => draft.yearly(),
    };
    draft.and_then(|draft| draft.written(rule))
}

fn value(rule: &Rule, wanted: Part) -> Option<&str> {
    let part = rule.parts.iter().find(|(part, _)| *part == wanted);
    part.map(|(_, value)| value.as_str())
}

fn numbers(rule: &Rule, part: Part) -> impl Iterator<Item = i32> {
    let values = value(rule, part)
        .into_iter()
        .flat_map(|value| value.split(','));
    values.filter_map(|number| number.parse().ok())
}

/// A weekday as a number from Monday, with its ordinal, or 0.
type Day = (i32, usize);

fn days_of(rule: &Rule, part: Part) -> impl Iterator<Item = Day> {
    let values = value(rule, part)
        .into_iter()
        .flat_map(|value| value.split(','));
    values.filter_map(|text| {
        let (ordinal, name) = text.split_at_checked(text.len().checked_sub(2)?)?;
        let day = WEEKDAYS.iter().position(|known| *known == name)?;
        Some((ordinal.parse().unwrap_or(0), day))
    })
}

fn days(rule: &Rule) -> BTreeSet<Day> {
    days_of(rule, Part::ByDay).collect()
}

/// A rule while its form is sought.
struct Draft {
    frequency: Frequency,
    interval: u32,
    months: BTreeSet<u32>,
    month_days: BTreeSet<i32>,
    days: BTreeSet<Day>,
    positions: BTreeSet<i32>,
    week_start: Option<usize>,
    start: NaiveDate,
}

impl Draft {
    fn has_ordinals(&self) -> bool {
        self.days.iter().any(|(ordinal, _)| *ordinal != 0)
    }

    /// Tells whether the weekdays are counted in one way, in months, and picked by nothing else.
    fn has_sound_days(&self) -> bool {
        let is_mixed = self.days.iter().any(|(ordinal, _)| *ordinal == 0);
        let is_large = self.days.iter().any(|(ordinal, _)| ordinal.abs() > 5);
        let is_picked = !self.month_days.is_empty() || !self.positions.is_empty();
        !self.has_ordinals() || !(is_mixed || is_large || is_picked)
    }

    fn daily(mut self) -> Option<Self> {
        if !self.positions.is_empty() {
            return None;
        }
        self.week_start = None;
        if self.months.is_empty() && self.month_days.is_empty() {
            return Some(self);
        }
        if self.interval > 1 {
            return None;
        }
        if self.month_days.is_empty() {
            // Each day of some months.
            if self.days.is_empty() {
                self.days = (0..WEEKDAYS.len()).map(|day| (0, day)).collect();
            }
            return self.yearly();
        }
        self.monthly()
    }

    fn weekly(mut self) -> Option<Self> {
        let day = self.start.weekday().num_days_from_monday() as usize;
        if !self.positions.is_empty() {
            if !self.months.is_empty() {
                return None;
            }
            self.pick_weekdays(day)?;
        }
        if self.months.is_empty() {
            return self.with_safe_week_start(day);
        }
        if self.interval > 1 {
            return None;
        }
        if self.days.is_empty() {
            self.days.insert((0, day));
        }
        self.yearly()
    }

    /// Lets weeks begin on a day that puts the same weekdays into one week: libical gets lost in weeks that
    /// begin on Wednesday to Saturday, and not all programs begin them on Monday unless told to.
    fn with_safe_week_start(mut self, start: usize) -> Option<Self> {
        const MONDAY: usize = 0;
        const TUESDAY: usize = 1;
        const SUNDAY: usize = 6;
        let mut held: BTreeSet<usize> = self.days.iter().map(|(_, day)| *day).collect();
        held.insert(start);
        let first = self.week_start.unwrap_or(MONDAY);
        let is_same = |other: usize| {
            let count = WEEKDAYS.len();
            let mut between =
                (0..(other + count - first) % count).map(|step| (first + step) % count);
            let crossed = between.by_ref().filter(|day| held.contains(day)).count();
            crossed == 0 || crossed == held.len()
        };
        let does_not_matter = self.interval == 1 || (is_same(MONDAY) && is_same(SUNDAY));
        self.week_start = match does_not_matter {
            true => None,
            false => Some(
                [MONDAY, SUNDAY, TUESDAY]
                    .into_iter()
                    .find(|day| is_same(*day))?,
            ),
        };
        Some(self)
    }

    /// Takes those of the weekdays that are at the positions, if that is clear in the first week too: some
    /// count its days from the start on.
    fn pick_weekdays(&mut self, start: usize) -> Option<()> {
        let first = self.week_start.unwrap_or(0);
        let from_first = |(_, day): &Day| (day + WEEKDAYS.len() - first) % WEEKDAYS.len();
        let mut week: Vec<Day> = self.days.iter().copied().collect();
        week.sort_by_key(from_first);
        let (before, rest) = week.split_at(week.iter().position(|day| *day == (0, start))?);
        let in_first_week = self.at_positions(rest);
        let picked = self.at_positions(&week);
        let is_clear = picked
            .iter()
            .filter(|day| !before.contains(day))
            .eq(&in_first_week);
        self.positions.clear();
        self.days = picked;
        is_clear.then_some(())
    }

    fn at_positions(&self, days: &[Day]) -> BTreeSet<Day> {
        let at = |position: &i32| {
            let back = usize::try_from(position.unsigned_abs()).ok()?;
            let index = match *position > 0 {
                true => back.checked_sub(1),
                false => days.len().checked_sub(back),
            };
            index.and_then(|index| days.get(index)).copied()
        };
        self.positions.iter().filter_map(at).collect()
    }

    fn monthly(mut self) -> Option<Self> {
        self.frequency = Frequency::Monthly;
        self.week_start = None;
        if !self.months.is_empty() {
            return self.monthly_in_some();
        }
        let is_bare = self.days.is_empty() && self.month_days.is_empty();
        if is_bare && self.start.day() > 28 {
            // What months without that day do is clear only if the day is written.
            self.month_days
                .insert(i32::try_from(self.start.day()).ok()?);
        }
        if !self.month_days.is_empty() && !self.positions.is_empty() {
            return None;
        }
        if !self.month_days.is_empty() && !self.days.is_empty() {
            return self.monthly_by_both();
        }
        // Every month has four of each weekday.
        let sure = i32::try_from(4 * self.days.len()).ok()?;
        let is_sure = self.positions.iter().all(|position| position.abs() <= sure);
        is_sure.then_some(self)
    }

    /// Days of the month that are also weekdays: ical.js gets lost where they are counted from the end, and
    /// where months are left out.
    fn monthly_by_both(mut self) -> Option<Self> {
        if self.interval > 1 {
            self.months = (1..=12).collect();
            return self.monthly_in_some();
        }
        let is_forward = self.month_days.iter().all(|day| *day > 0);
        is_forward.then_some(self)
    }

    /// Months with BYMONTH: every so many months, or the months of a year.
    fn monthly_in_some(mut self) -> Option<Self> {
        let month = self.start.month();
        let reached = |step: u32| (1..=12).filter(move |other| other % step == month % step);
        let years = match self.interval {
            months if months % 12 == 0 => months / 12,
            months if 12 % months == 0 => 1,
            _ => return None,
        };
        let step = if years > 1 { 12 } else { self.interval };
        let reachable: BTreeSet<u32> = reached(step).collect();
        self.months.retain(|month| reachable.contains(month));
        let spacing = 12
            / u32::try_from(self.months.len())
                .ok()
                .filter(|many| *many > 0)?;
        let picks_both = !self.days.is_empty() && !self.month_days.is_empty();
        let is_even = years == 1 && spacing < 12 && !(picks_both && spacing > 1);
        if is_even && reached(spacing).collect::<BTreeSet<_>>() == self.months {
            self.months.clear();
            self.interval = spacing;
            return self.monthly();
        }
        self.interval = years;
        self.yearly()
    }

    fn yearly(mut self) -> Option<Self> {
        self.frequency = Frequency::Yearly;
        self.week_start = None;
        if self.months.is_empty() {
            return self.yearly_in_any();
        }
        if !self.positions.is_empty() {
            let is_plain = self.months.len() == 1 && self.month_days.is_empty();
            return is_plain.then_some(self);
        }
        let is_bare = self.days.is_empty() && self.month_days.is_empty();
        if is_bare && self.start.day() > 28 {
            self.month_days
                .insert(i32::try_from(self.start.day()).ok()?);
        }
        self.with_sure_days()
    }

    /// Years without BYMONTH.
    fn yearly_in_any(mut self) -> Option<Self> {
        if self.days.is_empty() && self.month_days.is_empty() {
            let is_leap_day = (self.start.month(), self.start.day()) == (2, 29);
            return (!is_leap_day).then_some(self);
        }
        if self.has_ordinals() || !self.positions.is_empty() {
            return None;
        }
        match (self.interval, self.month_days.is_empty()) {
            (1, false) => self.monthly(),
            (1, true) => {
                self.frequency = Frequency::Weekly;
                self.weekly()
            }
            _ => {
                self.months = (1..=12).collect();
                self.yearly()
            }
        }
    }

    /// Counts the days of months from their beginning; each must be there in each of the months.
    fn with_sure_days(mut self) -> Option<Self> {
        let is_february = self.months.iter().eq([&2]);
        if is_february && self.month_days.iter().eq([&-1]) {
            return Some(self);
        }
        let lengths: BTreeSet<i32> = self.months.iter().map(|month| shortest(*month)).collect();
        let least = *lengths.first()?;
        if self.month_days.iter().any(|day| *day < 0) {
            // 29 February would count otherwise.
            if lengths.len() > 1 || least == 28 {
                return None;
            }
            let forward = |day: i32| if day < 0 { least + 1 + day } else { day };
            self.month_days = self.month_days.into_iter().map(forward).collect();
        }
        let is_sure = self.month_days.iter().all(|day| (1..=least).contains(day));
        is_sure.then_some(self)
    }

    fn written(self, rule: &Rule) -> Option<Rule> {
        let part = |part: Part, values: Vec<String>| {
            (!values.is_empty()).then(|| (part, values.join(",")))
        };
        let day = |(ordinal, day): &Day| match ordinal {
            0 => WEEKDAYS[*day].to_owned(),
            ordinal => format!("{ordinal}{}", WEEKDAYS[*day]),
        };
        // From the beginning of the month on, then those from its end.
        let mut month_days: Vec<i32> = self.month_days.into_iter().collect();
        month_days.sort_by_key(|day| (*day < 0, *day));
        let week_start = self.week_start.map(|day| WEEKDAYS[day].to_owned());
        let parts = [
            part(
                Part::ByMonth,
                self.months.iter().map(u32::to_string).collect(),
            ),
            part(
                Part::ByMonthDay,
                month_days.iter().map(i32::to_string).collect(),
            ),
            part(Part::ByDay, self.days.iter().map(day).collect()),
            part(
                Part::BySetPos,
                self.positions.iter().map(i32::to_string).collect(),
            ),
            part(Part::Wkst, week_start.into_iter().collect()),
        ];
        Some(Rule {
            frequency: self.frequency,
            interval: u16::try_from(self.interval).ok()?,
            parts: parts.into_iter().flatten().collect(),
            bound: rule.bound,
        })
    }
}

/// How long a month is in a year that is none of the long ones.
fn shortest(month: u32) -> i32 {
    match month {
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::plain;
    use crate::event::series::expand;
    use crate::event::series::rule_text::read_rule;
    use chrono::{NaiveDate, NaiveTime};
    use chrono_tz::Tz;
    use proptest::prelude::{Strategy, any, prop_assert_eq, proptest};
    use proptest::{option, sample};

    fn written(text: &str, start: &str) -> Option<String> {
        let rule = read_rule(text, Tz::UTC).expect("it is a rule");
        let start = start.parse().expect("it is a day");
        plain(&rule, start).map(|rule| rule.to_string())
    }

    #[test]
    fn what_all_read_alike_stays() {
        for (text, start) in [
            ("FREQ=DAILY;INTERVAL=3", "2026-03-02"),
            ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "2026-03-02"),
            ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", "2026-03-03"),
            ("FREQ=MONTHLY;BYDAY=2WE", "2026-03-11"),
            ("FREQ=MONTHLY;BYMONTHDAY=15,-1", "2026-03-15"),
            (
                "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
                "2026-03-31",
            ),
            ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", "2026-02-28"),
            ("FREQ=YEARLY;BYMONTH=3,9;BYDAY=2MO", "2026-03-09"),
        ] {
            assert_eq!(written(text, start).as_deref(), Some(text));
        }
    }

    #[test]
    fn what_some_misread_is_written_in_another_way() {
        for (text, start, expected) in [
            (
                "FREQ=DAILY;BYMONTHDAY=-1",
                "2026-03-31",
                "FREQ=MONTHLY;BYMONTHDAY=-1",
            ),
            (
                "FREQ=DAILY;BYMONTH=1",
                "2026-01-01",
                "FREQ=YEARLY;BYMONTH=1;BYDAY=MO,TU,WE,TH,FR,SA,SU",
            ),
            (
                "FREQ=WEEKLY;BYDAY=MO,WE,SU;WKST=SU;BYSETPOS=1",
                "2026-03-01",
                "FREQ=WEEKLY;BYDAY=SU",
            ),
            (
                "FREQ=WEEKLY;BYMONTH=5,4",
                "2026-05-05",
                "FREQ=YEARLY;BYMONTH=4,5;BYDAY=TU",
            ),
            (
                "FREQ=MONTHLY;BYMONTH=9,3;BYDAY=2MO",
                "2026-03-09",
                "FREQ=MONTHLY;INTERVAL=6;BYDAY=2MO",
            ),
            (
                "FREQ=MONTHLY;BYMONTH=3,4;BYDAY=2MO",
                "2026-03-09",
                "FREQ=YEARLY;BYMONTH=3,4;BYDAY=2MO",
            ),
            (
                "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR,MO;WKST=FR",
                "2026-03-06",
                "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;WKST=TU",
            ),
            (
                "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU",
                "2026-03-03",
                "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO",
            ),
            ("FREQ=MONTHLY", "2026-03-31", "FREQ=MONTHLY;BYMONTHDAY=31"),
            (
                "FREQ=YEARLY;BYMONTHDAY=13",
                "2026-03-13",
                "FREQ=MONTHLY;BYMONTHDAY=13",
            ),
            (
                "FREQ=YEARLY;BYMONTH=4,6;BYMONTHDAY=-1",
                "2026-04-30",
                "FREQ=YEARLY;BYMONTH=4,6;BYMONTHDAY=30",
            ),
            ("FREQ=YEARLY;BYDAY=MO", "2026-03-02", "FREQ=WEEKLY;BYDAY=MO"),
        ] {
            assert_eq!(written(text, start).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_some_misread_in_every_form_is_not_plain() {
        for (text, start) in [
            ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "2026-05-11"),
            ("FREQ=YEARLY;BYYEARDAY=100", "2026-04-10"),
            ("FREQ=YEARLY;BYDAY=20MO", "2026-05-18"),
            ("FREQ=YEARLY", "2024-02-29"),
            ("FREQ=YEARLY;BYMONTH=1,2;BYMONTHDAY=-1", "2026-01-31"),
            ("FREQ=MONTHLY;BYMONTHDAY=1,15;BYSETPOS=1", "2026-03-01"),
            ("FREQ=WEEKLY;INTERVAL=2;BYMONTH=3", "2026-03-02"),
            ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SA;WKST=SA", "2026-03-03"),
            ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=5", "2026-03-30"),
            ("FREQ=MONTHLY;BYDAY=MO;BYMONTHDAY=-1", "2026-08-31"),
        ] {
            assert_eq!(written(text, start), None, "{text}");
        }
    }

    fn some(values: &'static [&'static str]) -> impl Strategy<Value = Option<String>> {
        let chosen = sample::subsequence(values, 1..=values.len().min(4));
        option::of(chosen.prop_shuffle().prop_map(|chosen| chosen.join(",")))
    }

    fn rules() -> impl Strategy<Value = String> {
        let weekdays = &["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
        let ordinals = &["1MO", "2TU", "3WE", "-1TH", "-2FR", "5SA"];
        let parts = (
            some(&["1", "2", "3", "4", "6", "7", "9", "10", "12"]),
            some(&["1", "13", "28", "29", "30", "31", "-1", "-2", "-28", "-31"]),
            any::<bool>().prop_flat_map(move |plain| some(if plain { weekdays } else { ordinals })),
            some(&["1", "2", "-1", "-2"]),
            some(weekdays),
        );
        let frequency = sample::select(vec!["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]);
        (frequency, 1..=12_u8, parts).prop_map(|(frequency, interval, parts)| {
            let mut text = format!(
                "FREQ={frequency};INTERVAL={}",
                interval.saturating_sub(6).max(1)
            );
            let first = |text: String| text.split(',').next().unwrap_or_default().to_owned();
            let values = [parts.0, parts.1, parts.2, parts.3, parts.4.map(first)];
            for (name, value) in ["BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "WKST"]
                .iter()
                .zip(values)
            {
                if let Some(value) = value {
                    text += &format!(";{name}={value}");
                }
            }
            text
        })
    }

    proptest! {
        #[test]
        fn a_plain_rule_gives_the_same_days(text in rules(), day in 0..4000_i64) {
            let noon = NaiveTime::from_hms_opt(12, 0, 0).expect("a clock");
            let day = NaiveDate::from_ymd_opt(2020, 1, 1).expect("a day") + chrono::TimeDelta::days(day);
            let last = NaiveDate::from_ymd_opt(2060, 1, 1).expect("a day").and_time(noon);
            let Ok(rule) = read_rule(&text, Tz::UTC) else { return Ok(()) };
            let days = |rule, start: NaiveDate, limit| expand(rule, start.and_time(noon), last, limit);
            let Some(start) = days(&rule, day, 1).ok().and_then(|days| Some(days.first()?.date())) else {
                return Ok(());
            };
            // With an interval another period may come first.
            let meant = days(&rule, start, 60);
            if meant.as_ref().is_ok_and(|meant| meant[0].date() == start)
                && let Some(plain) = plain(&rule, start)
            {
                prop_assert_eq!(meant, days(&plain, start, 60), "{} became {}", text, plain);
            }
        }
    }
}
