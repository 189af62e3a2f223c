//! The life of a callback as a table: from the key that the caller presses to the person's answer.

use serde::{Deserialize, Serialize};
use turno_calls::CallId;

/// Stage of a callback. The first three are a dialogue with the caller, who may still hang up or go on waiting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum CallbackStage {
    /// The caller hears the number and confirms.
    Confirms,
    /// The caller keys in another number; these are the digits so far.
    Keys(String),
    /// The caller chooses one of the next half hours.
    Chooses,
    /// Nobody is on the line: the contact waits for an agent, or for its time.
    Waits,
    /// The phone of the agent who got the offer rings.
    AgentRings(CallId),
    /// The agent is held, and the person's phone rings.
    PersonRings {
        /// The call with the agent as its A leg.
        call: CallId,
        /// How many of the trunk's addresses were tried.
        tried: usize,
    },
}

/// What happens to a callback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CallbackEvent {
    /// The caller wants to key in another number, or keys its next digit.
    Keyed(String),
    /// The caller has a number to confirm.
    HasNumber,
    /// The caller wants to choose a time.
    WantsTime,
    /// The caller confirmed, and is off the line.
    Confirmed,
    /// An agent's phone is rung.
    AgentRung(CallId),
    /// The agent has answered, and the person is dialled; or the next address of the trunk is.
    Dialled(CallId, usize),
    /// The agent or the person did not answer, or the offer was withdrawn.
    NotReached,
}

impl CallbackStage {
    /// The stage after an event; `None`: the event does not happen in this stage.
    pub(crate) fn after(&self, event: CallbackEvent) -> Option<Self> {
        use CallbackEvent as E;
        match (self, event) {
            (Self::Confirms | Self::Keys(_), E::Keyed(digits)) => Some(Self::Keys(digits)),
            (Self::Keys(_) | Self::Confirms, E::HasNumber) => Some(Self::Confirms),
            (Self::Confirms, E::WantsTime) => Some(Self::Chooses),
            (Self::Confirms | Self::Chooses, E::Confirmed) => Some(Self::Waits),
            (Self::Waits, E::AgentRung(call)) => Some(Self::AgentRings(call)),
            (Self::AgentRings(_) | Self::PersonRings { .. }, E::Dialled(call, tried)) => {
                Some(Self::PersonRings { call, tried })
            }
            (Self::AgentRings(_) | Self::PersonRings { .. }, E::NotReached) => Some(Self::Waits),
            (Self::Confirms | Self::Keys(_) | Self::Chooses, E::AgentRung(_) | E::Dialled(..))
            | (Self::Confirms | Self::Keys(_) | Self::Chooses, E::NotReached)
            | (Self::Keys(_), E::WantsTime | E::Confirmed)
            | (Self::Chooses, E::Keyed(_) | E::HasNumber | E::WantsTime)
            | (Self::Waits, E::Keyed(_) | E::HasNumber | E::WantsTime | E::Confirmed)
            | (Self::Waits, E::Dialled(..) | E::NotReached)
            | (Self::AgentRings(_), E::Keyed(_) | E::HasNumber | E::WantsTime | E::Confirmed)
            | (Self::AgentRings(_), E::AgentRung(_))
            | (Self::PersonRings { .. }, E::Keyed(_) | E::HasNumber | E::WantsTime | E::Confirmed)
            | (Self::PersonRings { .. }, E::AgentRung(_)) => None,
        }
    }

    /// Whether the caller is asked, and may still go on waiting.
    pub(crate) const fn is_dialogue(&self) -> bool {
        match self {
            Self::Confirms | Self::Keys(_) | Self::Chooses => true,
            Self::Waits | Self::AgentRings(_) | Self::PersonRings { .. } => false,
        }
    }

    /// The call that reaches the agent and the person, while there is one.
    pub(crate) const fn call(&self) -> Option<CallId> {
        match self {
            Self::AgentRings(call) | Self::PersonRings { call, .. } => Some(*call),
            Self::Confirms | Self::Keys(_) | Self::Chooses | Self::Waits => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_dialled_twice_at_a_time_and_nobody_before_confirming() {
        let dialling = CallbackStage::PersonRings { call: CallId(1), tried: 0 };
        for stage in [dialling, CallbackStage::AgentRings(CallId(1))] {
            assert_eq!(stage.after(CallbackEvent::AgentRung(CallId(2))), None);
        }
        for stage in [CallbackStage::Confirms, CallbackStage::Keys("099".into()), CallbackStage::Chooses] {
            assert_eq!(stage.after(CallbackEvent::AgentRung(CallId(2))), None);
            assert_eq!(stage.after(CallbackEvent::Dialled(CallId(2), 0)), None);
        }
        assert_eq!(CallbackStage::Waits.after(CallbackEvent::Dialled(CallId(2), 0)), None);
    }
}
