//! Checks that no agent goes on without a wrap-up code that a queue asks for, and that marks come in time.

use std::collections::BTreeMap;

use turno_model::{AgentId, AgentState as S, AuxReason, ContactId, Handled, HandlingChange};

/// The contacts for which agents must give a code, and the marks of each talk.
#[derive(Debug, Default)]
pub(super) struct WrapUps {
    owed: BTreeMap<AgentId, ContactId>,
    marked: BTreeMap<ContactId, u16>,
}

impl WrapUps {
    /// Reads a change of handling.
    ///
    /// # Panics
    /// With a sentence if it contradicts an earlier one.
    pub(super) fn reads(&mut self, handled: &Handled, state: S) {
        let Handled { contact, agent, change } = *handled;
        match change {
            HandlingChange::CodeOwed => {
                assert_eq!(state, S::Acw, "{agent:?} owes a code in after-call work");
                self.owed.insert(agent, contact);
            }
            HandlingChange::Marked { percent } => {
                let before = self.marked.insert(contact, percent).unwrap_or(100);
                assert!(before < percent, "{contact:?} reaches {percent} % after {before} %");
            }
            HandlingChange::Extended { .. }
            | HandlingChange::Retargeted { .. }
            | HandlingChange::HelpAsked
            | HandlingChange::HelpRings { .. }
            | HandlingChange::HelpCame { .. }
            | HandlingChange::NoHelp => {}
        }
    }

    /// The agent gave the last contact a code.
    pub(super) fn gives(&mut self, agent: AgentId) {
        self.owed.remove(&agent);
    }

    /// A talk ended; another agent's talk with the same contact has marks of its own.
    pub(super) fn parts(&mut self, contact: ContactId) {
        self.marked.remove(&contact);
    }

    /// The agent's state changes.
    ///
    /// # Panics
    /// With a sentence if the agent goes on without the code.
    pub(super) fn turns(&mut self, agent: AgentId, from: S, to: S) {
        match to {
            // A call of the agent's own and a lost phone or microphone only cover after-call work.
            S::Acw | S::OtherCall | S::Aux(AuxReason::Unreachable | AuxReason::Microphone) => {}
            S::LoggedOut => drop(self.owed.remove(&agent)),
            // Who observes a talk may take it over.
            S::Talking if from == S::OtherCall => drop(self.owed.remove(&agent)),
            S::Available | S::Ringing | S::Talking | S::Holding | S::Aux(_) => {
                let owed = self.owed.remove(&agent);
                assert_eq!(owed, None, "{agent:?} turns {to:?} without a wrap-up code");
            }
        }
    }
}
