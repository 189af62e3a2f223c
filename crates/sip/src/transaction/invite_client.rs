//! The INVITE client transaction (RFC 3261, 17.1.1; RFC 6026, 7.2).
//!
//! ```text
//! Calling --1xx--> Proceeding --2xx--> Accepted  --M--> Terminated
//!    |                 |                   ^
//!    |                 +--3xx-6xx--> Completed --D--> Terminated
//!    +--B--> Terminated
//! ```

use serde::{Deserialize, Serialize};

use crate::transaction::Action::{
    Ack, Deliver, End, Longer, Send, SendAgain, Start, Stop, TellFailure, TellTimeout,
};
use crate::transaction::{Actions, Timer};

/// The state of an INVITE client transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum InviteClient {
    /// Sent, no response yet.
    Calling,
    /// A provisional response came.
    Proceeding,
    /// Refused; the refusal may come again.
    Completed,
    /// Accepted; the 2xx may come again, or from another fork.
    Accepted,
    /// Over, to be removed.
    Terminated,
}

/// An event of an INVITE client transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InviteClientEvent {
    /// A 1xx came.
    Provisional,
    /// A 2xx came.
    Success,
    /// A final response from 300 came.
    Refusal,
    /// Timer A ran out.
    TimerA,
    /// Timer B ran out.
    TimerB,
    /// Timer D ran out.
    TimerD,
    /// Timer M ran out.
    TimerM,
    /// The transport failed.
    TransportFailed,
}

impl InviteClient {
    /// The first step: the INVITE is sent.
    pub(crate) const fn begin(reliable: bool) -> (Self, Actions) {
        let actions: Actions =
            if reliable { &[Send, Start(Timer::B)] } else { &[Send, Start(Timer::A), Start(Timer::B)] };
        (Self::Calling, actions)
    }

    /// The next state and the actions. `reliable`: the transport itself retransmits.
    pub(crate) const fn after(self, event: InviteClientEvent, reliable: bool) -> (Self, Actions) {
        use InviteClientEvent as E;
        match (self, event) {
            (Self::Calling, E::Provisional) => (Self::Proceeding, &[Stop(Timer::A), Stop(Timer::B), Deliver]),
            (Self::Calling, E::Success) => {
                (Self::Accepted, &[Stop(Timer::A), Stop(Timer::B), Start(Timer::M), Deliver])
            }
            (Self::Calling, E::Refusal) if reliable => (Self::Terminated, &[Ack, Deliver, End]),
            (Self::Calling, E::Refusal) => {
                (Self::Completed, &[Stop(Timer::A), Stop(Timer::B), Ack, Start(Timer::D), Deliver])
            }
            (Self::Calling, E::TimerA) => (Self::Calling, &[SendAgain, Longer(Timer::A)]),
            (Self::Calling, E::TimerB) => (Self::Terminated, &[TellTimeout, End]),
            (Self::Calling | Self::Proceeding, E::TransportFailed) => (Self::Terminated, &[TellFailure, End]),
            (Self::Proceeding, E::Provisional) => (Self::Proceeding, &[Deliver]),
            (Self::Proceeding, E::Success) => (Self::Accepted, &[Start(Timer::M), Deliver]),
            (Self::Proceeding, E::Refusal) if reliable => (Self::Terminated, &[Ack, Deliver, End]),
            (Self::Proceeding, E::Refusal) => (Self::Completed, &[Ack, Start(Timer::D), Deliver]),
            // The refusal came again because our ACK was lost; the owner has it already.
            (Self::Completed, E::Refusal) => (Self::Completed, &[Ack]),
            (Self::Completed, E::TimerD | E::TransportFailed) => (Self::Terminated, &[End]),
            // The owner acknowledges copies of the 2xx, and the 2xx of other forks (RFC 6026, 7.2).
            (Self::Accepted, E::Success) => (Self::Accepted, &[Deliver]),
            (Self::Accepted, E::TimerM) => (Self::Terminated, &[End]),
            (Self::Calling, E::TimerD | E::TimerM)
            | (Self::Proceeding, E::TimerA | E::TimerB | E::TimerD | E::TimerM)
            | (Self::Completed, E::Provisional | E::Success | E::TimerA | E::TimerB | E::TimerM)
            | (
                Self::Accepted,
                E::Provisional | E::Refusal | E::TimerA | E::TimerB | E::TimerD | E::TransportFailed,
            )
            | (
                Self::Terminated,
                E::Provisional
                | E::Success
                | E::Refusal
                | E::TimerA
                | E::TimerB
                | E::TimerD
                | E::TimerM
                | E::TransportFailed,
            ) => (self, &[]),
        }
    }
}
