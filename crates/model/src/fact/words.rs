//! Whom a fact is about, and how things end.

use serde::{Deserialize, Serialize};

use crate::id::AgentId;

/// What stands in [`Fact::ContactArrived`](crate::Fact::ContactArrived) for the number of a caller who has none.
pub const ANONYMOUS: &str = "anonymous";

/// What stands there for the number of a caller who withheld it (RFC 3323).
pub const WITHHELD: &str = "withheld";

/// Why a contact never entered a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TurnedAway {
    /// Outside opening hours.
    Closed,
    /// On a holiday.
    Holiday,
    /// Hung up in the greeting or the menu.
    HungUpInMenu,
    /// turno had no room: ports, legs or calls were at their limit.
    Overload,
    /// No such number, or the SDP could not be agreed.
    NotPossible,
}

/// How a contact that entered a queue ended: exactly one for each (FIELD.md: offered = the sum of these).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ContactOutcome {
    /// An agent talked to it.
    Answered,
    /// The caller left before an answer.
    Abandoned,
    /// turno ended the wait by the queue's stated treatment: queue full, waited too long, nobody logged in.
    Outflowed,
    /// Served elsewhere: moved to another queue or a number before an answer.
    Dequeued,
}

/// Who ended a contact or a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum EndedBy {
    /// The caller hung up.
    Caller,
    /// The agent hung up.
    Agent,
    /// The agent transferred it away.
    Transfer,
    /// turno ended it: treatment, lost peer, error.
    System,
}

/// How an offer was settled: exactly one for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum OfferOutcome {
    /// The agent answered and media was joined.
    Accepted,
    /// The agent refused (486, 603 and the like).
    Refused,
    /// The agent let it ring (RONA).
    NoAnswer,
    /// The phone could not be reached.
    Unreachable,
    /// Taken back: the caller left.
    CallerLeft,
    /// Taken back for another cause: agent's state was forced, plan changed, shut-down.
    Withdrawn,
    /// The phone can't take the call: its fault, and not the agent's.
    Incompatible,
}

/// How a contact is passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TransferKind {
    /// Without asking.
    Blind,
    /// After a consultation.
    Attended,
}

/// Who is at the other end of a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Party {
    /// Who called: by a trunk, or an agent who tries the line out.
    Caller,
    /// An agent's phone.
    Agent(AgentId),
    /// An outside number.
    Outside,
}
