//! The encryption part of a plan: certificates for TLS, and SRTP for audio.

use core::time::Duration;
use std::path::PathBuf;

/// The oldest TLS version that a peer may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsVersion {
    /// RFC 5246.
    Tls12,
    /// RFC 8446.
    Tls13,
}

/// Certificates, and the limits of a handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsPlan {
    /// Our certificate and its chain, in PEM.
    pub certificate: PathBuf,
    /// Its private key, in PEM.
    pub key: PathBuf,
    /// The root certificates for checking trunks; `None`: those of the system.
    pub ca: Option<PathBuf>,
    /// The oldest version allowed.
    pub oldest: TlsVersion,
    /// How long a handshake may take.
    pub handshake: Duration,
    /// How many handshakes may be in progress at one time.
    pub handshakes_max: u32,
    /// How often the files are checked for a change.
    pub look_interval: Duration,
}

/// The SRTP setting of a seat or a trunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum SrtpWish {
    /// Not set: SRTP is offered over TLS only.
    #[default]
    ByTransport,
    /// Plain RTP.
    Never,
    /// SRTP if the peer supports it.
    Offered,
    /// SRTP, or no call.
    Required,
}

/// The SRTP settings of a seat or a trunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct SrtpPlan {
    /// Whether SRTP is used.
    pub wish: SrtpWish,
    /// Whether SRTP keys may be sent over a transport without TLS, where others can read them.
    pub without_tls: bool,
}
