//! Markdown: a post's text becomes lines as readers see them.
//!
//! Flows in: Markdown. Flows out: its lines in order, each with its words, links and pictures, and where it stands.
//! The stars of emphasis are gone wherever they stand, closed or not. Deliberately absent: code, and what any of it means.

use crate::newsletter::web_address::bare_addresses;
use crate::source::Span;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// A line as readers see it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Line {
    /// The bytes of its line in the file.
    pub(super) span: Span,
    /// What it is.
    pub(super) role: Role,
    /// Its words.
    pub(super) text: String,
    /// The links in its words.
    pub(super) links: Vec<WrittenLink>,
    /// The pictures in it.
    pub(super) images: Vec<Image>,
    /// Its cells, if it is a row of a table.
    pub(super) cells: Vec<String>,
    /// What is emphasised in it.
    pub(super) bold: Vec<String>,
    /// Whether all of it is emphasised.
    pub(super) is_bold: bool,
    /// Whether it goes on with the paragraph of the line above.
    pub(super) goes_on: bool,
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Role {
    /// A heading of a level, from 1.
    Heading(u8),
    /// An entry of a list, so many lists deep.
    Item(usize),
    /// A row of a table.
    Row,
    /// Anything else.
    #[default]
    Text,
}

/// A link with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WrittenLink {
    /// The words that lead there.
    pub(super) text: String,
    /// Where they lead.
    pub(super) target: String,
    /// Where the words begin in the line's.
    pub(super) at: usize,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Image {
    /// What stands for it.
    pub(super) words: String,
    /// Where it is.
    pub(super) target: String,
}

/// The most links that are kept of a line; nobody announces anything with more.
const MOST_LINKS: usize = 50;

/// Reads the lines of a text from a byte on.
pub(super) fn lines_of(text: &str, from: usize) -> Vec<Line> {
    let mut reader = Reader {
        text,
        lines: Vec::new(),
        line: None,
        role: Role::Text,
        lists: 0,
        link: None,
        image: None,
        bold: None,
        is_code: false,
        row: None,
        place: 0..0,
        goes_on: false,
    };
    let parser = Parser::new_ext(&text[from..], Options::ENABLE_TABLES).into_offset_iter();
    for (event, span) in parser {
        reader.event(event, from + span.start);
    }
    reader.end_line();
    reader.lines
}

struct Reader<'t> {
    text: &'t str,
    lines: Vec<Line>,
    line: Option<Line>,
    /// What lines are that begin now.
    role: Role,
    lists: usize,
    /// The link whose words are read.
    link: Option<WrittenLink>,
    /// The picture whose words are read.
    image: Option<Image>,
    /// Where the emphasised words began.
    bold: Option<usize>,
    is_code: bool,
    /// The cells of the row that is read.
    row: Option<Vec<String>>,
    /// The line of the file that was looked at last; one may hold thousands of ours.
    place: Span,
    /// Whether the paragraph had a line already.
    goes_on: bool,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, at: usize) {
        match event {
            Event::Start(tag) => self.start(tag, at),
            Event::End(tag) => self.end(tag),
            Event::Text(words) if !self.is_code => self.words(&words, at),
            Event::Code(words) => self.words(&words, at),
            Event::Html(html) => self.html(&html, at),
            Event::InlineHtml(html) if html.to_ascii_lowercase().starts_with("<br") => {
                self.break_line();
            }
            Event::SoftBreak | Event::HardBreak => self.break_line(),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, at: usize) {
        match tag {
            Tag::Heading { level, .. } => self.begin(Role::Heading(depth(level))),
            Tag::Paragraph if self.lists == 0 => self.begin(Role::Text),
            Tag::List(_) => {
                self.end_line();
                self.lists += 1;
            }
            Tag::Item => self.begin(Role::Item(self.lists)),
            Tag::CodeBlock(_) => {
                self.end_line();
                self.is_code = true;
            }
            Tag::TableHead | Tag::TableRow => {
                self.begin(Role::Row);
                self.row = Some(Vec::new());
            }
            Tag::TableCell => {
                self.line_at(at).text.push(' ');
                if let Some(row) = &mut self.row {
                    row.push(String::new());
                }
            }
            Tag::Strong => {
                self.bold = Some(self.line_at(at).text.len());
            }
            Tag::Link { dest_url, .. } => {
                let at = self.line_at(at).text.len();
                self.link = Some(WrittenLink {
                    text: String::new(),
                    target: dest_url.into_string(),
                    at,
                });
            }
            Tag::Image { dest_url, .. } => {
                self.line_at(at);
                self.image = Some(Image {
                    words: String::new(),
                    target: dest_url.into_string(),
                });
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) | TagEnd::Paragraph | TagEnd::Item => {
                self.end_line();
                // A further paragraph of an entry is no entry of its own.
                self.role = Role::Text;
            }
            TagEnd::List(_) => {
                self.end_line();
                self.lists = self.lists.saturating_sub(1);
            }
            TagEnd::CodeBlock => self.is_code = false,
            TagEnd::TableHead | TagEnd::TableRow => {
                let cells = self.row.take().unwrap_or_default();
                if let Some(line) = &mut self.line {
                    line.cells = cells
                        .into_iter()
                        .map(|cell| cell.trim().to_owned())
                        .collect();
                }
                self.end_line();
            }
            TagEnd::Strong => {
                if let (Some(from), Some(line)) = (self.bold.take(), &mut self.line) {
                    let words = line.text.get(from..).unwrap_or_default().trim();
                    line.bold.push(words.to_owned());
                }
            }
            TagEnd::Link => {
                if let (Some(link), Some(line)) = (self.link.take(), &mut self.line)
                    && line.links.len() < MOST_LINKS
                {
                    line.links.push(link);
                }
            }
            TagEnd::Image => {
                if let (Some(image), Some(line)) = (self.image.take(), &mut self.line) {
                    line.images.push(image);
                }
            }
            _ => {}
        }
    }

    fn begin(&mut self, role: Role) {
        self.end_line();
        self.goes_on = false;
        self.role = role;
    }

    fn break_line(&mut self) {
        if self.row.is_some() {
            return self.push(" ");
        }
        let link = self.link.clone();
        self.goes_on |= self.line.is_some();
        self.end_line();
        // What goes on below an entry or a heading is a line of its own.
        self.role = Role::Text;
        self.link = link.map(|link| WrittenLink { at: 0, ..link });
        self.bold = self.bold.map(|_| 0);
    }

    fn words(&mut self, words: &str, at: usize) {
        if let Some(image) = &mut self.image {
            image.words.push_str(words);
            return;
        }
        self.line_at(at);
        self.push(words);
    }

    /// Adds words to the line, without stars, and with blanks that all are one.
    fn push(&mut self, words: &str) {
        let plain = words.chars().filter_map(|c| match c {
            '*' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => None,
            c if c.is_whitespace() || c.is_control() => Some(' '),
            c => Some(c),
        });
        let plain: String = plain.collect();
        if let Some(link) = &mut self.link {
            link.text.push_str(&plain);
        }
        if let Some(cell) = self.row.as_mut().and_then(|row| row.last_mut()) {
            cell.push_str(&plain);
        }
        if let Some(line) = &mut self.line {
            line.text.push_str(&plain);
        }
    }

    /// Reads the words between the tags of HTML.
    fn html(&mut self, html: &str, at: usize) {
        let mut is_tag = false;
        let words: String = html
            .chars()
            .filter(|c| {
                is_tag |= *c == '<';
                let is_word = !is_tag;
                is_tag &= *c != '>';
                is_word
            })
            .collect();
        if !words.trim().is_empty() {
            self.words(words.trim(), at);
        }
        self.end_line();
    }

    /// Gives the line that is read; it begins at a byte if there is none yet.
    fn line_at(&mut self, at: usize) -> &mut Line {
        let (text, role, goes_on) = (self.text, self.role, self.goes_on);
        if !(self.place.start..=self.place.end).contains(&at) || self.place.is_empty() {
            let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
            let end = text[at..]
                .find('\n')
                .map_or(text.len(), |newline| at + newline);
            self.place = start..end;
        }
        let place = self.place.clone();
        self.line.get_or_insert_with(|| {
            let words = &text[place.clone()];
            let start = place.end - words.trim_start().len();
            let span = start..start + words.trim().len();
            Line {
                is_bold: is_bold(&text[span.clone()]),
                span,
                role,
                goes_on,
                ..Line::default()
            }
        })
    }

    fn end_line(&mut self) {
        let Some(mut line) = self.line.take() else {
            return;
        };
        let blanks = line.text.len() - line.text.trim_start().len();
        line.text = line.text.trim().to_owned();
        for link in &mut line.links {
            link.at = link.at.saturating_sub(blanks);
        }
        let written = bare_addresses(&line.text, &line.links);
        line.links.extend(written);
        line.links.sort_by_key(|link| link.at);
        if !line.text.is_empty() || !line.images.is_empty() {
            self.lines.push(line);
        }
    }
}

fn depth(level: HeadingLevel) -> u8 {
    level as u8
}

/// Tells whether all of a line is emphasised, as the file has it.
fn is_bold(line: &str) -> bool {
    let line = line.trim_start_matches(|c: char| c == '>' || c.is_whitespace());
    let line = line
        .trim_end_matches("<br/>")
        .trim_end_matches("<br>")
        .trim_end();
    let inner = line
        .strip_prefix("**")
        .and_then(|line| line.strip_suffix("**"));
    inner.is_some_and(|inner| !inner.is_empty() && !inner.contains("**"))
}

#[cfg(test)]
mod tests {
    use super::{Line, Role, lines_of};

    fn lines(text: &str) -> Vec<Line> {
        lines_of(text, 0)
    }

    fn texts(text: &str) -> Vec<String> {
        lines(text).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn drops_every_star() {
        let text = "**主题：**灯笼夜话\n\n**时间**：周三\n\n**![图](a.png)\n\n- **地点：桥头**\n";
        assert_eq!(
            texts(text),
            ["主题：灯笼夜话", "时间：周三", "", "地点：桥头"]
        );
    }

    #[test]
    fn knows_headings_entries_rows_and_bold_lines() {
        let text = "## 预告\n\n**桥头例会：**\n\n- 甲\n  - 乙\n\n| 时间 | 主题 |\n| --- | --- |\n| 5/6 | 丙 |\n";
        let roles: Vec<Role> = lines(text).iter().map(|line| line.role).collect();
        let entries = [Role::Item(1), Role::Item(2)];
        assert_eq!(roles[..2], [Role::Heading(2), Role::Text]);
        assert_eq!(roles[2..], [entries[0], entries[1], Role::Row, Role::Row]);
        assert!(lines(text)[1].is_bold);
        assert_eq!(lines(text)[5].cells, ["5/6", "丙"]);
    }

    #[test]
    fn keeps_links_with_their_words() {
        let text = "「桥头」：[*https://a.example/1*](https://a.example/2)，或 https://b.example/c（备用）";
        let links = lines(text).remove(0).links;
        let told: Vec<_> = links
            .iter()
            .map(|link| (link.text.as_str(), link.target.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("https://a.example/1", "https://a.example/2"),
                ("https://b.example/c", "https://b.example/c")
            ]
        );
    }

    #[test]
    fn lines_stay_lines() {
        let text = "主题：甲\n时间：乙<br/>\n地点：丙  \n形式：丁\n\n```\n时间：戊\n```\n";
        assert_eq!(
            texts(text),
            ["主题：甲", "时间：乙", "地点：丙", "形式：丁"]
        );
        assert_eq!(&text[lines(text)[2].span.clone()], "地点：丙");
    }
}
