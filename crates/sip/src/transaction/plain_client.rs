//! The client transaction of a request other than INVITE (RFC 3261, 17.1.2).
//!
//! ```text
//! Trying --1xx--> Proceeding --2xx-6xx--> Completed --K--> Terminated
//!    +--F--> Terminated <--F--+
//! ```

use serde::{Deserialize, Serialize};

use crate::transaction::Action::{
    Deliver, End, Longer, Send, SendAgain, Start, Stop, TellFailure, TellTimeout,
};
use crate::transaction::{Actions, Timer};

/// The state of a non-INVITE client transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum PlainClient {
    /// Sent, no response yet.
    Trying,
    /// A provisional response came.
    Proceeding,
    /// Answered; the final response may come again.
    Completed,
    /// Over, to be removed.
    Terminated,
}

/// An event of a non-INVITE client transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlainClientEvent {
    /// A 1xx came.
    Provisional,
    /// A final response came.
    Final,
    /// Timer E ran out.
    TimerE,
    /// Timer F ran out.
    TimerF,
    /// Timer K ran out.
    TimerK,
    /// The transport failed.
    TransportFailed,
}

impl PlainClient {
    /// The first step: the request is sent.
    pub(crate) const fn begin(reliable: bool) -> (Self, Actions) {
        let actions: Actions =
            if reliable { &[Send, Start(Timer::F)] } else { &[Send, Start(Timer::E), Start(Timer::F)] };
        (Self::Trying, actions)
    }

    /// The next state and the actions. `reliable`: the transport itself retransmits.
    pub(crate) const fn after(self, event: PlainClientEvent, reliable: bool) -> (Self, Actions) {
        use PlainClientEvent as E;
        match (self, event) {
            (Self::Trying, E::Provisional) => (Self::Proceeding, &[Deliver]),
            (Self::Proceeding, E::Provisional) => (Self::Proceeding, &[Deliver]),
            (Self::Trying | Self::Proceeding, E::Final) if reliable => (Self::Terminated, &[Deliver, End]),
            (Self::Trying | Self::Proceeding, E::Final) => {
                (Self::Completed, &[Stop(Timer::E), Stop(Timer::F), Start(Timer::K), Deliver])
            }
            (Self::Trying | Self::Proceeding, E::TimerE) => (self, &[SendAgain, Longer(Timer::E)]),
            (Self::Trying | Self::Proceeding, E::TimerF) => (Self::Terminated, &[TellTimeout, End]),
            (Self::Trying | Self::Proceeding, E::TransportFailed) => (Self::Terminated, &[TellFailure, End]),
            (Self::Completed, E::TimerK) => (Self::Terminated, &[End]),
            (Self::Trying | Self::Proceeding, E::TimerK)
            | (Self::Completed, E::Provisional | E::Final | E::TimerE | E::TimerF | E::TransportFailed)
            | (
                Self::Terminated,
                E::Provisional | E::Final | E::TimerE | E::TimerF | E::TimerK | E::TransportFailed,
            ) => (self, &[]),
        }
    }
}
