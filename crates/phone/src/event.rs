//! What a phone tells its user.

use std::net::SocketAddr;

use turno_media_plan::{Codec, Direction, Encoding};

/// One call of one phone, counted from 1; never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u64);

/// Something that happened at a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhoneEvent {
    /// A registration, first or refreshed, was accepted.
    Registered,
    /// The registration was taken back as asked.
    Unregistered,
    /// The registration was refused with this status; 408 if nothing came back.
    RegistrationFailed(u16),
    /// A call rings here.
    Incoming {
        /// The call.
        call: CallId,
        /// The user part of From.
        caller: String,
        /// The display name of From, without quotes; may be empty.
        display: String,
        /// The user part of P-Asserted-Identity.
        asserted: Option<String>,
    },
    /// Our call made progress (101 to 199).
    Ringing {
        /// The call.
        call: CallId,
        /// The provisional status.
        status: u16,
    },
    /// A call is confirmed: we have acknowledged the peer's 200, or the peer has acknowledged ours.
    Answered {
        /// The call.
        call: CallId,
        /// Where the peer listens, if that is agreed.
        remote_rtp: Option<SocketAddr>,
        /// The codec, if one is agreed.
        codec: Option<Codec>,
    },
    /// Our call was refused (300 to 699); 408 if nothing came back. The call is over.
    Refused {
        /// The call.
        call: CallId,
        /// The final status.
        status: u16,
    },
    /// Media was agreed or agreed anew; a peer's hold shows as a direction that does not receive.
    Media {
        /// The call.
        call: CallId,
        /// Where this call's RTP arrives.
        local_rtp: SocketAddr,
        /// Where the peer listens.
        remote_rtp: SocketAddr,
        /// Codec and payload types.
        encoding: Encoding,
        /// Which way audio may flow, seen from this phone.
        direction: Direction,
    },
    /// Our hold was accepted.
    Held {
        /// The call.
        call: CallId,
    },
    /// Our call back from hold was accepted.
    Resumed {
        /// The call.
        call: CallId,
    },
    /// Our hold or resume was refused with this status.
    HoldRefused {
        /// The call.
        call: CallId,
        /// The final status.
        status: u16,
    },
    /// How a transfer that we asked for ended: the refusal of REFER, or the final status told by NOTIFY (RFC 3515).
    TransferResult {
        /// The call that was to be passed on.
        call: CallId,
        /// The final status.
        status: u16,
    },
    /// A call is over.
    Ended {
        /// The call.
        call: CallId,
        /// Whether we ended it.
        by_us: bool,
    },
    /// The server did something against the rules. A test asks that there be none.
    Confused {
        /// What was wrong.
        what: String,
    },
}
