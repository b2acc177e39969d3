//! Tidying: the order and the form of event files, held against random orders and random comments.

use proptest::collection;
use proptest::prelude::{ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, proptest};
use proptest::sample::{Index, subsequence};
use sofacal::io::read::read_events;
use sofacal::source::Source;
use sofacal::yaml::document::EventDocument;
use sofacal::yaml::parse::parse;
use sofacal::yaml::tidy::tidy;
use std::path::Path;

fn tidied(text: &str) -> Option<String> {
    tidy(&Source::new("events", "layotto/a.yaml", text))
}

#[test]
fn keys_are_in_order_and_comments_stay_with_theirs() {
    let before = "# yaml-language-server: $schema=../../docs/schema/event.json
# the newsletter has the wrong day
start:   2023-09-20 14:00   # moved
title:    'Layotto 社区会议'

# no code: it is the project's
join:
    # this week's
    url: https://example.org/a
    phones: [ '+1' , \"+2\" ]   # both work
agenda:
- { text: a,   issue: 1 }
# about b
- b
kind: meeting
# nothing else
";
    let after = "# yaml-language-server: $schema=../../docs/schema/event.json
kind: meeting
title: \"Layotto 社区会议\"
# the newsletter has the wrong day
start: 2023-09-20 14:00 # moved

# no code: it is the project's
join:
  # this week's
  url: https://example.org/a
  phones: [\"+1\", \"+2\"] # both work
agenda:
  - {text: a, issue: 1}
  # about b
  - b
# nothing else
";
    assert_eq!(tidied(before).as_deref(), Some(after));
    assert_eq!(tidied(after).as_deref(), Some(after));
}

#[test]
fn where_the_formatter_would_take_a_comment_elsewhere_only_the_order_is_mended() {
    let join = "join:\n  url:  https://example.org/a\n    # about the link\n  # about the whole\n";
    let before = format!("start:  2023-09-20\n{join}# about the title\ntitle: a\n");
    let after = format!("# about the title\ntitle: a\nstart:  2023-09-20\n{join}");
    assert_eq!(tidied(&before), Some(after));
}

#[test]
fn line_ends_stay_as_they_are() {
    let before = "start:  2023-09-20\r\n# b\r\ntitle: a # c\r\n";
    let after = "# b\r\ntitle: a # c\r\nstart: 2023-09-20\r\n";
    assert_eq!(tidied(before).as_deref(), Some(after));
}

#[test]
fn our_own_files_are_in_canonical_form() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in [
        "events",
        "tests/cases/init.out/events",
        "tests/cases/new.out/events",
    ] {
        let read = read_events(&root.join(folder)).expect("it is readable");
        for source in read.calendar.iter().chain(&read.events) {
            assert!(
                tidy(source).as_deref() == Some(&*source.text),
                "{}: run `sofacal fmt`",
                source.path
            );
        }
    }
}

#[test]
fn what_stands_apart_at_the_top_is_about_the_file() {
    let before = "# about the file\n\n# about the start\nstart: 2023-09-20\ntitle: a\n";
    let after = "# about the file\n\ntitle: a\n# about the start\nstart: 2023-09-20\n";
    assert_eq!(tidied(before).as_deref(), Some(after));
}

#[test]
fn what_cannot_be_put_in_order_keeps_its_order() {
    for text in [
        // `&` stands before `*`.
        "url: &page https://example.org/a\nregister: *page\ntitle: a\n",
        "{start: 2023-09-20, title: a}\n",
    ] {
        let tidy = tidied(text).expect("its form is known");
        assert_eq!(tidy, text);
    }
    for text in ["title: a\ntitle: b\n", "title: [\n", "a: b: c\n"] {
        assert_eq!(tidied(text), None, "{text}");
    }
}

/// The lines of keys; each list is one key.
const BLOCKS: [&[&str]; 14] = [
    &["title: Layotto 社区会议"],
    &["start: 2023-09-20 14:00"],
    &["end: \"15:00\""],
    &["kind: 'meeting'"],
    &[
        "join:",
        "  url: https://example.org/a#b",
        "  code: \"688 824\"",
        "  phones: [\"+862759771621\"]",
    ],
    &[
        "stream:",
        "    url:   https://example.org/b",
        "    room: 12",
    ],
    &[
        "agenda:",
        "  - a",
        "  - {text: b, issue: 894}",
        "  - text: c",
        "    items:",
        "      - d",
        "      - e # f",
    ],
    &["speakers:", "- {name: 甲, org: 乙}", "- 丙"],
    &["tags: [a, 'b # c', d]"],
    &["tracking: 989"],
    &[
        "description: |",
        "  第一行",
        "  # no comment",
        "",
        "  第二行",
    ],
    &["reason: >-", "  a", "  b"],
    &["location: a", "  b  c"],
    &[
        "sources:",
        "  - {post: \"https://example.org/c\", role: preview}",
    ],
];

/// Lines that a comment cannot stand beside or above: they are text.
fn is_text(block: &[&str], index: usize) -> bool {
    let begins_text =
        |line: &str| line.ends_with('|') || line.ends_with(">-") || line == "location: a";
    begins_text(block[0]) && index > 0
}

/// A file of blocks with numbered comments, and what each stands beside or above.
#[derive(Debug, Clone)]
struct Commented {
    text: String,
    comments: Vec<(String, String)>,
}

/// What a line says, however it is written.
fn said(line: &str) -> String {
    let line = line.split(" # c").next().unwrap_or(line);
    let words: String = line.split_whitespace().collect();
    words.replace('\'', "\"")
}

fn write(blocks: &[&[&str]], places: &[(bool, bool, u8)]) -> Commented {
    let mut commented = Commented {
        text: String::new(),
        comments: Vec::new(),
    };
    let mut places = places.iter().cycle();
    for block in blocks {
        for (index, line) in block.iter().enumerate() {
            let Some((above, beside, blank)) = places.next() else {
                continue;
            };
            let is_text = is_text(block, index);
            let indent = line.len() - line.trim_start().len();
            if *blank == 0 && index == 0 {
                commented.text.push('\n');
            }
            if *above && !is_text {
                let comment = format!("# c{}", commented.comments.len());
                commented
                    .text
                    .push_str(&format!("{}{comment}\n", " ".repeat(indent)));
                commented
                    .comments
                    .push((comment, format!("above {}", said(line))));
            }
            commented.text.push_str(line);
            let is_last_of_text = is_text || line.ends_with('|') || line.ends_with(">-");
            if *beside && !is_last_of_text && *line != "location: a" && !line.contains(" # f") {
                let comment = format!("# c{}", commented.comments.len());
                commented.text.push_str(&format!("  {comment}"));
                commented
                    .comments
                    .push((comment, format!("beside {}", said(line))));
            }
            commented.text.push('\n');
        }
    }
    commented
}

/// Finds what a comment stands beside or above.
fn place(text: &str, comment: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let is_it =
        |line: &str| line.trim_end().ends_with(comment) && line.trim_end().len() >= comment.len();
    let mut found = lines.iter().enumerate().filter(|(_, line)| is_it(line));
    let (at, line) = found.next()?;
    if found.next().is_some() {
        return None;
    }
    if line.trim() != comment {
        return Some(format!("beside {}", said(line)));
    }
    let mut below = lines[at + 1..].iter();
    let next =
        below.find(|line| !line.trim().is_empty() && !line.trim_start().starts_with("# c"))?;
    Some(format!("above {}", said(next)))
}

fn commented() -> impl Strategy<Value = Commented> {
    let blocks = subsequence(BLOCKS.to_vec(), 2..=BLOCKS.len()).prop_shuffle();
    let places = collection::vec((any::<bool>(), any::<bool>(), 0..4_u8), 1..40);
    (blocks, places).prop_map(|(blocks, places)| write(&blocks, &places))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_comment_is_lost_or_ends_up_elsewhere(file in commented()) {
        let tidy = tidied(&file.text);
        prop_assert!(tidy.is_some(), "left alone:\n{}", file.text);
        let tidy = tidy.unwrap_or_default();
        for (comment, expected) in &file.comments {
            let found = place(&tidy, comment);
            prop_assert_eq!(found.as_ref(), Some(expected), "{} in\n{}\nof\n{}", comment, tidy, file.text);
        }
        prop_assert_eq!(tidied(&tidy), Some(tidy.clone()));
        let document = |text: &str| parse::<EventDocument>(&Source::new("events", "a.yaml", text));
        prop_assert_eq!(document(&tidy), document(&file.text));
        let keys = tidy.lines().filter_map(|line| line.split_once(':').map(|(key, _)| key));
        let keys: Vec<usize> = keys.filter_map(|key| EventDocument::KEYS.iter().position(|known| *known == key)).collect();
        prop_assert!(keys.is_sorted(), "{tidy}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn survives_damaged_files(
        file in commented(),
        cuts in collection::vec((any::<Index>(), 0..4_usize, "[-:#'\"{}\\[\\]&*!|>%@,?`~ a\n\r\t0：]{0,4}"), 1..5),
    ) {
        let mut text: Vec<char> = file.text.chars().collect();
        for (at, length, signs) in cuts {
            let start = at.index(text.len() + 1);
            let end = (start + length).min(text.len());
            text.splice(start..end, signs.chars());
        }
        let text: String = text.into_iter().collect();
        let read = |text: &str| {
            let source = Source::new("events", "a.yaml", text);
            let mut document: EventDocument = parse(&source).ok()?;
            document.strays.sort_by_key(|stray| format!("{stray:?}"));
            Some(document)
        };
        if let Some(tidy) = tidied(&text) {
            prop_assert_eq!(read(&tidy), read(&text), "{}", text);
            let signs = |text: &str| text.matches("# c").count();
            prop_assert_eq!(signs(&tidy), signs(&text), "{}", text);
        }
    }
}
