//! Agents: after-call work, an unreachable phone, and the return to service.

use turno_model::agent_state::AuxReason;
use turno_model::plan::AcwPlan;
use turno_model::{AgentId, AgentState, Fact, OfferOutcome};
use turno_tests::stage::{Stage, answering, ringing, secs};

fn changes(stage: &Stage, of: AgentId, is_such: impl Fn(AgentState) -> bool) -> Vec<turno_ground::Moment> {
    let at = stage.facts().iter().filter_map(|(at, fact)| match fact {
        Fact::AgentChanged { agent, to, .. } if *agent == of && is_such(*to) => Some(*at),
        _ => None,
    });
    at.collect()
}

#[test]
fn after_call_work_has_a_deadline_for_each_agent() {
    // Wound: wrap-up ends early, or ends for all at once.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let first = stage.call("7000", "0991111111");
    stage.talks_to(first, ana);
    let berta = stage.agent("a002", answering(secs(1)));
    let second = stage.call("7000", "0992222222");
    stage.talks_to(second, berta);
    stage.hangs_up(first);
    stage.run_for(secs(4));
    stage.hangs_up(second);
    stage.run_for(secs(3));
    assert_eq!((stage.state("a001"), stage.state("a002")), (AgentState::Acw, AgentState::Acw));
    stage.run_for(secs(20));
    for extension in ["a001", "a002"] {
        let who = stage.who(extension);
        let acw = changes(&stage, who, |to| to == AgentState::Acw);
        let back = changes(&stage, who, |to| to == AgentState::Available);
        assert_eq!(back.last().expect("it ended").since(acw[0]), secs(10));
    }
    stage.finish();
}

#[test]
fn after_call_work_without_a_limit_lasts_until_the_agent_says_so() {
    // Wound: wrap-up ends early.
    let mut stage = Stage::with(|plan| plan.queues[0].acw = AcwPlan::Manual);
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    stage.talks_to(caller, ana);
    stage.hangs_up(caller);
    stage.run_for(secs(3600));
    assert_eq!(stage.state("a001"), AgentState::Acw);
    stage.dials(ana, "*15");
    stage.run_for(secs(2));
    assert_eq!(stage.state("a001"), AgentState::Available);
    stage.finish();
}

#[test]
fn after_call_work_survives_a_transfer() {
    // Wound: wrap-up is lost after a transfer.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    stage.passes_on(at_ana, "7001");
    stage.until("the agent is in ACW", secs(2), |stage| stage.state("a001") == AgentState::Acw);
    stage.run_for(secs(9));
    assert_eq!(stage.state("a001"), AgentState::Acw);
    stage.run_for(secs(2));
    assert_ne!(stage.state("a001"), AgentState::Acw);
    stage.finish();
}

#[test]
fn an_agent_who_is_not_registered_gets_no_offer() {
    // Wound: unregistered agent stays Available.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    stage.unregisters(ana);
    assert_eq!(stage.state("a001"), AgentState::Aux(AuxReason::Unreachable));
    let caller = stage.call("7000", "0991234567");
    stage.run_for(secs(20));
    assert_eq!(stage.count(|fact| matches!(fact, Fact::Offered { .. })), 0);
    stage.registers(ana);
    stage.talks_to(caller, ana);
    stage.finish();
}

#[test]
fn a_registration_that_runs_out_makes_an_agent_unreachable() {
    // Wound: unregistered agent stays Available.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    stage.vanishes(ana);
    stage.run_for(secs(3601));
    assert_eq!(stage.state("a001"), AgentState::Aux(AuxReason::Unreachable));
    stage.finish();
}

#[test]
fn a_phone_that_answers_no_options_gets_no_offer() {
    // Wound: unregistered agent stays Available.
    let mut stage = Stage::with(|plan| plan.sip.options_interval = Some(secs(30)));
    let ana = stage.agent("a001", answering(secs(1)));
    stage.run_for(secs(120));
    assert_eq!(stage.state("a001"), AgentState::Available, "a phone that answers stays available");
    stage.vanishes(ana);
    stage.until("it is noticed", secs(300), |stage| {
        stage.state("a001") == AgentState::Aux(AuxReason::Unreachable)
    });
    let caller = stage.call("7000", "0991234567");
    stage.run_for(secs(60));
    assert_eq!(stage.count(|fact| matches!(fact, Fact::Offered { .. })), 0);
    assert!(stage.hears_music(caller));
    stage.finish();
}

#[test]
fn a_caller_whose_agent_was_lost_keeps_the_place_of_the_arrival() {
    // Wound: the caller of a lost agent is lost too.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991111111");
    let at_ana = stage.talks_to(caller, ana);
    let other = stage.call("7000", "0992222222");
    stage.run_for(secs(60));
    stage.vanishes(ana);
    stage.falls_silent(at_ana);
    stage.run_for(secs(1));
    assert!(stage.hears_music(caller) && stage.hears_music(other));
    let berta = stage.agent("a002", answering(secs(1)));
    stage.talks_to(caller, berta);
    assert!(!stage.is_talking(other));
    stage.hangs_up(caller);
    stage.talks_to(other, berta);
    stage.finish();
}

#[test]
fn an_agent_whose_phone_is_gone_while_it_rings_costs_the_caller_one_ring_only() {
    // Wound: agents who can't be reached are picked again and again.
    let mut stage = Stage::new();
    let gone = stage.agent("a001", ringing());
    stage.run_for(secs(1));
    stage.vanishes(gone);
    let caller = stage.call("7000", "0991234567");
    stage.run_for(secs(1));
    let berta = stage.agent("a002", answering(secs(1)));
    stage.talks_to(caller, berta);
    assert_eq!(stage.settled(OfferOutcome::NoAnswer) + stage.settled(OfferOutcome::Unreachable), 1);
    stage.finish();
}
