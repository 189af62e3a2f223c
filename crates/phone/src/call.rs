//! One call of a phone: its state, its dialog and its negotiation.

use core::time::Duration;

use bytes::Bytes;
use turno_media_plan::Direction;
use turno_media_plan::sdp::Negotiation;

use crate::client::{ClientKey, Wish};
use crate::reading;
use crate::server::ServerKey;

/// The state of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    /// Our INVITE has no final response yet.
    Calling {
        /// The INVITE.
        invite: ClientKey,
        /// Whether a provisional response came; before it CANCEL must not be sent (RFC 3261, 9.1).
        provisional: bool,
        /// Whether we hung up before an answer.
        hung_up: bool,
    },
    /// The peer's INVITE rings here.
    Alerting {
        /// The INVITE.
        invite: ServerKey,
    },
    /// We have answered and wait for ACK.
    Answering,
    /// Confirmed.
    Talking,
    /// Over; kept for a while for crossing requests.
    Ended,
}

/// A 200 to INVITE that is retransmitted until its ACK comes (RFC 3261, 13.3.1.4).
#[derive(Clone, Debug)]
pub(crate) struct Unconfirmed {
    pub(crate) bytes: Bytes,
    pub(crate) interval: Duration,
    /// Whether it carries our offer, so that the ACK must have the answer.
    pub(crate) offers: bool,
}

/// One call.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) life: Life,
    /// Call-ID.
    pub(crate) sip_id: String,
    /// Our address with our tag.
    pub(crate) local: String,
    pub(crate) local_tag: String,
    /// The peer's address, with its tag once it is known.
    pub(crate) remote: String,
    pub(crate) remote_tag: Option<String>,
    pub(crate) local_cseq: u32,
    pub(crate) remote_cseq: Option<u32>,
    /// The peer's Contact, or the dialled URI before it is known.
    pub(crate) target: String,
    pub(crate) routes: Vec<String>,
    pub(crate) negotiation: Negotiation,
    /// Which pair of RTP ports it uses, counted from 0.
    pub(crate) lane: u16,
    /// Whether we hold the peer.
    pub(crate) held: bool,
    /// Our hold or resume, pending or to be tried again.
    pub(crate) wish: Option<Wish>,
    /// Whether our re-INVITE is pending.
    pub(crate) reinviting: bool,
    /// Whether our INVITE had no offer, so that our ACK must have the answer.
    pub(crate) late_offer: bool,
    /// Our ACK of the last 200 with its CSeq number, to send again.
    pub(crate) ack: Option<(u32, Bytes)>,
    pub(crate) unconfirmed: Option<Unconfirmed>,
    /// Whether a REFER was sent and its result is not known yet.
    pub(crate) transferring: bool,
    /// Whether the peer has sent BYE.
    pub(crate) peer_left: bool,
}

impl Call {
    /// A call with its state and media; the function's caller fills in the rest.
    pub(crate) fn new(life: Life, negotiation: Negotiation, lane: u16) -> Self {
        Self {
            life,
            sip_id: String::new(),
            local: String::new(),
            local_tag: String::new(),
            remote: String::new(),
            remote_tag: None,
            local_cseq: 0,
            remote_cseq: None,
            target: String::new(),
            routes: Vec::new(),
            negotiation,
            lane,
            held: false,
            wish: None,
            reinviting: false,
            late_offer: false,
            ack: None,
            unconfirmed: None,
            transferring: false,
            peer_left: false,
        }
    }

    /// The media direction that this phone wants now.
    pub(crate) fn wanted(&self) -> Direction {
        asking(self.held)
    }

    pub(crate) fn is_alive(&self) -> bool {
        !matches!(self.life, Life::Ended)
    }

    /// The peer's URI, without brackets and tag.
    pub(crate) fn remote_uri(&self) -> &str {
        reading::address(&self.remote)
    }
}

/// The direction in our offer: send-only while the phone holds.
pub(crate) const fn asking(hold: bool) -> Direction {
    if hold { Direction::SendOnly } else { Direction::SendRecv }
}
