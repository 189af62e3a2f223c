//! What an agent has at hand beside the contact: somebody who is consulted, a recording of the talk.

use serde::{Deserialize, Serialize};
use turno_model::{Consulted, RecordingId};

/// How far a consultation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConsultStage {
    /// The phone of who is consulted rings.
    Ringing,
    /// The two talk alone.
    Private,
    /// All three talk.
    Three,
}

/// Somebody whom an agent consults.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsultNow {
    /// Who.
    pub whom: Consulted,
    /// How far it is.
    pub stage: ConsultStage,
}

/// A recording of an agent's talk that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordingNow {
    /// The recording.
    pub recording: RecordingId,
    /// Nothing reaches the recorder now.
    pub is_paused: bool,
}
