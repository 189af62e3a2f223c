//! Hold, the longest hold, and the tones that only the agent hears.

use turno_media_plan::Tone;
use turno_model::{AgentState, Fact};
use turno_tests::stage::{Stage, answering, ringing, secs};

#[test]
fn a_held_caller_hears_music_and_comes_back() {
    // RFC 3264, 8.4: hold and resume.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    stage.holds(at_ana);
    stage.until("the caller hears music", secs(2), |stage| stage.hears_music(caller));
    assert_eq!(stage.state("a001"), AgentState::Holding);
    stage.run_for(secs(30));
    stage.resumes(at_ana);
    stage.until("they talk again", secs(2), |stage| stage.hear_each_other(caller, at_ana));
    stage.run_for(secs(10));
    stage.finish();
    let held = stage.facts().iter().find_map(|(_, fact)| match fact {
        Fact::Disconnected { held, .. } => Some(*held),
        _ => None,
    });
    let held = held.expect("a segment ended");
    assert!(held >= secs(30) && held < secs(31), "{held:?}");
}

#[test]
fn a_held_caller_is_recalled_after_two_minutes() {
    // Wound: caller forgotten on hold.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    stage.behaves(ana, ringing());
    stage.holds(at_ana);
    stage.run_for(secs(119));
    assert_eq!(stage.times_rung(ana), 1);
    stage.run_for(secs(2));
    assert_eq!(stage.times_rung(ana), 2, "the phone rings for the held caller");
    assert_eq!(stage.count(|fact| matches!(fact, Fact::HoldRecalled { .. })), 1);
    let recall = stage.last_incoming(ana).expect("it rings");
    stage.answers(recall);
    stage.until("they talk again", secs(2), |stage| stage.hear_each_other(caller, recall));
    assert_eq!(stage.state("a001"), AgentState::Talking);
    stage.run_for(secs(5));
    assert!(stage.is_over(at_ana), "the first line was let go");
    stage.hangs_up(caller);
    stage.run_for(secs(1));
    stage.finish();
    assert_eq!(stage.connected(), 1);
}

#[test]
fn an_agent_who_comes_back_by_the_first_line_stops_the_recall() {
    // Wound: caller forgotten on hold.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    stage.behaves(ana, ringing());
    stage.holds(at_ana);
    stage.run_for(secs(122));
    let recall = stage.last_incoming(ana).expect("it rings");
    assert_ne!(recall, at_ana);
    stage.resumes(at_ana);
    stage.until("they talk again", secs(2), |stage| stage.hear_each_other(caller, at_ana));
    stage.run_for(secs(1));
    assert!(stage.is_over(recall));
    stage.finish();
}

#[test]
fn a_recall_that_nobody_takes_is_made_again() {
    // Wound: caller forgotten on hold.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    stage.behaves(ana, ringing());
    stage.holds(at_ana);
    stage.run_for(secs(400));
    assert!(stage.times_rung(ana) >= 3, "{}", stage.times_rung(ana));
    assert!(stage.hears_music(caller), "the caller is still there");
    stage.hangs_up(caller);
    stage.run_for(secs(1));
    assert_eq!(stage.state("a001"), AgentState::Acw);
    stage.finish();
}

#[test]
fn a_caller_who_holds_does_not_become_the_agents_hold() {
    // RFC 3264, 8.4: the citizen's phone may hold too.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    stage.holds(caller);
    stage.run_for(secs(200));
    assert_eq!(stage.state("a001"), AgentState::Talking);
    assert_eq!(stage.count(|fact| matches!(fact, Fact::HoldRecalled { .. })), 0);
    stage.resumes(caller);
    stage.until("they talk again", secs(2), |stage| stage.hear_each_other(caller, at_ana));
    stage.finish();
}

#[test]
fn only_the_agent_hears_the_tones_of_the_handling_target() {
    // The agent hears a tone at 150 s and at 180 s, the caller hears none.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    let connected = stage.when(|fact| matches!(fact, Fact::Connected { .. })).expect("they talk");
    stage.run_for(secs(60));
    stage.holds(at_ana);
    stage.run_for(secs(30));
    stage.resumes(at_ana);
    stage.run_for(secs(59));
    assert_eq!(stage.tones(at_ana), []);
    stage.run_for(secs(2));
    assert_eq!(stage.tones(at_ana), [Tone::Warning]);
    stage.run_for(secs(30));
    assert_eq!(stage.tones(at_ana), [Tone::Warning, Tone::Breach]);
    assert_eq!(stage.tones(caller), []);
    let warned = stage.when_tone(Tone::Warning).expect("it was heard");
    let breached = stage.when_tone(Tone::Breach).expect("it was heard");
    assert_eq!((warned.since(connected), breached.since(connected)), (secs(150), secs(180)));
    assert!(stage.hear_each_other(caller, at_ana), "the citizen is never cut off");
    stage.finish();
}
