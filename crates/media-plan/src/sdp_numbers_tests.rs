//! Tests of payload types that differ between both ends (RFC 3264, 5.1 and 6.1).

use std::net::SocketAddr;

use crate::codec::Codec;
use crate::encoding::Named;
use crate::sdp::Negotiation;
use crate::stream::Direction;

fn leg() -> Negotiation {
    Negotiation::new(SocketAddr::from(([192, 0, 2, 1], 20_000)), 7, &Codec::ALL)
}

fn sdp(rest: &str) -> String {
    format!("v=0\r\no=u 1 1 IN IP4 198.51.100.9\r\ns=-\r\nc=IN IP4 198.51.100.9\r\nt=0 0\r\n{rest}")
}

const KEY: Option<Named> = Some(Named::TelephoneEvent);

const fn voice(codec: Codec) -> Option<Named> {
    Some(Named::Voice(codec))
}

#[test]
fn a_key_is_sent_by_the_peers_number_and_heard_by_ours_and_by_theirs() {
    // RFC 3264, 6.1: a carrier's answer has another number for telephone-event, but it sends with ours.
    for theirs in [96, 100, 127] {
        let mut leg = leg();
        leg.offer(Direction::SendRecv);
        let rest = format!("m=audio 4000 RTP/AVP 8 {theirs}\r\na=rtpmap:{theirs} telephone-event/8000\r\n");
        let encoding = leg.answered(sdp(&rest).as_bytes()).unwrap().encoding;
        assert_eq!(encoding.telephone_event, Some(theirs), "this number we send");
        assert_eq!((encoding.hears(101), encoding.hears(theirs)), (KEY, KEY));
        let again = String::from_utf8(leg.offer(Direction::SendOnly).to_vec()).unwrap();
        assert!(again.contains("RTP/AVP 8 101\r\n"), "our own numbers stay what they are: {again}");
        let encoding = leg.answered(sdp(&rest).as_bytes()).unwrap().encoding;
        assert_eq!((encoding.hears(101), encoding.telephone_event), (KEY, Some(theirs)));
    }
}

#[test]
fn a_codec_has_another_number_each_way() {
    let mut leg = leg();
    leg.offer(Direction::SendRecv);
    let rest = "m=audio 4000 RTP/AVP 97 0\r\na=rtpmap:97 G722/8000\r\n";
    let encoding = leg.answered(sdp(rest).as_bytes()).unwrap().encoding;
    assert_eq!((encoding.codec, encoding.payload_type), (Codec::G722, 97));
    assert_eq!((encoding.hears(9), encoding.hears(97)), (voice(Codec::G722), voice(Codec::G722)));
    assert_eq!((encoding.hears(0), encoding.hears(13)), (voice(Codec::Pcmu), None));
}

#[test]
fn the_peers_number_is_not_taken_for_what_ours_means_otherwise() {
    // The peer calls telephone-event what we call PCMU, and G.722 what we call telephone-event.
    let mut leg = leg();
    leg.offer(Direction::SendRecv);
    let rest = "m=audio 4000 RTP/AVP 101 0\r\na=rtpmap:101 G722/8000\r\na=rtpmap:0 telephone-event/8000\r\n";
    let encoding = leg.answered(sdp(rest).as_bytes()).unwrap().encoding;
    assert_eq!((encoding.payload_type, encoding.telephone_event), (101, Some(0)), "to the peer as it says");
    assert_eq!(
        (encoding.hears(101), encoding.hears(0)),
        (KEY, voice(Codec::Pcmu)),
        "from the peer as we said"
    );
    assert_eq!(encoding.hears(9), voice(Codec::G722));
}

#[test]
fn what_was_named_earlier_in_the_call_is_heard_on() {
    // RFC 3264, 8.3.2: a number keeps its meaning during the call. The peer's re-INVITE renumbers telephone-event.
    let mut leg = leg();
    leg.offer(Direction::SendRecv);
    let rest = |key: u8| format!("m=audio 4000 RTP/AVP 8 {key}\r\na=rtpmap:{key} telephone-event/8000\r\n");
    leg.answered(sdp(&rest(101)).as_bytes()).unwrap();
    let (answer, agreed) = leg.answer(sdp(&rest(96)).as_bytes(), Direction::SendRecv, None).unwrap();
    assert!(String::from_utf8_lossy(&answer).contains("RTP/AVP 8 96\r\n"));
    assert_eq!(agreed.encoding.telephone_event, Some(96));
    assert_eq!((agreed.encoding.hears(96), agreed.encoding.hears(101)), (KEY, KEY));
}

#[test]
fn an_answer_that_repeats_our_numbers_need_not_say_what_they_mean() {
    let mut leg = leg();
    leg.offer(Direction::SendRecv);
    let encoding = leg.answered(sdp("m=audio 4000 RTP/AVP 8 101\r\n").as_bytes()).unwrap().encoding;
    assert_eq!(encoding.telephone_event, Some(101));
}

#[test]
fn an_offer_with_keys_under_two_numbers_is_heard_under_both() {
    let rest = "m=audio 4000 RTP/AVP 8 100 101\r\na=rtpmap:100 telephone-event/8000\r\n\
        a=rtpmap:101 telephone-event/8000\r\n";
    let (_, agreed) = leg().answer(sdp(rest).as_bytes(), Direction::SendRecv, None).unwrap();
    assert_eq!(agreed.encoding.telephone_event, Some(100));
    assert_eq!((agreed.encoding.hears(100), agreed.encoding.hears(101)), (KEY, KEY));
}

#[test]
fn g722_that_says_what_it_samples_is_g722() {
    // RFC 3551, 4.5.2 explains why 8000 is written; some phones write 16000.
    let rest = "m=audio 4000 RTP/AVP 9\r\na=rtpmap:9 G722/16000\r\n";
    let mut leg = leg();
    leg.offer(Direction::SendRecv);
    let encoding = leg.answered(sdp(rest).as_bytes()).unwrap().encoding;
    assert_eq!((encoding.codec, encoding.payload_type), (Codec::G722, 9));
}
