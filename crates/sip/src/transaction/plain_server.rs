//! The server transaction of a request other than INVITE (RFC 3261, 17.2.2).
//!
//! ```text
//! Trying --1xx--> Proceeding --2xx-6xx--> Completed --J--> Terminated
//! ```

use serde::{Deserialize, Serialize};

use crate::transaction::Action::{Deliver, End, Send, SendAgain, Start, Stop};
use crate::transaction::{Actions, Timer};

/// The state of a non-INVITE server transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum PlainServer {
    /// Given to the owner, no response sent yet.
    Trying,
    /// Our side sent a 1xx.
    Proceeding,
    /// Answered; the request may come again.
    Completed,
    /// Over, to be removed.
    Terminated,
}

/// An event of a non-INVITE server transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlainServerEvent {
    /// The same request came again.
    Request,
    /// Our side sends a 1xx.
    Provisional,
    /// Our side sends a final response.
    Final,
    /// Timer J ran out.
    TimerJ,
    /// Our side did not answer in time.
    Unanswered,
}

impl PlainServer {
    /// The first step: the request goes to the owner.
    pub(crate) const fn begin() -> (Self, Actions) {
        (Self::Trying, &[Start(Timer::Unanswered), Deliver])
    }

    /// The next state and the actions. `reliable`: the transport itself retransmits.
    pub(crate) const fn after(self, event: PlainServerEvent, reliable: bool) -> (Self, Actions) {
        use PlainServerEvent as E;
        match (self, event) {
            (Self::Trying | Self::Proceeding, E::Provisional) => (Self::Proceeding, &[Send]),
            (Self::Trying | Self::Proceeding, E::Final) if reliable => (Self::Terminated, &[Send, End]),
            (Self::Trying | Self::Proceeding, E::Final) => {
                (Self::Completed, &[Stop(Timer::Unanswered), Send, Start(Timer::J)])
            }
            (Self::Trying | Self::Proceeding, E::Unanswered) => (Self::Terminated, &[End]),
            (Self::Proceeding | Self::Completed, E::Request) => (self, &[SendAgain]),
            (Self::Completed, E::TimerJ) => (Self::Terminated, &[End]),
            (Self::Trying, E::Request | E::TimerJ)
            | (Self::Proceeding, E::TimerJ)
            | (Self::Completed, E::Provisional | E::Final | E::Unanswered)
            | (Self::Terminated, E::Request | E::Provisional | E::Final | E::TimerJ | E::Unanswered) => {
                (self, &[])
            }
        }
    }
}
