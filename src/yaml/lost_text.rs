//! Lost text: what YAML dropped from a value without a word.
//!
//! Flows in: a source's text. Flows out: a warning where ` #` began a comment or `&` an anchor that
//! its author probably meant as text. Positions are looked for only when there may be something.

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
}
