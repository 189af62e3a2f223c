//! Imbalances: why the books do not balance.

use core::fmt;
use core::time::Duration;

use serde::{Deserialize, Serialize};
use turno_model::{AgentId, AgentState, ContactId, ContactOutcome, QueueId};

/// Facts that contradict each other, or a wrong sum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Imbalance {
    /// A contact arrived that was already open.
    ArrivedTwice {
        /// The contact.
        contact: ContactId,
    },
    /// A fact about a contact that had not arrived, or had ended.
    NeverArrived {
        /// The contact.
        contact: ContactId,
    },
    /// A contact ended that was not open: it would have two outcomes.
    EndedUnknown {
        /// The contact.
        contact: ContactId,
    },
    /// A contact that had entered no queue got a queue's outcome.
    EndedUnqueued {
        /// The contact.
        contact: ContactId,
    },
    /// A contact that had entered a queue was turned away.
    TurnedAwayFromQueue {
        /// The contact.
        contact: ContactId,
    },
    /// A contact that was in no queue was connected.
    ConnectedUnqueued {
        /// The contact.
        contact: ContactId,
    },
    /// An agent's segment ended that was not open.
    DisconnectedTwice {
        /// The contact.
        contact: ContactId,
        /// The agent.
        agent: AgentId,
    },
    /// `Answered` for a contact without an agent, or another outcome for one that an agent talked to.
    WrongOutcome {
        /// The contact.
        contact: ContactId,
        /// The recorded outcome.
        outcome: ContactOutcome,
    },
    /// An agent left a state that the agent was not in.
    AgentJumped {
        /// The agent.
        agent: AgentId,
        /// The state by the earlier facts.
        was: AgentState,
        /// The state by this fact.
        said: AgentState,
    },
    /// A queue's visits differ from answered + abandoned + outflowed + dequeued + waiting.
    Visits {
        /// The queue.
        queue: QueueId,
        /// Visits begun.
        entered: u64,
        /// Visits ended or waiting.
        accounted: u64,
    },
    /// Contacts that entered differ from those that ended or are open.
    Contacts {
        /// Contacts that entered a queue, or arrived.
        entered: u64,
        /// Contacts that ended or are open.
        accounted: u64,
    },
    /// An agent's staffed time differs from the sum of the states.
    Staffed {
        /// The agent.
        agent: AgentId,
        /// From log-ins and log-outs.
        staffed: Duration,
        /// The sum of the states.
        states: Duration,
    },
}

impl fmt::Display for Imbalance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the books do not balance: {self:?}")
    }
}

impl core::error::Error for Imbalance {}
