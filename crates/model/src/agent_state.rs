//! The life of an agent as one table.

use core::fmt;

use serde::{Deserialize, Serialize};

/// Why an agent is not ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AuxReason {
    /// A reason of the plan, by place in `Plan::aux_reasons`; the digit dialled after the AUX code is its own field.
    Planned(u8),
    /// Redirected on no answer: an offer was missed or refused; ends by itself after the cool-down.
    Rona,
    /// The agent's line is not registered, or does not answer OPTIONS; ends when it is back.
    Unreachable,
    /// Just logged in and not yet ready.
    LoggedIn,
    /// The agent's phone can't take what turno offers: it refused every offer's codecs or encryption, or the call
    /// itself, by a status that no person chooses. Ends when the phone starts anew, or at the agent's word.
    Incompatible,
}

/// What an agent is doing. Staffed time is the sum of all states but `LoggedOut`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AgentState {
    /// Not working.
    LoggedOut,
    /// Ready for an offer.
    Available,
    /// An offer rings.
    Ringing,
    /// Talking to a contact.
    Talking,
    /// A contact is on hold.
    Holding,
    /// After-call work; its deadline is the room's.
    Acw,
    /// Not ready.
    Aux(AuxReason),
    /// On a call that no queue gave: to a colleague or an outside number.
    OtherCall,
}

/// What may happen to an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentEvent {
    /// Logs in (not ready yet).
    LogIn,
    /// Logs out.
    LogOut,
    /// Becomes ready.
    Ready,
    /// Becomes not ready.
    GoAux(AuxReason),
    /// An offer begins to ring, or is all that is left in hand.
    Offered,
    /// The offer was taken back, through no fault of the agent.
    Withdrawn,
    /// The offer was answered: media is joined.
    Answered,
    /// The contact is put on hold, or all that are in hand are on hold.
    Hold,
    /// The contact is taken back from hold, or after-call work is over and others are in hand.
    Resume,
    /// The contact has left, after-call work begins.
    ContactLeft,
    /// After-call work ends: ready again.
    AcwEnds,
    /// A call of the agent's own begins.
    OtherCallBegins,
    /// The call of the agent's own ends: ready again.
    OtherCallEnds,
    /// After-call work goes on after a call of the agent's own, or when the line is back.
    AcwResumes,
}

/// A move that the table does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IllegalMove {
    /// Where the agent was.
    pub state: AgentState,
    /// What was asked.
    pub event: AgentEvent,
}

impl fmt::Display for IllegalMove {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an agent who is {:?} cannot take {:?}", self.state, self.event)
    }
}

impl core::error::Error for IllegalMove {}

impl AgentState {
    /// The next state.
    ///
    /// # Errors
    /// [`IllegalMove`] where the table has no entry. A state asked for during a contact (ready, AUX, log-out) is
    /// not a move: the room keeps it and makes it when the contact has left.
    pub const fn after(self, event: AgentEvent) -> Result<Self, IllegalMove> {
        use AgentEvent as E;
        use AgentState as S;
        match (self, event) {
            (S::LoggedOut, E::LogIn) => Ok(S::Aux(AuxReason::LoggedIn)),
            (S::Available | S::Acw | S::Aux(_) | S::OtherCall, E::LogOut) => Ok(S::LoggedOut),
            (S::Aux(_) | S::Acw, E::Ready) => Ok(S::Available),
            (S::Available | S::Acw | S::Aux(_) | S::OtherCall | S::Ringing, E::GoAux(reason)) => {
                Ok(S::Aux(reason))
            }
            (S::Available | S::Talking | S::Holding, E::Offered) => Ok(S::Ringing),
            (S::Ringing, E::Withdrawn) => Ok(S::Available),
            (S::Ringing, E::Answered) => Ok(S::Talking),
            (S::Holding | S::Acw, E::Resume) => Ok(S::Talking),
            (S::Talking | S::Acw, E::Hold) => Ok(S::Holding),
            (S::Talking | S::Holding, E::ContactLeft) => Ok(S::Acw),
            (S::Acw, E::AcwEnds) | (S::OtherCall, E::OtherCallEnds) => Ok(S::Available),
            (S::Available | S::Aux(_) | S::Acw, E::OtherCallBegins) => Ok(S::OtherCall),
            (S::OtherCall | S::Aux(AuxReason::Unreachable), E::AcwResumes) => Ok(S::Acw),
            (state, event) => Err(IllegalMove { state, event }),
        }
    }

    /// Whether the agent is logged in.
    pub const fn is_staffed(self) -> bool {
        !matches!(self, Self::LoggedOut)
    }

    /// Whether the agent is on a contact: ringing, talking or holding.
    pub const fn has_contact(self) -> bool {
        matches!(self, Self::Ringing | Self::Talking | Self::Holding)
    }
}

#[cfg(test)]
#[path = "agent_state_tests.rs"]
mod tests;
