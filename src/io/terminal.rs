//! The terminal: how wide it is, and which colours it shows.

use std::env;
use std::io::{self, IsTerminal};
use terminal_size::terminal_size_of;

/// Tells whether something that people read may be coloured: `NO_COLOR` and `TERM` may say no.
pub(super) fn wants_color(out: &impl IsTerminal) -> bool {
    let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    out.is_terminal() && !is_set("NO_COLOR") && !is_dumb
}

fn is_set(name: &str) -> bool {
    env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// Tells whether what is printed on stdout may be coloured.
pub fn wants_colored_data() -> bool {
    wants_color(&io::stdout())
}

/// Tells whether the terminal shows any colour, and not 256 of them only.
pub fn shows_all_colors() -> bool {
    let value = env::var("COLORTERM").unwrap_or_default();
    value == "truecolor" || value == "24bit"
}

/// Counts the columns of stdout: `COLUMNS` says it, or the terminal; a file has any number.
pub fn columns() -> Option<usize> {
    let said = env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    let said = said.filter(|columns| *columns > 0);
    said.or_else(|| terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0)))
}
