//! The keys of [[trunk]].

use core::net::IpAddr;
use core::time::Duration;

use turno_ground::{Secret, Transport};
use turno_model::plan::{IdentityHeader, NumberSource, TrunkAddressing, TrunkPlan, TrunkTrust};

use crate::key::keys;
use crate::told::Said;
use crate::values::{OptionalSpan, OptionalWhole, Span, hours, minutes, secs, span, written};
use crate::words::{Choice, Flag, OFF, Own, REQUIRED, Signs, Word, WordList, own, word};

const TRANSPORTS: [(&str, Transport); 3] =
    [("udp", Transport::Udp), ("tcp", Transport::Tcp), ("tls", Transport::Tls)];

keys! {
    /// The keys of [[trunk]] that stand in no other table.
    TRUNK: TrunkKeys of TrunkPlan beside { name, trust, srtp, addressing } {
        /// the name in the plan and in metrics
        name: Own = REQUIRED, start { name };
        /// the carrier's host name or IP address; without it the trunk only receives
        host: Own = own("none", ""), start { told host };
        /// its port; without it the name is resolved by DNS SRV
        port: OptionalWhole = written("SRV", 1..=65_535, "(a port)"), start { told port };
        /// how SIP travels to it
        transport: Word<Transport> = word(&TRANSPORTS, Transport::Udp), start { told transport };
        /// (with `tls`) the name that the carrier's certificate must have (RFC 5922), where that is not `host`
        certificate_name: Own = own("`host`", ""), start { told certificate_name };
        /// (with `tls` and `addresses`) `true`: where the carrier connects to turno it must show a certificate of a root in
        /// `[tls] ca` with that name (any name, if the trunk has no `host`), and its calls come over TLS alone
        client_certificate: Flag = OFF, start { told client_certificate };
        /// whether turno believes what the trunk asserts of its callers: P-Asserted-Identity, Remote-Party-ID, Diversion and
        /// History-Info (RFC 3325). Otherwise From alone names the caller
        trust_identity: Flag = Flag { default: true, note: "(`false` with `trust = \"digest\"`)" },
            start { told trust_identity };
        /// how often the carrier is asked by OPTIONS
        options_interval: OptionalSpan = span(secs(30), secs(1)..=hours(1)).or("none").default_if("with a `host`"),
            start { told options_interval };
        /// put before national numbers, without `+`: `593`
        country_code: Signs = Signs { default: "", shown: "none", max: 8, of: "digits", note: "" },
            start { told country_code };
        /// what it replaces there: `0`
        national_prefix: Signs = Signs { default: "", shown: "none", max: 8, of: "digits", note: "" },
            start { told national_prefix };
    }
}

/// The ways of trust, as their keys are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Addresses,
    Digest,
    Registration,
}

const WAYS: [(&str, Way); 3] =
    [("addresses", Way::Addresses), ("digest", Way::Digest), ("registration", Way::Registration)];

/// What a way of trust has, each key where it stands.
pub(crate) struct Trust {
    word: Said,
    addresses: Option<Vec<(IpAddr, u8)>>,
    username: Option<String>,
    pub(crate) password: Option<Secret>,
    expires: Option<Duration>,
}

impl Trust {
    pub(crate) fn of(trust: &TrunkTrust) -> Self {
        let (way, addresses, login, expires) = match trust {
            TrunkTrust::Addresses(addresses) => ("addresses", Some(addresses.clone()), None, None),
            TrunkTrust::Digest { username, password } => ("digest", None, Some((username, password)), None),
            TrunkTrust::Registration { username, password, expires } => {
                ("registration", None, Some((username, password)), Some(*expires))
            }
        };
        Self {
            word: Said(way.to_owned()),
            addresses,
            username: login.map(|(username, _)| username.clone()),
            password: login.map(|(_, password)| password.clone()),
            expires,
        }
    }
}

keys! {
    /// The keys of [[trunk]] that say how it is known.
    TRUST: TrustKeys of Trust beside { password } {
        /// how the trunk is known: `addresses`, `digest` (the carrier sends a password), `registration` (turno registers
        /// with the carrier)
        trust: Choice<Way> = Choice { words: &WAYS, shown: "`digest` if there is a `username`, otherwise `addresses`" },
            start { told word };
        /// addresses and networks that its calls come from, `["192.0.2.0/24", "198.51.100.7"]`
        addresses: Own = own("required with `addresses`", ""), start { told addresses };
        /// the name that goes with the password
        username: Own = own("required with `digest` and `registration`", ""), start { told username };
        /// how long a registration lasts
        expires: Span = span(minutes(10), minutes(1)..=hours(24)), start { told expires };
    }
}

const IDENTITY_HEADERS: [(&str, IdentityHeader); 3] = [
    ("p-asserted-identity", IdentityHeader::Asserted),
    ("p-preferred-identity", IdentityHeader::Preferred),
    ("none", IdentityHeader::None),
];

keys! {
    /// The keys of [[trunk]] that say how its carrier writes who calls whom.
    ADDRESSING: AddressingKeys of TrunkAddressing beside {} {
        /// where the dialled number stands in this carrier's calls, in the order of asking: `request-uri`,
        /// `p-called-party-id`, `to`, `diversion`, `history-info`. The first that holds a number of the plan counts
        number_from: WordList<NumberSource> = WordList {
            words: &NumberSource::WORDS,
            default: &[NumberSource::RequestUri, NumberSource::CalledParty, NumberSource::To],
            range: "each once",
        }, start { told number_from };
        /// the carrier's domain, where it is not `host` (an address, an outbound proxy): in Request-URI and To, and in the
        /// address that turno registers
        domain: Own = own("`host`", ""), start { told domain };
        /// (with `registration`) the name that goes with the password, where it is not the account's user
        auth_username: Signs = Signs { default: "", shown: "`username`", max: 128, of: "signs", note: "" },
            start { told auth_username };
        /// the user in From of calls to the carrier
        from_user: Signs = Signs {
            default: "",
            shown: "`username` with `registration`, otherwise `caller_number` or the plan's first number",
            max: 128,
            of: "signs",
            note: "",
        }, start { told from_user };
        /// the domain in From of calls to the carrier
        from_domain: Own = own("the carrier's with `registration`, otherwise turno's advertised address", ""),
            start { told from_domain };
        /// our number as the called party sees it
        caller_number: Own = own("the user in From", "digits, with or without `+`"), start { told caller_number };
        /// the header that tells the carrier that number (RFC 3325)
        identity_header: Word<IdentityHeader> = word(&IDENTITY_HEADERS, IdentityHeader::Asserted),
            start { told identity_header };
    }
}
