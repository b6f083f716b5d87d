//! Changes cells of a saved workbook, as a program would, by its XML.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// The same workbook with the text of a part of it changed.
pub(crate) fn edit(workbook: &[u8], part: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let mut is_met = false;
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut text = Vec::new();
        file.read_to_end(&mut text).unwrap();
        if name == part {
            let before = String::from_utf8(text).unwrap();
            let after = change(before.clone());
            assert_ne!(before, after, "nothing was changed in {part}");
            (text, is_met) = (after.into_bytes(), true);
        }
        out.start_file(name, SimpleFileOptions::default()).unwrap();
        out.write_all(&text).unwrap();
    }
    assert!(is_met, "no {part}");
    out.finish().unwrap().into_inner()
}

/// The XML of a cell, from `<c r="…"` to its end.
pub(crate) fn cell<'a>(xml: &'a str, name: &str) -> &'a str {
    let start = xml.find(&format!("<c r=\"{name}\"")).unwrap_or_else(|| panic!("no cell {name}"));
    let end = xml[start..].find("</c>").unwrap() + start + 4;
    &xml[start..end]
}

/// The text with a cell's number replaced.
pub(crate) fn number(xml: &str, name: &str, value: &str) -> String {
    let old = cell(xml, name);
    let (from, to) = (old.find("<v>").unwrap() + 3, old.find("</v>").unwrap());
    xml.replacen(old, &format!("{}{value}{}", &old[..from], &old[to..]), 1)
}
