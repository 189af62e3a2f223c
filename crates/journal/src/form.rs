//! The form of a journal's files, byte by byte: a header, then frames. All numbers are little-endian.
//!
//! | header | bytes | |
//! | --- | --- | --- |
//! | magic | 8 | `turnojnl` |
//! | form | 2 | [`FORM`] |
//! | content | 1 | segment, checkpoint or facts |
//! | unused | 1 | zero |
//! | number | 8 | of the segment, from 1; of a checkpoint: of the segment after it |
//! | first | 8 | how many frames come before this file, counted from the journal's beginning |
//! | created | 8 | microseconds since the Unix epoch |
//! | run | 8 | when the turno that wrote it started, in microseconds since the Unix epoch |
//! | facts | 8 | how many facts of that run come before this file, lost ones included |
//! | check | 4 | CRC-32C of the bytes before |
//!
//! | head of a frame | bytes | |
//! | --- | --- | --- |
//! | head check | 4 | CRC-32C of the file's number (8 bytes) and the rest of the head |
//! | kind | 1 | the kind of the body |
//! | unused | 3 | zero |
//! | length | 4 | of the body, in bytes |
//! | place | 4 | the frame's index in its file, from 0 |
//! | facts | 4 | how many facts come before the frame in its file, lost ones included |
//! | moment | 8 | microseconds since the Unix epoch |
//! | body check | 4 | CRC-32C of the body |
//!
//! | item of a step | bytes | |
//! | --- | --- | --- |
//! | what | 1 | a fact, a row, or the key of a deleted row |
//! | length | 4 | of the rest, in bytes |
//! | fact | | MessagePack, structures as arrays |
//! | row | 1 + 8 + | table, key, the form as its owner writes it, or that form sealed (`seal`) |
//! | row key | 1 + 8 | table, key |
//!
//! The head's check includes the file's number, so that remains of an older file in the same place of a disk are not
//! taken for part of this one. A file may end in zeros: space that was reserved and not written yet.

use turno_ground::Moment;
use turno_model::Position;

/// The first bytes of each file.
const MAGIC: [u8; 8] = *b"turnojnl";

/// The version of the form.
pub const FORM: u16 = 4;

/// Bytes of a file's header.
pub const HEADER_BYTES: usize = 56;

/// Bytes of the header of forms 1 to 3.
const EARLIER_HEADER_BYTES: usize = 40;

/// Bytes of a frame's head.
pub const HEAD_BYTES: usize = 32;

/// Most bytes of one frame's body.
pub const BODY_BYTES_MAX: usize = 256 << 20;

/// The content of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Content {
    /// Everything, as it was written.
    Segment,
    /// The state between two segments.
    Checkpoint,
    /// The facts of a deleted segment.
    Facts,
}

/// The kind of a frame's body. Journals contain the codes: new kinds go last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A step of the engine: facts, rows, keys of deleted rows.
    Step,
    /// The plan index, as MessagePack.
    PlanIndex,
    /// The ledger, in its own form.
    Books,
    /// Empty: the file was closed here.
    Last,
}

/// The header of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The content of the file.
    pub content: Content,
    /// The number of the segment; for a checkpoint, that of the segment after it.
    pub number: u64,
    /// How many frames come before this file.
    pub first: u64,
    /// When the file was begun.
    pub created: Moment,
    /// The position before its first fact.
    pub facts: Position,
}

/// The result of reading a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeaderSeen {
    Whole(Header),
    /// A damaged header of a journal.
    Damaged,
    /// A header of another version.
    OtherForm(u16),
    /// Not a journal's header.
    Foreign,
}

/// The head of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// The code of the kind.
    pub(crate) code: u8,
    pub(crate) length: usize,
    pub(crate) place: u32,
    /// How many facts come before it in the file.
    pub(crate) facts: u32,
    pub(crate) at: Moment,
    pub(crate) body_check: u32,
}

impl Content {
    const fn code(self) -> u8 {
        match self {
            Self::Segment => 1,
            Self::Checkpoint => 2,
            Self::Facts => 3,
        }
    }

    fn of_code(code: u8) -> Option<Self> {
        [Self::Segment, Self::Checkpoint, Self::Facts].into_iter().find(|content| content.code() == code)
    }
}

impl Kind {
    /// Every kind, in the order of the codes.
    pub const ALL: [Self; 4] = [Self::Step, Self::PlanIndex, Self::Books, Self::Last];

    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Step => 1,
            Self::PlanIndex => 2,
            Self::Books => 3,
            Self::Last => 4,
        }
    }

    pub(crate) fn of_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

impl Header {
    pub(crate) fn write(&self, to: &mut Vec<u8>) {
        let begin = to.len();
        to.extend(MAGIC);
        to.extend(FORM.to_le_bytes());
        to.extend([self.content.code(), 0]);
        to.extend(self.number.to_le_bytes());
        to.extend(self.first.to_le_bytes());
        to.extend(self.created.as_micros().to_le_bytes());
        to.extend(self.facts.run.as_micros().to_le_bytes());
        to.extend(self.facts.number.to_le_bytes());
        let check = crc32c::crc32c(&to[begin..]);
        to.extend(check.to_le_bytes());
    }

    pub(crate) fn read(bytes: &[u8]) -> HeaderSeen {
        let Some(header) = bytes.first_chunk::<HEADER_BYTES>() else {
            // A file that was only just begun.
            let is_begun = MAGIC.starts_with(&bytes[..bytes.len().min(MAGIC.len())]);
            return if is_begun { HeaderSeen::Damaged } else { HeaderSeen::Foreign };
        };
        let check = crc32c::crc32c(&header[..HEADER_BYTES - 4]);
        let form = u16::from_le_bytes([header[8], header[9]]);
        let is_earlier = form < FORM
            && crc32c::crc32c(&header[..EARLIER_HEADER_BYTES - 4])
                == u32_at(header, EARLIER_HEADER_BYTES - 4);
        let is_whole = is_earlier || check == u32_at(header, HEADER_BYTES - 4);
        match (is_whole, header[..8] == MAGIC, Content::of_code(header[10])) {
            (true, true, _) if form != FORM => HeaderSeen::OtherForm(form),
            (true, true, Some(content)) => HeaderSeen::Whole(Self {
                content,
                number: u64_at(header, 12),
                first: u64_at(header, 20),
                created: Moment::from_micros(u64_at(header, 28)),
                facts: Position { run: Moment::from_micros(u64_at(header, 36)), number: u64_at(header, 44) },
            }),
            (true, false, _) => HeaderSeen::Foreign,
            // A flipped bit leaves most of the magic intact.
            (false, _, _) if alike(&header[..8], &MAGIC) < 6 => HeaderSeen::Foreign,
            (false, _, _) | (true, true, None) => HeaderSeen::Damaged,
        }
    }
}

impl Head {
    /// Writes the head into the space that was left for it.
    pub(crate) fn write(&self, number: u64, to: &mut [u8; HEAD_BYTES]) {
        let length = u32::try_from(self.length).expect("a body is shorter than 256 MiB");
        to[4..8].copy_from_slice(&[self.code, 0, 0, 0]);
        to[8..12].copy_from_slice(&length.to_le_bytes());
        to[12..16].copy_from_slice(&self.place.to_le_bytes());
        to[16..20].copy_from_slice(&self.facts.to_le_bytes());
        to[20..28].copy_from_slice(&self.at.as_micros().to_le_bytes());
        to[28..32].copy_from_slice(&self.body_check.to_le_bytes());
        let check = head_check(number, to);
        to[..4].copy_from_slice(&check.to_le_bytes());
    }

    /// The head at the beginning of `bytes`, if its check is right.
    pub(crate) fn read(bytes: &[u8], number: u64) -> Option<Self> {
        let head = bytes.first_chunk::<HEAD_BYTES>()?;
        // No kind has the code 0, so zeros are never a head.
        if head[4] == 0 || u32_at(head, 0) != head_check(number, head) {
            return None;
        }
        Some(Self {
            code: head[4],
            length: usize::try_from(u32_at(head, 8)).ok()?,
            place: u32_at(head, 12),
            facts: u32_at(head, 16),
            at: Moment::from_micros(u64_at(head, 20)),
            body_check: u32_at(head, 28),
        })
    }
}

fn head_check(number: u64, head: &[u8; HEAD_BYTES]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(&number.to_le_bytes()), &head[4..])
}

fn alike(one: &[u8], other: &[u8]) -> usize {
    one.iter().zip(other).filter(|(one, other)| one == other).count()
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let four = bytes[at..].first_chunk::<4>().expect("a header has its full length");
    u32::from_le_bytes(*four)
}

pub(crate) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let eight = bytes[at..].first_chunk::<8>().expect("a header has its full length");
    u64::from_le_bytes(*eight)
}
