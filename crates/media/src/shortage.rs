//! Why a port pair can't be bound, and a reserve of descriptors for the time when no more can be opened.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;

use turno_media_plan::{StreamFailure, Want};

/// ENFILE and EMFILE: the same numbers on every Linux architecture; they have no stable `io::ErrorKind`.
const SYSTEM_FILES: i32 = 23;
const DESCRIPTORS: i32 = 24;

/// Reserved descriptors: each port pair that finds no free ones takes two of them.
const SPARE_DESCRIPTORS: usize = 32;

/// Who caused the failure to bind a pair. Unless it is known to be another program, it is our own shortage.
pub(crate) fn failure(error: &io::Error) -> StreamFailure {
    let want = match (error.raw_os_error(), error.kind()) {
        // A port below 1024 is not available to us either.
        (_, io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied) => return StreamFailure::PortRefused,
        (Some(DESCRIPTORS), _) => Want::Descriptors,
        (Some(SYSTEM_FILES), _) => Want::SystemFiles,
        (_, io::ErrorKind::AddrNotAvailable) => Want::Address,
        _ => Want::System,
    };
    StreamFailure::NoRoom(want)
}

/// The shortage, if giving up descriptors may solve it.
pub(crate) fn of_descriptors(error: &io::Error) -> Option<Want> {
    match failure(error) {
        StreamFailure::NoRoom(want @ (Want::Descriptors | Want::SystemFiles)) => Some(want),
        StreamFailure::NoRoom(Want::System | Want::Address | Want::Streams) | StreamFailure::PortRefused => {
            None
        }
    }
}

/// Open descriptors that only reserve their numbers.
#[derive(Debug, Default)]
pub(crate) struct SpareDescriptors(Vec<OwnedFd>);

impl SpareDescriptors {
    /// Opens as many as possible up to the limit; a failure is no error.
    pub(crate) fn fill(&mut self) {
        while self.0.len() < SPARE_DESCRIPTORS {
            let Ok(file) = File::open("/dev/null") else { return };
            self.0.push(file.into());
        }
    }

    /// Frees two descriptors for one pair; false if there are none left.
    pub(crate) fn makes_room(&mut self) -> bool {
        self.0.pop().is_some() && self.0.pop().is_some()
    }

    /// Whether the reserve is not full.
    pub(crate) fn is_short(&self) -> bool {
        self.0.len() < SPARE_DESCRIPTORS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_port_that_is_taken_is_another_programs_fault() {
        // Wound: a turno without descriptors blamed another program and put its ports aside one by one.
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
        let mut spare = SpareDescriptors::default();
        spare.fill();
        assert!(!spare.is_short());
        assert_eq!((0..).take_while(|_| spare.makes_room()).count(), SPARE_DESCRIPTORS / 2);
        spare.fill();
        assert!(!spare.is_short());
    }
}
