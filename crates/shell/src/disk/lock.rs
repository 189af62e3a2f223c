//! The lock of a journal folder: the turno process that holds it serves.
#![expect(
    clippy::disallowed_types,
    reason = "the lock below is between the start, a hand-over and the disk's thread"
)]

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use core::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use turno_journal::{Amiss, Mark, Thing, amiss};

use crate::clock::Clock;
use crate::disk::volume::mark_of;

/// How often a lock that is about to become free is tried.
const LOOK_INTERVAL: Timespec = Timespec { tv_sec: 0, tv_nsec: 10_000_000 };

/// Only turno's user may read a journal, because it contains callers' numbers.
pub(crate) const FILE_MODE: u32 = 0o600;

const FOLDER_MODE: u32 = 0o700;

/// The lock file's name; its content shows people, and older versions of turno, which process holds it.
const NAME: &str = "lock";

/// The folder and the lock file, open. Both locks are released when this is dropped, or when the process ends. The
/// folder is locked too, because a file can be deleted.
#[derive(Debug)]
pub(crate) struct FolderLock(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// `None` if the disk was too full to create them.
    open: Option<Open>,
    is_taken: bool,
}

#[derive(Debug)]
struct Open {
    folder: File,
    file: File,
}

impl FolderLock {
    /// Opens the lock of a folder without taking it; creates folder and file if necessary.
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        Ok(Self(Mutex::new(State { open: Some(Open::new(folder)?), is_taken: false })))
    }

    /// A lock whose file can't be created yet.
    pub(crate) fn of_a_full_disk() -> Self {
        Self(Mutex::default())
    }

    /// Takes the lock if nobody else holds it; returns whether we hold it.
    pub(crate) fn take(&self) -> io::Result<bool> {
        let state = &mut *self.held();
        state.is_taken = match &state.open {
            Some(open) => open.take()?,
            // If no file can be created, nobody else holds one.
            None => true,
        };
        Ok(state.is_taken)
    }

    /// Takes the lock within this time: the present holder may be ending.
    pub(crate) fn take_within(&self, span: Duration) -> io::Result<bool> {
        let clock = Clock::new();
        let until = clock.now() + span;
        loop {
            if self.take()? {
                return Ok(true);
            }
            if clock.now() >= until {
                return Ok(false);
            }
            // There is no event for a lock that becomes free.
            let _ = poll(&mut [], Some(&LOOK_INTERVAL));
        }
    }

    /// Releases the lock; the files stay open.
    pub(crate) fn give_free(&self) {
        let state = &mut *self.held();
        state.is_taken = false;
        if let Some(open) = &state.open {
            for file in [&open.file, &open.folder] {
                let _ = flock(file, FlockOperation::NonBlockingUnlock);
            }
        }
    }

    /// Waits until the process that holds it has ended, at most this long.
    pub(crate) fn wait_for_holder(&self, span: Duration) {
        let holder = self.holder().and_then(|number| Pid::from_raw(number.cast_signed()));
        let Some(holder) = holder else { return };
        if let Ok(handle) = pidfd_open(holder, PidfdFlags::empty()) {
            let span = Timespec::try_from(span).ok();
            let _ = poll(&mut [PollFd::new(&handle, PollFlags::IN)], span.as_ref());
        }
    }

    /// The process that holds the lock or held it last.
    pub(crate) fn holder(&self) -> Option<u32> {
        holder(&self.held().open.as_ref()?.file)
    }

    /// Whether we hold the lock and it is still the lock of the folder at this path. A deleted lock file is created
    /// again.
    ///
    /// # Errors
    /// The problem with the folder that we hold.
    pub(crate) fn look(&self, path: &Path) -> Result<bool, Amiss> {
        let state = &mut *self.held();
        if !state.is_taken {
            return Ok(false);
        }
        let Some(open) = &mut state.open else { return Err(Amiss::Gone(Thing::Folder)) };
        open.look(path).map_or(Ok(true), Err)
    }

    /// Takes the lock of the folder that is at the path now; creates the folder if there is none.
    pub(crate) fn retake(&self, path: &Path) -> io::Result<()> {
        if self.look(path) == Ok(true) {
            return Ok(());
        }
        let state = &mut *self.held();
        // The lock of a folder that was moved away is of no use; and the same folder with other permissions would count
        // as taken.
        state.open = None;
        let open = Open::new(path)?;
        let is_taken = open.take()?;
        let holder = holder(&open.file);
        state.open = is_taken.then_some(open);
        if is_taken { Ok(()) } else { Err(io::Error::other(Amiss::Taken(named(holder)).to_string())) }
    }

    fn held(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn new(path: &Path) -> io::Result<Self> {
        if !path.is_dir() {
            DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(path)?;
        }
        // Callers' numbers are private, and we need access.
        if std::fs::metadata(path)?.mode() & 0o777 != FOLDER_MODE {
            std::fs::set_permissions(path, Permissions::from_mode(FOLDER_MODE))?;
        }
        Ok(Self { folder: File::open(path)?, file: open_file(path)? })
    }

    fn take(&self) -> io::Result<bool> {
        // On a file system that can't lock a folder, the file's lock must do.
        if flock(&self.folder, FlockOperation::NonBlockingLockExclusive) == Err(Errno::WOULDBLOCK) {
            return Ok(false);
        }
        let is_taken = take_file(&self.file);
        if !matches!(is_taken, Ok(true)) {
            let _ = flock(&self.folder, FlockOperation::NonBlockingUnlock);
        }
        is_taken
    }

    fn look(&mut self, path: &Path) -> Option<Amiss> {
        let folder = Mark { is_open_to_owner: true, ..mark_of(&self.folder.metadata().ok()?) };
        let found = |path: &Path| std::fs::metadata(path).ok().map(|about| mark_of(&about));
        if let Some(amiss) = amiss(&Thing::Folder, folder, found(path)) {
            return Some(amiss);
        }
        let file = Mark { length: 0, ..mark_of(&self.file.metadata().ok()?) };
        let what = amiss(&Thing::File(NAME.to_owned()), file, found(&path.join(NAME)))?;
        // If no new file can be created, the folder's lock holds, and another process could not write there either.
        let file = open_file(path).ok()?;
        match take_file(&file) {
            Ok(true) => {
                self.file = file;
                tracing::warn!(folder = %path.display(), "{what}; it was made again");
                None
            }
            Ok(false) => Some(Amiss::Taken(named(holder(&file)))),
            Err(_) => None,
        }
    }
}

fn open_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(FILE_MODE);
    options.open(path.join(NAME))
}

fn take_file(mut file: &File) -> io::Result<bool> {
    match flock(file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => {}
        Err(Errno::WOULDBLOCK) => return Ok(false),
        Err(error) => return Err(error.into()),
    }
    // The number is for people: a full disk must not stop calls because of it.
    let _ = file.set_len(0).and_then(|()| file.rewind());
    let _ = file.write_all(format!("{}\n", std::process::id()).as_bytes());
    Ok(true)
}

fn holder(mut file: &File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(20).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn named(holder: Option<u32>) -> String {
    holder.map_or_else(String::new, |holder| format!(" (process {holder})"))
}
