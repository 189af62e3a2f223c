//! A voice whose packets come late, twice, in bursts or not at all.

use core::time::Duration;

use super::*;

/// A phone whose packets carry their number.
struct Phone {
    mouth: Mouth,
    begin: Moment,
    heard: Vec<Option<u8>>,
}

impl Phone {
    fn new() -> Self {
        Self { mouth: Mouth::new(Codec::Pcma), begin: Moment::from_secs(1_700_000_000), heard: Vec::new() }
    }

    /// Packet `number`, of this length, comes at this time after the start.
    fn says(&mut self, number: u32, milliseconds: u32, at: u64) {
        let timestamp = 4_294_967_000u32.wrapping_add(number * milliseconds * 8);
        let header = Header { marker: false, payload_type: 8, sequence: number as u16, timestamp, ssrc: 5 };
        let octets = vec![(number + 1) as u8; milliseconds as usize * 8];
        self.mouth.push(&header, Codec::Pcma, &octets, self.begin + Duration::from_millis(at));
    }

    fn ticks(&mut self, at: u64) {
        self.mouth.take(self.begin + Duration::from_millis(at));
        self.heard.push(self.mouth.octets_in(Codec::Pcma).and_then(|octets| octets.last()).copied());
    }

    /// Packets come at the times that `at` gives, ticks every 20 ms; returns what is heard from the first frame on.
    fn hear(mut self, milliseconds: u32, at: impl Fn(u32) -> Option<u64>, ticks: u64) -> Vec<Option<u8>> {
        let mut packets: Vec<(u64, u32)> =
            (0..10_000).filter_map(|number| Some((at(number)?, number))).collect();
        packets.sort_unstable();
        let mut packets = packets.into_iter().peekable();
        for tick in 0..ticks {
            let now = 10 + tick * 20;
            while let Some((at, number)) = packets.next_if(|(at, _)| *at <= now) {
                self.says(number, milliseconds, at);
            }
            self.ticks(now);
        }
        let first = self.heard.iter().position(Option::is_some).expect("something is heard");
        self.heard.split_off(first)
    }
}

#[test]
fn packets_that_wander_by_a_frame_are_all_in_time() {
    let heard = Phone::new().hear(
        20,
        |number| Some(u64::from(number) * 20 + [0, 25, 15, 5][number as usize % 4]),
        200,
    );
    for (place, number) in heard.iter().enumerate() {
        assert_eq!(*number, Some((place + 1) as u8));
    }
}

#[test]
fn a_packet_that_is_lost_is_a_silence_of_its_length_and_no_delay() {
    let comes = |number: u32| (number != 50).then_some(u64::from(number) * 20);
    let heard = Phone::new().hear(20, comes, 200);
    assert_eq!(heard[49..53], [Some(50), Some(0xd5), Some(52), Some(53)]);
}

#[test]
fn a_packet_that_comes_twice_or_far_too_late_is_heard_once() {
    let mut phone = Phone::new();
    for number in [0, 1, 1, 0, 2] {
        phone.says(number, 20, u64::from(number) * 20);
    }
    for tick in 2..6 {
        phone.ticks(tick * 20);
    }
    assert_eq!(phone.heard, [Some(1), Some(2), Some(3), None]);
}

#[test]
fn packets_of_any_length_are_cut_into_frames() {
    for milliseconds in [10, 20, 30, 40, 60] {
        let heard = Phone::new().hear(milliseconds, |number| Some(u64::from(number * milliseconds)), 300);
        assert!(heard.iter().all(Option::is_some), "{milliseconds} ms: {heard:?}");
    }
}

#[test]
fn what_a_stall_brings_at_once_is_heard_and_its_delay_goes_again() {
    // Nothing comes for 100 ms, then five packets at once.
    let comes = |number: u32| Some(if (50..55).contains(&number) { 1_100 } else { u64::from(number) * 20 });
    let heard = Phone::new().hear(20, comes, 1_000);
    let said: Vec<u8> = heard.iter().take(150).flatten().copied().collect();
    assert!((1..=100).all(|number| said.contains(&number)), "nothing is lost: {said:?}");
    let late = |place: usize| ((place + 1) as u8).wrapping_sub(heard[place].expect("somebody speaks")) as i8;
    assert!((2..=5).contains(&late(100)), "{}", late(100));
    assert!(late(990) <= 1, "{}", late(990));
}

#[test]
fn a_phone_with_a_fast_clock_is_not_heard_ever_later() {
    // One percent too fast: far more than any real phone.
    let heard = Phone::new().hear(20, |number| Some(u64::from(number) * 1_980 / 100), 4_000);
    let ahead = |place: usize| heard[place].expect("it speaks").wrapping_sub((place + 1) as u8) as i8;
    let drift = 39;
    assert!((drift - 5..=drift + 5).contains(&ahead(3_900)), "{} of {drift}", ahead(3_900));
}

#[test]
fn who_has_been_silent_begins_anew() {
    let mut phone = Phone::new();
    phone.says(0, 20, 0);
    for tick in 2..20 {
        phone.ticks(tick * 20);
    }
    assert_eq!(phone.heard.iter().flatten().count(), 1);
    // The next packet is delayed again, so that its successor may be late.
    phone.says(100, 20, 2_000);
    phone.ticks(2_020);
    phone.says(101, 20, 2_035);
    phone.ticks(2_040);
    phone.ticks(2_060);
    assert_eq!(phone.heard[18..], [None, Some(101), Some(102)]);
}
