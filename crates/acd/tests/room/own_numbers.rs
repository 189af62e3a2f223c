//! Callers who dial an agent's own number.

use turno_acd::Arrival;
use turno_model::{
    AgentId, CallerKnown, Channel, ContactId, Decision, EndedBy, Fact, OfferOutcome, QueueId, Rule,
};

use crate::stage::{ANA, BRUNO, CEDULA, PASSPORT, Stage, agent, plan, queue};

/// Ana serves the first queue, Bruno the second; both have a call.
fn stage() -> Stage {
    let mut stage = Stage::new(plan(vec![queue(0), queue(1)], vec![agent(&[(0, 1)]), agent(&[(1, 1)])]));
    stage.everyone_works(2);
    stage.call(1, CEDULA);
    stage.answers(ANA);
    stage.call(2, PASSPORT);
    stage.answers(BRUNO);
    stage
}

/// A caller dials the own number of this agent, which leads to this queue.
fn dials(stage: &mut Stage, contact: u64, (agent, queue): (AgentId, QueueId)) -> ContactId {
    let contact = ContactId(contact);
    let channel = Channel::Voice;
    let arrival = Arrival { contact, channel, queue, priority: None, waiting_since: None };
    stage.act(|room, now| room.enqueue_for(arrival, (None, Some(agent)), now));
    contact
}

fn becomes_free(stage: &mut Stage, agent: AgentId) {
    let contact = stage.room.contact_of(agent).expect("a call");
    stage.act(|room, now| room.release(contact, EndedBy::Caller, now));
    stage.wait(20);
}

fn last_decision(stage: &Stage) -> Decision {
    let decision = |fact: &Fact| match fact {
        Fact::Offered { decision, .. } => Some((**decision).clone()),
        _ => None,
    };
    stage.facts.iter().filter_map(|(_, fact)| decision(fact)).next_back().expect("an offer")
}

fn told(stage: &Stage, contact: ContactId) -> Vec<CallerKnown> {
    let known = |fact: &Fact| match fact {
        Fact::CallerKnown(it, known) if *it == contact => Some(known.clone()),
        _ => None,
    };
    stage.facts.iter().filter_map(|(_, fact)| known(fact)).collect()
}

#[test]
fn a_free_agent_gets_the_own_call_at_once_though_others_are_longer_idle() {
    let mut stage = Stage::new(plan(vec![queue(0)], vec![agent(&[(0, 1)]), agent(&[(0, 1)])]));
    stage.works(ANA);
    stage.wait(60);
    stage.works(BRUNO);
    let waiting = dials(&mut stage, 1, (BRUNO, CEDULA));
    assert_eq!(stage.answers(BRUNO), waiting);
    assert_eq!(last_decision(&stage).rule, Rule::Direct);
}

#[test]
fn a_busy_agent_gets_own_callers_first_in_their_order_and_others_do_not_get_them() {
    let mut stage = stage();
    stage.call(3, PASSPORT);
    let (first, second) = (dials(&mut stage, 4, (BRUNO, CEDULA)), dials(&mut stage, 5, (BRUNO, CEDULA)));
    becomes_free(&mut stage, ANA);
    assert!(stage.offers.is_empty(), "Ana serves the queue, and they wait for Bruno");
    becomes_free(&mut stage, BRUNO);
    assert_eq!(stage.answers(BRUNO), first);
    becomes_free(&mut stage, BRUNO);
    assert_eq!(stage.answers(BRUNO), second);
}

#[test]
fn after_the_direct_wait_everybody_may_take_the_caller() {
    let mut stage = stage();
    let waiting = dials(&mut stage, 3, (BRUNO, CEDULA));
    becomes_free(&mut stage, ANA);
    stage.wait(99);
    assert!(stage.offers.is_empty());
    stage.wait(1);
    assert_eq!(stage.answers(ANA), waiting);
    let span = turno_model::plan::RoomPlan::default().direct_wait;
    let (agent, over) = (BRUNO, CallerKnown::DirectNoMore { agent: BRUNO });
    assert_eq!(told(&stage, waiting), [CallerKnown::DirectFor { agent, span }, over]);
}

#[test]
fn who_finds_the_short_line_full_waits_for_everybody() {
    let mut stage = stage();
    for contact in 3..5 {
        dials(&mut stage, contact, (BRUNO, CEDULA));
    }
    let third = dials(&mut stage, 5, (BRUNO, CEDULA));
    assert_eq!(told(&stage, third), []);
    becomes_free(&mut stage, ANA);
    assert_eq!(stage.answers(ANA), third);
}

#[test]
fn nobody_waits_for_an_agent_who_does_not_work_or_stops() {
    let mut stage = stage();
    let waiting = dials(&mut stage, 3, (BRUNO, CEDULA));
    stage.act(|room, now| room.aux(BRUNO, 0, now)).expect("after the call");
    let asked = dials(&mut stage, 4, (BRUNO, CEDULA));
    assert_eq!(told(&stage, asked), [], "Bruno is about to go");
    becomes_free(&mut stage, ANA);
    assert_eq!(stage.answers(ANA), asked);
    becomes_free(&mut stage, BRUNO);
    becomes_free(&mut stage, ANA);
    assert_eq!(stage.answers(ANA), waiting, "Bruno has gone to AUX");
    let later = dials(&mut stage, 5, (BRUNO, CEDULA));
    assert_eq!(told(&stage, later), []);
}

#[test]
fn an_own_call_that_the_agent_misses_goes_to_the_others() {
    let mut stage = stage();
    let waiting = dials(&mut stage, 3, (BRUNO, CEDULA));
    becomes_free(&mut stage, BRUNO);
    let offer = stage.offer_to(BRUNO);
    stage.settle(offer, OfferOutcome::NoAnswer);
    becomes_free(&mut stage, ANA);
    assert_eq!(stage.answers(ANA), waiting);
}
