//! Clashes: events that need one meeting, live room or place at the same time, or the same people.
//!
//! A sweep over the occurrences of each: whatever begins before the one that ends last is over clashes with it. So the
//! time is that of sorting, and every occurrence that clashes is told of, once for each pair of events. Whole days block
//! no time, and a talk shares its conference's place with others.

use crate::diagnostic::{Code, Complaint, Diagnostic, excerpt};
use crate::event::occurrences::Occurrence;
use crate::event::rules::Known;
use crate::event::when::When;
use crate::event::{Details, Event, Kind, Status};
use chrono::{DateTime, Days, NaiveDate, Utc};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// What two events cannot have at the same time; the first is said when they share several.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Shared {
    Meeting(String),
    LiveRoom(String),
    Place(String),
    Project(String),
}

/// An occurrence that blocks time.
struct Slot<'e> {
    occurrence: Occurrence<'e>,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
}

/// Two events that clash: the first time, and how often.
struct Clash<'s, 'e> {
    shared: &'s Shared,
    earlier: &'s Slot<'e>,
    later: &'s Slot<'e>,
    times: usize,
}

/// Finds events that overlap where they must not, or had better not.
pub(super) fn clashes(known: &Known) -> Vec<Diagnostic> {
    let mut slots = slots(known);
    slots.sort_by_key(|slot| (slot.start, slot.end));
    let mut users: BTreeMap<Shared, Vec<&Slot>> = BTreeMap::new();
    for slot in &slots {
        for shared in shared(&slot.occurrence) {
            users.entry(shared).or_default().push(slot);
        }
    }
    // What is shared comes in the order of its weight: the first of a pair stands.
    let mut found: BTreeMap<(&str, &str), Clash> = BTreeMap::new();
    for (shared, slots) in &users {
        for (earlier, later) in overlapping(slots) {
            let uids = [earlier, later].map(|slot| &*slot.occurrence.event.uid);
            let pair = (uids[0].min(uids[1]), uids[0].max(uids[1]));
            let clash = found.entry(pair).or_insert(Clash {
                shared,
                earlier,
                later,
                times: 0,
            });
            clash.times += usize::from(clash.shared == shared);
        }
    }
    found.values().map(Clash::told).collect()
}

/// Lists what blocks time, in each series of the year that matters.
fn slots<'e>(known: &Known<'e>) -> Vec<Slot<'e>> {
    let today = known.calendar.day_of(known.now);
    let occurrences = known
        .events
        .iter()
        .flat_map(|event| event.occurrences(&year_of(event, today), known.calendar.zone));
    let taking_place =
        occurrences.filter(|occurrence| occurrence.details.status != Status::Cancelled);
    let slot = |occurrence: Occurrence<'e>| {
        let (start, end) = occurrence.span()?;
        Some(Slot {
            occurrence,
            start,
            end,
        })
    };
    taking_place.filter_map(slot).collect()
}

/// Gives the days of an event that are looked at: of a series a year from last month on, its first one if it begins
/// later, its last one if it ends sooner.
fn year_of(event: &Event, today: NaiveDate) -> RangeInclusive<NaiveDate> {
    const YEAR: Days = Days::new(366);
    const MONTH: Days = Days::new(31);
    let first = event.when.start_date();
    if event.series.is_none() {
        return first..=event.when.last_date();
    }
    let recent = today.checked_sub_days(MONTH).unwrap_or(today);
    let last_year = event
        .last_date()
        .and_then(|last| last.checked_sub_days(YEAR));
    let begin = last_year.map_or(recent, |last_year| recent.min(last_year));
    // An occurrence may be moved to before the first.
    let begin = begin.max(first.checked_sub_days(MONTH).unwrap_or(first));
    begin..=begin.max(first).checked_add_days(YEAR).unwrap_or(begin)
}

/// Pairs each slot that begins before an earlier one is over with the one of these that ends last.
fn overlapping<'s, 'e>(slots: &[&'s Slot<'e>]) -> Vec<(&'s Slot<'e>, &'s Slot<'e>)> {
    let mut found = Vec::new();
    let mut latest: Option<&Slot> = None;
    for slot in slots {
        if let Some(latest) = latest
            && slot.start < latest.end
            && slot.occurrence.event.uid != latest.occurrence.event.uid
        {
            found.push((latest, *slot));
        }
        latest = match latest {
            Some(latest) if latest.end >= slot.end => Some(latest),
            _ => Some(slot),
        };
    }
    found
}

/// Lists what an occurrence cannot share.
fn shared(occurrence: &Occurrence) -> Vec<Shared> {
    let (event, details) = (occurrence.event, occurrence.details);
    let (join, stream) = (&details.join, &details.stream);
    let code = join.code.as_deref().map(plain_code).map(Shared::Meeting);
    let meeting = join
        .url
        .as_ref()
        .map(|url| Shared::Meeting(url.to_string()));
    let room = stream.room.as_ref().map(|room| {
        let platform = stream.platform.as_deref().unwrap_or_default();
        Shared::LiveRoom(format!("{platform} {room}").trim().to_owned())
    });
    let live = stream
        .url
        .as_ref()
        .map(|url| Shared::LiveRoom(url.to_string()));
    let place = place(details).map(Shared::Place);
    let project = Shared::Project(event.project.clone());
    let all = [code, meeting, room, live, place, Some(project)];
    all.into_iter().flatten().collect()
}

/// Takes the blanks and dashes out of a code, which people put where they like.
fn plain_code(code: &str) -> String {
    code.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Words that stand where a place belongs and name none.
const NOWHERE: &[&str] = &[
    "线上",
    "在线",
    "远程",
    "网络",
    "云端",
    "待定",
    "未定",
    "online",
    "remote",
    "virtual",
    "tbd",
    "tba",
    "zoom",
    "dingtalk",
    "钉钉",
    "腾讯会议",
    "飞书",
];

/// Gives the place that an event takes up; a talk is a guest at someone's conference, with others beside it.
fn place(details: &Details) -> Option<String> {
    let location = details
        .location
        .as_deref()
        .filter(|_| details.kind != Kind::Talk)?;
    let words: Vec<&str> = location.split_whitespace().collect();
    let place = words.join(" ").to_lowercase();
    let is_nowhere = NOWHERE.iter().any(|word| place.starts_with(word));
    (!is_nowhere && !place.contains("://")).then_some(place)
}

impl Clash<'_, '_> {
    fn told(&self) -> Diagnostic {
        let (earlier, later) = (&self.earlier.occurrence, &self.later.occurrence);
        let begins = later.when.start().wall_clock().format("%Y-%m-%d at %H:%M");
        let again = match self.times {
            0 | 1 => String::new(),
            times => format!(", and {} times more", times - 1),
        };
        let (code, what, hint) = match self.shared {
            Shared::Meeting(key) => {
                let code = later.details.join.code.as_ref();
                let name = code.filter(|code| plain_code(code) == *key).unwrap_or(key);
                let hint = "move one of them, or give it a meeting of its own; if both are one meeting, write `allow: {code: double-booked, reason: …}`";
                (
                    Code::DoubleBooked,
                    format!("events need the meeting `{name}`"),
                    hint,
                )
            }
            Shared::LiveRoom(room) => {
                let hint = "move one of them, or give it another room; if both are one stream, write `allow: {code: double-booked, reason: …}`";
                (
                    Code::DoubleBooked,
                    format!("events need the live room `{room}`"),
                    hint,
                )
            }
            Shared::Place(place) => {
                let hint = "move one of them, or name the rooms; if there is room for both, write `allow: {code: double-booked, reason: …}`";
                (
                    Code::DoubleBooked,
                    format!("events need the place `{place}`"),
                    hint,
                )
            }
            Shared::Project(project) => {
                let hint = "who wants to be at both can be at one only; if that is fine, write `allow: {code: project-overlap, reason: …}`";
                (
                    Code::ProjectOverlap,
                    format!("events of `{project}` overlap"),
                    hint,
                )
            }
        };
        let message = match code {
            Code::ProjectOverlap => format!("two {what} on {begins}{again}"),
            _ => format!("two {what} at the same time, on {begins}{again}"),
        };
        Complaint::new(code, message)
            .label(told_of(later))
            .hint(hint)
            .at(later.event.origin.key("start"))
            .also(earlier.event.origin.key("start"), told_of(earlier))
    }
}

/// Names an occurrence: `Layotto 社区会议, 14:00-15:00`.
fn told_of(occurrence: &Occurrence) -> String {
    let title = excerpt(&occurrence.details.title);
    match &occurrence.when {
        When::Timed { start, end } => {
            format!("{title}, {}-{}", start.format("%H:%M"), end.format("%H:%M"))
        }
        When::AllDay { .. } => title,
    }
}
