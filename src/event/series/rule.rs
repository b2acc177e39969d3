//! Rules: on which days a series takes place (RFC 5545, 3.3.10).
//!
//! Flows in: frequency, interval and BY parts, as `rule_text` read them. Flows out: the rule in one
//! spelling, however it was written. Deliberately absent: anything below a day, and the days themselves.

use chrono::NaiveDateTime;
use std::fmt;

/// How often a series takes place, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// FREQ.
    pub frequency: Frequency,
    /// INTERVAL, at least 1.
    pub interval: u16,
    /// The BY parts and WKST with their values, in the order of [`Part::ALL`].
    pub parts: Vec<(Part, String)>,
    /// What ends the series.
    pub bound: Bound,
}

/// What a rule counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frequency {
    /// Days.
    Daily,
    /// Weeks.
    Weekly,
    /// Months.
    Monthly,
    /// Years.
    Yearly,
}

impl Frequency {
    /// The words of RFC 5545, with their meaning.
    pub const WORDS: &[(&str, Frequency)] = &[
        ("DAILY", Frequency::Daily),
        ("WEEKLY", Frequency::Weekly),
        ("MONTHLY", Frequency::Monthly),
        ("YEARLY", Frequency::Yearly),
    ];

    fn as_str(self) -> &'static str {
        let word = Self::WORDS.iter().find(|(_, meaning)| *meaning == self);
        word.map_or("", |(word, _)| word)
    }
}

/// A part that picks days out of a period, or says when weeks begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Months of the year.
    ByMonth,
    /// Weeks of the year.
    ByWeekNo,
    /// Days of the year.
    ByYearDay,
    /// Days of the month.
    ByMonthDay,
    /// Weekdays, perhaps the n-th of the month or year.
    ByDay,
    /// Which of the days that the others pick.
    BySetPos,
    /// The weekday that weeks begin with.
    Wkst,
}

impl Part {
    /// Every part with its name, in the order of writing.
    pub const ALL: &[(&str, Part)] = &[
        ("BYMONTH", Part::ByMonth),
        ("BYWEEKNO", Part::ByWeekNo),
        ("BYYEARDAY", Part::ByYearDay),
        ("BYMONTHDAY", Part::ByMonthDay),
        ("BYDAY", Part::ByDay),
        ("BYSETPOS", Part::BySetPos),
        ("WKST", Part::Wkst),
    ];

    /// Gives the name that RFC 5545 has for it.
    pub fn as_str(self) -> &'static str {
        let name = Self::ALL.iter().find(|(_, part)| *part == self);
        name.map_or("", |(name, _)| name)
    }
}

/// What ends a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// Nothing.
    Open,
    /// COUNT: so many occurrences, those that are skipped counted too.
    Count(u32),
    /// UNTIL: the last wall clock of its zone on which it may start.
    Until(NaiveDateTime),
}

/// Writes the rule without what ends it, as RRULE has it.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FREQ={}", self.frequency.as_str())?;
        if self.interval > 1 {
            write!(f, ";INTERVAL={}", self.interval)?;
        }
        for (part, value) in &self.parts {
            write!(f, ";{}={value}", part.as_str())?;
        }
        Ok(())
    }
}
