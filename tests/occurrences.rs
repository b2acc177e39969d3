//! Occurrences: which days an event takes place on, held against what its file says.

use chrono::{DateTime, NaiveDate};
use sofacal::event::Event;
use sofacal::event::when::Tz;
use sofacal::pipeline::{Sources, read_events};
use sofacal::source::Source;

const CALENDAR: &str = "name: a\ndomain: a.example\nprojects: {a: a}\n";

fn event(yaml: &str) -> Event {
    let sources = Sources {
        calendar: Some(Source::new("events", "calendar.yaml", CALENDAR)),
        events: vec![Source::new("events", "a/a.yaml", yaml)],
        ..Sources::default()
    };
    let contents = read_events(&sources, DateTime::default());
    let event = contents.events.into_iter().next();
    event.unwrap_or_else(|| panic!("{:?}", contents.diagnostics))
}

fn listed(yaml: &str, from: &str, to: &str) -> Vec<String> {
    let day = |text: &str| text.parse::<NaiveDate>().expect("it is a day");
    let event = event(yaml);
    let found = event.occurrences(&(day(from)..=day(to)), Tz::Asia__Shanghai);
    let told = found
        .iter()
        .map(|one| format!("{} {}", one.when.start().wall_clock(), one.details.title));
    told.collect()
}

#[test]
fn a_series_takes_place_where_its_changes_say_and_never_where_it_is_skipped() {
    let yaml = "title: a\nstart: 2026-09-02 14:00-15:00\nrepeat:\n  every: week\n  skip: [2026-09-09]\n  changes:\n    - {date: 2026-09-16, start: 2026-09-20 10:00, title: b}\n";
    assert_eq!(
        listed(yaml, "2026-09-03", "2026-09-23"),
        ["2026-09-20 10:00:00 b", "2026-09-23 14:00:00 a"]
    );
    assert_eq!(listed(yaml, "2026-08-01", "2026-08-31"), [""; 0]);
}

#[test]
fn what_lasts_into_the_first_day_is_there() {
    let days = "title: a\nstart: 2026-04-01\nend: 2026-04-25\n";
    assert_eq!(listed(days, "2026-04-25", "2026-04-30").len(), 1);
    assert_eq!(listed(days, "2026-04-26", "2026-04-30").len(), 0);
    let night = "title: a\nstart: 2026-04-01 23:00\nend: \"01:00\"\n";
    assert_eq!(listed(night, "2026-04-02", "2026-04-02").len(), 1);
    assert_eq!(listed(night, "2026-04-03", "2026-04-03").len(), 0);
}

#[test]
fn another_zones_clock_may_be_on_another_day() {
    let evening =
        "title: a\nstart: 2026-04-01 20:00-21:00\ntimezone: America/New_York\nrepeat: day\n";
    assert_eq!(
        listed(evening, "2026-04-02", "2026-04-03"),
        ["2026-04-02 08:00:00 a", "2026-04-03 08:00:00 a"]
    );
    let honolulu =
        "title: a\nstart: 2026-04-01 20:00-21:00\ntimezone: Pacific/Honolulu\nrepeat: day\n";
    assert_eq!(
        listed(honolulu, "2026-04-04", "2026-04-04"),
        ["2026-04-04 14:00:00 a"]
    );
    let auckland =
        "title: a\nstart: 2026-04-01 01:00-02:00\ntimezone: Pacific/Auckland\nrepeat: day\n";
    assert_eq!(
        listed(auckland, "2026-04-03", "2026-04-03"),
        ["2026-04-03 20:00:00 a"]
    );
}
