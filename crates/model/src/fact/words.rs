//! The words of facts: outcomes, parties and kinds of transfer.

use serde::{Deserialize, Serialize};

use crate::id::AgentId;

/// The value of [`Fact::ContactArrived`](crate::Fact::ContactArrived)'s `from` for a caller without a number.
pub const ANONYMOUS: &str = "anonymous";

/// The same for a caller who withheld the number (RFC 3323).
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
    /// turno was at a limit: ports, legs or calls.
    Overload,
    /// The number does not exist, or the SDP could not be agreed.
    NotPossible,
    /// The emergency announcement ended the call.
    Emergency,
    /// The number is on a list of callers who are not served.
    Listed,
}

/// How a contact that entered a queue ended: exactly one outcome for each (FIELD.md: offered = the sum of these).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ContactOutcome {
    /// An agent talked to the contact.
    Answered,
    /// The caller left before an answer.
    Abandoned,
    /// turno ended the wait by the queue's treatment: queue full, waited too long, nobody logged in.
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

/// How an offer was settled: exactly one outcome for each.
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
    /// Withdrawn: the caller left.
    CallerLeft,
    /// Withdrawn for another cause: the agent's state was changed, the plan changed, or turno stops.
    Withdrawn,
    /// The phone can't take the call: the phone's fault, not the agent's.
    Incompatible,
}

/// The kind of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TransferKind {
    /// Without a consultation.
    Blind,
    /// After a consultation.
    Attended,
}

/// The party at the other end of a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Party {
    /// The caller: by a trunk, or an agent who dials the site's number.
    Caller,
    /// An agent's phone.
    Agent(AgentId),
    /// An outside number.
    Outside,
}
