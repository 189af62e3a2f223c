//! Holds the recorders in bridges against the facts: nothing is heard of a pause, nor after the talk.

use std::collections::BTreeSet;

use turno_media_plan::{Role, StreamId};
use turno_model::RecordingId;

use crate::world::World;

impl World {
    /// Wounds: a paused recorder stays in the bridge; a recorder stays after the talk; a talk that must be recorded is not.
    pub(crate) fn check_recorded(&self) {
        let recorded = &self.invariants.recorded;
        assert!(recorded.wanted.is_empty(), "not recorded, and must be: {:?}", recorded.wanted);
        let members = self.media.bridges().flatten().filter(|member| member.role == Role::Record);
        let in_bridges: BTreeSet<StreamId> = members.map(|member| member.stream).collect();
        let told = self.recorder.recorders();
        let known: BTreeSet<StreamId> = told.keys().copied().collect();
        assert_eq!(in_bridges, known, "the recorders in the bridges are not those that were told");
        let talks = told.values().filter(|(recording, _)| !self.recorder.is_message(*recording));
        let sounding: BTreeSet<RecordingId> = talks.map(|(recording, _)| *recording).collect();
        assert_eq!(sounding, recorded.sounding(), "what is written is not what the facts say");
    }

    /// The recordings of this caller's voice that digits pause.
    pub(crate) fn paused_by_digits(&self, stream: StreamId) -> Option<RecordingId> {
        let pauses = self.plan.recording.as_ref().is_some_and(|plan| !plan.digits_pause.is_zero());
        self.recorder.of_caller(stream).filter(|_| pauses)
    }

    /// Wound: the digits of a card's number are heard in a recording.
    pub(crate) fn check_silent(&self, recording: RecordingId) {
        let is_silent = self.recorder.recorders().values().all(|(other, _)| *other != recording);
        assert!(is_silent, "the caller keys digits, and {recording:?} goes on");
    }
}
