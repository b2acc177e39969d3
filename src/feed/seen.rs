//! Seen: a UID as subscribers see it, and what is different about it after a run.
//!
//! Flows in: two of them, of what is published and of what would be. Flows out: what happened to the event, and to single
//! occurrences of a series. Both are read from VEVENTs, so that nothing differs but what was published.

use crate::event::when::When;
use crate::feed::labels::described_parts;
use crate::feed::news::What;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// What subscribers see of one UID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The event, or what all occurrences of a series share.
    pub whole: Shown,
    /// RRULE.
    pub rule: Option<String>,
    /// The days of occurrences that are left out.
    pub excluded: BTreeSet<NaiveDate>,
    /// The occurrences that differ, by the day that the rule gives them.
    pub overrides: BTreeMap<NaiveDate, Shown>,
}

/// What subscribers see of an event, or of an occurrence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The title, without a mark.
    pub title: String,
    /// When it takes place.
    pub when: When,
    /// Whether it is called off.
    pub is_cancelled: bool,
    /// STATUS.
    pub status: String,
    /// DESCRIPTION.
    pub description: String,
    /// Project, kind and tags.
    pub categories: Vec<String>,
    /// A poster.
    pub image: Option<String>,
    /// Slides and papers.
    pub attachments: Vec<String>,
}

/// What happened to an event, or to an occurrence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// What, in one word; there may be more below.
    pub what: What,
    /// What it is called.
    pub title: String,
    /// What it was called, if that is different.
    pub old_title: Option<String>,
    /// When it takes place.
    pub when: When,
    /// When it took place before, if that is different.
    pub was: Option<When>,
    /// What else of it is different.
    pub parts: Vec<&'static str>,
    /// The day that the rule gives the occurrence, if it is one of a series.
    pub occurrence: Option<NaiveDate>,
    /// Whether it takes place again and again.
    pub is_series: bool,
}

impl Seen {
    /// Tells that the same happened to all of it.
    pub fn all(&self, what: What) -> Happened {
        Happened {
            is_series: self.rule.is_some(),
            ..self.whole.happened(what)
        }
    }

    /// Lists what is different in another run.
    pub fn differences(&self, new: &Seen) -> Vec<Happened> {
        let mut whole = self.whole.difference(&new.whole);
        if self.rule != new.rule {
            whole.parts.insert(0, "repetition");
        }
        whole.is_series = new.rule.is_some();
        let mut all = Vec::new();
        // A series that moved has other days, and each of its occurrences moved along.
        if self.rule.is_some() && new.rule.is_some() && whole.was.is_none() {
            let days = [self, new].into_iter().flat_map(Seen::named_days);
            let days: BTreeSet<NaiveDate> = days.collect();
            all.extend(days.iter().filter_map(|day| self.on_day(new, *day, &whole)));
        }
        if whole.is_different() {
            all.insert(0, whole);
        }
        all
    }

    fn named_days(&self) -> impl Iterator<Item = NaiveDate> {
        self.excluded.iter().chain(self.overrides.keys()).copied()
    }

    /// Tells what is different on one day, but for what is different on all of them.
    fn on_day(&self, new: &Seen, day: NaiveDate, whole: &Happened) -> Option<Happened> {
        let happened = match (self.shown_on(day), new.shown_on(day)) {
            (None, None) => return None,
            (Some(old), None) => old.happened(What::Skipped),
            (None, Some(new)) => new.happened(What::Returned),
            (Some(before), Some(after)) => {
                let mut happened = before.difference(&after);
                happened.parts.retain(|part| !whole.parts.contains(part));
                if before.title == self.whole.title && after.title == new.whole.title {
                    happened.forget_title();
                }
                if happened.is_like(whole) {
                    return None;
                }
                happened
            }
        };
        Some(Happened {
            occurrence: Some(day),
            ..happened
        })
    }

    /// Gives what is seen of the occurrence of a day; nothing if it is left out.
    fn shown_on(&self, day: NaiveDate) -> Option<Shown> {
        if self.excluded.contains(&day) {
            return None;
        }
        if let Some(shown) = self.overrides.get(&day) {
            return Some(shown.clone());
        }
        let first = self.whole.when.start();
        let start = first.at(day.and_time(first.wall_clock().time()))?;
        Some(Shown {
            when: self.whole.when.starting(&start),
            ..self.whole.clone()
        })
    }
}

impl Shown {
    fn happened(&self, what: What) -> Happened {
        Happened {
            what,
            title: self.title.clone(),
            old_title: None,
            when: self.when.clone(),
            was: None,
            parts: Vec::new(),
            occurrence: None,
            is_series: false,
        }
    }

    /// Tells what is different, in the word that weighs most.
    fn difference(&self, new: &Shown) -> Happened {
        let what = match (self.is_cancelled, new.is_cancelled) {
            (false, true) => What::Cancelled,
            (true, false) => What::Restored,
            _ if self.when.start() != new.when.start() => What::Moved,
            _ if self.title != new.title => What::Retitled,
            _ => What::Edited,
        };
        let mut parts = self.changed_parts(new);
        // Why it is so, and when it was to be, belongs to what is told.
        let is_explained = !matches!(what, What::Edited | What::Retitled);
        parts.retain(|part| !is_explained || !["reason", "original time"].contains(part));
        Happened {
            old_title: (self.title != new.title).then(|| self.title.clone()),
            was: (self.when != new.when).then(|| self.when.clone()),
            parts,
            ..new.happened(what)
        }
    }

    fn changed_parts(&self, new: &Shown) -> Vec<&'static str> {
        let [before, after] = [self, new].map(|shown| described_parts(&shown.description));
        let names: BTreeSet<&'static str> = before.keys().chain(after.keys()).copied().collect();
        let mut parts: Vec<&'static str> = names
            .into_iter()
            .filter(|name| before.get(name) != after.get(name))
            .collect();
        let category = |shown: &Shown, at: usize| shown.categories.get(at).cloned();
        let tags = |shown: &Shown| shown.categories.get(2..).map(<[String]>::to_vec);
        let is_settled = self.is_cancelled == new.is_cancelled;
        let others = [
            ("project", category(self, 0) != category(new, 0)),
            ("kind", category(self, 1) != category(new, 1)),
            ("tags", tags(self) != tags(new)),
            ("poster", self.image != new.image),
            (
                "materials",
                self.attachments != new.attachments && !parts.contains(&"materials"),
            ),
            ("status", is_settled && self.status != new.status),
        ];
        parts.extend(
            others
                .iter()
                .filter(|(_, differs)| *differs)
                .map(|(name, _)| *name),
        );
        parts
    }
}

impl Happened {
    /// Leaves out that the title is another one.
    fn forget_title(&mut self) {
        self.old_title = None;
        if self.what == What::Retitled {
            self.what = What::Edited;
        }
    }

    /// Tells whether there is anything to tell.
    fn is_different(&self) -> bool {
        let is_turned = matches!(self.what, What::Cancelled | What::Restored);
        is_turned || self.old_title.is_some() || self.was.is_some() || !self.parts.is_empty()
    }

    /// Tells whether there is nothing to tell that is not told of the whole series.
    fn is_like(&self, whole: &Happened) -> bool {
        let is_more = self.old_title.is_some() || self.was.is_some() || !self.parts.is_empty();
        !self.is_different() || (self.what == whole.what && !is_more)
    }
}
