//! A supervisor in the talk of two softphones: who hears the supervisor, and who does not.

use core::time::Duration;

use turno_tests::wire::{Baresip, Server, has_tone, is_missing};

/// What the citizen's phone plays, in hertz.
const CITIZEN: u32 = 440;
/// What the agent's phone plays.
const AGENT: u32 = 1_000;
/// What the supervisor's phone plays.
const SUPERVISOR: u32 = 700;
/// Packets that make a talk of about two seconds of three voices.
const ENOUGH_PACKETS: f64 = 400.0;
/// How long `turno` may take to ask and print.
const ASKING_SPAN: Duration = Duration::from_secs(20);

#[test]
fn a_whisper_is_heard_by_the_agent_and_not_by_the_citizen() {
    // Wound: whisper and barge break bridges (Asterisk 173, 876).
    if is_missing(&["baresip", "cc"]) {
        return;
    }
    let mut server = Server::lab();
    let agent = Baresip::agent(&server, "a001", server.peer(2), AGENT);
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let citizen = Baresip::citizen(&server, "0991234567", server.peer(3), CITIZEN, "7000");
    server.wait_until("they talk", |now| now.sum("turno_agents", &["state=\"talking\""]) == 1.0);
    let supervisor = Baresip::agent(&server, "a002", server.peer(0), SUPERVISOR);
    server.wait_until("the supervisor is there", |now| {
        now.sum("turno_agents", &["state=\"available\""]) == 1.0
    });
    let mut last = server.trace(&["--last"], "last");
    last.succeed(ASKING_SPAN);
    let told = server.folder().read("last");
    let contact = told.strip_prefix("contact ").and_then(|told| told.split_whitespace().next());
    let contact = contact.unwrap_or_else(|| panic!("no contact is told of:\n{told}"));
    server.ctl(&["observe", "a002", contact, "--how", "whisper"], "observed").succeed(ASKING_SPAN);
    server.wait_until("the supervisor observes", |now| {
        now.sum("turno_agents", &["state=\"other_call\""]) == 1.0
    });
    let before = server.scrape().sum("turno_rtp_packets_total", &["direction=\"in\""]);
    server.wait_until("they have talked", |now| {
        now.sum("turno_rtp_packets_total", &["direction=\"in\""]) >= before + ENOUGH_PACKETS
    });
    let [by_citizen, by_agent, by_supervisor] = [citizen, agent, supervisor].map(Baresip::stop);
    assert!(has_tone(&by_citizen, AGENT) && has_tone(&by_agent, CITIZEN), "the two hear each other");
    assert!(
        has_tone(&by_supervisor, CITIZEN) && has_tone(&by_supervisor, AGENT),
        "the supervisor hears both"
    );
    assert!(has_tone(&by_agent, SUPERVISOR), "the agent hears the whisper");
    assert!(!has_tone(&by_citizen, SUPERVISOR), "the citizen hears the whisper");
    server.stop();
}
