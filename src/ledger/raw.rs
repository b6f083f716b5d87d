//! The stored bytes of an input: counted, hashed and reported while they are read; and the text
//! or Parquet within them, decompressed where needed.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};

use crate::progress::Progress;

use super::error::LedgerError;
use super::inputs::Input;

/// A reader that passes its bytes through SHA-256 and tells how many there were.
pub(super) struct Raw<'a> {
    inner: Box<dyn Read + Send>,
    hasher: Sha256,
    bytes: u64,
    progress: Option<&'a dyn Progress>,
}

impl<'a> Raw<'a> {
    pub(super) fn open(input: &Input, progress: &'a dyn Progress) -> Result<Self, LedgerError> {
        let inner: Box<dyn Read + Send> =
            match &input.path {
                None => Box::new(io::stdin()),
                Some(path) => Box::new(File::open(path).map_err(|source| {
                    LedgerError::Unreadable { file: input.name.clone(), source }
                })?),
            };
        Ok(Self { inner, hasher: Sha256::new(), bytes: 0, progress: Some(progress) })
    }

    /// Reports no further progress: the caller does.
    pub(super) fn silence(&mut self) {
        self.progress = None;
    }

    /// Bytes read so far.
    pub(super) const fn size(&self) -> u64 {
        self.bytes
    }

    /// Reads what is left, so that size and hash are those of the whole file.
    pub(super) fn drain(&mut self) -> io::Result<()> {
        io::copy(self, &mut io::sink()).map(|_| ())
    }

    /// The SHA-256 of all bytes read, in hexadecimal.
    pub(super) fn sha256(self) -> String {
        let mut text = String::with_capacity(64);
        for byte in self.hasher.finalize() {
            // Writing to a string does not fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}

impl Read for Raw<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..count]);
        self.bytes += count as u64;
        if let Some(progress) = self.progress {
            progress.advance(count as u64);
        }
        Ok(count)
    }
}

/// How stored bytes are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    None,
    Gzip,
    Zstd,
}

impl Compression {
    /// By the first bytes, or by the name where those do not tell.
    fn of(head: &[u8], path: Option<&Path>) -> Self {
        let named = |name: &str| {
            let extension = path.and_then(Path::extension);
            extension.is_some_and(|extension| extension.eq_ignore_ascii_case(name))
        };
        if head.starts_with(&[0x1f, 0x8b]) || named("gz") {
            Self::Gzip
        } else if head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) || named("zst") {
            Self::Zstd
        } else {
            Self::None
        }
    }

    /// An error met while reading a file compressed like this.
    pub(super) fn error(self, file: &str, source: &io::Error) -> LedgerError {
        let file = file.to_owned();
        let format = match self {
            Self::None => {
                let source = io::Error::new(source.kind(), source.to_string());
                return LedgerError::Unreadable { file, source };
            }
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        };
        LedgerError::Damaged { file, format, detail: source.to_string() }
    }
}

/// A reader of the content of `raw`, and the compression that it undoes.
pub(super) fn decompress<'r>(
    mut raw: &'r mut (dyn Read + Send),
    input: &Input,
) -> Result<(Compression, Box<dyn Read + Send + 'r>), LedgerError> {
    let unreadable = |source| LedgerError::Unreadable { file: input.name.clone(), source };
    let head = peek(&mut raw, 4).map_err(unreadable)?;
    if head.is_empty() {
        return Err(LedgerError::EmptyFile { file: input.name.clone() });
    }
    let compression = Compression::of(&head, input.path.as_deref());
    let stored = io::Cursor::new(head).chain(BufReader::with_capacity(1 << 18, raw));
    let content: Box<dyn Read + Send + 'r> = match compression {
        Compression::None => Box::new(stored),
        Compression::Gzip => Box::new(MultiGzDecoder::new(stored)),
        Compression::Zstd => Box::new(
            zstd::Decoder::new(stored).map_err(|error| compression.error(&input.name, &error))?,
        ),
    };
    Ok((compression, content))
}

/// The first bytes of a reader: as many as asked for, fewer only at its end.
pub(super) fn peek(reader: &mut impl Read, count: u64) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    reader.take(count).read_to_end(&mut head)?;
    Ok(head)
}
