//! A peer's INVITE on its way to our final response (RFC 3261, 17.2.1; RFC 6026, 7.1).
//!
//! ```text
//! Proceeding --2xx--> Accepted --L--> Terminated
//!     +--3xx-6xx--> Completed --ACK--> Confirmed --I--> Terminated
//!                       +--H--> Terminated
//! ```

use serde::{Deserialize, Serialize};

use crate::transaction::Action::{Deliver, End, Longer, Send, SendAgain, Start, Stop, TellTimeout};
use crate::transaction::{Actions, Timer};

/// Where a peer's INVITE stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum InviteServer {
    /// No final response yet.
    Proceeding,
    /// Refused, without ACK.
    Completed,
    /// Refused, with ACK.
    Confirmed,
    /// Accepted; our side repeats the 2xx until its ACK comes.
    Accepted,
    /// To be forgotten.
    Terminated,
}

/// What may happen to a peer's INVITE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InviteServerEvent {
    /// The same INVITE came again.
    Request,
    /// Its ACK came.
    Ack,
    /// Our side says 1xx.
    Provisional,
    /// Our side says 2xx.
    Success,
    /// Our side says 300 or more.
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
    /// The first step: the INVITE is handed up.
    pub(crate) const fn begin() -> (Self, Actions) {
        (Self::Proceeding, &[Deliver])
    }

    /// The next state, and what is to be done. `reliable` says that the transport itself repeats.
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
            // An ACK with the INVITE's own branch: an RFC 2543 peer's, or a careless one's (RFC 6026, 7.1).
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
            // Copies of an accepted INVITE are absorbed: the 2xx is repeated above (RFC 6026, 7.1).
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
