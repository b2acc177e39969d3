//! Reading: a block of a post becomes an announcement.
//!
//! Flows in: a post. Flows out: what it announces, with every doubt. Each kind of fact is read by a function of its own;
//! `told_time` knows times, `prose` sentences without labels, `links` and `facts` the rest. Deliberately absent: other posts.

use crate::diagnostic::{Code, Complaint, Diagnostic};
use crate::event::Kind;
use crate::event::when::{Tz, instant_of};
use crate::event::written_time::{WrittenTime, find_times_with};
use crate::newsletter::agenda::{Point, end_of};
use crate::newsletter::announcement::{Announcement, Role};
use crate::newsletter::block::{Block, blocks_of, labels_of_lines};
use crate::newsletter::doubt::Doubts;
use crate::newsletter::facts::details_of;
use crate::newsletter::fields::{WrittenField, fields_of};
use crate::newsletter::markdown::{Line, Role as LineRole};
use crate::newsletter::plain::{bare, letters};
use crate::newsletter::post::Post;
use crate::newsletter::project::{Evidence, Projects, Whose, episode_in};
use crate::newsletter::prose::{Sentence, sentences_of};
use crate::newsletter::title::{draft_title, title_of, without_mark};
use crate::newsletter::told_time::{Placed, Told, place, settled, week_is_wrong};
use crate::newsletter::vocabulary::{Heading, Label, Sense, Vocabulary};
use crate::source::Span;
use chrono::{Datelike, NaiveDate, TimeDelta};

/// What posts are read with.
#[derive(Debug, Clone)]
pub(super) struct Reader<'r> {
    /// The names of the projects.
    pub(super) projects: &'r Projects,
    /// The words.
    pub(super) vocabulary: &'r Vocabulary,
    /// The calendar's zone.
    pub(super) zone: Tz,
}

/// A block with its fields, on the way to an announcement.
pub(super) struct Draft<'d, 'p> {
    pub(super) post: &'p Post<'d>,
    pub(super) block: &'d Block<'p>,
    pub(super) fields: &'d [WrittenField<'p>],
    pub(super) doubts: Doubts,
}

impl<'p> Draft<'_, 'p> {
    /// Gives the fields with a label.
    pub(super) fn fields(&self, label: Label) -> impl Iterator<Item = &WrittenField<'p>> {
        self.fields.iter().filter(move |field| field.label == label)
    }
}

/// A time that a post says of an event, with the line that says it.
struct Said<'p> {
    time: WrittenTime,
    line: &'p Line,
    /// The words that hold it.
    text: &'p str,
}

impl Reader<'_> {
    /// Reads what a post announces.
    pub(super) fn announcements_of(&self, post: &Post<'_>) -> Vec<Announcement> {
        let labels = labels_of_lines(&post.lines, self.vocabulary);
        let blocks = blocks_of(post, &labels, self.projects, self.vocabulary);
        let mut found = Vec::new();
        for block in &blocks {
            if found.len() >= MOST {
                break;
            }
            let fields = fields_of(block, self.projects);
            let draft = Draft {
                post,
                block,
                fields: &fields,
                doubts: Doubts::default(),
            };
            match self.is_announcement(&draft) {
                true => found.extend(self.labelled(draft)),
                false => found.extend(self.told(draft)),
            }
        }
        found
    }

    /// Tells whether a block has the labels of an announcement.
    fn is_announcement(&self, draft: &Draft<'_, '_>) -> bool {
        let block = draft.block;
        let says = |heading| block.heading_says(heading, self.vocabulary);
        let mut known: Vec<Label> = draft.fields.iter().map(|field| field.label).collect();
        known.sort_unstable();
        known.dedup();
        known.retain(|label| !matches!(label, Label::Other | Label::Takeaways));
        let is_expected = block.is_page || says(Heading::Preview) || says(Heading::Review);
        known.contains(&Label::Time) && (is_expected || known.len() > 1)
    }

    /// Reads an announcement whose time has a label.
    fn labelled(&self, mut draft: Draft<'_, '_>) -> Option<Announcement> {
        let said = self.said(&draft);
        let Some(first) = said.first() else {
            return self.undated(draft);
        };
        let mut placed = place(&first.time, draft.post.date);
        if let Some(placed) = &mut placed {
            self.weigh_dates(&mut draft, &said, placed);
        }
        let when = placed.and_then(|placed| settled(&first.time, placed.day, self.zone));
        let when = self.with_end_of_description(&draft, when.unwrap_or_default());
        for broken in &draft.post.broken {
            if (broken.start..broken.end).contains(&first.line.span.start) {
                let message = "the line is broken inside a time";
                let complaint = Complaint::new(Code::BrokenTime, message);
                let complaint = complaint.hint("join the two lines in the post");
                draft.doubts.warn(draft.post, broken, "start", complaint);
            }
        }
        if let Some(placed) = placed.filter(|placed| placed.lacked_year) {
            note_year(&mut draft, placed.day);
        }
        let line = (first.line.text.clone(), first.line.span.clone());
        self.finished(draft, when, line, None)
    }

    /// Finds the times behind labels; a date and a clock on lines of their own are one.
    fn said<'p>(&self, draft: &Draft<'_, 'p>) -> Vec<Said<'p>> {
        let mut said: Vec<Said> = Vec::new();
        for field in draft.fields(Label::Time) {
            let text = field.text();
            for time in find_times_with(text, &self.vocabulary.day_parts) {
                match said.last_mut() {
                    Some(last) if last.time.start.clock.is_none() && time.start.date.is_none() => {
                        last.time.start.clock = time.start.clock;
                        last.time.start.offset = time.start.offset;
                        last.time.end = time.end.or(last.time.end.take());
                    }
                    _ if time.start.date.is_some() => {
                        let line = field.line;
                        said.push(Said { time, line, text });
                    }
                    _ => {}
                }
            }
        }
        said
    }

    /// Decides between the dates that a post gives one event, and says what is wrong with them.
    fn weigh_dates(&self, draft: &mut Draft<'_, '_>, said: &[Said<'_>], placed: &mut Placed) {
        let post = draft.post;
        let Some(first) = said.first() else { return };
        let span = first.line.span.clone();
        let described = self.described(draft);
        let further = said[1..]
            .iter()
            .filter_map(|said| place(&said.time, post.date));
        let others: Vec<NaiveDate> = further
            .chain(described.map(|(_, placed)| placed))
            .map(|placed| placed.day)
            .collect();
        let stated = placed.day;
        if placed.contradicts_itself() {
            let weekday = placed.weekday.unwrap_or(stated.weekday());
            let word = first.time.start.weekday.as_ref();
            let word = word
                .and_then(|word| first.text.get(word.span.clone()))
                .unwrap_or_default();
            // Another date of the post may be on that weekday; of a page also the day on which it appeared.
            let page_date = post.date.filter(|_| draft.block.is_page);
            let mut fitting = others.iter().copied().chain(page_date);
            let meant = fitting.find(|day| {
                day.weekday() == weekday && (*day - stated).abs() <= TimeDelta::days(NEAR)
            });
            let message = match meant {
                Some(meant) => format!(
                    "the post says {stated}, which is no {word}; {meant} is, and stands in the post too"
                ),
                None => format!("the post says {stated}, which is no {word}"),
            };
            let complaint = Complaint::new(Code::DateMismatch, message)
                .label(format!("{stated} is a {}", stated.format("%A")));
            let complaint = complaint.hint("ask which of them is right");
            draft.doubts.warn(post, &span, "start", complaint);
            placed.day = meant.unwrap_or(stated);
        } else if let Some(other) = others.iter().find(|other| **other != stated) {
            let message = format!("the post gives two dates: {stated} and {other}");
            let complaint = Complaint::new(Code::DateMismatch, message);
            let complaint = complaint.hint("ask which of them is right");
            draft.doubts.warn(post, &span, "start", complaint);
        }
        let word = first.time.start.weekday.as_ref();
        let word = word.and_then(|word| first.text.get(word.span.clone()));
        if let (Some(word), Some(post)) = (word, post.date)
            && week_is_wrong(word, placed.day, post)
        {
            let note = format!("the post of {post} says {word}, which is another week");
            draft.doubts.note("start", note);
        }
    }

    /// Finds the time in the sentence that a page says about itself.
    fn described(&self, draft: &Draft<'_, '_>) -> Option<(WrittenTime, Placed)> {
        let description = &draft.post.description;
        let is_fit = draft.block.is_page && !self.vocabulary.says(Sense::Deadlines, description);
        let times = is_fit.then(|| find_times_with(description, &self.vocabulary.day_parts));
        let mut dated = times
            .into_iter()
            .flatten()
            .filter(|time| time.start.date.is_some());
        let time = dated.next()?;
        let placed = place(&time, draft.post.date)?;
        Some((time, placed))
    }

    /// Takes the end from a page's description, if that starts at the same time of day.
    fn with_end_of_description(&self, draft: &Draft<'_, '_>, when: Told) -> Told {
        let Told::Timed { start, end: None } = when else {
            return when;
        };
        let described = self.described(draft);
        let same_day =
            described.and_then(|(time, _)| settled(&time, start.date_naive(), self.zone));
        match same_day {
            Some(Told::Timed { start: other, end }) if other == start => Told::Timed { start, end },
            _ => when,
        }
    }

    /// Takes the end from the programme, if nothing else says it.
    fn with_end_of_programme(
        &self,
        draft: &mut Draft<'_, '_>,
        when: Told,
        points: &[Point],
    ) -> Told {
        let Told::Timed { start, end: None } = when else {
            return when;
        };
        let end = end_of(points).and_then(|text| {
            find_times_with(&text, &self.vocabulary.day_parts)
                .into_iter()
                .next()
        });
        let clock = end.and_then(|time| time.start.clock);
        let end =
            clock.and_then(|clock| instant_of(self.zone, clock.value.on(start.date_naive())).ok());
        let end = end.filter(|end| *end > start);
        if end.is_some() {
            draft.doubts.note("end", "the end is that of the programme");
        }
        Told::Timed { start, end }
    }

    /// Reads what sentences without labels tell.
    fn told(&self, draft: Draft<'_, '_>) -> Vec<Announcement> {
        let sentences = sentences_of(&draft, self);
        if sentences.is_empty() {
            return self.undated(draft).into_iter().collect();
        }
        let finish = |sentence: Sentence<'_>| {
            let mut draft = Draft {
                doubts: Doubts::default(),
                ..draft
            };
            if sentence.lacked_year {
                note_year(&mut draft, sentence.when.day()?);
            }
            let line = (sentence.line.text.clone(), sentence.line.span.clone());
            self.finished(draft, sentence.when, line, Some(sentence))
        };
        sentences.into_iter().filter_map(finish).collect()
    }

    /// Reads an announcement that says no day: a draft, if it is sure that there is an event.
    fn undated(&self, mut draft: Draft<'_, '_>) -> Option<Announcement> {
        let block = draft.block;
        let heading = block
            .heading
            .filter(|_| block.heading_says(Heading::Preview, self.vocabulary));
        let names_episode = heading.is_some_and(|heading| episode_in(&heading.text).is_some());
        let titled = draft.fields(Label::Title).next();
        let is_sure =
            names_episode || titled.is_some() && (heading.is_some() || block.has(Label::Time));
        let line = titled
            .map(|field| field.line)
            .or(heading)
            .filter(|_| is_sure)?;
        let line = (line.text.clone(), line.span.clone());
        let unread: Vec<(Span, String)> = draft
            .fields(Label::Time)
            .filter(|field| !field.text().is_empty())
            .map(|field| (field.line.span.clone(), field.text().to_owned()))
            .collect();
        for (span, text) in unread {
            let message = format!("`{}` is no date", crate::diagnostic::excerpt(&text));
            let complaint = Complaint::new(Code::UnreadTime, message)
                .hint("it becomes a draft; write `start` when the day is known");
            draft.doubts.warn(draft.post, &span, "start", complaint);
        }
        self.finished(draft, Told::Undated, line, None)
    }

    /// Completes an announcement of which the time is known.
    fn finished(
        &self,
        mut draft: Draft<'_, '_>,
        when: Told,
        line: (String, Span),
        sentence: Option<Sentence<'_>>,
    ) -> Option<Announcement> {
        let (post, block) = (draft.post, draft.block);
        let mut title = match &sentence {
            Some(sentence) => sentence.title.clone(),
            None => title_of(&draft, self),
        };
        let series = sentence
            .as_ref()
            .and_then(|sentence| sentence.series.as_deref());
        if title.is_empty() {
            title = without_mark(&post.title).to_owned();
        }
        if title.is_empty() {
            return None;
        }
        let project = self.project(&draft, series.unwrap_or(&title));
        let is_of_series = series.is_some();
        let episode = (!is_of_series)
            .then(|| self.episode(&draft, &title, project.as_ref()))
            .flatten();
        let mut details = details_of(&mut draft, self, episode);
        if let (Told::Undated, Some(whose)) = (&when, &project) {
            let (words, link) = draft_title(post, &title, whose, episode, self);
            title = words;
            details.links.extend(link);
        }
        if let Some(sentence) = &sentence {
            details.speakers.extend(sentence.speakers.clone());
        }
        let when = self.with_end_of_programme(&mut draft, when, &details.agenda);
        let role = self.role(
            &draft,
            &when,
            !details.replays.is_empty() || details.summary.is_some(),
        );
        let kind = match self.kind(&draft, &title, project.as_ref()) {
            Kind::Other if details.stream_url.is_some() => Kind::Livestream,
            kind => kind,
        };
        self.doubt(&mut draft, &when, role, is_of_series, &line);
        draft.doubts.warnings.sort_by(Diagnostic::reading_order);
        Some(Announcement {
            post: post.source.path.clone(),
            post_date: post.date,
            address: address(post, self.vocabulary),
            line,
            role,
            is_page: block.is_page,
            is_of_series,
            project,
            kind,
            episode,
            title,
            when,
            details,
            doubts: draft.doubts,
        })
    }

    fn project(&self, draft: &Draft<'_, '_>, title: &str) -> Option<Whose> {
        let (post, block) = (draft.post, draft.block);
        let words = words_of(block.lines);
        let tags = post.tags.join(" ");
        let mut evidence = Evidence {
            line: block.project.as_deref(),
            title,
            heading: block.heading.map_or("", |heading| &heading.text),
            words: &words,
            headline: &post.title,
            tags: &tags,
            post: &post.opening,
        };
        if block.is_page {
            // The headline of a page is about the event.
            evidence.heading = &post.title;
        }
        self.projects.decide(&evidence, self.vocabulary)
    }

    fn episode(&self, draft: &Draft<'_, '_>, title: &str, project: Option<&Whose>) -> Option<u32> {
        let headline = || episode_in(&draft.post.title).filter(|_| draft.block.is_page);
        let of_words = || {
            // The sentence must name the project: 第 3 期 may be the third of anything.
            let slug = &project.filter(|whose| whose.is_registered)?.slug;
            let heading = draft.block.heading.into_iter();
            let lines = draft.block.lines.iter().zip(draft.block.labels);
            let sentences = lines.filter(|(line, labels)| {
                labels.is_empty() && line.role == LineRole::Text && line.links.is_empty()
            });
            let mut texts = heading
                .chain(sentences.map(|(line, _)| line))
                .map(|line| &line.text);
            let named = |text: &String| self.projects.episode_of(slug, text, self.vocabulary);
            // A title of something else needs no number.
            let is_fit = !draft.block.has(Label::Title) || self.projects.within(title).is_some();
            texts.find_map(named).filter(|_| is_fit)
        };
        episode_in(title).or_else(headline).or_else(of_words)
    }

    fn role(&self, draft: &Draft<'_, '_>, when: &Told, looks_back: bool) -> Role {
        let says = |heading| draft.block.heading_says(heading, self.vocabulary);
        // A page may have got its replay later on.
        let by_date = match (when.day(), draft.post.date) {
            (Some(day), Some(post)) if day < post => Role::Review,
            (Some(day), Some(post)) if day > post => Role::Preview,
            _ if looks_back => Role::Review,
            _ => Role::Preview,
        };
        match (
            draft.block.is_page,
            says(Heading::Preview),
            says(Heading::Review),
        ) {
            (false, true, false) => Role::Preview,
            (false, false, true) => Role::Review,
            _ => by_date,
        }
    }

    fn kind(&self, draft: &Draft<'_, '_>, title: &str, project: Option<&Whose>) -> Kind {
        let form = draft
            .fields(Label::Form)
            .map(|field| field.text())
            .collect::<String>();
        let heading = draft.block.heading.map_or("", |heading| &heading.text);
        let slug = project.map_or("", |whose| whose.slug.as_str());
        let outside = self.vocabulary.outside.as_deref();
        let talks = draft.fields(Label::Title).any(|field| {
            let words = bare(&field.line.text);
            self.vocabulary.kinds.iter().any(|(kind, known)| {
                *kind == Kind::Talk && known.iter().any(|word| words.starts_with(word.as_str()))
            })
        });
        if outside == Some(slug) {
            return if talks { Kind::Talk } else { Kind::Other };
        }
        let headline = if draft.block.is_page {
            &draft.post.title
        } else {
            ""
        };
        let texts = [title, slug, &form, heading, headline].map(letters);
        let of = |text: &String| {
            let mut kinds = self.vocabulary.kinds.iter();
            let kind =
                kinds.find(|(_, words)| words.iter().any(|word| text.contains(word.as_str())));
            kind.map(|(kind, _)| *kind)
        };
        of(&texts[0])
            .or_else(|| self.projects.kind(slug))
            .or_else(|| texts[1..].iter().find_map(of))
            .unwrap_or(Kind::Other)
    }

    /// Notes what is doubtful about an announcement as a whole.
    fn doubt(
        &self,
        draft: &mut Draft<'_, '_>,
        when: &Told,
        role: Role,
        is_of_series: bool,
        line: &(String, Span),
    ) {
        let post = draft.post;
        let says_preview = draft.block.heading_says(Heading::Preview, self.vocabulary)
            && !draft.block.heading_says(Heading::Review, self.vocabulary);
        if let (Some(day), Some(date)) = (when.day(), post.date)
            && day < date
            && says_preview
            && role == Role::Preview
            && !is_of_series
            && !draft.block.is_page
        {
            let message =
                format!("the post of {date} announces something on {day}, which was over");
            let complaint = Complaint::new(Code::LatePreview, message)
                .hint("the time may be left over from an earlier post");
            draft.doubts.warn(post, &line.1, "start", complaint);
        }
        match when {
            Told::Timed { end: None, .. } => draft.doubts.note("end", "the post says no end"),
            Told::Days { .. } => draft.doubts.note("start", "the post says no time of day"),
            Told::Timed { .. } => {}
            Told::Undated => {
                let poster = draft
                    .block
                    .lines
                    .iter()
                    .flat_map(|line| &line.images)
                    .next();
                let poster = poster.map_or(String::new(), |image| {
                    format!("; it may stand on the poster {}", image.target)
                });
                draft
                    .doubts
                    .note("start", format!("the post says no date{poster}"));
            }
        }
    }
}

/// The most announcements that are read of one post; who writes more wants to do harm.
const MOST: usize = 100;

/// How many days another date may be away that is on the weekday that is said.
const NEAR: i64 = 31;

fn note_year(draft: &mut Draft<'_, '_>, day: NaiveDate) {
    if let Some(post) = draft.post.date {
        let note = format!(
            "the year is not said; {} is nearest to the post of {post}",
            day.year()
        );
        draft.doubts.note("start", note);
    }
}

/// Joins the words of lines and pictures.
fn words_of(lines: &[Line]) -> String {
    let words = lines.iter().flat_map(|line| {
        let images = line.images.iter().map(|image| image.words.as_str());
        [line.text.as_str()].into_iter().chain(images)
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Gives the address under which a post is published.
fn address(post: &Post<'_>, vocabulary: &Vocabulary) -> Option<String> {
    let path = post.source.path.as_ref();
    let sites = vocabulary.site.iter().filter_map(|(folder, address)| {
        let (_, below) = path.rsplit_once(folder.as_str())?;
        Some((folder.len(), below, address))
    });
    let (_, below, address) = sites.max_by_key(|(length, ..)| *length)?;
    let below = below
        .trim_end_matches(".md")
        .trim_end_matches("index")
        .trim_end_matches('/');
    let (address, below) = (address.trim_end_matches('/'), below.trim_start_matches('/'));
    Some(format!("{address}/{below}/"))
}
