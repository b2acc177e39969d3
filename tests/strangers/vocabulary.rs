//! The vocabulary: every property that we write, how often, and what its values look like.
//!
//! Flows in: a component. Flows out: what in it is not in the table, or not as the table has it.

use crate::tree::{Component, Property};
use chrono::{NaiveDate, NaiveDateTime};

/// How often a component has a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Times {
    Once,
    AtMostOnce,
    Any,
}

use Times::{Any, AtMostOnce, Once};

/// Tells whether a property's value is one.
type Shape = fn(&Property) -> bool;

/// Every property that may stand in a feed: its component, how often, what its value looks like.
#[rustfmt::skip]
const PROPERTIES: &[(&str, &str, Times, Shape)] = &[
    ("VCALENDAR", "VERSION", Once, |it| it.value == "2.0"),
    ("VCALENDAR", "PRODID", Once, is_text),
    ("VCALENDAR", "CALSCALE", Once, |it| it.value == "GREGORIAN"),
    ("VCALENDAR", "NAME", Once, is_text),
    ("VCALENDAR", "X-WR-CALNAME", Once, is_text),
    ("VCALENDAR", "DESCRIPTION", AtMostOnce, is_text),
    ("VCALENDAR", "X-WR-CALDESC", AtMostOnce, is_text),
    ("VCALENDAR", "X-WR-TIMEZONE", Once, is_text),
    (
        "VCALENDAR",
        "REFRESH-INTERVAL",
        Once,
        is_said_to_be_a_duration,
    ),
    ("VCALENDAR", "X-PUBLISHED-TTL", Once, |it| {
        it.value.starts_with('P')
    }),
    ("VCALENDAR", "COLOR", AtMostOnce, |it| {
        it.value.bytes().all(|byte| byte.is_ascii_lowercase())
    }),
    ("VCALENDAR", "X-APPLE-CALENDAR-COLOR", AtMostOnce, |it| {
        it.value.starts_with('#')
    }),
    ("VCALENDAR", "SOURCE", AtMostOnce, is_said_to_be_a_uri),
    ("VCALENDAR", "URL", AtMostOnce, is_uri),
    ("VTIMEZONE", "TZID", Once, is_text),
    ("STANDARD", "DTSTART", Once, is_local_time),
    ("STANDARD", "TZOFFSETFROM", Once, is_offset),
    ("STANDARD", "TZOFFSETTO", Once, is_offset),
    ("STANDARD", "TZNAME", Once, is_text),
    ("STANDARD", "RRULE", AtMostOnce, is_rule),
    ("DAYLIGHT", "DTSTART", Once, is_local_time),
    ("DAYLIGHT", "TZOFFSETFROM", Once, is_offset),
    ("DAYLIGHT", "TZOFFSETTO", Once, is_offset),
    ("DAYLIGHT", "TZNAME", Once, is_text),
    ("DAYLIGHT", "RRULE", AtMostOnce, is_rule),
    ("VEVENT", "UID", Once, is_uid),
    ("VEVENT", "DTSTAMP", Once, is_utc),
    ("VEVENT", "CREATED", Once, is_utc),
    ("VEVENT", "LAST-MODIFIED", Once, is_utc),
    ("VEVENT", "SEQUENCE", Once, |it| {
        it.value.parse::<i32>().is_ok_and(|number| number >= 0)
    }),
    ("VEVENT", "DTSTART", Once, is_date_or_time_in_zone),
    ("VEVENT", "DTEND", Once, is_date_or_time_in_zone),
    ("VEVENT", "RRULE", AtMostOnce, is_rule),
    ("VEVENT", "EXDATE", Any, is_date_or_time_in_zone),
    (
        "VEVENT",
        "RECURRENCE-ID",
        AtMostOnce,
        is_date_or_time_in_zone,
    ),
    ("VEVENT", "SUMMARY", Once, is_text),
    ("VEVENT", "DESCRIPTION", AtMostOnce, is_text),
    ("VEVENT", "LOCATION", AtMostOnce, is_text),
    ("VEVENT", "URL", AtMostOnce, is_uri),
    ("VEVENT", "CATEGORIES", Once, is_list_of_texts),
    ("VEVENT", "STATUS", Once, |it| {
        ["CONFIRMED", "TENTATIVE", "CANCELLED"].contains(&it.value.as_str())
    }),
    ("VEVENT", "TRANSP", Once, |it| {
        ["OPAQUE", "TRANSPARENT"].contains(&it.value.as_str())
    }),
    ("VEVENT", "CONFERENCE", Any, is_said_to_be_a_uri),
    ("VEVENT", "IMAGE", AtMostOnce, is_said_to_be_a_uri),
    ("VEVENT", "ATTACH", Any, is_uri),
];

/// Holds a component and what is in it against the table.
pub fn in_component(component: &Component) -> Vec<String> {
    let of_it = |entry: &&(&str, &str, Times, Shape)| entry.0 == component.name;
    let known = || PROPERTIES.iter().filter(of_it);
    let mut found = Vec::new();
    for property in &component.properties {
        let (name, value) = (&property.name, &property.value);
        match known().find(|(_, known, _, _)| known == name) {
            None => found.push(format!("{name} does not belong in a {}", component.name)),
            Some((.., shape)) if value.is_empty() || !shape(property) => {
                found.push(format!("{name} cannot be `{value}`"))
            }
            Some(_) => {}
        }
    }
    for (_, name, times, _) in known() {
        let count = component
            .properties
            .iter()
            .filter(|property| property.name == *name)
            .count();
        if (*times != Any && count > 1) || (*times == Once && count == 0) {
            found.push(format!("a {} has {count} {name}", component.name));
        }
    }
    found.extend(component.components.iter().flat_map(in_component));
    found
}

/// TEXT: a backslash only before what it may escape, no bare `;` or `,` (RFC 5545, 3.3.11).
fn is_text(property: &Property) -> bool {
    is_escaped(&property.value) && !commas(&property.value)
}

fn is_list_of_texts(property: &Property) -> bool {
    is_escaped(&property.value)
        && !property.value.starts_with(',')
        && !property.value.contains(",,")
        && !property.value.ends_with(',')
}

fn is_escaped(value: &str) -> bool {
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        let is_fine = match c {
            '\\' => matches!(chars.next(), Some('\\' | ';' | ',' | 'n')),
            ';' => false,
            _ => true,
        };
        if !is_fine {
            return false;
        }
    }
    value.trim() == value
}

fn commas(value: &str) -> bool {
    let without_escapes = value.replace("\\\\", "").replace("\\,", "");
    without_escapes.contains(',')
}

fn is_uid(property: &Property) -> bool {
    property
        .value
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !b"/\\,;\"".contains(&byte))
}

/// A URI is ASCII, and nothing in it is escaped (RFC 5545, 3.3.13).
fn is_uri(property: &Property) -> bool {
    let value = &property.value;
    let scheme = value.split(':').next().unwrap_or("");
    let is_plain = value
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !b"\\\"<>^`{|}".contains(&byte));
    is_plain && ["http", "https", "dingtalk", "tel", "mailto"].contains(&scheme)
}

fn is_said_to_be_a_uri(property: &Property) -> bool {
    property.parameter("VALUE") == Some("URI") && is_uri(property)
}

fn is_said_to_be_a_duration(property: &Property) -> bool {
    property.parameter("VALUE") == Some("DURATION") && property.value.starts_with('P')
}

fn is_utc(property: &Property) -> bool {
    property.parameters.is_empty() && property.value.strip_suffix('Z').is_some_and(is_time)
}

fn is_local_time(property: &Property) -> bool {
    property.parameters.is_empty() && is_time(&property.value)
}

fn is_date_or_time_in_zone(property: &Property) -> bool {
    let value = &property.value;
    match (property.parameter("VALUE"), property.parameter("TZID")) {
        (Some("DATE"), None) => value.split(',').all(is_date),
        (None, Some(_)) => value.split(',').all(is_time),
        // In an hour that the clocks repeat, only UTC means one thing to all readers.
        (None, None) => value.strip_suffix('Z').is_some_and(is_time),
        _ => false,
    }
}

fn is_date(value: &str) -> bool {
    value.len() == 8 && NaiveDate::parse_from_str(value, "%Y%m%d").is_ok()
}

fn is_time(value: &str) -> bool {
    value.len() == 15 && NaiveDateTime::parse_from_str(value, "%Y%m%dT%H%M%S").is_ok()
}

fn is_offset(property: &Property) -> bool {
    let Some(digits) = property.value.strip_prefix(['+', '-']) else {
        return false;
    };
    let is_zero = digits.bytes().all(|byte| byte == b'0');
    [4, 6].contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !(is_zero && property.value.starts_with('-'))
}

fn is_rule(property: &Property) -> bool {
    property.value.starts_with("FREQ=") && property.value.split(';').all(|part| part.contains('='))
}
