//! Series: the key `repeat` becomes a series, every date in its own zone.
//!
//! Flows in: an event's document whose first occurrence is settled. Flows out: its series, or what is
//! wrong with it. `changes` reads the occurrences that are named. Deliberately absent: how rules are
//! spelled and expanded, which is `event::series`'s.

use crate::diagnostic::{Code, Complaint, Part};
use crate::event::calendar::{CancelledPolicy, Project};
use crate::event::series::every::read_every;
use crate::event::series::rule::{Bound, Frequency, Rule};
use crate::event::series::rule_text::{end_of, read_count, read_rule};
use crate::event::series::{Change, Series, Skip, end_of_time, expand};
use crate::event::when::{Moment, Reference, Settled, When, instant_of, read_day};
use crate::event::written_time::YEARS;
use crate::yaml::changes::{Named, neighbours, read_changes, read_skips};
use crate::yaml::cursor::Cursor;
use crate::yaml::document::{EventDocument, RepeatDocument};
use crate::yaml::field::{Field, Text};
use crate::yaml::normalise::part_of;
use chrono::{Datelike, NaiveDate, NaiveDateTime};
use std::collections::BTreeMap;

/// How many occurrences of a series without an end are looked at: all weekly changes of clocks in two
/// decades, and no minutes of work for what goes on for ever.
const LOOKED_AT: u16 = 1000;

/// What a series is read against.
pub(super) struct SeriesReader<'a, 's> {
    pub(super) event: &'a Cursor<'a, 's>,
    pub(super) document: &'a EventDocument,
    pub(super) project: &'a Project,
    /// The first occurrence, in the series' zone.
    pub(super) settled: &'a Settled,
    pub(super) reference: &'a Reference,
    /// Whether nothing was wrong with the event so far.
    pub(super) is_clean: bool,
    pub(super) policy: CancelledPolicy,
}

impl SeriesReader<'_, '_> {
    /// Reads `repeat`; nothing where there is none, or where it is wrong.
    pub(super) fn read(&self) -> Option<Series> {
        let here = self.event.key("repeat");
        let document = here.shape_below(&self.document.repeat)?;
        here.strays(&document.strays, RepeatDocument::KEYS);
        let rule = self.rule(&here, document);
        let skips = read_skips(self, &here.key("skip"), &document.skip);
        let changes = read_changes(self, &here.key("changes"), &document.changes);
        let named = || dates(&skips).chain(dates(&changes));
        let latest = named().map(|(_, date)| date).max();
        let rule = rule?;
        let starts = self.starts(&here, &rule, latest)?;
        check_named(&here, &starts, named());
        self.warn_of_neighbours(&here, &starts, &skips, &changes);
        self.series(&here, rule, &starts, skips, changes)
    }

    fn series(
        &self,
        here: &Cursor,
        rule: Rule,
        starts: &[Moment],
        skips: Vec<Named<Skip>>,
        changes: Vec<Named<Change>>,
    ) -> Option<Series> {
        let is_open = rule.bound == Bound::Open;
        let last = starts.last().filter(|_| !is_open);
        let last = last.map(|start| self.first().starting(start).last_date());
        let mut skips: Vec<Skip> = skips.into_iter().map(|skip| skip.value).collect();
        let mut changes: Vec<Change> = changes.into_iter().map(|change| change.value).collect();
        skips.sort_by_key(|skip| skip.original.date());
        changes.sort_by_key(|change| change.original.date());
        let series = Series {
            rule,
            last_date: last.map(|last| {
                let moved = changes.iter().map(|change| change.when.last_date());
                moved.fold(last, NaiveDate::max)
            }),
            count: (!is_open).then_some(starts.len()),
            skips,
            changes,
        };
        if series.is_empty(self.policy) {
            let complaint =
                Complaint::new(Code::EmptySeries, "no occurrence of the series is left");
            let hint = "it is left out of the feeds; to say that it is off, write `status: cancelled` instead of skipping everything";
            here.report_part(Part::Key, complaint.hint(hint));
        }
        Some(series)
    }

    /// The first occurrence.
    pub(super) fn first(&self) -> &When {
        &self.settled.when
    }

    /// Reads how often it takes place, and until when.
    fn rule(&self, here: &Cursor, document: &RepeatDocument) -> Option<Rule> {
        let every = here.key("every").read(&document.every, read_every);
        let at = here.key("rule");
        let rule = at.line(&document.rule).and_then(|text| {
            read_rule(&text, self.reference.home_zone)
                .map_err(|fault| at.report_part(part_of(fault.within), fault.complaint))
                .ok()
        });
        let count = here.key("count").read(&document.count, read_count);
        let until = self.day(&here.key("until"), &document.until);
        let mut keys = RepeatDocument::KEYS.iter();
        let is_misspelt =
            keys.any(|key| here.is_misspelt(key, &document.strays, RepeatDocument::KEYS));
        match (document.every.is_missing(), document.rule.is_missing()) {
            (false, false) => twice(
                &here.key("rule"),
                "`every` and `rule` both say how it repeats",
            ),
            (true, true) if !is_misspelt => here.report_part(
                Part::Key,
                Complaint::new(Code::MissingKey, "`repeat` does not say how often")
                    .hint("write `every: week`, or a `rule`"),
            ),
            _ => {}
        }
        if count.is_some() && until.is_some() {
            twice(
                &here.key("count"),
                "`until` and `count` both say when the series ends",
            );
        }
        let mut rule = every.or(rule)?;
        let until = until.map(|day| Bound::Until(end_of(day)));
        if let Some(bound) = until.or(count.map(Bound::Count)) {
            if rule.bound != Bound::Open {
                let key = if until.is_some() { "until" } else { "count" };
                twice(&here.key(key), "the rule says itself when the series ends");
            }
            rule.bound = bound;
        }
        self.fits_start(here, document, &rule).then_some(rule)
    }

    /// Reads a day in the series' zone.
    pub(super) fn day(&self, at: &Cursor, field: &Field<Text>) -> Option<NaiveDate> {
        let text = at.line(field)?;
        read_day(&text, self.reference)
            .map_err(|problem| at.report_part(part_of(problem.within), problem.complaint))
            .ok()
    }

    /// Tells whether a rule can begin with the first occurrence, and complains if not.
    fn fits_start(&self, here: &Cursor, document: &RepeatDocument, rule: &Rule) -> bool {
        let first = self.first().start();
        let date = first.date();
        let label = format!("start is {date}");
        match rule.bound {
            Bound::Until(until) if until < first.wall_clock() => {
                let key = if document.until.is_missing() {
                    "rule"
                } else {
                    "until"
                };
                let message = format!("the series ends on {}, before it starts", until.date());
                let complaint = Complaint::new(Code::UntilBeforeStart, message).label(label);
                let hint = "mend one of the two dates; the last day itself is part of the series";
                here.key(key).report(complaint.hint(hint));
                return false;
            }
            _ => {}
        }
        let (message, hint) = match rule.frequency {
            Frequency::Monthly if date.day() > 28 => (
                format!("not every month has a day {}", date.day()),
                "write `rule: FREQ=MONTHLY;BYMONTHDAY=-1` if the last day of each month is meant",
            ),
            Frequency::Yearly if (date.month(), date.day()) == (2, 29) => (
                "not every year has a 29 February".to_owned(),
                "write `rule: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1` if the last day of February is meant",
            ),
            _ => return true,
        };
        let is_plain = !document.every.is_missing();
        if is_plain {
            let complaint = Complaint::new(Code::ShortMonth, message).label(label);
            here.key("every").report(complaint.hint(hint));
        }
        !is_plain
    }

    /// Lists the starts that the rule gives, as far as they matter, and complains where clocks are unclear.
    fn starts(&self, here: &Cursor, rule: &Rule, latest: Option<NaiveDate>) -> Option<Vec<Moment>> {
        let first = self.first().start();
        let expanded = |limit| expand(rule, first.wall_clock(), end_of_time(), limit);
        let reaches = |walls: &[NaiveDateTime]| {
            let last = walls.last().map(NaiveDateTime::date);
            latest.is_none_or(|latest| last.is_some_and(|last| last > latest))
        };
        let walls = match expanded(LOOKED_AT) {
            Ok(walls) if walls.len() < usize::from(LOOKED_AT) => Ok(walls),
            Ok(walls) if rule.bound == Bound::Open && reaches(&walls) => Ok(walls),
            Ok(_) => expanded(u16::MAX),
            fault => fault,
        };
        let at = here.key(if rule.parts.is_empty() {
            "every"
        } else {
            "rule"
        });
        let walls = walls.map_err(|reason| {
            let message = format!("calendars cannot follow this rule: {reason}");
            at.report(Complaint::new(Code::BadRule, message).hint("mend the part that it names"));
        });
        let walls = walls.ok()?;
        if walls.first() != Some(&first.wall_clock()) {
            at.report(not_in_rule(first.date(), walls.first()));
            return None;
        }
        if let Bound::Count(count) = rule.bound
            && walls.len() < count as usize
        {
            let message = format!("{count} occurrences reach beyond the year {}", YEARS.end());
            let complaint = Complaint::new(Code::OutOfRange, message);
            here.report_part(
                Part::Key,
                complaint.hint("write a smaller `count`, or `until`"),
            );
        }
        self.check_clocks(&walls);
        let moments = walls.iter().filter_map(|wall| first.at(*wall));
        Some(moments.collect())
    }

    /// Complains about the first occurrence whose wall clock its zone skips or repeats.
    fn check_clocks(&self, walls: &[NaiveDateTime]) {
        let Moment::Time(first) = self.first().start() else {
            return;
        };
        let zone = first.timezone();
        let unclear = |wall: &NaiveDateTime| Some((*wall, instant_of(zone, *wall).err()?));
        if let Some((wall, unclear)) = walls.iter().find_map(unclear) {
            let [one, other] = unclear.candidates();
            let complaint = Complaint::new(unclear.code(), unclear.message(zone, wall));
            let hint = format!(
                "calendars would take this occurrence for `{one}` or for `{other}`: let the series start at another hour, or end it before"
            );
            self.event.key("start").report(complaint.hint(hint));
        }
    }

    /// Warns of changes that Outlook cannot show.
    fn warn_of_neighbours(
        &self,
        here: &Cursor,
        starts: &[Moment],
        skips: &[Named<Skip>],
        changes: &[Named<Change>],
    ) {
        for (index, neighbour) in neighbours(starts, skips, changes) {
            let message =
                format!("this occurrence moves onto or past its neighbour of {neighbour}");
            let complaint = Complaint::new(Code::MovedPastNeighbour, message);
            let hint = "Outlook cannot show that: put the date into `skip`, and write an event of its own for the meeting";
            let change = here.key("changes");
            change
                .index(index)
                .key("start")
                .report(complaint.hint(hint));
        }
    }
}

fn twice(at: &Cursor, message: &str) {
    let complaint = Complaint::new(Code::RepeatTwice, message);
    at.report_part(Part::Key, complaint.hint("keep one of them"));
}

fn not_in_rule(start: NaiveDate, first: Option<&NaiveDateTime>) -> Complaint {
    let name = start.format("%A");
    let message = format!("the series starts on {start}, a {name}, which is no day of its rule");
    let hint = match first {
        Some(first) => format!(
            "start on {}, a {}, which is the first, or mend the rule",
            first.date(),
            first.format("%A")
        ),
        None => "there is no day at all that fits the rule: mend it".to_owned(),
    };
    Complaint::new(Code::StartNotInRule, message).hint(hint)
}

/// Where a named date stands: the key and its number in the list.
type Way = (&'static str, usize);

fn dates<T>(named: &[Named<T>]) -> impl Iterator<Item = (Way, NaiveDate)> {
    named.iter().map(|one| ((one.key, one.index), one.date))
}

/// Complains about dates without an occurrence, and about those that are named again.
fn check_named(here: &Cursor, starts: &[Moment], named: impl Iterator<Item = (Way, NaiveDate)>) {
    let mut first: BTreeMap<NaiveDate, Way> = BTreeMap::new();
    for ((key, index), date) in named {
        let list = here.key(key);
        let entry = list.index(index);
        let at = entry.key("date");
        if let Some((key, index)) = first.get(&date) {
            let complaint = Complaint::new(Code::DateTwice, format!("{date} is named twice"));
            let earlier = here.key(key);
            let earlier = earlier.index(*index);
            at.report_also(
                complaint.hint("keep one of them"),
                earlier.key("date").place(Part::Value),
                "the first one",
            );
        }
        first.entry(date).or_insert((key, index));
        let next = starts.partition_point(|start| start.date() < date);
        if starts.get(next).map(Moment::date) != Some(date) {
            let around = [
                next.checked_sub(1).and_then(|last| starts.get(last)),
                starts.get(next),
            ];
            at.report(no_occurrence(
                date,
                around.map(|start| start.map(Moment::date)),
            ));
        }
    }
}

fn no_occurrence(date: NaiveDate, around: [Option<NaiveDate>; 2]) -> Complaint {
    let message = format!(
        "the series has no occurrence on {date}, a {}",
        date.format("%A")
    );
    let hint = match around {
        [Some(before), Some(after)] => format!("the nearest are {before} and {after}"),
        [Some(last), None] => format!("its last one is {last}"),
        [None, Some(first)] => format!("its first one is {first}"),
        [None, None] => "delete it".to_owned(),
    };
    Complaint::new(Code::NoOccurrence, message).hint(hint)
}
