//! Recorders and announcers in a bridge.

use turno_media_plan::{
    Announcement, Audience, Audio, BridgeId, Codec, Manner, MediaCommand, MediaEvent, Member, Party,
    PromptId, Role, StreamId,
};

use crate::goertzel::level;
use crate::stage_tests::{
    AGENT, CALLER, OTHER as THIRD, Stage, Voice, assert_one_source, encoding, phone, samples,
};
use crate::tape::{TapeReader, Taped, tape};

const RECORDER: StreamId = StreamId(100);
const ANNOUNCER: StreamId = StreamId(101);

/// A caller at 440 Hz and an agent at 700 Hz.
struct Talk {
    stage: Stage,
    slots: [usize; 2],
    voices: [Voice; 2],
}

impl Talk {
    fn new(codecs: [Codec; 2]) -> Self {
        let mut stage = Stage::new(None);
        let slots = [stage.agreed(CALLER, codecs[0]), stage.agreed(AGENT, codecs[1])];
        let voices = [Voice::new(5, encoding(codecs[0]), 440.0), Voice::new(6, encoding(codecs[1]), 700.0)];
        Self { stage, slots, voices }
    }

    fn seat(&mut self, others: &[(StreamId, Role)]) {
        let talkers = [(CALLER, Role::Talk(Party::Caller)), (AGENT, Role::Talk(Party::Agent))];
        let members = talkers.iter().chain(others).map(|(stream, role)| Member::new(*stream, role.clone()));
        self.stage.tell(MediaCommand::Bridge { bridge: BridgeId(7), members: members.collect() });
    }

    fn go_on(&mut self, packets: usize) {
        for _ in 0..packets {
            for (place, id) in [CALLER, AGENT].into_iter().enumerate() {
                let packet = self.voices[place].next();
                self.stage.hear(self.slots[place], phone(id), &packet);
            }
            self.stage.pass(20);
        }
    }

    fn listens(&mut self) -> TapeReader {
        let (tape, reader) = tape(1_000);
        self.stage.exchange.record_to(tape);
        reader
    }
}

fn voice_of(pieces: &[Taped], speaker: StreamId) -> (u32, Vec<i16>) {
    let own: Vec<&Taped> = pieces.iter().filter(|piece| piece.speaker == speaker).collect();
    let rate = own.first().expect("it was heard").rate;
    assert!(own.windows(2).all(|pair| pair[1].timestamp.wrapping_sub(pair[0].timestamp) == 160));
    (rate, own.iter().flat_map(|piece| piece.samples()).copied().collect())
}

#[test]
fn a_recorder_hears_each_side_apart_and_the_two_are_relayed_as_ever() {
    for third in [None, Some(Role::Listen), Some(Role::Whisper)] {
        let mut talk = Talk::new([Codec::Pcma, Codec::G722]);
        let reader = talk.listens();
        let slot = talk.stage.agreed(THIRD, Codec::Pcma);
        let mut whisper = Voice::new(7, encoding(Codec::Pcma), 1_000.0);
        let mut others = vec![(RECORDER, Role::Record)];
        others.extend(third.clone().map(|role| (THIRD, role)));
        talk.seat(&others);
        for _ in 0..100 {
            talk.go_on(1);
            talk.stage.hear(slot, phone(THIRD), &whisper.next());
        }
        let pieces: Vec<Taped> = core::iter::from_fn(|| reader.next()).collect();
        assert_eq!(pieces.len(), 200, "two sides, and nothing of a whisper");
        assert!(pieces.iter().all(|piece| piece.recorder == RECORDER));
        for (speaker, hertz, rate) in [(CALLER, 440.0, 8_000), (AGENT, 700.0, 16_000)] {
            let (at, said) = voice_of(&pieces, speaker);
            assert_eq!((at, said.len()), (rate, rate as usize * 2));
            assert!((level(&said, hertz, rate.into()) - 8_000.0).abs() < 400.0);
            assert!(level(&said, 1_140.0 - hertz, rate.into()) < 150.0, "the other side is not in it");
        }
        if third.is_none() {
            let heard = talk.stage.take(talk.slots[0]);
            assert_eq!(heard.len(), 100, "by relay: nothing waits");
        }
        assert_eq!(reader.dropped(), 0);
    }
}

#[test]
fn a_queue_that_is_full_drops_what_is_recorded_and_no_voice() {
    // Wound: a blocked disk is audible in every recorded talk.
    let mut talk = Talk::new([Codec::Pcma, Codec::Pcma]);
    let (tape, reader) = tape(10);
    talk.stage.exchange.record_to(tape);
    talk.seat(&[(RECORDER, Role::Record)]);
    talk.go_on(50);
    assert_eq!(talk.stage.take(talk.slots[0]).len(), 50);
    assert_eq!(talk.stage.take(talk.slots[1]).len(), 50);
    assert_eq!(reader.dropped(), 90);
    assert_eq!(core::iter::from_fn(|| reader.next()).count(), 10);
    talk.go_on(5);
    assert_eq!((core::iter::from_fn(|| reader.next()).count(), reader.dropped()), (10, 90), "it goes on");
    drop(reader);
    talk.go_on(5);
    assert_eq!(talk.stage.take(talk.slots[0]).len(), 10, "nobody need be there");
}

#[test]
fn a_recording_ends_and_nothing_more_is_heard() {
    let mut talk = Talk::new([Codec::Pcma, Codec::Pcma]);
    let reader = talk.listens();
    talk.seat(&[(RECORDER, Role::Record)]);
    talk.go_on(5);
    talk.seat(&[]);
    talk.go_on(5);
    assert_eq!(core::iter::from_fn(|| reader.next()).count(), 10);
}

#[test]
fn an_announcement_is_heard_over_the_talk_or_instead_of_it_by_those_it_is_for() {
    // Prompt 0 is 100 ms of 500 Hz; three of them are 300 ms.
    let says =
        |to, manner| Role::Announce(Announcement { audio: Audio::Prompts(vec![PromptId(0); 3]), to, manner });
    for codecs in [[Codec::Pcma, Codec::Pcma], [Codec::Pcmu, Codec::G722]] {
        for (to, hear_it) in [
            (Audience::Everybody, [true, true]),
            (Audience::Only(Party::Caller), [true, false]),
            (Audience::Only(Party::Agent), [false, true]),
        ] {
            for manner in [Manner::OverTalk, Manner::InsteadOfTalk] {
                let mut talk = Talk::new(codecs);
                talk.seat(&[]);
                talk.go_on(10);
                talk.stage.take(talk.slots[0]);
                talk.stage.take(talk.slots[1]);
                talk.seat(&[(ANNOUNCER, says(to, manner))]);
                // The mix begins with the first voice that has waited two frames.
                talk.go_on(20);
                assert_eq!(talk.stage.sent.events, [MediaEvent::PlayedOut { stream: ANNOUNCER }]);
                for (place, tone) in [(0, 700.0), (1, 440.0)] {
                    let heard = talk.stage.take(talk.slots[place]);
                    assert_one_source(&heard);
                    let rate = f64::from(codecs[place].sample_rate());
                    // `samples` drops 100 ms: what remains is the announcement's second 100 ms and part of the third.
                    let heard = samples(codecs[place], &heard[4..15]);
                    let clip = level(&heard, 500.0, rate);
                    let voice = level(&heard, tone, rate);
                    let is_replaced = manner == Manner::InsteadOfTalk && hear_it[place];
                    assert_eq!(clip > 5_000.0, hear_it[place], "{codecs:?} {to:?} {manner:?}: {clip}");
                    assert_eq!(voice < 5_000.0, is_replaced, "{codecs:?} {to:?} {manner:?}: {voice}");
                }
                talk.go_on(30);
                let heard = talk.stage.take(talk.slots[0]);
                let again = samples(codecs[0], &heard[5..]);
                assert!(level(&again, 700.0, 8_000.0) > 7_000.0, "then the talk is heard again");
                assert!(level(&again, 500.0, 8_000.0) < 150.0);
            }
        }
    }
}

#[test]
fn an_announcement_that_is_told_again_goes_on_and_one_to_all_is_recorded() {
    let said = Announcement {
        audio: Audio::Prompts(vec![PromptId(0)]),
        to: Audience::Everybody,
        manner: Manner::OverTalk,
    };
    let mut talk = Talk::new([Codec::Pcma, Codec::Pcma]);
    let reader = talk.listens();
    let others = [(RECORDER, Role::Record), (ANNOUNCER, Role::Announce(said))];
    talk.seat(&others);
    talk.go_on(3);
    talk.seat(&others);
    talk.go_on(4);
    assert_eq!(talk.stage.sent.events.len(), 1, "five frames, and not begun anew");
    let pieces: Vec<Taped> = core::iter::from_fn(|| reader.next()).collect();
    let (rate, clip) = voice_of(&pieces, ANNOUNCER);
    assert_eq!(clip.len(), rate as usize / 10);
    assert!(level(&clip, 500.0, rate.into()) > 7_000.0);
}

#[test]
fn an_announcement_that_nobody_hears_comes_to_its_end() {
    // Wound: the engine waited for ever for the end of an announcement to an agent who had left.
    let mut talk = Talk::new([Codec::Pcma, Codec::Pcma]);
    let said = Announcement {
        audio: Audio::Prompts(vec![PromptId(0)]),
        to: Audience::Only(Party::Agent),
        manner: Manner::OverTalk,
    };
    let members =
        vec![Member::new(CALLER, Role::Talk(Party::Caller)), Member::new(ANNOUNCER, Role::Announce(said))];
    talk.stage.tell(MediaCommand::Bridge { bridge: BridgeId(7), members });
    talk.go_on(10);
    assert_eq!(talk.stage.sent.events, [MediaEvent::PlayedOut { stream: ANNOUNCER }]);
    assert!(talk.stage.take(talk.slots[0]).is_empty());
}
