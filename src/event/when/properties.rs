//! What holds for every clock, every zone and any statement at all.

use super::tests::{TODAY, statement};
use super::{Reference, Statement, TimeProblem, Tz, When, settle};
use crate::diagnostic::Code;
use chrono::{DateTime, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::TZ_VARIANTS;
use proptest::prelude::{
    Just, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest,
};

/// Takes the proposals out of a hint.
fn proposals(hint: &str) -> Vec<&str> {
    hint.split('`').skip(1).step_by(2).collect()
}

fn timed(statement: &Statement<'_>) -> Result<(DateTime<Tz>, DateTime<Tz>), Vec<TimeProblem>> {
    match settle(statement)?.when {
        When::Timed { start, end } => Ok((start, end)),
        days @ When::AllDay { .. } => panic!("{days:?}"),
    }
}

/// Settles a wall clock in a zone; a clock that is skipped or repeated leads to two that are not.
fn check_wall_clock(zone: Tz, wall: NaiveDateTime) {
    let text = wall.format("%Y-%m-%d %H:%M").to_string();
    let mut statement = statement(&text);
    statement.reference.event_zone = Some(zone);
    match timed(&statement) {
        Ok((start, end)) => {
            assert_eq!(
                start.with_timezone(&zone).naive_local(),
                wall,
                "{zone} {text}"
            );
            assert_eq!(
                (start.timezone(), end - start),
                (Tz::Asia__Shanghai, TimeDelta::hours(1))
            );
        }
        Err(problems) => {
            let [problem] = <[_; 1]>::try_from(problems).expect("one problem");
            assert!(
                [Code::TimeGap, Code::TimeFold].contains(&problem.complaint.code),
                "{zone} {text}"
            );
            let hint = problem.complaint.hint.expect("a way out");
            let mut starts: Vec<DateTime<Tz>> = Vec::new();
            for proposal in proposals(&hint)
                .into_iter()
                .filter(|text| text.len() == "2024-03-06T14:00:00+08:00".len())
            {
                let statement = Statement {
                    start: proposal,
                    ..statement.clone()
                };
                starts.push(timed(&statement).expect(proposal).0);
            }
            assert!(starts.is_sorted() && starts.len() == 2, "{zone} {hint}");
        }
    }
}

#[test]
fn settles_every_clock_around_every_change_of_2024_and_1986() {
    for &zone in &TZ_VARIANTS {
        for year in [1986, 2024] {
            let first = NaiveDate::from_ymd_opt(year, 1, 1)
                .expect("a date")
                .and_time(chrono::NaiveTime::MIN);
            let offset = |day: i64| {
                zone.offset_from_utc_datetime(&(first + TimeDelta::days(day)))
                    .fix()
            };
            for day in (0..366).filter(|day| offset(*day) != offset(day + 1)) {
                for half_hour in -4..48 {
                    check_wall_clock(
                        zone,
                        first + TimeDelta::days(day) + TimeDelta::minutes(30 * half_hour),
                    );
                }
            }
        }
    }
}

fn texts() -> impl Strategy<Value = String> {
    let known = [
        "2024-03-06 14:00",
        "2024-03-06",
        "15:00",
        "24:00",
        "3月6日（周三）晚 7 点-9 点",
        "12-31 23:00",
        "2-29",
        "2199-12-31 23:59",
        "1970-01-01 00:00",
        "2024-03-06T14:00:00-05:00",
        "2024-03-31 02:30 - 03:30",
        "1h",
        "2d",
        "31d",
        "99999d",
        "0m",
        "待定",
    ];
    prop_oneof![4 => prop::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => any::<String>()]
}

proptest! {
    #[test]
    fn settles_any_texts_in_order_or_says_why(
        start in texts(),
        end in prop_oneof![Just(None), texts().prop_map(Some)],
        duration in prop_oneof![Just(None), texts().prop_map(Some)],
        zones in (prop::sample::select(TZ_VARIANTS.to_vec()), prop::sample::select(TZ_VARIANTS.to_vec())),
        has_zone in any::<bool>(),
    ) {
        let statement = Statement {
            start: &start,
            end: end.as_deref(),
            duration: duration.as_deref(),
            default_duration: TimeDelta::hours(1),
            reference: Reference {
                event_zone: has_zone.then_some(zones.0),
                home_zone: zones.1,
                day: None,
                today: TODAY,
            },
        };
        match settle(&statement).map(|settled| settled.when) {
            Ok(When::Timed { start, end }) => {
                prop_assert!(start < end && end - start <= TimeDelta::days(31));
                prop_assert_eq!((start.timezone(), end.timezone()), (zones.1, zones.1));
            }
            Ok(When::AllDay { first, last }) => prop_assert!(first <= last && last - first < TimeDelta::days(31)),
            Err(problems) => {
                prop_assert!(!problems.is_empty());
                prop_assert!(problems.iter().all(|problem| problem.complaint.hint.is_some()));
            }
        }
    }

    #[test]
    fn settles_any_minute_in_any_zone(
        zone in prop::sample::select(TZ_VARIANTS.to_vec()),
        minutes in 1_051_920..120_960_000_i64,
    ) {
        check_wall_clock(zone, DateTime::UNIX_EPOCH.naive_utc() + TimeDelta::minutes(minutes));
    }
}
