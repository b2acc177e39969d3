//! The JSON Schemas: what is committed is what the types say, and they take whatever sofacal takes.
//!
//! Bless what changed on purpose with `SOFACAL_BLESS=1 cargo test --test schema`, then read the diff.

#![expect(clippy::disallowed_methods, reason = "a test reads and writes files")]

#[path = "strangers/clean.rs"]
mod clean;

use boon::{Compiler, SchemaIndex, Schemas};
use clean::{clean_files, now, root, sources_of};
use serde_json::{Value, json};
use sofacal::diagnostic::Severity;
use sofacal::pipeline::{
    CalendarWish, Ledger, Settings, Sources, build, calendar_schema, event_schema, new_calendar,
};
use sofacal::source::Source;
use std::fs;
use std::path::Path;

/// Both schemas, ready to judge.
struct Judge {
    schemas: Schemas,
    calendar: SchemaIndex,
    event: SchemaIndex,
}

impl Judge {
    fn new() -> Self {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        let mut compile = |name: &str, schema: &str| {
            let schema = serde_json::from_str(schema).expect("it is JSON");
            let name = format!("http://schema.test/{name}");
            compiler.add_resource(&name, schema).expect("it is new");
            let compiled = compiler.compile(&name, &mut schemas);
            compiled.unwrap_or_else(|error| panic!("{error}"))
        };
        let calendar = compile("calendar.json", &calendar_schema());
        let event = compile("event.json", &event_schema());
        Judge {
            schemas,
            calendar,
            event,
        }
    }

    /// Says why a file is wrong, if it is.
    fn fault(&self, source: &Source) -> Option<String> {
        let schema = match &*source.relative {
            "calendar.yaml" => self.calendar,
            _ => self.event,
        };
        let value: Value = serde_yaml::from_str(&source.text).expect("it is YAML");
        let judged = self.schemas.validate(&value, schema);
        judged
            .err()
            .map(|error| format!("{}: {error:#}", source.path))
    }
}

/// Reads a calendar and an event file as `export` does, and says which errors they have.
fn errors(calendar: &Value, event: &Value) -> Vec<String> {
    // JSON is YAML.
    let source = |name: &str, value: &Value| Source::new("events", name, value.to_string());
    let sources = Sources {
        root: "events".to_owned(),
        calendar: Some(source("calendar.yaml", calendar)),
        events: vec![source("layotto/a.yaml", event)],
        ..Sources::default()
    };
    let found = build(&sources, &Ledger::default(), Settings::default(), now()).diagnostics;
    let errors = found
        .iter()
        .filter(|found| found.severity() == Severity::Error);
    errors
        .map(|found| format!("{}: {}", found.code(), found.complaint.message))
        .collect()
}

#[test]
fn what_is_committed_is_what_the_types_say() {
    for (name, schema) in [("event", event_schema()), ("calendar", calendar_schema())] {
        let path = root().join(format!("docs/schema/{name}.json"));
        if std::env::var_os("SOFACAL_BLESS").is_some() {
            fs::write(&path, &schema).expect("it can be written");
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == schema,
            "docs/schema/{name}.json is not what `sofacal schema {name}` prints: SOFACAL_BLESS=1 cargo test --test schema"
        );
    }
}

#[test]
fn what_sofacal_takes_without_a_word_is_taken() {
    let judge = Judge::new();
    let files = clean_files();
    let faults: Vec<String> = files
        .iter()
        .filter_map(|source| judge.fault(source))
        .collect();
    assert!(faults.is_empty(), "{}\n{}", faults.len(), faults.join("\n"));
}

fn calendar() -> Value {
    json!({
        "name": "a", "domain": "example.org",
        "projects": {"layotto": {"name": "Layotto", "repo": "https://github.com/mosn/layotto"}},
        "feeds": {"talks": {"kinds": "talk"}},
    })
}

fn event() -> Value {
    json!({"title": "a", "start": "2023-05-31 14:00"})
}

fn series() -> Value {
    // Its examples are of a Wednesday, the second in its month.
    json!({"title": "a", "start": "2026-09-09 14:00", "repeat": {"every": "week"}})
}

/// A series with an occurrence that differs by its title.
fn changed() -> Value {
    let mut series = series();
    series["repeat"]["changes"]["title"] = json!("b");
    series
}

/// Each mapping of the schemas with a file that holds it, and the way to it there.
fn places() -> Vec<(&'static str, Value, &'static str)> {
    vec![
        ("calendar:", calendar(), ""),
        ("calendar:Project", calendar(), "/projects/layotto"),
        ("calendar:Feed", calendar(), "/feeds/talks"),
        ("event:", event(), ""),
        ("event:Join", event(), "/join"),
        ("event:Stream", event(), "/stream"),
        ("event:Agenda", event(), "/agenda"),
        ("event:Person", event(), "/speakers"),
        ("event:Partner", event(), "/partners"),
        ("event:Link", event(), "/links"),
        ("event:Review", event(), "/review"),
        ("event:Repeat", series(), "/repeat"),
        ("event:Skip", series(), "/repeat/skip"),
        ("event:Change", changed(), "/repeat/changes"),
        ("event:Allow", event(), "/allow"),
        ("event:Announcement", event(), "/sources"),
    ]
}

/// Gives a mapping of one of the schemas.
fn mapping(name: &str) -> Value {
    let (file, name) = name.split_once(':').expect("it is there");
    let schema = match file {
        "event" => event_schema(),
        _ => calendar_schema(),
    };
    let schema: Value = serde_json::from_str(&schema).expect("it is JSON");
    let found = match name {
        "" => &schema,
        name => &schema["definitions"][name],
    };
    let inner = found
        .get("then")
        .filter(|then| then["properties"].is_object())
        .unwrap_or(found);
    assert!(inner["properties"].is_object(), "{name}");
    inner.clone()
}

/// Gives the words and examples of a key, those of a list's entries too.
fn examples(key: &Value) -> Vec<Value> {
    let own = key["enum"]
        .as_array()
        .into_iter()
        .chain(key["examples"].as_array());
    let own: Vec<Value> = own
        .flatten()
        .filter(|example| !example.is_null())
        .cloned()
        .collect();
    let shapes = key
        .get("then")
        .into_iter()
        .chain(key.get("items"))
        .chain(key.get("else"));
    match own.is_empty() {
        true => shapes.flat_map(examples).collect(),
        false => own,
    }
}

/// Puts a value where it belongs, making what is above it.
fn put(file: &mut Value, way: &str, value: Value) {
    let mut at = file;
    for step in way.split('/').skip(1) {
        at = &mut at[step];
    }
    *at = value;
}

#[test]
fn every_word_and_example_is_one_that_sofacal_takes() {
    let judge = Judge::new();
    let mut tried = 0;
    for (name, file, way) in places() {
        let mapping = mapping(name);
        let keys = mapping["properties"].as_object().expect("it has keys");
        for (key, schema) in keys {
            for example in examples(schema) {
                let mut file = file.clone();
                for needed in mapping["required"].as_array().into_iter().flatten() {
                    let needed = needed.as_str().expect("it is a key");
                    let there = file.pointer(&format!("{way}/{needed}")).is_some();
                    if let Some(first) = examples(&keys[needed])
                        .into_iter()
                        .next()
                        .filter(|_| !there)
                    {
                        put(&mut file, &format!("{way}/{needed}"), first);
                    }
                }
                put(&mut file, &format!("{way}/{key}"), example);
                if key == "rule" {
                    put(&mut file, "/repeat/every", Value::Null);
                }
                let (calendar, event) = match name.starts_with("calendar") {
                    true => (&file, &event()),
                    false => (&calendar(), &file),
                };
                assert_eq!(errors(calendar, event), [""; 0], "{name} {key}: {file}");
                for (name, file) in [("calendar.yaml", calendar), ("layotto/a.yaml", event)] {
                    let fault = judge.fault(&Source::new("events", name, file.to_string()));
                    assert_eq!(fault, None, "{key}: {file}");
                }
                tried += 1;
            }
        }
    }
    assert!(tried > 140, "{tried}");
}

#[test]
fn what_must_be_written_is_what_sofacal_misses() {
    for (name, file, way) in places() {
        let mapping = mapping(name);
        let keys = mapping["properties"].as_object().expect("it has keys");
        let needed = mapping["required"].as_array().into_iter().flatten();
        for missing in needed.clone() {
            let mut file = file.clone();
            for key in needed.clone().filter_map(Value::as_str) {
                let value = file.pointer(&format!("{way}/{key}")).cloned();
                let value = value.or_else(|| examples(&keys[key]).into_iter().next());
                let value = value.filter(|_| key != missing).unwrap_or_default();
                put(&mut file, &format!("{way}/{key}"), value);
            }
            let (calendar, event) = match name.starts_with("calendar") {
                true => (file, event()),
                false => (calendar(), file),
            };
            let errors = errors(&calendar, &event);
            assert!(!errors.is_empty(), "{name} without {missing}");
        }
    }
}

#[test]
fn what_is_plainly_wrong_is_refused() {
    let judge = Judge::new();
    for text in [
        "titel: a",
        "start: 2023-05-31",
        "{title: a, join: {link: https://example.org}}",
        "{title: a, join: {url: example.org}}",
        "{title: a, kind: meting}",
        "{title: a, duration: 1 hour}",
        "{title: a, timezone: CST}",
        "{title: a, agenda: [{issue: x}]}",
        "{title: a, speakers: [{org: x}]}",
        "{title: a, speakers: [~]}",
        "{title: a, repeat: {every: weekly}}",
        "{title: a, repeat: {every: week, skip: [{reason: x}]}}",
        "{title: a, id: A B}",
        "{title: a, uid: a/b}",
        "{title: a, sources: [{role: x}]}",
        "{title: a, allow: {code: end-before-start, reason: x}}",
        "events: [{title: a}]",
        "events: [{id: a, events: []}]",
        "[]",
    ] {
        let source = Source::new("events", "layotto/a.yaml", text);
        assert!(judge.fault(&source).is_some(), "{text}");
    }
    for text in [
        "{name: a, domain: example.org}",
        "{name: a, domain: https://example.org, projects: {}}",
        "{name: a, domain: example.org, projects: {A B: c}}",
        "{name: a, domain: example.org, projects: {a: {colour: x}}}",
        "{name: a, domain: example.org, projects: {a: {color: red}}}",
        "{name: a, domain: example.org, projects: {}, language: de}",
        "{name: a, domain: example.org, projects: {}, past: 6m}",
    ] {
        let source = Source::new("events", "calendar.yaml", text);
        assert!(judge.fault(&source).is_some(), "{text}");
    }
}

#[test]
fn what_a_new_calendar_holds_is_taken() {
    let wish = CalendarWish {
        name: "a".to_owned(),
        domain: "example.org".to_owned(),
        project: "b".to_owned(),
        timezone: "Europe/Berlin".to_owned(),
        language: "en".to_owned(),
    };
    let judge = Judge::new();
    for source in new_calendar("events", &wish, now()).sources {
        assert_eq!(judge.fault(&source), None);
    }
}

#[test]
fn every_file_of_ours_says_where_its_schema_is() {
    let sources = sources_of(&root().join("events"));
    for source in sources.calendar.iter().chain(&sources.events) {
        let line = source.text.lines().next().unwrap_or_default();
        let way = line.strip_prefix("# yaml-language-server: $schema=");
        let way = way.unwrap_or_else(|| panic!("{}", source.path));
        let name = match &*source.relative {
            "calendar.yaml" => "docs/schema/calendar.json",
            _ => "docs/schema/event.json",
        };
        let file = Path::new(&*source.path).with_file_name("").join(way);
        let led_to = file.canonicalize().expect("it leads to a file");
        let meant = root().join(name).canonicalize().expect("it is there");
        assert_eq!(led_to, meant, "{}", source.path);
    }
}
