//! Tests of the selection rules.

use turno_acd::Arrival;
use turno_model::decision::CANDIDATES_MAX;
use turno_model::plan::{AcwPlan, QueuePlan};
use turno_model::{
    AgentId, Candidate, Channel, ContactId, Decision, EndedBy, Fact, PassedOver, QueueId, Rule,
};

use crate::stage::{ANA, BRUNO, CARLA, CEDULA, PASSPORT, Stage, agent, plan, queue, secs};

fn last_decision(stage: &Stage) -> Decision {
    let offered = stage.facts.iter().rev().find_map(|(_, fact)| match fact {
        Fact::Offered { decision, .. } => Some((**decision).clone()),
        _ => None,
    });
    offered.expect("something was offered")
}

const DIEGO: AgentId = AgentId(3);

/// Idle for longest to shortest: Ana, Bruno, Carla, Diego. Bruno and Carla have the better level. Occupied 90, 70, 50
/// and 10 per cent.
fn four_agents(rule: Rule) -> Decision {
    let queues = vec![QueuePlan { rule, acw: AcwPlan::Timed(secs(0)), ..queue(0) }];
    let agents = [2, 1, 1, 2].map(|level| agent(&[(0, level)]));
    let mut stage = Stage::new(plan(queues, agents.to_vec()));
    for (at, talk) in [(ANA, 90), (BRUNO, 70), (CARLA, 50), (DIEGO, 10)] {
        stage.works(at);
        stage.wait(100 - talk);
        let caller = stage.call(u64::from(at.0), CEDULA);
        stage.answers(at);
        stage.wait(talk);
        stage.act(|room, now| room.aux(at, 0, now)).expect("kept");
        stage.act(|room, now| room.release(caller, EndedBy::Caller, now));
    }
    for at in [ANA, BRUNO, CARLA, DIEGO] {
        stage.act(|room, now| room.ready(at, now)).expect("back");
        stage.wait(5);
    }
    stage.call(10, CEDULA);
    last_decision(&stage)
}

fn others(decision: &Decision) -> Vec<(AgentId, PassedOver)> {
    let other = |candidate: &(Candidate, PassedOver)| match *candidate {
        (Candidate::Agent(agent), why) => Some((agent, why)),
        (Candidate::Contact(..), _) => None,
    };
    decision.passed_over.iter().filter_map(other).collect()
}

#[test]
fn ucd_mia_takes_whoever_has_been_idle_longest_whatever_the_level() {
    // FIELD: UCD-MIA.
    let decision = four_agents(Rule::UcdMia);
    assert_eq!((decision.winner, decision.rule, decision.idle), (ANA, Rule::UcdMia, secs(20)));
    let why = PassedOver::LessIdle;
    assert_eq!(others(&decision), [(BRUNO, why), (CARLA, why), (DIEGO, why)]);
}

#[test]
fn ead_mia_takes_the_best_level_first() {
    // FIELD: EAD-MIA.
    let decision = four_agents(Rule::EadMia);
    assert_eq!(decision.winner, BRUNO);
    let worse = PassedOver::WorseLevel;
    assert_eq!(others(&decision), [(CARLA, PassedOver::LessIdle), (ANA, worse), (DIEGO, worse)]);
}

#[test]
fn ucd_loa_takes_whoever_has_been_least_occupied() {
    // FIELD: UCD-LOA; occupancy is (ring + talk + hold + ACW) / (staffed - AUX).
    let decision = four_agents(Rule::UcdLoa);
    assert_eq!(decision.winner, DIEGO);
    let why = PassedOver::MoreOccupied;
    assert_eq!(others(&decision), [(CARLA, why), (BRUNO, why), (ANA, why)]);
}

#[test]
fn ead_loa_takes_the_least_occupied_of_the_best_level() {
    // FIELD: EAD-LOA.
    let decision = four_agents(Rule::EadLoa);
    assert_eq!(decision.winner, CARLA);
    let worse = PassedOver::WorseLevel;
    assert_eq!(others(&decision), [(BRUNO, PassedOver::MoreOccupied), (DIEGO, worse), (ANA, worse)]);
}

#[test]
fn an_agent_who_comes_free_takes_the_highest_priority_then_the_longest_wait_of_all_queues() {
    // FIELD: greatest need. Wound A#1561: penalty, weight and rules starve a queue.
    let queues = vec![queue(0), QueuePlan { priority: 3, ..queue(1) }];
    let mut stage = Stage::new(plan(queues, vec![agent(&[(0, 1), (1, 9)])]));
    for (caller, at, priority) in
        [(1, CEDULA, None), (2, PASSPORT, None), (3, CEDULA, Some(3)), (4, CEDULA, None)]
    {
        let contact = ContactId(caller);
        stage.arrive(Arrival { contact, channel: Channel::Voice, queue: at, priority, waiting_since: None });
        stage.wait(1);
    }
    stage.works(ANA);
    let decision = last_decision(&stage);
    assert_eq!(
        (decision.contact, decision.rule, decision.waited),
        (ContactId(2), Rule::GreatestNeed, secs(3))
    );
    let head = (Candidate::Contact(ContactId(3), CEDULA), PassedOver::ShorterWait);
    assert_eq!((decision.passed_over.as_slice(), decision.others), ([head].as_slice(), 2));
    for _ in 0..3 {
        let caller = stage.answers(ANA);
        stage.act(|room, now| room.release(caller, EndedBy::Caller, now));
        stage.act(|room, now| room.end_acw(ANA, now)).expect("she has some");
    }
    let order: Vec<u64> = stage.offered().iter().map(|&(_, caller)| caller).collect();
    assert_eq!(order, [2, 3, 1, 4]);
}

#[test]
fn a_room_that_comes_free_all_at_once_serves_the_line_in_order() {
    // Wounds O#2679 (wrap-up ends for all at once) and F#2511 (the eighth caller served first).
    let count = 100;
    let mut stage = Stage::with_agents(count);
    for caller in 0..u64::from(count) {
        stage.call(caller, CEDULA);
    }
    for at in 0..count {
        stage.answers(AgentId(at));
    }
    for caller in 1000..1150 {
        stage.call(caller, CEDULA);
        stage.wait(0);
    }
    for caller in 0..u64::from(count) {
        stage.act(|room, now| room.release(ContactId(caller), EndedBy::Caller, now));
    }
    let before = stage.offered().len();
    stage.wait(20);
    let offered = stage.offered().split_off(before);
    let expected: Vec<_> = (0..count).map(|at| (AgentId(at), 1000 + u64::from(at))).collect();
    assert_eq!(offered, expected);
    assert_eq!(stage.room.waiting(CEDULA), 150);
}

#[test]
fn a_decision_names_thirty_two_and_counts_the_rest() {
    // Every offer is explained, in bounded space.
    let mut stage = Stage::with_agents(50);
    stage.act(|room, now| room.aux(BRUNO, 0, now)).expect("he may go");
    stage.call(1, CEDULA);
    let decision = last_decision(&stage);
    assert_eq!((decision.passed_over.len(), decision.others), (CANDIDATES_MAX, 17));
    for caller in 2..=40 {
        stage.call(caller, CEDULA);
    }
    let named = others(&last_decision(&stage));
    assert_eq!(named.len(), CANDIDATES_MAX);
    assert!(named.contains(&(BRUNO, PassedOver::NotReady)));
    assert!(named.contains(&(ANA, PassedOver::Occupied)));
    assert!(named[..9].iter().all(|(_, why)| *why == PassedOver::LessIdle), "those who are free come first");
}

#[test]
fn a_queue_is_never_served_by_whoever_lacks_its_skill() {
    // Wound A#1561: rules must not lend agents to queues that they do not serve.
    let mut stage = Stage::new(plan(vec![queue(0), queue(1)], vec![agent(&[(1, 1)])]));
    stage.works(ANA);
    stage.call(1, QueueId(0));
    stage.call(2, QueueId(1));
    assert_eq!(stage.offered(), [(ANA, 2)]);
}

#[test]
fn a_caller_whom_a_supervisor_took_over_does_not_return_to_the_agent_from_whom() {
    // Wound: after the supervisor's phone was lost, the agent who had served the caller before got the same caller again.
    let mut stage =
        Stage::with_queue(3, QueuePlan { acw: AcwPlan::Timed(secs(0)), rule: Rule::UcdMia, ..queue(0) });
    let (contact, channel, queue) = (ContactId(1), Channel::Voice, CEDULA);
    let arrival = Arrival { contact, channel, queue, priority: None, waiting_since: None };
    stage.act(|room, now| room.enqueue_again(arrival, Some(ANA), now));
    stage.answers(ANA);
    stage.act(|room, now| room.other_call_begins(CARLA, now)).expect("Carla observes");
    assert!(stage.act(|room, now| room.take_over(contact, CARLA, now)));
    stage.wait(5);
    stage.act(|room, now| room.agent_lost(contact, now));
    assert_eq!(stage.offered(), [(ANA, 1), (BRUNO, 1)]);
}
