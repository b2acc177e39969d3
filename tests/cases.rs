//! Cases: what people type and what they see, as anyone may write them down for a bug report.
//!
//! `tests/cases/<case>.md` holds the lines typed, each in a `console` block after a `$`, with all that came back. The
//! folder `<case>.in/` is where they are typed, if it is there, and `<case>.out/` is what that becomes. Bless what changed
//! on purpose with `TRYCMD=overwrite cargo test --test cases`, then read the diff line by line.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads files and runs the program"
)]

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use trycmd::TestCases;
use trycmd::cargo::cargo_bin;

/// Thursday, 2023-09-21 at 10:00 in Shanghai: a week in which Layotto met.
const NOW: &str = "1695261600";

fn try_cases(columns: &str, cases: &str) {
    TestCases::new()
        .register_bin("sofacal", cargo_bin!("sofacal"))
        .env("SOURCE_DATE_EPOCH", NOW)
        .env("COLUMNS", columns)
        .env("NO_COLOR", "1")
        .case(cases);
}

#[test]
fn every_case_shows_what_it_showed() {
    try_cases("80", "tests/cases/*.md");
}

#[test]
fn narrow_and_wide_terminals_show_as_much_as_fits() {
    try_cases("60", "tests/cases/at-60-columns/*.md");
    try_cases("200", "tests/cases/at-200-columns/*.md");
}

/// Runs the program as on a terminal of 80 columns.
fn said(arguments: &[&str]) -> String {
    let mut program = Command::new(cargo_bin!("sofacal"));
    let output = program.args(arguments).env("COLUMNS", "80").output();
    let output = output.expect("it runs");
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).expect("it is text")
}

fn commands() -> Vec<String> {
    let help = said(&["--help"]);
    let (_, list) = help.split_once("\nCommands:\n").expect("they are listed");
    let lines = list.lines().take_while(|line| !line.is_empty());
    // A line that is indented further goes on with the one above.
    let names = lines.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    let names = names.filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

#[test]
fn every_help_fits_a_screen_and_ends_with_an_example() {
    let commands = commands();
    assert!(commands.len() > 3, "{commands:?}");
    let shown = fs::read_to_string("tests/cases/help.md").expect("the case is there");
    for command in &commands {
        let help = said(&[command, "--help"]);
        assert!(help.lines().count() <= 24, "{help}");
        assert!(
            help.lines().all(|line| line.chars().count() <= 80),
            "{help}"
        );
        let last = help.lines().last().unwrap_or_default();
        assert!(
            last.starts_with(&format!("Example: sofacal {command}")),
            "{help}"
        );
        assert!(
            shown.contains(&format!("$ sofacal {command} --help")),
            "{command}"
        );
    }
    assert!(said(&["--help"]).lines().count() <= 24);
}

#[test]
fn shells_complete_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = said(&["completions", shell]);
        for command in commands() {
            assert!(script.contains(&command), "{shell}: {command}");
        }
    }
}

#[test]
fn every_command_has_a_man_page_with_its_example() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let path = folder.path().join("share/man1");
    // Again, to replace the pages.
    for _ in 0..2 {
        said(&["man", path.to_str().expect("it is text")]);
    }
    let names = fs::read_dir(&path).expect("it is made").map(|entry| {
        let name = entry.expect("it is readable").file_name();
        name.into_string().expect("it is text")
    });
    let pages = commands()
        .into_iter()
        .map(|name| format!("sofacal-{name}.1"));
    let expected: BTreeSet<String> = pages.chain(["sofacal.1".to_owned()]).collect();
    assert_eq!(names.collect::<BTreeSet<_>>(), expected);
    for command in commands() {
        let page = fs::read_to_string(path.join(format!("sofacal-{command}.1")));
        let example = format!("Example: sofacal {command}");
        assert!(page.expect("it is text").contains(&example), "{command}");
    }
}

#[test]
fn the_readme_of_a_new_calendar_names_commands_that_are_there() {
    let readme = fs::read_to_string("tests/cases/init.out/README.md").expect("it is there");
    let named = readme.split("`sofacal ").skip(1);
    let named: BTreeSet<&str> = named
        .filter_map(|rest| rest.split(['`', ' ']).next())
        .collect();
    assert!(named.contains("export") && named.len() > 3, "{named:?}");
    let commands = commands();
    for command in named {
        assert!(commands.iter().any(|known| known == command), "{command}");
    }
}
