//! Projects: whose event is announced, by the registry and the vocabulary.
//!
//! Flows in: the names that `calendar.yaml` and the vocabulary know, and what an announcement says. Flows out: a slug.
//! Deliberately absent: a list of projects; a community is known by its registry.

use crate::diagnostic::nearest;
use crate::event::Kind;
use crate::event::calendar::Calendar;
use crate::newsletter::plain::{half_width, is_han, letters};
use crate::newsletter::vocabulary::{Sense, Vocabulary};

/// The names of all projects.
#[derive(Debug, Clone, Default)]
pub(super) struct Projects {
    names: Vec<Name>,
    /// The kinds that the registry gives, by slug.
    kinds: Vec<(String, Kind)>,
}

/// A name of a project.
#[derive(Debug, Clone)]
struct Name {
    slug: String,
    /// Its letters.
    letters: String,
}

impl Name {
    /// Finds the number of an episode behind the name: `灯笼夜话#12`.
    fn episode(&self, letters: &str, vocabulary: &Vocabulary) -> Option<u32> {
        let (_, behind) = letters.split_once(&self.letters)?;
        // `桥头 Meetup#3`: what people attend may stand between.
        let (between, number) = behind.split_once('#')?;
        let is_near = between.is_empty() || vocabulary.is(Sense::Gatherings, between);
        number_at(number)
            .filter(|_| is_near)
            .map(|(number, _)| number)
    }
}

/// Whose event it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whose {
    /// The slug.
    pub slug: String,
    /// Whether the registry has it.
    pub is_registered: bool,
}

/// What an announcement says about whose event it is, the weightiest first.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Evidence<'p> {
    /// The line above it that names a project.
    pub(super) line: Option<&'p str>,
    /// Its title.
    pub(super) title: &'p str,
    /// The heading above it.
    pub(super) heading: &'p str,
    /// Its other words.
    pub(super) words: &'p str,
    /// The headline of the post.
    pub(super) headline: &'p str,
    /// The tags of the post.
    pub(super) tags: &'p str,
    /// All words of the post.
    pub(super) post: &'p str,
}

impl Projects {
    /// Collects the names of a registry's projects, and the words that stand for them.
    pub(super) fn of(calendar: Option<&Calendar>, vocabulary: &Vocabulary) -> Self {
        let registered = calendar.into_iter().flat_map(|calendar| &calendar.projects);
        let mut names = Vec::new();
        let mut add = |slug: &str, name: &str| {
            let letters = letters(name);
            let shortest = if letters.chars().all(is_han) { 2 } else { 3 };
            if letters.chars().count() >= shortest {
                let slug = slug.to_owned();
                names.push(Name { slug, letters });
            }
        };
        for (slug, project) in registered {
            let repo = project.repo.as_ref().map(|repo| repo.as_str());
            let repo = repo.and_then(|repo| repo.trim_end_matches('/').rsplit('/').next());
            let aliases = project.aliases.iter().map(String::as_str);
            let known = [slug.as_str(), project.name.as_str()].into_iter();
            for name in known
                .chain(repo)
                .chain(aliases)
                .chain(project.uid_prefix.as_deref())
            {
                add(slug, name);
            }
        }
        let is_registered =
            |slug: &str| calendar.is_none_or(|calendar| calendar.projects.contains_key(slug));
        for (slug, words) in vocabulary
            .projects
            .iter()
            .filter(|(slug, _)| is_registered(slug))
        {
            words.iter().for_each(|word| add(slug, word));
        }
        names.dedup_by(|a, b| a.slug == b.slug && a.letters == b.letters);
        let registered = calendar.into_iter().flat_map(|calendar| &calendar.projects);
        let kinds = registered.filter_map(|(slug, project)| Some((slug.clone(), project.kind?)));
        let kinds = kinds.collect();
        Projects { names, kinds }
    }

    /// Gives the kind that the registry says of a project's events.
    pub(super) fn kind(&self, slug: &str) -> Option<Kind> {
        let known = self.kinds.iter().find(|(known, _)| known == slug);
        known.map(|(_, kind)| *kind)
    }

    /// Finds the project that a text names, and nothing else.
    pub(super) fn named(&self, text: &str) -> Option<&str> {
        let letters = letters(text);
        let name = self.names.iter().find(|name| name.letters == letters)?;
        Some(&name.slug)
    }

    /// Finds the project that a text is about: one with the number of an episode, else the first.
    pub(super) fn within(&self, text: &str) -> Option<&str> {
        let text = numbered_letters(text);
        let places = self.names.iter().filter_map(|name| {
            let at = text.find(&name.letters)?;
            let behind = text[at + name.letters.len()..].strip_prefix('#');
            let is_episode =
                behind.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
            Some((!is_episode, at, usize::MAX - name.letters.len(), &name.slug))
        });
        places.min().map(|(.., slug)| slug.as_str())
    }

    /// Finds the episode of a project that a sentence names: `灯笼夜话#12`, or 第 12 期 beside its name.
    pub(super) fn episode_of(
        &self,
        slug: &str,
        text: &str,
        vocabulary: &Vocabulary,
    ) -> Option<u32> {
        let letters = numbered_letters(text);
        let mut names = self.names.iter().filter(|name| name.slug == slug);
        let behind_name = names.find_map(|name| name.episode(&letters, vocabulary));
        let is_about = || self.within(text) == Some(slug);
        behind_name.or_else(|| issue_number(text).filter(|_| is_about()))
    }

    /// Finds the project of which a text names an episode.
    fn with_episode(&self, text: &str, vocabulary: &Vocabulary) -> Option<&str> {
        let letters = numbered_letters(text);
        let mut names = self.names.iter();
        let name = names.find(|name| name.episode(&letters, vocabulary).is_some())?;
        Some(&name.slug)
    }

    /// Decides whose event it is.
    pub(super) fn decide(&self, evidence: &Evidence<'_>, vocabulary: &Vocabulary) -> Option<Whose> {
        let known = |slug: &str| Whose {
            slug: slug.to_owned(),
            is_registered: true,
        };
        let by_line = evidence.line.and_then(|line| self.named(line));
        let by_title = self.within(evidence.title);
        if let Some(slug) = by_line.or(by_title.filter(|slug| self.begins(evidence.title, slug))) {
            return Some(known(slug));
        }
        // At a conference of others the title may name any project that is spoken about.
        let is_outside = [evidence.title, evidence.heading, evidence.words]
            .iter()
            .any(|words| vocabulary.says(Sense::Outside, words));
        let is_invited = vocabulary.says(Sense::Invitations, evidence.words);
        let outside = vocabulary
            .outside
            .as_deref()
            .filter(|_| is_outside && evidence.line.is_none());
        if let Some(slug) = outside.filter(|_| is_invited || by_title.is_none()) {
            return Some(known(slug));
        }
        let by_episode = self.with_episode(evidence.words, vocabulary);
        if let Some(slug) = by_episode.filter(|_| evidence.line.is_none()) {
            return Some(known(slug));
        }
        let others = [
            evidence.heading,
            evidence.words,
            evidence.headline,
            evidence.tags,
        ];
        let found = by_title.or_else(|| others.iter().find_map(|words| self.within(words)));
        let unknown = || {
            let line = evidence.line?;
            // Of two spellings the title's is taken.
            let titled =
                leading_name(evidence.title).filter(|name| nearest(line, [*name]).is_some());
            Some(Whose {
                slug: slug_of(titled.unwrap_or(line))?,
                is_registered: false,
            })
        };
        match evidence.line {
            // A name that the registry does not have is no other project's.
            Some(_) => by_title.map(known).or_else(unknown),
            None => found.or_else(|| self.within(evidence.post)).map(known),
        }
        .or_else(|| found.map(known))
        .or_else(|| self.unregistered(evidence.title))
    }

    /// Takes the Latin name at the beginning of a title for a project, where there is no registry to ask.
    fn unregistered(&self, title: &str) -> Option<Whose> {
        let name = leading_name(title).filter(|_| self.names.is_empty())?;
        let slug = slug_of(name)?;
        Some(Whose {
            slug,
            is_registered: false,
        })
    }

    /// Tells whether a title begins with a name of a project, or has the number of its episode.
    fn begins(&self, title: &str, slug: &str) -> bool {
        let title = numbered_letters(title);
        let mut names = self.names.iter().filter(|name| name.slug == slug);
        names.any(|name| {
            title.starts_with(&name.letters) || title.contains(&format!("{}#", name.letters))
        })
    }
}

/// Gives the Latin words that a title has first.
fn leading_name(title: &str) -> Option<&str> {
    let begin = title.find(|c: char| c.is_ascii_alphabetic())?;
    let name = &title[begin..];
    let is_name = |c: char| c.is_ascii_alphanumeric() || " -&".contains(c);
    Some(name[..name.find(|c| !is_name(c)).unwrap_or(name.len())].trim())
}

/// Gives the letters and digits of a text, and the `#` before numbers.
fn numbered_letters(text: &str) -> String {
    let kept = text
        .chars()
        .map(half_width)
        .filter(|c| c.is_alphanumeric() || *c == '#');
    kept.flat_map(char::to_lowercase).collect()
}

/// Makes a slug of a name: `SOFA Serverless` is `sofa-serverless`.
pub(super) fn slug_of(name: &str) -> Option<String> {
    let mut slug = String::new();
    for c in name.chars().map(|c| half_width(c).to_ascii_lowercase()) {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    let slug = slug.trim_end_matches('-').to_owned();
    (!slug.is_empty() && slug.len() <= 64).then_some(slug)
}

/// Finds the number of an episode in a title: `灯笼夜话 #12：…`, `第 12 期`, `第三期`.
pub(super) fn episode_in(title: &str) -> Option<u32> {
    hash_number(title).or_else(|| issue_number(title))
}

fn hash_number(title: &str) -> Option<u32> {
    let marks = title.char_indices().filter(|(_, c)| half_width(*c) == '#');
    let numbers = marks.filter_map(|(at, mark)| {
        let is_named = title[..at].trim_end().ends_with(char::is_alphabetic);
        number_at(&title[at + mark.len_utf8()..]).filter(|_| is_named)
    });
    numbers.map(|(number, _)| number).next()
}

/// Reads `第 12 期`.
fn issue_number(title: &str) -> Option<u32> {
    let marks = title.match_indices('第');
    let numbers = marks.filter_map(|(at, mark)| {
        let rest = title[at + mark.len()..].trim_start();
        let (number, behind) = number_at(rest).or_else(|| chinese_number_at(rest))?;
        behind.trim_start().starts_with('期').then_some(number)
    });
    numbers.into_iter().next()
}

fn number_at(text: &str) -> Option<(u32, &str)> {
    let text = text.trim_start();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = text[..digits].parse().ok().filter(|_| digits <= 4)?;
    Some((number, &text[digits..]))
}

fn chinese_number_at(text: &str) -> Option<(u32, &str)> {
    let ones = |c: char| "一二三四五六七八九".chars().position(|digit| digit == c);
    let end = text.find(|c| c != '十' && ones(c).is_none())?;
    let (numeral, behind) = text.split_at(end);
    let value = |numeral: &str, nothing: usize| match numeral.chars().next() {
        None => Some(nothing),
        Some(c) => ones(c).map(|one| one + 1),
    };
    let number = match numeral.split_once('十') {
        Some((tens, ones)) => value(tens, 1)? * 10 + value(ones, 0)?,
        None => value(numeral, 0)?,
    };
    u32::try_from(number)
        .ok()
        .filter(|number| *number > 0)
        .map(|number| (number, behind))
}

#[cfg(test)]
mod tests {
    use super::{Evidence, Projects, Whose, episode_in, slug_of};
    use crate::newsletter::vocabulary::Vocabulary;
    use crate::source::Source;
    use crate::yaml::registry::read_calendar;

    const CALENDAR: &str = "name: a
domain: a.example
projects:
  lantern: {name: Lantern, aliases: [old-lamp], repo: https://a.example/town/lamp-kit}
  lantern-talk: {name: LanternTalk}
  elsewhere: {name: 别处}
";

    fn decide(evidence: &Evidence<'_>) -> Option<String> {
        let calendar = read_calendar(&Source::new("", "calendar.yaml", CALENDAR), &mut Vec::new());
        let own = Source::new(
            "",
            "vocabulary.yaml",
            "outside: elsewhere\nprojects: {lantern: [灯笼]}",
        );
        let vocabulary = Vocabulary::read(Some(&own), &mut Vec::new());
        let projects = Projects::of(calendar.as_ref(), &vocabulary);
        let whose = projects.decide(evidence, &vocabulary);
        whose.map(
            |Whose {
                 slug,
                 is_registered,
             }| match is_registered {
                true => slug,
                false => format!("new {slug}"),
            },
        )
    }

    #[test]
    fn decides_by_the_weightiest_evidence() {
        let none = Evidence::default();
        let title = |title| decide(&Evidence { title, ..none });
        assert_eq!(
            title("LanternTalk#3：怎样用 Old Lamp").as_deref(),
            Some("lantern-talk")
        );
        assert_eq!(title("Old Lamp 例会").as_deref(), Some("lantern"));
        assert_eq!(title("灯笼例会").as_deref(), Some("lantern"));
        assert_eq!(title("桥头例会"), None);
        let words = "Lantern 的作者受邀参加桥头峰会";
        let outside = Evidence {
            title: "竹篾与 Lantern",
            words,
            ..none
        };
        assert_eq!(decide(&outside).as_deref(), Some("elsewhere"));
        let line = Evidence {
            line: Some("lamp-kit"),
            ..outside
        };
        assert_eq!(decide(&line).as_deref(), Some("lantern"));
        let unknown = Evidence {
            line: Some("River Club"),
            title: "例会",
            post: "Lantern",
            ..none
        };
        assert_eq!(decide(&unknown).as_deref(), Some("new river-club"));
    }

    #[test]
    fn finds_episodes() {
        let table = [
            ("LanternTalk #12：竹", Some(12)),
            ("LanternTalk＃7", Some(7)),
            ("灯笼夜话第 33 期", Some(33)),
            ("灯笼夜话第二十一期", Some(21)),
            ("第三届，#5", None),
            ("竹篾 2024", None),
        ];
        for (title, episode) in table {
            assert_eq!(episode_in(title), episode, "{title}");
        }
        assert_eq!(
            slug_of("SOFA Serverless："),
            Some("sofa-serverless".to_owned())
        );
        assert_eq!(slug_of("灯笼"), None);
    }
}
