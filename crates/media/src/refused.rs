//! Errors that prevent the media plane from starting.

use std::io;
use std::path::PathBuf;

/// Why the media plane does not start, in one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum MediaRefused {
    /// A sound file is missing or can't be opened.
    #[error("{}: can't be opened ({why}): put a WAV file there (mono, 16 bit, 8 or 16 kHz) or change its name in the plan", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
        /// The operating system's error.
        why: io::Error,
    },
    /// A sound file can't be played.
    #[error("{}: {why}; convert it with: sox IN.wav -r 16000 -c 1 -b 16 OUT.wav", path.display())]
    Unplayable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The operating system refuses a thread or polling.
    #[error("the media thread can't be started ({0}): raise the limits on threads and open files")]
    Thread(io::Error),
}
