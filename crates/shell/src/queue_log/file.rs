//! The file of the queue_log, and beside it how far it is.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use turno_model::Position;
use turno_queue_log::QueueLog;

/// Report tools read the file as members of its group.
const FILE_MODE: u32 = 0o640;

/// Numbers of callers who wait are in what stands beside it.
const STATE_MODE: u32 = 0o600;

/// How far the file is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Saved {
    /// The position of the last fact in it.
    position: Position,
    /// Its length then.
    length: u64,
    /// The file, as the operating system numbers it.
    file: (u64, u64),
    /// What was open.
    open: QueueLog,
}

/// The file. Another process that writes it waits until this one has ended.
#[derive(Debug)]
pub(crate) struct LogFile {
    path: PathBuf,
    /// Locked as long as this is there.
    _lock: File,
    file: Option<File>,
    saved: Option<Saved>,
}

impl LogFile {
    /// Opens the file, and cuts off what was written after how far it is said to be. A file that was renamed meanwhile is found
    /// in the same folder.
    ///
    /// # Errors
    /// The files can't be used, or another process writes them.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let lock = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(STATE_MODE)
            .open(beside(path, "lock"))?;
        lock.try_lock()?;
        let saved = match fs::read(beside(path, "position")) {
            Ok(bytes) => Some(serde_json::from_slice::<Saved>(&bytes).map_err(|error| {
                let place = beside(path, "position");
                io::Error::new(
                    io::ErrorKind::InvalidData,
                    format!("{}: {error}; move it away", place.display()),
                )
            })?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        if let Some(saved) = &saved {
            cut(path, saved)?;
        }
        Ok(Self { path: path.to_owned(), _lock: lock, file: None, saved })
    }

    /// The position of the last fact in the file, and what was open then.
    pub(crate) fn state(&self) -> Option<(Position, QueueLog)> {
        self.saved.as_ref().map(|saved| (saved.position, saved.open.clone()))
    }

    /// Appends lines, and notes how far the file is. A file that was renamed is left, and a new one begun.
    ///
    /// # Errors
    /// The files can't be written: nothing is noted, and what was written is cut off by the next call.
    pub(crate) fn append(&mut self, lines: &str, position: Position, open: &QueueLog) -> io::Result<()> {
        let (file, id) = self.current()?;
        let end = file.metadata()?.len();
        // What a failure left behind is cut off. A file that somebody cut is continued as it is.
        let known =
            self.saved.as_ref().filter(|saved| saved.file == id).map_or(end, |saved| saved.length.min(end));
        if end > known {
            file.set_len(known)?;
        }
        if !lines.is_empty() {
            (&file).seek(SeekFrom::Start(known))?;
            (&file).write_all(lines.as_bytes())?;
            file.sync_data()?;
        }
        let length = known + lines.len() as u64;
        let saved = Saved { position, length, file: id, open: open.clone() };
        self.note(&saved)?;
        self.saved = Some(saved);
        Ok(())
    }

    /// The file at the path, with its number.
    fn current(&mut self) -> io::Result<(File, (u64, u64))> {
        let there = fs::metadata(&self.path).ok().map(|about| id(&about));
        if let Some(file) = self.file.take() {
            let opened = id(&file.metadata()?);
            if there == Some(opened) {
                self.file = Some(file.try_clone()?);
                return Ok((file, opened));
            }
        }
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(FILE_MODE)
            .open(&self.path)?;
        let opened = id(&file.metadata()?);
        self.file = Some(file.try_clone()?);
        Ok((file, opened))
    }

    /// Replaces what stands beside the file.
    fn note(&self, saved: &Saved) -> io::Result<()> {
        let unfinished = beside(&self.path, "position.new");
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(STATE_MODE).open(&unfinished)?;
        file.write_all(&serde_json::to_vec(saved).map_err(io::Error::other)?)?;
        file.sync_data()?;
        fs::rename(&unfinished, beside(&self.path, "position"))
    }
}

/// Cuts the file at its length, wherever it is now.
fn cut(path: &Path, saved: &Saved) -> io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let renamed = fs::read_dir(folder)?.flatten().map(|entry| entry.path());
    for place in core::iter::once(path.to_owned()).chain(renamed) {
        let Ok(about) = fs::symlink_metadata(&place) else { continue };
        if about.is_file() && id(&about) == saved.file {
            if about.len() > saved.length {
                OpenOptions::new().write(true).open(&place)?.set_len(saved.length)?;
            }
            return Ok(());
        }
    }
    Ok(())
}

fn id(about: &fs::Metadata) -> (u64, u64) {
    (about.dev(), about.ino())
}

/// A file beside the log.
fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(end);
    PathBuf::from(name)
}
