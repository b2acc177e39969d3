//! Crashes: killed at any moment, the next start heals everything.

use crate::desk::{Desk, meeting};
use crate::reader::Reader;
use std::thread;
use std::time::Duration;

#[test]
fn killed_at_forty_moments_it_heals_each_time() {
    kill_at(40);
}

#[test]
#[ignore = "takes its time"]
fn killed_at_two_hundred_moments_it_heals_each_time() {
    kill_at(200);
}

#[test]
fn asked_to_end_at_any_moment_it_finishes_what_it_writes() {
    let desk = Desk::new();
    for moment in 0..20 {
        let mut watcher = desk.watch();
        for name in ["layotto/a", "mosn/b"] {
            desk.write(
                &format!("events/{name}.yaml"),
                &meeting(&format!("Fassung {moment}")),
            );
        }
        // As for the kills below.
        thread::sleep(Duration::from_micros(moment * 7919 % 40_000));
        watcher.signal(if moment % 2 == 0 { "INT" } else { "TERM" });
        assert_eq!(watcher.end().code(), Some(0));
        let words = watcher.words();
        assert!(words.ends_with("stopped\n"), "{words}");
        // No half: either both are new, or none is, and nothing lies about.
        let names: Vec<String> = desk.published().into_keys().collect();
        assert_eq!(names, ["all.ics", "layotto.ics", "ledger.json", "mosn.ics"]);
        let all = desk.feed("all.ics");
        for name in ["layotto.ics", "mosn.ics"] {
            let summary = |text: &str| -> Vec<String> {
                let lines = text.lines().filter(|line| line.starts_with("SUMMARY:"));
                lines.map(str::to_owned).collect()
            };
            let summaries = summary(&desk.feed(name));
            assert!(summaries.iter().all(|line| summary(&all).contains(line)));
        }
    }
    desk.watch().finish();
}

fn kill_at(moments: u64) {
    let desk = Desk::new();
    for number in 0..100 {
        let text = meeting(&format!("Nummer {number}"));
        desk.write(&format!("events/layotto/n{number}.yaml"), &text);
    }
    desk.watch().stop();
    let reader = Reader::start(desk.path("output"));
    for moment in 0..moments {
        let watcher = desk.watch_with(&[]);
        // One in four is killed while it starts.
        if moment % 4 != 0 {
            watcher.batch("the first one", |_| true);
        }
        // Few titles, so that texts come back that were published before.
        let title = format!("Fassung {}", moment % 3);
        for name in ["layotto/a", "mosn/b", "layotto/n7"] {
            desk.write(&format!("events/{name}.yaml"), &meeting(&title));
        }
        // From before the batch to after it: nothing is waited for, this only scatters the moments.
        thread::sleep(Duration::from_micros(moment * 7919 % 40_000));
        watcher.kill();
    }
    let watcher = desk.watch();
    desk.write("events/layotto/a.yaml", &meeting("am Ende"));
    desk.wait_for("all.ics", "am Ende");
    watcher.finish();
    reader.finish();
}
