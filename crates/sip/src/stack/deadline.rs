//! What a stack waits for, by name.

use serde::{Deserialize, Serialize};

use crate::stack::event::{ClientKey, ServerKey, SessionId, SubscriptionId};
use crate::stack::subscription::SubscriptionDeadline;
use crate::transaction::Timer;

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deadline {
    /// When a timer of one of our requests runs out.
    Client(ClientKey, Timer),
    /// When a timer of a peer's request runs out.
    Server(ServerKey, Timer),
    /// When something in a session is due.
    Session(SessionId, SessionDeadline),
    /// When something in a subscription is due.
    Subscription(SubscriptionId, SubscriptionDeadline),
}

/// What may be due in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum SessionDeadline {
    /// When our 2xx goes out again, because its ACK has not come (RFC 3261, 13.3.1.4).
    SuccessAgain,
    /// When we no longer expect the ACK of our 2xx.
    AckMissing,
    /// When our reliable provisional goes out again, because its PRACK has not come (RFC 3262, 3).
    ReliableAgain,
    /// When we no longer expect the PRACK of our reliable provisional.
    PrackMissing,
    /// When a caller that still waits hears our provisional again, lest a proxy gives up (RFC 3261, 13.3.1.1).
    StillRinging,
    /// When a peer's INVITE that is not answered yet runs out, as its Expires says (RFC 3261, 13.3.1).
    InviteExpires,
    /// When a peer that only rings has rung too long.
    AnswerLong,
    /// When an INVITE that we cancelled is given up without a final response (RFC 3261, 9.1).
    CancelUnheard,
    /// When an offer that met the peer's is made again (RFC 3261, 14.1).
    Glare,
    /// When we refresh the session (RFC 4028, 7.2).
    Refresh,
    /// When a session that was not refreshed is over (RFC 4028, 10).
    Expire,
    /// When the subscription of a peer's REFER is over.
    ReferOver,
}
