//! Opus beside another codec: who may have it, in which order, and under which numbers.

use crate::codec::Codec;
use crate::encoding::Named;
use crate::sdp::{Negotiation, OpusPlace, Unacceptable, has_opus};
use crate::stream::Direction;

fn leg(port: u16, place: Option<OpusPlace>) -> Negotiation {
    let local = format!("192.0.2.1:{port}").parse().expect("an address");
    Negotiation::new(local, 1, &[Codec::Pcma, Codec::Pcmu]).with_opus(place)
}

fn formats(sdp: &[u8]) -> String {
    let text = core::str::from_utf8(sdp).expect("text");
    let line = text.lines().find(|line| line.starts_with("m=audio")).expect("a line with audio");
    line.split(' ').skip(3).collect::<Vec<_>>().join(" ")
}

/// What baresip offers with its modules opus and g711.
const BARESIP: &str = "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n\
    m=audio 4000 RTP/AVP 96 8 101\r\na=rtpmap:96 opus/48000/2\r\na=fmtp:96 stereo=0;sprop-stereo=0\r\n\
    a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n";

#[test]
fn what_the_other_leg_has_stands_first_and_both_are_agreed() {
    for (place, ours) in [(OpusPlace::First, "111 8 0 101"), (OpusPlace::Last, "8 0 111 101")] {
        let (mut one, mut other) = (leg(4_000, Some(place)), leg(5_000, Some(place)));
        let offer = one.offer(Direction::SendRecv);
        assert_eq!(formats(&offer), ours);
        assert!(has_opus(&offer));
        let (answer, theirs) = other.answer(&offer, Direction::SendRecv, None).expect("it is acceptable");
        assert_eq!(formats(&answer), if place == OpusPlace::First { "111 8 101" } else { "8 111 101" });
        let ours = one.answered(&answer).expect("it is acceptable");
        for encoding in [ours.encoding, theirs.encoding] {
            assert_eq!((encoding.codec, encoding.opus), (Codec::Pcma, Some(111)));
            assert_eq!(encoding.hears(111), Some(Named::Opus));
            assert_eq!(encoding.hears(8), Some(Named::Voice(Codec::Pcma)));
        }
        // A later offer has both again, in the order that the present partner asks for.
        one.put_opus(OpusPlace::First);
        assert_eq!(formats(&one.offer(Direction::SendRecv)), "111 8 101");
    }
}

#[test]
fn the_peers_numbers_are_sent_and_heard() {
    let mut ours = leg(4_000, Some(OpusPlace::First));
    let (answer, agreed) = ours.answer(BARESIP.as_bytes(), Direction::SendRecv, None).expect("acceptable");
    assert_eq!(formats(&answer), "96 8 101");
    assert_eq!((agreed.encoding.opus, agreed.encoding.hears(96)), (Some(96), Some(Named::Opus)));
    assert!(core::str::from_utf8(&answer).expect("text").contains("a=rtpmap:96 opus/48000/2\r\n"));
}

#[test]
fn a_leg_that_may_not_have_it_and_a_peer_that_has_not_get_what_they_got_before() {
    let mut without = leg(4_000, None);
    let (answer, agreed) = without.answer(BARESIP.as_bytes(), Direction::SendRecv, None).expect("acceptable");
    assert_eq!((formats(&answer).as_str(), agreed.encoding.opus), ("8 101", None));
    assert_eq!(agreed.encoding.hears(96), None);
    let plain = BARESIP.replace("96 8 101", "8 101");
    let mut with = leg(4_000, Some(OpusPlace::First));
    let (answer, agreed) = with.answer(plain.as_bytes(), Direction::SendRecv, None).expect("acceptable");
    assert_eq!((formats(&answer).as_str(), agreed.encoding.opus), ("8 101", None));
    with.put_opus(OpusPlace::Last);
    assert_eq!(
        formats(&with.offer(Direction::SendRecv)),
        "8 101",
        "what was not agreed is not offered later"
    );
}

#[test]
fn opus_alone_is_refused_since_music_has_another_codec() {
    let alone = BARESIP.replace("96 8 101", "96 101");
    let refused = leg(4_000, Some(OpusPlace::Last)).answer(alone.as_bytes(), Direction::SendRecv, None);
    assert_eq!(refused.err(), Some(Unacceptable::NoCodec));
    for wrong in ["opus/48000", "opus/48000/1", "opus/16000/2"] {
        let sdp = BARESIP.replace("opus/48000/2", wrong);
        let (_, agreed) = leg(4_000, Some(OpusPlace::Last))
            .answer(sdp.as_bytes(), Direction::SendRecv, None)
            .expect("the other codec is there");
        assert_eq!(agreed.encoding.opus, None, "{wrong}");
    }
}

#[test]
fn a_leg_that_an_earlier_turno_wrote_is_read_and_has_no_opus() {
    let mut earlier = leg(4_000, None);
    let plain = BARESIP.replace("96 8 101", "8 101");
    earlier.answer(plain.as_bytes(), Direction::SendRecv, None).expect("acceptable");
    let row = rmp_serde::to_vec(&earlier).expect("a row");
    // The last field is new: an earlier row is shorter by it.
    assert_eq!(row[0], 0x99, "an array of nine");
    let mut shorter = row[..row.len() - 1].to_vec();
    shorter[0] = 0x98;
    let read: Negotiation = rmp_serde::from_slice(&shorter).expect("it can be read");
    assert_eq!((read.opus(), read.said()), (None, earlier.said()));
}
