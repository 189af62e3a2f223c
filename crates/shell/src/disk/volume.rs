//! The folder of a journal as the few calls that are made of it, so that tests can put a failing disk there.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{FallocateFlags, FlockOperation, fallocate, flock};

use crate::refusal::StartRefused;

/// Only the user that turno runs as may read a journal: it has callers' numbers.
const FILE_MODE: u32 = 0o600;

const FOLDER_MODE: u32 = 0o700;

/// How much of a file is read at once.
const PORTION_BYTES: usize = 64 * 1024;

static ZEROS: [u8; PORTION_BYTES] = [0; PORTION_BYTES];

/// A folder of files that are written from the front and never changed afterwards.
pub(crate) trait Volume: Send + Sync {
    /// The names in it.
    fn names(&self) -> io::Result<Vec<String>>;
    /// A file, or no more than its first `most` bytes, without the zeros at its end.
    fn read(&self, name: &str, most: usize) -> io::Result<Vec<u8>>;
    /// A new file, with room for so many bytes; zeros are behind what is written.
    fn create(&self, name: &str, room: u64) -> io::Result<Arc<dyn VolumeFile>>;
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

/// A folder on a disk, held by one turno at a time.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// Locked as long as it is open, and not one moment longer, however the process ends.
    _lock: File,
}

impl Folder {
    /// Opens the folder, and makes it if need be.
    ///
    /// # Errors
    /// [`StartRefused::State`], also where another turno has it.
    pub(crate) fn open(path: &Path) -> Result<Self, StartRefused> {
        let refused = |why: String| StartRefused::State { path: path.to_owned(), why };
        let failed = |error: io::Error| {
            refused(format!("{error}; choose another folder with --state, or let this user write there"))
        };
        DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(path).map_err(failed)?;
        let about = std::fs::metadata(path).map_err(failed)?;
        if about.permissions().mode() & 0o077 != 0 {
            let closed = std::fs::Permissions::from_mode(FOLDER_MODE);
            std::fs::set_permissions(path, closed).map_err(failed)?;
        }
        let mut options = OpenOptions::new();
        let lock = options.read(true).write(true).create(true).truncate(false).mode(FILE_MODE);
        let lock = lock.open(path.join("lock")).map_err(failed)?;
        match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => {
                let mut holder = String::new();
                let _ = (&lock).take(20).read_to_string(&mut holder);
                let holder = holder.trim();
                let named = if holder.is_empty() { String::new() } else { format!(" (process {holder})") };
                return Err(refused(format!(
                    "another turno{named} keeps its journal there; stop it, or choose another folder with --state"
                )));
            }
            Err(error) => return Err(failed(error.into())),
        }
        let _ = lock.set_len(0);
        let _ = (&lock).write_all(format!("{}\n", std::process::id()).as_bytes());
        Ok(Self { path: path.to_owned(), _lock: lock })
    }
}

impl Volume for Folder {
    fn names(&self) -> io::Result<Vec<String>> {
        let entries = std::fs::read_dir(&self.path)?;
        entries.map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned())).collect()
    }

    fn read(&self, name: &str, most: usize) -> io::Result<Vec<u8>> {
        let mut file = File::open(self.path.join(name))?.take(most.try_into().unwrap_or(u64::MAX));
        let (mut bytes, mut portion, mut zeros) = (Vec::new(), Vec::with_capacity(PORTION_BYTES), 0);
        loop {
            portion.clear();
            (&mut file).take(PORTION_BYTES as u64).read_to_end(&mut portion)?;
            if portion.is_empty() {
                return Ok(bytes);
            }
            // Of a turno that was killed the segments are mostly room that it never wrote to.
            if portion == ZEROS[..portion.len()] {
                zeros += portion.len();
            } else {
                bytes.resize(bytes.len() + core::mem::take(&mut zeros), 0);
                bytes.extend_from_slice(&portion);
            }
        }
    }

    fn create(&self, name: &str, room: u64) -> io::Result<Arc<dyn VolumeFile>> {
        let mut options = OpenOptions::new();
        let file =
            options.write(true).create(true).truncate(true).mode(FILE_MODE).open(self.path.join(name))?;
        if room > 0 {
            // Where a file system can't do it, writes find out for themselves whether there is room.
            match fallocate(&file, FallocateFlags::empty(), 0, room) {
                Ok(()) | Err(rustix::io::Errno::OPNOTSUPP) => {}
                Err(error) => {
                    let _ = std::fs::remove_file(self.path.join(name));
                    return Err(error.into());
                }
            }
        }
        Ok(Arc::new(file))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        std::fs::rename(self.path.join(from), self.path.join(to))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        std::fs::remove_file(self.path.join(name))
    }

    fn sync(&self) -> io::Result<()> {
        File::open(&self.path)?.sync_all()
    }
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
}
