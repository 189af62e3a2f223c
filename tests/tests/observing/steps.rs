//! Steps of a queue with real calls: moved, sent to an outside number, and through a crash.

use core::net::SocketAddr;

use turno_model::plan::{StepAction, StepPlan, StepWhen};
use turno_model::{Act, Asker, ContactOutcome, Fact, QueueId, QueueState, StepDid, TurnedAway};
use turno_phone::Behaviour;
use turno_tests::stage::{Desk, Stage, answering, millis, refusing, secs};

/// The queue of number 7000, and the one to which it moves contacts.
const INFO: QueueId = QueueId(0);
const GENERAL: QueueId = QueueId(2);

const OUTSIDE: &str = "0987654321";

fn after(seconds: u64, action: StepAction) -> StepPlan {
    StepPlan { when: StepWhen::Waited(secs(seconds)), action }
}

fn with(steps: Vec<StepPlan>) -> Stage {
    Stage::with(|plan| plan.queues[INFO.index()].steps = steps)
}

/// A phone behind the trunk.
fn outside(stage: &mut Stage, behaviour: Behaviour) -> Desk {
    let address = |port: u16| SocketAddr::from(([127, 40, 0, 1], port));
    stage.phone_at(OUTSIDE, "", (address(5060), address(40_000)), behaviour)
}

fn taken(stage: &Stage, is_it: impl Fn(&StepDid) -> bool) -> usize {
    stage.count(|fact| matches!(fact, Fact::Stepped(step) if is_it(&step.did)))
}

#[test]
fn a_caller_who_was_moved_talks_to_an_agent_of_the_other_queue() {
    // The call is in its new queue before an agent rings.
    let mut stage = Stage::with(|plan| {
        plan.queues[INFO.index()].steps = vec![after(10, StepAction::MoveTo(GENERAL))];
        let info = plan.queues[INFO.index()].skill;
        plan.agents.iter_mut().for_each(|agent| agent.skills.retain(|(skill, _)| *skill != info));
    });
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    stage.run_for(secs(9));
    assert_eq!(stage.times_rung(ana), 0, "nobody has the skill of the first queue");
    let at_ana = stage.talks_to(caller, ana);
    assert_eq!(taken(&stage, |did| *did == StepDid::Moved(GENERAL)), 1);
    stage.hangs_up(at_ana);
    stage.run_for(secs(1));
    stage.finish();
    assert_eq!(stage.ended(ContactOutcome::Answered), 1);
}

#[test]
fn a_caller_is_connected_to_an_outside_number_and_has_outflowed() {
    let mut stage = with(vec![after(10, StepAction::SendTo(OUTSIDE.to_owned()))]);
    let citizen = outside(&mut stage, answering(secs(2)));
    let caller = stage.call("7000", "0991234567");
    let there = stage.talks_to(caller, citizen);
    assert_eq!(taken(&stage, |did| matches!(did, StepDid::Sent(_))), 1);
    assert_eq!(stage.ended(ContactOutcome::Outflowed), 1);
    stage.hangs_up(there);
    stage.until("the call is over", secs(3), |stage| stage.is_over(caller));
    stage.finish();
}

#[test]
fn a_caller_whose_outside_number_is_busy_waits_on_and_is_served() {
    let mut stage = with(vec![after(10, StepAction::SendTo(OUTSIDE.to_owned()))]);
    outside(&mut stage, refusing(486));
    let caller = stage.call("7000", "0991234567");
    stage.until("it is busy", secs(20), |stage| taken(stage, |did| matches!(did, StepDid::NotSent(_))) == 1);
    stage.run_for(secs(2));
    assert!(stage.hears_music(caller), "the caller waits on");
    let ana = stage.agent("a001", answering(secs(1)));
    let at_ana = stage.talks_to(caller, ana);
    stage.hangs_up(at_ana);
    stage.run_for(secs(1));
    stage.finish();
    assert_eq!(stage.ended(ContactOutcome::Answered), 1);
}

#[test]
fn a_caller_who_hangs_up_while_the_outside_number_rings_has_abandoned() {
    let mut stage = with(vec![after(10, StepAction::SendTo(OUTSIDE.to_owned()))]);
    let citizen = outside(&mut stage, answering(secs(30)));
    let caller = stage.call("7000", "0991234567");
    stage.rings_at(citizen);
    stage.hangs_up(caller);
    stage.run_for(secs(2));
    assert_eq!(stage.ended(ContactOutcome::Abandoned), 1);
    stage.finish();
}

#[test]
fn steps_go_on_after_a_crash() {
    // What a contact has taken, and the time of its next step, are in its row.
    let mut stage =
        with(vec![after(5, StepAction::Raise(2)), after(12, StepAction::SendTo(OUTSIDE.to_owned()))]);
    stage.keeps_journal();
    let citizen = outside(&mut stage, answering(secs(4)));
    let caller = stage.call("7000", "0991234567");
    stage.run_for(secs(8));
    stage.crashes(millis(300));
    stage.run_for(secs(3));
    assert_eq!(taken(&stage, |did| *did == StepDid::Raised(2)), 1, "not again after the crash");
    stage.rings_at(citizen);
    stage.crashes(millis(300));
    stage.talks_to(caller, citizen);
    assert_eq!(stage.ended(ContactOutcome::Outflowed), 1);
    stage.hangs_up(caller);
    stage.run_for(secs(2));
    stage.finish();
}

#[test]
fn a_closed_queue_with_a_step_leads_its_callers_elsewhere() {
    let closed = StepPlan { when: StepWhen::Closed, action: StepAction::MoveTo(GENERAL) };
    let mut stage = with(vec![closed]);
    let close = Act::SetQueue(INFO, QueueState::Closed);
    stage.ordered(Asker::Control, close, None).expect("a supervisor may");
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    assert_eq!(stage.turned_away(TurnedAway::Closed), 0);
    stage.hangs_up(at_ana);
    stage.run_for(secs(1));
    stage.finish();
}
