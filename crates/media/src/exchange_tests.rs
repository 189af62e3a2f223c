//! What callers and agents hear, in virtual time.

use core::time::Duration;

use proptest::prelude::*;
use turno_ground::Moment;
use turno_media_plan::{
    Announcement, Audience, Audio, BridgeId, Codec, Direction, Encoding, Manner, MediaCommand, MediaEvent,
    Member, Party, PromptId, Role, STREAMS_MAX, StreamId, Tone,
};

use crate::goertzel::{level, rms};
use crate::stage_tests::{
    AGENT, CALLER, OTHER, Stage, Voice, assert_one_source, encoding, parted, phone, samples, together,
};
use crate::stream::Route;

fn joined(caller: Codec, agent: Codec) -> (Stage, usize, usize) {
    let mut stage = Stage::new(None);
    let (one, other) = (stage.agreed(CALLER, caller), stage.agreed(AGENT, agent));
    stage.tell(together(CALLER, AGENT));
    (stage, one, other)
}

#[test]
fn nothing_is_sent_before_the_agreement() {
    let mut stage = Stage::new(None);
    let slot = stage.open(CALLER);
    stage.tell(MediaCommand::Play { stream: CALLER, audio: Audio::Prompts(vec![PromptId(0)]) });
    stage.pass(1_000);
    assert!(stage.sent.rtp.is_empty() && stage.sent.rtcp.is_empty() && stage.sent.events.is_empty());
    stage.agree(CALLER, encoding(Codec::Pcma), Direction::SendRecv);
    stage.pass(1_000);
    let heard = stage.take(slot);
    assert_eq!(heard.len(), 5, "the prompt begins when it can be heard");
    assert_eq!(stage.sent.events, [MediaEvent::PlayedOut { stream: CALLER }]);
}

#[test]
fn a_voice_in_the_same_codec_is_passed_on_untouched() {
    let (mut stage, caller, agent) = joined(Codec::Pcma, Codec::Pcma);
    // The caller's trunk uses a dynamic number for the codec.
    let dynamic = Encoding::new(Codec::Pcma, 96, None);
    stage.agree(CALLER, dynamic, Direction::SendRecv);
    let mut voice = Voice::new(5, dynamic, 440.0);
    for _ in 0..10 {
        let packet = voice.next();
        assert!(stage.hear(caller, phone(CALLER), &packet));
        let heard = stage.take(agent);
        assert_eq!(heard.len(), 1);
        assert_eq!(heard[0].1, packet[12..], "not a bit of the voice changes");
        assert_eq!(heard[0].0.payload_type, 8);
        assert_ne!(heard[0].0.ssrc, 5, "the agent's phone sees our source alone");
        stage.pass(20);
    }
    assert!(stage.take(caller).is_empty(), "nobody hears himself");
}

#[test]
fn a_voice_in_another_codec_is_understood() {
    for (from, to) in [(Codec::Pcmu, Codec::G722), (Codec::G722, Codec::Pcma), (Codec::Pcma, Codec::Pcmu)] {
        let (mut stage, caller, agent) = joined(from, to);
        let mut voice = Voice::new(5, encoding(from), 440.0);
        for _ in 0..100 {
            stage.hear(caller, phone(CALLER), &voice.next());
            stage.pass(20);
        }
        let heard = stage.take(agent);
        assert_eq!(heard.len(), 100);
        assert_one_source(&heard);
        let heard = level(&samples(to, &heard), 440.0, f64::from(to.sample_rate()));
        assert!((heard - 8_000.0).abs() < 400.0, "{from:?} to {to:?}: {heard}");
    }
}

#[test]
fn a_phone_that_changes_its_codec_is_still_understood() {
    // RFC 3264, 6.1: baresip answers our offer with all its codecs and may send any of them.
    let (mut stage, caller, agent) = joined(Codec::Pcma, Codec::Pcma);
    stage.hear(caller, phone(CALLER), &Voice::new(5, encoding(Codec::Pcma), 440.0).next());
    stage.take(agent);
    let mut voice = Voice::new(6, encoding(Codec::Pcmu), 440.0);
    for _ in 0..50 {
        assert!(stage.hear(caller, phone(CALLER), &voice.next()));
        stage.pass(20);
    }
    let heard = stage.take(agent);
    assert!(heard.iter().all(|(header, _)| header.payload_type == 8));
    assert!(level(&samples(Codec::Pcma, &heard), 440.0, 8_000.0) > 7_600.0);
}

#[test]
fn only_the_agent_hears_the_warning() {
    // The handling target's tone is for the agent only; the caller must never hear it.
    for (caller_codec, agent_codec) in [(Codec::Pcma, Codec::Pcma), (Codec::Pcmu, Codec::G722)] {
        let (mut stage, caller, agent) = joined(caller_codec, agent_codec);
        let mut citizen = Voice::new(5, encoding(caller_codec), 440.0);
        let mut servant = Voice::new(6, encoding(agent_codec), 1_000.0);
        let mut said = Vec::new();
        for packet in 0..60 {
            if packet == 20 {
                stage.tell(MediaCommand::Mix { stream: AGENT, tone: Tone::Warning });
            }
            stage.hear(caller, phone(CALLER), &citizen.next());
            let packet = servant.next();
            said.push(packet[12..].to_vec());
            stage.hear(agent, phone(AGENT), &packet);
            stage.pass(20);
        }
        let (to_agent, to_caller) = (stage.take(agent), stage.take(caller));
        assert_eq!((to_agent.len(), to_caller.len()), (60, 60));
        assert_one_source(&to_agent);
        if caller_codec == agent_codec {
            let heard: Vec<_> = to_caller.iter().map(|(_, payload)| payload.clone()).collect();
            assert_eq!(heard, said, "the caller hears the agent untouched");
        }
        let rate = f64::from(agent_codec.sample_rate());
        let beep = |packets| level(&samples(agent_codec, packets), 600.0, rate);
        // `samples` drops five packets, so 25 to 30 is the second beep (240 to 360 ms after the start).
        let tone = beep(&to_agent[27..38]);
        assert!((1_800.0..2_800.0).contains(&tone), "{agent_codec:?}: {tone}");
        let voice = level(&samples(agent_codec, &to_agent[20..40]), 440.0, rate);
        assert!((voice - 8_000.0).abs() < 800.0, "the caller is heard through the tone: {voice}");
        assert!(beep(&to_agent[40..60]) < 200.0, "then it is over");
        assert!(
            level(&samples(caller_codec, &to_caller), 600.0, f64::from(caller_codec.sample_rate())) < 200.0
        );
    }
}

#[test]
fn a_warning_is_heard_while_the_caller_is_silent() {
    let (mut stage, _, agent) = joined(Codec::Pcma, Codec::Pcma);
    stage.tell(MediaCommand::Mix { stream: AGENT, tone: Tone::Breach });
    stage.pass(2_000);
    let heard = stage.take(agent);
    assert_eq!(heard.len(), 40, "800 ms, and not a packet more");
    assert_one_source(&heard);
    assert!(level(&samples(Codec::Pcma, &heard[..10]), 400.0, 8_000.0) > 2_000.0);
}

#[test]
fn a_tone_over_silence_is_a_tone_over_silence_in_every_codec() {
    for codec in Codec::ALL {
        let (mut stage, _, agent) = joined(codec, codec);
        stage.tell(MediaCommand::Mix { stream: AGENT, tone: Tone::Warning });
        stage.pass(1_000);
        let heard = stage.take(agent);
        assert_eq!(heard.len(), 18);
        let rate = codec.sample_rate() as usize;
        let heard = samples(codec, &heard);
        // The first 100 ms are dropped; the pause is from 120 to 240 ms after the start.
        let pause = rms(&heard[rate * 40 / 1_000..rate * 130 / 1_000]);
        assert!(pause < 40.0, "{codec:?}: {pause}");
        let beep = level(&heard[rate * 150 / 1_000..rate * 250 / 1_000], 600.0, rate as f64);
        assert!((1_900.0..2_700.0).contains(&beep), "{codec:?}: {beep}");
    }
}

#[test]
fn every_listener_hears_the_same_place_of_the_music() {
    // Wound: a thread and an encoder for each listener. Here one frame serves all.
    let mut stage = Stage::new(None);
    let first = stage.agreed(CALLER, Codec::Pcma);
    let second = stage.agreed(OTHER, Codec::Pcma);
    stage.tell(MediaCommand::Play { stream: CALLER, audio: Audio::Music });
    stage.pass(495);
    stage.tell(MediaCommand::Play { stream: OTHER, audio: Audio::Music });
    stage.pass(5_000);
    let last = |stage: &mut Stage, slot| -> Vec<Vec<u8>> {
        stage.take(slot).into_iter().rev().take(100).map(|(_, payload)| payload).collect()
    };
    let times = |slot| stage.sent.rtp.iter().rfind(|sent| sent.1 == slot).unwrap().0;
    assert_eq!(times(first), times(second), "paced by one tick");
    let (one, other) = (last(&mut stage, first), last(&mut stage, second));
    assert_eq!(one, other);
    assert!(one.windows(2).any(|frames| frames[0] != frames[1]));
}

#[test]
fn music_is_paced_by_twenty_milliseconds_and_goes_round() {
    let mut stage = Stage::new(None);
    let slot = stage.agreed(CALLER, Codec::Pcmu);
    stage.tell(MediaCommand::Play { stream: CALLER, audio: Audio::Music });
    stage.pass(6_000);
    let times: Vec<Moment> = stage.sent.rtp.iter().map(|sent| sent.0).collect();
    assert_eq!(times.len(), 301);
    assert!(times.windows(2).all(|pair| pair[1].since(pair[0]) == Duration::from_millis(20)));
    let heard = stage.take(slot);
    assert_one_source(&heard);
    assert_eq!(heard[0].1, heard[100].1, "two seconds of music, again and again");
    let markers = heard.iter().filter(|(header, _)| header.marker).count();
    assert_eq!(markers, 1);
}

#[test]
fn an_agent_who_answers_ends_the_music_without_a_break() {
    let (mut stage, caller, agent) = joined(Codec::Pcma, Codec::Pcma);
    stage.tell(parted(CALLER, AGENT));
    stage.tell(MediaCommand::Play { stream: CALLER, audio: Audio::Music });
    stage.pass(990);
    stage.tell(together(AGENT, CALLER));
    let mut voice = Voice::new(6, encoding(Codec::Pcma), 440.0);
    for _ in 0..50 {
        stage.hear(agent, phone(AGENT), &voice.next());
        stage.pass(20);
    }
    let heard = stage.take(caller);
    assert_eq!(heard.len(), 100);
    assert_one_source(&heard);
    assert!(
        level(&samples(Codec::Pcma, &heard[50..]), 1_000.0, 8_000.0) < 100.0,
        "no music under the greeting"
    );
}

#[test]
fn an_announcement_is_played_in_order_and_then_the_partner_is_heard_again() {
    let (mut stage, caller, agent) = joined(Codec::Pcma, Codec::Pcma);
    let prompts = vec![PromptId(0), PromptId(9), PromptId(1)];
    stage.tell(MediaCommand::Play { stream: AGENT, audio: Audio::Prompts(prompts) });
    let mut voice = Voice::new(5, encoding(Codec::Pcma), 440.0);
    for _ in 0..30 {
        stage.pass(20);
        stage.hear(caller, phone(CALLER), &voice.next());
    }
    assert_eq!(
        stage.sent.events,
        [MediaEvent::PlayedOut { stream: AGENT }],
        "a prompt that is not there is left out"
    );
    let heard = stage.take(agent);
    assert_one_source(&heard);
    let first = crate::stage_tests::samples(Codec::Pcma, &[&heard[..5], &heard[..5]].concat());
    assert!(level(&first, 500.0, 8_000.0) > 7_000.0);
    let second = crate::stage_tests::samples(Codec::Pcma, &heard[..10]);
    assert!(level(&second, 700.0, 8_000.0) > 7_000.0);
    assert!(level(&samples(Codec::Pcma, &heard[10..]), 440.0, 8_000.0) > 7_000.0);
}

#[test]
fn hush_lets_the_partner_be_heard_again() {
    let (mut stage, caller, agent) = joined(Codec::Pcma, Codec::Pcma);
    let mut voice = Voice::new(5, encoding(Codec::Pcma), 440.0);
    stage.tell(MediaCommand::Play { stream: AGENT, audio: Audio::Ringback });
    stage.pass(100);
    stage.hear(caller, phone(CALLER), &voice.next());
    let heard = stage.take(agent);
    assert_eq!(heard.len(), 6, "the relay is suspended");
    stage.tell(MediaCommand::Hush { stream: AGENT });
    stage.pass(100);
    assert!(stage.take(agent).is_empty());
    stage.hear(caller, phone(CALLER), &voice.next());
    assert_eq!(stage.take(agent).len(), 1);
    stage.tell(parted(CALLER, AGENT));
    stage.hear(caller, phone(CALLER), &voice.next());
    assert!(stage.take(agent).is_empty(), "parted");
}

#[test]
fn an_outsider_is_neither_heard_nor_sent_to() {
    let (mut stage, caller, agent) = joined(Codec::Pcma, Codec::Pcma);
    let mut voice = Voice::new(5, encoding(Codec::Pcma), 440.0);
    assert!(stage.hear(caller, phone(CALLER), &voice.next()));
    stage.take(agent);
    let thief = "203.0.113.66:9999".parse().unwrap();
    let mut noise = Voice::new(99, encoding(Codec::Pcma), 700.0);
    for _ in 0..20 {
        assert!(!stage.hear(caller, thief, &noise.next()));
    }
    assert!(!stage.exchange.handle_rtcp(caller, thief, &mut [0x80, 201, 0, 1, 0, 0, 0, 9], stage.now));
    assert!(stage.take(agent).is_empty());
    stage.hear(agent, phone(AGENT), &Voice::new(6, encoding(Codec::Pcma), 440.0).next());
    assert_eq!(stage.sent.rtp[0].2, phone(CALLER));
    stage.pass(5_000);
    assert!(stage.sent.rtcp.iter().all(|sent| sent.2.ip() != thief.ip()));
    stage.close(CALLER);
    let Some(MediaEvent::Closed { report, .. }) = stage.sent.events.last() else { panic!("no figures") };
    assert_eq!((report.received, report.refused), (1, 21));
}

#[test]
fn a_third_stream_parts_the_two() {
    let (mut stage, caller, agent) = joined(Codec::Pcma, Codec::Pcma);
    let third = stage.agreed(OTHER, Codec::Pcma);
    stage.tell(together(AGENT, OTHER));
    stage.hear(caller, phone(CALLER), &Voice::new(5, encoding(Codec::Pcma), 440.0).next());
    assert!(stage.sent.rtp.is_empty(), "the first caller is heard by nobody");
    stage.hear(agent, phone(AGENT), &Voice::new(6, encoding(Codec::Pcma), 440.0).next());
    assert_eq!(stage.take(third).len(), 1);
    stage.close(OTHER);
    stage.hear(agent, phone(AGENT), &Voice::new(6, encoding(Codec::Pcma), 440.0).next());
    assert!(stage.sent.rtp.is_empty());
}

#[test]
fn a_thread_that_was_held_up_does_not_play_the_past() {
    let mut stage = Stage::new(None);
    stage.agreed(CALLER, Codec::Pcma);
    stage.tell(MediaCommand::Play { stream: CALLER, audio: Audio::Music });
    stage.pass(100);
    stage.sent.rtp.clear();
    stage.now = stage.now + Duration::from_secs(3);
    stage.exchange.handle_time(stage.now, &mut stage.sent);
    assert!(stage.sent.rtp.len() <= 6, "{} packets at once", stage.sent.rtp.len());
}

#[test]
fn streams_have_a_limit_and_slots_come_back() {
    let mut stage = Stage::new(None);
    for id in 0..STREAMS_MAX as u64 {
        assert!(stage.exchange.open(StreamId(id), stage.now).is_some());
    }
    assert_eq!(stage.exchange.open(StreamId(9_999_999), stage.now), None);
    assert_eq!(stage.exchange.open(StreamId(1), stage.now), None, "a name is used once");
    stage.close(StreamId(7));
    assert!(stage.exchange.open(StreamId(9_999_999), stage.now).is_some());
    assert_eq!(stage.exchange.len(), STREAMS_MAX);
}

fn any_command() -> impl Strategy<Value = MediaCommand> {
    let stream = (1u64..4).prop_map(StreamId);
    let codec = prop::sample::select(Codec::ALL.to_vec());
    let direction = prop::sample::select(vec![Direction::SendRecv, Direction::SendOnly, Direction::RecvOnly]);
    let tone = prop::sample::select(vec![Tone::Warning, Tone::Breach, Tone::Confirm, Tone::Refuse]);
    let said = |manner| Announcement { audio: Audio::Tone(Tone::Warning), to: Audience::Everybody, manner };
    let role = prop::sample::select(vec![
        Role::Talk(Party::Caller),
        Role::Talk(Party::Agent),
        Role::Listen,
        Role::Whisper,
        Role::Record,
        Role::Announce(said(Manner::OverTalk)),
        Role::Announce(said(Manner::InsteadOfTalk)),
    ]);
    let audio = prop_oneof![
        Just(Audio::Music),
        Just(Audio::Ringback),
        stream.clone().prop_map(Audio::Live),
        tone.clone().prop_map(Audio::Tone),
        prop::collection::vec((0u16..3).prop_map(PromptId), 0..3).prop_map(Audio::Prompts),
    ];
    prop_oneof![
        (stream.clone(), codec, direction).prop_map(|(stream, codec, direction)| MediaCommand::Agree {
            stream,
            remote: phone(stream),
            encoding: encoding(codec),
            direction,
            latch: true,
            srtp: None,
        }),
        (stream.clone(), stream.clone()).prop_map(|(one, other)| together(one, other)),
        (stream.clone(), stream.clone()).prop_map(|(one, other)| parted(one, other)),
        (0u64..3, prop::collection::vec((0u64..5, role), 0..5)).prop_map(|(bridge, members)| {
            let members = members.into_iter().map(|(id, role)| Member::new(StreamId(id), role));
            MediaCommand::Bridge { bridge: BridgeId(bridge), members: members.collect() }
        }),
        (stream.clone(), audio).prop_map(|(stream, audio)| MediaCommand::Play { stream, audio }),
        stream.clone().prop_map(|stream| MediaCommand::Hush { stream }),
        (stream.clone(), any::<bool>()).prop_map(|(stream, is_on)| MediaCommand::Speak { stream, is_on }),
        (stream.clone(), tone).prop_map(|(stream, tone)| MediaCommand::Mix { stream, tone }),
        (stream, any::<char>()).prop_map(|(stream, digit)| MediaCommand::SendDigit { stream, digit }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_comes_each_peer_sees_one_source_and_partners_agree(
        steps in prop::collection::vec((any_command(), 0u64..120, prop::collection::vec(any::<u8>(), 0..40)), 1..25)
    ) {
        let mut stage = Stage::new(Some(Duration::from_secs(1)));
        let slots = [CALLER, AGENT, OTHER].map(|id| stage.open(id));
        let codecs = [Codec::Pcma, Codec::Pcmu, Codec::G722];
        let mut voices = codecs.map(|codec| Voice::new(5, encoding(codec), 440.0));
        for (command, pause, noise) in steps {
            stage.tell(command);
            for (place, voice) in voices.iter_mut().enumerate() {
                stage.hear(slots[place], phone(StreamId(place as u64 + 1)), &voice.next());
                let mut packet = vec![0x80, [0, 8, 9, 101][noise.len() % 4]];
                packet.extend(&noise);
                stage.hear(slots[place], phone(StreamId(place as u64 + 1)), &packet);
                stage.exchange.handle_rtcp(slots[place], phone(StreamId(1)), &mut noise.clone(), stage.now);
            }
            stage.pass(pause);
            for (slot, stream) in stage.exchange.streams.iter().enumerate() {
                if let Some(Route::Relay(partner)) = stream.as_ref().map(|stream| stream.route) {
                    let back = stage.exchange.streams[partner].as_ref().map(|other| other.route);
                    prop_assert_eq!(back, Some(Route::Relay(slot)));
                }
            }
        }
        for slot in slots {
            let heard = stage.take(slot);
            prop_assert!(heard.windows(2).all(|pair| pair[0].0.ssrc == pair[1].0.ssrc));
        }
    }
}
