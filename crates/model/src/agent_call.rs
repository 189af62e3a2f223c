//! Agent calls: what an agent dials besides contacts from queues, and the outcome.

use serde::{Deserialize, Serialize};

use crate::id::{AgentId, SeatId};

/// What an agent has dialled. An agent call is no contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AgentCall {
    /// A feature code.
    FeatureCode,
    /// A colleague.
    Colleague(AgentId),
    /// An outside number.
    Outside,
    /// A seat without an agent.
    FreeSeat(SeatId),
}

/// The outcome of an agent call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AgentCallOutcome {
    /// The feature code was executed.
    Done,
    /// The feature code is not possible in the present state.
    NotPossible,
    /// The other end answered; the call goes on.
    Answered,
    /// Not allowed, or not answered: the status sent to the agent's phone.
    Refused(u16),
    /// The call is over.
    Ended,
}
