//! Changes: the occurrences of a series that are left out, or differ from the others.
//!
//! Flows in: the lists `skip` and `changes`. Flows out: each with its date and its place in the file, so
//! that `series` can hold them against the rule. What a change does not write is as in the series.

use crate::diagnostic::{Code, Complaint};
use crate::event::Details;
use crate::event::series::{Change, Skip};
use crate::event::when::{Moment, Reference, Settled, Statement, When, settle};
use crate::yaml::cursor::Cursor;
use crate::yaml::details::read_details;
use crate::yaml::document::{ChangeDocument, EventDocument, SkipDocument};
use crate::yaml::field::{Field, Many, Text};
use crate::yaml::named::Named;
use crate::yaml::normalise::{report_time, with_defaults};
use crate::yaml::series::SeriesReader;
use chrono::NaiveDate;

/// Reads `skip`.
pub(super) fn read_skips(
    series: &SeriesReader,
    at: &Cursor,
    field: &Field<Many<SkipDocument>>,
) -> Vec<Named<Skip>> {
    at.list(field, |at, document| {
        at.strays(&document.strays, SkipDocument::KEYS);
        let reason = at.key("reason").line(&document.reason);
        let why = "why it is left out may stand beside it: `{date: …, reason: …}`";
        let date = date(series, at, &document.date, why)?;
        let original = original(series, date);
        Some(Named {
            key: "skip",
            index: at.number(),
            date,
            value: original.map(|original| Skip { original, reason }),
        })
    })
}

/// Reads `changes`.
pub(super) fn read_changes(
    series: &SeriesReader,
    at: &Cursor,
    field: &Field<Many<ChangeDocument>>,
) -> Vec<Named<Change>> {
    at.list(field, |at, document| {
        at.strays(&document.strays, ChangeDocument::KEYS);
        let says_nothing = ChangeDocument {
            date: Field::Absent,
            ..document.clone()
        } == ChangeDocument::default();
        if says_nothing {
            let complaint = Complaint::new(Code::MissingKey, "a change says nothing but its date");
            at.report(
                complaint.hint("write what is different; what is left out belongs to `skip`"),
            );
        }
        let merged = merged(series, document);
        let details = read_details(at, &merged, series.project, None);
        let named = "it names the occurrence";
        let date = date(series, at, &document.date, named)?;
        let original = original(series, date);
        let change = |original: Moment| {
            let settled = settled(series, at, document, &original)?;
            let is_moved = settled.when.start() != original;
            Some(Change {
                original,
                when: settled.when,
                end_assumed: settled.end_assumed,
                details: Details {
                    moved_from: is_moved.then_some(original),
                    ..details
                },
            })
        };
        Some(Named {
            key: "changes",
            index: at.number(),
            date,
            value: original.and_then(change),
        })
    })
}

/// Reads the day that names an occurrence.
fn date(
    series: &SeriesReader,
    at: &Cursor,
    field: &Field<Text>,
    otherwise: &str,
) -> Option<NaiveDate> {
    if field.is_missing() {
        let complaint = Complaint::new(Code::MissingKey, "`date` is missing");
        let hint = "write the day that the rule gives the occurrence: `date: 2026-11-04`";
        at.report(complaint.hint(hint));
    }
    series.day(&at.key("date"), field, otherwise)
}

/// Gives the start that the rule would give an occurrence on a day.
fn original(series: &SeriesReader, date: NaiveDate) -> Option<Moment> {
    let first = series.first()?.start();
    first.at(date.and_time(first.wall_clock().time()))
}

/// Gives a change with all that it shares with its series.
fn merged(series: &SeriesReader, change: &ChangeDocument) -> EventDocument {
    let change = change.clone();
    let own = EventDocument {
        episode: change.episode,
        title: change.title,
        description: change.description,
        status: change.status,
        reason: change.reason,
        join: change.join,
        stream: change.stream,
        location: change.location,
        dingtalk_group: change.dingtalk_group,
        register: change.register,
        agenda: change.agenda,
        speakers: change.speakers,
        hosts: change.hosts,
        partners: change.partners,
        image: change.image,
        tracking: change.tracking,
        url: change.url,
        links: change.links,
        review: change.review,
        ..EventDocument::default()
    };
    if series.is_clean {
        return with_defaults(&own, series.document);
    }
    // What is wrong with the series was said there; here only the change's own mistakes are looked for.
    let title = Field::Value(Text::Said("series".to_owned()));
    let nothing = EventDocument {
        title,
        ..EventDocument::default()
    };
    with_defaults(&own, &nothing)
}

/// Settles when a changed occurrence takes place: what is not said is as the rule has it.
fn settled(
    series: &SeriesReader,
    at: &Cursor,
    document: &ChangeDocument,
    original: &Moment,
) -> Option<Settled> {
    let start = at.key("start").line(&document.start);
    let end = at.key("end").line(&document.end);
    let duration = at.key("duration").line(&document.duration);
    let first = series.settled?;
    let length = first.when.length();
    let (as_written, whole_days) = match original {
        Moment::Time(time) => (time.format("%Y-%m-%d %H:%M:%S").to_string(), None),
        Moment::Day(day) => (day.to_string(), Some(format!("{}d", length.num_days()))),
    };
    let says_end = end.is_some() || duration.is_some();
    let statement = |default: Option<&str>| {
        settle(&Statement {
            start: start.as_deref().unwrap_or(&as_written),
            end: end.as_deref(),
            duration: duration.as_deref().or(default),
            default_duration: length,
            reference: Reference {
                day: Some(original.date()),
                ..series.reference.clone()
            },
        })
    };
    // A start that has its own end, as `14:00-15:00`, needs no length.
    let settled = match whole_days.filter(|_| !says_end) {
        Some(days) => statement(Some(&days)).or_else(|_| statement(None)),
        None => statement(None),
    };
    let settled = match settled {
        Ok(settled) => settled,
        Err(problems) => {
            for mut problem in problems {
                if let (Code::MixedAllDay, Moment::Day(_)) = (problem.complaint.code, original) {
                    let hint = "the series has whole days: write days, like `2d`";
                    problem.complaint.hint = Some(hint.to_owned());
                }
                report_time(at, problem);
            }
            return None;
        }
    };
    let is_same_sort = matches!(
        (&settled.when, &first.when),
        (When::Timed { .. }, When::Timed { .. }) | (When::AllDay { .. }, When::AllDay { .. })
    );
    if !is_same_sort {
        let message = match settled.when {
            When::AllDay { .. } => "this is a whole day, but the series has a clock",
            When::Timed { .. } => "this has a clock, but the series has whole days",
        };
        let hint = "put the date into `skip`, and write an event of its own for it";
        at.key("start")
            .report(Complaint::new(Code::MixedAllDay, message).hint(hint));
        return None;
    }
    // An end that is assumed has the length of the series, which may be known or assumed itself.
    let end_assumed = settled.end_assumed && first.end_assumed;
    Some(Settled {
        end_assumed,
        ..settled
    })
}
