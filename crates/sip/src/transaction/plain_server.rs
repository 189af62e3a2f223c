//! A peer's request other than INVITE on its way to our final response (RFC 3261, 17.2.2).
//!
//! ```text
//! Trying --1xx--> Proceeding --2xx-6xx--> Completed --J--> Terminated
//! ```

use serde::{Deserialize, Serialize};

use crate::transaction::Action::{Deliver, End, Send, SendAgain, Start, Stop};
use crate::transaction::{Actions, Timer};

/// Where a peer's request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum PlainServer {
    /// Handed up, nothing said.
    Trying,
    /// Our side said 1xx.
    Proceeding,
    /// Answered; the request may come again.
    Completed,
    /// To be forgotten.
    Terminated,
}

/// What may happen to a peer's request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlainServerEvent {
    /// The same request came again.
    Request,
    /// Our side says 1xx.
    Provisional,
    /// Our side says 200 or more.
    Final,
    /// Timer J ran out.
    TimerJ,
    /// Our side never answered.
    Unanswered,
}

impl PlainServer {
    /// The first step: the request is handed up.
    pub(crate) const fn begin() -> (Self, Actions) {
        (Self::Trying, &[Start(Timer::Unanswered), Deliver])
    }

    /// The next state, and what is to be done. `reliable` says that the transport itself repeats.
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
