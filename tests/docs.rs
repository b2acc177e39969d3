//! The documents, held against the program: what they say is what it does.
//!
//! An example is a `yaml` block whose first line is its path, `# events/…`. A `text` block right below it that begins with
//! `error[`, `warning[` or `advice[` is what `sofacal export` or `check` prints; without one the example is well, and another `text` block is what
//! subscribers read. The first example of docs/event-file.md is the calendar that all the others belong to.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads files and runs the program"
)]

use chrono::{DateTime, Utc};
use serde_json::Value;
use sofacal::diagnostic::Code;
use sofacal::event::rules::LINTS;
use sofacal::event::when::{Tz, When};
use sofacal::feed::revision::Ledger;
use sofacal::ics::content_line::{decoded_text, unfold};
use sofacal::newsletter::Newsletters;
use sofacal::newsletter::gathering::gather;
use sofacal::newsletter::json::{announcement_json, gathered_json};
use sofacal::newsletter::vocabulary::Vocabulary;
use sofacal::pipeline::{
    Build, Settings, Sources, build, calendar_schema, event_schema, read_events,
};
use sofacal::source::Source;
use sofacal::yaml::document::{
    AgendaDocument, AllowDocument, AnnouncementDocument, CalendarDocument, ChangeDocument,
    EventDocument, FeedDocument, JoinDocument, LinkDocument, PartnerDocument, PersonDocument,
    ProjectDocument, RepeatDocument, ReviewDocument, SkipDocument, StreamDocument,
};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const READMES: [&str; 2] = ["README.md", "README.zh-CN.md"];
const WITH_EXAMPLES: [&str; 4] = [
    "README.md",
    "README.zh-CN.md",
    "docs/event-file.md",
    "docs/diagnostics.md",
];

/// The section of docs/diagnostics.md about the formats that programs read.
const FOR_MACHINES: &str = "## For machines";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(document: &str) -> String {
    fs::read_to_string(root().join(document)).unwrap_or_else(|error| panic!("{document}: {error}"))
}

/// A fenced block: its info string and its text.
#[derive(Debug, PartialEq, Eq)]
struct Block {
    info: String,
    text: String,
}

fn blocks(markdown: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let text = lines.by_ref().take_while(|line| *line != "```");
            let text = text.map(|line| format!("{line}\n")).collect();
            let info = info.to_owned();
            blocks.push(Block { info, text });
        }
    }
    blocks
}

/// An example file, and what the document shows right below it.
struct Example {
    document: &'static str,
    path: String,
    yaml: String,
    below: Option<String>,
}

impl Example {
    fn name(&self) -> String {
        format!("{} in {}", self.path, self.document)
    }

    fn report(&self) -> Option<&str> {
        let levels = ["error[", "warning[", "advice["];
        let is_report = |text: &&str| levels.iter().any(|level| text.starts_with(level));
        self.below.as_deref().filter(is_report)
    }
}

fn examples(document: &'static str) -> Vec<Example> {
    let blocks = blocks(&read(document));
    let below = |index: usize| {
        let next = blocks.get(index + 1).filter(|block| block.info == "text");
        next.map(|block| block.text.clone())
    };
    let example = |(index, block): (usize, &Block)| {
        let path = block.text.lines().next()?.strip_prefix("# ")?;
        let is_example = block.info == "yaml" && path.starts_with("events/");
        is_example.then(|| Example {
            document,
            path: path.to_owned(),
            yaml: block.text.clone(),
            below: below(index),
        })
    };
    blocks.iter().enumerate().filter_map(example).collect()
}

fn all_examples() -> impl Iterator<Item = Example> {
    WITH_EXAMPLES.into_iter().flat_map(examples)
}

fn first_example(document: &'static str) -> Example {
    let first = examples(document).into_iter().next();
    first.unwrap_or_else(|| panic!("{document} has no example"))
}

fn calendar() -> String {
    first_example("docs/event-file.md").yaml
}

/// Builds an example as the only event file, or as the calendar itself.
fn built(path: &str, yaml: &str) -> Build {
    let settings = Settings {
        allow_empty: path == "events/calendar.yaml",
        ..Settings::default()
    };
    build(&sources(path, yaml), &Ledger::default(), settings, now())
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).expect("it is a time")
}

fn sources(path: &str, yaml: &str) -> Sources {
    let is_calendar = path == "events/calendar.yaml";
    let (calendar, event) = match is_calendar {
        true => (yaml.to_owned(), None),
        false => (calendar(), Some(yaml)),
    };
    let relative = path.trim_start_matches("events/");
    Sources {
        root: "events".to_owned(),
        calendar: Some(Source::new("events", "calendar.yaml", calendar)),
        events: event
            .map(|yaml| Source::new("events", relative, yaml))
            .into_iter()
            .collect(),
        ..Sources::default()
    }
}

fn sofacal(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sofacal"));
    let output = command.args(arguments).current_dir(folder).output();
    output.expect("sofacal runs")
}

/// Makes a folder with the calendar of the documents and these files.
fn folder_of(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let calendar = calendar();
    for (path, text) in [("events/calendar.yaml", calendar.as_str())]
        .iter()
        .chain(files)
    {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }
    folder
}

/// Runs `sofacal export` in a format where the example is the only event file, or `check` for what only that finds.
fn told(example: &Example, format: &str) -> Output {
    let folder = folder_of(&[(&example.path, &example.yaml)]);
    let report = example.report().unwrap_or_default();
    let mut lints = LINTS.iter().flat_map(|(codes, _)| *codes);
    let is_lint = lints.any(|code| report.contains(&format!("[{code}]")));
    let command = if is_lint { "check" } else { "export" };
    sofacal(&[command, "--format", format], folder.path())
}

fn text_of(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("it is text")
}

/// The lines below a heading, up to the next one.
fn section(markdown: &str, heading: &str) -> String {
    let below = markdown.lines().skip_while(|line| *line != heading).skip(1);
    let lines = below.take_while(|line| !line.starts_with('#'));
    lines.collect::<Vec<_>>().join("\n")
}

/// The cells of the table rows whose first cell is code, that one without its backticks.
fn rows(markdown: &str) -> Vec<Vec<String>> {
    let rows = markdown.lines().filter_map(|line| line.strip_prefix("| `"));
    let cells = |row: &str| {
        let (first, rest) = row.split_once('`')?;
        let rest = rest.trim_start_matches(" | ").trim_end_matches(" |");
        let rest = rest.split(" | ").map(str::to_owned);
        Some([first.to_owned()].into_iter().chain(rest).collect())
    };
    rows.filter_map(cells).collect()
}

fn named(rows: &[Vec<String>]) -> Vec<&str> {
    rows.iter().map(|row| row[0].as_str()).collect()
}

#[test]
fn every_code_has_its_row_in_order_with_its_level_and_meaning() {
    let markdown = read("docs/diagnostics.md");
    let for_people = markdown.split(FOR_MACHINES).next();
    let rows = rows(for_people.unwrap_or_default());
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(named(&rows), codes);
    for (row, code) in rows.iter().zip(Code::ALL) {
        assert_eq!(
            row[1..3],
            [code.severity().as_str(), code.meaning()],
            "{code}"
        );
    }
}

#[test]
fn every_key_has_its_row_and_every_row_its_key() {
    let markdown = read("docs/event-file.md");
    for (heading, keys) in tables() {
        assert_eq!(
            named(&rows(&section(&markdown, heading))),
            keys,
            "{heading}"
        );
    }
}

/// The tables of docs/event-file.md with the keys of their mappings.
fn tables() -> [(&'static str, &'static [&'static str]); 16] {
    [
        ("## `calendar.yaml`", CalendarDocument::KEYS),
        ("### A project", ProjectDocument::KEYS),
        ("### A feed", FeedDocument::KEYS),
        ("## An event", EventDocument::KEYS),
        ("### `join`", JoinDocument::KEYS),
        ("### `stream`", StreamDocument::KEYS),
        ("### `agenda`", AgendaDocument::KEYS),
        ("### `speakers` and `hosts`", PersonDocument::KEYS),
        ("### `partners`", PartnerDocument::KEYS),
        ("### `links` and materials", LinkDocument::KEYS),
        ("### `review`", ReviewDocument::KEYS),
        ("### `repeat`", RepeatDocument::KEYS),
        ("#### `skip`", SkipDocument::KEYS),
        ("#### `changes`", ChangeDocument::KEYS),
        ("### `allow`", AllowDocument::KEYS),
        ("### `sources`", AnnouncementDocument::KEYS),
    ]
}

/// The definitions of the schemas, in the order of the tables.
const DEFINITIONS: [&str; 16] = [
    "",
    "Project",
    "Feed",
    "",
    "Join",
    "Stream",
    "Agenda",
    "Person",
    "Partner",
    "Link",
    "Review",
    "Repeat",
    "Skip",
    "Change",
    "Allow",
    "Announcement",
];

#[test]
fn every_row_says_what_the_type_of_its_key_says() {
    let markdown = read("docs/event-file.md");
    let schemas = [calendar_schema(), event_schema()];
    let schemas = schemas.map(|json| serde_json::from_str::<Value>(&json).expect("it is JSON"));
    for ((heading, keys), definition) in tables().into_iter().zip(DEFINITIONS) {
        let is_of_calendar =
            ["## `calendar.yaml`", "### A project", "### A feed"].contains(&heading);
        let schema = &schemas[usize::from(!is_of_calendar)];
        let mapping = match definition {
            "" => schema,
            name => &schema["definitions"][name],
        };
        let mapping = mapping
            .get("then")
            .filter(|then| then["properties"].is_object())
            .unwrap_or(mapping);
        for (row, key) in rows(&section(&markdown, heading)).iter().zip(keys) {
            let wrong = wrong_row(&mapping["properties"][key], &row[1]);
            assert_eq!(wrong, None, "{heading} {key}: {}", row[1]);
        }
    }
}

/// Says what a row about a key lacks: its words, an example, or the name of its sort of text.
fn wrong_row(key: &Value, row: &str) -> Option<String> {
    let is_said_elsewhere = row.contains("](") && !row.contains("such as");
    if row.starts_with("as for an event") || is_said_elsewhere {
        return None;
    }
    let is_list = key["then"]["type"] == "array";
    let one = key.get("else").unwrap_or(key);
    let texts = |list: &Value| -> Vec<String> {
        let values = list.as_array().into_iter().flatten();
        let texts = values.filter(|value| !value.is_null());
        texts
            .map(|value| {
                value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned)
            })
            .collect()
    };
    let shows = |text: &String| {
        row.contains(&format!("`{text}`")) || row.contains(&format!("`\"{text}\"`"))
    };
    if let Some(word) = texts(&one["enum"]).iter().find(|word| !shows(word)) {
        return Some(format!("the word {word}"));
    }
    let examples = [texts(&key["examples"]), texts(&one["examples"])].concat();
    if !examples.is_empty() && !examples.iter().any(shows) {
        return Some(format!("an example such as {}", examples[0]));
    }
    let message = one["errorMessage"].as_str().unwrap_or_default();
    let sort = match one["maxLength"].as_u64() {
        Some(20_000) => "prose",
        Some(500) if one["type"].as_array().is_some_and(|types| types.len() > 2) => "line",
        _ if message.starts_with("write a whole address") => "link",
        _ => "",
    };
    let is_named = row.starts_with(sort) || (is_list && row.contains(sort));
    (!is_named || (is_list && !row.starts_with("list")))
        .then(|| format!("the words list and {sort}"))
}

#[test]
fn every_key_of_an_announcement_has_its_row() {
    let post = Source::new(
        "",
        "post.md",
        "主题：灯会\n时间：2024-03-06 19:00\n地点：桥头\n",
    );
    let newsletters = Newsletters::new(None, Vocabulary::read(None, &mut Vec::new()));
    let announced = newsletters.read(&post);
    let json = announcement_json(&announced[0], &post.text);
    let object: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    let rows = rows(&section(&read("docs/import.md"), "## JSON"));
    let mut listed = named(&rows);
    listed.sort_unstable();
    let written: Vec<&String> = object.as_object().expect("it is one").keys().collect();
    assert_eq!(listed, written);
    let rows = self::rows(&section(
        &read("docs/import.md"),
        "### One object for each event",
    ));
    let of_one = ["source", "post_date", "line", "quote", "role"];
    listed.retain(|key| !of_one.contains(key));
    listed.extend(named(&rows));
    listed.sort_unstable();
    let gathered = gathered_json(&gather(announced)[0], &|_| Some(&*post.text));
    let object: serde_json::Value = serde_json::from_str(&gathered).expect("it is JSON");
    let written: Vec<&String> = object.as_object().expect("it is one").keys().collect();
    assert_eq!(listed, written);
}

#[test]
fn every_time_in_the_table_is_read_as_it_says() {
    let rows = rows(&section(&read("docs/event-file.md"), "## Times"));
    assert!(!rows.is_empty());
    for row in rows {
        let yaml = format!("title: a\nstart: \"{}\"\n", row[0]);
        let contents = read_events(&sources("events/layotto/a.yaml", &yaml), now());
        assert_eq!(contents.diagnostics, [], "{}", row[0]);
        let event = &contents.events[0];
        let minute = |time: &DateTime<Tz>| time.format("%Y-%m-%d %H:%M").to_string();
        let read = match &event.when {
            When::Timed { start, .. } if event.end_assumed => [minute(start), "assumed".into()],
            When::Timed { start, end } => [minute(start), minute(end)],
            When::AllDay { first, last } => [format!("{first}, all day"), last.to_string()],
        };
        assert_eq!(read, row[1..], "{}", row[0]);
    }
}

/// Writes an event file of a length.
type Written<'y> = &'y dyn Fn(usize) -> String;

#[test]
fn limits_are_where_the_documents_say() {
    let event = |key: &str, value: &str| {
        format!("title: a\nstart: 2023-05-31 14:00-15:00\n{key}: {value}\n")
    };
    let list = |entry: &str, length| format!("[{}]", vec![entry; length].join(", "));
    let line = |length| event("location", &"会".repeat(length));
    let prose = |length| event("description", &"会".repeat(length));
    // Percent-encoded, each character is nine.
    let link = |length| {
        event(
            "url",
            &format!("https://x.example/ab{}", "会".repeat(length)),
        )
    };
    let entries = |length| event("tags", &list("a", length));
    let inheriting = |length| {
        let entry = |id| format!("- {{id: a{id}, title: a, start: 2023-05-31}}\n");
        let events: String = (0..length).map(entry).collect();
        // Eight bytes count for the node itself.
        let text = "a".repeat((16 << 10) - 8);
        format!("description: {text}\nevents:\n{events}")
    };
    let mistakes = |length| event("tags", &list("~", length));
    let brackets = |length| event("location", &format!("\"{}\"", "[".repeat(length)));
    let limits: [(_, _, _, Written, _); 7] = [
        ("event-file", "500 characters", 500, &line, Code::TooLong),
        ("event-file", "20,000", 20_000, &prose, Code::TooLong),
        ("event-file", "2,000", 220, &link, Code::BadUrl),
        ("event-file", "200 entries", 200, &entries, Code::TooLong),
        (
            "event-file",
            "1,024 events",
            1_024,
            &inheriting,
            Code::TooLong,
        ),
        (
            "diagnostics",
            "100 mistakes",
            100,
            &mistakes,
            Code::TooManyMistakes,
        ),
        (
            "diagnostics",
            "1000 open",
            1_000,
            &brackets,
            Code::YamlLimit,
        ),
    ];
    for (document, words, most, yaml, code) in limits {
        let text = read(&format!("docs/{document}.md"));
        assert!(text.contains(words), "{document} does not say {words}");
        let is_refused = |length| {
            let found = built("events/layotto/a.yaml", &yaml(length)).diagnostics;
            found.iter().any(|found| found.code() == code)
        };
        assert!(!is_refused(most), "{words}");
        assert!(is_refused(most + 1), "one more than {words}");
    }
}

#[test]
fn examples_are_well_unless_a_report_stands_below_them() {
    for example in all_examples().filter(|example| example.report().is_none()) {
        let found = built(&example.path, &example.yaml).diagnostics;
        assert_eq!(found, [], "{}", example.name());
    }
}

#[test]
fn reports_in_the_documents_are_what_is_printed() {
    let wrong: Vec<Example> = all_examples()
        .filter(|example| example.report().is_some())
        .collect();
    assert!(wrong.len() > READMES.len(), "each document shows a report");
    for example in wrong {
        let told = text_of(told(&example, "human").stderr);
        let report = example.report().unwrap_or_default();
        // docs/diagnostics.md leaves out the summary at the end.
        let is_same = match READMES.contains(&example.document) {
            true => told == report,
            false => told.starts_with(report),
        };
        assert!(is_same, "{} gives\n{told}", example.name());
    }
}

#[test]
fn texts_below_examples_are_what_subscribers_read() {
    let well = all_examples().filter(|example| example.report().is_none());
    let shown: Vec<Example> = well.filter(|example| example.below.is_some()).collect();
    assert!(
        shown.len() > READMES.len(),
        "not only the READMEs show a text"
    );
    for example in shown {
        let feeds = built(&example.path, &example.yaml).feeds;
        let lines = unfold(&feeds[0].ics());
        let described = |line: &String| line.strip_prefix("DESCRIPTION:").map(decoded_text);
        // The feed itself may have a description too, before its first entry.
        let mut entries = lines.iter().skip_while(|line| *line != "BEGIN:VEVENT");
        let description = entries.find_map(described);
        let name = example.name();
        let below = example.below.map(|text| text.trim_end().to_owned());
        assert_eq!(description, below, "{name}");
    }
}

#[test]
fn machines_get_the_lines_and_the_fields_that_are_shown() {
    let markdown = read("docs/diagnostics.md");
    let (_, section) = markdown
        .split_once(FOR_MACHINES)
        .expect("the section is there");
    let [json, github] = &blocks(section)[..] else {
        panic!("a line for each format")
    };
    let object: serde_json::Value = serde_json::from_str(&json.text).expect("it is JSON");
    let is_shown = |example: &Example| {
        let code = format!("error[{}]", object["code"].as_str().unwrap_or_default());
        object["file"] == example.path.as_str()
            && example
                .report()
                .is_some_and(|report| report.starts_with(&code))
    };
    let example = examples("docs/diagnostics.md").into_iter().find(is_shown);
    let example = example.expect("the line belongs to an example");
    for (format, line) in [("json", json), ("github", github)] {
        let told = told(&example, format);
        assert_eq!(text_of(told.stdout), line.text, "{format}");
        let end = "nothing was written: `output` stays as it was\n";
        assert_eq!(text_of(told.stderr), end, "{format}");
    }
    let fields = rows(section);
    let mut listed = named(&fields);
    listed.sort_unstable();
    let written: Vec<&String> = object.as_object().expect("it is one").keys().collect();
    assert_eq!(listed, written);
}

#[test]
fn lists_for_programs_have_the_fields_that_are_listed() {
    let rows = rows(&section(&read("docs/commands.md"), "## `list`"));
    let example = first_example("README.md");
    let folder = folder_of(&[(&example.path, &example.yaml)]);
    let listed =
        |format| text_of(sofacal(&["list", "--all", "--format", format], folder.path()).stdout);
    let csv = listed("csv");
    let head = csv.lines().next().expect("there is a head");
    assert_eq!(head.split(',').collect::<Vec<_>>(), named(&rows));
    let json: serde_json::Value = serde_json::from_str(&listed("json")).expect("it is JSON");
    let keys: BTreeSet<&str> = json[0]
        .as_object()
        .expect("an event is listed")
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(keys, named(&rows).into_iter().collect::<BTreeSet<_>>());
}

#[test]
fn differences_for_programs_have_the_fields_that_are_listed() {
    let section = section(&read("docs/commands.md"), "## `diff`");
    let example = first_example("README.md");
    let folder = folder_of(&[(&example.path, &example.yaml)]);
    let json = text_of(sofacal(&["diff", "--format", "json"], folder.path()).stdout);
    let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    let change = json["changes"][0].as_object().expect("an event is new");
    for key in change.keys() {
        assert!(section.contains(&format!("`{key}`")), "{key}");
    }
    for row in rows(&section).iter().skip_while(|row| row[0] != "title") {
        assert!(change.contains_key(&row[0]), "{}", row[0]);
    }
}

#[test]
fn files_are_read_or_passed_over_as_the_table_says() {
    let rows = rows(&section(
        &read("docs/event-file.md"),
        "## Which files are read",
    ));
    assert!(!rows.is_empty());
    let files: Vec<(String, String)> = (0..)
        .zip(&rows)
        .map(|(number, row)| {
            let yaml = format!(
                "id: a{number}\nproject: layotto\ntitle: a\nstart: 2023-05-31 14:00-15:00\n"
            );
            (format!("events/{}", row[0]), yaml)
        })
        .collect();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, yaml)| (path.as_str(), yaml.as_str()))
        .collect();
    let folder = folder_of(&files);
    let told = sofacal(&["export", "--format", "json"], folder.path());
    let warned: Vec<serde_json::Value> = text_of(told.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("it is JSON"))
        .collect();
    let feed = fs::read_to_string(folder.path().join("output/all.ics")).expect("it is written");
    for (number, row) in rows.iter().enumerate() {
        let is_published = feed.contains(&format!("UID:layotto-a{number}@"));
        let is_warned = warned.iter().any(|found| {
            found["file"] == format!("events/{}", row[0]) && found["code"] == "unread-file"
        });
        let happens = match (is_published, is_warned) {
            (true, false) => "read",
            (false, true) => "warning",
            (false, false) => "passed over",
            (true, true) => "read, with a warning",
        };
        assert_eq!(row[1], happens, "{}", row[0]);
    }
    let warnings = rows.iter().filter(|row| row[1] == "warning").count();
    assert_eq!(warned.len(), warnings, "{warned:?}");
}

/// Gives the names of all properties in the golden feeds.
fn written_properties() -> BTreeSet<String> {
    let cases = fs::read_dir(root().join("tests/golden")).expect("the cases are there");
    let folders = cases.map(|case| case.expect("it is readable").path().join("output"));
    let entries = folders.filter_map(|folder| fs::read_dir(folder).ok());
    let paths = entries
        .flatten()
        .map(|entry| entry.expect("it is readable").path());
    let feeds = paths.filter(|path| path.extension().is_some_and(|ending| ending == "ics"));
    let text = |path: PathBuf| fs::read_to_string(path).expect("it is text");
    let name = |line: &String| line.split([';', ':']).next().map(str::to_owned);
    let lines = feeds.flat_map(|path| unfold(&text(path)));
    lines.filter_map(|line| name(&line)).collect()
}

#[test]
fn every_property_that_is_written_is_explained_and_no_other() {
    let markdown = read("docs/feeds.md");
    let written = written_properties();
    for name in written
        .iter()
        .filter(|name| !["BEGIN", "END"].contains(&name.as_str()))
    {
        let is_known = markdown.contains(&format!("`{name}`"));
        assert!(is_known, "{name} is not in docs/feeds.md");
    }
    for heading in ["## The calendar", "## An entry"] {
        let table = section(&markdown, heading);
        let cells = table
            .lines()
            .filter_map(|line| line.strip_prefix("| `")?.split(" | ").next());
        let names = cells.flat_map(|cell| cell.split(", ").map(|name| name.trim_matches('`')));
        for name in names {
            assert!(written.contains(name), "no feed has {name}");
        }
    }
}

#[test]
fn only_the_publishing_job_of_the_workflow_may_write() {
    let blocks = blocks(&read("README.md"));
    let is_workflow = |block: &&Block| block.text.starts_with("# .github/workflows/");
    let workflow = blocks.iter().find(is_workflow).expect("it is shown");
    let yaml: serde_json::Value = serde_yaml::from_str(&workflow.text).expect("it is YAML");
    assert_eq!(yaml["permissions"]["contents"], "read");
    let [check, publish] = ["check", "publish"].map(|job| &yaml["jobs"][job]);
    assert_eq!(check["if"], "github.event_name == 'pull_request'");
    assert!(check["permissions"].is_null());
    assert_eq!(publish["if"], "github.event_name == 'push'");
    assert_eq!(publish["permissions"]["contents"], "write");
}

#[test]
fn both_readmes_have_the_same_blocks_and_the_same_outline() {
    let [english, chinese] = READMES.map(read);
    assert_eq!(blocks(&english), blocks(&chinese));
    let outline = |markdown: &str| {
        let words = markdown.lines().filter_map(|line| line.split(' ').next());
        let levels = words
            .filter(|word| word.starts_with('#'))
            .map(str::to_owned);
        levels.collect::<Vec<String>>()
    };
    assert_eq!(outline(&english), outline(&chinese));
}

#[test]
fn the_two_commands_stand_at_the_top_of_each_readme() {
    for readme in READMES {
        let text = read(readme);
        let top: Vec<&str> = text
            .lines()
            .take(20)
            .take_while(|line| !line.starts_with("## "))
            .collect();
        for command in ["cargo run --release -- export", "cargo test"] {
            assert!(top.contains(&command), "{readme}: {command}");
        }
    }
}

#[test]
fn every_option_of_the_commands_that_publish_is_listed() {
    for readme in READMES {
        assert_eq!(listed_options(&read(readme)), options("export"), "{readme}");
    }
    assert_eq!(listed_options(&read("docs/watch.md")), options("watch"));
}

/// Lists the options that a command's help names.
fn options(command: &str) -> Vec<String> {
    let help = sofacal(&[command, "-h"], &root()).stdout;
    let help = String::from_utf8(help).expect("it is text");
    // `-v, --verbose` is listed by its whole name, as `--events <DIR>` is; `-h, --help` need not be.
    let option = |line: &'_ str| {
        let mut words = line.split_whitespace().take(2);
        let long = words.find(|word| word.starts_with("--"))?.to_owned();
        (long != "--help").then_some(long)
    };
    help.lines().filter_map(option).collect()
}

/// Lists the options that have a row.
fn listed_options(markdown: &str) -> Vec<String> {
    let rows = rows(markdown);
    let first = named(&rows).into_iter();
    let options = first.filter_map(|cell| cell.split(' ').next().map(str::to_owned));
    options.filter(|word| word.starts_with("--")).collect()
}

#[test]
fn what_a_watcher_is_said_to_say_it_says() {
    let markdown = read("docs/watch.md");
    let from = markdown
        .find("| what the line says")
        .expect("there is a table");
    let (table, _) = markdown[from..].split_once("\n\n").expect("it ends");
    let quoted = table.lines().flat_map(|row| {
        let first = row.split(" | ").next().unwrap_or_default();
        first.split('`').skip(1).step_by(2).collect::<Vec<&str>>()
    });
    let files = [
        "src/cli/watch.rs",
        "src/cli/settling.rs",
        "src/io/batch.rs",
        "src/feed/news.rs",
    ];
    let code: String = files.into_iter().map(read).collect();
    let mut phrases = 0;
    for phrase in quoted {
        // A number in it is a constant of the code.
        let words = phrase.trim_end_matches(char::is_numeric);
        assert!(code.contains(words), "nothing says `{phrase}`");
        phrases += 1;
    }
    assert!(phrases > 10, "{phrases}");
}

#[test]
fn links_lead_to_files_and_headings_that_exist() {
    for folder in [root(), root().join("docs")] {
        let entries = fs::read_dir(&folder).expect("the folder is readable");
        let paths = entries.map(|entry| entry.expect("it is readable").path());
        for path in paths.filter(|path| path.extension().is_some_and(|ending| ending == "md")) {
            check_links(&path);
        }
    }
}

fn check_links(document: &Path) {
    let text = |path: &Path| fs::read_to_string(path).unwrap_or_default();
    let markdown = text(document);
    let targets = markdown
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    for target in targets.filter(|target| !target.contains("://")) {
        let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
        let path = match file {
            "" => document.to_owned(),
            file => document.with_file_name("").join(file),
        };
        let is_there = path.is_file()
            && (anchor.is_empty() || text(&path).lines().any(|line| leads_to(line, anchor)));
        assert!(is_there, "{}: {target}", document.display());
    }
}

/// Tells whether a line is the heading of an anchor, as code hosts make it.
fn leads_to(line: &str, anchor: &str) -> bool {
    let heading = line.trim_start_matches('#').trim().to_lowercase();
    let kept = heading
        .chars()
        .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    line.starts_with('#') && kept.collect::<String>().replace(' ', "-") == anchor
}
