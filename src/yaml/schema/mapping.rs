//! Mappings: keys with values, as a schema.

use schemars::Schema;
use serde_json::{Map, Value, json};

/// A mapping while it is described.
pub(crate) struct Mapping {
    about: String,
    needed: &'static [&'static str],
    keys: Map<String, Value>,
}

impl Mapping {
    /// Begins with what the mapping is about, line by line, and the keys that must be written.
    pub(crate) fn new(about: &[&str], needed: &'static [&'static str]) -> Self {
        Mapping {
            about: sentence(about),
            needed,
            keys: Map::new(),
        }
    }

    /// Adds a key with its meaning, and with examples that fit it better than those of its sort.
    pub(crate) fn add(&mut self, key: &str, meaning: &[&str], value: Schema, examples: &[&str]) {
        let mut value = match self.needed.contains(&key) {
            true => value,
            false => or_null(value),
        };
        value.insert("description".to_owned(), sentence(meaning).into());
        if !examples.is_empty() {
            value.insert("examples".to_owned(), json!(examples));
        }
        self.keys.insert(key.to_owned(), value.to_value());
    }

    /// Describes the mapping, and the lone text that may stand for it.
    pub(crate) fn or_short(self, short: &[&str]) -> Schema {
        let about = Value::from(self.about);
        // A lone text says nothing of the other keys that must be written.
        let short = short
            .first()
            .filter(|short| self.needed.iter().all(|key| key == *short));
        let text = short.and_then(|short| self.keys.get(*short));
        let text = text.cloned().map(never_null);
        let mut mapping = Map::new();
        mapping.insert("type".to_owned(), json!("object"));
        mapping.insert("properties".to_owned(), self.keys.into());
        mapping.insert("additionalProperties".to_owned(), json!(false));
        if !self.needed.is_empty() {
            mapping.insert("required".to_owned(), json!(self.needed));
        }
        let mut described = match text {
            None => Schema::from(mapping),
            Some(text) => {
                // Told apart by the type, not with `anyOf`: then editors say what is wrong with the one that is meant.
                let one = json!({"if": {"type": "object"}, "then": mapping, "else": text});
                from(one)
            }
        };
        described.insert("description".to_owned(), about);
        described
    }
}

/// Lets a key be written with nothing behind it.
pub(crate) fn or_null(schema: Schema) -> Schema {
    let mut value = schema.to_value();
    if let Some(types) = value.get_mut("type") {
        match types {
            Value::Array(types) => types.push(json!("null")),
            lone => *lone = json!([lone.take(), "null"]),
        }
        return from(value);
    }
    if let Some(Value::Array(words)) = value.get_mut("enum") {
        words.push(Value::Null);
        return from(value);
    }
    if let Some(other) = value.get_mut("else") {
        *other = or_null(from(other.take())).to_value();
        return from(value);
    }
    from(json!({"anyOf": [value, {"type": "null"}]}))
}

/// Takes back that a key may be written with nothing behind it: an entry of a list may not.
fn never_null(mut value: Value) -> Value {
    if let Some(Value::Array(types)) = value.get_mut("type") {
        types.retain(|name| name != "null");
    }
    value
}

fn from(value: Value) -> Schema {
    // A boolean schema takes anything, which no key of ours does.
    Schema::try_from(value).unwrap_or_default()
}

/// Makes a sentence of the lines of a comment.
fn sentence(lines: &[&str]) -> String {
    let lines: Vec<&str> = lines.iter().map(|line| line.trim()).collect();
    lines.join(" ")
}
