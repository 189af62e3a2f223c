//! The languages that turno speaks to people.

use serde::{Deserialize, Serialize};

/// A language that turno speaks to people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    /// English: the log and the command line, and what people read where nothing else is said.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Spanish: the agents of Quito.
    #[serde(rename = "es")]
    Spanish,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::English, Self::Spanish];

    /// Its code, which is also the folder of its prompts.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }

    /// Whether it is English, which is what is meant where nothing is said.
    pub const fn is_english(&self) -> bool {
        matches!(self, Self::English)
    }

    /// The words in this language.
    pub const fn say<'w>(self, english: &'w str, spanish: &'w str) -> &'w str {
        match self {
            Self::English => english,
            Self::Spanish => spanish,
        }
    }
}
