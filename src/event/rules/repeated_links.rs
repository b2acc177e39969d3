//! Repeated links: the link of last time, where every time has its own.
//!
//! Whoever copies last week's file must change its links. A run of events (one project, one title but for its numbers)
//! or of the changes of one series shows whether each time has a link of its own: then one that equals the link before
//! was forgotten. Where they are mostly equal they are meant to be.

use crate::diagnostic::{Code, Complaint, Diagnostic, Part, Place, Step};
use crate::event::link::{Link, Url};
use crate::event::rules::Known;
use crate::event::{Details, Event, Status};
use chrono::NaiveDateTime;
use std::collections::BTreeMap;

/// A link that may be forgotten: its key, what it is, and where it stands in the details.
type Kept = (
    &'static [&'static str],
    &'static str,
    fn(&Details) -> Option<&Url>,
);

/// The links of which each time has its own, or none has.
const KEPT: &[Kept] = &[
    (&["join", "url"], "link to join", |details| {
        details.join.url.as_ref()
    }),
    (&["tracking"], "tracking issue", |details| {
        details
            .tracking
            .as_ref()
            .and_then(|Link { url, .. }| url.as_ref())
    }),
];

/// One time, with its link.
struct Time<'e> {
    start: NaiveDateTime,
    url: &'e Url,
    place: Place,
}

/// Finds links that are those of the time before while the others differ.
pub(super) fn repeated_links(known: &Known) -> Vec<Diagnostic> {
    let runs = runs(known.events);
    let kept = KEPT.iter().flat_map(|kept| {
        let of_runs = runs.values().map(|events| times(events, kept));
        let of_series = known.events.iter().map(|event| changed_times(event, kept));
        of_runs
            .chain(of_series)
            .flat_map(|times| repeated(times, kept))
    });
    kept.collect()
}

/// Sorts single events into runs.
fn runs(events: &[Event]) -> BTreeMap<(&str, String), Vec<&Event>> {
    let mut runs: BTreeMap<(&str, String), Vec<&Event>> = BTreeMap::new();
    let is_single = |event: &&Event| event.series.is_none() && takes_place(&event.details);
    for event in events.iter().filter(is_single) {
        let run = (event.project.as_str(), wordless_title(&event.details.title));
        runs.entry(run).or_default().push(event);
    }
    runs
}

fn takes_place(details: &Details) -> bool {
    details.status != Status::Cancelled
}

/// Gives the letters of a title, without what counts or dates it.
fn wordless_title(title: &str) -> String {
    let is_kept = |c: &char| c.is_alphabetic() && !"第期场次讲年月日号".contains(*c);
    title
        .chars()
        .filter(is_kept)
        .collect::<String>()
        .to_lowercase()
}

/// Lists the links of a run, in the order of its events.
fn times<'e>(events: &[&'e Event], (way, _, url_of): &Kept) -> Vec<Time<'e>> {
    let time = |event: &&'e Event| {
        let steps = way.iter().map(|key| Step::Key((*key).into()));
        Some(Time {
            start: event.when.start().wall_clock(),
            url: url_of(&event.details)?,
            place: event.origin.node(steps, Part::Value),
        })
    };
    let mut times: Vec<Time> = events.iter().filter_map(time).collect();
    times.sort_by_key(|time| time.start);
    times
}

/// Lists the links of a series' changes that are not those of the series.
fn changed_times<'e>(event: &'e Event, (_, _, url_of): &Kept) -> Vec<Time<'e>> {
    let changes = event.series.iter().flat_map(|series| &series.changes);
    let usual = url_of(&event.details);
    let time = |change: &'e crate::event::series::Change| {
        let url = url_of(&change.details).filter(|url| Some(*url) != usual)?;
        Some(Time {
            start: change.when.start().wall_clock(),
            url,
            place: event.origin.node(
                [Step::Key("repeat".into()), Step::Key("changes".into())],
                Part::Key,
            ),
        })
    };
    let mut times: Vec<Time> = changes
        .filter(|change| takes_place(&change.details))
        .filter_map(time)
        .collect();
    times.sort_by_key(|time| time.start);
    times
}

/// Reports the links that equal the one before, if at least two others differ for each that does not.
fn repeated(times: Vec<Time>, (_, what, _): &Kept) -> Vec<Diagnostic> {
    let pairs = || times.iter().zip(times.iter().skip(1));
    let equal = pairs()
        .filter(|(before, time)| before.url == time.url)
        .count();
    let different = pairs().count() - equal;
    if different < 2 * equal {
        return Vec::new();
    }
    let told = |(before, time): (&Time, &Time)| {
        let day = before.start.date();
        let message = format!(
            "the {what} of {} is the one of {day}, and the others differ",
            time.start.date()
        );
        let hint = "write this time's own; if it is right, write `allow: {code: repeated-link, reason: …}`";
        let found = Complaint::new(Code::RepeatedLink, message)
            .hint(hint)
            .at(time.place.clone());
        match before.place == time.place {
            true => found,
            false => found.also(before.place.clone(), format!("the one of {day}")),
        }
    };
    pairs()
        .filter(|(before, time)| before.url == time.url)
        .map(told)
        .collect()
}
