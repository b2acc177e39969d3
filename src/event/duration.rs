//! Durations: how long an event lasts.
//!
//! Flows in: a text such as `1h30m`. Flows out: a length of time that an event may have, or what was meant.

use crate::diagnostic::{Code, Complaint};
use crate::event::written_time::quote;
use chrono::TimeDelta;

/// The longest time that an event may last.
pub const LONGEST: TimeDelta = TimeDelta::days(31);

/// Reads a duration such as `45m`, `1h30m` or `2d`: more than nothing, and 31 days at most.
pub fn read_duration(text: &str) -> Result<TimeDelta, Complaint> {
    let text = text.trim();
    let Some(duration) = exact_duration(text) else {
        let hint = match likely_duration(text) {
            Some(duration) => format!("write `{duration}`"),
            None => "write it like `45m`, `1h`, `1h30m` or `2d`".to_owned(),
        };
        let message = format!("`{}` is not a duration", quote(text));
        return Err(Complaint::new(Code::BadDuration, message).hint(hint));
    };
    if duration == TimeDelta::zero() {
        let complaint = Complaint::new(Code::BadDuration, format!("`{text}` is no time at all"));
        return Err(complaint.hint("write how long it lasts, like `1h`"));
    }
    if duration > LONGEST {
        let message = format!("`{text}` is more than {} days", LONGEST.num_days());
        let hint = "write an event for the beginning and one for the end";
        return Err(Complaint::new(Code::DurationTooLong, message).hint(hint));
    }
    Ok(duration)
}

/// Writes a duration as it is read: `1h30m`.
pub fn written_duration(duration: TimeDelta) -> String {
    let minutes = duration.num_minutes();
    let parts = [
        (minutes / 60 / 24, 'd'),
        (minutes / 60 % 24, 'h'),
        (minutes % 60, 'm'),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count != 0);
    parts
        .map(|(count, unit)| format!("{count}{unit}"))
        .collect()
}

fn exact_duration(text: &str) -> Option<TimeDelta> {
    let mut rest = text;
    let mut minutes = 0;
    for (unit, worth) in [('d', 24 * 60), ('h', 60), ('m', 1)] {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if let (1..=5, Some(behind)) = (digits, rest[digits..].strip_prefix(unit)) {
            minutes += rest[..digits].parse::<i64>().ok()? * worth;
            rest = behind;
        }
    }
    (rest.is_empty() && !text.is_empty()).then(|| TimeDelta::minutes(minutes))
}

/// What people write for a unit; of those that begin alike, the longer stands first.
const UNITS: &[(&str, &[&str])] = &[
    ("", &["个"]),
    ("30m", &["半小时"]),
    ("d", &["天", "days", "day"]),
    ("h", &["小时", "hours", "hour", "hrs", "hr"]),
    ("m", &["分钟", "minutes", "minute", "mins", "min"]),
];

/// Turns `PT1H30M`, `1 hour`, `30min`, `1:30` and `2小时` into the form that is read.
fn likely_duration(text: &str) -> Option<String> {
    let mut short: String = text.to_lowercase().split_whitespace().collect();
    for (unit, words) in UNITS {
        for word in *words {
            short = short.replace(word, unit);
        }
    }
    if let Some(iso) = short.strip_prefix('p') {
        short = iso.replace('t', "");
    } else if let Some((hours, minutes)) = short.split_once(':') {
        short = format!("{hours}h{minutes}m");
    } else if short.bytes().all(|b| b.is_ascii_digit()) {
        short.push('m');
    }
    exact_duration(&short).map(|_| short)
}

#[cfg(test)]
mod tests {
    use super::read_duration;
    use crate::diagnostic::Code;
    use chrono::TimeDelta;
    use proptest::prelude::{any, prop_assert, proptest};

    #[test]
    fn reads_durations_and_proposes_them() {
        for (text, minutes) in [
            ("45m", 45),
            ("1h", 60),
            ("1h30m", 90),
            ("90m", 90),
            ("2d", 2880),
            ("1d12h", 2160),
            ("31d", 44640),
        ] {
            assert_eq!(
                read_duration(text),
                Ok(TimeDelta::minutes(minutes)),
                "{text}"
            );
        }
        let table = "PT1H30M => write `1h30m`
            1 hour => write `1h`
            1小时30分钟 => write `1h30m`
            1:30 => write `1h30m`
            90 => write `90m`
            1.5h => write it like `45m`, `1h`, `1h30m` or `2d`
            30m1h => write it like `45m`, `1h`, `1h30m` or `2d`
            1h1h => write it like `45m`, `1h`, `1h30m` or `2d`
            -1h => write it like `45m`, `1h`, `1h30m` or `2d`
            0m => write how long it lasts, like `1h`";
        for line in table.lines().map(str::trim) {
            let (text, hint) = line.split_once(" => ").expect(line);
            let complaint = read_duration(text).expect_err(text);
            assert_eq!(complaint.code, Code::BadDuration, "{text}");
            assert_eq!(complaint.hint.as_deref(), Some(hint), "{text}");
        }
        assert_eq!(
            read_duration("744h1m").expect_err("too long").code,
            Code::DurationTooLong
        );
    }

    proptest! {
        #[test]
        fn survives_any_duration(text in any::<String>()) {
            prop_assert!(read_duration(&text).map_or(true, |duration| duration > TimeDelta::zero()));
        }
    }
}
