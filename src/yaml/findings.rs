//! Findings: what is wrong in one source, kept while its documents are read.

use crate::diagnostic::{Code, Complaint, Diagnostic, Place, Severity};
use crate::source::Source;
use crate::yaml::bytes::any_three;
use crate::yaml::positions::Positions;
use std::cell::{Cell, OnceCell, RefCell};

/// What is found in one source while its documents are read.
#[derive(Debug)]
pub struct Findings<'s> {
    source: &'s Source,
    positions: OnceCell<Positions>,
    has_plain_numbers: OnceCell<bool>,
    diagnostics: RefCell<Vec<Diagnostic>>,
    /// How many errors came, shown or not.
    faults: Cell<usize>,
    /// Whether some are not shown.
    is_cut: Cell<bool>,
}

/// The most mistakes that are shown of one file: who has more mends the first and runs again.
const MOST_SHOWN: usize = 100;

impl<'s> Findings<'s> {
    /// Begins with nothing found.
    pub fn new(source: &'s Source) -> Self {
        Findings {
            source,
            positions: OnceCell::new(),
            has_plain_numbers: OnceCell::new(),
            diagnostics: RefCell::default(),
            faults: Cell::new(0),
            is_cut: Cell::new(false),
        }
    }

    /// Keeps a diagnostic, unless it is known or too many are.
    pub fn keep(&self, found: Diagnostic) {
        if found.severity() == Severity::Error {
            self.faults.set(self.faults.get() + 1);
        }
        let mut diagnostics = self.diagnostics.borrow_mut();
        // Entries that inherit a wrong value would each report it.
        if diagnostics.contains(&found) {
            return;
        }
        // Each kind has room of its own: warnings crowd out no error, and too many of them are none.
        let severity = found.severity();
        let shown = diagnostics
            .iter()
            .filter(|known| known.severity() == severity);
        if shown.count() < MOST_SHOWN {
            diagnostics.push(found);
        } else if severity == Severity::Error {
            self.is_cut.set(true);
        }
    }

    /// Counts the errors so far, kept or not: what is only warned of makes no event wrong.
    pub fn faults(&self) -> usize {
        self.faults.get()
    }

    /// The source that is read.
    pub fn source(&self) -> &'s Source {
        self.source
    }

    /// Where the source's nodes stand; found at the first call.
    pub fn positions(&self) -> &Positions {
        self.positions
            .get_or_init(|| Positions::of(&self.source.text))
    }

    /// Tells whether every whole number is written as its digits: no `+86`, no `0x1F`, no tag.
    pub fn has_plain_numbers(&self) -> bool {
        let is_start =
            |byte: u8| byte.is_ascii_whitespace() | matches!(byte, b'[' | b'{' | b',' | b':');
        let is_tag = |a: u8, b: u8| (a == b'!') & (b == b'!');
        let is_odd = |a: u8, b: u8, c: u8| {
            let is_based = (b == b'0') & c.is_ascii_alphabetic();
            let is_signed = (b == b'+') & c.is_ascii_digit();
            is_start(a) & (is_based | is_signed) | is_tag(a, b) | is_tag(b, c)
        };
        *self
            .has_plain_numbers
            .get_or_init(|| !any_three(self.source.text.as_bytes(), is_odd))
    }

    /// Gives what was found so far.
    pub fn take_diagnostics(&self) -> Vec<Diagnostic> {
        let mut diagnostics = self.diagnostics.take();
        if self.is_cut.get() {
            let message =
                format!("the file has more than {MOST_SHOWN} mistakes; these are the first");
            let complaint =
                Complaint::new(Code::TooManyMistakes, message).hint("mend these and run again");
            diagnostics.push(complaint.at(Place::file(self.source.path.clone())));
        }
        diagnostics
    }
}
