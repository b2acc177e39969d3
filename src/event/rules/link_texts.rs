//! Link texts: words that name another address or issue than their link leads to.
//!
//! `[…/issues/931](…/issues/929)` was copied from last week and mended in one of two places. Words that are words say
//! nothing about an address, and are left alone.

use crate::diagnostic::{Code, Complaint, Diagnostic, Part, Step, excerpt};
use crate::event::link::{Link, Url, issue_name};
use crate::event::rules::Known;
use crate::event::{AgendaItem, Event};

/// Finds links whose words and target disagree.
pub(super) fn link_texts(known: &Known) -> Vec<Diagnostic> {
    known.events.iter().flat_map(of_event).collect()
}

fn of_event(event: &Event) -> Vec<Diagnostic> {
    let details = &event.details;
    let mut found = Vec::new();
    let mut judge = |words: &str, target: &Url, way: Vec<Step>| {
        if let Some(complaint) = disagreement(words, target) {
            found.push(complaint.at(event.origin.node(way, Part::Words(words.into()))));
        }
    };
    let key = |key: &str| Step::Key(key.into());
    let materials = vec![key("review"), key("materials")];
    for (list, links) in [
        (vec![key("links")], &details.links),
        (materials, &details.review.materials),
    ] {
        for (index, Link { text, url }) in links.iter().enumerate() {
            if let (Some(text), Some(url)) = (text, url) {
                let way = [list.clone(), vec![Step::Index(index), key("text")]];
                judge(text, url, way.concat());
            }
        }
    }
    let prose = [
        (vec![key("description")], &details.description),
        (vec![key("reason")], &details.reason),
        (vec![key("review"), key("summary")], &details.review.summary),
    ];
    for (way, text) in prose {
        for (words, target) in text.iter().flat_map(|text| markdown_links(text)) {
            judge(words, &target, way.clone());
        }
    }
    points(&details.agenda, vec![key("agenda")], &mut judge);
    found
}

/// Goes through the points of an agenda and those below them.
fn points(items: &[AgendaItem], list: Vec<Step>, judge: &mut impl FnMut(&str, &Url, Vec<Step>)) {
    for (index, item) in items.iter().enumerate() {
        let at = |key: &str| {
            [
                list.clone(),
                vec![Step::Index(index), Step::Key(key.into())],
            ]
            .concat()
        };
        let text = item.text.as_deref().unwrap_or_default();
        for (words, target) in markdown_links(text) {
            judge(words, &target, at("text"));
        }
        let issue = item.issue.as_ref().and_then(|issue| issue.url.as_ref());
        // A number alone may be anything.
        let says_more = text.contains(|c: char| !c.is_ascii_digit());
        for target in issue.into_iter().chain(&item.url).filter(|_| says_more) {
            judge(text, target, at("text"));
        }
        points(&item.items, at("items"), judge);
    }
}

/// Finds `[words](target)` in a text.
fn markdown_links(text: &str) -> Vec<(&str, Url)> {
    let middles = text.match_indices("](");
    let link = |(middle, _): (usize, &str)| {
        let words = &text[text[..middle].rfind('[')? + 1..middle];
        let rest = &text[middle + 2..];
        let target = &rest[..rest.find([')', ' ', '\n'])?];
        Some((words, Url::read(target).ok()?))
    };
    middles.filter_map(link).collect()
}

/// Complains if words that are an address or an issue are not the target's.
fn disagreement(words: &str, target: &Url) -> Option<Complaint> {
    let is_around = |c: char| c.is_whitespace() || "*_`<>「」".contains(c);
    let words = words.trim_matches(is_around);
    let differs = match (named_issue(words), issue_name(target.as_str())) {
        (Some(named), Some(issue)) => issue.strip_prefix('#') != Some(named),
        (Some(_), None) => false,
        (None, _) => is_another_address(words, target),
    };
    differs.then(|| {
        let message = format!(
            "the words `{}` name another address than the link, `{target}`",
            excerpt(words)
        );
        Complaint::new(Code::LinkMismatch, message)
            .hint("open both, and mend the one that is wrong")
    })
}

/// Gives the number of the issue that words name, if they name one and say nothing else.
fn named_issue(words: &str) -> Option<&str> {
    let before = words.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = &words[before.len()..];
    let name = before.trim_end_matches('#').trim().to_lowercase();
    let is_repository = before.ends_with('#') && name.matches('/').count() == 1;
    let is_word = ["", "issue", "issues", "pr", "pull request"].contains(&name.as_str());
    let is_name = is_word || (is_repository && !name.contains(char::is_whitespace));
    ((1..=9).contains(&number.len()) && is_name).then_some(number)
}

/// Tells whether words are an address, and not the link's.
fn is_another_address(words: &str, target: &Url) -> bool {
    let (words, is_cut) = match words.strip_suffix('…').or(words.strip_suffix("...")) {
        Some(beginning) => (beginning, true),
        None => (words, false),
    };
    let target = plain(target.as_str());
    let host = |address: &str| address.split('/').next().map(str::to_owned);
    let named = match words.contains("://") {
        true => Url::read(words).map(|url| plain(url.as_str())),
        // `Node.js/React` is no address; what begins with the link's own host is.
        false if words.contains('/') && host(&words.to_lowercase()) == host(&target) => {
            Ok(plain(words))
        }
        false => return false,
    };
    let Ok(named) = named else {
        return false;
    };
    // What stands behind `?` and `#` is often left out.
    let shorter = target.split(['?', '#']).next().unwrap_or_default();
    match is_cut {
        true => !target.starts_with(&named),
        false => named != target && named != shorter.trim_end_matches('/'),
    }
}

/// Gives an address without what makes no difference.
fn plain(address: &str) -> String {
    let (_, rest) = address.split_once("://").unwrap_or(("", address));
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    rest.trim_end_matches('/').to_lowercase()
}
