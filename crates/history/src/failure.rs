//! What a database may refuse, and whether it helps to try again.

use core::fmt;

/// Why the database did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Another program has locked it.
    Locked(String),
    /// There is no room for more.
    Full(String),
    /// It does not answer, or the connection was lost.
    Gone(String),
    /// It may not be opened, read or written.
    Denied(String),
    /// What is in it can't be read.
    Corrupt(String),
    /// It was written by a later turno: the version of its schema, and the newest one that this turno knows.
    Future {
        /// The version in the database.
        found: i64,
        /// The newest known one.
        known: i64,
    },
    /// It holds the tables of another program.
    Foreign(String),
    /// Another process has written facts meanwhile; what was to be written is dropped.
    Overtaken,
    /// Another fault, in the database's words.
    Other(String),
}

impl Failure {
    /// All words of [`Self::word`].
    pub const WORDS: [&'static str; 9] =
        ["locked", "full", "gone", "denied", "corrupt", "future", "foreign", "overtaken", "other"];

    /// Its word in metrics.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Locked(_) => "locked",
            Self::Full(_) => "full",
            Self::Gone(_) => "gone",
            Self::Denied(_) => "denied",
            Self::Corrupt(_) => "corrupt",
            Self::Future { .. } => "future",
            Self::Foreign(_) => "foreign",
            Self::Overtaken => "overtaken",
            Self::Other(_) => "other",
        }
    }

    /// Whether only a person can help: trying again changes nothing.
    pub const fn needs_a_person(&self) -> bool {
        match self {
            Self::Corrupt(_) | Self::Future { .. } | Self::Foreign(_) => true,
            Self::Locked(_)
            | Self::Full(_)
            | Self::Gone(_)
            | Self::Denied(_)
            | Self::Overtaken
            | Self::Other(_) => false,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Locked(text) => write!(f, "another program has locked the database: {text}"),
            Self::Full(text) => write!(f, "the database has no room for more: {text}"),
            Self::Gone(text) => write!(f, "the database does not answer: {text}"),
            Self::Denied(text) => write!(f, "the database may not be opened or written: {text}"),
            Self::Corrupt(text) => {
                write!(
                    f,
                    "the database is damaged, and turno leaves it as it is: {text}; move it away or restore it"
                )
            }
            Self::Future { found, known } => write!(
                f,
                "the database was written by a later turno (schema {found}, this one knows {known}), and is left as it is; start that turno, or name another database"
            ),
            Self::Foreign(text) => write!(f, "the database is another program's: {text}; name another one"),
            Self::Overtaken => f.write_str("another process has written to the history meanwhile"),
            Self::Other(text) => write!(f, "the database refused: {text}"),
        }
    }
}

impl core::error::Error for Failure {}
