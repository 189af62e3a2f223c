//! A phone's settings: its account, its addresses and its automatic behaviour.

use core::time::Duration;
use std::net::SocketAddr;

use turno_ground::Secret;
use turno_media_plan::Codec;

/// What a phone does automatically. The default rings for ever and never hangs up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behaviour {
    /// Ring for this long, then answer, or refuse if `refuse_with` is set. `None` rings until the phone is told what to
    /// do.
    pub answer_after: Option<Duration>,
    /// Refuse with this status (300 to 699) instead of answering; at once if `answer_after` is `None`.
    pub refuse_with: Option<u16>,
    /// Hang up this long after a call in either direction is confirmed. `None` waits for the peer.
    pub talk_for: Option<Duration>,
    /// Maximum number of calls at once; a further incoming call is refused with 486.
    pub calls_max: usize,
    /// Accepts only RTP/SAVP offers, as softphones with mandatory encryption do; any other gets 488.
    pub savp_alone: bool,
    /// Does not answer a late offer: its ACK has no body.
    pub answers_no_late_offer: bool,
    /// Answers, and takes its call back from hold, when it is told to by `NOTIFY` with `Event: talk`, as many desk phones do.
    pub takes_orders: bool,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            answer_after: None,
            refuse_with: None,
            talk_for: None,
            calls_max: 4,
            savp_alone: false,
            answers_no_late_offer: false,
            takes_orders: false,
        }
    }
}

impl Behaviour {
    /// Rings for `ring`, then answers and waits for the peer to hang up.
    pub fn answering(ring: Duration) -> Self {
        Self { answer_after: Some(ring), ..Self::default() }
    }

    /// Refuses every call at once with `status`.
    pub fn refusing(status: u16) -> Self {
        Self { refuse_with: Some(status), ..Self::default() }
    }
}

/// The settings of a phone.
#[derive(Clone, Debug)]
pub struct PhoneSettings {
    /// The extension, or a caller's number: the user part of its address of record.
    pub user: String,
    /// For digest challenges.
    pub password: Secret,
    /// The host part of its address of record and of the URIs it dials.
    pub domain: String,
    /// Where every datagram is sent.
    pub server: SocketAddr,
    /// Where it listens for SIP; this address is in its Via and Contact.
    pub local: SocketAddr,
    /// Where its first call receives RTP (even port); each further call at the same time uses the next even port.
    pub rtp: SocketAddr,
    /// Its codecs, best first.
    pub codecs: Vec<Codec>,
    /// The lifetime that a registration asks for, in whole seconds.
    pub expires: Duration,
    /// Its automatic behaviour.
    pub behaviour: Behaviour,
}

/// The identity of a caller on a trunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The number in From.
    pub number: String,
    /// The display name in From, without quotes; may be empty.
    pub display: String,
    /// The number in P-Asserted-Identity (RFC 3325), if the carrier vouches for one.
    pub asserted: Option<String>,
}
