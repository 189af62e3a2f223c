//! What can go wrong with the file of conversations.

use core::fmt;
use std::io;

/// The file or the folder of conversations can't be used.
#[derive(Debug)]
pub enum Trouble {
    /// A later turno has written it.
    Newer(i64),
    /// SQLite.
    Database(rusqlite::Error),
    /// A file of a message.
    File(io::Error),
    /// A row holds what this turno can't read.
    Row(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newer(found) => write!(f, "it was written by a later turno (version {found})"),
            Self::Database(error) => write!(f, "{error}"),
            Self::File(error) => write!(f, "a file of a message: {error}"),
            Self::Row(what) => write!(f, "a row that can't be read: {what}"),
        }
    }
}

impl std::error::Error for Trouble {}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

impl From<serde_json::Error> for Trouble {
    fn from(error: serde_json::Error) -> Self {
        Self::Row(error.to_string())
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}
