//! A supervisor in the talk of two softphones: who hears the supervisor, and who does not.

use core::time::Duration;
use std::path::PathBuf;

use turno_tests::wire::{Baresip, Certificates, Encryption, Server, has_tone, is_missing};

use crate::encrypted;

/// Tone of the caller's phone, in hertz.
const CITIZEN: u32 = 440;
/// Tone of the agent's phone.
const AGENT: u32 = 1_000;
/// Tone of the supervisor's phone.
const SUPERVISOR: u32 = 700;
/// Packets of about two seconds of three voices.
const ENOUGH_PACKETS: f64 = 400.0;
/// How long a `turno` command may take.
const ASKING_SPAN: Duration = Duration::from_secs(20);

/// Starts a phone.
type Begin<'a> = &'a dyn Fn(&Server) -> Baresip;

/// A caller talks to agent a001, agent a002 observes them, and all three talk for a while. Returns what each of them
/// heard, and the output of the agent's and the supervisor's phones.
fn observed(
    server: &mut Server,
    [citizen, agent, supervisor]: [Begin<'_>; 3],
    how: &str,
) -> ([PathBuf; 3], [String; 2]) {
    let agent = agent(server);
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let citizen = citizen(server);
    server.wait_until("they talk", |now| now.sum("turno_agents", &["state=\"talking\""]) == 1.0);
    let supervisor = supervisor(server);
    server.wait_until("the supervisor is there", |now| {
        now.sum("turno_agents", &["state=\"available\""]) == 1.0
    });
    let mut last = server.trace(&["--last"], "last");
    last.succeed(ASKING_SPAN);
    let told = server.folder().read("last");
    let contact = told.strip_prefix("contact ").and_then(|told| told.split_whitespace().next());
    let contact = contact.unwrap_or_else(|| panic!("no contact is told of:\n{told}"));
    server.ctl(&["observe", "a002", contact, "--how", how], "observed").succeed(ASKING_SPAN);
    server.wait_until("the supervisor observes", |now| {
        now.sum("turno_agents", &["state=\"other_call\""]) == 1.0
    });
    let before = server.scrape().sum("turno_rtp_packets_total", &["direction=\"in\""]);
    server.wait_until("they have talked", |now| {
        now.sum("turno_rtp_packets_total", &["direction=\"in\""]) >= before + ENOUGH_PACKETS
    });
    let said = [agent.said(), supervisor.said()];
    ([citizen, agent, supervisor].map(Baresip::stop), said)
}

fn plain_citizen(server: &Server) -> Baresip {
    Baresip::citizen(server, "0991234567", server.peer(3), CITIZEN, "7000")
}

#[test]
fn a_whisper_is_heard_by_the_agent_and_not_by_the_citizen() {
    // Wound: whisper and barge break bridges (Asterisk 173, 876).
    if is_missing(&["baresip", "cc"]) {
        return;
    }
    let mut server = Server::lab();
    let agent = |server: &Server| Baresip::agent(server, "a001", server.peer(2), AGENT);
    let supervisor = |server: &Server| Baresip::agent(server, "a002", server.peer(0), SUPERVISOR);
    let (heard, _) = observed(&mut server, [&plain_citizen, &agent, &supervisor], "whisper");
    assert_whisper(&heard);
    server.stop();
}

/// Caller and agent hear each other, the supervisor hears both, and only the agent hears the supervisor.
fn assert_whisper([by_citizen, by_agent, by_supervisor]: &[PathBuf; 3]) {
    assert!(has_tone(by_citizen, AGENT) && has_tone(by_agent, CITIZEN), "the two hear each other");
    assert!(has_tone(by_supervisor, CITIZEN) && has_tone(by_supervisor, AGENT), "the supervisor hears both");
    assert!(has_tone(by_agent, SUPERVISOR), "the agent hears the whisper");
    assert!(!has_tone(by_citizen, SUPERVISOR), "the citizen hears the whisper");
}

#[test]
fn a_whisper_between_two_encrypted_phones_is_not_heard_on_the_citizens_plain_line() {
    // Two legs of the mix have SRTP with their own keys (RFC 4568), the third has plain RTP.
    if is_missing(&["baresip", "cc"]) {
        return;
    }
    let certificates = Certificates::new();
    let mut server =
        encrypted::lab(&certificates, &[("auto_login = true", "auto_login = true\nsrtp = \"required\"")]);
    let roots = certificates.root();
    let encryption = Encryption { roots: Some(&roots), media: Some("srtp-mand") };
    let agent =
        |server: &Server| Baresip::encrypted_seat(server, ("a001", "lab"), server.peer(2), AGENT, encryption);
    let supervisor = |server: &Server| {
        Baresip::encrypted_seat(server, ("a002", "lab"), server.peer(0), SUPERVISOR, encryption)
    };
    let (heard, said) = observed(&mut server, [&plain_citizen, &agent, &supervisor], "whisper");
    assert_whisper(&heard);
    for phone in said {
        assert!(phone.contains("SRTP is Enabled"), "{phone}");
    }
    encrypted::assert_all_were_opened(&server);
    server.stop();
}

#[test]
fn who_listens_by_a_plain_phone_to_an_encrypted_talk_hears_both_and_is_heard_by_nobody() {
    // Caller and agent have keys, the supervisor has none: the plan does not require SRTP.
    if is_missing(&["baresip", "cc"]) {
        return;
    }
    let certificates = Certificates::new();
    let mut server = encrypted::lab(&certificates, &[]);
    let roots = certificates.root();
    let encryption = Encryption { roots: Some(&roots), media: Some("srtp-mand") };
    let citizen = |server: &Server| {
        let caller = ("0991234567", server.peer(3));
        Baresip::encrypted_citizen(server, caller, CITIZEN, "7000", encryption)
    };
    let agent =
        |server: &Server| Baresip::encrypted_seat(server, ("a001", "lab"), server.peer(2), AGENT, encryption);
    let supervisor = |server: &Server| Baresip::agent(server, "a002", server.peer(0), SUPERVISOR);
    let (heard, [by_agents_phone, by_supervisors_phone]) =
        observed(&mut server, [&citizen, &agent, &supervisor], "listen");
    let [by_citizen, by_agent, by_supervisor] = &heard;
    assert!(has_tone(by_citizen, AGENT) && has_tone(by_agent, CITIZEN), "the two hear each other");
    assert!(has_tone(by_supervisor, CITIZEN) && has_tone(by_supervisor, AGENT), "the supervisor hears both");
    assert!(!has_tone(by_agent, SUPERVISOR), "the agent hears who only listens");
    assert!(!has_tone(by_citizen, SUPERVISOR), "the citizen hears who only listens");
    assert!(by_agents_phone.contains("SRTP is Enabled"), "{by_agents_phone}");
    assert!(!by_supervisors_phone.contains("SRTP is Enabled"), "{by_supervisors_phone}");
    encrypted::assert_all_were_opened(&server);
    server.stop();
}
