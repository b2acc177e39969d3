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
