//! The head of a part: what the recording is, in plain text, with the file's sealed key.
//!
//! Everything that `list` and `purge` need is readable without a key. Numbers of callers are not in it; they are in
//! the first sealed record.

use core::time::Duration;

use serde::{Deserialize, Serialize};
use turno_ground::Moment;
use turno_model::{ContactId, RecordingId};

use crate::key::{Wrapped, from_hex, hex};

/// The first line of each part.
pub const FIRST_LINE: &[u8] = b"turno recording 1\n";

/// Most bytes of a head.
pub const HEAD_BYTES_MAX: usize = 8 * 1024;

/// The form of the sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// Opus, each side a stream of its own (RFC 6716); exported as Ogg (RFC 7845).
    Opus,
    /// A-law at 8 kHz (ITU-T G.711); exported as WAV.
    Wav,
}

/// What a recording is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The recording.
    pub recording: RecordingId,
    /// The contact.
    pub contact: ContactId,
    /// The agent's name in the plan.
    pub agent: String,
    /// The queue's name in the plan.
    pub queue: String,
    /// The class of retention.
    pub class: String,
    /// When it began; frame 0 begins here.
    pub began: Moment,
}

/// The head of a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// What the recording is of.
    #[serde(flatten)]
    pub about: About,
    /// The number of the part, from 1.
    pub part: u32,
    /// The form of the sound.
    pub form: Form,
    /// The file's own key.
    pub key: Wrapped,
    /// Where the chain of the part before stopped, in hexadecimal digits; empty for the first part.
    pub before: String,
    /// How much sound is missing between the part before and this one.
    pub gap: Duration,
}

/// A file is no part of a recording.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeadFault {
    /// It begins otherwise.
    #[error("it is no recording of turno's")]
    NotOurs,
    /// Its second line can't be read.
    #[error("its head can't be read: {0}")]
    Unreadable(String),
}

impl Head {
    /// The bytes of the head.
    pub fn write(&self) -> Vec<u8> {
        let mut bytes = FIRST_LINE.to_vec();
        bytes.extend(serde_json::to_vec(self).expect("a head is numbers and texts"));
        bytes.push(b'\n');
        bytes
    }

    /// Reads the head at the beginning of a part; returns it with its length.
    ///
    /// # Errors
    /// [`HeadFault`].
    pub fn read(bytes: &[u8]) -> Result<(Self, usize), HeadFault> {
        let rest = bytes.strip_prefix(FIRST_LINE).ok_or(HeadFault::NotOurs)?;
        let line = rest.iter().take(HEAD_BYTES_MAX).position(|byte| *byte == b'\n');
        let line = line.ok_or_else(|| HeadFault::Unreadable("it has no end".to_owned()))?;
        let head = serde_json::from_slice(&rest[..line]);
        let head = head.map_err(|error| HeadFault::Unreadable(error.to_string()))?;
        Ok((head, FIRST_LINE.len() + line + 1))
    }

    /// The link of the part before; `None` for the first part.
    pub fn link_before(&self) -> Option<[u8; 32]> {
        from_hex(&self.before)
    }

    /// The same as the text in the head.
    pub fn before_text(link: Option<[u8; 32]>) -> String {
        link.map(|link| hex(&link)).unwrap_or_default()
    }
}
