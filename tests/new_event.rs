//! New events and new calendars: what is proposed, and that what is written can be gone on with.

use chrono::DateTime;
use sofacal::pipeline::{
    CalendarWish, NewEvent, Refusal, Sources, Wish, new_calendar, new_event, read_events,
};
use sofacal::source::Source;

/// Thursday, 2023-09-21 at 10:00 in Shanghai.
fn now() -> DateTime<chrono::Utc> {
    DateTime::from_timestamp(1_695_261_600, 0).expect("it is a time")
}

const CALENDAR: &str = "# yaml-language-server: $schema=../docs/schema/calendar.json
name: a
domain: example.org
projects:
  layotto: {name: Layotto, repo: https://github.com/mosn/layotto}
  show: {name: Show, kind: livestream, aliases: [old-show]}
";

fn sources(files: &[(&str, &str)]) -> Sources {
    let source = |(name, text): &(&str, &str)| Source::new("events", name, text);
    Sources {
        root: "events".to_owned(),
        calendar: Some(Source::new("events", "calendar.yaml", CALENDAR)),
        events: files.iter().map(source).collect(),
        ..Sources::default()
    }
}

/// Gives events of one project that start then, each in a file named after its day.
fn held(starts: &[&str]) -> Sources {
    let files: Vec<(String, String)> = starts
        .iter()
        .map(|start| {
            let name = format!("layotto/{}.yaml", start.split(' ').next().unwrap_or(start));
            (name, format!("title: Meeting\nstart: {start}\n"))
        })
        .collect();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    sources(&files)
}

fn wish(project: &str) -> Wish {
    Wish {
        project: project.to_owned(),
        ..Wish::default()
    }
}

fn made(sources: &Sources, wish: &Wish) -> NewEvent {
    new_event(sources, wish, now()).unwrap_or_else(|refusal| panic!("{refusal:?}"))
}

/// Gives the values of keys at the top of a file.
fn says<'n>(new: &'n NewEvent, key: &str) -> Option<&'n str> {
    let line = |line: &'n str| line.strip_prefix(key)?.strip_prefix(": ");
    new.source.text.lines().find_map(line)
}

#[test]
fn the_next_start_follows_the_last_ones() {
    for (starts, expected) in [
        // Every Wednesday.
        (
            &[
                "2023-09-06 14:00-15:00",
                "2023-09-13 14:00-15:00",
                "2023-09-20 14:00-15:00",
            ][..],
            "2023-09-27 14:00",
        ),
        // Once it was moved.
        (
            &["2023-09-06 14:00", "2023-09-14 16:00", "2023-09-20 14:00"],
            "2023-09-27 14:00",
        ),
        // The next one is there already.
        (
            &["2023-09-20 14:00", "2023-09-27 14:00"],
            "2023-10-04 14:00",
        ),
        // Every second Wednesday, so not in the week to come.
        (
            &["2023-08-23 14:00", "2023-09-06 14:00", "2023-09-20 14:00"],
            "2023-10-04 14:00",
        ),
        // The third Wednesday of each month, and the last Friday.
        (
            &["2023-07-19 14:00", "2023-08-16 14:00", "2023-09-20 14:00"],
            "2023-10-18 14:00",
        ),
        (
            &["2023-06-30 14:00", "2023-07-28 14:00"],
            "2023-09-29 14:00",
        ),
        // Long ago: the weekday is all that is left.
        (
            &["2022-07-20 14:00", "2022-08-17 14:00"],
            "2023-09-27 14:00",
        ),
        // One alone, and none at all.
        (&["2023-09-19 19:30"], "2023-09-26 19:30"),
        (&[], "2023-09-28 14:00"),
        // Whole days.
        (&["2023-09-16 - 2023-09-17"], "2023-09-23"),
    ] {
        let new = made(&held(starts), &wish("layotto"));
        assert_eq!(says(&new, "start"), Some(expected), "{starts:?}");
        assert_eq!(new.diagnostics, [], "{starts:?}");
        let name = format!("layotto/{}.yaml", &expected[..10]);
        assert_eq!(*new.source.relative, *name);
    }
}

#[test]
fn the_end_and_the_title_are_those_of_the_last_ones() {
    let new = made(
        &held(&["2023-09-13 23:00-23:30", "2023-09-20 23:00 - 00:30"]),
        &wish("layotto"),
    );
    assert_eq!(says(&new, "duration"), Some("1h30m"));
    assert_eq!(says(&new, "title"), Some("Meeting"));
    let new = made(&held(&["2023-09-16 - 2023-09-17"]), &wish("layotto"));
    assert_eq!(says(&new, "end"), Some("2023-09-24"));
    // Nothing is known but the project.
    let new = made(&held(&[]), &wish("layotto"));
    assert_eq!(says(&new, "title"), Some("Layotto 会议"));
    assert_eq!(says(&new, "end"), Some("\"15:00\""));
}

#[test]
fn an_episode_gets_the_next_number_drafts_counted() {
    let episode =
        |number: u32, start: &str| format!("episode: {number}\ntitle: t{number}\nstart: {start}\n");
    let (first, second) = (
        episode(31, "2023-09-07 19:00"),
        episode(32, "2023-09-14 19:00"),
    );
    let draft = "episode: 33\ntitle: a\n";
    let sources = sources(&[
        ("show/31.yaml", &first),
        ("show/32.yaml", &second),
        ("show/33.yaml", draft),
    ]);
    let new = made(&sources, &wish("show"));
    assert_eq!(says(&new, "episode"), Some("34"));
    assert_eq!(*new.source.relative, *"show/34.yaml");
    assert_eq!(says(&new, "start"), Some("2023-09-28 19:00"));
    // The project says what sort of event it is.
    assert_eq!(says(&new, "kind"), None);
    assert_eq!(says(&new, "title"), Some("Show 直播"));
}

#[test]
fn what_is_wished_stands_there_in_quotes_where_they_are_needed() {
    let wish = Wish {
        title: Some("[特别] \"a\" #12: b".to_owned()),
        start: Some("2023年10月11日（周三）14:00-16:00".to_owned()),
        kind: Some("talk".to_owned()),
        join: Some("https://example.org/a?b=1#c".to_owned()),
        location: Some("no".to_owned()),
        id: Some("special".to_owned()),
        ..wish("layotto")
    };
    let sources = held(&["2023-09-20 14:00"]);
    let new = made(&sources, &wish);
    assert_eq!(new.diagnostics, []);
    let with_it = Sources {
        events: vec![new.source.clone()],
        ..sources
    };
    let events = read_events(&with_it, now()).events;
    assert_eq!(*events[0].uid, *"layotto-special@example.org");
    let details = &events[0].details;
    assert_eq!(Some(&details.title), wish.title.as_ref());
    assert_eq!(details.location, wish.location);
    assert_eq!(
        details.join.url.as_ref().map(|url| url.as_str()),
        wish.join.as_deref()
    );
    assert!(!events[0].end_assumed, "its start says its end");
}

#[test]
fn a_start_without_an_end_lasts_as_long_as_the_last_one() {
    let sources = held(&["2023-09-20 14:00-16:30"]);
    for (start, length) in [("2023-10-11 9:00", Some("2h30m")), ("2023-10-11", None)] {
        let wish = Wish {
            start: Some(start.to_owned()),
            ..wish("layotto")
        };
        let new = made(&sources, &wish);
        assert_eq!(says(&new, "duration"), length);
        assert_eq!(new.diagnostics, []);
        assert_eq!(*new.source.relative, *"layotto/2023-10-11.yaml");
    }
}

#[test]
fn what_is_wrong_with_a_wish_is_told_as_in_every_file() {
    let wish = Wish {
        start: Some("9月27日 14:00".to_owned()),
        join: Some("example.org".to_owned()),
        ..wish("layotto")
    };
    let new = made(&held(&[]), &wish);
    assert!(new.has_errors());
    let codes: Vec<&str> = new
        .diagnostics
        .iter()
        .map(|found| found.code().as_str())
        .collect();
    assert_eq!(codes, ["missing-year", "bad-url"]);
}

#[test]
fn names_that_are_taken_or_none_are_refused_or_counted_on() {
    let sources = held(&["2023-09-20 14:00", "2023-09-27 14:00"]);
    let at = |start: &str, id: Option<&str>| Wish {
        start: Some(start.to_owned()),
        id: id.map(str::to_owned),
        ..wish("layotto")
    };
    let new = made(&sources, &at("2023-09-27 19:00", None));
    assert_eq!(*new.source.relative, *"layotto/2023-09-27-2.yaml");
    let refusal = |wish: &Wish| new_event(&sources, wish, now()).expect_err("it is refused");
    let taken = refusal(&at("2023-10-11 14:00", Some("2023-09-27")));
    assert!(matches!(taken, Refusal::Taken(path) if path == "events/layotto/2023-09-27.yaml"));
    for id in ["../a", "a/b", "A", "", "a b", "会议"] {
        assert!(
            matches!(refusal(&at("2023-10-11 14:00", Some(id))), Refusal::Wish(_)),
            "{id}"
        );
    }
    for (project, hint) in [
        ("layoto", "did you mean `layotto`?"),
        ("old-show", "write `show`"),
    ] {
        let Refusal::Wish(complaint) = refusal(&wish(project)) else {
            panic!("{project}");
        };
        assert_eq!(complaint.hint.as_deref(), Some(hint));
    }
}

#[test]
fn the_lines_that_it_offers_are_well_without_their_signs() {
    for project in ["layotto", "show"] {
        let sources = held(&[]);
        let new = made(&sources, &wish(project));
        let offered = |line: &str| match line.strip_prefix("# ") {
            Some(line) if line.starts_with("Take away") => String::new(),
            Some(line) if !line.starts_with("yaml-language-server") => format!("{line}\n"),
            _ => format!("{line}\n"),
        };
        let text: String = new.source.text.lines().map(offered).collect();
        assert!(text.contains("\nagenda:\n"), "{text}");
        let with_it = Sources {
            events: vec![Source::new("events", &new.source.relative, text)],
            ..sources
        };
        assert_eq!(read_events(&with_it, now()).diagnostics, []);
        let first = new.source.text.lines().next();
        assert_eq!(
            first,
            Some("# yaml-language-server: $schema=../../docs/schema/event.json")
        );
    }
}

#[test]
fn a_series_that_goes_on_is_pointed_out() {
    let series = "title: a\nstart: 2023-09-06 14:00\nduration: 1h\nrepeat: week\n";
    let new = made(
        &sources(&[("layotto/weekly.yaml", series)]),
        &wish("layotto"),
    );
    assert_eq!(says(&new, "start"), Some("2023-09-27 14:00"));
    let notes = new
        .reasons
        .iter()
        .filter(|reason| reason.starts_with("note: `events/layotto/weekly.yaml`"));
    assert_eq!(notes.count(), 1);
}

fn calendar_wish() -> CalendarWish {
    CalendarWish {
        name: "My \"calendar\": no. 1".to_owned(),
        domain: "example.org".to_owned(),
        project: "on".to_owned(),
        timezone: "Europe/Berlin".to_owned(),
        language: "zh".to_owned(),
    }
}

#[test]
fn a_new_calendar_is_well_with_and_without_its_signs() {
    let new = new_calendar("events", &calendar_wish(), now());
    assert_eq!(new.diagnostics, []);
    let [calendar, example] = &new.sources[..] else {
        panic!("{:?}", new.sources);
    };
    assert_eq!(*example.relative, *"on/2023-10-04.yaml");
    let offered = |line: &str| {
        let indented = line
            .strip_prefix('#')
            .filter(|line| line.starts_with("    "));
        let top = line
            .strip_prefix("# ")
            .filter(|line| line.starts_with("base_url: "));
        format!("{}\n", indented.or(top).unwrap_or(line))
    };
    let text: String = calendar.text.lines().map(offered).collect();
    let with_it = Sources {
        root: "events".to_owned(),
        calendar: Some(Source::new("events", "calendar.yaml", text)),
        events: vec![example.clone()],
        ..Sources::default()
    };
    let read = read_events(&with_it, now());
    assert_eq!(read.diagnostics, []);
    let calendar = read.calendar.expect("it is well");
    assert_eq!(calendar.name, calendar_wish().name);
    assert!(calendar.base_url.is_some());
    let project = &calendar.projects["on"];
    assert!(project.repo.is_some() && project.join.url.is_some());
    assert_eq!(read.events[0].uid.to_string(), "on-2023-10-04@example.org");
}

#[test]
fn what_is_wrong_with_a_calendar_is_told_before_there_is_one() {
    let wish = CalendarWish {
        project: "../x".to_owned(),
        domain: "https://example.org".to_owned(),
        ..calendar_wish()
    };
    let new = new_calendar("events", &wish, now());
    let codes = new.diagnostics.iter().map(|found| found.code().as_str());
    assert_eq!(codes.collect::<Vec<_>>(), ["bad-domain", "bad-slug"]);
    assert_eq!(new.sources.len(), 1);
}
