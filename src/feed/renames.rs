//! Renames: projects whose events would all get other UIDs, since a new slug came without `uid_prefix`.
//!
//! Flows in: the events that are lost, the files and the ledger. Flows out: one diagnostic for each project
//! that shows itself by the ids of its events, and the losses that it does not explain.

use crate::diagnostic::{At, Code, Complaint, Diagnostic, Part, Place, Step};
use crate::event::calendar::Calendar;
use crate::feed::losses::{Losses, Lost, Renamed, Written};
use crate::feed::revision::{Ledger, Record, Revised};
use crate::source::below;
use std::collections::{BTreeMap, BTreeSet};

/// What tells of a new slug.
struct Signs<'w> {
    /// New events by their UIDs behind the prefix: what an old UID ends with.
    ids: BTreeMap<&'w str, Vec<&'w Revised>>,
    /// The slugs that feeds and projects had.
    slugs: BTreeSet<&'w str>,
    calendar: &'w Calendar,
}

/// A lost event whose id a new one has.
struct Match<'l> {
    uid: &'l str,
    event: &'l Revised,
    is_same_start: bool,
}

impl Ledger {
    /// Finds projects that were renamed, and gives what is lost besides.
    pub(super) fn renamed_projects<'l>(
        &self,
        lost: Vec<Lost<'l>>,
        written: &Written,
        losses: &mut Losses,
    ) -> Vec<Lost<'l>> {
        if lost.is_empty() {
            return lost;
        }
        let signs = self.signs(written);
        // One prefix holds for all of a project: the one that keeps the most events.
        let mut renamed: BTreeMap<&str, BTreeMap<&str, Vec<Match>>> = BTreeMap::new();
        for (uid, record) in &lost {
            if let Some((prefix, event)) = signs.old_prefix(uid, record) {
                let is_same_start = event.record.start == record.start;
                let prefixes = renamed.entry(&event.record.project).or_default();
                let matches = prefixes.entry(prefix).or_default();
                matches.push(Match {
                    uid,
                    event,
                    is_same_start,
                });
            }
        }
        let mut explained: BTreeSet<&str> = BTreeSet::new();
        for (project, prefixes) in renamed {
            let likely = prefixes.into_iter().filter(|(_, ids)| is_likely(ids));
            if let Some((prefix, ids)) = likely.max_by_key(|(_, ids)| ids.len()) {
                let found = self.renamed_project(project, prefix, ids.len(), written);
                losses.found.push(found);
                let renamed = |id: &Match| {
                    let uid = id.event.uid.clone();
                    let cure = format!("uid_prefix: {prefix}");
                    (id.uid.into(), Renamed { uid, cure })
                };
                losses.renamed.extend(ids.iter().map(renamed));
                explained.extend(ids.iter().map(|id| id.uid));
            }
        }
        let is_left = |(uid, _): &Lost| !explained.contains(uid);
        lost.iter().copied().filter(is_left).collect()
    }

    /// Gathers the signs; a project of which subscribers have an event by its present prefix was not renamed.
    fn signs<'w>(&'w self, written: &Written<'w>) -> Signs<'w> {
        let mut ids: BTreeMap<&str, Vec<&Revised>> = BTreeMap::new();
        let mut at_home: BTreeSet<&str> = BTreeSet::new();
        for &event in &written.events {
            let project = event.record.project.as_str();
            let prefix = written.calendar.uid_prefix(project);
            let behind = event.uid.strip_prefix(prefix);
            let Some(id) = behind.and_then(|rest| rest.strip_prefix('-')) else {
                continue;
            };
            match self.records.get(&event.uid) {
                None => ids.entry(id).or_default().push(event),
                Some(known) if !known.is_gone => {
                    at_home.insert(project);
                }
                Some(_) => {}
            }
        }
        ids.retain(|_, events| {
            events.retain(|event| !at_home.contains(event.record.project.as_str()));
            !events.is_empty()
        });
        let projects = self.records.values().map(|record| &*record.project);
        Signs {
            ids,
            slugs: projects
                .chain(self.feeds.iter().map(|slug| &**slug))
                .collect(),
            calendar: written.calendar,
        }
    }

    fn renamed_project(
        &self,
        project: &str,
        prefix: &str,
        count: usize,
        written: &Written,
    ) -> Diagnostic {
        let events = match count {
            1 => "1 event".to_owned(),
            _ => format!("{count} events"),
        };
        let was_or_were = if count == 1 { "was" } else { "were" };
        let message = format!(
            "{events} of `{project}` {was_or_were} published under UIDs that begin with `{prefix}-`"
        );
        let hint = format!(
            "write `uid_prefix: {prefix}` for the project and subscribers keep their entries"
        );
        let alias = match self.feeds.contains(prefix) && !written.calendar.has_feed(prefix) {
            true => format!(", and `aliases: [{prefix}]` so that the old feed goes on"),
            false => String::new(),
        };
        let steps = vec![Step::Key("projects".into()), Step::Key(project.into())];
        Complaint::new(Code::ProbableRename, message)
            .hint(hint + &alias)
            .at(Place {
                file: below(written.root, "calendar.yaml").into(),
                at: At::Node(steps, Part::Key),
            })
    }
}

impl<'w> Signs<'w> {
    /// Finds the prefix by which a lost event of a project that is gone, or of this one, has a new event's id.
    fn old_prefix<'l>(&self, uid: &'l str, lost: &Record) -> Option<(&'l str, &'w Revised)> {
        let own = self.calendar.projects.contains_key(&lost.project);
        let own = own.then_some(lost.project.as_str());
        // A file that got another name looks alike: `weekly-meeting` that is `meeting` now.
        let is_at_home = own.is_some_and(|slug| {
            let behind = uid.strip_prefix(self.calendar.uid_prefix(slug));
            behind.is_some_and(|rest| rest.starts_with('-'))
        });
        let matches = uid.match_indices('-').filter_map(|(dash, _)| {
            let (prefix, id) = (&uid[..dash], &uid[dash + 1..]);
            let is_theirs = |event: &&&Revised| own.is_none_or(|slug| event.record.project == slug);
            let mut events = self.ids.get(id)?.iter().filter(is_theirs).copied();
            let first = events.clone().next()?;
            let same_start = events.find(|event| event.record.start == lost.start);
            let is_prefix = !is_at_home || self.slugs.contains(prefix);
            is_prefix.then_some((prefix, same_start.unwrap_or(first)))
        });
        // Slugs and ids have dashes of their own: the project's slug is the likeliest prefix.
        let matches: Vec<_> = matches.collect();
        let likeliest = matches.iter().find(|(prefix, _)| *prefix == lost.project);
        likeliest.or(matches.first()).copied()
    }
}

/// Tells whether most starts are the same too: ids alone mislead, since the dates of two projects are alike.
fn is_likely(matches: &[Match]) -> bool {
    let same = matches.iter().filter(|found| found.is_same_start).count();
    same * 2 > matches.len()
}
