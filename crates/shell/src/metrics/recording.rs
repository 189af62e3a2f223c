//! Metrics of recordings: from facts, and from the recorder's figures.

use std::sync::atomic::Ordering;

use prometheus::{Counter, IntCounter, IntCounterVec, IntGauge, Registry};
use turno_model::{RecordedWhy, RecordingChange, RecordingLoss, RecordingOutcome};

use crate::metrics::{counter, counters, gauge, seconds};
use crate::recording::gauges::RecorderGauges;

const WHY: [&str; 5] = ["queue", "chance", "agent", "demand", "message"];

/// The metrics that facts update.
pub(crate) struct RecordingMeters {
    began: IntCounterVec,
    kept: IntCounter,
    lost: IntCounterVec,
    length: Counter,
    missing: Counter,
    purged: IntCounter,
}

impl RecordingMeters {
    pub(crate) fn new(registry: &Registry) -> Self {
        let began =
            counters(registry, "turno_recordings_begun_total", "Recordings that began, by reason.", &["why"]);
        WHY.iter().for_each(|why| drop(began.with_label_values(&[why])));
        let lost = counters(
            registry,
            "turno_recordings_lost_total",
            "Recordings that were lost from some moment on, by reason. The calls go on.",
            &["reason"],
        );
        RecordingLoss::ALL.iter().for_each(|loss| drop(lost.with_label_values(&[loss.word()])));
        Self {
            began,
            kept: counter(
                registry,
                "turno_recordings_kept_total",
                "Recordings that were closed and are kept.",
            ),
            lost,
            length: seconds(registry, "turno_recorded_seconds_total", "Length of the recordings that ended."),
            missing: seconds(
                registry,
                "turno_recording_missing_seconds_total",
                "How much is missing in recordings that ended, as far as it is known.",
            ),
            purged: counter(
                registry,
                "turno_recordings_purged_total",
                "Recordings that were deleted when due.",
            ),
        }
    }

    /// Counts what happened to a recording.
    pub(crate) fn apply(&self, change: &RecordingChange) {
        match change {
            RecordingChange::Began { why, .. } => {
                let word = match why {
                    RecordedWhy::Queue => WHY[0],
                    RecordedWhy::Chance => WHY[1],
                    RecordedWhy::Agent => WHY[2],
                    RecordedWhy::Demand(_) => WHY[3],
                };
                self.began.with_label_values(&[word]).inc();
            }
            RecordingChange::MessageBegan { .. } => self.began.with_label_values(&[WHY[4]]).inc(),
            RecordingChange::Ended { length, missing, outcome } => {
                self.length.inc_by(length.as_secs_f64());
                self.missing.inc_by(missing.as_secs_f64());
                match outcome {
                    RecordingOutcome::Kept(_) => self.kept.inc(),
                    RecordingOutcome::Lost(loss) => self.lost.with_label_values(&[loss.word()]).inc(),
                }
            }
            RecordingChange::Purged => self.purged.inc(),
            RecordingChange::Paused(_) | RecordingChange::Resumed(_) => {}
        }
    }
}

/// The recorder's own figures, updated at each scrape.
pub(crate) struct RecorderMeters {
    open: IntGauge,
    slowest: IntGauge,
    dropped: IntCounter,
    late: IntCounter,
    bytes: IntCounter,
}

impl RecorderMeters {
    pub(crate) fn new(registry: &Registry) -> Self {
        Self {
            open: gauge(registry, "turno_recordings_open", "Recordings that are being written now."),
            slowest: gauge(
                registry,
                "turno_recording_slowest_write_microseconds",
                "The longest time that encoding and writing a recording took at once, since the start.",
            ),
            dropped: counter(
                registry,
                "turno_recording_pieces_dropped_total",
                "Pieces of 20 ms of a voice that found the recorder's queue full. They are silence in recordings.",
            ),
            late: counter(
                registry,
                "turno_recording_pieces_late_total",
                "Pieces of a voice that came after their time, in recordings that were closed.",
            ),
            bytes: counter(registry, "turno_recording_bytes_total", "Bytes of sound written."),
        }
    }

    pub(crate) fn refresh(&self, gauges: &RecorderGauges) {
        let read = |figure: &std::sync::atomic::AtomicU64| figure.load(Ordering::Relaxed);
        self.open.set(i64::try_from(read(&gauges.open)).unwrap_or(i64::MAX));
        self.slowest.set(i64::try_from(read(&gauges.slowest)).unwrap_or(i64::MAX));
        for (total, figure) in
            [(&self.dropped, &gauges.dropped), (&self.late, &gauges.late), (&self.bytes, &gauges.bytes)]
        {
            total.inc_by(read(figure).saturating_sub(total.get()));
        }
    }
}
