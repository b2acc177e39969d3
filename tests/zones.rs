//! Zones: every VTIMEZONE that we write, read by someone else and held against chrono-tz.
//!
//! Flows in: all zones of chrono-tz, and the moments at which jiff knows their clocks to change. Flows out:
//! each moment at which a feed's reader would see another time than we do.

#[path = "zones/reader.rs"]
mod reader;

use chrono::{DateTime, Datelike, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use jiff::Timestamp;
use jiff::tz::TimeZoneDatabase;
use reader::Onsets;
use sofacal::event::stale_zone::{STALE, Stale};
use sofacal::ics::timezone::{KnownClocks, write_timezone};
use std::ops::RangeInclusive;

fn timezone(zone: Tz, years: impl IntoIterator<Item = i32>) -> String {
    let mut out = String::new();
    let mut known = KnownClocks::default();
    write_timezone(&mut out, zone, &years.into_iter().collect(), &mut known);
    out.replace("\r\n", "\n")
}

fn new_year(year: i32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0)
        .single()
        .expect("UTC has every time")
}

/// Gives the moments that may matter: the hours around each change of the clocks, and one each month.
fn moments(zone: Tz, years: RangeInclusive<i32>) -> Vec<DateTime<Utc>> {
    let (begin, end) = (new_year(*years.start()), new_year(years.end() + 1));
    let jiffs = TimeZoneDatabase::bundled()
        .get(zone.name())
        .expect("jiff knows it");
    let first = Timestamp::from_second(begin.timestamp()).expect("it is in range");
    let moment = |at: Timestamp| DateTime::from_timestamp(at.as_second(), 0).expect("so is it");
    let changes = jiffs
        .following(first)
        .map(|change| moment(change.timestamp()));
    let around = |change: DateTime<Utc>| {
        let hours = [-25, -24, -3, -2, -1, 0, 1, 2, 3, 24, 25].map(TimeDelta::hours);
        hours.map(|hours| [change + hours, change + hours - TimeDelta::seconds(1)])
    };
    let months = (0..).map(|month| begin + TimeDelta::days(30) * month);
    changes
        .take_while(|change| *change < end)
        .flat_map(around)
        .flatten()
        .chain(months.take_while(|month| *month < end))
        // Events begin in 1970 on the wall clock.
        .filter(|moment| {
            (begin..end).contains(moment) && moment.with_timezone(&zone).year() >= 1970
        })
        .collect()
}

/// Lists the moments of the years at which the VTIMEZONE says something else than chrono-tz.
fn disagreements(zone: Tz, text: &str, years: RangeInclusive<i32>) -> Vec<String> {
    let onsets = Onsets::read(text);
    let ours = |moment: &DateTime<Utc>| {
        let offset = zone.offset_from_utc_datetime(&moment.naive_utc());
        Some(offset.fix().local_minus_utc())
    };
    let differs = |moment: &DateTime<Utc>| onsets.at(*moment) != ours(moment);
    let moments = moments(zone, years).into_iter();
    moments
        .filter(differs)
        .map(|moment| {
            format!(
                "{zone} {moment}: {:?}, {:?}",
                onsets.at(moment),
                ours(&moment)
            )
        })
        .take(1)
        .collect()
}

fn must_be_none(found: Vec<String>) {
    assert!(
        found.is_empty(),
        "{} zones:\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn every_zone_is_right_in_all_years_that_are_known() {
    must_be_none(
        TZ_VARIANTS
            .iter()
            .flat_map(|zone| disagreements(*zone, &timezone(*zone, 1970..=2199), 1970..=2099))
            .collect(),
    );
}

#[test]
fn every_zone_is_right_around_the_year_of_an_event() {
    let around_1988 = |zone: &Tz| disagreements(*zone, &timezone(*zone, [1988]), 1987..=1989);
    must_be_none(TZ_VARIANTS.iter().flat_map(around_1988).collect());
}

#[test]
fn a_zone_with_yearly_rules_stays_the_same_when_later_events_come() {
    let mut with_rules = 0;
    for zone in TZ_VARIANTS {
        let today = timezone(zone, [2026]);
        must_be_none(disagreements(zone, &today, 2025..=2027));
        if today.contains("RRULE") {
            with_rules += 1;
            assert_eq!(today.matches("DTSTART").count(), 2, "{today}");
            assert_eq!(timezone(zone, 2026..=2199), today);
        }
        assert!(today.contains("BEGIN:STANDARD"), "{today}");
    }
    assert!(with_rules > 150, "{with_rules}");
}

/// Sums a VTIMEZONE up, one observance a line.
fn summary(zone: &str, years: impl IntoIterator<Item = i32>) -> Vec<String> {
    let text = timezone(zone.parse().expect(zone), years);
    let values = |component: &str| {
        let lines = component
            .lines()
            .filter(|line| !line.starts_with("END") && !line.is_empty());
        let values = lines.map(|line| line.split_once(':').map_or(line, |(_, value)| value));
        values.collect::<Vec<_>>().join(" ")
    };
    text.split("BEGIN:").skip(2).map(values).collect()
}

#[test]
fn writes_only_what_is_needed() {
    let new_york = [
        "DAYLIGHT 20070311T020000 FREQ=YEARLY;BYMONTH=3;BYDAY=2SU -0500 -0400 EDT",
        "STANDARD 20071104T020000 FREQ=YEARLY;BYMONTH=11;BYDAY=1SU -0400 -0500 EST",
    ];
    let shanghai = ["STANDARD 19700101T000000 +0800 +0800 CST"];
    assert_eq!(summary("America/New_York", [2026]), new_york);
    assert_eq!(summary("America/New_York", []), new_york);
    assert_eq!(
        summary("America/New_York", [2007]),
        [
            &[
                "STANDARD 19700101T000000 -0500 -0500 EST",
                "DAYLIGHT 20060402T020000 -0500 -0400 EDT",
                "STANDARD 20061029T020000 -0400 -0500 EST"
            ],
            &new_york[..]
        ]
        .concat()
    );
    assert_eq!(summary("Asia/Shanghai", [1970, 2026]), shanghai);
    assert_eq!(summary("Asia/Shanghai", []), shanghai);
    assert_eq!(summary("Asia/Shanghai", [1988]).len(), 7);
    assert_eq!(
        summary("Asia/Kolkata", [2026]),
        ["STANDARD 19700101T000000 +0530 +0530 IST"]
    );
    assert_eq!(
        summary("Europe/Dublin", [2026]),
        [
            "DAYLIGHT 19960331T010000 FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU +0000 +0100 IST",
            "STANDARD 19961027T020000 FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU +0100 +0000 GMT",
        ]
    );
    assert_eq!(
        summary("Australia/Lord_Howe", [2026]),
        [
            "STANDARD 20080406T020000 FREQ=YEARLY;BYMONTH=4;BYDAY=1SU +1100 +1030 +1030",
            "DAYLIGHT 20081005T020000 FREQ=YEARLY;BYMONTH=10;BYDAY=1SU +1030 +1100 +11",
        ]
    );
}

#[test]
fn zones_without_a_yearly_rule_have_each_change_of_the_years() {
    // Summer time ends at 24:00 on the last Thursday of October, which no rule of calendars can say.
    assert_eq!(
        summary("Africa/Cairo", [2024])[1..],
        [
            "DAYLIGHT 20230428T000000 +0200 +0300 EEST",
            "STANDARD 20231027T000000 +0300 +0200 EET",
            "DAYLIGHT 20240426T000000 +0200 +0300 EEST",
            "STANDARD 20241101T000000 +0300 +0200 EET",
            "DAYLIGHT 20250425T000000 +0200 +0300 EEST",
            "STANDARD 20251031T000000 +0300 +0200 EET",
        ]
    );
    // What docs/feeds.md says of their size.
    let endless = timezone(Tz::Asia__Jerusalem, 2026..=2199);
    assert_eq!(endless.matches("DTSTART").count(), 151);
    assert!(endless.len() < 17_000, "{}", endless.len());
}

/// Finds the days from which and to which chrono-tz differs from jiff's newer data.
fn difference(zone: Tz) -> Option<Stale> {
    let jiffs = TimeZoneDatabase::bundled()
        .get(zone.name())
        .expect("jiff knows it");
    let differs = |moment: &DateTime<Utc>| {
        let at = Timestamp::from_second(moment.timestamp()).expect("it is in range");
        let ours = zone.offset_from_utc_datetime(&moment.naive_utc()).fix();
        ours.local_minus_utc() != jiffs.to_offset(at).seconds()
    };
    let mut moments = moments(zone, 1970..=2099);
    moments.sort();
    let first = moments.iter().position(differs)?;
    let last = moments.iter().rposition(differs)?;
    let day = |moment: DateTime<Utc>| moment.with_timezone(&zone).date_naive();
    // Between a moment that is right and one that is wrong, the border is searched for.
    let border = |right: DateTime<Utc>, wrong: DateTime<Utc>| {
        let (mut right, mut wrong) = (right, wrong);
        while (wrong - right).abs() > TimeDelta::seconds(1) {
            let middle = right + (wrong - right) / 2;
            if differs(&middle) {
                wrong = middle
            } else {
                right = middle
            }
        }
        wrong
    };
    Some((
        zone,
        day(border(moments[first - 1], moments[first])),
        moments
            .get(last + 1)
            .filter(|_| moments[last].year() < 2099)
            .map(|right| day(border(*right, moments[last]))),
    ))
}

#[test]
fn the_table_of_stale_zones_is_what_jiff_says() {
    let found: Vec<Stale> = TZ_VARIANTS
        .iter()
        .filter_map(|zone| difference(*zone))
        .collect();
    let rows = |stale: &[Stale]| -> Vec<String> {
        let row = |(zone, first, last): &Stale| format!("{zone} {first} {last:?}");
        stale.iter().map(row).collect()
    };
    assert_eq!(rows(STALE), rows(&found));
}
