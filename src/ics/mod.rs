//! The iCalendar room: feeds become bytes that every calendar reads alike (RFC 5545, RFC 7986).
//!
//! `content_line` writes and folds lines, `basic_time` what stands in them for times, `timezone` the VTIMEZONE, `vevent` one entry, `vcalendar`
//! a whole feed; `published` reads the stamps back when a ledger is lost.

mod basic_time;
pub mod content_line;
mod css_color;
pub mod published;
pub mod timezone;
pub mod vcalendar;
pub mod vevent;
