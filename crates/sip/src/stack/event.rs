//! What a stack tells its owner.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use turno_ground::Flow;

use crate::dialog::transfer::{ReferId, Replaces};
use crate::message::received::Message;

/// A peer's request outside sessions, until it is answered. Never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ServerKey(pub(crate) u64);

/// A request of ours outside sessions. Never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClientKey(pub(crate) u64);

/// A call with one peer: an INVITE and the dialog it makes. Never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SessionId(pub(crate) u64);

impl SessionId {
    /// The number, to name a session where no SIP is known.
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The session of a number.
    pub const fn of_number(number: u64) -> Self {
        Self(number)
    }
}

/// A subscription of a peer to events of ours. Never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SubscriptionId(pub(crate) u64);

impl SubscriptionId {
    /// The number, as the key of a row.
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The subscription of a number.
    pub const fn of_number(number: u64) -> Self {
        Self(number)
    }
}

/// What happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// A peer asks for something outside sessions; the owner must [`crate::Stack::respond`].
    Request {
        /// What to respond to.
        key: ServerKey,
        /// The request.
        message: Box<Message>,
        /// How it came.
        flow: Flow,
    },
    /// A peer answered our request outside sessions: provisional or final.
    Response {
        /// Our request.
        key: ClientKey,
        /// The response.
        message: Box<Message>,
        /// How it came.
        flow: Flow,
    },
    /// Nobody answered our request outside sessions, or its flow is gone.
    Unanswered {
        /// Our request.
        key: ClientKey,
    },
    /// A request within a call came by a stream from another address than the peer's: it may be the peer, at another
    /// place, or anybody who knows the dialog's names. The owner lets it in by [`crate::Stack::vouch`], or responds.
    Elsewhere {
        /// What to respond to.
        key: ServerKey,
        /// The call.
        session: SessionId,
        /// The request.
        message: Box<Message>,
        /// How it came.
        flow: Flow,
    },
    /// A new call. It has had its 100.
    Invite {
        /// The new session.
        session: SessionId,
        /// The INVITE.
        message: Box<Message>,
        /// How it came.
        flow: Flow,
        /// The peer's SDP, if the INVITE offers.
        offer: Option<Bytes>,
        /// The call of ours whose place it is to take (RFC 3891): whether it may is the owner's to decide.
        replaces: Option<SessionId>,
    },
    /// Something happened in a session.
    Session {
        /// The session.
        session: SessionId,
        /// What happened.
        event: SessionEvent,
    },
    /// Something happened in a subscription.
    Subscription {
        /// The subscription.
        subscription: SubscriptionId,
        /// What happened.
        event: SubscriptionEvent,
    },
}

/// What happened in a subscription of a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubscriptionEvent {
    /// The peer refreshed it, or asked for its end: the owner must tell the state, by [`crate::Stack::notify`].
    Refreshed,
    /// It is over: not refreshed, or the peer no longer answers.
    Ended,
}

/// What happened in a session. Each session ends with exactly one of `Refused`, `Cancelled` and `Ended`.
#[derive(Clone, Debug)]
pub enum SessionEvent {
    /// Our INVITE is on its way: 101 to 199.
    Progress {
        /// The status.
        status: u16,
        /// The peer's SDP: early media.
        sdp: Option<Bytes>,
    },
    /// Our INVITE was accepted. The ACK has been sent, unless our INVITE had no SDP and the 2xx offers: then it
    /// goes with [`crate::Stack::answer`].
    Accepted {
        /// The peer's SDP.
        sdp: Option<Bytes>,
        /// The 2xx.
        message: Box<Message>,
    },
    /// Our INVITE failed. The session is over.
    Refused {
        /// The status; 408 when nobody answered, 503 when the transport failed.
        status: u16,
        /// The response, if there was one.
        message: Option<Box<Message>>,
    },
    /// The peer's ACK came: its INVITE has become a call.
    Confirmed {
        /// The peer's answer, if our 2xx offered.
        sdp: Option<Bytes>,
    },
    /// The peer took its INVITE back before we answered. The session is over.
    Cancelled,
    /// The peer wants to change the session: [`crate::Stack::answer`] or [`crate::Stack::refuse_offer`].
    Offered {
        /// The peer's offer; with none we are asked to offer.
        sdp: Option<Bytes>,
    },
    /// The peer answered our offer.
    Answered {
        /// The answer.
        sdp: Bytes,
    },
    /// The peer refused our offer. The session goes on as it was.
    OfferRefused {
        /// The status.
        status: u16,
    },
    /// The peer asks us to call somebody: [`crate::Stack::refer_reply`].
    Refer {
        /// What to reply to.
        refer: ReferId,
        /// The URI to call, without the headers it carried.
        target: String,
        /// The dialog to take over, for an attended transfer.
        replaces: Option<Replaces>,
        /// Who asks, by its own account.
        referred_by: Option<String>,
    },
    /// How our [`crate::Stack::refer`] is doing.
    Notified {
        /// The status the peer reports.
        status: u16,
    },
    /// The peer sent an INFO; it has been answered.
    Info {
        /// Its Content-Type.
        content_type: String,
        /// Its body.
        body: Bytes,
    },
    /// The session is over.
    Ended {
        /// Who or what ended it.
        by: EndedBy,
        /// The peer's Reason header.
        reason: Option<String>,
    },
}

/// Who or what ended a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EndedBy {
    /// The peer hung up.
    Peer,
    /// Nobody refreshed it in time (RFC 4028).
    SessionTimer,
    /// The peer never confirmed our 2xx, or our reliable provisional.
    AckMissing,
    /// The peer did not answer, or did not know the dialog any more.
    PeerLost,
    /// We did.
    Us,
}
