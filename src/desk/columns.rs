//! Columns: the lines of a listing, shared out to times, projects, titles and places.

use crate::desk::listing::Item;
use crate::desk::table::{Look, Style, cut, fill, width};

/// How wide the columns of a listing are; one of no width is not there.
pub(super) struct Columns {
    time: usize,
    project: usize,
    kind: usize,
    title: usize,
    place: usize,
    /// Of the whole line.
    line: usize,
}

/// What stands before each column.
const GAP: &str = "  ";
/// The width from which on a line has room for kinds.
const ROOMY: usize = 100;
/// A line with so much room for title and place shows places beside titles that it must cut.
const SHARED: usize = 90;
/// Fewer columns show too little of a place.
const LEAST_PLACE: usize = 24;

impl Columns {
    /// Shares out a line: times and projects first, then titles, and what is left to places.
    pub(super) fn of(items: &[Item], line: Option<usize>) -> Self {
        let widest = |cell: &dyn Fn(&Item) -> usize| items.iter().map(cell).max().unwrap_or(0);
        let line = line.unwrap_or(usize::MAX);
        let mut columns = Columns {
            time: widest(&|item| width(&item.shown.time)),
            project: widest(&|item| width(&item.shown.project)).min(line / 4),
            kind: match line < ROOMY {
                true => 0,
                false => widest(&|item| width(item.shown.kind)),
            },
            title: widest(&|item| width(item.shown.mark) + width(&item.title)),
            place: widest(&|item| width(item.where_to())),
            line,
        };
        let room = line.saturating_sub(columns.before_title());
        let left = room.saturating_sub(columns.title + GAP.len());
        let share = if room < SHARED { 0 } else { room / 3 };
        let place = columns.place.min(left.max(share));
        columns.place = match place < columns.place.min(LEAST_PLACE) {
            true => 0,
            false => place,
        };
        let beside = if columns.place > 0 {
            columns.place + GAP.len()
        } else {
            0
        };
        columns.title = columns.title.min(room.saturating_sub(beside));
        columns
    }

    /// Counts what stands before the title.
    fn before_title(&self) -> usize {
        let cells = [self.time, self.project, self.kind].into_iter();
        let cells = cells.filter(|cell| *cell > 0);
        cells.map(|cell| GAP.len() + cell).sum::<usize>() + GAP.len()
    }

    /// Writes an occurrence in a line, and below its title what else there is to say.
    pub(super) fn write(&self, out: &mut String, item: &Item, look: Look) {
        let shown = &item.shown;
        let cell = |text: &str, columns: usize| fill(&cut(text, columns), columns);
        let project = cell(&shown.project, self.project);
        let title = cell(&format!("{}{}", shown.mark, item.title), self.title);
        let cells = [
            cell(&shown.time, self.time),
            match shown.color {
                Some(rgb) => look.styled(&project, Style::Colored(rgb)),
                None => project,
            },
            cell(shown.kind, self.kind),
            match item.status {
                "cancelled" => look.styled(&title, Style::Faint),
                _ => title,
            },
            cell(item.where_to(), self.place),
        ];
        let there = [self.time, self.project, self.kind, self.title, self.place];
        let cells = cells.iter().zip(there).filter(|(_, columns)| *columns > 0);
        let line: Vec<&str> = cells.flat_map(|(cell, _)| [GAP, cell.as_str()]).collect();
        out.push_str(line.concat().trim_end());
        out.push('\n');
        let before = self.before_title();
        for note in &shown.notes {
            let note = cut(note, self.line.saturating_sub(before));
            out.push_str(&" ".repeat(before));
            out.push_str(&look.styled(&note, Style::Faint));
            out.push('\n');
        }
    }
}
