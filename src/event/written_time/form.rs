//! Forms: what a date, a clock or an offset looks like, one form a word.
//!
//! A letter stands for a number, anything else for itself: `Y` has four digits, `M`, `D` and `h` one or two,
//! `m` and `s` two, `n` is a minute of one or two. `H` is hour and minute in four digits. `a` is am or pm,
//! `0` a fraction of nothing. Only in what is [`LIKELY`] meant: `y` is a year of this century, `E` a date in
//! eight digits, `S` a clock in six.

use super::token::Token::{self, AmPm, Mark, Number};

/// The forms of a date.
pub(super) const DATES: &str = "Y年M月D日 Y年M月D Y-M-D Y/M/D Y.M.D M月D日 M月D M-D M/D";

/// What begins like `M-D` or `M/D`, but is hours or another date.
pub(super) const NO_SHORT_DATES: &str = "h-h点 h-h: h-ha M-D-Y M/D/Y y-M-D y/M/D";

/// The forms of a clock.
pub(super) const CLOCKS: &str = "h:m:s.0 h:m:s h:m h点n分 h点m h点半 h点整 h点钟 h点";

/// What lets an hour stand alone: `2pm`, and the first of `9-11 点` and `2-4pm`.
pub(super) const BARE_HOURS: &str = "ha h-h点 h~h点 h-ha h~ha";

/// The forms of a UTC offset.
pub(super) const OFFSETS: &str = "+h:m +H +h -h:m -H -h";

/// Forms that are not read, but may be meant; the longer first.
pub(super) const LIKELY: &str =
    "y年M月D日 M/D/Y D/M/Y M-D-Y D-M-Y D.M.Y y年M月D y-M-D y/M/D y.M.D EtH EtS h.m h:n E H h";

/// A form that tokens fit, with what they say.
pub(super) struct Fit {
    pub(super) form: &'static str,
    numbers: Vec<(char, u32)>,
}

impl Fit {
    /// Fits the first tokens to the first form that they have.
    pub(super) fn first(forms: &'static str, tokens: &[Token]) -> Option<Fit> {
        Fit::all(forms, tokens).next()
    }

    /// Fits the first tokens to all forms that they have.
    pub(super) fn all(forms: &'static str, tokens: &[Token]) -> impl Iterator<Item = Fit> {
        let forms = forms.split_whitespace();
        forms.filter_map(|form| Fit::one(form, tokens))
    }

    fn one(form: &'static str, tokens: &[Token]) -> Option<Fit> {
        let mut tokens = tokens.iter();
        let mut numbers = Vec::new();
        for letter in form.chars() {
            match (letter, tokens.next()?) {
                ('E', &Number(run, 8)) => {
                    numbers.extend([
                        ('Y', run / 10_000),
                        ('M', run / 100 % 100),
                        ('D', run % 100),
                    ]);
                }
                ('S', &Number(run, 6)) => {
                    numbers.extend([('h', run / 10_000), ('m', run / 100 % 100)]);
                }
                ('H', &Number(run, 4)) => numbers.extend([('h', run / 100), ('m', run % 100)]),
                ('y', &Number(year, 1..=2)) => numbers.push(('Y', 2000 + year)),
                ('n', &Number(minute, 1..=2)) => numbers.push(('m', minute)),
                ('Y', &Number(number, 4))
                | ('M' | 'D' | 'h', &Number(number, 1..=2))
                | ('m' | 's', &Number(number, 2)) => numbers.push((letter, number)),
                ('0', Number(0, _)) | ('a', AmPm(..)) => {}
                (mark, Mark(other)) if mark == *other => {}
                _ => return None,
            }
        }
        Some(Fit { form, numbers })
    }

    /// Gives the number that a letter stands for.
    pub(super) fn of(&self, letter: char) -> Option<u32> {
        let found = self.numbers.iter().find(|(of, _)| *of == letter);
        found.map(|(_, number)| *number)
    }

    /// Counts its tokens.
    pub(super) fn tokens(&self) -> usize {
        self.form.chars().count()
    }
}
