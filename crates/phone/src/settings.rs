//! Who a phone is, where it stands and how it behaves.

use core::time::Duration;
use std::net::SocketAddr;

use turno_ground::Secret;
use turno_media_plan::Codec;

/// What a phone does by itself. The default rings for ever and never hangs up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behaviour {
    /// Ring for this long, then answer, or refuse if `refuse_with` says so. `None` rings until a verb is called.
    pub answer_after: Option<Duration>,
    /// Refuse with this status (300 to 699) instead of answering; at once if `answer_after` is `None`.
    pub refuse_with: Option<u16>,
    /// Hang up this long after a call, of either direction, was confirmed. `None` waits for the peer.
    pub talk_for: Option<Duration>,
    /// How many calls may stand at once; a further one that comes in is refused with 486.
    pub calls_max: usize,
    /// Takes an offer of RTP/SAVP alone, as softphones with mandatory encryption do; any other gets 488.
    pub savp_alone: bool,
    /// Leaves a late offer without an answer: its ACK has no body.
    pub answers_no_late_offer: bool,
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

/// What a phone knows of itself and of its server.
#[derive(Clone, Debug)]
pub struct PhoneSettings {
    /// The extension, or a caller's number: the user part of its address of record.
    pub user: String,
    /// For digest challenges.
    pub password: Secret,
    /// The host part of its address of record and of what it dials.
    pub domain: String,
    /// Where every datagram goes.
    pub server: SocketAddr,
    /// Where it listens for SIP: stands in Via and Contact.
    pub local: SocketAddr,
    /// Where its first call's RTP arrives (even port); each further call at the same time takes the next even port.
    pub rtp: SocketAddr,
    /// What it speaks, best first.
    pub codecs: Vec<Codec>,
    /// How long a registration is asked for, in whole seconds.
    pub expires: Duration,
    /// What it does by itself.
    pub behaviour: Behaviour,
}

/// As whom a caller on a trunk calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The number in From.
    pub number: String,
    /// The display name in From, without quotes; may be empty.
    pub display: String,
    /// The number in P-Asserted-Identity (RFC 3325), if the carrier vouches for one.
    pub asserted: Option<String>,
}
