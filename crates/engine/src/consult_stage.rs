//! A consultation as a table: what follows from each event in each stage.

use serde::{Deserialize, Serialize};
use turno_calls::CallId;
use turno_model::ConsultEnd;
use turno_sip::SessionId;

/// How far a consultation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ConsultStage {
    /// The phones of who is consulted ring with this call; the caller hears music.
    Rings(CallId),
    /// The agent talks with who is consulted, a guest in the call; the caller hears music.
    Aside(SessionId),
    /// All three talk.
    Conference(SessionId),
}

/// What happens in a consultation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConsultEvent {
    /// Who is consulted has answered, and is a guest with this leg.
    Answered(SessionId),
    /// Nobody answered, with this final response.
    NotReached(u16),
    /// The agent wants all three to talk.
    Conference,
    /// The agent leaves the caller to who is consulted.
    Complete,
    /// The agent goes back to the caller.
    Back,
    /// The agent's leg is gone.
    AgentGone,
    /// The leg of who is consulted is gone.
    OtherGone,
    /// The talk of the agent and the caller is over.
    TalkOver,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConsultMove {
    /// The consultation goes on in this stage.
    To(ConsultStage),
    /// It is over in this way.
    Over(ConsultEnd),
    /// It is over, and the caller, who has nobody, returns to the queue.
    GivenBack,
    /// Nothing changes.
    Stays,
    /// Nothing changes: the agent asks for what is not possible before an answer.
    NotYet,
}

impl ConsultStage {
    /// What follows on an event.
    pub(crate) const fn after(self, event: ConsultEvent) -> ConsultMove {
        use ConsultEvent as E;
        use ConsultMove as M;
        match (self, event) {
            (Self::Rings(_), E::Answered(session)) => M::To(Self::Aside(session)),
            (Self::Rings(_), E::NotReached(status)) => M::Over(ConsultEnd::NotReached { status }),
            (Self::Rings(_), E::Conference | E::Complete) => M::NotYet,
            (Self::Rings(_), E::AgentGone) => M::GivenBack,
            (Self::Aside(session), E::Conference) => M::To(Self::Conference(session)),
            (Self::Conference(_), E::Conference) => M::Stays,
            (Self::Aside(_) | Self::Conference(_), E::Complete | E::AgentGone) => {
                M::Over(ConsultEnd::Completed)
            }
            (Self::Rings(_) | Self::Aside(_) | Self::Conference(_), E::Back) => M::Over(ConsultEnd::Back),
            (Self::Rings(_) | Self::Aside(_) | Self::Conference(_), E::OtherGone) => {
                M::Over(ConsultEnd::Left)
            }
            (Self::Rings(_) | Self::Aside(_) | Self::Conference(_), E::TalkOver) => {
                M::Over(ConsultEnd::TalkOver)
            }
            // A late word about the ringing.
            (Self::Aside(_) | Self::Conference(_), E::Answered(_) | E::NotReached(_)) => M::Stays,
        }
    }

    /// The leg of who is consulted, once it is in the call.
    pub(crate) const fn guest(self) -> Option<SessionId> {
        match self {
            Self::Rings(_) => None,
            Self::Aside(session) | Self::Conference(session) => Some(session),
        }
    }

    /// The same with this leg of who is consulted.
    pub(crate) const fn with_guest(self, session: SessionId) -> Self {
        match self {
            Self::Rings(_) => self,
            Self::Aside(_) => Self::Aside(session),
            Self::Conference(_) => Self::Conference(session),
        }
    }

    /// Whether the caller is kept out of what is said.
    pub(crate) const fn is_aside(self) -> bool {
        match self {
            Self::Rings(_) | Self::Aside(_) => true,
            Self::Conference(_) => false,
        }
    }
}

#[cfg(test)]
#[path = "consult_stage_tests.rs"]
mod tests;
