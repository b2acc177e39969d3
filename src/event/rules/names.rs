//! Names: the date in a file's name or an `id`, which a copied file keeps more often than a moved event should.

use crate::diagnostic::{Code, Complaint, Diagnostic, excerpt};
use crate::event::Event;
use crate::event::rules::Known;
use crate::event::rules::other_dates::is_on;
use crate::event::when::When;
use chrono::NaiveDate;

/// Finds events whose name holds a date that is none of their days.
pub(super) fn names(known: &Known) -> Vec<Diagnostic> {
    known.events.iter().filter_map(other_date).collect()
}

fn other_date(event: &Event) -> Option<Diagnostic> {
    let name = name(event);
    let day = date_in(name).filter(|day| !is_on(event, &(*day..=*day)))?;
    let own = event.when.start_date();
    let message = format!(
        "the name `{}` says {day}, and the event is on {own}",
        excerpt(name)
    );
    let moved = match event.when {
        When::Timed { start, .. } => format!("write `moved_from: {day} {}`", start.format("%H:%M")),
        When::AllDay { .. } => "write `allow: {code: other-date-in-name, reason: …}`".to_owned(),
    };
    let hint = format!(
        "if the file was copied, mend `start`; if the event was moved, keep the name and {moved}"
    );
    let complaint = Complaint::new(Code::OtherDateInName, message).hint(hint);
    Some(complaint.at(event.origin.key("start")))
}

/// Gives what an event is called: the name of its file, or of an entry what stands before the `@` of its UID.
fn name(event: &Event) -> &str {
    match event.origin.entry {
        None => {
            let path = &event.origin.relative;
            let file = path.rsplit('/').next().unwrap_or(path);
            file.rsplit_once('.').map_or(file, |(stem, _)| stem)
        }
        Some(_) => event
            .uid
            .rsplit_once('@')
            .map_or(&event.uid, |(name, _)| name),
    }
}

/// Finds the one date that a name holds, as `2023-05-31`.
fn date_in(name: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = name.split(|c: char| !c.is_ascii_digit()).collect();
    let dates = parts.windows(3).filter_map(|parts| match parts {
        [year, month, day] if (year.len(), month.len(), day.len()) == (4, 2, 2) => {
            let date = parts.join("-");
            name.contains(&date).then(|| date.parse().ok())?
        }
        _ => None,
    });
    match dates.collect::<Vec<NaiveDate>>().as_slice() {
        [date] => Some(*date),
        _ => None,
    }
}
