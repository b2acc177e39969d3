//! Reporting: the only file that prints.
//!
//! Flows in: diagnostics, and the texts of the files that they point into. Flows out: words for people on stderr, JSON
//! lines and GitHub's annotations on stdout. Deliberately absent: exit codes, and sorting (the pipeline did it).

use super::IoError;
use super::snippet::{render_human, start_and_end, visible};
use crate::diagnostic::{Diagnostic, Severity};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

pub use super::snippet::{Color, TextOf};

/// How diagnostics are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Snippets with carets, on stderr.
    Human,
    /// One JSON object a line, on stdout.
    Json,
    /// Workflow commands that GitHub shows beside the changed lines, on stdout.
    Github,
}

/// Prints diagnostics in a format, for people with a summary.
pub fn report(
    diagnostics: &[Diagnostic],
    text_of: TextOf<'_, '_>,
    format: Format,
    color: Color,
) -> Result<(), IoError> {
    match format {
        Format::Json => data(&render_json(diagnostics, text_of)),
        Format::Github => data(&render_github(diagnostics, text_of)),
        Format::Human if diagnostics.is_empty() => Ok(()),
        Format::Human => {
            say(&format!(
                "{}\n{}",
                render_human(diagnostics, text_of, color),
                summary(diagnostics)
            ));
            Ok(())
        }
    }
}

/// Prints why the job could not be done, with its way out.
pub fn fault(message: &str, hint: Option<&str>) {
    let hint = hint.map_or(String::new(), |hint| format!("\n  = hint: {hint}"));
    say(&format!("error: {}{hint}", visible(message)));
}

/// Tells people something, on stderr.
pub fn say(line: &str) {
    // There is no one left to tell when stderr itself fails.
    let _ = print(&mut io::stderr().lock(), line);
}

/// Shows people something that will be wiped away, on stderr.
pub(super) fn show(text: &str) {
    let mut err = io::stderr().lock();
    // As for `say`.
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

/// Prints data, on stdout; a reader that has gone away is no fault.
pub fn data(lines: &str) -> Result<(), IoError> {
    print(&mut io::stdout().lock(), lines)
        .map_err(|error| IoError::write(Path::new("stdout"), error))
}

fn print(out: &mut impl Write, text: &str) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    let end = if text.ends_with('\n') { "" } else { "\n" };
    let printed = out.write_all(format!("{text}{end}").as_bytes());
    match printed.and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        printed => printed,
    }
}

/// Counts errors, warnings, advice and the files that they are in: `2 errors, 1 warning in 3 files`.
pub fn summary(diagnostics: &[Diagnostic]) -> String {
    let files: BTreeSet<&str> = diagnostics.iter().map(|d| &*d.place.file).collect();
    let number = |count: usize, word: &str| match count {
        0 => None,
        1 => Some(format!("1 {word}")),
        _ => Some(format!("{count} {word}s")),
    };
    let of = |severity| {
        diagnostics
            .iter()
            .filter(|d| d.severity() == severity)
            .count()
    };
    let errors = number(of(Severity::Error), "error");
    let warnings = number(of(Severity::Warning), "warning");
    let advice = match of(Severity::Advice) {
        0 => None,
        1 => Some("1 piece of advice".to_owned()),
        pieces => Some(format!("{pieces} pieces of advice")),
    };
    let counts: Vec<String> = [errors, warnings, advice].into_iter().flatten().collect();
    match number(files.len(), "file") {
        Some(files) => format!("{} in {files}", counts.join(", ")),
        None => "no errors".to_owned(),
    }
}

fn render_json(diagnostics: &[Diagnostic], text_of: TextOf<'_, '_>) -> String {
    let objects = json_of(diagnostics, text_of).into_iter();
    objects.map(|object| format!("{object}\n")).collect()
}

/// Gives diagnostics as JSON objects.
pub(super) fn json_of(diagnostics: &[Diagnostic], text_of: TextOf<'_, '_>) -> Vec<Value> {
    let object = |diagnostic: &Diagnostic| {
        let complaint = &diagnostic.complaint;
        let (start, end) = start_and_end(&diagnostic.place, text_of).unzip();
        let related: Vec<Value> = diagnostic
            .related
            .iter()
            .map(|(place, label)| {
                let start = start_and_end(place, text_of).map(|(start, _)| start);
                json!({
                    "file": &*place.file,
                    "line": start.map(|start| start.line),
                    "column": start.map(|start| start.column),
                    "label": label,
                })
            })
            .collect();
        json!({
            "code": complaint.code.as_str(),
            "severity": diagnostic.severity().as_str(),
            "message": complaint.message,
            "file": &*diagnostic.place.file,
            "line": start.map(|start| start.line),
            "column": start.map(|start| start.column),
            "end_line": end.map(|end| end.line),
            "end_column": end.map(|end| end.column),
            "label": complaint.label,
            "hint": complaint.hint,
            "related": related,
        })
    };
    diagnostics.iter().map(object).collect()
}

fn render_github(diagnostics: &[Diagnostic], text_of: TextOf<'_, '_>) -> String {
    let data = |text: &str| {
        let text = text.replace('%', "%25");
        text.replace('\r', "%0D").replace('\n', "%0A")
    };
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let line = |diagnostic: &Diagnostic| {
        let complaint = &diagnostic.complaint;
        let place = match start_and_end(&diagnostic.place, text_of) {
            None => String::new(),
            // GitHub wants columns within one line only.
            Some((start, end)) if start.line != end.line => {
                format!(",line={},endLine={}", start.line, end.line)
            }
            Some((start, end)) => format!(
                ",line={},col={},endLine={},endColumn={}",
                start.line, start.column, end.line, end.column
            ),
        };
        let hint = complaint
            .hint
            .as_ref()
            .map_or(String::new(), |hint| format!("\n{hint}"));
        let command = match diagnostic.severity() {
            Severity::Advice => "notice",
            severity => severity.as_str(),
        };
        format!(
            "::{command} file={}{place},title={}::{}\n",
            property(&diagnostic.place.file),
            property(complaint.code.as_str()),
            data(&format!("{}{hint}", complaint.message)),
        )
    };
    diagnostics.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::{print, render_github, render_json, summary};
    use crate::diagnostic::{Code, Complaint, Diagnostic, Place};
    use std::io::{Error, ErrorKind, Write};

    const TEXT: &str = "a: 1\n标题: 会议\nz\n";

    fn found() -> Diagnostic {
        Complaint::new(Code::BadUrl, "100% `a:b,c`\r")
            .label("here")
            .hint("mend\nit")
            .at(Place::span("e/a,b:c.yaml", 13..19))
            .also(Place::span("e/a.yaml", 5..6), "first")
            .also(Place::file("e/b.yaml"), "second")
    }

    #[test]
    fn json_is_one_object_a_line_and_counts_characters() {
        let whole = Complaint::new(Code::Vanished, "gone").at(Place::file("e"));
        let lines = render_json(&[found(), whole], &|_| Some(TEXT));
        let objects: Vec<serde_json::Value> = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let expected = serde_json::json!([
            {
                "code": "bad-url", "severity": "error", "message": "100% `a:b,c`\r", "file": "e/a,b:c.yaml",
                "line": 2, "column": 5, "end_line": 2, "end_column": 7, "label": "here", "hint": "mend\nit",
                "related": [
                    {"file": "e/a.yaml", "line": 2, "column": 1, "label": "first"},
                    {"file": "e/b.yaml", "line": null, "column": null, "label": "second"},
                ],
            },
            {
                "code": "vanished", "severity": "warning", "message": "gone", "file": "e", "line": null,
                "column": null, "end_line": null, "end_column": null, "label": null, "hint": null, "related": [],
            },
        ]);
        assert_eq!(serde_json::Value::from(objects), expected);
    }

    #[test]
    fn github_gets_its_escapes_and_columns_within_one_line_only() {
        let expected = "::error file=e/a%2Cb%3Ac.yaml,line=2,col=5,endLine=2,endColumn=7,title=bad-url::\
                        100%25 `a:b,c`%0D%0Amend%0Ait\n";
        assert_eq!(render_github(&[found()], &|_| Some(TEXT)), expected);
        let warning = Complaint::new(Code::Vanished, "gone");
        let whole = render_github(&[warning.clone().at(Place::file("e"))], &|_| None);
        assert_eq!(whole, "::warning file=e,title=vanished::gone\n");
        let lines = warning.at(Place::span("e", 0..6));
        let lines = render_github(&[lines], &|_| Some(TEXT));
        assert_eq!(
            lines,
            "::warning file=e,line=1,endLine=2,title=vanished::gone\n"
        );
    }

    #[test]
    fn the_summary_counts_in_words() {
        let at = |code, file: &str| Complaint::new(code, "x").at(Place::file(file));
        let (error, other) = (at(Code::BadUrl, "a"), at(Code::BadUrl, "b"));
        let warning = at(Code::Vanished, "a");
        assert_eq!(
            summary(&[error.clone(), other, warning.clone()]),
            "2 errors, 1 warning in 2 files"
        );
        assert_eq!(summary(&[error]), "1 error in 1 file");
        assert_eq!(summary(&[warning.clone(), warning]), "2 warnings in 1 file");
        assert_eq!(summary(&[]), "no errors");
    }

    struct Failing(ErrorKind);

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> Result<usize, Error> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> Result<(), Error> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_went_away_is_no_fault_but_a_full_disk_is() {
        print(&mut Failing(ErrorKind::BrokenPipe), "x").unwrap();
        print(&mut Failing(ErrorKind::StorageFull), "x").unwrap_err();
        let mut lines = Vec::new();
        print(&mut lines, "a").unwrap();
        print(&mut lines, "b\n").unwrap();
        print(&mut lines, "").unwrap();
        assert_eq!(lines, b"a\nb\n");
    }
}
