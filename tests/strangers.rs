//! Strangers: calendar software that nobody here wrote reads our feeds and must see what we meant.
//!
//! Flows in: the feeds of `events/`, `output/`, the golden cases and the hard calendars beside the
//! scripts. Flows out: each difference between an entry as we mean it and as a stranger reads it, each
//! complaint of a stranger, each byte that breaks a rule. `.ci/run` installs the strangers and runs
//! the ignored tests; a stranger that is not there fails them.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads, writes and runs programs"
)]

#[path = "strangers/bytes.rs"]
mod bytes;
#[path = "strangers/clean.rs"]
mod clean;
#[path = "strangers/editor.rs"]
mod editor;
#[path = "strangers/published.rs"]
mod published;
#[path = "strangers/random/mod.rs"]
mod random;
#[path = "strangers/sets.rs"]
mod sets;
#[path = "strangers/tree.rs"]
mod tree;
#[path = "strangers/vocabulary.rs"]
mod vocabulary;

use published::{Published, everything_published};
use random::{Random, Written};
use serde_json::Value;
use sets::{Sets, apart};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use tempfile::TempDir;

/// A program that reads a folder of feeds and says what it sees, one JSON object a line.
struct Stranger {
    /// The program; a bare name is looked up in PATH.
    program: PathBuf,
    /// The script for it, if it is an interpreter.
    script: Option<&'static str>,
    /// The keys that it gets wrong in any feed, ours or not.
    blind_to: &'static [&'static str],
}

/// Where `.ci/run` puts the strangers.
fn home() -> PathBuf {
    match std::env::var_os("SOFACAL_STRANGERS") {
        Some(folder) => folder.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("target/strangers"),
    }
}

fn icalendar() -> Stranger {
    Stranger {
        program: home().join("venv/bin/python"),
        script: Some("occurrences.py"),
        blind_to: &[],
    }
}

fn home_assistant() -> Stranger {
    Stranger {
        program: home().join("venv/bin/python"),
        script: Some("home_assistant.py"),
        // It takes an escaped comma for the end of a category.
        blind_to: &["categories"],
    }
}

fn ical_js() -> Stranger {
    Stranger {
        program: "node".into(),
        script: Some("occurrences.mjs"),
        blind_to: &[],
    }
}

fn libical() -> Stranger {
    Stranger {
        program: home().join("libical"),
        script: None,
        blind_to: &[],
    }
}

impl Stranger {
    /// Lets it read all feeds in one process; what it writes to stderr is a complaint too.
    fn read(&self, all: &[Published]) -> Vec<Value> {
        let feeds = written(all);
        let mut command = Command::new(&self.program);
        if let Some(script) = self.script {
            let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/strangers");
            command.arg(scripts.join(script));
        }
        command.arg(feeds.path());
        let missing = |error| {
            let program = self.program.display();
            panic!(
                "cannot run `{program}` in `{}`: {error}\n`.ci/run` installs it",
                home().display()
            )
        };
        let output = command.current_dir(home()).output().unwrap_or_else(missing);
        let complaints = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && complaints.is_empty(),
            "`{}` ended with {} (`.ci/run` installs what it needs):\n{complaints}",
            self.program.display(),
            output.status
        );
        let said = String::from_utf8(output.stdout).expect("it speaks UTF-8");
        let object = |line: &str| {
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
        };
        said.lines().map(object).collect()
    }

    /// Lists where it reads something else than we mean.
    fn differences(&self, all: &[Published]) -> Vec<String> {
        let seen = |mut said: Value| {
            if let Some(said) = said.as_object_mut() {
                said.retain(|key, _| !self.blind_to.contains(&key.as_str()));
            }
            said
        };
        let meant: Vec<Value> = all
            .iter()
            .flat_map(|published| published.meant.iter().cloned().map(seen))
            .collect();
        let read: Vec<Value> = self.read(all).into_iter().map(seen).collect();
        differences(&meant, &read)
    }

    /// Fails unless it reads exactly what we mean.
    fn must_agree(&self) {
        let differences = self.differences(everything());
        assert!(
            differences.is_empty(),
            "{} differences:\n{}",
            differences.len(),
            differences[..differences.len().min(20)].join("\n")
        );
    }

    /// Fails unless it reads something else, or complains, once a feed is broken.
    fn must_notice(&self, calendar: &str, breakages: &[(&str, &str)]) {
        let whole = everything()
            .iter()
            .find(|published| published.name == calendar);
        let whole = whole.expect("it is there");
        let numbered = breakages.iter().enumerate();
        let broken = numbered.map(|(number, (sound, broken))| {
            let mut one = whole.named(&format!("broken-{number}"));
            let feed = one.feeds.get_mut("all").expect("every calendar has it");
            let text = String::from_utf8(feed.clone()).expect("feeds are UTF-8");
            assert!(text.contains(sound), "no feed holds {sound:?}");
            *feed = text.replace(sound, broken).into_bytes();
            one
        });
        let broken: Vec<Published> = broken.collect();
        let differences = self.differences(&broken).join("\n");
        for (number, (sound, broken)) in breakages.iter().enumerate() {
            let is_noticed = differences.contains(&format!("\"broken-{number}/all\""));
            assert!(is_noticed, "{sound:?} became {broken:?} unnoticed");
        }
    }
}

/// Gives everything that is published, built once.
fn everything() -> &'static [Published] {
    static EVERYTHING: LazyLock<Vec<Published>> = LazyLock::new(everything_published);
    &EVERYTHING
}

/// Writes the feeds as `<name>/<slug>.ics`.
fn written(all: &[Published]) -> TempDir {
    let folder = TempDir::new().expect("it can be made");
    for published in all {
        let inner = folder.path().join(&published.name);
        fs::create_dir(&inner).expect("names differ");
        for (slug, bytes) in &published.feeds {
            fs::write(inner.join(format!("{slug}.ics")), bytes).expect("it can be written");
        }
    }
    folder
}

/// Lists what only one side says.
fn differences(ours: &[Value], theirs: &[Value]) -> Vec<String> {
    let (only_ours, mut only_theirs) = apart(ours.iter().collect(), theirs.iter().collect());
    let mut found = Vec::new();
    for said in only_ours {
        let is_of_it = |other: &&Value| {
            ["feed", "uid", "name"]
                .iter()
                .all(|key| other.get(key) == said.get(key))
        };
        match only_theirs.iter().position(is_of_it) {
            Some(at) => found.extend(differing_keys(said, only_theirs.swap_remove(at))),
            None => found.push(format!("only we say {said}")),
        }
    }
    found.extend(
        only_theirs
            .iter()
            .map(|said| format!("only it says {said}")),
    );
    found
}

fn differing_keys(ours: &Value, theirs: &Value) -> Vec<String> {
    let keys = |said: &Value| {
        said.as_object()
            .map(|said| said.keys().cloned().collect::<Vec<_>>())
    };
    let all: BTreeSet<String> = [ours, theirs]
        .into_iter()
        .filter_map(keys)
        .flatten()
        .collect();
    let differ = all.iter().filter(|key| ours.get(key) != theirs.get(key));
    let name = |said: &Value| format!("{} {}", said["feed"], said["uid"]);
    let shown =
        |said: &Value, key: &str| said.get(key).map_or("nothing".to_owned(), Value::to_string);
    differ
        .map(|key| {
            format!(
                "{}: {key}: we mean {}, it reads {}",
                name(ours),
                shown(ours, key),
                shown(theirs, key)
            )
        })
        .collect()
}

/// What every stranger must see in the hard calendar of New York.
const BREAKAGES: &[(&str, &str)] = &[
    (
        "DTEND;TZID=America/New_York:20260308T040000",
        "DTEND;TZID=America/New_York:20260308T050000",
    ),
    ("DTSTART;VALUE=DATE:20260704", "DTSTART;VALUE=DATE:20260703"),
    ("STATUS:CANCELLED", "STATUS:CONFIRMED"),
    ("one\\, two", "one\\\\, two"),
    ("SEQUENCE:1", "SEQUENCE:2"),
    ("BEGIN:VEVENT", "BEGIN:VTODO"),
];

/// What those must see that believe the feed's VTIMEZONE or hold it against the zone's name.
const BROKEN_ZONES: &[(&str, &str)] = &[
    ("TZOFFSETTO:-0400", "TZOFFSETTO:-0300"),
    ("TZID:America/New_York", "TZID:America/Old_York"),
];

/// What every stranger must see in the hard calendar of series.
const BROKEN_SERIES: &[(&str, &str)] = &[
    ("FREQ=WEEKLY;INTERVAL=2", "FREQ=WEEKLY;INTERVAL=3"),
    ("BYDAY=TU,SU", "BYDAY=TU,SA"),
    (";WKST=MO", ";WKST=SU"),
    ("UNTIL=20261018T225959Z", "UNTIL=20261003T225959Z"),
    ("COUNT=9", "COUNT=8"),
    (
        "BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
    ),
    (
        "EXDATE;TZID=Europe/London:20260331T093000",
        "EXDATE;TZID=Europe/London:20260331T094500",
    ),
    ("EXDATE;VALUE=DATE:20260430", "EXDATE;VALUE=DATE:20260429"),
    (
        "RECURRENCE-ID;TZID=Europe/London:20260405",
        "RECURRENCE-ID;TZID=Europe/London:20260406",
    ),
    (
        "DTSTART;TZID=Europe/London:20260317",
        "DTSTART;TZID=America/New_York:20260317",
    ),
    (
        "DTSTART;TZID=Europe/London:20260406",
        "DTSTART;TZID=Europe/London:20260407",
    ),
    ("DTEND:20260329T070000Z", "DTEND:20260329T060000Z"),
];

/// What those must see that hold EXDATE against instants and not against wall clocks.
const EXDATE_ABROAD: &[(&str, &str)] = &[(
    "EXDATE;TZID=Europe/London:20260331T093000",
    "EXDATE;TZID=America/New_York:20260331T093000",
)];

const NEW_YORK: &str = "hard-new-york";
const SERIES: &str = "hard-series";

#[test]
#[ignore = "needs Python and Node; .ci/run installs them"]
fn icalendar_reads_what_we_mean() {
    icalendar().must_agree();
    icalendar().must_notice(NEW_YORK, BREAKAGES);
    icalendar().must_notice(NEW_YORK, BROKEN_ZONES);
    icalendar().must_notice(SERIES, BROKEN_SERIES);
}

#[test]
#[ignore = "needs Python and Node; .ci/run installs them"]
fn home_assistant_reads_what_we_mean() {
    home_assistant().must_agree();
    home_assistant().must_notice(NEW_YORK, BREAKAGES);
    home_assistant().must_notice(SERIES, BROKEN_SERIES);
    home_assistant().must_notice(SERIES, EXDATE_ABROAD);
}

#[test]
#[ignore = "needs Python and Node; .ci/run installs them"]
fn ical_js_reads_what_we_mean() {
    ical_js().must_agree();
    ical_js().must_notice(NEW_YORK, BREAKAGES);
    ical_js().must_notice(NEW_YORK, BROKEN_ZONES);
    ical_js().must_notice(SERIES, BROKEN_SERIES);
    ical_js().must_notice(SERIES, EXDATE_ABROAD);
}

#[test]
#[ignore = "needs libical; .ci/run installs it"]
fn libical_reads_what_we_mean() {
    libical().must_agree();
    libical().must_notice(NEW_YORK, BREAKAGES);
    libical().must_notice(NEW_YORK, BROKEN_ZONES);
    libical().must_notice(SERIES, BROKEN_SERIES);
    libical().must_notice(SERIES, EXDATE_ABROAD);
}

/// How many series strangers must read just as we mean them, each with its skips, changes and zone.
const AGREED: usize = 2000;

/// Reads a number from the environment, for who wants other dice or more of them.
fn number(name: &str, default: usize) -> usize {
    match std::env::var(name) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{name} is no number")),
        Err(_) => default,
    }
}

fn random() -> &'static Random {
    static RANDOM: LazyLock<Random> = LazyLock::new(|| {
        let seed = number("SOFACAL_RANDOM_SEED", 5545);
        random::random(seed as u64, number("SOFACAL_RANDOM_SERIES", AGREED + 100))
    });
    &RANDOM
}

/// What a stranger is known to get wrong, and when.
struct Quirk {
    stranger: &'static str,
    what: &'static str,
    may_show: fn(&Written) -> bool,
}

const QUIRKS: &[Quirk] = &[Quirk {
    stranger: "libical",
    what: "passes days that the rule does not give, and when its zone skips the clock there, moves the next occurrence",
    may_show: Written::spans_gap,
}];

#[test]
#[ignore = "needs Python, Node and libical; .ci/run installs them"]
fn all_strangers_read_random_series_as_we_mean_them() {
    let random = random();
    let strangers = [
        ("icalendar", icalendar()),
        ("Home Assistant", home_assistant()),
        ("ical.js", ical_js()),
        ("libical", libical()),
    ];
    let read: Vec<Vec<Value>> = std::thread::scope(|scope| {
        let read = |(_, stranger): &'_ _| Stranger::read(stranger, &random.published);
        let threads: Vec<_> = strangers
            .iter()
            .map(|one| scope.spawn(move || read(one)))
            .collect();
        let joined = threads
            .into_iter()
            .map(|thread| thread.join().expect("it reads"));
        joined.collect()
    });
    let meant = Sets::of(
        random
            .published
            .iter()
            .flat_map(|published| &published.meant),
    );
    let (mut differ, mut unexplained) = (BTreeSet::new(), 0);
    for ((name, _), read) in strangers.iter().zip(&read) {
        for (uid, difference) in meant.differences(&Sets::of(read)) {
            let made = random.series.get(uid);
            let explains = |quirk: &&Quirk| {
                quirk.stranger == *name && made.is_some_and(|(_, made)| (quirk.may_show)(made))
            };
            let quirk = QUIRKS.iter().find(explains);
            unexplained += usize::from(quirk.is_none());
            differ.insert(uid);
            let (calendar, series) =
                made.map_or(("", ""), |(calendar, made)| (calendar, &made.text));
            let why = quirk.map_or("NOBODY KNOWS WHY", |quirk| quirk.what);
            println!(
                "{uid}: {name} reads it in another way: {why}\n{calendar}---\n{series}{difference}\n"
            );
        }
    }
    let agreed = meant.len() - differ.len();
    println!(
        "{agreed} of {} sets of {} occurrences are read alike by all",
        meant.len(),
        meant.occurrences()
    );
    assert_eq!(unexplained, 0, "sets that no known quirk explains");
    assert!(agreed >= AGREED, "{agreed} sets are too few");
}

#[test]
fn few_random_series_are_refused() {
    let random = random();
    let (refused, made) = (random.refused.len(), random.series.len());
    assert!(
        refused * 20 < made,
        "{refused} refused beside {made}:\n{}",
        random.refused.join("\n")
    );
}

#[test]
fn every_feed_keeps_the_rules_of_bytes() {
    let mut broken = Vec::new();
    for published in everything() {
        let complaints = bytes::complaints(&published.feeds);
        broken.extend(
            complaints
                .into_iter()
                .map(|complaint| format!("{}/{complaint}", published.name)),
        );
    }
    assert!(
        broken.is_empty(),
        "{} complaints:\n{}",
        broken.len(),
        broken.join("\n")
    );
}

#[test]
fn every_kind_of_entry_is_among_what_strangers_read() {
    let entries = || everything().iter().flat_map(|published| &published.meant);
    let values = |key: &str| -> BTreeSet<String> {
        entries()
            .filter_map(|said| said.get(key))
            .map(Value::to_string)
            .collect()
    };
    for (key, value) in [
        ("all_day", "true"),
        ("status", "\"CONFIRMED\""),
        ("status", "\"TENTATIVE\""),
        ("status", "\"CANCELLED\""),
        ("transparency", "\"TRANSPARENT\""),
        ("description", "null"),
        ("image", "null"),
        ("attachments", "[]"),
    ] {
        assert!(values(key).contains(value), "no entry has {value} as {key}");
    }
    assert!(
        values("image").len() > 1
            && values("attachments").len() > 1
            && values("conferences").len() > 1
    );
}
