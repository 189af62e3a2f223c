//! Encodes steps as frames, in a buffer that the owner of the file writes out.

use core::fmt;
use std::sync::Arc;

use serde::Serialize;
use turno_ground::Moment;
use turno_model::{Fact, PlanIndex, Position, RowKey, Step};

use crate::form::{BODY_BYTES_MAX, Content, HEAD_BYTES, Head, Header, Kind};
use crate::item::{FactForm, Item, Items, put_fact, put_gone, put_kept, put_raw_fact};
use crate::seal::Sealer;

/// A step that was not written, since its body would be longer than [`BODY_BYTES_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// The length of the body.
    pub bytes: usize,
}

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a step of {} bytes; the journal takes {BODY_BYTES_MAX}", self.bytes)
    }
}

impl core::error::Error for TooLong {}

/// Writes frames, one file after the other, into one buffer that grows to the longest batch and no further.
#[derive(Debug)]
pub struct Writer {
    buffer: Vec<u8>,
    /// The file's number.
    number: u64,
    /// How many frames come before the file.
    first: u64,
    /// How many frames there are, from the journal's beginning.
    position: u64,
    /// The last fact before the file.
    facts_first: Position,
    /// The last fact until now.
    facts: Position,
    /// Seals rows with secrets.
    sealer: Option<Arc<Sealer>>,
}

impl Writer {
    /// A writer for a journal with `position` frames. Call [`Writer::begin`] before the first step.
    pub const fn new(position: u64) -> Self {
        let facts = Position::begin(Moment::from_micros(0));
        Self {
            buffer: Vec::new(),
            number: 0,
            first: position,
            position,
            facts_first: facts,
            facts,
            sealer: None,
        }
    }

    /// Seals rows with secrets from now on, unless they are sealed already.
    pub fn seal_with(&mut self, sealer: Arc<Sealer>) {
        self.sealer = Some(sealer);
    }

    /// Continues the facts after this position: at the beginning of a run, and after lost facts.
    pub const fn facts_go_on(&mut self, behind: Position) {
        self.facts = behind;
    }

    /// Begins a file. The buffer's content belongs to the previous file and must be taken out first.
    pub fn begin(&mut self, content: Content, number: u64, now: Moment) {
        assert!(self.buffer.is_empty(), "the buffer still has bytes of the previous file");
        self.number = number;
        self.first = self.position;
        self.facts_first = self.facts;
        let header = Header { content, number, first: self.first, created: now, facts: self.facts };
        header.write(&mut self.buffer);
    }

    /// Writes a step.
    ///
    /// # Errors
    /// [`TooLong`] if its body is.
    pub fn step(&mut self, step: &Step) -> Result<(), TooLong> {
        let sealer = self.sealer.clone();
        self.frame(Kind::Step, step.at, |body| {
            step.facts.iter().for_each(|fact| put_fact(body, fact));
            step.kept.iter().for_each(|kept| put_kept(body, kept.name, &kept.form, sealer.as_deref()));
            step.gone.iter().for_each(|name| put_gone(body, *name));
            step.facts.len()
        })
    }

    /// Writes a step with facts only.
    ///
    /// # Errors
    /// [`TooLong`] if its body is.
    pub fn facts<'a>(&mut self, at: Moment, facts: impl Iterator<Item = &'a Fact>) -> Result<(), TooLong> {
        self.frame(Kind::Step, at, |body| facts.map(|fact| put_fact(body, fact)).count())
    }

    /// Writes facts as they were read, without decoding them.
    ///
    /// # Errors
    /// [`TooLong`] if the body is.
    pub fn raw_facts<'a>(
        &mut self,
        at: Moment,
        facts: impl Iterator<Item = FactForm<'a>>,
    ) -> Result<(), TooLong> {
        self.frame(Kind::Step, at, |body| facts.map(|fact| put_raw_fact(body, fact)).count())
    }

    /// Writes one row.
    ///
    /// # Errors
    /// [`TooLong`] if its body is.
    pub fn kept(&mut self, at: Moment, name: RowKey, form: &[u8]) -> Result<(), TooLong> {
        let sealer = self.sealer.clone();
        self.frame(Kind::Step, at, |body| {
            put_kept(body, name, form, sealer.as_deref());
            0
        })
    }

    /// Writes a frame with a finished body.
    ///
    /// # Errors
    /// [`TooLong`] if the body is.
    pub fn raw(&mut self, kind: Kind, at: Moment, body: &[u8]) -> Result<(), TooLong> {
        self.frame(kind, at, |to| {
            to.extend_from_slice(body);
            let items = if kind == Kind::Step { Items::of(body) } else { None };
            items.map_or(0, |items| items.filter(|item| matches!(item, Item::Fact(_))).count())
        })
    }

    /// Writes the plan index, whose names apply to the records after it.
    ///
    /// # Errors
    /// [`TooLong`] if its body is.
    pub fn places(&mut self, at: Moment, places: &PlanIndex) -> Result<(), TooLong> {
        self.frame(Kind::PlanIndex, at, |body| {
            let written = places.serialize(&mut rmp_serde::Serializer::new(body));
            written.expect("a buffer in memory takes every byte");
            0
        })
    }

    /// Writes the frame that closes the file.
    pub fn last(&mut self, at: Moment) {
        self.raw(Kind::Last, at, &[]).expect("nothing is not too long");
    }

    /// The bytes to write out.
    pub fn bytes(&self) -> &[u8] {
        &self.buffer
    }

    /// Forgets the written bytes, and keeps the buffer's memory.
    pub fn clear(&mut self) {
        self.buffer.clear();
    }

    /// Frees memory of the buffer beyond `bytes`.
    pub fn shrink_to(&mut self, bytes: usize) {
        self.buffer.shrink_to(bytes);
    }

    /// Bytes in the buffer.
    pub const fn len(&self) -> usize {
        self.buffer.len()
    }

    /// Whether there is nothing to write out.
    pub const fn is_empty(&self) -> bool {
        self.buffer.is_empty()
    }

    /// Counts a step that could not be written, so that readers notice that it is missing.
    pub const fn skip(&mut self, step: &Step) {
        self.position += 1;
        self.facts = self.facts.plus(step.facts.len() as u64);
    }

    /// How many frames come before the present file.
    pub const fn begun_at(&self) -> u64 {
        self.first
    }

    /// How many frames there are, from the journal's beginning.
    pub const fn position(&self) -> u64 {
        self.position
    }

    /// The last fact before the present file.
    pub const fn facts_begin(&self) -> Position {
        self.facts_first
    }

    /// The last fact until now, written or not.
    pub const fn last_fact(&self) -> Position {
        self.facts
    }

    fn frame(
        &mut self,
        kind: Kind,
        at: Moment,
        body: impl FnOnce(&mut Vec<u8>) -> usize,
    ) -> Result<(), TooLong> {
        let begin = self.buffer.len();
        self.buffer.extend_from_slice(&[0; HEAD_BYTES]);
        let count = body(&mut self.buffer);
        let length = self.buffer.len() - begin - HEAD_BYTES;
        if length > BODY_BYTES_MAX {
            self.buffer.truncate(begin);
            return Err(TooLong { bytes: length });
        }
        let place = u32::try_from(self.position - self.first).expect("a file has less than 2^32 frames");
        let (head, body) = self.buffer[begin..].split_first_chunk_mut().expect("room was left for the head");
        let body_check = crc32c::crc32c(body);
        let facts = self.facts.number.saturating_sub(self.facts_first.number);
        let facts = u32::try_from(facts).unwrap_or(u32::MAX);
        Head { code: kind.code(), length, place, facts, at, body_check }.write(self.number, head);
        self.position += 1;
        self.facts = self.facts.plus(count as u64);
        Ok(())
    }
}
