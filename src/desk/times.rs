//! Times as maintainers read them: for people in the calendar's language, for programs as RFC 3339 has them.

use crate::event::when::{Moment, Tz, When};
use crate::feed::labels::Labels;
use chrono::TimeDelta;

/// The longest time after which an end needs no date, though it is on another day.
const LONGEST_NIGHT: TimeDelta = TimeDelta::hours(12);

/// Tells whether an end must be told with its day.
pub(super) fn ends_later(when: &When) -> bool {
    let is_on_other_day = when.start_date() != when.last_date();
    is_on_other_day && (matches!(when, When::AllDay { .. }) || when.length() > LONGEST_NIGHT)
}

/// Gives the moment at which it ends; of whole days the last one.
pub(super) fn end(when: &When) -> Moment {
    match when {
        When::Timed { end, .. } => Moment::Time(*end),
        When::AllDay { last, .. } => Moment::Day(*last),
    }
}

/// Writes start and end for programs; of whole days the last one.
pub(super) fn written(when: &When) -> (String, String) {
    (written_moment(&when.start()), written_moment(&end(when)))
}

pub(super) fn written_moment(moment: &Moment) -> String {
    match moment {
        Moment::Time(time) => time.to_rfc3339(),
        Moment::Day(day) => day.to_string(),
    }
}

/// Writes when something is, with its weekdays, on the clocks of a zone.
pub(super) fn shown(when: &When, zone: Tz, labels: &Labels) -> String {
    let when = when.clone().in_zone(zone);
    let start = labels.moment(&when.start(), zone);
    match &when {
        _ if ends_later(&when) => format!("{start} - {}", labels.moment(&end(&when), zone)),
        When::AllDay { .. } => start,
        When::Timed { end, .. } => format!("{start}-{}", end.format("%H:%M")),
    }
}
