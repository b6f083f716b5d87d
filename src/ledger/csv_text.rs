//! CSV: the delimiter, the header, and the records in chunks.

use std::io::{self, Read};

use super::chunk::Chunk;
use super::error::LedgerError;
use super::lines::{END, Lines, SWALLOWED};
use super::raw::Compression;

/// Reads the records of one CSV file.
pub(super) struct CsvText<'r> {
    file: &'r str,
    compression: Compression,
    reader: csv::Reader<Box<dyn Read + Send + 'r>>,
    record: csv::ByteRecord,
    line: u64,
    done: bool,
}

impl<'r> CsvText<'r> {
    /// Starts reading; `head` are the first bytes of the content, `rest` what follows. Returns
    /// the header beside the reader.
    pub(super) fn open(
        file: &'r str,
        compression: Compression,
        head: Vec<u8>,
        rest: Box<dyn Read + Send + 'r>,
        delimiter: Option<u8>,
    ) -> Result<(Self, Vec<String>), LedgerError> {
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
        let text: Box<dyn Read + Send + 'r> = Box::new(Lines::new(head.chain(rest)));
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(1 << 17)
            .from_reader(text);
        let record = csv::ByteRecord::new();
        let mut this = Self { file, compression, reader, record, line: 1, done: false };
        if !this.advance(1)? {
            return Err(LedgerError::EmptyFile { file: file.to_owned() });
        }
        let header = this.header()?;
        Ok((this, header))
    }

    fn header(&self) -> Result<Vec<String>, LedgerError> {
        let name = |(index, field): (usize, &[u8])| match std::str::from_utf8(field) {
            Ok(name) => Ok(name.trim().to_owned()),
            Err(_) => {
                Err(LedgerError::HeaderText { file: self.file.to_owned(), column: index + 1 })
            }
        };
        self.record.iter().enumerate().map(name).collect()
    }

    /// The next records, or `None` at the end.
    pub(super) fn next(&mut self, width: usize) -> Result<Option<Chunk>, LedgerError> {
        let mut chunk = Chunk::default();
        while !chunk.is_full() && self.advance(width)? {
            for field in &self.record {
                chunk.field(field);
            }
            chunk.end_record(self.line);
        }
        Ok((chunk.len() > 0).then_some(chunk))
    }

    /// Reads the next record that is not blank; `false` at the end.
    fn advance(&mut self, width: usize) -> Result<bool, LedgerError> {
        while !self.done {
            let read = self.reader.read_byte_record(&mut self.record);
            let more = read.map_err(|error| {
                let source = match error.into_kind() {
                    csv::ErrorKind::Io(source) => source,
                    other => io::Error::other(format!("{other:?}")),
                };
                self.compression.error(self.file, &source)
            })?;
            // The reader stands behind the line feed that ends the record; its fields hold those
            // within. (The position it gives to a record is that of blank lines before it.)
            let within = self.record.as_slice().split(|byte| *byte == b'\n').count() - 1;
            let behind = self.reader.position().line().saturating_sub(within as u64);
            if self.record.as_slice() == END {
                self.done = true;
                return Ok(false);
            }
            if !more || self.record.as_slice().ends_with(SWALLOWED) {
                // Here no line feed ends the record: all of them are within it.
                let file = self.file.to_owned();
                return Err(LedgerError::UnclosedQuote { file, line: behind.max(1) });
            }
            self.line = behind.saturating_sub(1).max(1);
            // A line of delimiters alone, as spreadsheets leave at the end, is blank, too.
            if width == 1 || !self.record.as_slice().trim_ascii().is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
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
        let (mut csv, header) = CsvText::open("a.csv", Compression::None, head, rest, None)?;
        let mut records = Vec::new();
        while let Some(chunk) = csv.next(header.len())? {
            records.extend(chunk.records().map(|(line, record)| (line, record.len())));
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
