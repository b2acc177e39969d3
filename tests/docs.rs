//! The documents, held against the program: what they say is what it does.
//!
//! An example is a `yaml` block whose first line is its path, `# events/…`. A `text` block right below it that begins with
//! `error[` or `warning[` is what `sofacal export` prints; without one the example is well. The first example of
//! docs/event-file.md is the calendar that all the others belong to.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads files and runs the program"
)]

use chrono::DateTime;
use sofacal::diagnostic::Code;
use sofacal::event::when::When;
use sofacal::feed::revision::Ledger;
use sofacal::ics::content_line::{decoded_text, unfold};
use sofacal::pipeline::{Build, Settings, Sources, build};
use sofacal::source::Source;
use sofacal::yaml::document::{
    AgendaDocument, AnnouncementDocument, CalendarDocument, EventDocument, JoinDocument,
    LinkDocument, PartnerDocument, PersonDocument, ProjectDocument, ReviewDocument, StreamDocument,
};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const READMES: [&str; 2] = ["README.md", "README.zh-CN.md"];
const WITH_EXAMPLES: [&str; 4] = [
    "README.md",
    "README.zh-CN.md",
    "docs/event-file.md",
    "docs/diagnostics.md",
];

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
        let is_report = |text: &&str| text.starts_with("error[") || text.starts_with("warning[");
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
    let is_calendar = path == "events/calendar.yaml";
    let (calendar, event) = match is_calendar {
        true => (yaml.to_owned(), None),
        false => (calendar(), Some(yaml)),
    };
    let relative = path.trim_start_matches("events/");
    let sources = Sources {
        root: "events".to_owned(),
        calendar: Some(Source::new("events", "calendar.yaml", calendar)),
        events: event
            .map(|yaml| Source::new("events", relative, yaml))
            .into_iter()
            .collect(),
        ..Sources::default()
    };
    let allow_empty = is_calendar;
    let now = DateTime::from_timestamp(1_700_000_000, 0).expect("it is a time");
    build(&sources, &Ledger::default(), Settings { allow_empty }, now)
}

fn sofacal(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sofacal"));
    let output = command.args(arguments).current_dir(folder).output();
    output.expect("sofacal runs")
}

/// Runs `sofacal export` where the example is the only event file, and gives what it tells people.
fn exported(example: &Example) -> String {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    for (path, text) in [
        ("events/calendar.yaml", &calendar()),
        (&example.path, &example.yaml),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }
    let told = sofacal(&["export"], folder.path()).stderr;
    String::from_utf8(told).expect("it is text")
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
    let rows = rows(&read("docs/diagnostics.md"));
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
    let tables = [
        ("## `calendar.yaml`", CalendarDocument::KEYS),
        ("### A project", ProjectDocument::KEYS),
        ("## An event", EventDocument::KEYS),
        ("### `join`", JoinDocument::KEYS),
        ("### `stream`", StreamDocument::KEYS),
        ("### `agenda`", AgendaDocument::KEYS),
        ("### `speakers` and `hosts`", PersonDocument::KEYS),
        ("### `partners`", PartnerDocument::KEYS),
        ("### `links` and materials", LinkDocument::KEYS),
        ("### `review`", ReviewDocument::KEYS),
        ("### `sources`", AnnouncementDocument::KEYS),
    ];
    let markdown = read("docs/event-file.md");
    for (heading, keys) in tables {
        assert_eq!(
            named(&rows(&section(&markdown, heading))),
            keys,
            "{heading}"
        );
    }
}

#[test]
fn every_time_in_the_table_is_read_as_it_says() {
    let rows = rows(&section(&read("docs/event-file.md"), "## Times"));
    assert!(!rows.is_empty());
    for row in rows {
        let yaml = format!("title: a\nstart: \"{}\"\n", row[0]);
        let build = built("events/layotto/a.yaml", &yaml);
        assert_eq!(build.diagnostics, [], "{}", row[0]);
        let minute = |time: &DateTime<_>| time.format("%Y-%m-%d %H:%M").to_string();
        let read = match &build.events[0].when {
            When::Timed { start, .. } if build.events[0].end_assumed => {
                [minute(start), "assumed".into()]
            }
            When::Timed { start, end } => [minute(start), minute(end)],
            When::AllDay { first, last } => [format!("{first}, all day"), last.to_string()],
        };
        assert_eq!(read, row[1..], "{}", row[0]);
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
fn reports_in_the_documents_are_what_export_prints() {
    let wrong: Vec<Example> = all_examples()
        .filter(|example| example.report().is_some())
        .collect();
    assert!(wrong.len() > READMES.len(), "each document shows a report");
    for example in wrong {
        let (told, report) = (exported(&example), example.report().unwrap_or_default());
        // docs/diagnostics.md leaves out the summary at the end.
        let is_same = match READMES.contains(&example.document) {
            true => told == report,
            false => told.starts_with(report),
        };
        assert!(is_same, "{} gives\n{told}", example.name());
    }
}

#[test]
fn the_text_below_the_readmes_first_event_is_what_subscribers_read() {
    let example = first_example("README.md");
    let feeds = built(&example.path, &example.yaml).feeds;
    let lines = unfold(&feeds[0].ics);
    let described = |line: &String| line.strip_prefix("DESCRIPTION:").map(decoded_text);
    let description = lines.iter().rev().find_map(described);
    let below = example.below.map(|text| text.trim_end().to_owned());
    assert_eq!(description, below);
}

#[test]
fn every_property_that_is_written_is_explained() {
    let markdown = read("docs/feeds.md");
    let well = all_examples().filter(|example| example.report().is_none());
    let feeds = well.flat_map(|example| built(&example.path, &example.yaml).feeds);
    let lines = feeds.flat_map(|feed| unfold(&feed.ics));
    for line in lines.filter(|line| !line.starts_with("TZ")) {
        let name = line.split([';', ':']).next().unwrap_or_default();
        let is_known = ["BEGIN", "END"].contains(&name) || markdown.contains(&format!("`{name}`"));
        assert!(is_known, "{name} is not in docs/feeds.md");
    }
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
fn the_readmes_list_every_option_of_export() {
    let help = sofacal(&["export", "-h"], &root()).stdout;
    let help = String::from_utf8(help).expect("it is text");
    let words = help
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    let options: Vec<&str> = words.filter(|word| word.starts_with("--")).collect();
    for readme in READMES {
        let rows = rows(&read(readme));
        let listed = named(&rows)
            .into_iter()
            .filter_map(|option| option.split(' ').next());
        assert_eq!(listed.collect::<Vec<_>>(), options, "{readme}");
    }
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
