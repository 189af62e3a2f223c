//! What a plan says of encryption: certificates for TLS, and whose voices are encrypted.

use core::time::Duration;
use std::path::PathBuf;

/// The oldest TLS that a peer may speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsVersion {
    /// RFC 5246.
    Tls12,
    /// RFC 8446.
    Tls13,
}

/// Certificates, and what a handshake may cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsPlan {
    /// Our certificate and those that lead to its root, in PEM.
    pub certificate: PathBuf,
    /// Its private key, in PEM.
    pub key: PathBuf,
    /// The roots by which trunks' certificates are judged; `None`: the system's.
    pub ca: Option<PathBuf>,
    /// The oldest version that is spoken.
    pub oldest: TlsVersion,
    /// How long a handshake may take.
    pub handshake: Duration,
    /// Handshakes under way at one time.
    pub handshakes_max: u32,
    /// How often the files are looked at for a change.
    pub look_interval: Duration,
}

/// What a plan wishes for the voices of a seat or a trunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum SrtpWish {
    /// Nothing was said: offered over TLS, and not elsewhere.
    #[default]
    ByTransport,
    /// Plain RTP.
    Never,
    /// Encrypted where the peer can.
    Offered,
    /// Encrypted or not at all.
    Required,
}

/// Whose voices are encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct SrtpPlan {
    /// The wish.
    pub wish: SrtpWish,
    /// Whether keys may travel where anybody on the way can read them.
    pub without_tls: bool,
}
