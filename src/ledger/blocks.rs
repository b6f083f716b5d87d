//! Text cut into blocks of whole records, which the cores then read.

use std::io::{self, Read};

use memchr::{memchr, memchr_iter, memrchr};

use super::error::LedgerError;
use super::quotes::ends;
use super::raw::Compression;

/// Bytes per block: enough to make the cost of handing it over vanish, few enough to stay in the
/// cache of a core. Fixed, so that nothing depends on the number of threads.
const BYTES: usize = 1 << 22;

/// Whole records of a CSV file.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) bytes: Vec<u8>,
    /// The line on which it begins.
    pub(super) line: u64,
    /// Whether each line is a record: no quotes, and no `\r` but before a `\n`.
    pub(super) plain: bool,
}

/// Cuts the content of one CSV file.
pub(super) struct Blocks<'r> {
    file: &'r str,
    compression: Compression,
    content: Box<dyn Read + Send + 'r>,
    delimiter: u8,
    /// Read, and not yet handed out.
    rest: Vec<u8>,
    line: u64,
    at_end: bool,
}

impl<'r> Blocks<'r> {
    pub(super) fn new(
        file: &'r str,
        compression: Compression,
        content: Box<dyn Read + Send + 'r>,
        delimiter: u8,
    ) -> Self {
        Self { file, compression, content, delimiter, rest: Vec::new(), line: 1, at_end: false }
    }

    /// The text of the first record, blank lines before it left out; `None` where there is none.
    pub(super) fn header(&mut self) -> Result<Option<Vec<u8>>, LedgerError> {
        let mut size = BYTES;
        loop {
            self.fill(size)?;
            let blank = self.rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            self.line += lines(&self.rest[..blank]);
            self.rest.drain(..blank);
            if self.at_end && self.rest.is_empty() {
                return Ok(None);
            }
            let found = ends(&self.rest, self.delimiter);
            let first = found.first.or_else(|| self.at_end.then_some(self.rest.len()));
            // A `\r` at the very end may be half of a line's end.
            if let Some(end) = first.filter(|end| self.at_end || *end < self.rest.len()) {
                if found.first.is_none() && found.quoted {
                    return Err(self.unclosed(found.open));
                }
                let header = self.rest.drain(..end).collect::<Vec<_>>();
                self.line += lines(&header);
                return Ok(Some(header));
            }
            size += self.rest.len();
        }
    }

    /// The next block, or `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Block>, LedgerError> {
        let mut size = BYTES;
        loop {
            self.fill(size)?;
            if self.rest.is_empty() {
                return Ok(None);
            }
            let quotes = memchr(b'"', &self.rest).is_some();
            let cut = if quotes {
                let found = ends(&self.rest, self.delimiter);
                if self.at_end && found.quoted {
                    return Err(self.unclosed(found.open));
                }
                found.last
            } else {
                memrchr(b'\n', &self.rest).map_or(0, |at| at + 1)
            };
            let cut = if self.at_end { self.rest.len() } else { cut };
            if cut > 0 {
                let rest = self.rest.split_off(cut);
                let bytes = std::mem::replace(&mut self.rest, rest);
                let line = self.line;
                self.line += lines(&bytes);
                let plain = !quotes && returns_end_lines(&bytes);
                return Ok(Some(Block { bytes, line, plain }));
            }
            // One record is longer than a block.
            size += self.rest.len();
        }
    }

    /// Reads until `size` bytes are held, or all there are.
    fn fill(&mut self, size: usize) -> Result<(), LedgerError> {
        let missing = size.saturating_sub(self.rest.len());
        self.rest.reserve_exact(missing);
        let read = self.content.by_ref().take(missing as u64).read_to_end(&mut self.rest);
        let read = read.map_err(|error: io::Error| self.compression.error(self.file, &error))?;
        self.at_end = self.at_end || read < missing;
        Ok(())
    }

    fn unclosed(&self, open: usize) -> LedgerError {
        let line = self.line + lines(&self.rest[..open]);
        LedgerError::UnclosedQuote { file: self.file.to_owned(), line }
    }
}

/// Number of line feeds.
pub(super) fn lines(text: &[u8]) -> u64 {
    memchr_iter(b'\n', text).count() as u64
}

/// Whether every `\r` stands before a `\n`, or at the end.
fn returns_end_lines(text: &[u8]) -> bool {
    memchr_iter(b'\r', text).all(|at| matches!(text.get(at + 1), Some(b'\n') | None))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &str) -> Blocks<'_> {
        Blocks::new("a.csv", Compression::None, Box::new(text.as_bytes()), b',')
    }

    #[test]
    fn blocks_begin_and_end_with_records() {
        let row = "customer,2017-01-31,12.50\n";
        let quoted = "\"cust\nomer\",2017-01-31,12.50\n";
        for (row, lines) in [(row, 1), (quoted, 2)] {
            let rows = 2 * BYTES / row.len();
            let text = format!("header\n{}x,y,z", row.repeat(rows));
            let mut blocks = blocks(&text);
            assert_eq!(blocks.header().unwrap().unwrap(), b"header\n");
            let (mut whole, mut line) = (Vec::new(), 2);
            while let Some(block) = blocks.next().unwrap() {
                let quoted = block.bytes.contains(&b'"');
                assert_eq!((block.line, block.plain), (line, !quoted));
                line += lines * (block.bytes.len() / row.len()) as u64;
                assert!(block.bytes.len() <= BYTES);
                // The last record has no line feed, and may stand in a block with others.
                let ended = block.bytes.strip_suffix(b"x,y,z").unwrap_or(&block.bytes);
                assert_eq!(ended.len() % row.len(), 0);
                whole.extend(block.bytes);
            }
            assert_eq!(whole, &text.as_bytes()[7..]);
        }
    }

    #[test]
    fn a_record_longer_than_a_block_makes_its_block_longer() {
        let text = format!("a\n\"{}\",1\n2\n", "x\n".repeat(2 * BYTES));
        let mut blocks = blocks(&text);
        blocks.header().unwrap();
        let block = blocks.next().unwrap().unwrap();
        assert_eq!((block.bytes.len(), block.line), (text.len() - 2, 2));
        assert!(blocks.next().unwrap().is_none());
    }

    #[test]
    fn lone_returns_make_a_block_that_is_not_plain() {
        for (text, plain) in [("h\na\r\nb\r\n", true), ("h\na\rb\n", false), ("h\na\nb\r", true)] {
            let mut blocks = blocks(text);
            blocks.header().unwrap();
            assert_eq!(blocks.next().unwrap().unwrap().plain, plain, "{text:?}");
        }
        let mut blocks = blocks("\r\n\n");
        assert!(blocks.header().unwrap().is_none());
    }
}
