//! Trunks: which carriers may call in, and how calls go out.

use core::time::Duration;
use std::net::IpAddr;

use turno_ground::Secret;
use turno_ground::Transport;

use crate::encryption::SrtpPlan;
use crate::plan::addressing::TrunkAddressing;
/// How the calls of a trunk are recognised.
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

impl TrunkTrust {
    /// Whether the peer is a carrier, whose word for who calls is believed unless the plan says otherwise. A peer that logs
    /// in to us may be any exchange.
    pub const fn is_of_carrier(&self) -> bool {
        match self {
            Self::Addresses(_) | Self::Registration { .. } => true,
            Self::Digest { .. } => false,
        }
    }
}

/// A trunk to a carrier.
#[derive(Clone, Debug)]
pub struct TrunkPlan {
    /// The name in the configuration and metrics.
    pub name: String,
    /// The carrier's host name or address; `None`: the trunk only receives calls.
    pub host: Option<String>,
    /// Port; `None`: DNS SRV, then the transport's default.
    pub port: Option<u16>,
    /// The transport to the carrier.
    pub transport: Transport,
    /// How its calls are recognised.
    pub trust: TrunkTrust,
    /// How often it gets OPTIONS; `None`: not checked.
    pub options_interval: Option<Duration>,
    /// The country code without `+`, put before national numbers, such as `593`.
    pub country_code: Option<String>,
    /// The prefix of national numbers that the country code replaces, such as `0`.
    pub national_prefix: Option<String>,
    /// The SRTP setting.
    pub srtp: SrtpPlan,
    /// The name that its certificate must have; `None`: the host.
    pub certificate_name: Option<String>,
    /// Whether it must show a certificate when it connects to us. Its calls are then accepted over TLS only.
    pub client_certificate: bool,
    /// Whether its word for who calls is believed (RFC 3325, 3).
    pub trust_identity: bool,
    /// How this carrier names the caller and the called party.
    pub addressing: TrunkAddressing,
}

impl TrunkPlan {
    /// A trunk over UDP that only receives: not watched, without encryption, with the usual addressing.
    pub fn new(name: &str, trust: TrunkTrust) -> Self {
        Self {
            trust_identity: trust.is_of_carrier(),
            name: name.to_owned(),
            host: None,
            port: None,
            transport: Transport::Udp,
            trust,
            options_interval: None,
            country_code: None,
            national_prefix: None,
            srtp: SrtpPlan::default(),
            certificate_name: None,
            client_certificate: false,
            addressing: TrunkAddressing::default(),
        }
    }

    /// Whether it is retired: gone from the site, without calls in or out.
    pub fn is_retired(&self) -> bool {
        let takes_nobody = matches!(&self.trust, TrunkTrust::Addresses(networks) if networks.is_empty());
        self.host.is_none() && takes_nobody
    }
}
