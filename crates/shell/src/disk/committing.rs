//! The thread that syncs the journal to disk, when it must survive a power failure: one sync for all writes since the
//! last.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use prometheus::Histogram;

use crate::disk::volume::VolumeFile;
use crate::engine_thread::inbox::Inbox;

/// Writes that may wait to be made durable.
const WRITES_MAX: usize = 4_096;

/// A file, and the journal position that is durable once the file is synced.
type Wanted = (Arc<dyn VolumeFile>, u64);

/// The engine thread's end.
pub(crate) struct Committing {
    wanted: SyncSender<Wanted>,
    /// A request that found the queue full.
    owed: Option<Wanted>,
    shared: Arc<Shared>,
}

/// The commit thread's end.
pub(crate) struct Committer {
    wanted: Receiver<Wanted>,
    shared: Arc<Shared>,
    inbox: Inbox,
    seconds: Histogram,
}

struct Shared {
    durable: AtomicU64,
    has_failed: AtomicBool,
    errno: AtomicU64,
}

/// Creates both ends.
pub(crate) fn committing(inbox: Inbox, seconds: Histogram) -> (Committing, Committer) {
    let (sender, receiver) = sync_channel(WRITES_MAX);
    let shared = Arc::new(Shared {
        durable: AtomicU64::new(0),
        has_failed: AtomicBool::new(false),
        errno: AtomicU64::new(0),
    });
    let committing = Committing { wanted: sender, owed: None, shared: Arc::clone(&shared) };
    (committing, Committer { wanted: receiver, shared, inbox, seconds })
}

impl Committing {
    /// Requests a sync of this file; afterwards the journal is durable up to the position.
    pub(crate) fn ask(&mut self, file: &Arc<dyn VolumeFile>, position: u64) {
        self.owed = Some((Arc::clone(file), position));
        self.ask_again();
    }

    /// Repeats a request that found the queue full.
    pub(crate) fn ask_again(&mut self) {
        if let Some(wanted) = self.owed.take()
            && let Err(std::sync::mpsc::TrySendError::Full(wanted)) = self.wanted.try_send(wanted)
        {
            self.owed = Some(wanted);
        }
    }

    /// The position up to which the journal is durable.
    pub(crate) fn durable(&self) -> u64 {
        self.shared.durable.load(Ordering::Acquire)
    }

    /// The error of a failed sync, returned once.
    pub(crate) fn failure(&self) -> Option<io::Error> {
        self.shared.has_failed.swap(false, Ordering::AcqRel).then(|| {
            let errno = self.shared.errno.load(Ordering::Relaxed);
            i32::try_from(errno).map_or_else(io::Error::other, io::Error::from_raw_os_error)
        })
    }

    /// Drops a pending request: the disk has failed, and later writes request a sync again.
    pub(crate) fn give_up(&mut self) {
        self.owed = None;
    }
}

impl Committer {
    /// Runs until the engine thread has ended.
    pub(crate) fn run(&self) {
        while let Ok(mut wanted) = self.wanted.recv() {
            while let Ok(next) = self.wanted.try_recv() {
                // The previous segment is synced as well.
                if !Arc::ptr_eq(&next.0, &wanted.0) {
                    self.commit(&wanted);
                }
                wanted = next;
            }
            self.commit(&wanted);
        }
    }

    fn commit(&self, (file, position): &Wanted) {
        let timer = self.seconds.start_timer();
        match file.sync() {
            Ok(()) => self.shared.durable.store(*position, Ordering::Release),
            Err(error) => {
                let errno = error.raw_os_error().and_then(|errno| u64::try_from(errno).ok());
                self.shared.errno.store(errno.unwrap_or(u64::MAX), Ordering::Relaxed);
                self.shared.has_failed.store(true, Ordering::Release);
            }
        }
        drop(timer);
        self.inbox.ring();
    }
}
