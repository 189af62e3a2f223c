//! The site is edited while people wait and talk.

use turno_model::plan::AcwPlan;
use turno_model::{AgentState, Fact};
use turno_tests::stage::{Stage, answering, plan, secs};

#[test]
fn a_talk_goes_on_while_queues_and_agents_change_their_order() {
    // Wound: a reload moves people because they are named by their places.
    let mut stage = Stage::new();
    stage.keeps_journal();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    let mut edited = plan::site();
    edited.agents.reverse();
    stage.replans(edited);
    assert!(stage.hear_each_other(caller, at_ana));
    assert_eq!(stage.state("a001"), AgentState::Talking);
    stage.crashes(secs(1));
    assert!(stage.hear_each_other(caller, at_ana));
    stage.hangs_up(caller);
    stage.run_for(secs(1));
    stage.finish();
}

#[test]
fn who_waits_is_offered_at_once_to_somebody_who_has_got_the_skill() {
    // Wound: a new agent gets nobody until the next call comes.
    let mut edited = plan::site();
    let mut stage = Stage::with(|plan| {
        for agent in &mut plan.agents {
            agent.skills.clear();
        }
    });
    stage.keeps_journal();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    stage.run_for(secs(10));
    assert_eq!(stage.times_rung(ana), 0);
    edited.queues.iter_mut().for_each(|queue| queue.acw = AcwPlan::Timed(secs(7)));
    stage.replans(edited);
    assert_eq!(
        stage.count(|fact| matches!(fact, Fact::Offered { delay, .. } if delay.is_zero())),
        1,
        "at once"
    );
    let at_ana = stage.talks_to(caller, ana);
    stage.hangs_up(at_ana);
    stage.run_for(secs(6));
    assert_eq!(stage.state("a001"), AgentState::Acw, "the new after-call work counts");
    stage.run_for(secs(2));
    assert_eq!(stage.state("a001"), AgentState::Available);
    stage.finish();
}

#[test]
fn whoever_got_the_skill_while_turno_was_gone_is_offered_who_waits_when_it_is_back() {
    // Wound: after a restart a caller waits beside a free agent until the next call comes.
    let mut stage = Stage::with(|plan| plan.agents.iter_mut().for_each(|agent| agent.skills.clear()));
    stage.keeps_journal();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    stage.run_for(secs(10));
    stage.edits_while_down(plan::site());
    stage.crashes(secs(1));
    let at_ana = stage.talks_to(caller, ana);
    stage.hangs_up(at_ana);
    stage.run_for(secs(1));
    stage.finish();
}

#[test]
fn a_reason_that_the_plan_does_not_have_is_refused() {
    // Found by the simulated world: after a reload the figures no longer knew what the agent was away for.
    let mut stage = Stage::with(|plan| plan.aux_reasons.clear());
    let ana = stage.who("a001");
    assert!(stage.command(turno_model::Command::Aux(ana, 0)).is_err());
    stage.finish();
}

#[test]
fn who_comes_to_the_site_is_there_after_a_crash_too() {
    // Wound: an agent who came by a reload is unknown after a restart.
    let mut stage = Stage::with(|plan| plan.agents.truncate(1));
    stage.keeps_journal();
    stage.replans(plan::site());
    let ben = stage.agent("a002", answering(secs(1)));
    stage.run_for(secs(1));
    stage.crashes(secs(1));
    let caller = stage.call("7000", "0991234567");
    let at_ben = stage.talks_to(caller, ben);
    stage.hangs_up(at_ben);
    stage.run_for(secs(1));
    stage.finish();
}

#[test]
fn whoever_is_gone_from_the_site_ends_the_talk_first() {
    // Wound: a reload cuts a talk off.
    let mut stage = Stage::new();
    stage.keeps_journal();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    let mut edited = plan::site();
    edited.agents.retain(|agent| agent.extension != "a001");
    stage.replans(edited);
    stage.run_for(secs(10));
    assert!(stage.hear_each_other(caller, at_ana));
    stage.hangs_up(caller);
    stage.run_for(secs(1));
    assert_eq!(stage.state("a001"), AgentState::LoggedOut);
    let second = stage.call("7000", "0990000000");
    stage.run_for(secs(5));
    assert_eq!(stage.times_rung(ana), 1, "nobody of that name is rung any more");
    stage.hangs_up(second);
    stage.run_for(secs(1));
    stage.finish();
}

#[test]
fn whoever_is_gone_from_the_site_is_gone_after_a_restart_too() {
    // Wound: an agent who was dismissed stays ready in the figures.
    let mut stage = Stage::new();
    stage.keeps_journal();
    let ana = stage.agent("a001", answering(secs(1)));
    let mut edited = plan::site();
    edited.agents.retain(|agent| agent.extension != "a001");
    stage.edits_while_down(edited);
    stage.crashes(secs(1));
    assert_eq!(stage.state("a001"), AgentState::LoggedOut);
    let caller = stage.call("7000", "0990000000");
    stage.run_for(secs(5));
    assert_eq!(stage.times_rung(ana), 0);
    stage.hangs_up(caller);
    stage.run_for(secs(1));
    stage.finish();
}
