//! The four transaction machines of RFC 3261, 17, with the Accepted states of RFC 6026.
//!
//! Each machine is an enum whose `after` is a table: a state and an event give the next state and a list of actions.
//! The machines do not send, wait or keep bytes; the stack carries the actions out.

pub(crate) mod clock;
pub(crate) mod invite_client;
pub(crate) mod invite_server;
pub(crate) mod key;
pub(crate) mod plain_client;
pub(crate) mod plain_server;

#[cfg(test)]
#[path = "transaction/tables_tests.rs"]
mod tables_tests;

use serde::{Deserialize, Serialize};

/// A transaction's timer, by its letter in RFC 3261, table 4, and RFC 6026.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Timer {
    /// When an unanswered INVITE is sent again.
    A,
    /// When an unanswered INVITE is given up.
    B,
    /// When a refused INVITE's client transaction no longer expects copies of the refusal.
    D,
    /// When an unanswered request other than INVITE is sent again.
    E,
    /// When an unanswered request other than INVITE is given up.
    F,
    /// When a refusal without an ACK is sent again.
    G,
    /// When we stop waiting for a refusal's ACK.
    H,
    /// When a late copy of a refusal's ACK is no longer expected.
    I,
    /// When a late copy of an answered request is no longer expected.
    J,
    /// When a late copy of a final response is no longer expected.
    K,
    /// When an accepted INVITE's server transaction is forgotten.
    L,
    /// When an accepted INVITE's client transaction is forgotten.
    M,
    /// When a request that our side never answered is forgotten: its sender has given up by then.
    Unanswered,
}

/// What a machine asks the stack to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Send the message that caused this step.
    Send,
    /// Send the last message again, unchanged.
    SendAgain,
    /// Send the ACK of a refusal (RFC 3261, 17.1.1.3).
    Ack,
    /// Hand the message to the transaction's owner.
    Deliver,
    /// Start a timer at its first span.
    Start(Timer),
    /// Start a timer at twice its last span, at most T2 where the RFC says so.
    Longer(Timer),
    /// Stop a timer.
    Stop(Timer),
    /// Tell the owner that nobody answered.
    TellTimeout,
    /// Tell the owner that the transport failed.
    TellFailure,
    /// Forget the transaction.
    End,
}

/// The actions of one step, in order.
pub(crate) type Actions = &'static [Action];
