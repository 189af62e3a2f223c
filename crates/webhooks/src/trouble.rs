//! What can go wrong with the file of a queue.

use core::fmt;

/// The file of the queue can't be used.
#[derive(Debug)]
pub enum Trouble {
    /// A later turno has written it.
    Newer(i64),
    /// SQLite.
    Database(rusqlite::Error),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newer(found) => write!(f, "it was written by a later turno (version {found})"),
            Self::Database(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Trouble {}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}
