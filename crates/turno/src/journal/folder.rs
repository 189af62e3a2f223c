//! The files of a journal's folder, in the order in which they were written.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use turno_journal::{Content, file_of_name};

/// A folder that can't be read, or has no journal.
#[derive(Debug)]
pub(crate) struct Trouble {
    path: PathBuf,
    why: String,
}

impl Trouble {
    pub(crate) fn new(path: &Path, why: impl fmt::Display) -> Self {
        Self { path: path.to_owned(), why: why.to_string() }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.why)
    }
}

/// One file.
pub(crate) struct JournalFile {
    pub(crate) content: Content,
    pub(crate) number: u64,
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// Every file of a journal: by number, a segment's checkpoint before it and its facts behind.
pub(crate) fn read_folder(path: &Path) -> Result<Vec<JournalFile>, Trouble> {
    let trouble = |error: io::Error| Trouble::new(path, error);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(path).map_err(trouble)? {
        let name = entry.map_err(trouble)?.file_name().to_string_lossy().into_owned();
        let Some((content, number)) = file_of_name(&name) else { continue };
        let file = path.join(&name);
        let bytes = std::fs::read(&file).map_err(|error| Trouble::new(&file, error))?;
        found.push(JournalFile { content, number, name, bytes });
    }
    if found.is_empty() {
        return Err(Trouble::new(
            path,
            "there is no journal here; is it the folder that was given to --state?",
        ));
    }
    let place = |content: Content| match content {
        Content::Checkpoint => 0,
        Content::Segment => 1,
        Content::Facts => 2,
    };
    found.sort_by_key(|file| (file.number, place(file.content)));
    Ok(found)
}
