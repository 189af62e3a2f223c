//! A database in a file that leaves room on its disk: the journal, which may be on the same one, comes first.

use std::path::PathBuf;

use rustix::fs::statvfs;
use turno_history::Failure;
use turno_history::store::{Sql, Store};

/// What is left free, in bytes; on a small disk a quarter of it.
const ROOM_LEFT: u64 = 256 << 20;

/// A store that writes nothing while its disk is nearly full.
pub(crate) struct LeavesRoom {
    pub(crate) store: Box<dyn Store + Send>,
    /// The folder of its file.
    pub(crate) folder: PathBuf,
}

impl Store for LeavesRoom {
    fn transaction(
        &mut self,
        work: &mut dyn FnMut(&mut dyn Sql) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        // A folder that can't be asked is found missing by the database.
        if let Ok(about) = statvfs(&self.folder) {
            let free = about.f_bavail.saturating_mul(about.f_frsize);
            let left = ROOM_LEFT.min(about.f_blocks.saturating_mul(about.f_frsize) / 4);
            if free < left {
                let folder = self.folder.display();
                let why = format!(
                    "{} MiB are free in {folder}, and {} are left for the journal",
                    free >> 20,
                    left >> 20
                );
                return Err(Failure::Full(why));
            }
        }
        self.store.transaction(work)
    }

    fn clear_traces(&mut self) -> Result<(), Failure> {
        self.store.clear_traces()
    }
}
