//! Mistakes of authors: a broken file holds its own events, and everything else goes on.

use crate::desk::{CALENDAR, Desk, held_files, meeting, strings};
use serde_json::{Value, json};
use std::process::Command;

const A: &str = "events/layotto/a.yaml";
const B: &str = "events/mosn/b.yaml";
const BROKEN: &str = "title: [\n";

fn is_blocked(batch: &Value) -> bool {
    batch["waiting"].is_string()
}

fn holds<'f>(files: &'f [&str]) -> impl Fn(&Value) -> bool + 'f {
    move |batch| held_files(batch) == files
}

#[test]
fn a_broken_file_is_held_while_others_go_on_until_it_is_mended() {
    let desk = Desk::new();
    let watcher = desk.watch();
    let before = desk.feed("layotto.ics");
    desk.write(A, BROKEN);
    let batch = watcher.batch("it is held", holds(&[A]));
    assert_eq!(batch["diagnostics"][0]["file"], A);
    let event = json!({"title": "Layotto 例会", "start": "2023-05-31 14:00"});
    assert_eq!(batch["held"], json!([{"file": A, "events": [event]}]));
    desk.write(B, &meeting("es geht weiter"));
    desk.wait_for("mosn.ics", "es geht weiter");
    assert_eq!(desk.feed("layotto.ics"), before);
    desk.write(A, &meeting("geheilt"));
    let batch = watcher.batch("it is fixed", |batch| !strings(batch, "fixed").is_empty());
    assert_eq!(strings(&batch, "fixed"), [A]);
    assert!(held_files(&batch).is_empty());
    desk.wait_for("layotto.ics", "geheilt");
    watcher.finish();
}

#[test]
fn broken_at_the_start_nothing_is_published_until_all_is_well() {
    let desk = Desk::new();
    desk.write(A, BROKEN);
    let watcher = desk.watch_with(&[]);
    watcher.batch("it is blocked", is_blocked);
    desk.write(B, &meeting("wartet"));
    watcher.batch("it still is", is_blocked);
    assert!(desk.published().is_empty());
    desk.write(A, &meeting("heil"));
    desk.wait_for("layotto.ics", "heil");
    desk.wait_for("mosn.ics", "wartet");
    watcher.finish();
}

#[test]
fn a_held_file_that_is_deleted_takes_its_events_along() {
    let desk = Desk::new();
    let watcher = desk.watch();
    desk.write(A, BROKEN);
    watcher.batch("it is held", holds(&[A]));
    desk.delete(A);
    let batch = watcher.batch("it is gone", holds(&[]));
    assert!(strings(&batch, "fixed").is_empty(), "{batch}");
    assert!(!desk.feed("layotto.ics").contains("BEGIN:VEVENT"));
    watcher.finish();
}

#[test]
fn two_broken_files_are_held_and_fixed_one_by_one() {
    let desk = Desk::new();
    desk.write("events/mosn/c.yaml", &meeting("drittes"));
    let watcher = desk.watch();
    let before = desk.published();
    desk.write(A, BROKEN);
    desk.write(
        B,
        "title: x\nstart: 2023-05-31 14:00\nend: 2023-05-31 13:00\n",
    );
    watcher.batch("both are held", holds(&[A, B]));
    assert_eq!(desk.published(), before);
    desk.write("events/mosn/c.yaml", &meeting("geändert"));
    desk.wait_for("mosn.ics", "geändert");
    desk.wait_for("mosn.ics", "MOSN 例会");
    desk.write(B, &meeting("heil"));
    watcher.batch("one is held", holds(&[A]));
    desk.wait_for("mosn.ics", "heil");
    desk.write(A, &meeting("auch heil"));
    desk.wait_for("layotto.ics", "auch heil");
    watcher.finish();
}

#[test]
fn one_uid_in_two_files_blocks_until_it_is_resolved() {
    let desk = Desk::new();
    let watcher = desk.watch();
    let before = desk.published();
    desk.write("events/layotto/2024/a.yaml", &meeting("doppelt"));
    let batch = watcher.batch("it is blocked", is_blocked);
    assert_eq!(batch["diagnostics"][0]["code"], "duplicate-uid");
    desk.write(B, &meeting("wartet"));
    watcher.batch("it still is", is_blocked);
    assert_eq!(desk.published(), before);
    desk.rename("events/layotto/2024/a.yaml", "events/layotto/2024/d.yaml");
    desk.wait_for("layotto.ics", "doppelt");
    desk.wait_for("mosn.ics", "wartet");
    watcher.finish();
}

#[test]
fn a_published_event_that_becomes_a_draft_is_held() {
    let desk = Desk::new();
    let watcher = desk.watch();
    let before = desk.published();
    desk.write(A, "title: Layotto 例会\nstart: null\n");
    let batch = watcher.batch("it is held", holds(&[A]));
    let hint = batch["diagnostics"][0]["hint"].as_str();
    assert!(
        hint.is_some_and(|hint| hint.contains("cancelled")),
        "{batch}"
    );
    assert_eq!(desk.published(), before);
    let cancelled = format!("{}status: cancelled\n", meeting("Layotto 例会"));
    desk.write(A, &cancelled);
    desk.wait_for("layotto.ics", "【已取消】");
    watcher.finish();
}

#[test]
fn a_broken_calendar_blocks_everything() {
    let desk = Desk::new();
    let watcher = desk.watch();
    let before = desk.published();
    for broken in ["name: [\n", "name: x\n"] {
        desk.write("events/calendar.yaml", broken);
        watcher.batch("it is blocked", is_blocked);
    }
    desk.write(B, &meeting("wartet"));
    watcher.batch("it still is", is_blocked);
    assert_eq!(desk.published(), before);
    desk.delete("events/calendar.yaml");
    watcher.batch("it is blocked", is_blocked);
    assert_eq!(desk.published(), before);
    let mended = CALENDAR.replace("测试日历", "社区日历");
    desk.write("events/calendar.yaml", &mended);
    let is_fixed = |batch: &Value| strings(batch, "fixed") == ["events/calendar.yaml"];
    watcher.batch("it is mended", is_fixed);
    desk.wait_for("mosn.ics", "wartet");
    desk.wait_for("all.ics", "社区日历");
    watcher.finish();
}

#[test]
fn a_held_file_is_read_with_the_calendar_of_today() {
    let desk = Desk::new();
    let watcher = desk.watch();
    desk.write(A, BROKEN);
    watcher.batch("it is held", holds(&[A]));
    desk.write(
        "events/calendar.yaml",
        &CALENDAR.replace("{name: Layotto}", "{name: Neuer Name}"),
    );
    desk.wait_for("layotto.ics", "CATEGORIES:Neuer Name");
    // Its project is gone: what it last said cannot stand any more.
    desk.write(
        "events/calendar.yaml",
        &CALENDAR.replace("  layotto: {name: Layotto}\n", ""),
    );
    watcher.batch("it is blocked", is_blocked);
    assert!(desk.feed("layotto.ics").contains("Layotto 例会"));
    desk.write("events/calendar.yaml", CALENDAR);
    desk.write(A, &meeting("heil"));
    desk.wait_for("layotto.ics", "heil");
    watcher.finish();
}

#[test]
fn a_file_that_is_no_text_is_held_too() {
    let desk = Desk::new();
    let watcher = desk.watch();
    let before = desk.published();
    std::fs::write(desk.path(A), b"title: \xc0\xfd\xbb\xe1\n").expect("it can be written");
    watcher.batch("it is held", holds(&[A]));
    assert_eq!(desk.published(), before);
    desk.write(A, &meeting("heil"));
    desk.wait_for("layotto.ics", "heil");
    watcher.finish();
}

#[test]
fn a_new_file_that_was_never_well_is_left_out() {
    let desk = Desk::new();
    let watcher = desk.watch();
    desk.write("events/mosn/c.yaml", BROKEN);
    let batch = watcher.batch("it is left out", holds(&["events/mosn/c.yaml"]));
    assert_eq!(batch["held"][0]["events"], json!([]));
    desk.write(B, &meeting("weiter"));
    desk.wait_for("mosn.ics", "weiter");
    desk.write("events/mosn/c.yaml", &meeting("fertig"));
    desk.wait_for("mosn.ics", "fertig");
    watcher.finish();
}

#[test]
fn what_was_said_is_not_said_again_unless_its_file_is_saved() {
    let desk = Desk::new();
    let warned = format!("{}tags: [x, x]\n", meeting("Layotto 例会"));
    desk.write("events/layotto/w.yaml", &warned.replace("14:00", "13:00"));
    desk.write("events/layotto/2023.yml.txt", "x");
    let watcher = desk.watch_with(&[]);
    let codes = |batch: &Value| -> Vec<String> {
        let all = batch["diagnostics"].as_array().expect("a list").iter();
        all.map(|found| found["code"].to_string()).collect()
    };
    let first = watcher.batch("the first one", |_| true);
    assert!(!codes(&first).is_empty(), "{first}");
    desk.write(A, BROKEN);
    let batch = watcher.batch("an error", holds(&[A]));
    assert_eq!(codes(&batch).len(), 1, "{batch}");
    // Still broken, in the same way: whoever saved it wants to know.
    desk.write(A, &format!("{BROKEN}\n"));
    let batch = watcher.batch("an error", holds(&[A]));
    assert_eq!(codes(&batch).len(), 1, "{batch}");
    desk.write(B, &meeting("etwas anderes"));
    let batch = watcher.batch("another file", |_| true);
    assert!(codes(&batch).is_empty(), "{batch}");
    assert_eq!(held_files(&batch), [A]);
    watcher.stop();
}

#[test]
fn a_calendar_that_breaks_every_file_is_no_flood() {
    let desk = Desk::new();
    let with_repo = CALENDAR.replace(
        "{name: MOSN}",
        "{name: MOSN, repo: \"https://example.org/m\"}",
    );
    desk.write("events/calendar.yaml", &with_repo);
    for number in 0..50 {
        let text = format!("{}agenda: [{{text: x, issue: 1}}]\n", meeting("x"));
        desk.write(&format!("events/mosn/n{number:02}.yaml"), &text);
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_sofacal"));
    let watcher = desk.start(command.args(["watch", "--quiet-period", "20"]));
    watcher.wait_for_words("wrote all.ics");
    desk.write("events/calendar.yaml", CALENDAR);
    watcher.wait_for_words("50 errors in 50 files, of which you see 20");
    assert_eq!(watcher.words().matches("error[").count(), 20);
    // Those that nobody saw come as soon as something else does.
    desk.write(A, &meeting("etwas anderes"));
    watcher.wait_for_words("30 errors in 30 files, of which you see 20");
    desk.write("events/calendar.yaml", &with_repo);
    watcher.wait_for_words("fixed: events/mosn/n00.yaml, events/mosn/n01.yaml, ");
    watcher.finish();
}
