//! The folder of a journal as the few calls that are made of it, so that tests can put a failing disk there.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::sync::Arc;

use turno_journal::{Amiss, Mark};

/// How much of a file is read at once.
const PORTION_BYTES: usize = 64 * 1024;

static ZEROS: [u8; PORTION_BYTES] = [0; PORTION_BYTES];

/// A folder of files that are written from the front and never changed afterwards.
pub(crate) trait Volume: Send + Sync {
    /// Makes sure that the folder under our path is there and is ours alone; makes it anew where it is gone, and takes
    /// whichever is there where it was replaced.
    fn take_anew(&self) -> io::Result<()>;
    /// Whether it is ours to write in now.
    ///
    /// # Errors
    /// It is, and another one stands under our path, or none.
    fn look(&self) -> Result<bool, Amiss>;
    /// The names in it.
    fn names(&self) -> io::Result<Vec<String>>;
    /// A file, or no more than its first `most` bytes, without the zeros at its end.
    fn read(&self, name: &str, most: usize) -> io::Result<Vec<u8>>;
    /// What stands under a name; `None` where nothing does.
    fn mark(&self, name: &str) -> io::Result<Option<Mark>>;
    /// A new file, with room for so many bytes; zeros are behind what is written.
    fn create(&self, name: &str, room: u64) -> io::Result<Arc<dyn VolumeFile>>;
    /// How many bytes are free, as far as that is known.
    fn free(&self) -> Option<u64>;
    /// Gives a file its name; whoever had it before is gone.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    /// Takes a file away.
    fn remove(&self, name: &str) -> io::Result<()>;
    /// Returns when the names are on the disk.
    fn sync(&self) -> io::Result<()>;
}

/// A file that is being written.
pub(crate) trait VolumeFile: Send + Sync {
    /// Writes behind what was written before; how many bytes were taken.
    fn write(&self, bytes: &[u8]) -> io::Result<usize>;
    /// Returns when what was written is on the disk.
    fn sync(&self) -> io::Result<()>;
    /// Gives back the room behind so many bytes.
    fn cut(&self, length: u64) -> io::Result<()>;
    /// What tells it from others, also when its name is gone.
    fn mark(&self) -> io::Result<Mark>;
    /// Everything that was written, without the zeros behind it, also when its name is gone.
    fn read(&self) -> io::Result<Vec<u8>>;
}

/// Writes everything; how much was taken before an error.
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

/// Whether the disk is merely full: of bytes, of files, or of what this user may have there.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// A mark as the system tells it.
pub(crate) fn mark_of(about: &std::fs::Metadata) -> Mark {
    let needed = if about.is_dir() { 0o700 } else { 0o600 };
    Mark {
        device: about.dev(),
        number: about.ino(),
        length: about.len(),
        is_open_to_owner: about.mode() & needed == needed,
    }
}

/// What a file has from its beginning, at most so many bytes, without the zeros at the end.
pub(crate) fn read_file(file: &File, most: usize) -> io::Result<Vec<u8>> {
    let (mut bytes, mut zeros, mut portion) = (Vec::new(), 0, vec![0; PORTION_BYTES.min(most)]);
    let mut at = 0;
    while at < most {
        let wanted = portion.len().min(most - at);
        match file.read_at(&mut portion[..wanted], at as u64) {
            Ok(0) => break,
            Ok(taken) => {
                // Of a turno that was killed the segments are mostly room that it never wrote to.
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

    fn read(&self) -> io::Result<Vec<u8>> {
        read_file(self, usize::MAX)
    }
}
