//! Tests of SDP from phones, trunks and attackers.

use std::net::SocketAddr;

use proptest::prelude::*;

use crate::codec::Codec;
use crate::sdp::body::Body;
use crate::sdp::read::Described;
use crate::sdp::{Negotiation, SDP_BYTES_MAX, SDP_LINES_MAX, Unacceptable};
use crate::stream::Direction;

fn ours() -> SocketAddr {
    "192.0.2.1:20000".parse().unwrap()
}

fn leg() -> Negotiation {
    Negotiation::new(ours(), 7, &Codec::ALL)
}

fn sdp(connection: &str, rest: &str) -> Vec<u8> {
    format!("v=0\r\no=u 1 1 IN IP4 198.51.100.9\r\ns=-\r\nc={connection}\r\nt=0 0\r\n{rest}").into_bytes()
}

fn text(body: &[u8]) -> String {
    String::from_utf8(body.to_vec()).unwrap()
}

const PHONE: &str = "m=audio 4000 RTP/AVP 9 0 8 101\r\na=rtpmap:9 G722/8000\r\na=rtpmap:0 PCMU/8000\r\n\
    a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=sendrecv\r\n";

#[test]
fn the_load_tests_smallest_offer_is_answered() {
    // SIPp's stock scenario: one codec, its mapping optional (RFC 3551, 6).
    for rest in ["m=audio 6000 RTP/AVP 0\r\n", "m=audio 6000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"] {
        let (body, agreed) =
            leg().answer(&sdp("IN IP4 127.0.0.1", rest), Direction::SendRecv, Some(Codec::Pcma)).unwrap();
        assert_eq!(agreed.encoding.codec, Codec::Pcmu);
        assert_eq!(agreed.encoding.telephone_event, None);
        assert_eq!(agreed.remote, "127.0.0.1:6000".parse().unwrap());
        assert_eq!(agreed.direction, Direction::SendRecv);
        assert_eq!(
            text(&body),
            "v=0\r\no=turno 7 1 IN IP4 192.0.2.1\r\ns=turno\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n\
             m=audio 20000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=ptime:20\r\na=sendrecv\r\n"
        );
    }
}

#[test]
fn the_other_legs_codec_is_taken_and_otherwise_the_peers_first() {
    let offer = sdp("IN IP4 198.51.100.9", PHONE);
    for (prefer, codec) in
        [(None, Codec::G722), (Some(Codec::Pcma), Codec::Pcma), (Some(Codec::Pcmu), Codec::Pcmu)]
    {
        let (_, agreed) = leg().answer(&offer, Direction::SendRecv, prefer).unwrap();
        assert_eq!(agreed.encoding.codec, codec);
        assert_eq!(agreed.encoding.telephone_event, Some(101));
    }
    let mut narrow = Negotiation::new(ours(), 7, &[Codec::Pcmu]);
    let (_, agreed) = narrow.answer(&offer, Direction::SendRecv, Some(Codec::G722)).unwrap();
    assert_eq!(
        agreed.encoding.codec,
        Codec::Pcmu,
        "a codec that the plan forbids is not taken by preference"
    );
}

#[test]
fn dynamic_payload_types_are_kept_as_the_peer_numbered_them() {
    // RFC 3264, 6.1: the answer uses the offer's payload types.
    let rest = "m=audio 4000 RTP/AVP 97 98 96\r\na=rtpmap:97 opus/48000/2\r\na=rtpmap:98 pcma/8000/1\r\n\
        a=rtpmap:96 telephone-event/8000\r\n";
    let (body, agreed) = leg().answer(&sdp("IN IP4 198.51.100.9", rest), Direction::SendRecv, None).unwrap();
    assert_eq!((agreed.encoding.codec, agreed.encoding.payload_type), (Codec::Pcma, 98));
    assert_eq!(agreed.encoding.telephone_event, Some(96));
    let body = text(&body);
    assert!(body.contains("m=audio 20000 RTP/AVP 98 96\r\na=rtpmap:98 PCMA/8000\r\n"), "{body}");
    assert!(body.contains("a=rtpmap:96 telephone-event/8000\r\na=fmtp:96 0-16\r\n"), "{body}");
}

#[test]
fn a_static_number_that_is_mapped_to_something_else_is_not_our_codec() {
    let rest = "m=audio 4000 RTP/AVP 0\r\na=rtpmap:0 PCMU/16000\r\n";
    let refused = leg().answer(&sdp("IN IP4 198.51.100.9", rest), Direction::SendRecv, None);
    assert_eq!(refused.unwrap_err(), Unacceptable::NoCodec);
}

#[test]
fn telephone_event_at_another_clock_is_not_taken() {
    let rest = "m=audio 4000 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/48000\r\n";
    let (_, agreed) = leg().answer(&sdp("IN IP4 198.51.100.9", rest), Direction::SendRecv, None).unwrap();
    assert_eq!(agreed.encoding.telephone_event, None);
}

#[test]
fn a_phone_holds_in_the_new_style_and_in_the_old() {
    // RFC 3264, 8.4; RFC 2543: c=0.0.0.0.
    let cases = [
        ("IN IP4 198.51.100.9", "a=sendonly\r\n", Direction::RecvOnly),
        ("IN IP4 198.51.100.9", "a=inactive\r\n", Direction::Inactive),
        ("IN IP4 198.51.100.9", "a=recvonly\r\n", Direction::SendOnly),
        ("IN IP4 0.0.0.0", "", Direction::RecvOnly),
        ("IN IP4 0.0.0.0", "a=inactive\r\n", Direction::Inactive),
        ("IN IP4 0.0.0.0", "a=recvonly\r\n", Direction::Inactive),
    ];
    for (connection, flow, expected) in cases {
        let offer = sdp(connection, &format!("m=audio 4000 RTP/AVP 8\r\n{flow}"));
        let (body, agreed) = leg().answer(&offer, Direction::SendRecv, None).unwrap();
        assert_eq!(agreed.direction, expected, "{connection} {flow}");
        let written = match expected {
            Direction::RecvOnly => "a=recvonly",
            Direction::Inactive => "a=inactive",
            Direction::SendOnly => "a=sendonly",
            Direction::SendRecv => "a=sendrecv",
        };
        assert!(text(&body).contains(written));
    }
    let before_the_lines = b"v=0\r\nc=IN IP4 198.51.100.9\r\na=sendonly\r\nm=audio 4000 RTP/AVP 8\r\n";
    let (_, agreed) = leg().answer(before_the_lines, Direction::SendRecv, None).unwrap();
    assert_eq!(
        agreed.direction,
        Direction::RecvOnly,
        "the session's direction counts where the line has none"
    );
}

#[test]
fn the_answer_never_allows_more_than_we_want() {
    let offer = sdp("IN IP4 198.51.100.9", "m=audio 4000 RTP/AVP 8\r\na=sendonly\r\n");
    let (_, agreed) = leg().answer(&offer, Direction::SendOnly, None).unwrap();
    assert_eq!(agreed.direction, Direction::Inactive);
}

#[test]
fn the_lines_own_address_beats_the_sessions() {
    // RFC 8866, 5.7.
    let rest = "m=audio 4000 RTP/AVP 8\r\nc=IN IP4 203.0.113.77\r\n";
    let (_, agreed) = leg().answer(&sdp("IN IP4 198.51.100.9", rest), Direction::SendRecv, None).unwrap();
    assert_eq!(agreed.remote, "203.0.113.77:4000".parse().unwrap());
}

#[test]
fn video_and_text_are_refused_in_their_places() {
    // RFC 3264, 6: as many lines as the offer, port 0 for refused ones; our later offers keep them.
    let rest = "m=video 5000 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\nm=audio 4000 RTP/AVP 8\r\n\
        m=audio 4002 RTP/AVP 0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n";
    let mut leg = leg();
    let (body, agreed) = leg.answer(&sdp("IN IP4 198.51.100.9", rest), Direction::SendRecv, None).unwrap();
    assert_eq!(agreed.remote.port(), 4000);
    let lines = |body: &[u8]| -> Vec<String> {
        text(body).lines().filter(|line| line.starts_with("m=")).map(str::to_owned).collect()
    };
    let expected = [
        "m=video 0 RTP/AVP 96",
        "m=audio 20000 RTP/AVP 8",
        "m=audio 0 RTP/AVP 0",
        "m=application 0 UDP/DTLS/SCTP webrtc-datachannel",
    ];
    assert_eq!(lines(&body), expected);
    assert_eq!(lines(&leg.offer(Direction::SendOnly)), expected);
    let answer = sdp(
        "IN IP4 198.51.100.9",
        "m=video 0 RTP/AVP 96\r\nm=audio 4000 RTP/AVP 8\r\na=recvonly\r\nm=audio 0 RTP/AVP 0\r\nm=application 0 x y\r\n",
    );
    assert_eq!(leg.answered(&answer).unwrap().direction, Direction::SendOnly);
}

#[test]
fn what_turno_cannot_speak_is_refused_by_name() {
    let cases = [
        ("IN IP4 198.51.100.9", "m=audio 4000 RTP/SAVP 0\r\n", Unacceptable::NoPlain),
        ("IN IP4 198.51.100.9", "m=audio 4000 UDP/TLS/RTP/SAVPF 0\r\n", Unacceptable::NoBrowser),
        ("IN IP4 198.51.100.9", "m=audio 0 RTP/AVP 0\r\n", Unacceptable::NoAudio),
        ("IN IP4 198.51.100.9", "m=video 4000 RTP/AVP 0\r\n", Unacceptable::NoAudio),
        ("IN IP4 198.51.100.9", "", Unacceptable::NoAudio),
        ("IN IP4 198.51.100.9", "m=audio 4000 RTP/AVP 18 3\r\n", Unacceptable::NoCodec),
        ("IN IP4 224.2.1.1/127", "m=audio 4000 RTP/AVP 0\r\n", Unacceptable::Address),
        ("IN IP4 239.1.1.1", "m=audio 4000 RTP/AVP 0\r\n", Unacceptable::Address),
        ("IN IP4 255.255.255.255", "m=audio 4000 RTP/AVP 0\r\n", Unacceptable::Address),
        (
            "IN IP4 198.51.100.9",
            "m=video 4 RTP/AVP 9\r\nm=audio 4 RTP/AVP 18\r\nm=text 4 x y\r\n",
            Unacceptable::NoCodec,
        ),
    ];
    for (connection, rest, expected) in cases {
        let refused = leg().answer(&sdp(connection, rest), Direction::SendRecv, None);
        assert_eq!(refused.unwrap_err(), expected, "{connection} {rest}");
    }
    for garbage in [&b""[..], b"hello", b"a=b\r\n", b"\0\0v0\r\n", b"<sdp v=0 m=audio/>"] {
        let refused = leg().answer(garbage, Direction::SendRecv, None);
        assert_eq!(refused.unwrap_err(), Unacceptable::Malformed);
    }
}

#[test]
fn a_body_past_the_limits_is_not_read() {
    let long =
        sdp("IN IP4 198.51.100.9", &format!("m=audio 1 RTP/AVP 0\r\na={}\r\n", "x".repeat(SDP_BYTES_MAX)));
    let many = sdp("IN IP4 198.51.100.9", &"m=audio 1 RTP/AVP 0\r\n".repeat(17));
    for body in [long, many] {
        let refused = leg().answer(&body, Direction::SendRecv, None);
        assert_eq!(refused.unwrap_err(), Unacceptable::Malformed);
    }
}

#[test]
fn an_agent_on_ipv6_is_met_on_ipv6() {
    let mut leg = Negotiation::new("[2001:db8::5]:20000".parse().unwrap(), 7, &Codec::ALL);
    let offer = sdp("IN IP6 2001:db8::1", "m=audio 4000 RTP/AVP 0\r\n");
    let (body, agreed) = leg.answer(&offer, Direction::SendRecv, None).unwrap();
    assert_eq!(agreed.remote, "[2001:db8::1]:4000".parse().unwrap());
    assert!(text(&body).contains("c=IN IP6 2001:db8::5\r\n"));
}

#[test]
fn a_late_offer_is_ours_and_the_ack_answers_it() {
    // RFC 3261, 13.2.1: an INVITE without a body gets our offer in the 200.
    let mut leg = leg();
    let offer = text(&leg.offer(Direction::SendRecv));
    assert!(offer.contains("m=audio 20000 RTP/AVP 8 0 9 101\r\n"), "{offer}");
    assert_eq!(leg.agreed(), None);
    let agreed = leg.answered(&sdp("IN IP4 198.51.100.9", PHONE)).unwrap();
    assert_eq!(agreed.encoding.codec, Codec::G722);
    assert_eq!(leg.agreed(), Some(&agreed));
    let again = text(&leg.offer(Direction::SendRecv));
    assert!(again.contains("RTP/AVP 9 101\r\n"), "after an agreement the agreed codec alone: {again}");
}

#[test]
fn an_answer_that_does_not_fit_leaves_the_agreement_alone() {
    let mut leg = leg();
    assert_eq!(leg.answered(&sdp("IN IP4 198.51.100.9", PHONE)).unwrap_err(), Unacceptable::Mismatch);
    leg.offer(Direction::SendRecv);
    let agreed = leg.answered(&sdp("IN IP4 198.51.100.9", PHONE)).unwrap();
    leg.offer(Direction::SendOnly);
    let cases = [
        ("m=audio 4000 RTP/AVP 0\r\n", Unacceptable::Mismatch),
        ("m=audio 0 RTP/AVP 9\r\n", Unacceptable::NoAudio),
        ("", Unacceptable::Mismatch),
    ];
    for (rest, expected) in cases {
        assert_eq!(leg.answered(&sdp("IN IP4 198.51.100.9", rest)).unwrap_err(), expected);
        assert_eq!(leg.agreed(), Some(&agreed));
    }
}

#[test]
fn the_version_rises_only_when_something_changed() {
    // RFC 3264, 8: a session refresh repeats the same body.
    let mut leg = leg();
    let offer = sdp("IN IP4 198.51.100.9", PHONE);
    let version = |body: &[u8]| text(body).lines().nth(1).unwrap().split(' ').nth(2).unwrap().to_owned();
    let (first, _) = leg.answer(&offer, Direction::SendRecv, None).unwrap();
    let (second, _) = leg.answer(&offer, Direction::SendRecv, None).unwrap();
    assert_eq!(first, second);
    assert_eq!(first, leg.offer(Direction::SendRecv));
    assert_eq!(version(&leg.offer(Direction::SendOnly)), "2");
    assert_eq!(version(&leg.offer(Direction::SendOnly)), "2");
    assert_eq!(version(&leg.offer(Direction::SendRecv)), "3");
}

#[test]
fn two_of_our_own_legs_understand_each_other() {
    let mut one = leg();
    let mut other = Negotiation::new("192.0.2.2:30000".parse().unwrap(), 8, &[Codec::G722, Codec::Pcmu]);
    let offer = one.offer(Direction::SendOnly);
    let (answer, theirs) = other.answer(&offer, Direction::SendRecv, None).unwrap();
    let agreed = one.answered(&answer).unwrap();
    assert_eq!(agreed.encoding.codec, theirs.encoding.codec);
    assert_eq!(agreed.encoding.payload_type, theirs.encoding.payload_type);
    assert_eq!(agreed.remote.port(), 30000);
    assert_eq!((agreed.direction, theirs.direction), (Direction::SendOnly, Direction::RecvOnly));
}

fn plain_line() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("o=- 1 1 IN IP4 198.51.100.9".to_owned()),
        Just("s=-".to_owned()),
        Just("t=0 0".to_owned()),
        Just("b=AS:64".to_owned()),
        Just("c=IN IP4 198.51.100.9".to_owned()),
        Just("m=audio 4000 RTP/AVP 0 8 9 101".to_owned()),
        Just("a=sendonly".to_owned()),
        hostile_line(),
    ]
}

#[test]
fn the_usual_bodies_are_read_by_the_scan() {
    // Bodies of phones, trunks, load tests, and our own.
    let ours = leg().offer(Direction::SendRecv);
    for body in
        [&ours[..], &sdp("IN IP4 198.51.100.9", PHONE), &sdp("IN IP6 2001:db8::1", "m=audio 4 RTP/AVP 0\r\n")]
    {
        assert!(Body::scan(body).is_some(), "{}", text(body));
        assert_eq!(Described::read(body), Described::read_slowly(body));
    }
}

fn hostile_line() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("m=audio 4000 RTP/AVP 0 8 9 101".to_owned()),
        Just("c=IN IP4 0.0.0.0".to_owned()),
        Just("a=rtpmap:0 PCMU/8000".to_owned()),
        "a=rtpmap:[0-9]{1,4} [A-Za-z/0-9]{0,12}",
        "m=[a-z]{0,6} [0-9]{1,6} [A-Z/]{0,9} [ -~]{0,20}",
        "c=IN IP[46] [0-9a-f.:/]{0,20}",
        "[a-z]=[ -~]{0,40}",
        "\\PC{0,30}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_another_reader_takes_is_taken_too(lines in prop::collection::vec(plain_line(), 0..16)) {
        // RFC 8866, 5: sdp-types follows the grammar; our tolerance must not change the meaning of a valid body.
        let body = format!("v=0\r\n{}\r\n", lines.join("\r\n"));
        if let Ok(session) = sdp_types::Session::parse(body.as_bytes())
            && session.medias.len() <= SDP_LINES_MAX
        {
            let read = Body::read(&body).unwrap();
            let lines = |of: &str| of.split_ascii_whitespace().map(str::to_owned).collect::<Vec<_>>();
            let pairs = read.sections.iter().zip(&session.medias);
            for (one, other) in pairs.filter(|(_, other)| ![&other.media, &other.proto].contains(&&String::new())) {
                prop_assert_eq!(one.port, other.port);
                prop_assert_eq!((one.media, one.proto), (other.media.as_str(), other.proto.as_str()));
                prop_assert_eq!(lines(one.formats), lines(&other.fmt));
            }
            prop_assert_eq!(read.sections.len(), session.medias.len());
        }
    }

    #[test]
    fn no_body_makes_the_negotiation_panic(lines in prop::collection::vec(hostile_line(), 0..20)) {
        let body = format!("v=0\r\n{}\r\n", lines.join("\r\n"));
        let mut leg = leg();
        leg.offer(Direction::SendRecv);
        let _ = leg.answered(body.as_bytes());
        if let Ok((answer, agreed)) = leg.answer(body.as_bytes(), Direction::SendRecv, None) {
            prop_assert_eq!(leg.agreed(), Some(&agreed));
            // Every answer of ours can be read by another leg of ours.
            let offered = body.lines().filter(|line| line.starts_with("m=")).count();
            let answered = text(&answer).lines().filter(|line| line.starts_with("m=")).count();
            prop_assert_eq!(offered, answered);
        }
    }

    #[test]
    fn the_scan_reads_what_the_slow_way_reads(lines in prop::collection::vec(plain_line(), 0..16)) {
        // RFC 8866, 5: both readers must agree on every body that the scan accepts.
        let body = format!("v=0\r\n{}\r\n", lines.join("\r\n"));
        if Body::scan(body.as_bytes()).is_some() {
            prop_assert_eq!(Described::read(body.as_bytes()), Described::read_slowly(body.as_bytes()));
        }
    }

    #[test]
    fn no_bytes_make_the_negotiation_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = leg().answer(&body, Direction::SendRecv, None);
    }
}
