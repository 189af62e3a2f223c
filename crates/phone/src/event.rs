//! The events that a phone reports.

use std::net::SocketAddr;

use turno_media_plan::{Codec, Direction, Encoding};

/// The number of one call of a phone, from 1; never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u64);

/// Something that happened at a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhoneEvent {
    /// A registration, first or refreshed, was accepted.
    Registered,
    /// The phone is unregistered, as asked.
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
        /// Where the peer receives RTP, if that is agreed.
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
    /// Media was agreed, for the first time or again. If the peer holds, the direction does not receive.
    Media {
        /// The call.
        call: CallId,
        /// Where this phone receives the call's RTP.
        local_rtp: SocketAddr,
        /// Where the peer receives RTP.
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
    /// Our resume was accepted.
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
    /// The result of a transfer that we asked for: the refusal of REFER, or the final status in a NOTIFY (RFC 3515).
    TransferResult {
        /// The call to transfer.
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
    /// The server broke a rule. Tests assert that this never happens.
    Confused {
        /// What was wrong.
        what: String,
    },
}
