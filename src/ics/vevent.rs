//! VEVENT: one entry with its stamps (RFC 5545, 3.6.1).
//!
//! The bytes of a UID are the same in every feed that holds it. No VALARM: alarms in feeds annoy.

use crate::event::Status;
use crate::event::series::rule::Bound;
use crate::event::series::until_in_utc;
use crate::event::when::{Moment, Tz, When, instant_of};
use crate::feed::entry::{Conference, Entry, Repetition};
use crate::feed::revision::Revision;
use crate::ics::basic_time::{BasicDate, BasicTime, BasicUtc};
use crate::ics::content_line::{text, texts, valued, write_properties};
use chrono::{DateTime, Days, Utc};
use icalendar::{Component, Event, Property};

/// Writes an entry as a VEVENT; a series is followed by its overrides, with the same UID and stamps.
pub fn write_vevents(out: &mut String, entry: &Entry, revision: Revision) {
    let mut whole = vevent(entry, revision);
    if let Some(repetition) = &entry.repetition {
        add_repetition(&mut whole, repetition, &entry.when);
    }
    write_component(out, whole);
    let overrides = entry
        .repetition
        .iter()
        .flat_map(|repetition| &repetition.overrides);
    for change in overrides {
        let mut changed = vevent(&change.entry, revision);
        let recurrence_id = moment("RECURRENCE-ID", &change.recurrence_id);
        changed.event.append_property(recurrence_id);
        write_component(out, changed);
    }
}

/// A VEVENT on its way; what may stand in it several times is kept beside it, since it would copy each.
struct Vevent {
    event: Event,
    repeated: Vec<Property>,
}

fn write_component(out: &mut String, mut vevent: Vevent) {
    out.push_str("BEGIN:VEVENT\r\n");
    vevent.repeated.sort_by(|a, b| a.key().cmp(b.key()));
    let once = vevent.event.properties().values();
    write_properties(out, once.chain(&vevent.repeated));
    out.push_str("END:VEVENT\r\n");
}

fn vevent(entry: &Entry, revision: Revision) -> Vevent {
    let mut event = Event::new();
    event.add_property("UID", text(&entry.uid));
    event.add_property("DTSTAMP", utc(revision.modified));
    event.add_property("CREATED", utc(revision.created));
    event.add_property("LAST-MODIFIED", utc(revision.modified));
    event.add_property("SEQUENCE", revision.sequence.to_string());
    add_times(&mut event, entry);
    event.add_property("SUMMARY", text(&entry.summary));
    if !entry.description.is_empty() {
        event.add_property("DESCRIPTION", text(&entry.description));
    }
    if let Some(location) = &entry.location {
        event.add_property("LOCATION", text(location));
    }
    if let Some(url) = &entry.url {
        event.add_property("URL", url.as_str());
    }
    event.add_property("CATEGORIES", texts(&entry.categories));
    event.add_property("STATUS", status(entry.status));
    event.add_property(
        "TRANSP",
        if entry.is_transparent {
            "TRANSPARENT"
        } else {
            "OPAQUE"
        },
    );
    if let Some(image) = &entry.image {
        event.append_property(valued("IMAGE", "URI", image.as_str()));
    }
    let conferences = entry.conferences.iter().map(conference_property);
    let attachments = entry.attachments.iter();
    let attachments = attachments.map(|address| Property::new("ATTACH", address.as_str()));
    Vevent {
        event,
        repeated: conferences.chain(attachments).collect(),
    }
}

fn add_times(event: &mut Event, entry: &Entry) {
    match &entry.when {
        // A series needs its zone; none of its occurrences starts in such an hour. In UTC its end tells how
        // long they are: between two wall clocks some programs forget that clocks change.
        When::Timed { start, end } if entry.repetition.is_some() => {
            event.append_property(moment("DTSTART", &Moment::Time(*start)));
            match entry.when.is_over_clock_change() {
                true => event.add_property("DTEND", utc(end.to_utc())),
                false => event.append_property(moment("DTEND", &Moment::Time(*end))),
            };
        }
        When::Timed { start, end } if is_repeated(start) || is_repeated(end) => {
            // RFC 5545, 3.3.5 takes a repeated hour for its first turn, libical and ical.js for its
            // second: only UTC means one thing to all.
            event.add_property("DTSTART", utc(start.to_utc()));
            event.add_property("DTEND", utc(end.to_utc()));
        }
        When::Timed { start, end } => {
            event.append_property(moment("DTSTART", &Moment::Time(*start)));
            event.append_property(moment("DTEND", &Moment::Time(*end)));
        }
        When::AllDay { first, last } => {
            // DTEND is exclusive (RFC 5545, 3.8.2.2).
            let end = *last + Days::new(1);
            event.append_property(moment("DTSTART", &Moment::Day(*first)));
            event.append_property(moment("DTEND", &Moment::Day(end)));
        }
    }
}

fn add_repetition(vevent: &mut Vevent, repetition: &Repetition, first: &When) {
    let rule = &repetition.rule;
    let rule = match (rule.bound, first.start()) {
        (Bound::Open, _) => rule.to_string(),
        (Bound::Count(count), _) => format!("{rule};COUNT={count}"),
        // UNTIL is of the same sort as DTSTART (RFC 5545, 3.3.10).
        (Bound::Until(until), Moment::Day(_)) => {
            format!("{rule};UNTIL={}", BasicDate(until.date()))
        }
        (Bound::Until(until), Moment::Time(start)) => {
            let until = until_in_utc(until, start.timezone());
            format!("{rule};UNTIL={}", utc(until))
        }
    };
    vevent.event.add_property("RRULE", rule);
    // One line for each date, as the large calendars write them.
    let excluded = repetition.excluded.iter();
    vevent
        .repeated
        .extend(excluded.map(|start| moment("EXDATE", start)));
}

/// Tells whether a clock that is set back shows a time twice.
fn is_repeated(time: &DateTime<Tz>) -> bool {
    instant_of(time.timezone(), time.naive_local()).is_err()
}

/// Makes a property of a date or of a time with its zone.
fn moment(key: &str, moment: &Moment) -> Property {
    match moment {
        Moment::Day(day) => valued(key, "DATE", &BasicDate(*day).to_string()),
        Moment::Time(time) => {
            let mut property = Property::new(key, BasicTime(time.naive_local()).to_string());
            property.add_parameter("TZID", time.timezone().name());
            property
        }
    }
}

fn conference_property(conference: &Conference) -> Property {
    let mut property = valued("CONFERENCE", "URI", &conference.uri);
    property.add_parameter("FEATURE", conference.feature);
    property.add_parameter("LABEL", conference.label);
    property
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Confirmed => "CONFIRMED",
        Status::Tentative => "TENTATIVE",
        Status::Cancelled => "CANCELLED",
    }
}

fn utc(time: DateTime<Utc>) -> String {
    BasicUtc(time).to_string()
}
