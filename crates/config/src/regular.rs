//! Files that end: whatever else has a place in a folder could keep its reader for ever.

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Opens a file, or what a link leads to.
///
/// # Errors
/// As the system says; also where it is a folder, or a pipe, socket or device, which need never end.
pub(crate) fn open(file: &Path) -> io::Result<File> {
    let kind = fs::metadata(file)?.file_type();
    if kind.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !kind.is_file() {
        return Err(io::Error::other("it is a pipe, a socket or a device, not a file"));
    }
    File::open(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_never_ends_is_not_waited_for() {
        // Bad input: a socket, of which nothing can be read, and a device that never ends.
        let folder = std::env::temp_dir().join(format!("turno-regular-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let place = folder.join("socket.pem");
        let _ = fs::remove_file(&place);
        let _socket = std::os::unix::net::UnixListener::bind(&place).expect("a socket");
        for file in [place.as_path(), Path::new("/dev/zero"), &folder] {
            let error = open(file).expect_err("it is no file");
            assert!(!error.to_string().is_empty());
        }
        fs::remove_dir_all(&folder).expect("it was made");
        assert!(open(Path::new("Cargo.toml")).is_ok());
    }
}
