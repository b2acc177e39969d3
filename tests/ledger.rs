//! The ledger over many runs: stamps move exactly when subscribers must notice.
//!
//! Random edits go in, run after run, each with the ledger of the run before. A model that knows
//! nothing but "what does a subscriber see" says what SEQUENCE and the stamps must be.

use chrono::{DateTime, Utc};
use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::{collection, sample};
use sofacal::feed::revision::Ledger;
use sofacal::pipeline::{Build, Settings, Sources, build, recover_ledger};
use sofacal::source::Source;
use std::collections::BTreeMap;

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
                    seen.retain(|uid, _| ledger.records.contains_key(uid));
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
                let record = &build.ledger.records[&uid];
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
