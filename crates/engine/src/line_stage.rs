//! The life of a held line as a table: dialled once, then open until somebody ends it.

use serde::{Deserialize, Serialize};
use turno_calls::CallId;
use turno_sip::SessionId;

/// Stage of an agent's held line. An agent without one has no row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum LineStage {
    /// The telephone is dialled by this call, and the agent is asked for the key.
    Dials(CallId),
    /// The agent is on this leg, idle or in a talk.
    Open(SessionId),
}

/// What happens to a held line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineEvent {
    /// The agent has logged in, or wants to be ready.
    Wanted(CallId),
    /// The agent has taken it.
    Taken(SessionId),
    /// The agent did not take it.
    Refused,
    /// The leg is gone: hung up by the agent, or lost.
    Gone,
    /// The agent works no more, or has no held line in the plan any more.
    Released,
}

impl LineStage {
    /// The stage after an event; `Ok(None)`: there is no line any more.
    ///
    /// # Errors
    /// The event does not happen in this stage; then nothing changes.
    pub(crate) const fn after(stage: Option<Self>, event: LineEvent) -> Result<Option<Self>, LineEvent> {
        use LineEvent as E;
        match (stage, event) {
            (None, E::Wanted(call)) => Ok(Some(Self::Dials(call))),
            (Some(Self::Dials(_)), E::Taken(session)) => Ok(Some(Self::Open(session))),
            (Some(Self::Dials(_)), E::Refused | E::Released) => Ok(None),
            (Some(Self::Open(_)), E::Gone | E::Released) => Ok(None),
            (None, E::Taken(_) | E::Refused | E::Gone | E::Released)
            | (Some(Self::Dials(_)), E::Wanted(_) | E::Gone)
            | (Some(Self::Open(_)), E::Wanted(_) | E::Taken(_) | E::Refused) => Err(event),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_dialled_once_and_is_open_only_when_it_was_taken() {
        let (call, leg) = (CallId(1), SessionId::of_number(7));
        let dials = Some(LineStage::Dials(call));
        let open = Some(LineStage::Open(leg));
        assert_eq!(LineStage::after(None, LineEvent::Wanted(call)), Ok(dials));
        assert_eq!(LineStage::after(dials, LineEvent::Taken(leg)), Ok(open));
        for stage in [dials, open] {
            assert!(LineStage::after(stage, LineEvent::Wanted(CallId(2))).is_err(), "no second dial");
        }
        assert!(LineStage::after(None, LineEvent::Taken(leg)).is_err());
        assert_eq!(LineStage::after(open, LineEvent::Gone), Ok(None));
    }
}
