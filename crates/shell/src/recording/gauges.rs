//! Figures of the recorder's thread, read by the metrics.

use std::sync::atomic::{AtomicU64, Ordering};

/// Figures since the start, except `open`.
#[derive(Debug, Default)]
pub(crate) struct RecorderGauges {
    /// Recordings that are being written now.
    pub(crate) open: AtomicU64,
    /// Pieces of voices that found the tape full.
    pub(crate) dropped: AtomicU64,
    /// Pieces that came after their time.
    pub(crate) late: AtomicU64,
    /// Bytes written.
    pub(crate) bytes: AtomicU64,
    /// The longest write, in microseconds.
    pub(crate) slowest: AtomicU64,
}

impl RecorderGauges {
    pub(crate) fn wrote(&self, bytes: u64, micros: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.slowest.fetch_max(micros, Ordering::Relaxed);
    }
}
