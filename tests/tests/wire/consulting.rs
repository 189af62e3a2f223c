//! A private word and a talk of three on softphones, by the tones that each of them hears.

use core::time::Duration;
use std::path::PathBuf;

use turno_tests::wire::{Baresip, Server, has_tone, is_missing};

/// Tone of the caller's phone, in hertz.
const CITIZEN: u32 = 440;
/// Tone of the agent's phone.
const AGENT: u32 = 1_000;
/// Tone of the colleague's phone.
const COLLEAGUE: u32 = 700;
/// Packets of about two seconds of three voices.
const ENOUGH_PACKETS: f64 = 400.0;
/// How long a `turno` command may take.
const ASKING_SPAN: Duration = Duration::from_secs(20);

/// A caller talks to agent a001, who consults a002; then `step`, if there is one. Returns what each of them heard.
fn consulted(server: &mut Server, step: Option<&str>) -> [PathBuf; 3] {
    let agent = Baresip::agent(server, "a001", server.peer(2), AGENT);
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let citizen = Baresip::citizen(server, "0991234567", server.peer(3), CITIZEN, "7000");
    server.wait_until("they talk", |now| now.sum("turno_agents", &["state=\"talking\""]) == 1.0);
    talk_on(server);
    let colleague = Baresip::agent(server, "a002", server.peer(0), COLLEAGUE);
    server
        .wait_until("the colleague is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    server.ctl(&["consult", "a001", "a002"], "consulted").succeed(ASKING_SPAN);
    server.wait_until("the caller is held", |now| now.sum("turno_agents", &["state=\"holding\""]) == 1.0);
    talk_on(server);
    if let Some(step) = step {
        server.ctl(&[step, "a001"], step).succeed(ASKING_SPAN);
        talk_on(server);
    }
    [citizen, agent, colleague].map(Baresip::stop)
}

fn talk_on(server: &mut Server) {
    let before = server.scrape().sum("turno_rtp_packets_total", &["direction=\"in\""]);
    server.wait_until("they have talked", |now| {
        now.sum("turno_rtp_packets_total", &["direction=\"in\""]) >= before + ENOUGH_PACKETS
    });
}

#[test]
fn the_citizen_hears_nothing_of_a_private_word() {
    // Whisper and barge break bridges (Asterisk 173, 876).
    if is_missing(&["baresip", "cc"]) {
        return;
    }
    let mut server = Server::lab();
    let [by_citizen, by_agent, by_colleague] = consulted(&mut server, None);
    assert!(has_tone(&by_agent, COLLEAGUE) && has_tone(&by_colleague, AGENT), "the two talk");
    assert!(has_tone(&by_citizen, AGENT) && has_tone(&by_agent, CITIZEN), "the talk before was heard");
    assert!(!has_tone(&by_citizen, COLLEAGUE), "the citizen hears the private word");
    assert!(!has_tone(&by_colleague, CITIZEN), "the colleague hears the citizen");
    server.stop();
}

#[test]
fn in_a_talk_of_three_all_hear_each_other() {
    if is_missing(&["baresip", "cc"]) {
        return;
    }
    let mut server = Server::lab();
    let [by_citizen, by_agent, by_colleague] = consulted(&mut server, Some("conference"));
    assert!(has_tone(&by_citizen, COLLEAGUE) && has_tone(&by_colleague, CITIZEN), "the citizen is in it");
    assert!(has_tone(&by_agent, COLLEAGUE) && has_tone(&by_agent, CITIZEN), "the agent is in it");
    server.stop();
}

#[test]
fn after_a_warm_transfer_the_citizen_talks_to_the_colleague() {
    if is_missing(&["baresip", "cc"]) {
        return;
    }
    let mut server = Server::lab();
    let [by_citizen, _, by_colleague] = consulted(&mut server, Some("complete"));
    assert!(has_tone(&by_citizen, COLLEAGUE) && has_tone(&by_colleague, CITIZEN), "the two talk");
    server.stop();
}
