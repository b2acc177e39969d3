//! Folders: made, moved, replaced, gone and back.

use crate::desk::{CALENDAR, Desk, meeting, strings, wait_until};
use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

#[test]
fn folders_made_at_once_with_their_files_and_a_later_edit_deep_down() {
    let desk = Desk::new();
    let watcher = desk.watch();
    for round in 0..5 {
        let folder = format!("events/layotto/{round}/b/c");
        for (name, title) in [("x", "oben"), ("y", "unten")] {
            let text = format!(
                "uid: {name}-{round}@example.org\n{}",
                meeting(&format!("{title}{round}"))
            );
            desk.write(&format!("{folder}/{name}.yaml"), &text);
        }
        desk.wait_for("layotto.ics", &format!("SUMMARY:unten{round}\r\n"));
        desk.wait_for("layotto.ics", &format!("SUMMARY:oben{round}\r\n"));
        let text = format!(
            "uid: x-{round}@example.org\n{}",
            meeting(&format!("später{round}"))
        );
        desk.write(&format!("{folder}/x.yaml"), &text);
        desk.wait_for("layotto.ics", &format!("SUMMARY:später{round}\r\n"));
    }
    watcher.finish();
}

#[test]
fn folders_moved_in_and_out() {
    let desk = Desk::new();
    desk.write("elsewhere/2024/d.yaml", &meeting("mitgebracht"));
    let watcher = desk.watch();
    for _ in 0..3 {
        desk.rename("elsewhere/2024", "events/mosn/2024");
        desk.wait_for("mosn.ics", "mitgebracht");
        desk.write("events/mosn/2024/d.yaml", &meeting("geändert"));
        desk.wait_for("mosn.ics", "geändert");
        desk.rename("events/mosn/2024", "elsewhere/2024");
        desk.wait_without("mosn.ics", "geändert");
        desk.write("elsewhere/2024/d.yaml", &meeting("mitgebracht"));
    }
    watcher.finish();
}

#[test]
fn the_link_of_a_config_map_is_swapped() {
    let desk = Desk::new();
    desk.delete("events");
    let version = |number: usize| {
        let folder = format!("events/..2026_{number}");
        desk.write(&format!("{folder}/calendar.yaml"), CALENDAR);
        let text = format!(
            "project: layotto\n{}",
            meeting(&format!("Fassung {number}"))
        );
        desk.write(&format!("{folder}/a.yaml"), &text);
        symlink(format!("..2026_{number}"), desk.path("events/..data_tmp")).expect("a link");
        desk.rename("events/..data_tmp", "events/..data");
    };
    version(0);
    for name in ["calendar.yaml", "a.yaml"] {
        symlink(format!("..data/{name}"), desk.path("events").join(name)).expect("a link");
    }
    let watcher = desk.watch();
    for number in 1..5 {
        version(number);
        desk.delete(&format!("events/..2026_{}", number - 1));
        desk.wait_for("layotto.ics", &format!("SUMMARY:Fassung {number}\r\n"));
    }
    watcher.finish();
}

#[test]
fn the_root_is_removed_and_made_again() {
    let desk = Desk::new();
    let watcher = desk.watch();
    for round in 0..3 {
        let before = desk.published();
        desk.delete("events");
        let batch = watcher.batch("the folder is gone", |batch| batch["waiting"].is_string());
        assert!(
            batch["waiting"]
                .as_str()
                .is_some_and(|why| why.contains("`events`")),
            "{batch}"
        );
        assert_eq!(desk.published(), before);
        desk.write("events/calendar.yaml", CALENDAR);
        desk.write("events/mosn/b.yaml", &meeting("MOSN 例会"));
        desk.write(
            "events/layotto/a.yaml",
            &meeting(&format!("wieder {round}")),
        );
        desk.wait_for("layotto.ics", &format!("wieder {round}"));
        // The new folder is watched as the old one was.
        desk.write(
            "events/layotto/a.yaml",
            &meeting(&format!("weiter {round}")),
        );
        desk.wait_for("layotto.ics", &format!("weiter {round}"));
    }
    watcher.finish();
}

#[test]
fn while_files_keep_vanishing_the_feeds_stay() {
    let desk = Desk::new();
    for number in 0..60 {
        desk.write(&format!("events/mosn/n{number}.yaml"), &meeting("x"));
    }
    let watcher = desk.watch();
    let before = desk.published();
    let mut number = 0;
    while !watcher.words().contains("waiting: files keep vanishing") {
        assert!(number < 60, "{}", watcher.words());
        desk.delete(&format!("events/mosn/n{number}.yaml"));
        number += 1;
        thread::sleep(Duration::from_millis(50));
    }
    assert!(desk.published() == before, "a half was published");
    watcher.batch("the rest", |batch| !strings(batch, "written").is_empty());
    watcher.finish();
}

#[test]
fn a_root_that_is_away_for_a_moment_is_watched_again() {
    let desk = Desk::new();
    let watcher = desk.watch();
    for round in 0..3 {
        // Back before anyone looks, and the same folder as before.
        desk.rename("events", "away");
        desk.rename("away", "events");
        for name in ["layotto/a", "mosn/b"] {
            let title = format!("{name} {round}");
            desk.write(&format!("events/{name}.yaml"), &meeting(&title));
            // Longer than it takes to look, shorter than the look that comes each minute.
            let since = Instant::now();
            desk.wait_for("all.ics", &title);
            assert!(since.elapsed() < Duration::from_secs(30), "nobody told");
        }
    }
    watcher.finish();
}

#[test]
fn a_root_that_was_away_while_a_batch_waited_is_watched_again() {
    let desk = Desk::new();
    let watcher = desk.watch();
    for round in 0..2 {
        desk.write(".git/index.lock", "");
        desk.write(
            "events/layotto/a.yaml",
            &meeting(&format!("vorher {round}")),
        );
        wait_until("it waits", || {
            watcher.words().matches("git is in the middle").count() == round + 1
        });
        desk.rename("events", "away");
        desk.rename("away", "events");
        desk.delete(".git/index.lock");
        desk.wait_for("layotto.ics", &format!("vorher {round}"));
        let title = format!("nachher {round}");
        desk.write("events/layotto/a.yaml", &meeting(&title));
        let since = Instant::now();
        desk.wait_for("layotto.ics", &title);
        assert!(since.elapsed() < Duration::from_secs(30), "nobody told");
    }
    watcher.finish();
}

#[test]
fn the_root_is_replaced_by_a_rename() {
    let desk = Desk::new();
    desk.write("next/calendar.yaml", CALENDAR);
    desk.write("next/mosn/b.yaml", &meeting("ersetzt"));
    let watcher = desk.watch();
    desk.rename("events", "old");
    desk.rename("next", "events");
    desk.wait_for("mosn.ics", "ersetzt");
    desk.write("events/mosn/b.yaml", &meeting("bearbeitet"));
    desk.wait_for("mosn.ics", "bearbeitet");
    watcher.finish();
}

#[test]
fn the_folder_around_the_root_is_removed_and_made_again() {
    let desk = Desk::new();
    desk.rename("events", "away");
    fs::create_dir(desk.path("deep")).expect("it can be made");
    desk.rename("away", "deep/events");
    let watcher = desk.watch_with(&["--events", "deep/events"]);
    desk.wait_for("layotto.ics", "Layotto 例会");
    desk.delete("deep");
    watcher.batch("the folder is gone", |batch| batch["waiting"].is_string());
    let since = Instant::now();
    desk.write("deep/events/calendar.yaml", CALENDAR);
    desk.write("deep/events/mosn/b.yaml", &meeting("zurück"));
    desk.wait_for("mosn.ics", "zurück");
    // Nobody tells of it, and it is looked for every two seconds; the usual look would come after a minute.
    let took = since.elapsed();
    assert!(took < Duration::from_secs(30), "after {took:?}");
    desk.write("deep/events/mosn/b.yaml", &meeting("wach"));
    desk.wait_for("mosn.ics", "wach");
    watcher.stop();
}

#[test]
fn a_root_that_is_a_link_leads_elsewhere() {
    let desk = Desk::new();
    desk.rename("events", "one");
    desk.write("two/calendar.yaml", CALENDAR);
    desk.write("two/mosn/b.yaml", &meeting("anderswo"));
    symlink("one", desk.path("events")).expect("a link");
    let watcher = desk.watch();
    symlink("two", desk.path("link")).expect("a link");
    desk.rename("link", "events");
    desk.wait_for("mosn.ics", "anderswo");
    desk.write("two/mosn/b.yaml", &meeting("bearbeitet"));
    desk.wait_for("mosn.ics", "bearbeitet");
    watcher.finish();
}

#[test]
fn when_all_event_files_are_gone_the_feeds_stay() {
    let desk = Desk::new();
    let watcher = desk.watch();
    let before = desk.published();
    desk.delete("events/layotto");
    desk.delete("events/mosn");
    let batch = watcher.batch("nothing is there", |batch| batch["waiting"].is_string());
    assert_eq!(batch["diagnostics"][0]["code"], "no-events", "{batch}");
    assert_eq!(desk.published(), before);
    desk.write("events/mosn/b.yaml", &meeting("wieder da"));
    desk.wait_for("mosn.ics", "wieder da");
    watcher.finish();
}

#[test]
fn two_thousand_files_in_one_burst() {
    let desk = Desk::new();
    let watcher = desk.watch();
    for number in 0..2_000 {
        let text = meeting(&format!("Nummer {number}."));
        desk.write(
            &format!("events/layotto/{}/n{number}.yaml", number % 7),
            &text,
        );
    }
    wait_for_count(&desk, 2_001);
    for number in 0..2_000 {
        desk.delete(&format!("events/layotto/{}/n{number}.yaml", number % 7));
    }
    wait_for_count(&desk, 1);
    watcher.finish();
}

#[test]
fn while_many_files_keep_changing_nothing_is_half_published() {
    let desk = Desk::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_sofacal"));
    let command = command.args(["watch", "--format", "json", "--quiet-period", "1000"]);
    let watcher = desk.start(command);
    watcher.batch("the first one", |_| true);
    let before = desk.published();
    // A slow copy: thirty files a second for four seconds, without a pause and without a lock.
    for number in 0..120 {
        desk.write(&format!("events/mosn/n{number}.yaml"), &meeting("x"));
        thread::sleep(Duration::from_millis(33));
        if number == 110 {
            assert!(desk.published() == before, "a half was published");
        }
    }
    watcher.wait_for_words("waiting: many files are changing");
    let batch = watcher.batch("all of them", |_| true);
    assert_eq!(strings(&batch, "files").len(), 120);
    watcher.finish();
}

fn wait_for_count(desk: &Desk, count: usize) {
    crate::desk::wait_until(&format!("there are {count} events"), || {
        desk.feed("layotto.ics").matches("BEGIN:VEVENT").count() == count
    });
}

#[test]
fn an_output_folder_below_the_events_wakes_nobody() {
    let desk = Desk::new();
    let watcher = desk.watch_with(&["--output", "events/output"]);
    watcher.batch("the first one", |_| true);
    desk.write("events/layotto/a.yaml", &meeting("neu"));
    let batch = watcher.batch("the edit", |batch| !strings(batch, "written").is_empty());
    assert_eq!(strings(&batch, "files"), ["events/layotto/a.yaml"]);
    desk.write("events/mosn/b.yaml", &meeting("noch neuer"));
    let batch = watcher.batch("the next edit", |_| true);
    assert_eq!(strings(&batch, "files"), ["events/mosn/b.yaml"]);
    watcher.stop();
}

#[test]
fn a_feed_deleted_by_hand_returns_with_the_next_batch() {
    let desk = Desk::new();
    let watcher = desk.watch();
    let before = desk.feed("mosn.ics");
    desk.delete("output/mosn.ics");
    desk.write("events/layotto/a.yaml", &meeting("neu"));
    desk.wait_for("mosn.ics", "MOSN 例会");
    assert_eq!(desk.feed("mosn.ics"), before);
    desk.wait_for("layotto.ics", "neu");
    watcher.finish();
}
