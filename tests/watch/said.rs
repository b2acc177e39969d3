//! What a watcher says: to machines, to people, and to those who want to hear little.

use crate::desk::{CALENDAR, Desk, meeting, strings};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::Command;

#[test]
fn machines_get_one_object_a_batch_and_nothing_else() {
    let desk = Desk::new();
    let watcher = desk.watch_with(&[]);
    let first = watcher.batch("the first one", |_| true);
    let all = ["ledger.json", "all.ics", "layotto.ics", "mosn.ics"];
    assert_eq!(strings(&first, "written"), all);
    let moved = meeting("neu").replace("14:00", "13:00");
    desk.write("events/layotto/a.yaml", &moved);
    let batch = watcher.batch("the edit", |_| true);
    assert_eq!(strings(&batch, "files"), ["events/layotto/a.yaml"]);
    assert_eq!(batch["events"][0]["what"], "moved");
    assert_eq!(batch["events"][0]["title"], "neu");
    assert_eq!(strings(&batch, "written"), all[..3]);
    assert!(batch["milliseconds"].is_u64() && batch["waiting"].is_null());
    desk.delete("events");
    let batch = watcher.batch("it waits", |_| true);
    assert!(batch["waiting"].is_string(), "{batch}");
    assert!(watcher.rest().is_empty());
    watcher.stop();
}

#[test]
fn the_document_lists_the_fields_of_a_batch() {
    let desk = Desk::new();
    let watcher = desk.watch_with(&[]);
    let batch = watcher.batch("the first one", |_| true);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/watch.md");
    let markdown = std::fs::read_to_string(path).expect("it is there");
    let (_, machines) = markdown.split_once("## For machines").expect("a heading");
    let rows = machines.lines().filter_map(|line| line.strip_prefix("| `"));
    let listed: BTreeSet<&str> = rows.filter_map(|row| row.split('`').next()).collect();
    let fields = |value: &Value| -> BTreeSet<String> {
        let object = value.as_object().expect("it is an object");
        object.keys().cloned().collect()
    };
    let listed: BTreeSet<String> = listed.into_iter().map(str::to_owned).collect();
    assert_eq!(listed, fields(&batch));
    let mut examples = machines.lines().filter(|line| line.starts_with('{'));
    let example = examples.next().expect("there is an example");
    let example: Value = serde_json::from_str(example).expect("it is JSON");
    assert_eq!(listed, fields(&example));
    assert_eq!(fields(&example["events"][0]), fields(&batch["events"][0]));
    watcher.stop();
}

#[test]
fn each_event_is_told_by_what_happened_to_it() {
    let desk = Desk::new();
    let dropping = format!("{CALENDAR}cancelled: drop\n");
    desk.write("events/calendar.yaml", &dropping);
    let watcher = desk.watch();
    let a = "events/layotto/a.yaml";
    let text = meeting("Layotto 例会");
    let cancelled = format!("{text}status: cancelled\n");
    let steps = [
        (text.replace("例会", "周会"), "retitled"),
        (text.replace("14:00", "13:00"), "moved"),
        (cancelled, "cancelled"),
        (text.clone(), "returned"),
    ];
    for (text, expected) in &steps {
        desk.write(a, text);
        let batch = watcher.batch(expected, |batch| !strings(batch, "written").is_empty());
        assert_eq!(batch["events"][0]["what"], *expected, "{batch}");
    }
    desk.write("events/calendar.yaml", &format!("{dropping}past: 1d\n"));
    let batch = watcher.batch("the past", |_| true);
    assert_eq!(batch["events"][1]["what"], "retired", "{batch}");
    desk.delete(a);
    let batch = watcher.batch("the deletion", |_| true);
    assert_eq!(batch["events"], json!([]), "it was in no feed any more");
    desk.write("events/calendar.yaml", CALENDAR);
    let batch = watcher.batch("what is left", |_| true);
    assert_eq!(batch["events"][0]["what"], "returned", "{batch}");
    desk.write(a, &text);
    let batch = watcher.batch("it is back", |_| true);
    assert_eq!(batch["events"][0]["what"], "added", "{batch}");
    desk.delete(a);
    let batch = watcher.batch("the deletion", |_| true);
    assert_eq!(batch["events"][0]["what"], "vanished", "{batch}");
    watcher.finish();
}

#[test]
fn people_read_a_calm_line_a_batch() {
    let desk = Desk::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_sofacal"));
    let watcher = desk.start(command.args(["watch", "--quiet-period", "20"]));
    let a = "events/layotto/a.yaml";
    watcher.wait_for_words("a fresh start");
    watcher.wait_for_words("wrote all.ics, layotto.ics, mosn.ics");
    desk.write(a, &meeting("neu"));
    watcher.wait_for_words("changed: events/layotto/a.yaml; retitled `neu`");
    desk.write(a, &format!("# nur ein Wort\n{}", meeting("neu")));
    watcher.wait_for_words("changed: events/layotto/a.yaml; the feeds are up to date");
    desk.write(a, "title: [\n");
    watcher.wait_for_words(
        "held as last published: `neu` of 2023-05-31 14:00 (events/layotto/a.yaml)",
    );
    desk.write(a, &meeting("neu"));
    watcher.wait_for_words("fixed: events/layotto/a.yaml");
    let words = watcher.stop();
    assert!(
        words.contains("error[") && words.ends_with("stopped\n"),
        "{words}"
    );
    assert!(!words.contains('\u{1b}'), "colours are for terminals");
}

#[test]
fn quiet_is_silent_until_something_is_wrong() {
    let desk = Desk::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_sofacal"));
    let watcher = desk.start(command.args(["watch", "-q", "--quiet-period", "20"]));
    desk.write("events/layotto/a.yaml", &meeting("neu"));
    desk.wait_for("all.ics", "neu");
    assert_eq!(watcher.words(), "");
    desk.delete("events");
    watcher.wait_for_words("waiting");
    watcher.stop();
}

#[test]
fn polling_finds_what_changed() {
    let desk = Desk::new();
    let watcher = desk.watch_with(&["--poll", "1"]);
    watcher.batch("the first one", |_| true);
    for title in ["eins", "zwei", "drei"] {
        desk.write("events/layotto/a.yaml", &meeting(title));
        desk.wait_for("layotto.ics", &format!("SUMMARY:{title}\r\n"));
    }
    assert!(
        !holds_inotify(watcher.id()),
        "the system is asked all the same"
    );
    watcher.finish();
}

/// Tells whether a process asks the system for changes; only Linux tells.
fn holds_inotify(id: u32) -> bool {
    let Ok(descriptors) = std::fs::read_dir(format!("/proc/{id}/fd")) else {
        return false;
    };
    let mut targets = descriptors.filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok());
    targets.any(|target| target.to_string_lossy().contains("inotify"))
}
