//! The window of past events: how long one stays in the feeds when it is over.
//!
//! Flows in: a text such as `2y`. Flows out: a window that knows its first day, or what was meant.

use crate::diagnostic::{Code, Complaint, excerpt};
use chrono::{Days, Months, NaiveDate};

/// How long events stay in the feeds after their last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// So many days.
    Days(u16),
    /// So many years, from a date to the same date.
    Years(u16),
}

impl Window {
    /// Reads `30d`, `26w` or `2y`.
    ///
    /// # Errors
    /// `bad-duration` for anything else.
    pub fn read(text: &str) -> Result<Self, Complaint> {
        let bad = |message: String, hint: String| {
            Err(Complaint::new(Code::BadDuration, message).hint(hint))
        };
        match exact_window(text) {
            Some(Window::Days(0) | Window::Years(0)) => bad(
                format!("`{text}` is no time at all"),
                "write how long past events stay, like `2y`; without the key they stay for ever"
                    .to_owned(),
            ),
            Some(window) => Ok(window),
            None => bad(
                format!("`{}` is no window of days, weeks or years", excerpt(text)),
                match likely_window(text) {
                    _ if text.bytes().all(|b| b.is_ascii_digit()) => {
                        "write the unit too: `730d`, `104w` or `2y`".to_owned()
                    }
                    Some(likely) => format!("write `{likely}`: `d`, `w` and `y` are known here"),
                    None => "write it like `30d`, `26w` or `2y`".to_owned(),
                },
            ),
        }
    }

    /// Gives the first day of the window: what was over before it is in no feed.
    pub fn first_day(self, today: NaiveDate) -> NaiveDate {
        let first = match self {
            Window::Days(days) => today.checked_sub_days(Days::new(days.into())),
            Window::Years(years) => today.checked_sub_months(Months::new(u32::from(years) * 12)),
        };
        first.unwrap_or(NaiveDate::MIN)
    }
}

fn exact_window(text: &str) -> Option<Window> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let is_number = (1..=4).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    let number = number.parse::<u16>().ok().filter(|_| is_number)?;
    match unit {
        "d" => Some(Window::Days(number)),
        "w" => Some(Window::Days(number.checked_mul(7)?)),
        "y" => Some(Window::Years(number)),
        _ => None,
    }
}

/// What people write for a unit; of those that begin alike, the longer stands first.
const UNITS: &[(&str, &[&str])] = &[
    ("", &["个"]),
    ("m", &["months", "month", "mon", "mo", "月"]),
    ("d", &["days", "day", "天", "日"]),
    ("w", &["weeks", "week", "星期", "周"]),
    ("y", &["years", "year", "yrs", "yr", "年"]),
];

/// Turns `2 years`, `P2Y`, `2年` and `6 months` into the form that is read; months become weeks.
fn likely_window(text: &str) -> Option<String> {
    let mut short: String = text.to_lowercase().split_whitespace().collect();
    for (unit, words) in UNITS {
        for word in *words {
            short = short.replace(word, unit);
        }
    }
    let short = short.strip_prefix('p').unwrap_or(&short).to_owned();
    let months = short.strip_suffix('m').and_then(|n| n.parse::<u16>().ok());
    let likely = match months {
        Some(months) if months % 12 == 0 => format!("{}y", months / 12),
        Some(months) => format!("{}w", (u32::from(months) * 52 + 6) / 12),
        None => short,
    };
    let is_window = !matches!(
        exact_window(&likely),
        None | Some(Window::Days(0) | Window::Years(0))
    );
    is_window.then_some(likely)
}

#[cfg(test)]
mod tests {
    use super::Window;
    use chrono::NaiveDate;

    #[test]
    fn reads_windows_and_proposes_them() {
        for (text, window) in [
            ("30d", Window::Days(30)),
            ("26w", Window::Days(182)),
            ("2y", Window::Years(2)),
        ] {
            assert_eq!(Window::read(text), Ok(window), "{text}");
        }
        let fallback = "write it like `30d`, `26w` or `2y`";
        let never =
            "write how long past events stay, like `2y`; without the key they stay for ever";
        for (text, hint) in [
            ("6m", "write `26w`: `d`, `w` and `y` are known here"),
            ("12 months", "write `1y`: `d`, `w` and `y` are known here"),
            ("P2Y", "write `2y`: `d`, `w` and `y` are known here"),
            ("2年", "write `2y`: `d`, `w` and `y` are known here"),
            ("6个月", "write `26w`: `d`, `w` and `y` are known here"),
            ("730", "write the unit too: `730d`, `104w` or `2y`"),
            ("0", "write the unit too: `730d`, `104w` or `2y`"),
            ("1y6m", fallback),
            ("-2y", fallback),
            ("2h", fallback),
            ("99999d", fallback),
            ("年", fallback),
            ("forever", fallback),
            ("0y", never),
        ] {
            let complaint = Window::read(text).expect_err(text);
            assert_eq!(complaint.hint.as_deref(), Some(hint), "{text}");
        }
    }

    #[test]
    fn begins_on_the_same_date_or_the_last_one_before() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("it is a date");
        let today = day("2024-02-29");
        assert_eq!(Window::Years(1).first_day(today), day("2023-02-28"));
        assert_eq!(Window::Years(4).first_day(today), day("2020-02-29"));
        assert_eq!(Window::Days(29).first_day(today), day("2024-01-31"));
        assert!(Window::Years(9999).first_day(today) < day("0001-01-01"));
    }
}
