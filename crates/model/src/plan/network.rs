//! How turno is reached: addresses, transports, voices, and what is kept of the messages.

use core::time::Duration;
use std::net::IpAddr;
use std::net::SocketAddr;
use std::path::PathBuf;

use turno_ground::Transport;

use crate::encryption::TlsPlan;
/// How many of the messages that passed are kept, so that a contact can be traced afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TracePlan {
    /// Bytes of all kept messages together.
    pub bytes: usize,
    /// Messages.
    pub messages: usize,
}

/// Which digest algorithm is offered (RFC 8760).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestAlgorithm {
    /// What every phone knows.
    Md5,
    /// Stronger, where the phone knows it.
    Sha256,
}

/// Signalling.
#[derive(Clone, Debug)]
pub struct SipPlan {
    /// Where turno listens.
    pub listen: Vec<(Transport, SocketAddr)>,
    /// What Via, Contact and SDP say instead of the listening address, where NAT or several interfaces ask for it.
    pub advertised: Option<IpAddr>,
    /// The domain of the seats' addresses of record, and the digest realm.
    pub domain: String,
    /// Digest algorithms in the order of the challenges.
    pub digest: Vec<DigestAlgorithm>,
    /// Shortest, longest and default registration.
    pub expires: (Duration, Duration, Duration),
    /// Registered contacts a seat may have.
    pub contacts_per_seat_max: u32,
    /// Use a Contact as given, even where the packet came from elsewhere.
    pub contact_as_given: bool,
    /// Answer datagrams at the port they came from, even where their Via does not ask for it.
    pub force_rport: bool,
    /// How often each registered contact is asked by OPTIONS; `None`: registration alone makes a seat reachable.
    pub options_interval: Option<Duration>,
    /// Unanswered OPTIONS in a row that make a contact unreachable.
    pub options_misses_max: u32,
    /// RFC 4028: what is asked for, and the least that is accepted.
    pub session_expires: Duration,
    /// RFC 4028: the least that is accepted.
    pub min_se: Duration,
    /// Requests a second from one address that is neither a trunk nor a registered seat; `None`: no limit.
    pub requests_per_source_max: Option<u32>,
    /// Certificates; `None`: no TLS.
    pub tls: Option<TlsPlan>,
}

/// Voices.
#[derive(Clone, Debug)]
pub struct MediaPlan {
    /// Where RTP is bound.
    pub bind: IpAddr,
    /// The same for the other family, where turno listens on both.
    pub bind_other: Option<IpAddr>,
    /// What SDP says, where that differs.
    pub advertised: Option<IpAddr>,
    /// The same for the other family.
    pub advertised_other: Option<IpAddr>,
    /// RTP ports, first (even) and last.
    pub ports: (u16, u16),
    /// How long a peer that should send may be silent.
    pub inactivity: Option<Duration>,
    /// Codec names in order of preference: `PCMA`, `PCMU`, `G722`.
    pub codecs: Vec<String>,
    /// Hold music.
    pub music: PathBuf,
}
