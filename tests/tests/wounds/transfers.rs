//! Transfers: blind and attended, to a queue, a colleague or an outside number.

use core::net::SocketAddr;

use turno_model::{AgentState, ContactOutcome, Fact, TransferKind};
use turno_phone::Behaviour;
use turno_tests::stage::{Desk, Line, Stage, answering, refusing, ringing, secs};

struct Scene {
    stage: Stage,
    ana: Desk,
    berta: Desk,
    caller: Line,
    at_ana: Line,
}

/// Ana talks to a caller; her colleague Berta behaves as given and takes no calls of the queue.
fn ana_talks(berta: Behaviour) -> Scene {
    let mut stage = Stage::with(|plan| plan.agents[1].auto_login = false);
    let ana = stage.agent("a001", answering(secs(1)));
    let berta = stage.agent("a002", berta);
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    stage.run_for(secs(20));
    Scene { stage, ana, berta, caller, at_ana }
}

fn transfers(stage: &Stage, how: TransferKind) -> usize {
    stage.count(|fact| matches!(fact, Fact::Transferred { kind, .. } if *kind == how))
}

#[test]
fn a_caller_passed_to_a_queue_is_served_there_and_counted_once() {
    // Wound: calls counted twice, talk time wrong after transfer.
    let Scene { mut stage, at_ana, caller, .. } = ana_talks(ringing());
    stage.passes_on(at_ana, "7001");
    stage.until("the caller hears music", secs(2), |stage| stage.hears_music(caller));
    stage.until("the agent's line is free", secs(2), |stage| stage.is_over(at_ana));
    stage.until("the end is told", secs(1), |stage| stage.transfer_result(at_ana) == Some(200));
    let carla = stage.agent("a003", answering(secs(1)));
    stage.talks_to(caller, carla);
    stage.run_for(secs(30));
    stage.hangs_up(caller);
    stage.finish();
    assert_eq!(stage.connected(), 2);
    assert_eq!(transfers(&stage, TransferKind::Blind), 1);
    assert_eq!(stage.ended(ContactOutcome::Answered), 1);
    let talked = stage.facts().iter().filter_map(|(_, fact)| match fact {
        Fact::Disconnected { talked, .. } => Some(talked.as_secs()),
        _ => None,
    });
    assert_eq!(talked.collect::<Vec<_>>(), [20, 30], "each agent has their own talk time");
}

#[test]
fn a_caller_passed_to_a_colleague_talks_to_the_colleague() {
    // RFC 5589, 6.
    let Scene { mut stage, at_ana, caller, berta, .. } = ana_talks(answering(secs(2)));
    stage.passes_on(at_ana, "a002");
    stage.talks_to(caller, berta);
    stage.run_for(secs(2));
    assert_eq!(stage.transfer_result(at_ana), Some(200));
    assert!(stage.is_over(at_ana));
    assert_eq!(stage.state("a001"), AgentState::Acw);
    stage.finish();
    assert_eq!(stage.ended(ContactOutcome::Answered), 1);
}

#[test]
fn a_colleague_who_refuses_leaves_the_caller_with_the_agent() {
    // RFC 3515, 2.4.5: a NOTIFY reports the refusal, and the call goes on.
    let Scene { mut stage, at_ana, caller, .. } = ana_talks(refusing(486));
    stage.passes_on(at_ana, "a002");
    stage.until("the refusal is told", secs(5), |stage| stage.transfer_result(at_ana) == Some(486));
    stage.run_for(secs(1));
    assert!(stage.hear_each_other(caller, at_ana), "the agent talks on");
    assert_eq!(stage.state("a001"), AgentState::Talking);
    stage.finish();
}

#[test]
fn a_colleague_who_does_not_answer_leaves_the_caller_with_the_agent() {
    // RFC 3515, 2.4.5.
    let Scene { mut stage, at_ana, caller, .. } = ana_talks(ringing());
    stage.passes_on(at_ana, "a002");
    stage.until("the failure is told", secs(120), |stage| stage.transfer_result(at_ana).is_some());
    stage.run_for(secs(1));
    assert!(stage.hear_each_other(caller, at_ana), "the agent talks on");
    stage.finish();
}

#[test]
fn an_agent_who_left_during_the_transfer_leaves_the_caller_to_the_queue() {
    // Wound: calls lost after a transfer.
    let Scene { mut stage, at_ana, caller, .. } = ana_talks(ringing());
    stage.passes_on(at_ana, "a002");
    stage.run_for(secs(2));
    stage.hangs_up(at_ana);
    stage.run_for(secs(1));
    assert!(!stage.is_over(caller), "the colleague still rings");
    let carla = stage.agent("a003", answering(secs(1)));
    stage.until("the queue takes the caller back", secs(120), |stage| {
        stage.last_incoming(carla).is_some_and(|line| stage.hear_each_other(caller, line))
    });
    stage.finish();
    assert_eq!(stage.ended(ContactOutcome::Answered), 1);
}

#[test]
fn a_caller_may_be_passed_to_a_listed_number_outside_and_to_no_other() {
    // Toll fraud: a transfer is a call too.
    let Scene { mut stage, at_ana, caller, .. } = ana_talks(ringing());
    stage.passes_on(at_ana, "0019001234567");
    stage.until("it is refused", secs(2), |stage| stage.transfer_result(at_ana) == Some(404));
    let address = |port: u16| SocketAddr::from(([127, 40, 0, 1], port));
    let citizen = stage.phone_at("0987654321", "", (address(5060), address(40_000)), answering(secs(2)));
    stage.passes_on(at_ana, "0987654321");
    stage.talks_to(caller, citizen);
    stage.run_for(secs(1));
    assert_eq!(stage.state("a001"), AgentState::Acw);
    stage.finish();
}

#[test]
fn a_consulted_colleague_takes_the_caller_over() {
    // RFC 5589, 7, and RFC 3891.
    let Scene { mut stage, ana, at_ana, caller, berta } = ana_talks(answering(secs(1)));
    stage.holds(at_ana);
    stage.until("the caller hears music", secs(2), |stage| stage.hears_music(caller));
    let consult = stage.dials(ana, "a002");
    stage.until("they consult", secs(5), |stage| {
        stage.last_incoming(berta).is_some_and(|line| stage.hear_each_other(consult, line))
    });
    stage.run_for(secs(10));
    stage.joins(at_ana, consult);
    stage.talks_to(caller, berta);
    stage.run_for(secs(1));
    assert!(stage.is_over(at_ana) && stage.is_over(consult));
    assert_eq!(stage.state("a001"), AgentState::Acw);
    assert_eq!(transfers(&stage, TransferKind::Attended), 1);
    stage.hangs_up(caller);
    stage.finish();
    assert_eq!(stage.ended(ContactOutcome::Answered), 1);
}

#[test]
fn a_caller_may_not_transfer() {
    // Toll fraud: only agents may transfer calls.
    let Scene { mut stage, caller, at_ana, .. } = ana_talks(ringing());
    stage.passes_on(caller, "0987654321");
    stage.until("it is refused", secs(2), |stage| stage.transfer_result(caller) == Some(403));
    assert!(stage.hear_each_other(caller, at_ana));
    stage.finish();
}

#[test]
fn a_caller_who_leaves_during_a_transfer_leaves_nobody_ringing() {
    // Wound: agent rung after the caller left.
    let Scene { mut stage, caller, at_ana, berta, .. } = ana_talks(ringing());
    stage.passes_on(at_ana, "a002");
    let at_berta = stage.rings_at(berta);
    stage.hangs_up(caller);
    stage.run_for(secs(1));
    assert!(stage.is_over(at_berta) && stage.is_over(at_ana));
    stage.finish();
}
