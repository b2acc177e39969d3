//! Ways out: what a text that cannot be read was probably meant to be.
//!
//! Flows in: a reader that stands before the first token that fits nowhere. Flows out: a complaint about it
//! and all that stands behind it. Whatever is proposed has been read first.

use super::form::{Fit, LIKELY};
use super::grammar::Reader;
use super::token::Token::{Day, Mark, Number, Word};
use super::{TimeFault, YEARS, quote};
use crate::diagnostic::{Code, Complaint};
use chrono::DateTime;

impl Reader<'_> {
    /// Complains about the next token and all that stands behind it.
    pub(super) fn unread(&self) -> TimeFault {
        let Some(last) = self.spans.last() else {
            let complaint = Complaint::new(Code::BadTime, "there is no time here")
                .hint("write one like `2023-05-31 14:00`, or leave the key out");
            let span = 0..self.text.len();
            return TimeFault { span, complaint };
        };
        let first = match self.tokens[..self.at] {
            [.., Mark('(')] => self.at - 1,
            _ => self.at.min(self.spans.len() - 1),
        };
        let span = self.spans[first].start..last.end;
        let whose = if first == 0 { "no" } else { "no part of a" };
        let message = format!("`{}` is {whose} date or time", self.quote(&span));
        let hint = match self.readable_meanings() {
            meanings if meanings.is_empty() => self.advice(&self.text[span.clone()]).to_owned(),
            meanings => format!("write {}", meanings.join(" or ")),
        };
        let complaint = Complaint::new(Code::BadTime, message).hint(hint);
        TimeFault { span, complaint }
    }

    /// Gives the whole text with what was probably meant, where that can be read; the longest meaning counts.
    fn readable_meanings(&self) -> Vec<String> {
        let mut readable = Vec::new();
        let mut longest = 0;
        for (meaning, taken) in self.likely_meanings() {
            let before = &self.text[..self.spans[self.at].start];
            let behind = &self.text[self.spans[self.at + taken - 1].end..];
            let text = format!("{before}{meaning}{behind}");
            if taken >= longest && Reader::new(&text).time().is_ok() {
                longest = taken;
                readable.push(format!("`{}`", quote(text.trim())));
            }
        }
        readable.dedup();
        readable
    }

    /// Gives what the next tokens may stand for, with the count of those tokens; the longer first.
    fn likely_meanings(&self) -> Vec<(String, usize)> {
        match *self.rest() {
            [Number(year, 4)] if self.at == 0 && YEARS.contains(&year.cast_signed()) => Vec::new(),
            [Number(_, 10 | 13)] => {
                // An epoch, in seconds or in milliseconds.
                let seconds = self.text[self.spans[self.at].clone()].get(..10);
                let at =
                    seconds.and_then(|seconds| DateTime::from_timestamp(seconds.parse().ok()?, 0));
                let written = at.map(|at| (at.format("%Y-%m-%dT%H:%M:%SZ").to_string(), 1));
                written.into_iter().collect()
            }
            _ => {
                let fits = Fit::all(LIKELY, self.rest()).map(|fit| (as_time(&fit), fit.tokens()));
                fits.collect()
            }
        }
    }

    /// Says what helps when nothing can be proposed.
    fn advice(&self, unread: &str) -> &'static str {
        let behind = unread.trim_start_matches(['(', '（']);
        let says = |words: &[&str]| {
            words.iter().any(|word| {
                self.rest().contains(&Word((*word).to_owned()))
                    || !word.is_ascii() && behind.starts_with(word)
            })
        };
        let is_draft =
            says(&["tbd", "tba", "tbc", "unknown", "未定", "暂定"]) || behind.contains("待");
        let is_china = says(&["cst", "bjt", "beijing", "china", "shanghai", "北京", "中国"]);
        let is_relative = says(&[
            "today", "tomorrow", "tonight", "next", "今", "明", "后", "下",
        ]) || self.rest().iter().any(|token| matches!(token, Day(_)));
        let has_clock = self.tokens[..self.at]
            .iter()
            .any(|token| matches!(token, Mark(':' | '点')));
        match self.rest() {
            _ if is_draft => {
                "leave the key out until the time is known; an event without `start` is a draft"
            }
            _ if is_china => "say it with a key of its own, `timezone: Asia/Shanghai`",
            [Word(_)] | [Word(_), Mark('/' | ')'), ..] if has_clock => {
                "if it is a zone, it has a key of its own, like `timezone: Europe/Berlin`"
            }
            [Mark('.'), Number(..), ..] if has_clock => "leave the fraction of the second out",
            _ if is_relative => "write the date itself, like `2023-05-31 14:00`",
            _ => {
                "write it like `2023-05-31 14:00`, `2023-05-31 14:00-15:00` or, for whole days, `2023-05-31`"
            }
        }
    }
}

/// Writes what fits as a date, a clock or both, in the form that is read.
fn as_time(fit: &Fit) -> String {
    let date = fit.of('Y').zip(fit.of('M')).zip(fit.of('D'));
    let date = date.map(|((year, month), day)| format!("{year:04}-{month:02}-{day:02}"));
    let minute = fit.of('m').unwrap_or_default();
    let clock = fit.of('h').map(|hour| format!("{hour:02}:{minute:02}"));
    let parts: Vec<String> = date.into_iter().chain(clock).collect();
    parts.join(" ")
}
