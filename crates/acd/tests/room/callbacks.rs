//! People who are called back keep their place and are offered when they are due.

use turno_model::plan::{QueuePlan, Treatment};
use turno_model::{AgentState, ContactOutcome, OfferOutcome};

use crate::stage::{ANA, BRUNO, CEDULA, Cue, FULL, NOBODY, Stage, TOO_LONG, queue, secs};

/// One queue that sends people away for every reason, and nobody is free.
fn busy_room() -> Stage {
    let queue = QueuePlan {
        wait_max: Some(secs(60)),
        when_waited: Treatment::PromptAndEnd(TOO_LONG),
        when_nobody: Treatment::PromptAndEnd(NOBODY),
        when_full: Treatment::PromptAndEnd(FULL),
        length_max: 2,
        ..queue(0)
    };
    let mut stage = Stage::with_queue(1, queue);
    stage.call(1, CEDULA);
    stage.answers(ANA);
    stage
}

#[test]
fn a_person_who_is_called_back_keeps_the_place_and_is_never_sent_away() {
    let mut stage = busy_room();
    let first = stage.call(2, CEDULA);
    stage.act(|room, now| assert!(room.call_back(first, now, now)));
    stage.call(3, CEDULA);
    stage.wait(100);
    assert_eq!(stage.ended(), [(3, ContactOutcome::Outflowed)], "the caller waited for too long");
    stage.act(|room, now| room.log_out(ANA, now)).expect("Ana goes home after the call");
    stage.act(|room, now| room.release(turno_model::ContactId(1), turno_model::EndedBy::Caller, now));
    assert_eq!(stage.room.waiting(CEDULA), 1, "nobody works, and the callback stays");
    stage.works(ANA);
    assert_eq!(stage.offer().contact(), first);
}

#[test]
fn a_contact_is_offered_to_nobody_before_its_time_and_then_before_later_callers() {
    let mut stage = busy_room();
    let first = stage.call(2, CEDULA);
    let due = stage.now + secs(30);
    stage.act(|room, now| room.call_back(first, now + secs(30), now));
    assert_eq!(stage.room.not_before(first), Some(due));
    stage.act(|room, now| room.release(turno_model::ContactId(1), turno_model::EndedBy::Caller, now));
    stage.wait(25);
    assert_eq!(stage.state(ANA), AgentState::Available, "a person is called back later: Ana is free");
    stage.act(|room, now| room.aux(ANA, 0, now)).expect("Ana takes a break");
    let second = stage.call(3, CEDULA);
    stage.wait(10);
    stage.act(|room, now| room.ready(ANA, now)).expect("Ana is back");
    let offer = stage.offer();
    assert_eq!(offer.contact(), first, "it stands before {second:?}");
}

#[test]
fn an_agent_who_did_not_reach_the_person_is_free_at_once_and_the_contact_waits_for_its_next_try() {
    let mut stage = Stage::with_agents(2);
    let first = stage.call(1, CEDULA);
    let offer = stage.offer();
    stage.act(|room, now| room.call_back(first, now, now));
    stage.act(|room, _| room.hold_offer(&offer));
    stage.wait(40);
    assert_eq!(stage.state(ANA), AgentState::Ringing, "the person's phone rings for longer than an offer");
    stage.act(|room, now| room.settle_later(offer, OfferOutcome::Withdrawn, now + secs(300), now));
    assert_eq!(stage.state(ANA), AgentState::Available, "no cool-down, no after-call work");
    assert!(stage.offers.is_empty());
    let second = stage.call(2, CEDULA);
    assert_eq!(stage.answers(ANA), second);
    stage.wait(300);
    let offer = stage.offer();
    assert_eq!((offer.contact(), offer.agent()), (first, BRUNO));
    stage.act(|room, now| room.give_up(first, now));
    stage.settle(offer, OfferOutcome::Withdrawn);
    assert_eq!(stage.ended(), [(1, ContactOutcome::Outflowed)]);
}

#[test]
fn a_caller_who_finds_the_line_full_is_asked_first_and_then_sent_away() {
    let callback = turno_model::plan::CallbackPlan { when_full: true, ..turno_model::sample::callback() };
    let queue = QueuePlan {
        when_full: Treatment::PromptAndEnd(FULL),
        length_max: 1,
        callback: Some(callback),
        ..queue(0)
    };
    let mut stage = Stage::with_queue(1, queue);
    stage.call(1, CEDULA);
    stage.answers(ANA);
    stage.call(2, CEDULA);
    let third = stage.call(3, CEDULA);
    assert_eq!((stage.cues.clone(), stage.ended()), (vec![Cue::Full(third)], vec![]));
    stage.act(|room, now| room.treat_as_full(third, now));
    assert_eq!(stage.ended(), [(3, ContactOutcome::Outflowed)]);
    assert_eq!(stage.cues.last(), Some(&Cue::Treat(third, FULL)));
}
