//! Sizes: the feeds that are too large for those who fetch them.

use crate::diagnostic::{At, Code, Complaint, Diagnostic, Part, Place, Step};
use crate::event::calendar::Calendar;
use crate::source::below;

/// The most that Google Calendar reads of a feed, in bytes.
pub const MOST: usize = 1_000_000;

/// Reports a feed that is too large.
pub fn check_size(slug: &str, size: usize, calendar: &Calendar, root: &str) -> Option<Diagnostic> {
    if size <= MOST {
        return None;
    }
    let file = below(root, "calendar.yaml");
    let message = format!(
        "the feed `{slug}.ics` has {} bytes, and Google Calendar reads {} at most",
        grouped(size),
        grouped(MOST)
    );
    let complaint = Complaint::new(Code::LargeFeed, message);
    Some(match calendar.past {
        None => complaint
            .hint("write `past: 2y` in calendar.yaml, and what has been over for longer leaves the feeds")
            .at(Place::file(file)),
        Some(_) => complaint
            .hint("write a shorter time, and more past events leave the feeds")
            .at(Place {
                file: file.into(),
                at: At::Node(vec![Step::Key("past".into())], Part::Value),
            }),
    })
}

/// Writes a number with commas: `1,000,000`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn groups_digits_by_three() {
        let numbers = [0, 999, 1_000, 12_345, 1_000_000].map(grouped);
        assert_eq!(numbers, ["0", "999", "1,000", "12,345", "1,000,000"]);
    }
}
