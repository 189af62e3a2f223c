//! The journal folder on a disk, locked by one turno process at a time.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use core::time::Duration;

use rustix::fs::{FallocateFlags, fallocate, statvfs};
use turno_journal::{Amiss, Mark};

use crate::disk::lock::{FILE_MODE, FolderLock};
use crate::disk::volume::{Volume, VolumeFile, is_full, mark_of, read_file, write_all};
use crate::refusal::StartRefused;

/// Fewer free files than this cause a warning.
const FILES_FEW: u64 = 16;

/// Bytes that the trial file asks for.
const PROBE_BYTES: u64 = 4096;

/// The folder.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// Locked while this process serves, and released by the kernel however the process ends.
    lock: Arc<FolderLock>,
}

impl Folder {
    /// Opens the folder and creates it if necessary; if the disk is full, it is created later. Reading needs no lock,
    /// writing does.
    ///
    /// # Errors
    /// [`StartRefused::State`] if the path can't be used.
    pub(crate) fn open(path: &Path) -> Result<Self, StartRefused> {
        let refused = |why: String| StartRefused::State { path: path.to_owned(), why };
        look_at_path(path).map_err(refused)?;
        let lock = match FolderLock::open(path) {
            Ok(lock) => lock,
            Err(error) if is_full(&error) => {
                tracing::error!(
                    folder = %path.display(),
                    %error,
                    "the journal's folder can't be made; make room on its disk"
                );
                FolderLock::of_a_full_disk()
            }
            Err(error) => {
                return Err(refused(others_file(path, &error).unwrap_or_else(|| remedy(&error))));
            }
        };
        Ok(Self { path: path.to_owned(), lock: Arc::new(lock) })
    }

    /// Locks the folder; waits at most `patience` for another turno process that is ending.
    ///
    /// # Errors
    /// [`StartRefused::State`] if another turno process has it.
    pub(crate) fn hold(&self, patience: Duration) -> Result<(), StartRefused> {
        let refused = |why: String| StartRefused::State { path: self.path.clone(), why };
        if self.lock.take_within(patience).map_err(|error| refused(remedy(&error)))? {
            return Ok(());
        }
        let named = self.lock.holder().map_or_else(String::new, |holder| format!(" (process {holder})"));
        Err(refused(format!(
            "another turno{named} keeps its journal there; stop it, or choose another folder with --state"
        )))
    }

    /// The folder's lock.
    pub(crate) const fn lock(&self) -> &Arc<FolderLock> {
        &self.lock
    }

    /// Checks that files can be created, written, synced and removed here, before the other process stops serving.
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
        let why = |error| StartRefused::State { path: self.path.clone(), why: remedy(&error) };
        proved.and(removed).map_err(why)
    }

    /// Why the files can't be read, and what to do.
    pub(crate) fn why_unread(&self, error: &io::Error) -> String {
        others_file(&self.path, error).unwrap_or_else(|| {
            format!("its files cannot be read: {error}; see what is there with: turno journal verify")
        })
    }

    /// Logs a warning if few files (inodes) are left.
    pub(crate) fn warn_of_files(&self) {
        if let Ok(about) = statvfs(&self.path)
            && about.f_files > 0
            && about.f_favail < FILES_FEW
        {
            tracing::warn!(
                folder = %self.path.display(),
                free_files = about.f_favail,
                "the journal's disk has nearly no file (inode) left: remove files there, or the journal can't be kept"
            );
        }
    }
}

/// An error in the path that only another path can solve.
fn look_at_path(path: &Path) -> Result<(), String> {
    let Ok(link) = std::fs::symlink_metadata(path) else { return Ok(()) };
    let about = match std::fs::metadata(path) {
        Ok(about) => about,
        Err(error) if link.is_symlink() => {
            let to = std::fs::read_link(path).unwrap_or_default();
            let to = to.display();
            return Err(format!(
                "it is a link to {to}, which can't be reached ({error}); mount or make that, or choose another folder with --state"
            ));
        }
        Err(error) => return Err(remedy(&error)),
    };
    if !about.is_dir() {
        return Err("it is no folder but a file; choose a folder with --state".to_owned());
    }
    let user = rustix::process::geteuid().as_raw();
    if about.uid() != user {
        let owner = about.uid();
        if user != 0 {
            return Err(format!(
                "it belongs to user {owner}, and turno runs as user {user}; give it to that user with chown, or choose another folder with --state"
            ));
        }
        tracing::warn!(folder = %path.display(), owner, "the journal's folder belongs to another user, who can take it away");
    }
    Ok(())
}

/// What to do if a file in our folder belongs to another user, for example after turno was started by hand.
fn others_file(path: &Path, error: &io::Error) -> Option<String> {
    let user = rustix::process::geteuid().as_raw();
    if error.kind() != io::ErrorKind::PermissionDenied {
        return None;
    }
    let entries = std::fs::read_dir(path).ok()?.filter_map(Result::ok);
    let (name, owner) = entries
        .filter_map(|entry| Some((entry.file_name(), entry.metadata().ok()?.uid())))
        .filter(|(_, owner)| *owner != user)
        .min()?;
    Some(format!(
        "its file {} belongs to user {owner}, and turno runs as user {user}; give all of them to that user with: chown -R {user} {}",
        name.display(),
        path.display()
    ))
}

fn remedy(error: &io::Error) -> String {
    if is_full(error) {
        return format!(
            "{error}: make room on its disk (df and quota show it), or choose another folder with --state"
        );
    }
    if error.kind() == io::ErrorKind::ReadOnlyFilesystem {
        return format!(
            "{error}: mount it for writing (dmesg says why it is not), or choose another folder with --state"
        );
    }
    format!("{error}; choose another folder with --state, or let this user write there")
}

impl Volume for Folder {
    fn retake(&self) -> io::Result<()> {
        self.lock.retake(&self.path)
    }

    fn look(&self) -> Result<bool, Amiss> {
        self.lock.look(&self.path)
    }

    fn names(&self) -> io::Result<Vec<String>> {
        match std::fs::read_dir(&self.path) {
            Ok(entries) => entries
                .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
                .collect(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    fn read(&self, name: &str, most: usize) -> io::Result<Vec<u8>> {
        read_file(&File::open(self.path.join(name))?, most)
    }

    fn mark(&self, name: &str) -> io::Result<Option<Mark>> {
        match std::fs::metadata(self.path.join(name)) {
            Ok(about) => Ok(Some(mark_of(&about))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn create(&self, name: &str, room: u64) -> io::Result<Arc<dyn VolumeFile>> {
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(true).mode(FILE_MODE);
        let file = file.open(self.path.join(name))?;
        if room > 0 {
            // On a file system without fallocate, the writes show whether there is room.
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

    fn free(&self) -> Option<u64> {
        let about = statvfs(&self.path).ok()?;
        Some(about.f_bavail.saturating_mul(about.f_frsize))
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
