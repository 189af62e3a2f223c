//! What may be wrong with a file of a journal, each in one sentence.

use core::fmt;

use crate::form::FORM;

/// Something wrong, and where. Offsets are bytes from the file's beginning, places are frames from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The file has another form; nothing of it was read.
    OtherForm {
        /// Which.
        form: u16,
    },
    /// The file is not of a journal; nothing of it was read.
    Foreign,
    /// The header is damaged; the frames were read all the same.
    Header,
    /// The header says another number than the file's name.
    OtherNumber {
        /// What it says.
        says: u64,
    },
    /// Bytes that are no whole frame stand between frames.
    Damaged {
        /// Where.
        offset: usize,
        /// How many.
        bytes: usize,
    },
    /// The file ends in the middle of a frame: the last write was cut off.
    TornTail {
        /// Where the frame begins.
        offset: usize,
        /// How many bytes of it are there.
        bytes: usize,
    },
    /// Records that should be here are not.
    Missing {
        /// The place of the first.
        place: u32,
        /// How many.
        records: u32,
    },
    /// A whole frame stands behind one that comes later; it was put in its place.
    OutOfOrder {
        /// Where.
        offset: usize,
        /// Where it belongs.
        place: u32,
    },
    /// A frame is there twice; the first was taken.
    Doubled {
        /// Where the second is.
        offset: usize,
        /// The place of both.
        place: u32,
    },
    /// A whole frame that this version does not understand: of a later turno.
    NotUnderstood {
        /// Where.
        offset: usize,
        /// Its place.
        place: u32,
    },
    /// Something stands behind the mark that closed the file.
    AfterLast {
        /// Where.
        offset: usize,
        /// How many bytes.
        bytes: usize,
    },
}

impl Fault {
    /// Whether it is what a power cut leaves: the end of what was being written. Everything before it is whole.
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
            Self::Header => f.write_str("the header is damaged; its records were read all the same"),
            Self::OtherNumber { says } => {
                write!(f, "the header says that this is number {says}: was the file renamed?")
            }
            Self::Damaged { offset, bytes } => {
                write!(f, "{bytes} bytes at {offset} are damaged; what stands behind them was found again")
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
                write!(f, "record {place} stands at the wrong place, at {offset}; it was put in its place")
            }
            Self::Doubled { offset, place } => {
                write!(f, "record {place} is there twice, again at {offset}; the first was taken")
            }
            Self::NotUnderstood { offset, place } => {
                write!(f, "record {place} at {offset} is of a kind that this turno does not know")
            }
            Self::AfterLast { offset, bytes } => {
                write!(f, "{bytes} bytes stand behind the end, at {offset}")
            }
        }
    }
}
