//! An editor: yaml-language-server opens our event files, completes keys and underlines mistakes.

use super::clean::{clean_files, root};
use super::home;
use serde_json::{Value, json};
use std::fs;
use std::process::Command;
use tempfile::NamedTempFile;

/// A file as the editor opens it.
struct Opened {
    uri: String,
    text: String,
    /// Where something is to be proposed, as line and character from 0.
    ask: Option<(usize, usize)>,
}

/// What the editor says of a file.
struct Said {
    underlined: Vec<String>,
    proposed: Vec<String>,
}

/// Begins a file with the line that names the schema.
fn with_schema(name: &str, text: &str) -> String {
    let root = root().display();
    format!("# yaml-language-server: $schema=file://{root}/docs/schema/{name}.json\n{text}")
}

/// Opens a text that nobody saved; a `█` shows where something is to be proposed.
fn typed(number: usize, text: &str) -> Opened {
    let text = with_schema("event", text);
    let cursor = text.find('█');
    let ask = cursor.map(|at| {
        let line = text[..at].rsplit('\n').next().unwrap_or_default();
        (text[..at].matches('\n').count(), line.chars().count())
    });
    Opened {
        uri: format!("file:///typed/{number}.yaml"),
        text: text.replace('█', ""),
        ask,
    }
}

/// Lets the editor open all files at once.
fn said(opened: &[Opened]) -> Vec<Said> {
    let file = |opened: &Opened| {
        let ask = opened
            .ask
            .map(|(line, character)| json!({"line": line, "character": character}));
        let asks: Vec<Value> = ask.into_iter().collect();
        json!({"uri": opened.uri, "text": opened.text, "asks": asks})
    };
    let files: Vec<Value> = opened.iter().map(file).collect();
    let list = NamedTempFile::new().expect("there is room for a file");
    fs::write(list.path(), Value::from(files).to_string()).expect("it can be written");
    let mut node = Command::new("node");
    let node = node
        .arg(root().join("tests/strangers/editor.mjs"))
        .arg(list.path());
    let output = node
        .current_dir(home())
        .output()
        .expect("Node runs; `.ci/run` installs it");
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "`.ci/run` installs what it needs:\n{complaints}"
    );
    let lines = String::from_utf8(output.stdout).expect("it speaks UTF-8");
    let texts = |list: &Value| {
        let texts = list
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        texts.map(str::to_owned).collect::<Vec<_>>()
    };
    let said = lines.lines().map(|line| {
        let said: Value = serde_json::from_str(line).expect("it is JSON");
        Said {
            underlined: texts(&said["underlined"]),
            proposed: texts(&said["proposed"][0]),
        }
    });
    let said: Vec<Said> = said.collect();
    assert_eq!(said.len(), opened.len());
    said
}

#[test]
#[ignore = "needs Node; .ci/run installs it"]
fn an_editor_underlines_nothing_that_sofacal_takes() {
    let ours = root().join("events").display().to_string();
    let open = |source: sofacal::source::Source| {
        let name = match &*source.relative {
            "calendar.yaml" => "calendar",
            _ => "event",
        };
        let text = match source.path.starts_with(&ours) {
            // It says by itself where its schema is.
            true => source.text.to_string(),
            false => with_schema(name, &source.text),
        };
        let uri = format!("file://{}", source.path);
        let ask = None;
        Opened { uri, text, ask }
    };
    // One that is wrong, so that the way to the schema is known to lead there.
    let wrong = Opened {
        uri: format!("file://{ours}/layotto/wrong.yaml"),
        text: "# yaml-language-server: $schema=../../docs/schema/event.json\ntitel: a\n".to_owned(),
        ask: None,
    };
    let clean = clean_files().into_iter().map(open);
    let opened: Vec<Opened> = [wrong].into_iter().chain(clean).collect();
    let mut said = said(&opened);
    assert!(
        !said[0].underlined.is_empty(),
        "our files lead to no schema"
    );
    said[0].underlined.clear();
    let underlined = opened
        .iter()
        .zip(&said)
        .filter(|(_, said)| !said.underlined.is_empty());
    let wrong: Vec<String> = underlined
        .map(|(opened, said)| format!("{} {:?}", opened.uri, said.underlined))
        .collect();
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
#[ignore = "needs Node; .ci/run installs it"]
fn an_editor_underlines_a_wrong_key_and_says_what_is_wrong_with_a_value() {
    let table = [
        (
            "titel: a\nstart: 2023-05-31\n",
            "2:1 Property titel is not allowed.",
        ),
        (
            "title: a\njoin:\n  link: x\n",
            "4:3 Property link is not allowed.",
        ),
        (
            "title: a\nagenda:\n  - {txt: x}\n",
            "4:6 Property txt is not allowed.",
        ),
        (
            "title: a\nevents:\n  - {id: a, titel: b}\n",
            "4:13 Property titel is not allowed.",
        ),
        ("start: 2023-05-31\n", "2:1 Missing property \"title\"."),
        (
            "title: a\nspeakers: [{org: x}]\n",
            "3:12 Missing property \"name\".",
        ),
        (
            "title: a\nkind: meting\n",
            "3:7 Value is not accepted. Valid values: \"meeting\"",
        ),
        (
            "title: a\nduration: 1 hour\n",
            "3:11 write it like 45m, 1h, 1h30m or 2d",
        ),
        ("title: a\njoin: example.org\n", "3:7 write a whole address"),
        (
            "title: a\ntimezone: CST\n",
            "3:11 write the IANA name of a place",
        ),
    ];
    let opened: Vec<Opened> = (0..)
        .zip(&table)
        .map(|(number, (text, _))| typed(number, text))
        .collect();
    for ((text, expected), said) in table.iter().zip(said(&opened)) {
        let is_said = said
            .underlined
            .iter()
            .any(|found| found.starts_with(expected));
        assert!(is_said, "{text}{:?}", said.underlined);
    }
}

#[test]
#[ignore = "needs Node; .ci/run installs it"]
fn an_editor_proposes_the_keys_and_the_words() {
    let table: [(&str, &[&str]); 7] = [
        (
            "title: a\n█\n",
            &["start", "end", "join", "agenda", "repeat"],
        ),
        (
            "title: a\njoin:\n  █\n",
            &["url", "code", "phones", "password"],
        ),
        (
            "title: a\nagenda:\n  - text: b\n    █\n",
            &["issue", "url", "speaker", "items"],
        ),
        (
            "title: a\nrepeat:\n  changes:\n    - █\n",
            &["date", "start", "status"],
        ),
        (
            "title: a\nkind: █\n",
            &["meeting", "livestream", "meetup", "talk", "other"],
        ),
        (
            "title: a\nstatus: █\n",
            &["confirmed", "tentative", "cancelled"],
        ),
        (
            "title: a\ntimezone: █\n",
            &["Asia/Shanghai", "Europe/Berlin"],
        ),
    ];
    let opened: Vec<Opened> = (0..)
        .zip(&table)
        .map(|(number, (text, _))| typed(number, text))
        .collect();
    for ((text, expected), said) in table.iter().zip(said(&opened)) {
        for label in *expected {
            let is_proposed = said.proposed.iter().any(|proposed| proposed == label);
            assert!(is_proposed, "{text}{label}: {:?}", said.proposed);
        }
    }
}
