//! The list of the files that turno has written into the folder of reports: it removes and replaces no others.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

/// The list's file.
const FILE: &str = ".turno-reports";

/// The largest list that is read, in bytes.
const BYTES_MAX: u64 = 16 * 1024 * 1024;

/// How far a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It may be there: turno was about to write it.
    Begun,
    Made,
    /// Its time was over.
    Removed,
}

const WORDS: [(&str, State); 3] =
    [("begun", State::Begun), ("made", State::Made), ("removed", State::Removed)];

/// A file that turno has written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) state: State,
    /// When it was due.
    pub(super) due: Timestamp,
    /// The name of its schedule.
    pub(super) name: String,
    /// Its file, without a folder.
    pub(super) file: String,
}

/// The list of a folder.
#[derive(Debug)]
pub(super) struct List {
    path: PathBuf,
    pub(super) entries: Vec<Entry>,
}

impl List {
    /// Reads the list of this folder; a line that is none of turno's is left out.
    ///
    /// # Errors
    /// As the system says.
    pub(super) fn read(folder: &Path) -> io::Result<Self> {
        let path = folder.join(FILE);
        let mut text = String::new();
        match File::open(&path) {
            Ok(file) => drop(file.take(BYTES_MAX).read_to_string(&mut text)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        Ok(Self { path, entries: text.lines().filter_map(entry).collect() })
    }

    /// When the last report of this name was due that has been made.
    pub(super) fn made(&self, name: &str) -> Option<Timestamp> {
        let of = self.entries.iter().filter(|entry| entry.name == name && entry.state != State::Begun);
        of.map(|entry| entry.due).max()
    }

    /// Notes how far a file is, on the disk.
    ///
    /// # Errors
    /// As the system says.
    pub(super) fn note(&mut self, entry: Entry) -> io::Result<()> {
        self.entries.retain(|known| known.file != entry.file);
        self.entries.push(entry);
        self.write()
    }

    /// Forgets a file.
    ///
    /// # Errors
    /// As the system says.
    pub(super) fn forget(&mut self, file: &str) -> io::Result<()> {
        self.entries.retain(|known| known.file != file);
        self.write()
    }

    fn write(&mut self) -> io::Result<()> {
        // Of what is removed only the last one of each name is needed.
        let last = |entry: &Entry, all: &[Entry]| {
            !all.iter().any(|other| other.name == entry.name && other.due > entry.due)
        };
        let all = self.entries.clone();
        self.entries.retain(|entry| entry.state != State::Removed || last(entry, &all));
        let line = |entry: &Entry| {
            let word = WORDS.iter().find(|(_, state)| *state == entry.state).map_or("", |(word, _)| word);
            format!("{word}\t{}\t{}\t{}\n", entry.due, entry.name, entry.file)
        };
        let text: String = self.entries.iter().map(line).collect();
        let beside = self.path.with_extension("new");
        let mut file = File::create(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, &self.path)
    }
}

/// A line. Its file is a name in the folder and nothing else.
fn entry(line: &str) -> Option<Entry> {
    let mut parts = line.split('\t');
    let (word, due, name, file) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let (_, state) = WORDS.iter().find(|(known, _)| *known == word)?;
    let is_ours = file.strip_prefix(name).is_some_and(|rest| rest.starts_with('-'))
        && !name.is_empty()
        && !file.contains(['/', '\0'])
        && parts.next().is_none();
    is_ours.then_some(Entry {
        state: *state,
        due: due.parse().ok()?,
        name: name.to_owned(),
        file: file.to_owned(),
    })
}
