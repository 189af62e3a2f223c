//! The operations on a journal folder as a trait, so that tests can simulate a failing disk.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::sync::Arc;

use turno_journal::{Amiss, HEADER_BYTES, Mark};

/// How much of a file is read at once.
const PORTION_BYTES: usize = 64 * 1024;

static ZEROS: [u8; PORTION_BYTES] = [0; PORTION_BYTES];

/// A folder of files that are written sequentially and never changed afterwards.
pub(crate) trait Volume: Send + Sync {
    /// Ensures that the folder at our path exists and is locked by us; creates it if it is gone, and takes the present
    /// one if it was replaced.
    fn retake(&self) -> io::Result<()>;
    /// Whether we may write in it now.
    ///
    /// # Errors
    /// We hold the lock, but the folder at our path is another one or gone.
    fn look(&self) -> Result<bool, Amiss>;
    /// The names of its files.
    fn names(&self) -> io::Result<Vec<String>>;
    /// Reads a file, at most its first `most` bytes, without the zeros at its end.
    fn read(&self, name: &str, most: usize) -> io::Result<Vec<u8>>;
    /// The mark of a file by name; `None` if there is none.
    fn mark(&self, name: &str) -> io::Result<Option<Mark>>;
    /// Creates a file with `room` bytes reserved; unwritten bytes are zeros.
    fn create(&self, name: &str, room: u64) -> io::Result<Arc<dyn VolumeFile>>;
    /// The number of free bytes, if known.
    fn free(&self) -> Option<u64>;
    /// Renames a file; an existing file with the new name is replaced.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, name: &str) -> io::Result<()>;
    /// Returns when the names are on the disk.
    fn sync(&self) -> io::Result<()>;
}

/// A file that is being written.
pub(crate) trait VolumeFile: Send + Sync {
    /// Writes after the bytes written before; returns how many were accepted.
    fn write(&self, bytes: &[u8]) -> io::Result<usize>;
    /// Returns when the written bytes are on the disk.
    fn sync(&self) -> io::Result<()>;
    /// Truncates the file to this length.
    fn cut(&self, length: u64) -> io::Result<()>;
    /// Identifies the file, even if its name is gone.
    fn mark(&self) -> io::Result<Mark>;
    /// Reads the header; zeros where nothing is written yet.
    fn header(&self) -> io::Result<[u8; HEADER_BYTES]>;
    /// Reads everything written, without the zeros behind it, even if its name is gone.
    fn read(&self) -> io::Result<Vec<u8>>;
}

/// Writes all bytes; an error includes how many were written before it.
pub(crate) fn write_all(file: &dyn VolumeFile, mut bytes: &[u8]) -> Result<(), (usize, io::Error)> {
    let all = bytes.len();
    while !bytes.is_empty() {
        match file.write(bytes) {
            Ok(0) => return Err((all - bytes.len(), io::ErrorKind::WriteZero.into())),
            Ok(taken) => bytes = &bytes[taken..],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err((all - bytes.len(), error)),
        }
    }
    Ok(())
}

/// Whether the disk is merely full: of bytes, of files, or this user's quota.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// The mark from the file's metadata.
pub(crate) fn mark_of(about: &std::fs::Metadata) -> Mark {
    let needed = if about.is_dir() { 0o700 } else { 0o600 };
    Mark {
        device: about.dev(),
        number: about.ino(),
        length: about.len(),
        is_open_to_owner: about.mode() & needed == needed,
    }
}

/// The beginning of a file, at most `most` bytes, without the zeros at the end.
pub(crate) fn read_file(file: &File, most: usize) -> io::Result<Vec<u8>> {
    let (mut bytes, mut zeros, mut portion) = (Vec::new(), 0, vec![0; PORTION_BYTES.min(most)]);
    let mut at = 0;
    while at < most {
        let wanted = portion.len().min(most - at);
        match file.read_at(&mut portion[..wanted], at as u64) {
            Ok(0) => break,
            Ok(taken) => {
                // The segments of a killed turno are mostly reserved space that was never written.
                if portion[..taken] == ZEROS[..taken] {
                    zeros += taken;
                } else {
                    bytes.resize(bytes.len() + core::mem::take(&mut zeros), 0);
                    bytes.extend_from_slice(&portion[..taken]);
                }
                at += taken;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(bytes)
}

impl VolumeFile for File {
    fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        let mut file = self;
        Write::write(&mut file, bytes)
    }

    fn sync(&self) -> io::Result<()> {
        self.sync_data()
    }

    fn cut(&self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }

    fn mark(&self) -> io::Result<Mark> {
        Ok(mark_of(&self.metadata()?))
    }

    fn header(&self) -> io::Result<[u8; HEADER_BYTES]> {
        let mut header = [0; HEADER_BYTES];
        self.read_exact_at(&mut header, 0)?;
        Ok(header)
    }

    fn read(&self) -> io::Result<Vec<u8>> {
        read_file(self, usize::MAX)
    }
}
