//! Parsing RTP packets from phones and from attackers.

use proptest::prelude::*;

use crate::packet::{HEADER_BYTES, Header};

const HEADER: Header =
    Header { marker: true, payload_type: 8, sequence: 0xfffe, timestamp: 0xdead_beef, ssrc: 0x0102_0304 };

#[test]
fn a_header_is_read_as_it_was_written() {
    // RFC 3550, 5.1, byte by byte.
    let mut packet = HEADER.bytes().to_vec();
    assert_eq!(packet, [0x80, 0x88, 0xff, 0xfe, 0xde, 0xad, 0xbe, 0xef, 1, 2, 3, 4]);
    packet.extend([0xd5; 160]);
    assert_eq!(Header::read(&packet), Some((HEADER, 12..172)));
}

#[test]
fn contributing_sources_extension_and_padding_are_no_voice() {
    // RFC 3550, 5.1 and 5.3.1: conference bridges and SBCs add CSRCs and an extension; the payload stands after them.
    let mut packet = HEADER.bytes().to_vec();
    packet[0] = 0x80 | 0x20 | 0x10 | 2;
    packet.extend([9; 8]);
    packet.extend([0xbe, 0xde, 0, 1, 1, 2, 3, 4]);
    packet.extend([0x55; 20]);
    packet.extend([0, 0, 0, 4]);
    assert_eq!(Header::read(&packet), Some((HEADER, 28..48)));
}

#[test]
fn what_is_no_packet_is_refused() {
    let mut wrong_version = HEADER.bytes().to_vec();
    wrong_version.push(1);
    wrong_version[0] = 0x40;
    let mut padding_past_the_start = HEADER.bytes().to_vec();
    padding_past_the_start[0] |= 0x20;
    padding_past_the_start.extend([1, 2, 200]);
    let mut padding_of_nothing = HEADER.bytes().to_vec();
    padding_of_nothing[0] |= 0x20;
    padding_of_nothing.extend([1, 2, 0]);
    let mut extension_past_the_end = HEADER.bytes().to_vec();
    extension_past_the_end[0] |= 0x10;
    extension_past_the_end.extend([0, 0, 0xff, 0xff, 1]);
    let empty = HEADER.bytes().to_vec();
    for bytes in [wrong_version, padding_past_the_start, padding_of_nothing, extension_past_the_end, empty] {
        assert_eq!(Header::read(&bytes), None, "{bytes:?}");
    }
    assert_eq!(Header::read(b""), None);
    assert_eq!(Header::read(&[0x80; 2_000]), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_payload_lies_inside_the_packet_behind_our_header(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        if let Some((_, payload)) = Header::read(&bytes) {
            prop_assert!(payload.start >= HEADER_BYTES && payload.start < payload.end && payload.end <= bytes.len());
        }
    }
}
