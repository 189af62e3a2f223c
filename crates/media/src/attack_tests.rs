//! Packets from attackers: before the first voice, in the middle of a talk, with guessed numbers, and forged BYEs.

use turno_media_plan::Codec;

use crate::stage_tests::{AGENT, CALLER, Stage, Voice, encoding, phone, together};

fn thief() -> std::net::SocketAddr {
    "198.51.100.66:9999".parse().expect("an address")
}

fn joined() -> (Stage, usize, usize) {
    let mut stage = Stage::new(None);
    let (caller, agent) = (stage.agreed(CALLER, Codec::Pcma), stage.agreed(AGENT, Codec::Pcma));
    stage.tell(together(CALLER, AGENT));
    (stage, caller, agent)
}

#[test]
fn a_forged_goodbye_in_rtcp_ends_no_call() {
    // RTCP BYE is not authenticated: a plane that obeys it lets anybody end calls (RFC 3550, 6.6, and 9 on forging).
    let (mut stage, caller, agent) = joined();
    let mut voice = Voice::new(5, encoding(Codec::Pcma), 440.0);
    stage.hear(caller, phone(CALLER), &voice.next());
    stage.take(agent);
    let goodbye = [0x80, 201, 0, 1, 0, 0, 0, 5, 0x81, 203, 0, 1, 0, 0, 0, 5];
    for source in [thief(), phone(CALLER)] {
        stage.exchange.handle_rtcp(caller, source, &mut goodbye.to_vec(), stage.now);
    }
    stage.pass(20);
    assert!(stage.hear(caller, phone(CALLER), &voice.next()));
    assert_eq!(stage.take(agent).len(), 1, "they hear each other as before");
    assert!(stage.sent.events.is_empty(), "the call's signalling alone ends it");
}

#[test]
fn whoever_guesses_a_source_but_not_its_place_is_not_heard() {
    let (mut stage, caller, agent) = joined();
    let mut voice = Voice::new(5, encoding(Codec::Pcma), 440.0);
    for _ in 0..50 {
        stage.hear(caller, phone(CALLER), &voice.next());
        stage.pass(20);
    }
    stage.take(agent);
    // The right source with a sequence number far away: a restart of the same source.
    let mut forged = Voice::new(5, encoding(Codec::Pcma), 700.0).next();
    forged[2..4].copy_from_slice(&40_000_u16.to_be_bytes());
    assert!(!stage.hear(caller, thief(), &forged));
    assert!(stage.take(agent).is_empty());
    stage.hear(agent, phone(AGENT), &Voice::new(6, encoding(Codec::Pcma), 440.0).next());
    assert!(stage.sent.rtp.iter().all(|sent| sent.2 == phone(CALLER)), "nothing goes to the thief");
}

#[test]
fn whoever_speaks_before_the_first_word_loses_the_call_to_its_owner() {
    let (mut stage, caller, agent) = joined();
    stage.hear(caller, thief(), &Voice::new(99, encoding(Codec::Pcma), 700.0).next());
    let mut voice = Voice::new(5, encoding(Codec::Pcma), 440.0);
    assert!(stage.hear(caller, phone(CALLER), &voice.next()));
    stage.take(agent);
    stage.sent.rtp.clear();
    for _ in 0..50 {
        assert!(!stage.hear(caller, thief(), &Voice::new(99, encoding(Codec::Pcma), 700.0).next()));
        stage.hear(agent, phone(AGENT), &Voice::new(6, encoding(Codec::Pcma), 440.0).next());
    }
    assert!(stage.sent.rtp.iter().all(|sent| sent.1 != caller || sent.2 == phone(CALLER)));
}

#[test]
fn packets_to_a_port_that_nobody_has_agreed_on_get_nothing_back() {
    // RTP bleed: an attacker sprays packets over all ports, and every port that answers has a call.
    let mut stage = Stage::new(None);
    let slot = stage.open(CALLER);
    for number in 0..500 {
        stage.hear(slot, thief(), &Voice::new(number, encoding(Codec::Pcma), 700.0).next());
        stage.exchange.handle_rtcp(slot, thief(), &mut [0x80, 201, 0, 1, 0, 0, 0, 9], stage.now);
        stage.pass(20);
    }
    assert!(stage.sent.rtp.is_empty() && stage.sent.rtcp.is_empty());
}
