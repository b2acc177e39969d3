//! Descriptions: the plain text that a subscriber reads when the entry is opened.
//!
//! How to join comes first, then what it is about, then what is left of it: a phone shows the first
//! lines only. Deliberately absent: HTML, which many calendars show as it is.

use crate::event::link::{Link, Url};
use crate::event::phone::Phone;
use crate::event::series::Skip;
use crate::event::when::{Tz, When};
use crate::event::{AgendaItem, Details, Person, Review, Status};
use crate::feed::labels::Labels;

/// What is described: an event, a series as a whole, or one occurrence that differs.
pub(crate) struct Occurrence<'a> {
    /// When it takes place.
    pub(crate) when: When,
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
    let mut text = Description {
        text: String::with_capacity(1024),
        begins_paragraph: false,
        labels,
    };
    text.paragraph().notice(details, calendar_zone);
    text.paragraph().taking_part(details);
    text.paragraph().lines(details.description.as_deref());
    text.paragraph().agenda(&details.agenda);
    text.paragraph().people(details);
    text.paragraph().review(&details.review);
    text.paragraph().references(details);
    text.paragraph().skipped(occurrence.skips);
    text.paragraph().assumed_end(occurrence);
    text.text
}

/// A description on its way: one text, to which every line is added at its end.
struct Description<'l> {
    text: String,
    /// Whether the next line begins a paragraph; one without lines leaves no trace.
    begins_paragraph: bool,
    labels: &'l Labels,
}

impl Description<'_> {
    /// Begins a paragraph.
    fn paragraph(&mut self) -> &mut Self {
        self.begins_paragraph = true;
        self
    }

    /// Begins a line with its first words.
    fn begin(&mut self, words: &str) {
        let begins_paragraph = std::mem::take(&mut self.begins_paragraph);
        self.text.push_str(match begins_paragraph {
            _ if self.text.is_empty() => "",
            true => "\n\n",
            false => "\n",
        });
        self.text.push_str(words);
    }

    /// Begins a line with a label.
    fn begin_labelled(&mut self, label: &str) {
        self.begin(label);
        self.text.push_str(self.labels.colon);
    }

    /// Writes a text of one or several lines.
    fn lines(&mut self, text: Option<&str>) {
        if let Some(text) = text {
            self.begin(text);
        }
    }

    /// Writes a line with a label, if there is something to say.
    fn line(&mut self, label: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.begin_labelled(label);
            self.text.push_str(value);
        }
    }

    /// Writes the heading of a list.
    fn heading(&mut self, heading: &str) {
        self.begin(heading);
        self.text.push_str(self.labels.colon.trim_end());
    }

    fn push_bracketed(&mut self, text: &str) {
        let [open, close] = self.labels.brackets;
        self.text.extend([open, text, close]);
    }

    fn push_link(&mut self, link: &Link) {
        let url = link.url.as_ref().map(Url::as_str);
        self.push_joined([link.text.as_deref(), url].into_iter().flatten(), " ");
    }

    fn push_joined<'p>(&mut self, parts: impl Iterator<Item = &'p str>, separator: &str) {
        for (index, part) in parts.enumerate() {
            self.text.push_str(if index == 0 { "" } else { separator });
            self.text.push_str(part);
        }
    }

    /// Says what is not as it was announced.
    fn notice(&mut self, details: &Details, calendar_zone: Tz) {
        let labels = self.labels;
        if details.status == Status::Cancelled {
            self.begin(labels.cancelled);
        }
        let moved_from = details.moved_from.as_ref();
        let moved_from = moved_from.map(|from| labels.moment(from, calendar_zone));
        self.line(labels.moved_from, moved_from.as_deref());
        self.line(labels.reason, details.reason.as_deref());
    }

    fn taking_part(&mut self, details: &Details) {
        let (labels, join, stream) = (self.labels, &details.join, &details.stream);
        let join_url = join.url.as_ref().map(Url::as_str);
        let is_dingtalk = join_url.is_none_or(|url| url.contains("dingtalk"));
        let code_label = if is_dingtalk {
            labels.dingtalk_code
        } else {
            labels.meeting_code
        };
        self.line(labels.join, join_url);
        self.line(code_label, join.code.as_deref());
        self.line(labels.password, join.password.as_deref());
        if !join.phones.is_empty() {
            self.begin_labelled(labels.phones);
            self.push_joined(join.phones.iter().map(Phone::as_str), labels.comma);
        }
        let room = stream.room.as_ref();
        let room = room.map(|room| format!("{} {room}", labels.room));
        let stream_url = stream.url.as_ref().map(Url::as_str);
        let watch = [stream.platform.as_deref(), room.as_deref(), stream_url];
        if watch.iter().any(Option::is_some) {
            self.begin_labelled(labels.stream);
            self.push_joined(watch.into_iter().flatten(), " ");
        }
        self.line(labels.location, details.location.as_deref());
        let register = details.register.as_ref().map(Url::as_str);
        self.line(labels.register, register);
        self.line(labels.dingtalk_group, details.dingtalk_group.as_deref());
    }

    fn agenda(&mut self, agenda: &[AgendaItem]) {
        if !agenda.is_empty() {
            self.heading(self.labels.agenda);
        }
        for (index, item) in agenda.iter().enumerate() {
            self.begin(&(index + 1).to_string());
            self.text.push_str(". ");
            self.push_agenda_text(item);
            self.add_items(&item.items, 1);
        }
    }

    fn add_items(&mut self, items: &[AgendaItem], depth: usize) {
        for item in items {
            self.begin("");
            self.text.extend(std::iter::repeat_n("   ", depth));
            self.text.push_str("- ");
            self.push_agenda_text(item);
            self.add_items(&item.items, depth + 1);
        }
    }

    fn push_agenda_text(&mut self, item: &AgendaItem) {
        let start = self.text.len();
        self.text.push_str(item.time.as_deref().unwrap_or_default());
        if item.text.is_some() || item.speaker.is_some() {
            self.part_from(start);
            self.text.push_str(item.text.as_deref().unwrap_or_default());
        }
        if let Some(speaker) = &item.speaker {
            self.push_bracketed(speaker);
        }
        if let Some(issue) = &item.issue {
            self.part_from(start);
            self.push_link(issue);
        }
        if let Some(url) = &item.url {
            self.part_from(start);
            self.text.push_str(url.as_str());
        }
        // A bracket may begin with a blank.
        if self.text[start..].starts_with(' ') {
            self.text.remove(start);
        }
    }

    /// Parts what follows from what stands before it in the line, if anything does.
    fn part_from(&mut self, start: usize) {
        if self.text.len() > start {
            self.text.push(' ');
        }
    }

    fn people(&mut self, details: &Details) {
        let labels = self.labels;
        let named = [
            (labels.speakers, &details.speakers),
            (labels.hosts, &details.hosts),
        ];
        for (label, people) in named {
            self.listed_in_line(label, people, Self::push_person);
        }
        self.listed_in_line(labels.partners, &details.partners, Self::push_partner);
    }

    fn listed_in_line<T>(&mut self, label: &str, items: &[T], push: fn(&mut Self, &T)) {
        for (index, item) in items.iter().enumerate() {
            match index {
                0 => self.begin_labelled(label),
                _ => self.text.push_str(self.labels.comma),
            }
            push(self, item);
        }
    }

    fn push_person(&mut self, person: &Person) {
        self.text.push_str(&person.name);
        let extras = [&person.alias, &person.org, &person.role];
        let extras: Vec<&str> = extras.into_iter().filter_map(Option::as_deref).collect();
        match extras.as_slice() {
            [] => {}
            [extra] => self.push_bracketed(extra),
            extras => self.push_bracketed(&extras.join(self.labels.within_brackets)),
        }
    }

    fn push_partner(&mut self, partner: &Link) {
        match (&partner.text, &partner.url) {
            // A bracket after a link keeps what follows out of it.
            (Some(text), Some(url)) => {
                self.text.push_str(text);
                self.push_bracketed(url.as_str());
            }
            _ => self.push_link(partner),
        }
    }

    fn review(&mut self, review: &Review) {
        let labels = self.labels;
        self.line(labels.review, review.summary.as_deref());
        self.line(labels.replay, review.replay.as_ref().map(Url::as_str));
        self.line(labels.minutes, review.minutes.as_ref().map(Url::as_str));
        self.listed(labels.materials, &review.materials);
    }

    fn references(&mut self, details: &Details) {
        let labels = self.labels;
        if let Some(issue) = &details.tracking {
            self.begin_labelled(labels.tracking);
            self.push_link(issue);
        }
        self.line(labels.page, details.url.as_ref().map(Url::as_str));
        self.listed(labels.links, &details.links);
    }

    /// Writes one link beside its label, several below it.
    fn listed(&mut self, label: &str, links: &[Link]) {
        match links {
            [] => {}
            [only] => {
                self.begin_labelled(label);
                self.push_link(only);
            }
            several => {
                self.heading(label);
                for link in several {
                    self.begin("- ");
                    self.push_link(link);
                }
            }
        }
    }

    /// Says why a series has a gap; without a reason there is nothing to say.
    fn skipped(&mut self, skips: &[Skip]) {
        for skip in skips {
            if let Some(reason) = &skip.reason {
                self.begin_labelled(self.labels.skipped);
                let day = self.labels.day(skip.original.date());
                self.text.push_str(&day);
                self.push_bracketed(reason);
            }
        }
    }

    fn assumed_end(&mut self, occurrence: &Occurrence) {
        if let When::Timed { start, end } = &occurrence.when
            && occurrence.end_assumed
        {
            let words = self.labels.assumed_end(*end - *start);
            self.begin(&words);
        }
    }
}
