//! VEVENT: one entry with its stamps (RFC 5545, 3.6.1).
//!
//! The bytes of a UID are the same in every feed that holds it. No VALARM: alarms in feeds annoy.

use crate::event::Status;
use crate::event::when::{Tz, When};
use crate::feed::entry::{Conference, Entry};
use crate::feed::revision::Revision;
use crate::ics::content_line::{text, valued, write_property};
use chrono::{DateTime, Days, TimeZone, Utc};
use icalendar::{Component, Event, Property};

/// Writes an entry as a VEVENT.
pub fn write_vevent(out: &mut String, entry: &Entry, revision: Revision) {
    let event = vevent(entry, revision);
    out.push_str("BEGIN:VEVENT\r\n");
    for property in event.properties().values() {
        write_property(out, property);
    }
    for property in event.multi_properties().values().flatten() {
        write_property(out, property);
    }
    out.push_str("END:VEVENT\r\n");
}

fn vevent(entry: &Entry, revision: Revision) -> Event {
    let mut event = Event::new();
    event.add_property("UID", text(&entry.uid));
    event.add_property("DTSTAMP", utc(revision.modified));
    event.add_property("CREATED", utc(revision.created));
    event.add_property("LAST-MODIFIED", utc(revision.modified));
    event.add_property("SEQUENCE", revision.sequence.to_string());
    add_times(&mut event, &entry.when);
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
    let categories: Vec<String> = entry.categories.iter().map(|word| text(word)).collect();
    event.add_property("CATEGORIES", categories.join(","));
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
    for conference in &entry.conferences {
        event.append_multi_property(conference_property(conference));
    }
    for attachment in &entry.attachments {
        event.append_multi_property(Property::new("ATTACH", attachment.as_str()));
    }
    event
}

fn add_times(event: &mut Event, when: &When) {
    match when {
        When::Timed { start, end } if is_repeated(start) || is_repeated(end) => {
            // RFC 5545, 3.3.5 takes a repeated hour for its first turn, libical and ical.js for its
            // second: only UTC means one thing to all.
            event.add_property("DTSTART", utc(start.to_utc()));
            event.add_property("DTEND", utc(end.to_utc()));
        }
        When::Timed { start, end } => {
            event.append_property(local("DTSTART", start));
            event.append_property(local("DTEND", end));
        }
        When::AllDay { first, last } => {
            // DTEND is exclusive (RFC 5545, 3.8.2.2).
            let end = *last + Days::new(1);
            for (key, date) in [("DTSTART", *first), ("DTEND", end)] {
                let mut property = Property::new(key, date.format("%Y%m%d").to_string());
                property.add_parameter("VALUE", "DATE");
                event.append_property(property);
            }
        }
    }
}

/// Tells whether a clock that is set back shows a time twice.
fn is_repeated(time: &DateTime<Tz>) -> bool {
    let wall = time.naive_local();
    time.timezone()
        .from_local_datetime(&wall)
        .single()
        .is_none()
}

fn local(key: &str, time: &DateTime<Tz>) -> Property {
    let mut property = Property::new(key, time.format("%Y%m%dT%H%M%S").to_string());
    property.add_parameter("TZID", time.timezone().name());
    property
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
    time.format("%Y%m%dT%H%M%SZ").to_string()
}
