//! Puts pieces of voices at their time, a side each.
//!
//! A piece has the moment at which it came and its speaker's timestamp. Moments tremble with the network, timestamps
//! do not, so a speaker's first piece is put where it came, and each further one where its timestamp says. If the two
//! drift apart by more than `DRIFT_MAX`, the speaker is put anew.

use std::collections::VecDeque;

use crate::frame::{Frame, Rate, Side, SideFrame};

/// Positions are counted in steps of 1/8000 s from the beginning of the talk.
pub const STEPS_PER_SECOND: u64 = 8_000;

const STEPS_PER_FRAME: u64 = STEPS_PER_SECOND / 50;

/// How long a frame waits for late pieces, in steps: 200 ms.
pub const WAIT: u64 = STEPS_PER_SECOND / 5;

/// How far a speaker's timestamps may depart from the clock, in steps: 120 ms.
const DRIFT_MAX: u64 = STEPS_PER_SECOND * 12 / 100;

/// How far ahead of the next frame a piece may be, in steps: two seconds.
const AHEAD_MAX: u64 = STEPS_PER_SECOND * 2;

/// Most speakers of one side: the agent, another one who barges in, announcers.
const SPEAKERS_MAX: usize = 8;

/// A piece of one voice.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    /// The speaker's side.
    pub side: Side,
    /// The speaker.
    pub speaker: u64,
    /// When it came, in steps from the beginning.
    pub at: u64,
    /// The speaker's timestamp of its first sample, in steps.
    pub timestamp: u32,
    /// Its rate.
    pub rate: Rate,
    /// Its samples.
    pub samples: &'a [i16],
}

/// The sound that has come and is not written yet.
#[derive(Debug)]
pub struct Timeline {
    next: u64,
    tracks: [Track; 2],
    late: u64,
}

#[derive(Debug)]
struct Track {
    rate: Rate,
    /// Samples from the beginning of frame `next`.
    samples: VecDeque<i16>,
    /// Whether anything but silence is among them.
    speakers: Vec<Speaker>,
}

#[derive(Clone, Copy, Debug)]
struct Speaker {
    name: u64,
    /// The position of timestamp 0, modulo 2^32.
    origin: u32,
    /// Where its last piece ended.
    end: u64,
}

impl Timeline {
    /// A timeline whose next frame is `first`.
    pub fn new(first: u64) -> Self {
        let track = || Track { rate: Rate::Narrow, samples: VecDeque::new(), speakers: Vec::new() };
        Self { next: first, tracks: [track(), track()], late: 0 }
    }

    /// The number of the next frame.
    pub const fn next(&self) -> u64 {
        self.next
    }

    /// Pieces that came after their frame was written.
    pub const fn late(&self) -> u64 {
        self.late
    }

    /// Puts a piece at its time. What overlaps a piece of the same speaker, or frames already written, is left out.
    pub fn put(&mut self, piece: Piece<'_>) {
        let first = self.next * STEPS_PER_FRAME;
        let track = &mut self.tracks[piece.side.index()];
        let Some(position) = track.position(&piece) else { return };
        let length = (piece.samples.len() / (piece.rate.per_frame() / 160)) as u64;
        if position + length <= first {
            self.late += 1;
            return;
        }
        if position >= first + AHEAD_MAX {
            return;
        }
        track.widen(piece.rate);
        track.mix(position, first, &piece);
    }

    /// The frames that wait no longer at this position, in order.
    pub fn frames_until(&mut self, now: u64) -> impl Iterator<Item = Frame> {
        let until = now.saturating_sub(WAIT) / STEPS_PER_FRAME;
        core::iter::from_fn(move || (self.next < until).then(|| self.frame()))
    }

    /// All frames up to this position, at the end of a talk.
    pub fn rest(&mut self, now: u64) -> impl Iterator<Item = Frame> {
        let until = now / STEPS_PER_FRAME;
        core::iter::from_fn(move || (self.next < until).then(|| self.frame()))
    }

    fn frame(&mut self) -> Frame {
        let number = self.next;
        self.next += 1;
        Frame { number, sides: [self.tracks[0].take(), self.tracks[1].take()] }
    }
}

impl Track {
    /// The position of a piece; `None` if there are too many speakers.
    fn position(&mut self, piece: &Piece<'_>) -> Option<u64> {
        let anew = (piece.at as u32).wrapping_sub(piece.timestamp);
        let Some(speaker) = self.speakers.iter_mut().find(|it| it.name == piece.speaker) else {
            if self.speakers.len() == SPEAKERS_MAX {
                self.speakers.remove(0);
            }
            self.speakers.push(Speaker { name: piece.speaker, origin: anew, end: 0 });
            return Some(piece.at);
        };
        let low = speaker.origin.wrapping_add(piece.timestamp);
        let offset = i64::from(low.wrapping_sub(piece.at as u32).cast_signed());
        let position = piece.at.saturating_add_signed(offset);
        if position.abs_diff(piece.at) > DRIFT_MAX {
            speaker.origin = anew;
            return Some(piece.at);
        }
        Some(position)
    }

    /// Goes over to the wider rate when a wide piece comes.
    fn widen(&mut self, rate: Rate) {
        if rate > self.rate {
            self.rate = rate;
            self.samples = self.samples.iter().flat_map(|sample| [*sample, *sample]).collect();
        }
    }

    fn mix(&mut self, position: u64, first: u64, piece: &Piece<'_>) {
        let per_step = (self.rate.per_frame() / 160) as u64;
        let doubles = self.rate > piece.rate;
        let Some(speaker) = self.speakers.iter_mut().find(|it| it.name == piece.speaker) else { return };
        let from = position.max(speaker.end).max(first);
        let piece_steps = (piece.rate.per_frame() / 160) as u64;
        let skipped = usize::try_from((from - position) * piece_steps).unwrap_or(usize::MAX);
        let Some(samples) = piece.samples.get(skipped..) else { return };
        speaker.end = position + piece.samples.len() as u64 / piece_steps;
        let mut at = usize::try_from((from - first) * per_step).unwrap_or(usize::MAX);
        let count = samples.len() * if doubles { 2 } else { 1 };
        if self.samples.len() < at + count {
            self.samples.resize(at + count, 0);
        }
        for sample in samples {
            for _ in 0..if doubles { 2 } else { 1 } {
                self.samples[at] = self.samples[at].saturating_add(*sample);
                at += 1;
            }
        }
    }

    fn take(&mut self) -> SideFrame {
        let length = self.rate.per_frame();
        let mut samples: Vec<i16> = self.samples.drain(..length.min(self.samples.len())).collect();
        if samples.iter().all(|sample| *sample == 0) {
            samples.clear();
        } else {
            samples.resize(length, 0);
        }
        SideFrame { rate: self.rate, samples }
    }
}

#[cfg(test)]
#[path = "timeline_tests.rs"]
mod tests;
