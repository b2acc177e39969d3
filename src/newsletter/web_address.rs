//! Web addresses: those that stand among words, and whether two lead to the same page.
//!
//! Flows in: texts and links of a post. Flows out: addresses. Deliberately absent: whether they may stand in a
//! feed, which `event::link` says.

use crate::newsletter::markdown::WrittenLink;
use crate::newsletter::plain::is_han;

/// The most addresses that are found in one line.
const MOST: usize = 50;

const SCHEMES: [&str; 3] = ["https://", "http://", "dingtalk://"];

/// Finds the addresses in a text that belong to no link.
pub(super) fn bare_addresses(text: &str, links: &[WrittenLink]) -> Vec<WrittenLink> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = next_scheme(text, from).filter(|_| found.len() < MOST) {
        let rest = &text[at..];
        let address = &rest[..address_length(rest)];
        let is_known =
            |link: &&WrittenLink| (link.at..link.at + link.text.len().max(1)).contains(&at);
        if !links.iter().any(|link| is_known(&link))
            && SCHEMES.iter().all(|scheme| *scheme != address)
        {
            found.push(WrittenLink {
                text: address.to_owned(),
                target: address.to_owned(),
                at,
            });
        }
        from = at + address.len().max(1);
    }
    found
}

fn next_scheme(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    // What is no address begins with neither letter.
    let mut starts = rest.match_indices("://").filter_map(|(middle, _)| {
        let before = &rest[..middle];
        let scheme = SCHEMES
            .iter()
            .find(|scheme| before.ends_with(scheme.trim_end_matches("://")))?;
        Some(middle + "://".len() - scheme.len())
    });
    starts.next().map(|at| from + at)
}

/// Measures an address that stands among words: Chinese text and closing brackets end it.
fn address_length(text: &str) -> usize {
    let ends = |c: char| {
        c.is_whitespace()
            || is_han(c)
            || "（）「」【】《》，。；：！？、“”<>\"`|[]{}^\\".contains(c)
    };
    let address = &text[..text.find(ends).unwrap_or(text.len())];
    let address = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'']);
    match address.contains('(') {
        true => address.len(),
        false => address.trim_end_matches(')').len(),
    }
}

/// Tells whether a text is an address.
pub(super) fn is_address(text: &str) -> bool {
    let text = text.trim();
    SCHEMES.iter().any(|scheme| text.starts_with(scheme)) && !text.contains(char::is_whitespace)
}

/// Tells whether two addresses lead to the same page: what only counts visitors does not matter.
pub(super) fn is_same_page(one: &str, other: &str) -> bool {
    page(one) == page(other)
}

/// Gives what makes an address's page: no scheme, no `www.`, no slash at the end, no tracking.
pub(super) fn page(address: &str) -> String {
    let address = address.trim().replace('*', "");
    let rest = SCHEMES
        .iter()
        .find_map(|scheme| address.strip_prefix(scheme));
    let rest = rest.unwrap_or(&address);
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let query = query.split('#').next().unwrap_or_default();
    let mut kept: Vec<&str> = query.split('&').filter(|part| !is_tracking(part)).collect();
    kept.sort_unstable();
    match kept.as_slice() {
        [] => path.trim_end_matches('/').to_owned(),
        kept => format!("{}?{}", path.trim_end_matches('/'), kept.join("&")),
    }
}

/// Gives an address without what only counts visitors.
pub(super) fn without_tracking(address: &str) -> String {
    let address = address.trim();
    let Some((path, query)) = address.split_once('?') else {
        return address.to_owned();
    };
    let (query, fragment) = query
        .split_once('#')
        .map_or((query, None), |(q, f)| (q, Some(f)));
    let kept: Vec<&str> = query.split('&').filter(|part| !is_tracking(part)).collect();
    let fragment = fragment.map_or(String::new(), |fragment| format!("#{fragment}"));
    match kept.as_slice() {
        [] => format!("{path}{fragment}"),
        kept => format!("{path}?{}{fragment}", kept.join("&")),
    }
}

fn is_tracking(part: &str) -> bool {
    let name = part.split('=').next().unwrap_or_default();
    const NAMES: [&str; 8] = [
        "vd_source",
        "chInfo",
        "from",
        "isappinstalled",
        "unique_k",
        "timestamp",
        "scene",
        "",
    ];
    NAMES.contains(&name) || name.starts_with("spm") || name.starts_with("share")
}

#[cfg(test)]
mod tests {
    use super::{is_address, is_same_page, without_tracking};

    #[test]
    fn visitors_are_not_pages() {
        let plain = "https://www.bilibili.example/video/BV1xx/";
        let counted = "http://bilibili.example/video/BV1xx?spm_id_from=333.9&vd_source=65cf";
        assert!(is_same_page(plain, counted));
        assert!(!is_same_page(
            plain,
            "https://www.bilibili.example/video/BV1yy/"
        ));
        assert_eq!(
            without_tracking(counted),
            "http://bilibili.example/video/BV1xx"
        );
        assert_eq!(
            without_tracking("https://a.example/?id=1&spm=2#b"),
            "https://a.example/?id=1#b"
        );
        assert!(is_address(plain) && !is_address("戳这里"));
    }
}
