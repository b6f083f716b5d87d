//! One file that several cores read at several places.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

/// A file whose readers each keep a place of their own: clones of a [`File`] have one in common,
/// and would move each other about.
#[derive(Debug, Clone)]
pub(super) struct SharedFile {
    file: Arc<Mutex<File>>,
    length: u64,
}

impl SharedFile {
    pub(super) fn new(file: File) -> io::Result<Self> {
        let length = file.metadata()?.len();
        Ok(Self { file: Arc::new(Mutex::new(file)), length })
    }

    fn read_at(&self, start: u64, buffer: &mut [u8]) -> io::Result<usize> {
        // Nothing is left half done by a thread that panics: each reader seeks first.
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(start))?;
        file.read(buffer)
    }
}

/// A reader from some place on.
#[derive(Debug)]
pub(super) struct From {
    file: SharedFile,
    at: u64,
}

impl Read for From {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read_at(self.at, buffer)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Length for SharedFile {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for SharedFile {
    type T = BufReader<From>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(BufReader::new(From { file: self.clone(), at: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        // Lengths come from the file: a damaged one may ask for more than there is.
        if start.checked_add(length as u64).is_none_or(|end| end > self.length) {
            let message = format!("{length} bytes from {start} on, of a file of {}", self.length);
            return Err(ParquetError::EOF(message));
        }
        let mut buffer = vec![0; length];
        From { file: self.clone(), at: start }.read_exact(&mut buffer)?;
        Ok(buffer.into())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn readers_do_not_move_each_other() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&(0..=255).collect::<Vec<u8>>()).unwrap();
        let shared = SharedFile::new(file).unwrap();
        let (mut a, mut b) = (shared.get_read(10).unwrap(), shared.get_read(200).unwrap());
        let read = |reader: &mut BufReader<From>| {
            let mut two = [0; 2];
            reader.read_exact(&mut two).unwrap();
            two
        };
        assert_eq!((read(&mut a), read(&mut b), read(&mut a)), ([10, 11], [200, 201], [12, 13]));
        assert_eq!(shared.get_bytes(254, 2).unwrap(), &[254, 255][..]);
        for (start, length) in [(255, 2), (u64::MAX, 1), (0, usize::MAX)] {
            assert!(shared.get_bytes(start, length).is_err());
        }
    }
}
