//! The front matter of a post, as site generators want it.

use crate::yaml::field::{Many, Text};

document! {
    /// What stands before the text of a post; its other keys are the site's own.
    FrontMatterDocument {
        /// The headline.
        title: Text as line("SOFA Weekly"),
        /// When the post appeared.
        date: Text,
        /// One or two sentences.
        description: Text,
        /// Words to filter by.
        tags: Many<Text>,
        /// Where the site files it.
        categories: Many<Text>,
        /// The picture at its top.
        cover: Text,
    }
}
