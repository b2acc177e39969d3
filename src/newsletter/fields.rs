//! Fields: the labels of a block with all that belongs to each, on its line and on those below.
//!
//! Flows in: a block. Flows out: its fields in order. Deliberately absent: what their values mean.

use crate::newsletter::block::Block;
use crate::newsletter::label::{links_in, split_at_colon};
use crate::newsletter::markdown::{Line, Role, WrittenLink};
use crate::newsletter::plain::letters;
use crate::newsletter::project::Projects;
use crate::newsletter::vocabulary::Label;
use crate::source::Span;

/// A label with all that belongs to it.
#[derive(Debug, Clone)]
pub(super) struct WrittenField<'p> {
    /// What it says.
    pub(super) label: Label,
    /// The line that it stands on.
    pub(super) line: &'p Line,
    /// Its value on that line.
    pub(super) value: &'p str,
    /// The bytes of that in the line's words.
    within: Span,
    /// The lines below, up to the next label.
    pub(super) below: &'p [Line],
}

impl<'p> WrittenField<'p> {
    /// Gives the value: what stands on the line, else the first line below.
    pub(super) fn text(&self) -> &'p str {
        match self.value.trim() {
            "" => self.below.first().map_or("", |line| line.text.trim()),
            value => value,
        }
    }

    /// Gives the links of the value, and those below if it has none itself.
    pub(super) fn links(&self) -> Vec<&'p WrittenLink> {
        let own: Vec<&WrittenLink> = links_in(self.line, &self.within).collect();
        match own.as_slice() {
            [] => self.below.iter().flat_map(|line| &line.links).collect(),
            _ => own,
        }
    }

    /// Gives the line that holds a link.
    pub(super) fn line_of(&self, link: &WrittenLink) -> &'p Line {
        let holds = |line: &&&'p Line| line.links.iter().any(|known| std::ptr::eq(known, link));
        let mut lines = [self.line].into_iter().chain(self.below);
        lines
            .by_ref()
            .find(|line| holds(&line))
            .unwrap_or(self.line)
    }

    /// Tells whether the lines below are the rest of one paragraph.
    pub(super) fn is_one_paragraph(&self) -> bool {
        let first = usize::from(self.value.trim().is_empty());
        self.below.get(first).is_some_and(|line| line.goes_on)
    }

    /// Gives the lines of its own paragraph and, if that is one, no more.
    pub(super) fn paragraph(&self) -> impl Iterator<Item = (&'p str, Role)> {
        let is_one = self.is_one_paragraph();
        let ends = move |at: &usize, line: &Line| is_one && *at > 0 && !line.goes_on;
        let lines = self.below.iter().enumerate();
        let below = lines.take_while(move |(at, line)| !ends(at, line));
        let own = Some((self.value.trim(), Role::Text)).filter(|(value, _)| !value.is_empty());
        own.into_iter()
            .chain(below.map(|(_, line)| (line.text.as_str(), line.role)))
    }

    /// Gives the lines of the value, its own first.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'p str, Role)> {
        let own = Some((self.value.trim(), Role::Text)).filter(|(value, _)| !value.is_empty());
        let below = self
            .below
            .iter()
            .map(|line| (line.text.as_str(), line.role));
        own.into_iter().chain(below)
    }
}

/// Reads the fields of a block.
pub(super) fn fields_of<'p>(block: &Block<'p>, projects: &Projects) -> Vec<WrittenField<'p>> {
    let ends = |at: usize| {
        let line = &block.lines[at];
        let is_heading = matches!(line.role, Role::Heading(_)) && !is_slot(&line.text);
        !block.labels[at].is_empty() || is_heading || tracking_name(line, block, projects).is_some()
    };
    let mut fields = Vec::new();
    let mut end = block.lines.len();
    for at in (0..block.lines.len()).rev() {
        let line = &block.lines[at];
        for (number, labelled) in block.labels[at].iter().enumerate().rev() {
            let is_last = number + 1 == block.labels[at].len();
            fields.push(WrittenField {
                label: labelled.label,
                line,
                value: &line.text[labelled.value.clone()],
                within: labelled.value.clone(),
                below: if is_last {
                    &block.lines[at + 1..end]
                } else {
                    &[]
                },
            });
        }
        if ends(at) {
            end = at;
        }
    }
    fields.reverse();
    fields
}

/// Tells whether a text begins with a time of day, as a point of a programme does.
pub(super) fn is_slot(text: &str) -> bool {
    let text = text.trim_start_matches(['|', '｜', ' ']);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=2).contains(&digits) && text[digits..].starts_with([':', '：'])
}

/// Finds the name before the colon of a line like `「桥头」：…`, which announces a tracking issue.
pub(super) fn tracking_name<'l>(
    line: &'l Line,
    block: &Block<'_>,
    projects: &Projects,
) -> Option<&'l str> {
    let (name, _) =
        split_at_colon(&line.text).or_else(|| Some((line.text.split_once('」')?.0, 0)))?;
    let is_quoted = name.trim_start().starts_with(['「', '【']);
    let name = name
        .trim()
        .trim_start_matches(['「', '【'])
        .trim_end_matches(['」', '】'])
        .trim();
    let is_of_block = block
        .project
        .as_deref()
        .is_some_and(|project| letters(project) == letters(name));
    let leads_to_issue = line.links.iter().any(|link| is_issue(&link.target));
    let is_known = is_of_block || is_quoted && projects.named(name).is_some();
    (is_known || is_quoted && leads_to_issue).then_some(name)
}

/// Tells whether an address is one of an issue or a discussion.
pub(super) fn is_issue(address: &str) -> bool {
    ["/issues/", "/issue/", "/discussions/", "/pull/"]
        .iter()
        .any(|part| {
            address
                .split_once(part)
                .is_some_and(|(_, number)| number.starts_with(|c: char| c.is_ascii_digit()))
        })
}

/// Finds the link to the tracking issue of a block.
pub(super) fn tracking_link<'p>(
    block: &Block<'p>,
    projects: &Projects,
) -> Option<(&'p Line, &'p WrittenLink)> {
    let lines = block.lines;
    let labelled = (0..lines.len()).filter(|at| {
        block.labels[*at].is_empty() && tracking_name(&lines[*at], block, projects).is_some()
    });
    let links = labelled.filter_map(|at| {
        // The link may stand on the next line, behind an empty one.
        let near = lines[at..].iter().take(1 + BELOW);
        near.into_iter().find_map(|line| {
            let is_fit = |link: &&WrittenLink| is_issue(&link.target) || !block.is_page;
            Some((line, line.links.iter().find(is_fit)?))
        })
    });
    let alone = || {
        let lines = lines.iter().filter(|line| line.role == Role::Text);
        lines.into_iter().find_map(|line| match &line.links[..] {
            [link] if link.text.trim() == line.text && is_issue(&link.target) => Some((line, link)),
            _ => None,
        })
    };
    links.into_iter().next().or_else(alone)
}

/// How many lines below its name a tracking link may stand.
const BELOW: usize = 1;
