//! The plane with real sockets on loopback; packets are awaited with a time limit, and no test measures time.

use core::time::Duration;
use std::net::{SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};

use turno_media_plan::{
    Audio, Codec, Direction, MediaCommand, MediaEvent, PromptId, StreamFailure, StreamId, Tone,
};

use crate::goertzel::level;
use crate::packet::Header;
use crate::plane::Plane;
use crate::settings::PlaneSettings;
use crate::stage_tests::{AGENT, CALLER, Voice, assert_one_source, encoding, samples, together};

/// How long a packet or an event may take before the test fails.
const PATIENCE: Duration = Duration::from_secs(10);

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn start() -> (Plane, Receiver<MediaEvent>) {
    let (sender, events): (Sender<MediaEvent>, _) = channel();
    let config = repository().join("sip-config");
    let settings = PlaneSettings {
        inactivity: None,
        prompts: vec![config.join("prompts/es/ready.wav")],
        music: config.join("prompts/en/ready.wav"),
        pairs_max: None,
    };
    let plane = Plane::start(settings, move |event| {
        let _ = sender.send(event);
    });
    (plane.unwrap(), events)
}

/// A phone with a real socket.
struct Phone(UdpSocket);

impl Phone {
    fn new(ip: &str) -> Self {
        let socket = UdpSocket::bind((ip, 0)).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        Self(socket)
    }

    fn address(&self) -> SocketAddr {
        self.0.local_addr().unwrap()
    }

    fn receive(&self) -> (Header, Vec<u8>) {
        let mut buffer = [0; 2_000];
        let length = self.0.recv(&mut buffer).expect("a packet comes in time");
        let (header, payload) = Header::read(&buffer[..length]).unwrap();
        (header, buffer[payload].to_vec())
    }
}

/// An even port that is free together with the next one. Another process may still take it, so opening is retried.
fn free_pair(ip: &str) -> SocketAddr {
    for _ in 0..200 {
        let one = UdpSocket::bind((ip, 0)).unwrap().local_addr().unwrap();
        let even = SocketAddr::new(one.ip(), one.port() & !1);
        let next = SocketAddr::new(one.ip(), even.port() + 1);
        if UdpSocket::bind(even).is_ok() && UdpSocket::bind(next).is_ok() {
            return even;
        }
    }
    panic!("no two free ports");
}

fn agree(plane: &Plane, stream: StreamId, local: SocketAddr, codec: Codec, phone: &Phone) {
    plane.send(MediaCommand::Open { stream, local });
    let remote = phone.address();
    let (encoding, direction) = (encoding(codec), Direction::SendRecv);
    plane.send(MediaCommand::Agree { stream, remote, encoding, direction, latch: true, srtp: None });
}

#[test]
fn a_tone_sent_by_one_phone_is_measured_at_the_other() {
    for (from, to) in [(Codec::Pcma, Codec::Pcma), (Codec::Pcmu, Codec::G722), (Codec::G722, Codec::Pcma)] {
        let (plane, events) = start();
        let (caller, agent) = (Phone::new("127.11.0.1"), Phone::new("127.11.0.2"));
        let (here, there) = (free_pair("127.11.0.3"), free_pair("127.11.0.4"));
        agree(&plane, CALLER, here, from, &caller);
        agree(&plane, AGENT, there, to, &agent);
        plane.send(together(CALLER, AGENT));
        // Music shows that the commands were carried out; the join ends it.
        plane.send(MediaCommand::Play { stream: CALLER, audio: Audio::Music });
        caller.receive();
        plane.send(MediaCommand::Hush { stream: CALLER });
        let mut voice = Voice::new(5, encoding(from), 440.0);
        let mut heard = Vec::new();
        for _ in 0..100 {
            caller.0.send_to(&voice.next(), here).unwrap();
            heard.push(agent.receive());
        }
        assert_one_source(&heard);
        let tone = level(&samples(to, &heard), 440.0, f64::from(to.sample_rate()));
        assert!((tone - 8_000.0).abs() < 400.0, "{from:?} to {to:?}: {tone}");
        plane.send(MediaCommand::Close { stream: CALLER });
        let Ok(MediaEvent::Closed { stream: CALLER, report }) = events.recv_timeout(PATIENCE) else {
            panic!()
        };
        assert_eq!((report.received, report.lost), (100, 0));
        plane.stop();
        let Ok(MediaEvent::Closed { stream: AGENT, report }) = events.recv_timeout(PATIENCE) else {
            panic!()
        };
        assert_eq!(report.sent, 100);
    }
}

#[test]
fn a_talk_that_changes_hands_loses_no_packet_and_hears_no_goodbye() {
    // Wound: an upgrade was audible in every talk.
    let (old, _events) = start();
    let (caller, agent) = (Phone::new("127.11.5.1"), Phone::new("127.11.5.2"));
    let (here, there) = (free_pair("127.11.5.3"), free_pair("127.11.5.4"));
    let reports = UdpSocket::bind((caller.address().ip(), caller.address().port() + 1)).unwrap();
    let talk = |plane: &Plane| {
        agree(plane, CALLER, here, Codec::Pcma, &caller);
        agree(plane, AGENT, there, Codec::Pcma, &agent);
        plane.send(together(CALLER, AGENT));
    };
    talk(&old);
    let mut voice = Voice::new(5, encoding(Codec::Pcma), 440.0);
    // The first answer shows that the commands were carried out.
    agent.0.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    let mut bytes = [0; 2_000];
    while agent.0.recv(&mut bytes).is_err() {
        caller.0.send_to(&voice.next(), here).unwrap();
    }
    let more = core::iter::from_fn(|| agent.0.recv(&mut [0; 2_000]).ok()).count();
    let ports = old.pause().unwrap();
    assert_eq!(ports.len(), 2);
    // Nothing is read now.
    for _ in 0..10 {
        caller.0.send_to(&voice.next(), here).unwrap();
    }
    let (new, _events) = start();
    new.adopt(ports);
    talk(&new);
    agent.0.set_read_timeout(Some(PATIENCE)).unwrap();
    let heard: Vec<_> = (0..10).map(|_| agent.receive()).collect();
    assert_one_source(&heard);
    assert!(more < 1_000);
    old.stop();
    reports.set_nonblocking(true).unwrap();
    while let Ok(length) = reports.recv(&mut bytes) {
        let is_goodbye = bytes[..length].windows(2).any(|it| it[1] == 203 && it[0] >> 6 == 2);
        assert!(!is_goodbye, "a BYE of RTCP ends the talk at the phone");
    }
    let unheard = new.gauges();
    assert_eq!(unheard.packets_refused, 0, "{unheard:?}");
    new.stop();
}

#[test]
fn sounds_that_are_read_again_are_played_at_once_and_a_bad_one_changes_nothing() {
    let (plane, events) = start();
    let agent = Phone::new("127.11.6.1");
    agree(&plane, AGENT, free_pair("127.11.6.3"), Codec::Pcma, &agent);
    let config = repository().join("sip-config");
    let settings = |second: PathBuf| PlaneSettings {
        inactivity: None,
        prompts: vec![config.join("prompts/es/ready.wav"), second],
        music: config.join("prompts/en/ready.wav"),
        pairs_max: None,
    };
    let second = || Audio::Prompts(vec![PromptId(1)]);
    let refused = plane.relearn(&settings("/nowhere/new.wav".into())).unwrap_err().to_string();
    assert!(refused.contains("/nowhere/new.wav"), "{refused}");
    plane.send(MediaCommand::Play { stream: AGENT, audio: second() });
    assert_eq!(events.recv_timeout(PATIENCE), Ok(MediaEvent::PlayedOut { stream: AGENT }));
    assert_eq!(plane.gauges().packets_sent, 0, "there is no second prompt yet");
    plane.relearn(&settings(config.join("prompts/en/ready.wav"))).unwrap();
    plane.send(MediaCommand::Play { stream: AGENT, audio: second() });
    let heard: Vec<_> = (0..10).map(|_| agent.receive()).collect();
    assert_one_source(&heard);
    plane.relearn(&settings(PathBuf::new())).unwrap();
    assert_eq!(events.recv_timeout(PATIENCE), Ok(MediaEvent::PlayedOut { stream: AGENT }), "it is gone");
    plane.stop();
}

#[test]
fn a_tone_is_played_to_its_end_and_told() {
    let (plane, events) = start();
    let caller = Phone::new("127.11.1.1");
    agree(&plane, CALLER, free_pair("127.11.1.3"), Codec::Pcmu, &caller);
    plane.send(MediaCommand::Play { stream: CALLER, audio: Audio::Tone(Tone::Confirm) });
    assert_eq!(events.recv_timeout(PATIENCE), Ok(MediaEvent::PlayedOut { stream: CALLER }));
    let heard: Vec<_> = (0..16).map(|_| caller.receive()).collect();
    assert_one_source(&heard);
    let tone = level(&samples(Codec::Pcmu, &heard), 880.0, 8_000.0);
    assert!(tone > 1_000.0, "{tone}");
    assert_eq!(plane.gauges().streams, 1);
    plane.stop();
}

#[test]
fn a_port_that_is_taken_is_told_and_nothing_else_suffers() {
    let (plane, events) = start();
    let taken = UdpSocket::bind("127.11.2.1:0").unwrap();
    plane.send(MediaCommand::Open { stream: CALLER, local: taken.local_addr().unwrap() });
    let failed = MediaEvent::Failed { stream: CALLER, failure: StreamFailure::PortRefused };
    assert_eq!(events.recv_timeout(PATIENCE), Ok(failed));
    let agent = Phone::new("127.11.2.2");
    agree(&plane, AGENT, free_pair("127.11.2.3"), Codec::Pcma, &agent);
    plane.send(MediaCommand::Play { stream: AGENT, audio: Audio::Ringback });
    agent.receive();
    plane.stop();
}

#[test]
fn what_a_phone_still_sends_does_not_reach_the_next_call_on_its_port() {
    // Wound: late RTP of a call that is over is heard by the next one.
    let (plane, events) = start();
    let (before, after) = (Phone::new("127.11.4.1"), Phone::new("127.11.4.2"));
    let here = free_pair("127.11.4.3");
    for (stream, phone) in [(CALLER, &before), (AGENT, &after)] {
        agree(&plane, stream, here, Codec::Pcma, phone);
        plane.send(MediaCommand::Play { stream, audio: Audio::Music });
        phone.receive();
        plane.send(MediaCommand::Close { stream });
        let Ok(MediaEvent::Closed { report, .. }) = events.recv_timeout(PATIENCE) else {
            panic!("the stream was closed");
        };
        assert_eq!((report.received, report.refused), (0, 0), "{stream:?} heard nothing of an earlier one");
        for _ in 0..3 {
            before.0.send_to(&[0x80; 172], here).unwrap();
        }
    }
    plane.stop();
}

#[test]
fn a_flood_at_one_port_leaves_the_other_calls_alone() {
    let (plane, _events) = start();
    let (caller, agent) = (Phone::new("127.11.3.1"), Phone::new("127.11.3.2"));
    let (here, there) = (free_pair("127.11.3.3"), free_pair("127.11.3.4"));
    agree(&plane, CALLER, here, Codec::Pcma, &caller);
    agree(&plane, AGENT, there, Codec::Pcma, &agent);
    plane.send(MediaCommand::Play { stream: AGENT, audio: Audio::Music });
    agent.receive();
    for _ in 0..2_000 {
        caller.0.send_to(&[0x80; 60], here).unwrap();
        caller.0.send_to(b"not RTP at all", here).unwrap();
    }
    let heard: Vec<_> = (0..20).map(|_| agent.receive()).collect();
    assert_one_source(&heard);
    plane.stop();
}

#[test]
fn a_missing_prompt_is_found_at_the_start() {
    let settings = PlaneSettings {
        inactivity: None,
        prompts: vec![PathBuf::from("/nowhere/menu.wav")],
        music: PathBuf::from("/nowhere/hold.wav"),
        pairs_max: None,
    };
    let refused = Plane::start(settings, |_| {}).unwrap_err().to_string();
    assert!(refused.contains("/nowhere/menu.wav"), "{refused}");
}

#[test]
fn every_sound_that_comes_with_turno_can_be_played() {
    let config = repository().join("sip-config");
    let mut files = vec![config.join("music/hold.wav")];
    for language in ["es", "en"] {
        let names = std::fs::read_to_string(config.join(format!("prompts/{language}.txt"))).unwrap();
        let names =
            names.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('|'));
        files.extend(names.map(|(name, _)| config.join(format!("prompts/{language}/{}.wav", name.trim()))));
    }
    assert_eq!(files.len(), 273);
    for file in files {
        crate::clip::Sound::read(&file).unwrap();
    }
}
