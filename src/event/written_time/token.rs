//! Tokens: the smallest parts of a written time.
//!
//! Flows in: a text. Flows out: its numbers, marks and words with their bytes; characters that look alike
//! have become one, and blanks are gone. Deliberately absent: what may stand beside what, which is `grammar`'s.

use crate::source::Span;
use Token::{AmPm, Beijing, Day, Mark, Number, Part, Remark, Utc, Word};
use chrono::Weekday;

/// One of the smallest parts of a written time.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A number, and how many digits it has.
    Number(u32, usize),
    /// A character in its plain form: `:` for `：`, `-` for `–`, `~` for 至, 日 for 号; `t` and `z` too.
    Mark(char),
    /// A weekday.
    Day(Weekday),
    /// A part of the day: the first and the last hour that it may be said of.
    Part(u32, u32),
    /// The same for am and pm, which may stand behind the clock.
    AmPm(u32, u32),
    /// 明天 and the like: said of a date, but no date.
    Remark,
    /// 北京时间.
    Beijing,
    /// `UTC` or `GMT`.
    Utc,
    /// Any other Latin letters, in lower case.
    Word(String),
}

/// Cuts a text into tokens and their bytes.
pub(super) fn tokenise(text: &str, more: &DayParts) -> (Vec<Token>, Vec<Span>) {
    let (mut tokens, mut spans) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let run = |belongs: fn(&char) -> bool| {
            let bytes = rest.find(|c| !belongs(&plain(c))).unwrap_or(rest.len());
            (rest[..bytes].chars().map(plain), bytes)
        };
        let (token, bytes) = if is_blank(first) {
            at += first.len_utf8();
            continue;
        } else if let Some(word) = more.at(rest) {
            word
        } else if !first.is_ascii()
            && let Some(word) = chinese_weekday(rest).or_else(|| chinese_word(rest))
        {
            word
        } else if let Some(number) = chinese_number(rest) {
            number
        } else if plain(first).is_ascii_digit() {
            let (digits, bytes) = run(char::is_ascii_digit);
            let digits = digits.map(|digit| digit.to_digit(10).unwrap_or_default());
            let add = |number: u32, digit| number.checked_mul(10)?.checked_add(digit);
            let number = digits.clone().try_fold(0, add);
            (Number(number.unwrap_or(u32::MAX), digits.count()), bytes)
        } else if plain(first).is_ascii_alphabetic() {
            let (letters, bytes) = run(char::is_ascii_alphabetic);
            (latin_word(letters.collect()), bytes)
        } else {
            (Mark(plain(first)), first.len_utf8())
        };
        tokens.push(token);
        spans.push(at..at + bytes);
        at += bytes;
    }
    (tokens, spans)
}

/// Pasted texts hold NBSP, U+3000, and characters without width.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

fn plain(c: char) -> char {
    let half_width = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    match half_width {
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        '〜' | '∼' | '至' | '到' => '~',
        '[' | '【' | '〔' => '(',
        ']' | '】' | '〕' => ')',
        '、' => ',',
        '号' | '號' => '日',
        '點' | '时' | '時' => '点',
        other => other.to_ascii_lowercase(),
    }
}

/// Words for parts of the day besides the usual ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DayParts(Vec<(String, (u32, u32))>);

impl DayParts {
    /// Adds a word with the first and the last hour that it may be said of.
    pub fn add(&mut self, word: &str, hours: (u32, u32)) {
        self.0.push((word.to_owned(), hours));
        // Of words that begin alike, the longer stands first.
        self.0.sort_by_key(|(word, _)| usize::MAX - word.len());
    }

    fn at(&self, text: &str) -> Option<(Token, usize)> {
        let mut words = self.0.iter();
        let (word, (from, to)) = words.find(|(word, _)| text.starts_with(word.as_str()))?;
        Some((Part(*from, *to), word.len()))
    }
}

/// The Chinese words; of those that begin alike, the longer stands first.
const CHINESE: &[(Token, &[&str])] = &[
    (Beijing, &["北京时间"]),
    (Remark, &["今天", "今日", "明天", "明日", "后天", "昨天"]),
    (Part(0, 6), &["凌晨"]),
    (Part(0, 12), &["早上", "早晨", "早", "上午"]),
    (Part(10, 14), &["中午"]),
    (Part(12, 23), &["下午", "午后", "傍晚"]),
    (
        Part(17, 24),
        &["晚上", "晚间", "今晚", "明晚", "当晚", "晚"],
    ),
];

fn chinese_word(text: &str) -> Option<(Token, usize)> {
    CHINESE.iter().find_map(|(token, words)| {
        let word = words.iter().find(|word| text.starts_with(**word))?;
        Some((token.clone(), word.len()))
    })
}

fn chinese_weekday(text: &str) -> Option<(Token, usize)> {
    let week = text.trim_start_matches(['本', '这', '下', '上', '个']);
    let words = ["周", "週", "星期", "礼拜"];
    let day = words.iter().find_map(|word| week.strip_prefix(word))?;
    let name = day.chars().next()?;
    let weekday = weekday_of(name)?;
    Some((Day(weekday), text.len() - day.len() + name.len_utf8()))
}

/// Gives the weekday whose numeral stands behind 周.
pub(super) fn weekday_of(numeral: char) -> Option<Weekday> {
    let index = "一二三四五六日天".chars().position(|c| c == numeral)?;
    Weekday::try_from(u8::try_from(index.min(6)).ok()?).ok()
}

/// Reads 七 before 点 and 二十八 before 日: Chinese numerals count where a unit follows that times have.
fn chinese_number(text: &str) -> Option<(Token, usize)> {
    let behind = text.trim_start_matches(|c| chinese_digit(c).is_some() || TENS.contains(&c));
    let numerals = &text[..text.len() - behind.len()];
    let unit = behind.chars().find(|c| !is_blank(*c)).map(plain)?;
    if numerals.is_empty() || !['年', '月', '日', '点', '分'].contains(&unit) {
        return None;
    }
    let digits = |numerals: &str| -> Option<u32> {
        numerals.chars().try_fold(0_u32, |number, c| {
            number.checked_mul(10)?.checked_add(chinese_digit(c)?)
        })
    };
    let number = match numerals.split_once(TENS) {
        None => digits(numerals)?,
        Some((tens, ones)) => {
            let score = if numerals.contains('廿') { 2 } else { 1 };
            let tens = if tens.is_empty() {
                score
            } else {
                digits(tens)?
            };
            tens.checked_mul(10)?.checked_add(digits(ones)?)?
        }
    };
    let length = if number < 100 {
        2
    } else {
        numerals.chars().count()
    };
    Some((Number(number, length), numerals.len()))
}

const TENS: [char; 2] = ['十', '廿'];

fn chinese_digit(c: char) -> Option<u32> {
    let digit = "〇一二三四五六七八九".chars().position(|digit| digit == c);
    let digit = digit.or(match c {
        '零' | '○' => Some(0),
        '两' => Some(2),
        _ => None,
    })?;
    u32::try_from(digit).ok()
}

fn latin_word(word: String) -> Token {
    match word.as_str() {
        "t" => Mark('t'),
        "z" => Mark('z'),
        "to" => Mark('~'),
        "am" => AmPm(0, 11),
        "pm" => AmPm(12, 23),
        "utc" | "gmt" => Utc,
        "tues" => Day(Weekday::Tue),
        "thur" | "thurs" => Day(Weekday::Thu),
        _ => word.parse().map_or(Word(word), Day),
    }
}
