//! How a carrier names the caller and the called party in SIP.

/// How a carrier names the caller and the called party, where it differs from most carriers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrunkAddressing {
    /// The headers that give the dialled number of an incoming call, in order.
    pub number_from: NumberFrom,
    /// The carrier's domain, for Request-URI, To and the address that we register; `None`: its host.
    pub domain: Option<String>,
    /// The digest username, if it differs from the registered user.
    pub auth_username: Option<String>,
    /// The user in From of calls to the carrier; `None`: the registered user, or our number.
    pub from_user: Option<String>,
    /// The domain in From of calls to the carrier; `None`: the carrier's if turno registers there, otherwise our
    /// address.
    pub from_domain: Option<String>,
    /// The number shown to the called party; `None`: the user in From.
    pub caller_number: Option<String>,
    /// The header that carries that number.
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
    /// Each source with its word in the configuration.
    pub const WORDS: [(&str, Self); 5] = [
        ("request-uri", Self::RequestUri),
        ("p-called-party-id", Self::CalledParty),
        ("to", Self::To),
        ("diversion", Self::Diversion),
        ("history-info", Self::History),
    ];
}

/// The headers that are searched for the dialled number, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberFrom(pub Vec<NumberSource>);

impl Default for NumberFrom {
    fn default() -> Self {
        Self(vec![NumberSource::RequestUri, NumberSource::CalledParty, NumberSource::To])
    }
}

/// The header that gives a carrier our number (RFC 3325, 9).
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
