//! VEVENT: one entry with its stamps (RFC 5545, 3.6.1).
//!
//! The bytes of a UID are the same in every feed that holds it. No VALARM: alarms in feeds annoy.

use crate::event::Status;
use crate::event::series::rule::Bound;
use crate::event::series::until_in_utc;
use crate::event::when::{Moment, Tz, When, instant_of};
use crate::feed::entry::{Entry, Repetition};
use crate::feed::revision::Revision;
use crate::ics::basic_time::{BasicDate, BasicTime, BasicUtc};
use crate::ics::content_line::{Line, Lines};
use chrono::{DateTime, Days, NaiveDate};

/// Writes an entry as a VEVENT; a series is followed by its overrides, with the same UID and stamps.
pub fn write_vevents(out: &mut String, entry: &Entry, revision: Revision) {
    let mut lines = Lines::new(out);
    write_vevent(&mut lines, entry, revision, None);
    let overrides = entry.repetition.iter().flat_map(|it| &it.overrides);
    for change in overrides {
        write_vevent(
            &mut lines,
            &change.entry,
            revision,
            Some(&change.recurrence_id),
        );
    }
}

/// Writes one VEVENT: its properties in the order of their names, those that may stand there several times last.
fn write_vevent(
    lines: &mut Lines,
    entry: &Entry,
    revision: Revision,
    recurrence_id: Option<&Moment>,
) {
    let (start, end) = times(entry);
    lines.property("BEGIN").value("VEVENT");
    let categories = entry.categories.iter().copied();
    lines.property("CATEGORIES").texts(categories);
    lines.property("CREATED").shown(BasicUtc(revision.created));
    if !entry.description.is_empty() {
        lines.property("DESCRIPTION").text(&entry.description);
    }
    end.write(lines.property("DTEND"));
    lines.property("DTSTAMP").shown(BasicUtc(revision.modified));
    start.write(lines.property("DTSTART"));
    if let Some(image) = entry.image {
        lines.property("IMAGE").of_type("URI").value(image.as_str());
    }
    let modified = BasicUtc(revision.modified);
    lines.property("LAST-MODIFIED").shown(modified);
    if let Some(location) = entry.location {
        lines.property("LOCATION").text(location);
    }
    if let Some(start) = recurrence_id {
        Time::of(start).write(lines.property("RECURRENCE-ID"));
    }
    if let Some(repetition) = &entry.repetition {
        lines
            .property("RRULE")
            .value(&rule(repetition, &entry.when));
    }
    lines.property("SEQUENCE").shown(revision.sequence);
    lines.property("STATUS").value(status(entry.status));
    lines.property("SUMMARY").text(&entry.summary);
    let transparency = match entry.is_transparent {
        true => "TRANSPARENT",
        false => "OPAQUE",
    };
    lines.property("TRANSP").value(transparency);
    lines.property("UID").text(entry.uid);
    if let Some(url) = entry.url {
        lines.property("URL").value(url.as_str());
    }
    write_repeated(lines, entry);
    lines.property("END").value("VEVENT");
}

/// Writes the properties that may stand in a VEVENT several times.
fn write_repeated(lines: &mut Lines, entry: &Entry) {
    for attachment in &entry.attachments {
        lines.property("ATTACH").value(attachment.as_str());
    }
    for conference in &entry.conferences {
        let line = lines.property("CONFERENCE");
        let line = line.parameter("FEATURE", conference.feature);
        let line = line.parameter("LABEL", conference.label).of_type("URI");
        line.value(&conference.uri);
    }
    // One line for each date, as the large calendars write them.
    let excluded = entry.repetition.iter().flat_map(|it| &it.excluded);
    for start in excluded {
        Time::of(start).write(lines.property("EXDATE"));
    }
}

/// A time as a property says it.
enum Time {
    Day(NaiveDate),
    /// A wall clock in a zone.
    Zoned(DateTime<Tz>),
    Utc(DateTime<Tz>),
}

impl Time {
    fn of(moment: &Moment) -> Self {
        match moment {
            Moment::Day(day) => Time::Day(*day),
            Moment::Time(time) => Time::Zoned(*time),
        }
    }

    fn write(&self, line: Line) {
        match self {
            Time::Day(day) => line.of_type("DATE").shown(BasicDate(*day)),
            Time::Zoned(time) => {
                let line = line.parameter("TZID", time.timezone().name());
                line.shown(BasicTime(time.naive_local()));
            }
            Time::Utc(time) => line.shown(BasicUtc(time.to_utc())),
        }
    }
}

/// Gives DTSTART and DTEND.
fn times(entry: &Entry) -> (Time, Time) {
    match &entry.when {
        // A series needs its zone; none of its occurrences starts in such an hour. In UTC its end tells how
        // long they are: between two wall clocks some programs forget that clocks change.
        When::Timed { start, end } if entry.repetition.is_some() => {
            let end = match entry.when.is_over_clock_change() {
                true => Time::Utc(*end),
                false => Time::Zoned(*end),
            };
            (Time::Zoned(*start), end)
        }
        // RFC 5545, 3.3.5 takes a repeated hour for its first turn, libical and ical.js for its
        // second: only UTC means one thing to all.
        When::Timed { start, end } if is_repeated(start) || is_repeated(end) => {
            (Time::Utc(*start), Time::Utc(*end))
        }
        When::Timed { start, end } => (Time::Zoned(*start), Time::Zoned(*end)),
        // DTEND is exclusive (RFC 5545, 3.8.2.2).
        When::AllDay { first, last } => (Time::Day(*first), Time::Day(*last + Days::new(1))),
    }
}

/// Gives RRULE.
fn rule(repetition: &Repetition, first: &When) -> String {
    let rule = repetition.rule;
    match (rule.bound, first.start()) {
        (Bound::Open, _) => rule.to_string(),
        (Bound::Count(count), _) => format!("{rule};COUNT={count}"),
        // UNTIL is of the same sort as DTSTART (RFC 5545, 3.3.10).
        (Bound::Until(until), Moment::Day(_)) => {
            format!("{rule};UNTIL={}", BasicDate(until.date()))
        }
        (Bound::Until(until), Moment::Time(start)) => {
            let until = until_in_utc(until, start.timezone());
            format!("{rule};UNTIL={}", BasicUtc(until))
        }
    }
}

/// Tells whether a clock that is set back shows a time twice.
fn is_repeated(time: &DateTime<Tz>) -> bool {
    instant_of(time.timezone(), time.naive_local()).is_err()
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Confirmed => "CONFIRMED",
        Status::Tentative => "TENTATIVE",
        Status::Cancelled => "CANCELLED",
    }
}
