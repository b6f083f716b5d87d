//! Tables for the terminal: aligned, without boxes, readable without colour.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};

/// A table whose first column is aligned to the left and all others to the right, but for those
/// that hold words.
pub(crate) fn table(header: Vec<String>, rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING);
    let wordy: Vec<bool> = (0..header.len())
        .map(|i| i == 0 || rows.iter().any(|row| row[i].contains(|c: char| c.is_alphabetic())))
        .collect();
    table.set_header(header);
    for row in rows {
        // An id with a line break or an escape sequence would take the terminal over.
        table.add_row(row.into_iter().map(|cell| cell.replace(char::is_control, "\u{fffd}")));
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
