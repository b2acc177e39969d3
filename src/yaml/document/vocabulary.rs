//! `vocabulary.yaml` as people write it: the words that announcements are read by.

use crate::yaml::field::{Entries, Many, Text};

document! {
    /// `events/vocabulary.yaml`, and the vocabulary that is built in.
    VocabularyDocument {
        /// What stands before a colon, by what stands behind it.
        labels: Entries<Many<Text>>,
        /// What headings say: preview, review, overview or quiet.
        headings: Entries<Many<Text>>,
        /// What sentences hold, by what that means.
        words: Entries<Many<Text>>,
        /// What says of which kind an event is.
        kinds: Entries<Many<Text>>,
        /// Words for parts of the day, with the first and the last hour: `夜里: 20-24`.
        day_parts: Entries<Text>,
        /// Words for projects, by slug.
        projects: Entries<Many<Text>>,
        /// The project of what others organise.
        outside: Text as slug("community"),
        /// Folders of posts that are about one event each.
        pages: Many<Text>,
        /// Where posts are published: the beginning of a path, and of an address.
        site: Entries<Text>,
    }
}
