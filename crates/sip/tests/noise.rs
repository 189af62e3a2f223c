//! Random and damaged input for every part that reads it: no panic, and state stays consistent.

use core::time::Duration;

use bytes::Bytes;
use proptest::prelude::*;
use turno_ground::{Flow, Moment, Rng, Secret, Transport};
use turno_sip::{
    Algorithm, Authenticator, Framed, Framer, Message, Name, NameAddr, Registrar, RegistrarLimits, Uri,
    Verdict, Via, answer_challenge,
};

const REGISTER: &str = "REGISTER sip:desk.example SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.9:5062;branch=z9hG4bK1;rport\r\n\
    From: \"M\" <sip:maria@desk.example>;tag=1\r\nTo: <sip:maria@desk.example>\r\ni: 9\r\nCSeq: 4 REGISTER\r\n\
    Contact: <sip:m@10.0.0.9;ob>;expires=90;+sip.instance=\"<urn:uuid:7>\";reg-id=1,\r\n <sip:n@h>;q=0.5\r\n\
    Supported: path, outbound\r\nPath: <sip:p;lr>\r\nAuthorization: Digest username=\"maria\", realm=\"desk.example\",\
    nonce=\"00\", uri=\"sip:desk.example\", response=\"00\", algorithm=MD5, cnonce=\"a\", qop=auth, nc=00000001\r\n\
    l: 3\r\n\r\nabc";

fn registrar() -> Registrar {
    Registrar::new(RegistrarLimits {
        expires_min: Duration::from_secs(60),
        expires_max: Duration::from_secs(3_600),
        expires_default: Duration::from_secs(600),
        contacts_per_aor_max: 3,
        contact_as_given: true,
    })
}

fn flow() -> Flow {
    let local = "127.0.0.1:5060".parse().expect("an address");
    Flow { transport: Transport::Udp, local, remote: "127.0.0.9:5062".parse().expect("an address") }
}

fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let letters = proptest::sample::select(b"\r\n \t;,<>\"\\:@=?*%0aZ\0\xff".to_vec());
    proptest::collection::vec((0..REGISTER.len(), letters), 0..6).prop_map(|changes| {
        let mut bytes = REGISTER.as_bytes().to_vec();
        for (at, letter) in changes {
            bytes[at] = letter;
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_register_gone_wrong_changes_nothing_or_is_understood(bytes in damaged()) {
        // RFC 3261, 10.3: all or nothing.
        let now = Moment::from_secs(1_000_000);
        let Ok(message) = Message::scan(&Bytes::from(bytes)) else { return Ok(()) };
        let mut registrar = registrar();
        let answer = registrar.register("maria", &message, flow(), now);
        let bound = registrar.bindings("maria").len();
        prop_assert!(bound <= 3);
        prop_assert!(answer.status == 200 || (bound == 0 && answer.changed.is_empty() && answer.status >= 400));
        let gone = registrar.handle_deadlines(now + Duration::from_secs(3_600));
        prop_assert_eq!((gone.len(), registrar.len(), registrar.next_deadline()), (bound, 0, None));
        let mut authenticator =
            Authenticator::new("desk.example", vec![Algorithm::Md5], Duration::from_secs(9), &mut Rng::new(1));
        let verdict = authenticator.verify(&message, Name::Authorization, |_| Some(Secret::new("x")), now);
        prop_assert!(matches!(verdict, Verdict::Missing | Verdict::Wrong));
    }

    #[test]
    fn a_stream_comes_apart_the_same_however_it_is_cut(
        bytes in damaged(), cuts in proptest::collection::vec(1usize..200, 1..30),
    ) {
        // RFC 3261, 18.3: TCP does not keep message boundaries.
        let stream: Vec<u8> = [REGISTER.as_bytes(), b"\r\n\r\n", &bytes, REGISTER.as_bytes()].concat();
        let mut whole = Framer::new();
        whole.feed(&stream);
        let all = drain(&mut whole);
        prop_assert_eq!(all.first(), Some(&Ok(Framed::Message(Bytes::from(REGISTER)))));
        prop_assert_eq!(all.get(1), Some(&Ok(Framed::Ping)));
        let mut framer = Framer::new();
        let (mut pieces, mut rest) = (Vec::new(), stream.as_slice());
        for cut in cuts.iter().cycle() {
            let (piece, more) = rest.split_at((*cut).min(rest.len()));
            framer.feed(piece);
            pieces.extend(drain(&mut framer));
            rest = more;
            if rest.is_empty() || pieces.last().is_some_and(Result::is_err) {
                break;
            }
        }
        prop_assert_eq!(pieces, all);
    }

    #[test]
    fn values_of_any_letters_are_read_or_refused(text in "[ -~\t]{0,80}|[sip:@;,<>\"\\\\=?%a-c0-9. /*]{0,60}") {
        let _ = (Uri::parse(&text).map(|uri| uri.is_equivalent(&uri)), Via::parse(&text).map(|via| via.rport()));
        if let Ok(address) = NameAddr::parse(Name::To, &text) {
            prop_assert!(text.contains(address.uri) && !address.uri.is_empty());
            let _ = (address.tag(), address.display_name(), address.uri().map(|uri| uri.socket_addr()));
        }
        if let Ok(uri) = Uri::parse(&text) {
            prop_assert!(uri.is_equivalent(&uri), "{} is not itself", text);
        }
        let _ = answer_challenge(&text, "A", "sip:a", "b", &Secret::new("c"), &mut Rng::new(1), 1);
        let digest = format!("Digest {text}");
        let _ = answer_challenge(&digest, "A", "sip:a", "b", &Secret::new("c"), &mut Rng::new(1), 1);
    }
}

/// All whole messages; an error is the last item.
fn drain(framer: &mut Framer) -> Vec<Result<Framed, turno_sip::Malformed>> {
    let mut found = Vec::new();
    loop {
        match framer.pop() {
            Ok(Some(framed)) => found.push(Ok(framed)),
            Ok(None) => return found,
            Err(fault) => {
                found.push(Err(fault));
                return found;
            }
        }
    }
}
