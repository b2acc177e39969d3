//! Diagnostics: what is wrong in an author's files, as values.
//!
//! Flows in: a code, a sentence, a place and a way out, from every room that judges input.
//! Flows out: sorted values that `io::report` prints. Deliberately absent: printing, exit codes.

use crate::source::Span;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// How much a diagnostic weighs: one error stops the export, the others do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is published until it is mended.
    Error,
    /// Published all the same; someone should look.
    Warning,
    /// Worth a look; nothing is wrong with it.
    Advice,
}

impl Severity {
    /// The word that people and machines read.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Advice => "advice",
        }
    }
}

macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident $meaning:literal;)+) => {
        /// What kind of mistake a diagnostic reports; a released code is never renamed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $meaning] $variant,)+
        }

        impl Code {
            /// Every code, in the order of docs/diagnostics.md.
            pub const ALL: &[Code] = &[$(Code::$variant),+];

            /// The name that people see, search and silence: `end-before-start`.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $name,)+ }
            }

            /// How much it weighs.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)+ }
            }

            /// What it means, in one sentence.
            pub fn meaning(self) -> &'static str {
                match self { $(Code::$variant => $meaning,)+ }
            }
        }
    };
}

codes! {
    NoCalendar "no-calendar" Error "The events folder has no `calendar.yaml`.";
    NoEvents "no-events" Error "The events folder holds no event file, and `--allow-empty` was not given.";
    NotUtf8 "not-utf8" Error "A file is not UTF-8 text (often GBK).";
    FileTooLarge "file-too-large" Error "A file is larger than 1 MiB.";
    OutsideEvents "outside-events" Error "A symbolic link leads out of the events folder.";
    BrokenLink "broken-link" Error "A symbolic link leads nowhere, in a circle, or where another one leads.";
    UnreadFile "unread-file" Warning "A file looks like an event file, and its ending keeps it from being read.";
    EmptyFile "empty-file" Error "An event file holds nothing.";

    YamlSyntax "yaml-syntax" Error "A file is not YAML.";
    YamlLimit "yaml-limit" Error "A file nests too deeply or repeats its aliases too often.";
    SeveralDocuments "several-documents" Error "A file holds more than one YAML document.";
    WrongType "wrong-type" Error "A value has another shape than its key wants.";
    UnknownKey "unknown-key" Error "A key that sofacal does not know.";
    DuplicateKey "duplicate-key" Error "A key stands twice in one mapping.";
    MissingKey "missing-key" Error "A key that must be written is not there.";
    BadAllow "bad-allow" Error "An `allow` names what cannot be allowed there.";
    TooManyMistakes "too-many-mistakes" Error "A file has more than 100 mistakes, of which the first are shown.";
    CutByComment "cut-by-comment" Warning "A ` #` started a comment and cut the value.";
    FoldedList "folded-list" Error "A line that looks like an entry of a list became part of the text above it.";
    SwallowedLine "swallowed-line" Warning "A line that looks like a key became part of the value above it.";
    UnusedAnchor "unused-anchor" Warning "A `&` made the beginning of a value an anchor that nothing uses.";

    EmptyValue "empty-value" Error "A text that must say something is empty.";
    ControlCharacter "control-character" Error "A text holds a control character.";
    TooLong "too-long" Error "A text is longer than calendars can carry.";
    UnknownValue "unknown-value" Error "A value is not one of the words its key knows.";
    OutOfRange "out-of-range" Error "A number is outside the range its key allows.";
    BadUrl "bad-url" Error "A link is not an address that calendars can open.";
    BadPhone "bad-phone" Error "A phone number is not one.";
    BadIssue "bad-issue" Error "An issue reference cannot be turned into a link.";
    BadColor "bad-color" Error "A colour is not `#RRGGBB`.";
    BadDomain "bad-domain" Error "The calendar's domain is not a domain name.";
    BadSlug "bad-slug" Error "A slug of a project or feed is not one.";
    DuplicateSlug "duplicate-slug" Error "Two projects, feeds or aliases have one slug.";

    BadTime "bad-time" Error "A text is no time that sofacal can read.";
    MissingDate "missing-date" Error "A start has a clock time but no date.";
    MissingYear "missing-year" Error "A date has no year.";
    YearOutOfRange "year-out-of-range" Error "A year outside 1970-2199.";
    WeekdayMismatch "weekday-mismatch" Error "The weekday that is written is not the date's.";
    EndBeforeStart "end-before-start" Error "The end is not after the start.";
    EndTwice "end-twice" Error "An end is stated more than once.";
    MixedAllDay "mixed-all-day" Error "A date alone stands beside a time of day.";
    DurationTooLong "duration-too-long" Error "An event lasts longer than 31 days.";
    BadDuration "bad-duration" Error "A duration is not one.";
    UnknownZone "unknown-zone" Error "A time zone is not an IANA zone.";
    OffsetConflict "offset-conflict" Error "A UTC offset is not the one of the zone beside it.";
    StaleZone "stale-zone" Warning "A time relies on clocks that sofacal does not know.";
    TimeGap "time-gap" Error "A wall clock time that daylight saving skips.";
    TimeFold "time-fold" Error "A wall clock time that daylight saving repeats.";

    BadRule "bad-rule" Error "A series' rule is not one that calendars can repeat.";
    RepeatTwice "repeat-twice" Error "A series says more than once how it repeats, or when it ends.";
    ShortMonth "short-month" Error "A monthly or yearly series starts on a day that some months or years lack.";
    StartNotInRule "start-not-in-rule" Error "The start of a series is no occurrence of its rule.";
    UntilBeforeStart "until-before-start" Error "A series ends before it starts.";
    NoOccurrence "no-occurrence" Error "A skip or a change names a day on which the series has no occurrence.";
    DateTwice "date-twice" Error "Two skips or changes of a series name one day.";
    RuleReadDifferently "rule-read-differently" Warning "Calendars do not agree on the days of a series' rule.";
    MovedPastNeighbour "moved-past-neighbour" Warning "An occurrence moves onto or past its neighbour, which Outlook cannot show.";
    EmptySeries "empty-series" Warning "Every occurrence of a series is left out.";

    MissingProject "missing-project" Error "An event belongs to no project.";
    UnknownProject "unknown-project" Error "A project that `calendar.yaml` does not register.";
    BadId "bad-id" Error "An id is not made of a-z, 0-9, `.`, `_` and `-`.";
    BadUid "bad-uid" Error "A UID cannot stand in a feed.";
    DuplicateUid "duplicate-uid" Error "Two events have one UID.";
    PublishedDraft "published-draft" Error "An event that subscribers already have lost its start.";
    Vanished "vanished" Warning "An event that subscribers have is no longer in the files.";
    ProbableRename "probable-rename" Warning "An event vanished while one of the same project and start, or of the same id and start, appeared.";
    ChangedDomain "changed-domain" Error "The calendar's domain changed, which would replace every published event.";
    OrphanedFeed "orphaned-feed" Warning "A feed was published before and is no longer planned.";
    LargeFeed "large-feed" Warning "A feed is larger than Google Calendar reads.";

    DoubleBooked "double-booked" Warning "Two events need one meeting, live room or place at the same time.";
    ProjectOverlap "project-overlap" Advice "Two events of one project overlap.";
    RepeatedLink "repeated-link" Warning "A link is that of the time before, while the others differ.";
    LinkMismatch "link-mismatch" Warning "The words of a link name another address or issue than it leads to.";
    DateMismatch "date-mismatch" Warning "A text names another day than the event's, or a weekday that is not its date's.";
    OtherDateInName "other-date-in-name" Advice "The date in an event's name is none of its days.";
    NoWayToJoin "no-way-to-join" Warning "An event begins within seven days and does not say how to take part.";
    AssumedEnd "assumed-end" Advice "Nobody says when an event ends that is not over.";
    StillTentative "still-tentative" Advice "An event is over and still tentative.";
    UndatedDraft "undated-draft" Advice "An event without a start waits in the files, and is in no feed.";

    UnreadTime "unread-time" Warning "A post says when something takes place, in words that are no date.";
    BrokenTime "broken-time" Warning "A line of a post is broken inside a time.";
    LatePreview "late-preview" Warning "A post announces something that was over when it appeared.";
    PlaceholderLink "placeholder-link" Warning "A link in a post only promises what it shall lead to.";
    Contradiction "contradiction" Warning "A post contradicts another post, or the event file.";
    ProbableMove "probable-move" Warning "A later post gives another start for an event that was still to come.";
    NotAdded "not-added" Warning "An event file has no room for what a post says.";
    UnknownHost "unknown-host" Warning "A post announces something of a project that `calendar.yaml` does not register.";
    ReplayInPreview "replay-in-preview" Warning "A post gives the replay of something that it announces.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A judgement that does not know its place yet: code, sentence, label, way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// What kind of mistake it is.
    pub code: Code,
    /// One sentence, lower case, no final period, values in backticks.
    pub message: String,
    /// What stands beside the caret, if anything.
    pub label: Option<String>,
    /// How to mend it.
    pub hint: Option<String>,
}

impl Complaint {
    /// Makes a complaint of its code and its one sentence.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Complaint {
            code,
            message: message.into(),
            label: None,
            hint: None,
        }
    }

    /// Adds the words beside the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds the way out.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says where it is.
    #[must_use]
    pub fn at(self, place: Place) -> Diagnostic {
        Diagnostic {
            complaint: self,
            place,
            related: Vec::new(),
        }
    }
}

/// A mistake in an author's file, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong.
    pub complaint: Complaint,
    /// Where.
    pub place: Place,
    /// Other places that belong to it, each with its label.
    pub related: Vec<(Place, String)>,
}

impl Diagnostic {
    /// Adds another place that belongs to the mistake.
    #[must_use]
    pub fn also(mut self, place: Place, label: impl Into<String>) -> Self {
        self.related.push((place, label.into()));
        self
    }

    /// What kind of mistake it is.
    pub fn code(&self) -> Code {
        self.complaint.code
    }

    /// How much it weighs.
    pub fn severity(&self) -> Severity {
        self.code().severity()
    }

    /// Tells whether it stops the publishing.
    pub fn is_error(&self) -> bool {
        self.severity() == Severity::Error
    }

    /// Orders diagnostics as people read them: by file, place, then code.
    pub fn reading_order(&self, other: &Self) -> Ordering {
        let is_last = |d: &Self| d.code() == Code::TooManyMistakes;
        let key = |d: &Self| (d.place.file.clone(), is_last(d), d.place.offset(), d.code());
        key(self)
            .cmp(&key(other))
            .then_with(|| self.complaint.message.cmp(&other.complaint.message))
    }
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file's path as people reach it.
    pub file: Arc<str>,
    /// Where in it.
    pub at: At,
}

/// Where in a file something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// The file as a whole, or a file that is not there.
    File,
    /// A range of bytes of its text.
    Span(Span),
    /// A node of its YAML; the pipeline turns it into a span when there is something to report.
    Node(Vec<Step>, Part),
}

/// One step down from a YAML node to a child.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The value of a key.
    Key(Arc<str>),
    /// The entry of a list, from 0.
    Index(usize),
}

/// Which part of a node is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The key that leads to it.
    Key,
    /// The second, third … appearance of the key that leads to it.
    RepeatedKey(usize),
    /// Its value.
    Value,
    /// These bytes of its value.
    Within(Span),
    /// These words of its value, wherever in it they stand.
    Words(Arc<str>),
}

impl Place {
    /// The file as a whole.
    pub fn file(file: impl Into<Arc<str>>) -> Self {
        Place {
            file: file.into(),
            at: At::File,
        }
    }

    /// A range of bytes in the file.
    pub fn span(file: impl Into<Arc<str>>, span: Span) -> Self {
        Place {
            file: file.into(),
            at: At::Span(span),
        }
    }

    fn offset(&self) -> usize {
        match &self.at {
            At::Span(span) => span.start,
            At::File | At::Node(..) => 0,
        }
    }
}

/// Cuts a value so that it fits into a sentence.
pub fn excerpt(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The commonest slip of Chinese keyboards, wherever it is noticed.
pub const FULL_WIDTH_COLON: &str = "a full-width `：` stands where the colon after a key belongs";

/// Says how a key and its value are written.
pub fn with_ascii_colon(key: &str, value: &str) -> String {
    let line = format!("{key}: {value}");
    format!("write `{}` with the ASCII `:` and a space", line.trim_end())
}

/// Lists words for people: "`a`, `b` and `c`".
pub fn list_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.as_slice() {
        [] => "none".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Finds the candidate that a mistyped word probably meant.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let limit = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| {
            let distance = strsim::damerau_levenshtein(&word, &candidate.to_lowercase());
            (distance, candidate)
        })
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::{Code, Complaint, Place, nearest};
    use std::collections::BTreeSet;

    #[test]
    fn every_code_has_its_own_name() {
        let names: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        for name in names {
            assert!(
                name.chars()
                    .all(|c| c.is_ascii_lowercase() || c == '-' || c == '8'),
                "{name}"
            );
        }
    }

    #[test]
    fn reads_by_file_then_by_place() {
        let at = |file: &str, start: usize| {
            Complaint::new(Code::BadUrl, "x").at(Place::span(file, start..start + 1))
        };
        let mut found = [at("b", 0), at("a", 9), at("a", 2)];
        found.sort_by(super::Diagnostic::reading_order);
        assert_eq!(found, [at("a", 2), at("a", 9), at("b", 0)]);
    }

    #[test]
    fn proposes_the_nearest_word_but_no_wild_guess() {
        assert_eq!(nearest("titel", ["title", "tags"]), Some("title"));
        assert_eq!(nearest("layoto", ["layotto", "mosn"]), Some("layotto"));
        assert_eq!(nearest("Agenda", ["agenda"]), Some("agenda"));
        assert_eq!(nearest("whatever", ["title", "tags"]), None);
    }
}
