//! Why something about users, sessions or tokens is not done.

use core::fmt;
use std::path::PathBuf;

use crate::limit::{NAME_CHARS_MAX, PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN};

/// Why it is not done. Nothing was changed.
#[derive(Debug)]
pub enum Trouble {
    /// The file was written by a newer turno.
    Newer {
        /// The file.
        file: PathBuf,
        /// Its version.
        version: u32,
    },
    /// The database refuses.
    Database(rusqlite::Error),
    /// The file can't be opened or made.
    File {
        /// The file.
        file: PathBuf,
        /// Why.
        error: String,
    },
    /// A name is empty, too long, or has signs that mislead.
    Name,
    /// A password is too short or too long.
    PasswordLength,
    /// A password is the user's name, the site's, or one of those that are tried first.
    PasswordKnown,
    /// There is such a user, or such a token, already.
    Taken,
    /// There is no such user or token.
    Unknown,
    /// It is the last operator who can sign in.
    LastOperator,
    /// It would have more rights than who asks.
    TooMuch,
    /// A hash that is stored can't be read.
    Hash,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newer { file, version } => write!(
                f,
                "{} has version {version}, which this turno does not know; use the turno that wrote it, or a newer one",
                file.display()
            ),
            Self::Database(error) => write!(f, "the database of users: {error}"),
            Self::File { file, error } => write!(f, "{} can't be opened: {error}", file.display()),
            Self::Name => {
                write!(
                    f,
                    "a name has 1 to {NAME_CHARS_MAX} letters, digits, `.`, `-`, `_`, `@`, and begins with no sign"
                )
            }
            Self::PasswordLength => {
                write!(
                    f,
                    "a password has {PASSWORD_CHARS_MIN} to {PASSWORD_CHARS_MAX} characters; three or four words are good"
                )
            }
            Self::PasswordKnown => f.write_str("this password would be guessed at once; take another"),
            Self::Taken => f.write_str("this name is taken"),
            Self::Unknown => f.write_str("there is no such user or token"),
            Self::LastOperator => {
                f.write_str("this is the last operator who can sign in; make another one first")
            }
            Self::TooMuch => f.write_str("it would have more rights than you have"),
            Self::Hash => f.write_str("a stored password hash can't be read; set a new password"),
        }
    }
}

impl core::error::Error for Trouble {}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}
