//! Renames: projects whose events would all get other UIDs, since a new slug came without `uid_prefix`.
//!
//! Flows in: the events that are lost, the files and the ledger. Flows out: one diagnostic for each project
//! that shows itself by the ids of its events, and the losses that it does not explain.

use crate::diagnostic::{At, Code, Complaint, Diagnostic, Part, Place, Step};
use crate::feed::losses::{Lost, Written};
use crate::feed::revision::Ledger;
use crate::source::below;
use std::collections::{BTreeMap, BTreeSet};

impl Ledger {
    /// Reports projects that were renamed, and gives the losses that are left.
    pub(super) fn renamed_projects<'l>(
        &self,
        lost: Vec<Lost<'l>>,
        written: &Written,
    ) -> (Vec<Diagnostic>, Vec<Lost<'l>>) {
        if lost.is_empty() {
            return (Vec::new(), lost);
        }
        let new = self.new_ids(written);
        // One prefix holds for all of a project: the one that keeps the most events.
        let mut renamed: BTreeMap<&str, BTreeMap<&str, Vec<&str>>> = BTreeMap::new();
        for (uid, record) in &lost {
            if let Some((prefix, project)) = old_prefix(uid, &record.project, &new, written) {
                let prefixes = renamed.entry(project).or_default();
                prefixes.entry(prefix).or_default().push(uid);
            }
        }
        let mut found = Vec::new();
        let mut explained: BTreeSet<&str> = BTreeSet::new();
        for (project, prefixes) in renamed {
            let most = prefixes.into_iter().max_by_key(|(_, uids)| uids.len());
            if let Some((prefix, uids)) = most {
                found.push(renamed_project(project, prefix, uids.len(), written));
                explained.extend(uids);
            }
        }
        let is_left = |(uid, _): &Lost| !explained.contains(uid);
        let left = lost.iter().copied().filter(is_left).collect();
        (found, left)
    }

    /// Gives each new event's UID behind its project's prefix, with the project: what an old UID ends with.
    ///
    /// A project of which subscribers have an event by its present prefix was not renamed.
    fn new_ids<'w>(&self, written: &Written<'w>) -> BTreeMap<&'w str, Vec<&'w str>> {
        let mut new: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut at_home: BTreeSet<&str> = BTreeSet::new();
        for event in &written.events {
            let project = event.record.project.as_str();
            let prefix = written.calendar.uid_prefix(project);
            let behind = event.uid.strip_prefix(prefix);
            let Some(id) = behind.and_then(|rest| rest.strip_prefix('-')) else {
                continue;
            };
            match self.records.get(&event.uid) {
                None => new.entry(id).or_default().push(project),
                Some(known) if !known.is_gone => {
                    at_home.insert(project);
                }
                Some(_) => {}
            }
        }
        new.retain(|_, projects| {
            projects.retain(|project| !at_home.contains(project));
            !projects.is_empty()
        });
        new
    }
}

/// Finds the prefix by which a lost event of a project that is gone, or of this one, has a new event's id.
fn old_prefix<'l, 'w>(
    uid: &'l str,
    lost_project: &str,
    new: &BTreeMap<&str, Vec<&'w str>>,
    written: &Written,
) -> Option<(&'l str, &'w str)> {
    let is_registered = written.calendar.projects.contains_key(lost_project);
    let matches = uid.match_indices('-').filter_map(|(dash, _)| {
        let (prefix, id) = (&uid[..dash], &uid[dash + 1..]);
        let mut projects = new.get(id)?.iter();
        let project = projects.find(|project| !is_registered || **project == lost_project)?;
        Some((prefix, *project))
    });
    // Slugs and ids have dashes of their own: the project's slug is the likeliest prefix.
    let matches: Vec<_> = matches.collect();
    let likeliest = matches.iter().find(|(prefix, _)| *prefix == lost_project);
    likeliest.or(matches.first()).copied()
}

fn renamed_project(project: &str, prefix: &str, count: usize, written: &Written) -> Diagnostic {
    let events = match count {
        1 => "1 event".to_owned(),
        _ => format!("{count} events"),
    };
    let was_or_were = if count == 1 { "was" } else { "were" };
    let message = format!(
        "{events} of `{project}` {was_or_were} published under UIDs that begin with `{prefix}-`"
    );
    let hint =
        format!("write `uid_prefix: {prefix}` for the project and subscribers keep their entries");
    let alias = match written.calendar.has_feed(prefix) {
        true => String::new(),
        false => format!(", and `aliases: [{prefix}]` so that the old feed goes on"),
    };
    let steps = vec![Step::Key("projects".into()), Step::Key(project.into())];
    Complaint::new(Code::ProbableRename, message)
        .hint(hint + &alias)
        .at(Place {
            file: below(written.root, "calendar.yaml").into(),
            at: At::Node(steps, Part::Key),
        })
}
