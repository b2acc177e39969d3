//! Mistakes of authors: a broken file holds its own events, and everything else goes on.

use crate::desk::{CALENDAR, Desk, meeting, strings};
use serde_json::Value;

const A: &str = "events/layotto/a.yaml";
const B: &str = "events/mosn/b.yaml";
const BROKEN: &str = "title: [\n";

fn is_blocked(batch: &Value) -> bool {
    batch["waiting"].is_string()
}

fn holds<'f>(files: &'f [&str]) -> impl Fn(&Value) -> bool + 'f {
    move |batch| strings(batch, "held") == files
}

#[test]
fn a_broken_file_is_held_while_others_go_on_until_it_is_mended() {
    let desk = Desk::new();
    let watcher = desk.watch();
    let before = desk.feed("layotto.ics");
    desk.write(A, BROKEN);
    let batch = watcher.batch("it is held", holds(&[A]));
    assert_eq!(batch["diagnostics"][0]["file"], A);
    desk.write(B, &meeting("es geht weiter"));
    desk.wait_for("mosn.ics", "es geht weiter");
    assert_eq!(desk.feed("layotto.ics"), before);
    desk.write(A, &meeting("geheilt"));
    let batch = watcher.batch("it is fixed", |batch| !strings(batch, "fixed").is_empty());
    assert_eq!(strings(&batch, "fixed"), [A]);
    assert!(strings(&batch, "held").is_empty());
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
    desk.wait_without("layotto.ics", "BEGIN:VEVENT");
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
