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
const LONGEST_QUOTE: usize = 40;

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

static WORDS: &[(&str, Token)] = &[
    ("北京时间", Beijing),
    ("凌晨", Part(DayPart::Night)),
    ("早上", Part(DayPart::Morning)),
    ("早晨", Part(DayPart::Morning)),
    ("早", Part(DayPart::Morning)),
    ("上午", Part(DayPart::Morning)),
    ("中午", Part(DayPart::Noon)),
    ("下午", Part(DayPart::Afternoon)),
    ("午后", Part(DayPart::Afternoon)),
    ("傍晚", Part(DayPart::Afternoon)),
    ("今晚", Part(DayPart::Evening)),
    ("明晚", Part(DayPart::Evening)),
    ("当晚", Part(DayPart::Evening)),
    ("晚上", Part(DayPart::Evening)),
    ("晚间", Part(DayPart::Evening)),
    ("晚", Part(DayPart::Evening)),
    ("今天", Remark),
    ("今日", Remark),
    ("明天", Remark),
    ("明日", Remark),
    ("后天", Remark),
    ("昨天", Remark),
];

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
        } else if let Some((weekday, bytes)) = chinese_weekday(rest) {
            (Token::Day(weekday), bytes)
        } else if let Some((word, token)) = WORDS.iter().find(|(word, _)| rest.starts_with(word)) {
            (token.clone(), word.len())
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

fn chinese_weekday(text: &str) -> Option<(Weekday, usize)> {
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
    Some((weekday, text.len() - day.len() + name.len_utf8()))
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
}

struct Reader<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    spans: Vec<Span>,
    at: usize,
    open_brackets: usize,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        let (tokens, spans) = tokenise(text);
        Reader {
            text,
            tokens,
            spans,
            at: 0,
            open_brackets: 0,
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
                ('Y' | 'H', Number(number, 4))
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

    /// Gives a piece of the text as a message can carry it.
    fn quote(&self, span: &Span) -> String {
        let piece = self.text[span.clone()].chars().take(LONGEST_QUOTE);
        piece
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect()
    }

    /// time = moment [("-" | "~") moment]
    fn time(&mut self) -> Result<WrittenTime, Fault> {
        let mut start = self.moment(None)?;
        let mut end = None;
        if let [Mark('-' | '~'), ..] = self.rest() {
            self.at += 1;
            end = Some(self.moment(Some(&start))?);
        }
        if self.at < self.tokens.len() || self.open_brackets > 0 {
            return Err(Fault::Unread);
        }
        if let Some(end) = &mut end {
            share(&mut start, end);
        }
        Ok(WrittenTime { start, end })
    }

    /// moment = date | [date ["T"]] [part of the day] clock [offset],
    /// with brackets, commas, a weekday and 北京时间 wherever people put them
    fn moment(&mut self, start: Option<&WrittenMoment>) -> Result<WrittenMoment, Fault> {
        let mut moment = WrittenMoment::default();
        let mut part = None;
        let first = self.at;
        loop {
            let timed = moment.clock.is_some();
            match *self.rest() {
                [Mark('('), ..] => {
                    self.at += 1;
                    self.open_brackets += 1;
                }
                [Mark(')'), ..] if self.open_brackets > 0 => {
                    self.at += 1;
                    self.open_brackets -= 1;
                }
                [Remark, ..] if self.open_brackets > 0 => self.at += 1,
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
                    let has_read = match timed {
                        true => self.offset(&mut moment)?,
                        false => {
                            self.date(&mut moment, start)?
                                || self.clock(&mut moment, part.as_ref())?
                        }
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
            (None, None, ..) => Err(Fault::Unread),
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
        let is_hours = matches!(
            self.rest().get(taken),
            Some(Mark('点' | ':') | Part(DayPart::Am | DayPart::Pm))
        );
        if form == "M-D" && is_hours {
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
        let days = Month::try_from(date.month as u8)
            .ok()
            .and_then(|month| month.num_days(year));
        let hint = match (days, date.year) {
            (None, _) => "the month stands before the day, and is 1 to 12".to_owned(),
            (Some(days), Some(year)) => format!("{year}-{:02} has {days} days", date.month),
            (Some(days), None) => format!("month {} has {days} days at most", date.month),
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
            let message = format!("`{}` leaves the hour open", self.quote(&span));
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
        let has_t = self.text[date.span.end..clock.span.start].contains(['t', 'T']);
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
        let span = self.spans.get(self.at).unwrap_or(last).start..last.end;
        let whose = if self.at == 0 { "no" } else { "no part of a" };
        let message = format!("`{}` is {whose} date or time", self.quote(&span));
        let complaint = Complaint::new(Code::BadTime, message).hint(self.way_out(&span));
        TimeFault { span, complaint }
    }

    /// Proposes what was probably meant, after trying it.
    fn way_out(&self, unread: &Span) -> String {
        let mut readable = Vec::new();
        for (form, taken) in self.likely_forms() {
            let behind = &self.text[self.spans[self.at + taken - 1].end..];
            let text = format!("{}{form}{behind}", &self.text[..unread.start]);
            if Reader::new(&text).time().is_ok() {
                readable.push(format!("`{}`", text.trim()));
            }
        }
        readable.dedup();
        if !readable.is_empty() {
            return format!("write {}", readable.join(" or "));
        }
        let says = |words: &[&str]| {
            let latin =
                |token: &Token| matches!(token, Word(word) if words.contains(&word.as_str()));
            let chinese =
                |word: &&str| !word.is_ascii() && self.text[unread.clone()].contains(*word);
            self.rest().iter().any(latin) || words.iter().any(chinese)
        };
        let has_clock = self.tokens[..self.at].contains(&Mark(':'));
        let hint = if self.at == self.tokens.len() && self.open_brackets > 0 {
            "close the bracket"
        } else if says(&[
            "tbd",
            "tba",
            "tbc",
            "unknown",
            "待定",
            "未定",
            "暂定",
            "待通知",
        ]) {
            "leave `start` out until the time is known: the event is then a draft"
        } else if says(&["cst", "bjt", "beijing", "china", "shanghai", "北京", "中国"]) {
            "say it with a key of its own, `timezone: Asia/Shanghai`"
        } else if has_clock && matches!(self.rest(), [Word(_)] | [Word(_), Mark('/'), ..]) {
            "if it is a zone, it has a key of its own, like `timezone: Europe/Berlin`"
        } else if has_clock && matches!(self.rest(), [Mark('.'), Number(..), ..]) {
            "leave the fraction of the second out"
        } else if says(&[
            "today", "tomorrow", "tonight", "next", "今", "明", "后天", "下", "本",
        ]) {
            "write the date itself, like `2023-05-31 14:00`"
        } else {
            "write it like `2023-05-31 14:00`, `2023-05-31 14:00-15:00` or, for whole days, `2023-05-31`"
        };
        hint.to_owned()
    }

    /// Gives the forms that the next tokens may stand for, each with the count of those tokens.
    fn likely_forms(&self) -> Vec<(String, usize)> {
        let date = |year, month, day| format!("{year:04}-{month:02}-{day:02}");
        let digits = |number: u32| date(number / 10_000, number / 100 % 100, number % 100);
        let clock = |hour, minute| format!("{hour:02}:{minute:02}");
        const ORDERS: &[&str] = &[
            "M/D/Y",
            "D/M/Y",
            "y年M月D日",
            "y年M月D",
            "y-M-D",
            "y/M/D",
            "y.M.D",
        ];
        const ENDS: &[&str] = &["M-D-Y", "D-M-Y", "D.M.Y"];
        let mut forms = Vec::new();
        for form in ORDERS.iter().chain(ENDS) {
            if let Some(numbers) = self.fit(self.at, form) {
                let [short, year, month, day] =
                    ['y', 'Y', 'M', 'D'].map(|letter| numbers.of(letter));
                let year = year.or(short.map(|year| 2000 + year)).unwrap_or_default();
                let text = date(year, month.unwrap_or_default(), day.unwrap_or_default());
                forms.push((text, form.chars().count()));
            }
        }
        match *self.rest() {
            [Number(d, 8), Mark('t'), Number(c, 4), ..] => {
                forms.push((format!("{} {}", digits(d), clock(c / 100, c % 100)), 3));
            }
            [Number(d, 8), Mark('t'), Number(c, 6), ..] => {
                forms.push((
                    format!("{} {}", digits(d), clock(c / 10_000, c / 100 % 100)),
                    3,
                ));
            }
            [Number(d, 8), ..] => forms.push((digits(d), 1)),
            [Number(seconds, 10)] => {
                let at = DateTime::from_timestamp(seconds.into(), 0);
                forms.extend(at.map(|at| (at.format("%Y-%m-%dT%H:%M:%SZ").to_string(), 1)));
            }
            [Number(y, 4)] if self.at == 0 && YEARS.contains(&y.cast_signed()) => {}
            [Number(c, 4), ..] => forms.push((clock(c / 100, c % 100), 1)),
            [Number(h, 1..=2), Mark('.'), Number(m, 2), ..] => forms.push((clock(h, m), 3)),
            [Number(h, 1..=2)] => forms.push((clock(h, 0), 1)),
            _ => forms
                .extend(english_date(self.rest()).map(|(y, m, d, taken)| (date(y, m, d), taken))),
        }
        forms
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

/// Reads `May 31, 2023` and `31st of May 2023`.
fn english_date(tokens: &[Token]) -> Option<(u32, u32, u32, usize)> {
    let (mut year, mut month, mut day) = (None, None, None);
    for (index, token) in tokens.iter().enumerate() {
        match token {
            Number(number, 1..=2) if day.is_none() => day = Some(*number),
            Number(number, 4) if year.is_none() => year = Some(*number),
            Mark(',') => {}
            Word(word) if ["st", "nd", "rd", "th", "of"].contains(&word.as_str()) => {}
            Word(word) if month.is_none() => {
                month = Some(word.parse::<Month>().ok()?.number_from_month())
            }
            _ => return None,
        }
        if let (Some(year), Some(month), Some(day)) = (year, month, day) {
            return Some((year, month, day, index + 1));
        }
    }
    None
}
