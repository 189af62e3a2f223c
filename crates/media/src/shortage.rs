//! Why a pair of ports can't be had, and what is laid by for the day on which nothing can be opened.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;

use turno_media_plan::{StreamFailure, Want};

/// ENFILE and EMFILE: the same numbers on every machine that Linux runs on, and no `io::ErrorKind` of their own.
const SYSTEM_FILES: i32 = 23;
const DESCRIPTORS: i32 = 24;

/// Descriptors laid by: each pair of ports that finds none left takes two of them.
const LAID_BY: usize = 32;

/// Whose fault it is that a pair was not bound. What is not known to be another program's act is our own want.
pub(crate) fn failure(error: &io::Error) -> StreamFailure {
    let want = match (error.raw_os_error(), error.kind()) {
        // A port below 1024 is not ours to have either.
        (_, io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied) => return StreamFailure::PortRefused,
        (Some(DESCRIPTORS), _) => Want::Descriptors,
        (Some(SYSTEM_FILES), _) => Want::SystemFiles,
        (_, io::ErrorKind::AddrNotAvailable) => Want::Address,
        _ => Want::System,
    };
    StreamFailure::NoRoom(want)
}

/// The want that giving descriptors up may help against.
pub(crate) fn of_descriptors(error: &io::Error) -> Option<Want> {
    match failure(error) {
        StreamFailure::NoRoom(want @ (Want::Descriptors | Want::SystemFiles)) => Some(want),
        StreamFailure::NoRoom(Want::System | Want::Address | Want::Streams) | StreamFailure::PortRefused => {
            None
        }
    }
}

/// Open descriptors that do nothing but keep their places.
#[derive(Debug, Default)]
pub(crate) struct LaidBy(Vec<OwnedFd>);

impl LaidBy {
    /// As many as can be had; where none can, nothing is laid by.
    pub(crate) fn fill(&mut self) {
        while self.0.len() < LAID_BY {
            let Ok(file) = File::open("/dev/null") else { return };
            self.0.push(file.into());
        }
    }

    /// Makes room for one pair; false if there is nothing left to do so.
    pub(crate) fn makes_room(&mut self) -> bool {
        self.0.pop().is_some() && self.0.pop().is_some()
    }

    /// Whether some are gone.
    pub(crate) fn is_short(&self) -> bool {
        self.0.len() < LAID_BY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_port_that_is_taken_is_another_programs_fault() {
        // Wound: a turno without descriptors blamed another program and set its ports aside one by one.
        let of = |code| failure(&io::Error::from_raw_os_error(code));
        assert_eq!(of(98), StreamFailure::PortRefused, "EADDRINUSE");
        assert_eq!(of(13), StreamFailure::PortRefused, "EACCES");
        for (code, want) in [
            (24, Want::Descriptors),
            (23, Want::SystemFiles),
            (99, Want::Address),
            (105, Want::System),
            (12, Want::System),
            (11, Want::System),
        ] {
            assert_eq!(of(code), StreamFailure::NoRoom(want), "{code}");
        }
    }

    #[test]
    fn what_is_laid_by_makes_room_for_a_few_pairs_and_is_laid_by_anew() {
        let mut laid_by = LaidBy::default();
        laid_by.fill();
        assert!(!laid_by.is_short());
        assert_eq!((0..).take_while(|_| laid_by.makes_room()).count(), LAID_BY / 2);
        laid_by.fill();
        assert!(!laid_by.is_short());
    }
}
