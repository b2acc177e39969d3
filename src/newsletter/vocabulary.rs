//! The vocabulary: the words that announcements are read by.
//!
//! Flows in: `vocabulary.yaml` beside this file, and the one of the events folder, which adds to it. Flows out:
//! what a label, a heading or a sentence says by its words. Deliberately absent: what follows from that.

use crate::diagnostic::{At, Code, Complaint, Diagnostic, Part};
use crate::event::Kind;
use crate::event::written_time::DayParts;
use crate::newsletter::plain::bare;
use crate::source::Source;
use crate::yaml::cursor::Cursor;
use crate::yaml::document::VocabularyDocument;
use crate::yaml::field::{Entries, Field, Many, Text};
use crate::yaml::findings::Findings;
use crate::yaml::parse::parse;
use std::collections::{BTreeMap, HashMap};

const BUILT_IN: &str = include_str!("vocabulary.yaml");

/// The words that announcements are read by.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    labels: HashMap<String, Label>,
    headings: BTreeMap<Heading, Vec<String>>,
    words: BTreeMap<Sense, Vec<String>>,
    /// What says of which kind an event is; the first that fits counts.
    pub(super) kinds: Vec<(Kind, Vec<String>)>,
    /// Words for parts of the day.
    pub(super) day_parts: DayParts,
    /// Words for projects, by slug.
    pub(super) projects: Vec<(String, Vec<String>)>,
    /// The project of what others organise.
    pub(super) outside: Option<String>,
    /// Folders of posts that are about one event each.
    pub(super) pages: Vec<String>,
    /// The beginnings of paths, each with the beginning of the address.
    pub(super) site: Vec<(String, String)>,
}

macro_rules! meanings {
    ($(#[$about:meta])* $name:ident { $($(#[$meaning:meta])* $variant:ident $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum $name { $($(#[$meaning])* $variant,)+ }

        impl $name {
            /// The words for it in `vocabulary.yaml`.
            const WORDS: &'static [(&'static str, $name)] = &[$(($word, $name::$variant)),+];
        }
    };
}

meanings! {
    /// What a label announces.
    Label {
        Title "title",
        Time "time",
        Place "place",
        Code "code",
        Phones "phones",
        Join "join",
        Stream "stream",
        Room "room",
        Register "register",
        Replay "replay",
        Article "article",
        Materials "materials",
        Agenda "agenda",
        Takeaways "takeaways",
        Summary "summary",
        Speakers "speakers",
        Hosts "hosts",
        Partners "partners",
        Group "group",
        Form "form",
        Other "other",
    }
}

meanings! {
    /// What a heading says of what stands below it.
    Heading {
        Preview "preview",
        Review "review",
        Overview "overview",
        Quiet "quiet",
    }
}

meanings! {
    /// What words in a sentence mean.
    Sense {
        Deadlines "deadlines",
        Gatherings "gatherings",
        Here "here",
        Placeholders "placeholders",
        Closings "closings",
        Outside "outside",
        Invitations "invitations",
        Hosts "hosts",
        Organisations "organisations",
        Positions "positions",
    }
}

impl Vocabulary {
    /// Reads the built-in vocabulary and adds a community's own; what is wrong with that goes to `found`.
    pub fn read(own: Option<&Source>, found: &mut Vec<Diagnostic>) -> Self {
        let mut vocabulary = Vocabulary::default();
        let built_in = Source::new("", "vocabulary.yaml", BUILT_IN);
        for source in [Some(&built_in), own].into_iter().flatten() {
            match parse::<VocabularyDocument>(source) {
                Ok(document) => found.extend(vocabulary.add(source, &document)),
                // A file of comments alone says nothing, which is fine here.
                Err(wrong) if wrong.code() == Code::EmptyFile => {}
                Err(wrong) => found.push(*wrong),
            }
        }
        vocabulary
    }

    fn add(&mut self, source: &Source, document: &VocabularyDocument) -> Vec<Diagnostic> {
        let findings = Findings::new(source);
        let at = Cursor::root(&findings);
        at.strays(&document.strays, VocabularyDocument::KEYS);
        lists(&at.key("labels"), &document.labels, |at, name, words| {
            let Some(label) = meaning(at, name, Label::WORDS) else {
                return;
            };
            self.labels
                .extend(words.iter().map(|word| (bare(word), label)));
        });
        lists(
            &at.key("headings"),
            &document.headings,
            |at, name, words| {
                if let Some(heading) = meaning(at, name, Heading::WORDS) {
                    let known = self.headings.entry(heading).or_default();
                    known.extend(words.iter().map(|word| bare(word)));
                }
            },
        );
        lists(&at.key("words"), &document.words, |at, name, words| {
            if let Some(sense) = meaning(at, name, Sense::WORDS) {
                let known = self.words.entry(sense).or_default();
                known.extend(words.iter().map(|word| bare(word)));
            }
        });
        lists(&at.key("kinds"), &document.kinds, |at, name, words| {
            if let Some(kind) = meaning(at, name, Kind::WORDS) {
                let words = words.iter().map(|word| bare(word)).collect();
                self.kinds.push((kind, words));
            }
        });
        lists(&at.key("projects"), &document.projects, |_, slug, words| {
            self.projects.push((slug.to_owned(), words.to_owned()));
        });
        pairs(
            &at.key("day_parts"),
            &document.day_parts,
            |at, word, hours| match read_hours(hours) {
                Ok(hours) => self.day_parts.add(word, hours),
                Err(complaint) => at.report(complaint),
            },
        );
        pairs(&at.key("site"), &document.site, |_, path, address| {
            self.site.push((path.to_owned(), address.to_owned()));
        });
        self.outside = at
            .key("outside")
            .line(&document.outside)
            .or(self.outside.take());
        self.pages.extend(at.key("pages").lines(&document.pages));
        located(&findings)
    }

    /// Tells what a label says, by its bare words.
    pub(super) fn label(&self, words: &str) -> Option<Label> {
        self.labels.get(words).copied()
    }

    /// Tells the same of one before a colon, of which the end may be known.
    pub(super) fn label_before_colon(&self, words: &str) -> Option<Label> {
        self.label(words).or_else(|| {
            // `sofastack线上直播时间`; a lone 时间 at the end may be the time of anything.
            let ends = words.char_indices().skip(1).map(|(at, _)| &words[at..]);
            let long = ends.take_while(|end| end.chars().count() >= SHORTEST_END);
            let is_short = words.chars().count() <= LONGEST_LABEL;
            long.filter(|_| is_short)
                .find_map(|end| self.labels.get(end).copied())
        })
    }

    /// Tells whether a heading says something, by its bare words.
    pub(super) fn heading_says(&self, heading: Heading, words: &str) -> bool {
        has_any(self.headings.get(&heading), words)
    }

    /// Tells whether a sentence holds a word of a sense.
    pub(super) fn says(&self, sense: Sense, sentence: &str) -> bool {
        has_any(self.words.get(&sense), &bare(sentence))
    }

    /// Tells whether a text is a word of a sense, and nothing else.
    pub(super) fn is(&self, sense: Sense, text: &str) -> bool {
        let words = self.words.get(&sense).into_iter().flatten();
        let text = bare(text);
        words.into_iter().any(|word| *word == text)
    }

    /// Tells whether a line begins with a word of a sense.
    pub(super) fn begins_with(&self, sense: Sense, line: &str) -> bool {
        let line = bare(line);
        let words = self.words.get(&sense).into_iter().flatten();
        words
            .into_iter()
            .any(|word| line.starts_with(word.as_str()))
    }
}

/// The shortest end of a label that is known by itself, in characters.
const SHORTEST_END: usize = 4;

/// The longest label whose end may be known, in characters.
const LONGEST_LABEL: usize = 14;

fn has_any(words: Option<&Vec<String>>, text: &str) -> bool {
    words.is_some_and(|words| words.iter().any(|word| text.contains(word.as_str())))
}

/// Reads a mapping of lists.
fn lists(
    at: &Cursor,
    field: &Field<Entries<Many<Text>>>,
    mut read: impl FnMut(&Cursor, &str, &[String]),
) {
    let entries = at.shape(field).map_or(&[][..], |entries| &entries.0);
    for (name, words) in entries {
        let here = at.key(name);
        read(&here, name, &here.lines(words));
    }
}

/// Reads a mapping of texts.
fn pairs(at: &Cursor, field: &Field<Entries<Text>>, mut read: impl FnMut(&Cursor, &str, &str)) {
    let entries = at.shape(field).map_or(&[][..], |entries| &entries.0);
    for (name, text) in entries {
        let here = at.key(name);
        if let Some(text) = here.line(text) {
            read(&here, name, &text);
        }
    }
}

/// Finds what a key means, or complains about it.
fn meaning<T: Copy>(at: &Cursor, name: &str, words: &[(&str, T)]) -> Option<T> {
    let known = words.iter().find(|(word, _)| *word == name);
    if known.is_none() {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        at.report_part(
            Part::Key,
            crate::yaml::unknown_key::unknown_key(name, &known, None),
        );
    }
    known.map(|(_, meaning)| *meaning)
}

/// Reads `18-24`: the first and the last hour that a word may be said of.
fn read_hours(text: &str) -> Result<(u32, u32), Complaint> {
    let hours = text
        .split_once('-')
        .and_then(|(first, last)| Some((first.trim().parse().ok()?, last.trim().parse().ok()?)));
    hours
        .filter(|(first, last)| first <= last && *last <= 24)
        .ok_or_else(|| {
            let message = format!("`{text}` says no hours");
            Complaint::new(Code::OutOfRange, message).hint(
                "write the first and the last hour that the word may be said of, like `18-24`",
            )
        })
}

/// Gives what was found, with the bytes that are meant.
fn located(findings: &Findings) -> Vec<Diagnostic> {
    let mut found = findings.take_diagnostics();
    for diagnostic in &mut found {
        if let At::Node(steps, part) = &diagnostic.place.at {
            let span = findings.positions().find(steps, part);
            diagnostic.place.at = span.map_or(At::File, At::Span);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Heading, Label, Sense, Vocabulary};
    use crate::source::Source;

    #[test]
    fn the_built_in_words_are_in_order() {
        let mut found = Vec::new();
        let vocabulary = Vocabulary::read(None, &mut found);
        assert_eq!(found, []);
        assert_eq!(vocabulary.label("活动时间"), Some(Label::Time));
        assert_eq!(vocabulary.label("报名时间"), None);
        assert_eq!(vocabulary.label("b站直播间地址"), Some(Label::Stream));
        assert!(vocabulary.heading_says(Heading::Preview, "社区活动预告"));
        assert!(vocabulary.says(Sense::Deadlines, "报名截止 6 月 1 日"));
    }

    #[test]
    fn a_community_adds_its_own() {
        let own = "labels: {time: 几点见}\nday_parts: {夜里: 20-24}\noutside: elsewhere\n";
        let own = Source::new("events", "vocabulary.yaml", own);
        let mut found = Vec::new();
        let vocabulary = Vocabulary::read(Some(&own), &mut found);
        assert_eq!(found, []);
        assert_eq!(vocabulary.label("几点见"), Some(Label::Time));
        assert_eq!(vocabulary.label("时间"), Some(Label::Time));
        assert_eq!(vocabulary.outside.as_deref(), Some("elsewhere"));
    }

    #[test]
    fn mistakes_have_their_places() {
        let own = "labels: {times: 几点见}\nday_parts: {夜里: 晚}\nlabel: {}\n";
        let own = Source::new("events", "vocabulary.yaml", own);
        let mut found = Vec::new();
        Vocabulary::read(Some(&own), &mut found);
        let told: Vec<_> = found
            .iter()
            .map(|found| (found.code().as_str(), found.place.at.clone()))
            .collect();
        assert_eq!(told.len(), 3, "{told:?}");
    }
}
