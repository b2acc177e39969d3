//! People: who speaks, from the lines behind a label.
//!
//! Flows in: `玄北，蚂蚁金服技术专家`, or a name with lines about it. Flows out: names, nicknames, and what people are.

use crate::newsletter::plain::{is_han, trimmed};
use crate::newsletter::vocabulary::{Sense, Vocabulary};

/// A person as an announcement tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Speaker {
    /// The name.
    pub name: String,
    /// The name people know them by.
    pub alias: Option<String>,
    /// What they do, and where.
    pub role: Option<String>,
}

/// Reads people from the lines of a field.
pub(super) fn people<'l>(
    lines: impl Iterator<Item = &'l str>,
    vocabulary: &Vocabulary,
) -> Vec<Speaker> {
    let mut people: Vec<Speaker> = Vec::new();
    let is_new = |people: &[Speaker], name: &str| people.iter().all(|known| known.name != name);
    for line in lines.flat_map(|line| line.split(['、', '；', ';'])) {
        let line = trimmed(line);
        match person(line, vocabulary) {
            Some(person) if is_new(&people, &person.name) => people.push(person),
            Some(_) => {}
            None => {
                // A line about the one above.
                if let Some(last) = people.last_mut().filter(|last| last.role.is_none()) {
                    last.role = Some(line.to_owned()).filter(|line| !line.is_empty());
                }
            }
        }
    }
    people
}

fn person(line: &str, vocabulary: &Vocabulary) -> Option<Speaker> {
    let (before, behind) = match line.find(['，', ',', '@', ' ', '-', '｜', '|']) {
        Some(at) => (
            &line[..at],
            line[at..].trim_start_matches(SEPARATORS).trim(),
        ),
        None => (line, ""),
    };
    let (name, alias, rest) = with_alias(before, behind);
    // `Lantern Maintainer` is what someone is, and `Ada Lovelace` a name.
    let is_blank = line[before.len()..].starts_with(' ');
    let is_latin = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if is_blank && is_latin && rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Some(line)
            .filter(|line| is_name(line, vocabulary))
            .map(|name| Speaker {
                name: name.to_owned(),
                ..Speaker::default()
            });
    }
    if is_name(&name, vocabulary) {
        return Some(Speaker {
            name,
            alias,
            role: Some(rest).filter(|role| !role.is_empty()),
        });
    }
    // `桥头社区 灯笼组 竹生`: the name stands last.
    let (role, name) = line.rsplit_once(' ')?;
    let is_chinese = name.chars().all(is_han);
    (is_chinese && is_name(name, vocabulary)).then(|| Speaker {
        name: name.to_owned(),
        alias: None,
        role: Some(role.trim().to_owned()),
    })
}

const SEPARATORS: [char; 8] = ['，', ',', '@', ' ', '-', '｜', '|', '·'];

/// Takes the nickname out of `王连平（花名：烨川）`, wherever the brackets stand.
fn with_alias(before: &str, behind: &str) -> (String, Option<String>, String) {
    let whole = [before, behind].join(" ");
    let brackets = whole.find(['（', '(']).zip(whole.find(['）', ')']));
    let Some((open, close)) = brackets.filter(|(open, close)| open < close) else {
        return (before.trim().to_owned(), None, behind.to_owned());
    };
    let inner = whole[open..close].trim_start_matches(['（', '(']);
    let alias = inner.rsplit(['：', ':']).next().unwrap_or(inner).trim();
    let name = whole[..open].trim();
    let rest = whole[close..].trim_start_matches(['）', ')']);
    let rest = rest.trim_start_matches(SEPARATORS).trim();
    match alias.chars().count() <= LONGEST_NAME && !name.contains(' ') {
        true => (name.to_owned(), Some(alias.to_owned()), rest.to_owned()),
        false => (before.trim().to_owned(), None, behind.to_owned()),
    }
}

/// The longest Chinese name, in characters.
const LONGEST_NAME: usize = 4;

fn is_name(name: &str, vocabulary: &Vocabulary) -> bool {
    let length = name.chars().count();
    let is_chinese = (2..=LONGEST_NAME).contains(&length) && name.chars().all(is_han);
    let is_latin = (2..=24).contains(&length)
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphabetic() || "-_.' ".contains(c));
    let is_other = [Sense::Organisations, Sense::Positions]
        .into_iter()
        .any(|sense| vocabulary.says(sense, name));
    (is_chinese || is_latin) && !is_other
}

#[cfg(test)]
mod tests {
    use super::people;
    use crate::newsletter::vocabulary::Vocabulary;

    fn told(lines: &[&str]) -> Vec<String> {
        let vocabulary = Vocabulary::read(None, &mut Vec::new());
        let people = people(lines.iter().copied(), &vocabulary).into_iter();
        people
            .map(|person| {
                let alias = person
                    .alias
                    .map_or(String::new(), |alias| format!("~{alias}"));
                format!("{}{alias}/{}", person.name, person.role.unwrap_or_default())
            })
            .collect()
    }

    #[test]
    fn reads_people() {
        assert_eq!(
            told(&["竹生，桥头公司高级工程师"]),
            ["竹生/桥头公司高级工程师"]
        );
        assert_eq!(told(&["李竹生（花名：篾匠）"]), ["李竹生~篾匠/"]);
        assert_eq!(told(&["竹生@灯笼负责人"]), ["竹生/灯笼负责人"]);
        assert_eq!(
            told(&["桥头公司 灯笼团队 竹生"]),
            ["竹生/桥头公司 灯笼团队"]
        );
        assert_eq!(told(&["竹生、阿篾"]), ["竹生/", "阿篾/"]);
        assert_eq!(
            told(&["竹生", "Lantern Maintainer"]),
            ["竹生/Lantern Maintainer"]
        );
        assert_eq!(told(&["Ada Lovelace"]), ["Ada Lovelace/"]);
        let about = ["竹生", "桥头公司工程师。", "做灯笼二十年"];
        assert_eq!(told(&about), ["竹生/桥头公司工程师"]);
    }
}
