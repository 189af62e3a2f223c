//! A bounded queue from the media thread to the recorder: what recorders hear.

use core::time::Duration;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use turno_ground::Moment;
use turno_media_plan::StreamId;

/// Most samples of one piece: 20 ms at 16 kHz.
pub(crate) const PIECE_SAMPLES_MAX: usize = 320;

/// A piece of one voice, at most 20 ms long, as a recorder hears it.
#[derive(Clone, Debug)]
pub struct Taped {
    /// The recorder that hears it.
    pub recorder: StreamId,
    /// The speaker: a talking member or an announcer.
    pub speaker: StreamId,
    /// When it was received.
    pub at: Moment,
    /// The speaker's RTP timestamp of the first sample, in 8 kHz units: a gap between two pieces was lost or never
    /// said.
    pub timestamp: u32,
    /// Samples a second.
    pub rate: u32,
    samples: [i16; PIECE_SAMPLES_MAX],
    length: usize,
}

impl Taped {
    /// A piece; samples beyond 20 ms are cut off.
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

/// The media thread's end: it never blocks.
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

/// A queue for `pieces_max` pieces, allocated at once. A talk has a hundred pieces a second.
pub fn tape(pieces_max: usize) -> (Tape, TapeReader) {
    let (sender, queue) = sync_channel(pieces_max);
    let dropped = Arc::new(AtomicU64::new(0));
    (Tape { queue: sender, dropped: Arc::clone(&dropped) }, TapeReader { queue, dropped })
}

impl Tape {
    /// Puts a piece at the end of the queue; if it is full, the piece is dropped and counted.
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

    /// Waits up to `span` for the next piece.
    pub fn wait(&self, span: Duration) -> Option<Taped> {
        self.queue.recv_timeout(span).ok()
    }

    /// Pieces dropped since the start because the queue was full.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }
}
