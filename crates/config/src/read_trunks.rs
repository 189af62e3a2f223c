//! Reads [[trunk]] and [dial_out].

use std::net::IpAddr;

use turno_ground::Transport;
use turno_model::TrunkId;
use turno_model::plan::{DialOut, SipPlan, TrunkPlan, TrunkTrust};

use crate::fault::FaultKind;
use crate::key::Key;
use crate::keys::dialling::DIAL_OUT;
use crate::keys::trunks::{TRUNK, TRUST, Way};
use crate::node::Node;
use crate::password::{password_keys, read_password};
use crate::read_addressing::read_addressing;
use crate::read_encryption::read_srtp;
use crate::read_patterns::read_patterns;
use crate::read_signalling::is_loopback_only;
use crate::reading::{Names, Reading};
use crate::section::{Section, unintelligible};
use crate::tables::Tables;
use crate::words::Signs;

/// Networks of so many bits or fewer are nobody's own: 127.0.0.0/8, 10.0.0.0/8.
const WIDE_BITS: u8 = 8;

/// The same of IPv6: a registry gives a carrier 29 to 32 bits.
const WIDE_BITS_OF_6: u8 = 24;

/// Reads every [[trunk]].
pub(crate) fn read_trunks(
    reading: &mut Reading<'_>,
    tables: &Tables,
    sip: &SipPlan,
) -> (Vec<TrunkPlan>, Names) {
    let mut names = Names::default();
    let mut trunks = Vec::new();
    for section in tables.many(reading, "trunk") {
        let Some(name) = section.name(reading, TRUNK.name.name) else { continue };
        reading.add_name(&mut names, name, section.place_of(TRUNK.name.name), "trunk");
        let host = read_host(reading, section, TRUNK.host.name);
        let transport = TRUNK.transport.read(reading, section);
        let listens = sip.listen.iter().any(|&(listen, _)| listen == Transport::Tls);
        if transport == Transport::Tls && !listens {
            let found = "the trunk speaks TLS, and turno listens nowhere on TLS";
            let expected = "an address such as `tls:192.0.2.10:5061` in [sip] `listen`";
            reading.fault(FaultKind::Conflict, section.place_of(TRUNK.transport.name), found, expected);
        }
        // Who can't be asked is not watched.
        let is_watched = host.is_some() || section.has(TRUNK.options_interval.name);
        let trust = read_trust(reading, section, host.is_some(), is_loopback_only(sip));
        let registers = matches!(trust, TrunkTrust::Registration { .. });
        let is_of_carrier = trust.is_of_carrier();
        trunks.push(TrunkPlan {
            name: name.to_owned(),
            port: TRUNK.port.read(reading, section).and_then(|port| u16::try_from(port).ok()),
            transport,
            trust,
            options_interval: TRUNK.options_interval.read(reading, section).filter(|_| is_watched),
            country_code: read_digits(reading, section, &TRUNK.country_code),
            national_prefix: read_digits(reading, section, &TRUNK.national_prefix),
            srtp: read_srtp(reading, section, Some(transport)),
            certificate_name: read_of_tls(reading, section, transport, TRUNK.certificate_name.name),
            client_certificate: read_client_certificate(reading, section, transport),
            trust_identity: TRUNK.trust_identity.read_or(reading, section, is_of_carrier),
            addressing: read_addressing(reading, section, host.is_some(), registers),
            host,
        });
    }
    (trunks, names)
}

/// A host that only a trunk with TLS has a use for.
fn read_of_tls(
    reading: &mut Reading<'_>,
    section: Section<'_>,
    transport: Transport,
    key: &str,
) -> Option<String> {
    if section.has(key) && transport != Transport::Tls {
        let found = format!("`{key}` has no use in a trunk without TLS");
        reading.fault(FaultKind::Conflict, section.place_of(key), found, "`transport = \"tls\"`");
    }
    read_host(reading, section, key)
}

/// Whether the carrier must show a certificate where it connects to us: only a trunk that is known by its addresses can
/// be told by its connection.
fn read_client_certificate(reading: &mut Reading<'_>, section: Section<'_>, transport: Transport) -> bool {
    let is_asked = TRUNK.client_certificate.read(reading, section);
    let is_known = transport == Transport::Tls && section.has(TRUST.addresses.name);
    if is_asked && !is_known {
        let found = "`client_certificate` is asked of connections from the trunk's own addresses over TLS";
        let expected = "`transport = \"tls\"` and `addresses`";
        reading.fault(FaultKind::Conflict, section.place_of(TRUNK.client_certificate.name), found, expected);
    }
    is_asked
}

fn read_host(reading: &mut Reading<'_>, section: Section<'_>, key: &str) -> Option<String> {
    let host = section.text(reading, key)?;
    let is_address = host.parse::<IpAddr>().is_ok();
    let is_name =
        !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
    if !is_address && !is_name {
        let found = format!("`{host}` is no host");
        let expected = "a host name or an IP address, without `sip:` and port";
        reading.fault(FaultKind::Unintelligible, section.place_of(key), found, expected);
    }
    Some(host.to_owned())
}

fn read_trust(reading: &mut Reading<'_>, section: Section<'_>, has_host: bool, is_alone: bool) -> TrunkTrust {
    let guessed = if section.has(TRUST.username.name) { Way::Digest } else { Way::Addresses };
    let trust = TRUST.trust.read(reading, section).unwrap_or(guessed);
    match trust {
        Way::Addresses => {
            let keys = [TRUST.username.name, TRUST.expires.name].into_iter().chain(password_keys());
            for key in keys.filter(|key| section.has(key)) {
                let found = format!("`{key}` has no use in a trunk that is known by its addresses");
                reading.fault(
                    FaultKind::Conflict,
                    section.place_of(key),
                    found,
                    "`trust` digest or registration",
                );
            }
            return TrunkTrust::Addresses(read_networks(reading, section, is_alone));
        }
        Way::Digest | Way::Registration if section.has(TRUST.addresses.name) => {
            let found = "`addresses` has no use in a trunk that is known by a password";
            reading.fault(
                FaultKind::Conflict,
                section.place_of(TRUST.addresses.name),
                found,
                "`trust = \"addresses\"`",
            );
        }
        Way::Digest | Way::Registration => {}
    }
    let username = section.text(reading, TRUST.username.name).map(str::to_owned).unwrap_or_else(|| {
        if !section.has(TRUST.username.name) {
            section.missing(reading, TRUST.username.name, "the name that goes with the password");
        }
        String::new()
    });
    let password = read_password(reading, section, &username, true);
    if trust == Way::Digest {
        return TrunkTrust::Digest { username, password };
    }
    if !has_host {
        section.missing(reading, TRUNK.host.name, "where turno registers");
    }
    TrunkTrust::Registration { username, password, expires: TRUST.expires.read(reading, section) }
}

/// `["192.0.2.0/24", "198.51.100.7"]`.
fn read_networks(reading: &mut Reading<'_>, section: Section<'_>, is_alone: bool) -> Vec<(IpAddr, u8)> {
    let mut networks = Vec::new();
    for (text, node) in section.texts(reading, TRUST.addresses.name) {
        let network = read_network(reading, text, node);
        if network.is_some_and(|(_, bits)| bits == 0) {
            let found = format!("`{text}` is the whole internet");
            reading.fault(FaultKind::OutOfRange, node.place, found, "the carrier's own addresses");
        } else if network.is_some_and(|(address, bits)| is_wide(address, bits)) && !is_alone {
            let text = format!(
                "every source in `{text}` is this trunk and reaches the queues, a scanner too: name the \
                 carrier's own addresses, or listen on a loopback address alone"
            );
            reading.notice(node.place, text);
        }
        networks.extend(network);
    }
    if !section.has(TRUST.addresses.name) {
        section.missing(
            reading,
            TRUST.addresses.name,
            "where the trunk's calls come from, such as `[\"192.0.2.0/24\"]`",
        );
    } else if networks.is_empty() {
        reading.notice(
            section.place_of(TRUST.addresses.name),
            "no address is this trunk's: no call comes in by it",
        );
    }
    networks
}

/// Whether a network is wider than any carrier's.
const fn is_wide(address: IpAddr, bits: u8) -> bool {
    match address {
        IpAddr::V4(_) => bits <= WIDE_BITS,
        IpAddr::V6(_) => bits <= WIDE_BITS_OF_6,
    }
}

/// An address or a network; anything else is a fault.
pub(crate) fn read_network(reading: &mut Reading<'_>, text: &str, node: &Node) -> Option<(IpAddr, u8)> {
    match network_of(text) {
        Some((address, bits)) if masked(address, bits) == address => Some((address, bits)),
        Some((address, bits)) => {
            let near = format!("{}/{bits}", masked(address, bits));
            let found = format!("`{text}` has bits beyond its {bits}-bit network");
            let expected = "the network's first address";
            reading.fault(FaultKind::Unintelligible, node.place, found, expected).nearest = Some(near);
            None
        }
        None => {
            unintelligible(reading, node, text, "an address or a network such as `192.0.2.0/24`");
            None
        }
    }
}

fn network_of(text: &str) -> Option<(IpAddr, u8)> {
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.map_or(Some(most), |bits| bits.parse().ok())?;
    (bits <= most).then_some((address, bits))
}

/// The first address of the network.
fn masked(address: IpAddr, bits: u8) -> IpAddr {
    let bits = u32::from(bits);
    match address {
        IpAddr::V4(v4) => IpAddr::V4((v4.to_bits() & u32::MAX.checked_shl(32 - bits).unwrap_or(0)).into()),
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & u128::MAX.checked_shl(128 - bits).unwrap_or(0)).into()),
    }
}

fn read_digits(reading: &mut Reading<'_>, section: Section<'_>, key: &Key<Signs>) -> Option<String> {
    let text = section.text(reading, key.name)?;
    if !key.value.fits(text) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        let found = format!("`{}` is `{text}`", key.name);
        let expected = format!("{} such as `593`, no `+`", key.value.words());
        reading.fault(FaultKind::Unintelligible, section.place_of(key.name), found, expected);
    }
    Some(text.to_owned())
}

/// Reads [dial_out].
pub(crate) fn read_dial_out(
    reading: &mut Reading<'_>,
    tables: &Tables,
    trunks: &[TrunkPlan],
    names: &Names,
) -> DialOut {
    let section = tables.single(reading, "dial_out");
    let trunk = section.reference(reading, DIAL_OUT.trunk.name, "trunk", names).map(TrunkId);
    let allow = read_patterns(reading, section, DIAL_OUT.allow.name);
    let deny = read_patterns(reading, section, DIAL_OUT.deny.name);
    if !allow.is_empty() && !section.has(DIAL_OUT.trunk.name) {
        section.missing(reading, DIAL_OUT.trunk.name, "the trunk that outside calls take");
    }
    if let Some(trunk) = trunk.and_then(|id| trunks.get(id.index())).filter(|trunk| trunk.host.is_none()) {
        let found = format!("trunk `{}` only receives: it has no `host`", trunk.name);
        reading.fault(
            FaultKind::Conflict,
            section.place_of(DIAL_OUT.trunk.name),
            found,
            "a trunk with a `host`",
        );
    }
    DialOut { allow, deny, trunk }
}
