//! Named dates: the occurrences that `skip` and `changes` name, held against the days of the rule.
//!
//! Flows in: names with their places, and the starts that the rule gives. Flows out: complaints about days without an
//! occurrence, days that are named twice, and occurrences that Outlook cannot show where they move to.

use crate::diagnostic::{Code, Complaint, Part};
use crate::event::calendar::CancelledPolicy;
use crate::event::series::{Change, Skip};
use crate::event::when::Moment;
use crate::yaml::cursor::Cursor;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// An occurrence that is named, with the place of its name.
pub(super) struct Named<T> {
    /// `skip` or `changes`.
    pub(super) key: &'static str,
    /// Its number in that list.
    pub(super) index: usize,
    /// Its day, as the rule has it.
    pub(super) date: NaiveDate,
    /// What is said of it, unless that is wrong.
    pub(super) value: Option<T>,
}

/// Where a named date stands: the key and its number in the list.
pub(super) type Way = (&'static str, usize);

pub(super) fn dates<T>(named: &[Named<T>]) -> impl Iterator<Item = (Way, NaiveDate)> {
    named.iter().map(|one| ((one.key, one.index), one.date))
}

/// Complains about dates without an occurrence, and about those that are named again.
pub(super) fn check_named(
    here: &Cursor,
    starts: &[Moment],
    named: impl Iterator<Item = (Way, NaiveDate)>,
) {
    let mut first: BTreeMap<NaiveDate, Way> = BTreeMap::new();
    for ((key, index), date) in named {
        let list = here.key(key);
        let entry = list.index(index);
        let at = entry.key("date");
        if let Some((key, index)) = first.get(&date) {
            let complaint = Complaint::new(Code::DateTwice, format!("{date} is named twice"));
            let earlier = here.key(key);
            let earlier = earlier.index(*index);
            at.report_also(
                complaint.hint("keep one of them"),
                earlier.key("date").place(Part::Value),
                "the first one",
            );
        }
        first.entry(date).or_insert((key, index));
        let next = starts.partition_point(|start| start.date() < date);
        if starts.get(next).map(Moment::date) != Some(date) {
            let around = [
                next.checked_sub(1).and_then(|last| starts.get(last)),
                starts.get(next),
            ];
            at.report(no_occurrence(
                date,
                around.map(|start| start.map(Moment::date)),
            ));
        }
    }
}

fn no_occurrence(date: NaiveDate, around: [Option<NaiveDate>; 2]) -> Complaint {
    let message = format!(
        "the series has no occurrence on {date}, a {}",
        date.format("%A")
    );
    let hint = match around {
        [Some(before), Some(after)] => format!("the nearest are {before} and {after}"),
        [Some(last), None] => format!("its last one is {last}"),
        [None, Some(first)] => format!("its first one is {first}"),
        [None, None] => "delete it".to_owned(),
    };
    Complaint::new(Code::NoOccurrence, message).hint(hint)
}

/// Warns of changes that Outlook cannot show.
pub(super) fn warn_of_neighbours(
    here: &Cursor,
    starts: &[Moment],
    skips: &[Named<Skip>],
    changes: &[Named<Change>],
    policy: CancelledPolicy,
) {
    for (index, neighbour) in neighbours(starts, skips, changes, policy) {
        let message = format!("this occurrence moves onto or past its neighbour of {neighbour}");
        let complaint = Complaint::new(Code::MovedPastNeighbour, message);
        let hint = "Outlook cannot show that: put the date into `skip`, and write an event of its own for the meeting";
        let change = here.key("changes");
        change
            .index(index)
            .key("start")
            .report(complaint.hint(hint));
    }
}

/// Finds the changes that move onto or past the day of a neighbour, by their number in `changes`, with
/// the neighbour's day.
fn neighbours(
    starts: &[Moment],
    skips: &[Named<Skip>],
    changes: &[Named<Change>],
    policy: CancelledPolicy,
) -> Vec<(usize, NaiveDate)> {
    let is_left_out = |change: &&Named<Change>| {
        let value = change.value.as_ref();
        value.is_some_and(|change| change.is_left_out(policy))
    };
    let left_out = changes.iter().filter(is_left_out).map(|change| change.date);
    let skipped = skips.iter().map(|skip| skip.date).chain(left_out);
    let skipped: BTreeSet<NaiveDate> = skipped.collect();
    let held: Vec<NaiveDate> = starts
        .iter()
        .map(Moment::date)
        .filter(|date| !skipped.contains(date))
        .collect();
    let now = |date: NaiveDate| {
        let mut changes = changes.iter().filter(|change| change.date == date);
        let change = changes.find_map(|change| change.value.as_ref());
        change.map_or(date, |change| change.when.start_date())
    };
    let mut found = Vec::new();
    for change in changes {
        let Ok(at) = held.binary_search(&change.date) else {
            continue;
        };
        let Some(value) = &change.value else {
            continue;
        };
        let day = value.when.start_date();
        let before = at.checked_sub(1).and_then(|before| held.get(before));
        let before = before
            .map(|before| now(*before))
            .filter(|before| day <= *before);
        let after = held
            .get(at + 1)
            .map(|after| now(*after))
            .filter(|after| day >= *after);
        if let (true, Some(neighbour)) = (day != change.date, before.or(after)) {
            found.push((change.index, neighbour));
        }
    }
    found
}
