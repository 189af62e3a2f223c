//! Faults that a journal's file may have, each in one sentence.

use core::fmt;

use crate::form::FORM;

/// A fault, and where. Offsets are bytes from the file's beginning; a place is a frame's index in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The file has another version of the form. Nothing of it was read.
    OtherForm {
        /// Its version.
        form: u16,
    },
    /// The file belongs to no journal. Nothing of it was read.
    Foreign,
    /// The header is damaged. The frames were read nevertheless.
    Header,
    /// The header has another number than the file's name.
    OtherNumber {
        /// The header's number.
        says: u64,
    },
    /// There are bytes between the frames that are no whole frame.
    Damaged {
        /// Where.
        offset: usize,
        /// How many.
        bytes: usize,
    },
    /// The file ends within a frame: the last write was cut off.
    TornTail {
        /// Where the frame begins.
        offset: usize,
        /// How many bytes of it there are.
        bytes: usize,
    },
    /// Records are missing.
    Missing {
        /// The place of the first one.
        place: u32,
        /// How many.
        records: u32,
    },
    /// A frame comes after one with a higher place; it was sorted in.
    OutOfOrder {
        /// Where.
        offset: usize,
        /// Its place.
        place: u32,
    },
    /// A frame appears twice; the first was taken.
    Doubled {
        /// Where the second one is.
        offset: usize,
        /// The place of both.
        place: u32,
    },
    /// A whole frame that this version does not know: of a later turno.
    NotUnderstood {
        /// Where.
        offset: usize,
        /// Its place.
        place: u32,
    },
    /// There are bytes after the frame that closed the file.
    AfterLast {
        /// Where.
        offset: usize,
        /// How many bytes.
        bytes: usize,
    },
}

impl Fault {
    /// Whether a power cut causes this: only the end of the last write is missing.
    pub const fn is_tail(&self) -> bool {
        matches!(self, Self::TornTail { .. })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::OtherForm { form } => {
                write!(f, "has form {form}, this turno reads form {FORM}: use the turno that wrote it")
            }
            Self::Foreign => f.write_str("is not a file of a journal"),
            Self::Header => f.write_str("the header is damaged; its records were read nevertheless"),
            Self::OtherNumber { says } => {
                write!(f, "the header says that this is number {says}: was the file renamed?")
            }
            Self::Damaged { offset, bytes } => {
                write!(f, "{bytes} bytes at {offset} are damaged; the records after them were read")
            }
            Self::TornTail { offset, bytes } => write!(
                f,
                "the last write was cut off: {bytes} bytes at {offset} are not a whole record (a power cut does this)"
            ),
            Self::Missing { place, records: 1 } => write!(f, "record {place} is missing"),
            Self::Missing { place, records } => {
                write!(f, "{records} records are missing, from record {place} on")
            }
            Self::OutOfOrder { offset, place } => {
                write!(f, "record {place} is out of order, at {offset}; it was sorted in")
            }
            Self::Doubled { offset, place } => {
                write!(f, "record {place} is there twice, again at {offset}; the first was taken")
            }
            Self::NotUnderstood { offset, place } => {
                write!(f, "record {place} at {offset} is of a kind that this turno does not know")
            }
            Self::AfterLast { offset, bytes } => {
                write!(f, "there are {bytes} bytes after the end, at {offset}")
            }
        }
    }
}
