//! What may be wrong with the books.

use core::fmt;
use core::time::Duration;

use serde::{Deserialize, Serialize};
use turno_model::{AgentId, AgentState, ContactId, ContactOutcome, QueueId};

/// Facts that contradict each other, or a sum that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Imbalance {
    /// A contact arrived that was open already.
    ArrivedTwice {
        /// The contact.
        contact: ContactId,
    },
    /// Something happened to a contact that had not arrived, or had ended.
    NeverArrived {
        /// The contact.
        contact: ContactId,
    },
    /// A contact ended that was not open: it has two outcomes.
    EndedUnknown {
        /// The contact.
        contact: ContactId,
    },
    /// A contact that had entered no queue has a queue's outcome.
    EndedUnqueued {
        /// The contact.
        contact: ContactId,
    },
    /// A contact that had entered a queue was turned away.
    TurnedAwayFromQueue {
        /// The contact.
        contact: ContactId,
    },
    /// A contact that stood in no queue was connected.
    ConnectedUnqueued {
        /// The contact.
        contact: ContactId,
    },
    /// An agent's segment that was not open ended.
    DisconnectedTwice {
        /// The contact.
        contact: ContactId,
        /// The agent.
        agent: AgentId,
    },
    /// 'Answered' of a contact that nobody talked to, or something else of one that somebody did.
    WrongOutcome {
        /// The contact.
        contact: ContactId,
        /// What was said.
        outcome: ContactOutcome,
    },
    /// An agent left a state that the agent was not in.
    AgentJumped {
        /// The agent.
        agent: AgentId,
        /// The state by the facts before.
        was: AgentState,
        /// The state by this fact.
        said: AgentState,
    },
    /// A queue's visits are not answered + abandoned + outflowed + dequeued + waiting.
    Visits {
        /// The queue.
        queue: QueueId,
        /// Visits begun.
        entered: u64,
        /// Visits ended and waiting.
        accounted: u64,
    },
    /// Contacts that entered are not those with an outcome and those still open.
    Contacts {
        /// Contacts that entered a queue, or arrived.
        entered: u64,
        /// Contacts ended and open.
        accounted: u64,
    },
    /// An agent's staffed time is not the sum of the states.
    Staffed {
        /// The agent.
        agent: AgentId,
        /// By log-ins and log-outs.
        staffed: Duration,
        /// By states.
        states: Duration,
    },
}

impl fmt::Display for Imbalance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the books do not balance: {self:?}")
    }
}

impl core::error::Error for Imbalance {}
