//! The folder of a journal as the few calls that are made of it, so that tests can put a failing disk there.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use core::time::Duration;

use rustix::fs::{FallocateFlags, fallocate};

use crate::disk::lock::FolderLock;
use crate::refusal::StartRefused;

/// Only the user that turno runs as may read a journal: it has callers' numbers.
const FILE_MODE: u32 = 0o600;

const FOLDER_MODE: u32 = 0o700;

/// How much of a file is read at once.
const PORTION_BYTES: usize = 64 * 1024;

/// Room that a trial asks for.
const PROBE_BYTES: u64 = 4096;

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
    /// Held as long as this turno serves, and not one moment longer, however the process ends.
    lock: Arc<FolderLock>,
}

impl Folder {
    /// Opens the folder, and makes it if need be. It may be read; to write there, it must be held.
    ///
    /// # Errors
    /// [`StartRefused::State`].
    pub(crate) fn open(path: &Path) -> Result<Self, StartRefused> {
        let failed = |error: io::Error| failed(path, &error);
        DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(path).map_err(failed)?;
        let about = std::fs::metadata(path).map_err(failed)?;
        if about.permissions().mode() & 0o077 != 0 {
            let closed = std::fs::Permissions::from_mode(FOLDER_MODE);
            std::fs::set_permissions(path, closed).map_err(failed)?;
        }
        let lock = FolderLock::open(path).map_err(failed)?;
        Ok(Self { path: path.to_owned(), lock: Arc::new(lock) })
    }

    /// Holds the folder; another turno that is ending is waited for, for so long at most.
    ///
    /// # Errors
    /// [`StartRefused::State`] where another turno has it.
    pub(crate) fn hold(&self, patience: Duration) -> Result<(), StartRefused> {
        let failed = |error: io::Error| failed(&self.path, &error);
        if self.lock.take().map_err(failed)? {
            return Ok(());
        }
        if !patience.is_zero() {
            self.lock.wait_for_holder(patience);
            if self.lock.take().map_err(failed)? {
                return Ok(());
            }
        }
        let named = self.lock.holder().map_or_else(String::new, |holder| format!(" (process {holder})"));
        let why = format!(
            "another turno{named} keeps its journal there; stop it, or choose another folder with --state"
        );
        Err(StartRefused::State { path: self.path.clone(), why })
    }

    /// The folder's lock.
    pub(crate) fn lock(&self) -> &Arc<FolderLock> {
        &self.lock
    }

    /// Shows that files can be made, written, kept and removed here, before anybody lets go of anything.
    ///
    /// # Errors
    /// [`StartRefused::State`].
    pub(crate) fn prove(&self) -> Result<(), StartRefused> {
        let (first, second) =
            (format!("probe-{}", std::process::id()), format!("probed-{}", std::process::id()));
        let proved = self.create(&first, PROBE_BYTES).and_then(|file| {
            write_all(&*file, &[1; 512]).map_err(|(_, error)| error)?;
            file.sync()?;
            self.rename(&first, &second)?;
            self.sync()
        });
        let removed = self.remove(if proved.is_ok() { &second } else { &first });
        proved.and(removed).map_err(|error| failed(&self.path, &error))
    }
}

fn failed(path: &Path, error: &io::Error) -> StartRefused {
    let why = format!("{error}; choose another folder with --state, or let this user write there");
    StartRefused::State { path: path.to_owned(), why }
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
