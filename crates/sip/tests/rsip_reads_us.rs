//! Messages that we write must be read by another parser, with equal values.

use std::convert::TryFrom;

use bytes::Bytes;
use core::time::Duration;
use proptest::prelude::*;
use rsip::headers::{ToTypedHeader, UntypedHeader};
use rsip::message::HeadersExt;
use turno_ground::{Moment, Rng, Secret};
use turno_sip::{
    Algorithm, Authenticator, Message, Method, Name, Request, Response, answer_challenge, reason_phrase,
};

const METHODS: [Method; 13] = [
    Method::Invite,
    Method::Ack,
    Method::Bye,
    Method::Cancel,
    Method::Register,
    Method::Options,
    Method::Prack,
    Method::Update,
    Method::Refer,
    Method::Notify,
    Method::Subscribe,
    Method::Info,
    Method::Message,
];

fn theirs(bytes: &Bytes) -> rsip::SipMessage {
    rsip::SipMessage::try_from(bytes.as_ref()).unwrap_or_else(|error| panic!("{error}: {bytes:?}"))
}

#[derive(Debug)]
struct Sample {
    method: Method,
    uri: String,
    host: String,
    port: u16,
    branch: String,
    from: String,
    to: String,
    call_id: String,
    cseq: u32,
    body: String,
}

fn samples() -> impl Strategy<Value = Sample> {
    let user = "[a-z][a-z0-9]{0,9}";
    let host = "[a-z]{2,9}\\.example\\.com|192\\.0\\.2\\.[1-9]";
    let rest =
        ("[a-zA-Z0-9]{6,20}", "[a-zA-Z0-9]{4,20}@[a-z]{2,9}", 1u32..1 << 31, "v=0\r\n[a-z=\r\n]{0,60}");
    (0..METHODS.len(), user, host, 1024u16.., user, host, rest).prop_map(
        |(method, caller, host, port, callee, there, (token, call_id, cseq, body))| Sample {
            method: METHODS[method],
            uri: format!("sip:{callee}@{there}:{port}"),
            port,
            branch: format!("z9hG4bK{token}"),
            from: format!("\"{caller}\" <sip:{caller}@{host}>;tag={token}"),
            to: format!("<sip:{callee}@{there}>"),
            host,
            call_id,
            cseq,
            body,
        },
    )
}

fn write(sample: &Sample) -> Bytes {
    let Sample { method, uri, host, port, branch, from, to, call_id, cseq, body } = sample;
    Request::new(*method, uri)
        .header(Name::Via, format_args!("SIP/2.0/UDP {host}:{port};branch={branch};rport"))
        .header(Name::MaxForwards, 70)
        .header(Name::From, from)
        .header(Name::To, to)
        .header(Name::CallId, call_id)
        .header(Name::CSeq, format_args!("{cseq} {}", method.name()))
        .header(Name::Contact, format_args!("<sip:turno@{host}:{port}>"))
        .header(Name::UserAgent, "turno")
        .body("application/sdp", body.as_bytes())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_request_of_ours_means_the_same_to_another_parser(sample in samples()) {
        // DESIGN: every message we emit within rsip's grammar is accepted with equal values.
        let bytes = write(&sample);
        let ours = Message::scan(&bytes).unwrap();
        let rsip::SipMessage::Request(request) = theirs(&bytes) else { panic!("a request") };
        prop_assert_eq!(request.method.to_string(), ours.method_name());
        prop_assert_eq!(request.uri.to_string(), ours.request_uri());
        let via = request.via_header().unwrap().typed().unwrap();
        let top = ours.top_via().unwrap();
        prop_assert_eq!(via.branch().unwrap().value(), top.branch().unwrap());
        let sent_by = via.sent_by();
        prop_assert_eq!(sent_by.host().to_string(), top.host);
        prop_assert_eq!(sent_by.port().map(|port| *port.value()), top.port);
        let from = request.from_header().unwrap().typed().unwrap();
        let our_from = ours.from().unwrap();
        prop_assert_eq!(from.uri.to_string(), our_from.uri);
        prop_assert_eq!(from.tag().unwrap().value(), our_from.tag().unwrap());
        prop_assert_eq!(from.display_name.unwrap(), our_from.display);
        let to = request.to_header().unwrap().typed().unwrap();
        prop_assert_eq!(to.uri.to_string(), ours.to().unwrap().uri);
        prop_assert!(to.tag().is_none());
        prop_assert_eq!(request.call_id_header().unwrap().value(), ours.call_id());
        let cseq = request.cseq_header().unwrap().typed().unwrap();
        prop_assert_eq!(cseq.seq, ours.cseq().unwrap().number);
        prop_assert_eq!(cseq.method.to_string(), ours.method_name());
        let contact = request.contact_header().unwrap().typed().unwrap();
        prop_assert_eq!(contact.uri.to_string(), ours.contacts().next().unwrap().unwrap().uri);
        prop_assert_eq!(request.max_forwards_header().unwrap().num().unwrap(), 70);
        prop_assert_eq!(request.body, ours.body());
    }

    #[test]
    fn a_response_of_ours_means_the_same_to_another_parser(sample in samples(), status in 100u16..700) {
        let request = Message::scan(&write(&sample)).unwrap();
        let source = Some("198.51.100.7:40123".parse().unwrap());
        let bytes = Response::to(&request, status, "", Some("us"), source).finish();
        let ours = Message::scan(&bytes).unwrap();
        let rsip::SipMessage::Response(response) = theirs(&bytes) else { panic!("a response") };
        prop_assert_eq!(response.status_code.code(), status);
        prop_assert_eq!(ours.reason(), reason_phrase(status));
        let via = response.via_header().unwrap().typed().unwrap();
        prop_assert_eq!(via.received().unwrap().unwrap().to_string(), "198.51.100.7");
        prop_assert_eq!(via.branch().unwrap().value(), sample.branch.as_str());
        prop_assert!(via.params.iter().any(|param| param.to_string() == ";rport=40123"));
        let tag = response.to_header().unwrap().tag().unwrap();
        prop_assert_eq!(tag.is_some(), status > 100);
        prop_assert_eq!(response.call_id_header().unwrap().value(), ours.call_id());
        prop_assert_eq!(response.cseq_header().unwrap().seq().unwrap(), sample.cseq);
    }
}

#[test]
fn our_challenge_and_our_answer_mean_the_same_to_another_parser() {
    // RFC 7616, 3.3 and 3.4; only MD5, since rsip does not know the name SHA-256.
    let now = Moment::from_secs(1_000_000);
    let mut rng = Rng::new(5);
    let mut authenticator =
        Authenticator::new("desk.example", vec![Algorithm::Md5], Duration::from_secs(60), &mut rng);
    let challenge = authenticator.challenge(true, now).remove(0);
    let read = rsip::headers::WwwAuthenticate::new(challenge.clone()).typed().unwrap();
    assert_eq!((read.realm.as_str(), read.stale.as_deref()), ("desk.example", Some("true")));
    assert_eq!(read.qop, Some(rsip::headers::auth::Qop::Auth));
    assert!(challenge.contains(&read.nonce));
    let secret = Secret::new("wonder");
    let uri = "sip:desk.example";
    let answer = answer_challenge(&challenge, "REGISTER", uri, "maria", &secret, &mut rng, 1).unwrap();
    let read = rsip::headers::Authorization::new(answer.clone()).typed().unwrap();
    assert_eq!((read.username.as_str(), read.uri.to_string().as_str()), ("maria", uri));
    let Some(qop) = read.qop.clone() else { panic!("an answer with qop") };
    let generator = rsip::services::DigestGenerator {
        username: "maria",
        password: "wonder",
        algorithm: rsip::headers::auth::Algorithm::Md5,
        nonce: &read.nonce,
        method: &rsip::Method::Register,
        qop: Some(&qop),
        uri: &read.uri,
        realm: &read.realm,
    };
    assert_eq!(generator.compute(), read.response);
    // And our authenticator accepts what rsip writes.
    let request = Request::new(Method::Register, uri).header(Name::Authorization, read.to_string()).finish();
    let request = Message::scan(&request).unwrap();
    let verdict = authenticator.verify(&request, Name::Authorization, |_| Some(secret), now);
    assert_eq!(verdict, turno_sip::Verdict::Valid { username: "maria".to_owned() });
}
