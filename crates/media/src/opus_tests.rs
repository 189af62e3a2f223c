//! Opus is passed on between two peers that have it, and everybody else hears it decoded.

use opus_rs::{Application, OpusEncoder};
use turno_media_plan::{Audio, Codec, Direction, Encoding, MediaCommand, MediaEvent, Member, Party, Role};

use super::*;
use crate::goertzel::{level, sine};
use crate::packet::HEADER_BYTES;
use crate::stage_tests::{AGENT, CALLER, OTHER, Stage, Voice, encoding, phone, samples, together};

const OPUS: u8 = 111;

fn with_opus(number: u8) -> Encoding {
    let mut encoding = Encoding { opus: Some(number), ..encoding(Codec::Pcma) };
    encoding.heard.add(turno_media_plan::Named::Opus, number);
    encoding
}

/// A browser that sends a tone in Opus.
struct Browser {
    header: Header,
    samples: Vec<i16>,
    encoder: OpusEncoder,
}

impl Browser {
    fn new(ssrc: u32, number: u8, hertz: f64) -> Self {
        let header =
            Header { marker: true, payload_type: number, sequence: 100, timestamp: u32::MAX - 9_000, ssrc };
        let samples = sine(hertz, 8_000.0, 48_000 * 4, 48_000.0);
        let encoder = OpusEncoder::new(48_000, 1, Application::Voip).expect("a rate of Opus");
        Self { header, samples, encoder }
    }

    fn next(&mut self) -> Vec<u8> {
        let rest = self.samples.split_off(960);
        let said: Vec<f32> = self.samples.iter().map(|sample| f32::from(*sample) / 32_768.0).collect();
        self.samples = rest;
        let mut payload = vec![0; 1_000];
        let length = self.encoder.encode(&said, 960, &mut payload).expect("20 ms");
        let mut packet = self.header.bytes().to_vec();
        packet.extend_from_slice(&payload[..length]);
        self.header.sequence = self.header.sequence.wrapping_add(1);
        self.header.timestamp = self.header.timestamp.wrapping_add(960);
        self.header.marker = false;
        packet
    }
}

/// Lets a browser speak for so many packets.
fn speak(
    stage: &mut Stage,
    slot: usize,
    browser: &mut Browser,
    from: turno_media_plan::StreamId,
    packets: u32,
) {
    for _ in 0..packets {
        assert!(stage.hear(slot, phone(from), &browser.next()));
        stage.pass(20);
    }
}

/// The tone in packets of A-law.
fn hears(packets: &[(Header, Vec<u8>)], hertz: f64) -> bool {
    let heard = samples(Codec::Pcma, packets);
    level(&heard, hertz, 8_000.0) > 10.0 * level(&heard, hertz * 1.7, 8_000.0)
}

#[test]
fn two_browsers_get_each_others_octets_with_their_own_numbers_and_one_clock() {
    let mut stage = Stage::new(None);
    let (caller, agent) = (stage.open(CALLER), stage.open(AGENT));
    stage.agree(CALLER, with_opus(OPUS), Direction::SendRecv);
    stage.agree(AGENT, with_opus(96), Direction::SendRecv);
    stage.tell(together(CALLER, AGENT));
    let (mut browser, mut again) = (Browser::new(7, OPUS, 700.0), Browser::new(7, OPUS, 700.0));
    speak(&mut stage, caller, &mut browser, CALLER, 50);
    let heard = stage.take(agent);
    assert_eq!(heard.len(), 50);
    for (place, (header, payload)) in heard.iter().enumerate() {
        assert_eq!(header.payload_type, 96);
        assert_eq!(*payload, again.next()[HEADER_BYTES..], "packet {place}");
        let first = &heard[0].0;
        assert_eq!(header.timestamp.wrapping_sub(first.timestamp), 960 * place as u32);
        assert_eq!(header.sequence.wrapping_sub(first.sequence), place as u16);
    }
}

#[test]
fn a_partner_without_opus_hears_it_decoded_with_a_clock_of_its_own_codec() {
    // Wound: an agent at a browser was transferred to a telephone, which heard noise.
    for codec in [Codec::Pcma, Codec::Pcmu, Codec::G722] {
        let mut stage = Stage::new(None);
        let caller = stage.open(CALLER);
        stage.agree(CALLER, with_opus(OPUS), Direction::SendRecv);
        let agent = stage.agreed(AGENT, codec);
        stage.tell(together(CALLER, AGENT));
        let mut browser = Browser::new(7, OPUS, 700.0);
        speak(&mut stage, caller, &mut browser, CALLER, 60);
        let heard = stage.take(agent);
        assert!(heard.iter().all(|(header, _)| header.payload_type == codec.payload_type()), "{codec:?}");
        let steps = heard.windows(2).map(|two| two[1].0.timestamp.wrapping_sub(two[0].0.timestamp));
        assert!(steps.into_iter().all(|step| step == 160), "{codec:?}: also where the browser's clock wraps");
        let rate = f64::from(codec.sample_rate());
        let decoded = samples(codec, &heard);
        assert!(level(&decoded, 700.0, rate) > 10.0 * level(&decoded, 1_190.0, rate), "{codec:?}");
        // What the telephone says goes to the browser in its other codec.
        let mut voice = Voice::new(9, encoding(codec), 500.0);
        for _ in 0..50 {
            stage.hear(agent, phone(AGENT), &voice.next());
            stage.pass(20);
        }
        let back = stage.take(caller);
        assert!(back.iter().all(|(header, _)| header.payload_type == Codec::Pcma.payload_type()));
        assert!(hears(&back, 500.0), "{codec:?}");
    }
}

#[test]
fn who_listens_and_a_conference_hear_it_and_the_two_go_on_in_opus_afterwards() {
    let mut stage = Stage::new(None);
    let (caller, agent) = (stage.open(CALLER), stage.open(AGENT));
    stage.agree(CALLER, with_opus(OPUS), Direction::SendRecv);
    stage.agree(AGENT, with_opus(OPUS), Direction::SendRecv);
    let listener = stage.agreed(OTHER, Codec::Pcma);
    let talk = |stream, party| Member::new(stream, Role::Talk(party));
    let two = vec![talk(CALLER, Party::Caller), talk(AGENT, Party::Agent)];
    let mut three = two.clone();
    three.push(Member::new(OTHER, Role::Listen));
    let bridge = turno_media_plan::BridgeId(9);
    stage.tell(MediaCommand::Bridge { bridge, members: two.clone() });
    let mut browser = Browser::new(7, OPUS, 700.0);
    speak(&mut stage, caller, &mut browser, CALLER, 20);
    assert!(stage.take(agent).iter().all(|(header, _)| header.payload_type == OPUS));
    stage.tell(MediaCommand::Bridge { bridge, members: three });
    speak(&mut stage, caller, &mut browser, CALLER, 60);
    let (heard, observed) = (stage.take(agent), stage.take(listener));
    assert!(hears(&observed, 700.0), "the observer");
    let mixed: Vec<_> = heard.into_iter().filter(|(header, _)| header.payload_type != OPUS).collect();
    assert!(mixed.len() > 50 && hears(&mixed, 700.0), "the agent, in the other codec");
    stage.tell(MediaCommand::Bridge { bridge, members: two });
    speak(&mut stage, caller, &mut browser, CALLER, 40);
    let heard = stage.take(agent);
    assert!(heard.iter().rev().take(30).all(|(header, _)| header.payload_type == OPUS), "the original again");
    assert_eq!(heard.last().map(|(header, _)| header.ssrc), observed_ssrc(&mixed));
}

fn observed_ssrc(packets: &[(Header, Vec<u8>)]) -> Option<u32> {
    packets.last().map(|(header, _)| header.ssrc)
}

#[test]
fn the_clock_goes_on_by_the_time_that_has_passed_where_the_codec_changes() {
    let mut stage = Stage::new(None);
    let (caller, agent) = (stage.open(CALLER), stage.open(AGENT));
    stage.agree(CALLER, with_opus(OPUS), Direction::SendRecv);
    stage.agree(AGENT, with_opus(OPUS), Direction::SendRecv);
    stage.tell(together(CALLER, AGENT));
    let mut browser = Browser::new(7, OPUS, 700.0);
    speak(&mut stage, caller, &mut browser, CALLER, 10);
    stage.tell(MediaCommand::Play { stream: AGENT, audio: Audio::Music });
    stage.pass(400);
    stage.tell(MediaCommand::Hush { stream: AGENT });
    speak(&mut stage, caller, &mut browser, CALLER, 10);
    let heard = stage.take(agent);
    let changes: Vec<_> =
        heard.windows(2).filter(|two| two[0].0.payload_type != two[1].0.payload_type).collect();
    assert_eq!(changes.len(), 2, "to the music, and back");
    for change in changes {
        let step = change[1].0.timestamp.wrapping_sub(change[0].0.timestamp);
        let a_packet = if change[1].0.payload_type == OPUS { 960 } else { 160 };
        assert!(
            (a_packet..a_packet * 4).contains(&step),
            "{step} units to type {}",
            change[1].0.payload_type
        );
        assert!(change[1].0.marker);
        assert_eq!(change[1].0.sequence, change[0].0.sequence.wrapping_add(1));
    }
}

#[test]
fn a_key_beside_opus_is_one_key_for_the_partner() {
    let mut stage = Stage::new(None);
    let (caller, agent) = (stage.open(CALLER), stage.open(AGENT));
    stage.agree(CALLER, with_opus(OPUS), Direction::SendRecv);
    stage.agree(AGENT, with_opus(OPUS), Direction::SendRecv);
    stage.tell(together(CALLER, AGENT));
    let mut browser = Browser::new(7, OPUS, 700.0);
    speak(&mut stage, caller, &mut browser, CALLER, 10);
    let at = browser.header.timestamp;
    for _ in 0..6 {
        let key = Header { payload_type: 101, timestamp: at, ..browser.header };
        browser.header.sequence += 1;
        let packet = [key.bytes().as_slice(), &[5, 10, 3, 32]].concat();
        assert!(stage.hear(caller, phone(CALLER), &packet));
        stage.pass(20);
    }
    stage.pass(200);
    let keys: Vec<_> =
        stage.take(agent).into_iter().filter(|(header, _)| header.payload_type == 101).collect();
    let mut stamps: Vec<u32> = keys.iter().map(|(header, _)| header.timestamp).collect();
    stamps.dedup();
    assert_eq!((stamps.len(), keys[0].1[0]), (1, 5), "one event");
    let digits =
        stage.sent.events.iter().filter(|event| matches!(event, MediaEvent::Digit { digit: '5', .. }));
    assert_eq!(digits.count(), 1);
}

#[test]
fn garbage_in_place_of_opus_is_heard_by_nobody_and_ends_nothing() {
    let mut stage = Stage::new(None);
    let caller = stage.open(CALLER);
    stage.agree(CALLER, with_opus(OPUS), Direction::SendRecv);
    let agent = stage.agreed(AGENT, Codec::Pcma);
    stage.tell(together(CALLER, AGENT));
    let mut browser = Browser::new(7, OPUS, 700.0);
    let mut rng = turno_ground::Rng::new(5);
    for length in (1..400).chain([1_281, 1_400]) {
        let mut packet = browser.header.bytes().to_vec();
        packet.extend((0..length).map(|_| rng.number() as u8));
        browser.header.sequence += 1;
        browser.header.timestamp = browser.header.timestamp.wrapping_add(960);
        stage.hear(caller, phone(CALLER), &packet);
        stage.pass(20);
    }
    stage.take(agent);
    speak(&mut stage, caller, &mut browser, CALLER, 60);
    assert!(hears(&stage.take(agent), 700.0), "voice after it is heard");
}
