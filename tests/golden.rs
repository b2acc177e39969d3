//! Golden folders: each is the smallest calendar with one point, named after it.
//!
//! `<case>/events/` goes in. A case whose name begins with `check-`, or with a code that only `check` gives, is checked;
//! all others are exported. What comes out stands beside it: `<case>/output/` when it is fine, and
//! `<case>/report.txt` when there is something to say. Bless what changed on purpose with
//! `SOFACAL_BLESS=1 cargo test --test golden`, then read the diff line by line. A case with `posts/` is about `import`: what
//! its posts announce stands in `<case>/announcements.jsonl`, what would become of the event files in `<case>/import.diff`.

#![expect(clippy::disallowed_methods, reason = "a test reads and writes files")]

use chrono::{DateTime, Utc};
use sofacal::diagnostic::{Code, Diagnostic, Severity};
use sofacal::event::rules::LINTS;
use sofacal::feed::revision::Ledger;
use sofacal::io::feeds::read_feeds;
use sofacal::io::posts::{read_posts, read_vocabulary};
use sofacal::io::read::read_events;
use sofacal::io::report::Color;
use sofacal::io::snippet::render_human;
use sofacal::newsletter::Newsletters;
use sofacal::newsletter::announcement::Announcement;
use sofacal::newsletter::filing::{Plan, Shelf, file};
use sofacal::newsletter::gathering::gather;
use sofacal::newsletter::json::announcement_json;
use sofacal::newsletter::patch::patch;
use sofacal::newsletter::vocabulary::Vocabulary;
use sofacal::pipeline::{Build, Contents, Settings, Sources, build, check};
use sofacal::source::Source;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What a case gives: files by their path below the case.
type Outcome = BTreeMap<String, Vec<u8>>;

/// A case of it would hold a feed of a megabyte, twice; tests/policies.rs has it.
const TOO_LARGE_FOR_A_CASE: Code = Code::LargeFeed;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).expect("it is a time")
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let entries = fs::read_dir(folder).expect("the cases are there");
    let mut cases: Vec<PathBuf> = entries
        .map(|entry| entry.expect("it is readable").path())
        .collect();
    cases.sort();
    cases
}

fn name(case: &Path) -> String {
    let name = case.file_name().expect("a case has a name");
    name.to_string_lossy().into_owned()
}

/// Tells whether a case is named after a code.
fn shows(name: &str, code: Code) -> bool {
    let behind = name.strip_prefix(code.as_str());
    behind.is_some_and(|behind| behind.is_empty() || behind.starts_with('-'))
}

/// Tells whether a case is about what `check` finds and `export` does not look for.
fn is_checked(name: &str) -> bool {
    let codes = LINTS.iter().flat_map(|(codes, _)| *codes);
    name.starts_with("check-") || codes.into_iter().any(|code| shows(name, *code))
}

/// Builds a case as `export` or `check` does; `before/` holds the ledger of an earlier run, if the case has one.
fn run(case: &Path) -> (Build, Sources) {
    let read = read_events(&case.join("events")).expect("the events folder is readable");
    let ledger = read_feeds(&case.join("before"))
        .expect("it is readable or absent")
        .ledger;
    let ledger = ledger.map(|json| Ledger::from_json(&json).expect("the case's ledger is one"));
    let relative_to_case = |mut diagnostic: Diagnostic| {
        let prefix = format!("{}/", case.display());
        let told = &mut diagnostic.complaint.message;
        *told = told.replace(&prefix, "");
        diagnostic.place.file = diagnostic.place.file.trim_start_matches(&prefix).into();
        diagnostic
    };
    let within_case = |source: sofacal::source::Source| {
        sofacal::source::Source::new("events", &source.relative, source.text)
    };
    let sources = Sources {
        root: "events".to_owned(),
        calendar: read.calendar.map(within_case),
        events: read.events.into_iter().map(within_case).collect(),
        diagnostics: read.diagnostics.into_iter().map(relative_to_case).collect(),
    };
    let run = match is_checked(&name(case)) {
        true => check,
        false => build,
    };
    let ledger = ledger.unwrap_or_default();
    (run(&sources, &ledger, Settings::default(), now()), sources)
}

fn outcome(case: &Path) -> Outcome {
    if case.join("posts").is_dir() {
        return imported(case);
    }
    let (build, sources) = run(case);
    let mut outcome = Outcome::new();
    if !build.diagnostics.is_empty() {
        let report = render_human(
            &build.diagnostics,
            &|path| sources.text_of(path),
            Color::Never,
        );
        outcome.insert("report.txt".to_owned(), report.into_bytes());
    }
    if !build.has_errors() && !is_checked(&name(case)) {
        outcome.insert("output/ledger.json".to_owned(), build.ledger.to_json());
        let feeds = build.feeds.into_iter();
        outcome.extend(
            feeds.map(|feed| (format!("output/{}.ics", feed.slug), feed.ics().into_bytes())),
        );
    }
    outcome
}

/// What `import` makes of the posts of a case.
struct Imported {
    posts: Vec<Source>,
    sources: Sources,
    announcements: Vec<Announcement>,
    plan: Plan,
}

fn import(case: &Path) -> Imported {
    let read = read_posts(&[case.join("posts")]).expect("the posts are readable");
    assert_eq!(read.diagnostics, []);
    let within_case = |post: Source| {
        let path = Path::new(&*post.path).strip_prefix(case);
        let path = path.expect("it is below the case").to_string_lossy();
        Source::new("", &path, post.text)
    };
    let posts: Vec<Source> = read.sources.into_iter().map(within_case).collect();
    let sources = run(case).1;
    let contents = sofacal::pipeline::read_events(&sources, now());
    assert_eq!(contents.diagnostics, []);
    let own = read_vocabulary(&case.join("events")).expect("it is readable or absent");
    let mut found = Vec::new();
    let vocabulary = Vocabulary::read(own.as_ref(), &mut found);
    assert_eq!(found, []);
    let newsletters = Newsletters::new(contents.calendar.as_ref(), vocabulary);
    let announcements: Vec<Announcement> = posts
        .iter()
        .flat_map(|post| newsletters.read(post))
        .collect();
    let shelf = |sources: &'_ Sources, contents: &'_ Contents| {
        let shelf = Shelf {
            root: &sources.root,
            registry: sources.calendar.as_ref().expect("it is there"),
            calendar: contents.calendar.as_ref().expect("it is well"),
            sources: &sources.events,
            events: &contents.events,
        };
        file(
            &gather(announcements.clone()),
            &shelf,
            newsletters.vocabulary(),
        )
    };
    let plan = shelf(&sources, &contents);
    // What is written says the same as the posts: nothing is wrong with it, and a second time nothing is new.
    let mut after = sources.clone();
    let is_changed = |source: &Source| {
        plan.files
            .iter()
            .any(|filed| filed.source.path == source.path)
    };
    after.events.retain(|source| !is_changed(source));
    after
        .events
        .extend(plan.files.iter().map(|filed| filed.source.clone()));
    let contents = sofacal::pipeline::read_events(&after, now());
    let errors = contents
        .diagnostics
        .iter()
        .filter(|found| found.severity() == Severity::Error);
    assert_eq!(
        errors.collect::<Vec<_>>(),
        Vec::<&Diagnostic>::new(),
        "{}",
        case.display()
    );
    assert_eq!(shelf(&after, &contents).files, [], "{}", case.display());
    Imported {
        posts,
        sources,
        announcements,
        plan,
    }
}

fn imported(case: &Path) -> Outcome {
    let Imported {
        posts,
        sources,
        announcements,
        plan,
    } = import(case);
    let text_of = |path: &str| {
        let post = posts.iter().find(|post| *post.path == *path);
        post.map(|post| &*post.text)
            .or_else(|| sources.text_of(path))
    };
    let mut outcome = Outcome::new();
    let lines = announcements.iter().map(|announcement| {
        let text = text_of(&announcement.post).unwrap_or_default();
        format!("{}\n", announcement_json(announcement, text))
    });
    let lines = lines.collect::<String>();
    outcome.insert("announcements.jsonl".to_owned(), lines.into_bytes());
    if !plan.files.is_empty() {
        let patches = plan.files.iter().map(patch).collect::<String>();
        outcome.insert("import.diff".to_owned(), patches.into_bytes());
    }
    if !plan.diagnostics.is_empty() {
        let report = render_human(&plan.diagnostics, &text_of, Color::Never);
        outcome.insert("report.txt".to_owned(), report.into_bytes());
    }
    outcome
}

/// Lists the codes that a case shows.
fn codes_of(case: &Path) -> BTreeSet<Code> {
    let found = match case.join("posts").is_dir() {
        true => import(case).plan.diagnostics,
        false => run(case).0.diagnostics,
    };
    found.iter().map(Diagnostic::code).collect()
}

fn expected(case: &Path) -> Outcome {
    let mut outcome = Outcome::new();
    let files = [case.to_owned(), case.join("output")]
        .into_iter()
        .filter_map(|folder| fs::read_dir(folder).ok());
    for entry in files.flatten() {
        let path = entry.expect("it is readable").path();
        if path.is_file() {
            let name = path
                .strip_prefix(case)
                .expect("it is below the case")
                .to_string_lossy()
                .replace('\\', "/");
            outcome.insert(name, fs::read(path).expect("it is readable"));
        }
    }
    outcome
}

fn bless(case: &Path, outcome: &Outcome) {
    for stale in expected(case)
        .keys()
        .filter(|name| !outcome.contains_key(*name))
    {
        fs::remove_file(case.join(stale)).expect("it can be removed");
    }
    for (name, bytes) in outcome {
        let path = case.join(name);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("it can be made");
        fs::write(path, bytes).expect("it can be written");
    }
}

#[test]
fn every_case_gives_what_it_gave() {
    let is_blessing = std::env::var_os("SOFACAL_BLESS").is_some();
    let mut differing = Vec::new();
    for case in cases() {
        let outcome = outcome(&case);
        if is_blessing {
            bless(&case, &outcome);
            continue;
        }
        let expected = expected(&case);
        let names: BTreeSet<&String> = outcome.keys().chain(expected.keys()).collect();
        for name in names
            .into_iter()
            .filter(|name| outcome.get(*name) != expected.get(*name))
        {
            let text = |bytes: Option<&Vec<u8>>| {
                bytes.map_or("(no such file)".into(), |bytes| {
                    String::from_utf8_lossy(bytes).into_owned()
                })
            };
            let path = case.join(name);
            differing.push(format!(
                "{}\n--- expected\n{}\n--- got\n{}",
                path.display(),
                text(expected.get(name)),
                text(outcome.get(name))
            ));
        }
    }
    assert!(
        differing.is_empty(),
        "{} files differ\n\n{}",
        differing.len(),
        differing.join("\n\n")
    );
}

#[test]
fn every_code_has_a_case_and_every_error_case_names_its_code() {
    let mut shown = BTreeSet::new();
    for case in cases() {
        let codes = codes_of(&case);
        let name = name(&case);
        if let Some(code) = Code::ALL.iter().find(|code| shows(&name, **code)) {
            assert!(codes.contains(code), "{name} does not show its code");
        }
        shown.extend(codes);
    }
    let missing: Vec<&str> = Code::ALL
        .iter()
        .filter(|code| !shown.contains(code) && **code != TOO_LARGE_FOR_A_CASE)
        .map(|code| code.as_str())
        .collect();
    assert!(
        missing.is_empty(),
        "codes without a golden case: {missing:?}"
    );
}
