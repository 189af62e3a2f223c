//! RTCP reports byte by byte, and packets that are no reports.

use proptest::prelude::*;
use turno_ground::Moment;

use crate::jitter::Heard;
use crate::report::{Compound, LastReport, PeerReport, Sent};

fn word(bytes: &[u8], place: usize) -> u32 {
    u32::from_be_bytes(bytes[place * 4..place * 4 + 4].try_into().unwrap())
}

#[test]
fn a_sender_report_says_what_the_rfc_asks() {
    // RFC 3550, 6.4.1; the Unix epoch is 2208988800 in NTP.
    let heard = Heard { ssrc: 9, fraction_lost: 85, lost: 2, highest: 65_539, jitter: 7 };
    let compound = Compound {
        ssrc: 0x0a0b_0c0d,
        sent: Some(Sent { timestamp: 160, packets: 3, octets: 480 }),
        heard: Some(heard),
        last: Some(LastReport { ntp_middle: 0x1234_5678, at: Moment::from_micros(500_000) }),
        bye: true,
    };
    let bytes = compound.bytes(Moment::from_micros(2_500_000));
    assert_eq!(word(&bytes, 0), 0x81c8_000c);
    assert_eq!(word(&bytes, 1), 0x0a0b_0c0d);
    assert_eq!(word(&bytes, 2), 2_208_988_802);
    assert_eq!(word(&bytes, 3), 0x8000_0000, "half a second");
    assert_eq!([word(&bytes, 4), word(&bytes, 5), word(&bytes, 6)], [160, 3, 480]);
    assert_eq!([word(&bytes, 7), word(&bytes, 8)], [9, (85 << 24) | 2]);
    assert_eq!([word(&bytes, 9), word(&bytes, 10)], [65_539, 7]);
    assert_eq!([word(&bytes, 11), word(&bytes, 12)], [0x1234_5678, 2 * 65_536]);
    assert_eq!(word(&bytes, 13), 0x81ca_0006, "SDES");
    assert_eq!(&bytes[60..76], b"\x01\x0eturno-0a0b0c0d");
    assert_eq!(&bytes[76..80], [0; 4]);
    assert_eq!([word(&bytes, 20), word(&bytes, 21)], [0x81cb_0001, 0x0a0b_0c0d], "BYE");
    assert_eq!(bytes.len(), 88);
    assert_eq!(PeerReport::read(&bytes), Some(PeerReport { ntp_middle: Some(0x7e82_8000) }));
}

#[test]
fn who_only_listens_sends_a_receiver_report() {
    let bytes =
        Compound { ssrc: 1, sent: None, heard: None, last: None, bye: false }.bytes(Moment::from_secs(1));
    assert_eq!(word(&bytes, 0), 0x80c9_0001);
    assert_eq!(PeerReport::read(&bytes), Some(PeerReport { ntp_middle: None }));
}

#[test]
fn what_does_not_begin_with_a_report_is_refused() {
    assert_eq!(PeerReport::read(b""), None);
    assert_eq!(PeerReport::read(&[0x80, 202, 0, 0]), None);
    assert_eq!(PeerReport::read(&[0x80, 200, 0, 9, 0, 0]), None, "longer than it is");
    assert_eq!(PeerReport::read(&[0x80, 200, 0, 0]), None, "a sender report without its figures");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_bytes_make_the_reader_panic(kind in 198u8..205, bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let mut packet = vec![0x81, kind];
        packet.extend(bytes);
        let _ = PeerReport::read(&packet);
    }
}
