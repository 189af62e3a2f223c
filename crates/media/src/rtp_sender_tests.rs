//! What a peer's jitter buffer sees when we switch between music, voices and keys.

use core::time::Duration;

use turno_ground::{Moment, Rng};

use crate::packet::Header;
use crate::rtp_sender::{FRAME_UNITS, RtpSender};

fn at(milliseconds: u64) -> Moment {
    Moment::from_secs(1_000) + Duration::from_millis(milliseconds)
}

fn voice(ssrc: u32, sequence: u16, timestamp: u32) -> Header {
    Header { marker: false, payload_type: 8, sequence, timestamp, ssrc }
}

#[test]
fn music_then_a_voice_then_music_is_one_running_source() {
    // Wound: a new source or a jump at the switch makes phones drop half a second of the greeting.
    let mut sender = RtpSender::new(&mut Rng::new(1));
    let first = sender.own(at(0));
    let second = sender.own(at(20));
    assert!(first.marker && !second.marker);
    assert_eq!(second.sequence, first.sequence.wrapping_add(1));
    assert_eq!(second.timestamp, first.timestamp.wrapping_add(FRAME_UNITS));
    let third = sender.relayed(&voice(5, 60_000, 4_000_000_000), at(50)).unwrap();
    assert!(third.marker);
    assert_eq!(third.sequence, second.sequence.wrapping_add(1));
    assert_eq!(third.timestamp, second.timestamp.wrapping_add(240), "30 ms passed");
    let fourth = sender.relayed(&voice(5, 60_001, 4_000_000_160), at(70)).unwrap();
    assert!(!fourth.marker);
    assert_eq!(fourth.sequence, third.sequence.wrapping_add(1));
    assert_eq!(fourth.timestamp, third.timestamp.wrapping_add(FRAME_UNITS));
    let fifth = sender.own(at(80));
    assert!(fifth.marker);
    assert_eq!(fifth.sequence, fourth.sequence.wrapping_add(1));
    assert_eq!(fifth.timestamp, fourth.timestamp.wrapping_add(FRAME_UNITS), "never less than a frame apart");
}

#[test]
fn a_loss_on_the_far_leg_is_heard_as_a_loss() {
    // The receiver's concealment needs the gap; closing it would stretch time.
    let mut sender = RtpSender::new(&mut Rng::new(2));
    let first = sender.relayed(&voice(5, 10, 0), at(0)).unwrap();
    let after = sender.relayed(&voice(5, 13, 480), at(60)).unwrap();
    assert_eq!(after.sequence, first.sequence.wrapping_add(3));
    let late = sender.relayed(&voice(5, 12, 320), at(61)).unwrap();
    assert_eq!(late.sequence, first.sequence.wrapping_add(2));
    assert_eq!(sender.relayed(&voice(5, 9, 0), at(62)), None, "before the switch there is no place for it");
    assert_eq!(sender.own(at(80)).sequence, after.sequence.wrapping_add(1));
}

#[test]
fn another_source_on_the_far_leg_goes_on_in_the_same_numbers() {
    let mut sender = RtpSender::new(&mut Rng::new(3));
    let before = sender.relayed(&voice(5, 10, 0), at(0)).unwrap();
    let after = sender.relayed(&voice(6, 40_000, 99), at(100)).unwrap();
    assert!(after.marker);
    assert_eq!(after.sequence, before.sequence.wrapping_add(1));
    assert_eq!(after.timestamp, before.timestamp.wrapping_add(800));
}

#[test]
fn a_key_holds_the_clock_still_and_the_voice_catches_up() {
    // RFC 4733, 2.2.
    let mut sender = RtpSender::new(&mut Rng::new(4));
    let voice = sender.own(at(0));
    let start = sender.event(at(20));
    let more = sender.event_goes_on();
    assert!(start.marker && !more.marker);
    assert_eq!(start.timestamp, voice.timestamp.wrapping_add(FRAME_UNITS));
    assert_eq!(more.timestamp, start.timestamp);
    assert_eq!(more.sequence, start.sequence.wrapping_add(1));
    assert_eq!(sender.own(at(120)).timestamp, start.timestamp.wrapping_add(800));
}
