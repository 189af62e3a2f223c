//! The INVITE server transaction (RFC 3261, 17.2.1; RFC 6026, 7.1).
//!
//! ```text
//! Proceeding --2xx--> Accepted --L--> Terminated
//!     +--3xx-6xx--> Completed --ACK--> Confirmed --I--> Terminated
//!                       +--H--> Terminated
//! ```

use serde::{Deserialize, Serialize};

use crate::transaction::Action::{Deliver, End, Longer, Send, SendAgain, Start, Stop, TellTimeout};
use crate::transaction::{Actions, Timer};

/// The state of an INVITE server transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum InviteServer {
    /// No final response sent yet.
    Proceeding,
    /// Refused, no ACK yet.
    Completed,
    /// Refused, ACK received.
    Confirmed,
    /// Accepted; our side retransmits the 2xx until its ACK comes.
    Accepted,
    /// Over, to be removed.
    Terminated,
}

/// An event of an INVITE server transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InviteServerEvent {
    /// The same INVITE came again.
    Request,
    /// Its ACK came.
    Ack,
    /// Our side sends a 1xx.
    Provisional,
    /// Our side sends a 2xx.
    Success,
    /// Our side sends a final response from 300.
    Refusal,
    /// Timer G ran out.
    TimerG,
    /// Timer H ran out.
    TimerH,
    /// Timer I ran out.
    TimerI,
    /// Timer L ran out.
    TimerL,
}

impl InviteServer {
    /// The first step: the INVITE goes to the owner.
    pub(crate) const fn begin() -> (Self, Actions) {
        (Self::Proceeding, &[Deliver])
    }

    /// The next state and the actions. `reliable`: the transport itself retransmits.
    pub(crate) const fn after(self, event: InviteServerEvent, reliable: bool) -> (Self, Actions) {
        use InviteServerEvent as E;
        match (self, event) {
            (Self::Proceeding, E::Request) => (Self::Proceeding, &[SendAgain]),
            (Self::Proceeding, E::Provisional) => (Self::Proceeding, &[Send]),
            (Self::Proceeding, E::Success) => (Self::Accepted, &[Send, Start(Timer::L)]),
            (Self::Proceeding, E::Refusal) if reliable => (Self::Completed, &[Send, Start(Timer::H)]),
            (Self::Proceeding, E::Refusal) => {
                (Self::Completed, &[Send, Start(Timer::G), Start(Timer::H)])
            }
            (Self::Completed, E::Request) => (Self::Completed, &[SendAgain]),
            (Self::Completed, E::TimerG) => (Self::Completed, &[SendAgain, Longer(Timer::G)]),
            (Self::Completed, E::TimerH) => (Self::Terminated, &[TellTimeout, End]),
            (Self::Completed, E::Ack) if reliable => (Self::Terminated, &[End]),
            (Self::Completed, E::Ack) => {
                (Self::Confirmed, &[Stop(Timer::G), Stop(Timer::H), Start(Timer::I)])
            }
            (Self::Confirmed, E::TimerI) => (Self::Terminated, &[End]),
            // An ACK with the INVITE's own branch, from an RFC 2543 peer or a faulty one (RFC 6026, 7.1).
            (Self::Accepted, E::Ack) => (Self::Accepted, &[Deliver]),
            (Self::Accepted, E::TimerL) => (Self::Terminated, &[End]),
            (Self::Proceeding, E::Ack | E::TimerG | E::TimerH | E::TimerI | E::TimerL)
            | (Self::Completed, E::Provisional | E::Success | E::Refusal | E::TimerI | E::TimerL)
            | (
                Self::Confirmed,
                E::Request
                | E::Ack
                | E::Provisional
                | E::Success
                | E::Refusal
                | E::TimerG
                | E::TimerH
                | E::TimerL,
            )
            // Copies of an accepted INVITE are absorbed: the layer above retransmits the 2xx (RFC 6026, 7.1).
            | (
                Self::Accepted,
                E::Request
                | E::Provisional
                | E::Success
                | E::Refusal
                | E::TimerG
                | E::TimerH
                | E::TimerI,
            )
            | (
                Self::Terminated,
                E::Request
                | E::Ack
                | E::Provisional
                | E::Success
                | E::Refusal
                | E::TimerG
                | E::TimerH
                | E::TimerI
                | E::TimerL,
            ) => (self, &[]),
        }
    }
}
