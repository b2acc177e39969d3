//! The desk: what maintainers read of their events, for people and for programs.
//!
//! Flows in: events, and what is asked. Flows out: text; `listing` says when events take place, `asked` which of them are
//! meant, `difference` what subscribers will notice. `columns` share out its lines, `times` write when something is, `table` aligns cells, `markdown` and `csv` write them so that nothing in them means something else.
//! Deliberately absent: printing, and how wide a terminal is; both are `io`'s.

pub mod asked;
mod columns;
mod csv;
pub mod difference;
pub mod listing;
mod markdown;
pub mod table;
mod times;
