//! Tests of agents: readiness, after-call work, pending requests, phones that come and go.

use turno_acd::{NoContact, TakesEffect};
use turno_model::plan::AcwPlan;
use turno_model::{AgentState as S, AuxReason, EndedBy, Fact, OfferOutcome};

use crate::stage::{ANA, BRUNO, CEDULA, Stage, agent, plan, queue, secs};

const LUNCH: u8 = 2;
const AT_LUNCH: S = S::Aux(AuxReason::Planned(LUNCH));
const UNREACHABLE: S = S::Aux(AuxReason::Unreachable);

/// Ana talks to caller 1.
fn ana_talks(acw: AcwPlan) -> Stage {
    let mut stage = Stage::with_queue(1, turno_model::plan::QueuePlan { acw, ..queue(0) });
    let caller = stage.call(1, CEDULA);
    assert_eq!(stage.answers(ANA), caller);
    stage
}

fn hang_up(stage: &mut Stage) {
    stage.act(|room, now| room.release(turno_model::ContactId(1), EndedBy::Caller, now));
}

#[test]
fn an_agent_without_a_phone_is_not_available() {
    // Wound FusionPBX#2831: an unregistered agent stays Available.
    let mut stage = Stage::new(plan(vec![queue(0)], vec![agent(&[(0, 1)])]));
    assert_eq!(stage.act(|room, now| room.log_in(ANA, now)), Ok(TakesEffect::Done));
    assert_eq!(stage.state(ANA), UNREACHABLE);
    assert_eq!(stage.act(|room, now| room.log_in(ANA, now)), Ok(TakesEffect::Done), "again");
    stage.call(1, CEDULA);
    assert!(stage.offered().is_empty());
    stage.act(|room, now| room.set_reachable(ANA, true, now));
    assert_eq!(stage.offered(), [(ANA, 1)]);
}

#[test]
fn a_phone_that_is_lost_and_found_leaves_its_agent_at_lunch() {
    // Wound FusionPBX#2831: reachability gates readiness, and the state before returns.
    let mut stage = Stage::with_agents(1);
    stage.act(|room, now| room.aux(ANA, LUNCH, now)).expect("she may go");
    stage.act(|room, now| room.set_reachable(ANA, false, now));
    assert_eq!(stage.state(ANA), UNREACHABLE);
    stage.act(|room, now| room.set_reachable(ANA, true, now));
    assert_eq!(stage.state(ANA), AT_LUNCH);
    stage.act(|room, now| room.set_reachable(ANA, false, now));
    assert_eq!(stage.act(|room, now| room.ready(ANA, now)), Ok(TakesEffect::Afterwards));
    stage.act(|room, now| room.set_reachable(ANA, true, now));
    assert_eq!(stage.state(ANA), S::Available);
    stage.act(|room, now| room.set_reachable(ANA, false, now));
    assert_eq!(stage.act(|room, now| room.aux(ANA, LUNCH, now)), Ok(TakesEffect::Afterwards));
    stage.act(|room, now| room.set_reachable(ANA, true, now));
    assert_eq!(stage.state(ANA), AT_LUNCH);
}

#[test]
fn a_seat_with_automatic_log_in_works_when_its_phone_first_registers() {
    // AgentPlan::auto_login.
    let seat = turno_model::plan::AgentPlan { auto_login: true, ..agent(&[(0, 1)]) };
    let mut stage = Stage::new(plan(vec![queue(0)], vec![seat]));
    stage.act(|room, now| room.set_reachable(ANA, true, now));
    assert_eq!(stage.state(ANA), S::Available);
    stage.act(|room, now| room.log_out(ANA, now)).expect("she may go home");
    stage.act(|room, now| room.set_reachable(ANA, false, now));
    stage.act(|room, now| room.set_reachable(ANA, true, now));
    assert_eq!(stage.state(ANA), S::LoggedOut, "who went home stays at home");
}

#[test]
fn a_phone_lost_during_a_call_counts_after_it() {
    // Wound F#2540: agents stuck in a state until the database is edited.
    let mut stage = ana_talks(AcwPlan::Timed(secs(20)));
    stage.act(|room, now| room.set_reachable(ANA, false, now));
    assert_eq!(stage.state(ANA), S::Talking);
    hang_up(&mut stage);
    assert_eq!(stage.state(ANA), UNREACHABLE);
    stage.wait(5);
    stage.act(|room, now| room.set_reachable(ANA, true, now));
    assert_eq!(stage.state(ANA), S::Acw, "15 seconds of it are left");
    stage.act(|room, now| room.set_reachable(ANA, false, now));
    stage.wait(16);
    stage.act(|room, now| room.set_reachable(ANA, true, now));
    assert_eq!(stage.state(ANA), S::Available, "it has passed meanwhile");
}

#[test]
fn each_agent_has_the_whole_of_their_own_after_call_work() {
    // Deadline::AcwOver. Wounds A#1006, O#2679: wrap-up ends early, or for all at once.
    let mut stage = Stage::with_agents(2);
    let first = stage.call(1, CEDULA);
    let second = stage.call(2, CEDULA);
    stage.answers(ANA);
    stage.answers(BRUNO);
    stage.act(|room, now| room.release(first, EndedBy::Caller, now));
    stage.wait(7);
    stage.act(|room, now| room.release(second, EndedBy::Agent, now));
    stage.wait(12);
    assert_eq!((stage.state(ANA), stage.state(BRUNO)), (S::Acw, S::Acw));
    stage.wait(1);
    assert_eq!((stage.state(ANA), stage.state(BRUNO)), (S::Available, S::Acw));
    stage.wait(7);
    assert_eq!(stage.state(BRUNO), S::Available);
}

#[test]
fn manual_after_call_work_lasts_until_the_agent_says_so() {
    // AcwPlan::Manual.
    let mut stage = ana_talks(AcwPlan::Manual);
    assert!(stage.act(|room, now| room.end_acw(ANA, now)).is_err(), "she has none yet");
    hang_up(&mut stage);
    stage.wait(10_000);
    assert_eq!(stage.state(ANA), S::Acw);
    assert_eq!(stage.act(|room, now| room.end_acw(ANA, now)), Ok(TakesEffect::Done));
    assert_eq!(stage.state(ANA), S::Available);
}

#[test]
fn a_queue_without_after_call_work_gives_the_next_caller_at_once() {
    // AcwPlan::Timed(0): no after-call work.
    let mut stage = ana_talks(AcwPlan::Timed(secs(0)));
    stage.call(2, CEDULA);
    hang_up(&mut stage);
    assert_eq!(stage.offered(), [(ANA, 1), (ANA, 2)]);
    let ended = stage.facts.iter().position(|(_, fact)| matches!(fact, Fact::ContactEnded { .. }));
    let offered = stage.facts.iter().rposition(|(_, fact)| matches!(fact, Fact::Offered { .. }));
    assert!(ended < offered, "the one has ended before the other is offered");
}

#[test]
fn an_agent_who_asks_for_lunch_during_a_call_goes_there_instead_of_after_call_work() {
    // Avaya: a pending AUX replaces timed after-call work.
    let mut stage = ana_talks(AcwPlan::Timed(secs(20)));
    assert_eq!(stage.act(|room, now| room.aux(ANA, LUNCH, now)), Ok(TakesEffect::Afterwards));
    assert_eq!(stage.state(ANA), S::Talking);
    hang_up(&mut stage);
    assert_eq!(stage.state(ANA), AT_LUNCH);
    stage.wait(60);
    assert_eq!(stage.state(ANA), AT_LUNCH, "no after-call work ends it");
}

#[test]
fn an_agent_who_asks_for_lunch_during_a_call_first_ends_manual_after_call_work() {
    // Avaya: manual after-call work is not skipped.
    let mut stage = ana_talks(AcwPlan::Manual);
    stage.act(|room, now| room.aux(ANA, LUNCH, now)).expect("kept");
    hang_up(&mut stage);
    assert_eq!(stage.state(ANA), S::Acw);
    stage.act(|room, now| room.end_acw(ANA, now)).expect("she has some");
    assert_eq!(stage.state(ANA), AT_LUNCH);
}

#[test]
fn an_agent_who_logs_out_during_a_call_is_gone_when_it_ends() {
    // Staffed time ends with the contact, without after-call work.
    let mut stage = ana_talks(AcwPlan::Manual);
    assert_eq!(stage.act(|room, now| room.log_out(ANA, now)), Ok(TakesEffect::Afterwards));
    hang_up(&mut stage);
    assert_eq!(stage.state(ANA), S::LoggedOut);
}

#[test]
fn an_agent_who_thinks_better_of_it_stays() {
    // A request made during a contact can be cancelled.
    let mut stage = ana_talks(AcwPlan::Timed(secs(20)));
    stage.act(|room, now| room.log_out(ANA, now)).expect("kept");
    stage.act(|room, now| room.log_in(ANA, now)).expect("taken back");
    hang_up(&mut stage);
    assert_eq!(stage.state(ANA), S::Acw);
}

#[test]
fn an_agent_who_asks_for_lunch_while_it_rings_and_does_not_answer_has_lunch() {
    // A pending request goes before the cool-down.
    let mut stage = Stage::with_agents(1);
    stage.call(1, CEDULA);
    stage.act(|room, now| room.aux(ANA, LUNCH, now)).expect("kept");
    let offer = stage.offer();
    stage.settle(offer, OfferOutcome::NoAnswer);
    stage.wait(60);
    assert_eq!(stage.state(ANA), AT_LUNCH);
}

#[test]
fn whoever_calls_a_colleague_gets_no_offer_meanwhile_and_is_free_afterwards() {
    // An agent on a call of their own is occupied.
    let mut stage = Stage::with_agents(1);
    stage.act(|room, now| room.other_call_begins(ANA, now)).expect("she is free");
    stage.call(1, CEDULA);
    assert!(stage.offered().is_empty());
    assert!(stage.act(|room, now| room.other_call_begins(ANA, now)).is_err(), "one at a time");
    stage.act(|room, now| room.other_call_ends(ANA, now)).expect("she is on one");
    assert_eq!(stage.offered(), [(ANA, 1)]);
    assert!(stage.act(|room, now| room.other_call_ends(ANA, now)).is_err());
}

#[test]
fn a_call_to_a_colleague_does_not_stretch_after_call_work() {
    // Wound A#607: wrap-up is lost after another call.
    let mut stage = ana_talks(AcwPlan::Timed(secs(20)));
    hang_up(&mut stage);
    stage.wait(5);
    stage.act(|room, now| room.other_call_begins(ANA, now)).expect("she may call");
    stage.wait(5);
    stage.act(|room, now| room.other_call_ends(ANA, now)).expect("she is on one");
    assert_eq!(stage.state(ANA), S::Acw, "10 seconds are left");
    stage.wait(9);
    stage.act(|room, now| room.other_call_begins(ANA, now)).expect("she may call again");
    stage.wait(5);
    assert_eq!(stage.state(ANA), S::OtherCall);
    stage.act(|room, now| room.other_call_ends(ANA, now)).expect("she is on one");
    assert_eq!(stage.state(ANA), S::Available);
}

#[test]
fn a_cool_down_runs_on_under_a_call_to_a_colleague() {
    // Deadline::CoolDownOver under OtherCall.
    let mut stage = Stage::with_agents(1);
    stage.call(1, CEDULA);
    stage.wait(15);
    stage.act(|room, now| room.other_call_begins(ANA, now)).expect("she may call");
    stage.wait(10);
    stage.act(|room, now| room.other_call_ends(ANA, now)).expect("she is on one");
    assert_eq!(stage.state(ANA), S::Aux(AuxReason::Rona));
    stage.act(|room, now| room.other_call_begins(ANA, now)).expect("she may call");
    stage.wait(25);
    stage.act(|room, now| room.other_call_ends(ANA, now)).expect("she is on one");
    assert_eq!(stage.state(ANA), S::Ringing, "it is over, and the caller still waits");
}

#[test]
fn whoever_consults_when_the_caller_leaves_gets_no_offer_even_without_after_call_work() {
    // Never two calls at once: in the simulated world an agent in a consultation was once offered a caller.
    let mut stage = ana_talks(AcwPlan::Timed(secs(0)));
    let talking = stage.call(2, CEDULA);
    stage.act(|room, now| room.other_call_begins(ANA, now)).expect("she may consult");
    assert!(stage.act(|room, now| room.other_call_begins(ANA, now)).is_err(), "once is enough");
    assert_eq!(stage.state(ANA), S::Talking);
    hang_up(&mut stage);
    assert_eq!(stage.state(ANA), S::OtherCall, "the next caller waits");
    stage.act(|room, now| room.other_call_ends(ANA, now)).expect("she is on one");
    assert_eq!((stage.state(ANA), stage.answers(ANA)), (S::Ringing, talking));
}

#[test]
fn whoever_logs_in_during_a_call_of_their_own_gets_no_offer_before_it_ends() {
    // Never two calls at once.
    let mut stage = Stage::new(plan(vec![queue(0)], vec![agent(&[(0, 1)])]));
    stage.act(|room, now| room.set_reachable(ANA, true, now));
    stage.act(|room, now| room.other_call_begins(ANA, now)).expect("a colleague calls");
    stage.act(|room, now| room.log_in(ANA, now)).expect("she may");
    assert_eq!(stage.state(ANA), S::OtherCall);
    stage.act(|room, now| room.other_call_ends(ANA, now)).expect("she is on one");
    assert_eq!(stage.state(ANA), S::Available);
}

#[test]
fn lunch_asked_for_during_a_call_to_a_colleague_begins_after_it() {
    // AgentAsked: a state requested during a call takes effect afterwards.
    let mut stage = Stage::with_agents(1);
    stage.act(|room, now| room.other_call_begins(ANA, now)).expect("she may call");
    assert_eq!(stage.act(|room, now| room.aux(ANA, LUNCH, now)), Ok(TakesEffect::Afterwards));
    assert!(matches!(stage.facts.last(), Some((_, Fact::AgentAsked { .. }))));
    stage.act(|room, now| room.other_call_ends(ANA, now)).expect("she is on one");
    assert_eq!(stage.state(ANA), AT_LUNCH);
}

#[test]
fn a_wrap_up_code_belongs_to_the_last_caller_until_the_next_comes() {
    // Fact::WrapUp.
    let mut stage = Stage::with_agents(1);
    assert_eq!(stage.act(|room, now| room.wrap_up(ANA, "12".into(), now)), Err(NoContact));
    let first = stage.call(1, CEDULA);
    stage.answers(ANA);
    stage.act(|room, now| room.release(first, EndedBy::Caller, now));
    stage.wait(30);
    let second = stage.call(2, CEDULA);
    stage.act(|room, now| room.wrap_up(ANA, "12".into(), now)).expect("for the first");
    stage.answers(ANA);
    stage.act(|room, now| room.wrap_up(ANA, "13".into(), now)).expect("for the second");
    let codes: Vec<_> = stage
        .facts
        .iter()
        .filter_map(|(_, fact)| match fact {
            Fact::WrapUp { contact, code, .. } => Some((*contact, code.as_str())),
            _ => None,
        })
        .collect();
    assert_eq!(codes, [(first, "12"), (second, "13")]);
}

#[test]
fn who_is_not_logged_in_can_be_neither_ready_nor_away() {
    // IllegalMove: refused without any change.
    let mut stage = Stage::new(plan(vec![queue(0)], vec![agent(&[(0, 1)])]));
    assert!(stage.act(|room, now| room.ready(ANA, now)).is_err());
    assert!(stage.act(|room, now| room.aux(ANA, LUNCH, now)).is_err());
    assert!(stage.act(|room, now| room.other_call_ends(ANA, now)).is_err());
    assert_eq!(stage.act(|room, now| room.log_out(ANA, now)), Ok(TakesEffect::Done));
    assert!(stage.facts.is_empty());
}
