//! Reads [sip] and [http]: how turno is reached.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use turno_ground::Transport;
use turno_model::plan::{DigestAlgorithm, SipPlan};

use crate::fault::FaultKind;
use crate::keys::signalling::SIP;
use crate::keys::site::HTTP;
use crate::read_encryption::read_tls;
use crate::reading::Reading;
use crate::section::{Section, unintelligible, word_of};
use crate::source::SourceSpan;
use crate::tables::Tables;

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Reads [sip].
pub(crate) fn read_sip(reading: &mut Reading<'_>, tables: &Tables) -> SipPlan {
    let sip = tables.single(reading, "sip");
    let listen = read_listen(reading, sip);
    let listens_on_tls = listen.iter().any(|&(transport, _)| transport == Transport::Tls);
    let plan = SipPlan {
        listen,
        tls: read_tls(reading, tables, sip, listens_on_tls),
        advertised: sip.ip(reading, SIP.advertised.name),
        domain: read_domain(reading, sip),
        digest: read_digest(reading, sip),
        expires: (
            SIP.expires_min.read(reading, sip),
            SIP.expires_max.read(reading, sip),
            SIP.expires_default.read(reading, sip),
        ),
        contacts_per_seat_max: SIP.contacts_per_seat_max.read(reading, sip),
        contact_as_given: SIP.contact_as_given.read(reading, sip),
        force_rport: SIP.force_rport.read(reading, sip),
        options_interval: SIP.options_interval.read(reading, sip),
        options_misses_max: SIP.options_misses_max.read(reading, sip),
        subscriptions_max: SIP.subscriptions_max.read(reading, sip),
        session_expires: SIP.session_expires.read(reading, sip),
        min_se: SIP.min_se.read(reading, sip),
        requests_per_source_max: SIP.requests_per_source_max.read(reading, sip),
    };
    let (shortest, longest, usual) = plan.expires;
    if !(shortest <= usual && usual <= longest) {
        let found = "expires_min, expires_default and expires_max are not in order";
        let expected = "expires_min <= expires_default <= expires_max";
        reading.fault(FaultKind::Conflict, sip.place_of(SIP.expires_default.name), found, expected);
    }
    if plan.min_se > plan.session_expires {
        let found = "min_se is longer than session_expires";
        reading.fault(FaultKind::Conflict, sip.place_of(SIP.min_se.name), found, "min_se <= session_expires");
    }
    plan
}

/// Reads [http].
pub(crate) fn read_http(reading: &mut Reading<'_>, tables: &Tables, sip: &SipPlan) -> SocketAddr {
    let http = tables.single(reading, "http");
    let address = http.socket(reading, HTTP.listen.name).unwrap_or(SocketAddr::new(LOOPBACK, 8080));
    if sip.listen.iter().any(|&(transport, taken)| transport != Transport::Udp && taken == address) {
        let found = format!("[http] and [sip] both listen on tcp {address}");
        reading.fault(FaultKind::Conflict, http.place_of(HTTP.listen.name), found, "another port");
    }
    address
}

fn read_listen(reading: &mut Reading<'_>, sip: Section<'_>) -> Vec<(Transport, SocketAddr)> {
    let port = SocketAddr::new(LOOPBACK, 5060);
    if !sip.has(SIP.listen.name) {
        return vec![(Transport::Udp, port), (Transport::Tcp, port)];
    }
    let mut listen: Vec<(Transport, SocketAddr)> = Vec::new();
    let mut places: Vec<SourceSpan> = Vec::new();
    for (text, node) in sip.texts(reading, SIP.listen.name) {
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
    if sip.texts(reading, SIP.listen.name).is_empty() {
        let expected = "at least one address such as `udp:127.0.0.1:5060`";
        reading.fault(FaultKind::Missing, sip.place_of(SIP.listen.name), "turno listens nowhere", expected);
    }
    listen
}

fn read_domain(reading: &mut Reading<'_>, sip: Section<'_>) -> String {
    let domain = SIP.domain.read(reading, sip);
    let fits =
        !domain.is_empty() && domain.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
    if !fits {
        let expected = "a domain such as `turno` or `contact.example`: letters, digits, `-`, `.`";
        let found = "this is no domain";
        reading.fault(FaultKind::Unintelligible, sip.place_of(SIP.domain.name), found, expected);
    }
    domain
}

fn read_digest(reading: &mut Reading<'_>, sip: Section<'_>) -> Vec<DigestAlgorithm> {
    let key = &SIP.digest;
    if !sip.has(key.name) {
        return key.value.default.to_vec();
    }
    let mut digest = Vec::new();
    for (text, node) in sip.texts(reading, key.name) {
        let Some(algorithm) = word_of(reading, node, key.name, key.value.words) else { continue };
        if digest.contains(&algorithm) {
            reading.twice(node.place, sip.place_of(key.name), &format!("`{text}`"));
        } else {
            digest.push(algorithm);
        }
    }
    if sip.texts(reading, key.name).is_empty() {
        reading.fault(
            FaultKind::Missing,
            sip.place_of(key.name),
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
