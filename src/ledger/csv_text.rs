//! CSV: the delimiter, the header, and the records of a block.

use std::io::{self, Read};
use std::ops::Range;

use super::blocks::{Block, Blocks};
use super::error::LedgerError;
use super::raw::Compression;
use super::record::{Record, is_clean};

/// Starts reading a CSV file; `head` are the first bytes of the content, `rest` what follows.
/// Returns its blocks, its delimiter and its header.
pub(super) fn open<'r>(
    file: &'r str,
    compression: Compression,
    head: Vec<u8>,
    rest: Box<dyn Read + Send + 'r>,
    delimiter: Option<u8>,
) -> Result<(Blocks<'r>, u8, Vec<String>), LedgerError> {
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return Err(LedgerError::Utf16 { file: file.to_owned() });
    }
    if head.starts_with(b"PK\x03\x04") {
        return Err(LedgerError::Archive { file: file.to_owned() });
    }
    let mark = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let delimiter = delimiter.unwrap_or_else(|| find_delimiter(&head[mark..]));
    let mut head = io::Cursor::new(head);
    head.set_position(mark as u64);
    let mut blocks = Blocks::new(file, compression, Box::new(head.chain(rest)), delimiter);
    let Some(text) = blocks.header()? else {
        return Err(LedgerError::EmptyFile { file: file.to_owned() });
    };
    let mut header = Vec::new();
    let block = Block { bytes: text, line: 1, plain: false };
    each_record(block, delimiter, |_, record| {
        header.extend(record.fields().map(<[u8]>::to_vec));
    });
    let name = |(index, field): (usize, Vec<u8>)| match String::from_utf8(field) {
        Ok(name) => Ok(name.trim().to_owned()),
        Err(_) => Err(LedgerError::HeaderText { file: file.to_owned(), column: index + 1 }),
    };
    let header = header.into_iter().enumerate().map(name).collect::<Result<_, _>>()?;
    Ok((blocks, delimiter, header))
}

/// Hands over the records of a block, each with its line.
pub(super) fn each_record(block: Block, delimiter: u8, take: impl FnMut(u64, Record<'_>)) {
    if block.plain {
        each_line(&block, delimiter, take);
    } else {
        each_quoted(block, delimiter, take);
    }
}

/// The lines of a plain block.
fn each_line(block: &Block, delimiter: u8, mut take: impl FnMut(u64, Record<'_>)) {
    let text = &block.bytes[..];
    let clean = is_clean(text);
    let (mut fields, mut start, mut line) = (Vec::new(), 0, block.line);
    let mut end_line = |start: usize, end: usize, fields: &mut Vec<Range<usize>>, line: u64| {
        let end = if text[start..end].ends_with(b"\r") { end - 1 } else { end };
        fields.push(start..end);
        // An empty line is none, also where there is one column.
        if fields.len() > 1 || start < end {
            let clean = clean || is_clean(&text[fields[0].start..end]);
            take(line, Record { text, fields, clean });
        }
        fields.clear();
    };
    let mut marks = [0; PIECE];
    for (piece, first) in text.chunks(PIECE).zip((0..).step_by(PIECE)) {
        let count = find([delimiter, b'\n'], piece, &mut marks);
        for mark in &marks[..count] {
            let at = first + usize::from(*mark);
            if text[at] == delimiter {
                fields.push(start..at);
            } else {
                end_line(start, at, &mut fields, line);
                line += 1;
            }
            start = at + 1;
        }
    }
    if start < text.len() || !fields.is_empty() {
        end_line(start, text.len(), &mut fields, line);
    }
}

/// Bytes that are searched before what was found is used: a loop that does one thing is fast.
const PIECE: usize = 4096;

/// Writes down where either of two bytes stands, in ascending order, and returns how often they do.
/// They stand close to each other, so that eight bytes at a time are faster here than a search that
/// starts anew behind each.
fn find(wanted: [u8; 2], piece: &[u8], marks: &mut [u16; PIECE]) -> usize {
    const LOW: u64 = u64::from_ne_bytes([0x7f; 8]);
    let patterns = wanted.map(|byte| u64::from_ne_bytes([byte; 8]));
    let mut count = 0;
    let mut mark = |at: u16| {
        marks[count] = at;
        count += 1;
    };
    let (words, rest) = piece.as_chunks::<8>();
    for (start, word) in (0..).step_by(8).zip(words) {
        let word = u64::from_le_bytes(*word);
        // The high bit of each byte that is zero, and of no other.
        let zeros = |word: u64| !(((word & LOW) + LOW) | word | LOW);
        let mut found = zeros(word ^ patterns[0]) | zeros(word ^ patterns[1]);
        while found != 0 {
            mark(start + u16::try_from(found.trailing_zeros() / 8).unwrap_or(0));
            found &= found - 1;
        }
    }
    for (at, byte) in (0..).zip(piece).skip(piece.len() - rest.len()) {
        if wanted.contains(byte) {
            mark(at);
        }
    }
    count
}

/// The records of a block with quotes or lone `\r`.
fn each_quoted(mut block: Block, delimiter: u8, mut take: impl FnMut(u64, Record<'_>)) {
    // The reader counts the lines that end with `\n`.
    unify_line_ends(&mut block.bytes);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(&block.bytes[..]);
    let mut record = csv::ByteRecord::new();
    let mut fields = Vec::new();
    // Reading from memory does not fail, and bytes need not be UTF-8.
    while reader.read_byte_record(&mut record).unwrap_or(false) {
        // The reader stands behind the line feed that ends the record; its fields hold those
        // within. (The position it gives to a record is that of blank lines before it.)
        let text = record.as_slice();
        let within = super::blocks::lines(text);
        let behind = reader.position().line();
        fields.clear();
        fields.extend((0..record.len()).filter_map(|number| record.range(number)));
        let line = block.line + behind.saturating_sub(within + 2);
        take(line, Record { text, fields: &fields, clean: false });
    }
}

/// Turns `\r\n` into `\n`, and lets the last line end with one.
fn unify_line_ends(text: &mut Vec<u8>) {
    let mut kept = 0;
    for at in 0..text.len() {
        if !(text[at] == b'\r' && matches!(text.get(at + 1), Some(b'\n') | None)) {
            text[kept] = text[at];
            kept += 1;
        }
    }
    text.truncate(kept);
    if !text.ends_with(b"\n") {
        text.push(b'\n');
    }
}

/// The delimiter of the header line: the one that occurs most outside quotes, the comma where
/// none does.
fn find_delimiter(head: &[u8]) -> u8 {
    let mut counts = [(b',', 0_u32), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut quoted = false;
    for &byte in head.trim_ascii_start() {
        if byte == b'"' {
            quoted = !quoted;
        } else if !quoted && byte == b'\n' {
            break;
        } else if !quoted {
            for (delimiter, count) in &mut counts {
                *count += u32::from(*delimiter == byte);
            }
        }
    }
    // Of equals the first in the list, which `max_by_key` would give last.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(delimiter, _)| *delimiter)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The header, and the line and number of fields of each record.
    type Content = (Vec<String>, Vec<(u64, usize)>);

    fn all(text: &str) -> Result<Content, LedgerError> {
        let rest = Box::new(io::empty());
        let head = text.as_bytes().to_vec();
        let (mut blocks, delimiter, header) = open("a.csv", Compression::None, head, rest, None)?;
        let mut records = Vec::new();
        while let Some(block) = blocks.next()? {
            each_record(block, delimiter, |line, record| {
                if !record.is_blank(header.len()) {
                    records.push((line, record.len()));
                }
            });
        }
        Ok((header, records))
    }

    #[test]
    fn lines_are_those_of_the_file_despite_blank_lines_quotes_and_line_ends() {
        let text = "\na,b\n\n1,2\n\"3\n3\",4\n   \n\n5,\"6\n6\n6\"\n7";
        let expected = vec![(4, 2), (5, 2), (9, 2), (12, 1)];
        assert_eq!(all(text).unwrap().1, expected);
        assert_eq!(all(&text.replace('\n', "\r\n")).unwrap().1, expected);
        assert_eq!(all(&format!("{text}\n\n")).unwrap().1, expected);
        let plain = "\na,b\n\n1,2\n,\n3,4\n   \n\n5\n6,7,";
        let expected = vec![(4, 2), (6, 2), (9, 1), (10, 3)];
        assert_eq!(all(plain).unwrap().1, expected);
        assert_eq!(all(&plain.replace('\n', "\r\n")).unwrap().1, expected);
        assert_eq!(all(&format!("{plain}\n\n")).unwrap().1, expected);
    }

    /// A quote within a field is text; its block is read the other way.
    #[test]
    fn both_ways_of_reading_a_block_agree() {
        let text = "a,b\n1,x\r\n\n,\r\n2, y \n3\n4,,\r\n \n5,z";
        let quoted = text.replace('x', "x\"");
        let records = |text: &str| all(text).unwrap().1;
        assert_eq!(records(text), [(2, 2), (5, 2), (6, 1), (7, 3), (9, 2)]);
        assert_eq!(records(&quoted), records(text));
        let single = "a\nx\n\n  \ny";
        assert_eq!(records(single), [(2, 1), (4, 1), (5, 1)]);
        assert_eq!(records(&single.replace('x', "x\"")), records(single));
    }

    #[test]
    fn every_place_of_two_bytes_is_found() {
        // All bytes, at all distances from the start of a word; bytes that differ by one bit or
        // by a carry from those wanted stand next to them.
        let text: Vec<u8> =
            (0..=255).chain([b',', b',' + 1, b'\n', 0x80, b',', b'\n', b'-']).collect();
        for start in 0..9 {
            for wanted in [[b',', b'\n'], [0x80, 0], [0xff, 0x7f]] {
                let mut marks = [0; PIECE];
                let count = find(wanted, &text[start..], &mut marks);
                let hits = (0..).zip(&text[start..]).filter(|hit| wanted.contains(hit.1));
                assert_eq!(marks[..count], hits.map(|hit| hit.0).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn every_byte_of_a_piece_can_be_one_of_the_two() {
        let mut marks = [0; PIECE];
        assert_eq!(find([b',', b'\n'], &[b','; PIECE], &mut marks), PIECE);
        assert!((0..).zip(marks).all(|(at, mark): (u16, u16)| at == mark));
    }

    #[test]
    fn the_delimiter_is_the_one_the_header_repeats() {
        assert_eq!(find_delimiter(b"a;b;\"c,d,e\"\n1,2,3,4"), b';');
        assert_eq!(find_delimiter(b"a\tb\n"), b'\t');
        assert_eq!(find_delimiter(b"a|b|c,d"), b'|');
        assert_eq!(find_delimiter(b"a\n"), b',');
        assert_eq!(all("\u{feff}\"a b\" ; c\n1;2").unwrap().0, ["a b", "c"]);
    }

    #[test]
    fn an_open_quote_is_found_where_it_opens() {
        for text in ["a,b\n1,2\n3,\"4\n5,6\n", "a,b\n1,2\n3,\"4\n5,6"] {
            let error = all(text).unwrap_err();
            assert!(matches!(error, LedgerError::UnclosedQuote { line: 3, .. }), "{error}");
        }
    }
}
