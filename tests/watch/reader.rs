//! A reader: it reads the feeds again and again, as a web server does, and never sees one that is torn or missing.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

const FEEDS: [&str; 3] = ["all.ics", "layotto.ics", "mosn.ics"];

/// A thread that reads.
pub(crate) struct Reader {
    is_over: Arc<AtomicBool>,
    thread: JoinHandle<usize>,
}

impl Reader {
    /// Begins to read what is in an output folder; the feeds must be there.
    pub(crate) fn start(output: PathBuf) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let end = Arc::clone(&is_over);
        let thread = thread::spawn(move || {
            let mut sequences = BTreeMap::new();
            let mut readings = 0;
            while !end.load(Ordering::Relaxed) {
                read(&output, &mut sequences);
                readings += 1;
                thread::yield_now();
            }
            readings
        });
        Reader { is_over, thread }
    }

    /// Ends; it panics if it saw something that nobody should see.
    pub(crate) fn finish(self) {
        self.is_over.store(true, Ordering::Relaxed);
        let readings = self.thread.join().expect("every feed was whole");
        assert!(readings > 0);
    }
}

/// Reads everything once; no SEQUENCE may go back within a feed.
fn read(output: &Path, sequences: &mut BTreeMap<(&str, String), u32>) {
    for name in FEEDS {
        let text = fs::read_to_string(output.join(name)).expect("the feed is there");
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n"), "{name} is torn");
        assert!(text.ends_with("END:VCALENDAR\r\n"), "{name} is torn");
        let begun = text.matches("BEGIN:VEVENT").count();
        assert_eq!(begun, text.matches("END:VEVENT").count(), "{name} is torn");
        for event in text.split("BEGIN:VEVENT\r\n").skip(1) {
            let value = |key: &str| {
                let line = event.lines().find_map(|line| line.strip_prefix(key));
                line.unwrap_or_else(|| panic!("{key} is missing in {event}"))
            };
            let sequence: u32 = value("SEQUENCE:").parse().expect("it is a number");
            let known = sequences.insert((name, value("UID:").to_owned()), sequence);
            let is_forward = known.is_none_or(|known| known <= sequence);
            assert!(is_forward, "{event} went back");
        }
    }
    let ledger = fs::read(output.join("ledger.json")).expect("the ledger is there");
    let ledger: serde_json::Value = serde_json::from_slice(&ledger).expect("the ledger is whole");
    assert!(ledger.is_object());
}
