//! Descriptions: the plain text that a subscriber reads when the entry is opened.
//!
//! How to join comes first, then what it is about, then what is left of it: a phone shows the first
//! lines only. Deliberately absent: HTML, which many calendars show as it is.

use crate::event::link::Link;
use crate::event::series::Skip;
use crate::event::when::{Moment, Tz, When};
use crate::event::{AgendaItem, Details, Person, Status};
use crate::feed::labels::Labels;
use chrono::{Datelike, NaiveDate};

/// What is described: an event, a series as a whole, or one occurrence that differs.
pub(crate) struct Occurrence<'a> {
    /// When it takes place.
    pub(crate) when: &'a When,
    /// Whether nobody said when it ends.
    pub(crate) end_assumed: bool,
    /// What it is about.
    pub(crate) details: &'a Details,
    /// Which occurrences of the series are left out.
    pub(crate) skips: &'a [Skip],
}

/// Writes the description of an event; paragraphs are parted by an empty line.
pub(crate) fn describe(occurrence: &Occurrence, calendar_zone: Tz, labels: &Labels) -> String {
    let details = occurrence.details;
    let paragraphs = [
        notice(details, calendar_zone, labels),
        taking_part(details, labels),
        details.description.iter().cloned().collect(),
        agenda(details, labels),
        people(details, labels),
        review(details, labels),
        references(details, labels),
        skipped(occurrence.skips, labels),
        assumed_end(occurrence, labels),
    ];
    let written = paragraphs.into_iter().filter(|lines| !lines.is_empty());
    written
        .map(|lines| lines.join("\n"))
        .collect::<Vec<_>>()
        .join("\n\n")
}

/// Says what is not as it was announced.
fn notice(details: &Details, calendar_zone: Tz, labels: &Labels) -> Vec<String> {
    let cancelled = (details.status == Status::Cancelled).then(|| labels.cancelled.to_owned());
    let moved = details.moved_from.map(|moved| {
        let from = moment(&moved, calendar_zone, labels);
        line(labels, labels.moved_from, &from)
    });
    let reason = details
        .reason
        .as_ref()
        .map(|reason| line(labels, labels.reason, reason));
    [cancelled, moved, reason].into_iter().flatten().collect()
}

/// Writes a time or a day; a series may be in another zone than its calendar, which is then named.
fn moment(moment: &Moment, calendar_zone: Tz, labels: &Labels) -> String {
    let day = day(moment.date(), labels);
    match moment {
        Moment::Day(_) => day,
        Moment::Time(time) if time.timezone() == calendar_zone => {
            format!("{day} {}", time.format("%H:%M"))
        }
        Moment::Time(time) => format!("{day} {} {}", time.format("%H:%M"), time.timezone()),
    }
}

fn day(date: NaiveDate, labels: &Labels) -> String {
    format!("{date} {}", labels.weekday(date.weekday()))
}

/// Says why a series has a gap; without a reason there is nothing to say.
fn skipped(skips: &[Skip], labels: &Labels) -> Vec<String> {
    let skipped = |skip: &Skip| {
        let reason = skip.reason.as_ref()?;
        let day = day(skip.original.date(), labels);
        let text = format!("{day}{}", bracketed(labels, reason));
        Some(line(labels, labels.skipped, &text))
    };
    skips.iter().filter_map(skipped).collect()
}

fn taking_part(details: &Details, labels: &Labels) -> Vec<String> {
    let (join, stream) = (&details.join, &details.stream);
    let is_dingtalk = join
        .url
        .as_ref()
        .is_none_or(|url| url.as_str().contains("dingtalk"));
    let code_label = if is_dingtalk {
        labels.dingtalk_code
    } else {
        labels.meeting_code
    };
    let phones: Vec<&str> = join.phones.iter().map(|phone| phone.as_str()).collect();
    let phones = (!phones.is_empty()).then(|| phones.join(labels.comma));
    let room = stream
        .room
        .as_ref()
        .map(|room| format!("{} {room}", labels.room));
    let watch: Vec<String> = [
        stream.platform.clone(),
        room,
        stream.url.as_ref().map(ToString::to_string),
    ]
    .into_iter()
    .flatten()
    .collect();
    let watch = (!watch.is_empty()).then(|| watch.join(" "));
    [
        (labels.join, join.url.as_ref().map(ToString::to_string)),
        (code_label, join.code.clone()),
        (labels.password, join.password.clone()),
        (labels.phones, phones),
        (labels.stream, watch),
        (labels.location, details.location.clone()),
        (
            labels.register,
            details.register.as_ref().map(ToString::to_string),
        ),
        (labels.dingtalk_group, details.dingtalk_group.clone()),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some(line(labels, label, &value?)))
    .collect()
}

fn agenda(details: &Details, labels: &Labels) -> Vec<String> {
    let mut lines = Vec::new();
    for (index, item) in details.agenda.iter().enumerate() {
        lines.push(format!("{}. {}", index + 1, agenda_text(item, labels)));
        add_items(&mut lines, &item.items, 1, labels);
    }
    headed(labels, labels.agenda, lines)
}

fn add_items(lines: &mut Vec<String>, items: &[AgendaItem], depth: usize, labels: &Labels) {
    for item in items {
        lines.push(format!(
            "{}- {}",
            "   ".repeat(depth),
            agenda_text(item, labels)
        ));
        add_items(lines, &item.items, depth + 1, labels);
    }
}

fn agenda_text(item: &AgendaItem, labels: &Labels) -> String {
    let speaker = item.speaker.as_ref().map(|name| bracketed(labels, name));
    let issue = item.issue.as_ref().map(link);
    let url = item.url.as_ref().map(ToString::to_string);
    let text = match (&item.text, speaker) {
        (Some(text), Some(speaker)) => Some(format!("{text}{speaker}")),
        (text, speaker) => text.clone().or(speaker),
    };
    let parts = [item.time.clone(), text, issue, url];
    parts
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
        .trim_start()
        .to_owned()
}

fn people(details: &Details, labels: &Labels) -> Vec<String> {
    let names = |people: &[Person]| {
        people
            .iter()
            .map(|person| name(person, labels))
            .collect::<Vec<_>>()
            .join(labels.comma)
    };
    // A bracket after a link keeps what follows out of it.
    let partner = |partner: &Link| match (&partner.text, &partner.url) {
        (Some(text), Some(url)) => format!("{text}{}", bracketed(labels, url.as_str())),
        _ => link(partner),
    };
    let partners: Vec<String> = details.partners.iter().map(partner).collect();
    [
        (labels.speakers, names(&details.speakers)),
        (labels.hosts, names(&details.hosts)),
        (labels.partners, partners.join(labels.comma)),
    ]
    .into_iter()
    .filter(|(_, names)| !names.is_empty())
    .map(|(label, names)| line(labels, label, &names))
    .collect()
}

fn name(person: &Person, labels: &Labels) -> String {
    let extras: Vec<&str> = [&person.alias, &person.org, &person.role]
        .into_iter()
        .filter_map(|extra| extra.as_deref())
        .collect();
    if extras.is_empty() {
        person.name.clone()
    } else {
        format!(
            "{}{}",
            person.name,
            bracketed(labels, &extras.join(labels.within_brackets))
        )
    }
}

fn bracketed(labels: &Labels, text: &str) -> String {
    let [open, close] = labels.brackets;
    format!("{open}{text}{close}")
}

fn review(details: &Details, labels: &Labels) -> Vec<String> {
    let review = &details.review;
    let mut lines: Vec<String> = review
        .summary
        .iter()
        .map(|summary| line(labels, labels.review, summary))
        .collect();
    lines.extend(
        review
            .replay
            .iter()
            .map(|url| line(labels, labels.replay, url.as_str())),
    );
    lines.extend(
        review
            .minutes
            .iter()
            .map(|url| line(labels, labels.minutes, url.as_str())),
    );
    lines.extend(listed(labels, labels.materials, &review.materials));
    lines
}

fn references(details: &Details, labels: &Labels) -> Vec<String> {
    let tracking = details
        .tracking
        .iter()
        .map(|issue| line(labels, labels.tracking, &link(issue)));
    let page = details
        .url
        .iter()
        .map(|url| line(labels, labels.page, url.as_str()));
    let links = listed(labels, labels.links, &details.links);
    tracking.chain(page).chain(links).collect()
}

/// Writes one link beside its label, several below it.
fn listed(labels: &Labels, label: &str, links: &[Link]) -> Vec<String> {
    match links {
        [] => Vec::new(),
        [only] => vec![line(labels, label, &link(only))],
        several => {
            let entries = several.iter().map(|entry| format!("- {}", link(entry)));
            headed(labels, label, entries.collect())
        }
    }
}

fn assumed_end(occurrence: &Occurrence, labels: &Labels) -> Vec<String> {
    match occurrence.when {
        When::Timed { start, end } if occurrence.end_assumed => {
            vec![labels.assumed_end(*end - *start)]
        }
        _ => Vec::new(),
    }
}

fn link(link: &Link) -> String {
    let url = link.url.as_ref().map(|url| url.as_str());
    [link.text.as_deref(), url]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

fn headed(labels: &Labels, heading: &str, lines: Vec<String>) -> Vec<String> {
    if lines.is_empty() {
        return lines;
    }
    [vec![format!("{heading}{}", labels.colon.trim_end())], lines].concat()
}

fn line(labels: &Labels, label: &str, value: &str) -> String {
    format!("{label}{}{value}", labels.colon)
}
