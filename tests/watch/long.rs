//! Months in minutes: what an idle watcher costs, and what thousands of batches leave behind.

#![cfg(target_os = "linux")]

use crate::desk::{Desk, meeting, strings};
use crate::reader::Reader;
use std::fs;
use std::thread;
use std::time::Duration;

/// Counts the processor's ticks that a process took so far, a hundred a second.
fn ticks(id: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).expect("it runs");
    let (_, behind_name) = stat.rsplit_once(") ").expect("the name is in brackets");
    let number = |index: usize| -> u64 {
        let word = behind_name.split(' ').nth(index);
        word.and_then(|word| word.parse().ok())
            .expect("it is a number")
    };
    number(11) + number(12)
}

fn descriptors(id: u32) -> usize {
    let descriptors = fs::read_dir(format!("/proc/{id}/fd"));
    descriptors.expect("it runs").count()
}

/// Gives the memory that a process holds, in KiB.
fn memory(id: u32) -> usize {
    let status = fs::read_to_string(format!("/proc/{id}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.expect("it has a size")
}

#[test]
fn an_idle_watcher_does_nothing() {
    let desk = Desk::new();
    for number in 0..200 {
        desk.write(&format!("events/layotto/n{number}.yaml"), &meeting("x"));
    }
    let watcher = desk.watch();
    desk.write("events/layotto/a.yaml", &meeting("neu"));
    watcher.batch("the edit", |_| true);
    let before = ticks(watcher.id());
    // Not a proof of anything that comes: the stretch that is looked at.
    thread::sleep(Duration::from_secs(5));
    // A loop would take 500; what the last write still woke may take a few.
    let taken = ticks(watcher.id()) - before;
    assert!(taken <= 10, "{taken} ticks in five idle seconds");
    assert!(watcher.rest().is_empty());
    watcher.finish();
}

#[test]
#[ignore = "takes its time"]
fn two_thousand_batches_leave_nothing_behind() {
    let desk = Desk::new();
    for number in 0..50 {
        desk.write(&format!("events/layotto/n{number}.yaml"), &meeting("x"));
    }
    let watcher = desk.watch();
    let reader = Reader::start(desk.path("output"));
    let mut early = (0, 0);
    for number in 0..2_000 {
        match number % 10 {
            // Folders come and go too, and files are broken and mended.
            3 => desk.write("events/mosn/deep/er/c.yaml", &meeting("tief")),
            4 => desk.delete("events/mosn/deep"),
            5 => desk.write("events/layotto/a.yaml", "title: [\n"),
            _ => desk.write(
                "events/layotto/a.yaml",
                &meeting(&format!("Nummer {number}")),
            ),
        }
        watcher.batch("the edit", |batch| !strings(batch, "files").is_empty());
        if number == 200 {
            early = (descriptors(watcher.id()), memory(watcher.id()));
        }
    }
    assert!(descriptors(watcher.id()) <= early.0);
    let grown = memory(watcher.id()).saturating_sub(early.1);
    assert!(grown < 4 << 10, "{grown} KiB more than after 200 batches");
    reader.finish();
    watcher.finish();
}
