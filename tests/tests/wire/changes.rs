//! The site is edited, or turno is upgraded, while two third-party softphones talk through it.

use turno_tests::wire::{Baresip, Certificates, Encryption, Scrape, Server, is_missing, seconds_of};

use crate::encrypted::lab;

const CITIZEN: u32 = 440;
const AGENT: u32 = 1_000;
/// Packets of about one second in each direction.
const A_SECOND: f64 = 100.0;
/// Successors of turno within one talk.
const RENEWALS: u32 = 3;

fn talking(now: &Scrape) -> f64 {
    now.sum("turno_agents", &["state=\"talking\""])
}

/// Waits until packets go both ways. turno only relays here, so it sends what it receives.
fn both_are_heard(server: &mut Server) {
    let begin = server.scrape();
    let packets = |now: &Scrape, way: &str| now.sum("turno_rtp_packets_total", &[way]);
    let (came, went) = (packets(&begin, "direction=\"in\""), packets(&begin, "direction=\"out\""));
    server.wait_until("voices go both ways", |now| {
        packets(now, "direction=\"in\"") >= came + A_SECOND
            && packets(now, "direction=\"out\"") >= went + A_SECOND
    });
}

/// Ends both phones and checks that each has heard the other for at least `seconds` whole seconds.
fn have_heard(server: &mut Server, agent: Baresip, citizen: Baresip, seconds: usize) {
    let (by_citizen, by_agent) = (citizen.stop(), agent.stop());
    let (by_agent, by_citizen) = (seconds_of(&by_agent, CITIZEN), seconds_of(&by_citizen, AGENT));
    println!("seconds of tone: {by_agent} at the agent, {by_citizen} at the citizen");
    assert!(by_agent >= seconds && by_citizen >= seconds, "{by_agent} and {by_citizen} seconds of tone");
    server.wait_until("the dialogs are over", |now| now.sum("turno_sip_dialogs", &[]) == 0.0);
}

#[test]
fn an_edited_site_counts_at_once_and_no_phone_notices() {
    // Wound: the switch must be restarted to add an agent.
    if is_missing(&["baresip", "cc"]) {
        return;
    }
    let certificates = Certificates::new();
    let mut server = lab(&certificates, &[("queue = \"hold\"", "queue = \"hold\"\n# none")]);
    let roots = certificates.root();
    let encryption = Encryption { roots: Some(&roots), media: Some("srtp") };
    let agent = Baresip::encrypted_seat(&server, ("a001", "lab"), server.peer(2), AGENT, encryption);
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let citizen = Baresip::citizen(&server, "0991234567", server.peer(3), CITIZEN, "7000");
    server.wait_until("they talk", |now| talking(now) == 1.0);
    both_are_heard(&mut server);
    let before = server.scrape();
    assert_eq!(
        server.reload(),
        (Some(0), "the plan is unchanged; sounds, certificates and procedures were read again\n".to_owned())
    );
    server.edit(&[
        ("to = \"a200\"", "to = \"a201\""),
        ("acw = \"0s\"", "acw = \"4s\"\nwait_target = \"17s\""),
        ("# none", "\n[[number]]\nnumber = \"7002\"\nqueue = \"late\"\n\n[[queue]]\nname = \"late\"\nskill = \"lab\"\n"),
    ]);
    let (code, said) = server.reload();
    assert_eq!(code, Some(0), "{said}");
    for line in [
        "queue `lab`: wait_target",
        "agent `a201`: new",
        "queue `late`: new",
        "number `7002`: new",
        "applied; calls and connections go on",
    ] {
        assert!(said.contains(line), "{line} is not in:\n{said}");
    }
    both_are_heard(&mut server);
    let now = server.scrape();
    assert_eq!(talking(&now), 1.0);
    assert_eq!(now.sum("turno_queue_wait_target_seconds", &["queue=\"lab\""]), 17.0);
    assert_eq!(now.sum("turno_queue_wait_target_seconds", &["queue=\"late\""]), 17.0);
    for family in
        ["turno_tls_handshakes_total", "turno_sip_registrations_total", "turno_rtp_packets_refused_total"]
    {
        assert_eq!(now.sum(family, &[]), before.sum(family, &[]), "{family}");
    }
    server.edit(&[("wait_target = \"17s\"", "wait_target = \"soon\"")]);
    let (code, said) = server.reload();
    assert!(code == Some(3) && said.contains("soon"), "{said}");
    both_are_heard(&mut server);
    have_heard(&mut server, agent, citizen, 2);
    // The new seat can register, and gets calls to the new number.
    let agent = Baresip::seat(&server, ("a201", "lab"), server.peer(2), AGENT);
    server
        .wait_until("the new agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let citizen = Baresip::citizen(&server, "0990000000", server.peer(3), CITIZEN, "7002");
    server.wait_until("they talk", |now| talking(now) == 1.0);
    both_are_heard(&mut server);
    both_are_heard(&mut server);
    have_heard(&mut server, agent, citizen, 1);
    server.stop();
}

#[test]
fn a_new_version_takes_over_between_two_words() {
    // Wound: an upgrade is possible only at night, when nobody talks.
    if is_missing(&["baresip", "cc"]) {
        return;
    }
    let mut server = Server::lab_kept_with(&[]);
    let agent = Baresip::agent(&server, "a001", server.peer(2), AGENT);
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let citizen = Baresip::citizen(&server, "0991234567", server.peer(3), CITIZEN, "7000");
    server.wait_until("they talk", |now| talking(now) == 1.0);
    for _ in 0..RENEWALS {
        both_are_heard(&mut server);
        server.take_over();
        assert_eq!(talking(&server.scrape()), 1.0, "they still talk");
    }
    both_are_heard(&mut server);
    // Killed after a reload, turno knows the agents of the new plan and the talk after its restart.
    server.edit(&[("to = \"a200\"", "to = \"a201\"")]);
    let (code, said) = server.reload();
    assert!(code == Some(0) && said.contains("calls and connections go on"), "{said}");
    server.kill_and_start_again();
    let now = server.scrape();
    assert_eq!((talking(&now), now.sum("turno_agents", &[])), (1.0, 201.0));
    // A change that the running turno cannot apply is applied by a successor.
    server.edit(&[("[http]", "[trace]\nmemory = 8\n\n[http]")]);
    let (code, said) = server.reload();
    assert!(code == Some(0) && said.contains("a successor takes over for this: trace"), "{said}");
    server.followed_by_successor();
    both_are_heard(&mut server);
    have_heard(&mut server, agent, citizen, 3);
    server.stop();
}
