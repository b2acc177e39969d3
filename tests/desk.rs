//! The maintainer's desk as processes: what is said where, and that looking leaves no trace.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads, writes and runs the program"
)]

use serde_json::Value;
use sofacal::io::lock::OutputLock;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const CALENDAR: &str =
    "name: 示例\ndomain: example.org\nprojects: {layotto: {name: Layotto}, mosn: {name: MOSN}}\n";
/// 2023-09-21 at 10:00 in Shanghai.
const NOW: &str = "1695261600";

fn desk(files: &[(&str, &str)]) -> TempDir {
    let desk = tempfile::tempdir().expect("there is room for a folder");
    for (name, text) in [("calendar.yaml", CALENDAR)].iter().chain(files) {
        let path = desk.path().join("events").join(name);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }
    desk
}

fn command(line: &str, desk: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sofacal"));
    command.args(line.split(' ')).current_dir(desk);
    command.env("SOURCE_DATE_EPOCH", NOW);
    command
}

fn run(line: &str, desk: &Path) -> Output {
    command(line, desk).output().expect("sofacal runs")
}

fn texts(output: &Output) -> [&str; 2] {
    [&output.stdout, &output.stderr].map(|bytes| str::from_utf8(bytes).expect("it is text"))
}

/// Lists every file and folder below a folder, with what is in it.
fn everything(folder: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("it is readable") {
            let path = entry.expect("it is readable").path();
            if path.is_dir() {
                folders.push(path.clone());
                found.insert(path, None);
            } else {
                let bytes = fs::read(&path).expect("it is readable");
                found.insert(path, Some(bytes));
            }
        }
    }
    found
}

const DRAFT: (&str, &str) = ("mosn/later.yaml", "title: MOSN 线下聚会\n");
const MEETING: (&str, &str) = (
    "layotto/2023-09-27.yaml",
    "title: Layotto 社区会议\nstart: 2023-09-27 14:00-15:00\njoin: https://meeting.dingtalk.com/j/a\n",
);

#[test]
fn looking_leaves_no_trace_and_needs_no_lock() {
    let desk = desk(&[DRAFT, MEETING]);
    for line in ["check", "list", "diff"] {
        let before = everything(desk.path());
        assert!(run(line, desk.path()).status.success(), "{line}");
        assert_eq!(everything(desk.path()), before, "{line}");
    }
    run("export", desk.path());
    let before = everything(desk.path());
    let lock = OutputLock::acquire(&desk.path().join("output")).expect("it is free");
    for line in ["check", "list", "diff"] {
        assert!(run(line, desk.path()).status.success(), "{line}");
    }
    drop(lock);
    fs::write(desk.path().join("output/.lock"), "").expect("it can be written");
    let mut after = everything(desk.path());
    let lock = desk.path().join("output/.lock");
    after.insert(lock.clone(), before[&lock].clone());
    assert_eq!(after, before);
}

#[test]
fn data_is_on_stdout_and_words_for_people_on_stderr() {
    let desk = desk(&[DRAFT, MEETING]);
    let check = run("check", desk.path());
    let [stdout, stderr] = texts(&check);
    assert_eq!(stdout, "");
    assert!(
        stderr.ends_with("\n1 piece of advice in 1 file\n"),
        "{stderr}"
    );
    let check = run("check --format json", desk.path());
    let [stdout, stderr] = texts(&check);
    let found: Value = serde_json::from_str(stdout).expect("it is JSON");
    assert_eq!(found["severity"], "advice");
    assert_eq!(stderr, "1 piece of advice in 1 file\n");
    let list = run("list --format json", desk.path());
    let [stdout, stderr] = texts(&list);
    let found: Value = serde_json::from_str(stdout).expect("it is JSON");
    assert_eq!(found[0]["start"], "2023-09-27T14:00:00+08:00");
    assert_eq!(stderr, "");
    let list = run("list --from 2024-01-01", desk.path());
    let [stdout, stderr] = texts(&list);
    assert_eq!(stdout, "");
    assert!(stderr.starts_with("nothing from 2024-01-01"), "{stderr}");
    let diff = run("diff --format json", desk.path());
    let [stdout, stderr] = texts(&diff);
    let found: Value = serde_json::from_str(stdout).expect("it is JSON");
    assert_eq!(found["changes"][0]["what"], "added");
    assert_eq!(stderr, "nothing was published yet\n");
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let many: Vec<(String, String)> = (0..2_000)
        .map(|number| {
            let text = format!(
                "title: {}\nstart: 2023-09-27 14:00-15:00\n",
                "会".repeat(200)
            );
            (format!("mosn/e{number}.yaml"), text)
        })
        .collect();
    let files: Vec<(&str, &str)> = many
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let desk = desk(&files);
    for line in ["list", "list --format csv", "diff", "check --format json"] {
        let mut command = command(line, desk.path());
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("sofacal runs");
        drop(child.stdout.take());
        assert_eq!(child.wait().expect("it ends").code(), Some(0), "{line}");
    }
}

#[test]
fn colours_are_for_terminals() {
    let desk = desk(&[MEETING]);
    for line in ["list", "diff", "check"] {
        let output = run(line, desk.path());
        assert!(
            texts(&output).iter().all(|text| !text.contains('\u{1b}')),
            "{line}"
        );
    }
}
