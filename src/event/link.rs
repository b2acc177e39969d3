//! Links: addresses and issues that calendar software can open.
//!
//! Flows in: what authors typed. Flows out: values that may stand in a feed as they are.
//! The only file that knows the URL crate.

use crate::diagnostic::{Code, Complaint, FULL_WIDTH_COLON, excerpt, with_ascii_colon};
use serde::Serialize;
use std::fmt;

/// An address in ASCII that may stand in a feed: http, https, dingtalk, tel or mailto.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Url(String);

/// An address with words for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// What it leads to.
    pub text: Option<String>,
    /// Where it leads, if anywhere.
    pub url: Option<Url>,
}

/// The schemes of the links that calendars may hold.
pub const SCHEMES: &[&str] = &["http", "https", "dingtalk", "tel", "mailto"];
const LONGEST_URL: usize = 2000;

impl Url {
    /// Reads an address; what is not ASCII is percent-encoded (RFC 3986), hosts become punycode.
    ///
    /// # Errors
    /// `bad-url`: no scheme, another scheme than the five, no host, blanks inside, too long.
    pub fn read(text: &str) -> Result<Self, Complaint> {
        match is_everyday(text) {
            true => Ok(Url(text.to_owned())),
            false => Url::read_any(text),
        }
    }

    fn read_any(text: &str) -> Result<Self, Complaint> {
        refuse_copied_text(text)?;
        let parsed = url::Url::parse(text).map_err(|error| not_a_link(text, error))?;
        let scheme = parsed.scheme();
        if !SCHEMES.contains(&scheme) {
            return Err(bad(format!(
                "links with the scheme `{scheme}:` cannot be published"
            ))
            .hint("write a link with http, https, dingtalk, tel or mailto"));
        }
        let rest = &text[scheme.len()..];
        if scheme.starts_with("http") && !rest.starts_with("://") {
            return Err(bad(format!(
                "`{}` lacks the `//` after its scheme",
                excerpt(text)
            ))
            .hint(format!("write `{}`", excerpt(parsed.as_str()))));
        }
        if scheme.starts_with("http") && !is_host(&rest[3..], &parsed) {
            return Err(bad(format!("`{}` names no host", excerpt(text))).hint(EXAMPLE));
        }
        if rest.trim_matches([':', '/']).is_empty() {
            return Err(
                bad(format!("nothing stands after `{scheme}:`")).hint("write the whole address")
            );
        }
        let is_plain = text.bytes().all(is_uri_byte) && text.starts_with(scheme);
        let written = if is_plain { text } else { parsed.as_str() };
        // The URL standard leaves a few characters as they are that RFC 3986 does not know.
        let address: String = written.chars().map(percent_encoded).collect();
        if address.len() > LONGEST_URL {
            return Err(
                bad(format!("the link is longer than {LONGEST_URL} characters"))
                    .hint("use a shorter address of the same page"),
            );
        }
        Ok(Url(address))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Tells whether a browser opens it.
    pub fn is_web(&self) -> bool {
        self.0.starts_with("http")
    }
}

const EXAMPLE: &str = "write the whole address, such as `https://meeting.dingtalk.com/j/…`";

fn bad(message: String) -> Complaint {
    Complaint::new(Code::BadUrl, message)
}

/// Tells whether an address is as nearly all are, so that reading it would give it back: a lower-case
/// name as its host, letters of RFC 3986 behind it, and no mark at its end that may be of the text around.
fn is_everyday(text: &str) -> bool {
    let Some(rest) = text
        .strip_prefix("https://")
        .or(text.strip_prefix("http://"))
    else {
        return false;
    };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let is_label = |label: &str| {
        let is_of_name = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        !label.is_empty() && label.bytes().all(is_of_name) && !label.starts_with("xn--")
    };
    // A host whose end is a number is an IPv4 address, or no host.
    let has_named_end = host
        .rsplit_once('.')
        .is_some_and(|(_, end)| end.starts_with(|c: char| c.is_ascii_lowercase()));
    has_named_end
        && host.split('.').all(is_label)
        && path.bytes().all(is_uri_byte)
        && !text.ends_with([',', ';', ')'])
        && text.len() <= LONGEST_URL
}

/// Tells whether the host is one that the world can reach, and stands where it was typed.
fn is_host(typed: &str, parsed: &url::Url) -> bool {
    let is_dotted = |host: &str| host.contains(['.', ':']) || host == "localhost";
    !typed.starts_with('/') && parsed.host_str().is_some_and(is_dotted)
}

/// Refuses what was copied along with a link: blanks, brackets, punctuation around it.
fn refuse_copied_text(text: &str) -> Result<(), Complaint> {
    if let Some(complaint) = full_width(text) {
        return Err(complaint);
    }
    if text.chars().any(char::is_control) {
        return Err(bad("the link holds a control character".to_owned()).hint("paste it again"));
    }
    if text.contains(char::is_whitespace) {
        let link = text.split_whitespace().find(|word| word.contains("://"));
        let is_code = text
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-'));
        return Err(bad("the link holds a blank".to_owned()).hint(match link {
            Some(link) => format!("write `{}`; words belong under another key", excerpt(link)),
            None if is_code => format!(
                "if it is a meeting's code, write `join: {{code: \"{}\"}}`",
                excerpt(text)
            ),
            None => "write one whole link, with `%20` for a blank in it".to_owned(),
        }));
    }
    let inner = text
        .strip_prefix('<')
        .and_then(|text| text.strip_suffix('>'));
    let trimmed = text.trim_end_matches([',', ';']);
    let trimmed = match trimmed.strip_suffix(')') {
        Some(link) if !link.contains('(') => link,
        _ => trimmed,
    };
    match inner.or((trimmed.len() < text.len()).then_some(trimmed)) {
        Some(link) if !link.is_empty() => Err(bad("punctuation stands around the link".to_owned())
            .hint(format!("write `{}`", excerpt(link)))),
        _ => Ok(()),
    }
}

/// Says why a text is no link, with what was probably meant.
fn not_a_link(text: &str, error: url::ParseError) -> Complaint {
    if error != url::ParseError::RelativeUrlWithoutBase {
        return bad(format!("`{}` is not a link: {error}", excerpt(text))).hint(EXAMPLE);
    }
    let complaint = bad(format!("`{}` is not a whole link", excerpt(text)));
    let is_file = [
        ".png", ".jpg", ".jpeg", ".gif", ".svg", ".pdf", ".pptx", ".md",
    ]
    .iter()
    .any(|end| text.to_lowercase().ends_with(end));
    if let Some((_, address)) = text.split_once("](") {
        let address = address.trim_end_matches(')');
        return complaint.hint(format!("write the address alone: `{}`", excerpt(address)));
    }
    if is_file && !text.contains('/') {
        return complaint.hint("put the file on the web, and write its address");
    }
    if let Some((scheme @ ("http" | "https"), rest)) = text.split_once("//") {
        return complaint.hint(format!("write `{scheme}://{}`", excerpt(rest)));
    }
    if text.contains('@') && !text.contains('/') {
        return complaint.hint(format!("write `mailto:{}`", excerpt(text)));
    }
    let is_code = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '-');
    if is_code {
        return complaint.hint(format!(
            "if it is a code or a room, write `code: \"{0}\"` or `room: \"{0}\"` below the key",
            excerpt(text)
        ));
    }
    match text.contains('.') && !text.starts_with(['/', '.', '#', '[']) {
        true => complaint.hint(format!("write `https://{}`", excerpt(text))),
        false => complaint.hint(EXAMPLE),
    }
}

/// Punctuation of Chinese text, which is never part of a link that was copied alone.
const FULL_WIDTH: &[char] = &[
    '（', '）', '【', '】', '《', '》', '「', '」', '，', '。', '；', '、', '！', '？', '：', '“',
    '”',
];

/// Refuses a link that took some of the text around it along, or has a full-width colon.
fn full_width(text: &str) -> Option<Complaint> {
    let (at, found) = text.char_indices().find(|(_, c)| FULL_WIDTH.contains(c))?;
    let (before, after) = (&text[..at], &text[at + found.len_utf8()..]);
    if let Some(start) = text
        .find("http")
        .filter(|start| *start > at && text[*start..].contains("://"))
    {
        let complaint = bad("words stand before the link".to_owned());
        return Some(complaint.hint(format!("write `{}`", excerpt(&text[start..]))));
    }
    let is_word = !before.is_empty() && before.bytes().all(|b| b.is_ascii_alphabetic());
    Some(match found {
        '：' if is_word && SCHEMES.contains(&before) => {
            bad("the colon of the link is a full-width `：`".to_owned())
                .hint(format!("write `{}`", excerpt(&text.replace('：', ":"))))
        }
        '：' if is_word => {
            bad(FULL_WIDTH_COLON.to_owned()).hint(with_ascii_colon(before, &excerpt(after.trim())))
        }
        _ => bad(format!(
            "the link holds `{found}`, which probably belongs to the text around it"
        ))
        .hint(match before {
            "" => "write the link alone".to_owned(),
            _ => format!("write `{}`", excerpt(before)),
        }),
    })
}

fn is_uri_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte)
}

fn percent_encoded(c: char) -> String {
    match u8::try_from(c) {
        Ok(byte) if c.is_ascii() && !is_uri_byte(byte) => format!("%{byte:02X}"),
        _ => c.to_string(),
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Turns an issue reference into a link: `894` or `#894` in `repo`, `owner/repo#894`, or an address.
///
/// # Errors
/// `bad-issue`: not one of these, or a number without a repository; `bad-url` for a broken address.
pub fn read_issue(text: &str, repo: Option<&Url>) -> Result<Link, Complaint> {
    let link = |text: String, address: &str| {
        Url::read(address).map(|url| Link {
            text: Some(text),
            url: Some(url),
        })
    };
    let digits = |number: &str| {
        (1..=9).contains(&number.len())
            && !number.starts_with('0')
            && number.bytes().all(|b| b.is_ascii_digit())
    };
    if text.contains("://") {
        let url = Url::read(text)?;
        let text = issue_name(url.as_str());
        return Ok(Link {
            text,
            url: Some(url),
        });
    }
    let number = text.strip_prefix('#').unwrap_or(text);
    if digits(number) {
        return match repo {
            Some(repo) => link(["#", number].concat(), &[repo.as_str().trim_end_matches('/'), "/issues/", number].concat()),
            None => Err(Complaint::new(Code::BadIssue, format!("issue {number} of which repository?"))
                .hint("give the project a `repo:` in calendar.yaml, or write `owner/repo#number` or the issue's address")),
        };
    }
    if let Some((name, number)) = text.split_once('#') {
        let is_name = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        };
        if let Some((owner, repo)) = name.split_once('/')
            && is_name(owner)
            && is_name(repo)
            && digits(number)
        {
            return link(
                text.to_owned(),
                &format!("https://github.com/{name}/issues/{number}"),
            );
        }
    }
    Err(Complaint::new(
        Code::BadIssue,
        format!("`{}` is not an issue", excerpt(text)),
    )
    .hint("write a number (`894`), `\"owner/repo#894\"` or the issue's address"))
}

/// Names an issue by the end of its address: `…/mosn/layotto/issues/894` is `#894`.
pub fn issue_name(address: &str) -> Option<String> {
    let mut parts = address
        .split(['?', '#'])
        .next()?
        .trim_end_matches('/')
        .rsplit('/');
    let number = parts.next()?;
    let is_issue = matches!(
        parts.next()?,
        "issues" | "issue" | "pull" | "discussions" | "merge_requests"
    );
    (is_issue && number.bytes().all(|b| b.is_ascii_digit())).then(|| format!("#{number}"))
}

#[cfg(test)]
mod tests {
    use super::{Url, is_everyday, read_issue};
    use crate::diagnostic::Complaint;
    use proptest::prelude::{prop_assert_eq, proptest};

    fn hint<T>(result: Result<T, Complaint>) -> String {
        result
            .err()
            .and_then(|complaint| complaint.hint)
            .unwrap_or_default()
    }

    #[test]
    fn keeps_addresses_as_they_are_written() {
        for text in [
            "https://x.org",
            "https://x.org/a?b=c;d,e#f",
            "dingtalk://a/b?c=1&d=2",
            "mailto:a@b.org",
            "tel:+8612",
        ] {
            assert_eq!(Url::read(text).expect("it is one").as_str(), text);
        }
        let url = Url::read("https://例子.测试/会议 ".trim()).expect("it is one");
        assert_eq!(
            url.as_str(),
            "https://xn--fsqu00a.xn--0zwm56d/%E4%BC%9A%E8%AE%AE"
        );
        assert_eq!(
            Url::read("https://x.org/a|b\"c")
                .expect("it is one")
                .as_str(),
            "https://x.org/a%7Cb%22c"
        );
    }

    proptest! {
        #[test]
        fn an_everyday_address_is_what_reading_gives_back(
            host in "[a-z0-9-]{0,4}(\\.|xn--|:|@|A)?[a-z0-9-]{0,3}(\\.[a-z0-9-]{0,4}){0,3}",
            path in "(/[ -~]{0,12}|[?#/.%a-z0-9-]{0,6})"
        ) {
            for scheme in ["https", "http"] {
                let text = format!("{scheme}://{host}{path}");
                if is_everyday(&text) {
                    prop_assert_eq!(Url::read_any(&text).map(|url| url.0), Ok(text));
                }
            }
        }
    }

    #[test]
    fn refuses_what_no_calendar_should_open() {
        assert_eq!(
            hint(Url::read("live.bilibili.com/1")),
            "write `https://live.bilibili.com/1`"
        );
        for text in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "ftp://x.org",
            "https://",
            "https:x.org",
            "https://a b",
            "",
            "[x](https://y)",
        ] {
            assert!(Url::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn turns_issue_references_into_links() {
        let repo = Url::read("https://github.com/mosn/layotto/").expect("it is one");
        let address = |text: &str| {
            let link = read_issue(text, Some(&repo)).expect("it is one");
            (
                link.text.unwrap_or_default(),
                link.url.map(|url| url.to_string()).unwrap_or_default(),
            )
        };
        let expected = (
            "#894".to_owned(),
            "https://github.com/mosn/layotto/issues/894".to_owned(),
        );
        assert_eq!(address("894"), expected);
        assert_eq!(address("#894"), expected);
        assert_eq!(
            address("https://github.com/mosn/layotto/issues/894"),
            expected
        );
        assert_eq!(
            address("seata/seata#1").1,
            "https://github.com/seata/seata/issues/1"
        );
        assert!(hint(read_issue("894", None)).contains("repo:"));
        assert!(read_issue("soon", Some(&repo)).is_err());
    }
}
