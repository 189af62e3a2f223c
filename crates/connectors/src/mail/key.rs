//! The key by which our Message-IDs and reply addresses are signed: made once, and kept beside the journal.
//!
//! A new key makes nothing wrong but the threads: answers to earlier mails are related by the sender alone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// Bytes of the key.
const KEY_BYTES: usize = 32;

/// Reads the key, or makes one that only turno can read.
pub(crate) fn key(file: &Path) -> io::Result<Vec<u8>> {
    match fs::read(file) {
        Ok(key) if key.len() == KEY_BYTES => return Ok(key),
        Ok(_) => return Err(io::Error::other("it does not hold 32 bytes; remove it, and a new one is made")),
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => {}
        Err(fault) => return Err(fault),
    }
    let mut key = vec![0; KEY_BYTES];
    File::open("/dev/urandom")?.read_exact(&mut key)?;
    // Whole or not at all: a kill while it is written leaves the other name.
    let new = file.with_extension("new");
    let mut out = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
    out.write_all(&key)?;
    out.sync_all()?;
    fs::rename(&new, file)?;
    Ok(key)
}
