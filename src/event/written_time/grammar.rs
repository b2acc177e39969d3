//! The grammar: which tokens make a moment or a range.
//!
//! Flows in: tokens. Flows out: what they say, or a [`Fault`]. Deliberately absent: what was meant by tokens
//! that fit nowhere, which is `way_out`'s to guess.

use super::token::Token::{self, AmPm, Beijing, Day, Mark, Number, Part, Remark, Word};
use super::token::{DayParts, tokenise};
use super::{TimeFault, Written, WrittenDate, WrittenMoment, WrittenTime, quote};
use crate::diagnostic::{Code, Complaint};
use crate::source::Span;
use chrono::{FixedOffset, TimeDelta};

/// Why tokens are no time.
pub(super) enum Fault {
    /// The token that stands next fits nowhere.
    Unread,
    /// The tokens fit, but what they say cannot be.
    Wrong(TimeFault),
}

pub(super) fn wrong(span: Span, message: impl Into<String>, hint: impl Into<String>) -> Fault {
    let complaint = Complaint::new(Code::BadTime, message).hint(hint);
    Fault::Wrong(TimeFault { span, complaint })
}

/// What was said about the half of the day; a range may say 晚 or pm once for both of its clocks.
#[derive(Clone, Copy)]
pub(super) enum HalfDay {
    Unsaid,
    First,
    SecondByPrefix,
    SecondBySuffix,
}

/// Reads the tokens of a text, from the first to the last.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: Vec<Token>,
    pub(super) spans: Vec<Span>,
    /// The token that stands next.
    pub(super) at: usize,
    open_brackets: Vec<Span>,
    /// The part of the day that waits for its clock.
    pub(super) day_part: Option<Written<(u32, u32)>>,
    /// One for each clock.
    pub(super) half_days: Vec<HalfDay>,
}

impl<'a> Reader<'a> {
    /// Stands before the first token of a text.
    pub(super) fn new(text: &'a str) -> Self {
        Reader::with(text, &DayParts::default())
    }

    /// The same, with more words for parts of the day.
    pub(super) fn with(text: &'a str, day_parts: &DayParts) -> Self {
        let (tokens, spans) = tokenise(text, day_parts);
        Reader {
            text,
            tokens,
            spans,
            at: 0,
            open_brackets: Vec::new(),
            day_part: None,
            half_days: Vec::new(),
        }
    }

    /// The tokens that are not read.
    pub(super) fn rest(&self) -> &[Token] {
        &self.tokens[self.at..]
    }

    pub(super) fn quote(&self, span: &Span) -> String {
        quote(&self.text[span.clone()])
    }

    /// The bytes from a token to the last that is read.
    fn since(&self, first: usize) -> Span {
        self.spans[first].start..self.spans[self.at - 1].end
    }

    /// Goes past the next tokens and gives their bytes.
    pub(super) fn take(&mut self, count: usize) -> Span {
        let first = self.at;
        self.at += count;
        self.since(first)
    }

    pub(super) fn take_as<T>(&mut self, value: T) -> Option<Written<T>> {
        let span = self.take(1);
        Some(Written { value, span })
    }

    /// `time = moment [("-" | "--" | "~") moment]`
    pub(super) fn time(&mut self) -> Result<WrittenTime, Fault> {
        let mut start = self.moment(None)?;
        let mut end = None;
        if let Some(taken) = self.range_mark() {
            self.at += taken;
            end = Some(self.moment(start.date.as_ref())?);
        }
        if !self.rest().is_empty() {
            return Err(Fault::Unread);
        }
        if let Some(bracket) = self.open_brackets.pop() {
            let message = format!("`{}` is not closed", self.quote(&bracket));
            let hint = "close the bracket, or leave it out";
            return Err(wrong(bracket, message, hint));
        }
        if let Some(end) = &mut end {
            share(&mut start, end, &self.half_days);
        }
        Ok(WrittenTime { start, end })
    }

    /// Reads the longest time that begins with the next token, whatever stands behind it.
    pub(super) fn time_among_words(&mut self) -> Option<WrittenTime> {
        self.half_days.clear();
        let mut start = self.moment_among_words(None)?;
        let behind = self.at;
        let mut end = None;
        if let Some(taken) = self.range_mark() {
            self.at += taken;
            end = self.moment_among_words(start.date.as_ref());
        }
        match &mut end {
            Some(end) => share(&mut start, end, &self.half_days),
            None => self.at = behind,
        }
        Some(WrittenTime { start, end })
    }

    /// Tells whether a time may begin with the next token; `v1.2` and `#12-30` hold none.
    pub(super) fn may_begin(&self) -> bool {
        let begins = matches!(
            self.rest(),
            [Number(..) | Day(_) | Part(..) | Beijing, ..] | [Word(_), Number(..), ..]
        );
        let before = &self.text[..self.spans[self.at].start];
        let glued = |c: char| c.is_ascii_alphanumeric() || "./-_#=&%+".contains(c);
        begins && !before.ends_with(glued)
    }

    /// Counts the tokens that lead from the start of a range to its end.
    fn range_mark(&self) -> Option<usize> {
        match self.rest() {
            [Mark('-'), Mark('-'), ..] => Some(2),
            [Mark('-' | '~'), ..] => Some(1),
            _ => None,
        }
    }

    /// `moment = date | [date ["T"]] [part of the day] clock [offset]`,
    /// with brackets, commas, a weekday and 北京时间 wherever people put them.
    fn moment(
        &mut self,
        start_date: Option<&Written<WrittenDate>>,
    ) -> Result<WrittenMoment, Fault> {
        let mut moment = WrittenMoment::default();
        let first = self.at;
        while self.step(&mut moment, first, start_date)? {}
        if let Some(part) = self.day_part.take() {
            let message = format!("`{}` stands without an hour", self.quote(&part.span));
            return Err(wrong(part.span, message, "write a clock, like `19:00`"));
        }
        if moment.date.is_none() && moment.clock.is_none() {
            // What has been gone past, such as a weekday, is no time by itself.
            if self.rest().is_empty() {
                self.at = first;
            }
            return Err(Fault::Unread);
        }
        if let (None, Some(offset)) = (&moment.clock, &moment.offset) {
            let message = format!("`{}` stands without a clock", self.quote(&offset.span));
            let hint = "leave it out: a whole day has no UTC offset";
            return Err(wrong(offset.span.clone(), message, hint));
        }
        moment.span = self.since(first);
        Ok(moment)
    }

    /// Reads a moment as far as it is whole: no open bracket, no part of the day without its clock.
    fn moment_among_words(
        &mut self,
        start_date: Option<&Written<WrittenDate>>,
    ) -> Option<WrittenMoment> {
        let first = self.at;
        let clocks = self.half_days.len();
        let mut moment = WrittenMoment::default();
        let mut whole = None;
        while let Ok(true) = self.step(&mut moment, first, start_date) {
            let is_time = moment.date.is_some() || moment.clock.is_some();
            let hangs = matches!(self.tokens[self.at - 1], Mark(',' | 't'));
            if is_time && !hangs && self.open_brackets.is_empty() && self.day_part.is_none() {
                whole = Some((self.at, moment.clone()));
            }
        }
        self.open_brackets.clear();
        self.day_part = None;
        let Some((at, mut moment)) = whole else {
            self.at = first;
            return None;
        };
        self.at = at;
        self.half_days
            .truncate(clocks + usize::from(moment.clock.is_some()));
        moment.span = self.since(first);
        Some(moment)
    }

    /// Reads the next part of a moment, or goes past what may stand beside it.
    fn step(
        &mut self,
        moment: &mut WrittenMoment,
        first: usize,
        start_date: Option<&Written<WrittenDate>>,
    ) -> Result<bool, Fault> {
        Ok(self.ornament(moment, first)
            || self.date(moment, start_date)?
            || self.clock(moment)?
            || self.offset(moment)?)
    }

    /// Goes past what may stand anywhere in a moment, or before its clock.
    fn ornament(&mut self, moment: &mut WrittenMoment, first: usize) -> bool {
        let timed = moment.clock.is_some();
        match *self.rest() {
            [Mark('('), ..] => {
                let span = self.take(1);
                self.open_brackets.push(span);
            }
            [Mark(')'), ..] if !self.open_brackets.is_empty() => {
                self.open_brackets.pop();
                self.at += 1;
            }
            [Remark, ..] if !self.open_brackets.is_empty() => self.at += 1,
            [Mark(','), _, ..] if self.at > first => self.at += 1,
            [Mark('t'), Number(..), ..] if moment.date.is_some() && !timed => self.at += 1,
            [Day(day), ..] if moment.weekday.is_none() => moment.weekday = self.take_as(day),
            [Part(from, to) | AmPm(from, to), ..] if !timed && self.day_part.is_none() => {
                self.day_part = self.take_as((from, to));
            }
            [Beijing, ..] if moment.offset.is_none() => {
                let span = self.take(1);
                moment.offset =
                    FixedOffset::east_opt(8 * 60 * 60).map(|value| Written { value, span });
            }
            _ => return false,
        }
        true
    }
}

/// Shares what a range says once for both of its ends: 晚 7 点-9 点, `2-4pm`, `14:00-15:00 UTC+8`.
fn share(start: &mut WrittenMoment, end: &mut WrittenMoment, half_days: &[HalfDay]) {
    if end.date.is_none() && start.weekday.is_none() {
        start.weekday = end.weekday.take();
    }
    let (Some(first), Some(last), &[first_half, last_half]) =
        (&mut start.clock, &mut end.clock, half_days)
    else {
        return;
    };
    start.offset = start.offset.take().or(end.offset.clone());
    end.offset = end.offset.take().or(start.offset.clone());
    if end.date.is_some() {
        return;
    }
    let half = TimeDelta::hours(12);
    let (first, last) = (
        &mut first.value.since_midnight,
        &mut last.value.since_midnight,
    );
    match (first_half, last_half) {
        (HalfDay::SecondByPrefix | HalfDay::SecondBySuffix, HalfDay::Unsaid)
            // 晚 9 点-12 点 ends at midnight.
            if *last <= half && *last + half > *first =>
        {
            *last += half;
        }
        (HalfDay::Unsaid, HalfDay::SecondBySuffix) if *first < half && *first + half < *last => {
            *first += half;
        }
        _ => {}
    }
}
