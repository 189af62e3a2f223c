//! Agents who take other seats: their calls ring there, also after a crash and with another plan.

use std::sync::Arc;

use turno_engine::{Engine, Input};
use turno_model::plan::SeatPlan;
use turno_model::{AgentState, Asker, AuxReason, Command, Done, Fact, Plan, Refusal};
use turno_tests::stage::{Stage, answering, plan, ringing, secs};

/// The stage's site with one more seat, which belongs to no agent.
fn site() -> Plan {
    let mut plan = plan::site();
    let like = plan.seats[0].clone();
    plan.seats.push(SeatPlan { extension: "b050".to_owned(), display: "Window".to_owned(), ..like });
    plan
}

fn stage() -> Stage {
    let mut stage = Stage::with(|plan| *plan = site());
    stage.keeps_journal();
    stage
}

fn sits(stage: &mut Stage, agent: &str, seat: &str) -> Result<Done, Refusal> {
    let seat = stage.plan.seat_by_extension(seat).expect("the seat is planned");
    let who = stage.who(agent);
    stage.command(Command::Sit(who, seat))
}

fn leaves(stage: &mut Stage, agent: &str) -> Result<Done, Refusal> {
    let who = stage.who(agent);
    stage.command(Command::Leave(who))
}

/// A caller talks to the agent on this phone and hangs up; then the agent is ready again.
fn is_served_at(stage: &mut Stage, phone: turno_tests::stage::Desk) {
    let caller = stage.call("7000", "0991234567");
    stage.talks_to(caller, phone);
    stage.hangs_up(caller);
    stage.run_for(secs(60));
}

#[test]
fn an_agent_at_another_seat_gets_the_next_call_there_and_is_rung_at_the_old_one_no_more() {
    // Wound: agents who change places have to take their telephone with them.
    let mut stage = stage();
    let (own, window) = (stage.agent("a001", answering(secs(1))), stage.agent("b050", answering(secs(1))));
    is_served_at(&mut stage, own);
    sits(&mut stage, "a001", "b050").expect("the seat is free");
    assert_eq!(stage.state("a001"), AgentState::Available, "who moves stays what they were");
    is_served_at(&mut stage, window);
    leaves(&mut stage, "a001").expect("the agent sits there");
    is_served_at(&mut stage, own);
    assert_eq!((stage.times_rung(own), stage.times_rung(window)), (2, 1));
    stage.finish();
}

#[test]
fn who_sits_where_outlives_a_crash() {
    // Wound: after a restart everybody is back where they were in the morning.
    let mut stage = stage();
    let (own, window) = (stage.agent("a001", answering(secs(1))), stage.agent("b050", answering(secs(1))));
    sits(&mut stage, "a001", "b050").expect("the seat is free");
    stage.crashes(secs(1));
    is_served_at(&mut stage, window);
    leaves(&mut stage, "a001").expect("the agent sits there");
    leaves(&mut stage, "a001").expect("the own seat can be left too");
    stage.crashes(secs(1));
    assert_eq!(leaves(&mut stage, "a001"), Err(Refusal::SitsNowhere));
    assert_eq!(stage.times_rung(own), 0);
    stage.finish();
}

#[test]
fn who_sits_where_is_known_even_where_a_damaged_journal_loses_the_calls() {
    // Wound: one flipped bit, and everybody's calls ring at empty desks.
    let (plan, now) = (Arc::new(site()), plan::TUESDAY_AT_TEN);
    let who = plan.agent_by_extension("a001").expect("the agent is planned");
    let window = plan.seat_by_extension("b050").expect("the seat is planned");
    let mut engine = Engine::new(plan.clone(), 1, now);
    engine.keep_journal(now);
    engine.handle(Input::Command(1, Asker::Control, Command::Sit(who, window), None), now);
    let images: Vec<_> = engine.images().into_iter().map(|kept| (kept.name, kept.form)).collect();
    let known = Engine::recover_without_calls(plan, 2, images, now).expect("phones are known");
    assert_eq!(known.seat_of(who), Some(window));
    known.check_invariants();
}

#[test]
fn a_seat_that_is_taken_and_an_agent_who_is_busy_are_refused() {
    // Wound: two people get the same seat, and calls ring for the one who came last.
    let mut stage = stage();
    let own = stage.agent("a001", answering(secs(1)));
    let by = "a001".into();
    assert_eq!(sits(&mut stage, "a002", "a001"), Err(Refusal::SeatTaken { by }));
    assert_eq!(sits(&mut stage, "a001", "a001"), Ok(Done::Now), "who sits there sits there");
    let caller = stage.call("7000", "0991234567");
    stage.talks_to(caller, own);
    assert_eq!(sits(&mut stage, "a001", "b050"), Err(Refusal::AgentBusy));
    assert_eq!(leaves(&mut stage, "a001"), Err(Refusal::AgentBusy));
    stage.hangs_up(caller);
    stage.run_for(secs(60));
    leaves(&mut stage, "a001").expect("nobody is on the phone");
    assert_eq!(sits(&mut stage, "a002", "a001"), Ok(Done::Now), "the place is free now");
    assert_eq!(stage.count(|fact| matches!(fact, Fact::Seated { .. })), 2);
    stage.finish();
}

#[test]
fn an_agent_without_a_phone_gets_no_call_and_is_ready_as_soon_as_one_registers() {
    // Wound: an agent is ready at a desk without a telephone, and callers are offered to nobody.
    let mut stage = stage();
    stage.agent("a001", answering(secs(1)));
    sits(&mut stage, "a001", "b050").expect("the seat is free");
    assert_eq!(stage.state("a001"), AgentState::Aux(AuxReason::Unreachable));
    let caller = stage.call("7000", "0991234567");
    stage.run_for(secs(5));
    let window = stage.agent("b050", answering(secs(1)));
    stage.talks_to(caller, window);
    stage.hangs_up(caller);
    stage.run_for(secs(60));
    assert_eq!(stage.state("a001"), AgentState::Available);
    stage.finish();
}

#[test]
fn a_phone_at_which_nobody_sits_registers_and_calls_nobody() {
    // Wound: a phone in an empty office dials abroad, and no report names the agent.
    let mut stage = stage();
    let (window, own) = (stage.agent("b050", ringing()), stage.agent("a001", ringing()));
    for number in ["a001", "0987654321", "7000"] {
        let call = stage.dials(window, number);
        stage.run_for(secs(1));
        assert_eq!(stage.refusal(call), Some(403), "{number}");
    }
    let nobody = stage.dials(own, "b050");
    stage.run_for(secs(1));
    assert_eq!(stage.refusal(nobody), Some(480));
    sits(&mut stage, "a002", "b050").expect("the seat is free");
    let call = stage.dials(window, "a001");
    stage.rings_at(own);
    assert_eq!(stage.state("a002"), AgentState::OtherCall);
    stage.hangs_up(call);
    stage.run_for(secs(1));
    stage.finish();
}

#[test]
fn an_agent_is_dialled_by_their_number_wherever_they_sit() {
    // Wound: a colleague who changed places is called at an empty desk.
    let mut stage = stage();
    let colleague = stage.agent("a002", ringing());
    let (own, window) = (stage.agent("a001", ringing()), stage.agent("b050", ringing()));
    sits(&mut stage, "a001", "b050").expect("the seat is free");
    for number in ["a001", "b050"] {
        let call = stage.dials(colleague, number);
        let rung = stage.rings_at(window);
        stage.hangs_up(call);
        stage.until("it rings no more", secs(2), |stage| stage.is_over(rung));
    }
    assert_eq!((stage.times_rung(own), stage.times_rung(window)), (0, 2));
    stage.finish();
}

#[test]
fn an_agent_whose_seat_is_taken_out_of_the_plan_is_back_at_the_own_one() {
    // Wound: an agent is lost with the seat that was removed.
    let mut stage = stage();
    let (own, window) = (stage.agent("a001", answering(secs(1))), stage.agent("b050", ringing()));
    sits(&mut stage, "a001", "b050").expect("the seat is free");
    let caller = stage.call("7000", "0991234567");
    let rung = stage.rings_at(window);
    stage.replans(plan::site());
    stage.until("it rings there no more", secs(2), |stage| stage.is_over(rung));
    stage.talks_to(caller, own);
    stage.hangs_up(caller);
    stage.run_for(secs(60));
    assert_eq!(stage.state("a001"), AgentState::Available);
    stage.finish();
}

#[test]
fn an_agent_who_leaves_the_site_leaves_the_seat_to_others() {
    // Wound: a seat stays taken by an agent who no longer works here.
    let mut stage = stage();
    stage.agent("b050", answering(secs(1)));
    sits(&mut stage, "a001", "b050").expect("the seat is free");
    let mut edited = site();
    edited.retain_agents(|agent| agent.extension != "a001");
    stage.edits_while_down(edited);
    stage.crashes(secs(1));
    sits(&mut stage, "a002", "b050").expect("nobody sits there any more");
    stage.finish();
}

#[test]
fn an_agent_without_a_phone_of_their_own_works_where_they_sit_down() {
    // Wound: people who share desks need as many telephones as there are people.
    let mut edited = site();
    edited.agents[1].own_seat = None;
    edited.seats.remove(1);
    for agent in &mut edited.agents[2..] {
        agent.own_seat = agent.own_seat.map(|seat| turno_model::SeatId(seat.0 - 1));
    }
    let mut stage = Stage::with(|plan| *plan = edited);
    stage.keeps_journal();
    let window = stage.agent("b050", answering(secs(1)));
    assert_eq!(stage.state("a002"), AgentState::LoggedOut);
    sits(&mut stage, "a002", "b050").expect("the seat is free");
    assert_eq!(stage.state("a002"), AgentState::Available, "who logs in by registering does so here");
    is_served_at(&mut stage, window);
    stage.finish();
}
