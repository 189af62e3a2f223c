//! What an agent dials beside the queues, and what comes of it.

use serde::{Deserialize, Serialize};

use crate::id::{AgentId, SeatId};

/// What an agent dials that no queue gives: no contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AgentCall {
    /// A feature code.
    FeatureCode,
    /// A colleague.
    Colleague(AgentId),
    /// An outside number.
    Outside,
    /// A seat at which nobody sits.
    FreeSeat(SeatId),
}

/// What comes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AgentCallOutcome {
    /// The code was carried out.
    Done,
    /// The code asks for what can't be now.
    NotPossible,
    /// The other end answered; more follows.
    Answered,
    /// It may not be dialled, or was not answered: the status that the agent's phone was given.
    Refused(u16),
    /// It is over.
    Ended,
}
