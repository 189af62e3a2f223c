//! Feature codes: what an agent dials, and which prompt confirms it.

use turno_media_plan::{Audio, Tone};
use turno_model::agent_state::AuxReason;
use turno_model::{AgentState, Fact};
use turno_tests::stage::{Desk, Stage, answering, secs};

/// Dials a code and tells what is heard; the call ends by itself.
fn dial(stage: &mut Stage, desk: Desk, code: &str) -> Option<Audio> {
    let line = stage.dials(desk, code);
    stage.until("something is heard", secs(2), |stage| stage.is_talking(line) && stage.hears(line).is_some());
    let heard = stage.hears(line);
    stage.run_for(secs(1));
    assert!(stage.is_over(line), "the phone is free again");
    heard
}

#[test]
fn a_shift_by_feature_codes() {
    // Each code is confirmed by a tone, and does what it says.
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
