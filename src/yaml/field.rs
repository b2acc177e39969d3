//! Fields: what an author may have written where a value belongs, kept whatever it is.
//!
//! Flows in: serde's view of one YAML node. Flows out: a `Field` that holds the value, or says what
//! stands there instead, so that one wrong value never hides the mistakes after it.
//! Deliberately absent: judging values, and positions.

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, IgnoredAny, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use std::fmt;
use std::marker::PhantomData;

/// What stands where a value of shape `T` belongs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Field<T> {
    /// The key is not written.
    #[default]
    Absent,
    /// The key is written with `null`, `~` or nothing.
    Null,
    /// A value of the right shape.
    Value(T),
    /// Something of another shape, named for people: "a list".
    Wrong(&'static str),
}

impl<T> Field<T> {
    /// Gives the value, if there is one of the right shape.
    pub fn value(&self) -> Option<&T> {
        match self {
            Field::Value(value) => Some(value),
            _ => None,
        }
    }

    /// Tells whether there is nothing to read: no key, or one with `null`.
    pub fn is_missing(&self) -> bool {
        matches!(self, Field::Absent | Field::Null)
    }

    /// Tells whether nothing is written, not even `null`.
    pub fn is_absent(&self) -> bool {
        matches!(self, Field::Absent)
    }
}

/// A shape that a YAML node can have; every way to read one is refused unless a type takes it.
pub trait Shape: Sized {
    /// What people are told to write: "text", "a list".
    const EXPECTED: &'static str;

    /// Takes a text as YAML reads it.
    fn from_text(_text: &str) -> Option<Self> {
        None
    }

    /// Takes a number or a boolean, whose written form only the source text knows.
    fn from_literal(_literal: &'static str) -> Option<Self> {
        None
    }

    /// Takes a whole number that is not negative.
    fn from_number(_number: u64) -> Option<Self> {
        Self::from_literal("a number")
    }

    /// Takes a list; it must be read to its end.
    fn from_list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    /// Takes a mapping; it must be read to its end.
    fn from_mapping<'de, A: MapAccess<'de>>(mut mapping: A) -> Result<Option<Self>, A::Error> {
        while mapping.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

impl<'de, T: Shape> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FieldVisitor(PhantomData))
    }
}

struct FieldVisitor<T>(PhantomData<T>);

fn literal<T: Shape, E>(kind: &'static str) -> Result<Field<T>, E> {
    Ok(T::from_literal(kind).map_or(Field::Wrong(kind), Field::Value))
}

impl<'de, T: Shape> Visitor<'de> for FieldVisitor<T> {
    type Value = Field<T>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_unit<E>(self) -> Result<Field<T>, E> {
        Ok(Field::Null)
    }

    fn visit_none<E>(self) -> Result<Field<T>, E> {
        Ok(Field::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Field<T>, E> {
        literal("true or false")
    }

    fn visit_i64<E>(self, _: i64) -> Result<Field<T>, E> {
        literal("a number")
    }

    fn visit_u64<E>(self, number: u64) -> Result<Field<T>, E> {
        Ok(T::from_number(number).map_or(Field::Wrong("a number"), Field::Value))
    }

    fn visit_i128<E>(self, _: i128) -> Result<Field<T>, E> {
        literal("a number")
    }

    fn visit_u128<E>(self, _: u128) -> Result<Field<T>, E> {
        literal("a number")
    }

    fn visit_f64<E>(self, _: f64) -> Result<Field<T>, E> {
        literal("a number")
    }

    fn visit_str<E>(self, text: &str) -> Result<Field<T>, E> {
        Ok(T::from_text(text).map_or(Field::Wrong("text"), Field::Value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Field<T>, A::Error> {
        Ok(T::from_list(list)?.map_or(Field::Wrong("a list"), Field::Value))
    }

    fn visit_map<A: MapAccess<'de>>(self, mapping: A) -> Result<Field<T>, A::Error> {
        Ok(T::from_mapping(mapping)?.map_or(Field::Wrong("a mapping"), Field::Value))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Field<T>, A::Error> {
        let (IgnoredAny, content) = tagged.variant()?;
        content.newtype_variant::<IgnoredAny>()?;
        Ok(Field::Wrong("a value with a `!` tag"))
    }
}

/// A text, or a number or boolean that stands where text belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// What YAML read.
    Said(String),
    /// YAML read a whole number: in most files its digits are the text.
    Number(u64),
    /// YAML read another number or a boolean: the text is what the source says, `+86` with its plus.
    Literal(&'static str),
}

impl Shape for Text {
    const EXPECTED: &'static str = "text";

    fn from_text(text: &str) -> Option<Self> {
        Some(Text::Said(text.to_owned()))
    }

    fn from_literal(literal: &'static str) -> Option<Self> {
        Some(Text::Literal(literal))
    }

    fn from_number(number: u64) -> Option<Self> {
        Some(Text::Number(number))
    }
}

/// A list; a lone value is a list of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Many<T> {
    /// The entries of a list.
    List(Vec<Field<T>>),
    /// A value without a list around it.
    Lone(Box<T>),
}

impl<T> Many<T> {
    /// Tells whether it is a list of nothing.
    pub fn is_empty(&self) -> bool {
        matches!(self, Many::List(entries) if entries.is_empty())
    }

    fn lone(value: T) -> Self {
        Many::Lone(Box::new(value))
    }
}

impl<T: Shape> Shape for Many<T> {
    const EXPECTED: &'static str = "a list";

    fn from_text(text: &str) -> Option<Self> {
        // `-夜话` on a line of its own was meant as an entry, but its `-` has no blank after it.
        if text.starts_with('-') {
            return None;
        }
        T::from_text(text).map(Many::lone)
    }

    fn from_literal(literal: &'static str) -> Option<Self> {
        T::from_literal(literal).map(Many::lone)
    }

    fn from_number(number: u64) -> Option<Self> {
        T::from_number(number).map(Many::lone)
    }

    fn from_list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = list.next_element()? {
            entries.push(entry);
        }
        Ok(Some(Many::List(entries)))
    }

    fn from_mapping<'de, A: MapAccess<'de>>(mapping: A) -> Result<Option<Self>, A::Error> {
        Ok(T::from_mapping(mapping)?.map(Many::lone))
    }
}

/// A mapping whose keys the author chooses, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entries<T>(pub Vec<(String, Field<T>)>);

impl<T: Shape> Shape for Entries<T> {
    const EXPECTED: &'static str = "keys with values";

    fn from_mapping<'de, A: MapAccess<'de>>(mut mapping: A) -> Result<Option<Self>, A::Error> {
        let mut entries = Vec::new();
        while let Some(Key(key)) = mapping.next_key_seed(KeyOf(&[]))? {
            entries.push((key.into_owned(), mapping.next_value()?));
        }
        Ok(Some(Entries(entries)))
    }
}

/// Whatever is written, of any shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anything;

impl Shape for Anything {
    const EXPECTED: &'static str = "anything";

    fn from_text(_: &str) -> Option<Self> {
        Some(Anything)
    }

    fn from_literal(_: &'static str) -> Option<Self> {
        Some(Anything)
    }

    fn from_list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Some(Anything))
    }

    fn from_mapping<'de, A: MapAccess<'de>>(mut mapping: A) -> Result<Option<Self>, A::Error> {
        while mapping.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Some(Anything))
    }
}

/// A mapping's key as text: borrowed from the list of known keys where it is one of them.
pub struct Key(pub std::borrow::Cow<'static, str>);

/// Reads a key and compares it with the known ones.
pub struct KeyOf(pub &'static [&'static str]);

impl KeyOf {
    fn key(&self, text: &str) -> Key {
        let known = self.0.iter().find(|known| **known == text);
        Key(known.map_or_else(|| text.to_owned().into(), |known| (*known).into()))
    }
}

impl<'de> DeserializeSeed<'de> for KeyOf {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for KeyOf {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, text: &str) -> Result<Key, E> {
        Ok(self.key(text))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Key, E> {
        Ok(self.key(&value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Key, E> {
        Ok(self.key(&value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Key, E> {
        Ok(self.key(&value.to_string()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Key, E> {
        Ok(self.key(&value.to_string()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Key, E> {
        Ok(self.key(&value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Key, E> {
        Ok(self.key(&value.to_string()))
    }

    fn visit_unit<E>(self) -> Result<Key, E> {
        Ok(self.key("null"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Key, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(self.key("[…]"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut mapping: A) -> Result<Key, A::Error> {
        while mapping.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(self.key("{…}"))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Key, A::Error> {
        let (IgnoredAny, content) = tagged.variant()?;
        content.newtype_variant::<IgnoredAny>()?;
        Ok(self.key("!…"))
    }
}
