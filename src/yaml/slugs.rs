//! Slugs: the names of feeds, which no two projects, feeds or aliases may share.
//!
//! Flows in: the keys of `projects:` and `feeds:`, and each project's aliases. Flows out: slugs that are
//! well made and taken once, or complaints.

use crate::diagnostic::{Code, Complaint, Part, Place, excerpt};
use crate::yaml::cursor::Cursor;
use crate::yaml::document::{CalendarDocument, FeedDocument, ProjectDocument};
use crate::yaml::field::{Entries, Field, Many, Shape, Text};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// The most aliases of a project: each is a whole copy of its feed.
const MOST_ALIASES: usize = 20;

/// The slugs that are taken, each with its place and what has it.
pub(crate) struct Slugs {
    taken: BTreeMap<String, (Place, &'static str)>,
}

impl Slugs {
    /// Takes the slugs of all projects and extra feeds, wherever they stand: an alias gives way to them.
    pub(crate) fn of(at: &Cursor, document: &CalendarDocument) -> Self {
        let mut slugs = Slugs {
            taken: BTreeMap::new(),
        };
        let here = at.key("projects");
        if let Some(Entries(projects)) = document.projects.value() {
            for (slug, _) in projects {
                let place = here.key(slug).place(Part::Key);
                slugs
                    .taken
                    .entry(slug.clone())
                    .or_insert((place, "a project"));
            }
        }
        let here = at.key("feeds");
        if let Some(Entries(feeds)) = document.feeds.value() {
            // A key that is written twice is another mistake.
            let mut seen = BTreeSet::new();
            for (slug, _) in feeds.iter().filter(|(slug, _)| seen.insert(slug)) {
                slugs.take(&here.key(slug), Part::Key, slug, "a feed");
            }
        }
        slugs
    }

    /// Reads the aliases of a project.
    pub(crate) fn aliases(
        &mut self,
        at: &Cursor,
        field: &Field<Many<Text>>,
        project: &str,
    ) -> Vec<String> {
        let aliases = at.lines_with(field, |at, alias| {
            if let Err(complaint) = check_slug(alias) {
                at.report(complaint);
                return None;
            }
            if alias == project {
                let message = format!("`{alias}` is the project's own slug");
                let complaint = Complaint::new(Code::DuplicateSlug, message);
                at.report(complaint.hint("an alias is a slug that the project had before"));
                return None;
            }
            self.take(at, Part::Value, alias, "an alias")
                .then(|| alias.to_owned())
        });
        if aliases.len() > MOST_ALIASES {
            let message = format!("a project has {MOST_ALIASES} aliases at most");
            at.report_part(
                Part::Key,
                Complaint::new(Code::TooLong, message).hint("keep those that people subscribe to"),
            );
        }
        aliases
    }

    /// Takes a slug, or reports who has it.
    fn take(&mut self, at: &Cursor, part: Part, slug: &str, what: &'static str) -> bool {
        let place = at.place(part);
        match self.taken.entry(slug.to_owned()) {
            Entry::Vacant(free) => {
                free.insert((place, what));
                true
            }
            Entry::Occupied(taken) => {
                let (earlier, owner) = taken.get();
                let complaint =
                    Complaint::new(Code::DuplicateSlug, format!("the slug `{slug}` is taken"))
                        .label(what)
                        .hint(format!(
                            "it names one file, `{slug}.ics`: choose another one here or there"
                        ));
                at.keep(complaint.at(place).also(earlier.clone(), *owner));
                false
            }
        }
    }
}

/// Gives the entries of a mapping whose keys the author chooses.
pub(crate) fn entries<'f, T: Shape>(
    at: &Cursor,
    field: &'f Field<Entries<T>>,
) -> &'f [(String, Field<T>)] {
    at.shape(field).map_or(&[], |entries| &entries.0)
}

/// Reports a key of such a mapping that is written again.
pub(crate) fn report_twice(at: &Cursor, message: String) {
    let complaint = Complaint::new(Code::DuplicateKey, message);
    at.report_part(Part::RepeatedKey(2), complaint.hint("keep one of them"));
}

/// Checks the slug of a project; a project's key in its place has lost its indentation.
pub(crate) fn check_slug_of_project(slug: &str) -> Result<(), Complaint> {
    refuse_key("project", ProjectDocument::KEYS, slug)?;
    check_slug(slug)
}

/// Checks the slug of an extra feed.
pub(crate) fn check_slug_of_feed(slug: &str) -> Result<(), Complaint> {
    refuse_key("feed", FeedDocument::KEYS, slug)?;
    check_slug(slug)
}

fn refuse_key(what: &str, keys: &[&str], slug: &str) -> Result<(), Complaint> {
    if !keys.contains(&slug) {
        return Ok(());
    }
    let message = format!("`{slug}` is a key of a {what}, not a {what}");
    let complaint = Complaint::new(Code::BadSlug, message);
    Err(complaint.hint(format!("indent it below the {what}'s slug")))
}

/// Checks that a slug can name a feed's file.
pub(crate) fn check_slug(slug: &str) -> Result<(), Complaint> {
    let is_made_well = |slug: &str| {
        let is_fine = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        !slug.is_empty() && !slug.starts_with('-') && slug.bytes().all(is_fine)
    };
    let bad = |message: String| {
        Err(Complaint::new(Code::BadSlug, message)
            .hint("a slug is the feed's file name: a-z, 0-9 and `-`, such as `sofa-ark`"))
    };
    let lower = slug.to_lowercase().replace([' ', '_'], "-");
    if !is_made_well(slug) && is_made_well(&lower) {
        let complaint = Complaint::new(Code::BadSlug, format!("`{slug}` is not a slug"));
        return Err(complaint.hint(format!("write `{lower}`: a slug is the feed's file name")));
    }
    match slug {
        _ if !is_made_well(slug) => bad(format!("`{}` is not a slug", excerpt(slug))),
        "all" => bad("`all` is the name of the combined feed".to_owned()),
        _ if slug.len() > 64 => bad("a slug has 64 characters at most".to_owned()),
        _ => Ok(()),
    }
}
