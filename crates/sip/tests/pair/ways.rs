//! Where messages are sent: responses by their Via, requests within a call by its route set.

use std::net::SocketAddr;

use bytes::Bytes;
use turno_ground::{Datagram, Flow, Rng, Transmit, Transport};
use turno_sip::{Event, Extra, HangUp, Message, Method, Name, Reply, SessionId, Stack, StackSettings};

use crate::bench::{SDP_ALICE, SDP_BOB, sdp, start};

fn at(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

fn flow(transport: Transport, remote: &str) -> Flow {
    let remote = at(remote);
    let local = if remote.is_ipv4() { at("10.0.0.2:5060") } else { at("[2001:db8::2]:5060") };
    Flow { transport, local, remote }
}

struct Desk {
    stack: Stack,
    session: Option<SessionId>,
}

impl Desk {
    fn new(settings: StackSettings) -> Self {
        Self { stack: Stack::new(settings, Rng::new(5)), session: None }
    }

    fn hear(&mut self, flow: Flow, text: &str) -> Vec<Transmit> {
        let bytes = Bytes::from(text.replace('\n', "\r\n"));
        self.stack.handle_datagram(Datagram { flow, bytes: &bytes }, start());
        self.sent()
    }

    fn sent(&mut self) -> Vec<Transmit> {
        while let Some(event) = self.stack.poll_event() {
            match event {
                Event::Invite { session, .. } => self.session = Some(session),
                Event::Request { key, .. } => self.stack.respond(key, Reply::new(200), start()),
                _ => {}
            }
        }
        core::iter::from_fn(|| self.stack.poll_transmit()).collect()
    }

    fn session(&self) -> SessionId {
        self.session.expect("a call arrived")
    }
}

fn options(transport: &str, sent_by: &str) -> String {
    format!(
        "OPTIONS sip:desk@10.0.0.2 SIP/2.0\nVia: SIP/2.0/{transport} {sent_by};branch=z9hG4bK77\nMax-Forwards: 70\n\
         From: <sip:eve@10.0.0.9>;tag=e1\nTo: <sip:desk@10.0.0.2>\nCall-ID: c1\nCSeq: 1 OPTIONS\n\
         Content-Length: 0\n\n"
    )
}

/// How a request came, its sent-by, where its responses go, and what they say about its source.
const WAYS_BACK: [(Transport, &str, &str, &str, &str); 17] = [
    // Without rport: the source's address, the sent-by's port or the default one (RFC 3261, 18.2.2).
    (Transport::Udp, "10.0.0.9:5310", "10.0.0.9:5311", "10.0.0.9:5311", ""),
    (Transport::Udp, "10.0.0.9:5310", "10.0.0.9:5310", "10.0.0.9:5310", ""),
    (Transport::Udp, "10.0.0.9:5310", "10.0.0.9", "10.0.0.9:5060", ""),
    // Behind a NAT, or a host name: `received` replaces the host of sent-by, never its port.
    (Transport::Udp, "192.0.2.7:5310", "10.0.0.9:5311", "192.0.2.7:5311", ";received=192.0.2.7"),
    (Transport::Udp, "192.0.2.7:5310", "phone.example.com", "192.0.2.7:5060", ";received=192.0.2.7"),
    (Transport::Udp, "192.0.2.7:5310", "phone.example.com:5070", "192.0.2.7:5070", ";received=192.0.2.7"),
    // A `received` that the peer wrote itself is ignored.
    (Transport::Udp, "10.0.0.9:5310", "10.0.0.9:5311;received=203.0.113.66", "10.0.0.9:5311", ""),
    // With rport: address and port of the source (RFC 3581, 4).
    (
        Transport::Udp,
        "10.0.0.9:5310",
        "10.0.0.9:5311;rport",
        "10.0.0.9:5310",
        ";rport=5310;received=10.0.0.9",
    ),
    (
        Transport::Udp,
        "192.0.2.7:5310",
        "phone.example.com;rport",
        "192.0.2.7:5310",
        ";rport=5310;received=192.0.2.7",
    ),
    // maddr and a forged sent-by do not send packets to a third party.
    (
        Transport::Udp,
        "10.0.0.9:5310",
        "10.0.0.9:5311;maddr=203.0.113.66",
        "10.0.0.9:5311",
        ";maddr=203.0.113.66",
    ),
    (
        Transport::Udp,
        "10.0.0.9:5310",
        "10.0.0.9:5311;maddr=239.255.255.1;ttl=16",
        "10.0.0.9:5311",
        ";maddr=239.255.255.1;ttl=16",
    ),
    (Transport::Udp, "10.0.0.9:5310", "203.0.113.66:53", "10.0.0.9:53", ";received=10.0.0.9"),
    // IPv6 (RFC 5118, 4.5): brackets around the sent-by, none around what we write into `received`.
    (Transport::Udp, "[2001:db8::9]:5310", "[2001:db8::9]:5311", "[2001:db8::9]:5311", ""),
    (Transport::Udp, "[2001:db8::9]:5310", "[2001:db8::9]", "[2001:db8::9]:5060", ""),
    (
        Transport::Udp,
        "[2001:db8::9]:5310",
        "[2001:db8::a]:5311;rport",
        "[2001:db8::9]:5310",
        ";rport=5310;received=2001:db8::9",
    ),
    // Over a stream: the same stream, and the Via is ignored.
    (Transport::Tcp, "10.0.0.9:40000", "10.0.0.9:5311", "10.0.0.9:40000", ""),
    (Transport::Tls, "192.0.2.7:40000", "10.0.0.9", "192.0.2.7:40000", ";received=192.0.2.7"),
];

#[test]
fn an_answer_goes_to_the_port_that_the_caller_listens_at() {
    // All of RFC 3261, 18.2.2; RFC 3581, 4.
    for (transport, source, sent_by, expected, told) in WAYS_BACK {
        let came = flow(transport, source);
        let mut desk = Desk::new(StackSettings::default());
        let sent = desk.hear(came, &options(transport.via_name(), sent_by));
        assert_eq!(sent.len(), 1, "{sent_by}");
        assert_eq!(sent[0].flow, Flow { remote: at(expected), ..came }, "{sent_by} from {source}");
        let response = Message::scan(&sent[0].bytes).unwrap();
        let via = response.header(Name::Via).unwrap();
        let bare = sent_by.split(';').next().unwrap();
        let mut params: Vec<&str> = via.split(';').skip(1).filter(|one| !one.starts_with("branch")).collect();
        params.sort_by_key(|one| !told.starts_with(&format!(";{one}")));
        let mut wanted: Vec<&str> = told.split(';').skip(1).collect();
        params.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(params, wanted, "{via}");
        assert!(via.starts_with(&format!("SIP/2.0/{} {bare};", transport.via_name())), "{via}");
    }
}

#[test]
fn a_stateless_refusal_takes_the_same_way_as_an_answer() {
    // RFC 3261, 8.2.7 and 18.2.2: 481, 405, 400 and 503 without a transaction.
    let came = flow(Transport::Udp, "10.0.0.9:5310");
    let to_sent_by = Flow { remote: at("10.0.0.9:5311"), ..came };
    let asked = options("UDP", "10.0.0.9:5311");
    for (of, is) in [
        ("To: <sip:desk@10.0.0.2>", "To: <sip:desk@10.0.0.2>;tag=gone"),
        ("OPTIONS", "PUBLISHED"),
        ("CSeq: 1 OPTIONS", "CSeq: 1 INFO"),
        ("SIP/2.0\n", "SIP/3.0\n"),
    ] {
        let mut desk = Desk::new(StackSettings::default());
        let sent = desk.hear(came, &asked.replace(of, is));
        assert_eq!((sent.len(), sent[0].flow), (1, to_sent_by), "{is}");
    }
    let invite = asked.replace("OPTIONS", "INVITE");
    let mut desk = Desk::new(StackSettings::default());
    assert!(desk.stack.turn_away(invite.replace('\n', "\r\n").as_bytes(), came, start()));
    assert_eq!(desk.sent()[0].flow, to_sent_by);
}

#[test]
fn old_phones_behind_a_nat_are_answered_where_they_came_from_if_the_site_says_so() {
    // [sip] force_rport: for phones without RFC 3581.
    let came = flow(Transport::Udp, "192.0.2.7:5310");
    let mut desk = Desk::new(StackSettings { force_rport: true, ..StackSettings::default() });
    assert_eq!(desk.hear(came, &options("UDP", "10.0.0.9:5060"))[0].flow, came);
}

#[test]
fn a_callers_repeated_invite_and_our_repeated_answer_take_the_same_way() {
    // RFC 3261, 17.2.1 and 13.3.1.4.
    let came = flow(Transport::Udp, "10.0.0.9:5310");
    let back = Flow { remote: at("10.0.0.9:5311"), ..came };
    let mut desk = Desk::new(StackSettings::default());
    let invite = invite("UDP", "10.0.0.9:5311", "");
    assert_eq!(desk.hear(came, &invite)[0].flow, back, "100");
    assert_eq!(desk.hear(came, &invite)[0].flow, back, "100 again");
    let session = desk.session();
    desk.stack.accept(session, sdp(SDP_BOB), Extra::new(), start());
    assert_eq!(desk.sent()[0].flow, back);
    desk.stack.handle_deadlines(start() + core::time::Duration::from_millis(600));
    assert_eq!(desk.sent()[0].flow, back, "200 again");
}

fn invite(transport: &str, sent_by: &str, routes: &str) -> String {
    let sdp = String::from_utf8_lossy(SDP_ALICE).replace("\r\n", "\n");
    format!(
        "INVITE sip:desk@10.0.0.2 SIP/2.0\nVia: SIP/2.0/{transport} {sent_by};branch=z9hG4bK78\nMax-Forwards: 70\n\
         From: <sip:eve@10.0.0.9>;tag=e1\nTo: <sip:desk@10.0.0.2>\nCall-ID: c1\nCSeq: 1 INVITE\n{routes}\
         Contact: <sip:eve@10.0.0.99:5099>\nContent-Type: application/sdp\nContent-Length: {}\n\n{sdp}",
        SDP_ALICE.len()
    )
}

/// A call whose INVITE came with these Record-Routes, and where each of our requests goes.
fn asked_by_route(came: Flow, routes: &str) -> (Flow, Message) {
    let addresses = vec![(Transport::Udp, at("10.0.0.2:5060")), (Transport::Udp, at("[2001:db8::2]:5060"))];
    let mut desk = Desk::new(StackSettings { addresses, ..StackSettings::default() });
    desk.hear(came, &invite(came.transport.via_name(), &came.remote.to_string(), routes));
    let session = desk.session();
    desk.stack.accept(session, sdp(SDP_BOB), Extra::new(), start());
    let accepted = Message::scan(&desk.sent()[0].bytes).unwrap();
    let to = accepted.header(Name::To).unwrap();
    let ack = invite("UDP", "10.0.0.9", "").replace("INVITE", "ACK").replace("z9hG4bK78", "z9hG4bK79");
    desk.hear(came, &ack.replace("To: <sip:desk@10.0.0.2>", &format!("To: {to}")));
    desk.stack.hang_up(session, HangUp::default(), start());
    let bye = desk.sent().remove(0);
    let message = Message::scan(&bye.bytes).unwrap();
    assert_eq!(message.method(), Method::Bye);
    (bye.flow, message)
}

/// How the INVITE came, its Record-Route, and where our BYE goes: transport, address, and whether by a new stream.
const NEXT_HOPS: [(Transport, &str, &str, Transport, &str, bool); 15] = [
    // The first proxy, and neither the source of the packets nor the Contact.
    (Transport::Udp, "10.0.0.7:5310", "<sip:10.0.0.7:5311;lr>", Transport::Udp, "10.0.0.7:5311", false),
    (Transport::Udp, "10.0.0.7:5310", "<sip:10.0.0.7;lr>", Transport::Udp, "10.0.0.7:5060", false),
    (Transport::Udp, "10.0.0.7:5310", "<sip:10.0.0.8:5080;lr>", Transport::Udp, "10.0.0.8:5080", false),
    (
        Transport::Udp,
        "10.0.0.7:5310",
        "<sip:10.0.0.8:5080;lr>, <sip:10.0.0.77:5077;lr>",
        Transport::Udp,
        "10.0.0.8:5080",
        false,
    ),
    // A strict router is the next hop too: it is in the request line.
    (Transport::Udp, "10.0.0.7:5310", "<sip:10.0.0.8:5080>", Transport::Udp, "10.0.0.8:5080", false),
    (
        Transport::Udp,
        "10.0.0.7:5060",
        "<sip:10.0.0.8;maddr=10.0.0.3;lr>",
        Transport::Udp,
        "10.0.0.3:5060",
        false,
    ),
    // The proxy's transport, over a new stream.
    (
        Transport::Udp,
        "10.0.0.7:5310",
        "<sip:10.0.0.7;transport=tcp;lr>",
        Transport::Tcp,
        "10.0.0.7:5060",
        true,
    ),
    (Transport::Udp, "10.0.0.7:5310", "<sips:10.0.0.7;lr>", Transport::Tls, "10.0.0.7:5061", true),
    (
        Transport::Tcp,
        "10.0.0.7:40000",
        "<sip:10.0.0.7;transport=TCP;lr>",
        Transport::Tcp,
        "10.0.0.7:5060",
        true,
    ),
    (
        Transport::Tcp,
        "10.0.0.7:5060",
        "<sip:10.0.0.7;transport=tcp;lr>",
        Transport::Tcp,
        "10.0.0.7:5060",
        false,
    ),
    // A proxy that showed its certificate on the existing stream need not show it on another.
    (Transport::Tls, "10.0.0.7:40000", "<sips:10.0.0.7;lr>", Transport::Tls, "10.0.0.7:40000", false),
    // IPv6, also for a dialog over IPv4.
    (Transport::Udp, "10.0.0.7:5310", "<sip:[2001:db8::7];lr>", Transport::Udp, "[2001:db8::7]:5060", false),
    // A host name: the flow of its request.
    (Transport::Udp, "10.0.0.7:5310", "<sip:proxy.example.com;lr>", Transport::Udp, "10.0.0.7:5310", false),
    // A multicast address.
    (Transport::Udp, "10.0.0.7:5310", "<sip:239.1.1.1;lr>", Transport::Udp, "10.0.0.7:5310", false),
    // No proxy: behind a NAT the flow that is known to work, and not the Contact.
    (Transport::Udp, "10.0.0.7:5310", "", Transport::Udp, "10.0.0.7:5310", false),
];

#[test]
fn a_call_through_a_proxy_is_hung_up_through_that_proxy() {
    // RFC 3261, 8.1.2 and 12.2.1.1: the first Route is the next hop.
    for (transport, source, routes, by, to, is_new) in NEXT_HOPS {
        let came = flow(transport, source);
        let lines = if routes.is_empty() { String::new() } else { format!("Record-Route: {routes}\n") };
        let (flow, bye) = asked_by_route(came, &lines);
        assert_eq!((flow.transport, flow.remote), (by, at(to)), "{routes}");
        assert_eq!(flow.local.port() == 0, is_new, "{routes}");
        let via = bye.top_via().unwrap();
        assert_eq!(via.transport, by.via_name(), "{routes}");
        if routes.ends_with(";lr>") {
            assert_eq!(bye.request_uri(), "sip:eve@10.0.0.99:5099", "{routes}");
            assert_eq!(bye.values(Name::Route).count(), routes.split(", ").count(), "{routes}");
        }
    }
}

#[test]
fn a_phone_behind_an_edge_proxy_is_rung_through_it() {
    // RFC 3327, 5.1; RFC 3261, 8.1.2: a preset route is a route set too.
    let out = turno_sip::OutInvite {
        uri: "sip:a001@192.168.1.5".to_owned(),
        flow: flow(Transport::Udp, "10.0.0.7:5310"),
        from: "<sip:desk@10.0.0.2>".to_owned(),
        to: "<sip:a001@10.0.0.2>".to_owned(),
        contact_user: "turno".to_owned(),
        route: vec!["<sip:10.0.0.7:5311;lr>".to_owned()],
        headers: Extra::new(),
        sdp: Some(sdp(SDP_ALICE)),
        credentials: None,
    };
    let mut desk = Desk::new(StackSettings::default());
    desk.stack.invite(out, start());
    let sent = desk.sent().remove(0);
    assert_eq!(sent.flow.remote, at("10.0.0.7:5311"));
    let invite = Message::scan(&sent.bytes).unwrap();
    let header = |name| invite.header(name).unwrap();
    let ringing = format!(
        "SIP/2.0 200 OK\nVia: {}\nFrom: {}\nTo: <sip:a001@10.0.0.2>;tag=t\nCall-ID: {}\nCSeq: 1 INVITE\n\
         Record-Route: <sip:10.0.0.7:5312;lr>\nContact: <sip:a001@192.168.1.5>\nContent-Length: 0\n\n",
        header(Name::Via),
        header(Name::From),
        invite.call_id(),
    );
    let ack = desk.hear(flow(Transport::Udp, "10.0.0.7:5310"), &ringing).remove(0);
    assert!(ack.bytes.starts_with(b"ACK"));
    assert_eq!(ack.flow.remote, at("10.0.0.7:5312"), "the ACK of a 2xx is a request of its own");
}
