//! Errors of certificates that can't be used, each in one line that says what to do.

use core::fmt;
use std::io;
use std::path::PathBuf;

/// Certificates that can't be used.
#[derive(Debug)]
pub enum TlsRefused {
    /// A file can't be read.
    Unreadable {
        /// The file.
        file: PathBuf,
        /// The system's error.
        error: io::Error,
    },
    /// A file is not what it should be.
    Unusable {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// There are no roots to verify a trunk's certificate with.
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
