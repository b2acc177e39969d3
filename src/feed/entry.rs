//! Entries: an event as a subscriber reads it, with every default, label and policy resolved.
//!
//! Flows in: an event and its calendar. Flows out: all that `ics` writes for the UID but the stamps,
//! and a digest of it: a changed digest is what subscribers must notice.

use crate::event::calendar::{Calendar, CancelledPolicy};
use crate::event::link::Url;
use crate::event::when::When;
use crate::event::{Event, Status};
use crate::feed::description::describe;
use crate::feed::labels::Labels;
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

/// What a subscriber gets for one UID.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The UID.
    pub uid: String,
    /// The title, with the episode and a mark if cancelled.
    pub summary: String,
    /// Plain text of several lines; empty when there is nothing to say.
    pub description: String,
    /// When it takes place.
    #[serde(serialize_with = "serialize_when")]
    pub when: When,
    /// What calendars show as its place: an address or a link.
    pub location: Option<String>,
    /// The link that matters most.
    pub url: Option<Url>,
    /// Project, kind and tags.
    pub categories: Vec<String>,
    /// Whether it takes place, as the calendar's policy has it.
    #[serde(serialize_with = "serialize_status")]
    pub status: Status,
    /// Whether it leaves the subscriber's time free (RFC 5545, 3.8.2.7).
    pub is_transparent: bool,
    /// Ways to take part: phones first, the video link last.
    pub conferences: Vec<Conference>,
    /// A poster.
    pub image: Option<Url>,
    /// Slides and papers.
    pub attachments: Vec<Url>,
}

/// One way to take part (RFC 7986, 5.11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conference {
    /// `tel:` or the link.
    pub uri: String,
    /// PHONE or VIDEO.
    pub feature: &'static str,
    /// What a button would say.
    pub label: &'static str,
}

impl Entry {
    /// Resolves an event; `None` when the calendar drops cancelled events and this is one.
    pub fn of(event: &Event, calendar: &Calendar) -> Option<Self> {
        let labels = Labels::of(calendar.language);
        let details = &event.details;
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
            uid: event.uid.clone(),
            summary: format!("{mark}{}", title(event, project_name)),
            description: describe(event, labels),
            when: event.when.clone(),
            location: details.location.clone().or(online.map(ToString::to_string)),
            url: details
                .url
                .as_ref()
                .or(online)
                .or(details.register.as_ref())
                .cloned(),
            categories: categories(event, project_name, labels),
            status,
            is_transparent: is_cancelled || matches!(event.when, When::AllDay { .. }),
            conferences: conferences(event, labels),
            image: details.image.clone(),
            attachments: details
                .review
                .materials
                .iter()
                .filter_map(|material| material.url.clone())
                .collect(),
        })
    }

    /// Digests all that a subscriber can see; hexadecimal, stable over versions and machines.
    pub fn digest(&self) -> String {
        let json = serde_json::to_vec(self).expect("an entry has text keys only");
        Sha256::digest(json)
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

/// Puts project and episode before the title, unless the title names the episode.
fn title(event: &Event, project: &str) -> String {
    let title = &event.details.title;
    match event.details.episode {
        Some(episode) if !names_episode(title, episode) => format!("{project}#{episode}｜{title}"),
        _ => title.clone(),
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

fn categories(event: &Event, project: &str, labels: &Labels) -> Vec<String> {
    let mut categories = vec![project.to_owned()];
    let kind = labels.kind(event.details.kind).to_owned();
    for word in [kind].iter().chain(&event.details.tags) {
        if !categories.contains(word) {
            categories.push(word.clone());
        }
    }
    categories
}

/// Lists the ways to take part; Thunderbird shows the last one only, so video comes last.
fn conferences(event: &Event, labels: &Labels) -> Vec<Conference> {
    let (join, stream) = (&event.details.join, &event.details.stream);
    let phones = join.phones.iter().map(|phone| Conference {
        uri: format!("tel:{}", phone.as_str()),
        feature: "PHONE",
        label: labels.phones,
    });
    let watch = stream.url.as_ref().map(|url| (url, labels.stream));
    let join = join.url.as_ref().map(|url| (url, labels.join));
    let video = join.or(watch).map(|(url, label)| Conference {
        uri: url.to_string(),
        feature: "VIDEO",
        label,
    });
    phones.chain(video).collect()
}

fn serialize_when<S: Serializer>(when: &When, serializer: S) -> Result<S::Ok, S::Error> {
    match when {
        When::Timed { start, end } => serializer.collect_str(&format_args!(
            "{}/{} {}",
            start.naive_utc(),
            end.naive_utc(),
            start.timezone()
        )),
        When::AllDay { first, last } => serializer.collect_str(&format_args!("{first}/{last}")),
    }
}

fn serialize_status<S: Serializer>(status: &Status, serializer: S) -> Result<S::Ok, S::Error> {
    let word = Status::WORDS
        .iter()
        .find(|(_, meaning)| meaning == status)
        .map_or("", |(word, _)| word);
    serializer.serialize_str(word)
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
