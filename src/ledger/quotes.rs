//! Where records end in text that may hold quoted fields.

use memchr::{memchr, memchr3};

/// What a piece of text that begins with a record holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Ends {
    /// Behind the end of its first record, where it holds that.
    pub(super) first: Option<usize>,
    /// Behind the line feed of the last record that ends with one; 0 where none does.
    pub(super) last: usize,
    /// Where the record begins that the text breaks off in.
    pub(super) open: usize,
    /// Whether it breaks off within quotes.
    pub(super) quoted: bool,
}

/// Follows the fields of `text`. A quote opens a field only at the field's start, and two of them
/// within a quoted field stand for one; elsewhere quotes are text. Records end at `\n`, `\r\n` or
/// `\r` outside of quotes.
pub(super) fn ends(text: &[u8], delimiter: u8) -> Ends {
    let mut ends = Ends::default();
    let mut at = 0;
    while at < text.len() {
        if text[at] == b'"' {
            let Some(behind) = closing(text, at + 1) else {
                return Ends { quoted: true, ..ends };
            };
            at = behind;
        }
        // The rest of the field, which may follow its closing quote.
        let Some(length) = memchr3(delimiter, b'\n', b'\r', &text[at..]) else { break };
        at += length + 1;
        if text[at - 1] == delimiter {
            continue;
        }
        if text[at - 1] == b'\r' && text.get(at) == Some(&b'\n') {
            at += 1;
        }
        ends.open = at;
        ends.first.get_or_insert(at);
        if text[at - 1] == b'\n' {
            ends.last = at;
        }
    }
    ends
}

/// Behind the quote that closes a field, of which `from` is the first byte.
fn closing(text: &[u8], mut from: usize) -> Option<usize> {
    loop {
        from += memchr(b'"', &text[from..])? + 1;
        if text.get(from) != Some(&b'"') {
            return Some(from);
        }
        from += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_end_outside_of_quotes_only() {
        let at = |text: &str| {
            let Ends { first, last, open, quoted } = ends(text.as_bytes(), b',');
            (first, last, open, quoted)
        };
        assert_eq!(at("a,b\nc,d\n"), (Some(4), 8, 8, false));
        assert_eq!(at("a,b\nc,d"), (Some(4), 4, 4, false));
        assert_eq!(at("\"a\n\",b\nc"), (Some(7), 7, 7, false));
        assert_eq!(at("\"a\"\"\n\",b\r\nc"), (Some(10), 10, 10, false));
        assert_eq!(at("a\n5\" pipe,b\n"), (Some(2), 12, 12, false));
        assert_eq!(at("a\n\"b\"c\"\nd"), (Some(2), 8, 8, false));
        assert_eq!(at("a\rb\n\"c\nd"), (Some(2), 4, 4, true));
        assert_eq!(at("a\n\"b\"\"\n"), (Some(2), 2, 2, true));
        assert_eq!(at("a,\"b\"\rc"), (Some(6), 0, 6, false));
        assert_eq!(at(""), (None, 0, 0, false));
    }
}
