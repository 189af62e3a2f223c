//! Transfers to a dependency outside, whose outcome the contact gets.

use turno_model::plan::{DependencyPlan, WrapUpCodePlan};
use turno_model::{AgentState, ContactOutcome, Fact, PassingChange};
use turno_tests::stage::{Desk, Line, Stage, answering, refusing, secs};

use super::{changes, outside};

/// Ana talks to a caller of a queue that asks for a wrap-up code; the civil registry is a phone behind the carrier.
fn talk() -> (Stage, Desk, Line, Line, Desk) {
    let mut stage = Stage::with(|plan| {
        plan.dependencies.push(DependencyPlan {
            name: "registry".to_owned(),
            extension: "801".to_owned(),
            number: "022551111".to_owned(),
            outcome: Some("21".to_owned()),
        });
        let code = |code: &str| WrapUpCodePlan {
            code: code.to_owned(),
            name: code.to_owned(),
            handling_target: None,
        };
        plan.wrap_up_codes = vec![code("21"), code("17")];
        plan.queues.iter_mut().for_each(|queue| queue.wrap_up_required = true);
        plan.dial_out.allow.clear();
    });
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    stage.run_for(secs(5));
    let registry = outside(&mut stage, "022551111", answering(secs(2)));
    (stage, ana, caller, at_ana, registry)
}

fn codes(stage: &Stage) -> Vec<String> {
    let codes = stage.facts().iter().filter_map(|(_, fact)| match fact {
        Fact::WrapUp { code, .. } => Some(code.to_string()),
        _ => None,
    });
    codes.collect()
}

fn rung() -> PassingChange {
    PassingChange::DependencyRung { dependency: "registry".into() }
}

fn reached() -> PassingChange {
    PassingChange::DependencyReached { dependency: "registry".into(), outcome: "21".into() }
}

#[test]
fn a_caller_who_is_passed_to_a_dependency_leaves_with_its_outcome() {
    let (mut stage, _, caller, at_ana, registry) = talk();
    stage.keep_messages();
    stage.passes_on(at_ana, "801");
    let there = stage.talks_to(caller, registry);
    assert!(stage.hear_each_other(caller, there));
    stage.run_for(secs(1));
    assert_eq!(changes(&stage), [rung(), reached()]);
    assert_eq!(codes(&stage), ["21"]);
    assert_eq!(stage.state("a001"), AgentState::Acw);
    stage.run_for(secs(15));
    assert_eq!(stage.state("a001"), AgentState::Available, "the outcome is the code that the queue asks for");
    assert_eq!(stage.snapshot().line_total.passed_on.get("registry"), Some(&1));
    let to = stage.facts().iter().find_map(|(_, fact)| match fact {
        Fact::Transferred { contact, to, .. } => Some((*contact, to.to_string())),
        _ => None,
    });
    let (contact, to) = to.expect("the caller was transferred");
    assert_eq!(to, "registry");
    let told = format!("{:?}", stage.story(contact));
    assert!(told.contains("registry answers: outcome 21"), "{told}");
    stage.hangs_up(caller);
    stage.run_for(secs(1));
    assert_eq!(stage.ended(ContactOutcome::Answered), 1);
    stage.finish();
}

#[test]
fn a_dependency_that_does_not_answer_leaves_the_caller_with_the_agent() {
    let (mut stage, _, caller, at_ana, registry) = talk();
    stage.behaves(registry, refusing(486));
    stage.passes_on(at_ana, "801");
    stage.run_for(secs(3));
    let failed = PassingChange::DependencyNotReached { dependency: "registry".into(), status: 486 };
    assert_eq!(changes(&stage), [rung(), failed]);
    assert!(stage.hear_each_other(caller, at_ana));
    assert_eq!(codes(&stage), Vec::<String>::new());
    stage.hangs_up(caller);
    stage.finish();
}

#[test]
fn an_agent_may_talk_to_the_dependency_first() {
    // RFC 5589, 7: attended transfer.
    let (mut stage, ana, caller, at_ana, registry) = talk();
    stage.holds(at_ana);
    stage.run_for(secs(1));
    let word = stage.dials(ana, "801");
    let there = stage.talks_to(word, registry);
    stage.joins(at_ana, word);
    stage.until("caller and registry talk", secs(10), |stage| stage.hear_each_other(caller, there));
    assert_eq!(changes(&stage), [reached()]);
    stage.hangs_up(caller);
    stage.finish();
}
