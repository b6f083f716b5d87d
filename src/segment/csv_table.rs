//! Small CSV tables of a user's: named columns, and all bad rows at once.

use std::io::Read;

use super::SegmentError;

/// Reads a table whose header has the columns `needed` and perhaps some of `optional`, and hands
/// every row to `take`, which says what is wrong with it. Names of columns are compared without
/// regard to case; other columns are left alone.
///
/// The positions in a row are those of `needed`, then those of `optional`; `None` is a column that
/// is not there.
pub(super) fn read(
    file: &'static str,
    input: impl Read,
    needed: &[&str],
    optional: &[&str],
    mut take: impl FnMut(u64, &[Option<&str>]) -> Result<(), String>,
) -> Result<(), SegmentError> {
    let expected = || {
        let optional = if optional.is_empty() {
            String::new()
        } else {
            format!(" and any of {}", optional.join(", "))
        };
        format!("a CSV file with the column(s) {}{optional}", needed.join(", "))
    };
    let unusable = |found: String| SegmentError::Table { file, found, expected: expected() };
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(input);
    let header = reader.headers().map_err(|error| unusable(error.to_string()))?.clone();
    let mut places = Vec::new();
    for name in needed.iter().chain(optional) {
        let named =
            |at: &usize| header[*at].trim_start_matches('\u{feff}').eq_ignore_ascii_case(name);
        let mut found = (0..header.len()).filter(named);
        let place = found.next();
        if found.next().is_some() {
            return Err(unusable(format!("two columns `{name}`")));
        }
        if place.is_none() && needed.contains(name) {
            let header: Vec<&str> = header.iter().collect();
            return Err(unusable(format!(
                "no column `{name}` in the header `{}`",
                header.join(",")
            )));
        }
        places.push(place);
    }
    let mut bad = Vec::new();
    for record in reader.records() {
        let outcome = match &record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                let cell = |place: &Option<usize>| place.and_then(|at| record.get(at));
                let cells: Vec<Option<&str>> = places.iter().map(cell).collect();
                take(line, &cells).map_err(|what| (line, what))
            }
            Err(error) => Err((error.position().map_or(0, csv::Position::line), error.to_string())),
        };
        bad.extend(outcome.err());
    }
    if bad.is_empty() { Ok(()) } else { Err(SegmentError::Rows { file, rows: bad }) }
}

/// A finite number in a cell, in words where it is none.
pub(super) fn number(column: &str, text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|number: &f64| number.is_finite()).ok_or_else(|| {
        format!("{column} is `{text}`, expected a finite number with a decimal point")
    })
}
