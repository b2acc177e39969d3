//! Forms: what a date, a clock or an offset looks like, one form a text.
//!
//! A letter stands for a number, anything else for itself: `Y` has four digits, `M`, `D` and `h` one or two,
//! `m` and `s` two, `n` is a minute of one or two. `H` is hour and minute in four digits. `a` is am or pm,
//! `0` a fraction of nothing. Only in what is [`LIKELY`] meant: `y` is a year of this century, `E` a date in
//! eight digits, `S` a clock in six.

use super::token::Token::{self, AmPm, Mark, Number};

/// The forms of a date.
pub(super) const DATES: &[&str] = &[
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

/// What begins like `M-D` or `M/D`, but is hours or another date.
pub(super) const NO_SHORT_DATES: &[&str] =
    &["h-h点", "h-h:", "h-ha", "M-D-Y", "M/D/Y", "y-M-D", "y/M/D"];

/// The forms of a clock.
pub(super) const CLOCKS: &[&str] = &[
    "h:m:s.0", "h:m:s", "h:m", "h点n分", "h点m", "h点半", "h点整", "h点钟", "h点",
];

/// What lets an hour stand alone: `2pm`, and the first of `9-11 点` and `2-4pm`.
pub(super) const BARE_HOURS: &[&str] = &["ha", "h-h点", "h~h点", "h-ha", "h~ha"];

/// The forms of a UTC offset.
pub(super) const OFFSETS: &[&str] = &["+h:m", "+H", "+h", "-h:m", "-H", "-h"];

/// Forms that are not read, but may be meant; the longer first.
pub(super) const LIKELY: &[&str] = &[
    "y年M月D日",
    "M/D/Y",
    "D/M/Y",
    "M-D-Y",
    "D-M-Y",
    "D.M.Y",
    "y年M月D",
    "y-M-D",
    "y/M/D",
    "y.M.D",
    "EtH",
    "EtS",
    "h.m",
    "h:n",
    "E",
    "H",
    "h",
];

/// A form that tokens fit, with what they say.
pub(super) struct Fit {
    pub(super) form: &'static str,
    numbers: Vec<(char, u32)>,
}

impl Fit {
    /// Fits the first tokens to the first form that they have.
    pub(super) fn first(forms: &'static [&str], tokens: &[Token]) -> Option<Fit> {
        Fit::all(forms, tokens).next()
    }

    /// Fits the first tokens to all forms that they have.
    pub(super) fn all(forms: &'static [&str], tokens: &[Token]) -> impl Iterator<Item = Fit> {
        let forms = forms.iter();
        forms.filter_map(|form| Fit::one(form, tokens))
    }

    /// Fits the first tokens to a form.
    pub(super) fn one(form: &'static str, tokens: &[Token]) -> Option<Fit> {
        let mut of_form = tokens.iter();
        let mut letters = form.chars();
        // Most forms do not fit, and show it at once: numbers are gathered of the one that does.
        let is_fit = letters.all(|letter| of_form.next().is_some_and(|token| fits(letter, token)));
        is_fit.then(|| Fit {
            form,
            numbers: form
                .chars()
                .zip(tokens)
                .flat_map(|(letter, token)| numbers(letter, token))
                .flatten()
                .collect(),
        })
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

/// Tells whether a token is what a letter of a form stands for.
fn fits(letter: char, token: &Token) -> bool {
    match (letter, token) {
        ('E', Number(_, 8))
        | ('S', Number(_, 6))
        | ('H' | 'Y', Number(_, 4))
        | ('y' | 'n' | 'M' | 'D' | 'h', Number(_, 1..=2))
        | ('m' | 's', Number(_, 2))
        | ('0', Number(0, _))
        | ('a', AmPm(..)) => true,
        (mark, Mark(other)) => mark == *other,
        _ => false,
    }
}

/// Gives the numbers that a token says.
fn numbers(letter: char, token: &Token) -> [Option<(char, u32)>; 3] {
    let Number(run, _) = *token else {
        return [None; 3];
    };
    match letter {
        'E' => [
            Some(('Y', run / 10_000)),
            Some(('M', run / 100 % 100)),
            Some(('D', run % 100)),
        ],
        'S' => [
            Some(('h', run / 10_000)),
            Some(('m', run / 100 % 100)),
            None,
        ],
        'H' => [Some(('h', run / 100)), Some(('m', run % 100)), None],
        'y' => [Some(('Y', 2000 + run)), None, None],
        'n' => [Some(('m', run)), None, None],
        '0' => [None; 3],
        _ => [Some((letter, run)), None, None],
    }
}
