//! How editors save: each way leads to the same feeds.

use crate::desk::{Desk, meeting, replace, strings};
use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::time::{Duration, SystemTime};

const FILE: &str = "events/layotto/a.yaml";
const FEED: &str = "layotto.ics";

/// Edits a file in one way, and looks at what comes of it.
fn check(save: impl Fn(&Desk, &str)) {
    let desk = Desk::new();
    let watcher = desk.watch();
    for title in ["第一版", "第二版，长得多的标题", "三"] {
        save(&desk, &meeting(title));
        desk.wait_for(FEED, &format!("SUMMARY:{title}\r\n"));
        assert_eq!(desk.feed("all.ics").matches("BEGIN:VEVENT").count(), 2);
    }
    watcher.finish();
}

#[test]
fn vim_renames_the_file_to_a_backup_and_writes_a_new_one() {
    check(|desk, text| {
        desk.write("events/layotto/4913", "");
        desk.delete("events/layotto/4913");
        desk.rename(FILE, "events/layotto/a.yaml~");
        desk.write(FILE, text);
        desk.delete("events/layotto/a.yaml~");
    });
}

#[test]
fn others_rename_a_temporary_file_onto_it() {
    check(|desk, text| replace(&desk.path(FILE), text));
}

#[test]
fn nano_truncates_the_file_and_writes_it() {
    check(|desk, text| {
        let mut file = File::create(desk.path(FILE)).expect("it can be opened");
        let (first, rest) = text.as_bytes().split_at(10);
        file.write_all(first).expect("it can be written");
        file.sync_all().expect("it can be synced");
        file.write_all(rest).expect("it can be written");
    });
}

#[test]
fn scripts_write_in_place() {
    check(|desk, text| {
        let options = OpenOptions::new().write(true).open(desk.path(FILE));
        let mut file = options.expect("it can be opened");
        file.seek(SeekFrom::Start(0)).expect("it is a file");
        file.write_all(text.as_bytes()).expect("it can be written");
        file.set_len(text.len() as u64).expect("it can be cut");
    });
}

#[test]
fn an_edit_that_keeps_size_and_time_is_seen() {
    let desk = Desk::new();
    let watcher = desk.watch();
    let modified = SystemTime::now() - Duration::from_secs(3600);
    for title in ["Layotto 周会", "Layotto 月会"] {
        desk.write(FILE, &meeting(title));
        let file = OpenOptions::new().write(true).open(desk.path(FILE));
        let file = file.expect("it can be opened");
        file.set_modified(modified).expect("it can be set");
        desk.wait_for(FEED, title);
    }
    watcher.finish();
}

#[test]
fn a_renamed_file_keeps_its_uid_with_uid() {
    let desk = Desk::new();
    let text = format!("uid: layotto-a@example.org\n{}", meeting("Layotto 例会"));
    desk.write(FILE, &text);
    let watcher = desk.watch();
    let before = desk.feed(FEED);
    desk.rename(FILE, "events/layotto/2023-05-31.yaml");
    let batch = watcher.batch("the rename", |batch| {
        strings(batch, "files").contains(&"events/layotto/2023-05-31.yaml")
    });
    assert!(
        batch["events"].as_array().is_some_and(Vec::is_empty),
        "{batch}"
    );
    assert_eq!(desk.feed(FEED), before);
    watcher.finish();
}

#[test]
fn what_editors_leave_beside_a_file_is_no_event() {
    let desk = Desk::new();
    let watcher = desk.watch();
    for name in [".a.yaml.swp", "a.yaml~", "#a.yaml#", ".#a.yaml", "4913"] {
        desk.write(&format!("events/layotto/{name}"), &meeting("falsch"));
    }
    desk.write(FILE, &meeting("richtig"));
    desk.wait_for(FEED, "richtig");
    assert!(!desk.feed(FEED).contains("falsch"));
    watcher.finish();
}

#[test]
#[ignore = "needs vim"]
fn the_real_vim_saves_in_each_of_its_ways() {
    for how in [
        "set nobackup writebackup backupcopy=no",
        "set backup writebackup backupcopy=no",
        "set nobackup nowritebackup",
        "set backup backupcopy=yes",
    ] {
        let desk = Desk::new();
        let watcher = desk.watch();
        for title in ["eins", "zwei"] {
            let change = format!("%s/^title: .*/title: {title}/");
            let commands = ["-c", how, "-c", &change, "-c", "wq"];
            desk.run(
                "vim",
                &[&["-es", "-u", "NONE"], &commands[..], &[FILE]].concat(),
            );
            desk.wait_for(FEED, &format!("SUMMARY:{title}\r\n"));
        }
        watcher.finish();
    }
}
