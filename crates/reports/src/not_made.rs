//! Why a report could not be made in a form.

use core::fmt;

/// A workbook could not be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotMade(pub(crate) String);

impl fmt::Display for NotMade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the report could not be made: {}", self.0)
    }
}

impl core::error::Error for NotMade {}
