//! The deadlines of a phone.

use crate::client::ClientKey;
use crate::event::CallId;
use crate::server::ServerKey;

/// A deadline of a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Deadline {
    /// When our request is retransmitted (timers A and E).
    Repeat(ClientKey),
    /// When our request is given up, or forgotten if it was answered (timers B, D, F and K).
    GiveUp(ClientKey),
    /// When our refusal of an INVITE is retransmitted (timer G).
    RepeatRefusal(ServerKey),
    /// When a request of the peer is forgotten (timers H, I and J).
    Forget(ServerKey),
    /// When our 200 to INVITE is retransmitted.
    RepeatAnswer(CallId),
    /// When we stop waiting for the ACK.
    NoAck(CallId),
    /// When the phone answers or refuses automatically.
    Behave(CallId),
    /// When the phone hangs up automatically.
    TalkedEnough(CallId),
    /// When a hold or resume is tried again after glare (RFC 3261, 14.1).
    TryAgain(CallId),
    /// When a call that is over is forgotten.
    Remove(CallId),
    /// When the registration is refreshed or tried again.
    Register,
}
