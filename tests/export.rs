//! `sofacal export` as a process: what is written, what is refused, and what stays as it was.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads, writes and runs the program"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const CALENDAR: &str = "name: 测试日历\ndomain: example.org\nprojects:\n  layotto: {name: Layotto}\n  mosn: {name: MOSN}\n";
const MEETING: &str = "title: Layotto 社区会议\nstart: 2023-05-31 14:00\nend: \"15:00\"\n";
const OTHER: &str = "title: MOSN 社区会议\nstart: 2023-06-01 19:00\nduration: 90m\n";
const EARLIER: &str = "1685500000";
const LATER: &str = "1785500000";

/// A folder with event files and an output folder.
struct Community {
    folder: TempDir,
}

impl Community {
    fn of(files: &[(&str, &str)]) -> Self {
        let community = Community {
            folder: TempDir::new().expect("a temporary folder"),
        };
        community.write("events/calendar.yaml", CALENDAR);
        for (name, text) in files {
            community.write(&format!("events/{name}"), text);
        }
        community
    }

    fn with_two_meetings() -> Self {
        Community::of(&[
            ("layotto/2023-05-31.yaml", MEETING),
            ("mosn/2023-06-01.yaml", OTHER),
        ])
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }

    fn export_at(&self, epoch: &str, options: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_sofacal"))
            .arg("export")
            .args(options)
            .current_dir(self.folder.path())
            .env("SOURCE_DATE_EPOCH", epoch)
            .output()
            .expect("the program runs")
    }

    fn export(&self, options: &[&str]) -> Output {
        self.export_at(EARLIER, options)
    }

    /// Everything in the output folder but the lock.
    fn published(&self) -> BTreeMap<String, String> {
        published(&self.path("output"))
    }
}

fn published(output: &Path) -> BTreeMap<String, String> {
    let Ok(entries) = fs::read_dir(output) else {
        return BTreeMap::new();
    };
    let paths = entries.map(|entry| entry.expect("it is readable").path());
    let named = paths.map(|path| {
        let name = path
            .file_name()
            .expect("it has a name")
            .to_string_lossy()
            .into_owned();
        (name, fs::read_to_string(&path).expect("it is text"))
    });
    named.filter(|(name, _)| name != ".lock").collect()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("it exits by itself")
}

/// The lines of two texts that stand on one side only.
fn changed<'t>(before: &'t str, after: &'t str) -> Vec<(&'t str, &'t str)> {
    let pairs = before.lines().zip(after.lines());
    pairs.filter(|(before, after)| before != after).collect()
}

#[test]
fn writes_a_feed_for_each_project_the_combined_one_and_the_ledger() {
    let community = Community::with_two_meetings();
    let output = community.export(&[]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(output.stdout.is_empty());
    let published = community.published();
    let names: Vec<&str> = published.keys().map(String::as_str).collect();
    assert_eq!(names, ["all.ics", "layotto.ics", "ledger.json", "mosn.ics"]);
    let layotto = &published["layotto.ics"];
    assert!(layotto.contains("DTSTART;TZID=Asia/Shanghai:20230531T140000\r\n"));
    assert!(layotto.contains("DTEND;TZID=Asia/Shanghai:20230531T150000\r\n"));
    assert!(layotto.contains("UID:layotto-2023-05-31@example.org\r\n"));
    assert!(!layotto.contains("MOSN"));
}

#[test]
fn exporting_again_later_changes_no_byte() {
    let community = Community::with_two_meetings();
    community.export_at(EARLIER, &[]);
    let before = community.published();
    let output = community.export_at(LATER, &["--require-ledger"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(
        stderr(&output).contains("is up to date"),
        "{}",
        stderr(&output)
    );
    assert_eq!(community.published(), before);
}

#[test]
fn a_new_title_changes_its_line_and_the_stamps_and_nothing_else() {
    let community = Community::with_two_meetings();
    community.export_at(EARLIER, &[]);
    let before = community.published();
    let retitled = MEETING.replace("社区会议", "社区例会");
    community.write("events/layotto/2023-05-31.yaml", &retitled);
    assert_eq!(code(&community.export_at(LATER, &[])), 0);
    let after = community.published();
    assert_eq!(before["mosn.ics"], after["mosn.ics"]);
    assert_eq!(
        changed(&before["layotto.ics"], &after["layotto.ics"]),
        [
            ("DTSTAMP:20230531T022640Z", "DTSTAMP:20260731T121320Z"),
            (
                "LAST-MODIFIED:20230531T022640Z",
                "LAST-MODIFIED:20260731T121320Z"
            ),
            ("SEQUENCE:0", "SEQUENCE:1"),
            ("SUMMARY:Layotto 社区会议", "SUMMARY:Layotto 社区例会"),
        ]
    );
}

#[test]
fn one_mistake_anywhere_leaves_every_file_as_it_was() {
    let community = Community::with_two_meetings();
    community.export_at(EARLIER, &[]);
    let before = community.published();
    community.write(
        "events/layotto/2023-05-31.yaml",
        &MEETING.replace("15:00", "13:00"),
    );
    community.write(
        "events/mosn/2023-06-01.yaml",
        &OTHER.replace("title", "titel"),
    );
    let output = community.export_at(LATER, &[]);
    assert_eq!(code(&output), 1);
    assert_eq!(community.published(), before);
    let told = stderr(&output);
    for line in [
        "error[end-before-start]: `end` is not after `start`",
        " --> events/layotto/2023-05-31.yaml:3:",
        "error[unknown-key]: there is no key `titel` here",
        "did you mean `title`?",
        "2 errors in 2 files",
        "nothing was written: `output` stays as it was",
    ] {
        assert!(told.contains(line), "no {line:?} in\n{told}");
    }
}

#[test]
fn machines_read_mistakes_on_stdout() {
    let community = Community::of(&[(
        "layotto/a.yaml",
        "title: 会议\nstart: 2023-05-31 14:00\nend: \"13:00\"\n",
    )]);
    let json = community.export(&["--format", "json"]);
    assert_eq!(code(&json), 1);
    let lines: Vec<serde_json::Value> = String::from_utf8_lossy(&json.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is an object"))
        .collect();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["code"], "end-before-start");
    assert_eq!(lines[0]["file"], "events/layotto/a.yaml");
    assert_eq!(lines[0]["line"], 3);
    let github = community.export(&["--format", "github"]);
    let line = String::from_utf8_lossy(&github.stdout).into_owned();
    assert!(
        line.starts_with("::error file=events/layotto/a.yaml,line=3,"),
        "{line}"
    );
}

#[test]
fn a_lost_ledger_stops_the_export_and_can_be_made_anew() {
    let community = Community::with_two_meetings();
    community.export_at(EARLIER, &[]);
    let before = community.published();
    fs::remove_file(community.path("output/ledger.json")).expect("it can be removed");
    let refused = community.export_at(LATER, &[]);
    assert_eq!(code(&refused), 2);
    assert!(
        stderr(&refused).contains("--new-ledger"),
        "{}",
        stderr(&refused)
    );
    assert_eq!(code(&community.export_at(LATER, &["--new-ledger"])), 0);
    assert_eq!(community.published(), before);
}

#[test]
fn a_broken_ledger_stops_the_export() {
    let community = Community::with_two_meetings();
    community.export(&[]);
    community.write("output/ledger.json", "{\"version\": 1, \"feeds\"");
    let before = community.published();
    let refused = community.export(&[]);
    assert_eq!(code(&refused), 2);
    assert!(
        stderr(&refused).contains("`output/ledger.json` cannot be read"),
        "{}",
        stderr(&refused)
    );
    assert_eq!(community.published(), before);
}

#[test]
fn a_new_ledger_counts_on_where_the_feeds_are() {
    let community = Community::with_two_meetings();
    community.export_at("1685000000", &[]);
    community.write(
        "events/layotto/2023-05-31.yaml",
        &MEETING.replace("会议", "例会"),
    );
    community.export_at(EARLIER, &[]);
    fs::remove_file(community.path("output/ledger.json")).expect("it can be removed");
    community.write(
        "events/layotto/2023-05-31.yaml",
        &MEETING.replace("会议", "月会"),
    );
    assert_eq!(code(&community.export_at(LATER, &["--new-ledger"])), 0);
    let layotto = &community.published()["layotto.ics"];
    assert!(layotto.contains("SEQUENCE:2\r\n"), "{layotto}");
    assert!(
        layotto.contains("CREATED:20230525T073320Z\r\n"),
        "{layotto}"
    );
}

#[test]
fn a_new_ledger_is_refused_beside_a_good_one() {
    let community = Community::with_two_meetings();
    community.export(&[]);
    let before = community.published();
    let refused = community.export(&["--new-ledger"]);
    assert_eq!(code(&refused), 2);
    assert!(
        stderr(&refused).contains("leave the option out"),
        "{}",
        stderr(&refused)
    );
    assert_eq!(community.published(), before);
}

#[test]
fn a_new_ledger_keeps_the_highest_sequence_of_a_uid() {
    let community = Community::with_two_meetings();
    community.export_at("1685000000", &[]);
    let stale = community.published()["layotto.ics"].clone();
    community.write(
        "events/layotto/2023-05-31.yaml",
        &MEETING.replace("会议", "例会"),
    );
    community.export_at(EARLIER, &[]);
    fs::remove_file(community.path("output/ledger.json")).expect("it can be removed");
    // A feed of an earlier run, with the line ends that git may have given it.
    community.write("output/layotto.ics", &stale.replace('\r', ""));
    assert_eq!(code(&community.export_at(LATER, &["--new-ledger"])), 0);
    let published = community.published();
    for feed in ["all.ics", "layotto.ics"] {
        assert!(
            published[feed].contains("SEQUENCE:1\r\n"),
            "{}",
            published[feed]
        );
        assert!(
            published[feed].contains("CREATED:20230525T073320Z\r\n"),
            "{}",
            published[feed]
        );
    }
}

#[test]
fn a_ledger_of_a_newer_version_is_left_alone() {
    let community = Community::with_two_meetings();
    community.export(&[]);
    community.write("output/ledger.json", "{\"version\": 2, \"more\": 1}");
    for options in [&[][..], &["--new-ledger"]] {
        let refused = community.export(options);
        assert_eq!(code(&refused), 2);
        assert!(
            stderr(&refused).contains("update sofacal"),
            "{}",
            stderr(&refused)
        );
    }
}

#[test]
fn a_file_that_sofacal_did_not_write_is_never_written_over() {
    let community = Community::with_two_meetings();
    community.export(&[]);
    community.write(
        "output/kata.ics",
        "BEGIN:VCALENDAR\r\nPRODID:-//other//EN\r\nEND:VCALENDAR\r\n",
    );
    community.write("events/calendar.yaml", &format!("{CALENDAR}  kata: Kata\n"));
    let before = community.published();
    let refused = community.export(&[]);
    assert_eq!(code(&refused), 2);
    assert!(
        stderr(&refused).contains("`output/kata.ics` is there"),
        "{}",
        stderr(&refused)
    );
    assert_eq!(community.published(), before);
}

#[test]
fn feeds_are_not_written_among_the_events() {
    let community = Community::with_two_meetings();
    let refused = community.export(&["--output", "events/"]);
    assert_eq!(code(&refused), 2);
    assert!(!community.path("events/all.ics").exists());
}

#[test]
fn a_broken_file_loses_nothing_however_the_folder_is_named() {
    let community = Community::with_two_meetings();
    community.export(&[]);
    community.write("events/layotto/2023-05-31.yaml", "title: [");
    for folder in ["events", "events/", "./events", "./events/"] {
        let output = community.export(&["--events", folder]);
        assert_eq!(code(&output), 1);
        let told = stderr(&output);
        assert!(
            told.contains("1 error in 1 file") && !told.contains("vanished"),
            "{told}"
        );
    }
}

#[test]
fn a_first_run_is_refused_where_a_ledger_is_required() {
    let community = Community::with_two_meetings();
    let output = community.export(&["--require-ledger"]);
    assert_eq!(code(&output), 2);
    assert!(community.published().is_empty());
}

#[test]
fn an_empty_folder_never_empties_the_feeds() {
    let community = Community::with_two_meetings();
    community.export(&[]);
    let before = community.published();
    fs::remove_dir_all(community.path("events/layotto")).expect("it can be removed");
    fs::remove_dir_all(community.path("events/mosn")).expect("it can be removed");
    let refused = community.export(&[]);
    assert_eq!(code(&refused), 1);
    assert!(
        stderr(&refused).contains("error[no-events]"),
        "{}",
        stderr(&refused)
    );
    assert_eq!(community.published(), before);
    assert_eq!(code(&community.export(&["--allow-empty"])), 0);
    assert!(!community.published()["all.ics"].contains("VEVENT"));
    fs::remove_dir_all(community.path("events")).expect("it can be removed");
    let missing = community.export(&[]);
    assert_eq!(code(&missing), 2);
    assert!(
        stderr(&missing).contains("cannot read `events`"),
        "{}",
        stderr(&missing)
    );
}

#[test]
fn a_file_that_is_renamed_is_said_to_be_a_probable_rename() {
    let community = Community::with_two_meetings();
    community.export(&[]);
    let renamed = community.path("events/layotto/may.yaml");
    fs::rename(community.path("events/layotto/2023-05-31.yaml"), renamed)
        .expect("it can be renamed");
    let output = community.export_at(LATER, &[]);
    assert_eq!(code(&output), 0);
    let told = stderr(&output);
    assert!(told.contains("warning[probable-rename]"), "{told}");
    assert!(
        told.contains("`uid: layotto-2023-05-31@example.org`"),
        "{told}"
    );
}

/// Two meetings, and a feed of a project that has left the calendar.
fn with_an_orphan() -> Community {
    let community = Community::with_two_meetings();
    assert_eq!(code(&community.export(&[])), 0);
    fs::remove_file(community.path("events/mosn/2023-06-01.yaml")).expect("it is there");
    let calendar = "name: 测试日历\ndomain: example.org\nprojects: {layotto: Layotto}\n";
    community.write("events/calendar.yaml", calendar);
    community
}

#[test]
fn an_orphaned_feed_stays_until_it_is_pruned_and_then_nobody_knows_it() {
    let community = with_an_orphan();
    let before = community.published();
    let output = community.export(&[]);
    assert!(stderr(&output).contains("orphaned-feed") && stderr(&output).contains("`--prune`"));
    assert_eq!(community.published()["mosn.ics"], before["mosn.ics"]);
    community.write("output/notes.ics", &before["mosn.ics"]);
    let output = community.export(&["--prune"]);
    assert_eq!(code(&output), 0);
    let told = stderr(&output);
    assert!(
        told.ends_with("removed from `output`: mosn.ics\n"),
        "{told}"
    );
    assert!(!told.contains("orphaned-feed"), "{told}");
    let pruned = community.published();
    assert!(!pruned.contains_key("mosn.ics") && pruned.contains_key("notes.ics"));
    assert!(pruned["ledger.json"].contains("\"feeds\": [\"all\",\"layotto\"]"));
    for options in [&[][..], &["--prune"]] {
        let told = stderr(&community.export_at(LATER, options));
        assert!(told.ends_with("`output` is up to date\n"), "{told}");
        assert_eq!(community.published(), pruned);
    }
}

#[test]
fn pruning_keeps_what_others_wrote_and_forgets_it() {
    let community = with_an_orphan();
    community.write(
        "output/mosn.ics",
        "BEGIN:VCALENDAR\r\nPRODID:x\r\nEND:VCALENDAR\r\n",
    );
    let told = stderr(&community.export(&["--prune"]));
    assert!(told.contains("`output/mosn.ics` stays"), "{told}");
    let pruned = community.published();
    assert!(pruned.contains_key("mosn.ics"));
    assert!(pruned["ledger.json"].contains("\"feeds\": [\"all\",\"layotto\"]"));
    let told = stderr(&community.export(&[]));
    assert!(told.ends_with("`output` is up to date\n"), "{told}");
}

#[test]
fn nothing_is_pruned_while_there_is_a_mistake() {
    let community = with_an_orphan();
    let before = community.published();
    community.write("events/layotto/x.yaml", "title: x\nstart: tomorrow\n");
    assert_eq!(code(&community.export(&["--prune"])), 1);
    assert_eq!(community.published(), before);
}

#[test]
fn a_run_that_ends_before_the_ledger_forgot_a_feed_is_repaired_by_the_next() {
    let community = with_an_orphan();
    community.export(&[]);
    let known = community.published()["ledger.json"].clone();
    community.export(&["--prune"]);
    let pruned = community.published();
    // As if the run had ended right after the file was removed, and right before.
    community.write("output/ledger.json", &known);
    assert_eq!(code(&community.export(&[])), 0);
    assert_eq!(community.published(), pruned);
    let orphan = pruned["layotto.ics"].replace("Layotto", "MOSN");
    community.write("output/ledger.json", &known);
    community.write("output/mosn.ics", &orphan);
    assert_eq!(code(&community.export(&["--prune"])), 0);
    assert_eq!(community.published(), pruned);
}

#[cfg(unix)]
#[test]
fn pruning_a_link_keeps_what_it_leads_to() {
    let community = with_an_orphan();
    let feed = community.path("output/mosn.ics");
    fs::rename(&feed, community.path("elsewhere.ics")).expect("it can be moved");
    std::os::unix::fs::symlink(community.path("elsewhere.ics"), &feed).expect("it can be linked");
    assert_eq!(code(&community.export(&["--prune"])), 0);
    assert!(!community.published().contains_key("mosn.ics"));
    assert!(community.path("elsewhere.ics").is_file());
}

#[test]
fn a_second_writer_is_refused_with_the_pid_of_the_first() {
    let community = Community::with_two_meetings();
    let held =
        sofacal::io::lock::OutputLock::acquire(&community.path("output")).expect("it is free");
    let output = community.export(&[]);
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).contains(&format!("process {}", std::process::id())),
        "{}",
        stderr(&output)
    );
    drop(held);
    // A process that another test starts right now has a copy of the lock until it runs its program.
    let deadline = Instant::now() + Duration::from_secs(10);
    while code(&community.export(&[])) != 0 {
        assert!(Instant::now() < deadline, "the lock is free again");
    }
}

#[test]
fn wrong_usage_exits_with_2() {
    let community = Community::with_two_meetings();
    assert_eq!(code(&community.export(&["--formt", "json"])), 2);
    assert_eq!(code(&community.export_at("yesterday", &[])), 2);
}

#[test]
fn the_repositorys_own_feeds_are_the_export_of_its_events_at_any_later_time() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let community = Community {
        folder: TempDir::new().expect("a temporary folder"),
    };
    let committed = published(&root.join("output"));
    assert!(committed.contains_key("all.ics"), "output/ is committed");
    for (name, text) in &committed {
        community.write(&format!("output/{name}"), text);
    }
    let events = root.join("events");
    let options = [
        "--require-ledger",
        "--events",
        events.to_str().expect("the path is text"),
    ];
    for epoch in ["1900000000", "4000000000"] {
        let output = community.export_at(epoch, &options);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        for (name, text) in community.published() {
            let is_same = committed.get(&name) == Some(&text);
            assert!(
                is_same,
                "output/{name} is not the export of events/: run `cargo run --release -- export`"
            );
        }
    }
}

#[test]
fn the_order_in_which_files_are_made_does_not_show() {
    let files = [
        ("layotto/b.yaml", MEETING),
        ("layotto/a.yaml", MEETING),
        ("mosn/c.yaml", OTHER),
    ];
    let mut reversed = files;
    reversed.reverse();
    let [one, two] = [Community::of(&files), Community::of(&reversed)];
    one.export(&[]);
    two.export(&[]);
    assert_eq!(one.published(), two.published());
}
