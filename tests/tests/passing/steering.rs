//! A page steers the agent's phone: answer, hold, resume and hang up by order, and the microphone that goes away.

use turno_media_plan::Audio;
use turno_model::{AgentState, AuxReason, Command, ContactOutcome, Done, Fact, Refusal};
use turno_phone::Behaviour;
use turno_tests::stage::{Desk, Line, Stage, answering, millis, ringing, secs};

/// A phone on the desk that can be told to answer.
fn obedient() -> Behaviour {
    Behaviour { takes_orders: true, ..ringing() }
}

fn orders(stage: &mut Stage, order: impl FnOnce(turno_model::AgentId) -> Command) -> Result<Done, Refusal> {
    let agent = stage.who("a001");
    stage.command(order(agent))
}

/// The agent talks to a caller.
fn talk(behaviour: Behaviour) -> (Stage, Desk, Line, Line) {
    let mut stage = Stage::new();
    stage.keeps_journal();
    let agent = stage.agent("a001", behaviour);
    let caller = stage.call("7000", "0991234567");
    let at_agent = stage.talks_to(caller, agent);
    (stage, agent, caller, at_agent)
}

fn free(mut stage: Stage) {
    stage.until("the agent is free", secs(60), |stage| stage.state("a001") == AgentState::Available);
    stage.finish();
    assert_eq!(stage.ended(ContactOutcome::Answered), 1);
}

#[test]
fn a_phone_that_takes_orders_answers_by_one() {
    let mut stage = Stage::new();
    stage.keeps_journal();
    let agent = stage.agent("a001", obedient());
    assert_eq!(orders(&mut stage, Command::Answer), Err(Refusal::NothingRings));
    let caller = stage.call("7000", "0991234567");
    let at_agent = stage.rings_at(agent);
    // The phone has rung, and said what it takes; a kill in between loses neither.
    stage.run_for(secs(1));
    stage.crashes(secs(1));
    assert_eq!(orders(&mut stage, Command::Answer), Ok(Done::Now));
    stage.until("they talk", secs(5), |stage| stage.hear_each_other(caller, at_agent));
    assert_eq!(orders(&mut stage, Command::Answer), Err(Refusal::NothingRings));
    stage.hangs_up(caller);
    free(stage);
}

#[test]
fn a_phone_that_takes_no_orders_is_answered_by_hand() {
    let mut stage = Stage::new();
    let agent = stage.agent("a001", ringing());
    let caller = stage.call("7000", "0991234567");
    let at_agent = stage.rings_at(agent);
    stage.run_for(secs(1));
    assert_eq!(orders(&mut stage, Command::Answer), Err(Refusal::AtThePhone));
    stage.answers(at_agent);
    stage.until("they talk", secs(5), |stage| stage.hear_each_other(caller, at_agent));
    stage.hangs_up(caller);
    free(stage);
}

#[test]
fn a_colleagues_call_is_answered_and_ended_by_order() {
    let mut stage = Stage::new();
    let agent = stage.agent("a001", obedient());
    let colleague = stage.agent("a002", answering(secs(1)));
    let at_colleague = stage.dials(colleague, "a001");
    let at_agent = stage.rings_at(agent);
    stage.run_for(secs(1));
    orders(&mut stage, Command::Answer).expect("it rings");
    stage.until("they talk", secs(5), |stage| stage.hear_each_other(at_colleague, at_agent));
    orders(&mut stage, Command::Hold).expect("they talk");
    stage.run_for(secs(1));
    assert!(stage.hears_music(at_colleague));
    orders(&mut stage, Command::Resume).expect("it is on hold");
    stage.run_for(secs(1));
    assert!(stage.hear_each_other(at_colleague, at_agent));
    orders(&mut stage, Command::HangUp).expect("they talk");
    stage.run_for(secs(1));
    assert!(stage.is_over(at_agent) && stage.is_over(at_colleague));
    assert_eq!(stage.state("a001"), AgentState::Available);
    stage.finish();
}

#[test]
fn a_hold_by_order_is_music_for_the_caller_without_the_phones_help() {
    let (mut stage, agent, caller, at_agent) = talk(answering(millis(10)));
    assert_eq!(orders(&mut stage, Command::Resume), Ok(Done::Now), "nothing is on hold");
    orders(&mut stage, Command::Hold).expect("they talk");
    stage.run_for(secs(1));
    assert!(
        stage.hears_music(caller)
            && !stage.hears_voice(caller, at_agent)
            && !stage.hears_voice(at_agent, caller)
    );
    assert_eq!((stage.state("a001"), stage.hears(at_agent)), (AgentState::Holding, Some(Audio::Silence)));
    // A kill keeps the hold.
    stage.crashes(secs(2));
    stage.run_for(secs(2));
    assert!(stage.hears_music(caller) && !stage.hears_voice(caller, at_agent));
    assert_eq!(stage.state("a001"), AgentState::Holding);
    assert_eq!(orders(&mut stage, Command::Hold), Ok(Done::Now), "it is on hold already");
    orders(&mut stage, Command::Resume).expect("turno holds it");
    stage.run_for(secs(1));
    assert!(stage.hear_each_other(caller, at_agent));
    assert_eq!(stage.state("a001"), AgentState::Talking);
    let held = stage.count(|fact| matches!(fact, Fact::Held { .. } | Fact::Resumed { .. }));
    assert_eq!((held, stage.times_rung(agent)), (2, 1));
    stage.hangs_up(caller);
    free(stage);
}

#[test]
fn an_observer_who_comes_to_a_hold_by_order_takes_no_music_away() {
    let mut stage = Stage::with(|plan| plan.agents.iter_mut().for_each(|agent| agent.supervises = true));
    let agent = stage.agent("a001", answering(millis(10)));
    let caller = stage.call("7000", "0991234567");
    let at_agent = stage.talks_to(caller, agent);
    let supervisor = stage.agent("a002", answering(millis(10)));
    stage.run_for(secs(2));
    orders(&mut stage, Command::Hold).expect("they talk");
    stage.run_for(secs(1));
    let (own, other) = (stage.who("a001"), stage.who("a002"));
    let contact = stage.snapshot().agents.iter().find(|it| it.agent == own).and_then(|it| it.contact);
    let contact = contact.expect("the agent has a contact");
    let observe = Command::Observe(other, contact, turno_model::Observing::Listen);
    stage.command(observe).expect("the supervisor is free");
    let at_supervisor = stage.rings_at(supervisor);
    stage.until("the supervisor listens", secs(5), |stage| stage.is_talking(at_supervisor));
    stage.run_for(secs(1));
    assert!(stage.hears_music(caller));
    orders(&mut stage, Command::Resume).expect("turno holds it");
    stage.run_for(secs(1));
    assert!(stage.hears_voice(caller, at_agent) && stage.hears_voice(at_agent, caller));
    stage.command(Command::StopObserving(other)).expect("the supervisor observes");
    stage.hangs_up(caller);
    free(stage);
}

#[test]
fn a_hold_at_the_phone_takes_the_place_of_one_by_order() {
    let (mut stage, _, caller, at_agent) = talk(answering(millis(10)));
    orders(&mut stage, Command::Hold).expect("they talk");
    stage.holds(at_agent);
    stage.run_for(secs(1));
    assert!(stage.hears_music(caller), "{:?}", stage.hears(caller));
    assert_eq!(orders(&mut stage, Command::Resume), Err(Refusal::AtThePhone));
    stage.resumes(at_agent);
    stage.run_for(secs(1));
    assert!(stage.hear_each_other(caller, at_agent));
    let held = stage.count(|fact| matches!(fact, Fact::Held { .. } | Fact::Resumed { .. }));
    assert_eq!(held, 2, "one hold");
    stage.hangs_up(caller);
    free(stage);
}

#[test]
fn a_phone_that_takes_orders_takes_its_own_hold_back_by_one() {
    let (mut stage, _, caller, at_agent) = talk(Behaviour { takes_orders: true, ..answering(secs(1)) });
    stage.holds(at_agent);
    stage.run_for(secs(1));
    assert!(stage.hears_music(caller));
    orders(&mut stage, Command::Resume).expect("the phone takes orders");
    stage.run_for(secs(1));
    assert!(stage.hear_each_other(caller, at_agent));
    stage.hangs_up(caller);
    free(stage);
}

#[test]
fn the_agent_is_recalled_from_a_hold_by_order_too() {
    let (mut stage, agent, caller, _) = talk(answering(secs(1)));
    orders(&mut stage, Command::Hold).expect("they talk");
    stage.until("the agent is recalled", secs(200), |stage| stage.times_rung(agent) == 2);
    let again = stage.last_incoming(agent).expect("it rang");
    stage.until("they talk", secs(10), |stage| stage.hear_each_other(caller, again));
    assert_eq!(stage.state("a001"), AgentState::Talking);
    stage.hangs_up(caller);
    free(stage);
}

#[test]
fn who_held_the_caller_by_order_is_heard_by_who_is_consulted() {
    let (mut stage, _, caller, at_agent) = talk(answering(secs(1)));
    let colleague = stage.agent("a002", answering(secs(1)));
    stage.run_for(secs(5));
    orders(&mut stage, Command::Hold).expect("they talk");
    orders(&mut stage, |agent| Command::Consult(agent, "a002".into())).expect("the colleague is free");
    assert_eq!(orders(&mut stage, Command::Hold), Err(Refusal::AlreadyConsulting));
    let at_colleague = stage.rings_at(colleague);
    stage.until("they talk", secs(5), |stage| stage.hear_each_other(at_agent, at_colleague));
    assert!(stage.hears_music(caller));
    orders(&mut stage, Command::Back).expect("the agent goes back");
    stage.run_for(secs(1));
    assert!(stage.hear_each_other(caller, at_agent));
    assert_eq!(stage.state("a001"), AgentState::Talking);
    stage.hangs_up(caller);
    free(stage);
}

#[test]
fn a_call_that_is_hung_up_by_order_ends_as_if_the_phone_had() {
    let (mut stage, _, caller, at_agent) = talk(answering(secs(1)));
    stage.keep_messages();
    orders(&mut stage, Command::HangUp).expect("they talk");
    stage.run_for(secs(1));
    assert!(stage.is_over(at_agent) && stage.is_over(caller));
    assert_eq!(stage.state("a001"), AgentState::Acw);
    assert_eq!(orders(&mut stage, Command::HangUp), Err(Refusal::NoTalk));
    assert_eq!(orders(&mut stage, Command::Hold), Err(Refusal::NoTalk));
    let by_agent = |fact: &Fact| matches!(fact, Fact::ContactEnded { by: turno_model::EndedBy::Agent, .. });
    assert_eq!(stage.count(by_agent), 1);
    free(stage);
}

#[test]
fn an_agent_without_a_microphone_is_away_until_it_is_back() {
    let mut stage = Stage::new();
    stage.keeps_journal();
    let agent = stage.agent("a001", answering(secs(1)));
    assert_eq!(orders(&mut stage, Command::NoMicrophone), Ok(Done::Now));
    assert_eq!(stage.state("a001"), AgentState::Aux(AuxReason::Microphone));
    let caller = stage.call("7000", "0991234567");
    stage.run_for(secs(5));
    stage.crashes(secs(1));
    assert_eq!((stage.times_rung(agent), stage.state("a001")), (0, AgentState::Aux(AuxReason::Microphone)));
    assert_eq!(orders(&mut stage, Command::Microphone), Ok(Done::Now));
    let at_agent = stage.talks_to(caller, agent);
    // During a talk it takes effect afterwards, and after-call work goes on under it.
    assert_eq!(orders(&mut stage, Command::NoMicrophone), Ok(Done::Afterwards));
    assert!(stage.hear_each_other(caller, at_agent));
    stage.hangs_up(caller);
    stage.run_for(secs(120));
    assert_eq!(stage.state("a001"), AgentState::Aux(AuxReason::Microphone));
    // Who says that they are ready is ready.
    assert_eq!(orders(&mut stage, Command::Ready), Ok(Done::Now));
    free(stage);
}

#[test]
fn a_lost_phone_and_a_lost_microphone_end_one_by_one() {
    let mut stage = Stage::new();
    let agent = stage.agent("a001", answering(secs(1)));
    orders(&mut stage, |agent| Command::Aux(agent, 0)).expect("the agent is free");
    let before = stage.state("a001");
    orders(&mut stage, Command::NoMicrophone).expect("the agent is logged in");
    stage.unregisters(agent);
    stage.run_for(secs(1));
    assert_eq!(stage.state("a001"), AgentState::Aux(AuxReason::Unreachable));
    stage.registers(agent);
    stage.run_for(secs(1));
    assert_eq!(stage.state("a001"), AgentState::Aux(AuxReason::Microphone));
    orders(&mut stage, Command::Microphone).expect("the agent is logged in");
    assert_eq!(stage.state("a001"), before, "the break goes on");
    orders(&mut stage, Command::NoMicrophone).expect("the agent is logged in");
    orders(&mut stage, Command::LogOut).expect("the agent is free");
    orders(&mut stage, Command::LogIn).expect("the agent is logged out");
    assert_eq!(stage.state("a001"), AgentState::Available, "a new shift begins with what is there");
    stage.finish();
}
