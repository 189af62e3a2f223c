//! Stories in files: readable by their owner alone, for they are about citizens.

use std::fs::{OpenOptions, read_to_string};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use turno_trace::ContactTrace;

use crate::trace::asking::Trouble;

/// Writes a file, and says so.
pub(crate) fn write(file: &Path, text: &str) -> Result<(), Trouble> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let written = options.open(file).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| Trouble::File(file.to_owned(), error.to_string()))?;
    complain!("turno: wrote {}", file.display());
    Ok(())
}

/// Reads what --json wrote.
pub(crate) fn read(file: &Path) -> Result<ContactTrace, Trouble> {
    let trouble = |why: String| Trouble::File(file.to_owned(), why);
    let text = read_to_string(file).map_err(|error| trouble(error.to_string()))?;
    ContactTrace::from_json(&text).map_err(|unreadable| trouble(unreadable.to_string()))
}
