//! A disk in memory that fails as disks fail.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::disk::volume::{Volume, VolumeFile};

/// What the disk does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    Fine,
    /// So many more bytes find room; writes are cut short.
    Full {
        room: u64,
    },
    ReadOnly,
    /// Every write fails.
    Broken,
}

/// The disk.
pub(crate) struct Disk(Arc<Mutex<State>>);

struct State {
    files: BTreeMap<String, Arc<Mutex<Vec<u8>>>>,
    health: Health,
}

struct OpenFile {
    disk: Arc<Mutex<State>>,
    bytes: Arc<Mutex<Vec<u8>>>,
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    fn may_write(&self) -> io::Result<()> {
        let errno = match self.health {
            Health::Fine | Health::Full { .. } => return Ok(()),
            Health::ReadOnly => rustix::io::Errno::ROFS,
            Health::Broken => rustix::io::Errno::IO,
        };
        Err(errno.into())
    }

    /// Takes so many bytes of the room that is left, if there is any.
    fn take_room(&mut self, bytes: u64) -> io::Result<u64> {
        self.may_write()?;
        let Health::Full { room } = &mut self.health else { return Ok(bytes) };
        if *room == 0 && bytes > 0 {
            return Err(rustix::io::Errno::NOSPC.into());
        }
        let taken = bytes.min(*room);
        *room -= taken;
        Ok(taken)
    }
}

impl Disk {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(State { files: BTreeMap::new(), health: Health::Fine })))
    }

    pub(crate) fn set(&self, health: Health) {
        held(&self.0).health = health;
    }

    pub(crate) fn names(&self) -> Vec<String> {
        held(&self.0).files.keys().cloned().collect()
    }
}

impl Volume for Disk {
    fn names(&self) -> io::Result<Vec<String>> {
        Ok(self.names())
    }

    fn read(&self, name: &str, most: usize) -> io::Result<Vec<u8>> {
        let file = held(&self.0).files.get(name).cloned().ok_or(io::ErrorKind::NotFound)?;
        let bytes = held(&file);
        Ok(bytes[..bytes.len().min(most)].to_vec())
    }

    fn create(&self, name: &str, _room: u64) -> io::Result<Arc<dyn VolumeFile>> {
        let mut state = held(&self.0);
        state.take_room(1)?;
        let bytes = Arc::new(Mutex::new(Vec::new()));
        state.files.insert(name.to_owned(), Arc::clone(&bytes));
        Ok(Arc::new(OpenFile { disk: Arc::clone(&self.0), bytes }))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut state = held(&self.0);
        state.may_write()?;
        let file = state.files.remove(from).ok_or(io::ErrorKind::NotFound)?;
        state.files.insert(to.to_owned(), file);
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let mut state = held(&self.0);
        state.may_write()?;
        state.files.remove(name).map(drop).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn sync(&self) -> io::Result<()> {
        held(&self.0).may_write()
    }
}

impl VolumeFile for OpenFile {
    fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        let taken = held(&self.disk).take_room(bytes.len() as u64)?;
        let taken = usize::try_from(taken).unwrap_or(usize::MAX);
        held(&self.bytes).extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn sync(&self) -> io::Result<()> {
        held(&self.disk).may_write()
    }

    fn cut(&self, length: u64) -> io::Result<()> {
        held(&self.disk).may_write()?;
        held(&self.bytes).truncate(usize::try_from(length).unwrap_or(usize::MAX));
        Ok(())
    }
}
