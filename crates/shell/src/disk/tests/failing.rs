//! A simulated disk in memory, with the faults of real disks.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use turno_journal::{Amiss, HEADER_BYTES, Mark, Thing, amiss};

use crate::disk::volume::{Volume, VolumeFile};

/// The condition of the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    Fine,
    /// This many more bytes fit; writes are partial.
    Full {
        room: u64,
    },
    ReadOnly,
    /// Every write fails.
    Broken,
}

/// An operation that somebody else does to the journal folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mishap {
    /// The folder is deleted or renamed.
    FolderGoes,
    /// An empty folder replaces it, as after a mount.
    FolderIsAnother,
    /// A copy of it with the same files replaces it.
    FolderIsACopy,
    /// The newest file whose name ends like this is deleted.
    FileGoes(&'static str),
    /// A file with the same content and another inode replaces it.
    FileIsAnother(&'static str),
    /// The file is truncated.
    FileIsCut(&'static str),
    /// The newest segment with content is filled with zeros in place.
    SegmentIsZeroed,
}

/// The disk.
pub(crate) struct Disk(Arc<Mutex<State>>);

struct State {
    files: BTreeMap<String, Arc<Bytes>>,
    health: Health,
    /// The inode of the folder under our path, if there is one; and of the one that is held.
    folder: Option<u64>,
    held: Option<u64>,
    numbers: u64,
}

struct Bytes {
    number: u64,
    bytes: Mutex<Vec<u8>>,
}

struct OpenFile {
    disk: Arc<Mutex<State>>,
    file: Arc<Bytes>,
}

impl Bytes {
    fn mark(&self) -> Mark {
        Mark { length: held(&self.bytes).len() as u64, ..mark(self.number) }
    }
}

fn mark(number: u64) -> Mark {
    Mark { device: 1, number, length: 0, is_open_to_owner: true }
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    fn file(&mut self, bytes: Vec<u8>) -> Arc<Bytes> {
        Arc::new(Bytes { number: self.number(), bytes: Mutex::new(bytes) })
    }

    fn copy(&mut self, name: &str) -> Option<Arc<Bytes>> {
        let bytes = held(&self.files.get(name)?.bytes).clone();
        Some(self.file(bytes))
    }

    fn may_write(&self) -> io::Result<()> {
        let errno = match self.health {
            Health::Fine | Health::Full { .. } => return Ok(()),
            Health::ReadOnly => rustix::io::Errno::ROFS,
            Health::Broken => rustix::io::Errno::IO,
        };
        Err(errno.into())
    }

    /// Takes space for these bytes, if there is any.
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
        Self(Arc::new(Mutex::new(State {
            files: BTreeMap::new(),
            health: Health::Fine,
            folder: None,
            held: None,
            numbers: 0,
        })))
    }

    pub(crate) fn set(&self, health: Health) {
        held(&self.0).health = health;
    }

    /// Applies a mishap.
    pub(crate) fn suffers(&self, mishap: Mishap) {
        let state = &mut *held(&self.0);
        let newest = |state: &State, ending| state.files.keys().rfind(|it| it.ends_with(ending)).cloned();
        match mishap {
            Mishap::FolderGoes => {
                state.files.clear();
                state.folder = None;
            }
            Mishap::FolderIsAnother => {
                state.files.clear();
                state.folder = Some(state.number());
            }
            Mishap::FolderIsACopy => {
                let names: Vec<String> = state.files.keys().cloned().collect();
                for name in names {
                    let copy = state.copy(&name).expect("it is there");
                    state.files.insert(name, copy);
                }
                state.folder = Some(state.number());
            }
            Mishap::FileGoes(ending) => {
                let name = newest(state, ending).expect("there is one");
                state.files.remove(&name);
            }
            Mishap::FileIsAnother(ending) => {
                let name = newest(state, ending).expect("there is one");
                let copy = state.copy(&name).expect("it is there");
                state.files.insert(name, copy);
            }
            Mishap::FileIsCut(ending) => {
                let name = newest(state, ending).expect("there is one");
                held(&state.files[&name].bytes).truncate(7);
            }
            Mishap::SegmentIsZeroed => {
                let is_written = |file: &Bytes| !held(&file.bytes).is_empty();
                let mut segments = state.files.iter().filter(|(name, _)| name.ends_with("segment"));
                let written = segments.rfind(|(_, file)| is_written(file)).expect("there is one").1;
                held(&written.bytes).fill(0);
            }
        }
    }

    pub(crate) fn names(&self) -> Vec<String> {
        held(&self.0).files.keys().cloned().collect()
    }
}

impl Volume for Disk {
    fn retake(&self) -> io::Result<()> {
        let mut state = held(&self.0);
        if state.folder.is_none() {
            state.take_room(1)?;
            state.folder = Some(state.number());
        }
        state.held = state.folder;
        Ok(())
    }

    fn look(&self) -> Result<bool, Amiss> {
        let state = held(&self.0);
        let found = amiss(&Thing::Folder, mark(state.held.unwrap_or(0)), state.folder.map(mark));
        found.map_or(Ok(true), Err)
    }

    fn mark(&self, name: &str) -> io::Result<Option<Mark>> {
        Ok(held(&self.0).files.get(name).map(|file| file.mark()))
    }

    fn free(&self) -> Option<u64> {
        None
    }

    fn names(&self) -> io::Result<Vec<String>> {
        Ok(self.names())
    }

    fn read(&self, name: &str, most: usize) -> io::Result<Vec<u8>> {
        let file = held(&self.0).files.get(name).cloned().ok_or(io::ErrorKind::NotFound)?;
        let bytes = held(&file.bytes);
        Ok(bytes[..bytes.len().min(most)].to_vec())
    }

    fn create(&self, name: &str, _room: u64) -> io::Result<Arc<dyn VolumeFile>> {
        let mut state = held(&self.0);
        state.take_room(1)?;
        if state.folder.is_none() {
            return Err(io::ErrorKind::NotFound.into());
        }
        let file = state.file(Vec::new());
        state.files.insert(name.to_owned(), Arc::clone(&file));
        Ok(Arc::new(OpenFile { disk: Arc::clone(&self.0), file }))
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
        held(&self.file.bytes).extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn sync(&self) -> io::Result<()> {
        held(&self.disk).may_write()
    }

    fn cut(&self, length: u64) -> io::Result<()> {
        held(&self.disk).may_write()?;
        held(&self.file.bytes).truncate(usize::try_from(length).unwrap_or(usize::MAX));
        Ok(())
    }

    fn mark(&self) -> io::Result<Mark> {
        Ok(self.file.mark())
    }

    fn header(&self) -> io::Result<[u8; HEADER_BYTES]> {
        let mut header = [0; HEADER_BYTES];
        let bytes = held(&self.file.bytes);
        let written = bytes.len().min(HEADER_BYTES);
        header[..written].copy_from_slice(&bytes[..written]);
        Ok(header)
    }

    fn read(&self) -> io::Result<Vec<u8>> {
        Ok(held(&self.file.bytes).clone())
    }
}
