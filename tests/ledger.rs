//! The ledger over many runs: stamps move exactly when subscribers must notice.
//!
//! Random edits go in, run after run, each with the ledger of the run before. A model that knows
//! nothing but "what does a subscriber see" says what SEQUENCE and the stamps must be.

use chrono::{DateTime, Utc};
use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::test_runner::Config as ProptestConfig;
use proptest::{collection, sample};
use sofacal::feed::revision::Ledger;
use sofacal::pipeline::{Build, Settings, Sources, build, recover_ledger};
use sofacal::source::Source;
use std::collections::{BTreeMap, BTreeSet};

const IDS: &[&str] = &["a", "b", "c"];

/// What a maintainer does between two runs.
#[derive(Debug, Clone)]
enum Edit {
    Retitle(&'static str, u8),
    Move(&'static str, u8),
    /// A comment, another order of keys: nothing that a subscriber sees.
    Reformat(&'static str),
    Delete(&'static str),
    Translate(bool),
    /// The clock is set back by an hour.
    SetClockBack,
    LoseLedger,
}

/// What the files say of one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Meeting {
    title: u8,
    hour: u8,
    is_reformatted: bool,
}

/// What a subscriber sees of an event, and the stamps it must have.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    title: u8,
    hour: u8,
    is_english: bool,
    sequence: u32,
    created: DateTime<Utc>,
    modified: DateTime<Utc>,
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let id = || sample::select(IDS);
    let edit = prop_oneof![
        4 => (id(), 0..3_u8).prop_map(|(id, title)| Edit::Retitle(id, title)),
        3 => (id(), 9..12_u8).prop_map(|(id, hour)| Edit::Move(id, hour)),
        2 => id().prop_map(Edit::Reformat),
        2 => id().prop_map(Edit::Delete),
        1 => proptest::bool::ANY.prop_map(Edit::Translate),
        1 => proptest::strategy::Just(Edit::SetClockBack),
        1 => proptest::strategy::Just(Edit::LoseLedger),
    ];
    collection::vec(edit, 1..25)
}

fn sources(meetings: &BTreeMap<&str, Meeting>, is_english: bool) -> Sources {
    let language = if is_english { "en" } else { "zh" };
    let calendar = format!(
        "name: x\ndomain: example.org\nlanguage: {language}\nprojects: {{p: {{name: P}}}}\n"
    );
    let file = |(id, meeting): (&&str, &Meeting)| {
        let title = format!("title: 会议 {}\n", meeting.title);
        let start = format!("start: 2023-05-31 {:02}:00\n", meeting.hour);
        let text = match meeting.is_reformatted {
            false => format!("{title}{start}"),
            true => format!("# a comment\n{start}\n{title}"),
        };
        Source::new("events", &format!("p/{id}.yaml"), text)
    };
    Sources {
        root: "events".to_owned(),
        calendar: Some(Source::new("events", "calendar.yaml", calendar)),
        events: meetings.iter().map(file).collect(),
        diagnostics: Vec::new(),
    }
}

fn feeds(build: &Build) -> BTreeMap<String, String> {
    build
        .feeds
        .iter()
        .map(|feed| (feed.slug.clone(), feed.ics()))
        .collect()
}

/// Says what the stamps must be, from what was seen before and what is seen now.
fn expected(before: Option<&Seen>, meeting: Meeting, is_english: bool, now: DateTime<Utc>) -> Seen {
    let (sequence, created, modified) = match before {
        None => (0, now, now),
        Some(seen) => {
            let is_same = (seen.title, seen.hour, seen.is_english)
                == (meeting.title, meeting.hour, is_english);
            match is_same {
                true => (seen.sequence, seen.created, seen.modified),
                false => (seen.sequence + 1, seen.created, seen.modified.max(now)),
            }
        }
    };
    Seen {
        title: meeting.title,
        hour: meeting.hour,
        is_english,
        sequence,
        created,
        modified,
    }
}

/// What a maintainer may write at one place of a file or of the calendar; each place has one of its lines.
const PLACES: &[(&str, &[&str])] = &[
    (
        "calendar",
        &[
            "",
            "language: en",
            "cancelled: strict",
            "cancelled: drop",
            "duration: 2h",
            "description: 关于",
        ],
    ),
    (
        "project",
        &[
            "",
            "join: {code: '688'}",
            "join: {code: '999'}",
            "location: 杭州",
            "color: '#2A9D8F'",
        ],
    ),
    (
        "once",
        &[
            "start: 2026-09-02 14:00",
            "start: 2026-09-02 15:00",
            "start: 2026-09-02T06:00Z",
            "{start: 2026-09-02 14:00, duration: 1h}",
        ],
    ),
    (
        "once",
        &[
            "",
            "status: cancelled",
            "status: tentative",
            "reason: 场地",
            "# status: cancelled",
        ],
    ),
    (
        "once",
        &[
            "",
            "sources: ['https://example.org/1']",
            "sources: ['https://example.org/2']",
            "tags: [甲]",
            "join: null",
        ],
    ),
    (
        "series",
        &[
            "every: week",
            "rule: FREQ=WEEKLY",
            "rule: 'RRULE:freq=weekly;interval=1'",
            "every: 2 weeks",
        ],
    ),
    ("series", &["count: 20", "until: 2027-01-13", ""]),
    (
        "series",
        &[
            "",
            "skip: []",
            "skip: [2026-09-30]",
            "skip: [{date: 2026-09-30}]",
            "skip: [{date: 2026-09-30, reason: 国庆}]",
        ],
    ),
    (
        "series",
        &[
            "",
            "changes: []",
            "changes: [{date: 2026-10-14, start: '15:00'}]",
            "changes: [{date: 2026-10-14, start: 2026-10-14 15:00}]",
            "changes: [{date: 2026-10-14, status: cancelled}]",
            "changes: [{date: 2026-10-14, agenda: [甲]}]",
        ],
    ),
    (
        "zone",
        &["", "timezone: Asia/Shanghai", "timezone: Asia/Tokyo"],
    ),
];

/// Writes the files that have these lines at the places.
fn written(lines: &[usize]) -> Sources {
    let at = |name: &str| {
        let places = PLACES
            .iter()
            .zip(lines)
            .filter(|((place, _), _)| *place == name);
        places
            .map(|((_, lines), line)| lines[*line])
            .collect::<Vec<_>>()
    };
    let below = |indent: &str, lines: Vec<&str>| -> String {
        let line = |line: &str| format!("{indent}{line}\n");
        lines
            .into_iter()
            .filter(|line| !line.is_empty())
            .map(line)
            .collect()
    };
    let calendar = format!(
        "name: x\ndomain: example.org\n{}projects:\n  p:\n    name: P\n{}",
        below("", at("calendar")),
        below("    ", at("project")),
    );
    let once = match at("once").split_first() {
        Some((start, rest)) if start.starts_with('{') => {
            let start = start.trim_matches(['{', '}']).replace(", ", "\n");
            format!("title: 一次\n{start}\n{}", below("", rest.to_vec()))
        }
        _ => format!("title: 一次\n{}", below("", at("once"))),
    };
    let series = format!(
        "title: 每周\nstart: 2026-09-02 14:00\n{}repeat:\n{}",
        below("", at("zone")),
        below("  ", at("series")),
    );
    let file = |name: &str, text: String| Source::new("events", name, text);
    Sources {
        root: "events".to_owned(),
        calendar: Some(file("calendar.yaml", calendar)),
        events: vec![file("p/once.yaml", once), file("p/series.yaml", series)],
        diagnostics: Vec::new(),
    }
}

/// What a feed says of each UID: all but the stamps, and the stamps.
fn entries(feed: &str) -> BTreeMap<String, (String, BTreeSet<String>)> {
    let mut entries: BTreeMap<String, (String, BTreeSet<String>)> = BTreeMap::new();
    for vevent in feed.split("BEGIN:VEVENT").skip(1) {
        let is_stamp = |line: &&str| {
            ["SEQUENCE:", "DTSTAMP:", "LAST-MODIFIED:", "CREATED:"]
                .iter()
                .any(|name| line.starts_with(name))
        };
        let uid = vevent.lines().find_map(|line| line.strip_prefix("UID:"));
        let entry = entries
            .entry(uid.expect("it has one").to_owned())
            .or_default();
        let (stamps, rest): (Vec<&str>, Vec<&str>) = vevent.lines().partition(is_stamp);
        entry.0.push_str(&rest.join("\n"));
        entry.1.insert(stamps.join("\n"));
    }
    entries
}

fn sequence(stamps: &BTreeSet<String>) -> u32 {
    let line = |stamps: &String| {
        stamps
            .lines()
            .find_map(|line| line.strip_prefix("SEQUENCE:")?.parse().ok())
    };
    stamps.iter().find_map(line).expect("it has one")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2))]

    #[test]
    fn over_300_edits_stamps_move_with_what_is_written_and_never_else(
        edits in collection::vec((0..PLACES.len(), 0..6_usize), 300)
    ) {
        let mut lines = vec![0; PLACES.len()];
        let mut now = DateTime::from_timestamp(1_700_000_000, 0).expect("it is a time");
        let mut ledger = Ledger::default();
        let mut before: BTreeMap<String, (String, BTreeSet<String>)> = BTreeMap::new();
        for (place, line) in edits {
            lines[place] = line % PLACES[place].1.len();
            now += chrono::TimeDelta::minutes(1);
            let build = build(&written(&lines), &ledger, Settings::default(), now);
            prop_assert!(!build.has_errors(), "{:#?}", build.diagnostics);
            let all = build.feeds.iter().find(|feed| feed.slug == "all").expect("it is planned");
            for (uid, (said, stamps)) in entries(&all.ics()) {
                prop_assert_eq!(stamps.len(), 1, "all components of a UID have one set of stamps");
                match before.get(&uid) {
                    Some((known, old)) if *known == said => prop_assert_eq!(&stamps, old),
                    Some((_, old)) => {
                        prop_assert_eq!(sequence(&stamps), sequence(old) + 1);
                        let stamp = now.format("DTSTAMP:%Y%m%dT%H%M%SZ").to_string();
                        prop_assert!(stamps.iter().all(|stamps| stamps.contains(&stamp)));
                    }
                    None => prop_assert_eq!(sequence(&stamps), 0),
                }
                before.insert(uid, (said, stamps));
            }
            ledger = build.ledger;
        }
    }
}

/// Lines of one place that mean the same to a subscriber.
const EQUAL: &[&[&str]] = &[
    &["start: 2026-09-02 14:00", "start: 2026-09-02T06:00Z"],
    &["", "# status: cancelled"],
    &[
        "",
        "sources: ['https://example.org/1']",
        "sources: ['https://example.org/2']",
    ],
    &[
        "every: week",
        "rule: FREQ=WEEKLY",
        "rule: 'RRULE:freq=weekly;interval=1'",
    ],
    &["", "skip: []"],
    &["skip: [2026-09-30]", "skip: [{date: 2026-09-30}]"],
    &["", "changes: []"],
    &[
        "changes: [{date: 2026-10-14, start: '15:00'}]",
        "changes: [{date: 2026-10-14, start: 2026-10-14 15:00}]",
    ],
    &["", "timezone: Asia/Shanghai"],
];

#[test]
fn lines_that_mean_the_same_move_nothing() {
    let now = DateTime::from_timestamp(1_700_000_000, 0).expect("it is a time");
    for equal in EQUAL {
        let has_all = |(_, lines): &(&str, &[&str])| equal.iter().all(|line| lines.contains(line));
        let place = PLACES
            .iter()
            .position(has_all)
            .expect("they are of one place");
        let with = |line: &&str| {
            let mut lines = vec![0; PLACES.len()];
            let known = PLACES[place].1.iter().position(|known| known == line);
            lines[place] = known.expect("it is there");
            written(&lines)
        };
        let first = build(
            &with(&equal[0]),
            &Ledger::default(),
            Settings::default(),
            now,
        );
        assert!(!first.has_errors());
        for other in &equal[1..] {
            let later = now + chrono::TimeDelta::days(1);
            let second = build(&with(other), &first.ledger, Settings::default(), later);
            assert!(first.feeds == second.feeds, "{} is not {other}", equal[0]);
        }
    }
}

proptest! {
    #[test]
    fn stamps_move_exactly_when_subscribers_must_notice(edits in edits()) {
        let mut meetings: BTreeMap<&str, Meeting> = IDS.iter().map(|id| (*id, Meeting { hour: 9, ..Meeting::default() })).collect();
        let mut is_english = false;
        let mut now = DateTime::from_timestamp(1_700_000_000, 0).expect("it is a time");
        let mut ledger = Ledger::default();
        let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
        let mut published = BTreeMap::new();
        for edit in edits {
            now += chrono::TimeDelta::minutes(1);
            match edit {
                Edit::Retitle(id, title) => meetings.entry(id).or_insert(Meeting { hour: 9, ..Meeting::default() }).title = title,
                Edit::Move(id, hour) => meetings.entry(id).or_default().hour = hour,
                Edit::Reformat(id) => {
                    if let Some(meeting) = meetings.get_mut(id) {
                        meeting.is_reformatted = !meeting.is_reformatted;
                    }
                }
                Edit::Delete(id) => { meetings.remove(id); }
                Edit::Translate(to_english) => is_english = to_english,
                Edit::SetClockBack => now -= chrono::TimeDelta::hours(1),
                // An emptied folder is never published, so its feeds are not those of its files.
                Edit::LoseLedger if meetings.is_empty() => {}
                Edit::LoseLedger => {
                    let known = sources(&meetings, is_english);
                    ledger = recover_ledger(&published, &known, now);
                    // What is in no feed any more is forgotten with the ledger.
                    seen.retain(|uid, _| ledger.records.contains_key(uid.as_str()));
                }
            }
            if meetings.is_empty() {
                continue;
            }
            let build = build(&sources(&meetings, is_english), &ledger, Settings::default(), now);
            prop_assert!(!build.has_errors());
            for (id, meeting) in &meetings {
                let uid = format!("p-{id}@example.org");
                let seen_now = expected(seen.get(&uid), *meeting, is_english, now);
                let record = &build.ledger.records[uid.as_str()];
                prop_assert_eq!((record.sequence, record.created, record.modified), (seen_now.sequence, seen_now.created, seen_now.modified));
                seen.insert(uid, seen_now);
            }
            let text = build.ledger.to_json();
            prop_assert_eq!(&Ledger::from_json(&text).expect("it is a ledger"), &build.ledger);
            published = feeds(&build);
            ledger = build.ledger;
        }
    }

    #[test]
    fn a_second_run_at_any_time_gives_the_same_bytes(later in 0..4_000_000_000_i64) {
        let meetings: BTreeMap<&str, Meeting> = IDS.iter().map(|id| (*id, Meeting { hour: 9, ..Meeting::default() })).collect();
        let sources = sources(&meetings, false);
        let time = |seconds| DateTime::from_timestamp(seconds, 0).expect("it is a time");
        let first = build(&sources, &Ledger::default(), Settings::default(), time(1_700_000_000));
        let second = build(&sources, &first.ledger, Settings::default(), time(later));
        prop_assert_eq!(first.feeds, second.feeds);
        prop_assert_eq!(first.ledger, second.ledger);
    }
}
