//! Callbacks: what a caller asked for, how each dial ended, and how the callback ended.

use core::time::Duration;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use turno_ground::Pii;

use crate::id::ContactId;

/// What happened to the callback of a waiting contact. Facts contain it and are kept for years: a new variant goes
/// last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallbackChange {
    /// The waiting caller heard the offer of a callback.
    Offered(CallbackOffer),
    /// The caller confirmed: the contact stays in line without the call, and is dialled when an agent takes it.
    Asked {
        /// The number to dial.
        number: Pii<CompactString>,
        /// How long after this moment the caller wants the callback at the earliest.
        after: Duration,
    },
    /// The number may not be dialled, or has a callback already; the caller stays in line.
    Refused(CallbackRefusal),
    /// The contact is in no line, and offered to nobody, for this long. Then it returns to its place.
    PutOff {
        /// For how long.
        span: Duration,
    },
    /// The contact is in its line again.
    Due,
    /// The person's number is dialled.
    Dialled {
        /// Which dial it is, from 1.
        attempt: u8,
    },
    /// The dial ended without an answer.
    Failed(CallbackFailure),
    /// The person answered, and talks to the agent, at once or after some time in line.
    Reached,
    /// All dials failed, or the time for them is over; the callback has ended.
    GivenUp,
    /// The person called again and waits in this one's place; the callback has ended.
    CancelledByCall {
        /// The contact of the new call.
        by: ContactId,
    },
    /// Somebody, or a machine, answered the dial ahead, and hears that an agent comes. `Due` follows when the contact is in
    /// its line, with the person on the phone.
    PickedUp,
    /// The person who was dialled ahead answered, and hung up or was lost before an agent came; the callback has ended.
    LeftInLine,
    /// The person who was dialled ahead answered, and left a message instead of waiting for an agent; the callback has ended.
    LeftMessage,
}

/// Why a callback was offered. Facts contain it: a new variant goes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CallbackOffer {
    /// The caller had waited for `callback_after`.
    Waited,
    /// The expected wait was longer than `callback_told_over`.
    LongWait,
    /// The line was full.
    Full,
    /// The caller pressed the key without an offer.
    Key,
}

/// Why a number is not called back. Facts contain it: a new variant goes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CallbackRefusal {
    /// The caller has no number, or withholds it, and none can be keyed in.
    NoNumber,
    /// The plan does not allow the number: it is foreign, expensive, or no number.
    NotAllowed,
    /// A callback to this number waits already.
    Waits,
}

/// Why a dial ended without an answer. Facts contain it: a new variant goes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CallbackFailure {
    /// Busy.
    Busy,
    /// Nobody answered in time.
    NoAnswer,
    /// Refused by the person.
    Refused,
    /// The carrier can't reach the number.
    Unreachable,
    /// No trunk or no media port is there; nothing was dialled.
    NoTrunk,
    /// The agent hung up while the number was dialled.
    AgentLeft,
    /// An answering machine answered.
    Machine,
    /// Somebody or something answered and said nothing.
    Silence,
}

impl CallbackFailure {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Busy,
        Self::NoAnswer,
        Self::Refused,
        Self::Unreachable,
        Self::NoTrunk,
        Self::AgentLeft,
        Self::Machine,
        Self::Silence,
    ];

    /// The failure that a final status of the carrier means.
    pub const fn of(status: u16) -> Self {
        match status {
            486 | 600 => Self::Busy,
            408 | 480 | 487 => Self::NoAnswer,
            403 | 603 | 607 | 608 => Self::Refused,
            _ => Self::Unreachable,
        }
    }

    /// Its word in metrics.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::NoAnswer => "no_answer",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::NoTrunk => "no_trunk",
            Self::AgentLeft => "agent_left",
            Self::Machine => "machine",
            Self::Silence => "silence",
        }
    }
}
