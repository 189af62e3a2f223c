//! Which way a message takes: where a response goes, and the next hop of a request (RFC 3261, 8.1.2, 18.2.2).

use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;
use turno_ground::{Flow, Transport};

use crate::dialog::Dialog;
use crate::message::header::Name;
use crate::message::name_addr::NameAddr;
use crate::message::received::Message;
use crate::message::uri::Uri;
use crate::message::via::Via;
use crate::stack::layer::Layer;

/// The way of the response to a request that came by `came` with this topmost Via.
///
/// By a stream it goes back by the stream. By UDP it goes to the address that the request came from: at the port that
/// it came from if the peer asks for that (RFC 3581, 4), else at the port that the Via names, or the transport's own
/// (RFC 3261, 18.2.2). `maddr` and the sent-by's host move no response: otherwise anybody could have us send to a third
/// party.
pub(crate) fn of_response(via: &Via<'_>, came: Flow, force_rport: bool) -> Flow {
    if came.transport.is_reliable() || force_rport || via.wants_rport() {
        return came;
    }
    at_sent_by(via, came)
}

/// The address that a request came from, at the port of its sent-by.
pub(crate) fn at_sent_by(via: &Via<'_>, came: Flow) -> Flow {
    let port = via.port.filter(|port| *port != 0).unwrap_or(came.transport.default_port());
    let mut remote = came.remote;
    remote.set_port(port);
    Flow { remote, ..came }
}

/// The way of a request within `dialog`, whose peer was last heard on `flow`.
///
/// With a route set the next hop is its first proxy, wherever packets come from. Without one, the flow last used: behind
/// a NAT it is the only way to the peer, and its Contact says another; with `contact_as_given` the Contact's IP address.
pub(crate) fn of_request(layer: &Layer, dialog: &Dialog, flow: Flow) -> Flow {
    match dialog.route_set.first() {
        Some(first) => by_route(layer, first, flow),
        None if layer.settings.contact_as_given => by_contact(dialog, flow),
        None => flow,
    }
}

/// The same for an ACK, which is sent once and waits for nothing: where the stream is gone, a new one.
pub(crate) fn of_ack(layer: &Layer, dialog: &Dialog, flow: Flow) -> Flow {
    let way = of_request(layer, dialog, flow);
    if layer.occupancy.is_lost(&way) { anew(&dialog.remote_target, way).unwrap_or(way) } else { way }
}

/// The way of a request of ours whose stream is gone: a new stream to its first proxy, or to the peer where that seems to
/// listen; `None` if only the peer itself can come back.
pub(crate) fn of_request_anew(layer: &Layer, request: &Message, flow: Flow) -> Option<Flow> {
    if flow.local.port() == 0 {
        return Some(flow);
    }
    match request.values(Name::Route).next() {
        Some(first) => Some(by_route(layer, first, flow)).filter(|way| *way != flow),
        None => anew(request.request_uri(), flow),
    }
}

/// The way of a response whose stream is gone: a new one to the address that the request came from, at the port of its
/// sent-by (RFC 3261, 18.2.2).
pub(crate) fn of_response_anew(response: &[u8], flow: Flow) -> Flow {
    let response = Message::scan(&Bytes::copy_from_slice(response));
    let sent_by = response.ok().and_then(|response| Some(at_sent_by(&response.top_via().ok()?, flow)));
    sent_by.filter(|_| may_be_opened(flow.transport)).map_or(flow, asked_for)
}

/// A new stream to `target`, unless it is behind a NAT: then its address is of another kind than the one that it was seen
/// at, and may be somebody else's here.
fn anew(target: &str, flow: Flow) -> Option<Flow> {
    let uri = Uri::parse(target).ok().filter(Uri::is_sip)?;
    let remote = SocketAddr::new(uri.host_ip()?, uri.port.unwrap_or(flow.transport.default_port()));
    let is_near = remote.ip() == flow.remote.ip() || kind_of(remote.ip()) == kind_of(flow.remote.ip());
    let may_be = is_near && may_be_opened(flow.transport) && may_be_sent_to(remote);
    may_be.then(|| asked_for(Flow { remote, ..flow }))
}

/// Asks for a new stream of this kind.
pub(crate) fn asked_for(flow: Flow) -> Flow {
    let mut local = flow.local;
    local.set_port(0);
    Flow { local, ..flow }
}

/// Whether we can open one: nobody can open a WebSocket to a browser.
const fn may_be_opened(transport: Transport) -> bool {
    match transport {
        Transport::Tcp | Transport::Tls => true,
        Transport::Udp | Transport::Ws | Transport::Wss => false,
    }
}

/// From where an address can be reached.
#[derive(PartialEq, Eq)]
enum Kind {
    ThisMachine,
    Site,
    World,
}

fn kind_of(ip: IpAddr) -> Kind {
    match ip.to_canonical() {
        ip if ip.is_loopback() => Kind::ThisMachine,
        // RFC 1918, 3927 and 6598.
        IpAddr::V4(ip) if ip.is_private() || ip.is_link_local() => Kind::Site,
        IpAddr::V4(ip) if ip.octets()[0] == 100 && ip.octets()[1] & 0xc0 == 64 => Kind::Site,
        // RFC 4193 and 4291.
        IpAddr::V6(ip) if ip.is_unique_local() || ip.is_unicast_link_local() => Kind::Site,
        IpAddr::V4(_) | IpAddr::V6(_) => Kind::World,
    }
}

/// The way to a proxy, the first of a route set (RFC 3261, 8.1.2). To one that can't be found by its URI alone, because it
/// has a name instead of an address, the way is the one that its request came by.
pub(crate) fn by_route(layer: &Layer, route: &str, flow: Flow) -> Flow {
    named_by(route).and_then(|(transport, remote)| towards(layer, transport, remote, flow)).unwrap_or(flow)
}

/// What a Route value says of its proxy (RFC 3263, 4, where no name has to be looked up).
fn named_by(route: &str) -> Option<(Transport, SocketAddr)> {
    let proxy = NameAddr::parse(Name::Route, route).ok()?;
    let uri = proxy.uri().ok().filter(Uri::is_sip)?;
    let is_secure = uri.scheme.eq_ignore_ascii_case("sips");
    let transport = match uri.param("transport") {
        None if is_secure => Transport::Tls,
        None => Transport::Udp,
        Some(udp) if udp.eq_ignore_ascii_case("udp") && !is_secure => Transport::Udp,
        Some(tcp) if tcp.eq_ignore_ascii_case("tcp") && !is_secure => Transport::Tcp,
        Some(tls) if tls.eq_ignore_ascii_case("tcp") || tls.eq_ignore_ascii_case("tls") => Transport::Tls,
        // Nobody can open a WebSocket to a proxy's client.
        Some(_) => return None,
    };
    let ip = match uri.param("maddr") {
        Some(maddr) => maddr.trim_start_matches('[').trim_end_matches(']').parse().ok()?,
        None => uri.host_ip()?,
    };
    let remote = SocketAddr::new(ip, uri.port.unwrap_or(transport.default_port()));
    may_be_sent_to(remote).then_some((transport, remote))
}

fn towards(layer: &Layer, transport: Transport, remote: SocketAddr, flow: Flow) -> Option<Flow> {
    let is_there = transport == flow.transport && !layer.occupancy.is_lost(&flow);
    if is_there && remote == flow.remote {
        return Some(flow);
    }
    let is_same_family = flow.local.is_ipv4() == remote.is_ipv4();
    match transport {
        Transport::Udp => {
            let of_family = |(of, address): &&(Transport, SocketAddr)| {
                *of == Transport::Udp && address.is_ipv4() == remote.is_ipv4()
            };
            let local = if is_same_family && flow.transport == Transport::Udp {
                flow.local
            } else {
                layer.settings.addresses.iter().find(of_family).map(|&(_, address)| address)?
            };
            Some(Flow { transport, local, remote })
        }
        // A peer that has shown its certificate on one connection need not show it again on another.
        Transport::Tls if is_there && remote.ip() == flow.remote.ip() => Some(flow),
        Transport::Tcp | Transport::Tls => {
            let local = if is_same_family { flow.local.ip() } else { unspecified(remote) };
            Some(Flow { transport, local: SocketAddr::new(local, 0), remote })
        }
        Transport::Ws | Transport::Wss => None,
    }
}

fn by_contact(dialog: &Dialog, flow: Flow) -> Flow {
    let Some(remote) = Uri::parse(&dialog.remote_target).ok().and_then(|uri| uri.socket_addr()) else {
        return flow;
    };
    if remote == flow.remote {
        return flow;
    }
    match flow.transport {
        Transport::Udp => Flow { remote, ..flow },
        // A stream to an address that is not the flow's has to be opened.
        Transport::Tcp | Transport::Tls => asked_for(Flow { remote, ..flow }),
        Transport::Ws | Transport::Wss => flow,
    }
}

fn unspecified(like: SocketAddr) -> IpAddr {
    if like.is_ipv4() {
        IpAddr::V4(core::net::Ipv4Addr::UNSPECIFIED)
    } else {
        IpAddr::V6(core::net::Ipv6Addr::UNSPECIFIED)
    }
}

/// Whether one peer can be reached there, and no more than one.
fn may_be_sent_to(remote: SocketAddr) -> bool {
    let is_everybody = match remote.ip() {
        IpAddr::V4(ip) => ip.is_broadcast(),
        IpAddr::V6(_) => false,
    };
    remote.port() != 0 && !remote.ip().is_multicast() && !remote.ip().is_unspecified() && !is_everybody
}
