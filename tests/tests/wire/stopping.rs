//! What a stop does to calls under each `on_stop` of [journal].

use turno_phone::{CallId, PhoneEvent};
use turno_tests::wire::{Server, Softphone};

/// The lab with a journal; `journal` is the content of its section.
fn lab(journal: &str) -> Server {
    let section = format!("[journal]\n{journal}\n\n[[aux_reason]]\nname = \"lunch\"\ndigit = 1\n\n[http]");
    Server::lab_kept_with(&[("[http]", &section)])
}

/// A citizen talks to the agent.
fn talk(server: &mut Server, line: &mut Softphone) -> CallId {
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    let call = line.calls("0991234567", "7000");
    line.is_answered(call);
    server.wait_until("they talk", |now| now.sum("turno_agents", &["state=\"talking\""]) == 1.0);
    call
}

#[test]
fn a_drain_lets_everybody_finish_takes_nobody_new_and_ends_with_the_last_call() {
    // Wound: a restart for maintenance cuts off all talks, or never comes because new calls always arrive.
    let mut server = lab("on_stop = \"drain\"");
    let mut agent = Softphone::agent(&server, "a001");
    let mut line = Softphone::line(&server);
    let talking = talk(&mut server, &mut line);
    let waiting = line.calls("0992222222", "7001");
    line.is_answered(waiting);
    server.ask_to_stop();
    server.said("no new calls, until the last one has ended");
    let late = line.calls("0993333333", "7000");
    assert_eq!(line.is_refused(late), 503);
    line.is_at_peace();
    agent.is_at_peace();
    line.hangs_up(talking);
    agent.is_hung_up_on();
    // One caller still waits, so turno still runs.
    let later = line.calls("0993333333", "7000");
    assert_eq!(line.is_refused(later), 503);
    line.hangs_up(waiting);
    server.ends();
    server.start_again();
    assert_eq!(server.scrape().sum("turno_sip_dialogs", &[]), 0.0, "nothing was left over");
    server.stop();
}

#[test]
fn an_agent_can_become_ready_for_the_last_in_line_during_a_drain() {
    // Wound: an agent at lunch is the only one who could end the drain, and her code is refused as a new call.
    let mut server = lab("on_stop = \"drain\"");
    let mut agent = Softphone::agent(&server, "a001");
    let mut line = Softphone::line(&server);
    server.wait_until("the agent is there", |now| now.sum("turno_agents", &["state=\"available\""]) == 1.0);
    agent.dials("*141");
    server.wait_until("she is at lunch", |now| now.sum("turno_agents", &["state=\"aux\""]) == 1.0);
    let waiting = line.calls("0991234567", "7000");
    server.wait_until("he waits", |now| now.sum("turno_queue_depth", &[]) == 1.0);
    server.ask_to_stop();
    server.said("no new calls, until the last one has ended");
    agent.dials("7000");
    agent.waits_for("the line's own number is refused", |event| {
        matches!(event, PhoneEvent::Refused { status: 503, .. })
    });
    agent.dials("*13");
    line.is_answered(waiting);
    line.hangs_up(waiting);
    server.ends();
}

#[test]
fn a_drain_that_takes_too_long_ends_the_calls_and_so_does_a_second_signal() {
    for (span, asks_again) in [("1s", false), ("1h", true)] {
        let mut server = lab(&format!("on_stop = \"drain\"\ndrain_max = \"{span}\""));
        let mut agent = Softphone::agent(&server, "a001");
        let mut line = Softphone::line(&server);
        talk(&mut server, &mut line);
        server.ask_to_stop();
        server.said("no new calls, until the last one has ended");
        if asks_again {
            server.ask_to_stop();
        }
        server.said("every call is ended");
        line.is_hung_up_on();
        agent.is_hung_up_on();
        server.ends();
    }
}

#[test]
fn without_a_word_in_the_plan_a_stop_ends_every_call_and_says_so() {
    // Wound: phones stay in a call that is over, or the stop of a maintenance window waits for the last talk.
    let mut server = lab("");
    let mut agent = Softphone::agent(&server, "a001");
    let mut line = Softphone::line(&server);
    talk(&mut server, &mut line);
    let waiting = line.calls("0992222222", "7001");
    line.is_answered(waiting);
    server.wait_until("one waits", |now| now.sum("turno_queue_depth", &[]) == 1.0);
    server.ask_to_stop();
    server.ends();
    server.said("every call is ended");
    server.said("s: 2 calls ended (1 waited, 1 talked)");
    agent.is_hung_up_on();
    line.is_hung_up_on();
    line.is_hung_up_on();
    server.start_again();
    assert_eq!(server.scrape().sum("turno_sip_dialogs", &[]), 0.0, "the journal brings none of them back");
    server.stop();
}

#[test]
fn calls_that_are_kept_hear_nothing_of_a_stop_and_go_on_with_the_next_turno() {
    // Wound: a planned restart sends everybody a BYE.
    let mut server = lab("on_stop = \"keep_calls\"");
    let mut agent = Softphone::agent(&server, "a001");
    let mut line = Softphone::line(&server);
    let talking = talk(&mut server, &mut line);
    let waiting = line.calls("0992222222", "7001");
    line.is_answered(waiting);
    server.ask_to_stop();
    server.ends();
    line.is_at_peace();
    agent.is_at_peace();
    server.start_again();
    let now = server.scrape();
    assert_eq!(now.sum("turno_agents", &["state=\"talking\""]), 1.0, "they still talk");
    assert_eq!(now.sum("turno_sip_dialogs", &[]), 3.0);
    line.is_at_peace();
    agent.is_at_peace();
    line.hangs_up(talking);
    agent.is_hung_up_on();
    line.hangs_up(waiting);
    server.wait_until("all is over", |now| now.sum("turno_sip_dialogs", &[]) == 0.0);
    server.stop();
}
