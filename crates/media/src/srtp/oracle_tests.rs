//! Our SRTP against another implementation of it, rtc-srtp: what one seals the other opens, under every suite.

use rtc_srtp::context::Context;
use rtc_srtp::crypto::RTCCryptoProvider;
use rtc_srtp::crypto::providers::RingProvider;
use rtc_srtp::option::{srtcp_replay_protection, srtp_replay_protection};
use rtc_srtp::protection_profile::ProtectionProfile;
use turno_ground::Moment;
use turno_media_plan::{KeyMint, MasterKey, Protection, Suite};

use super::{Refusal, Srtp};
use crate::packet::{HEADER_BYTES, Header};

const NOW: Moment = Moment::from_secs(1_700_000_000);

/// How far behind the other end takes packets.
const WINDOW_PACKETS: usize = 64;

const SOURCE: u32 = 0xcafe_babe;

/// The other end of a stream, as rtc-srtp has it: one context for each direction.
struct Theirs {
    sealing: Context,
    opening: Context,
}

impl Theirs {
    fn new(ours: &Protection) -> Self {
        Self { sealing: context(&ours.theirs), opening: context(&ours.ours) }
    }
}

fn context(key: &MasterKey) -> Context {
    let profile = match key.suite() {
        Suite::AesCm128HmacSha1_80 => ProtectionProfile::Aes128CmHmacSha1_80,
        Suite::AesCm128HmacSha1_32 => ProtectionProfile::Aes128CmHmacSha1_32,
        Suite::AeadAes128Gcm => ProtectionProfile::AeadAes128Gcm,
        Suite::AeadAes256Gcm => ProtectionProfile::AeadAes256Gcm,
    };
    let (voice, reports) = (srtp_replay_protection(WINDOW_PACKETS), srtcp_replay_protection(WINDOW_PACKETS));
    let provider = RingProvider::new();
    Context::new(key.key(), key.salt(), profile, Some(voice), Some(reports), provider.crypto())
        .expect("the suite's lengths")
}

fn ends(suite: Suite, seed: u8) -> (Srtp, Theirs) {
    let mut mint = KeyMint::new([seed; 32]);
    let keys = Protection { ours: mint.mint(suite), theirs: mint.mint(suite), their_mki_bytes: 0 };
    (Srtp::new(&keys), Theirs::new(&keys))
}

/// The numbers of packets of 46 minutes, closely around the two wraps.
fn numbers() -> impl Iterator<Item = u32> {
    (65_000..66_000).chain((66_000..130_500).step_by(101)).chain(130_500..131_500)
}

/// Packet `number` of a talk, of any length.
fn packet(number: u32) -> Vec<u8> {
    let payload_type = if number.is_multiple_of(50) { 101 } else { 8 };
    let marker = number.is_multiple_of(7);
    let header =
        Header { marker, payload_type, sequence: number as u16, timestamp: number * 160, ssrc: SOURCE };
    let mut packet = header.bytes().to_vec();
    let length = [160, 0, 1, 15, 16, 17, 320, 1_000][number as usize % 8];
    packet.extend((0..length).map(|at: u32| (at * 31 + number) as u8));
    packet
}

/// The same of a peer whose header has two more sources and an extension, as ours never has.
fn with_long_header(mut packet: Vec<u8>) -> Vec<u8> {
    packet[0] |= 0x10 | 2;
    let more = [1, 2, 3, 4, 5, 6, 7, 8, 0xbe, 0xde, 0, 1, 0x10, 0xff, 0, 0];
    packet.splice(HEADER_BYTES..HEADER_BYTES, more);
    packet
}

fn report(number: u32) -> Vec<u8> {
    let blocks = number % 3;
    let mut report = vec![0x80 | blocks as u8, 201, 0, 1 + 6 * blocks as u8];
    report.extend_from_slice(&SOURCE.to_be_bytes());
    report.extend((0..24 * blocks).map(|at| (at * 7 + number) as u8));
    report
}

#[test]
fn another_implementation_hears_what_we_say_over_two_wraps() {
    // RFC 3711, 3.3.1 and RFC 7714.
    for suite in Suite::ALL {
        let (mut ours, mut theirs) = ends(suite, 3);
        for number in numbers() {
            let plain = packet(number);
            let mut sent = plain.clone();
            assert!(ours.seal_rtp(&mut sent));
            let heard = theirs.opening.decrypt_rtp(&sent).expect("theirs opens ours");
            assert_eq!(heard[..], plain[..], "{suite:?}, packet {number}");
            if number.is_multiple_of(10) {
                let plain = report(number);
                let mut sent = plain.clone();
                ours.seal_rtcp(&mut sent);
                let heard = theirs.opening.decrypt_rtcp(&sent).expect("theirs opens our report");
                assert_eq!(heard[..], plain[..], "{suite:?}, report {number}");
            }
        }
    }
}

#[test]
fn we_hear_what_another_implementation_says_over_two_wraps() {
    for suite in Suite::ALL {
        let (mut ours, mut theirs) = ends(suite, 4);
        for number in numbers() {
            let plain = packet(number);
            let plain = if number.is_multiple_of(3) { with_long_header(plain) } else { plain };
            let sent = theirs.sealing.encrypt_rtp(&plain).expect("a packet").to_vec();
            let mut heard = sent.clone();
            let length = ours.open_rtp(&mut heard, NOW).expect("ours opens theirs");
            assert_eq!(heard[..length], plain[..], "{suite:?}, packet {number}");
            assert_eq!(
                ours.open_rtp(&mut sent.clone(), NOW),
                Err(Refusal::Replayed),
                "{suite:?}, packet {number}"
            );
            if number.is_multiple_of(10) {
                let plain = report(number);
                let mut sent = theirs.sealing.encrypt_rtcp(&plain).expect("a report").to_vec();
                let length = ours.open_rtcp(&mut sent).expect("ours opens their report");
                assert_eq!(sent[..length], plain[..], "{suite:?}, report {number}");
            }
        }
    }
}

#[test]
fn both_refuse_the_same_packets_that_were_touched() {
    for suite in Suite::ALL {
        let (mut ours, mut theirs) = ends(suite, 5);
        let mut said = packet(4);
        assert!(ours.seal_rtp(&mut said));
        let heard = theirs.sealing.encrypt_rtp(&packet(4)).expect("a packet").to_vec();
        for bit in 96..said.len() * 8 {
            let (mut said, mut heard) = (said.clone(), heard.clone());
            said[bit / 8] ^= 1 << (bit % 8);
            heard[bit / 8] ^= 1 << (bit % 8);
            assert!(theirs.opening.decrypt_rtp(&said).is_err(), "{suite:?}, theirs, bit {bit}");
            assert!(ours.open_rtp(&mut heard, NOW).is_err(), "{suite:?}, ours, bit {bit}");
        }
        assert!(theirs.opening.decrypt_rtp(&said).is_ok(), "{suite:?}: untouched it is heard");
        assert!(ours.open_rtp(&mut heard.clone(), NOW).is_ok(), "{suite:?}: untouched it is heard");
    }
}
