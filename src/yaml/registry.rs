//! The registry: `calendar.yaml` becomes the calendar and its projects.
//!
//! Flows in: the source of `calendar.yaml`. Flows out: a valid calendar, or what is wrong with it.

use crate::diagnostic::{Code, Complaint, Diagnostic, Part, excerpt, list_of};
use crate::event::Kind;
use crate::event::calendar::{Calendar, CancelledPolicy, Language, Project};
use crate::event::color::Color;
use crate::event::duration::read_duration;
use crate::event::link::Url;
use crate::event::stale_zone;
use crate::event::when::Tz;
use crate::event::window::Window;
use crate::event::zone_name::read_zone;
use crate::source::Source;
use crate::yaml::allow::{Scope, read_allow};
use crate::yaml::cursor::Cursor;
use crate::yaml::details::{join_over, stream_over};
use crate::yaml::document::{CalendarDocument, ProjectDocument};
use crate::yaml::extra_feeds::extra_feeds;
use crate::yaml::findings::Findings;
use crate::yaml::lost_text::report_lost_text;
use crate::yaml::parse::{BEGINNING, parse};
use crate::yaml::slugs::{Slugs, check_slug, check_slug_of_project, entries, report_twice};
use chrono::TimeDelta;
use std::collections::BTreeMap;

/// Reads the calendar; what is found in the file goes to `found`.
///
/// There is no calendar where there is an error.
pub fn read_calendar(source: &Source, found: &mut Vec<Diagnostic>) -> Option<Calendar> {
    let document: CalendarDocument = match parse(source) {
        Ok(document) => document,
        Err(wrong) => {
            found.push(*wrong);
            return None;
        }
    };
    let findings = Findings::new(source);
    let root = Cursor::root(&findings);
    let calendar = calendar(&root, &document);
    let is_clean = root.faults() == 0;
    report_lost_text(&root);
    found.extend(findings.take_diagnostics());
    calendar.filter(|_| is_clean)
}

fn calendar(at: &Cursor, document: &CalendarDocument) -> Option<Calendar> {
    at.strays(&document.strays, CalendarDocument::KEYS);
    let name = at.key("name").line(&document.name);
    let domain = at.key("domain").read(&document.domain, read_domain);
    report_missing(at, document);
    let description = at.key("description").prose(&document.description);
    let base_url = at.key("base_url").read(&document.base_url, read_base_url);
    let zone = at.key("timezone").read(&document.timezone, read_zone);
    let stale = zone.and_then(stale_zone::complaint_of_calendar);
    stale
        .into_iter()
        .for_each(|found| at.key("timezone").report(found));
    let language = at.key("language").word(&document.language, Language::WORDS);
    let cancelled = at
        .key("cancelled")
        .word(&document.cancelled, CancelledPolicy::WORDS);
    let duration = at.key("duration").read(&document.duration, read_duration);
    let refresh = at.key("refresh").read(&document.refresh, read_refresh);
    let past = at.key("past").read(&document.past, Window::read);
    let projects = projects(at, document);
    let feeds = extra_feeds(at, document, &projects);
    Some(Calendar {
        name: name?,
        description,
        domain: domain?,
        base_url,
        zone: zone.unwrap_or(Tz::Asia__Shanghai),
        language: language.unwrap_or_default(),
        cancelled: cancelled.unwrap_or_default(),
        duration: duration.unwrap_or(TimeDelta::hours(1)),
        refresh: refresh.unwrap_or_else(|| "PT1H".to_owned()),
        past,
        projects,
        feeds,
        allow: read_allow(&at.key("allow"), &document.allow, Scope::Calendar),
    })
}

fn projects(at: &Cursor, document: &CalendarDocument) -> BTreeMap<String, Project> {
    let here = at.key("projects");
    let entries = entries(&here, &document.projects);
    if entries.is_empty() && document.projects.value().is_some() {
        here.report(Complaint::new(Code::EmptyValue, "no project is registered").hint(BEGINNING));
    }
    let mut projects = BTreeMap::new();
    let mut slugs = Slugs::of(at, document);
    for (slug, field) in entries {
        let here = here.key(slug);
        if let Err(complaint) = check_slug_of_project(slug) {
            here.report_part(Part::Key, complaint);
        }
        if projects.contains_key(slug) {
            report_twice(&here, format!("the project `{slug}` is registered twice"));
            continue;
        }
        let nothing = ProjectDocument::default();
        let document = here.shape(field).unwrap_or(&nothing);
        projects.insert(slug.clone(), project(&here, slug, document, &mut slugs));
    }
    projects
}

fn project(at: &Cursor, slug: &str, document: &ProjectDocument, slugs: &mut Slugs) -> Project {
    at.strays(&document.strays, ProjectDocument::KEYS);
    let name = at.key("name").line(&document.name);
    let uid_prefix = at.key("uid_prefix");
    Project {
        name: name.unwrap_or_else(|| slug.to_owned()),
        description: at.key("description").prose(&document.description),
        repo: at.key("repo").read(&document.repo, read_repo),
        color: at.key("color").read(&document.color, Color::read),
        kind: at.key("kind").word(&document.kind, Kind::WORDS),
        duration: at.key("duration").read(&document.duration, read_duration),
        join: join_over(&at.key("join"), &document.join, None),
        stream: stream_over(&at.key("stream"), &document.stream, None),
        location: at.key("location").line(&document.location),
        dingtalk_group: at.key("dingtalk_group").line(&document.dingtalk_group),
        aliases: slugs.aliases(&at.key("aliases"), &document.aliases, slug),
        uid_prefix: uid_prefix.read(&document.uid_prefix, |prefix| {
            check_slug(prefix).map(|()| prefix.to_owned())
        }),
    }
}

/// Reports the keys that a calendar cannot be without, all at once.
fn report_missing(at: &Cursor, document: &CalendarDocument) {
    let keys = [
        ("name", document.name.is_missing()),
        ("domain", document.domain.is_missing()),
        ("projects", document.projects.is_missing()),
    ];
    let missing: Vec<&str> = keys
        .iter()
        .filter(|(_, is_missing)| *is_missing)
        .map(|(key, _)| *key)
        .collect();
    if let [first, rest @ ..] = missing.as_slice() {
        let is_or_are = if rest.is_empty() { "is" } else { "are" };
        let complaint = Complaint::new(
            Code::MissingKey,
            format!("{} {is_or_are} missing", list_of(&missing)),
        );
        // A key without a value is shown where it stands, a key that is not there at the top.
        at.key(first).report(complaint.hint(BEGINNING));
    }
}

fn read_domain(text: &str) -> Result<String, Complaint> {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    if text.len() <= 200 && text.split('.').all(is_label) {
        return Ok(text.to_ascii_lowercase());
    }
    let host = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = host.split(['/', ':']).next();
    let example = host.filter(|host| host.split('.').all(is_label));
    let example = example.unwrap_or("sofastack.tech");
    let message = format!("`{}` is not a domain name", excerpt(text));
    Err(Complaint::new(Code::BadDomain, message).hint(format!(
        "write the bare name, such as `{example}`: it ends every UID and never changes"
    )))
}

fn read_web_url(text: &str) -> Result<Url, Complaint> {
    Url::read(text).and_then(|url| {
        if url.is_web() {
            Ok(url)
        } else {
            Err(
                Complaint::new(Code::BadUrl, format!("`{url}` is not a web address"))
                    .hint("write an https address"),
            )
        }
    })
}

/// Reads the address of a repository, without what people copy along with it.
fn read_repo(text: &str) -> Result<Url, Complaint> {
    let bad = |message: String, hint: String| Complaint::new(Code::BadUrl, message).hint(hint);
    let is_name = |part: &str| !part.is_empty() && !part.contains([':', '@', '.']);
    match text.split('/').collect::<Vec<_>>()[..] {
        [owner, repo] if is_name(owner) && is_name(repo) => {
            let hint = format!("write `https://github.com/{text}`");
            return Err(bad(format!("`{text}` is not a whole link"), hint));
        }
        _ => {}
    }
    if let Some((host, path)) = text
        .strip_prefix("git@")
        .and_then(|rest| rest.split_once(':'))
    {
        let path = path.trim_end_matches(".git");
        return Err(bad(
            "this is an address for git alone".to_owned(),
            format!("write `https://{host}/{path}`"),
        ));
    }
    let bare = text.trim_end_matches('/');
    let home = [".git", "/issues", "/pulls"]
        .iter()
        .find_map(|end| bare.strip_suffix(end));
    match home {
        Some(home) => Err(bad(
            "this is not the repository's own page".to_owned(),
            format!("write `{home}`"),
        )),
        None => read_web_url(text),
    }
}

/// Reads the folder that the feeds are published in.
fn read_base_url(text: &str) -> Result<Url, Complaint> {
    if text.contains(['?', '#']) || text.ends_with(".ics") {
        let complaint = Complaint::new(Code::BadUrl, "this is not the address of a folder");
        return Err(complaint
            .hint("write the folder that the feeds are in, such as `https://example.org/cal`"));
    }
    read_web_url(text)
}

/// Reads how often to refresh: `PT1H` as RFC 5545, 3.3.6 has it, or `1h` as events have it.
fn read_refresh(text: &str) -> Result<String, Complaint> {
    let bad = |hint: String| {
        let message = format!("`{}` is not a duration", excerpt(text));
        Err(Complaint::new(Code::BadDuration, message).hint(hint))
    };
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return bad("write the unit too: `PT1H` for an hour, `P1D` for a day".to_owned());
    }
    if !text.starts_with('P') {
        let minutes = read_duration(text)?.num_minutes();
        return Ok(match (minutes / 60, minutes % 60) {
            (hours, 0) => format!("PT{hours}H"),
            (0, minutes) => format!("PT{minutes}M"),
            (hours, minutes) => format!("PT{hours}H{minutes}M"),
        });
    }
    let (date, time) = match text[1..].split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (&text[1..], None),
    };
    let is_fine = match time {
        None => units(date, &["D", "W"]),
        Some(time) => {
            (date.is_empty() || units(date, &["D"])) && units(time, &["H", "HM", "HMS", "M", "MS"])
        }
    };
    match is_fine && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        true => Ok(text.to_owned()),
        false => bad("write `PT1H` for an hour, `PT90M`, `P1D` for a day".to_owned()),
    }
}

/// Tells whether a text is numbers with units, in one of the orders.
fn units(text: &str, orders: &[&str]) -> bool {
    let units: String = text.chars().filter(|c| !c.is_ascii_digit()).collect();
    let mut numbers = text.split(|c: char| !c.is_ascii_digit());
    let is_last_empty = numbers.next_back() == Some("");
    let are_numbers = numbers.all(|number| (1..=4).contains(&number.len()));
    is_last_empty && are_numbers && orders.contains(&units.as_str())
}

#[cfg(test)]
mod tests {
    use super::read_refresh;

    #[test]
    fn reads_how_often_to_refresh() {
        for (text, expected) in [
            ("PT1H", "PT1H"),
            ("P1DT12H", "P1DT12H"),
            ("P2W", "P2W"),
            ("90m", "PT1H30M"),
            ("1d", "PT24H"),
        ] {
            assert_eq!(read_refresh(text).as_deref(), Ok(expected));
        }
        for text in [
            "P", "PT", "PT0M", "PH1", "PT1H30", "hourly", "PT1M1H", "PT1H5S", "PT1S", "3600",
        ] {
            assert!(read_refresh(text).is_err(), "{text}");
        }
    }
}
