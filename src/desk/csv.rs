//! CSV: rows that every spreadsheet reads (RFC 4180), with line ends that other tools like.

/// Writes one row.
pub(super) fn row(cells: &[&str]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| written(cell)).collect();
    format!("{}\n", cells.join(","))
}

/// Writes a cell; one that spreadsheets would take for a formula gets an apostrophe.
fn written(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if is_formula {
        format!("'{cell}")
    } else {
        cell.to_owned()
    };
    match cell.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::row;

    #[test]
    fn quotes_what_would_mean_something_else() {
        assert_eq!(
            row(&["a", "b,c", "d\"e", "f\ng", ""]),
            "a,\"b,c\",\"d\"\"e\",\"f\ng\",\n"
        );
        assert_eq!(row(&["=1+1", "@all", "-"]), "'=1+1,'@all,'-\n");
    }
}
