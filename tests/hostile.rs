//! Hostile event files: whatever stands in them, there is an answer and never a panic.
//!
//! Flows in: files that a stranger could put into a pull request. What is asserted: the build comes
//! back, what it says can be drawn, and a feed is never torn by what a text holds.

use chrono::{DateTime, Utc};
use proptest::prelude::{Strategy, any, prop_assert, prop_oneof, proptest};
use proptest::{collection, sample};
use sofacal::feed::revision::Ledger;
use sofacal::io::snippet::{Color, render_human};
use sofacal::pipeline::{Build, Settings, Sources, build};
use sofacal::source::Source;
use sofacal::yaml::tidy::tidy;

const CALENDAR: &str =
    "name: x\ndomain: example.org\nprojects: {p: {name: P, repo: https://example.org/p}}\n";

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).expect("it is a time")
}

fn build_of(calendar: &str, event: &str) -> Build {
    let sources = Sources {
        root: "events".to_owned(),
        calendar: Some(Source::new("events", "calendar.yaml", calendar)),
        events: vec![Source::new("events", "p/a.yaml", event)],
        diagnostics: Vec::new(),
    };
    let build = build(&sources, &Ledger::default(), Settings::default(), now());
    render_human(
        &build.diagnostics,
        &|path| sources.text_of(path),
        Color::Never,
    );
    build
}

/// Tells whether a feed's lines are what they should be, whatever texts went in.
fn is_whole(ics: &str) -> bool {
    let lines: Vec<&str> = ics.split("\r\n").collect();
    let count = |what: &str| lines.iter().filter(|line| **line == what).count();
    lines
        .iter()
        .all(|line| line.len() <= 75 && !line.contains(['\r', '\n']))
        && count("BEGIN:VEVENT") == count("END:VEVENT")
        && lines.first() == Some(&"BEGIN:VCALENDAR")
        && lines.ends_with(&["END:VCALENDAR", ""])
}

fn codes(build: &Build) -> Vec<&'static str> {
    build
        .diagnostics
        .iter()
        .map(|found| found.code().as_str())
        .collect()
}

#[test]
fn files_made_to_be_slow_or_deep_get_an_answer() {
    let cases = [
        ("yaml-limit", "[".repeat(100_000)),
        ("yaml-limit", format!("title: {}", "{a: ".repeat(50_000))),
        (
            "unknown-key",
            (0..500)
                .map(|depth| format!("{}a:\n", " ".repeat(depth)))
                .collect(),
        ),
        (
            "too-many-mistakes",
            (0..1_000)
                .map(|number| format!("key{number}: x\n"))
                .collect(),
        ),
        ("too-many-mistakes", "title: x\n".repeat(5_000)),
        ("too-long", format!("title: {}", "会".repeat(100_000))),
        ("yaml-syntax", "\t".repeat(100_000)),
        ("yaml-syntax", format!("title: \"{}", "a\n".repeat(50_000))),
        ("yaml-syntax", "a: ".repeat(30_000)),
        ("unknown-key", "? ".repeat(20_000)),
        ("wrong-type", "title: &a [*a]\n".to_owned()),
        ("control-character", "title: a\0b\n".to_owned()),
    ];
    for (code, text) in cases {
        let found = build_of(CALENDAR, &text);
        let beginning: String = text.chars().take(20).collect();
        assert!(
            codes(&found).contains(&code),
            "{beginning}: {:?}",
            codes(&found)
        );
        assert!(found.feeds.is_empty());
    }
}

#[test]
fn files_made_to_be_slow_or_deep_are_put_in_form_or_left_alone() {
    let nested: String = (0..120)
        .map(|depth| format!("{}a:\n", "  ".repeat(depth)))
        .collect();
    let anchors: String = (0..20)
        .map(|number| format!("k{number}: &a{number} [1, *a{number}]\n"))
        .collect();
    for text in [
        "[".repeat(100_000),
        format!("title: {}{}", "[".repeat(120), "]".repeat(120)),
        format!("title: {}1{}", "{a: ".repeat(120), "}".repeat(120)),
        format!("{nested}{}b: 1\n", "  ".repeat(120)),
        format!("title: {}a\n", "- ".repeat(100)),
        anchors,
        "# a\n".repeat(2_000),
        format!("agenda:\n{}", "- a # b\n".repeat(2_000)),
        format!("title: \"{}\"\n", "a\\n# ".repeat(20_000)),
        (0..1_000)
            .map(|number| format!("k{number}: 'a'\n"))
            .collect(),
    ] {
        let source = Source::new("events", "p/a.yaml", &text);
        if let Some(tidy) = tidy(&source) {
            assert_eq!(tidy.matches('a').count(), text.matches('a').count());
        }
    }
}

#[test]
fn aliases_that_multiply_are_stopped() {
    let mut text =
        "title: x\nstart: 2023-05-31 14:00\nagenda:\n- items: &a [x, x, x, x, x, x, x, x, x]\n"
            .to_owned();
    for (from, to) in ('a'..'i').zip('b'..='i') {
        let entries = vec![format!("{{items: *{from}}}"); 9].join(", ");
        text.push_str(&format!("- items: &{to} [{entries}]\n"));
    }
    assert_eq!(codes(&build_of(CALENDAR, &text)), ["yaml-limit"]);
    let copies = vec!["*a"; 20_000].join(", ");
    let text = format!("title: x\ntags: [&a {}, {copies}]\n", "x".repeat(490));
    assert_eq!(codes(&build_of(CALENDAR, &text)), ["yaml-limit"]);
}

#[test]
fn lists_that_every_event_inherits_are_stopped() {
    let links = vec!["https://example.org/a"; 190].join(", ");
    let entry = |number| format!(" - {{id: a{number}, title: x, start: 2023-05-31 14:00}}\n");
    let entries: String = (0..4_000).map(entry).collect();
    let found = build_of(CALENDAR, &format!("links: [{links}]\nevents:\n{entries}"));
    assert_eq!(codes(&found), ["too-long"]);
}

#[test]
fn one_line_with_many_comments_is_read_once() {
    let text = format!(
        "title: x\nstart: 2023-05-31 14:00\n# {}\n",
        ": #x ".repeat(150_000)
    );
    assert_eq!(codes(&build_of(CALENDAR, &text)), [""; 0]);
}

#[test]
fn a_large_list_of_events_is_fine() {
    let entry = |number| format!(" - {{id: a{number}, title: x, start: 2023-05-31 14:00}}\n");
    let text: String = ["events:\n".to_owned()]
        .into_iter()
        .chain((0..2_000).map(entry))
        .collect();
    let found = build_of(CALENDAR, &text);
    assert_eq!(codes(&found), [""; 0]);
    assert_eq!(found.published, 2_000);
}

const KEYS: &[&str] = &[
    "id",
    "uid",
    "project",
    "kind",
    "episode",
    "title",
    "description",
    "start",
    "end",
    "duration",
    "timezone",
    "status",
    "reason",
    "moved_from",
    "join",
    "stream",
    "location",
    "dingtalk_group",
    "register",
    "agenda",
    "speakers",
    "hosts",
    "partners",
    "image",
    "tracking",
    "url",
    "links",
    "tags",
    "review",
    "repeat",
    "allow",
    "sources",
    "events",
    "text",
    "issue",
    "items",
    "name",
    "phones",
    "past",
    "projects",
    "feeds",
    "kinds",
    "aliases",
    "uid_prefix",
    "code",
];

const VALUES: &[&str] = &[
    "x",
    "会议",
    "2023-05-31 14:00",
    "\"15:00\"",
    "1h",
    "894",
    "057128095818",
    "true",
    "~",
    "[]",
    "{}",
    "[a, b]",
    "{text: x, issue: 1}",
    "{url: https://x.org, code: 1}",
    "https://x.org/会",
    "\"a\\r\\nb\"",
    "|\n  a\n  b",
    "Asia/Shanghai",
    "America/New_York",
    "2023-03-12 02:30",
    "meeting",
    "2y",
    "vanished",
    "{q: {aliases: [p, q, r], kinds: meeting, tags: []}}",
    "a #b",
    "&a x",
    "*a",
    "!t x",
    "\"\\u202E\"",
    "'",
    "\"",
    "[",
    "{",
    "：",
    "\u{3000}",
    "\u{85}",
    "\u{2028}",
    "2023年5月31日（周三）14:00-15:00",
];

fn yaml() -> impl Strategy<Value = String> {
    let indent = sample::select(vec!["", "", "", "  ", "  - ", "- ", "\t"]);
    let line = (indent, sample::select(KEYS), sample::select(VALUES));
    let line = line.prop_map(|(indent, key, value)| format!("{indent}{key}: {value}\n"));
    let noise = any::<String>().prop_map(|text| format!("{text}\n"));
    let begun = "title: x\nstart: 2023-05-31 14:00\n";
    collection::vec(prop_oneof![12 => line, 1 => noise], 0..12)
        .prop_map(move |lines| format!("{begun}{}", lines.concat()))
}

proptest! {
    #[test]
    fn no_text_makes_an_event_file_panic(text in any::<String>()) {
        build_of(CALENDAR, &text);
    }

    #[test]
    fn no_text_makes_the_calendar_panic(text in any::<String>(), more in yaml()) {
        build_of(&text, "title: x");
        build_of(&format!("{CALENDAR}{more}"), "title: x");
    }

    #[test]
    fn no_mixture_of_keys_and_values_panics_or_tears_a_feed(text in yaml()) {
        let found = build_of(CALENDAR, &text);
        prop_assert!(found.has_errors() == found.feeds.is_empty());
        for feed in &found.feeds {
            prop_assert!(is_whole(&feed.ics()), "{}", feed.ics());
        }
    }

    #[test]
    fn no_title_tears_a_feed(title in any::<String>()) {
        let quoted = serde_json::to_string(&title).expect("text is JSON");
        let found = build_of(CALENDAR, &format!("title: {quoted}\ndescription: {quoted}\nstart: 2023-05-31 14:00\n"));
        for feed in &found.feeds {
            prop_assert!(is_whole(&feed.ics()), "{}", feed.ics());
        }
    }
}
