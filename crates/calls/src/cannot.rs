//! Reasons for which a leg can't be answered.

use turno_media_plan::sdp::Unacceptable;

use crate::ports::NoPort;

/// Reason for which a leg can't be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotTalk {
    /// Its SDP offer is not acceptable: 488.
    Unacceptable(Unacceptable),
    /// Every media port is in use, or none can be opened now: 503.
    NoPort,
    /// The call is gone.
    NoCall,
}

impl From<NoPort> for CannotTalk {
    fn from(NoPort: NoPort) -> Self {
        Self::NoPort
    }
}
