//! Who is served when: order, one agent for each caller, and nobody is dropped by a phone that does not answer.

use core::time::Duration;

use turno_model::agent_state::AuxReason;
use turno_model::plan::AcwPlan;
use turno_model::{AgentState, Command, ContactId, ContactOutcome, Fact, OfferOutcome};
use turno_phone::Behaviour;
use turno_tests::stage::{DELAY, Line, Stage, answering, millis, refusing, ringing, secs};

/// The contacts in the order in which they came to agents.
fn order_of_offers(stage: &Stage) -> Vec<ContactId> {
    let offered = stage.facts().iter().filter_map(|(_, fact)| match fact {
        Fact::Offered { contact, .. } => Some(*contact),
        _ => None,
    });
    offered.collect()
}

fn without_acw() -> Stage {
    Stage::with(|plan| plan.queues.iter_mut().for_each(|queue| queue.acw = AcwPlan::Timed(Duration::ZERO)))
}

#[test]
fn a_caller_reaches_an_agent_and_both_hear_each_other() {
    // The simplest call must leave no state behind.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(2)));
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    assert_eq!(stage.state("a001"), AgentState::Talking);
    stage.run_for(secs(60));
    stage.hangs_up(caller);
    stage.until("the agent's call is over", secs(2), |stage| stage.is_over(at_ana));
    assert_eq!(stage.settled(OfferOutcome::Accepted), 1);
    stage.finish();
    assert_eq!(stage.ended(ContactOutcome::Answered), 1);
}

#[test]
fn a_whole_room_that_comes_free_at_once_is_ringing_at_once() {
    // Wound: many agents freed at once wait a second each; whole seconds as the clock break the order.
    let mut stage = without_acw();
    stage.agents(20, &answering(millis(500)));
    let first: Vec<Line> = (0..20).map(|number| stage.call("7001", &format!("09910{number:05}"))).collect();
    stage.until("all agents talk", secs(10), |stage| stage.how_many_are(AgentState::Talking) == 20);
    for number in 0..20 {
        stage.call("7001", &format!("09920{number:05}"));
        stage.run_for(Duration::from_micros(1));
    }
    stage.run_for(secs(1));
    let before = order_of_offers(&stage).len();
    let freed = stage.now();
    for line in first {
        stage.hangs_up(line);
    }
    stage.run_for(DELAY * 2);
    let offers: Vec<ContactId> = order_of_offers(&stage).split_off(before);
    assert_eq!(offers.len(), 20, "everybody is offered in the step that freed an agent");
    assert!(offers.is_sorted(), "the callers keep their order: {offers:?}");
    let late = stage.facts().iter().filter(|(at, fact)| {
        matches!(fact, Fact::Offered { delay, .. } if *at > freed && *delay > Duration::from_millis(1))
    });
    assert_eq!(late.count(), 0);
    stage.finish();
}

#[test]
fn callers_who_come_a_microsecond_apart_are_served_in_order() {
    // Wound: the 8th caller served first; 88 of 400 out of order.
    let mut stage = without_acw();
    for number in 0..30 {
        stage.call("7001", &format!("09930{number:05}"));
        stage.run_for(Duration::from_micros(1));
    }
    let quick = Behaviour { talk_for: Some(secs(1)), ..answering(millis(10)) };
    stage.agents(2, &quick);
    stage.until("all were served", secs(120), |stage| stage.ended(ContactOutcome::Answered) == 30);
    let order = order_of_offers(&stage);
    assert_eq!(order.len(), 30);
    assert!(order.is_sorted(), "{order:?}");
    stage.finish();
}

#[test]
fn two_phones_that_answer_at_the_same_moment_get_one_call() {
    // Wound: two agents acknowledged for one call.
    let mut stage = Stage::new();
    let desk = stage.agent("a001", answering(secs(2)));
    let home = stage.agent("a001", answering(secs(2)));
    let caller = stage.call("7000", "0991234567");
    stage.until("the caller talks", secs(5), |stage| stage.is_talking(caller));
    stage.run_for(secs(1));
    let lines = [stage.last_incoming(desk).expect("it rang"), stage.last_incoming(home).expect("it rang")];
    let talking = lines.iter().filter(|line| stage.is_talking(**line)).count();
    assert_eq!((talking, stage.connected()), (1, 1));
    assert_eq!(lines.iter().filter(|line| stage.is_over(**line)).count(), 1, "the other got ACK and BYE");
    stage.finish();
}

#[test]
fn an_agent_who_answers_and_hangs_up_in_one_breath_ends_one_call_only() {
    // Wound: answering and hanging up before the bridge drops the others.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", ringing());
    let berta = stage.agent("a002", answering(secs(3)));
    let first = stage.call("7000", "0991111111");
    let at_ana = stage.rings_at(ana);
    let second = stage.call("7000", "0992222222");
    stage.until("the other rings", secs(2), |stage| stage.times_rung(berta) == 1);
    stage.answers(at_ana);
    stage.hangs_up(at_ana);
    stage.talks_to(second, berta);
    assert!(stage.is_over(first) || stage.hears_music(first), "nobody hears silence");
    stage.finish();
}

#[test]
fn an_agent_who_does_not_answer_rests_and_the_next_one_gets_the_caller() {
    // Wound: the same agent is rung for ever; RONA logs an agent out for ever.
    let mut stage = Stage::new();
    let absent = stage.agent("a001", ringing());
    stage.run_for(secs(1));
    let caller = stage.call("7000", "0991234567");
    stage.rings_at(absent);
    let berta = stage.agent("a002", answering(secs(1)));
    let rang = stage.now();
    stage.talks_to(caller, berta);
    assert!(stage.now().since(rang) < secs(18), "the offer went on at once");
    assert_eq!(stage.state("a001"), AgentState::Aux(AuxReason::Rona));
    assert_eq!((stage.settled(OfferOutcome::NoAnswer), stage.times_rung(absent)), (1, 1));
    stage.until("the way back", secs(31), |stage| stage.state("a001") == AgentState::Available);
    assert!(stage.is_talking(caller));
    stage.finish();
}

#[test]
fn an_agent_who_refuses_does_not_drop_the_caller() {
    // Wound: refusing an offer drops the caller; refusers are picked again and again.
    let mut stage = Stage::new();
    stage.agent("a001", refusing(486));
    let caller = stage.call("7000", "0991234567");
    stage.run_for(secs(300));
    let refused = stage.settled(OfferOutcome::Refused);
    assert!((8..=11).contains(&refused), "one offer each cool-down: {refused}");
    assert!(stage.hears_music(caller) && !stage.is_over(caller));
    let berta = stage.agent("a002", answering(secs(1)));
    stage.talks_to(caller, berta);
    stage.finish();
    assert_eq!(stage.ended(ContactOutcome::Answered), 1);
}

#[test]
fn an_agent_is_never_rung_after_the_caller_left() {
    // Wound: agent rung after the caller left.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", ringing());
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.rings_at(ana);
    stage.run_for(secs(3));
    stage.hangs_up(caller);
    stage.run_for(DELAY * 3);
    assert!(stage.is_over(at_ana), "the phone is silent as soon as CANCEL can be there");
    assert_eq!(stage.state("a001"), AgentState::Available);
    assert_eq!((stage.settled(OfferOutcome::CallerLeft), stage.times_rung(ana)), (1, 1));
    stage.finish();
    assert_eq!(stage.ended(ContactOutcome::Abandoned), 1);
}

#[test]
fn a_waiting_caller_and_a_free_agent_never_look_at_each_other() {
    // Wound: the dispatch thread dies, only a reload helps.
    let mut stage = Stage::new();
    for number in 0..5 {
        stage.call("7001", &format!("09940{number:05}"));
    }
    stage.run_for(secs(30));
    stage.agents(5, &answering(secs(1)));
    stage.until("all talk", secs(5), |stage| stage.how_many_are(AgentState::Talking) == 5);
    assert_eq!(stage.count(|fact| matches!(fact, Fact::Alarm { .. })), 0);
    stage.finish();
}

#[test]
fn a_caller_with_priority_goes_first_and_the_others_keep_their_order() {
    // Wound: weights and rules starve a queue.
    let mut stage = Stage::with(|plan| plan.queues[1].priority = 5);
    stage.call("7000", "0991111111");
    stage.run_for(secs(1));
    stage.call("7001", "0992222222");
    stage.run_for(secs(1));
    let quick = Behaviour { talk_for: Some(secs(1)), ..answering(millis(10)) };
    stage.agent("a001", quick);
    stage.until("both were served", secs(60), |stage| stage.ended(ContactOutcome::Answered) == 2);
    let order = order_of_offers(&stage);
    assert!(order[0] > order[1], "the later one had priority: {order:?}");
    stage.finish();
}

#[test]
fn an_agent_sent_to_lunch_by_a_supervisor_while_it_rings_goes_after_the_call() {
    // Wound: agent stuck until the database is edited.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(2)));
    let caller = stage.call("7000", "0991234567");
    stage.talks_to(caller, ana);
    stage.command(Command::Aux(stage.who("a001"), 0)).expect("it is noted");
    assert_eq!(stage.state("a001"), AgentState::Talking);
    stage.hangs_up(caller);
    stage.run_for(secs(15));
    assert_eq!(stage.state("a001"), AgentState::Aux(AuxReason::Planned(0)));
    stage.finish();
}

#[test]
fn the_house_is_empty_again_after_two_hundred_calls() {
    // Wound: memory grows with every call.
    let mut stage = without_acw();
    let quick = Behaviour { talk_for: Some(secs(20)), ..answering(millis(800)) };
    stage.agents(10, &quick);
    for number in 0..200 {
        let caller = stage.call("7000", &format!("09950{number:05}"));
        stage.run_for(millis(1500));
        if number % 7 == 0 {
            stage.hangs_up(caller);
        }
    }
    stage.run_for(secs(120));
    stage.finish();
    let counted = stage.ended(ContactOutcome::Answered) + stage.ended(ContactOutcome::Abandoned);
    assert_eq!(counted, 200);
}
