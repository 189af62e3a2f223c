//! A caller who calls again gets the agent who served them last, if that agent is free.

use core::time::Duration;

use turno_model::{AgentId, CallerKnown, Candidate, Decision, Fact, PassedOver, Rule};
use turno_tests::stage::{Desk, Stage, answering, millis, secs};

/// How long callers are known.
const KNOWN: Duration = secs(600);

/// Ana and Bruno at work; Ana has served this caller, and Bruno has been idle for longer.
fn served_by_ana(caller: &str) -> (Stage, Desk, Desk) {
    let mut stage = Stage::with(|plan| {
        plan.queues.iter_mut().for_each(|queue| {
            (queue.last_agent, queue.rule) = (Some(KNOWN), Rule::UcdMia);
        });
    });
    stage.keeps_journal();
    let ana = stage.agent("a001", answering(millis(500)));
    stage.run_for(secs(1));
    let first = stage.call("7001", caller);
    stage.talks_to(first, ana);
    let bruno = stage.agent("a002", answering(millis(500)));
    stage.run_for(secs(5));
    stage.hangs_up(first);
    stage.run_for(secs(20));
    (stage, ana, bruno)
}

fn decision(stage: &Stage) -> Decision {
    let offered = stage.facts().iter().rev().find_map(|(_, fact)| match fact {
        Fact::Offered { decision, .. } => Some((**decision).clone()),
        _ => None,
    });
    offered.expect("something was offered")
}

fn led(stage: &Stage) -> Vec<AgentId> {
    let led = stage.facts().iter().filter_map(|(_, fact)| match fact {
        Fact::CallerKnown(_, CallerKnown::ServedBy { agent }) => Some(*agent),
        _ => None,
    });
    led.collect()
}

#[test]
fn a_caller_who_calls_again_gets_the_agent_of_last_time() {
    let (mut stage, ana, bruno) = served_by_ana("0991234567");
    stage.keep_messages();
    // However the carrier writes the number now.
    let again = stage.call("7001", "+593991234567");
    stage.talks_to(again, ana);
    let (ana_id, bruno_id) = (stage.who("a001"), stage.who("a002"));
    let why = decision(&stage);
    assert_eq!((why.winner, why.rule), (ana_id, Rule::LastAgent));
    assert_eq!(why.passed_over.to_vec(), [(Candidate::Agent(bruno_id), PassedOver::NotLastAgent)]);
    let told = format!("{:?}", stage.story(why.contact));
    assert!(told.contains("was served by") && told.contains("by last agent"), "{told}");
    stage.hangs_up(again);
    stage.run_for(secs(15));
    let other = stage.call("7001", "0997777777");
    stage.talks_to(other, bruno);
    assert_eq!(decision(&stage).rule, Rule::UcdMia, "nobody served this caller before");
    assert_eq!(led(&stage), [ana_id]);
    stage.hangs_up(other);
    stage.finish();
}

#[test]
fn nobody_waits_for_the_last_agent_while_another_one_is_free() {
    let (mut stage, ana, bruno) = served_by_ana("0991234567");
    let busy = stage.call("7001", "0991234567");
    stage.talks_to(busy, ana);
    // The same household calls at the same time.
    let again = stage.call("7001", "0991234567");
    stage.talks_to(again, bruno);
    assert_eq!(decision(&stage).rule, Rule::UcdMia);
    stage.hangs_up(busy);
    stage.hangs_up(again);
    stage.run_for(secs(15));
    let third = stage.call("7001", "0991234567");
    stage.talks_to(third, bruno);
    assert_eq!(led(&stage), [stage.who("a001"), stage.who("a001"), stage.who("a002")], "the last one counts");
    stage.hangs_up(third);
    stage.finish();
}

#[test]
fn a_crash_keeps_who_served_whom_and_time_lets_it_go() {
    // Wound: the memory of last agents is gone with each restart, or stays for ever.
    let (mut stage, ana, bruno) = served_by_ana("0991234567");
    stage.crashes(millis(300));
    let again = stage.call("7001", "0991234567");
    stage.talks_to(again, ana);
    stage.hangs_up(again);
    stage.run_for(KNOWN);
    stage.crashes(millis(300));
    let late = stage.call("7001", "0991234567");
    stage.talks_to(late, bruno);
    assert_eq!(led(&stage).len(), 1, "after that time nobody is known");
    stage.hangs_up(late);
    stage.finish();
}

#[test]
fn an_agent_who_missed_the_call_does_not_get_it_again_for_having_served_before() {
    let (mut stage, ana, bruno) = served_by_ana("0991234567");
    stage.behaves(ana, turno_tests::stage::refusing(486));
    let again = stage.call("7001", "0991234567");
    stage.talks_to(again, bruno);
    assert_eq!(decision(&stage).rule, Rule::UcdMia);
    stage.hangs_up(again);
    stage.finish();
}

#[test]
fn without_the_key_nothing_is_remembered() {
    let mut stage = Stage::new();
    stage.keeps_journal();
    let ana = stage.agent("a001", answering(millis(500)));
    for _ in 0..2 {
        let line = stage.call("7001", "0991234567");
        stage.talks_to(line, ana);
        stage.hangs_up(line);
        stage.run_for(secs(15));
    }
    assert_eq!(led(&stage), []);
    stage.finish();
}
