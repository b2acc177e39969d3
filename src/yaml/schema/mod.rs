//! The JSON Schema of what people may write, which lets editors complete keys and underline mistakes.
//!
//! Flows in: the documents, each with its keys, shapes and sorts of text. Flows out: JSON. It refuses less than
//! `normalise`: what a schema refuses is wrong, and much that is wrong only sofacal can know.
//! Deliberately absent: reading; nothing here runs when event files are read.

mod mapping;
pub(crate) mod sort;

use crate::yaml::allow::Scope;
use crate::yaml::document::{CalendarDocument, EventDocument};
use crate::yaml::field::{Entries, Many, Text};
use crate::yaml::reading::LONGEST_LIST;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

pub(crate) use mapping::Mapping;

/// Describes a sort of text: `link`, `time`.
pub(crate) type Sort = fn(&mut SchemaGenerator) -> Schema;

/// A shape that can be described; the texts in it are of a sort.
pub(crate) trait Described {
    /// Describes the shape.
    fn describe(sort: Option<Sort>, generator: &mut SchemaGenerator) -> Schema;
}

impl Described for Text {
    fn describe(sort: Option<Sort>, generator: &mut SchemaGenerator) -> Schema {
        sort.unwrap_or(sort::line)(generator)
    }
}

impl<T: Described> Described for Many<T> {
    fn describe(sort: Option<Sort>, generator: &mut SchemaGenerator) -> Schema {
        let entry = T::describe(sort, generator);
        let list = json!({"type": "array", "items": entry, "maxItems": LONGEST_LIST});
        json_schema!({"if": {"type": "array"}, "then": list, "else": entry})
    }
}

impl<T: Described> Described for Entries<T> {
    fn describe(sort: Option<Sort>, generator: &mut SchemaGenerator) -> Schema {
        let entry = mapping::or_null(T::describe(sort, generator));
        json_schema!({
            "type": "object",
            "propertyNames": sort::slug(generator),
            "additionalProperties": entry,
        })
    }
}

/// Gives the schema of `events/calendar.yaml`.
pub fn calendar_schema() -> String {
    let title = "events/calendar.yaml of sofacal: a calendar and its projects";
    pretty(root_of::<CalendarDocument>(title))
}

/// Gives the schema of an event file.
pub fn event_schema() -> String {
    let mut root = root_of::<EventDocument>("an event file of sofacal");
    let mut entry = json!({
        "type": "object",
        "description": "One of several events in a file; what it does not say stands at the top.",
        "properties": root["properties"],
        "additionalProperties": false,
        "anyOf": [{"required": ["id"]}, {"required": ["uid"]}],
    });
    if let Some(keys) = entry["properties"].as_object_mut() {
        keys.remove("events");
    }
    root["definitions"]["Entry"] = entry;
    let events = &mut root["properties"]["events"];
    let entry = json!({"$ref": "#/definitions/Entry"});
    events["then"] = json!({"type": "array", "items": entry});
    events["else"] = json!({"anyOf": [entry, {"type": "null"}]});
    // Some warnings are never about an event.
    let mut code = sort::codes(Scope::Event).to_value();
    let allowed = &mut root["definitions"]["Allow"]["properties"]["code"];
    code["description"] = allowed["description"].take();
    *allowed = code;
    // An entry's title may stand at the top, and a file of several events needs none there.
    root["if"] = json!({"required": ["events"]});
    root["then"] = json!({});
    root["else"] = json!({"required": ["title"]});
    pretty(root)
}

/// Describes a document as what a whole file holds.
fn root_of<T: JsonSchema>(title: &str) -> Value {
    // The draft that editors know best.
    let generator = SchemaSettings::draft07().into_generator();
    let mut root = generator.into_root_schema_for::<T>().to_value();
    root["title"] = title.into();
    root
}

fn pretty(schema: Value) -> String {
    format!("{schema:#}\n")
}
