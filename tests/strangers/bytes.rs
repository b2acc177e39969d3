//! Bytes: what RFC 5545 and careful clients ask of the feeds that are published together.
//!
//! Flows in: feeds by slug. Flows out: one sentence for each breach. `tree` reads a feed,
//! `vocabulary` judges each component by itself, and here they are judged together.

use crate::tree::{Component, Property, read};
use crate::vocabulary::in_component;
use std::collections::BTreeMap;

/// Lists what is wrong with feeds that are published together.
pub fn complaints(feeds: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let mut found = Vec::new();
    for (slug, bytes) in feeds {
        let wrong = match read(bytes) {
            Ok(calendar) => in_calendar(&calendar),
            Err(wrong) => vec![wrong],
        };
        found.extend(wrong.into_iter().map(|wrong| format!("{slug}: {wrong}")));
    }
    found.extend(uids_with_several_faces(feeds));
    found
}

fn in_calendar(calendar: &Component) -> Vec<String> {
    let mut found = in_component(calendar);
    if calendar.value("NAME") != calendar.value("X-WR-CALNAME") {
        found.push("NAME and X-WR-CALNAME differ".to_owned());
    }
    if calendar.value("DESCRIPTION") != calendar.value("X-WR-CALDESC") {
        found.push("DESCRIPTION and X-WR-CALDESC differ".to_owned());
    }
    found.extend(in_zones(calendar));
    let mut faces = Vec::new();
    for event in calendar.inner("VEVENT") {
        let uid = event.value("UID").unwrap_or("a VEVENT without UID");
        found.extend(
            in_event(event)
                .into_iter()
                .map(|wrong| format!("{uid}: {wrong}")),
        );
        faces.push((uid, event.value("RECURRENCE-ID")));
    }
    faces.sort_unstable();
    let twice = faces.windows(2).filter(|pair| pair[0] == pair[1]);
    found.extend(twice.map(|pair| format!("{} stands in it twice", pair[0].0)));
    found
}

/// Every zone that is named is explained, once; no other is but the calendar's own.
fn in_zones(calendar: &Component) -> Vec<String> {
    let mut used: Vec<&str> = calendar.value("X-WR-TIMEZONE").into_iter().collect();
    for event in calendar.inner("VEVENT") {
        used.extend(
            event
                .properties
                .iter()
                .filter_map(|property| property.parameter("TZID")),
        );
    }
    used.sort_unstable();
    used.dedup();
    let mut explained: Vec<&str> = calendar
        .inner("VTIMEZONE")
        .filter_map(|zone| zone.value("TZID"))
        .collect();
    explained.sort_unstable();
    let mut found = Vec::new();
    if used != explained {
        found.push(format!(
            "it uses the zones {used:?} and explains {explained:?}"
        ));
    }
    if calendar
        .inner("VTIMEZONE")
        .any(|zone| zone.inner("STANDARD").next().is_none())
    {
        found.push("a zone is without standard time".to_owned());
    }
    found
}

fn in_event(event: &Component) -> Vec<String> {
    let mut found = Vec::new();
    let [stamp, created, modified] =
        ["DTSTAMP", "CREATED", "LAST-MODIFIED"].map(|name| event.value(name));
    if stamp != modified || created > modified {
        found.push("its stamps contradict each other".to_owned());
    }
    let times: Vec<&Property> = event
        .properties
        .iter()
        .filter(|property| ["DTSTART", "DTEND"].contains(&property.name.as_str()))
        .collect();
    // An end in UTC tells how long the occurrences of a series are when clocks change during the first.
    if event.value("RRULE").is_some() && event.value("DTEND").is_some_and(|end| end.ends_with('Z'))
    {
        return found;
    }
    if times
        .iter()
        .any(|time| time.parameters != times[0].parameters)
    {
        found.push("DTSTART and DTEND are of two kinds".to_owned());
    }
    if event.value("DTSTART") >= event.value("DTEND") {
        found.push("it does not end after it starts".to_owned());
    }
    found
}

/// Finds UIDs that are not the same bytes in every feed.
fn uids_with_several_faces(feeds: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let mut faces: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for bytes in feeds.values() {
        let text = String::from_utf8_lossy(bytes);
        let mut of_feed: BTreeMap<String, String> = BTreeMap::new();
        for part in text.split("BEGIN:VEVENT\r\n").skip(1) {
            let body = part.split("END:VEVENT\r\n").next().unwrap_or(part);
            let unfolded = body.replace("\r\n ", "");
            let uid = unfolded.lines().find_map(|line| line.strip_prefix("UID:"));
            of_feed
                .entry(uid.unwrap_or("").to_owned())
                .or_default()
                .push_str(body);
        }
        for (uid, face) in of_feed {
            faces.entry(uid).or_default().push(face);
        }
    }
    let differ = |(uid, faces): (String, Vec<String>)| {
        let is_one = faces.iter().all(|face| *face == faces[0]);
        (!is_one).then(|| format!("{uid} is not the same in every feed"))
    };
    faces.into_iter().filter_map(differ).collect()
}

#[cfg(test)]
mod tests {
    use super::complaints;
    use std::collections::BTreeMap;

    const SOUND: &str = "BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//sofacal//sofacal//EN
CALSCALE:GREGORIAN
NAME:会议
X-WR-CALNAME:会议
X-WR-TIMEZONE:Asia/Shanghai
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
BEGIN:VTIMEZONE
TZID:Asia/Shanghai
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0800
TZOFFSETTO:+0800
TZNAME:CST
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
CATEGORIES:Layotto,会议
CREATED:20231114T221320Z
DTEND;TZID=Asia/Shanghai:20230531T150000
DTSTAMP:20231114T221320Z
DTSTART;TZID=Asia/Shanghai:20230531T140000
LAST-MODIFIED:20231114T221320Z
SEQUENCE:0
STATUS:CONFIRMED
SUMMARY:一\\, 二
TRANSP:OPAQUE
UID:layotto-1@example.org
URL:https://example.org/a,b
END:VEVENT
END:VCALENDAR
";

    /// What is changed in the sound feed, and a word of the complaint that must follow.
    #[rustfmt::skip]
    const BREACHES: &[(&str, &str, &str)] = &[
        ("SEQUENCE:0\r\n", "SEQUENCE:0\n", "bare CR or LF"),
        ("SEQUENCE:0\r\n", "SEQUENCE:0\r\r\n", "bare CR or LF"),
        ("SEQUENCE:0\r\n", "SEQUENCE:0\r\n\r\n", "0 octets"),
        ("END:VCALENDAR\r\n", "END:VCALENDAR", "end with CRLF"),
        ("END:VCALENDAR\r\n", "END:VCALENDAR\r\n\r\n", "0 octets"),
        ("BEGIN:VCALENDAR", "\u{feff}BEGIN:VCALENDAR", "BOM"),
        ("Layotto", "Layotto\u{7}", "control character"),
        (
            "Layotto",
            "Layotto with a name that is much longer than a line of a feed may ever be",
            "octets",
        ),
        ("Layotto", "Lay\r\n \r\n otto", "continues with nothing"),
        ("END:VEVENT\r\n", "", "END:VCALENDAR ends `VEVENT`"),
        (
            "END:VCALENDAR\r\n",
            "END:VCALENDAR\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
            "not one VCALENDAR",
        ),
        (
            "END:VCALENDAR",
            "METHOD:PUBLISH\r\nEND:VCALENDAR",
            "comes after a component",
        ),
        (
            "CALSCALE",
            "METHOD:PUBLISH\r\nCALSCALE",
            "METHOD does not belong",
        ),
        (
            "END:VEVENT",
            "BEGIN:VALARM\r\nEND:VALARM\r\nEND:VEVENT",
            "a VALARM stands in `VEVENT`",
        ),
        ("VERSION:2.0\r\n", "", "0 VERSION"),
        ("UID:layotto-1@example.org\r\n", "", "0 UID"),
        ("SUMMARY", "SUMMARY:twice\r\nSUMMARY", "2 SUMMARY"),
        ("SUMMARY", "LOCATION:\r\nSUMMARY", "LOCATION cannot be ``"),
        ("一\\, 二", "一, 二", "SUMMARY cannot be"),
        ("一\\, 二", "一\\x 二", "SUMMARY cannot be"),
        ("一\\, 二", "一 二\\", "SUMMARY cannot be"),
        ("一\\, 二", "一; 二", "SUMMARY cannot be"),
        ("/a,b", "/a\\,b", "URL cannot be"),
        ("/a,b", "/会", "URL cannot be"),
        ("https://", "javascript:", "URL cannot be"),
        (
            "VALUE=DURATION:PT1H",
            "VALUE=TEXT:PT1H",
            "REFRESH-INTERVAL cannot be",
        ),
        (
            "REFRESH-INTERVAL;VALUE",
            "REFRESH-INTERVAL:VALUE",
            "REFRESH-INTERVAL cannot be",
        ),
        (
            "X-WR-CALNAME:会议",
            "X-WR-CALNAME:會議",
            "X-WR-CALNAME differ",
        ),
        ("TZID:Asia/Shanghai", "TZID:Asia/Tokyo", "uses the zones"),
        ("20230531T140000", "20230531T160000", "end after it starts"),
        (
            "DTEND;TZID=Asia/Shanghai:20230531T150000",
            "DTEND;VALUE=DATE:20230601",
            "two kinds",
        ),
        (
            "DTEND;TZID=Asia/Shanghai:20230531T150000",
            "DTEND:20230531T150000",
            "DTEND cannot be",
        ),
        ("20230531T150000", "20230532T150000", "DTEND cannot be"),
        ("DTSTAMP:20231114", "DTSTAMP:20231115", "stamps"),
        (
            "TZOFFSETTO:+0800",
            "TZOFFSETTO:0800",
            "TZOFFSETTO cannot be",
        ),
        (
            "TZNAME:CST",
            "RDATE:19700101T000000\r\nTZNAME:CST",
            "RDATE does not belong",
        ),
    ];

    fn feed(text: &str) -> BTreeMap<String, Vec<u8>> {
        BTreeMap::from([("all".to_owned(), text.as_bytes().to_vec())])
    }

    fn sound() -> String {
        SOUND.replace('\n', "\r\n")
    }

    #[test]
    fn a_sound_feed_keeps_every_rule() {
        assert_eq!(complaints(&feed(&sound())), Vec::<String>::new());
    }

    #[test]
    fn every_breach_is_found() {
        for (sound_part, broken_part, word) in BREACHES {
            assert!(
                sound().contains(sound_part),
                "{sound_part:?} is not in the sound feed"
            );
            let found = complaints(&feed(&sound().replace(sound_part, broken_part)));
            assert!(
                found.iter().any(|wrong| wrong.contains(word)),
                "{broken_part:?} gives {found:?}"
            );
        }
    }

    #[test]
    fn a_character_that_is_cut_by_a_fold_is_found() {
        let mut bytes = sound().into_bytes();
        let at = bytes
            .windows(3)
            .position(|window| window == "会".as_bytes())
            .expect("it is there");
        bytes.splice(at + 1..at + 1, *b"\r\n ");
        let found = complaints(&BTreeMap::from([("all".to_owned(), bytes)]));
        assert!(found[0].contains("cuts a character"), "{found:?}");
    }

    #[test]
    fn an_event_that_differs_between_feeds_or_stands_twice_is_found() {
        let mut feeds = feed(&sound());
        feeds.insert(
            "layotto".to_owned(),
            sound().replace("SEQUENCE:0", "SEQUENCE:1").into_bytes(),
        );
        assert!(complaints(&feeds)[0].contains("not the same in every feed"));
        let text = sound();
        let (before, after) = text.split_once("BEGIN:VEVENT").expect("it is there");
        let (event, after) = after.split_once("END:VCALENDAR").expect("it is there");
        let twice = format!("{before}BEGIN:VEVENT{event}BEGIN:VEVENT{event}END:VCALENDAR{after}");
        assert!(complaints(&feed(&twice))[0].contains("stands in it twice"));
    }
}
