//! What goes wrong with a question to the history.

use turno_history::Failure;

/// What went wrong.
pub(crate) enum Trouble {
    /// The database.
    Database(Failure),
    /// A file, or what was asked, in words.
    File(String),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Database(failure)
    }
}
