//! The journal: what a command that runs for months tells people, each line with its time.
//!
//! Flows in: lines. Flows out: the same on stderr, with the time of day, and with the date when it is another one.

use super::clock;
use super::report::say;
use super::snippet::{Color, Tone, visible};
use chrono::{DateTime, Local, NaiveDate};
use std::time::Duration;

/// Tells people one thing after the other.
#[derive(Debug)]
pub struct Journal {
    color: Color,
    /// The day of the last line.
    day: NaiveDate,
}

impl Journal {
    /// Begins with the day of today, which needs no saying.
    pub fn new(color: Color) -> Self {
        Journal {
            color,
            day: clock::local().date_naive(),
        }
    }

    /// Gives the colours of its lines.
    pub fn color(&self) -> Color {
        self.color
    }

    /// Says a line of now.
    pub fn say(&mut self, line: &str) {
        say(&self.dated(&visible(line), clock::local()));
    }

    /// Says a line of an earlier moment, coloured already, with how long it took what it tells of.
    pub(super) fn say_of(&mut self, line: &str, time: DateTime<Local>, took: Duration) {
        let took = Tone::Faint.paint(&format!("({})", shown(took)), self.color);
        say(&self.dated(&format!("{line} {took}"), time));
    }

    fn dated(&mut self, line: &str, time: DateTime<Local>) -> String {
        let day = time.date_naive();
        let form = match day == self.day {
            true => "%H:%M:%S",
            false => "%Y-%m-%d %H:%M:%S",
        };
        self.day = day;
        let time = Tone::Faint.paint(&time.format(form).to_string(), self.color);
        format!("{time} {line}")
    }
}

/// Shows a duration as people would say it: `51 ms`, `2.3 s`.
fn shown(took: Duration) -> String {
    match took.as_millis() {
        short @ ..1_000 => format!("{short} ms"),
        _ => format!("{:.1} s", took.as_secs_f64()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Journal, shown};
    use crate::io::snippet::Color;
    use chrono::{Days, Local, TimeZone};
    use std::time::Duration;

    #[test]
    fn the_date_stands_before_the_first_line_of_another_day() {
        let evening = Local.with_ymd_and_hms(2026, 3, 1, 20, 0, 0).unwrap();
        let mut journal = Journal {
            color: Color::Never,
            day: evening.date_naive(),
        };
        assert_eq!(journal.dated("a", evening), "20:00:00 a");
        let next = evening.checked_add_days(Days::new(1)).unwrap();
        assert_eq!(journal.dated("b", next), "2026-03-02 20:00:00 b");
        assert_eq!(journal.dated("c", next), "20:00:00 c");
    }

    #[test]
    fn a_time_of_day_is_faint_on_a_terminal() {
        let time = Local.with_ymd_and_hms(2026, 3, 1, 20, 0, 0).unwrap();
        let mut journal = Journal {
            color: Color::Always,
            day: time.date_naive(),
        };
        assert_eq!(journal.dated("a", time), "\u{1b}[2m20:00:00\u{1b}[0m a");
    }

    #[test]
    fn durations_are_short() {
        assert_eq!(shown(Duration::from_millis(999)), "999 ms");
        assert_eq!(shown(Duration::from_millis(60_181)), "60.2 s");
    }
}
