//! Series: the key `repeat` becomes a series, every date in its own zone.
//!
//! Flows in: an event's document whose first occurrence is settled. Flows out: its series, or what is
//! wrong with it. `changes` reads the occurrences that are named. Deliberately absent: how rules are
//! spelled and expanded, which is `event::series`'s.

use crate::diagnostic::{Code, Complaint, Part};
use crate::event::Status;
use crate::event::calendar::{CancelledPolicy, Project};
use crate::event::series::every::read_every;
use crate::event::series::rule::{Bound, Frequency, Rule};
use crate::event::series::rule_text::{LARGEST_COUNT, end_of, read_count, read_rule};
use crate::event::series::{Change, Series, Skip, end_of_time, expand, plain};
use crate::event::when::{Moment, Reference, Settled, When, instant_of, read_day};
use crate::event::written_time::YEARS;
use crate::yaml::changes::{read_changes, read_skips};
use crate::yaml::cursor::Cursor;
use crate::yaml::document::{EventDocument, RepeatDocument};
use crate::yaml::field::{Field, Text};
use crate::yaml::named::{Named, check_named, dates, warn_of_neighbours};
use crate::yaml::normalise::part_of;
use chrono::{Datelike, NaiveDate, NaiveDateTime, Offset, TimeDelta};

/// How many occurrences of a series without an end are looked at: all weekly changes of clocks in two
/// decades, and no minutes of work for what goes on for ever.
const LOOKED_AT: u16 = 1000;

/// More occurrences than a series with an end may have.
const MOST: u16 = LARGEST_COUNT as u16 + 1;

/// What a series is read against.
pub(super) struct SeriesReader<'a, 's> {
    pub(super) event: &'a Cursor<'a, 's>,
    pub(super) document: &'a EventDocument,
    pub(super) project: &'a Project,
    /// The first occurrence, in the series' zone; without it the texts alone are checked.
    pub(super) settled: Option<&'a Settled>,
    pub(super) reference: &'a Reference,
    /// Whether nothing was wrong with the event so far.
    pub(super) is_clean: bool,
    pub(super) policy: CancelledPolicy,
}

impl SeriesReader<'_, '_> {
    /// Reads `repeat`; nothing where there is none, or where it is wrong.
    pub(super) fn read(&self) -> Option<Series> {
        let here = self.event.key("repeat");
        if !self.document.repeat.is_missing() && self.document.moved_from.value().is_some() {
            let complaint = Complaint::new(
                Code::UnknownKey,
                "`moved_from` has no place beside `repeat`",
            );
            let hint = "a change with a `start` says by itself when its occurrence would have been";
            self.event
                .key("moved_from")
                .report_part(Part::Key, complaint.hint(hint));
        }
        here.expect_something_below(&self.document.repeat, "indent its keys below it");
        let document = here.shape(&self.document.repeat)?;
        here.strays(&document.strays, RepeatDocument::KEYS);
        let rule = self.rule(&here, document);
        let skips = read_skips(self, &here.key("skip"), &document.skip);
        let changes = read_changes(self, &here.key("changes"), &document.changes);
        let named = || dates(&skips).chain(dates(&changes));
        let latest = named().map(|(_, date)| date).max();
        let (rule, first) = (rule?, self.first()?);
        if !fits_start(&here, document, &rule, &first.start()) {
            return None;
        }
        let starts = self.starts(&here, &rule, &first.start(), latest)?;
        let faults_before = here.faults();
        check_named(&here, &starts, named());
        let rule = plain_or_warned(&here, rule, first.start_date());
        let series = self.series(rule, first, &starts, &skips, &changes);
        if here.faults() == faults_before {
            warn_of_neighbours(&here, &starts, &skips, &changes, self.policy);
            self.warn_of_emptiness(&here, &series);
        }
        Some(series)
    }

    fn series(
        &self,
        rule: Rule,
        first: &When,
        starts: &[Moment],
        skips: &[Named<Skip>],
        changes: &[Named<Change>],
    ) -> Series {
        let is_open = rule.bound == Bound::Open;
        let last = starts.last().filter(|_| !is_open);
        let last = last.map(|start| first.starting(start).last_date());
        let values = |skip: &Named<Skip>| skip.value.clone();
        let mut skips: Vec<Skip> = skips.iter().filter_map(values).collect();
        let values = |change: &Named<Change>| change.value.clone();
        let mut changes: Vec<Change> = changes.iter().filter_map(values).collect();
        skips.sort_by_key(|skip| skip.original.date());
        changes.sort_by_key(|change| change.original.date());
        Series {
            rule,
            last_date: last.map(|last| {
                let moved = changes.iter().map(|change| change.when.last_date());
                moved.fold(last, NaiveDate::max)
            }),
            count: (!is_open).then_some(starts.len()),
            skips,
            changes,
            over_clock_changes: over_clock_changes(first, starts),
        }
    }

    /// Warns of a series of which nothing is left for subscribers.
    fn warn_of_emptiness(&self, here: &Cursor, series: &Series) {
        let drops = self.policy == CancelledPolicy::Drop;
        let is_said = |field: &Field<Text>| matches!(field, Field::Value(Text::Said(text)) if text == "cancelled");
        let takes_place = |change: &Change| change.details.status != Status::Cancelled;
        let (message, hint) = if drops && is_said(&self.document.status) {
            if !series.changes.iter().any(takes_place) {
                return;
            }
            (
                "the series is cancelled, and its changes leave the feeds with it",
                "`cancelled: drop` leaves out what is cancelled: write what takes place as an event of its own",
            )
        } else if !series.is_empty(self.policy) {
            return;
        } else if drops {
            (
                "no occurrence of the series is left",
                "it is not in the feeds, since `cancelled: drop` leaves out what is cancelled",
            )
        } else {
            (
                "no occurrence of the series is left",
                "it is not in the feeds; to tell subscribers, write `status: cancelled` instead of skipping everything",
            )
        };
        here.report_part(
            Part::Key,
            Complaint::new(Code::EmptySeries, message).hint(hint),
        );
    }

    /// The first occurrence.
    pub(super) fn first(&self) -> Option<&When> {
        self.settled.map(|settled| &settled.when)
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
        let for_ever = "for a series without an end leave `until` out";
        let until = self.day(&here.key("until"), &document.until, for_ever);
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
        Some(rule)
    }

    /// Reads a day in the series' zone; a hint that speaks of times would not help.
    pub(super) fn day(
        &self,
        at: &Cursor,
        field: &Field<Text>,
        otherwise: &str,
    ) -> Option<NaiveDate> {
        let text = at.line(field)?;
        // A year that is missing is probably that of the series.
        let today = self.first().map_or(self.reference.today, When::start_date);
        let reference = Reference {
            today,
            ..self.reference.clone()
        };
        let day = read_day(&text, &reference).map_err(|mut problem| {
            if problem.complaint.code == Code::BadTime {
                problem.complaint.hint = Some(match text.contains([',', '，', '、']) {
                    true => format!("write a list of days: `[{today}, …]`"),
                    false => format!("write a day alone, like `{today}`; {otherwise}"),
                });
            }
            at.report_part(part_of(problem.within), problem.complaint);
        });
        day.ok()
    }

    /// Lists the starts that the rule gives, as far as they matter, and complains where clocks are unclear.
    fn starts(
        &self,
        here: &Cursor,
        rule: &Rule,
        first: &Moment,
        latest: Option<NaiveDate>,
    ) -> Option<Vec<Moment>> {
        let expanded = |limit| expand(rule, first.wall_clock(), end_of_time(), limit);
        let enough = match rule.bound {
            // Nothing is named, and no clock changes: the first occurrence tells all.
            Bound::Open if latest.is_none() && !follows_changing_clocks(first) => 1,
            Bound::Open => LOOKED_AT,
            Bound::Count(_) | Bound::Until(_) => MOST,
        };
        let reaches = |walls: &[NaiveDateTime]| {
            let last = walls.last().map(NaiveDateTime::date);
            latest.is_none_or(|latest| last.is_some_and(|last| last > latest))
        };
        let walls = match expanded(enough) {
            Ok(walls) if rule.bound == Bound::Open && !reaches(&walls) => expanded(u16::MAX),
            walls => walls,
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
        if walls.len() >= usize::from(MOST) && matches!(rule.bound, Bound::Until(_)) {
            let message = format!("the series has more than {LARGEST_COUNT} occurrences");
            let complaint = Complaint::new(Code::OutOfRange, message);
            here.report_part(
                Part::Key,
                complaint.hint("let it end sooner, or leave the end out"),
            );
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
        self.check_clocks(first, &walls);
        let moments = walls.iter().filter_map(|wall| first.at(*wall));
        Some(moments.collect())
    }

    /// Complains about the first occurrence whose wall clock its zone skips or repeats.
    fn check_clocks(&self, first: &Moment, walls: &[NaiveDateTime]) {
        let Moment::Time(first) = first else {
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
}

/// Tells whether a rule can begin with the first occurrence, and complains if not.
fn fits_start(here: &Cursor, document: &RepeatDocument, rule: &Rule, first: &Moment) -> bool {
    let date = first.date();
    match rule.bound {
        Bound::Until(until) if until < first.wall_clock() => {
            let key = if document.until.is_missing() {
                "rule"
            } else {
                "until"
            };
            let shown = |wall: NaiveDateTime| match until.date() == date {
                true => wall.to_string(),
                false => wall.date().to_string(),
            };
            let message = format!("the series ends on {}, before it starts", shown(until));
            let complaint = Complaint::new(Code::UntilBeforeStart, message)
                .label(format!("start is {}", shown(first.wall_clock())));
            let hint = "mend one of the two dates; the last day itself is part of the series";
            here.key(key).report(complaint.hint(hint));
            return false;
        }
        _ => {}
    }
    let lacking = match rule.frequency {
        // What a BY part says is meant.
        _ if !rule.parts.is_empty() => return true,
        Frequency::Monthly if date.day() > 28 => {
            format!("not every month has a day {}", date.day())
        }
        Frequency::Yearly if (date.month(), date.day()) == (2, 29) => {
            "not every year has a 29 February".to_owned()
        }
        _ => return true,
    };
    let in_february = if rule.frequency == Frequency::Yearly {
        ";BYMONTH=2"
    } else {
        ""
    };
    let is_last = date.succ_opt().is_none_or(|next| next.day() == 1);
    let hint = match is_last {
        true => format!("write `rule: {rule}{in_february};BYMONTHDAY=-1` if the last day is meant"),
        false => format!(
            "start on the 28th at the latest; or write `rule: {rule};BYMONTHDAY={}`, and months without that day are left out",
            date.day()
        ),
    };
    let complaint = Complaint::new(Code::ShortMonth, lacking).label(format!("start is {date}"));
    let key = if document.every.is_missing() {
        "rule"
    } else {
        "every"
    };
    here.key(key).report(complaint.hint(hint));
    false
}

/// Tells whether clocks change in a series' zone, in the two decades after its start.
fn follows_changing_clocks(first: &Moment) -> bool {
    let Moment::Time(first) = first else {
        return false;
    };
    let quarters = (1..80).map(|quarter| *first + TimeDelta::days(91 * quarter));
    let mut offsets = quarters.map(|at| at.offset().fix());
    offsets.any(|offset| offset != first.offset().fix())
}

/// Finds the occurrences during which clocks change.
fn over_clock_changes(first: &When, starts: &[Moment]) -> Vec<Moment> {
    let is_over = |start: &&Moment| first.starting(start).is_over_clock_change();
    starts.iter().filter(is_over).copied().collect()
}

/// Gives the form of the rule that every calendar reads alike, and warns if there is none.
fn plain_or_warned(here: &Cursor, rule: Rule, start: NaiveDate) -> Rule {
    plain(&rule, start).unwrap_or_else(|| {
        let message = "calendars do not agree on the days of this rule";
        let hint = "weekdays and days of months are safe, such as `FREQ=YEARLY;BYMONTH=5;BYDAY=2MO`; or write each day as an event of its own";
        let complaint = Complaint::new(Code::RuleReadDifferently, message).hint(hint);
        here.key("rule").report(complaint);
        rule
    })
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
