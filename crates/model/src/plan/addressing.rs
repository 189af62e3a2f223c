//! How a carrier writes who calls whom.

/// How a carrier writes who calls whom, where it is not what most do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrunkAddressing {
    /// Where the dialled number stands in a call of the carrier's, in the order of asking.
    pub number_from: NumberFrom,
    /// The carrier's domain, in Request-URI and To and in the address that we register; `None`: its host.
    pub domain: Option<String>,
    /// The name that goes with the password, where it is not the user that is registered.
    pub auth_username: Option<String>,
    /// The user in From of calls to the carrier; `None`: the registered user, or our number.
    pub from_user: Option<String>,
    /// The domain in From of calls to the carrier; `None`: the carrier's where turno registers, else our address.
    pub from_domain: Option<String>,
    /// The number that the called party is shown; `None`: the user in From.
    pub caller_number: Option<String>,
    /// The header that names that number to the carrier.
    pub identity_header: IdentityHeader,
}

/// A header that may hold the dialled number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberSource {
    /// The Request-URI.
    RequestUri,
    /// P-Called-Party-ID (RFC 7315, 4.2).
    CalledParty,
    /// To.
    To,
    /// Diversion (RFC 5806).
    Diversion,
    /// History-Info (RFC 7044).
    History,
}

impl NumberSource {
    /// Each with its word in the configuration.
    pub const WORDS: [(&str, Self); 5] = [
        ("request-uri", Self::RequestUri),
        ("p-called-party-id", Self::CalledParty),
        ("to", Self::To),
        ("diversion", Self::Diversion),
        ("history-info", Self::History),
    ];
}

/// The headers that are asked for the dialled number, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberFrom(pub Vec<NumberSource>);

impl Default for NumberFrom {
    fn default() -> Self {
        Self(vec![NumberSource::RequestUri, NumberSource::CalledParty, NumberSource::To])
    }
}

/// The header that tells a carrier our number (RFC 3325, 9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IdentityHeader {
    /// P-Asserted-Identity: the carrier trusts us.
    #[default]
    Asserted,
    /// P-Preferred-Identity: the carrier decides.
    Preferred,
    /// None.
    None,
}
