//! Trees: a feed's bytes as nested components, read by the letter of RFC 5545.
//!
//! Flows in: bytes. Flows out: components and their properties, or the first thing that keeps them
//! from being one calendar. It shares no code with `sofacal::ics`, which is tested by it.

/// Every component, with the one it stands in. VALARM is not among them: it annoys subscribers.
const COMPONENTS: &[(&str, &str)] = &[
    ("VCALENDAR", ""),
    ("VTIMEZONE", "VCALENDAR"),
    ("STANDARD", "VTIMEZONE"),
    ("DAYLIGHT", "VTIMEZONE"),
    ("VEVENT", "VCALENDAR"),
];

/// A content line.
#[derive(Debug, Default)]
pub struct Property {
    pub name: String,
    pub parameters: Vec<(String, String)>,
    pub value: String,
}

/// What stands between BEGIN and END.
#[derive(Debug, Default)]
pub struct Component {
    pub name: String,
    pub properties: Vec<Property>,
    pub components: Vec<Component>,
}

/// Reads a feed.
///
/// # Errors
/// What is wrong with its lines or their order, as a sentence.
pub fn read(bytes: &[u8]) -> Result<Component, String> {
    tree(&content_lines(bytes)?)
}

/// Undoes the folds of lines that are whole (RFC 5545, 3.1).
fn content_lines(bytes: &[u8]) -> Result<Vec<String>, String> {
    let Some(body) = bytes.strip_suffix(b"\r\n") else {
        return Err("it does not end with CRLF".to_owned());
    };
    let mut lines: Vec<String> = Vec::new();
    for (index, line) in split_at_crlf(body).into_iter().enumerate() {
        let place = format!("line {}", index + 1);
        if line.is_empty() || line.len() > 75 {
            return Err(format!("{place} has {} octets", line.len()));
        }
        let line = std::str::from_utf8(line).map_err(|_| format!("{place} cuts a character"))?;
        if line.contains(|c: char| c.is_control() && c != '\t') || line.contains('\u{feff}') {
            return Err(format!(
                "{place} holds a control character, a bare CR or LF, or a BOM"
            ));
        }
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(""), _) => return Err(format!("{place} continues with nothing")),
            (Some(rest), Some(last)) => last.push_str(rest),
            (Some(_), None) => return Err(format!("{place} continues nothing")),
            (None, _) => lines.push(line.to_owned()),
        }
    }
    Ok(lines)
}

fn split_at_crlf(bytes: &[u8]) -> Vec<&[u8]> {
    let mut lines = Vec::new();
    let mut rest = bytes;
    while let Some(at) = rest.windows(2).position(|pair| pair == b"\r\n") {
        lines.push(&rest[..at]);
        rest = &rest[at + 2..];
    }
    lines.push(rest);
    lines
}

/// Nests the lines between BEGIN and END; all properties of a component come before its components.
fn tree(lines: &[String]) -> Result<Component, String> {
    let mut open: Vec<Component> = vec![Component::default()];
    for line in lines {
        let property = property(line).ok_or_else(|| format!("`{line}` is no content line"))?;
        let inner = open.last_mut().expect("the outermost stays");
        match property.name.as_str() {
            "BEGIN" => open.push(Component {
                name: property.value,
                ..Component::default()
            }),
            "END" if inner.name == property.value => {
                let closed = open.pop().expect("it is the innermost");
                let outer = open.last_mut().ok_or("one END too many")?;
                if !COMPONENTS.contains(&(&closed.name, &outer.name)) {
                    return Err(format!("a {} stands in `{}`", closed.name, outer.name));
                }
                outer.components.push(closed);
            }
            "END" => return Err(format!("END:{} ends `{}`", property.value, inner.name)),
            name if !inner.components.is_empty() => {
                return Err(format!("{name} comes after a component"));
            }
            _ => inner.properties.push(property),
        }
    }
    let outermost = open.pop().expect("the outermost stays");
    let mut calendars = outermost.components;
    match calendars.pop() {
        Some(calendar)
            if open.is_empty() && calendars.is_empty() && outermost.properties.is_empty() =>
        {
            Ok(calendar)
        }
        _ => Err("it is not one VCALENDAR".to_owned()),
    }
}

fn property(line: &str) -> Option<Property> {
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte == b'-')
    };
    let mut parts = Vec::new();
    let mut is_quoted = false;
    let mut start = 0;
    for (at, c) in line.char_indices() {
        is_quoted ^= c == '"';
        if !is_quoted && (c == ';' || c == ':') {
            parts.push(&line[start..at]);
            start = at + 1;
        }
        if !is_quoted && c == ':' {
            break;
        }
    }
    let (name, parameters) = parts.split_first()?;
    let parameters: Option<Vec<_>> = parameters
        .iter()
        .map(|parameter| parameter.split_once('='))
        .collect();
    let parameters = parameters?;
    let is_whole = !is_quoted && start > 0 && line.as_bytes()[start - 1] == b':';
    let are_named = is_name(name)
        && parameters
            .iter()
            .all(|(name, value)| is_name(name) && !value.is_empty());
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.trim_matches('"').to_owned());
    (is_whole && are_named).then(|| Property {
        name: (*name).to_owned(),
        parameters: parameters.into_iter().map(owned).collect(),
        value: line[start..].to_owned(),
    })
}

impl Property {
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

impl Component {
    pub fn value(&self, name: &str) -> Option<&str> {
        let found = self
            .properties
            .iter()
            .find(|property| property.name == name);
        found.map(|property| property.value.as_str())
    }

    pub fn inner(&self, name: &str) -> impl Iterator<Item = &Component> {
        self.components
            .iter()
            .filter(move |component| component.name == name)
    }
}
