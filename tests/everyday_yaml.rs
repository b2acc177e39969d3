//! Everyday YAML against the YAML crate: what the fast reader takes, it must read just as the crate does.
//!
//! Every event file of this repository, as it is and with random damage; a file that the fast reader
//! leaves to the crate is fine, but of the files as they are it must take most.

#![expect(clippy::disallowed_methods, reason = "a test reads files")]

use proptest::prelude::{ProptestConfig, Strategy, any, prop_assert_eq, prop_oneof, proptest};
use proptest::sample::{Index, select};
use sofacal::yaml::document::{CalendarDocument, EventDocument};
use sofacal::yaml::everyday::read_everyday;
use sofacal::yaml::field::{Field, Shape};
use std::fmt::Debug;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    let mut folders: Vec<PathBuf> = ["events", "tests/golden", "tests/strangers/hard"]
        .map(|folder| root.join(folder))
        .into();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is readable") {
            let path = entry.expect("the entry is readable").path();
            let is_yaml = path.extension().is_some_and(|ending| ending == "yaml");
            if path.is_dir() {
                folders.push(path);
            } else if let (true, Ok(text)) = (is_yaml, fs::read_to_string(&path)) {
                texts.push(text);
            }
        }
    }
    texts.sort();
    texts
});

/// Reads a text both ways; tells whether the fast reader took it.
fn reads_alike<T: Shape + Debug + PartialEq>(text: &str) -> Result<bool, String> {
    let Some(fast) = read_everyday::<T>(text) else {
        return Ok(false);
    };
    match serde_yaml::from_str::<Field<T>>(text) {
        Ok(whole) if whole == fast => Ok(true),
        whole => Err(format!("{text}\nfast: {fast:#?}\nwhole: {whole:#?}")),
    }
}

#[test]
fn files_are_read_alike_and_most_of_them_at_once() {
    let mut taken = 0;
    for text in TEXTS.iter() {
        let [event, calendar] = [
            reads_alike::<EventDocument>(text),
            reads_alike::<CalendarDocument>(text),
        ];
        taken += usize::from(event.expect("both read the same"));
        calendar.expect("both read the same");
    }
    let all = TEXTS.len();
    assert!(taken * 10 > all * 7, "{taken} of {all}");
}

/// A change that a tired author or a merge could make.
#[derive(Debug, Clone)]
enum Damage {
    Insert(Index, &'static str),
    Remove(Index, usize),
    MoveLine(Index, Index),
    Indent(Index, usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let piece = select(
        &[
            " ",
            "  ",
            "\n",
            "\n\n",
            ":",
            ": ",
            " #",
            "#",
            "-",
            "- ",
            "[",
            "]",
            "{",
            "}",
            ",",
            ", ",
            "\"",
            "'",
            "''",
            "\\",
            "&a ",
            "*a",
            "!",
            "|",
            ">",
            "%",
            "@",
            "`",
            "?",
            "? ",
            "=",
            "<<: ",
            "~",
            "null",
            "true",
            "x",
            "0",
            "1",
            "+1",
            "-1",
            ".5",
            "1e3",
            "0x1f",
            "1_000",
            "12345678901234567890",
            "\t",
            "\r",
            "\u{85}",
            "\u{2028}",
            "\u{feff}",
            "\u{fffe}",
            "…",
            "甲：乙",
            "甲: 乙",
            "---\n",
            "...\n",
            "\n---\n",
            "- - x",
            "a: b: c",
            "{a}",
            "[a: b]",
            "{a: }",
            "[,]",
            "[a,]",
            "2023-05-31",
            "14:00",
            "a:b",
            "http://x",
            "key:\n",
            "- \n",
            "title: x\n",
            "  - y\n",
            "# z\n",
        ][..],
    );
    prop_oneof![
        4 => (any::<Index>(), piece).prop_map(|(at, piece)| Damage::Insert(at, piece)),
        2 => (any::<Index>(), 1_usize..6).prop_map(|(at, length)| Damage::Remove(at, length)),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Damage::MoveLine(from, to)),
        2 => (any::<Index>(), 0_usize..5).prop_map(|(line, depth)| Damage::Indent(line, depth)),
    ]
}

fn damaged(text: &str, damages: &[Damage]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for damage in damages {
        let text: String = chars.iter().collect();
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        match damage {
            Damage::Insert(at, piece) => {
                let at = at.index(chars.len() + 1);
                chars.splice(at..at, piece.chars());
            }
            Damage::Remove(at, length) => {
                let at = at.index(chars.len() + 1);
                chars.drain(at..(at + length).min(chars.len()));
            }
            Damage::MoveLine(..) | Damage::Indent(..) if lines.is_empty() => {}
            Damage::MoveLine(from, to) => {
                let line = lines.remove(from.index(lines.len()));
                lines.insert(to.index(lines.len() + 1), line);
                chars = lines.concat().chars().collect();
            }
            Damage::Indent(line, depth) => {
                let at = line.index(lines.len());
                lines[at] = format!(
                    "{}{}",
                    " ".repeat(*depth),
                    lines[at].trim_start_matches(' ')
                );
                chars = lines.concat().chars().collect();
            }
        }
    }
    chars.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn damaged_files_are_read_alike(at in any::<Index>(), damages in proptest::collection::vec(damage(), 1..5)) {
        let text = damaged(&TEXTS[at.index(TEXTS.len())], &damages);
        prop_assert_eq!(reads_alike::<EventDocument>(&text).err(), None);
        prop_assert_eq!(reads_alike::<CalendarDocument>(&text).err(), None);
    }
}
