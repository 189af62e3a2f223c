//! Steps of a queue on real sockets: an outside number played by SIPp, a reserve agent, and a kill in between.

use std::time::Duration;

use turno_phone::PhoneEvent;
use turno_tests::wire::{Server, Sipp, Softphone, is_missing};

const TRUNK: &str = "addresses = [\"127.0.0.0/8\"]\noptions_interval = \"none\"\n";
const REACHED: &str = "addresses = [\"127.0.0.0/8\"]\noptions_interval = \"none\"\nhost = \"127.0.0.1\"\nport = 5081\n\n\
     [dial_out]\ntrunk = \"lab\"\n\n";
const QUEUE: &str = "name = \"lab\"\nanswer_on_entry = false\n";

/// The step is due after the kill, and counts from the moment before it when the caller came.
#[test]
fn a_waiting_caller_is_connected_to_an_outside_number_after_a_kill() {
    if is_missing(&["sipp"]) {
        return;
    }
    let steps = format!("{QUEUE}\n[[queue.step]]\nafter = \"4s\"\nsend_to = \"0987654321\"\n");
    let mut server = Server::lab_kept_with(&[(TRUNK, REACHED), (QUEUE, &steps)]);
    let outside = Sipp::new(&server, "agent_uas", server.sip().ip(), 5081).with(&["-aa", "-m", "1"]).start();
    let mut line = Softphone::line(&server);
    let call = line.calls("0991234567", "7000");
    server.wait_until("the caller waits", |now| now.sum("turno_queue_depth", &["queue=\"lab\""]) == 1.0);
    server.kill_and_start_again();
    line.is_answered(call);
    server.wait_until("it was sent", |now| now.sum("turno_steps_total", &["did=\"sent\""]) == 1.0);
    server.wait_until("it is booked", |now| now.contacts("lab", "outflowed") == 1.0);
    let trace = server.trace(&["--caller", "0991234567"], "story.txt").wait(Duration::from_secs(10));
    assert!(trace.is_some_and(|status| status.success()));
    let story = server.folder().read("story.txt");
    assert!(story.contains("step 1: 0987654321 answers (waited "), "{story}");
    line.hangs_up(call);
    outside.succeed();
    drop(line);
    server.stop();
}

/// The first agent is the reserve, with level 2: the phone rings when the step lets it.
#[test]
fn the_phone_of_a_reserve_agent_rings_when_the_step_lets_it() {
    let steps = format!("{QUEUE}level_max = 1\n\n[[queue.step]]\nafter = \"2s\"\nlevel_max = \"all\"\n");
    let mut server = Server::lab_with(&[(QUEUE, &steps), ("skills = { lab = 1 }", "skills = { lab = 2 }")]);
    let mut ana = Softphone::agent(&server, "a001");
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let mut line = Softphone::line(&server);
    let call = line.calls("0991234567", "7000");
    server.wait_until("the caller waits", |now| now.sum("turno_queue_depth", &["queue=\"lab\""]) == 1.0);
    let ringing = ana.waits_for("the call", |event| matches!(event, PhoneEvent::Incoming { .. }));
    let PhoneEvent::Incoming { call: at_ana, .. } = ringing else { unreachable!("it was asked for") };
    ana.is_answered(at_ana);
    line.is_answered(call);
    server.wait_until("the step was taken", |now| now.sum("turno_steps_total", &["did=\"level\""]) == 1.0);
    line.hangs_up(call);
    drop((ana, line));
    server.stop();
}
