//! Names of cells and ranges in formulas.

/// The letters of a column, from 0.
pub(super) fn letters(column: u16) -> String {
    let (mut rest, mut letters) = (u32::from(column) + 1, Vec::new());
    while rest > 0 {
        let digit = (rest - 1) % 26;
        letters.push(char::from(b'A' + u8::try_from(digit).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// A cell by row and column, both from 0, as people name it.
pub(super) fn cell(row: u32, column: u16) -> String {
    format!("{}{}", letters(column), row + 1)
}

/// A sheet's name in front of a cell: quoted where it is not one plain word.
pub(super) fn sheet(name: &str) -> String {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphabetic());
    if plain { format!("{name}!") } else { format!("'{}'!", name.replace('\'', "''")) }
}

/// Rows of a column of a sheet, fixed.
pub(super) fn fixed_rows(name: &str, column: u16, rows: (u32, u32)) -> String {
    let column = letters(column);
    format!("{}${column}${}:${column}${}", sheet(name), rows.0 + 1, rows.1 + 1)
}

/// A cell of a sheet, fixed.
pub(super) fn fixed_cell(name: &str, row: u32, column: u16) -> String {
    format!("{}${}${}", sheet(name), letters(column), row + 1)
}

/// Rows of a column of the same sheet.
pub(super) fn rows(column: u16, first: u32, last: u32) -> String {
    format!("{}:{}", cell(first, column), cell(last, column))
}

/// A formula for text: quotes inside it are doubled.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_and_sheets_are_named_as_programs_name_them() {
        let names = [0, 25, 26, 51, 52, 701, 702, 16383].map(letters);
        assert_eq!(names, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA", "XFD"]);
        assert_eq!(fixed_rows("Forecast", 2, (4, 9)), "Forecast!$C$5:$C$10");
        assert_eq!(fixed_cell("O'Hara 2", 0, 0), "'O''Hara 2'!$A$1");
        assert_eq!(sheet("预测"), "'预测'!");
        assert_eq!(quoted("a \"b\""), "\"a \"\"b\"\"\"");
    }
}
