//! Faults of the machine: full and read-only disks, two writers, and limits of the system.

use crate::desk::{Desk, Watcher, meeting, strings};
use serde_json::Value;
use std::fs;
use std::process::Command;

/// An event that needs more room than its neighbours.
fn long_meeting() -> String {
    format!(
        "{}description: {}\n",
        meeting("lang"),
        "很长".repeat(10_000)
    )
}

#[test]
fn a_feed_that_cannot_grow_stays_whole_until_there_is_room() {
    let desk = Desk::new();
    // A limit on file sizes is a full disk without a disk; its signal would kill before the error comes.
    let script = "trap '' XFSZ; ulimit -f 64; exec \"$0\" watch --format json --quiet-period 20";
    let mut shell = Command::new("sh");
    let watcher = desk.start(shell.args(["-c", script, env!("CARGO_BIN_EXE_sofacal")]));
    watcher.batch("the first one", |_| true);
    let before = desk.published();
    desk.write("events/layotto/a.yaml", &long_meeting());
    watcher.batch("it waits", |batch| batch["waiting"].is_string());
    assert_eq!(desk.published(), before);
    desk.write("events/layotto/a.yaml", &meeting("kurz"));
    desk.wait_for("layotto.ics", "kurz");
    watcher.finish();
}

#[test]
fn something_in_the_way_of_a_feed_is_waited_for() {
    let desk = Desk::new();
    let watcher = desk.watch();
    desk.delete("output/mosn.ics");
    desk.write("output/mosn.ics/full", "");
    desk.write("events/layotto/a.yaml", &meeting("neu"));
    watcher.batch("it waits", |batch| batch["waiting"].is_string());
    assert!(!desk.feed("layotto.ics").contains("neu"));
    desk.delete("output/mosn.ics");
    desk.wait_for("layotto.ics", "neu");
    desk.wait_for("mosn.ics", "MOSN 例会");
    watcher.finish();
}

#[test]
fn an_output_folder_that_is_gone_returns_with_its_lock() {
    let desk = Desk::new();
    let watcher = desk.watch();
    let before = desk.published();
    // Nobody edits an event: that the folder is gone is enough.
    desk.delete("output");
    watcher.wait_for_words("the lock of `output` was gone, and is held again");
    watcher.batch("the feeds", |batch| strings(batch, "written").len() == 4);
    assert_eq!(desk.published(), before);
    refuse_second_writers(&desk, &watcher);
    watcher.finish();
}

#[test]
fn a_lock_that_was_deleted_is_held_again() {
    let desk = Desk::new();
    let watcher = desk.watch();
    desk.delete("output/.lock");
    desk.write("events/layotto/a.yaml", &meeting("neu"));
    desk.wait_for("layotto.ics", "neu");
    refuse_second_writers(&desk, &watcher);
    watcher.finish();
}

#[test]
fn a_lock_that_another_writer_took_meanwhile_is_waited_for() {
    let desk = Desk::new();
    let watcher = desk.watch();
    desk.rename("output", "away");
    desk.write("output/.lock", "");
    let theirs = fs::File::open(desk.path("output/.lock")).expect("it is there");
    theirs.lock().expect("it can be locked");
    // Between the two steps the watcher may have been sooner; then there is nothing to wait for.
    desk.write("events/layotto/a.yaml", &meeting("neu"));
    let is_waiting = |batch: &Value| batch["waiting"].is_string();
    let is_done = |batch: &Value| {
        !strings(batch, "events").is_empty() || !strings(batch, "written").is_empty()
    };
    let batch = watcher.batch("it waits", |batch| is_waiting(batch) || is_done(batch));
    if is_waiting(&batch) {
        let why = batch["waiting"].to_string();
        assert!(why.contains("`output` is being written by"), "{why}");
        assert!(desk.published().is_empty());
    }
    drop(theirs);
    desk.wait_for("layotto.ics", "neu");
    desk.wait_for("mosn.ics", "MOSN 例会");
    refuse_second_writers(&desk, &watcher);
    watcher.finish();
}

#[test]
fn a_ledger_that_someone_brought_back_is_gone_on_with() {
    let desk = Desk::new();
    let watcher = desk.watch();
    let first = desk.published();
    desk.write("events/layotto/a.yaml", &meeting("zweite"));
    let is_edit = |batch: &Value| !strings(batch, "files").is_empty();
    watcher.batch("the edit", is_edit);
    assert!(desk.feed("layotto.ics").contains("SEQUENCE:1"));
    for (name, text) in &first {
        desk.write(&format!("output/{name}"), text);
    }
    desk.write("events/layotto/a.yaml", &meeting("Layotto 例会"));
    watcher.batch("the return", is_edit);
    assert_eq!(desk.published(), first);
    watcher.finish();
}

#[test]
fn a_second_writer_is_refused_with_the_pid_of_the_first() {
    let desk = Desk::new();
    let watcher = desk.watch();
    refuse_second_writers(&desk, &watcher);
    watcher.kill();
    // A dead holder's lock is free by itself.
    desk.watch().finish();
}

fn refuse_second_writers(desk: &Desk, watcher: &Watcher<'_>) {
    let holder = format!("process {}", watcher.id());
    for command in ["watch", "export"] {
        let mut second = Command::new(env!("CARGO_BIN_EXE_sofacal"));
        let second = second.arg(command).current_dir(desk.path("")).output();
        let second = second.expect("the program runs");
        assert_eq!(second.status.code(), Some(2));
        let words = String::from_utf8_lossy(&second.stderr).into_owned();
        assert!(words.contains(&holder), "{words}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_waited_for() {
    let desk = Desk::new();
    let watcher = desk.watch();
    let before = desk.published();
    let socket = std::os::unix::net::UnixListener::bind(desk.path("events/mosn/s.yaml"));
    let _socket = socket.expect("a socket");
    let batch = watcher.batch("it waits", |batch| batch["waiting"].is_string());
    let why = batch["waiting"].as_str().unwrap_or_default();
    assert!(why.contains("events/mosn/s.yaml"), "{why}");
    assert_eq!(desk.published(), before);
    desk.delete("events/mosn/s.yaml");
    desk.write("events/mosn/b.yaml", &meeting("neu"));
    desk.wait_for("mosn.ics", "neu");
    watcher.finish();
}

#[test]
#[ignore = "needs the right to mount"]
fn a_full_disk_and_a_read_only_one() {
    let desk = Desk::new();
    fs::create_dir(desk.path("output")).expect("it can be made");
    let output = desk.path("output").display().to_string();
    let size = ["-t", "tmpfs", "-o", "size=256k", "tmpfs", &output];
    desk.run("mount", &size);
    let _mount = Mount(output.clone());
    let watcher = desk.watch();
    let before = desk.published();
    fs::write(desk.path("output/filler"), vec![0; 200 << 10]).expect("there is room");
    desk.write("events/layotto/a.yaml", &long_meeting());
    watcher.batch("it waits", |batch| batch["waiting"].is_string());
    for (name, text) in &before {
        assert_eq!(desk.feed(name), *text);
    }
    desk.delete("output/filler");
    desk.write("events/layotto/a.yaml", &meeting("kurz"));
    desk.wait_for("layotto.ics", "kurz");
    let read_only = ["-t", "tmpfs", "-o", "ro", "tmpfs", &output];
    desk.run("mount", &read_only);
    desk.write("events/layotto/a.yaml", &meeting("später"));
    let batch = watcher.batch("it waits", |batch| batch["waiting"].is_string());
    let why = batch["waiting"].as_str().unwrap_or_default();
    assert!(why.contains("read-only"), "{why}");
    desk.run("umount", &["--lazy", &output]);
    desk.wait_for("layotto.ics", "später");
    watcher.finish();
}

struct Mount(String);

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").args(["--lazy", &self.0]).status();
    }
}

/// A setting of the kernel; in the end it is what it was.
#[cfg(target_os = "linux")]
struct Limit {
    path: &'static str,
    before: String,
}

#[cfg(target_os = "linux")]
impl Limit {
    fn set(path: &'static str, value: &str) -> Self {
        let before = fs::read_to_string(path).expect("the kernel has inotify");
        fs::write(path, value).expect("only root may set it");
        Limit { path, before }
    }
}

#[cfg(target_os = "linux")]
impl Drop for Limit {
    fn drop(&mut self) {
        let _ = fs::write(self.path, &self.before);
    }
}

// One test, since both limits are the whole machine's: other watchers of that moment poll, or rescan.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "needs the right to set limits of the kernel"]
fn the_limits_of_inotify() {
    let desk = Desk::new();
    for number in 0..20 {
        let name = format!("events/layotto/{number}/n{number}.yaml");
        desk.write(&name, &meeting("x"));
    }
    let few_watches = Limit::set("/proc/sys/fs/inotify/max_user_watches", "8");
    let watcher = desk.watch();
    watcher.wait_for_words("its limit of watched folders is reached");
    desk.write("events/layotto/a.yaml", &meeting("trotzdem"));
    desk.wait_for("layotto.ics", "trotzdem");
    drop(few_watches);
    // No folder is new: it is time alone that lets the watcher ask again.
    watcher.wait_for_words("the system tells of changes again");
    desk.write("events/layotto/7/n7.yaml", &meeting("wieder"));
    desk.wait_for("layotto.ics", "wieder");
    watcher.finish();

    let short_queue = Limit::set("/proc/sys/fs/inotify/max_queued_events", "4");
    let watcher = desk.watch();
    for number in 0..500 {
        let name = format!("events/mosn/m{number}.yaml");
        desk.write(&name, &meeting(&format!("viel {number}.")));
    }
    desk.wait_for("mosn.ics", "viel 499.");
    drop(short_queue);
    watcher.finish();
}
