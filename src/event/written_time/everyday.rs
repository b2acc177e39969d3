//! Everyday times: the forms that nearly all event files have, read at once.
//!
//! Flows in: a text. Flows out: what the grammar would make of it, or nothing if it is anything but
//! `2023-05-31`, `2023-05-31 14:00` or `15:00`, seconds or not.

use super::{Written, WrittenClock, WrittenDate, WrittenMoment, YEARS};
use chrono::TimeDelta;

/// Reads a text that is an everyday time.
pub(super) fn read_everyday(text: &str) -> Option<WrittenMoment> {
    let mut moment = WrittenMoment {
        span: 0..text.len(),
        ..WrittenMoment::default()
    };
    let clock = match text.as_bytes() {
        [.., b':', _, _] if text.len() <= 8 => Some((text, 0)),
        [_, _, _, _, b'-', ..] => {
            let value = date(text.get(..10)?)?;
            let span = 0..10;
            moment.date = Some(Written { value, span });
            match &text[10..] {
                "" => None,
                rest => Some((rest.strip_prefix(' ')?, 11)),
            }
        }
        _ => return None,
    };
    if let Some((text, at)) = clock {
        let value = self::clock(text)?;
        let span = at..at + text.len();
        moment.clock = Some(Written { value, span });
    }
    Some(moment)
}

fn date(text: &str) -> Option<WrittenDate> {
    let year = i32::try_from(number(&text[..4])?).ok()?;
    let rest = text[4..].strip_prefix('-')?;
    let (month, day) = rest.split_at_checked(2)?;
    let date = WrittenDate {
        year: Some(year),
        month: number(month)?,
        day: number(day.strip_prefix('-')?)?,
    };
    (YEARS.contains(&year) && date.in_year(year).is_some()).then_some(date)
}

fn clock(text: &str) -> Option<WrittenClock> {
    let mut parts = text.split(':');
    let mut part = |limit| {
        let part = parts.next()?;
        number(part).filter(|number| part.len() == 2 && *number < limit)
    };
    let (hour, minute) = (part(24)?, part(60)?);
    let second = if text.len() == 5 { 0 } else { part(60)? };
    let is_whole = matches!(text.len(), 5 | 8);
    is_whole.then(|| WrittenClock {
        since_midnight: TimeDelta::seconds(((hour * 60 + minute) * 60 + second).into()),
    })
}

/// Reads a few digits, and nothing else.
fn number(digits: &str) -> Option<u32> {
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number)
}
