//! Union: what several posts say of one event becomes one saying.
//!
//! Flows in: announcements of one event, in the order of their posts. Flows out: one announcement, and a warning for
//! each contradiction. A page about the event weighs most, then the latest preview; a review fills in what happened and
//! what is missing.

use crate::diagnostic::{Code, Complaint, Place};
use crate::event::when::Tz;
use crate::newsletter::announcement::{Announcement, Details, Named, Role};
use crate::newsletter::told_time::Told;
use crate::newsletter::web_address::is_same_page;
use chrono::DateTime;
use std::cmp::Reverse;

/// Puts the announcements of one event together, which may have been moved from an earlier start.
pub(super) fn unite(
    mut group: Vec<Announcement>,
    moved_from: Option<DateTime<Tz>>,
) -> Announcement {
    group.sort_by_key(|announcement| {
        let is_review = !announcement.is_page && announcement.role == Role::Review;
        let is_timed = matches!(announcement.when, Told::Timed { .. });
        (
            is_review,
            !announcement.is_page,
            Reverse(is_timed),
            Reverse(announcement.post_date),
        )
    });
    let mut all = group.into_iter();
    let mut event = all.next().unwrap_or_default();
    for other in all {
        let is_better = rank(&other.when) > rank(&event.when);
        let is_moved = matches!(other.when, Told::Timed { start, .. } if moved_from == Some(start));
        if !is_moved {
            compare_times(&mut event, &other);
        }
        if is_better {
            event.when = other.when;
        } else if let (Told::Timed { start, end: None }, Told::Timed { start: same, end }) =
            (event.when, other.when)
            && start == same
        {
            event.when = Told::Timed { start, end };
        }
        event.episode = event.episode.or(other.episode);
        event.is_of_series |= other.is_of_series;
        if other.title.chars().count() > event.title.chars().count()
            && other.title.contains(&event.title)
            && !event.is_page
        {
            event.title.clone_from(&other.title);
        }
        compare_links(&mut event, &other);
        fill(&mut event.details, other.details, other.role);
        event.doubts.warnings.extend(other.doubts.warnings);
        for note in other.doubts.notes {
            let is_said = event
                .doubts
                .notes
                .iter()
                .any(|known| known.field == note.field);
            if !is_said || !["start", "end"].contains(&note.field) {
                event.doubts.note(note.field, note.text);
            }
        }
    }
    forget_what_is_known(&mut event);
    event
}

/// Orders times by how much they say.
fn rank(when: &Told) -> u8 {
    match when {
        Told::Undated => 0,
        Told::Days { .. } => 1,
        Told::Timed { .. } => 2,
    }
}

/// Warns where two posts give an event different times.
fn compare_times(event: &mut Announcement, other: &Announcement) {
    let (
        Told::Timed { start, end },
        Told::Timed {
            start: other_start,
            end: other_end,
        },
    ) = (event.when, other.when)
    else {
        return;
    };
    let shown = |time: DateTime<Tz>| time.format("%Y-%m-%d %H:%M").to_string();
    if start != other_start {
        contradict(event, other, "start", shown(start), shown(other_start));
    } else if let (Some(end), Some(other_end)) = (end, other_end)
        && end != other_end
    {
        contradict(event, other, "end", shown(end), shown(other_end));
    }
}

/// Warns where two posts give an event different links of which only one can be right.
fn compare_links(event: &mut Announcement, other: &Announcement) {
    let tracking = event
        .details
        .tracking
        .clone()
        .zip(other.details.tracking.clone());
    if let Some((one, another)) = tracking.filter(|(one, another)| !is_same_page(one, another)) {
        contradict(event, other, "tracking", one, another);
    }
}

fn contradict(
    event: &mut Announcement,
    other: &Announcement,
    field: &'static str,
    one: String,
    another: String,
) {
    let message = format!("the posts give the event two values for `{field}`: {one} and {another}");
    event.doubts.note(field, message.clone());
    let complaint = Complaint::new(Code::Contradiction, message).hint("ask which of them is right");
    let place = Place::span(event.post.clone(), event.line.1.clone());
    let there = Place::span(other.post.clone(), other.line.1.clone());
    let found = complaint.at(place).also(there, another);
    event.doubts.warnings.push(found);
}

/// Takes what is missing from another post.
fn fill(details: &mut Details, other: Details, role: Role) {
    let Details {
        join_url,
        code,
        phones,
        stream_url,
        room,
        location,
        group,
        register,
        agenda,
        speakers,
        image,
        tracking,
        summary,
        replays,
        materials,
        links,
    } = other;
    // A code belongs to its link and its phones.
    if details.code.is_none() && details.join_url.is_none() {
        details.code = code;
        details.join_url = join_url;
        details.phones = phones;
    } else if details.code == code {
        details.join_url = details.join_url.take().or(join_url);
        or_list(&mut details.phones, phones);
    }
    or(&mut details.stream_url, stream_url);
    or(&mut details.room, room);
    or(&mut details.location, location);
    or(&mut details.group, group);
    or(&mut details.register, register);
    or(&mut details.image, image);
    or(&mut details.summary, summary);
    // Who looks back knows best which issue it was.
    match role {
        Role::Review => details.tracking = tracking.or(details.tracking.take()),
        Role::Preview => or(&mut details.tracking, tracking),
    }
    or_list(&mut details.agenda, agenda);
    or_list(&mut details.speakers, speakers);
    add(&mut details.replays, replays);
    add(&mut details.materials, materials);
    add(&mut details.links, links);
}

fn or<T>(own: &mut Option<T>, other: Option<T>) {
    if own.is_none() {
        *own = other;
    }
}

fn or_list<T>(own: &mut Vec<T>, other: Vec<T>) {
    if own.is_empty() {
        *own = other;
    }
}

fn add(own: &mut Vec<Named>, other: Vec<Named>) {
    for link in other {
        if !own.iter().any(|known| is_same_page(&known.url, &link.url)) {
            own.push(link);
        }
    }
}

/// Drops notes about what another post says after all.
fn forget_what_is_known(event: &mut Announcement) {
    let when = event.when;
    event.doubts.notes.retain(|note| match note.field {
        "end" => {
            !(matches!(when, Told::Timed { end: Some(_), .. }) && note.text.ends_with("no end"))
        }
        "start" => match when {
            Told::Undated => true,
            Told::Days { .. } => !note.text.contains("no date"),
            Told::Timed { .. } => {
                !note.text.contains("no date") && !note.text.contains("no time of day")
            }
        },
        _ => true,
    });
}
