//! Lost text: what YAML dropped from a value without a word.
//!
//! Flows in: a source's text. Flows out: a warning where ` #` began a comment or `&` an anchor that
//! its author probably meant as text, or where a line became part of the value above it. Positions are looked for only when there may be something.

use crate::diagnostic::{Code, Complaint};
use crate::yaml::cure::quoted;
use crate::yaml::cursor::Cursor;

/// Reports the values of a file that lost text.
pub(crate) fn report_lost_text(root: &Cursor) {
    let text = &root.source().text;
    if text.contains(" #") {
        for span in root.positions().cut_values(text) {
            let written = &text[span.clone()];
            let message = "a ` #` cuts this value: what follows is a comment to YAML";
            let cure = quoted(written);
            let hint = format!(
                "quote the whole value: `{cure}`; or put a blank after the `#` if it is a comment"
            );
            root.report_span(span, Complaint::new(Code::CutByComment, message).hint(hint));
        }
    }
    if text.contains(" &") {
        for span in root.positions().unused_anchors(text) {
            let written = &text[span.clone()];
            let name = written.split(char::is_whitespace).next().unwrap_or(written);
            let message = format!("`{name}` is an anchor to YAML and no part of the text");
            let hint = format!("quote the whole value: `{}`", quoted(written));
            root.report_span(span, Complaint::new(Code::UnusedAnchor, message).hint(hint));
        }
    }
    let may_be_key =
        |line: &str| line.starts_with([' ', '\t']) && line.contains('：') && !line.contains(": ");
    if text.lines().any(may_be_key) {
        for span in root.positions().swallowed_lines(text) {
            let message = "this line looks like a key, but it is part of the value above it";
            let hint = "begin it in the column of the keys, with the ASCII `:` and a blank; or quote the whole value above";
            root.report_span(
                span,
                Complaint::new(Code::SwallowedLine, message).hint(hint),
            );
        }
    }
}
