//! Tables for the terminal: aligned, without boxes, readable without colour.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};

use super::visible::visible;

/// Letters of a cell; longer names from the data are cut, so that tables stay tables.
const LONGEST: usize = 60;

/// A table whose first column is aligned to the left and all others to the right, but for those
/// that hold words.
pub(crate) fn table(header: Vec<String>, rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING);
    let wordy: Vec<bool> = (0..header.len())
        .map(|i| i == 0 || rows.iter().any(|row| row[i].contains(|c: char| c.is_alphabetic())))
        .collect();
    table.set_header(header.into_iter().map(|cell| shown(&cell)));
    for row in rows {
        table.add_row(row.into_iter().map(|cell| shown(&cell)));
    }
    for (i, wordy) in wordy.into_iter().enumerate() {
        if let Some(column) = table.column_mut(i)
            && !wordy
        {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut text = String::new();
    for line in table.lines() {
        text.push_str(format!(" {line}").trim_end());
        text.push('\n');
    }
    text
}

/// A cell: an id with a line break or an escape sequence would take the terminal over.
fn shown(cell: &str) -> String {
    let text = visible(cell);
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}
