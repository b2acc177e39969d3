//! News: what subscribers will notice, from the ledger before a run and the one after it.

use crate::feed::revision::{Ledger, Record};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What subscribers will notice of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// What happened to it.
    pub what: What,
    /// Its UID.
    pub uid: Arc<str>,
    /// What people call it.
    pub title: String,
    /// When it starts.
    pub start: String,
    /// When it started before, if it moved.
    pub was: Option<String>,
}

/// What happened to an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// It is new.
    Added,
    /// It starts at another time.
    Moved,
    /// It was called off.
    Cancelled,
    /// It has another title.
    Retitled,
    /// It takes place after all.
    Restored,
    /// It is a day on which a series does not take place any more.
    Skipped,
    /// Something else of it changed.
    Edited,
    /// It probably goes on under another UID, so that subscribers get it anew.
    Renamed,
    /// It is no longer in the files.
    Vanished,
    /// It left the feeds by the calendar's policy: it is past, or a series without an occurrence.
    Retired,
    /// It is in the feeds again.
    Returned,
}

impl What {
    /// The word that people and machines read.
    pub fn as_str(self) -> &'static str {
        match self {
            What::Added => "added",
            What::Moved => "moved",
            What::Cancelled => "cancelled",
            What::Retitled => "retitled",
            What::Restored => "restored",
            What::Skipped => "skipped",
            What::Edited => "edited",
            What::Renamed => "renamed",
            What::Vanished => "vanished",
            What::Retired => "retired",
            What::Returned => "returned",
        }
    }
}

impl Ledger {
    /// Lists what is different in the ledger after a run, by start; `cancelled` are the UIDs called off in it.
    pub fn news(&self, next: &Ledger, cancelled: &BTreeSet<Arc<str>>) -> Vec<News> {
        let news = |(uid, record): (&Arc<str>, &Arc<Record>)| {
            let known = self.records.get(uid).filter(|known| !known.is_gone);
            let what = match known {
                None if record.is_gone || record.is_left_out => return None,
                None => What::Added,
                // Whoever left the feeds before is missed by nobody.
                Some(known) if record.is_gone && known.is_left_out => return None,
                Some(_) if record.is_gone => What::Vanished,
                Some(known) if known.is_left_out != record.is_left_out => {
                    match record.is_left_out {
                        true if cancelled.contains(uid) => What::Cancelled,
                        true => What::Retired,
                        false => What::Returned,
                    }
                }
                Some(known) if known.digest == record.digest => return None,
                Some(_) if cancelled.contains(uid) => What::Cancelled,
                Some(known) if known.start != record.start => What::Moved,
                Some(known) if known.title != record.title => What::Retitled,
                Some(_) => What::Edited,
            };
            let was = known.filter(|_| what == What::Moved);
            Some(News {
                what,
                uid: uid.clone(),
                was: was.map(|known| known.start.clone()),
                title: record.title.clone(),
                start: record.start.clone(),
            })
        };
        let mut all: Vec<News> = next.records.iter().filter_map(news).collect();
        all.sort_by(|a, b| (&a.start, &a.title).cmp(&(&b.start, &b.title)));
        all
    }
}
