//! What is told of an agent who does not get a contact is what the room decides by.

use proptest::prelude::*;
use turno_model::{AgentId, AuxReason, ContactId, Elsewhere, Fact, OfferOutcome, QueueState, WhyNot};

use crate::random_days::Day;
use crate::random_events::{Event, events};
use crate::random_plans::{AGENTS, plans};
use crate::stage::{ANA, BRUNO, CARLA, CEDULA, PASSPORT, Stage, agent, plan, queue, secs};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_speaks_against_an_offer_exactly_when_the_room_makes_it(
        plan in plans(),
        day in prop::collection::vec(events(), 1..200),
    ) {
        // Wound: a supervisor is told that an agent was not free, and the agent was.
        let mut room = Day::new(plan);
        for agent in 0..AGENTS {
            room.happens(Event::Reachable(agent, true));
            room.happens(Event::LogIn(agent));
        }
        for (at, event) in day.into_iter().enumerate() {
            room.happens(event);
            prop_assert!(room.stage.room.overlooked(room.stage.now).is_empty());
            prop_assert_eq!(pairs(&room, &[]), vec![], "what nothing speaks against has been offered");
            match at % 6 {
                2 => room.has_ports(false),
                5 => serves_one(&mut room)?,
                _ => {}
            }
        }
    }
}

/// Agents and waiting contacts between which these reasons stand, and no others.
fn pairs(room: &Day, reasons: &[WhyNot]) -> Vec<(AgentId, ContactId)> {
    let agents = (0..AGENTS).map(AgentId);
    let waiting = room.oracle.waiting();
    let all = agents.flat_map(|agent| waiting.iter().map(move |contact| (agent, *contact)));
    all.filter(|(agent, contact)| room.stage.room.why_not(*agent, *contact).as_slice() == reasons).collect()
}

/// One media port is free again: the room offers one of those contacts that lack nothing else, if there are any.
fn serves_one(room: &mut Day) -> Result<(), TestCaseError> {
    let lacking = pairs(room, &[WhyNot::NoPort]);
    let before = room.stage.facts.len();
    room.stage.act(|room, now| room.serve(1, now));
    let offered = room.stage.facts[before..].iter().find_map(|(_, fact)| match fact {
        Fact::Offered { agent, contact, .. } => Some((*agent, *contact)),
        _ => None,
    });
    prop_assert_eq!(offered.is_some(), !lacking.is_empty(), "{:?}", lacking);
    prop_assert!(offered.is_none_or(|pair| lacking.contains(&pair)), "{:?} of {:?}", offered, lacking);
    room.has_ports(true);
    Ok(())
}

#[test]
fn each_reason_is_told_for_what_it_is() {
    let mut limited = queue(0);
    limited.level_max = Some(1);
    let agents = vec![agent(&[(0, 1)]), agent(&[(0, 3), (1, 1)]), agent(&[(1, 1)])];
    let mut stage = Stage::new(plan(vec![limited, queue(1)], agents));
    let why = |stage: &Stage, agent, contact| stage.room.why_not(agent, contact).to_vec();
    stage.everyone_works(3);
    assert_eq!(why(&stage, ANA, ContactId(1)), [WhyNot::Gone]);
    let first = stage.call(2, CEDULA);
    let second = stage.call(3, CEDULA);
    assert_eq!(
        why(&stage, ANA, second),
        [WhyNot::Occupied(turno_model::AgentState::Ringing)],
        "she is offered the first"
    );
    assert_eq!(why(&stage, BRUNO, second), [WhyNot::BeyondLevel { level: 3, most: 1 }]);
    assert_eq!(why(&stage, CARLA, second), [WhyNot::NoSkill(CEDULA)]);
    assert_eq!(why(&stage, BRUNO, first), [WhyNot::Elsewhere(Elsewhere::RingsAt(ANA))]);
    let offer = stage.offer();
    stage.settle(offer, OfferOutcome::NoAnswer);
    assert_eq!(why(&stage, ANA, first), [WhyNot::Aux(AuxReason::Rona)]);
    stage.act(|room, now| room.turn_queue(CEDULA, QueueState::Paused, now));
    assert_eq!(why(&stage, ANA, first), [WhyNot::Aux(AuxReason::Rona), WhyNot::Paused(CEDULA)]);
    stage.wait(40);
    assert_eq!(why(&stage, ANA, second), [WhyNot::Paused(CEDULA),]);
    stage.act(|room, now| room.turn_queue(CEDULA, QueueState::Open, now));
    assert_eq!(stage.answers(ANA), first);
    assert_eq!(why(&stage, BRUNO, first), [WhyNot::Elsewhere(Elsewhere::With(ANA))]);
    stage.act(|room, now| room.log_out(CARLA, now)).expect("she is free");
    let third = stage.call(4, PASSPORT);
    assert_eq!(why(&stage, CARLA, third), [WhyNot::LoggedOut, WhyNot::Elsewhere(Elsewhere::RingsAt(BRUNO))]);
    stage.act(|room, now| room.pull(second, BRUNO, now)).expect("it waits");
    assert_eq!(
        why(&stage, ANA, second),
        [WhyNot::Occupied(turno_model::AgentState::Talking), WhyNot::KeptFor(BRUNO)]
    );
    stage.act(|room, now| room.call_back(second, now + secs(60), now));
    assert!(why(&stage, ANA, second).contains(&WhyNot::Elsewhere(Elsewhere::PutOff)));
}
