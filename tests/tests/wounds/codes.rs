//! Feature codes: what an agent dials, and which prompt confirms it.

use core::time::Duration;

use turno_media_plan::{Audio, PromptId, Tone};
use turno_model::agent_state::AuxReason;
use turno_model::command::feature_code::FeatureCode;
use turno_model::plan::{AcwPlan, PromptPlan, WrapUpCodePlan};
use turno_model::{AgentState, Asker, Command, Fact, PromptName};
use turno_tests::stage::{Desk, Stage, answering, secs};

/// Dials a code and returns the audio that the agent hears; turno ends the call.
fn dial(stage: &mut Stage, desk: Desk, code: &str) -> Option<Audio> {
    dial_and_listen(stage, desk, code, secs(1))
}

/// The same, for audio that takes at most `span`.
fn dial_and_listen(stage: &mut Stage, desk: Desk, code: &str, span: Duration) -> Option<Audio> {
    let line = stage.dials(desk, code);
    stage.until("something is heard", secs(2), |stage| stage.is_talking(line) && stage.hears(line).is_some());
    let heard = stage.hears(line);
    stage.run_for(span);
    assert!(stage.is_over(line), "the phone is free again");
    heard
}

#[test]
fn a_shift_by_feature_codes() {
    // Each code does its action and is confirmed by a tone.
    let mut stage = Stage::with(|plan| plan.agents.iter_mut().for_each(|agent| agent.auto_login = false));
    let ana = stage.agent("a001", answering(secs(1)));
    assert_eq!(stage.state("a001"), AgentState::LoggedOut);
    let confirmed = Some(Audio::Tone(Tone::Confirm));
    assert_eq!(dial(&mut stage, ana, "*11"), confirmed);
    assert_eq!(stage.state("a001"), AgentState::Available);
    assert_eq!(dial(&mut stage, ana, "*142"), confirmed);
    assert_eq!(stage.state("a001"), AgentState::Aux(AuxReason::Planned(1)));
    assert_eq!(dial(&mut stage, ana, "*13"), confirmed);
    assert_eq!(stage.state("a001"), AgentState::Available);
    let caller = stage.call("7000", "0991234567");
    stage.talks_to(caller, ana);
    stage.hangs_up(caller);
    stage.run_for(secs(1));
    assert_eq!(dial(&mut stage, ana, "*16patente"), confirmed);
    assert_eq!(stage.count(|fact| matches!(fact, Fact::WrapUp { code, .. } if code == "patente")), 1);
    assert_eq!(stage.state("a001"), AgentState::Acw);
    assert_eq!(dial(&mut stage, ana, "*15"), confirmed);
    assert_eq!(stage.state("a001"), AgentState::Available);
    assert_eq!(dial(&mut stage, ana, "*12"), confirmed);
    assert_eq!(stage.state("a001"), AgentState::LoggedOut);
    stage.finish();
}

#[test]
fn what_is_not_planned_or_not_possible_is_refused_and_changes_nothing() {
    // Wound: unknown values silently accepted.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let refused = Some(Audio::Tone(Tone::Refuse));
    for code in ["*149", "*15", "*16early"] {
        assert_eq!(dial(&mut stage, ana, code), refused, "{code}");
        assert_eq!(stage.state("a001"), AgentState::Available, "{code}");
    }
    stage.finish();
}

#[test]
fn a_code_that_comes_too_early_is_not_called_invalid() {
    // Wound: an agent who dials `*15` twice hears that the code is invalid, and tries another one.
    let said = |place: u32| Some(Audio::Prompts(vec![PromptId(u16::try_from(place).expect("few prompts"))]));
    let mut stage = Stage::with(|plan| {
        let prompt = |name: &str| PromptPlan { name: name.to_owned(), file: format!("{name}.wav").into() };
        plan.prompts = vec![prompt("invalid"), prompt("not_now")];
        plan.feature_codes.prompts[FeatureCode::CONFIRMED] = Some(PromptName(0));
        plan.feature_codes.prompts[FeatureCode::CONFIRMED + 1] = Some(PromptName(1));
    });
    let ana = stage.agent("a001", answering(secs(1)));
    for (code, place, why) in [
        ("*149", 0, "there is no such reason"),
        ("*15", 1, "there is no after-call work"),
        ("*16early", 1, "there was no contact"),
    ] {
        assert_eq!(dial_and_listen(&mut stage, ana, code, secs(30)), said(place), "{why}");
    }
    stage.finish();
}

#[test]
fn a_queue_lets_nobody_go_on_without_a_wrap_up_code_that_the_plan_has() {
    // Wound: forced wrap-up codes that any digits satisfy, or that keep an agent for ever.
    let mut stage = Stage::with(|plan| {
        let code = |code: &str| WrapUpCodePlan {
            code: code.to_owned(),
            name: code.to_owned(),
            handling_target: None,
        };
        plan.wrap_up_codes = vec![code("17"), code("18")];
        plan.queues.iter_mut().for_each(|queue| queue.wrap_up_required = true);
    });
    let ana = stage.agent("a001", answering(secs(1)));
    let (confirmed, refused) = (Some(Audio::Tone(Tone::Confirm)), Some(Audio::Tone(Tone::Refuse)));
    let serves = |stage: &mut Stage| {
        let caller = stage.call("7000", "0991234567");
        stage.talks_to(caller, ana);
        stage.hangs_up(caller);
        stage.run_for(secs(120));
        assert_eq!(stage.state("a001"), AgentState::Acw, "the code is missing");
    };
    serves(&mut stage);
    for code in ["*13", "*15", "*1619"] {
        assert_eq!(dial(&mut stage, ana, code), refused, "{code}");
    }
    assert_eq!(stage.state("a001"), AgentState::Acw);
    assert_eq!(dial(&mut stage, ana, "*1618"), confirmed);
    stage.run_for(secs(1));
    assert_eq!(stage.state("a001"), AgentState::Available);
    // A supervisor may let the agent go on.
    serves(&mut stage);
    let who = stage.who("a001");
    stage.ordered(Asker::Control, Command::Ready(who), None).expect("the supervisor decides");
    assert_eq!(stage.state("a001"), AgentState::Available);
    stage.finish();
}

#[test]
fn after_call_work_is_made_longer_by_a_code_once() {
    let mut stage = Stage::with(|plan| {
        plan.queues.iter_mut().for_each(|queue| queue.acw = AcwPlan::Timed(secs(20)));
    });
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    stage.talks_to(caller, ana);
    stage.hangs_up(caller);
    stage.run_for(secs(1));
    assert_eq!(dial(&mut stage, ana, "*25"), Some(Audio::Tone(Tone::Confirm)));
    assert_eq!(dial(&mut stage, ana, "*25"), Some(Audio::Tone(Tone::Refuse)));
    stage.run_for(secs(30));
    assert_eq!(stage.state("a001"), AgentState::Acw, "20 s and 20 s more");
    stage.run_for(secs(10));
    assert_eq!(stage.state("a001"), AgentState::Available);
    stage.finish();
}
