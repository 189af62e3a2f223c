//! A desk phone whose lamp shows what a colleague does, played by SIPp.

use turno_phone::PhoneEvent;
use turno_tests::wire::{Server, Sipp, Softphone, is_missing};

#[test]
fn a_lamp_shows_the_ringing_and_the_call_of_a_colleague() {
    if is_missing(&["sipp"]) {
        return;
    }
    let mut server = Server::lab();
    // The phone registers from 5085, and so is known there.
    Sipp::register(&server, 2, 1, 5084);
    let mut ana = Softphone::agent(&server, "a001");
    let watcher = Sipp::new(&server, "lamp", server.peer(2), 5085);
    let watcher = watcher.with(&["-key", "watcher", "a002", "-s", "a001", "-m", "1"]).start();
    server.wait_until("the lamp is watched", |now| now.sum("turno_sip_subscriptions", &[]) == 1.0);
    let mut line = Softphone::line(&server);
    let call = line.calls("0991234567", "7000");
    let event = ana.waits_for("the call", |event| matches!(event, PhoneEvent::Incoming { .. }));
    let PhoneEvent::Incoming { call: at_ana, .. } = event else { unreachable!("it was chosen so") };
    ana.is_answered(at_ana);
    line.is_answered(call);
    line.hangs_up(call);
    watcher.succeed();
    server.wait_until("the lamp is forgotten", |now| now.sum("turno_sip_subscriptions", &[]) == 0.0);
    drop(ana);
    server.stop();
}
