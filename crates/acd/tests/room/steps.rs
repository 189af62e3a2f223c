//! The steps of queues: a golden table of every condition with every action, and single days.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use turno_model::plan::{QueuePlan, StepAction, StepPlan, StepWhen};
use turno_model::{
    AgentId, Candidate, Channel, ContactId, ContactOutcome, Decision, Fact, OfferOutcome, PassedOver,
    QueueId, QueueState, StepDid, sample,
};

use crate::stage::{ANA, BRUNO, CARLA, CEDULA, Cue, PASSPORT, Stage, TOO_LONG, agent, plan, queue, secs};

fn step(when: StepWhen, action: StepAction) -> StepPlan {
    StepPlan { when, action }
}

fn after(seconds: u64, action: StepAction) -> StepPlan {
    step(StepWhen::Waited(secs(seconds)), action)
}

/// Ana has level 1 for the first queue and Bruno level 2; Carla works for the second one. All are at lunch, so that a caller
/// waits until one of them is back.
fn at_lunch(first: QueuePlan) -> Stage {
    let mut stage =
        Stage::new(plan(vec![first, queue(1)], vec![agent(&[(0, 1)]), agent(&[(0, 2)]), agent(&[(1, 1)])]));
    stage.everyone_works(3);
    for agent in [ANA, BRUNO, CARLA] {
        stage.act(|room, now| room.aux(agent, 0, now)).expect("a lunch");
    }
    stage
}

/// The steps that were taken.
fn taken(stage: &Stage) -> Vec<StepDid> {
    let did = |fact: &Fact| match fact {
        Fact::Stepped(step) => Some(step.did.clone()),
        _ => None,
    };
    stage.facts.iter().filter_map(|(_, fact)| did(fact)).collect()
}

fn back(stage: &mut Stage, agent: AgentId) {
    stage.act(|room, now| room.ready(agent, now)).expect("the lunch is over");
}

fn last_decision(stage: &Stage) -> Decision {
    let decision = |fact: &Fact| match fact {
        Fact::Offered { decision, .. } => Some((**decision).clone()),
        _ => None,
    };
    stage.facts.iter().rev().find_map(|(_, fact)| decision(fact)).expect("an offer")
}

#[test]
fn every_condition_does_every_action() {
    let conditions = [
        StepWhen::Waited(secs(60)),
        StepWhen::ToldOver(secs(30)),
        StepWhen::LongerThan(1),
        StepWhen::Nobody,
        StepWhen::Closed,
    ];
    let actions = [
        StepAction::LevelMax(Some(2)),
        StepAction::Also(PASSPORT),
        StepAction::Raise(3),
        StepAction::MoveTo(PASSPORT),
        StepAction::SendTo("022551234".to_owned()),
        StepAction::PromptAndEnd(TOO_LONG),
        StepAction::OfferCallback,
        StepAction::Interrupt(1),
        StepAction::Voicemail,
    ];
    let mut table = String::new();
    for when in conditions {
        for action in &actions {
            writeln!(table, "{when:?}: {action:?}").expect("a text takes it");
            for line in day(when, action.clone()) {
                writeln!(table, "    {line}").expect("a text takes it");
            }
        }
    }
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/room/steps.txt");
    if std::env::var_os("TURNO_BLESS").is_some() {
        fs::write(&golden, &table).expect("the golden file");
    }
    assert_eq!(table, fs::read_to_string(&golden).expect("the golden file"));
}

/// What two callers live through in a queue with one step: nobody else works, and in the second minute Bruno and Carla are
/// back from lunch.
fn day(when: StepWhen, action: StepAction) -> Vec<String> {
    let first = QueuePlan {
        level_max: Some(1),
        steps: vec![step(when, action)],
        announcements: matches!(when, StepWhen::ToldOver(_)).then(sample::announcements),
        ..queue(0)
    };
    let mut stage = at_lunch(first);
    if when == StepWhen::Nobody {
        for agent in [ANA, BRUNO] {
            stage.act(|room, now| room.log_out(agent, now)).expect("they may go");
        }
    }
    if when == StepWhen::Closed {
        stage.act(|room, now| room.turn_queue(CEDULA, QueueState::Closed, now));
    }
    let began = stage.facts.len();
    let start = stage.now;
    stage.call(1, CEDULA);
    stage.wait(1);
    stage.call(2, CEDULA);
    stage.wait(70);
    if when == StepWhen::Nobody {
        stage.works(BRUNO);
    } else {
        back(&mut stage, BRUNO);
    }
    back(&mut stage, CARLA);
    let tell = |fact: &Fact| match fact {
        Fact::AgentChanged { .. } | Fact::WaitTold(_) | Fact::Registered { .. } => None,
        Fact::Queued { contact, queue, priority, position } => {
            Some(format!("{contact:?} in {queue:?}, priority {priority}, place {position}"))
        }
        Fact::Offered { contact, agent, queue, .. } => Some(format!("{contact:?} of {queue:?} to {agent:?}")),
        Fact::Stepped(step) => {
            Some(format!("{:?} step {}: {:?}: {:?}", step.contact, step.number, step.why, step.did))
        }
        other => Some(format!("{other:?}")),
    };
    let told = stage.facts[began..].iter();
    let mut lines: Vec<String> = told
        .filter_map(|(at, fact)| Some(format!("{:>2} s {}", at.since(start).as_secs(), tell(fact)?)))
        .collect();
    lines.extend(stage.cues.iter().map(|cue| format!("     {cue:?}")));
    lines
}

#[test]
fn the_reserve_joins_when_the_wait_is_long_enough() {
    let steps = vec![after(20, StepAction::LevelMax(Some(2))), after(40, StepAction::LevelMax(None))];
    let mut stage = at_lunch(QueuePlan { level_max: Some(1), steps, ..queue(0) });
    stage.call(1, CEDULA);
    back(&mut stage, BRUNO);
    stage.wait(19);
    assert!(stage.offered().is_empty(), "Bruno is the reserve");
    stage.wait(1);
    assert_eq!(stage.offered(), [(BRUNO, 1)], "in the step in which the contact may go to him");
}

#[test]
fn a_step_is_not_taken_while_an_agents_phone_rings_and_is_taken_afterwards() {
    let steps = vec![after(10, StepAction::PromptAndEnd(TOO_LONG))];
    let mut stage = at_lunch(QueuePlan { steps, ..queue(0) });
    let caller = stage.call(1, CEDULA);
    back(&mut stage, ANA);
    stage.wait(12);
    assert!(taken(&stage).is_empty(), "Ana's phone rings");
    let offer = stage.offer();
    stage.settle(offer, OfferOutcome::Refused);
    stage.wait(0);
    assert_eq!(stage.cues, [Cue::Treat(caller, TOO_LONG)]);
}

#[test]
fn a_reserve_agent_takes_the_contact_that_may_come_and_is_told_which_may_not() {
    // Order: the earlier contact is passed over for its level alone, and the decision says so.
    let steps = vec![after(30, StepAction::LevelMax(None))];
    let mut stage = Stage::new(plan(
        vec![QueuePlan { level_max: Some(1), steps, ..queue(0) }, queue(0)],
        vec![agent(&[(0, 2)])],
    ));
    stage.works(ANA);
    stage.act(|room, now| room.aux(ANA, 0, now)).expect("a lunch");
    stage.call(1, CEDULA);
    stage.wait(1);
    stage.call(2, PASSPORT);
    back(&mut stage, ANA);
    assert_eq!(stage.offered(), [(ANA, 2)]);
    let reasons = last_decision(&stage).passed_over;
    assert_eq!(reasons.to_vec(), [(Candidate::Contact(ContactId(1), CEDULA), PassedOver::BeyondLevel)]);
}

#[test]
fn an_idle_reserve_agent_is_named_in_the_decision() {
    let mut stage = Stage::new(plan(
        vec![QueuePlan { level_max: Some(1), ..queue(0) }],
        vec![agent(&[(0, 1)]), agent(&[(0, 2)])],
    ));
    stage.everyone_works(2);
    stage.call(1, CEDULA);
    let reasons = last_decision(&stage).passed_over;
    assert_eq!(reasons.to_vec(), [(Candidate::Agent(BRUNO), PassedOver::BeyondLevel)]);
}

#[test]
fn an_agent_of_both_queues_takes_the_one_who_has_waited_longest() {
    // A contact that agents of another queue may take stands in one order with theirs, at its arrival.
    let steps = vec![after(10, StepAction::Also(PASSPORT))];
    let mut stage = at_lunch(QueuePlan { steps, ..queue(0) });
    stage.call(1, PASSPORT);
    stage.wait(1);
    stage.call(2, CEDULA);
    stage.wait(1);
    stage.call(3, PASSPORT);
    stage.wait(20);
    for expected in 1..=3 {
        back(&mut stage, CARLA);
        assert_eq!(stage.answers(CARLA), ContactId(expected));
        stage.act(|room, now| room.release(ContactId(expected), turno_model::EndedBy::Caller, now));
        stage.act(|room, now| room.end_acw(CARLA, now)).expect("she writes nothing");
        stage.act(|room, now| room.aux(CARLA, 0, now)).ok();
        if expected < 3 {
            let offer = stage.offers.pop().expect("the next one rings at once");
            stage.settle(offer, OfferOutcome::Withdrawn);
        }
    }
}

#[test]
fn a_contact_that_moves_keeps_its_wait_and_its_place() {
    let steps = vec![after(30, StepAction::MoveTo(PASSPORT))];
    let mut stage = at_lunch(QueuePlan { steps, ..queue(0) });
    stage.call(1, CEDULA);
    stage.wait(10);
    stage.call(2, PASSPORT);
    stage.wait(20);
    assert_eq!(stage.cues, [Cue::Moved(ContactId(1), PASSPORT)]);
    assert_eq!((stage.room.waiting(CEDULA), stage.room.waiting(PASSPORT)), (0, 2));
    back(&mut stage, CARLA);
    assert_eq!(stage.offered(), [(CARLA, 1)], "it has waited longer");
}

#[test]
fn nobody_is_moved_to_a_closed_queue() {
    let steps = vec![after(30, StepAction::MoveTo(PASSPORT))];
    let mut stage = at_lunch(QueuePlan { steps, ..queue(0) });
    stage.act(|room, now| room.turn_queue(PASSPORT, QueueState::Closed, now));
    stage.call(1, CEDULA);
    stage.wait(60);
    assert_eq!(taken(&stage), [StepDid::TargetClosed(PASSPORT)]);
    assert_eq!(stage.room.waiting(CEDULA), 1, "the contact waits on");
}

#[test]
fn a_caller_for_whom_an_outside_number_does_not_answer_waits_on_at_the_old_place() {
    let steps = vec![after(30, StepAction::SendTo("022551234".to_owned()))];
    let mut stage = at_lunch(QueuePlan { steps, ..queue(0) });
    let first = stage.call(1, CEDULA);
    stage.wait(1);
    stage.call(2, CEDULA);
    stage.wait(29);
    assert_eq!(stage.cues, [Cue::SendTo(first, "022551234".to_owned())]);
    back(&mut stage, ANA);
    assert_eq!(stage.offered(), [(ANA, 2)], "the first one is being connected");
    stage.act(|room, now| room.not_sent(first, now));
    back(&mut stage, BRUNO);
    assert_eq!(stage.offered(), [(ANA, 2), (BRUNO, 1)]);
    stage.wait(600);
    let is_first = |fact: &Fact| match fact {
        Fact::Stepped(step) => step.contact == first && matches!(step.did, StepDid::Sending(_)),
        _ => false,
    };
    let sent = stage.facts.iter().filter(|(_, fact)| is_first(fact)).count();
    assert_eq!(sent, 1, "a contact takes a step once");
}

#[test]
fn a_caller_who_is_connected_outside_has_left_the_queue() {
    let steps = vec![after(30, StepAction::SendTo("022551234".to_owned()))];
    let mut stage = at_lunch(QueuePlan { steps, ..queue(0) });
    let caller = stage.call(1, CEDULA);
    stage.wait(30);
    stage.act(|room, now| room.sent(caller, now));
    assert_eq!(stage.ended(), [(1, ContactOutcome::Outflowed)]);
    stage.act(|room, now| room.sent(caller, now));
    assert_eq!(stage.ended().len(), 1, "a second answer changes nothing");
}

#[test]
fn a_caller_who_gives_up_while_an_outside_number_rings_has_abandoned() {
    let steps = vec![after(30, StepAction::SendTo("022551234".to_owned()))];
    let mut stage = at_lunch(QueuePlan { steps, ..queue(0) });
    let caller = stage.call(1, CEDULA);
    stage.wait(40);
    stage.act(|room, now| room.abandon(caller, now));
    assert_eq!(stage.ended(), [(1, ContactOutcome::Abandoned)]);
}

#[test]
fn what_a_step_has_widened_stays_so_under_another_plan() {
    let steps = vec![after(5, StepAction::Also(PASSPORT))];
    let mut stage = at_lunch(QueuePlan { steps, ..queue(0) });
    stage.call(1, CEDULA);
    stage.wait(6);
    let mut wider =
        plan(vec![queue(0), queue(1), queue(2)], vec![agent(&[(0, 1)]), agent(&[(0, 2)]), agent(&[(1, 1)])]);
    wider.site = "wider".to_owned();
    stage.act(|room, now| room.replan(std::sync::Arc::new(wider), now));
    back(&mut stage, CARLA);
    assert_eq!(stage.offered(), [(CARLA, 1)], "what a step has widened stays under another plan");
    assert_eq!(stage.room.waiting(QueueId(0)), 1, "one contact of that queue rings");
}

#[test]
fn a_step_that_did_nothing_for_a_contact_is_not_taken_when_its_number_is_another_step() {
    // Wound: who was called back passed by the offer of a callback, and after a reload also the step that had its number then.
    let none = [
        (Channel::Voicemail, StepAction::OfferCallback),
        (Channel::Voice, StepAction::LevelMax(None)),
        (Channel::Email, StepAction::Voicemail),
    ];
    for (channel, action) in none {
        let mut stage = at_lunch(QueuePlan { steps: vec![after(5, action)], ..queue(0) });
        stage.comes(1, channel);
        stage.wait(20);
        assert!(taken(&stage).is_empty());
        let steps = vec![after(5, StepAction::Raise(2))];
        let edited = vec![QueuePlan { steps, ..queue(0) }, queue(1)];
        let agents = vec![agent(&[(0, 1)]), agent(&[(0, 2)]), agent(&[(1, 1)])];
        stage.act(|room, now| room.replan(std::sync::Arc::new(plan(edited, agents)), now));
        stage.wait(0);
        assert!(matches!(taken(&stage)[..], [StepDid::Raised(_)]), "{:?}", taken(&stage));
    }
}
