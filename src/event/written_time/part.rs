//! The parts of a moment: its date, its clock and its offset from UTC.
//!
//! Flows in: a reader that stands before a part. Flows out: a moment that has it, or a fault when there is no
//! such date, clock or offset.

use super::form::{BARE_HOURS, CLOCKS, DATES, Fit, NO_SHORT_DATES, OFFSETS};
use super::grammar::{Fault, HalfDay, Reader, wrong};
use super::token::Token::{self, AmPm, Mark, Number, Utc, Word};
use super::{TimeFault, Written, WrittenClock, WrittenDate, WrittenMoment, YEARS, quote};
use crate::diagnostic::{Code, Complaint};
use crate::source::Span;
use chrono::{Datelike, FixedOffset, Month, NaiveDate, TimeDelta};

impl Reader<'_> {
    /// Reads a date; the end of a range may name the day alone.
    pub(super) fn date(
        &mut self,
        moment: &mut WrittenMoment,
        start_date: Option<&Written<WrittenDate>>,
    ) -> Result<bool, Fault> {
        if moment.date.is_some() || moment.clock.is_some() || self.day_part.is_some() {
            return Ok(false);
        }
        let shorter = match start_date {
            None => &[][..],
            Some(start) if self.text[start.span.clone()].contains('.') => &["M.D", "D日"],
            Some(_) => &["D日"],
        };
        let rest = self.rest();
        let Some(fit) = Fit::first(DATES, rest).or_else(|| Fit::first(shorter, rest)) else {
            let Some((value, taken)) = english_date(rest) else {
                return Ok(false);
            };
            let span = self.take(taken);
            self.check_date(value, &span)?;
            moment.date = Some(Written { value, span });
            return Ok(true);
        };
        let is_range = rest.get(3) == Some(&Mark('-')) && rest.get(5) == Some(&Mark('-'));
        if ["M-D", "M/D"].contains(&fit.form)
            && !is_range
            && Fit::first(NO_SHORT_DATES, rest).is_some()
        {
            return Ok(false);
        }
        let start = start_date.filter(|_| fit.form == "D日");
        let start = start.map(|start| start.value);
        let year = fit.of('Y').map(u32::cast_signed);
        let month = fit.of('M').or(start.map(|start| start.month));
        let value = WrittenDate {
            year: year.or(start.and_then(|start| start.year)),
            month: month.unwrap_or_default(),
            day: fit.of('D').unwrap_or_default(),
        };
        let span = self.take(fit.tokens());
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
        let month = NaiveDate::from_ymd_opt(year, date.month, 1);
        let days = month.map(|first| first.num_days_in_month());
        let swapped = NaiveDate::from_ymd_opt(year, date.day, date.month);
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
    pub(super) fn clock(&mut self, moment: &mut WrittenMoment) -> Result<bool, Fault> {
        if moment.clock.is_some() {
            return Ok(false);
        }
        let whole = Fit::first(CLOCKS, self.rest()).map(|fit| (fit.tokens(), fit));
        let bare = || Some((1, Fit::first(BARE_HOURS, self.rest())?));
        let Some((taken, fit)) = whole.or_else(bare) else {
            return Ok(false);
        };
        let mut span = self.take(taken);
        let prefix = self.day_part.take();
        let suffix = match *self.rest() {
            [AmPm(from, to), ..] if prefix.is_none() => self.take_as((from, to)),
            _ => None,
        };
        let by_suffix = suffix.is_some();
        let part = prefix.or(suffix).map(|part| {
            span = span.start.min(part.span.start)..span.end.max(part.span.end);
            part.value
        });
        let said = fit.of('h').unwrap_or_default();
        let Some(hour) = hour_of_day(part, said) else {
            let message = format!("`{}` is not clear about the hour", self.quote(&span));
            let hint = "write it on the 24-hour clock, like `09:00` or `21:00`";
            return Err(wrong(span, message, hint));
        };
        let half_hour = if fit.form.ends_with('半') { 30 } else { 0 };
        let minute = fit.of('m').unwrap_or(half_hour);
        let second = fit.of('s').unwrap_or_default();
        let seconds = (hour * 60 + minute) * 60 + second;
        if minute > 59 || second > 59 || seconds > 24 * 60 * 60 {
            let message = format!("no clock shows `{}`", self.quote(&span));
            return Err(wrong(span, message, "clocks go from `00:00` to `23:59`"));
        }
        self.half_days.push(match part {
            None => HalfDay::Unsaid,
            Some(_) if hour < 12 || said > 12 => HalfDay::First,
            Some(_) if by_suffix => HalfDay::SecondBySuffix,
            Some(_) => HalfDay::SecondByPrefix,
        });
        let since_midnight = TimeDelta::seconds(seconds.into());
        let value = WrittenClock { since_midnight };
        moment.clock = Some(Written { value, span });
        Ok(true)
    }

    /// Reads `Z`, `+08:00`, `-0500`, `UTC`, `UTC+8`.
    pub(super) fn offset(&mut self, moment: &mut WrittenMoment) -> Result<bool, Fault> {
        if moment.clock.is_none() || moment.offset.is_some() {
            return Ok(false);
        }
        let name = usize::from(self.rest().first() == Some(&Utc));
        let mut fit = Fit::first(OFFSETS, &self.rest()[name..]);
        if let Some(west) = &fit
            && west.form.starts_with('-')
            && !self.leads_west(moment, west, self.at + name)?
        {
            fit = None;
        }
        let taken = match (&fit, self.rest()) {
            (Some(fit), _) => name + fit.tokens(),
            (None, [Utc | Mark('z'), ..]) => 1,
            _ => return Ok(false),
        };
        let span = self.take(taken);
        let number = |letter| fit.as_ref().and_then(|fit| fit.of(letter)).unwrap_or(0);
        let east = (number('h') * 60 + number('m')).cast_signed();
        let is_west = fit.as_ref().is_some_and(|fit| fit.form.starts_with('-'));
        let minutes = if is_west { -east } else { east };
        if number('m') > 59 || !(-12 * 60..=14 * 60).contains(&minutes) {
            let message = format!("no place is `{}` from UTC", self.quote(&span));
            return Err(wrong(span, message, "offsets go from `-12:00` to `+14:00`"));
        }
        moment.offset = FixedOffset::east_opt(minutes * 60).map(|value| Written { value, span });
        Ok(true)
    }

    /// Tells the `-` of a UTC offset from the one that leads to the end of a range.
    fn leads_west(&self, moment: &WrittenMoment, offset: &Fit, sign: usize) -> Result<bool, Fault> {
        let touches = |token: usize| self.spans[token - 1].end == self.spans[token].start;
        if !touches(sign) || !touches(sign + 1) || offset.of('h') > Some(12) {
            return Ok(false);
        }
        if sign > self.at || offset.form == "-H" {
            return Ok(true);
        }
        let follows = |form: &'static str| {
            let first = sign.checked_sub(form.chars().count());
            first.is_some_and(|first| Fit::one(form, &self.tokens[first..]).is_some())
        };
        let is_iso = |date: &Written<_>| self.text[date.span.clone()].contains('-');
        let is_longer = self.tokens.get(sign + 4) == Some(&Mark(':'));
        if offset.form != "-h:m" || is_longer || !moment.date.as_ref().is_some_and(is_iso) {
            return Ok(false);
        }
        let has_seconds = follows(":m:s") || follows(":m:s.0");
        if has_seconds || !follows("th:m") {
            return Ok(has_seconds);
        }
        let end = self.spans[sign].start..self.spans[sign + 3].end;
        let (start, west) = (quote(self.text[..end.start].trim()), self.quote(&end));
        let message = format!("`{west}` may be an end or a UTC offset");
        let clock = west.trim_start_matches('-');
        let hint =
            format!("write `{start} - {clock}` for an end, `{start}:00{west}` for an offset");
        Err(wrong(end, message, hint))
    }
}

/// Reads `May 31, 2023`, `31st of May 2023` and `24 June`; gives the date and the count of its tokens.
fn english_date(tokens: &[Token]) -> Option<(WrittenDate, usize)> {
    let (mut year, mut month, mut day) = (None, None, None);
    let mut taken = 0;
    for (index, token) in tokens.iter().enumerate() {
        let is_begun = month.is_some() || day.is_some();
        match token {
            Number(number, 1..=2) if day.is_none() => day = Some(*number),
            // `May 31, 2023`: the year stands last.
            Number(number, 4) if month.is_some() && day.is_some() => year = Some(*number),
            Mark(',') if is_begun => continue,
            Word(word) if is_begun && ORDINALS.contains(&word.as_str()) => {}
            Word(word) if month.is_none() => month = Some(word.parse::<Month>().ok()?),
            _ => break,
        }
        taken = index + 1;
        if year.is_some() {
            break;
        }
    }
    let date = WrittenDate {
        year: year.map(u32::cast_signed),
        month: month?.number_from_month(),
        day: day?,
    };
    Some((date, taken))
}

/// What stands around the day of an English date.
const ORDINALS: [&str; 5] = ["st", "nd", "rd", "th", "of"];

/// Reads an hour on the 24-hour clock; `None` when the part of the day leaves it open.
///
/// 晚 1 点 is the next day's, 凌晨 12 点 either midnight, and `12 am` noon to some.
fn hour_of_day(part: Option<(u32, u32)>, said: u32) -> Option<u32> {
    let Some((first, last)) = part.filter(|_| said <= 24) else {
        return Some(said);
    };
    let is_in = |hour: &u32| (first..=last).contains(hour);
    let later = (1..=12).contains(&said).then_some(said + 12);
    Some(said).filter(is_in).or(later.filter(is_in))
}
