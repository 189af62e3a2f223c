//! Both ends of an SRTP stream: what is opened, what is refused, and how a restart is survived.

use proptest::prelude::*;
use turno_ground::Moment;
use turno_media_plan::{KeyMint, Protection, Suite};

use super::{Refusal, Srtp};
use crate::packet::{HEADER_BYTES, Header};

const NOW: Moment = Moment::from_secs(1_700_000_000);

/// Two ends of one stream.
fn ends(suite: Suite) -> (Srtp, Srtp, Protection) {
    let mut mint = KeyMint::new([9; 32]);
    let ours = Protection { ours: mint.mint(suite), theirs: mint.mint(suite), their_mki_bytes: 0 };
    (Srtp::new(&ours), Srtp::new(&mirrored(&ours)), ours)
}

/// The same keys as the peer sees them.
fn mirrored(protection: &Protection) -> Protection {
    Protection { ours: protection.theirs, theirs: protection.ours, their_mki_bytes: 0 }
}

fn packet(sequence: u16, ssrc: u32, said: &[u8]) -> Vec<u8> {
    let header = Header { marker: false, payload_type: 8, sequence, timestamp: 160, ssrc };
    let mut packet = header.bytes().to_vec();
    packet.extend_from_slice(said);
    packet
}

fn sealed(end: &mut Srtp, sequence: u16, ssrc: u32) -> Vec<u8> {
    let mut packet = packet(sequence, ssrc, &[0xd5; 160]);
    assert!(end.seal_rtp(&mut packet));
    packet
}

#[test]
fn what_one_end_says_the_other_hears_under_every_suite() {
    for (suite, tag_bytes) in Suite::ALL.into_iter().zip([16, 16, 10, 4]) {
        let (mut one, mut other, _) = ends(suite);
        let plain = packet(7, 5, b"how may I help you");
        let mut sent = plain.clone();
        assert!(one.seal_rtp(&mut sent));
        assert_eq!(sent.len(), plain.len() + tag_bytes, "{suite:?}");
        assert_eq!(sent[..HEADER_BYTES], plain[..HEADER_BYTES]);
        assert!(!sent.windows(4).any(|part| part == b"help"), "it is not readable");
        let length = other.open_rtp(&mut sent, NOW).expect("authentic");
        assert_eq!(sent[..length], plain[..]);
        // RFC 4568, 6.2.2: a report has the long tag under either AES-CM suite.
        let report: Vec<u8> = [&[0x80, 201, 0, 7, 0, 0, 0, 5][..], &[1; 24]].concat();
        let mut sent = report.clone();
        one.seal_rtcp(&mut sent);
        assert_eq!(sent.len(), report.len() + 4 + tag_bytes.max(10));
        assert_ne!(sent[8..32], report[8..32]);
        let length = other.open_rtcp(&mut sent).expect("authentic");
        assert_eq!(sent[..length], report[..]);
    }
}

#[test]
fn who_sends_a_packet_again_or_changes_one_bit_is_not_heard() {
    // RFC 3711, 3.3: a replayed packet, and one that was changed on its way.
    for suite in Suite::ALL {
        let (mut one, mut other, _) = ends(suite);
        let first = sealed(&mut one, 7, 5);
        for bit in [0, 9, 30, 64, 100, first.len() * 8 - 1] {
            let mut touched = first.clone();
            touched[bit / 8] ^= 1 << (bit % 8);
            assert!(other.open_rtp(&mut touched, NOW).is_err(), "{suite:?}, bit {bit}");
        }
        assert!(other.open_rtp(&mut first.clone(), NOW).is_ok());
        assert_eq!(other.open_rtp(&mut first.clone(), NOW), Err(Refusal::Replayed));
        let mut report = [&[0x80, 201, 0, 1, 0, 0, 0, 5][..]].concat();
        one.seal_rtcp(&mut report);
        assert!(other.open_rtcp(&mut report.clone()).is_ok());
        assert_eq!(other.open_rtcp(&mut report), Err(Refusal::Replayed));
        assert_eq!(other.open_rtcp(&mut [0x80, 201, 0, 1, 0, 0, 0, 5]), Err(Refusal::Malformed));
        assert_eq!(other.open_rtp(&mut packet(8, 5, &[]), NOW), Err(Refusal::Malformed));
        assert_eq!(other.open_rtp(&mut packet(8, 5, &[0; 160]), NOW), Err(Refusal::Unauthentic), "plain RTP");
    }
}

#[test]
fn no_number_is_used_twice_under_a_key() {
    // RFC 7714, 5: a repeated nonce reveals GCM's authentication key. A caller who repeats a number in the clear makes
    // us relay it twice.
    let (mut one, _, _) = ends(Suite::AeadAes128Gcm);
    assert!(one.seal_rtp(&mut packet(10, 5, b"yes")));
    assert!(!one.seal_rtp(&mut packet(10, 5, b"no!")));
    assert!(one.seal_rtp(&mut packet(12, 5, b"yes")));
    assert!(one.seal_rtp(&mut packet(11, 5, b"late")), "late is not twice");
    assert!(!one.seal_rtp(&mut packet(11, 5, b"late")));
    assert!(one.seal_rtp(&mut packet(10, 6, b"another source")));
}

#[test]
fn a_call_of_hours_wraps_its_numbers_and_goes_on() {
    // RFC 3711, 3.3.1: the number wraps after 22 minutes; a late packet from before the wrap is opened too.
    let (mut one, mut other, _) = ends(Suite::AesCm128HmacSha1_80);
    let mut late = None;
    for number in 65_000..200_000u32 {
        let mut packet = sealed(&mut one, number as u16, 5);
        if number == 65_535 {
            late = Some(packet);
            continue;
        }
        assert!(other.open_rtp(&mut packet, NOW).is_ok(), "packet {number}");
        if let Some(mut packet) = late.take_if(|_| number == 65_540) {
            assert!(other.open_rtp(&mut packet, NOW).is_ok());
        }
    }
}

#[test]
fn after_a_restart_the_peer_is_heard_from_its_next_packet_on() {
    // The rollover counter is stored nowhere; the first packet shows it (RFC 3711, 3.3.1), up to 23 hours into a call.
    for suite in Suite::ALL {
        for wraps in [0u32, 1, 2, 63] {
            let (mut phone, _, keys) = ends(suite);
            for number in (0..=wraps * 65_536 + 9).step_by(30_000) {
                sealed(&mut phone, number as u16, 5);
            }
            let mut turno = Srtp::new(&mirrored(&keys));
            let mut first = sealed(&mut phone, 10, 5);
            assert!(turno.open_rtp(&mut first.clone(), NOW).is_ok(), "{suite:?} after {wraps} wraps");
            assert_eq!(turno.open_rtp(&mut first, NOW), Err(Refusal::Replayed));
            assert!(turno.open_rtp(&mut sealed(&mut phone, 11, 5), NOW).is_ok());
        }
    }
}

#[test]
fn after_a_restart_the_phone_takes_our_new_source() {
    // Under the old key, with another source, the index begins at 0 for the receiver and for us.
    let (mut before, mut phone, keys) = ends(Suite::AesCm128HmacSha1_80);
    for number in (0..=90_000u32).step_by(10_000) {
        assert!(phone.open_rtp(&mut sealed(&mut before, number as u16, 5), NOW).is_ok());
    }
    let mut after = Srtp::new(&keys);
    for number in 0..10 {
        assert!(phone.open_rtp(&mut sealed(&mut after, number, 6), NOW).is_ok());
    }
    let mut report = [&[0x80, 201, 0, 1, 0, 0, 0, 6][..]].concat();
    after.seal_rtcp(&mut report);
    assert!(phone.open_rtcp(&mut report).is_ok());
}

#[test]
fn noise_at_a_port_does_not_make_us_search_for_ever() {
    // Packets of unknown sources cost one tag check each, except for eight in 20 ms.
    let (mut phone, _, keys) = ends(Suite::AesCm128HmacSha1_80);
    for number in (0..=65_536 * 5u32).step_by(30_000) {
        sealed(&mut phone, number as u16, 5);
    }
    let mut turno = Srtp::new(&mirrored(&keys));
    for ssrc in 0..100 {
        assert_eq!(turno.open_rtp(&mut packet(1, ssrc, &[0; 160]), NOW), Err(Refusal::Unauthentic));
    }
    let next = sealed(&mut phone, 40_000, 5);
    assert_eq!(turno.open_rtp(&mut next.clone(), NOW), Err(Refusal::Unauthentic), "no search is left now");
    let later = NOW + core::time::Duration::from_millis(20);
    assert!(turno.open_rtp(&mut next.clone(), later).is_ok());
}

#[test]
fn the_same_keys_go_on_and_others_begin_anew() {
    let (mut one, mut other, keys) = ends(Suite::AeadAes256Gcm);
    let first = sealed(&mut one, 65_535, 5);
    assert!(other.open_rtp(&mut first.clone(), NOW).is_ok());
    assert!(other.open_rtp(&mut sealed(&mut one, 0, 5), NOW).is_ok());
    assert!(!other.agree(&mirrored(&keys)), "a session refresh changes nothing");
    assert_eq!(other.open_rtp(&mut first.clone(), NOW), Err(Refusal::Replayed));
    let mut mint = KeyMint::new([8; 32]);
    let anew = Protection { ours: mint.mint(Suite::AeadAes128Gcm), ..keys };
    assert!(one.agree(&anew), "the numbers had wrapped: another source must say it");
    assert!(!other.agree(&mirrored(&anew)));
    assert!(other.open_rtp(&mut sealed(&mut one, 1, 6), NOW).is_ok());
    assert_eq!(other.open_rtp(&mut first.clone(), NOW), Err(Refusal::Unauthentic), "the old key is gone");
}

#[test]
fn a_key_identifier_is_passed_over_where_it_stands() {
    // RFC 3711, 3.1: before HMAC's tag. RFC 7714, 13: behind GCM's. In a report it follows the index in both.
    for suite in Suite::ALL {
        let (mut one, _, keys) = ends(suite);
        let mut turno = Srtp::new(&Protection { their_mki_bytes: 2, ..mirrored(&keys) });
        let is_gcm = matches!(suite, Suite::AeadAes128Gcm | Suite::AeadAes256Gcm);
        let mut sent = sealed(&mut one, 7, 5);
        let at = if is_gcm { sent.len() } else { HEADER_BYTES + 160 };
        sent.splice(at..at, [0, 1]);
        assert_eq!(turno.open_rtp(&mut sent, NOW), Ok(HEADER_BYTES + 160), "{suite:?}");
        let mut report = [&[0x80, 201, 0, 1, 0, 0, 0, 5][..]].concat();
        one.seal_rtcp(&mut report);
        let at = if is_gcm { report.len() } else { 12 };
        report.splice(at..at, [0, 1]);
        assert_eq!(turno.open_rtcp(&mut report), Ok(8), "{suite:?}");
    }
}

proptest! {
    #[test]
    fn no_bytes_are_opened_that_were_not_sealed(bytes in prop::collection::vec(any::<u8>(), 0..200), place in 0usize..4, mki in 0u8..5) {
        let (_, _, keys) = ends(Suite::ALL[place]);
        let mut turno = Srtp::new(&Protection { their_mki_bytes: mki, ..keys });
        prop_assert!(turno.open_rtp(&mut bytes.clone(), NOW).is_err());
        prop_assert!(turno.open_rtcp(&mut bytes.clone()).is_err());
        let mut started = [&[0x80, 8][..], &bytes].concat();
        prop_assert!(turno.open_rtp(&mut started, NOW).is_err());
    }
}
