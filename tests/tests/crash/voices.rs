//! Two third-party softphones keep talking while turno is killed between them.

use turno_tests::wire::{Baresip, Server, is_missing, seconds_of};

const CITIZEN: u32 = 440;
const AGENT: u32 = 1_000;
const KILLS: u32 = 5;
/// Whole seconds of the other's tone that each side must have heard; there is about one between two kills.
const SECONDS_MIN: usize = 2;
/// Packets of about a second each way.
const A_SECOND: f64 = 100.0;

#[test]
fn each_side_hears_the_other_again_after_each_restart() {
    // Wound: a restart of the switch ends every talk.
    if is_missing(&["baresip", "cc"]) {
        return;
    }
    let _alone = crate::turns::alone();
    let mut server = Server::lab_kept_with(&[]);
    let agent = Baresip::agent(&server, "a001", server.peer(2), AGENT);
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let citizen = Baresip::citizen(&server, "0991234567", server.peer(3), CITIZEN, "7000");
    server.wait_until("they talk", |now| now.sum("turno_agents", &["state=\"talking\""]) == 1.0);
    for _ in 0..KILLS {
        both_are_heard(&mut server);
        server.kill_and_start_again();
        let now = server.scrape();
        assert_eq!(now.sum("turno_agents", &["state=\"talking\""]), 1.0, "they still talk");
    }
    both_are_heard(&mut server);
    let (heard_by_citizen, heard_by_agent) = (citizen.stop(), agent.stop());
    let (by_agent, by_citizen) = (seconds_of(&heard_by_agent, CITIZEN), seconds_of(&heard_by_citizen, AGENT));
    println!("seconds of tone: {by_agent} at the agent, {by_citizen} at the citizen");
    assert!(
        by_agent >= SECONDS_MIN && by_citizen >= SECONDS_MIN,
        "{by_agent} and {by_citizen} seconds of tone"
    );
    server.wait_until("the dialogs are over", |now| now.sum("turno_sip_dialogs", &[]) == 0.0);
    server.stop();
}

/// Waits until packets go both ways. turno only relays here, so it sends what it receives.
fn both_are_heard(server: &mut Server) {
    let begin = server.scrape();
    let packets = |now: &turno_tests::wire::Scrape, way: &str| now.sum("turno_rtp_packets_total", &[way]);
    let (came, went) = (packets(&begin, "direction=\"in\""), packets(&begin, "direction=\"out\""));
    server.wait_until("voices go both ways", |now| {
        packets(now, "direction=\"in\"") >= came + A_SECOND
            && packets(now, "direction=\"out\"") >= went + A_SECOND
    });
}
