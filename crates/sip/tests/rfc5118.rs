//! The IPv6 torture cases of RFC 5118, each with the result that we expect.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;
use turno_ground::{Datagram, Flow, Moment, Rng, Transmit, Transport};
use turno_sip::{
    Event, Message, Method, Name, Registrar, RegistrarLimits, Reply, Stack, StackSettings, Uri, Via,
    check_request,
};

/// The expected result of a request.
enum Fate {
    /// It is handled.
    Taken(fn(&Message)),
    /// It is refused with 400.
    Refused,
}
use Fate::{Refused, Taken};

/// A request by its method and Request-URI, the Vias, and further lines with a body.
struct Case(&'static str, &'static str, &'static [&'static str], &'static str, Fate);

const VIA: &[&str] = &["SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3-111"];
const CONTACT: &str = "Contact: \"Caller\" <sip:caller@[2001:db8::1]>\n\n";

const CASES: [Case; 13] = [
    // 4.1: an IPv6 reference in every place where a host is allowed.
    Case("REGISTER", "sip:[2001:db8::10]", VIA, CONTACT, Taken(references_are_addresses)),
    // 4.2: an address without its brackets is no host.
    Case("REGISTER", "sip:2001:db8::10", VIA, CONTACT, Refused),
    // 4.3: what looks like a port belongs to the address.
    Case(
        "REGISTER",
        "sip:[2001:db8::10:5070]",
        VIA,
        "Contact: <sip:caller@[2001:db8::1:5080]>\n\n",
        Taken(|m| {
            assert_eq!(host(m.request_uri()), (ip("2001:db8::10:5070"), None));
            assert_eq!(host(m.contacts().next().unwrap().unwrap().uri), (ip("2001:db8::1:5080"), None));
        }),
    ),
    // 4.4: after the brackets it is a port.
    Case(
        "REGISTER",
        "sip:[2001:db8::10]:5070",
        VIA,
        CONTACT,
        Taken(|m| assert_eq!(host(m.request_uri()), (ip("2001:db8::10"), Some(5070)))),
    ),
    // 4.5: `received` with brackets, against the grammar, and without.
    Case(
        "BYE",
        "sip:[2001:db8::10]",
        &["SIP/2.0/UDP [2001:db8::9:1];received=[2001:db8::9:255];branch=z9hG4bKas3-111"],
        "\n",
        Taken(|m| assert_eq!(m.top_via().unwrap().received_ip(), Some(ip("2001:db8::9:255")))),
    ),
    Case(
        "OPTIONS",
        "sip:[2001:db8::10]",
        &["SIP/2.0/UDP [2001:db8::9:1];received=2001:db8::9:255;branch=z9hG4bKas3"],
        "\n",
        Taken(|m| assert_eq!(m.top_via().unwrap().received_ip(), Some(ip("2001:db8::9:255")))),
    ),
    // 4.6: a body with IPv6 addresses.
    Case(
        "INVITE",
        "sip:user@[2001:db8::10]",
        &["SIP/2.0/UDP [2001:db8::20];branch=z9hG4bKas3-111"],
        "Contact: \"Caller\" <sip:caller@[2001:db8::20]>\nContent-Type: application/sdp\n\n\
         v=0\no=assistant 971731711378798081 0 IN IP6 2001:db8::20\ns=Live video feed\nc=IN IP6 2001:db8::20\n\
         t=0 0\nm=audio 6000 RTP/AVP 0\n",
        Taken(|m| assert!(m.body().len() > 100)),
    ),
    // 4.7: both families in one message.
    Case(
        "BYE",
        "sip:user@host.example.com",
        &[
            "SIP/2.0/UDP [2001:db8::9:1]:6050;branch=z9hG4bKas3-111",
            "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKjhja8781hjuaij65144",
            "SIP/2.0/TCP [2001:db8::9:255];branch=z9hG4bK451jj;received=192.0.2.200",
        ],
        "\n",
        Taken(ways_of_both_families),
    ),
    // 4.8: a body with addresses of both families.
    Case(
        "INVITE",
        "sip:user@[2001:db8::10]",
        &["SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3-111"],
        "Contact: \"Caller\" <sip:caller@[2001:db8::9:1]>\nContent-Type: application/sdp\n\n\
         v=0\no=bob 280744730 28977631 IN IP6 2001:db8::20\ns=\nt=0 0\nm=audio 22334 RTP/AVP 0\n\
         c=IN IP4 192.0.2.1\nm=video 6024 RTP/AVP 107\nc=IN IP6 2001:db8::1\n",
        Taken(|m| assert!(m.body().len() > 100)),
    ),
    // 4.9: an IPv4-mapped IPv6 address.
    Case(
        "INVITE",
        "sip:user@example.com",
        &["SIP/2.0/UDP [::ffff:192.0.2.10]:19823;branch=z9hG4bKbh19"],
        "Contact: \"T. desk phone\" <sip:ted@[::ffff:192.0.2.2]>\n\n",
        Taken(|m| assert_eq!(host(m.contacts().next().unwrap().unwrap().uri).0, ip("::ffff:192.0.2.2"))),
    ),
    // 4.10: the third colon of RFC 3261's grammar is ignored; the right form has none.
    Case(
        "OPTIONS",
        "sip:user@[2001:db8:::192.0.2.1]",
        VIA,
        "\n",
        Taken(|m| assert_eq!(host(m.request_uri()), (ip("2001:db8::192.0.2.1"), None))),
    ),
    Case(
        "OPTIONS",
        "sip:user@[2001:db8::192.0.2.1]",
        VIA,
        "\n",
        Taken(|m| assert_eq!(host(m.request_uri()), (ip("2001:db8::192.0.2.1"), None))),
    ),
    // Many colons, but not an address.
    Case("OPTIONS", "sip:user@[2001:db8::1::2]", VIA, "\n", Refused),
];

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn host(uri: &str) -> (IpAddr, Option<u16>) {
    let uri = Uri::parse(uri).unwrap();
    (uri.host_ip().unwrap(), uri.port)
}

fn references_are_addresses(m: &Message) {
    assert_eq!(host(m.request_uri()), (ip("2001:db8::10"), None));
    assert_eq!((m.top_via().unwrap().host, m.top_via().unwrap().port), ("[2001:db8::9:1]", None));
    let contact = m.contacts().next().unwrap().unwrap();
    assert_eq!((contact.display_name().as_ref(), host(contact.uri).0), ("Caller", ip("2001:db8::1")));
}

fn ways_of_both_families(m: &Message) {
    let vias: Vec<_> = m.values(Name::Via).map(|via| Via::parse(via).unwrap()).collect();
    let places: Vec<_> = vias.iter().map(|via| (via.transport, via.host, via.port)).collect();
    assert_eq!(
        places,
        [
            ("UDP", "[2001:db8::9:1]", Some(6050)),
            ("UDP", "192.0.2.1", None),
            ("TCP", "[2001:db8::9:255]", None)
        ]
    );
    assert_eq!(vias[2].received_ip(), Some(ip("192.0.2.200")));
}

fn written(Case(method, uri, vias, rest, _): &Case) -> Bytes {
    let vias: String = vias.iter().map(|via| format!("Via: {via}\n")).collect();
    let (lines, body) = rest.split_once("\n\n").unwrap_or(("", ""));
    let lines = if lines.is_empty() { String::new() } else { format!("{lines}\n") };
    let body = body.replace('\n', "\r\n");
    let text = format!(
        "{method} {uri} SIP/2.0\n{vias}To: sip:user@example.com\nFrom: sip:user@example.com;tag=81x2\n\
         Call-ID: SSG9559905523997077@hlau_4100\nMax-Forwards: 70\nCSeq: 98176 {method}\n{lines}\
         Content-Length: {}\n\n",
        body.len()
    );
    Bytes::from(text.replace('\n', "\r\n") + &body)
}

#[test]
fn every_ipv6_message_meets_its_fate() {
    // RFC 5118, 4.1 to 4.10.
    for case in &CASES {
        let bytes = written(case);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        match &case.4 {
            Taken(check) => {
                let message = Message::scan(&bytes).unwrap_or_else(|fault| panic!("{fault}: {text}"));
                assert_eq!(check_request(&message), Ok(()), "{text}");
                assert_eq!(message.method(), Method::of(case.0), "{text}");
                check(&message);
            }
            Refused => {
                let answer = answers(&bytes).remove(0);
                assert!(answer.bytes.starts_with(b"SIP/2.0 400"), "{text}");
            }
        }
    }
}

fn source() -> Flow {
    let at = |text: &str| text.parse::<SocketAddr>().unwrap();
    Flow { transport: Transport::Udp, local: at("[2001:db8::2]:5060"), remote: at("[2001:db8::9:255]:40000") }
}

fn answers(bytes: &Bytes) -> Vec<Transmit> {
    let (mut stack, now) = (Stack::new(StackSettings::default(), Rng::new(3)), Moment::from_secs(1_000));
    stack.handle_datagram(Datagram { flow: source(), bytes }, now);
    while let Some(event) = stack.poll_event() {
        match event {
            Event::Request { key, .. } => stack.respond(key, Reply::new(200), now),
            Event::Invite { session, .. } => stack.refuse(session, Reply::new(486), now),
            Event::Response { .. }
            | Event::Unanswered { .. }
            | Event::Elsewhere { .. }
            | Event::Session { .. }
            | Event::Subscription { .. } => {}
        }
    }
    core::iter::from_fn(|| stack.poll_transmit()).collect()
}

#[test]
fn every_ipv6_request_is_answered_where_it_came_from() {
    // RFC 5118, 4.5; RFC 3261, 18.2.1: what we write into `received` has no brackets and is the source's address.
    for case in &CASES {
        for answer in answers(&written(case)) {
            assert_eq!(answer.flow.remote.ip(), source().remote.ip());
            let response = Message::scan(&answer.bytes).unwrap();
            let via = response.header(Name::Via).unwrap();
            assert!(via.contains(";received=2001:db8::9:255"), "{via}");
            assert_eq!(via.matches("received").count(), 1, "{via}");
        }
    }
}

#[test]
fn a_phone_with_an_ipv6_contact_is_rung_at_it() {
    // RFC 5118, 4.1: the Contact keeps its brackets in the binding and on the wire.
    let secs = core::time::Duration::from_secs;
    let limits = RegistrarLimits {
        expires_min: secs(60),
        expires_max: secs(3_600),
        expires_default: secs(600),
        contacts_per_aor_max: 4,
        contact_as_given: true,
    };
    let mut registrar = Registrar::new(limits);
    let message = Message::scan(&written(&CASES[0])).unwrap();
    let registered = registrar.register("user", &message, source(), Moment::from_secs(1_000));
    assert_eq!(registered.status, 200);
    let binding = &registrar.bindings("user")[0];
    assert_eq!(binding.uri, "sip:caller@[2001:db8::1]");
    assert_eq!(binding.flow.remote, "[2001:db8::1]:5060".parse().unwrap());
}
