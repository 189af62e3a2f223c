//! Target `sdp`: bodies of any bytes as offers and answers, and two turno ends that must agree afterwards.

use std::net::SocketAddr;

use turno_media_plan::sdp::{Agreed, Negotiation};
use turno_media_plan::{Codec, Direction, KeyMint, Named, SrtpPolicy};

use crate::raw::Raw;

const DIRECTIONS: [Direction; 4] =
    [Direction::SendRecv, Direction::SendOnly, Direction::RecvOnly, Direction::Inactive];

const POLICIES: [SrtpPolicy; 4] =
    [SrtpPolicy::Never, SrtpPolicy::Offered, SrtpPolicy::Required, SrtpPolicy::Offered];

/// The first byte chooses who offers and with which settings, the rest is the peer's body.
pub fn sdp(bytes: &[u8]) {
    let mut raw = Raw::new(bytes);
    let choice = raw.byte();
    let body = raw.rest();
    let wanted = DIRECTIONS[usize::from(choice & 3)];
    let prefer = Codec::ALL.get(usize::from(choice >> 2 & 3)).copied();
    let codecs = &Codec::ALL[usize::from(choice >> 4) % 3..];
    let local = SocketAddr::from(([192, 0, 2, 1], 20_000));
    let policy = POLICIES[usize::from(choice >> 5 & 3)];
    let mut ours = Negotiation::new(local, 1, codecs).with_srtp(policy, KeyMint::new([1; 32]));
    let agreed = if choice & 0x80 == 0 {
        let answered = ours.answer(body, wanted, prefer);
        let Ok((answer, agreed)) = answered else {
            assert!(ours.agreed().is_none(), "nothing was agreed and it stands all the same");
            return;
        };
        same_number_of_lines(body, &answer);
        check(&agreed, wanted, codecs);
        readable(&answer, agreed.encoding.codec, agreed.direction);
        agreed
    } else {
        let offer = ours.offer(wanted);
        assert_eq!(media_lines(&offer), 1);
        let Ok(agreed) = ours.answered(body) else {
            assert!(ours.agreed().is_none());
            return;
        };
        check(&agreed, wanted, codecs);
        agreed
    };
    assert_eq!(ours.agreed(), Some(&agreed));
    match policy {
        SrtpPolicy::Never => assert!(agreed.srtp.is_none(), "keys that nobody wanted"),
        SrtpPolicy::Required => assert!(agreed.srtp.is_some(), "in the clear against the plan"),
        SrtpPolicy::Offered | SrtpPolicy::Barred => {}
    }
    offered_again(ours, agreed, codecs);
}

fn check(agreed: &Agreed, wanted: Direction, codecs: &[Codec]) {
    assert!(codecs.contains(&agreed.encoding.codec));
    assert!(agreed.encoding.payload_type < 128);
    assert!(agreed.encoding.telephone_event.is_none_or(|number| number < 128));
    assert_ne!(agreed.encoding.telephone_event, Some(agreed.encoding.payload_type));
    assert_ne!(agreed.remote.port(), 0);
    assert!(!agreed.remote.ip().is_multicast());
    assert!(wanted.sends() || !agreed.direction.sends(), "we send what nobody wanted");
    assert!(wanted.receives() || !agreed.direction.receives());
}

/// Checks that turno's answer, used as an offer to another turno end, is answered with the same codec.
fn readable(ours: &[u8], codec: Codec, direction: Direction) {
    let local = SocketAddr::from(([192, 0, 2, 2], 30_000));
    let mut other = another(local);
    match other.answer(ours, Direction::SendRecv, Some(codec)) {
        Ok((_, agreed)) => {
            assert_eq!(agreed.encoding.codec, codec);
            assert_eq!(agreed.direction.receives(), direction.sends());
            assert_eq!(agreed.direction.sends(), direction.receives());
        }
        Err(why) => panic!("{why}: {}", String::from_utf8_lossy(ours)),
    }
}

/// A re-INVITE between two turno ends; checks that both agree afterwards.
fn offered_again(mut ours: Negotiation, before: Agreed, codecs: &[Codec]) {
    let offer = ours.offer(Direction::SendRecv);
    let local = SocketAddr::from(([192, 0, 2, 2], 30_000));
    let mut other = another(local);
    let told = other.answer(&offer, Direction::SendRecv, None);
    let (answer, theirs) = told.unwrap_or_else(|why| panic!("{why}: {}", String::from_utf8_lossy(&offer)));
    same_number_of_lines(&offer, &answer);
    let agreed =
        ours.answered(&answer).unwrap_or_else(|why| panic!("{why}: {}", String::from_utf8_lossy(&answer)));
    check(&agreed, Direction::SendRecv, codecs);
    assert_eq!(agreed.encoding.codec, before.encoding.codec, "a codec was changed without a wish");
    let sent = |one: &Agreed| (one.encoding.codec, one.encoding.payload_type, one.encoding.telephone_event);
    assert_eq!(sent(&agreed), sent(&theirs));
    for (one, other) in [(&agreed, &theirs), (&theirs, &agreed)] {
        let (encoding, number) = (&other.encoding, one.encoding.payload_type);
        assert_eq!(encoding.hears(number), Some(Named::Voice(encoding.codec)), "sent and not understood");
        let key = one.encoding.telephone_event.map(|number| encoding.hears(number));
        assert!(key.is_none_or(|named| named == Some(Named::TelephoneEvent)), "a key is not understood");
    }
    assert_eq!(agreed.remote, local);
    assert_eq!(
        agreed.srtp.map(|srtp| (srtp.ours, srtp.theirs)),
        theirs.srtp.map(|srtp| (srtp.theirs, srtp.ours))
    );
    assert_eq!(agreed.srtp.map(|srtp| srtp.ours), before.srtp.map(|srtp| srtp.ours), "our key has changed");
    assert_eq!((agreed.direction, theirs.direction), (Direction::SendRecv, Direction::SendRecv));
}

/// Another turno end, which offers SRTP.
fn another(local: SocketAddr) -> Negotiation {
    Negotiation::new(local, 2, &Codec::ALL).with_srtp(SrtpPolicy::Offered, KeyMint::new([2; 32]))
}

/// Checks that an answer has a media line for each media line of the offer (RFC 3264, 6).
fn same_number_of_lines(offer: &[u8], answer: &[u8]) {
    assert_eq!(media_lines(offer), media_lines(answer), "{}", String::from_utf8_lossy(answer));
}

/// Number of media lines; blanks around the letter are ignored, as in turno's parser.
fn media_lines(body: &[u8]) -> usize {
    let text = String::from_utf8_lossy(body);
    let keys = text.split(['\r', '\n']).filter_map(|line| line.split_once('='));
    keys.filter(|(key, _)| key.trim() == "m").count()
}
