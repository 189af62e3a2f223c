//! Why an audit can't be done.

use core::fmt;
use std::io;

use turno_history::Failure;

/// Why an audit can't be done, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cannot(String);

impl Cannot {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }

    #[expect(clippy::needless_pass_by_value, reason = "for map_err")]
    pub(crate) fn database(failure: Failure) -> Self {
        Self(format!("the history can't be read: {failure}"))
    }

    #[expect(clippy::needless_pass_by_value, reason = "for map_err")]
    pub(crate) fn journal(error: io::Error) -> Self {
        Self(format!("the journal's files can't be read: {error}"))
    }
}

impl fmt::Display for Cannot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl core::error::Error for Cannot {}
