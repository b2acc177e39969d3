//! Gathering: previews, repeats and reviews of one event become one event.
//!
//! Flows in: the announcements of all posts. Flows out: each event once, with the posts that tell of it, and warnings
//! where they contradict each other. An event is known by project and episode, else by project and start; `union` puts
//! together what is said of it. Deliberately absent: event files.

use crate::diagnostic::{Code, Complaint, Diagnostic, Place};
use crate::event::when::Tz;
use crate::newsletter::announcement::{Announcement, Role};
use crate::newsletter::plain::is_alike;
use crate::newsletter::told_time::Told;
use crate::newsletter::union::unite;
use crate::source::Span;
use chrono::{DateTime, NaiveDate, TimeDelta};
use std::collections::HashMap;
use std::sync::Arc;

/// An event with all that posts tell of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gathered {
    /// What it is, put together.
    pub event: Announcement,
    /// The posts, in the order in which they appeared.
    pub mentions: Vec<Mention>,
    /// The start that was announced before.
    pub moved_from: Option<DateTime<Tz>>,
}

/// A post that tells of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The post's path.
    pub post: Arc<str>,
    /// The day on which it appeared.
    pub post_date: Option<NaiveDate>,
    /// Where it is published.
    pub address: Option<String>,
    /// Whether it looks forward or back.
    pub role: Role,
    /// The line that announces the event, with its bytes in the post.
    pub line: (String, Span),
    /// Whether the line announces several events at once.
    pub is_of_series: bool,
}

/// Gathers announcements; the events stand in the order of their first posts.
pub fn gather(mut announcements: Vec<Announcement>) -> Vec<Gathered> {
    announcements.sort_by(|a, b| order(a).cmp(&order(b)));
    let mut groups = Groups::default();
    for announcement in announcements {
        groups.add(announcement);
    }
    let mut groups = groups.all;
    let moves = moves(&groups);
    let mut moved_from = HashMap::new();
    for Move { from, to } in moves {
        let earlier = std::mem::take(&mut groups[from]);
        moved_from.insert(to, earlier.iter().find_map(start_of));
        groups[to].splice(0..0, earlier);
    }
    let groups = groups.into_iter().enumerate();
    let told = groups.filter(|(_, group)| !group.is_empty());
    told.map(|(at, group)| gathered(group, moved_from.remove(&at).flatten()))
        .collect()
}

/// Orders announcements as their posts appeared.
fn order(announcement: &Announcement) -> (Option<NaiveDate>, &str, usize) {
    let Announcement {
        post_date,
        post,
        line,
        ..
    } = announcement;
    (*post_date, post, line.1.start)
}

/// How far apart two announcements of one episode may be.
const LONGEST_EPISODE: TimeDelta = TimeDelta::days(120);

/// Announcements of the same events.
#[derive(Debug, Default)]
struct Groups {
    all: Vec<Vec<Announcement>>,
    by_episode: HashMap<(String, u32), Vec<usize>>,
    by_day: HashMap<NaiveDate, Vec<usize>>,
    undated: HashMap<String, Vec<usize>>,
}

impl Groups {
    fn add(&mut self, announcement: Announcement) {
        let at = self.place(&announcement).unwrap_or_else(|| {
            self.all.push(Vec::new());
            self.all.len() - 1
        });
        let slug = slug_of(&announcement).to_owned();
        if let Some(episode) = announcement.episode {
            remember(
                self.by_episode.entry((slug.clone(), episode)).or_default(),
                at,
            );
        }
        match announcement.when.day() {
            Some(day) => remember(self.by_day.entry(day).or_default(), at),
            None => remember(self.undated.entry(slug).or_default(), at),
        }
        self.all[at].push(announcement);
    }

    /// Finds the event that an announcement is about.
    fn place(&self, announcement: &Announcement) -> Option<usize> {
        let slug = slug_of(announcement);
        let of_episode = announcement.episode.and_then(|episode| {
            let known = self.by_episode.get(&(slug.to_owned(), episode))?;
            known.iter().copied().find(|at| {
                self.all[*at]
                    .iter()
                    .all(|other| is_near(announcement, other))
            })
        });
        let of_day = || {
            let known = self.by_day.get(&announcement.when.day()?)?;
            known.iter().copied().find(|at| {
                self.all[*at]
                    .iter()
                    .any(|other| is_same_event(announcement, other))
            })
        };
        let of_title = || {
            let known = self
                .undated
                .get(slug)
                .filter(|_| announcement.when == Told::Undated)?;
            known.iter().copied().find(|at| {
                let others = &self.all[*at];
                others
                    .iter()
                    .any(|other| is_alike(&announcement.title, &other.title))
            })
        };
        of_episode.or_else(of_day).or_else(of_title)
    }
}

fn remember(known: &mut Vec<usize>, at: usize) {
    if !known.contains(&at) {
        known.push(at);
    }
}

fn slug_of(announcement: &Announcement) -> &str {
    announcement
        .project
        .as_ref()
        .map_or("", |whose| whose.slug.as_str())
}

fn is_near(one: &Announcement, other: &Announcement) -> bool {
    let days = one.when.day().zip(other.when.day());
    days.is_none_or(|(one, other)| (one - other).abs() <= LONGEST_EPISODE)
}

/// Tells whether two announcements of one day are about one event.
fn is_same_event(one: &Announcement, other: &Announcement) -> bool {
    let episodes = one.episode.zip(other.episode);
    let same_project = slug_of(one) == slug_of(other);
    if episodes.is_some_and(|(one, other)| same_project && one != other) {
        return false;
    }
    let same_code = one.details.code.is_some() && one.details.code == other.details.code;
    let is_known = same_project || same_code || is_alike(&one.title, &other.title);
    is_known
        && match (&one.when, &other.when) {
            (Told::Timed { start: one, .. }, Told::Timed { start: other, .. }) => one == other,
            // One of the posts says no time of day.
            _ => same_project,
        }
}

/// An event that was announced again with another start.
struct Move {
    from: usize,
    to: usize,
}

/// Finds events that were probably moved: a later post gives another start for what was still to come, and does not
/// announce the earlier start too.
fn moves(groups: &[Vec<Announcement>]) -> Vec<Move> {
    let mut found: Vec<Move> = Vec::new();
    let mut by_title: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
    for (at, group) in groups.iter().enumerate() {
        if let Some(first) = group
            .first()
            .filter(|first| first.episode.is_none() && !first.is_of_series)
        {
            by_title
                .entry((slug_of(first), &first.title))
                .or_default()
                .push(at);
        }
    }
    for same_title in by_title.values() {
        for &from in same_title {
            let later = same_title
                .iter()
                .copied()
                .find(|to| is_move(groups, from, *to));
            let is_taken = |at| found.iter().any(|known| known.to == at || known.from == at);
            if let Some(to) = later.filter(|to| !is_taken(*to) && !is_taken(from)) {
                found.push(Move { from, to });
            }
        }
    }
    found.sort_by_key(|found| found.from);
    found
}

fn is_move(groups: &[Vec<Announcement>], from: usize, to: usize) -> bool {
    let (earlier, later) = (&groups[from], &groups[to]);
    let Some(start) = earlier.iter().find_map(start_of) else {
        return false;
    };
    let is_later = |first: &Announcement| {
        let previews = earlier.iter().all(|known| known.role == Role::Preview);
        let last = earlier.iter().filter_map(|known| known.post_date).max();
        let dates = first.post_date.zip(last);
        previews
            && first.role == Role::Preview
            && dates.is_some_and(|(date, last)| date > last && start.date_naive() > date)
            && start_of(first).is_some_and(|other| (other - start).abs() <= LONGEST_MOVE)
    };
    from != to && later.first().is_some_and(is_later)
}

/// How far an event is moved at most.
const LONGEST_MOVE: TimeDelta = TimeDelta::days(31);

fn start_of(announcement: &Announcement) -> Option<DateTime<Tz>> {
    match announcement.when {
        Told::Timed { start, .. } => Some(start),
        _ => None,
    }
}

/// Finds the start that an episode had before a later post gave another one, by the same rule.
fn moved_episode(group: &[Announcement]) -> Option<DateTime<Tz>> {
    let previews = || {
        group
            .iter()
            .filter(|known| known.role == Role::Preview && !known.is_page)
    };
    let last = previews().next_back()?;
    let (start, date) = (start_of(last)?, last.post_date?);
    let is_before = |known: &Announcement| {
        let other = start_of(known).filter(|other| *other != start)?;
        (other.date_naive() > date && known.post_date < last.post_date).then_some(other)
    };
    let is_repeated = |other| {
        group
            .iter()
            .any(|known| known.post == last.post && start_of(known) == Some(other))
    };
    previews()
        .find_map(is_before)
        .filter(|other| !is_repeated(*other))
}

fn gathered(group: Vec<Announcement>, moved_from: Option<DateTime<Tz>>) -> Gathered {
    let mentions = group.iter().map(|announcement| Mention {
        post: announcement.post.clone(),
        post_date: announcement.post_date,
        address: announcement.address.clone(),
        role: announcement.role,
        line: announcement.line.clone(),
        is_of_series: announcement.is_of_series,
    });
    let mentions = mentions.collect();
    let moved_from = moved_from.or_else(|| moved_episode(&group));
    let mut event = unite(group, moved_from);
    if let Some(before) = moved_from {
        let shown = before.format("%Y-%m-%d %H:%M");
        let message = format!("the event was announced for {shown} before");
        event.doubts.note("start", message.clone());
        let place = Place::span(event.post.clone(), event.line.1.clone());
        let complaint = Complaint::new(Code::ProbableMove, message)
            .hint(format!("if it was moved, write `moved_from: {shown}` into its file; if both take place, begin the other with `sofacal new`"));
        let found: Diagnostic = complaint.at(place);
        event.doubts.warnings.push(found);
    }
    Gathered {
        event,
        mentions,
        moved_from,
    }
}
