//! Files of a size that is sane, as text.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

/// The longest file that is read, in bytes.
pub(crate) const FILE_BYTES_MAX: u64 = 1 << 20;

/// The bytes of a file.
///
/// # Errors
/// In words, without the file's name.
pub(crate) fn read_bytes(file: &Path, most: u64) -> Result<Vec<u8>, String> {
    let refused = |error| format!("the file can't be read: {error}");
    // A pipe or a device would be waited for.
    if !fs::metadata(file).map_err(refused)?.is_file() {
        return Err("this is no file".to_owned());
    }
    let mut bytes = Vec::new();
    File::open(file).map_err(refused)?.take(most + 1).read_to_end(&mut bytes).map_err(refused)?;
    if bytes.len() as u64 > most {
        return Err(format!("the file has more than {most} bytes"));
    }
    Ok(bytes)
}

/// A file of UTF-8.
///
/// # Errors
/// In words, without the file's name.
pub(crate) fn read_text(file: &Path) -> Result<String, String> {
    String::from_utf8(read_bytes(file, FILE_BYTES_MAX)?).map_err(|_| "the file is not UTF-8".to_owned())
}
