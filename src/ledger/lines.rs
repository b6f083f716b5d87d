//! Text made ready for the CSV reader: lines end in `\n`, and the end of the file is marked.

use std::io::{self, Read};

/// A last line of our own. It arrives as a record of this one field, unless a quoted field was
/// left open and swallowed it: the way to notice that one row ate all later ones. The control
/// characters keep it apart from any data.
pub(super) const END: &[u8] = b"\x1c\x1d\x1e\x1f";

/// How a record ends that has swallowed [`END`].
pub(super) const SWALLOWED: &[u8] = b"\x1c\x1d\x1e\x1f\n";

/// Reads text, turning `\r\n` into `\n` so that the lines that the CSV reader counts are those of
/// the file, and adds [`END`].
pub(super) struct Lines<R> {
    inner: R,
    held: bool,
    tail: Option<io::Cursor<Vec<u8>>>,
}

impl<R: Read> Lines<R> {
    pub(super) const fn new(inner: R) -> Self {
        Self { inner, held: false, tail: None }
    }

    /// Reads once; `None` when only a `\r` came, whose fate the next byte decides.
    fn step(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        let from = usize::from(self.held);
        let count = self.inner.read(&mut buffer[from..])?;
        if count == 0 {
            let end = [&b"\n"[..], SWALLOWED].concat();
            self.tail = Some(io::Cursor::new(end));
            return Ok(None);
        }
        if self.held {
            buffer[0] = b'\r';
            self.held = false;
        }
        let filled = &mut buffer[..from + count];
        let mut length = without_returns(filled);
        if filled[..length].last() == Some(&b'\r') {
            self.held = true;
            length -= 1;
        }
        Ok((length > 0).then_some(length))
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // A held `\r` and the byte after it need two places.
        if buffer.len() < 2 {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "buffer of fewer than 2 bytes",
            ));
        }
        loop {
            if let Some(tail) = &mut self.tail {
                return tail.read(buffer);
            }
            if let Some(count) = self.step(buffer)? {
                return Ok(count);
            }
        }
    }
}

/// Removes each `\r` before a `\n` in place and returns the new length.
fn without_returns(text: &mut [u8]) -> usize {
    if !text.contains(&b'\r') {
        return text.len();
    }
    let mut to = 0;
    for from in 0..text.len() {
        if text[from] == b'\r' && text.get(from + 1) == Some(&b'\n') {
            continue;
        }
        text[to] = text[from];
        to += 1;
    }
    to
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time, the hardest way to find pairs.
    struct Slowly<'a>(&'a [u8]);

    impl Read for Slowly<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = buffer.len().min(1);
            self.0.read(&mut buffer[..count])
        }
    }

    fn all(mut lines: Lines<impl Read>) -> Vec<u8> {
        let (mut text, mut buffer) = (Vec::new(), [0; 64]);
        loop {
            match lines.read(&mut buffer).unwrap() {
                0 => return text,
                count => text.extend_from_slice(&buffer[..count]),
            }
        }
    }

    #[test]
    fn line_ends_are_unified_and_lone_returns_kept() {
        for text in [&b"a\r\nb\rc\r\n\r\nd"[..], b"a\nb\rc\n\nd"] {
            let mut expected = b"a\nb\rc\n\nd\n".to_vec();
            expected.extend_from_slice(SWALLOWED);
            assert_eq!(all(Lines::new(text)), expected);
            assert_eq!(all(Lines::new(Slowly(text))), expected);
        }
    }
}
