//! Files of messages in a folder, each under the SHA-256 of its content: the same photograph is kept once.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sha2::{Digest as _, Sha256};
use turno_channels::FileId;

/// Ending of a file that is being written.
const UNFINISHED: &str = "part";

/// Longest name of a file that is kept.
const NAME_CHARS_MAX: usize = 120;

/// The folder.
#[derive(Clone, Debug)]
pub struct Files(PathBuf);

impl Files {
    /// Opens the folder, or makes it.
    ///
    /// # Errors
    /// If it can't be made.
    pub fn open(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self(folder.to_owned()))
    }

    /// Keeps a file. When this returns it is on the disk.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn put(&self, bytes: &[u8]) -> io::Result<FileId> {
        let id = FileId(hex(&Sha256::digest(bytes)));
        let path = self.path(&id);
        if path.is_file() {
            return Ok(id);
        }
        let folder = path.parent().unwrap_or(&self.0);
        fs::create_dir_all(folder)?;
        let unfinished = path.with_extension(UNFINISHED);
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&unfinished, &path)?;
        File::open(folder)?.sync_all()?;
        Ok(id)
    }

    /// The content of a file; `None` if it is not there, or is not what its name says.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn read(&self, id: &FileId) -> io::Result<Option<Vec<u8>>> {
        if !is_id(id) {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        match File::open(self.path(id)) {
            Ok(mut file) => file.read_to_end(&mut bytes)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok((hex(&Sha256::digest(&bytes)) == id.0).then_some(bytes))
    }

    /// Deletes every file that `is_needed` does not name and that was written before `before`: a younger one may belong to a
    /// message that is being written. Returns how many.
    ///
    /// # Errors
    /// If the folder can't be read.
    pub fn sweep(&self, before: SystemTime, mut is_needed: impl FnMut(&FileId) -> bool) -> io::Result<u64> {
        let mut gone = 0;
        for folder in fs::read_dir(&self.0)? {
            let folder = folder?;
            if !folder.file_type()?.is_dir() {
                continue;
            }
            for file in fs::read_dir(folder.path())? {
                let file = file?;
                let id = FileId(file.file_name().to_string_lossy().into_owned());
                let is_old = file.metadata()?.modified()? < before;
                if is_old && !is_needed(&id) {
                    fs::remove_file(file.path())?;
                    gone += 1;
                }
            }
        }
        Ok(gone)
    }

    fn path(&self, id: &FileId) -> PathBuf {
        self.0.join(id.0.get(..2).unwrap_or_default()).join(&id.0)
    }
}

/// A name as an agent may see and save it: no folders, no control or direction characters, not too long.
pub(crate) fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_fit = |one: &char| {
        !one.is_control()
            && !matches!(one, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let clean: String = last.chars().filter(is_fit).take(NAME_CHARS_MAX).collect();
    let clean = clean.trim().trim_start_matches('.').to_owned();
    if clean.is_empty() { "file".to_owned() } else { clean }
}

fn is_id(id: &FileId) -> bool {
    id.0.len() == 64 && id.0.bytes().all(|one| one.is_ascii_digit() || (b'a'..=b'f').contains(&one))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        for half in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
        text
    })
}
