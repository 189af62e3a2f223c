//! Reads a journal's file, even a damaged one: whole records in order, and a report of all faults.

use turno_ground::Moment;
use turno_model::Position;

use crate::fault::Fault;
use crate::form::{HEAD_BYTES, HEADER_BYTES, Head, Header, HeaderSeen, Kind};
use crate::item::{FactForm, Item, Items};

/// The content of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry<'a> {
    /// A step of the engine.
    Step(Items<'a>),
    /// The plan index.
    PlanIndex(&'a [u8]),
    /// The ledger.
    Books(&'a [u8]),
    /// The file was closed here.
    Last,
}

/// A whole frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Its index in the file, from 0.
    pub place: u32,
    /// How many facts come before it in the file, lost ones included.
    pub facts_before: u32,
    /// Its offset from the file's beginning, in bytes.
    pub offset: usize,
    /// Its length with the head, in bytes.
    pub length: usize,
    /// The moment of the step.
    pub at: Moment,
    /// Its content.
    pub entry: Entry<'a>,
}

/// The result of reading a file.
#[derive(Clone, Debug, Default)]
pub struct Reading<'a> {
    /// The header; `None` if it is damaged.
    pub header: Option<Header>,
    /// The whole frames, in order.
    pub frames: Vec<Frame<'a>>,
    /// How many frames the file had, lost ones included, as far as is known.
    pub places: u32,
    /// Whether the file was closed.
    pub is_closed: bool,
    /// Where the written part ends, in bytes.
    pub end: usize,
    /// All faults.
    pub faults: Vec<Fault>,
}

/// Reads the file with this number. It never fails: faults are in [`Reading::faults`].
pub fn read(bytes: &[u8], number: u64) -> Reading<'_> {
    let mut reading = Reading { end: bytes.len(), ..Reading::default() };
    match Header::read(bytes) {
        HeaderSeen::Whole(header) => {
            if header.number != number {
                reading.faults.push(Fault::OtherNumber { says: header.number });
            }
            reading.header = Some(header);
        }
        HeaderSeen::Damaged if is_zero(bytes) => return Reading { end: 0, ..reading },
        HeaderSeen::Damaged => reading.faults.push(Fault::Header),
        HeaderSeen::OtherForm(form) => {
            reading.faults.push(Fault::OtherForm { form });
            return reading;
        }
        HeaderSeen::Foreign if is_zero(bytes) => return Reading { end: 0, ..reading },
        HeaderSeen::Foreign => {
            reading.faults.push(Fault::Foreign);
            return reading;
        }
    }
    let number = reading.header.map_or(number, |header| header.number);
    let next = scan(bytes, number, &mut reading);
    put_in_order(&mut reading, next);
    reading
}

/// The whole frames at the beginning of `bytes`, which is a file from its header on, or a part of one from a frame on.
pub fn frames(bytes: &[u8], number: u64) -> impl Iterator<Item = Frame<'_>> {
    let mut at = if matches!(Header::read(bytes), HeaderSeen::Whole(_)) { HEADER_BYTES } else { 0 };
    core::iter::from_fn(move || {
        let Seen::Frame(head, body) = look(bytes, at, number) else { return None };
        let length = HEAD_BYTES + body.len();
        let frame = frame_at(head, at, length, entry(head.code, body)?);
        at += length;
        Some(frame)
    })
}

impl Reading<'_> {
    /// How many frames the journal has up to the end of this file, to compare with the next file's header.
    pub fn position(&self) -> Option<u64> {
        self.header.map(|header| header.first.saturating_add(u64::from(self.places)))
    }
}

impl<'a> Reading<'a> {
    /// Its facts with their positions and moments. If the header with the first position is damaged, they continue
    /// after `before`.
    pub fn facts(&self, before: Position) -> impl Iterator<Item = (Position, Moment, FactForm<'a>)> {
        let begin = self.header.map_or(before, |header| header.facts);
        self.frames.iter().flat_map(move |frame| frame.facts(begin))
    }
}

impl<'a> Frame<'a> {
    /// Its facts with their positions and moments, in a file whose facts come after `begin`.
    pub fn facts(&self, begin: Position) -> impl Iterator<Item = (Position, Moment, FactForm<'a>)> + use<'a> {
        let (at, mut position) = (self.at, begin.plus(self.facts_before.into()));
        let items = if let Entry::Step(items) = self.entry { Some(items) } else { None };
        let facts = items.into_iter().flatten().filter_map(|item| match item {
            Item::Fact(fact) => Some(fact),
            Item::Row { .. } | Item::Gone(_) => None,
        });
        facts.map(move |fact| {
            position = position.plus(1);
            (position, at, fact)
        })
    }
}

impl Entry<'_> {
    /// The kind of its body.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Step(_) => Kind::Step,
            Self::PlanIndex(_) => Kind::PlanIndex,
            Self::Books(_) => Kind::Books,
            Self::Last => Kind::Last,
        }
    }
}

/// What was found at an offset.
enum Seen<'a> {
    Frame(Head, &'a [u8]),
    /// The head is intact, the body is not.
    BodyDamaged(Head),
    /// The head is intact, but the file ends before the end of the body.
    CutOff,
    /// Only zeros from here on, or the end of the file.
    End,
    Nothing,
}

/// Takes every whole frame. Returns the place after the last head that was found.
fn scan<'a>(bytes: &'a [u8], number: u64, reading: &mut Reading<'a>) -> u32 {
    let mut at = HEADER_BYTES.min(bytes.len());
    let mut next = 0;
    loop {
        match look(bytes, at, number) {
            Seen::Frame(head, body) => {
                take(reading, at, head, body, next);
                next = next.max(head.place.saturating_add(1));
                at += HEAD_BYTES + body.len();
                if reading.is_closed {
                    break;
                }
            }
            Seen::BodyDamaged(head) => {
                let bytes = HEAD_BYTES + head.length;
                reading.faults.push(Fault::Damaged { offset: at, bytes });
                next = next.max(head.place.saturating_add(1));
                at += bytes;
            }
            Seen::End => break,
            Seen::CutOff => {
                reading.faults.push(Fault::TornTail { offset: at, bytes: bytes.len() - at });
                break;
            }
            Seen::Nothing => {
                match (at + 1..bytes.len()).find(|at| Head::read(&bytes[*at..], number).is_some()) {
                    Some(found) => {
                        reading.faults.push(Fault::Damaged { offset: at, bytes: found - at });
                        at = found;
                    }
                    None => {
                        let written = bytes.len() - bytes.iter().rev().take_while(|byte| **byte == 0).count();
                        reading.faults.push(Fault::TornTail { offset: at, bytes: written.max(at + 1) - at });
                        break;
                    }
                }
            }
        }
    }
    reading.end = at;
    if reading.is_closed && !is_zero(&bytes[at..]) {
        reading.faults.push(Fault::AfterLast { offset: at, bytes: bytes.len() - at });
    }
    next
}

fn look(bytes: &[u8], at: usize, number: u64) -> Seen<'_> {
    let rest = bytes.get(at..).unwrap_or_default();
    let Some(head) = Head::read(rest, number) else {
        return if is_zero(rest) { Seen::End } else { Seen::Nothing };
    };
    match rest.get(HEAD_BYTES..HEAD_BYTES + head.length) {
        Some(body) if crc32c::crc32c(body) == head.body_check => Seen::Frame(head, body),
        Some(_) => Seen::BodyDamaged(head),
        None => Seen::CutOff,
    }
}

fn take<'a>(reading: &mut Reading<'a>, offset: usize, head: Head, body: &'a [u8], next: u32) {
    let place = head.place;
    if place < next {
        reading.faults.push(Fault::OutOfOrder { offset, place });
    }
    match entry(head.code, body) {
        Some(entry) => {
            reading.is_closed |= entry == Entry::Last;
            reading.frames.push(frame_at(head, offset, HEAD_BYTES + body.len(), entry));
        }
        None => reading.faults.push(Fault::NotUnderstood { offset, place }),
    }
}

fn frame_at(head: Head, offset: usize, length: usize, entry: Entry<'_>) -> Frame<'_> {
    Frame { place: head.place, facts_before: head.facts, offset, length, at: head.at, entry }
}

fn entry(code: u8, body: &[u8]) -> Option<Entry<'_>> {
    Some(match Kind::of_code(code)? {
        Kind::Step => Entry::Step(Items::of(body)?),
        Kind::PlanIndex => Entry::PlanIndex(body),
        Kind::Books => Entry::Books(body),
        Kind::Last => Entry::Last,
    })
}

/// Sorts frames by place if one was out of order, drops duplicates, and reports what is missing.
fn put_in_order(reading: &mut Reading<'_>, next: u32) {
    reading.places = next;
    let is_out_of_order = reading.faults.iter().any(|fault| matches!(fault, Fault::OutOfOrder { .. }));
    if is_out_of_order {
        reading.frames.sort_by_key(|frame| frame.place);
        let mut doubled = Vec::new();
        reading.frames.dedup_by(|second, first| {
            let same = second.place == first.place;
            if same {
                doubled.push((second.offset, second.place));
            }
            same
        });
        for (offset, place) in doubled {
            reading.faults.retain(|fault| *fault != Fault::OutOfOrder { offset, place });
            reading.faults.push(Fault::Doubled { offset, place });
        }
    }
    let not_understood: Vec<u32> = reading
        .faults
        .iter()
        .filter_map(|fault| if let Fault::NotUnderstood { place, .. } = fault { Some(*place) } else { None })
        .collect();
    let mut seen: Vec<u32> = reading.frames.iter().map(|frame| frame.place).chain(not_understood).collect();
    seen.sort_unstable();
    let mut expected = 0;
    for place in seen.into_iter().chain([next]) {
        if place > expected {
            reading.faults.push(Fault::Missing { place: expected, records: place - expected });
        }
        expected = expected.max(place.saturating_add(1));
    }
}

fn is_zero(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte == 0)
}
