//! What a phone waits for.

use crate::client::ClientKey;
use crate::event::CallId;
use crate::server::ServerKey;

/// What a phone waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Deadline {
    /// When our request is repeated (timers A and E).
    Repeat(ClientKey),
    /// When our request is given up, or forgotten if it was answered (timers B, D, F and K).
    GiveUp(ClientKey),
    /// When our refusal of an INVITE is repeated (timer G).
    RepeatRefusal(ServerKey),
    /// When a request of the peer is forgotten (timers H, I and J).
    Forget(ServerKey),
    /// When our 200 to INVITE is repeated.
    RepeatAnswer(CallId),
    /// When we no longer wait for ACK.
    NoAck(CallId),
    /// When the phone answers or refuses by itself.
    Behave(CallId),
    /// When the phone hangs up by itself.
    TalkedEnough(CallId),
    /// When a hold that met the peer's own re-INVITE is tried again (RFC 3261, 14.1).
    TryAgain(CallId),
    /// When a call that is over is forgotten.
    Bury(CallId),
    /// When the registration is refreshed, or tried again.
    Register,
}
