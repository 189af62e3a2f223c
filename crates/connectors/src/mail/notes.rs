//! The place in a mailbox up to which mails are kept, in a file that survives a kill -9.
//!
//! It is written after the post has kept the mails. If turno dies between the two, these mails are read a second time, and
//! the post knows them again by their Message-ID.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use turno_channels::Millis;
use turno_channels::mail::Restraint;

/// What is noted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Noted {
    /// The place in each mailbox; the key names the server, the user and the folder.
    pub(crate) place: Option<Place>,
    /// The latest acknowledgements.
    pub(crate) restraint: Restraint,
}

/// A place in a mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    /// Which mailbox: another one begins anew.
    pub(crate) mailbox: String,
    /// Its UIDVALIDITY.
    pub(crate) validity: u32,
    /// The last mail that is kept.
    pub(crate) uid: u32,
    /// When that was.
    pub(crate) at: Millis,
}

/// The file.
pub(crate) struct Notes {
    file: PathBuf,
    /// What it says.
    pub(crate) noted: Noted,
}

impl Notes {
    /// Reads the file; a missing one is a new mailbox.
    pub(crate) fn open(file: &Path) -> Result<Self, String> {
        let noted = match fs::read(file) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|fault| {
                format!("{}: {fault}; without it turno does not know which mails it has", file.display())
            })?,
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => Noted::default(),
            Err(fault) => return Err(format!("{}: {fault}", file.display())),
        };
        Ok(Self { file: file.to_owned(), noted })
    }

    /// Writes what is noted: whole, or not at all.
    pub(crate) fn keep(&self) -> io::Result<()> {
        let new = self.file.with_extension("new");
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(&serde_json::to_vec(&self.noted).map_err(io::Error::other)?)?;
        file.sync_all()?;
        fs::rename(&new, &self.file)?;
        let folder =
            self.file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()
    }
}
