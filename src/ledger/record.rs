//! One record as text, wherever it came from.

use std::ops::Range;

/// The fields of a record, in a text that holds them one after the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    pub(super) text: &'a [u8],
    /// Where each field stands in `text`.
    pub(super) fields: &'a [Range<usize>],
    /// Whether its fields are known to be [clean](is_clean).
    pub(super) clean: bool,
}

/// Whether a text is ASCII without NUL bytes, hence valid wherever it is cut.
pub(super) fn is_clean(text: &[u8]) -> bool {
    // The high bit is set by bytes beyond ASCII, and by one less than NUL.
    text.iter().fold(0, |bits, byte| bits | byte | byte.wrapping_sub(1)) < 0x80
}

impl<'a> Record<'a> {
    pub(super) const fn len(&self) -> usize {
        self.fields.len()
    }

    /// A field; empty where the record has none of that number.
    pub(super) fn field(&self, number: usize) -> &'a [u8] {
        self.fields.get(number).map_or(&[], |field| &self.text[field.clone()])
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let Self { text, fields, .. } = *self;
        fields.iter().map(move |field| &text[field.clone()])
    }

    /// Whether there is nothing in it, as in the lines of delimiters alone that spreadsheets
    /// leave at the end. A record of a single column is never blank.
    pub(super) fn is_blank(&self, width: usize) -> bool {
        width > 1 && self.fields().all(|field| field.trim_ascii().is_empty())
    }
}
