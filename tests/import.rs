//! `sofacal import` as a process: what it shows, what it writes, and that it writes nothing twice.

#![expect(
    clippy::disallowed_methods,
    reason = "a test writes files and runs the program"
)]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const CALENDAR: &str = "# yaml-language-server: $schema=../schema/calendar.json
name: 小镇社区日历
domain: town.example
projects:
  lantern: {name: Lantern, repo: https://git.example/town/lantern}
";

const VOCABULARY: &str = "site: {posts: https://town.example/news}\n";

const PREVIEW: &str = "---
title: 小镇周报
date: 2024-03-08
---

## 镇上会议预告

**Lantern：**

**主题：**Lantern 社区例会

**时间：**3 月 13 日 14:00-15:00

「**Lantern**」：[https://git.example/town/lantern/issues/12](https://git.example/town/lantern/issues/10)
";

const REVIEW: &str = "---
title: 小镇周报
date: 2024-03-15
---

## 镇上会议回顾

**Lantern：**

**主题：**Lantern 社区例会

**时间：**3 月 13 日 14:00-15:00

「**会议回放**」：[https://video.example/BV7](https://video.example/BV7)
";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("there is room");
    let always = [
        ("events/calendar.yaml", CALENDAR),
        ("events/vocabulary.yaml", VOCABULARY),
        ("posts/2024-03-08.md", PREVIEW),
        ("posts/2024-03-15.md", REVIEW),
    ];
    for (path, text) in always.iter().chain(files) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }
    folder
}

fn import(folder: &Path, arguments: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_sofacal"));
    let program = program.arg("import").args(arguments).current_dir(folder);
    program.output().expect("it runs")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("it is text")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("it is text")
}

#[test]
fn shows_first_and_writes_when_it_is_told_to() {
    let folder = folder(&[]);
    let path = folder.path().join("events/lantern/2024-03-13.yaml");
    let shown = import(folder.path(), &["posts/2024-03-08.md"]);
    assert!(shown.status.success(), "{}", err(&shown));
    assert!(out(&shown).starts_with("--- /dev/null\n+++ events/lantern/2024-03-13.yaml\n"));
    assert!(
        err(&shown).contains("warning[link-mismatch]"),
        "{}",
        err(&shown)
    );
    assert!(
        err(&shown).ends_with("1 new file; `--write` writes them\n"),
        "{}",
        err(&shown)
    );
    assert!(!path.exists());
    let written = import(folder.path(), &["posts/2024-03-08.md", "--write"]);
    assert!(
        err(&written).ends_with("written: 1 new file\n"),
        "{}",
        err(&written)
    );
    assert_eq!(out(&written), "");
    let expected = "# yaml-language-server: $schema=../../schema/event.json
title: Lantern 社区例会
# the year is not said; 2024 is nearest to the post of 2024-03-08
start: 2024-03-13 14:00
end: \"15:00\"
# the link says `https://git.example/town/lantern/issues/12` and leads to `https://git.example/town/lantern/issues/10`
tracking: 10
sources:
  - {post: \"https://town.example/news/2024-03-08/\", role: preview, line: \"时间：3 月 13 日 14:00-15:00\"}
";
    assert_eq!(fs::read_to_string(&path).expect("it is there"), expected);
    let again = import(folder.path(), &["posts/2024-03-08.md", "--write"]);
    assert_eq!(
        err(&again),
        "1 event that the files know: nothing to write\n"
    );
    assert_eq!(fs::read_to_string(&path).expect("it is there"), expected);
}

#[test]
fn the_next_newsletter_fills_in_the_replay_and_keeps_what_people_wrote() {
    let folder = folder(&[(
        "events/lantern/spring.yaml",
        "\u{feff}# 手写\r\ntitle: Lantern 社区例会 # 别动\r\nstart: 2024-03-13 14:00\r\n\r\n# 完\r\n",
    )]);
    let written = import(folder.path(), &["posts", "--write"]);
    assert!(
        err(&written).ends_with("written: 1 file with more\n"),
        "{}",
        err(&written)
    );
    let text = fs::read_to_string(folder.path().join("events/lantern/spring.yaml"));
    let expected = "\u{feff}# 手写
title: Lantern 社区例会 # 别动
start: 2024-03-13 14:00
end: \"15:00\"
# the link says `https://git.example/town/lantern/issues/12` and leads to `https://git.example/town/lantern/issues/10`
tracking: 10
review:
  replay: https://video.example/BV7
sources:
  - {post: \"https://town.example/news/2024-03-08/\", role: preview, line: \"时间：3 月 13 日 14:00-15:00\"}
  - {post: \"https://town.example/news/2024-03-15/\", role: review, line: \"时间：3 月 13 日 14:00-15:00\"}

# 完
";
    assert_eq!(text.expect("it is there"), expected.replace('\n', "\r\n"));
    let again = import(folder.path(), &["posts", "--write"]);
    assert_eq!(
        err(&again),
        "1 event that the files know: nothing to write\n"
    );
}

#[test]
fn a_patch_is_what_writing_does() {
    let event = "title: Lantern 社区例会\nstart: 2024-03-13 14:00";
    let files = [("events/lantern/a.yaml", event)];
    let (shown, written) = (folder(&files), folder(&files));
    let patch = out(&import(shown.path(), &["posts"]));
    let hunks: Vec<&str> = patch.lines().filter(|line| line.starts_with('+')).collect();
    import(written.path(), &["posts", "--write"]);
    let text = fs::read_to_string(written.path().join("events/lantern/a.yaml"));
    for line in hunks.iter().skip(1) {
        assert!(
            text.as_ref().expect("it is there").contains(&line[1..]),
            "{line}"
        );
    }
    let kept = fs::read_to_string(shown.path().join("events/lantern/a.yaml"));
    assert_eq!(kept.expect("it is there"), event);
}

#[test]
fn reads_standard_input() {
    let folder = folder(&[]);
    let mut program = Command::new(env!("CARGO_BIN_EXE_sofacal"));
    let program = program.args(["import", "--json", "--merged", "-"]);
    let program = program.current_dir(folder.path()).stdin(Stdio::piped());
    let mut running = program.stdout(Stdio::piped()).spawn().expect("it runs");
    let mut stdin = running.stdin.take().expect("it is piped");
    stdin.write_all(PREVIEW.as_bytes()).expect("it reads");
    drop(stdin);
    let output = running.wait_with_output().expect("it ends");
    let event: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    assert_eq!(event["start"], "2024-03-13T14:00:00+08:00");
    assert_eq!(event["sources"][0]["source"], "-");
    assert_eq!(
        event["tracking_url"],
        "https://git.example/town/lantern/issues/10"
    );
}

#[test]
fn nothing_is_imported_into_files_that_are_broken() {
    let folder = folder(&[("events/lantern/a.yaml", "title: [\n")]);
    let refused = import(folder.path(), &["posts", "--write"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        err(&refused).ends_with("nothing was imported: first mend what is wrong\n"),
        "{}",
        err(&refused)
    );
    assert!(
        !folder
            .path()
            .join("events/lantern/2024-03-13.yaml")
            .exists()
    );
    let announced = out(&import(folder.path(), &["posts", "--json"]));
    assert_eq!(
        announced.lines().count(),
        2,
        "what posts say has nothing to do with it"
    );
}

#[test]
fn what_is_no_post_is_said() {
    let folder = folder(&[]);
    fs::write(folder.path().join("posts/b.md"), b"\xd6\xd0\xce\xc4").expect("it can be written");
    let refused = import(folder.path(), &["posts"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        err(&refused).contains("error[not-utf8]"),
        "{}",
        err(&refused)
    );
    let missing = import(folder.path(), &["nowhere.md"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(
        err(&missing).starts_with("error: cannot read `nowhere.md`"),
        "{}",
        err(&missing)
    );
    let empty = import(folder.path(), &["events"]);
    assert_eq!(err(&empty), "the posts announce nothing\n");
}
