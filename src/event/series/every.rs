//! Plain intervals: `every: 2 weeks`.
//!
//! Flows in: what an author wrote. Flows out: a rule without BY parts, or a complaint that knows what
//! people write instead.

use super::rule::{Bound, Frequency, Rule};
use crate::diagnostic::{Code, Complaint, excerpt};

/// The largest INTERVAL.
const LARGEST_INTERVAL: u16 = 1000;

/// Reads `day`, `week`, `2 weeks`, `month`, `year`.
///
/// # Errors
/// It is something else; the hint knows what people write instead.
pub fn read_every(text: &str) -> Result<Rule, Complaint> {
    let bad = |hint: String| {
        let message = format!("`every` does not know `{}`", excerpt(text));
        Err(Complaint::new(Code::BadRule, message).hint(hint))
    };
    let lower = text.to_lowercase();
    let digits = lower.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = lower.split_at(digits);
    let frequency = match unit.trim_start() {
        "day" | "days" => Frequency::Daily,
        "week" | "weeks" => Frequency::Weekly,
        "month" | "months" => Frequency::Monthly,
        "year" | "years" => Frequency::Yearly,
        "" if !number.is_empty() => return bad(format!("write the unit too: `{number} weeks`")),
        _ => return bad(hint_for(&lower)),
    };
    let interval = match number {
        "" => 1,
        number => interval(number)?,
    };
    Ok(Rule {
        frequency,
        interval,
        parts: Vec::new(),
        bound: Bound::Open,
    })
}

const RULE: &str = "for days that no interval says there is `rule`, such as `rule: FREQ=MONTHLY;BYDAY=2WE` for the second Wednesday";
const KNOWN: &str = "write `day`, `week`, `2 weeks`, `month` or `year`; or a `rule`, such as `FREQ=MONTHLY;BYDAY=2WE`";
const DAYS_AT_LEAST: &str =
    "a series repeats by days at the least; write an event for each time of day";
const OF_START: &str = "write `week`: it repeats on the weekday of `start`";
const WORKDAYS: &str = "write `rule: FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR`";
const WEEKENDS: &str = "write `rule: FREQ=WEEKLY;BYDAY=SA,SU`";

/// What people write, with what to tell them; what is told apart by more words stands first.
const HINTS: &[(&[&str], &str)] = &[
    (&["freq="], "this belongs under the key `rule`"),
    (&["hour", "minute", "小时", "分钟"], DAYS_AT_LEAST),
    (&["工作日", "weekday", "workday", "mon-fri"], WORKDAYS),
    (&["周末", "weekend"], WEEKENDS),
    (
        &[
            "1st", "2nd", "3rd", "4th", "first", "second", "third", "fourth", "last", "第", "最后",
        ],
        RULE,
    ),
    (
        &[
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
        ],
        OF_START,
    ),
    (
        &[
            "周一", "周二", "周三", "周四", "周五", "周六", "周日", "周天",
        ],
        OF_START,
    ),
    (
        &[
            "星期一",
            "星期二",
            "星期三",
            "星期四",
            "星期五",
            "星期六",
            "星期日",
            "星期天",
        ],
        OF_START,
    ),
    (
        &[
            "biweek",
            "fortnight",
            "other week",
            "隔周",
            "隔一周",
            "双周",
        ],
        "write `2 weeks`",
    ),
    (
        &["bimonth", "other month", "隔月", "隔一个月", "双月"],
        "write `2 months`",
    ),
    (&["other day", "隔天", "隔日"], "write `2 days`"),
    (
        &["half year", "half-year", "semiannual", "半年"],
        "write `6 months`",
    ),
    (&["半月", "半个月", "semimonth"], RULE),
];

/// Units, as people name them, and how many of ours they are.
const UNITS: &[(&[&str], &str, u16)] = &[
    (&["quarter", "季"], "month", 3),
    (&["month", "月"], "month", 1),
    (&["week", "周", "星期", "礼拜"], "week", 1),
    (&["year", "annual", "年"], "year", 1),
    (&["day", "daily", "天", "日"], "day", 1),
];

/// Numbers, as people write them in words.
const NUMBERS: &[(&str, u16)] = &[
    ("两", 2),
    ("二", 2),
    ("two", 2),
    ("三", 3),
    ("three", 3),
    ("四", 4),
    ("four", 4),
    ("六", 6),
    ("six", 6),
];

fn hint_for(text: &str) -> String {
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if let Some((_, hint)) = HINTS.iter().find(|(words, _)| says(words)) {
        return (*hint).to_owned();
    }
    let Some((_, unit, times)) = UNITS.iter().find(|(words, ..)| says(words)) else {
        return KNOWN.to_owned();
    };
    let digits = text
        .split(|c: char| !c.is_ascii_digit())
        .find(|digits| !digits.is_empty());
    let in_words = || {
        NUMBERS
            .iter()
            .find(|(word, _)| text.contains(word))
            .map(|(_, number)| *number)
    };
    match digits
        .and_then(|digits| digits.parse().ok())
        .or_else(in_words)
    {
        None | Some(0 | 1) if *times == 1 => format!("write `{unit}`"),
        number => format!(
            "write `{} {unit}s`",
            number.unwrap_or(1).max(1).saturating_mul(*times)
        ),
    }
}

/// Reads INTERVAL.
pub(super) fn interval(number: &str) -> Result<u16, Complaint> {
    let interval = number.parse().ok();
    let interval = interval.filter(|interval| (1..=LARGEST_INTERVAL).contains(interval));
    interval.ok_or_else(|| {
        Complaint::new(
            Code::OutOfRange,
            format!(
                "an interval is 1 to {LARGEST_INTERVAL}, not {}",
                excerpt(number)
            ),
        )
        .hint("for each time leave it out; a series that takes place so seldom is better written as events")
    })
}

#[cfg(test)]
mod tests {
    use super::{DAYS_AT_LEAST, KNOWN, OF_START, RULE, WEEKENDS, WORKDAYS, read_every};

    #[test]
    fn reads_how_often() {
        for (text, expected) in [
            ("day", "FREQ=DAILY"),
            ("week", "FREQ=WEEKLY"),
            ("2 weeks", "FREQ=WEEKLY;INTERVAL=2"),
            ("2weeks", "FREQ=WEEKLY;INTERVAL=2"),
            ("1 month", "FREQ=MONTHLY"),
            ("3 months", "FREQ=MONTHLY;INTERVAL=3"),
            ("Year", "FREQ=YEARLY"),
        ] {
            let rule = read_every(text).map(|rule| rule.to_string());
            assert_eq!(rule.as_deref(), Ok(expected), "{text}");
        }
        for (text, hint) in [
            ("", KNOWN),
            ("now and then", KNOWN),
            ("2", "write the unit too: `2 weeks`"),
            ("2 quarters", "write `6 months`"),
            ("三周", "write `3 weeks`"),
            ("3 天", "write `3 days`"),
            ("半月", RULE),
            ("FREQ=WEEKLY", "this belongs under the key `rule`"),
            (
                "RRULE:FREQ=WEEKLY;COUNT=3",
                "this belongs under the key `rule`",
            ),
            ("Wednesday", OF_START),
            ("每周三", OF_START),
            ("星期日", OF_START),
            ("工作日", WORKDAYS),
            ("weekdays", WORKDAYS),
            ("周末", WEEKENDS),
            ("3rd Wednesday", RULE),
            ("每月第二个周三", RULE),
            ("weekly", "write `week`"),
            ("每周", "write `week`"),
            ("每隔一周", "write `2 weeks`"),
            ("biweekly", "write `2 weeks`"),
            ("2周", "write `2 weeks`"),
            ("每2周", "write `2 weeks`"),
            ("每两周", "write `2 weeks`"),
            ("bimonthly", "write `2 months`"),
            ("双月", "write `2 months`"),
            ("3个月", "write `3 months`"),
            ("every day", "write `day`"),
            ("每天", "write `day`"),
            ("每年", "write `year`"),
            ("quarterly", "write `3 months`"),
            ("hour", DAYS_AT_LEAST),
            ("-1 week", "write `week`"),
        ] {
            let complaint = read_every(text).expect_err(text);
            assert_eq!(complaint.hint.as_deref(), Some(hint), "{text}");
        }
    }
}
