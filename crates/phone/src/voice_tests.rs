//! Tests of voices: two of them exchange packets without a network.

use core::time::Duration;

use turno_ground::{Moment, Rng};
use turno_media_plan::{Codec, Direction, Encoding};

use crate::sound::Sound;
use crate::voice::Voice;

const TONES: [u16; 4] = [440, 620, 880, 1_000];

fn voice(sound: Sound, seed: u64, codec: Codec) -> Voice {
    let mut voice = Voice::new(sound, &mut Rng::new(seed));
    let encoding = Encoding::new(codec, codec.payload_type(), Some(101));
    voice.agree(encoding, Direction::SendRecv, Moment::from_secs(1));
    voice
}

/// Sends `packets` packets from `from` to `to`; those that `lose` selects are lost.
fn talk(from: &mut Voice, to: &mut Voice, packets: u64, lose: impl Fn(u64) -> bool) {
    for packet in 0..packets {
        let now = from.next_deadline().expect("a voice that may send has a next packet");
        let bytes = from.poll_packet(now).expect("it is due");
        if !lose(packet) {
            to.handle_packet(&bytes, now + Duration::from_millis(5));
        }
        assert_eq!(from.poll_packet(now), None, "one packet at a time");
    }
}

#[test]
fn a_tone_is_heard_at_its_own_frequency_in_either_law() {
    for codec in [Codec::Pcma, Codec::Pcmu] {
        for hertz in TONES {
            let (mut one, mut other) = (voice(Sound::Tone(hertz), 1, codec), voice(Sound::Silence, 2, codec));
            talk(&mut one, &mut other, 50, |_| false);
            assert_eq!(other.heard().dominant(&TONES), Some(hertz));
            let level = other.heard().level().expect("there were packets");
            assert!((-13.0..-11.0).contains(&level), "{level} dB");
            assert_eq!((other.heard().received, other.heard().lost(), other.heard().refused), (50, 0, 0));
        }
    }
}

#[test]
fn silence_and_babble_are_not_taken_for_a_tone() {
    for sound in [Sound::Silence, Sound::Babble(7)] {
        let (mut one, mut other) = (voice(sound, 1, Codec::Pcma), voice(Sound::Silence, 2, Codec::Pcma));
        talk(&mut one, &mut other, 30, |_| false);
        assert_eq!(other.heard().dominant(&TONES), None);
    }
}

#[test]
fn lost_packets_are_counted_over_the_wrap_of_the_numbers() {
    // RFC 3550, A.3.
    let (mut one, mut other) = (voice(Sound::Silence, 1, Codec::Pcmu), voice(Sound::Silence, 2, Codec::Pcmu));
    talk(&mut one, &mut other, 70_000, |packet| packet % 100 == 50);
    assert_eq!((other.heard().lost(), other.heard().received), (700, 69_300));
    assert!(other.heard().jitter < Duration::from_millis(1));
}

#[test]
fn dialled_digits_arrive_once_each_and_in_order() {
    // RFC 4733, 2.5.1.4: an end is sent three times and counts once, also when packets get lost.
    let (mut one, mut other) =
        (voice(Sound::Tone(440), 1, Codec::Pcma), voice(Sound::Silence, 2, Codec::Pcma));
    "11*#0".chars().for_each(|digit| one.send_digit(digit));
    talk(&mut one, &mut other, 60, |packet| packet % 4 == 0);
    assert_eq!(other.heard().digits, "11*#0");
}

#[test]
fn a_voice_on_hold_is_silent_and_comes_back() {
    let mut one = voice(Sound::Tone(440), 1, Codec::Pcma);
    let encoding = Encoding::new(Codec::Pcma, 8, None);
    one.agree(encoding, Direction::RecvOnly, Moment::from_secs(2));
    assert_eq!((one.next_deadline(), one.poll_packet(Moment::from_secs(3))), (None, None));
    one.agree(encoding, Direction::SendRecv, Moment::from_secs(4));
    let packet = one.poll_packet(Moment::from_secs(4)).expect("it talks again");
    assert_eq!(packet[1], 0x88, "the first packet after silence is marked (RFC 3551, 4.1)");
}

#[test]
fn what_is_not_rtp_is_refused() {
    let mut one = voice(Sound::Silence, 1, Codec::Pcma);
    for bytes in [&b""[..], b"short", &[0x80; 11], &[0x00; 40], &[0x80; 172]] {
        one.handle_packet(bytes, Moment::from_secs(1));
    }
    assert_eq!((one.heard().received, one.heard().refused), (0, 5));
}
