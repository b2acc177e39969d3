//! The laws of the house, held against the code: who may import whom, and where outside crates live.
//!
//! It reads the `use` lines and paths of every file below `src/`. What only clippy can see (the
//! disk, the clock, printing) stands in clippy.toml and in the lints of Cargo.toml.

#![expect(clippy::disallowed_methods, reason = "a test reads files")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each room with the rooms that it may import; ARCHITECTURE.md says why.
const ROOMS: &[(&str, &[&str])] = &[
    ("main", &["cli"]),
    ("lib", &[]),
    ("cli", &["pipeline", "newsletter", "io", "parallel"]),
    (
        "pipeline",
        &[
            "yaml",
            "event",
            "feed",
            "desk",
            "ics",
            "diagnostic",
            "parallel",
            "source",
        ],
    ),
    ("io", &["diagnostic", "parallel", "source"]),
    ("desk", &["feed", "event", "diagnostic"]),
    ("newsletter", &["yaml", "event", "diagnostic", "source"]),
    ("ics", &["feed", "event"]),
    ("feed", &["event", "diagnostic", "parallel", "source"]),
    ("yaml", &["event", "diagnostic", "source"]),
    ("event", &["diagnostic", "source"]),
    ("diagnostic", &["source"]),
    ("parallel", &[]),
    ("source", &[]),
];

/// Each outside crate with the files that may name it, as the beginnings of their paths.
const CRATES: &[(&str, &[&str])] = &[
    ("annotate_snippets", &["io/snippet.rs"]),
    ("chrono_tz", &["event/"]),
    ("clap", &["cli/args.rs"]),
    ("clap_complete", &["cli/args.rs", "cli/completions.rs"]),
    ("clap_mangen", &["cli/man.rs"]),
    ("icalendar", &["ics/"]),
    ("mimalloc", &["main.rs"]),
    ("pulldown_cmark", &["newsletter/markdown.rs"]),
    ("rrule", &["event/series/expansion.rs"]),
    ("saphyr_parser", &["yaml/nodes.rs"]),
    ("pretty_yaml", &["yaml/tidy/mod.rs"]),
    ("schemars", &["yaml/document/", "yaml/schema/"]),
    ("serde_yaml", &["yaml/parse.rs"]),
    (
        "serde_json",
        &[
            "desk/",
            "feed/",
            "io/batch.rs",
            "io/report.rs",
            "newsletter/json.rs",
            "yaml/schema/",
        ],
    ),
    ("notify", &["io/wake.rs"]),
    ("signal_hook", &["io/wake.rs"]),
    ("sha2", &["feed/entry.rs"]),
    ("strsim", &["diagnostic.rs"]),
    ("tempfile", &["io/"]),
    ("terminal_size", &["io/terminal.rs"]),
    ("unicode_width", &["desk/table.rs"]),
    ("url", &["event/link.rs"]),
    ("walkdir", &["io/walk.rs"]),
];

/// Gives each file below `src/` by its path there, with its code.
fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder is readable") {
            let path: PathBuf = entry.expect("the entry is readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path
                    .strip_prefix(&root)
                    .expect("it is below src")
                    .to_string_lossy()
                    .replace('\\', "/");
                files.push((name, fs::read_to_string(&path).expect("it is text")));
            }
        }
    }
    files.sort();
    files
}

fn room(file: &str) -> &str {
    file.split(['/', '.'])
        .next()
        .expect("a path begins with something")
}

/// Lists the rooms that the code of a file names, as `use crate::room` or as a path.
fn imports(code: &str) -> BTreeSet<&str> {
    let named = code.split("crate::").skip(1);
    named
        .map(|rest| {
            rest.split(|c: char| !(c.is_alphanumeric() || c == '_'))
                .next()
                .unwrap_or("")
        })
        .collect()
}

#[test]
fn arrows_between_rooms_run_down_only() {
    let mut broken = Vec::new();
    for (file, code) in files() {
        let own = room(&file);
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == own) else {
            panic!("{file} is in a room that the laws do not know");
        };
        for import in imports(&code) {
            let is_room = ROOMS.iter().any(|(name, _)| *name == import);
            if is_room && import != own && !allowed.contains(&import) {
                broken.push(format!("{file} imports {import}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_outside_crate_lives_in_one_room() {
    let mut broken = Vec::new();
    for (file, code) in files() {
        for (name, homes) in CRATES {
            let is_named = code.contains(&format!("use {name}::"))
                || code.contains(&format!(" {name}::"))
                || code.contains(&format!("({name}::"));
            if is_named && !homes.iter().any(|home| file.starts_with(home)) {
                broken.push(format!("{file} names {name}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_dependency_has_a_home() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
        .expect("it is there");
    let (_, rest) = manifest
        .split_once("[dependencies]\n")
        .expect("there are dependencies");
    let names = rest
        .lines()
        .take_while(|line| !line.is_empty())
        .map(|line| line.split(' ').next().unwrap_or("").replace('-', "_"));
    // Times, serialisation and error derives may go everywhere.
    let homeless: Vec<String> = names
        .filter(|name| !["chrono", "serde", "thiserror"].contains(&name.as_str()))
        .filter(|name| !CRATES.iter().any(|(known, _)| known == name))
        .collect();
    assert!(homeless.is_empty(), "{homeless:?}");
}

#[test]
fn only_normalise_makes_an_event() {
    let makes_one = |code: &str| code.contains("(Event {") || code.contains("= Event {");
    let makers: Vec<String> = files()
        .into_iter()
        .filter(|(_, code)| makes_one(code))
        .map(|(file, _)| file)
        .collect();
    assert_eq!(makers, ["yaml/normalise.rs"]);
}

#[test]
fn main_is_short_and_every_file_says_what_it_is() {
    for (file, code) in files() {
        assert!(code.starts_with("//!"), "{file} has no `//!` line");
        assert!(
            file != "main.rs" || code.lines().count() <= 40,
            "main.rs is longer than 40 lines"
        );
    }
}
