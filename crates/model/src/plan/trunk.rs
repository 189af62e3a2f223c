//! Trunks: who may call in by them, and how calls leave.

use core::time::Duration;
use std::net::IpAddr;

use turno_ground::Secret;
use turno_ground::Transport;

use crate::encryption::SrtpPlan;
use crate::plan::addressing::TrunkAddressing;
/// How a trunk is known.
#[derive(Clone, Debug)]
pub enum TrunkTrust {
    /// By source address: (network, prefix length in bits).
    Addresses(Vec<(IpAddr, u8)>),
    /// By digest credentials that the carrier sends to us.
    Digest {
        /// The username.
        username: String,
        /// The password.
        password: Secret,
    },
    /// By our own registration with the carrier.
    Registration {
        /// The username.
        username: String,
        /// The password.
        password: Secret,
        /// How long each registration lasts.
        expires: Duration,
    },
}

/// A trunk to a carrier.
#[derive(Clone, Debug)]
pub struct TrunkPlan {
    /// The name in the configuration and metrics.
    pub name: String,
    /// The carrier's host name or address; `None` for a trunk that only receives.
    pub host: Option<String>,
    /// Port; `None`: DNS SRV, then the transport's default.
    pub port: Option<u16>,
    /// How SIP travels to it.
    pub transport: Transport,
    /// How it is known.
    pub trust: TrunkTrust,
    /// How often it is asked by OPTIONS; `None`: not watched.
    pub options_interval: Option<Duration>,
    /// The country code without `+`, put before national numbers, such as `593`.
    pub country_code: Option<String>,
    /// The prefix of national numbers that the country code replaces, such as `0`.
    pub national_prefix: Option<String>,
    /// Whether its voices are encrypted.
    pub srtp: SrtpPlan,
    /// The name that its certificate must have; `None`: its host.
    pub certificate_name: Option<String>,
    /// Whether it must show a certificate where it connects to us; then its calls come over TLS alone.
    pub client_certificate: bool,
    /// How this carrier writes who calls whom.
    pub addressing: TrunkAddressing,
}
