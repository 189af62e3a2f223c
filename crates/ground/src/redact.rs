//! Values that logs must not show.

use core::fmt;

use serde::{Deserialize, Serialize};

/// A password or key; `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Secret(String);

impl Secret {
    /// Hides `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The hidden text; for the code that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// A person's data, such as a caller's number; `Debug` shows only the last two characters. It is serialised in full,
/// since the journal belongs to the site and only the site can read it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pii<T>(pub T);

impl<T: AsRef<str>> fmt::Debug for Pii<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.as_ref();
        let tail = text.char_indices().rev().nth(1).map_or(text, |(at, _)| &text[at..]);
        if text.len() > tail.len() { write!(f, "*{tail}") } else { f.write_str("*") }
    }
}
