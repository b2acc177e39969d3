//! Details: what an event is about and how to take part, field by field.
//!
//! Flows in: a document whose defaults are merged, and its project. Flows out: `Details`.
//! A new field is a line in `document`, one in `event::Details`, and one here.

use crate::diagnostic::{Code, Complaint, excerpt};
use crate::event::calendar::Project;
use crate::event::link::{Link, Url, read_issue};
use crate::event::phone::Phone;
use crate::event::when::Moment;
use crate::event::{AgendaItem, Details, Join, Kind, Person, Review, Status, Stream};
use crate::yaml::cursor::Cursor;
use crate::yaml::document::{
    AgendaDocument, EventDocument, JoinDocument, LinkDocument, PartnerDocument, PersonDocument,
    ReviewDocument, Stray, StreamDocument,
};
use crate::yaml::field::{Field, Many, Text};

/// Reads what an event is about; complaints go to the cursor, and what is wrong is left out.
pub(crate) fn read_details(
    at: &Cursor,
    document: &EventDocument,
    project: &Project,
    moved_from: Option<Moment>,
) -> Details {
    let web = |key: &str, field: &Field<Text>| at.key(key).read(field, Url::read);
    let line = |key: &str, field: &Field<Text>| at.key(key).line(field);
    let title = line("title", &document.title);
    if document.title.is_missing()
        && !at.is_misspelt("title", &document.strays, EventDocument::KEYS)
    {
        at.report(
            Complaint::new(Code::MissingKey, "`title` is missing")
                .hint("write what subscribers shall see: `title: …`"),
        );
    }
    let kind = at.key("kind").word(&document.kind, Kind::WORDS);
    Details {
        kind: own_or(kind, &document.kind, &project.kind).unwrap_or_default(),
        episode: at.key("episode").read(&document.episode, read_episode),
        title: title.unwrap_or_default(),
        description: at.key("description").prose(&document.description),
        status: at
            .key("status")
            .word(&document.status, Status::WORDS)
            .unwrap_or_default(),
        reason: at.key("reason").prose(&document.reason),
        moved_from,
        join: join_over(&at.key("join"), &document.join, Some(&project.join)),
        stream: stream_over(&at.key("stream"), &document.stream, Some(&project.stream)),
        location: own_or(
            line("location", &document.location),
            &document.location,
            &project.location,
        ),
        dingtalk_group: own_or(
            line("dingtalk_group", &document.dingtalk_group),
            &document.dingtalk_group,
            &project.dingtalk_group,
        ),
        register: web("register", &document.register),
        agenda: agenda(&at.key("agenda"), &document.agenda, project),
        speakers: at.key("speakers").list(&document.speakers, person),
        hosts: at.key("hosts").list(&document.hosts, person),
        partners: at.key("partners").list(&document.partners, partner),
        image: web("image", &document.image),
        tracking: at.key("tracking").read(&document.tracking, |text| {
            read_issue(text, project.repo.as_ref())
        }),
        url: web("url", &document.url),
        links: at.key("links").list(&document.links, link),
        tags: at.key("tags").lines(&document.tags),
        review: review(&at.key("review"), &document.review),
    }
}

fn read_episode(text: &str) -> Result<u32, Complaint> {
    let number = text.strip_prefix('#').unwrap_or(text);
    let episode = |number: &str| {
        let is_number =
            (1..=6).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
        number.parse().ok().filter(|_| is_number)
    };
    episode(number).ok_or_else(|| {
        let bare = number.trim_matches(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-'));
        let message = format!("`{}` is not an episode's number", excerpt(text));
        Complaint::new(Code::OutOfRange, message).hint(match episode(bare) {
            Some(episode) => format!("write the number alone: `episode: {episode}`"),
            None => "write a number of at most six digits, such as `episode: 33`".to_owned(),
        })
    })
}

/// Takes the default where nothing is written, not even `null`.
fn own_or<T: Clone, F>(own: T, field: &Field<F>, default: &T) -> T {
    if field.is_absent() {
        default.clone()
    } else {
        own
    }
}

/// Reads how to join; what is not stated comes from the defaults.
///
/// A code belongs to its link and phones: an event that states its own takes no other default.
pub(crate) fn join_over(at: &Cursor, field: &Field<JoinDocument>, defaults: Option<&Join>) -> Join {
    let nothing = JoinDocument::default();
    let document = match field {
        Field::Absent => &nothing,
        _ => match at.shape_below(field) {
            Some(document) => document,
            None => return Join::default(),
        },
    };
    at.strays(&document.strays, JoinDocument::KEYS);
    let own = Join {
        url: at.key("url").read(&document.url, Url::read),
        code: at.key("code").line(&document.code),
        phones: at.key("phones").read_each(&document.phones, Phone::read),
        password: at.key("password").line(&document.password),
    };
    match defaults {
        Some(defaults) if document.code.value().is_none() => Join {
            url: own_or(own.url, &document.url, &defaults.url),
            code: own_or(own.code, &document.code, &defaults.code),
            phones: own_or(own.phones, &document.phones, &defaults.phones),
            password: own_or(own.password, &document.password, &defaults.password),
        },
        _ => own,
    }
}

/// Reads where it is streamed; an event that states its own link takes no other default.
pub(crate) fn stream_over(
    at: &Cursor,
    field: &Field<StreamDocument>,
    defaults: Option<&Stream>,
) -> Stream {
    let nothing = StreamDocument::default();
    let document = match field {
        Field::Absent => &nothing,
        _ => match at.shape_below(field) {
            Some(document) => document,
            None => return Stream::default(),
        },
    };
    at.strays(&document.strays, StreamDocument::KEYS);
    let own = Stream {
        platform: at.key("platform").line(&document.platform),
        room: at.key("room").line(&document.room),
        url: at.key("url").read(&document.url, Url::read),
    };
    match defaults {
        Some(defaults) if document.url.value().is_none() => Stream {
            platform: own_or(own.platform, &document.platform, &defaults.platform),
            room: own_or(own.room, &document.room, &defaults.room),
            url: own_or(own.url, &document.url, &defaults.url),
        },
        _ => own,
    }
}

fn agenda(at: &Cursor, field: &Field<Many<AgendaDocument>>, project: &Project) -> Vec<AgendaItem> {
    at.list(field, |at, document| {
        at.strays(&document.strays, AgendaDocument::KEYS);
        let item = AgendaItem {
            text: at.key("text").line(&document.text),
            issue: at.key("issue").read(&document.issue, |text| {
                read_issue(text, project.repo.as_ref())
            }),
            url: at.key("url").read(&document.url, Url::read),
            time: at.key("time").line(&document.time),
            speaker: at.key("speaker").line(&document.speaker),
            items: agenda(&at.key("items"), &document.items, project),
        };
        if *document == AgendaDocument::default() {
            at.report(
                Complaint::new(Code::MissingKey, "a point of the agenda says nothing")
                    .hint("write `text: …`"),
            );
        }
        Some(item)
    })
}

fn person(at: &Cursor, document: &PersonDocument) -> Option<Person> {
    at.strays(&document.strays, PersonDocument::KEYS);
    let person = Person {
        name: at.key("name").line(&document.name).unwrap_or_default(),
        alias: at.key("alias").line(&document.alias),
        org: at.key("org").line(&document.org),
        role: at.key("role").line(&document.role),
    };
    need(
        at,
        "name",
        &document.name,
        &document.strays,
        PersonDocument::KEYS,
    );
    Some(person)
}

fn partner(at: &Cursor, document: &PartnerDocument) -> Option<Link> {
    at.strays(&document.strays, PartnerDocument::KEYS);
    need(
        at,
        "name",
        &document.name,
        &document.strays,
        PartnerDocument::KEYS,
    );
    Some(Link {
        text: at.key("name").line(&document.name),
        url: at.key("url").read(&document.url, Url::read),
    })
}

fn link(at: &Cursor, document: &LinkDocument) -> Option<Link> {
    at.strays(&document.strays, LinkDocument::KEYS);
    need(
        at,
        "url",
        &document.url,
        &document.strays,
        LinkDocument::KEYS,
    );
    Some(Link {
        text: at.key("text").line(&document.text),
        url: at.key("url").read(&document.url, Url::read),
    })
}

fn review(at: &Cursor, field: &Field<ReviewDocument>) -> Review {
    let Some(document) = at.shape_below(field) else {
        return Review::default();
    };
    at.strays(&document.strays, ReviewDocument::KEYS);
    Review {
        summary: at.key("summary").prose(&document.summary),
        replay: at.key("replay").read(&document.replay, Url::read),
        minutes: at.key("minutes").read(&document.minutes, Url::read),
        materials: at.key("materials").list(&document.materials, link),
    }
}

fn need(at: &Cursor, key: &str, field: &Field<Text>, strays: &[Stray], keys: &[&str]) {
    if field.is_missing() && !at.is_misspelt(key, strays, keys) {
        at.report(
            Complaint::new(Code::MissingKey, format!("`{key}` is missing"))
                .hint(format!("write `{key}: …`")),
        );
    }
}
