//! Patches: what would become of a file, as a unified diff.
//!
//! Flows in: a file as it is, if it is there, and as it would be. Flows out: text that people read and `patch -p0` takes.

use crate::newsletter::filing::Filed;

/// How many lines around a change are shown.
const CONTEXT: usize = 3;

/// Writes the difference that a filing would make.
pub fn patch(filed: &Filed) -> String {
    let path = &filed.source.path;
    let before = filed.before.as_deref();
    let from = match before {
        Some(_) => path,
        None => "/dev/null",
    };
    let changes = changes(before.unwrap_or_default(), &filed.source.text);
    let hunks: String = hunks(&changes);
    format!("--- {from}\n+++ {path}\n{hunks}")
}

/// A line of one text or of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line<'t> {
    Kept(&'t str),
    Gone(&'t str),
    New(&'t str),
}

/// Compares texts of which the second has all lines of the first, but for a few.
fn changes<'t>(before: &'t str, after: &'t str) -> Vec<Line<'t>> {
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let mut lines = Vec::new();
    let (mut at, mut there) = (0, 0);
    while at < old.len() || there < new.len() {
        match (old.get(at), new.get(there)) {
            (Some(one), Some(other)) if one == other => {
                lines.push(Line::Kept(one));
                (at, there) = (at + 1, there + 1);
            }
            (Some(one), Some(other)) => match new[there..].iter().position(|line| line == one) {
                Some(added) => {
                    lines.extend(new[there..there + added].iter().map(|line| Line::New(line)));
                    there += added;
                }
                None => {
                    lines.extend([Line::Gone(one), Line::New(other)]);
                    (at, there) = (at + 1, there + 1);
                }
            },
            (Some(one), None) => {
                lines.push(Line::Gone(one));
                at += 1;
            }
            (None, Some(other)) => {
                lines.push(Line::New(other));
                there += 1;
            }
            (None, None) => break,
        }
    }
    lines
}

fn hunks(lines: &[Line<'_>]) -> String {
    let changed: Vec<usize> = (0..lines.len())
        .filter(|at| !matches!(lines[*at], Line::Kept(_)))
        .collect();
    let mut hunks = String::new();
    let mut rest = &changed[..];
    while let Some(first) = rest.first() {
        let gap = |pair: &[usize]| pair[1] - pair[0] > 2 * CONTEXT;
        let length = rest
            .windows(2)
            .position(gap)
            .map_or(rest.len(), |at| at + 1);
        let last = rest[length - 1];
        let start = first.saturating_sub(CONTEXT);
        let end = (last + 1 + CONTEXT).min(lines.len());
        hunks.push_str(&hunk(lines, start, end));
        rest = &rest[length..];
    }
    hunks
}

fn hunk(lines: &[Line<'_>], start: usize, end: usize) -> String {
    let is_old = |line: &&Line| !matches!(line, Line::New(_));
    let is_new = |line: &&Line| !matches!(line, Line::Gone(_));
    let place = |is: &dyn Fn(&&Line) -> bool| {
        let before = lines[..start].iter().filter(|line| is(line)).count();
        let count = lines[start..end].iter().filter(|line| is(line)).count();
        // What has no line stands behind the one before.
        (before + usize::from(count > 0), count)
    };
    let ((old, olds), (new, news)) = (place(&is_old), place(&is_new));
    let mut text = format!("@@ -{old},{olds} +{new},{news} @@\n");
    for line in &lines[start..end] {
        let (mark, line) = match line {
            Line::Kept(line) => (' ', line),
            Line::Gone(line) => ('-', line),
            Line::New(line) => ('+', line),
        };
        text.push(mark);
        text.push_str(line);
        if !line.ends_with('\n') {
            text.push_str("\n\\ No newline at end of file\n");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::patch;
    use crate::newsletter::filing::Filed;
    use crate::source::Source;

    fn shown(before: Option<&str>, after: &str) -> String {
        patch(&Filed {
            source: Source::new("events", "a.yaml", after),
            before: before.map(Into::into),
        })
    }

    #[test]
    fn shows_what_is_added_with_what_stands_around_it() {
        assert_eq!(
            shown(None, "a\nb\n"),
            "--- /dev/null\n+++ events/a.yaml\n@@ -0,0 +1,2 @@\n+a\n+b\n"
        );
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\nend";
        let after = "1\n2\n3\n4\nnew\n5\n6\n7\n8\n9\nend\nlast\n";
        let expected = "--- events/a.yaml
+++ events/a.yaml
@@ -2,9 +2,11 @@
 2
 3
 4
+new
 5
 6
 7
 8
 9
-end
\\ No newline at end of file
+end
+last
";
        assert_eq!(shown(Some(before), after), expected);
    }
}
