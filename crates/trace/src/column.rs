//! A party of the ladder: one column.

use serde::{Deserialize, Serialize};

/// Who stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Who called.
    Caller,
    /// turno itself.
    Turno,
    /// An agent's phone.
    Agent,
    /// An outside number, or anybody else.
    Outside,
}

/// One party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Who it is.
    pub kind: Kind,
    /// The name, for people.
    pub name: String,
    /// The address that it speaks from.
    pub address: String,
}
