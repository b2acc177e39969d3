//! Losses: what subscribers have and are about to lose.
//!
//! Flows in: the ledger of the last run and what the files hold now. Flows out: a diagnostic for
//! each event that vanished, was renamed or became a draft, and for each feed without a plan.
//! A file with errors loses nothing: what it holds is not known until it is mended.

use crate::diagnostic::{At, Code, Complaint, Diagnostic, Part, Place, Step};
use crate::event::calendar::Calendar;
use crate::event::rules::Identity;
use crate::feed::revision::{Ledger, Record, Revised};
use crate::source::below;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// What the files hold now.
#[derive(Debug)]
pub struct Written<'a> {
    /// The events that can be published.
    pub events: Vec<&'a Revised>,
    /// The names of all entries, valid or not.
    pub identities: &'a [Identity],
    /// The names of drafts.
    pub drafts: &'a [Identity],
    /// The files with errors, below the events folder.
    pub broken: BTreeSet<&'a str>,
    /// The calendar that they belong to.
    pub calendar: &'a Calendar,
    /// The events folder as people reach it.
    pub root: &'a str,
}

/// What subscribers have and would lose.
#[derive(Debug, Default)]
pub struct Losses {
    /// What authors are told.
    pub found: Vec<Diagnostic>,
    /// The events that probably go on under another UID, by the one that subscribers have.
    pub renamed: BTreeMap<Arc<str>, Renamed>,
}

/// The other UID of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// The UID that it has now.
    pub uid: Arc<str>,
    /// The line that gives it back the one it had.
    pub cure: String,
}

/// An event that subscribers have and that is no longer in the files, by its UID.
pub(super) type Lost<'l> = (&'l str, &'l Record);

impl Ledger {
    /// Finds what subscribers have and would lose.
    pub fn losses(&self, written: &Written) -> Losses {
        let uids: HashSet<&str> = written
            .identities
            .iter()
            .map(|identity| &*identity.uid)
            .collect();
        // A recovered ledger may not know the file of an event.
        let may_be_broken = |record: &Record| match record.source.as_str() {
            "" => !written.broken.is_empty(),
            source => written.broken.contains(source),
        };
        // What the calendar's policy took from the feeds is not missed.
        let is_published =
            |record: &Record| !record.is_gone && !record.is_left_out && !may_be_broken(record);
        let published = self
            .records
            .iter()
            .filter(|(_, record)| is_published(record));
        let drafts: BTreeMap<&str, &Identity> = written
            .drafts
            .iter()
            .map(|draft| (&*draft.uid, draft))
            .collect();
        let mut losses = Losses::default();
        let mut lost = Vec::new();
        for (uid, record) in published {
            match drafts.get(&**uid) {
                Some(draft) => losses.found.push(published_draft(record, draft)),
                None if !uids.contains(&**uid) => lost.push((&**uid, &**record)),
                None => {}
            }
        }
        if lost.is_empty() {
            return losses;
        }
        let (rehomed, lost) = self.rehomed(lost, written, &uids);
        losses.found.extend(other_domain(&rehomed, written.root));
        let lost = self.renamed_projects(lost, written, &mut losses);
        self.vanished_or_renamed(lost, written, &mut losses);
        losses
    }

    /// Parts what is lost into what has its name still, at another domain, and the rest.
    fn rehomed<'l>(
        &self,
        lost: Vec<Lost<'l>>,
        written: &Written,
        uids: &HashSet<&str>,
    ) -> (Vec<Lost<'l>>, Vec<Lost<'l>>) {
        let own = written
            .identities
            .iter()
            .filter(|identity| !identity.is_explicit);
        let domains: BTreeSet<&str> = own.map(|identity| parts(&identity.uid).1).collect();
        let is_at_home = |(uid, record): (&Arc<str>, &Arc<Record>)| {
            !record.is_gone && domains.contains(parts(uid).1)
        };
        // If subscribers have one at the calendar's domain, it did not change.
        let names: BTreeSet<&str> = match self.records.iter().any(is_at_home) {
            true => BTreeSet::new(),
            false => uids.iter().map(|uid| parts(uid).0).collect(),
        };
        lost.into_iter()
            .partition(|(uid, _)| names.contains(parts(uid).0))
    }

    fn vanished_or_renamed(&self, lost: Vec<Lost>, written: &Written, losses: &mut Losses) {
        let mut new: BTreeMap<(&str, &str), Vec<&Revised>> = BTreeMap::new();
        // An event that was gone is back, in a file whose event had another UID for a run: it was
        // renamed, and then got its `uid:`.
        let mut returned: BTreeSet<(&str, &str)> = BTreeSet::new();
        for &event in &written.events {
            let start = event.record.start.as_str();
            match self.records.get(&event.uid) {
                None => new
                    .entry((&event.record.project, start))
                    .or_default()
                    .push(event),
                Some(known) if known.is_gone => {
                    returned.insert((&event.origin.relative, start));
                }
                Some(_) => {}
            }
        }
        let has_returned = |record: &Record| returned.contains(&(&*record.source, &*record.start));
        for (uid, record) in lost.into_iter().filter(|(_, record)| !has_returned(record)) {
            let candidates = new.get_mut(&(&*record.project, &*record.start));
            // One new event stands for one lost one, the one with its title if there is a choice.
            let renamed = candidates
                .filter(|events| !events.is_empty())
                .map(|events| {
                    let is_titled = |event: &&Revised| event.record.title == record.title;
                    events.swap_remove(events.iter().position(is_titled).unwrap_or(0))
                });
            if let Some(event) = renamed {
                let renamed = Renamed {
                    uid: event.uid.clone(),
                    cure: format!("uid: {uid}"),
                };
                losses
                    .found
                    .push(probable_rename(record, event, &renamed.cure));
                losses.renamed.insert(uid.into(), renamed);
            } else {
                losses.found.push(vanished(uid, record, written.root));
            }
        }
    }
}

/// Reports a feed that people may still fetch although the calendar no longer plans it.
pub fn orphaned(slug: &str, root: &str) -> Diagnostic {
    let message = format!("the feed `{slug}.ics` was published and is no longer planned");
    let hint = format!(
        "it stays as it is for those who subscribe to it; bring it back, let a project go on with it by \
         `aliases: [{slug}]`, or remove it with `--prune`"
    );
    Complaint::new(Code::OrphanedFeed, message)
        .hint(hint)
        .at(Place::file(below(root, "calendar.yaml")))
}

fn published_draft(record: &Record, draft: &Identity) -> Diagnostic {
    let message = format!(
        "subscribers have `{}` of {}, and its start is gone",
        record.title, record.start
    );
    let hint = "if it does not take place, keep the start and write `status: cancelled`; if it moves, write the new start";
    Complaint::new(Code::PublishedDraft, message)
        .hint(hint)
        .at(draft.origin.key("start"))
}

/// Splits a UID into what stands before and after its last `@`.
fn parts(uid: &str) -> (&str, &str) {
    uid.rsplit_once('@').unwrap_or((uid, ""))
}

fn other_domain(rehomed: &[Lost], root: &str) -> Option<Diagnostic> {
    let (uid, _) = rehomed.first()?;
    let (_, domain) = parts(uid);
    let message = format!(
        "{} published under UIDs that end in `@{domain}`",
        match rehomed.len() {
            1 => "1 event was".to_owned(),
            count => format!("{count} events were"),
        }
    );
    let place = Place {
        file: below(root, "calendar.yaml").into(),
        at: At::Node(vec![Step::Key("domain".into())], Part::Value),
    };
    let hint = format!(
        "keep `domain: {domain}`: it is part of every UID, and subscribers would lose these events and get new ones"
    );
    Some(
        Complaint::new(Code::ChangedDomain, message)
            .hint(hint)
            .at(place),
    )
}

fn vanished(uid: &str, record: &Record, root: &str) -> Diagnostic {
    let message = format!(
        "`{}` of {} was published and is no longer in the files",
        record.title, record.start
    );
    let hint = format!(
        "subscribers lose it without a word; if it was called off, keep it with `status: cancelled`; \
         if it was renamed or moved, write `uid: {uid}` where it is now"
    );
    Complaint::new(Code::Vanished, message)
        .hint(hint)
        .at(Place::file(below(root, &record.source)))
}

fn probable_rename(record: &Record, event: &Revised, cure: &str) -> Diagnostic {
    let message = format!(
        "this looks like `{}` of {}, which was published under another UID",
        record.title, record.start
    );
    let came_from = match record.source.as_str() {
        "" => String::new(),
        source => format!("; it came from `{source}`"),
    };
    Complaint::new(Code::ProbableRename, message)
        .hint(format!(
            "write `{cure}` here and subscribers keep their entry{came_from}"
        ))
        .at(event.origin.key("start"))
}
