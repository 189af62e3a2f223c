//! The network part of a plan: addresses, transports, media, and the captured messages.

use core::time::Duration;
use std::net::IpAddr;
use std::net::SocketAddr;
use std::path::PathBuf;

use turno_ground::Transport;

use crate::encryption::TlsPlan;
/// How many captured messages are kept for traces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TracePlan {
    /// The size of all kept messages together.
    pub bytes: usize,
    /// How many messages are kept.
    pub messages: usize,
}

/// A digest algorithm (RFC 8760).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestAlgorithm {
    /// MD5: every phone supports it.
    Md5,
    /// SHA-256: stronger, but not supported by every phone.
    Sha256,
}

/// Signalling.
#[derive(Clone, Debug)]
pub struct SipPlan {
    /// Where turno listens.
    pub listen: Vec<(Transport, SocketAddr)>,
    /// The address in Via, Contact and SDP instead of the listening one, for NAT or several interfaces.
    pub advertised: Option<IpAddr>,
    /// The domain of the seats' addresses of record, and the digest realm.
    pub domain: String,
    /// Digest algorithms in the order of the challenges.
    pub digest: Vec<DigestAlgorithm>,
    /// The shortest, longest and default registration.
    pub expires: (Duration, Duration, Duration),
    /// How many bindings a seat may have.
    pub contacts_per_seat_max: u32,
    /// Use a Contact as given, even if the packet came from elsewhere.
    pub contact_as_given: bool,
    /// Answer datagrams to their source port, even if the Via has no rport.
    pub force_rport: bool,
    /// How often each binding gets OPTIONS; `None`: registration alone makes a seat reachable.
    pub options_interval: Option<Duration>,
    /// How many OPTIONS in a row without an answer make a binding unreachable.
    pub options_misses_max: u32,
    /// The most subscriptions of phones to agents and queues (RFC 4235); 0: none.
    pub subscriptions_max: u32,
    /// RFC 4028: the session interval that we ask for.
    pub session_expires: Duration,
    /// RFC 4028: the shortest session interval that we accept.
    pub min_se: Duration,
    /// Requests per second from one address that is neither a trunk nor a registered seat; `None`: no limit.
    pub requests_per_source_max: Option<u32>,
    /// Certificates; `None`: no TLS.
    pub tls: Option<TlsPlan>,
}

/// Media.
#[derive(Clone, Debug)]
pub struct MediaPlan {
    /// The local address of RTP.
    pub bind: IpAddr,
    /// The same for the other address family, if turno listens on both.
    pub bind_other: Option<IpAddr>,
    /// The address in SDP, if it differs.
    pub advertised: Option<IpAddr>,
    /// The same for the other address family.
    pub advertised_other: Option<IpAddr>,
    /// RTP ports, first (even) and last.
    pub ports: (u16, u16),
    /// How long a peer that should send may be silent; `None`: not checked.
    pub inactivity: Option<Duration>,
    /// Codec names in order of preference: `PCMA`, `PCMU`, `G722`.
    pub codecs: Vec<String>,
    /// The file of the hold music.
    pub music: PathBuf,
}
