//! A supervisor who speaks live to those who wait.

use turno_ground::Moment;
use turno_media_plan::{Audio, Codec, Direction, MediaCommand, SPEAKERS_MAX, StreamId};

use crate::goertzel::level;
use crate::packet::Header;
use crate::stage_tests::{
    AGENT, CALLER, OTHER, Stage, Voice, assert_one_source, encoding, phone, samples, together,
};

/// The supervisor's stream.
const SPEAKER: StreamId = StreamId(4);
/// The tone that the supervisor says, in hertz.
const SAID: f64 = 440.0;
/// The music of the stage, in hertz.
const MUSIC: f64 = 1_000.0;

fn begins(stage: &mut Stage, codec: Codec) -> usize {
    let slot = stage.agreed(SPEAKER, codec);
    stage.tell(MediaCommand::Play { stream: SPEAKER, audio: Audio::Silence });
    stage.tell(MediaCommand::Speak { stream: SPEAKER, is_on: true });
    slot
}

fn listens(stage: &mut Stage, stream: StreamId) {
    stage.tell(MediaCommand::Play { stream, audio: Audio::Live(SPEAKER) });
}

/// The supervisor speaks for this many frames.
fn speaks(stage: &mut Stage, speaker: usize, voice: &mut Voice, frames: usize) {
    for _ in 0..frames {
        stage.hear(speaker, phone(SPEAKER), &voice.next());
        stage.pass(20);
    }
}

fn hears(codec: Codec, packets: &[(Header, Vec<u8>)], hertz: f64) -> bool {
    let heard = samples(codec, packets);
    level(&heard, hertz, f64::from(codec.sample_rate())) > 1_000.0
}

#[test]
fn all_who_listen_hear_the_speaker_each_in_the_own_codec() {
    for spoken in Codec::ALL {
        let mut stage = Stage::new(None);
        let speaker = begins(&mut stage, spoken);
        let listeners = [(CALLER, Codec::Pcma), (AGENT, Codec::Pcmu), (OTHER, Codec::G722)];
        let slots = listeners.map(|(stream, codec)| stage.agreed(stream, codec));
        listeners.iter().for_each(|(stream, _)| listens(&mut stage, *stream));
        speaks(&mut stage, speaker, &mut Voice::new(5, encoding(spoken), SAID), 50);
        for ((_, codec), slot) in listeners.into_iter().zip(slots) {
            let packets = stage.take(slot);
            assert_eq!(packets.len(), 51, "one packet for each tick");
            assert!(hears(codec, &packets, SAID), "{spoken:?} is heard in {codec:?}");
            assert!(!hears(codec, &packets, MUSIC), "{spoken:?} instead of the music in {codec:?}");
            assert_one_source(&packets);
        }
        let to_speaker = samples(spoken, &stage.take(speaker));
        assert!(
            level(&to_speaker, SAID, f64::from(spoken.sample_rate())) < 50.0,
            "the speaker hears silence"
        );
    }
}

#[test]
fn the_same_codec_is_passed_on_octet_by_octet() {
    let mut stage = Stage::new(None);
    let (speaker, caller) = (begins(&mut stage, Codec::Pcma), stage.agreed(CALLER, Codec::Pcma));
    listens(&mut stage, CALLER);
    let mut voice = Voice::new(5, encoding(Codec::Pcma), SAID);
    let mut said = Vec::new();
    for _ in 0..20 {
        let packet = voice.next();
        said.push(packet[12..].to_vec());
        stage.hear(speaker, phone(SPEAKER), &packet);
        stage.pass(20);
    }
    let heard: Vec<_> = stage.take(caller).into_iter().map(|(_, payload)| payload).collect();
    let first = heard.iter().position(|frame| *frame == said[0]).expect("the first word is heard");
    assert!(first <= 3, "it is heard after 60 ms at most: {first}");
    let is_same = heard[first..].iter().zip(&said).all(|(heard, said)| heard == said);
    assert!(is_same, "no octet differs");
}

#[test]
fn who_is_answered_hears_the_agent_from_the_next_packet_on() {
    let mut stage = Stage::new(None);
    let speaker = begins(&mut stage, Codec::Pcma);
    let (caller, agent) = (stage.agreed(CALLER, Codec::Pcma), stage.agreed(AGENT, Codec::Pcma));
    listens(&mut stage, CALLER);
    let (mut voice, mut words) =
        (Voice::new(5, encoding(Codec::Pcma), SAID), Voice::new(6, encoding(Codec::Pcma), 700.0));
    speaks(&mut stage, speaker, &mut voice, 20);
    stage.take(caller);
    stage.tell(MediaCommand::Hush { stream: CALLER });
    stage.tell(together(CALLER, AGENT));
    for _ in 0..30 {
        stage.hear(agent, phone(AGENT), &words.next());
        stage.hear(speaker, phone(SPEAKER), &voice.next());
        stage.pass(20);
    }
    let packets = stage.take(caller);
    assert_eq!(packets.len(), 30, "only the agent is heard");
    assert!(hears(Codec::Pcma, &packets, 700.0) && !hears(Codec::Pcma, &packets, SAID));
}

#[test]
fn who_listens_to_nobody_hears_the_music() {
    // Whatever ends the speech, and in whatever order the commands come: nobody waits in silence.
    for ends in 0..3 {
        let mut stage = Stage::new(None);
        let caller = stage.agreed(CALLER, Codec::Pcma);
        listens(&mut stage, CALLER);
        stage.pass(400);
        assert!(hears(Codec::Pcma, &stage.take(caller), MUSIC), "nobody speaks yet");
        let speaker = begins(&mut stage, Codec::Pcma);
        speaks(&mut stage, speaker, &mut Voice::new(5, encoding(Codec::Pcma), SAID), 50);
        assert!(hears(Codec::Pcma, &stage.take(caller), SAID));
        match ends {
            0 => stage.tell(MediaCommand::Speak { stream: SPEAKER, is_on: false }),
            1 => stage.close(SPEAKER),
            _ => {
                stage.agreed(AGENT, Codec::Pcma);
                stage.tell(together(SPEAKER, AGENT));
            }
        }
        stage.pass(400);
        let packets = stage.take(caller);
        assert!(hears(Codec::Pcma, &packets, MUSIC) && !hears(Codec::Pcma, &packets, SAID), "way {ends}");
    }
}

#[test]
fn a_speaker_who_pauses_or_holds_is_heard_as_silence() {
    let mut stage = Stage::new(None);
    let (speaker, caller) = (begins(&mut stage, Codec::Pcma), stage.agreed(CALLER, Codec::Pcmu));
    listens(&mut stage, CALLER);
    let mut voice = Voice::new(5, encoding(Codec::Pcma), SAID);
    speaks(&mut stage, speaker, &mut voice, 20);
    stage.agree(SPEAKER, encoding(Codec::Pcma), Direction::Inactive);
    stage.pass(200);
    stage.take(caller);
    speaks(&mut stage, speaker, &mut voice, 20);
    let packets = stage.take(caller);
    assert_eq!(packets.len(), 20, "the packets go on");
    assert!(!hears(Codec::Pcmu, &packets, SAID) && !hears(Codec::Pcmu, &packets, MUSIC));
}

#[test]
fn speakers_have_a_limit_and_only_who_is_alone_speaks() {
    let mut stage = Stage::new(None);
    let many = SPEAKERS_MAX as u64 + 1;
    for id in 100..100 + many {
        stage.agreed(StreamId(id), Codec::Pcma);
        stage.tell(MediaCommand::Speak { stream: StreamId(id), is_on: true });
        stage.tell(MediaCommand::Speak { stream: StreamId(id), is_on: true });
    }
    let mut is_heard = |id| stage.exchange.live.frame(StreamId(id), Codec::Pcma).is_some();
    assert!(is_heard(100) && is_heard(100 + many - 2) && !is_heard(100 + many - 1));
    let mut stage = Stage::new(None);
    for stream in [CALLER, AGENT] {
        stage.agreed(stream, Codec::Pcma);
    }
    stage.tell(together(CALLER, AGENT));
    stage.tell(MediaCommand::Speak { stream: AGENT, is_on: true });
    stage.exchange.live.tick(Moment::default());
    assert!(stage.exchange.live.frame(AGENT, Codec::Pcma).is_none(), "a talk is nobody else's");
}
