//! Tests of messages: reading, salvaging and writing.

use bytes::Bytes;
use proptest::prelude::*;

use super::Message;
use crate::message::header::Name;
use crate::message::malformed::Malformed;
use crate::message::method::Method;
use crate::message::write::{Extra, Request, Response};

fn scan(text: &str) -> Result<Message, Malformed> {
    Message::scan(&Bytes::copy_from_slice(text.as_bytes()))
}

const BYE: &str = "BYE sip:agent@192.0.2.7 SIP/2.0\r\nv: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1;rport, SIP/2.0/TCP p\r\n\
    Via: SIP/2.0/UDP q\r\nf: <sip:a@b>;tag=1\r\nTo: \"A, B\" <sip:c@d>;tag=2\r\ni: call\r\nCSeq: 7 BYE\r\n\
    X-Note: one, two\r\nAllow: INVITE, ACK,\tBYE\r\n\r\n";

#[test]
fn a_message_tells_its_headers_in_order() {
    // RFC 3261, 7.3.1.
    let bye = scan(BYE).unwrap();
    assert_eq!((bye.method(), bye.method_name(), bye.status()), (Method::Bye, "BYE", None));
    assert_eq!(bye.values(Name::Via).count(), 3);
    assert_eq!(bye.values(Name::Allow).collect::<Vec<_>>(), ["INVITE", "ACK", "BYE"]);
    assert_eq!((bye.call_id(), bye.from().unwrap().tag()), ("call", Some("1")));
    assert_eq!(bye.to().unwrap().display_name(), "A, B");
    assert_eq!(bye.cseq().unwrap().number, 7);
    assert_eq!(bye.other_header("x-nOTE"), Some("one, two"));
    assert_eq!(bye.headers().map(|(_, name, _)| name).nth(2), Some("f"));
}

#[test]
fn a_lone_line_feed_in_a_refused_request_begins_no_header_of_ours() {
    // RFC 3261, 7: lines end in CRLF; found by fuzzing.
    let damaged = BYE.replace("i: call", "i: ca\nX-Smuggled: yes\rll").replace("UDP q", "UDP\nVia: q");
    let bytes = Bytes::from(damaged);
    assert_eq!(Message::scan(&bytes).unwrap_err(), Malformed::LineEnd);
    let salvaged = Message::salvage(&bytes).unwrap();
    assert_eq!(salvaged.call_id(), "ca X-Smuggled: yes ll");
    let refusal = Response::to(&salvaged, 400, "", Some("us"), None).finish();
    let refusal = Message::scan(&refusal).unwrap();
    assert_eq!(refusal.call_id(), "ca X-Smuggled: yes ll");
    assert_eq!(refusal.values(Name::Via).last(), Some("SIP/2.0/UDP Via: q"));
}

#[test]
fn a_fold_after_a_line_without_a_name_is_no_part_of_the_header_before() {
    // RFC 3261, 7.3.1; found by fuzzing.
    let bytes = Bytes::from(BYE.replace("CSeq: 7", "no name\r\n and more\r\nCSeq: 7"));
    assert_eq!(Message::scan(&bytes).unwrap_err(), Malformed::HeaderName);
    assert_eq!(Message::salvage(&bytes).unwrap().call_id(), "call");
}

#[test]
fn a_response_carries_back_the_way_the_request_came() {
    // RFC 3261, 8.2.6 and 18.2.1; RFC 3581, 4.
    let bye = scan(BYE).unwrap();
    let bytes =
        Response::to(&bye, 200, "", Some("unused"), Some("198.51.100.9:4071".parse().unwrap())).finish();
    let ok = Message::scan(&bytes).unwrap();
    let vias: Vec<_> = ok.values(Name::Via).collect();
    let top = "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1;rport=4071;received=198.51.100.9";
    assert_eq!(vias, [top, "SIP/2.0/TCP p", "SIP/2.0/UDP q"]);
    assert_eq!((ok.status(), ok.reason(), ok.method()), (Some(200), "OK", Method::Bye));
    assert_eq!(ok.header(Name::To), bye.header(Name::To));
    assert_eq!((ok.header(Name::CSeq), ok.call_id()), (Some("7 BYE"), "call"));
}

#[test]
fn only_a_response_that_is_not_trying_gets_a_tag() {
    // RFC 3261, 8.2.6.2.
    let text = "INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nRecord-Route: <sip:p;lr>\r\nTo: <sip:a@b>\r\n\
        Timestamp: 54\r\nFrom: <sip:c@d>;tag=1\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n\r\n";
    let invite = scan(text).unwrap();
    let trying = Message::scan(&Response::to(&invite, 100, "", Some("t"), None).finish()).unwrap();
    assert_eq!((trying.to().unwrap().tag(), trying.header(Name::Timestamp)), (None, Some("54")));
    assert!(!trying.has(Name::RecordRoute));
    let ringing = Message::scan(&Response::to(&invite, 180, "", Some("t"), None).finish()).unwrap();
    assert_eq!(
        (ringing.to().unwrap().tag(), ringing.header(Name::RecordRoute)),
        (Some("t"), Some("<sip:p;lr>"))
    );
    let busy = Message::scan(&Response::to(&invite, 486, "", Some("t"), None).finish()).unwrap();
    assert!(!busy.has(Name::RecordRoute));
}

#[test]
fn a_name_in_latin_letters_of_old_does_not_cost_the_caller_the_call() {
    // Old trunks write ISO 8859-1. The text shows `?`, but the response repeats the original bytes.
    let mut bytes = BYE.replace("A, B", "Jos#").into_bytes();
    let at = bytes.iter().position(|byte| *byte == b'#').unwrap();
    bytes[at] = 0xe9;
    let message = Message::scan(&Bytes::from(bytes)).unwrap();
    assert_eq!(message.to().unwrap().display_name(), "Jos?");
    let response = Response::to(&message, 200, "", None, None).finish();
    assert!(response.windows(5).any(|five| five == b"Jos\xe9\""));
}

#[test]
fn a_value_with_a_line_break_stays_one_header() {
    // Header injection.
    let extra: Extra = [(Name::Subject, "a\r\nX-Evil: b".to_owned())].into_iter().collect();
    let bytes = Request::new(Method::Options, "sip:a@b").headers(&extra).finish();
    let message = Message::scan(&bytes).unwrap();
    assert_eq!(message.header(Name::Subject), Some("a  X-Evil: b"));
    assert_eq!(message.other_header("X-Evil"), None);
}

#[test]
fn lines_that_are_not_to_be_kept_are_left_out_and_nothing_else_is() {
    let text = BYE.replace("i: call", "P-Asserted-Identity: <sip:1@x>,\r\n <tel:+2>\r\ni: call");
    let text = text.replace("\r\n\r\n", "\r\nRemote-Party-ID: <sip:3@x>\r\n\r\nbody");
    let message = Message::scan(&Bytes::from(text)).unwrap();
    let left = message.bytes_without(&[Name::PAssertedIdentity, Name::RemotePartyId]);
    assert_eq!(left, BYE.replace("\r\n\r\n", "\r\n\r\nbody"));
    assert_eq!(message.bytes_without(&[Name::Contact]), message.bytes());
}

#[test]
fn every_limit_has_its_refusal() {
    // RFC 3261, 21.4.11, 21.4.14 and 21.5.7.
    let long = |line: &str| BYE.replace("X-Note: one, two", line);
    assert_eq!(scan(&long(&format!("X: {}", "a".repeat(9_000)))).unwrap_err(), Malformed::HeaderTooLong);
    assert_eq!(scan(&long(&format!("X: {}", "a\r\n ".repeat(3_000)))).unwrap_err(), Malformed::HeaderTooLong);
    let many = long(&"X: y\r\n".repeat(200));
    assert_eq!(scan(&many).unwrap_err(), Malformed::TooManyHeaders);
    let salvaged = Message::salvage(&Bytes::from(many)).expect("its sender gets a 513");
    assert_eq!(salvaged.call_id(), "call");
    assert_eq!(scan(&"x".repeat(70_000)).unwrap_err(), Malformed::MessageTooLong);
    let uri = format!("sip:{}@b", "a".repeat(3_000));
    assert_eq!(scan(&BYE.replace("sip:agent@192.0.2.7", &uri)).unwrap_err(), Malformed::UriTooLong);
    assert_eq!(Malformed::UriTooLong.status(), Some(414));
    assert_eq!(scan(&BYE.replace("i: call\r\n", "i: call\n")).unwrap_err(), Malformed::LineEnd);
    assert_eq!(scan("\r\n\r\n").unwrap_err(), Malformed::KeepAlive);
    assert_eq!(scan("\0\0\0\0").unwrap_err(), Malformed::KeepAlive);
    assert_eq!(scan("GET / HTTP/1.1\r\n\r\n").unwrap_err(), Malformed::NotSip);
}

fn poke(message: &Message) {
    for name in Name::known() {
        let _ = (message.header(name), message.number(name), message.address(name).map(|a| a.uri().is_ok()));
        assert!(message.values(name).count() < 1_000);
    }
    let _ = (message.top_via(), message.cseq(), message.body(), message.reason(), message.request_uri());
    let _ = (message.contacts().count(), message.headers().count(), message.method_name());
    let _ = crate::message::check::check_request(message);
    let _ = crate::message::check::check_response(message);
    if message.is_request() {
        let source = Some("127.0.0.1:5060".parse().unwrap());
        let bytes = Response::to(message, 400, "", Some("t"), source).finish();
        assert!(bytes.ends_with(b"Content-Length: 0\r\n\r\n"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn noise_never_brings_the_house_down(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let bytes = Bytes::from(bytes);
        for message in Message::scan(&bytes).ok().into_iter().chain(Message::salvage(&bytes)) {
            poke(&message);
        }
    }

    #[test]
    fn a_message_with_bytes_gone_wrong_never_brings_the_house_down(
        changes in proptest::collection::vec((0..BYE.len(), any::<u8>()), 1..9), cut in 0..BYE.len(),
    ) {
        let mut bytes = BYE.as_bytes().to_vec();
        for (at, byte) in changes {
            bytes[at] = byte;
        }
        for bytes in [Bytes::copy_from_slice(&bytes[..cut]), Bytes::from(bytes)] {
            for message in Message::scan(&bytes).ok().into_iter().chain(Message::salvage(&bytes)) {
                poke(&message);
            }
        }
    }

    #[test]
    fn what_is_written_reads_back_in_order(
        headers in proptest::collection::vec(("X-[a-z]{1,9}", "[!-~]([ -~]{0,40}[!-~])?"), 0..20),
        body in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut request = Request::new(Method::Info, "sip:a@b");
        for (name, value) in &headers {
            request = request.other_header(name, value);
        }
        let bytes = request.body("application/octet-stream", &body);
        let message = Message::scan(&bytes).unwrap();
        prop_assert_eq!(message.body(), Bytes::from(body));
        prop_assert_eq!(message.bytes(), &bytes);
        let read: Vec<_> = message.headers().map(|(_, name, value)| (name.to_owned(), value.to_owned())).collect();
        prop_assert_eq!(&read[..headers.len()], headers.as_slice());
    }
}
