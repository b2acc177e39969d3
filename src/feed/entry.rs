//! Entries: an event as a subscriber reads it, with every default, label and policy resolved.
//!
//! Flows in: an event and its calendar. Flows out: all that `ics` writes for the UID but the stamps,
//! and a digest of it: a changed digest is what subscribers must notice.

use crate::event::calendar::{Calendar, CancelledPolicy};
use crate::event::digits::Digits;
use crate::event::link::Url;
use crate::event::series::Series;
use crate::event::series::rule::{Bound, Rule};
use crate::event::when::{Moment, When};
use crate::event::{Details, Event, Status};
use crate::feed::description::{Occurrence, describe};
use crate::feed::digest::Digest;
use crate::feed::labels::Labels;
use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use std::borrow::Cow;

/// What a subscriber gets for one UID, or for one occurrence that differs from its series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry<'e> {
    /// The UID.
    pub uid: &'e str,
    /// The title, with the episode and a mark if cancelled.
    pub summary: Cow<'e, str>,
    /// Plain text of several lines; empty when there is nothing to say.
    pub description: String,
    /// When it takes place.
    #[serde(serialize_with = "serialize_when")]
    pub when: When,
    /// What calendars show as its place: an address or a link.
    pub location: Option<&'e str>,
    /// The link that matters most.
    pub url: Option<&'e Url>,
    /// Project, kind and tags.
    pub categories: Vec<&'e str>,
    /// Whether it takes place, as the calendar's policy has it.
    #[serde(serialize_with = "serialize_status")]
    pub status: Status,
    /// Whether it leaves the subscriber's time free (RFC 5545, 3.8.2.7).
    pub is_transparent: bool,
    /// Ways to take part: phones first, the video link last.
    pub conferences: Vec<Conference<'e>>,
    /// A poster.
    pub image: Option<&'e Url>,
    /// Slides and papers.
    pub attachments: Vec<&'e Url>,
    /// When it takes place again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repetition: Option<Repetition<'e>>,
}

/// When an entry takes place again (RFC 5545, 3.8.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Repetition<'e> {
    /// RRULE.
    #[serde(serialize_with = "serialize_rule")]
    pub rule: &'e Rule,
    /// EXDATE: the starts of occurrences that are left out, in order.
    #[serde(serialize_with = "serialize_moments")]
    pub excluded: Vec<Moment>,
    /// The occurrences that differ, in order of the starts that the rule gives them.
    pub overrides: Vec<Override<'e>>,
}

/// An occurrence that differs from its series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Override<'e> {
    /// RECURRENCE-ID: the start that the rule gives it.
    #[serde(serialize_with = "serialize_moment")]
    pub recurrence_id: Moment,
    /// What takes place instead.
    pub entry: Entry<'e>,
}

/// One way to take part (RFC 7986, 5.11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conference<'e> {
    /// `tel:` or the link.
    pub uri: Cow<'e, str>,
    /// PHONE or VIDEO.
    pub feature: &'static str,
    /// What a button would say.
    pub label: &'static str,
}

impl<'e> Entry<'e> {
    /// Resolves an event; `None` when nothing of it is for subscribers: it is cancelled and the calendar
    /// drops what is, or a series has no occurrence left.
    pub fn of(event: &'e Event, calendar: &'e Calendar) -> Option<Self> {
        let occurrence = Occurrence {
            when: event.when.clone(),
            end_assumed: event.end_assumed,
            details: &event.details,
            skips: event.series.as_ref().map_or(&[], |series| &series.skips),
        };
        let series = event.series.as_deref();
        if series.is_some_and(|series| series.is_empty(calendar.cancelled)) {
            return None;
        }
        let mut entry = Entry::resolve(event, occurrence, calendar)?;
        entry.repetition = series.map(|series| Repetition::of(event, series, calendar));
        Some(entry)
    }

    fn resolve(
        event: &'e Event,
        occurrence: Occurrence<'e>,
        calendar: &'e Calendar,
    ) -> Option<Self> {
        let labels = Labels::of(calendar.language);
        let details = occurrence.details;
        let is_cancelled = details.status == Status::Cancelled;
        let (mark, status) = match (is_cancelled, calendar.cancelled) {
            (false, _) => ("", details.status),
            (true, CancelledPolicy::Mark) => (labels.cancelled_mark, Status::Confirmed),
            (true, CancelledPolicy::Strict) => ("", Status::Cancelled),
            (true, CancelledPolicy::Drop) => return None,
        };
        let project = calendar.projects.get(&event.project);
        let project_name = project.map_or(event.project.as_str(), |project| &project.name);
        let join_url = details.join.url.as_ref();
        let stream_url = details.stream.url.as_ref();
        let online = join_url.or(stream_url);
        Some(Entry {
            uid: &event.uid,
            summary: title(mark, details, project_name),
            description: describe(&occurrence, calendar.zone, labels),
            location: details.location.as_deref().or(online.map(Url::as_str)),
            url: details
                .url
                .as_ref()
                .or(online)
                .or(details.register.as_ref()),
            categories: categories(details, project_name, labels),
            status,
            is_transparent: is_cancelled || matches!(occurrence.when, When::AllDay { .. }),
            conferences: conferences(details, labels),
            image: details.image.as_ref(),
            attachments: details
                .review
                .materials
                .iter()
                .filter_map(|material| material.url.as_ref())
                .collect(),
            repetition: None,
            when: occurrence.when,
        })
    }

    /// Digests all that a subscriber can see; stable over versions and machines.
    ///
    /// What is digested is written to `json` first, whose room many entries can use.
    pub fn digest(&self, json: &mut Vec<u8>) -> Digest {
        json.clear();
        serde_json::to_writer(&mut *json, self).expect("an entry has text keys only");
        let digest = Sha256::digest(json);
        Digest::of(digest.first_chunk().copied().unwrap_or_default())
    }
}

impl<'e> Repetition<'e> {
    fn of(event: &'e Event, series: &'e Series, calendar: &'e Calendar) -> Self {
        let mut excluded: Vec<Moment> = series.skips.iter().map(|skip| skip.original).collect();
        let mut overrides = Vec::new();
        for change in &series.changes {
            let occurrence = Occurrence {
                when: change.when.clone(),
                end_assumed: change.end_assumed,
                details: &change.details,
                skips: &[],
            };
            match Entry::resolve(event, occurrence, calendar) {
                Some(entry) => overrides.push(Override {
                    recurrence_id: change.original,
                    entry,
                }),
                None => excluded.push(change.original),
            }
        }
        overrides.extend(over_clock_changes(event, series, calendar));
        excluded.sort_by_key(Moment::wall_clock);
        overrides.sort_by_key(|change| change.recurrence_id.wall_clock());
        Repetition {
            rule: &series.rule,
            excluded,
            overrides,
        }
    }
}

/// Spells out the occurrences during which clocks change: RFC 5545, 3.8.5.3 lets all last equally long, but
/// half of the programs let them end at the same wall clock.
fn over_clock_changes<'e>(
    event: &'e Event,
    series: &'e Series,
    calendar: &'e Calendar,
) -> Vec<Override<'e>> {
    let skipped = series.skips.iter().map(|skip| skip.original);
    let changed = series.changes.iter().map(|change| change.original);
    let named: Vec<Moment> = skipped.chain(changed).collect();
    let spelled = |start: &Moment| {
        let occurrence = Occurrence {
            when: event.when.starting(start),
            end_assumed: event.end_assumed,
            details: &event.details,
            skips: &series.skips,
        };
        Some(Override {
            recurrence_id: *start,
            entry: Entry::resolve(event, occurrence, calendar)?,
        })
    };
    let starts = series.over_clock_changes.iter();
    starts
        .filter(|start| !named.contains(start))
        .filter_map(spelled)
        .collect()
}

/// Puts the mark before the title, with project and episode unless the title names the episode.
pub fn title<'e>(mark: &str, details: &'e Details, project: &str) -> Cow<'e, str> {
    let title = details.title.as_str();
    match details.episode {
        Some(episode) if !names_episode(title, episode) => {
            format!("{mark}{project}#{episode}｜{title}").into()
        }
        _ if mark.is_empty() => title.into(),
        _ => format!("{mark}{title}").into(),
    }
}

fn names_episode(title: &str, episode: u32) -> bool {
    let number = episode.to_string();
    title.match_indices(&number).any(|(at, _)| {
        let before = title[..at].trim_end();
        let after = &title[at + number.len()..];
        let is_whole = !after.starts_with(|c: char| c.is_ascii_digit());
        is_whole
            && (before.ends_with(['#', '＃'])
                || before.ends_with('第')
                    && after.trim_start().starts_with(['期', '场', '次', '讲']))
    })
}

fn categories<'e>(details: &'e Details, project: &'e str, labels: &Labels) -> Vec<&'e str> {
    let mut categories = vec![project];
    let tags = details.tags.iter().map(String::as_str);
    for word in [labels.kind(details.kind)].into_iter().chain(tags) {
        if !categories.contains(&word) {
            categories.push(word);
        }
    }
    categories
}

/// Lists the ways to take part; Thunderbird shows the last one only, so video comes last.
fn conferences<'e>(details: &'e Details, labels: &Labels) -> Vec<Conference<'e>> {
    let (join, stream) = (&details.join, &details.stream);
    let phones = join.phones.iter().map(|phone| Conference {
        uri: ["tel:", phone.as_str()].concat().into(),
        feature: "PHONE",
        label: labels.phones,
    });
    let watch = stream.url.as_ref().map(|url| (url, labels.stream));
    let join = join.url.as_ref().map(|url| (url, labels.join));
    let video = join.or(watch).map(|(url, label)| Conference {
        uri: url.as_str().into(),
        feature: "VIDEO",
        label,
    });
    phones.chain(video).collect()
}

fn serialize_when<S: Serializer>(when: &When, serializer: S) -> Result<S::Ok, S::Error> {
    match when {
        When::Timed { start, end } => {
            let [from, to] =
                [start, end].map(|time| Digits::of(b"YYYY-MM-DD hh:mm:ss", time.naive_utc()));
            let zone = start.timezone().name();
            serializer.serialize_str(&[from.as_str(), "/", to.as_str(), " ", zone].concat())
        }
        When::AllDay { first, last } => serializer.collect_str(&format_args!("{first}/{last}")),
    }
}

fn serialize_moment<S: Serializer>(moment: &Moment, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&moment.wall_clock())
}

fn serialize_moments<S: Serializer>(moments: &[Moment], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(moments.iter().map(|moment| moment.wall_clock().to_string()))
}

fn serialize_rule<S: Serializer>(rule: &&Rule, serializer: S) -> Result<S::Ok, S::Error> {
    match rule.bound {
        Bound::Open => serializer.collect_str(rule),
        Bound::Count(count) => serializer.collect_str(&format_args!("{rule} x {count}")),
        Bound::Until(until) => serializer.collect_str(&format_args!("{rule} to {until}")),
    }
}

fn serialize_status<S: Serializer>(status: &Status, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(status.as_str())
}

#[cfg(test)]
mod tests {
    use super::names_episode;

    #[test]
    fn knows_when_a_title_names_its_episode() {
        for title in [
            "SOFAChannel#33 直播",
            "SOFAChannel #33：x",
            "第 33 期 x",
            "第33期",
            "x ＃33",
        ] {
            assert!(names_episode(title, 33), "{title}");
        }
        for title in ["33 天", "SOFAChannel#331", "第 33 届", "#3"] {
            assert!(!names_episode(title, 33), "{title}");
        }
    }
}
