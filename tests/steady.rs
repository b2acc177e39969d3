//! `Steady`, what a watcher builds with: over random edits, its memory gives what a fresh build gives, and a broken file
//! stands for its last good text.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::collection;
use proptest::prelude::{
    Just, ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest,
};
use proptest::sample;
use sofacal::diagnostic::{Code, Severity};
use sofacal::feed::revision::Ledger;
use sofacal::pipeline::{Build, Settings, Sources, Steady, SteadyBuild, build};
use sofacal::source::Source;
use std::collections::{BTreeMap, BTreeSet};

const CALENDAR: &str =
    "name: x\ndomain: example.org\nprojects:\n  layotto: {name: Layotto}\n  mosn: {name: MOSN}\n";
const CALENDARS: [&str; 6] = [
    CALENDAR,
    "name: y\ndomain: example.org\npast: 1d\nprojects: {layotto: {name: Layotto}, mosn: {name: MOSN}}\n",
    "name: x\ndomain: example.org\nprojects: {layotto: {name: Anders}, mosn: {name: MOSN}}\n",
    "name: x\ndomain: example.org\nprojects: {layotto: {name: Layotto}}\n",
    "name: x\n",
    "name: [\n",
];
const PATHS: [&str; 5] = [
    "layotto/a.yaml",
    "layotto/b.yaml",
    "layotto/deep/a.yaml",
    "mosn/a.yaml",
    "mosn/c.yaml",
];
const TEXTS: [&str; 10] = [
    "title: eins\nstart: 2023-05-31 14:00-15:00\n",
    "title: zwei\nstart: 2023-05-31 14:00-15:00\n",
    "title: eins\nstart: 2023-06-01 10:00-11:00\n",
    "title: eins\nstart: 2023-05-31 14:00-15:00\nstatus: cancelled\n",
    "title: reihe\nstart: 2023-05-31 14:00-15:00\nrepeat: {every: week, count: 3}\n",
    "title: eigen\nuid: own@example.org\nstart: 2023-05-31 14:00-15:00\n",
    "events:\n  - {id: p, title: p, start: 2023-05-31 14:00-15:00}\n  - {id: q, title: q, start: 2023-05-31 16:00-17:00}\n",
    "title: entwurf\nstart: null\n",
    "title: verkehrt\nstart: 2023-05-31 14:00\nend: 2023-05-31 13:00\n",
    "title: [\n",
];

/// What happens between two builds.
#[derive(Debug, Clone)]
enum Edit {
    Calendar(&'static str),
    Write(&'static str, &'static str),
    /// The file is read again and says the same.
    ReadAgain(&'static str),
    Delete(&'static str),
    Rename(&'static str, &'static str),
    /// Time goes on, or someone sets the clock back.
    Hours(i64),
    /// Someone brings an older ledger back.
    OldLedger,
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let path = || sample::select(PATHS.to_vec());
    let text = || sample::select(TEXTS.to_vec());
    let edit = prop_oneof![
        1 => sample::select(CALENDARS.to_vec()).prop_map(Edit::Calendar),
        2 => Just(Edit::Calendar(CALENDAR)),
        8 => (path(), text()).prop_map(|(path, text)| Edit::Write(path, text)),
        1 => path().prop_map(Edit::ReadAgain),
        2 => path().prop_map(Edit::Delete),
        1 => (path(), path()).prop_map(|(from, to)| Edit::Rename(from, to)),
        2 => (-40_i64..80).prop_map(Edit::Hours),
        1 => Just(Edit::OldLedger),
    ];
    collection::vec(edit, 1..4)
}

/// A folder, and what was published of it.
struct Desk {
    calendar: Source,
    files: BTreeMap<&'static str, Source>,
    now: DateTime<Utc>,
    ledger: Ledger,
    older: Ledger,
}

fn source(path: &str, text: &str) -> Source {
    Source::new("events", path, text)
}

impl Desk {
    fn new() -> Self {
        let files = [(PATHS[0], TEXTS[0]), (PATHS[3], TEXTS[1])];
        Desk {
            calendar: source("calendar.yaml", CALENDAR),
            files: files.map(|(path, text)| (path, source(path, text))).into(),
            now: "2023-05-31T00:00:00Z".parse().expect("it is a time"),
            ledger: Ledger::default(),
            older: Ledger::default(),
        }
    }

    fn edit(&mut self, edit: &Edit) {
        match *edit {
            Edit::Calendar(text) => self.calendar = source("calendar.yaml", text),
            Edit::Write(path, text) => {
                self.files.insert(path, source(path, text));
            }
            Edit::ReadAgain(path) => {
                if let Some(known) = self.files.get_mut(path) {
                    *known = source(path, &known.text);
                }
            }
            Edit::Delete(path) => {
                self.files.remove(path);
            }
            Edit::Rename(from, to) => {
                if let Some(known) = self.files.remove(from) {
                    self.files.insert(to, source(to, &known.text));
                }
            }
            Edit::Hours(hours) => self.now += TimeDelta::hours(hours),
            Edit::OldLedger => self.ledger = self.older.clone(),
        }
    }

    fn sources(&self) -> Sources {
        Sources {
            root: "events".to_owned(),
            calendar: Some(self.calendar.clone()),
            events: self.files.values().cloned().collect(),
            diagnostics: Vec::new(),
        }
    }

    fn fresh(&self, sources: &Sources) -> Build {
        build(sources, &self.ledger, Settings::default(), self.now)
    }

    fn steady(&self, steady: &mut Steady) -> SteadyBuild {
        let sources = self.sources();
        steady.build(&sources, &self.ledger, Settings::default(), self.now)
    }

    fn publish(&mut self, build: &Build) {
        self.older = std::mem::replace(&mut self.ledger, build.ledger.clone());
    }
}

/// The same rules in other words: what a build gives that holds files, and which.
#[derive(Default)]
struct Model {
    good: Option<Sources>,
}

impl Model {
    fn build(&mut self, desk: &Desk) -> (Build, BTreeSet<String>) {
        let sources = desk.sources();
        let fresh = desk.fresh(&sources);
        if !fresh.has_errors() {
            self.good = Some(sources);
            return (fresh, BTreeSet::new());
        }
        let (Some(good), Some(broken)) = (&self.good, broken_alone(&fresh)) else {
            return (fresh, BTreeSet::new());
        };
        let mut standing = sources;
        let last_good = |source: Source| match broken.contains(&*source.path) {
            true => good
                .events
                .iter()
                .find(|good| good.path == source.path)
                .cloned(),
            false => Some(source),
        };
        standing.events = standing.events.into_iter().filter_map(last_good).collect();
        let second = desk.fresh(&standing);
        if second.has_errors() {
            return (second, BTreeSet::new());
        }
        self.good = Some(standing);
        (second, broken)
    }
}

fn broken_alone(build: &Build) -> Option<BTreeSet<String>> {
    let mut broken = BTreeSet::new();
    for found in &build.diagnostics {
        let file = &found.place.file;
        let is_shared = found.code() == Code::DuplicateUid
            && found.related.iter().any(|(place, _)| place.file != *file);
        match found.severity() {
            Severity::Warning | Severity::Advice => {}
            Severity::Error
                if is_shared || **file == *"events/calendar.yaml" || **file == *"events" =>
            {
                return None;
            }
            Severity::Error => {
                broken.insert(file.to_string());
            }
        }
    }
    Some(broken)
}

fn bytes(build: &Build) -> (Vec<(String, String)>, String) {
    let feeds = build
        .feeds
        .iter()
        .map(|feed| (feed.slug.clone(), feed.ics()));
    (
        feeds.collect(),
        String::from_utf8(build.ledger.to_json()).expect("JSON is text"),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn over_random_edits_it_gives_what_fresh_builds_give(turns in collection::vec((edits(), any::<bool>()), 1..25)) {
        let mut desk = Desk::new();
        let (mut steady, mut model) = (Steady::default(), Model::default());
        for (edits, is_published) in turns {
            for edit in &edits {
                desk.edit(edit);
            }
            let found = desk.steady(&mut steady);
            let (expected, held) = model.build(&desk);
            let names: BTreeSet<String> = found.held.iter().map(|path| path.to_string()).collect();
            prop_assert_eq!(names, held.clone());
            prop_assert_eq!(found.build.has_errors(), expected.has_errors());
            if !expected.has_errors() {
                prop_assert_eq!(bytes(&found.build), bytes(&expected));
                prop_assert_eq!(&found.build.cancelled, &expected.cancelled);
            }
            // What is wrong with the files as they are is always told, and of what is well nothing else.
            let fresh = desk.fresh(&desk.sources()).diagnostics;
            prop_assert!(fresh.iter().all(|told| found.build.diagnostics.contains(told)));
            prop_assert!(!held.is_empty() || expected.has_errors() || found.build.diagnostics == fresh);
            // A full disk publishes nothing.
            if is_published && !found.build.has_errors() {
                desk.publish(&found.build);
            }
        }
    }
}

#[test]
fn nothing_is_held_before_the_first_clean_build() {
    let mut desk = Desk::new();
    let mut steady = Steady::default();
    desk.edit(&Edit::Write(PATHS[0], "title: [\n"));
    let first = desk.steady(&mut steady);
    assert!(first.build.has_errors() && first.held.is_empty());
    desk.edit(&Edit::Write(PATHS[0], TEXTS[0]));
    let second = desk.steady(&mut steady).build;
    desk.publish(&second);
    desk.edit(&Edit::Write(PATHS[0], "title: [\n"));
    let third = desk.steady(&mut steady);
    assert!(!third.build.has_errors());
    assert_eq!(third.held.len(), 1);
    assert_eq!(third.build.feeds, second.feeds);
}

#[test]
fn one_uid_twice_in_one_file_holds_that_file() {
    let mut desk = Desk::new();
    let mut steady = Steady::default();
    let first = desk.steady(&mut steady).build;
    desk.publish(&first);
    let twice = "events:\n  - {id: p, title: p, start: 2023-05-31}\n  - {id: p, title: q, start: 2023-05-31}\n";
    desk.edit(&Edit::Write(PATHS[0], twice));
    let second = desk.steady(&mut steady);
    assert_eq!(second.held.len(), 1);
    assert_eq!(second.build.feeds, first.feeds);
}

#[test]
fn at_midnight_a_window_moves_on_and_with_the_clock_set_back_it_returns() {
    let mut desk = Desk::new();
    let mut steady = Steady::default();
    desk.edit(&Edit::Calendar(CALENDARS[1]));
    let at = |time: &str| -> DateTime<Utc> { time.parse().expect("it is a time") };
    let (evening, midnight) = (at("2023-06-01T15:59:59Z"), at("2023-06-01T16:00:00Z"));
    for (now, published) in [(evening, 2), (midnight, 0), (evening, 2)] {
        desk.now = now;
        let build = desk.steady(&mut steady).build;
        assert_eq!(build.published, published);
        assert_eq!(bytes(&build), bytes(&desk.fresh(&desk.sources())));
        desk.publish(&build);
        assert!(!steady.is_of_another_day(now));
        assert!(steady.is_of_another_day(if now == evening { midnight } else { evening }));
    }
    assert_eq!(steady.end_of_day(), Some(midnight));
}

#[test]
fn what_left_the_feeds_is_forgotten_when_an_older_ledger_never_knew_it() {
    let mut desk = Desk::new();
    let mut steady = Steady::default();
    let first = desk.steady(&mut steady).build;
    desk.publish(&first);
    // The window takes everything out of the feeds, and the ledger keeps it in mind.
    desk.edit(&Edit::Calendar(CALENDARS[1]));
    desk.edit(&Edit::Hours(80));
    let second = desk.steady(&mut steady).build;
    assert_eq!(second.published, 0);
    desk.edit(&Edit::OldLedger);
    let third = desk.steady(&mut steady).build;
    assert_eq!(bytes(&third), bytes(&desk.fresh(&desk.sources())));
}
