//! Why certificates can't be used, in one line that says what to do.

use core::fmt;
use std::io;
use std::path::PathBuf;

/// Certificates that can't be used.
#[derive(Debug)]
pub enum TlsRefused {
    /// A file can't be read.
    Unreadable {
        /// Which.
        file: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A file is not what it should be.
    Unusable {
        /// Which.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// There are no roots by which a trunk's certificate could be judged.
    NoRoots,
}

impl fmt::Display for TlsRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { file, error } => {
                write!(
                    f,
                    "{} can't be read: {error}; the user that turno runs as must be able to read it",
                    file.display()
                )
            }
            Self::Unusable { file, why } => write!(f, "{} can't be used: {why}", file.display()),
            Self::NoRoots => f.write_str(
                "a trunk speaks TLS, and there are no roots to judge its certificate by; \
                 name a file with them as tls.ca in the plan, or install ca-certificates",
            ),
        }
    }
}

impl std::error::Error for TlsRefused {}
