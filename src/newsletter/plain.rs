//! Plain texts: what people write in many ways, made alike.
//!
//! Flows in: words of a post. Flows out: the same in the one form in which they are compared or kept.

/// The brackets that hold remarks, each with its end.
const BRACKETS: [(char, char); 2] = [('（', '）'), ('(', ')')];

/// Gives the bare words of a text: letters and digits in lower case, without remarks in round brackets.
pub(super) fn bare(text: &str) -> String {
    // A bracket that never ends holds nothing.
    let last = BRACKETS.map(|(_, end)| text.rfind(end));
    let mut open = None;
    let mut bare = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let opens = BRACKETS
            .iter()
            .zip(last)
            .find(|((start, _), last)| *start == c && last.is_some_and(|last| last > at));
        match (open, opens) {
            (Some(end), _) if c == end => open = None,
            (Some(_), _) => {}
            (None, Some(((_, end), _))) => open = Some(*end),
            (None, None) if c.is_alphanumeric() => bare.extend(half_width(c).to_lowercase()),
            (None, None) => {}
        }
    }
    bare
}

/// Gives all letters and digits of a text in lower case, those in brackets too.
pub(super) fn letters(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(|c| half_width(c).to_lowercase()).collect()
}

/// Gives the character of an ASCII keyboard that a full-width one stands for.
pub(super) fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    }
}

/// Tells whether a character belongs to Chinese text.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

/// Trims a value: blanks, and the punctuation that ends a line of a list.
pub(super) fn trimmed(text: &str) -> &str {
    text.trim()
        .trim_end_matches(['；', ';', '。', '，', ',', '、', '～', '~'])
        .trim()
}

/// Takes the 《》 off that stand around all of a title.
pub(super) fn unquoted(title: &str) -> &str {
    let inner = title
        .strip_prefix('《')
        .and_then(|rest| rest.strip_suffix('》'));
    inner
        .filter(|inner| !inner.contains(['《', '》']))
        .unwrap_or(title)
}

/// Tells whether one of two texts holds the other, or nearly all of it, by their letters.
pub(super) fn is_alike(one: &str, other: &str) -> bool {
    let (one, other) = (letters(one), letters(other));
    let shorter = one.chars().count().min(other.chars().count());
    one == other || shorter >= 6 && (one.contains(&other) || other.contains(&one))
}

/// Tells whether two texts say the same in about the same words: most letters of the shorter stand in the longer.
pub(super) fn is_like(one: &str, other: &str) -> bool {
    // Nobody here can tell whether two languages say the same.
    if one.contains(is_han) != other.contains(is_han) {
        return true;
    }
    let (one, other) = (letters(one), letters(other));
    let (short, long) = match one.chars().count() <= other.chars().count() {
        true => (one, other),
        false => (other, one),
    };
    if long.contains(&short) {
        return true;
    }
    let mut rest: Vec<char> = long.chars().collect();
    let shared = short.chars().filter(|c| {
        let found = rest.iter().position(|other| other == c);
        found.map(|at| rest.swap_remove(at)).is_some()
    });
    shared.count() * 10 >= short.chars().count() * 6
}

#[cfg(test)]
mod tests {
    use super::{bare, is_alike, trimmed};

    #[test]
    fn bares_labels() {
        assert_eq!(bare("「B 站直播间地址（可回看）」"), "b站直播间地址");
        assert_eq!(bare("ＡＢ（c"), "abc");
        assert_eq!(bare("| 加入 SOFA 群"), "加入sofa群");
    }

    #[test]
    fn trims_and_compares() {
        assert_eq!(trimmed(" 灯笼怎么糊； "), "灯笼怎么糊");
        assert!(is_alike("灯笼夜话#3：竹篾与纸", "灯笼夜话 #3 竹篾"));
        assert!(!is_alike("灯笼", "灯笼夜话"));
    }
}
