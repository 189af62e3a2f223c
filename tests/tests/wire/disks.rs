//! A disk that fails under a turno with calls: it becomes read-only, or returns EIO.

use turno_tests::wire::{Breakage, Server, Softphone};

#[test]
fn a_disk_that_becomes_read_only_stops_no_call_and_is_said_so() {
    // Wound: a bad sector makes the kernel remount the disk read-only, and all calls stop.
    breaks(Breakage::ReadOnly, "process");
}

#[test]
fn a_disk_that_is_gone_stops_no_call_and_is_said_so() {
    // The same with EIO; with durability = "power" nothing may wait for a disk that only returns errors.
    breaks(Breakage::Dead, "power");
}

fn breaks(how: Breakage, durability: &str) {
    let section = format!("[journal]\ndurability = \"{durability}\"\nsegment = 1\n\n[http]");
    let Some(mut server) = Server::lab_on_own_disk(&[("[http]", &section)]) else { return };
    let mut agent = Softphone::agent(&server, "a001");
    let mut line = Softphone::line(&server);
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let talking = line.calls("0991111111", "7000");
    line.is_answered(talking);
    assert_eq!(server.scrape().sum("turno_journal_kept", &[]), 1.0);
    server.breaks_disk(how);
    // New calls are served as before.
    let waiting = line.calls("0992222222", "7001");
    line.is_answered(waiting);
    server.said("calls go on, and the journal is NOT kept");
    server.wait_until("the alarm stands", |now| now.sum("turno_journal_kept", &[]) == 0.0);
    assert!(server.health().contains("NOT kept, the disk fails"), "{}", server.health());
    let third = line.calls("0993333333", "7001");
    line.is_answered(third);
    line.is_at_peace();
    agent.is_at_peace();
    server.wait_until("all of them are there", |now| {
        now.sum("turno_sip_dialogs", &[]) == 4.0 && now.sum("turno_journal_errors_total", &[]) >= 1.0
    });
    server.gets_another_disk(how);
    server.said("the journal is kept again");
    server.wait_until("the alarm is over", |now| now.sum("turno_journal_kept", &[]) == 1.0);
    assert!(server.health().contains("kept: a restart forgets nothing"), "{}", server.health());
    server.kill_and_start_again_on_the_other_disk();
    server.wait_until("all of them are there again", |now| {
        now.sum("turno_agents", &["state=\"talking\""]) == 1.0 && now.sum("turno_queue_depth", &[]) == 2.0
    });
    for call in [waiting, third, talking] {
        line.hangs_up(call);
    }
    agent.is_hung_up_on();
    server.wait_until("all is over", |now| now.sum("turno_sip_dialogs", &[]) == 0.0);
    server.stop();
}
