//! The lock of a journal's folder: the turno that holds it serves.
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

/// How often a lock is tried that is about to be free.
const LOOK_INTERVAL: Timespec = Timespec { tv_sec: 0, tv_nsec: 10_000_000 };

/// Only the user that turno runs as may read a journal: it has callers' numbers.
pub(crate) const FILE_MODE: u32 = 0o600;

const FOLDER_MODE: u32 = 0o700;

/// Its name tells people, and older versions of turno, who is there.
const NAME: &str = "lock";

/// The folder and the lock's file, open; both are free again when this goes, however the process ends. The lock is on the
/// folder as well, since a file can be deleted.
#[derive(Debug)]
pub(crate) struct FolderLock(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// `None` where the disk was too full to make them.
    open: Option<Open>,
    is_taken: bool,
}

#[derive(Debug)]
struct Open {
    folder: File,
    file: File,
}

impl FolderLock {
    /// Opens the lock of a folder, and makes both if need be. Nobody holds it by this.
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        Ok(Self(Mutex::new(State { open: Some(Open::new(folder)?), is_taken: false })))
    }

    /// A lock that can't be had yet.
    pub(crate) fn of_a_full_disk() -> Self {
        Self(Mutex::default())
    }

    /// Takes the lock if nobody else holds it; whether it is held by us now.
    pub(crate) fn take(&self) -> io::Result<bool> {
        let state = &mut *self.held();
        state.is_taken = match &state.open {
            Some(open) => open.take()?,
            // Where no file can be made nobody else holds one.
            None => true,
        };
        Ok(state.is_taken)
    }

    /// Takes the lock within so long: whoever holds it may be dying.
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
            // Nothing tells when a lock is free.
            let _ = poll(&mut [], Some(&LOOK_INTERVAL));
        }
    }

    /// Gives it free; the files stay open.
    pub(crate) fn give_free(&self) {
        let state = &mut *self.held();
        state.is_taken = false;
        if let Some(open) = &state.open {
            for file in [&open.file, &open.folder] {
                let _ = flock(file, FlockOperation::NonBlockingUnlock);
            }
        }
    }

    /// Waits until the process that holds it has ended, for so long at most.
    pub(crate) fn wait_for_holder(&self, span: Duration) {
        let holder = self.holder().and_then(|number| Pid::from_raw(number.cast_signed()));
        let Some(holder) = holder else { return };
        if let Ok(handle) = pidfd_open(holder, PidfdFlags::empty()) {
            let span = Timespec::try_from(span).ok();
            let _ = poll(&mut [PollFd::new(&handle, PollFlags::IN)], span.as_ref());
        }
    }

    /// The process that holds it, or has held it last.
    pub(crate) fn holder(&self) -> Option<u32> {
        holder(&self.held().open.as_ref()?.file)
    }

    /// Whether it is held by us, and is still the lock of the folder under this path. A lock's file that is gone is made
    /// again.
    ///
    /// # Errors
    /// What is wrong with the folder that we hold.
    pub(crate) fn look(&self, path: &Path) -> Result<bool, Amiss> {
        let state = &mut *self.held();
        if !state.is_taken {
            return Ok(false);
        }
        let Some(open) = &mut state.open else { return Err(Amiss::Gone(Thing::Folder)) };
        open.look(path).map_or(Ok(true), Err)
    }

    /// Takes the lock of whichever folder stands under the path now; makes one where there is none.
    pub(crate) fn take_anew(&self, path: &Path) -> io::Result<()> {
        if self.look(path) == Ok(true) {
            return Ok(());
        }
        let state = &mut *self.held();
        // What was moved away is nobody's any more; and the same folder with other permissions would be found taken.
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
        // Callers' numbers are nobody else's business; and we must get in.
        if std::fs::metadata(path)?.mode() & 0o777 != FOLDER_MODE {
            std::fs::set_permissions(path, Permissions::from_mode(FOLDER_MODE))?;
        }
        Ok(Self { folder: File::open(path)?, file: open_file(path)? })
    }

    fn take(&self) -> io::Result<bool> {
        // Where a file system can't lock a folder, the file must do.
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
        // Where no other can be made, the folder's own lock stands, and whoever would write there fails alike.
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
    // The number is for people: a disk that is full must not stop calls for it.
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
