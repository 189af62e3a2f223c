//! The life of a callback as a table: from the key that the caller presses to the person's answer.

use serde::{Deserialize, Serialize};
use turno_calls::CallId;

/// Stage of a callback; rows contain it: a new one goes last. The first three are a dialogue with the caller, who may still hang up or go on waiting.
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
    /// The person's phone rings, and no agent has the contact.
    RingsAhead {
        /// The call that will have the person as its A leg.
        call: CallId,
        /// How many of the trunk's addresses were tried.
        tried: usize,
    },
    /// Somebody has answered the dial ahead, and hears that an agent comes.
    Greeted(CallId),
    /// The person who was dialled ahead stands in line with the call.
    InLine,
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
    /// The person is dialled, and no agent has the contact; or the next address of the trunk is.
    DialledAhead(CallId, usize),
    /// Somebody answered the dial ahead.
    PickedUp,
    /// The one who answered is a person, who stands in line.
    Stands,
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
            (Self::Waits | Self::RingsAhead { .. }, E::DialledAhead(call, tried)) => {
                Some(Self::RingsAhead { call, tried })
            }
            (Self::RingsAhead { call, .. }, E::PickedUp) => Some(Self::Greeted(*call)),
            (Self::RingsAhead { .. } | Self::Greeted(_), E::NotReached) => Some(Self::Waits),
            (Self::Greeted(_), E::Stands) => Some(Self::InLine),
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
            (
                Self::Confirms
                | Self::Keys(_)
                | Self::Chooses
                | Self::AgentRings(_)
                | Self::PersonRings { .. },
                E::DialledAhead(..) | E::PickedUp | E::Stands,
            )
            | (Self::Waits, E::PickedUp | E::Stands) => None,
            (
                Self::RingsAhead { .. } | Self::Greeted(_) | Self::InLine,
                E::Keyed(_) | E::HasNumber | E::WantsTime | E::Confirmed | E::AgentRung(_) | E::Dialled(..),
            )
            | (Self::RingsAhead { .. }, E::Stands)
            | (Self::Greeted(_), E::DialledAhead(..) | E::PickedUp)
            | (Self::InLine, E::DialledAhead(..) | E::PickedUp | E::Stands | E::NotReached) => None,
        }
    }

    /// Whether the caller is asked, and may still go on waiting.
    pub(crate) const fn is_dialogue(&self) -> bool {
        match self {
            Self::Confirms | Self::Keys(_) | Self::Chooses => true,
            Self::Waits | Self::AgentRings(_) | Self::PersonRings { .. } => false,
            Self::RingsAhead { .. } | Self::Greeted(_) | Self::InLine => false,
        }
    }

    /// The call that is to reach the person, while there is one and the contact is not in line with it.
    pub(crate) const fn call(&self) -> Option<CallId> {
        match self {
            Self::AgentRings(call) | Self::PersonRings { call, .. } => Some(*call),
            Self::RingsAhead { call, .. } | Self::Greeted(call) => Some(*call),
            Self::Confirms | Self::Keys(_) | Self::Chooses | Self::Waits | Self::InLine => None,
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
        let ahead = CallbackStage::RingsAhead { call: CallId(1), tried: 0 };
        for stage in [ahead, CallbackStage::Greeted(CallId(1)), CallbackStage::InLine] {
            assert_eq!(stage.after(CallbackEvent::AgentRung(CallId(2))), None);
            assert_eq!(stage.after(CallbackEvent::Dialled(CallId(2), 0)), None);
        }
        for stage in [CallbackStage::Greeted(CallId(1)), CallbackStage::InLine, CallbackStage::Confirms] {
            assert_eq!(stage.after(CallbackEvent::DialledAhead(CallId(2), 0)), None);
        }
        for stage in [CallbackStage::Confirms, CallbackStage::Keys("099".into()), CallbackStage::Chooses] {
            assert_eq!(stage.after(CallbackEvent::AgentRung(CallId(2))), None);
            assert_eq!(stage.after(CallbackEvent::Dialled(CallId(2), 0)), None);
        }
        assert_eq!(CallbackStage::Waits.after(CallbackEvent::Dialled(CallId(2), 0)), None);
    }
}
