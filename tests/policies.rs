//! Policies over several runs: what a calendar decides about time, names and feeds, and what subscribers get of it.
//!
//! Each test is a story: files go in, run after run, each with the ledger of the run before.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proptest::collection;
use proptest::prelude::{ProptestConfig, Strategy, prop_assert_eq, prop_oneof, proptest};
use proptest::sample;
use sofacal::feed::revision::{Ledger, Record};
use sofacal::pipeline::{Build, Settings, Sources, build, recover_ledger};
use sofacal::source::Source;

const DAY: &str = "2023-05-31";
const MEETING: &str = "title: 例会\nstart: 2023-05-31 14:00-15:00\n";

/// A calendar over its runs.
struct Story {
    calendar: String,
    files: Vec<(String, String)>,
    now: DateTime<Utc>,
    ledger: Ledger,
}

impl Story {
    fn new(calendar: &str, files: &[(&str, &str)]) -> Self {
        let mut story = Story {
            calendar: String::new(),
            files: Vec::new(),
            now: format!("{DAY}T00:00:00Z").parse().expect("it is a time"),
            ledger: Ledger::default(),
        };
        story.calendar(calendar);
        for (path, text) in files {
            story.write(path, text);
        }
        story
    }

    fn calendar(&mut self, keys: &str) {
        self.calendar = format!("name: x\ndomain: example.org\n{keys}");
    }

    fn write(&mut self, path: &str, text: &str) {
        self.delete(path);
        self.files.push((path.to_owned(), text.to_owned()));
    }

    fn delete(&mut self, path: &str) {
        self.files.retain(|(known, _)| known != path);
    }

    fn wait(&mut self, days: i64) {
        self.now += TimeDelta::days(days);
    }

    fn sources(&self) -> Sources {
        let file = |(path, text): &(String, String)| Source::new("events", path, text.as_str());
        Sources {
            root: "events".to_owned(),
            calendar: Some(Source::new(
                "events",
                "calendar.yaml",
                self.calendar.as_str(),
            )),
            events: self.files.iter().map(file).collect(),
            diagnostics: Vec::new(),
        }
    }

    fn build(&self) -> Build {
        build(&self.sources(), &self.ledger, Settings::default(), self.now)
    }

    fn run(&mut self) -> Build {
        let build = self.build();
        assert!(!build.has_errors(), "{:#?}", build.diagnostics);
        let json = build.ledger.to_json();
        self.ledger = Ledger::from_json(&json).expect("it is a ledger");
        assert_eq!(self.ledger, build.ledger);
        build
    }

    /// Runs where nothing is to be said.
    fn run_quietly(&mut self) -> Build {
        let build = self.run();
        assert_eq!(build.diagnostics, []);
        build
    }

    fn record(&self, uid: &str) -> &Record {
        &self.ledger.records[uid]
    }
}

fn codes(build: &Build) -> Vec<&'static str> {
    let codes = build.diagnostics.iter().map(|found| found.code().as_str());
    codes.collect()
}

fn feed(build: &Build, slug: &str) -> String {
    let feed = build.feeds.iter().find(|feed| feed.slug == slug);
    feed.unwrap_or_else(|| panic!("there is no feed {slug}"))
        .ics()
}

const PROJECT: &str = "projects: {p: P}\n";
const OTHER: &str = "title: 另一个\nstart: 2030-01-01 14:00-15:00\n";
const UID: &str = "p-a@example.org";

fn with_window(window: &str) -> String {
    format!("past: {window}\n{PROJECT}")
}

/// An event of 31 May 2023 beside one that is never past.
fn published() -> (Story, Build, Record) {
    let mut story = Story::new(PROJECT, &[("p/a.yaml", MEETING), ("p/other.yaml", OTHER)]);
    let first = story.run_quietly();
    let record = story.record(UID).clone();
    (story, first, record)
}

#[test]
fn an_event_leaves_the_feeds_the_day_after_its_window_and_returns_as_it_was() {
    let (mut story, first, record) = published();
    story.calendar(&with_window("30d"));
    story.wait(30);
    assert_eq!(story.run_quietly().feeds, first.feeds);
    story.wait(1);
    let past = story.run_quietly();
    assert_eq!((past.published, past.past), (1, 1));
    for slug in ["all", "p"] {
        assert!(!feed(&past, slug).contains(UID));
    }
    let is_left_out = true;
    assert_eq!(
        *story.record(UID),
        Record {
            is_left_out,
            ..record.clone()
        }
    );
    story.calendar(&with_window("31d"));
    assert_eq!(story.run_quietly().feeds, first.feeds);
    assert_eq!(*story.record(UID), record);
}

#[test]
fn an_event_that_is_deleted_while_it_is_past_is_not_missed() {
    let (mut story, _, _) = published();
    story.calendar(&with_window("1w"));
    story.wait(20);
    story.run_quietly();
    story.delete("p/a.yaml");
    story.run_quietly();
    assert!(story.record(UID).is_gone);
    // Nor when the window grows in the run that deletes it, or after it.
    story.calendar(PROJECT);
    story.run_quietly();
    story.write("p/a.yaml", MEETING);
    assert!(feed(&story.run_quietly(), "all").contains(UID));
    assert_eq!(story.record(UID).sequence, 0);
    story.calendar(&with_window("1w"));
    story.run_quietly();
    story.calendar(PROJECT);
    story.delete("p/a.yaml");
    story.run_quietly();
}

#[test]
fn an_event_that_is_deleted_before_it_is_past_is_missed() {
    let (mut story, _, _) = published();
    story.calendar(&with_window("1w"));
    story.wait(3);
    story.run_quietly();
    // Also in the run that would take it: the ledger knows no ends.
    for days in [0, 20] {
        story.wait(days);
        story.delete("p/a.yaml");
        assert_eq!(codes(&story.build()), ["vanished"]);
    }
}

#[test]
fn edits_while_an_event_is_past_move_its_stamps_once_and_when_it_returns() {
    let (mut story, _, record) = published();
    story.calendar(&with_window("1w"));
    story.wait(20);
    for title in ["甲", "乙", "丙"] {
        story.write("p/a.yaml", &MEETING.replace("例会", title));
        story.wait(1);
        story.run_quietly();
        assert_eq!(story.record(UID).sequence, 0);
    }
    story.calendar(PROJECT);
    story.run_quietly();
    assert_eq!(story.record(UID).sequence, 1);
    assert_eq!(story.record(UID).modified, story.now);
    assert_eq!(story.record(UID).created, record.created);
}

#[test]
fn an_event_that_is_past_before_it_is_published_is_never_known() {
    let mut story = Story::new(
        &with_window("1w"),
        &[("p/a.yaml", MEETING), ("p/other.yaml", OTHER)],
    );
    story.wait(20);
    assert_eq!(story.run_quietly().past, 1);
    assert!(!story.ledger.records.contains_key(UID));
    story.delete("p/a.yaml");
    story.run_quietly();
}

#[test]
fn a_past_event_may_become_a_draft() {
    let (mut story, _, _) = published();
    story.calendar(&with_window("1w"));
    story.wait(20);
    story.run_quietly();
    story.write("p/a.yaml", "title: 例会\n");
    assert_eq!(story.run_quietly().drafts, 1);
}

#[test]
fn a_series_is_past_after_its_last_day_and_never_without_one() {
    let series = |bound: &str| format!("{MEETING}repeat: {{every: week{bound}}}\n");
    let mut story = Story::new(
        &with_window("1w"),
        &[
            ("p/a.yaml", &series(", count: 3")),
            ("p/open.yaml", &series("")),
        ],
    );
    story.wait(14 + 7);
    assert_eq!(story.run_quietly().published, 2);
    story.wait(1);
    let build = story.run_quietly();
    assert_eq!((build.published, build.past), (1, 1));
    story.wait(5000);
    assert_eq!(story.run_quietly().published, 1);
}

#[test]
fn what_is_dropped_and_past_stays_out_without_a_word() {
    let (mut story, _, _) = published();
    story.write("p/a.yaml", &format!("{MEETING}status: cancelled\n"));
    story.calendar(&format!("cancelled: drop\n{}", with_window("1w")));
    story.run_quietly();
    story.wait(20);
    assert_eq!(story.run_quietly().past, 0);
    story.calendar(PROJECT);
    assert!(feed(&story.run_quietly(), "all").contains(UID));
    assert_eq!(story.record(UID).sequence, 1);
}

#[test]
fn a_loss_beside_an_event_that_returns_from_being_dropped_is_told() {
    let entry = |id: &str, status: &str| {
        format!("- {{id: {id}, title: {id}, start: 2023-05-31 14:00-15:00, status: {status}}}\n")
    };
    let file = |entries: &[String]| format!("events:\n{}", entries.concat());
    let both = file(&[entry("a", "confirmed"), entry("b", "confirmed")]);
    let drop = format!("cancelled: drop\n{PROJECT}");
    let mut story = Story::new(&drop, &[("p/all.yaml", &both)]);
    let first = story.run_quietly();
    let record = story.record(UID).clone();
    let cancelled = file(&[entry("a", "cancelled"), entry("b", "confirmed")]);
    story.write("p/all.yaml", &cancelled);
    story.wait(1);
    assert!(!feed(&story.run_quietly(), "all").contains(UID));
    let is_left_out = true;
    assert_eq!(
        *story.record(UID),
        Record {
            is_left_out,
            ..record.clone()
        }
    );
    story.write("p/all.yaml", &both);
    assert_eq!(story.run_quietly().feeds, first.feeds);
    story.write("p/all.yaml", &cancelled);
    story.run_quietly();
    story.write("p/all.yaml", &file(&[entry("a", "confirmed")]));
    assert_eq!(codes(&story.run()), ["vanished"]);
    assert_eq!(*story.record(UID), record);
}

#[test]
fn today_is_the_calendars() {
    let (mut story, _, _) = published();
    // 16:00 in London is the next day in Shanghai.
    story.now = format!("{DAY}T16:00:00Z").parse().expect("it is a time");
    story.calendar(&with_window("1d"));
    assert_eq!(story.run_quietly().past, 0);
    story.wait(1);
    assert_eq!(story.run_quietly().past, 1);
    story.calendar(&format!("timezone: Europe/London\n{}", with_window("1d")));
    assert_eq!(story.run().past, 0);
}

#[test]
fn a_renamed_project_with_alias_and_prefix_moves_nothing() {
    let mut story = Story::new("projects: {old: P}\n", &[("old/a.yaml", MEETING)]);
    let before = story.run_quietly();
    story.wait(1);
    story.calendar("projects: {new: {name: P, aliases: old, uid_prefix: old}}\n");
    story.delete("old/a.yaml");
    story.write("new/a.yaml", MEETING);
    let after = story.run_quietly();
    for (old, new) in [("all", "all"), ("old", "old"), ("old", "new")] {
        assert_eq!(feed(&before, old), feed(&after, new), "{old} {new}");
    }
}

#[test]
fn a_renamed_project_without_prefix_is_told_of_once_and_can_be_mended_afterwards() {
    let files = |project: &str| {
        let file = |day: &str| (format!("{project}/{day}.yaml"), MEETING.replace(DAY, day));
        ["2023-05-31", "2023-06-07", "2023-06-14"].map(file)
    };
    let mut story = Story::new(
        "projects: {old: P, other: Q}\n",
        &[("other/a.yaml", MEETING)],
    );
    story.files.extend(files("old"));
    let before = story.run_quietly();
    story.files.retain(|(path, _)| path.starts_with("other"));
    story.files.extend(files("new"));
    story.calendar("projects: {new: P, other: Q}\n");
    let renamed = story.run();
    assert_eq!(codes(&renamed), ["orphaned-feed", "probable-rename"]);
    let told = &renamed.diagnostics[1].complaint;
    assert_eq!(
        told.message,
        "3 events of `new` were published under UIDs that begin with `old-`"
    );
    let hint = told.hint.as_deref().unwrap_or_default();
    assert!(hint.contains("`uid_prefix: old`") && hint.contains("`aliases: [old]`"));
    story.calendar("projects: {new: {name: P, uid_prefix: old, aliases: old}, other: Q}\n");
    let mended = story.run_quietly();
    assert_eq!(feed(&before, "all"), feed(&mended, "all"));
    assert_eq!(feed(&before, "old"), feed(&mended, "old"));
}

#[test]
fn a_prefix_that_is_lost_is_told_of_once() {
    let mut story = Story::new(
        "projects: {new: {name: P, uid_prefix: old}}\n",
        &[("new/a.yaml", MEETING), ("new/b.yaml", MEETING)],
    );
    story.run_quietly();
    story.calendar("projects: {new: {name: P}}\n");
    let build = story.run();
    assert_eq!(codes(&build), ["probable-rename"]);
    let hint = build.diagnostics[0].complaint.hint.as_deref();
    let hint = hint.unwrap_or_default();
    // There never was a feed `old`.
    assert!(hint.contains("`uid_prefix: old`") && !hint.contains("aliases"));
}

#[test]
fn an_event_that_moves_into_a_project_with_events_of_its_own_is_no_renamed_project() {
    let mut story = Story::new(
        "projects: {old: P, new: Q}\n",
        &[("old/a.yaml", MEETING), ("new/b.yaml", MEETING)],
    );
    story.run_quietly();
    story.delete("old/a.yaml");
    story.write("new/a.yaml", MEETING);
    story.calendar("projects: {new: {name: Q, aliases: old}}\n");
    assert_eq!(codes(&story.run()), ["vanished"]);
}

#[test]
fn a_project_with_dates_of_another_one_is_no_renamed_one() {
    let days = ["2023-05-31", "2023-06-07", "2023-06-14"];
    let mut story = Story::new("projects: {old: P}\n", &[]);
    for day in days {
        story.write(&format!("old/{day}.yaml"), &MEETING.replace(DAY, day));
    }
    story.run_quietly();
    story.files.clear();
    story.write(
        "new/2023-06-07.yaml",
        "title: x\nstart: 2023-06-07 19:00-20:00\n",
    );
    story.calendar("projects: {new: Q}\n");
    let vanished = ["vanished"; 3];
    let expected: Vec<_> = ["orphaned-feed"].into_iter().chain(vanished).collect();
    assert_eq!(codes(&story.run()), expected);
}

#[test]
fn a_renamed_project_may_move_an_event_too() {
    let days = ["2023-05-31", "2023-06-07", "2023-06-14"];
    let mut story = Story::new("projects: {old: P}\n", &[]);
    for day in days {
        story.write(&format!("old/{day}.yaml"), &MEETING.replace(DAY, day));
    }
    story.run_quietly();
    story.files.clear();
    for day in days {
        story.write(&format!("new/{day}.yaml"), &MEETING.replace(DAY, day));
    }
    let later = MEETING
        .replace(DAY, days[2])
        .replace("14:00-15:00", "15:00-16:00");
    story.write("new/2023-06-14.yaml", &later);
    story.calendar("projects: {new: P}\n");
    assert_eq!(codes(&story.run()), ["orphaned-feed", "probable-rename"]);
}

#[test]
fn a_renamed_file_is_no_renamed_project() {
    let mut story = Story::new(PROJECT, &[("p/weekly-meeting.yaml", MEETING)]);
    story.run_quietly();
    story.delete("p/weekly-meeting.yaml");
    story.write("p/meeting.yaml", MEETING);
    let build = story.run();
    assert_eq!(codes(&build), ["probable-rename"]);
    let hint = build.diagnostics[0].complaint.hint.as_deref();
    assert!(hint.is_some_and(|hint| hint.contains("`uid: p-weekly-meeting@example.org`")));
}

#[test]
fn a_recovered_ledger_knows_projects_from_other_feeds() {
    let calendar = "projects: {p: {name: P, aliases: a-copy}}\nfeeds: {a-feed: {kinds: meeting}}\n";
    let mut story = Story::new(calendar, &[("p/a.yaml", MEETING), ("p/b.yaml", MEETING)]);
    let build = story.run_quietly();
    story.delete("p/b.yaml");
    let feeds = build
        .feeds
        .iter()
        .map(|feed| (feed.slug.clone(), feed.ics()));
    let recovered = recover_ledger(&feeds.collect(), &story.sources(), story.now);
    assert_eq!(recovered.feeds, build.ledger.feeds);
    for (uid, record) in &recovered.records {
        assert_eq!(record.project, "p", "{uid}");
    }
}

#[test]
fn a_feed_of_more_than_a_million_bytes_is_told_of_and_its_copies_are_not() {
    let long = "会".repeat(6_000);
    let event = |id: u32| format!("- {{id: e{id}, title: x, start: 2023-05-31 14:00}}\n");
    let file = |count: u32| {
        let events: String = (0..count).map(event).collect();
        format!("description: {long}\nevents:\n{events}")
    };
    let calendar = "projects: {p: {name: P, aliases: old}, q: Q}\nfeeds: {f: {tags: x}}\n";
    let mut story = Story::new(calendar, &[("p/a.yaml", &file(50))]);
    let build = story.run_quietly();
    assert!(feed(&build, "p").len() > 900_000 && feed(&build, "p").len() <= 1_000_000);
    story.write("p/a.yaml", &file(60));
    let build = story.run();
    assert_eq!(codes(&build), ["large-feed"; 2]);
    let size = feed(&build, "all").len().to_string();
    let (millions, rest) = size.split_at(1);
    let (thousands, ones) = rest.split_at(3);
    let told = &build.diagnostics[0].complaint;
    let message = format!(
        "the feed `all.ics` has {millions},{thousands},{ones} bytes, and Google Calendar reads 1,000,000 at most"
    );
    assert_eq!(told.message, message);
    assert!(
        build.diagnostics[1]
            .complaint
            .message
            .starts_with("the feed `p.ics` has ")
    );
    let hint = told.hint.as_deref().unwrap_or_default();
    assert!(hint.contains("`past: 2y`"), "{hint}");
    story.calendar(&format!("past: 9y\n{calendar}"));
    let hint = story.run().diagnostics[0].complaint.hint.clone();
    assert!(hint.is_some_and(|hint| hint.contains("a shorter time")));
    story.calendar(&format!("past: 1w\n{calendar}"));
    story.wait(20);
    story.run_quietly();
}

#[test]
fn as_many_feeds_and_aliases_as_the_documents_say() {
    let feeds = |count: u32| {
        let feed = |number| format!("  f{number}: {{kinds: meeting}}\n");
        let feeds: String = (0..count).map(feed).collect();
        format!("projects: {{p: P}}\nfeeds:\n{feeds}")
    };
    let aliases = |count: u32| {
        let aliases: Vec<String> = (0..count).map(|number| format!("a{number}")).collect();
        format!(
            "projects: {{p: {{name: P, aliases: [{}]}}}}\n",
            aliases.join(", ")
        )
    };
    for (most, calendar) in [(100, &feeds as &dyn Fn(u32) -> String), (20, &aliases)] {
        let story = Story::new(&calendar(most), &[("p/a.yaml", MEETING)]);
        assert_eq!(story.build().feeds.len(), most as usize + 2);
        let story = Story::new(&calendar(most + 1), &[("p/a.yaml", MEETING)]);
        assert_eq!(codes(&story.build()), ["too-long"]);
    }
    let text = include_str!("../docs/event-file.md");
    assert!(text.contains("There may be 100.") && text.contains("list of slugs, 20 at most"));
}

/// What happens between two runs.
#[derive(Debug, Clone)]
enum Turn {
    Wait(i64),
    Window(Option<&'static str>),
    Title(Option<&'static str>),
    Cancel(bool),
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let windows = vec![None, Some("1d"), Some("1w"), Some("1y")];
    let titles = vec![None, Some("甲"), Some("乙")];
    let turn = prop_oneof![
        (-10..20_i64).prop_map(Turn::Wait),
        sample::select(windows).prop_map(Turn::Window),
        sample::select(titles).prop_map(Turn::Title),
        proptest::bool::ANY.prop_map(Turn::Cancel),
    ];
    collection::vec(turn, 1..30)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_happens_stamps_move_with_what_subscribers_see_and_losses_are_theirs(turns in turns()) {
        let calendar = |keys: &str| format!("cancelled: drop\n{keys}");
        let mut story = Story::new(&calendar(PROJECT), &[("p/other.yaml", OTHER)]);
        let (mut title, mut days, mut is_cancelled) = (Some("甲"), None, false);
        // What subscribers got last, and whether they have it still.
        let mut seen: Option<(&str, u32)> = None;
        let mut is_there = false;
        for turn in turns {
            match turn {
                Turn::Wait(days) => story.wait(days),
                Turn::Window(window) => {
                    days = window.map(|window| match window { "1d" => 1, "1w" => 7, _ => 365 });
                    let keys = window.map_or_else(|| PROJECT.to_owned(), with_window);
                    story.calendar(&calendar(&keys));
                }
                Turn::Title(other) => title = other,
                Turn::Cancel(other) => is_cancelled = other,
            }
            let status = if is_cancelled { "status: cancelled\n" } else { "" };
            story.delete("p/a.yaml");
            if let Some(title) = title {
                story.write("p/a.yaml", &format!("{}{status}", MEETING.replace("例会", title)));
            }
            let day: NaiveDate = DAY.parse().expect("it is a date");
            let age = (story.now + TimeDelta::hours(8)).date_naive() - day;
            let is_past = days.is_some_and(|days| age.num_days() > days);
            let build = story.run();
            let expected = if title.is_none() && is_there { vec!["vanished"] } else { vec![] };
            prop_assert_eq!(codes(&build), expected);
            is_there = title.is_some() && !is_past && status.is_empty();
            prop_assert_eq!(feed(&build, "all").contains(UID), is_there);
            if let Some(title) = title.filter(|_| is_there) {
                let sequence = match seen {
                    None => 0,
                    Some((known, sequence)) if known == title => sequence,
                    Some((_, sequence)) => sequence + 1,
                };
                seen = Some((title, sequence));
            }
            prop_assert_eq!(story.ledger.records.get(UID).map(|record| record.sequence), seen.map(|(_, sequence)| sequence));
        }
    }
}
