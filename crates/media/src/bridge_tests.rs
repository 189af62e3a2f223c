//! A third party in a talk: who hears whom, and the two talkers notice nothing.

use turno_media_plan::{
    BridgeId, Codec, Direction, MEMBERS_MAX, MediaCommand, MediaEvent, Member, Party, Role, StreamId, Tone,
};

use crate::goertzel::{level, rms};
use crate::packet::Header;
use crate::stage_tests::{
    AGENT, CALLER, OTHER as THIRD, Stage, Voice, assert_one_source, encoding, phone, samples,
};

const TALK: BridgeId = BridgeId(77);
const CALLERS: f64 = 440.0;
const AGENTS: f64 = 700.0;
const THIRDS: f64 = 1_000.0;

/// Three people at their phones, each with a tone of their own, and the bridge of two of them.
struct Room {
    stage: Stage,
    codecs: [Codec; 3],
    slots: [usize; 3],
    voices: [Voice; 3],
}

impl Room {
    fn new(codecs: [Codec; 3]) -> Self {
        let mut stage = Stage::new(None);
        let ids = [CALLER, AGENT, THIRD];
        let slots = [0, 1, 2].map(|place| stage.agreed(ids[place], codecs[place]));
        let tones = [CALLERS, AGENTS, THIRDS];
        let voices =
            [0, 1, 2].map(|place| Voice::new(5 + place as u32, encoding(codecs[place]), tones[place]));
        let mut room = Self { stage, codecs, slots, voices };
        room.seat(&[]);
        room
    }

    /// The two talkers and these members.
    fn seat(&mut self, others: &[(StreamId, Role)]) {
        let talkers = [(CALLER, Role::Talk(Party::Caller)), (AGENT, Role::Talk(Party::Agent))];
        let members = talkers.iter().chain(others).map(|(stream, role)| Member::new(*stream, role.clone()));
        self.stage.tell(MediaCommand::Bridge { bridge: TALK, members: members.collect() });
    }

    /// All three phones send this many packets; returns what each sent.
    fn talk(&mut self, packets: usize) -> [Vec<u8>; 3] {
        self.talk_and(packets, |_, _| {})
    }

    /// The same; `act` is called at each millisecond of the last packet.
    fn talk_and(&mut self, packets: usize, act: impl Fn(&mut Self, u64)) -> [Vec<u8>; 3] {
        self.talk_with(packets, |room, number, millisecond| {
            if number == packets {
                act(room, millisecond);
            }
        })
    }

    /// The same; `act` is called at each millisecond of each packet, counted from 1.
    fn talk_with(&mut self, packets: usize, mut act: impl FnMut(&mut Self, usize, u64)) -> [Vec<u8>; 3] {
        let mut said = [const { Vec::new() }; 3];
        for number in 1..=packets {
            for millisecond in 0..20 {
                // The phones' packets are not aligned.
                for (place, id) in [CALLER, AGENT, THIRD].into_iter().enumerate() {
                    if millisecond == 3 * place as u64 {
                        let packet = self.voices[place].next();
                        said[place].extend_from_slice(&packet[12..]);
                        self.stage.hear(self.slots[place], phone(id), &packet);
                    }
                }
                act(self, number, millisecond);
                self.stage.pass(1);
            }
        }
        said
    }

    /// What a phone was sent since the last call.
    fn heard(&mut self, place: usize) -> Vec<(Header, Vec<u8>)> {
        self.stage.take(self.slots[place])
    }

    /// The level of each of the three voices at a phone; each speaks with 8,000.
    fn levels(&mut self, place: usize) -> [f64; 3] {
        let heard = self.heard(place);
        assert_one_source(&heard);
        let heard = samples(self.codecs[place], &heard);
        let rate = f64::from(self.codecs[place].sample_rate());
        [CALLERS, AGENTS, THIRDS].map(|tone| level(&heard, tone, rate))
    }

    /// Asserts who is heard at a phone and who is not.
    fn hears(&mut self, place: usize, whom: [bool; 3]) {
        let codecs = self.codecs;
        for (level, is_heard) in self.levels(place).into_iter().zip(whom) {
            let is_right = if is_heard { (7_000.0..8_500.0).contains(&level) } else { level < 150.0 };
            assert!(is_right, "{codecs:?}: {level} at {place}, {whom:?}");
        }
    }

    fn forget(&mut self) {
        for place in 0..3 {
            self.heard(place);
        }
    }
}

const EVERY_CODEC: [[Codec; 3]; 4] = [
    [Codec::Pcma, Codec::Pcma, Codec::Pcma],
    [Codec::Pcma, Codec::Pcmu, Codec::G722],
    [Codec::Pcma, Codec::G722, Codec::Pcmu],
    [Codec::G722, Codec::G722, Codec::Pcma],
];

#[test]
fn one_who_listens_hears_both_and_is_heard_by_nobody() {
    for codecs in EVERY_CODEC {
        let mut room = Room::new(codecs);
        room.talk(10);
        room.seat(&[(THIRD, Role::Listen)]);
        room.forget();
        room.talk(100);
        room.hears(0, [false, true, false]);
        room.hears(1, [true, false, false]);
        room.hears(2, [true, true, false]);
    }
}

#[test]
fn a_whisper_is_heard_by_the_agent_alone() {
    // Wound: the citizen hears the supervisor prompt the agent.
    for codecs in EVERY_CODEC {
        let mut room = Room::new(codecs);
        room.seat(&[(THIRD, Role::Whisper)]);
        room.talk(100);
        room.hears(0, [false, true, false]);
        room.hears(1, [true, false, true]);
        room.hears(2, [true, true, false]);
    }
}

#[test]
fn one_who_barges_in_talks_with_all_and_may_fall_silent_again() {
    for codecs in EVERY_CODEC {
        let mut room = Room::new(codecs);
        room.seat(&[(THIRD, Role::Talk(Party::Other))]);
        room.talk(70);
        room.hears(0, [false, true, true]);
        room.hears(1, [true, false, true]);
        room.hears(2, [true, true, false]);
        room.seat(&[(THIRD, Role::Listen)]);
        room.talk(5);
        room.forget();
        room.talk(70);
        room.hears(0, [false, true, false]);
        room.hears(2, [true, true, false]);
    }
}

#[test]
fn the_two_notice_neither_who_comes_nor_who_leaves() {
    // Wound: a click and a gap tell the agent that a supervisor listens.
    for third in [Codec::Pcma, Codec::G722] {
        for role in [Role::Listen, Role::Whisper] {
            for offset in 0..20 {
                let mut room = Room::new([Codec::Pcma, Codec::Pcma, third]);
                let mut said = [const { Vec::new() }; 3];
                for (packets, members) in [(30, &[(THIRD, role.clone())][..]), (60, &[]), (60, &[])] {
                    let more = room.talk_and(packets, |room, millisecond| {
                        if millisecond == offset {
                            room.seat(members);
                        }
                    });
                    for (said, more) in said.iter_mut().zip(more) {
                        said.extend(more);
                    }
                }
                for place in 0..2 {
                    let heard = room.heard(place);
                    assert_eq!(heard.len(), 150, "not a packet is missing");
                    assert_one_source(&heard);
                    assert_eq!(heard.iter().filter(|(header, _)| header.marker).count(), 1);
                    let payload: Vec<u8> = heard.iter().flat_map(|(_, payload)| payload).copied().collect();
                    if place == 0 || role == Role::Listen {
                        assert!(payload == said[1 - place], "not a bit of the voice is another");
                    }
                    let steps =
                        heard.windows(2).map(|pair| pair[1].0.timestamp.wrapping_sub(pair[0].0.timestamp));
                    assert!(steps.into_iter().all(|step| step == 160), "the clock runs evenly");
                }
            }
        }
    }
}

#[test]
fn nobody_hears_a_gap_of_more_than_two_packets_when_an_observer_comes_or_leaves() {
    for offset in 0..20 {
        for (before, after) in [(&[][..], &[(THIRD, Role::Listen)][..]), (&[(THIRD, Role::Whisper)], &[])] {
            let mut room = Room::new([Codec::Pcma; 3]);
            room.seat(before);
            room.talk(20);
            room.forget();
            let mut silent_for = [0; 2];
            room.talk_with(20, |room, number, millisecond| {
                if number == 5 && millisecond == offset {
                    room.seat(after);
                }
                for (place, silent_for) in silent_for.iter_mut().enumerate() {
                    *silent_for = if room.heard(place).is_empty() { *silent_for + 1 } else { 0 };
                    assert!(*silent_for <= 40, "a gap of {silent_for} ms at {place}, offset {offset}");
                }
            });
        }
    }
}

#[test]
fn two_with_other_codecs_hear_no_click_either() {
    // `rest` is what is no tone in 20 ms of what the caller hears. It is as low at both seams as between them, so
    // coders that start anew cause no click.
    for codecs in [[Codec::G722, Codec::G722, Codec::Pcma], [Codec::Pcma, Codec::G722, Codec::G722]] {
        let mut room = Room::new(codecs);
        for members in [&[(THIRD, Role::Listen)][..], &[], &[]] {
            room.talk_and(50, |room, millisecond| {
                if millisecond == 8 {
                    room.seat(members);
                }
            });
        }
        let heard = room.heard(0);
        assert_eq!(heard.len(), 150);
        assert_one_source(&heard);
        let rate = f64::from(codecs[0].sample_rate());
        let heard = samples(codecs[0], &heard);
        for (number, frame) in heard.chunks_exact(rate as usize / 50).enumerate() {
            let tone = level(frame, AGENTS, rate);
            let rest = (rms(frame).powi(2) - tone * tone / 2.0).max(0.0).sqrt();
            assert!(rest < 150.0, "{codecs:?}: {rest:.0} beside {tone:.0} in frame {number}");
        }
    }
}

#[test]
fn a_warning_in_a_mix_is_heard_by_the_agent_alone() {
    for codecs in EVERY_CODEC {
        let mut room = Room::new(codecs);
        room.seat(&[(THIRD, Role::Listen)]);
        room.talk(10);
        room.forget();
        room.stage.tell(MediaCommand::Mix { stream: AGENT, tone: Tone::Warning });
        room.talk(18);
        for (place, is_heard) in [(0, false), (1, true), (2, false)] {
            let heard = room.heard(place);
            let rate = f64::from(codecs[place].sample_rate());
            // Two beeps of 120 ms; `samples` leaves out 100 ms, so what is left is the second one.
            let beep = level(&samples(codecs[place], &heard[7..]), 600.0, rate);
            assert_eq!((1_500.0..2_800.0).contains(&beep), is_heard, "{codecs:?}: {beep} at {place}");
        }
        room.talk(20);
        let rate = f64::from(codecs[1].sample_rate());
        assert!(level(&samples(codecs[1], &room.heard(1)), 600.0, rate) < 150.0, "then it is over");
    }
}

#[test]
fn one_who_listens_goes_on_through_hold_and_another_codec() {
    let mut room = Room::new([Codec::Pcma, Codec::Pcma, Codec::Pcma]);
    room.seat(&[(THIRD, Role::Listen)]);
    room.talk(20);
    room.forget();
    // The agent holds: the caller hears music, and the listener still hears the caller.
    room.stage.agree(AGENT, encoding(Codec::Pcma), Direction::RecvOnly);
    room.stage.tell(MediaCommand::Play { stream: CALLER, audio: turno_media_plan::Audio::Music });
    let _ = room.talk(40);
    assert!(room.heard(1).is_empty(), "who holds is sent nothing");
    let caller = room.heard(0);
    assert_eq!(caller.len(), 40, "music, and nothing beside it");
    assert_one_source(&caller);
    assert!(level(&samples(Codec::Pcma, &caller), AGENTS, 8_000.0) < 150.0);
    room.stage.agree(AGENT, encoding(Codec::G722), Direction::SendRecv);
    room.stage.tell(MediaCommand::Hush { stream: CALLER });
    room.codecs[1] = Codec::G722;
    room.voices[1] = Voice::new(16, encoding(Codec::G722), AGENTS);
    room.talk(10);
    room.forget();
    room.talk(60);
    room.hears(0, [false, true, false]);
    room.hears(1, [true, false, false]);
    room.hears(2, [true, true, false]);
}

#[test]
fn a_key_in_a_mix_is_pressed_for_those_who_talk() {
    let mut room = Room::new([Codec::Pcma, Codec::Pcma, Codec::Pcma]);
    room.seat(&[(THIRD, Role::Listen)]);
    room.talk(10);
    room.forget();
    let agent = room.slots[1];
    for (number, payload) in [[5u8, 10, 0, 160], [5, 0x8a, 1, 64], [5, 0x8a, 1, 64]].into_iter().enumerate() {
        let mut packet = vec![0x80, 101, 0x40, number as u8, 0, 0, 0x40, 0, 0, 0, 0, 6];
        packet.extend(payload);
        assert!(room.stage.hear(agent, phone(AGENT), &packet));
        room.stage.pass(20);
    }
    room.stage.pass(300);
    assert_eq!(room.stage.sent.events, [MediaEvent::Digit { stream: AGENT, digit: '5' }]);
    let keys = |heard: Vec<(Header, Vec<u8>)>| heard.iter().filter(|(it, _)| it.payload_type == 101).count();
    assert_eq!(keys(room.heard(0)), 8, "one key, whole");
    assert_eq!(keys(room.heard(2)), 0, "who listens gets none");
}

#[test]
fn a_bridge_has_a_limit_and_a_stream_is_in_one_at_a_time() {
    let mut room = Room::new([Codec::Pcma; 3]);
    let many: Vec<StreamId> = (10..20).map(StreamId).collect();
    let slots: Vec<usize> = many.iter().map(|stream| room.stage.agreed(*stream, Codec::Pcma)).collect();
    room.seat(&many.iter().map(|stream| (*stream, Role::Listen)).collect::<Vec<_>>());
    room.talk(20);
    let heard: Vec<usize> = slots.iter().map(|slot| room.stage.take(*slot).len()).collect();
    assert_eq!(heard.iter().filter(|packets| **packets > 0).count(), MEMBERS_MAX - 2);
    // The agent goes to another call: those who stay hear the caller alone.
    let members = [(AGENT, Party::Agent), (THIRD, Party::Caller)];
    let members = members.map(|(stream, party)| Member::new(stream, Role::Talk(party))).to_vec();
    room.stage.tell(MediaCommand::Bridge { bridge: BridgeId(78), members });
    room.talk(5);
    room.forget();
    room.stage.take(slots[0]);
    room.talk(60);
    room.hears(2, [false, true, false]);
    assert!(room.heard(0).is_empty(), "nobody talks with the caller");
    let heard = samples(Codec::Pcma, &room.stage.take(slots[0]));
    assert!(level(&heard, CALLERS, 8_000.0) > 7_000.0 && level(&heard, AGENTS, 8_000.0) < 150.0);
}
