//! Reading: the checks that every field passes, whatever it means.
//!
//! Flows in: fields, at a cursor. Flows out: trimmed texts of a fair length without control
//! characters, words, lists; and complaints. Deliberately absent: what the fields mean.

use crate::diagnostic::{
    Code, Complaint, FULL_WIDTH_COLON, Part, excerpt, list_of, nearest, with_ascii_colon,
};
use crate::yaml::bytes::any_byte;
use crate::yaml::cure::quoted;
use crate::yaml::cursor::Cursor;
use crate::yaml::document::Stray;
use crate::yaml::field::{Field, Many, Shape, Text};
use crate::yaml::unknown_key::{meant, translated, unknown_key};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The longest single-line text, in characters.
pub(super) const LONGEST_LINE: usize = 500;
/// The longest list, in entries.
pub(super) const LONGEST_LIST: usize = 200;
/// The longest text of several lines, in characters.
pub(super) const LONGEST_PROSE: usize = 20_000;

impl<'s> Cursor<'_, 's> {
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

    /// Reads keys with values; the bare key, with nothing below it, has lost its indentation.
    pub fn shape_below<'f, T: Shape>(&self, field: &'f Field<T>) -> Option<&'f T> {
        if matches!(field, Field::Null) {
            let key = self.name();
            let clears = format!("{}: null` clears a default", key.trim_end_matches('`'));
            self.expect_something_below(field, &format!("indent its keys below it; {clears}"));
        }
        self.shape(field)
    }

    /// Complains about a bare key with nothing below it.
    pub fn expect_something_below<T>(&self, field: &Field<T>, hint: &str) {
        if matches!(field, Field::Null) && self.written().is_some_and(str::is_empty) {
            let message = format!("nothing stands below {}", self.name());
            self.report(Complaint::new(Code::EmptyValue, message).hint(hint));
        }
    }

    fn wrong_type(&self, expected: &str, found: &str) {
        if (expected, found) == ("keys with values", "text")
            && let Some((key, value)) = self.written_line().and_then(|line| line.split_once('：'))
        {
            let hint = with_ascii_colon(key.trim(), &excerpt(value.trim()));
            return self.report(Complaint::new(Code::WrongType, FULL_WIDTH_COLON).hint(hint));
        }
        let hint = match (expected, found) {
            ("text", _) if !self.may_be_any_text() => {
                "write one value, without brackets".to_owned()
            }
            ("text", "a list" | "a mapping" | "a value with a `!` tag") => {
                match self.written_line() {
                    Some(written) => {
                        format!("quote the whole of it if it is text: `{}`", quoted(written))
                    }
                    None => "quote the whole value if it is text".to_owned(),
                }
            }
            ("keys with values", _) => "write `key: value` lines under it, indented".to_owned(),
            ("a list", _) => "write one entry a line, each after a `-` and a blank".to_owned(),
            _ => format!("write {expected} here"),
        };
        let message = format!("{} wants {expected}, this is {found}", self.name());
        self.report(Complaint::new(Code::WrongType, message).hint(hint));
    }

    /// Tells whether the node may hold whatever text, so that quotes can help.
    fn may_be_any_text(&self) -> bool {
        const EXACT: &[&str] = &[
            "start",
            "end",
            "duration",
            "timezone",
            "moved_from",
            "status",
            "kind",
            "project",
            "id",
            "uid",
            "episode",
            "tracking",
            "issue",
            "url",
            "register",
            "image",
            "replay",
            "minutes",
            "post",
            "role",
            "past",
            "uid_prefix",
        ];
        !EXACT.iter().any(|key| self.name() == format!("`{key}`"))
    }

    /// Gives the node as the file has it.
    fn written(&self) -> Option<&str> {
        self.positions().written(&self.source().text, &self.steps())
    }

    /// Gives the node as it is written, if it stands in one short line.
    fn written_line(&self) -> Option<&str> {
        let written = self.written()?;
        (written.len() < 200 && !written.contains('\n')).then_some(written)
    }

    /// Gives a text as it is written, trimmed, whatever it holds.
    fn raw<'f>(&self, text: &'f Text) -> Option<Cow<'f, str>> {
        let kind = match text {
            // What cannot be seen is no text, as `\u200b` from a copied page.
            Text::Said(text) => {
                let text = text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
                return Some(text.into());
            }
            Text::Number(number) if self.findings.has_plain_numbers() => {
                return Some(number.to_string().into());
            }
            Text::Number(_) => "a number",
            Text::Literal(kind) => kind,
        };
        let written = self.written();
        if written.is_none() {
            self.wrong_type("text", kind);
        }
        written.map(|written| written.to_owned().into())
    }

    /// Reads a text of one line.
    pub fn line(&self, field: &Field<Text>) -> Option<String> {
        self.line_of(self.shape(field)?).map(Cow::into_owned)
    }

    fn line_of<'f>(&self, text: &'f Text) -> Option<Cow<'f, str>> {
        let text = self.raw(text)?;
        self.check(&text, LONGEST_LINE, |c| c.is_control() && c != '\t')
            .then_some(text)
    }

    /// Reads a text that may have several lines.
    pub fn prose(&self, field: &Field<Text>) -> Option<String> {
        let text = self.raw(self.shape(field)?)?;
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
        let text = self.line_of(self.shape(field)?)?;
        read(&text).map_err(|complaint| self.report(complaint)).ok()
    }

    /// Reads one of the words that the key knows.
    pub fn word<T: Copy>(&self, field: &Field<Text>, words: &[(&str, T)]) -> Option<T> {
        self.read(field, |text| self.one_of(text, words))
    }

    /// Reads a list of the words that the key knows.
    pub fn words<T: Copy>(&self, field: &Field<Many<Text>>, words: &[(&str, T)]) -> Vec<T> {
        self.read_each(field, |text| self.one_of(text, words))
    }

    fn one_of<T: Copy>(&self, text: &str, words: &[(&str, T)]) -> Result<T, Complaint> {
        let found = words.iter().find(|(word, _)| *word == text);
        found.map(|(_, meaning)| *meaning).ok_or_else(|| {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let meant = translated(text, &known).or_else(|| nearest(text, known.iter().copied()));
            let hint = match meant {
                Some(word) => format!("did you mean `{word}`? it knows {}", list_of(&known)),
                None => format!("write one of {}", list_of(&known)),
            };
            Complaint::new(
                Code::UnknownValue,
                format!("{} does not know `{text}`", self.name()),
            )
            .hint(hint)
        })
    }

    /// Reads a list of a fair length, each entry with its cursor; a lone value is a list of one.
    pub fn list<'f, T: Shape, U>(
        &self,
        field: &'f Field<Many<T>>,
        read: impl FnMut(&Cursor<'_, 's>, &'f T) -> Option<U>,
    ) -> Vec<U> {
        match field {
            Field::Value(Many::List(entries)) if entries.len() > LONGEST_LIST => {
                let message = format!(
                    "{} has {} entries, {LONGEST_LIST} is the most",
                    self.name(),
                    entries.len()
                );
                self.report(
                    Complaint::new(Code::TooLong, message).hint("shorten it, and link to the rest"),
                );
                Vec::new()
            }
            _ => self.each(field, read),
        }
    }

    /// Reads a list of any length, each entry with its cursor.
    pub fn each<'f, T: Shape, U>(
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
                                .hint("write something, or delete the entry"),
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
        self.lines_with(field, |_, line| Some(line.to_owned()))
    }

    /// Reads a list of single-line texts, each with its cursor.
    pub fn lines_with<T>(
        &self,
        field: &Field<Many<Text>>,
        mut read: impl FnMut(&Cursor<'_, 's>, &str) -> Option<T>,
    ) -> Vec<T> {
        self.list(field, |at, text| read(at, &at.line_of(text)?))
    }

    /// Reads a list of texts and turns each into a value, or reports why it is none.
    pub fn read_each<T>(
        &self,
        field: &Field<Many<Text>>,
        read: impl Fn(&str) -> Result<T, Complaint>,
    ) -> Vec<T> {
        self.lines_with(field, |at, text| {
            read(text).map_err(|complaint| at.report(complaint)).ok()
        })
    }

    /// Reports the keys that have no place in a mapping.
    pub fn strays(&self, strays: &[Stray], keys: &[&str]) {
        let mut appearances: BTreeMap<&str, usize> = BTreeMap::new();
        for stray in strays {
            match stray {
                Stray::Repeated(key) => {
                    let count = appearances.entry(key).or_insert(1);
                    *count += 1;
                    let at = self.key(key);
                    let complaint = Complaint::new(
                        Code::DuplicateKey,
                        format!("`{key}` is written more than once"),
                    );
                    let found = complaint
                        .hint("keep one of them")
                        .at(at.place(Part::RepeatedKey(*count)));
                    self.findings
                        .keep(found.also(at.place(Part::Key), "the first one"));
                }
                Stray::Unknown(key) => {
                    // `- Discussion: 自建` is a mapping to YAML, and was meant as text.
                    let is_alone = strays.len() == 1 && self.is_entry();
                    let text = if is_alone { self.written_line() } else { None };
                    let text = text.filter(|text| !text.starts_with(['{', '[']));
                    self.key(key)
                        .report_part(Part::Key, unknown_key(key, keys, text));
                }
            }
        }
    }

    /// Tells whether a key that is not there was probably written with another spelling.
    pub fn is_misspelt(&self, key: &str, strays: &[Stray], keys: &[&str]) -> bool {
        strays.iter().any(|stray| match stray {
            Stray::Unknown(written) => meant(written, keys) == Some(key),
            Stray::Repeated(_) => false,
        })
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
        // The first byte of each of them tells that there may be one; C1 controls begin with 0xc2.
        let may_be_refused = |b: u8| (b < 0x20) | (b == 0x7f) | (b == 0xc2) | (b == 0xe2);
        let may_hold_one = any_byte(text.as_bytes(), may_be_refused);
        let mut refused = text.chars().filter(|c| may_hold_one && refused(*c));
        if let Some(found) = refused.next() {
            let (name, hint) = match found {
                '\n' | '\r' if longest == LONGEST_LINE => {
                    ("a line break".to_owned(), "write it in one line")
                }
                '\r' => (
                    "a carriage return (U+000D)".to_owned(),
                    "write `\\n` alone for a new line",
                ),
                '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => (
                    format!("U+{:04X}, which turns the direction of text", found as u32),
                    "delete it",
                ),
                _ if self.written_line().is_some_and(|line| line.contains('\\')) => (
                    format!("the control character U+{:04X}", found as u32),
                    "a `\\` in double quotes begins an escape: use single quotes `'…'` for a plain one",
                ),
                _ => (
                    format!("the control character U+{:04X}", found as u32),
                    "delete it",
                ),
            };
            let complaint = Complaint::new(
                Code::ControlCharacter,
                format!("{} holds {name}", self.name()),
            );
            self.report(complaint.hint(hint));
            return false;
        }
        let count = || text.chars().count();
        if text.len() > longest && count() > longest {
            let length = count();
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

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}')
}
