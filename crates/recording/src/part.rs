//! The records of a part: their form, and how a file is split into them.

use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::chain::Link;
use crate::head::{Head, HeadFault};

/// Most bytes of a record: half a second of the loudest sound takes much less.
pub const RECORD_BYTES_MAX: usize = 128 * 1024;

/// Bytes before a record's sealed content: its kind and its length.
pub(crate) const RECORD_HEAD_BYTES: usize = 5;

/// The kind of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// [`Parties`].
    Parties = 1,
    /// Sound: the number of its first frame, then frames.
    Sound = 2,
    /// A [`Note`].
    Note = 3,
    /// [`Closing`]: the part ends as it should.
    Closing = 4,
}

/// Who talks, sealed: the number of the caller.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parties {
    /// The caller's number as the contact has it.
    pub caller: String,
}

/// Something that happened to the recording at a frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The frame.
    pub frame: u64,
    /// What happened.
    pub what: Happened,
}

/// What happened to a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happened {
    /// It was paused: what follows is silence.
    Paused,
    /// It went on.
    Resumed,
    /// So many pieces of any voice did not reach the recorder, which was too slow: they may be silence here.
    Dropped(u64),
    /// So much sound could not be written, and is silence.
    NotWritten(Duration),
}

/// How a part ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// The number of frames from the beginning of the talk.
    pub frames: u64,
    /// How much sound is missing in all parts, as far as it is known.
    pub missing: Duration,
}

/// A record as it is in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Record<'a> {
    /// The kind; `None` for one we don't know.
    pub(crate) kind: Option<Kind>,
    /// The byte of the kind.
    pub(crate) code: u8,
    /// The sealed content.
    pub(crate) sealed: &'a [u8],
    /// All its bytes.
    pub(crate) bytes: &'a [u8],
}

/// A part, split into records. Nothing is opened yet.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    /// Its head.
    pub head: Head,
    pub(crate) head_link: Link,
    pub(crate) records: Vec<Record<'a>>,
    /// Bytes after the last whole record: a kill, or somebody, cut it off.
    pub(crate) torn: usize,
}

impl Kind {
    pub(crate) fn of(code: u8) -> Option<Self> {
        [Self::Parties, Self::Sound, Self::Note, Self::Closing].into_iter().find(|kind| *kind as u8 == code)
    }
}

impl<'a> Part<'a> {
    /// Splits a part.
    ///
    /// # Errors
    /// [`HeadFault`].
    pub fn read(bytes: &'a [u8]) -> Result<Self, HeadFault> {
        let (head, length) = Head::read(bytes)?;
        let head_link = Link::of_head(&bytes[..length]);
        let (mut records, mut rest) = (Vec::new(), &bytes[length..]);
        while let Some((record, after)) = split_record(rest) {
            records.push(record);
            rest = after;
        }
        Ok(Self { head, head_link, records, torn: rest.len() })
    }

    /// The link after the last whole record: where a further part goes on.
    pub fn last_link(&self) -> Link {
        self.records.iter().fold(self.head_link, |link, record| link.after(record.bytes))
    }

    /// Whether it has a closing record at its end.
    pub fn is_closed(&self) -> bool {
        self.torn == 0 && self.records.last().is_some_and(|record| record.kind == Some(Kind::Closing))
    }

    /// The links after the head and after each record.
    pub(crate) fn links(&self) -> Vec<Link> {
        let mut links = vec![self.head_link];
        for record in &self.records {
            links.push(links.last().copied().unwrap_or_default().after(record.bytes));
        }
        links
    }
}

fn split_record(bytes: &[u8]) -> Option<(Record<'_>, &[u8])> {
    let (code, rest) = bytes.split_first()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok().filter(|it| *it <= RECORD_BYTES_MAX)?;
    let (sealed, after) = rest.split_at_checked(length)?;
    let record =
        Record { kind: Kind::of(*code), code: *code, sealed, bytes: &bytes[..RECORD_HEAD_BYTES + length] };
    Some((record, after))
}

/// What is sealed with a record beside its content: the head that it belongs to, and its kind.
pub(crate) fn beside(head: Link, code: u8) -> [u8; 33] {
    let mut beside = [0; 33];
    beside[..32].copy_from_slice(&head.0);
    beside[32] = code;
    beside
}
