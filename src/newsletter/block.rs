//! Blocks: the parts of a post that may each announce one event.
//!
//! Flows in: the lines of a post. Flows out: runs of lines under one heading and one project line, or the whole post
//! where all of it is about one event. Deliberately absent: whether a block announces anything.

use crate::newsletter::label::{Labelled, labels_of};
use crate::newsletter::markdown::{Line, Role};
use crate::newsletter::plain::{bare, is_alike, letters};
use crate::newsletter::post::Post;
use crate::newsletter::project::Projects;
use crate::newsletter::vocabulary::{Heading, Label, Vocabulary};
use std::ops::Range;

/// A part of a post that may announce an event.
#[derive(Debug, Clone, Default)]
pub(super) struct Block<'p> {
    /// The heading above it.
    pub(super) heading: Option<&'p Line>,
    /// The name that the line above it says.
    pub(super) project: Option<String>,
    /// Its lines.
    pub(super) lines: &'p [Line],
    /// The labels of each line.
    pub(super) labels: &'p [Vec<Labelled>],
    /// Whether it is the whole post.
    pub(super) is_page: bool,
}

impl Block<'_> {
    /// Tells whether a line has a label.
    pub(super) fn has(&self, label: Label) -> bool {
        let mut all = self.labels.iter().flatten();
        all.any(|labelled| labelled.label == label)
    }

    /// Tells whether the heading says something.
    pub(super) fn heading_says(&self, heading: Heading, vocabulary: &Vocabulary) -> bool {
        let words = self.heading.map(|line| bare(&line.text));
        words.is_some_and(|words| vocabulary.heading_says(heading, &words))
    }
}

/// Reads the labels of all lines.
pub(super) fn labels_of_lines(lines: &[Line], vocabulary: &Vocabulary) -> Vec<Vec<Labelled>> {
    lines
        .iter()
        .map(|line| labels_of(line, vocabulary))
        .collect()
}

/// Cuts a post into blocks.
pub(super) fn blocks_of<'p>(
    post: &'p Post<'_>,
    labels: &'p [Vec<Labelled>],
    projects: &Projects,
    vocabulary: &Vocabulary,
) -> Vec<Block<'p>> {
    let cutter = Cutter {
        post,
        lines: &post.lines,
        labels,
        projects,
        vocabulary,
    };
    match cutter.page() {
        Some(page) => vec![page],
        None => cutter.blocks(),
    }
}

/// The level of a line that is a heading only by its emphasis: below all others.
const BOLD_LEVEL: u8 = 7;

/// The longest name and the longest heading that a line of its own may be, in characters.
const LONGEST_NAME: usize = 40;

struct Cutter<'c, 'p, 's> {
    post: &'p Post<'s>,
    lines: &'p [Line],
    labels: &'p [Vec<Labelled>],
    projects: &'c Projects,
    vocabulary: &'c Vocabulary,
}

impl<'p> Cutter<'_, 'p, '_> {
    /// Gives the post as one block, if all of it is about one event.
    fn page(&self) -> Option<Block<'p>> {
        let timed = (0..self.lines.len()).find(|at| self.has(*at, Label::Time));
        let is_heading = |at: &usize| self.level(*at, None).is_some();
        let heading = (0..timed?).rev().find(is_heading).map(|at| &self.lines[at]);
        let title = self.title_near(timed?);
        let mut folders = self.post.path_parts();
        let is_in_folder =
            folders.any(|part| self.vocabulary.pages.iter().any(|page| page == part));
        let is_page = is_in_folder
            || heading.is_none_or(|heading| {
                let says = |what| self.vocabulary.heading_says(what, &bare(&heading.text));
                says(Heading::Overview) || is_headline(&heading.text, &self.post.title)
            })
            || title.is_some_and(|title| is_headline(title, &self.post.title));
        is_page.then(|| Block {
            is_page,
            ..self.block(None, None, 0..self.lines.len())
        })
    }

    /// Finds the title beside a time.
    fn title_near(&self, timed: usize) -> Option<&'p str> {
        let near = timed.saturating_sub(3)..(timed + 4).min(self.lines.len());
        let titled = near.into_iter().find(|at| self.has(*at, Label::Title))?;
        let labelled = self.labels[titled]
            .iter()
            .find(|labelled| labelled.label == Label::Title)?;
        Some(&self.lines[titled].text[labelled.value.clone()])
    }

    fn blocks(&self) -> Vec<Block<'p>> {
        let mut blocks = Vec::new();
        let mut heading: Option<(&'p Line, u8)> = None;
        let mut project = None;
        let mut start = 0;
        let mut seen = Seen::default();
        for at in 0..self.lines.len() {
            let level = self.level(at, heading);
            let named = self.project_at(at, level, heading);
            let is_boundary = level.is_some() || named.is_some();
            let begins_anew = seen.is_whole() && self.begins_anew(at);
            if is_boundary || begins_anew {
                blocks.push(self.block(heading, project.clone(), start..at));
                start = at + usize::from(is_boundary);
                seen = Seen::default();
            }
            seen.add(&self.labels[at]);
            match (named, level) {
                (Some(name), _) => project = Some(name),
                (None, Some(level)) => {
                    heading = Some((&self.lines[at], level));
                    project = None;
                }
                (None, None) => {}
            }
        }
        blocks.push(self.block(heading, project, start..self.lines.len()));
        blocks.retain(|block| !block.lines.is_empty());
        blocks
    }

    fn block(
        &self,
        heading: Option<(&'p Line, u8)>,
        project: Option<String>,
        lines: Range<usize>,
    ) -> Block<'p> {
        Block {
            heading: heading.map(|(line, _)| line),
            project,
            lines: &self.lines[lines.clone()],
            labels: &self.labels[lines],
            is_page: false,
        }
    }

    fn has(&self, at: usize, label: Label) -> bool {
        self.labels[at]
            .iter()
            .any(|labelled| labelled.label == label)
    }

    /// Gives the level of a line that is a heading under another one.
    fn level(&self, at: usize, above: Option<(&Line, u8)>) -> Option<u8> {
        let line = &self.lines[at];
        let above_level = above.map(|(_, level)| level);
        if let Role::Heading(level) = line.role {
            // A label below the heading is part of what stands there: `#### 嘉宾`.
            let is_label =
                !self.labels[at].is_empty() && above_level.is_some_and(|above| level > above);
            return (!is_label).then_some(level);
        }
        let is_short = line.text.chars().count() <= LONGEST_NAME;
        if !line.is_bold || !is_short || !line.links.is_empty() || !self.labels[at].is_empty() {
            return None;
        }
        let is_beside = above_level == Some(BOLD_LEVEL) && !line.text.ends_with([':', '：']);
        (self.says_what_it_is(line) || is_beside).then_some(BOLD_LEVEL)
    }

    /// Tells whether the words of a line are those of a heading.
    fn says_what_it_is(&self, line: &Line) -> bool {
        let words = bare(&line.text);
        let says = |heading| self.vocabulary.heading_says(heading, &words);
        [Heading::Preview, Heading::Review, Heading::Quiet]
            .into_iter()
            .any(says)
    }

    /// Finds the name of the project whose block begins below a line.
    fn project_at(
        &self,
        at: usize,
        level: Option<u8>,
        above: Option<(&Line, u8)>,
    ) -> Option<String> {
        let line = &self.lines[at];
        if !self.labels[at].is_empty() || !line.links.is_empty() || !line.images.is_empty() {
            return None;
        }
        let text = line.text.trim();
        let name = text.trim_end_matches([':', '：']).trim();
        let is_fit = !name.is_empty() && name.chars().count() <= LONGEST_NAME;
        // `「桥头」：` announces a link.
        if !is_fit || name.starts_with(['「', '【', '“']) {
            return None;
        }
        let ends_with_colon = name.len() < text.len();
        let stands_out = ends_with_colon || line.is_bold || level.is_some();
        let leads = self
            .lines
            .get(at + 1)
            .is_some_and(|_| self.has(at + 1, Label::Title) || self.has(at + 1, Label::Time));
        // Below a heading that expects events, one with a project's name is no heading of its own.
        let is_expected = above.is_some_and(|(line, _)| {
            let words = bare(&line.text);
            let expects = [Heading::Preview, Heading::Review].into_iter();
            expects
                .into_iter()
                .any(|heading| self.vocabulary.heading_says(heading, &words))
        });
        let is_below = |level: u8| above.is_some_and(|(_, above)| level > above);
        let is_known = self.projects.named(name).is_some()
            && (stands_out || !self.labels.get(at + 1).is_none_or(Vec::is_empty))
            && level.is_none_or(|level| level == BOLD_LEVEL || is_expected || is_below(level));
        let is_new = stands_out
            && leads
            && level.is_none_or(|level| level == BOLD_LEVEL && !self.says_what_it_is(line))
            && name.contains(|c: char| c.is_ascii_alphabetic());
        (is_known || is_new).then(|| name.to_owned())
    }

    /// Tells whether another event begins at a line of a block that has a title and a time already.
    fn begins_anew(&self, at: usize) -> bool {
        // A second time alone is another word about the same event.
        let below = at + 1..(at + LOOK_AHEAD).min(self.lines.len());
        let mut below = below.take_while(|at| self.level(*at, None).is_none());
        self.has(at, Label::Title)
            || self.has(at, Label::Time) && below.any(|at| self.has(at, Label::Title))
    }
}

/// Tells whether a title is the headline, or most of it.
fn is_headline(title: &str, headline: &str) -> bool {
    let length = |text: &str| letters(text).chars().count();
    is_alike(title, headline) && length(title) * 2 >= length(headline)
}

/// What a block has so far.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    title: bool,
    time: bool,
}

impl Seen {
    fn add(&mut self, labels: &[Labelled]) {
        self.title |= labels.iter().any(|labelled| labelled.label == Label::Title);
        self.time |= labels.iter().any(|labelled| labelled.label == Label::Time);
    }

    fn is_whole(self) -> bool {
        self.title && self.time
    }
}

/// How many lines behind a time its title may stand.
const LOOK_AHEAD: usize = 6;
