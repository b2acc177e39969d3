//! Clocks: midnight comes though no file changes, and someone sets the clock back.
//!
//! The watcher is the real one; what it believes the time to be is libfaketime's.

#![cfg(target_os = "linux")]

use crate::desk::{CALENDAR, Desk, Watcher, meeting};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Starts a watcher for which it is that time, in UTC; the file `clock` sets the clock anew.
fn watch_at<'d>(desk: &'d Desk, time: &str) -> Watcher<'d> {
    set(desk, time);
    let mut command = Command::new(env!("CARGO_BIN_EXE_sofacal"));
    command.args(["watch", "--format", "json", "--quiet-period", "5"]);
    command.env("LD_PRELOAD", library()).env("TZ", "UTC");
    command.env("FAKETIME_TIMESTAMP_FILE", desk.path("clock"));
    for variable in [
        "FAKETIME_NO_CACHE",
        "FAKETIME_DONT_FAKE_MONOTONIC",
        "DONT_FAKE_MONOTONIC",
        "NO_FAKE_STAT",
    ] {
        command.env(variable, "1");
    }
    desk.start(&mut command)
}

/// Sets the clock: the moment at which the watcher began was that time.
fn set(desk: &Desk, time: &str) {
    desk.write("clock.new", &format!("@{time}\n"));
    desk.rename("clock.new", "clock");
}

fn library() -> PathBuf {
    let folders = fs::read_dir("/usr/lib").expect("there are libraries");
    let library = |folder: PathBuf| folder.join("faketime/libfaketimeMT.so.1");
    let mut all = folders.filter_map(|folder| Some(library(folder.ok()?.path())));
    all.find(|path| path.exists())
        .expect("libfaketime is needed")
}

#[test]
#[ignore = "needs libfaketime"]
fn at_midnight_of_the_calendars_zone_what_is_past_leaves_without_an_edit() {
    let desk = Desk::new();
    desk.write("events/calendar.yaml", &format!("{CALENDAR}past: 1d\n"));
    let watcher = watch_at(&desk, "2023-06-01 15:59:55");
    let first = watcher.batch("the first one", |_| true);
    assert!(
        first["time"]
            .as_str()
            .is_some_and(|time| time.starts_with("2023-06-01T15:59:")),
        "the clock is not set: {first}"
    );
    desk.wait_for("layotto.ics", "Layotto 例会");
    // In Shanghai the next day begins at 16:00.
    let batch = watcher.batch("midnight", |_| true);
    let time = batch["time"].as_str().unwrap_or_default();
    assert!(time.starts_with("2023-06-01T16:00:0"), "{batch}");
    assert_eq!(batch["events"][0]["what"], "retired", "{batch}");
    assert!(!desk.feed("all.ics").contains("BEGIN:VEVENT"));
    assert!(watcher.rest().is_empty());
    watcher.stop();
}

#[test]
#[ignore = "needs libfaketime"]
fn with_the_clock_set_back_events_return_and_no_stamp_goes_back() {
    let desk = Desk::new();
    desk.write("events/calendar.yaml", &format!("{CALENDAR}past: 1d\n"));
    let watcher = watch_at(&desk, "2023-06-01 12:00:00");
    watcher.batch("the first one", |_| true);
    desk.write("events/layotto/a.yaml", &meeting("zweite"));
    desk.wait_for("layotto.ics", "SUMMARY:zweite");
    let stamp = |text: &str| -> String {
        let line = text.lines().find(|line| line.starts_with("DTSTAMP:"));
        line.expect("it is there").to_owned()
    };
    let before = desk.feed("layotto.ics");
    set(&desk, "2023-06-03 12:00:00");
    desk.write("events/layotto/b.yaml", "title: Entwurf\n");
    desk.wait_without("layotto.ics", "SUMMARY:zweite");
    set(&desk, "2023-05-30 12:00:00");
    desk.write("events/layotto/b.yaml", "title: noch ein Entwurf\n");
    desk.wait_for("layotto.ics", "SUMMARY:zweite");
    assert_eq!(desk.feed("layotto.ics"), before);
    desk.write("events/layotto/a.yaml", &meeting("dritte"));
    desk.wait_for("layotto.ics", "SUMMARY:dritte");
    let after = desk.feed("layotto.ics");
    assert!(after.contains("SEQUENCE:2\r\n"), "{after}");
    assert!(stamp(&after) >= stamp(&before), "{after}");
    watcher.stop();
}
