//! Reads [sip] and [http]: how turno is reached.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use turno_ground::Transport;
use turno_model::plan::{DigestAlgorithm, SipPlan};

use crate::fault::FaultKind;
use crate::limits;
use crate::read_encryption::read_tls;
use crate::reading::Reading;
use crate::section::{Section, unintelligible, word_of};
use crate::source::Place;
use crate::tables::Tables;

pub(crate) const SIP_KEYS: [&str; 15] = [
    "listen",
    "advertised",
    "domain",
    "digest",
    "expires_min",
    "expires_max",
    "expires_default",
    "contacts_per_seat_max",
    "contact_as_given",
    "force_rport",
    "options_interval",
    "options_misses_max",
    "session_expires",
    "min_se",
    "requests_per_source_max",
];
pub(crate) const HTTP_KEYS: [&str; 1] = ["listen"];

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Reads [sip].
pub(crate) fn read_sip(reading: &mut Reading<'_>, tables: &Tables) -> SipPlan {
    let sip = tables.single(reading, "sip", "[sip]", &SIP_KEYS);
    let listen = read_listen(reading, sip);
    let listens_on_tls = listen.iter().any(|&(transport, _)| transport == Transport::Tls);
    let plan = SipPlan {
        listen,
        tls: read_tls(reading, tables, sip, listens_on_tls),
        advertised: sip.ip(reading, "advertised"),
        domain: read_domain(reading, sip),
        digest: read_digest(reading, sip),
        expires: (
            sip.span(reading, limits::EXPIRES_MIN),
            sip.span(reading, limits::EXPIRES_MAX),
            sip.span(reading, limits::EXPIRES_DEFAULT),
        ),
        contacts_per_seat_max: sip.whole(reading, limits::CONTACTS_PER_SEAT).unwrap_or(1),
        contact_as_given: sip.flag(reading, "contact_as_given", false),
        force_rport: sip.flag(reading, "force_rport", false),
        options_interval: sip.span_or_none(
            reading,
            limits::OPTIONS_INTERVAL,
            limits::OPTIONS_INTERVAL.default,
        ),
        options_misses_max: sip.whole(reading, limits::OPTIONS_MISSES).unwrap_or(1),
        session_expires: sip.span(reading, limits::SESSION_EXPIRES),
        min_se: sip.span(reading, limits::MIN_SE),
        requests_per_source_max: sip.whole_or_none(reading, limits::REQUESTS_PER_SOURCE),
    };
    let (shortest, longest, usual) = plan.expires;
    if !(shortest <= usual && usual <= longest) {
        let found = "expires_min, expires_default and expires_max are not in order";
        let expected = "expires_min <= expires_default <= expires_max";
        reading.fault(FaultKind::Conflict, sip.place_of("expires_default"), found, expected);
    }
    if plan.min_se > plan.session_expires {
        let found = "min_se is longer than session_expires";
        reading.fault(FaultKind::Conflict, sip.place_of("min_se"), found, "min_se <= session_expires");
    }
    plan
}

/// Reads [http].
pub(crate) fn read_http(reading: &mut Reading<'_>, tables: &Tables, sip: &SipPlan) -> SocketAddr {
    let http = tables.single(reading, "http", "[http]", &HTTP_KEYS);
    let address = http.socket(reading, "listen").unwrap_or(SocketAddr::new(LOOPBACK, 8080));
    if sip.listen.iter().any(|&(transport, taken)| transport != Transport::Udp && taken == address) {
        let found = format!("[http] and [sip] both listen on tcp {address}");
        reading.fault(FaultKind::Conflict, http.place_of("listen"), found, "another port");
    }
    address
}

fn read_listen(reading: &mut Reading<'_>, sip: Section<'_>) -> Vec<(Transport, SocketAddr)> {
    let port = SocketAddr::new(LOOPBACK, 5060);
    if !sip.has("listen") {
        return vec![(Transport::Udp, port), (Transport::Tcp, port)];
    }
    let mut listen: Vec<(Transport, SocketAddr)> = Vec::new();
    let mut places: Vec<Place> = Vec::new();
    for (text, node) in sip.texts(reading, "listen") {
        let parsed = text.split_once(':').and_then(|(transport, address)| {
            let transport = match transport {
                "udp" => Transport::Udp,
                "tcp" => Transport::Tcp,
                "tls" => Transport::Tls,
                _ => return None,
            };
            Some((transport, address.parse::<SocketAddr>().ok()?))
        });
        let Some(parsed) = parsed else {
            unintelligible(
                reading,
                node,
                text,
                "`udp:`, `tcp:` or `tls:`, an address and a port: `udp:127.0.0.1:5060`",
            );
            continue;
        };
        if let Some(at) = listen.iter().position(|known| *known == parsed) {
            reading.twice(node.place, places[at], &format!("`{text}`"));
        } else {
            listen.push(parsed);
            places.push(node.place);
        }
    }
    if sip.texts(reading, "listen").is_empty() {
        let expected = "at least one address such as `udp:127.0.0.1:5060`";
        reading.fault(FaultKind::Missing, sip.place_of("listen"), "turno listens nowhere", expected);
    }
    listen
}

fn read_domain(reading: &mut Reading<'_>, sip: Section<'_>) -> String {
    let domain = sip.text_or(reading, "domain", "turno");
    let fits =
        !domain.is_empty() && domain.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
    if !fits {
        let expected = "a domain such as `turno` or `contact.example`: letters, digits, `-`, `.`";
        let found = "this is no domain";
        reading.fault(FaultKind::Unintelligible, sip.place_of("domain"), found, expected);
    }
    domain
}

fn read_digest(reading: &mut Reading<'_>, sip: Section<'_>) -> Vec<DigestAlgorithm> {
    if !sip.has("digest") {
        return vec![DigestAlgorithm::Md5, DigestAlgorithm::Sha256];
    }
    let words = [("md5", DigestAlgorithm::Md5), ("sha256", DigestAlgorithm::Sha256)];
    let mut digest = Vec::new();
    for (text, node) in sip.texts(reading, "digest") {
        let Some(algorithm) = word_of(reading, node, "digest", &words) else { continue };
        if digest.contains(&algorithm) {
            reading.twice(node.place, sip.place_of("digest"), &format!("`{text}`"));
        } else {
            digest.push(algorithm);
        }
    }
    if sip.texts(reading, "digest").is_empty() {
        reading.fault(
            FaultKind::Missing,
            sip.place_of("digest"),
            "no digest algorithm is left",
            "`md5`, `sha256` or both, in the order of the challenges",
        );
    }
    digest
}

/// Whether only this machine can reach the seats.
pub(crate) fn is_loopback_only(sip: &SipPlan) -> bool {
    sip.listen.iter().all(|(_, address)| address.ip().is_loopback())
}
