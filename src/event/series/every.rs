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
    let bad = |hint: &str| {
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
        "" => return bad("write the unit too: `2 weeks`"),
        unit => return bad(hint_for(unit)),
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

fn hint_for(unit: &str) -> &'static str {
    const WORDS: &[(&str, &str)] = &[
        ("daily", "write `day`"),
        ("天", "write `day`"),
        ("日", "write `day`"),
        ("两周", "write `2 weeks`"),
        ("双周", "write `2 weeks`"),
        ("隔周", "write `2 weeks`"),
        ("biweekly", "write `2 weeks`"),
        ("fortnight", "write `2 weeks`"),
        ("weekly", "write `week`"),
        ("周末", "write `rule: FREQ=WEEKLY;BYDAY=SA,SU`"),
        ("weekend", "write `rule: FREQ=WEEKLY;BYDAY=SA,SU`"),
        ("工作日", "write `rule: FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR`"),
        ("weekday", "write `rule: FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR`"),
        ("workday", "write `rule: FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR`"),
        ("周", "write `week`: it repeats on the weekday of `start`"),
        ("星期", "write `week`: it repeats on the weekday of `start`"),
        ("monthly", "write `month`"),
        ("quarter", "write `3 months`"),
        ("季", "write `3 months`"),
        ("月", "write `month`"),
        ("yearly", "write `year`"),
        ("annual", "write `year`"),
        ("年", "write `year`"),
        (
            "hour",
            "a series repeats by days at the least; write an event for each time of day",
        ),
        (
            "minute",
            "a series repeats by days at the least; write an event for each time of day",
        ),
        (
            "小时",
            "a series repeats by days at the least; write an event for each time of day",
        ),
        ("freq=", "this belongs under the key `rule`"),
        ("day", "write `week`: it repeats on the weekday of `start`"),
    ];
    const KNOWN: &str = "write `day`, `week`, `2 weeks`, `month` or `year`; for more there is `rule`, such as `FREQ=MONTHLY;BYDAY=2WE`";
    let known = WORDS.iter().find(|(word, _)| unit.contains(word));
    known.map_or(KNOWN, |(_, hint)| hint)
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
        .hint("leave it out to repeat each time")
    })
}

#[cfg(test)]
mod tests {
    use super::read_every;

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
        for text in [
            "",
            "0 weeks",
            "2",
            "Wednesday",
            "每周",
            "99999 days",
            "-1 week",
            "hour",
        ] {
            let complaint = read_every(text).expect_err(text);
            assert!(complaint.hint.is_some(), "{text}");
        }
    }
}
