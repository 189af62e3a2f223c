//! The first line of a connection: the protocol and its version.

use core::fmt;

/// The longest request with its opening, in bytes.
pub const REQUEST_BYTES_MAX: usize = 8_192;

/// The protocol's name, which begins the first line.
const NAME: &str = "turno-control";

/// The version of this protocol. It rises when a request or an answer changes its meaning.
const VERSION: u32 = 8;

/// A valid first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening;

/// Why a request can't be parsed, or is not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadRequest {
    /// The first line is of another protocol.
    Stranger,
    /// A request of a turno without protocol versions.
    Older,
    /// A successor with another hand-over protocol.
    OtherHandOver,
    /// Another version of this protocol.
    OtherVersion(u32),
    /// The lines are longer than [`REQUEST_BYTES_MAX`].
    TooLong,
    /// The second line is not a request, for this reason.
    NoRequest(String),
}

impl Opening {
    /// The first line, with its line end.
    pub fn line() -> String {
        format!("{NAME} {VERSION}\n")
    }

    /// Parses the first line.
    ///
    /// # Errors
    /// [`BadRequest`] if the request after it can't be parsed.
    pub fn read(line: &[u8]) -> Result<Self, BadRequest> {
        if line.len() >= REQUEST_BYTES_MAX {
            return Err(BadRequest::TooLong);
        }
        let line = core::str::from_utf8(line).map_err(|_| BadRequest::Stranger)?.trim_end();
        if line.starts_with("{\"what\"") {
            let hands_over = ["hand_over", "take_over"].iter().any(|word| line.contains(word));
            return Err(if hands_over { BadRequest::OtherHandOver } else { BadRequest::Older });
        }
        let version = line.strip_prefix(NAME).and_then(|rest| rest.strip_prefix(' '));
        match version.and_then(|version| version.parse().ok()) {
            Some(VERSION) => Ok(Self),
            Some(other) => Err(BadRequest::OtherVersion(other)),
            None => Err(BadRequest::Stranger),
        }
    }
}

impl fmt::Display for BadRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stranger => write!(
                f,
                "this turno does not understand the question: its first line is not `{NAME} {VERSION}`; ask with \
                 `turno trace`, `turno bans` or `turno reload`"
            ),
            Self::Older => write!(
                f,
                "this turno does not understand the question: it is of an older version; ask with the program that runs"
            ),
            Self::OtherHandOver => f.write_str(
                "this turno hands over by another protocol: the successor is of too different a version; stop this one \
                 and start the other",
            ),
            Self::OtherVersion(version) => write!(
                f,
                "this turno does not understand the question: it is in version {version} of the control protocol, and this \
                 turno speaks version {VERSION}; ask with the program that runs"
            ),
            Self::TooLong => write!(
                f,
                "this turno does not understand the question: it is longer than {REQUEST_BYTES_MAX} bytes"
            ),
            Self::NoRequest(why) => write!(
                f,
                "this turno does not understand the question: {why}; is it of another version?"
            ),
        }
    }
}

impl core::error::Error for BadRequest {}
