//! Occurrence sets: all that is said of one series.
//!
//! Flows in: what we mean or a stranger says, one object for each occurrence. Flows out: by UID, the
//! occurrences that only one side knows.

use serde_json::Value;
use std::collections::BTreeMap;

/// What one side says, by UID; what is said of no event is under an empty one.
pub struct Sets<'a>(BTreeMap<&'a str, Vec<&'a Value>>);

impl<'a> Sets<'a> {
    pub fn of(said: impl IntoIterator<Item = &'a Value>) -> Self {
        let mut sets: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
        for one in said {
            let uid = one.get("uid").and_then(Value::as_str);
            sets.entry(uid.unwrap_or_default()).or_default().push(one);
        }
        Sets(sets)
    }

    /// Counts the series with an occurrence.
    pub fn len(&self) -> usize {
        self.0.keys().filter(|uid| !uid.is_empty()).count()
    }

    pub fn occurrences(&self) -> usize {
        let series = self.0.iter().filter(|(uid, _)| !uid.is_empty());
        series.map(|(_, said)| said.len()).sum()
    }

    /// Tells which sets another side sees otherwise, and how.
    pub fn differences(&self, other: &Sets<'a>) -> BTreeMap<&'a str, String> {
        let nothing = Vec::new();
        let uids = self.0.keys().chain(other.0.keys());
        let compared = uids.filter_map(|uid| {
            let said = |sets: &Sets<'a>| sets.0.get(uid).unwrap_or(&nothing).clone();
            Some((*uid, difference(said(self), said(other))?))
        });
        compared.collect()
    }
}

fn difference(ours: Vec<&Value>, theirs: Vec<&Value>) -> Option<String> {
    let (ours, theirs) = apart(ours, theirs);
    let mut lines = Vec::new();
    for (side, said) in [("only we say ", ours), ("only it says", theirs)] {
        lines.extend(said.into_iter().map(|said| (shown(said), side)));
    }
    lines.sort();
    let lines: Vec<String> = lines
        .iter()
        .map(|(said, side)| format!("  {side} {said}"))
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Leaves on each side what the other does not say; saying a thing twice is not saying it once.
pub fn apart<'a>(ours: Vec<&'a Value>, theirs: Vec<&'a Value>) -> (Vec<&'a Value>, Vec<&'a Value>) {
    let mut left: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    for said in theirs {
        left.entry(said.to_string()).or_default().push(said);
    }
    let is_alone = |said: &&Value| left.get_mut(&said.to_string()).and_then(Vec::pop).is_none();
    let ours: Vec<&Value> = ours.into_iter().filter(is_alone).collect();
    (ours, left.into_values().flatten().collect())
}

fn shown(said: &Value) -> String {
    if said.get("start").is_none() {
        return said.to_string();
    }
    let keys = ["start", "end", "summary", "status", "sequence"];
    keys.map(|key| said[key].to_string()).join(" ")
}
