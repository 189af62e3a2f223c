//! An agent's states and events as one table.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::language::Language;

/// Why an agent is not ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AuxReason {
    /// A reason of the plan, by index in `Plan::aux_reasons`; the digit dialled after the AUX code is another field.
    Planned(u8),
    /// Redirected on no answer: an offer was missed or refused. Ends after the cool-down.
    Rona,
    /// The phone at the agent's seat is not registered or does not answer OPTIONS. Ends when it is back.
    Unreachable,
    /// Just logged in and not yet ready.
    LoggedIn,
    /// The agent's phone can't take what turno offers: it refused the codecs, the encryption or the call itself, with a
    /// status that no person chooses. Ends when the phone restarts, or when the agent asks to be ready.
    Incompatible,
    /// The microphone at the agent's page is gone. Ends when it is back, or when the agent asks to be ready.
    Microphone,
}

/// An agent's state. Staffed time is the sum of all states except `LoggedOut`.
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
    /// After-call work; the ACD keeps its deadline.
    Acw,
    /// Not ready.
    Aux(AuxReason),
    /// On a call that came from no queue: to a colleague or an outside number.
    OtherCall,
}

/// An event that changes an agent's state.
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
    /// An offer begins to ring, or is the only contact left.
    Offered,
    /// The offer was withdrawn, through no fault of the agent.
    Withdrawn,
    /// The offer was answered: media is joined.
    Answered,
    /// The contact is put on hold, or all contacts of the agent are.
    Hold,
    /// The contact is taken back from hold, or after-call work is over and the agent has other contacts.
    Resume,
    /// The contact has left; after-call work begins.
    ContactLeft,
    /// After-call work ends: ready again.
    AcwEnds,
    /// A call begins that came from no queue.
    OtherCallBegins,
    /// That call ends: ready again.
    OtherCallEnds,
    /// After-call work goes on after such a call, or when the phone is back.
    AcwResumes,
    /// Such a call becomes a contact's talk: the agent observed it, and takes it over.
    TakesOver,
}

/// An event that the table does not allow in this state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IllegalMove {
    /// The agent's state.
    pub state: AgentState,
    /// The event.
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
    /// ```
    /// use turno_model::{AgentEvent, AgentState};
    ///
    /// let ringing = AgentState::Available.after(AgentEvent::Offered)?;
    /// let talking = ringing.after(AgentEvent::Answered)?;
    /// assert_eq!(talking.after(AgentEvent::ContactLeft)?, AgentState::Acw);
    /// assert!(AgentState::LoggedOut.after(AgentEvent::Offered).is_err());
    /// # Ok::<(), turno_model::IllegalMove>(())
    /// ```
    ///
    /// # Errors
    /// [`IllegalMove`] if the table has no entry. A state asked for during a contact (ready, AUX, log-out) is no event
    /// yet: the ACD keeps it until the contact has left.
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
            (S::Holding | S::Acw, E::Resume) | (S::OtherCall, E::TakesOver) => Ok(S::Talking),
            (S::Talking | S::Acw, E::Hold) => Ok(S::Holding),
            (S::Talking | S::Holding, E::ContactLeft) => Ok(S::Acw),
            (S::Acw, E::AcwEnds) | (S::OtherCall, E::OtherCallEnds) => Ok(S::Available),
            (S::Available | S::Aux(_) | S::Acw, E::OtherCallBegins) => Ok(S::OtherCall),
            (S::OtherCall | S::Aux(AuxReason::Unreachable | AuxReason::Microphone), E::AcwResumes) => {
                Ok(S::Acw)
            }
            (state, event) => Err(IllegalMove { state, event }),
        }
    }

    /// What the agent is, behind 'the agent is'.
    pub const fn words(self, language: Language) -> &'static str {
        match self {
            Self::LoggedOut => language.say("logged out", "desconectado"),
            Self::Available => language.say("available", "disponible"),
            Self::Ringing => language.say("being offered a contact", "recibiendo un contacto"),
            Self::Talking => language.say("talking to a contact", "hablando con un contacto"),
            Self::Holding => language.say("holding a contact", "con un contacto en espera"),
            Self::Acw => language.say("in after-call work", "en trabajo posterior a la llamada"),
            Self::Aux(_) => language.say("not ready", "en pausa"),
            Self::OtherCall => language.say("on another call", "en otra llamada"),
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
