//! Why a dialogue goes to a person.

use serde::{Deserialize, Serialize};

/// Why a dialogue goes to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// A person was asked for.
    Asked,
    /// It did not understand twice.
    Unsure,
    /// Angry words.
    Anger,
    /// Its answer did not help, twice.
    NotHelped,
    /// A file came, which it can't read.
    File,
}
