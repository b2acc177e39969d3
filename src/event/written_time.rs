//! Written times: the one grammar for the times that people write.
//!
//! Flows in: a text such as `2023年5月31日（周三）14:00-15:00`, from an event file or a newsletter.
//! Flows out: what stands there (date, weekday, clock, offset, each with its bytes), or the first part that
//! cannot be read, with the form that was probably meant. Deliberately absent: time zones, today, and the
//! meaning of a part that is not there; that is `when`'s to say.

use crate::diagnostic::{Code, Complaint};
use crate::source::Span;
use Token::{Beijing, Mark, Number, Part, Remark, Utc, Word};
use chrono::{
    DateTime, FixedOffset, Month, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday,
};
use std::ops::RangeInclusive;

/// The years that sofacal reads.
pub const YEARS: RangeInclusive<i32> = 1970..=2199;

/// Messages quote no more characters of a text than this.
const LONGEST_QUOTE: usize = 60;

/// A moment, or a range of two, as somebody wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenTime {
    /// The moment, or the start of the range.
    pub start: WrittenMoment,
    /// The end of the range; it may leave its date or its year to the start.
    pub end: Option<WrittenMoment>,
}

/// One moment as somebody wrote it: a date, a clock or both.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WrittenMoment {
    /// The date; it exists in the year it names.
    pub date: Option<Written<WrittenDate>>,
    /// The weekday, which may contradict the date.
    pub weekday: Option<Written<Weekday>>,
    /// The time of day.
    pub clock: Option<Written<WrittenClock>>,
    /// The distance from UTC; never without a clock.
    pub offset: Option<Written<FixedOffset>>,
    /// The bytes from its first part to its last.
    pub span: Span,
}

/// A part of a text, with its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written<T> {
    /// What it says.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// A date that may leave its year to the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenDate {
    /// The year, one of [`YEARS`].
    pub year: Option<i32>,
    /// The month, from 1.
    pub month: u32,
    /// The day of the month, from 1.
    pub day: u32,
}

impl WrittenDate {
    /// Puts month and day into a year; not every year has a 29 February.
    pub fn in_year(self, year: i32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(year, self.month, self.day)
    }
}

/// A time of day on the 24-hour clock, up to `24:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenClock {
    /// The hour; 24 only as `24:00`, which can end something but not start it.
    pub hour: u32,
    /// The minute.
    pub minute: u32,
    /// The second.
    pub second: u32,
    half_day: HalfDay,
}

impl WrittenClock {
    /// Puts the clock on a date; `24:00` is the next day's midnight.
    pub fn on(self, date: NaiveDate) -> NaiveDateTime {
        date.and_time(NaiveTime::MIN) + TimeDelta::seconds(self.second_of_day().into())
    }

    fn second_of_day(self) -> u32 {
        (self.hour * 60 + self.minute) * 60 + self.second
    }

    fn half_a_day_later(self) -> Self {
        let hour = self.hour + 12;
        WrittenClock { hour, ..self }
    }
}

/// What was said about the half of the day; a range may say 晚 or pm once for both of its clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HalfDay {
    Unsaid,
    First,
    SecondByPrefix,
    SecondBySuffix,
}

/// Why a text is no time, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeFault {
    /// The bytes that are meant.
    pub span: Span,
    /// What is wrong with them, and the way out.
    pub complaint: Complaint,
}

/// Reads a moment or a range that fills the whole text.
pub fn read_time(text: &str) -> Result<WrittenTime, TimeFault> {
    let mut reader = Reader::new(text);
    reader.time().map_err(|fault| match fault {
        Fault::Unread => reader.unread(),
        Fault::Wrong(fault) => fault,
    })
}

/// Gives an author's text as a message can carry it: on one line, and not too long.
pub fn quote(text: &str) -> String {
    let blank_controls = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut quote: String = blank_controls.take(LONGEST_QUOTE).collect();
    if text.chars().nth(LONGEST_QUOTE).is_some() {
        quote.push('…');
    }
    quote
}

/// The forms of a date. Letters stand for numbers: `Y` has four digits, the others one or two.
const DATES: &[&str] = &[
    "Y年M月D日",
    "Y年M月D",
    "Y-M-D",
    "Y/M/D",
    "Y.M.D",
    "M月D日",
    "M月D",
    "M-D",
    "M/D",
];

/// The forms of a clock: `m` and `s` have two digits, `h` and `n` one or two, `0` has zeros alone.
const CLOCKS: &[&str] = &[
    "h:m:s.0", "h:m:s", "h:m", "h点n分", "h点m", "h点半", "h点整", "h点钟", "h点",
];

/// What lets an hour stand alone: `2pm`, and the first of `9-11 点` and `2-4pm`; `a` is am or pm.
const BARE_HOURS: &[&str] = &["ha", "h-h点", "h~h点", "h-ha", "h~ha"];

/// The forms of a UTC offset: `H` has four digits.
const OFFSETS: &[&str] = &["+h:m", "+H", "+h", "-h:m", "-H", "-h"];

/// Forms that are not read, but may be meant: `E` is a date of eight digits, `S` a clock of six.
const LIKELY: &[&str] = &[
    "M/D/Y",
    "D/M/Y",
    "M-D-Y",
    "D-M-Y",
    "D.M.Y",
    "y年M月D日",
    "y年M月D",
    "y-M-D",
    "y/M/D",
    "y.M.D",
    "EtH",
    "EtS",
    "E",
    "H",
    "h.m",
    "h:n",
    "h",
];

/// The smallest parts of a written time; characters that look alike have become one.
#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// A number, and how many digits it has.
    Number(u32, usize),
    /// A character in its plain form: `:` for `：`, `-` for `–`, `~` for 至, 日 for 号; `t` and `z` too.
    Mark(char),
    /// A weekday.
    Day(Weekday),
    /// A part of the day.
    Part(DayPart),
    /// 明天 and the like: said of a date, but no date.
    Remark,
    /// 北京时间.
    Beijing,
    /// `UTC` or `GMT`.
    Utc,
    /// Any other Latin letters, in lower case.
    Word(String),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum DayPart {
    Night,
    Morning,
    Noon,
    Afternoon,
    Evening,
    Am,
    Pm,
}

const DAY_PARTS: &[(DayPart, &[&str])] = &[
    (DayPart::Night, &["凌晨"]),
    (DayPart::Morning, &["早上", "早晨", "早", "上午"]),
    (DayPart::Noon, &["中午"]),
    (DayPart::Afternoon, &["下午", "午后", "傍晚"]),
    (
        DayPart::Evening,
        &["晚上", "晚间", "今晚", "明晚", "当晚", "晚"],
    ),
];

const REMARKS: &[&str] = &["今天", "今日", "明天", "明日", "后天", "昨天"];

/// Cuts a text into tokens and their bytes; blanks are left out.
fn tokenise(text: &str) -> (Vec<Token>, Vec<Span>) {
    let (mut tokens, mut spans) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let run = |belongs: fn(&char) -> bool| {
            let run: String = rest.chars().map(plain).take_while(belongs).collect();
            let bytes: usize = rest.chars().take(run.len()).map(char::len_utf8).sum();
            (run, bytes)
        };
        let (token, bytes) = if is_blank(first) {
            at += first.len_utf8();
            continue;
        } else if let Some((token, bytes)) = chinese_word(rest) {
            (token, bytes)
        } else if plain(first).is_ascii_digit() {
            let (digits, bytes) = run(char::is_ascii_digit);
            (
                Number(digits.parse().unwrap_or(u32::MAX), digits.len()),
                bytes,
            )
        } else if plain(first).is_ascii_alphabetic() {
            let (letters, bytes) = run(char::is_ascii_alphabetic);
            (latin_word(letters), bytes)
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

fn chinese_word(text: &str) -> Option<(Token, usize)> {
    let begins = |words: &[&str]| {
        words
            .iter()
            .find(|word| text.starts_with(**word))
            .map(|word| word.len())
    };
    let part = |(part, words): &(DayPart, &[&str])| Some((Part(*part), begins(words)?));
    chinese_weekday(text)
        .or_else(|| begins(&["北京时间"]).map(|bytes| (Beijing, bytes)))
        .or_else(|| begins(REMARKS).map(|bytes| (Remark, bytes)))
        .or_else(|| DAY_PARTS.iter().find_map(part))
}

fn chinese_weekday(text: &str) -> Option<(Token, usize)> {
    let week = text.trim_start_matches(['本', '这', '下', '上', '个']);
    let words = ["周", "週", "星期", "礼拜"];
    let day = words.iter().find_map(|word| week.strip_prefix(word))?;
    let name = day.chars().next()?;
    let weekday = match name {
        '一' => Weekday::Mon,
        '二' => Weekday::Tue,
        '三' => Weekday::Wed,
        '四' => Weekday::Thu,
        '五' => Weekday::Fri,
        '六' => Weekday::Sat,
        '日' | '天' => Weekday::Sun,
        _ => return None,
    };
    Some((
        Token::Day(weekday),
        text.len() - day.len() + name.len_utf8(),
    ))
}

fn latin_word(word: String) -> Token {
    match word.as_str() {
        "t" => Mark('t'),
        "z" => Mark('z'),
        "to" => Mark('~'),
        "am" => Part(DayPart::Am),
        "pm" => Part(DayPart::Pm),
        "utc" | "gmt" => Utc,
        "tues" => Token::Day(Weekday::Tue),
        "thur" | "thurs" => Token::Day(Weekday::Thu),
        _ => word.parse().map_or(Word(word), Token::Day),
    }
}

enum Fault {
    /// The token that stands next fits nowhere.
    Unread,
    /// The tokens fit, but what they say cannot be.
    Wrong(TimeFault),
}

fn wrong(span: Span, message: impl Into<String>, hint: impl Into<String>) -> Fault {
    let complaint = Complaint::new(Code::BadTime, message).hint(hint);
    Fault::Wrong(TimeFault { span, complaint })
}

/// The numbers that stand for the letters of a form.
struct Numbers(Vec<(char, u32)>);

impl Numbers {
    fn of(&self, letter: char) -> Option<u32> {
        let found = self.0.iter().find(|(of, _)| *of == letter);
        found.map(|(_, number)| *number)
    }

    /// Writes them as a date, a clock or both, in the form that is read.
    fn as_time(&self) -> String {
        let run = self
            .of('E')
            .map(|run| (run / 10_000, run / 100 % 100, run % 100));
        let year = self.of('Y').or(self.of('y').map(|year| 2000 + year));
        let date = run.or_else(|| Some((year?, self.of('M')?, self.of('D')?)));
        let run = self.of('S').map(|run| run / 100).or(self.of('H'));
        let hour = run.map(|run| run / 100).or(self.of('h'));
        let minute = run.map(|run| run % 100).or(self.of('m')).or(self.of('n'));
        let date = date.map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}"));
        let clock = hour.map(|hour| format!("{hour:02}:{:02}", minute.unwrap_or(0)));
        date.into_iter().chain(clock).collect::<Vec<_>>().join(" ")
    }
}

struct Reader<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    spans: Vec<Span>,
    at: usize,
    open_brackets: Vec<Span>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        let (tokens, spans) = tokenise(text);
        Reader {
            text,
            tokens,
            spans,
            at: 0,
            open_brackets: Vec::new(),
        }
    }

    fn rest(&self) -> &[Token] {
        &self.tokens[self.at..]
    }

    /// Goes past the next tokens and gives their bytes.
    fn take(&mut self, count: usize) -> Span {
        let first = self.at;
        self.at += count;
        self.spans[first].start..self.spans[self.at - 1].end
    }

    /// Fits the tokens at a place to a form.
    fn fit(&self, at: usize, form: &str) -> Option<Numbers> {
        let mut tokens = self.tokens.iter().skip(at);
        let mut numbers = Vec::new();
        for letter in form.chars() {
            match (letter, tokens.next()?) {
                ('E', Number(number, 8))
                | ('S', Number(number, 6))
                | ('Y' | 'H', Number(number, 4))
                | ('M' | 'D' | 'y' | 'h' | 'n', Number(number, 1..=2))
                | ('m' | 's', Number(number, 2))
                | ('0', Number(number @ 0, _)) => numbers.push((letter, *number)),
                ('a', Part(DayPart::Am | DayPart::Pm)) => {}
                (mark, Mark(other)) if mark == *other => {}
                _ => return None,
            }
        }
        Some(Numbers(numbers))
    }

    /// Finds the first form that the tokens at a place fit.
    fn fit_first(&self, at: usize, forms: &[&'static str]) -> Option<(&'static str, Numbers)> {
        let mut forms = forms.iter();
        forms.find_map(|form| Some((*form, self.fit(at, form)?)))
    }

    fn quote(&self, span: &Span) -> String {
        quote(&self.text[span.clone()])
    }

    /// `time = moment [("-" | "~") moment]`
    fn time(&mut self) -> Result<WrittenTime, Fault> {
        let mut start = self.moment(None)?;
        let mut end = None;
        if let [Mark('-' | '~'), ..] = self.rest() {
            self.at += 1;
            end = Some(self.moment(Some(&start))?);
        }
        if self.at < self.tokens.len() {
            return Err(Fault::Unread);
        }
        if let Some(bracket) = self.open_brackets.pop() {
            let message = format!("`{}` is not closed", self.quote(&bracket));
            return Err(wrong(
                bracket,
                message,
                "close the bracket, or leave it out",
            ));
        }
        if let Some(end) = &mut end {
            share(&mut start, end);
        }
        Ok(WrittenTime { start, end })
    }

    /// `moment = date | [date ["T"]] [part of the day] clock [offset]`,
    /// with brackets, commas, a weekday and 北京时间 wherever people put them.
    fn moment(&mut self, start: Option<&WrittenMoment>) -> Result<WrittenMoment, Fault> {
        let mut moment = WrittenMoment::default();
        let mut part = None;
        let first = self.at;
        loop {
            let timed = moment.clock.is_some();
            match *self.rest() {
                [Mark('('), ..] => {
                    let span = self.take(1);
                    self.open_brackets.push(span);
                }
                [Mark(')'), ..] if !self.open_brackets.is_empty() => {
                    self.at += 1;
                    self.open_brackets.pop();
                }
                [Remark, ..] if !self.open_brackets.is_empty() => self.at += 1,
                [Mark(','), _, ..] if self.at > first => self.at += 1,
                [Mark('t'), Number(..), ..] if moment.date.is_some() && !timed => self.at += 1,
                [Token::Day(value), ..] if moment.weekday.is_none() => {
                    let span = self.take(1);
                    moment.weekday = Some(Written { value, span });
                }
                [Part(value), ..] if !timed && part.is_none() => {
                    let span = self.take(1);
                    part = Some(Written { value, span });
                }
                [Beijing, ..] if moment.offset.is_none() => {
                    let span = self.take(1);
                    moment.offset = east(8, 0).map(|value| Written { value, span });
                }
                _ => {
                    let has_read = match (timed, &part) {
                        (true, _) => self.offset(&mut moment)?,
                        (false, None) if self.date(&mut moment, start)? => true,
                        (false, part) => self.clock(&mut moment, part.as_ref())?,
                    };
                    if !has_read {
                        break;
                    }
                }
            }
        }
        match (&moment.date, &moment.clock, part, &moment.offset) {
            (_, None, Some(part), _) => {
                let message = format!("`{}` stands without an hour", self.quote(&part.span));
                Err(wrong(part.span, message, "write a clock, like `19:00`"))
            }
            (None, None, ..) => {
                // What has been gone past, such as a weekday, is no time by itself.
                if self.rest().is_empty() {
                    self.at = first;
                }
                Err(Fault::Unread)
            }
            (_, None, _, Some(offset)) => {
                let message = format!("`{}` stands without a clock", self.quote(&offset.span));
                let hint = "leave it out: a whole day has no UTC offset";
                Err(wrong(offset.span.clone(), message, hint))
            }
            _ => {
                moment.span = self.spans[first].start..self.spans[self.at - 1].end;
                Ok(moment)
            }
        }
    }

    /// Reads a date; the end of a range may name the day alone.
    fn date(
        &mut self,
        moment: &mut WrittenMoment,
        start: Option<&WrittenMoment>,
    ) -> Result<bool, Fault> {
        let first = start.and_then(|start| start.date.as_ref());
        let mut forms = DATES.to_vec();
        forms.extend(
            first
                .filter(|first| self.text[first.span.clone()].contains('.'))
                .map(|_| "M.D"),
        );
        forms.extend(first.map(|_| "D日"));
        let Some((form, numbers)) = self
            .fit_first(self.at, &forms)
            .filter(|_| moment.date.is_none())
        else {
            return Ok(false);
        };
        let taken = form.chars().count();
        // `9-11 点` and `9-11am` are hours; `5/31/2023` and `23-5-31` are more than a short date.
        let goes_on = match self.rest().get(taken) {
            Some(Mark('点' | ':') | Part(DayPart::Am | DayPart::Pm)) => true,
            Some(Mark('-')) if self.tokens.get(self.at + 5) == Some(&Mark('-')) => false,
            _ => self
                .fit_first(self.at, &["M-D-Y", "M/D/Y", "y-M-D", "y/M/D"])
                .is_some(),
        };
        if goes_on && ["M-D", "M/D"].contains(&form) {
            return Ok(false);
        }
        let inherited = first.filter(|_| form == "D日").map(|first| first.value);
        let value = WrittenDate {
            year: numbers
                .of('Y')
                .map(u32::cast_signed)
                .or(inherited.and_then(|date| date.year)),
            month: numbers
                .of('M')
                .or(inherited.map(|date| date.month))
                .unwrap_or_default(),
            day: numbers.of('D').unwrap_or_default(),
        };
        let span = self.take(taken);
        self.check_date(value, &span)?;
        moment.date = Some(Written { value, span });
        Ok(true)
    }

    fn check_date(&self, date: WrittenDate, span: &Span) -> Result<(), Fault> {
        let leap_year = 2000;
        let year = date.year.unwrap_or(leap_year);
        if !YEARS.contains(&year) {
            let (first, last) = (YEARS.start(), YEARS.end());
            let message = format!("the year `{year:04}` is outside {first}-{last}");
            let complaint = Complaint::new(Code::YearOutOfRange, message).hint("mend the year");
            let span = span.clone();
            return Err(Fault::Wrong(TimeFault { span, complaint }));
        }
        if date.in_year(year).is_some() {
            return Ok(());
        }
        let month = Month::try_from(u8::try_from(date.month).unwrap_or(0)).ok();
        let swapped = NaiveDate::from_ymd_opt(year, date.day, date.month);
        let days = month.and_then(|month| month.num_days(year));
        let hint = match (days, date.year, swapped) {
            (Some(days), Some(_), _) => format!("{year}-{:02} has {days} days", date.month),
            (Some(days), None, _) => format!("month {} has {days} days at most", date.month),
            (None, Some(_), Some(swapped)) => {
                format!("write `{swapped}`: the month stands before the day")
            }
            (None, ..) => "the month stands before the day, and is 1 to 12".to_owned(),
        };
        let message = format!("there is no such date as `{}`", self.quote(span));
        Err(wrong(span.clone(), message, hint))
    }

    /// Reads a clock, with the part of the day that stands before it, or am or pm behind.
    fn clock(
        &mut self,
        moment: &mut WrittenMoment,
        prefix: Option<&Written<DayPart>>,
    ) -> Result<bool, Fault> {
        let bare = self
            .fit_first(self.at, BARE_HOURS)
            .map(|(_, numbers)| ("h", numbers));
        let Some((form, numbers)) = self.fit_first(self.at, CLOCKS).or(bare) else {
            return Ok(false);
        };
        let mut span = self.take(form.chars().count());
        let suffix = match *self.rest() {
            [Part(part @ (DayPart::Am | DayPart::Pm)), ..] if prefix.is_none() => Some(part),
            _ => None,
        };
        if suffix.is_some() {
            span.end = self.take(1).end;
        }
        if let Some(prefix) = prefix {
            span.start = prefix.span.start;
        }
        let part = suffix.or(prefix.map(|prefix| prefix.value));
        let said = numbers.of('h').unwrap_or_default();
        let Some(hour) = hour_of_day(part, said) else {
            let message = format!("`{}` is not clear about the hour", self.quote(&span));
            let hint = "write it on the 24-hour clock, like `09:00` or `21:00`";
            return Err(wrong(span, message, hint));
        };
        let half = form.ends_with('半').then_some(30);
        let minute = numbers
            .of('m')
            .or(numbers.of('n'))
            .or(half)
            .unwrap_or_default();
        let second = numbers.of('s').unwrap_or_default();
        if minute > 59 || second > 59 || hour > 24 || (hour == 24 && minute + second > 0) {
            let message = format!("no clock shows `{}`", self.quote(&span));
            return Err(wrong(span, message, "clocks go from `00:00` to `23:59`"));
        }
        let half_day = match part {
            None => HalfDay::Unsaid,
            Some(_) if hour < 12 || said > 12 => HalfDay::First,
            Some(_) if suffix.is_some() => HalfDay::SecondBySuffix,
            Some(_) => HalfDay::SecondByPrefix,
        };
        let value = WrittenClock {
            hour,
            minute,
            second,
            half_day,
        };
        moment.clock = Some(Written { value, span });
        Ok(true)
    }

    /// Reads `Z`, `+08:00`, `-0500`, `UTC`, `UTC+8`.
    fn offset(&mut self, moment: &mut WrittenMoment) -> Result<bool, Fault> {
        if moment.offset.is_some() {
            return Ok(false);
        }
        let named = usize::from(matches!(self.rest(), [Mark('z') | Utc, ..]));
        let is_z = self.rest().first() == Some(&Mark('z'));
        let mut found = self.fit_first(self.at + named, OFFSETS).filter(|_| !is_z);
        if let Some((form, numbers)) = &found
            && form.starts_with('-')
            && !self.leads_west(moment, self.at + named, form, numbers)?
        {
            found = None;
        }
        let (form, hours, minutes) = match &found {
            None if named == 0 => return Ok(false),
            None => ("", 0, 0),
            Some((form, numbers)) => {
                let both = numbers.of('H').unwrap_or_default();
                let hours = numbers.of('h').unwrap_or(both / 100);
                (*form, hours, numbers.of('m').unwrap_or(both % 100))
            }
        };
        let span = self.take(named + form.chars().count());
        if hours > 14 || minutes > 59 {
            let message = format!("no place is `{}` from UTC", self.quote(&span));
            return Err(wrong(span, message, "offsets go from `-12:00` to `+14:00`"));
        }
        let sign = if form.starts_with('-') { -1 } else { 1 };
        let (hours, minutes) = (sign * hours.cast_signed(), sign * minutes.cast_signed());
        moment.offset = east(hours, minutes).map(|value| Written { value, span });
        Ok(true)
    }

    /// Tells the `-` of a UTC offset from the one that leads to the end of a range.
    fn leads_west(
        &self,
        moment: &WrittenMoment,
        sign: usize,
        form: &str,
        numbers: &Numbers,
    ) -> Result<bool, Fault> {
        let touches = |token: usize| self.spans[token - 1].end == self.spans[token].start;
        let hours = numbers.of('h').or(numbers.of('H').map(|both| both / 100));
        if !touches(sign) || !touches(sign + 1) || hours > Some(12) {
            return Ok(false);
        }
        if sign > self.at || form == "-H" {
            return Ok(true);
        }
        let (Some(date), Some(clock), "-h:m") = (&moment.date, &moment.clock, form) else {
            return Ok(false);
        };
        let is_iso = self.text[date.span.clone()].contains('-');
        if !is_iso || self.tokens.get(sign + 4) == Some(&Mark(':')) {
            return Ok(false);
        }
        let has_seconds = self.text[clock.span.clone()].matches([':', '：']).count() == 2;
        let between = self.text[date.span.end..clock.span.start].trim();
        let has_t = between.eq_ignore_ascii_case("t");
        if has_seconds || !has_t {
            return Ok(has_seconds);
        }
        let span = self.spans[sign].start..self.spans[sign + 3].end;
        let (start, end) = (
            self.quote(&(date.span.start..clock.span.end)),
            self.quote(&span),
        );
        let clock = end.trim_start_matches('-');
        let message = format!("`{end}` may be an end or a UTC offset");
        let hint = format!("write `{start} - {clock}` for an end, `{start}:00{end}` for an offset");
        Err(wrong(span, message, hint))
    }

    /// Complains about the next token and all that stands behind it.
    fn unread(&self) -> TimeFault {
        let Some(last) = self.spans.last() else {
            let span = 0..self.text.len();
            let complaint = Complaint::new(Code::BadTime, "there is no time here");
            let complaint =
                complaint.hint("write one like `2023-05-31 14:00`, or leave the key out");
            return TimeFault { span, complaint };
        };
        let first = match self.tokens[..self.at] {
            [.., Mark('(')] => self.at - 1,
            _ => self.at.min(self.spans.len() - 1),
        };
        let span = self.spans[first].start..last.end;
        let whose = if first == 0 { "no" } else { "no part of a" };
        let message = format!("`{}` is {whose} date or time", self.quote(&span));
        let complaint = Complaint::new(Code::BadTime, message).hint(self.way_out(&span));
        TimeFault { span, complaint }
    }

    /// Proposes what was probably meant, after trying it.
    fn way_out(&self, unread: &Span) -> String {
        let mut readable = Vec::new();
        for (meaning, taken) in self.likely_meanings() {
            let behind = &self.text[self.spans[self.at + taken - 1].end..];
            let text = format!(
                "{}{meaning}{behind}",
                &self.text[..self.spans[self.at].start]
            );
            if Reader::new(&text).time().is_ok() {
                readable.push((taken, format!("`{}`", quote(text.trim()))));
            }
        }
        let most = readable.iter().map(|(taken, _)| *taken).max();
        let mut readable: Vec<String> = readable
            .into_iter()
            .filter(|(taken, _)| Some(*taken) == most)
            .map(|(_, text)| text)
            .collect();
        readable.dedup();
        if !readable.is_empty() {
            return format!("write {}", readable.join(" or "));
        }
        let behind = self.text[unread.clone()].trim_start_matches(['(', '（']);
        let says = |words: &[&str]| {
            let latin =
                |token: &Token| matches!(token, Word(word) if words.contains(&word.as_str()));
            self.rest().iter().any(latin)
                || words
                    .iter()
                    .any(|word| !word.is_ascii() && behind.starts_with(word))
        };
        let has_clock = self.tokens[..self.at]
            .iter()
            .any(|token| matches!(token, Mark(':' | '点')));
        let hint = if says(&["tbd", "tba", "tbc", "unknown", "未定", "暂定"])
            || behind.contains("待")
        {
            "leave `start` out until the time is known: the event is then a draft"
        } else if says(&["cst", "bjt", "beijing", "china", "shanghai", "北京", "中国"]) {
            "say it with a key of its own, `timezone: Asia/Shanghai`"
        } else if has_clock && matches!(self.rest(), [Word(_)] | [Word(_), Mark('/' | ')'), ..]) {
            "if it is a zone, it has a key of its own, like `timezone: Europe/Berlin`"
        } else if has_clock && matches!(self.rest(), [Mark('.'), Number(..), ..]) {
            "leave the fraction of the second out"
        } else if says(&[
            "today", "tomorrow", "tonight", "next", "今", "明", "后", "下",
        ]) || self
            .rest()
            .iter()
            .any(|token| matches!(token, Token::Day(_)))
        {
            "write the date itself, like `2023-05-31 14:00`"
        } else {
            "write it like `2023-05-31 14:00`, `2023-05-31 14:00-15:00` or, for whole days, `2023-05-31`"
        };
        hint.to_owned()
    }

    /// Gives what the next tokens may stand for, with the count of those tokens.
    fn likely_meanings(&self) -> Vec<(String, usize)> {
        let fitting = LIKELY
            .iter()
            .filter_map(|form| Some((form, self.fit(self.at, form)?)));
        let mut meanings: Vec<(String, usize)> = fitting
            .map(|(form, numbers)| (numbers.as_time(), form.chars().count()))
            .collect();
        match *self.rest() {
            [Number(year, 4)] if self.at == 0 && YEARS.contains(&year.cast_signed()) => {
                meanings.clear()
            }
            [Number(_, 10 | 13)] => {
                // An epoch, in seconds or in milliseconds.
                let seconds = self.text[self.spans[self.at].clone()].get(..10);
                let at =
                    seconds.and_then(|seconds| DateTime::from_timestamp(seconds.parse().ok()?, 0));
                meanings.extend(at.map(|at| (at.format("%Y-%m-%dT%H:%M:%SZ").to_string(), 1)));
            }
            _ => meanings.extend(english_date(self.rest())),
        }
        meanings
    }
}

/// Makes a UTC offset; hours and minutes have the same sign.
fn east(hours: i32, minutes: i32) -> Option<FixedOffset> {
    FixedOffset::east_opt((hours * 60 + minutes) * 60)
}

/// Reads an hour on the 24-hour clock; `None` when the part of the day leaves it open.
fn hour_of_day(part: Option<DayPart>, hour: u32) -> Option<u32> {
    use DayPart::{Afternoon, Am, Evening, Morning, Night, Noon, Pm};
    let Some(part) = part else {
        return Some(hour);
    };
    match (part, hour) {
        (_, 25..) => Some(hour),
        (Night, 0..=6) | (Morning, 0..=12) | (Am, 0..=11) | (Noon, 10..=14) => Some(hour),
        (Afternoon | Pm, 12..=23) | (Evening, 13..=24) => Some(hour),
        (Noon, 1..=2) | (Afternoon | Pm, 1..=11) | (Evening, 5..=12) => Some(hour + 12),
        // 晚 1 点 is the next day's, 凌晨 12 点 either midnight, and `12 am` noon to some.
        _ => None,
    }
}

/// Shares what a range says once for both of its ends: 晚 7 点-9 点, `2-4pm`, `14:00-15:00 UTC+8`.
fn share(start: &mut WrittenMoment, end: &mut WrittenMoment) {
    if end.date.is_none() && start.weekday.is_none() {
        start.weekday = end.weekday.take();
    }
    let (Some(first), Some(last)) = (&mut start.clock, &mut end.clock) else {
        return;
    };
    if start.offset.is_none() {
        start.offset = end.offset.clone();
    } else if end.offset.is_none() {
        end.offset = start.offset.clone();
    }
    if end.date.is_some() {
        return;
    }
    let (first, last) = (&mut first.value, &mut last.value);
    match (first.half_day, last.half_day) {
        (HalfDay::SecondByPrefix | HalfDay::SecondBySuffix, HalfDay::Unsaid)
            if last.hour < 12
                && last.half_a_day_later().second_of_day() > first.second_of_day() =>
        {
            *last = last.half_a_day_later();
        }
        (HalfDay::Unsaid, HalfDay::SecondBySuffix)
            if first.hour < 12
                && first.half_a_day_later().second_of_day() < last.second_of_day() =>
        {
            *first = first.half_a_day_later();
        }
        _ => {}
    }
}

/// Reads `May 31, 2023` and `31st of May 2023`; gives the date and the count of its tokens.
fn english_date(tokens: &[Token]) -> Option<(String, usize)> {
    let (mut year, mut month, mut day) = (None, None, None);
    for (index, token) in tokens.iter().enumerate() {
        match token {
            Number(number, 1..=2) if day.is_none() => day = Some(number),
            Number(number, 4) if year.is_none() => year = Some(number),
            Mark(',') => {}
            Word(word) if ["st", "nd", "rd", "th", "of"].contains(&word.as_str()) => {}
            Word(word) if month.is_none() => month = word.parse::<Month>().ok(),
            _ => return None,
        }
        if let (Some(year), Some(month), Some(day)) = (year, month, day) {
            let month = month.number_from_month();
            return Some((format!("{year:04}-{month:02}-{day:02}"), index + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{TimeFault, WrittenTime, quote, read_time, tokenise};
    use chrono::{DateTime, Datelike, FixedOffset, NaiveDateTime, TimeDelta, Timelike};
    use proptest::prelude::{Strategy, any, prop, prop_assert, prop_assert_eq, proptest};

    /// Writes what was read in one plain form: `2023-05-31 Wed 14:00+08:00 - 15:00`.
    fn plainly(text: &str) -> String {
        let WrittenTime { start, end } = match read_time(text) {
            Ok(time) => time,
            Err(fault) => return fault.complaint.message,
        };
        let moment = |moment: &super::WrittenMoment| {
            let date = moment.date.as_ref().map(|date| date.value);
            let year = date.and_then(|date| date.year);
            let parts = [
                date.map(|date| format!("{:02}-{:02}", date.month, date.day)),
                moment
                    .weekday
                    .as_ref()
                    .map(|weekday| weekday.value.to_string()),
                moment.clock.as_ref().map(|clock| clock.value).map(|clock| {
                    let seconds = if clock.second > 0 {
                        format!(":{:02}", clock.second)
                    } else {
                        String::new()
                    };
                    let offset = moment
                        .offset
                        .as_ref()
                        .map_or(String::new(), |offset| offset.value.to_string());
                    format!("{:02}:{:02}{seconds}{offset}", clock.hour, clock.minute)
                }),
            ];
            let year = year.map_or(String::new(), |year| format!("{year}-"));
            year + &parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
        };
        moment(&start) + &end.map_or(String::new(), |end| format!(" - {}", moment(&end)))
    }

    /// Checks lines of `text => what it says, or the message`.
    fn reads(table: &str) {
        for line in table.lines().map(str::trim) {
            let (text, meaning) = line.split_once(" => ").expect(line);
            assert_eq!(plainly(text), meaning, "{text}");
        }
    }

    #[test]
    fn reads_what_people_type() {
        reads(
            "2024-03-06 14:00 => 2024-03-06 14:00
            2024-03-06 14:00:59 => 2024-03-06 14:00:59
            2024-03-06T14:00 => 2024-03-06 14:00
            2024-03-06T06:00:00Z => 2024-03-06 06:00+00:00
            2024-03-06t06:00:00.000z => 2024-03-06 06:00+00:00
            2024-03-06T14:00:00+08:00 => 2024-03-06 14:00+08:00
            2024-03-06 14:00:00-05:30 => 2024-03-06 14:00-05:30
            2024-03-06 => 2024-03-06
            2024/3/6 => 2024-03-06
            2024.3.6 => 2024-03-06
            15:00 => 15:00
            24:00 => 24:00
            2024-3-6 2pm => 2024-03-06 14:00
            Wed 2024-03-06 (Wednesday) => `(Wednesday)` is no part of a date or time
            2024-03-06 (Wednesday) 9:30 AM => 2024-03-06 Wed 09:30
            2024-03-06 14:00 UTC => 2024-03-06 14:00+00:00
            2024-03-06 14:00 GMT+8 => 2024-03-06 14:00+08:00",
        );
    }

    #[test]
    fn reads_what_people_paste_from_announcements() {
        reads(
            "2024年3月6日（周三）14:00-15:00 => 2024-03-06 Wed 14:00 - 15:00
            2024/3/6（星期三）20:00 - 21:00 => 2024-03-06 Wed 20:00 - 21:00
            2024年3 月 6 日（周三）13：00 -17：30 => 2024-03-06 Wed 13:00 - 17:30
            ３月６日【下周三，明天】１４：００～１５：００ => 03-06 Wed 14:00 - 15:00
            3 月 6 号（下周三）晚上 19 点 => 03-06 Wed 19:00
            3 月 6 日，礼拜三晚 7 点半 => 03-06 Wed 19:30
            3 月 6 日（周三晚）7 点 15 分 => 03-06 Wed 19:15
            3月6日下午 14 点 => 03-06 14:00
            2024-03-06 北京时间 14:00至15:00 => 2024-03-06 14:00+08:00 - 15:00+08:00
            2024-03-06 14:00-15:00（北京时间） => 2024-03-06 14:00+08:00 - 15:00+08:00
            2024-03-06 09:00 ~ 03-07 17:00 => 2024-03-06 09:00 - 03-07 17:00
            2024.3.6—3.8 => 2024-03-06 - 03-08
            2024 年 3 月 6 日-2024 年 4 月 1 日 => 2024-03-06 - 2024-04-01
            3 月 6 日-7 日 => 03-06 - 03-07
            2024年3月6-7日 => 2024-03-06 - 2024-03-07",
        );
    }

    #[test]
    fn reads_the_parts_of_the_day() {
        reads(
            "晚 7 点 => 19:00
            傍晚 6 点 => 18:00
            中午 12 点 => 12:00
            中午 1 点 => 13:00
            上午 12 点 => 12:00
            凌晨 0:30 => 00:30
            晚 12 点 => 24:00
            12:30pm => 12:30
            晚 7-9 点 => 19:00 - 21:00
            晚 10 点-1 点 => 22:00 - 01:00
            下午 14:00-05:00 => 14:00 - 05:00
            2-4pm => 14:00 - 16:00
            11:00-1:30 pm => 11:00 - 13:30
            10 点-下午 4 点 => 10:00 - 16:00
            晚 1 点 => `晚 1 点` is not clear about the hour
            上午 14 点 => `上午 14 点` is not clear about the hour
            12 am => `12 am` is not clear about the hour
            3 月 6 日晚 => `晚` stands without an hour
            晚 2024-03-06 7:00-05:00 => `晚` stands without an hour",
        );
    }

    #[test]
    fn tells_an_offset_from_the_end_of_a_range() {
        reads(
            "2024-03-06 09:00-11:00 => 2024-03-06 09:00 - 11:00
            2024-03-06 09:00:00-11:00:00 => 2024-03-06 09:00 - 11:00
            2024-03-06T09:00 -11:00 => 2024-03-06 09:00 - 11:00
            2024-03-06T14:00-15:00 => 2024-03-06 14:00 - 15:00
            2024-03-06T09:00-0500 => 2024-03-06 09:00-05:00
            2024-03-06 09:00 UTC-5 => 2024-03-06 09:00-05:00
            2024-03-06T09:00-11:00 => `-11:00` may be an end or a UTC offset
            2024-03-06 09:00+15:00 => no place is `+15:00` from UTC
            2024-03-02 Sat 09:00-11:00 => 2024-03-02 Sat 09:00 - 11:00
            2024-03-06 北京时间 => `北京时间` stands without a clock",
        );
    }

    #[test]
    fn refuses_what_is_on_no_calendar_and_no_clock() {
        reads(
            "2023-02-30 => there is no such date as `2023-02-30`
            2023-02-29 14:00 => there is no such date as `2023-02-29`
            2月30日 => there is no such date as `2月30日`
            2月29日 => 02-29
            1969-12-31 => the year `1969` is outside 1970-2199
            2200-01-01 => the year `2200` is outside 1970-2199
            14:60 => no clock shows `14:60`
            24:01 => no clock shows `24:01`
            14:00:60 => no clock shows `14:00:60`
            （周三 => `（周三` is no date or time
            （14:00 => `（` is not closed
            周三 => `周三` is no date or time",
        );
    }

    #[test]
    fn points_at_the_part_and_proposes_what_was_meant() {
        let table = "31/05/2024 => 31/05/2024 => write `2024-05-31`
            5/6/2024 2pm => 5/6/2024 2pm => write `2024-05-06 2pm` or `2024-06-05 2pm`
            May 31st, 2024 14:00 => May 31st, 2024 14:00 => write `2024-05-31 14:00`
            24年5月31日 => 24年5月31日 => write `2024-05-31`
            2024-31-05 => 2024-31-05 => write `2024-05-31`: the month stands before the day
            2023-02-29 => 2023-02-29 => 2023-02 has 28 days
            20240531T140000 => 20240531T140000 => write `2024-05-31 14:00`
            1717135200 => 1717135200 => write `2024-05-31T06:00:00Z`
            2024-05-31 14.30 => 14.30 => write `2024-05-31 14:30`
            2024-05-31 1400 => 1400 => write `2024-05-31 14:00`
            2024-05-31 14:00 - 16 => 16 => write `2024-05-31 14:00 - 16:00`
            2024-05-31 14:00 CST => CST => say it with a key of its own, `timezone: Asia/Shanghai`
            2024-05-31 14:00 (JST) => (JST) => if it is a zone, it has a key of its own, like `timezone: Europe/Berlin`
            2024-05-31T14:00:00.5Z => .5Z => leave the fraction of the second out
            明天 14:00 => 明天 14:00 => write the date itself, like `2023-05-31 14:00`
            待定 => 待定 => leave `start` out until the time is known: the event is then a draft";
        for line in table.lines().map(str::trim) {
            let [text, part, hint] = *line.split(" => ").collect::<Vec<_>>() else {
                panic!("{line}");
            };
            let fault = read_time(text).expect_err(text);
            assert_eq!(&text[fault.span], part, "{text}");
            assert_eq!(fault.complaint.hint.as_deref(), Some(hint), "{text}");
        }
    }

    #[test]
    fn knows_the_bytes_of_each_part() {
        let text = " 2024年3月6日（周三）晚 7 点 - 21:00 UTC+8";
        let WrittenTime { start, end } = read_time(text).expect(text);
        let end = end.expect("a range");
        assert_eq!(&text[start.span], "2024年3月6日（周三）晚 7 点");
        assert_eq!(&text[start.date.expect("a date").span], "2024年3月6日");
        assert_eq!(&text[start.weekday.expect("a weekday").span], "周三");
        assert_eq!(&text[start.clock.expect("a clock").span], "晚 7 点");
        assert_eq!(&text[end.offset.expect("an offset").span], "UTC+8");
        assert_eq!(&text[end.span], "21:00 UTC+8");
    }

    #[test]
    fn quotes_on_one_short_line() {
        assert_eq!(quote("14:00\r\nX"), "14:00  X");
        assert_eq!(quote(&"时".repeat(999)), "时".repeat(60) + "…");
    }

    /// Writes a moment in every form of it.
    fn forms(at: NaiveDateTime) -> Vec<String> {
        let weekday = ["一", "二", "三", "四", "五", "六", "日"]
            [at.weekday().num_days_from_monday() as usize];
        let part = match at.hour() {
            0..=11 => "上午",
            12..=16 => "下午",
            _ => "晚上",
        };
        let hour = if at.hour() > 12 {
            at.hour() - 12
        } else {
            at.hour()
        };
        let mut forms = vec![
            format!(
                "{}（周{weekday}）{}",
                at.format("%Y年%-m月%-d日"),
                at.format("%H：%M")
            ),
            format!(
                "{}下周{weekday}{part} {hour} 点 {} 分",
                at.format("%Y 年 %m 月 %d 号，"),
                at.minute()
            ),
            format!(
                "{}【星期{weekday}】{part}{hour}:{:02}",
                at.format("%Y/%m/%d"),
                at.minute()
            ),
        ];
        for form in [
            "%Y-%m-%d %H:%M",
            "%Y-%m-%dT%H:%M:%S",
            "%Y/%-m/%-d %-H:%M",
            "%Y.%m.%d %H:%M",
            "%a %Y-%m-%d, %H:%M",
            "%Y-%-m-%-d %H时%M",
        ] {
            forms.push(at.format(form).to_string());
        }
        if at.hour() > 0 {
            forms.push(format!(
                "{} {hour}:{:02} {}",
                at.format("%Y-%m-%d"),
                at.minute(),
                at.format("%p")
            ));
        }
        forms
    }

    /// Any minute that leaves room for a range before the last year ends.
    fn moments() -> impl Strategy<Value = NaiveDateTime> {
        (0..120_900_000_i64)
            .prop_map(|minutes| DateTime::UNIX_EPOCH.naive_utc() + TimeDelta::minutes(minutes))
    }

    fn full_width(text: &str) -> String {
        let wide = |c: char| char::from_u32(u32::from(c) + 0xfee0).filter(|_| c.is_ascii_graphic());
        text.chars().map(|c| wide(c).unwrap_or(c)).collect()
    }

    /// Puts a blank between all tokens.
    fn spaced(text: &str, blank: &str) -> String {
        let pieces: Vec<&str> = tokenise(text)
            .1
            .into_iter()
            .map(|span| &text[span])
            .collect();
        pieces.join(blank)
    }

    fn check(text: &str) {
        if let Err(TimeFault { span, complaint }) = read_time(text) {
            assert!(
                text.get(span).is_some(),
                "{text:?} is cut inside a character"
            );
            assert!(complaint.hint.is_some(), "{text:?} has no way out");
            assert!(
                !complaint.message.ends_with('.') && !complaint.message.contains('\n'),
                "{text:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn reads_every_moment_in_every_form(at in moments(), blank in prop::sample::select(vec![" ", "\u{a0}", "\u{200b}", "\u{3000}"])) {
            for form in forms(at) {
                for text in [form.clone(), full_width(&form), spaced(&form, blank)] {
                    let time = read_time(&text).expect(&text);
                    let date = time.start.date.expect("a date").value;
                    let date = date.in_year(date.year.expect("a year")).expect("a real date");
                    prop_assert_eq!(time.start.clock.expect("a clock").value.on(date), at, "{}", text);
                    prop_assert!(time.start.weekday.is_none_or(|weekday| weekday.value == at.weekday()));
                    prop_assert_eq!(time.end, None);
                }
            }
        }

        #[test]
        fn reads_every_range(at in moments(), minutes in 1..40_000_i64, between in prop::sample::select(vec!["-", " – ", "~", "至", " to "])) {
            let end = at + TimeDelta::minutes(minutes);
            for form in ["%Y-%m-%d %H:%M", "%Y年%-m月%-d日%H：%M", "%m/%d %H:%M", "%H点%M分"] {
                let text = format!("{}{between}{}", at.format(form), end.format(form));
                let time = read_time(&text).expect(&text);
                for (moment, at) in [(time.start, at), (time.end.expect("a range"), end)] {
                    let clock = moment.clock.expect("a clock").value;
                    prop_assert_eq!(clock.on(at.date()), at, "{}", &text);
                    let date = moment.date.map(|date| date.value.in_year(at.year()));
                    prop_assert!(date.is_none_or(|date| date == Some(at.date())));
                }
            }
        }

        #[test]
        fn reads_every_offset(at in moments(), quarters in -48..=56_i32) {
            let offset = FixedOffset::east_opt(quarters * 900).expect("an offset");
            for text in [format!("{}{offset}", at.format("%Y-%m-%dT%H:%M:%S")), format!("{} (UTC{offset})", at.format("%Y/%m/%d %H:%M"))] {
                let start = read_time(&text).expect(&text).start;
                prop_assert_eq!(start.offset.expect("an offset").value, offset, "{}", text);
            }
        }

        #[test]
        fn survives_any_text(text in any::<String>()) {
            check(&text);
        }

        #[test]
        fn survives_any_mixture_of_its_own_words(words in prop::collection::vec(prop::sample::select(vec![
            "2024", "5", "31", "05", "20240531", "1717135200", "9999999999", "年", "月", "日", "号", "点", "半", "分", "-", "/", ".",
            ":", "：", "~", "至", "+", "(", "）", ",", "，", " ", "\u{3000}", "T", "Z", "UTC", "CST", "am", "pm", "晚", "凌晨", "下午",
            "周三", "下周", "Wed", "May", "th", "明天", "北京时间", "待定", "é", "0", "00", "24", "12",
        ]), 0..12)) {
            check(&words.concat());
        }
    }
}
