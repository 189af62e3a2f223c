//! What recorders hear, on its way to those who keep it: a bounded queue beside the media thread.

use core::time::Duration;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use turno_ground::Moment;
use turno_media_plan::StreamId;

/// Most samples of one piece: 20 ms at 16 kHz.
pub(crate) const PIECE_SAMPLES_MAX: usize = 320;

/// A piece of one voice, of at most 20 ms, as a recorder hears it.
#[derive(Clone, Debug)]
pub struct Taped {
    /// Which recorder hears it.
    pub recorder: StreamId,
    /// Who says it: a talking member or an announcer.
    pub speaker: StreamId,
    /// When it came.
    pub at: Moment,
    /// The speaker's RTP timestamp of its first sample, in units of 8 kHz: what lies between two pieces was lost, or
    /// never said.
    pub timestamp: u32,
    /// Samples a second.
    pub rate: u32,
    samples: [i16; PIECE_SAMPLES_MAX],
    length: usize,
}

impl Taped {
    /// A piece; what is longer than 20 ms is left out.
    pub(crate) fn new(
        (recorder, speaker): (StreamId, StreamId),
        (at, timestamp): (Moment, u32),
        rate: u32,
        said: &[i16],
    ) -> Self {
        let length = said.len().min(PIECE_SAMPLES_MAX);
        let mut samples = [0; PIECE_SAMPLES_MAX];
        samples[..length].copy_from_slice(&said[..length]);
        Self { recorder, speaker, at, timestamp, rate, samples, length }
    }

    /// The samples.
    pub fn samples(&self) -> &[i16] {
        &self.samples[..self.length]
    }
}

/// The media thread's end: it never waits.
#[derive(Debug)]
pub struct Tape {
    queue: SyncSender<Taped>,
    dropped: Arc<AtomicU64>,
}

/// The reading end, for the thread that writes recordings.
#[derive(Debug)]
pub struct TapeReader {
    queue: Receiver<Taped>,
    dropped: Arc<AtomicU64>,
}

/// A queue for so many pieces, whose room is taken at once: a second of a talk is a hundred.
pub fn tape(pieces_max: usize) -> (Tape, TapeReader) {
    let (sender, queue) = sync_channel(pieces_max);
    let dropped = Arc::new(AtomicU64::new(0));
    (Tape { queue: sender, dropped: Arc::clone(&dropped) }, TapeReader { queue, dropped })
}

impl Tape {
    /// Puts a piece at the end of the queue; one that finds no room is dropped and counted.
    pub(crate) fn put(&self, piece: Taped) {
        if self.queue.try_send(piece).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl TapeReader {
    /// The next piece, if there is one.
    pub fn next(&self) -> Option<Taped> {
        self.queue.try_recv().ok()
    }

    /// Waits so long for the next piece.
    pub fn wait(&self, span: Duration) -> Option<Taped> {
        self.queue.recv_timeout(span).ok()
    }

    /// Pieces that found no room, since the start.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }
}
