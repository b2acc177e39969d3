//! Markdown: texts that stay what they are in a comment of a code host.

/// Writes a text so that no letter of it is markup, and nobody is mentioned.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '\\' | '|' | '*' | '_' | '`' | '[' | ']' | '~' => escaped.extend(['\\', letter]),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            // A host would call whoever has that name.
            '@' => escaped.push_str("@&#8203;"),
            '\n' => escaped.push_str("<br>"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// Writes a line that is to be copied, letter by letter.
pub(super) fn code(line: &str) -> String {
    match line.contains(['`', '|']) {
        true => escaped(line),
        false => format!("`{line}`"),
    }
}

/// Writes a row of a table.
pub(super) fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// Writes the head of a table.
pub(super) fn head(names: &[&str]) -> String {
    let line = vec!["---"; names.len()].join("|");
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    format!("{}|{line}|\n", row(&names))
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_in_a_title_is_markup() {
        assert_eq!(
            escaped("*a* | `b` <c> [d](e) @f & g_h"),
            "\\*a\\* \\| \\`b\\` &lt;c&gt; \\[d\\](e) @&#8203;f &amp; g\\_h"
        );
    }
}
