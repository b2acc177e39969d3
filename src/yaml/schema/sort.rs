//! Sorts of text: what may stand behind a key, each as a schema with a pattern and examples.
//!
//! A text is trimmed before it is read, so every pattern lets blanks stand around it. Patterns are what both
//! JavaScript and Rust read: no looking ahead.

use crate::event::calendar::{CancelledPolicy, Language};
use crate::event::link::SCHEMES;
use crate::event::series::rule_text::LARGEST_COUNT;
use crate::event::zone_name::zone_names;
use crate::event::{Kind, Status};
use crate::yaml::allow::{Scope, allowable};
use crate::yaml::normalise::ROLES;
use crate::yaml::reading::{LONGEST_LINE, LONGEST_PROSE};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};
use std::borrow::Cow;

/// Text of one line; a number is its digits.
pub(crate) fn line(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": ["string", "number", "boolean"], "maxLength": LONGEST_LINE})
}

/// Text of several lines.
pub(crate) fn prose(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": ["string", "number", "boolean"], "maxLength": LONGEST_PROSE})
}

/// Text of one line with a pattern; `or` is what YAML may read it as instead of text.
fn pattern(pattern: &str, or: &[&str], message: &str, examples: Value) -> Schema {
    let types: Vec<&str> = ["string"].iter().chain(or).copied().collect();
    json_schema!({
        "type": types,
        "pattern": format!("^\\s*({pattern})\\s*$"),
        "errorMessage": message,
        "examples": examples,
    })
}

/// Letters in capitals or not.
fn any_case(word: &str) -> String {
    let both = |c: char| match c.is_ascii_lowercase() {
        true => format!("[{}{c}]", c.to_ascii_uppercase()),
        false => c.to_string(),
    };
    word.chars().map(both).collect()
}

pub(crate) fn link(_: &mut SchemaGenerator) -> Schema {
    let schemes: Vec<String> = SCHEMES.iter().map(|scheme| any_case(scheme)).collect();
    let message = "write a whole address with http, https, dingtalk, tel or mailto";
    let examples = json!(["https://example.org/page"]);
    pattern(
        &format!("({}):\\S+", schemes.join("|")),
        &[],
        message,
        examples,
    )
}

pub(crate) fn web(_: &mut SchemaGenerator) -> Schema {
    let http = format!("{}://\\S+", any_case("http") + "[Ss]?");
    pattern(
        &http,
        &[],
        "write an https address",
        json!(["https://example.org"]),
    )
}

pub(crate) fn phone(_: &mut SchemaGenerator) -> Schema {
    let message = "write one phone number with 3 to 15 digits, such as \"+862759771621\"";
    let number = "(tel:)?[ .()（）-]*\\+?[ .()（）-]*([0-9][ .()（）-]*){3,15}";
    pattern(
        number,
        &["integer"],
        message,
        json!(["+862759771621", "+8657128356288"]),
    )
}

pub(crate) fn issue(_: &mut SchemaGenerator) -> Schema {
    let message = "write an issue's number, \"owner/repo#number\" or its whole address";
    let number = "[1-9][0-9]{0,8}";
    let forms = format!("#?{number}|[A-Za-z0-9._-]+/[A-Za-z0-9._-]+#{number}|[A-Za-z]+://\\S+");
    pattern(
        &forms,
        &["integer"],
        message,
        json!([894, "mosn/mosn#2263"]),
    )
}

/// When something starts; what can be read is more than a pattern can say.
pub(crate) fn time(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "string",
        "maxLength": LONGEST_LINE,
        "examples": ["2023-05-31 14:00", "2023-05-31 14:00-15:00", "2023-05-31", "2023年5月31日（周三）14:00-15:00"],
    })
}

pub(crate) fn end(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "string",
        "maxLength": LONGEST_LINE,
        "examples": ["15:00", "2023-05-31 15:00"],
    })
}

pub(crate) fn moment(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "maxLength": LONGEST_LINE, "examples": ["2023-05-30 14:00"]})
}

pub(crate) fn date(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "maxLength": LONGEST_LINE, "examples": ["2026-09-30"]})
}

/// `1d2h30m`, each part with a number before it.
const DURATION: &str =
    "[0-9]{1,5}d([0-9]{1,5}h)?([0-9]{1,5}m)?|[0-9]{1,5}h([0-9]{1,5}m)?|[0-9]{1,5}m";

pub(crate) fn duration(_: &mut SchemaGenerator) -> Schema {
    let message = "write it like 45m, 1h, 1h30m or 2d";
    pattern(DURATION, &[], message, json!(["45m", "1h", "1h30m", "2d"]))
}

pub(crate) fn refresh(_: &mut SchemaGenerator) -> Schema {
    let message = "write PT1H for an hour, PT90M, P1D for a day";
    let time = "T[0-9]{1,4}(H([0-9]{1,4}M([0-9]{1,4}S)?)?|M([0-9]{1,4}S)?)";
    let days = format!("P[0-9]{{1,4}}[DW]|P([0-9]{{1,4}}D)?{time}");
    let examples = json!(["PT1H", "P1D"]);
    pattern(&format!("{days}|{DURATION}"), &[], message, examples)
}

pub(crate) fn past(_: &mut SchemaGenerator) -> Schema {
    let message = "write days, weeks or years: 30d, 26w or 2y";
    pattern("[0-9]{1,4}[dwy]", &[], message, json!(["30d", "26w", "2y"]))
}

pub(crate) fn color(_: &mut SchemaGenerator) -> Schema {
    let message = "write six hexadecimal digits in quotes, such as \"#2A9D8F\"";
    pattern("#[0-9A-Fa-f]{6}", &[], message, json!(["#2A9D8F"]))
}

pub(crate) fn domain(_: &mut SchemaGenerator) -> Schema {
    let label = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    let message = "write the bare name, such as sofastack.tech";
    let examples = json!(["sofastack.tech"]);
    pattern(
        &format!("{label}(\\.{label})*"),
        &["number"],
        message,
        examples,
    )
}

pub(crate) fn slug(_: &mut SchemaGenerator) -> Schema {
    let message = "a slug is made of a-z, 0-9 and -, and has 64 characters at most";
    let or = ["number", "boolean"];
    pattern("[a-z0-9][a-z0-9-]{0,63}", &or, message, json!(["layotto"]))
}

pub(crate) fn id(_: &mut SchemaGenerator) -> Schema {
    let message = "an id is made of a-z, 0-9, ., _ and -, and has 128 characters at most";
    let or = ["number", "boolean"];
    pattern("[a-z0-9._-]{1,128}", &or, message, json!(["2023-05-31"]))
}

pub(crate) fn uid(_: &mut SchemaGenerator) -> Schema {
    let message =
        "a UID is ASCII without blanks, /, \\, the comma, ; and quotes, 255 characters at most";
    let or = ["number", "boolean"];
    pattern("[!#-+\\-.0-:<-\\[\\]-~]{1,255}", &or, message, json!([]))
}

pub(crate) fn episode(_: &mut SchemaGenerator) -> Schema {
    let message = "write the episode's number alone, six digits at most";
    pattern("#?[0-9]{1,6}", &["integer"], message, json!([33]))
}

pub(crate) fn count(_: &mut SchemaGenerator) -> Schema {
    let mut count = pattern("[0-9]+", &["integer"], "write a number", json!([10]));
    count.insert("minimum".to_owned(), json!(1));
    count.insert("maximum".to_owned(), json!(LARGEST_COUNT));
    count
}

pub(crate) fn every(_: &mut SchemaGenerator) -> Schema {
    let units = ["day", "week", "month", "year"].map(|unit| any_case(unit) + "[Ss]?");
    let message = "write day, week, 2 weeks, month or year; or a rule";
    let examples = json!(["week", "2 weeks", "month"]);
    pattern(
        &format!("[0-9]*\\s*({})", units.join("|")),
        &[],
        message,
        examples,
    )
}

pub(crate) fn rule(_: &mut SchemaGenerator) -> Schema {
    let message = "write a rule of RFC 5545, such as FREQ=MONTHLY;BYDAY=2WE";
    let examples = json!(["FREQ=MONTHLY;BYDAY=2WE", "FREQ=WEEKLY;BYDAY=MO,WE"]);
    pattern("[^=]+=.+", &[], message, examples)
}

/// One of the words that a key knows.
fn word<T>(words: &[(&str, T)]) -> Schema {
    let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    json_schema!({"enum": words})
}

pub(crate) fn kind(_: &mut SchemaGenerator) -> Schema {
    word(Kind::WORDS)
}

pub(crate) fn status(_: &mut SchemaGenerator) -> Schema {
    word(Status::WORDS)
}

pub(crate) fn language(_: &mut SchemaGenerator) -> Schema {
    word(Language::WORDS)
}

pub(crate) fn cancelled(_: &mut SchemaGenerator) -> Schema {
    word(CancelledPolicy::WORDS)
}

pub(crate) fn role(_: &mut SchemaGenerator) -> Schema {
    word(ROLES)
}

/// A code that may be allowed everywhere.
pub(crate) fn code(_: &mut SchemaGenerator) -> Schema {
    codes(Scope::Calendar)
}

/// The codes that may be allowed somewhere.
pub(super) fn codes(scope: Scope) -> Schema {
    let codes = allowable(scope);
    let (names, meanings): (Vec<&str>, Vec<&str>) =
        codes.map(|code| (code.as_str(), code.meaning())).unzip();
    json_schema!({"enum": names, "enumDescriptions": meanings})
}

pub(crate) fn zone(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<Zone>()
}

/// The IANA zones, once for all keys.
struct Zone;

impl JsonSchema for Zone {
    fn schema_name() -> Cow<'static, str> {
        "Zone".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<&str> = zone_names().collect();
        json_schema!({
            "enum": names,
            "errorMessage": "write the IANA name of a place, such as Asia/Shanghai or Europe/Berlin",
        })
    }
}
