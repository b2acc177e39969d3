//! Cursors: where in a document `normalise` reads, so that each complaint finds its place.
//!
//! Flows in: fields. Flows out: checked texts and lists, and diagnostics on the side.
//! Deliberately absent: what the fields mean.

use crate::diagnostic::{At, Code, Complaint, Diagnostic, Part, Place, Step, nearest};
use crate::source::{Source, Span};
use crate::yaml::document::Stray;
use crate::yaml::field::{Field, Many, Shape, Text};
use crate::yaml::positions::Positions;
use crate::yaml::unknown_key::unknown_key;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;

/// What is found in one source while its documents are read.
#[derive(Debug)]
pub struct Findings<'s> {
    source: &'s Source,
    positions: OnceCell<Positions>,
    diagnostics: RefCell<Vec<Diagnostic>>,
    /// How many complaints came, shown or not.
    faults: Cell<usize>,
}

/// The most mistakes that are shown of one file: who has more mends the first and runs again.
const MOST_SHOWN: usize = 100;

impl<'s> Findings<'s> {
    /// Begins with nothing found.
    pub fn new(source: &'s Source) -> Self {
        Findings {
            source,
            positions: OnceCell::new(),
            diagnostics: RefCell::default(),
            faults: Cell::new(0),
        }
    }

    /// Gives what was found.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        let mut diagnostics = self.diagnostics.into_inner();
        if diagnostics.len() == MOST_SHOWN {
            let message =
                format!("the file has more than {MOST_SHOWN} mistakes, the rest is not shown");
            let complaint = Complaint::new(Code::TooManyMistakes, message);
            diagnostics.push(
                complaint
                    .hint("mend these and run again")
                    .at(Place::file(self.source.path.clone())),
            );
        }
        diagnostics
    }
}

/// A node of a document that is being read.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'c, 's> {
    findings: &'c Findings<'s>,
    parent: Option<&'c Cursor<'c, 's>>,
    step: CursorStep<'c>,
}

#[derive(Debug, Clone, Copy)]
enum CursorStep<'c> {
    Root,
    Key(&'c str),
    Index(usize),
}

/// The longest single-line text, in characters.
const LONGEST_LINE: usize = 500;
/// The longest text of several lines, in characters.
const LONGEST_PROSE: usize = 20_000;

impl<'c, 's> Cursor<'c, 's> {
    /// Stands at the top of the document.
    pub fn root(findings: &'c Findings<'s>) -> Self {
        Cursor {
            findings,
            parent: None,
            step: CursorStep::Root,
        }
    }

    /// Stands at the value of a key.
    pub fn key<'n>(&'n self, key: &'n str) -> Cursor<'n, 's> {
        Cursor {
            findings: self.findings,
            parent: Some(self),
            step: CursorStep::Key(key),
        }
    }

    /// Stands at an entry of a list.
    pub fn index<'n>(&'n self, index: usize) -> Cursor<'n, 's> {
        Cursor {
            findings: self.findings,
            parent: Some(self),
            step: CursorStep::Index(index),
        }
    }

    /// The source that is read.
    pub fn source(&self) -> &'s Source {
        self.findings.source
    }

    /// Counts the complaints about the source so far.
    pub fn faults(&self) -> usize {
        self.findings.faults.get()
    }

    /// Reports a complaint about the value.
    pub fn report(&self, complaint: Complaint) {
        self.report_part(Part::Value, complaint);
    }

    /// Reports a complaint about a part of the node.
    pub fn report_part(&self, part: Part, complaint: Complaint) {
        self.keep(complaint.at(self.place(part)));
    }

    /// Reports a complaint about a range of bytes of the source.
    pub fn report_span(&self, span: Span, complaint: Complaint) {
        self.keep(complaint.at(Place::span(self.source().path.clone(), span)));
    }

    fn keep(&self, found: Diagnostic) {
        self.findings.faults.set(self.findings.faults.get() + 1);
        let mut diagnostics = self.findings.diagnostics.borrow_mut();
        // Entries that inherit a wrong value would each report it.
        if diagnostics.len() < MOST_SHOWN && !diagnostics.contains(&found) {
            diagnostics.push(found);
        }
    }

    /// Names the place of a part of the node.
    pub fn place(&self, part: Part) -> Place {
        Place {
            file: self.findings.source.path.clone(),
            at: At::Node(self.steps(), part),
        }
    }

    fn steps(&self) -> Vec<Step> {
        let mut steps = self.parent.map_or_else(Vec::new, Cursor::steps);
        match self.step {
            CursorStep::Root => {}
            CursorStep::Key(key) => steps.push(Step::Key(key.into())),
            CursorStep::Index(index) => steps.push(Step::Index(index)),
        }
        steps
    }

    fn name(&self) -> String {
        match self.step {
            CursorStep::Root => "the file".to_owned(),
            CursorStep::Key(key) => format!("`{key}`"),
            CursorStep::Index(_) => self
                .parent
                .map_or_else(String::new, |list| format!("an entry of {}", list.name())),
        }
    }

    /// Where the source's nodes stand; found at the first call.
    pub fn positions(&self) -> &Positions {
        let source = self.findings.source;
        self.findings
            .positions
            .get_or_init(|| Positions::of(&source.text))
    }

    /// Reads a value of whatever shape its type has.
    pub fn shape<'f, T: Shape>(&self, field: &'f Field<T>) -> Option<&'f T> {
        match field {
            Field::Value(value) => Some(value),
            Field::Wrong(found) => {
                self.wrong_type(T::EXPECTED, found);
                None
            }
            Field::Absent | Field::Null => None,
        }
    }

    fn wrong_type(&self, expected: &str, found: &str) {
        let hint = match (expected, found) {
            ("text", "a list" | "a mapping" | "a value with a `!` tag") => {
                "quote the whole value if it is text".to_owned()
            }
            ("a mapping", _) => "write `key: value` lines under it, indented".to_owned(),
            _ => format!("write {expected} here"),
        };
        let message = format!("{} wants {expected}, this is {found}", self.name());
        self.report(Complaint::new(Code::WrongType, message).hint(hint));
    }

    /// Reads a text as it is written, trimmed, whatever it holds.
    pub fn raw(&self, field: &Field<Text>) -> Option<String> {
        let text = match self.shape(field)? {
            Text::Said(text) => text.trim(),
            Text::Literal(kind) => {
                let written = self.positions().written(&self.source().text, &self.steps());
                match written {
                    Some(written) => written,
                    None => {
                        self.wrong_type("text", kind);
                        return None;
                    }
                }
            }
        };
        Some(text.to_owned())
    }

    /// Gives the cursor's number in its list, from 0; 0 outside of lists.
    pub fn number(&self) -> usize {
        match self.step {
            CursorStep::Index(index) => index,
            CursorStep::Root | CursorStep::Key(_) => 0,
        }
    }

    /// Reads a text of one line.
    pub fn line(&self, field: &Field<Text>) -> Option<String> {
        let text = self.raw(field)?;
        self.check(&text, LONGEST_LINE, |c| c.is_control() && c != '\t')
            .then_some(text)
    }

    /// Reads a text that may have several lines.
    pub fn prose(&self, field: &Field<Text>) -> Option<String> {
        let text = self.raw(field)?;
        let is_fine = self.check(&text, LONGEST_PROSE, |c| {
            c.is_control() && c != '\t' && c != '\n'
        });
        is_fine.then(|| {
            text.lines()
                .map(str::trim_end)
                .collect::<Vec<_>>()
                .join("\n")
        })
    }

    /// Reads a text and turns it into a value, or reports why it is none.
    pub fn read<T>(
        &self,
        field: &Field<Text>,
        read: impl FnOnce(&str) -> Result<T, Complaint>,
    ) -> Option<T> {
        let text = self.line(field)?;
        read(&text).map_err(|complaint| self.report(complaint)).ok()
    }

    /// Reads one of the words that the key knows.
    pub fn word<T: Copy>(&self, field: &Field<Text>, words: &[(&str, T)]) -> Option<T> {
        self.read(field, |text| {
            let found = words.iter().find(|(word, _)| *word == text);
            found.map(|(_, meaning)| *meaning).ok_or_else(|| {
                let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                let hint = match nearest(text, known.iter().copied()) {
                    Some(word) => format!("did you mean `{word}`? it knows {}", list_of(&known)),
                    None => format!("write one of {}", list_of(&known)),
                };
                Complaint::new(
                    Code::UnknownValue,
                    format!("{} does not know `{text}`", self.name()),
                )
                .hint(hint)
            })
        })
    }

    /// Reads a list, each entry with its cursor; a lone value is a list of one.
    pub fn list<'f, T: Shape, U>(
        &self,
        field: &'f Field<Many<T>>,
        mut read: impl FnMut(&Cursor<'_, 's>, &'f T) -> Option<U>,
    ) -> Vec<U> {
        match self.shape(field) {
            None => Vec::new(),
            Some(Many::Lone(value)) => read(&self.index(0), value).into_iter().collect(),
            Some(Many::List(entries)) => {
                let read_entry = |(index, entry): (usize, &'f Field<T>)| {
                    let at = self.index(index);
                    if matches!(entry, Field::Null) {
                        at.report(
                            Complaint::new(Code::EmptyValue, format!("{} is empty", at.name()))
                                .hint("write something after the `-`, or delete it"),
                        );
                    }
                    read(&at, at.shape(entry)?)
                };
                entries.iter().enumerate().filter_map(read_entry).collect()
            }
        }
    }

    /// Reads a list of single-line texts.
    pub fn lines(&self, field: &Field<Many<Text>>) -> Vec<String> {
        self.list(field, |at, text| at.line(&Field::Value(text.clone())))
    }

    /// Reports the keys that have no place in a mapping.
    pub fn strays(&self, strays: &[Stray], keys: &[&str]) {
        let mut appearances: BTreeMap<&str, usize> = BTreeMap::new();
        for stray in strays {
            match stray {
                Stray::Repeated(key) => {
                    let count = appearances.entry(key).or_insert(1);
                    *count += 1;
                    let complaint =
                        Complaint::new(Code::DuplicateKey, format!("`{key}` is written twice"))
                            .hint("keep one of them");
                    self.key(key)
                        .report_part(Part::RepeatedKey(*count), complaint);
                }
                Stray::Unknown(key) => {
                    self.key(key).report_part(Part::Key, unknown_key(key, keys));
                }
            }
        }
    }

    fn check(&self, text: &str, longest: usize, is_refused: fn(char) -> bool) -> bool {
        if text.is_empty() {
            let complaint = Complaint::new(Code::EmptyValue, format!("{} is empty", self.name()))
                .hint("write something, or delete the key");
            self.report(complaint);
            return false;
        }
        // U+2028 and U+2029 end a line in some readers; the others turn the text around them.
        let refused = |c: char| {
            is_refused(c)
                || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
        };
        if let Some(found) = text.chars().find(|c| refused(*c)) {
            let name = match found {
                '\n' | '\r' => "a line break".to_owned(),
                _ => format!("the control character U+{:04X}", found as u32),
            };
            let complaint = Complaint::new(
                Code::ControlCharacter,
                format!("{} holds {name}", self.name()),
            )
            .hint("delete it; longer texts belong into `description:`");
            self.report(complaint);
            return false;
        }
        let length = text.chars().count();
        if length > longest {
            let complaint = Complaint::new(
                Code::TooLong,
                format!(
                    "{} has {length} characters, {longest} is the most",
                    self.name()
                ),
            )
            .hint("shorten it, and link to the rest");
            self.report(complaint);
            return false;
        }
        true
    }
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
