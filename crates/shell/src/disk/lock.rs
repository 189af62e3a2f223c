//! The lock of a journal's folder: the turno that holds it serves.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use core::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{FlockOperation, flock};
use rustix::process::{Pid, PidfdFlags, pidfd_open};

/// Only the user that turno runs as may read it.
const FILE_MODE: u32 = 0o600;

/// The lock's file, open; it is free again when this goes, however the process ends.
#[derive(Debug)]
pub(crate) struct FolderLock(File);

impl FolderLock {
    /// Opens the lock of a folder, and makes its file if need be. Nobody holds it by this.
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(FILE_MODE);
        options.open(folder.join("lock")).map(Self)
    }

    /// Takes the lock if nobody else holds it; whether it is held by us now.
    pub(crate) fn take(&self) -> io::Result<bool> {
        match flock(&self.0, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        let mut file = &self.0;
        // The number is for people: a disk that is full must not stop calls for it.
        let _ = file.set_len(0).and_then(|()| file.rewind());
        let _ = file.write_all(format!("{}\n", std::process::id()).as_bytes());
        Ok(true)
    }

    /// Gives it free; the file stays open.
    pub(crate) fn give_free(&self) {
        let _ = flock(&self.0, FlockOperation::NonBlockingUnlock);
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
        let mut text = String::new();
        let mut file = &self.0;
        file.rewind().ok()?;
        file.take(20).read_to_string(&mut text).ok()?;
        text.trim().parse().ok()
    }
}
