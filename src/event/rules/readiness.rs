//! Readiness: what an event still lacks, while there is time, and what was never settled.

use crate::diagnostic::{Code, Complaint, Diagnostic, excerpt};
use crate::event::occurrences::Occurrence;
use crate::event::rules::{Identity, Known};
use crate::event::when::When;
use crate::event::{Details, Event, Kind, Status};
use chrono::Days;

/// How many days before an event everyone should know how to take part.
const SOON: Days = Days::new(7);

/// Finds events that begin soon and do not say how to take part.
pub(super) fn no_way_to_join(known: &Known) -> Vec<Diagnostic> {
    let today = known.calendar.day_of(known.now);
    let days = today..=today.checked_add_days(SOON).unwrap_or(today);
    let is_open = |one: &Occurrence| {
        let is_soon = match &one.when {
            When::Timed { start, end } => {
                let last = known.now.checked_add_days(SOON);
                *end > known.now && last.is_none_or(|last| *start <= last)
            }
            When::AllDay { .. } => true,
        };
        is_soon && one.details.status != Status::Cancelled && !says_how_to_join(one.details)
    };
    let first = |event: &Event| {
        let mut occurrences = event.occurrences(&days, known.calendar.zone).into_iter();
        let open = occurrences.find(is_open)?;
        let begins = open.when.start();
        let begins = match &open.when {
            When::Timed { .. } => begins.wall_clock().format("%A, %Y-%m-%d at %H:%M"),
            When::AllDay { .. } => begins.wall_clock().format("%A, %Y-%m-%d"),
        };
        let message = format!("it begins on {begins}, and does not say how to take part");
        let hint = match open.details.kind {
            Kind::Livestream => "write `stream:` with its link or room, or `join:`",
            Kind::Meeting => {
                "write `join:` with its link or code; for a meeting at a place `location:`"
            }
            Kind::Meetup | Kind::Talk | Kind::Other => {
                "write `location:`, or the `url:` of its page"
            }
        };
        let complaint = Complaint::new(Code::NoWayToJoin, message).hint(hint);
        Some(complaint.at(event.origin.key("start")))
    };
    known.events.iter().filter_map(first).collect()
}

/// Tells whether a subscriber finds a link, a number or a place; for other than meetings and livestreams the page of
/// the event will do.
fn says_how_to_join(details: &Details) -> bool {
    let (join, stream) = (&details.join, &details.stream);
    let is_online = join.url.is_some() || join.code.is_some() || !join.phones.is_empty();
    let is_live = stream.url.is_some() || stream.room.is_some();
    let has_page = details.url.is_some() || details.register.is_some();
    let needs_link = matches!(details.kind, Kind::Meeting | Kind::Livestream);
    is_online || is_live || details.location.is_some() || (has_page && !needs_link)
}

/// Finds events that are not over and whose end nobody says.
pub(super) fn assumed_ends(known: &Known) -> Vec<Diagnostic> {
    let today = known.calendar.day_of(known.now);
    let found = |event: &Event| {
        let When::Timed { end, .. } = &event.when else {
            return None;
        };
        let is_over = event.is_over(today) || event.details.status == Status::Cancelled;
        (event.end_assumed && !is_over).then(|| {
            let end = end.format("%H:%M");
            Complaint::new(
                Code::AssumedEnd,
                format!("nobody says when it ends: {end} is assumed"),
            )
            .hint(format!(
                "write `end: \"{end}\"` if that is right, or `duration:`"
            ))
            .at(event.origin.key("start"))
        })
    };
    known.events.iter().filter_map(found).collect()
}

/// Finds events that are over and still tentative.
pub(super) fn still_tentative(known: &Known) -> Vec<Diagnostic> {
    let today = known.calendar.day_of(known.now);
    let found = |event: &Event| {
        let is_tentative = event.details.status == Status::Tentative && event.is_over(today);
        is_tentative.then(|| {
            let title = excerpt(&event.details.title);
            Complaint::new(
                Code::StillTentative,
                format!("`{title}` is over, and still tentative"),
            )
            .hint("write `confirmed` if it took place, `cancelled` if it did not")
            .at(event.origin.key("status"))
        })
    };
    known.events.iter().filter_map(found).collect()
}

/// Lists the drafts, so that none is forgotten.
pub(super) fn drafts(known: &Known) -> Vec<Diagnostic> {
    let found = |draft: &Identity| {
        Complaint::new(
            Code::UndatedDraft,
            "a draft: without a start it is in no feed",
        )
        .hint("write `start:` once it is known; if it never will be, delete the file")
        .at(draft.origin.key("start"))
    };
    known.drafts.iter().map(found).collect()
}
