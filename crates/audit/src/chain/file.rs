//! The file of the chain: read as a whole, and written a line at a time.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use turno_ground::Moment;

use crate::chain::line::{Entry, Line};

/// The file's name in the journal's folder.
const NAME: &str = "days.chain";

/// Nobody but the owner reads it: it says who deleted what, and why.
const FILE_MODE: u32 = 0o600;

/// The file.
#[derive(Clone, Debug)]
pub struct ChainFile {
    path: PathBuf,
}

/// The last line that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its number.
    pub line: u64,
    /// Its hash.
    pub hash: String,
}

impl ChainFile {
    /// The file in a journal's folder.
    pub fn new(folder: &Path) -> Self {
        Self { path: folder.join(NAME) }
    }

    /// Its text; empty if there is no file.
    ///
    /// # Errors
    /// It can't be read.
    pub fn text(&self) -> io::Result<String> {
        match std::fs::read(&self.path) {
            Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            Err(error) => Err(error),
        }
    }

    /// Writes a line about what `entry` says, which is given the lines that are there; `None`: nothing is to be written. Half
    /// a line at the end, of a turno that was killed, is removed first. Two processes never write at once.
    ///
    /// # Errors
    /// The file can't be written, is locked, or its last line can't be read.
    pub(crate) fn append(
        &self,
        at: Moment,
        entry: impl FnOnce(&[Line]) -> Option<Entry>,
    ) -> io::Result<Option<Head>> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(FILE_MODE)
            .open(&self.path)?;
        file.try_lock()?;
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        let (known, last) = lines(&text[..whole])?;
        let Some(entry) = entry(&known) else { return Ok(None) };
        let number = known.last().map_or(1, |line| line.line + 1);
        let (text, hash) = Line { line: number, at, entry, previous: last }.text();
        write(&mut file, whole as u64, &text)?;
        Ok(Some(Head { line: number, hash }))
    }
}

fn write(file: &mut File, end: u64, text: &str) -> io::Result<()> {
    file.set_len(end)?;
    file.seek(SeekFrom::Start(end))?;
    file.write_all(format!("{text}\n").as_bytes())?;
    file.sync_data()
}

/// The lines of a text, and the last one's hash.
fn lines(text: &str) -> io::Result<(Vec<Line>, String)> {
    let (mut known, mut last) = (Vec::new(), String::new());
    for text in text.lines() {
        let (line, hash) = Line::read(text).ok_or_else(|| {
            let why = format!(
                "line {} of {NAME} can't be read: move the file away, and look at it",
                known.len() + 1
            );
            io::Error::new(io::ErrorKind::InvalidData, why)
        })?;
        known.push(line);
        last = hash;
    }
    Ok((known, last))
}
