//! Broken variants: recordings of talks.

use super::{SMALL, Variant};

pub(super) const VARIANTS: &[Variant] = &[Variant {
    fault: "a paused recording hears the talk on",
    file: "crates/engine/src/recording.rs",
    right: "        self.switchboard.stop_recording(call);\n        self.recordings.set(recording, RecordingState::Paused(by), now);",
    wrong: "        self.recordings.set(recording, RecordingState::Paused(by), now);",
    site: SMALL,
    seeds: 160,
}];
