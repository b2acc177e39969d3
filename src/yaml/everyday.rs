//! Everyday YAML: what nearly all event files are made of, read at once and without a copy.
//!
//! Flows in: a text. Flows out: its document, just as the YAML crate reads it, or nothing.
//! It knows keys of ASCII letters, mappings and lists by indentation, brackets within a line, and
//! scalars of one line. At the first sign of anything else (an anchor, an escape, a tab, a text of
//! several lines, a mistake) it gives up, and the YAML crate reads the file: this file judges nothing
//! and explains nothing. `tests/everyday_yaml.rs` holds the two against each other.

use crate::yaml::bytes::{any_byte, any_three, count_bytes};
use crate::yaml::field::{Field, Shape};
use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use std::fmt;

/// Reads a text of everyday YAML; `None` if it is anything else, even if that is YAML too.
pub fn read_everyday<T: Shape>(text: &str) -> Option<Field<T>> {
    if !has_everyday_characters(text) {
        return None;
    }
    let mut reader = Reader {
        text,
        at: 0,
        line_start: 0,
        indent: 0,
        depth: 0,
    };
    reader.find_content().ok()?;
    if reader.indent != 0 {
        return None;
    }
    let document = serde::Deserialize::deserialize(Block(&mut reader)).ok()?;
    (reader.indent == END).then_some(document)
}

/// Where the text ends nothing is indented, not even by nothing.
const END: isize = -1;

/// The deepest nesting; an event needs four levels.
const DEEPEST: usize = 16;

/// The most brackets that a text may hold: what may nest too deeply is for `parse` to say.
const MOST_BRACKETS: usize = 200;

/// Tells whether every character is one that YAML takes, and no line break but `\n`.
fn has_everyday_characters(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_control = |byte: u8| (byte < 0x20) & (byte != b'\n') | (byte == 0x7f);
    let is_bracket = |byte: u8| (byte == b'[') | (byte == b'{');
    // C1 controls have two bytes; U+2028, U+2029, U+FEFF, U+FFFE and U+FFFF have three.
    let is_c1 = |lead: u8, byte: u8| (lead == 0xc2) & (byte < 0xa0);
    let is_odd = |a: u8, b: u8, c: u8| {
        is_c1(a, b)
            | is_c1(b, c)
            | (a == 0xe2) & (b == 0x80) & (c & 0xfe == 0xa8)
            | (a == 0xef) & ((b == 0xbb) & (c == 0xbf) | (b == 0xbf) & (c >= 0xbe))
    };
    !any_byte(bytes, is_control)
        && !any_three(bytes, is_odd)
        && count_bytes(bytes, is_bracket) <= MOST_BRACKETS
}

/// The text is something else than everyday YAML.
#[derive(Debug)]
struct Other;

impl fmt::Display for Other {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("this is no everyday YAML")
    }
}

impl std::error::Error for Other {}

impl Error for Other {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Other
    }
}

/// A place in the text. Between nodes it stands at the first character of a line's content.
struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// Where the line begins.
    line_start: usize,
    /// How deep the line's content stands; `END` after the last.
    indent: isize,
    /// How many lists and mappings are open.
    depth: usize,
}

impl<'t> Reader<'t> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'t [u8] {
        &self.text.as_bytes()[self.at..]
    }

    fn skip_blanks(&mut self) {
        self.at += self.rest().iter().take_while(|byte| **byte == b' ').count();
    }

    /// Goes from the beginning of a line to the first content from there on.
    fn find_content(&mut self) -> Result<(), Other> {
        loop {
            self.line_start = self.at;
            self.skip_blanks();
            match self.byte() {
                None => {
                    self.indent = END;
                    return Ok(());
                }
                Some(b'\n') => self.at += 1,
                Some(b'#') => self.skip_line(),
                Some(_) => {
                    self.indent = self.column();
                    return Ok(());
                }
            }
        }
    }

    fn column(&self) -> isize {
        (self.at - self.line_start).cast_signed()
    }

    fn skip_line(&mut self) {
        let line = self.rest().iter().position(|byte| *byte == b'\n');
        self.at = line.map_or(self.text.len(), |length| self.at + length + 1);
    }

    /// Tells whether nothing but a comment is left of the line; stands behind its blanks.
    fn is_at_line_end(&mut self) -> bool {
        let start = self.at;
        self.skip_blanks();
        match self.byte() {
            None | Some(b'\n') => true,
            Some(b'#') => self.at > start,
            Some(_) => false,
        }
    }

    /// Goes from the end of a node in a line to the content of the lines below.
    fn end_line(&mut self) -> Result<(), Other> {
        if !self.is_at_line_end() {
            return Err(Other);
        }
        self.skip_line();
        self.find_content()
    }

    /// Tells whether an entry of a list begins here.
    fn is_at_dash(&self) -> bool {
        matches!(self.rest(), [b'-', b' ' | b'\n', ..] | [b'-'])
    }

    /// Gives the length of the key that begins here, if one does.
    fn key_length(&self) -> Option<usize> {
        let rest = self.rest();
        let is_of_key = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let length = rest.iter().take_while(|byte| is_of_key(byte)).count();
        let is_key = length <= 100
            && rest.first().is_some_and(u8::is_ascii_alphabetic)
            && matches!(rest[length..], [b':', b' ' | b'\n', ..] | [b':']);
        is_key.then_some(length)
    }

    /// Takes a key and its colon.
    fn key(&mut self) -> Result<&'t str, Other> {
        let length = self.key_length().ok_or(Other)?;
        let key = &self.text[self.at..self.at + length];
        self.at += length + 1;
        // `null: x` has no text for a key.
        match resolve(key)? {
            Scalar::Text(key) => Ok(key),
            _ => Err(Other),
        }
    }

    fn open(&mut self) -> Result<(), Other> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Other);
        }
        Ok(())
    }

    /// Takes a scalar that is quoted or plain; within brackets it ends where they say.
    fn scalar(&mut self, is_in_brackets: bool) -> Result<Scalar<'t>, Other> {
        match self.byte() {
            Some(quote @ (b'"' | b'\'')) => self.quoted(quote).map(Scalar::Text),
            Some(_) if is_in_brackets => resolve(self.plain_in_brackets()?),
            Some(_) => resolve(self.plain()?),
            None => Err(Other),
        }
    }

    fn quoted(&mut self, quote: u8) -> Result<&'t str, Other> {
        let rest = &self.rest()[1..];
        let special = |byte: &u8| *byte == quote || matches!(byte, b'\\' | b'\n');
        let length = rest.iter().position(special).ok_or(Other)?;
        // In single quotes a backslash is itself, and two quotes are one.
        if rest[length] != quote || rest.get(length + 1) == Some(&quote) {
            return Err(Other);
        }
        let start = self.at + 1;
        self.at = start + length + 1;
        Ok(&self.text[start..start + length])
    }

    /// Takes what stands there until the end of the line or a comment.
    fn plain(&mut self) -> Result<&'t str, Other> {
        let rest = self.rest();
        begins_plain(rest)?;
        let mut length = 0;
        while let Some(byte) = rest.get(length) {
            match byte {
                b'\n' => break,
                b'#' if rest[length - 1] == b' ' => break,
                b':' if matches!(rest.get(length + 1), None | Some(b' ' | b'\n')) => {
                    return Err(Other);
                }
                _ => length += 1,
            }
        }
        let text = self.text[self.at..self.at + length].trim_end_matches(' ');
        self.at += text.len();
        Ok(text)
    }

    /// Takes what stands there until a comma or bracket.
    fn plain_in_brackets(&mut self) -> Result<&'t str, Other> {
        let rest = self.rest();
        begins_plain(rest)?;
        let ends = |byte: &u8| matches!(byte, b',' | b']' | b'}');
        let length = rest.iter().position(ends).ok_or(Other)?;
        for (at, byte) in rest[..length].iter().enumerate() {
            let is_other = match byte {
                b'\n' | b'[' | b'{' | b'?' => true,
                b'#' => rest[at - 1] == b' ',
                b':' => !rest[at + 1].is_ascii_alphanumeric() && rest[at + 1] != b'/',
                _ => false,
            };
            if is_other {
                return Err(Other);
            }
        }
        let text = self.text[self.at..self.at + length].trim_end_matches(' ');
        self.at += length;
        Ok(text)
    }
}

/// Refuses what cannot begin a plain scalar, or means more than itself there.
fn begins_plain(rest: &[u8]) -> Result<(), Other> {
    match rest {
        [b'-', after, ..] if !after.is_ascii_alphanumeric() => Err(Other),
        [first, ..] if b",[]{}#&*!|>'\"%@`?:=<\n".contains(first) => Err(Other),
        [] | [b'-'] => Err(Other),
        _ => Ok(()),
    }
}

/// A scalar as YAML understands it.
enum Scalar<'t> {
    Text(&'t str),
    Number(u64),
    Boolean(bool),
    Null,
}

/// Finds what a plain scalar means; of numbers it knows only those that are digits.
fn resolve(plain: &str) -> Result<Scalar<'_>, Other> {
    Ok(match plain {
        "" => return Err(Other),
        "null" | "Null" | "NULL" | "~" => Scalar::Null,
        "true" | "True" | "TRUE" => Scalar::Boolean(true),
        "false" | "False" | "FALSE" => Scalar::Boolean(false),
        _ if !plain.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) => {
            Scalar::Text(plain)
        }
        // Clock times, dates and what has words or units beside its digits.
        _ if plain
            .bytes()
            .any(|byte| b" :/,hm".contains(&byte) || !byte.is_ascii()) =>
        {
            Scalar::Text(plain)
        }
        _ if is_date(plain.as_bytes()) => Scalar::Text(plain),
        _ => {
            let is_number = plain.len() < 19
                && plain.bytes().all(|byte| byte.is_ascii_digit())
                && (plain == "0" || !plain.starts_with('0'));
            let number = plain.parse().ok().filter(|_| is_number);
            Scalar::Number(number.ok_or(Other)?)
        }
    })
}

/// Tells whether a scalar is `2023-05-31`, which is text.
fn is_date(scalar: &[u8]) -> bool {
    let is_of_date = |(at, byte): (usize, &u8)| match at {
        4 | 7 => *byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    scalar.len() == 10 && scalar.iter().enumerate().all(is_of_date)
}

impl<'t> Scalar<'t> {
    fn visit<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Other> {
        match self {
            Scalar::Text(text) => visitor.visit_borrowed_str(text),
            Scalar::Number(number) => visitor.visit_u64(number),
            Scalar::Boolean(boolean) => visitor.visit_bool(boolean),
            Scalar::Null => visitor.visit_unit(),
        }
    }
}

/// A list or mapping whose first line begins here.
struct Block<'r, 't>(&'r mut Reader<'t>);

impl<'t> Deserializer<'t> for Block<'_, 't> {
    type Error = Other;

    fn deserialize_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Other> {
        let Block(reader) = self;
        reader.open()?;
        let lines = Lines {
            column: reader.indent,
            is_first: true,
            reader: &mut *reader,
        };
        let value = match lines.reader.is_at_dash() {
            true => visitor.visit_seq(lines),
            false => visitor.visit_map(lines),
        };
        reader.depth -= 1;
        value
    }

    forward_to_deserialize_any! {
        <V: Visitor<'t>> bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// What stands behind a key or a dash, in the line or below it.
struct Value<'r, 't> {
    reader: &'r mut Reader<'t>,
    /// The column of the key or dash.
    column: isize,
    /// Whether a list may begin below in the same column: it may below a key.
    is_of_key: bool,
}

impl<'t> Deserializer<'t> for Value<'_, 't> {
    type Error = Other;

    fn deserialize_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Other> {
        let reader = self.reader;
        if reader.is_at_line_end() {
            reader.end_line()?;
            let is_list_here =
                self.is_of_key && reader.indent == self.column && reader.is_at_dash();
            return match reader.indent > self.column || is_list_here {
                true => Block(reader).deserialize_any(visitor),
                false => visitor.visit_unit(),
            };
        }
        if !self.is_of_key && reader.key_length().is_some() {
            // `- text: x` begins a mapping in the column of its first key.
            reader.indent = reader.column();
            return Block(reader).deserialize_any(visitor);
        }
        let value = InLine {
            reader: &mut *reader,
            is_in_brackets: false,
        }
        .deserialize_any(visitor)?;
        reader.end_line()?;
        // A deeper line would go on with the value.
        match reader.indent > self.column {
            true => Err(Other),
            false => Ok(value),
        }
    }

    forward_to_deserialize_any! {
        <V: Visitor<'t>> bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// The lines of a list or mapping, which all begin in one column.
struct Lines<'r, 't> {
    reader: &'r mut Reader<'t>,
    column: isize,
    is_first: bool,
}

impl<'t> Lines<'_, 't> {
    /// Tells whether a further line of it follows.
    fn goes_on(&mut self) -> Result<bool, Other> {
        if std::mem::take(&mut self.is_first) {
            return Ok(true);
        }
        match self.reader.indent > self.column {
            true => Err(Other),
            false => Ok(self.reader.indent == self.column),
        }
    }

    fn value(&mut self, is_of_key: bool) -> Value<'_, 't> {
        Value {
            reader: self.reader,
            column: self.column,
            is_of_key,
        }
    }
}

impl<'t> SeqAccess<'t> for Lines<'_, 't> {
    type Error = Other;

    fn next_element_seed<S: DeserializeSeed<'t>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Other> {
        // A list below a key in the same column ends where the next key begins.
        if !self.goes_on()? || !self.reader.is_at_dash() {
            return Ok(None);
        }
        self.reader.at += 1;
        seed.deserialize(self.value(false)).map(Some)
    }
}

impl<'t> MapAccess<'t> for Lines<'_, 't> {
    type Error = Other;

    fn next_key_seed<S: DeserializeSeed<'t>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Other> {
        if !self.goes_on()? {
            return Ok(None);
        }
        let key: StrDeserializer<Other> = self.reader.key()?.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<S::Value, Other> {
        seed.deserialize(self.value(true))
    }
}

/// A value that begins and ends in one line.
struct InLine<'r, 't> {
    reader: &'r mut Reader<'t>,
    is_in_brackets: bool,
}

impl<'t> Deserializer<'t> for InLine<'_, 't> {
    type Error = Other;

    fn deserialize_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Other> {
        let reader = self.reader;
        let close = match reader.byte() {
            Some(b'[') => b']',
            Some(b'{') => b'}',
            _ => return reader.scalar(self.is_in_brackets)?.visit(visitor),
        };
        reader.open()?;
        reader.at += 1;
        let brackets = Brackets {
            reader: &mut *reader,
            close,
            is_first: true,
        };
        let value = match close {
            b']' => visitor.visit_seq(brackets),
            _ => visitor.visit_map(brackets),
        };
        reader.depth -= 1;
        value
    }

    forward_to_deserialize_any! {
        <V: Visitor<'t>> bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// A list or mapping in brackets.
struct Brackets<'r, 't> {
    reader: &'r mut Reader<'t>,
    close: u8,
    is_first: bool,
}

impl<'t> Brackets<'_, 't> {
    /// Goes to the next entry, or behind the closing bracket.
    fn goes_on(&mut self) -> Result<bool, Other> {
        let is_first = std::mem::take(&mut self.is_first);
        self.reader.skip_blanks();
        if !is_first && self.reader.byte() == Some(b',') {
            self.reader.at += 1;
            self.reader.skip_blanks();
        } else if !is_first && self.reader.byte() != Some(self.close) {
            return Err(Other);
        }
        let is_closed = self.reader.byte() == Some(self.close);
        self.reader.at += usize::from(is_closed);
        Ok(!is_closed)
    }

    fn value(&mut self) -> InLine<'_, 't> {
        self.reader.skip_blanks();
        InLine {
            reader: self.reader,
            is_in_brackets: true,
        }
    }
}

impl<'t> SeqAccess<'t> for Brackets<'_, 't> {
    type Error = Other;

    fn next_element_seed<S: DeserializeSeed<'t>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Other> {
        if !self.goes_on()? {
            return Ok(None);
        }
        seed.deserialize(self.value()).map(Some)
    }
}

impl<'t> MapAccess<'t> for Brackets<'_, 't> {
    type Error = Other;

    fn next_key_seed<S: DeserializeSeed<'t>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Other> {
        if !self.goes_on()? {
            return Ok(None);
        }
        let key: StrDeserializer<Other> = self.reader.key()?.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<S::Value, Other> {
        seed.deserialize(self.value())
    }
}
