//! Supervisors who dial into a talk, change the way by a key, and take over.

use turno_model::{AgentState, Asker, AuxReason, Command, ContactOutcome, Done, Fact, Observing, Refusal};
use turno_tests::stage::{Line, Stage, millis, ringing, secs};

use super::{ALL_HEAR_ALL, AND_THE_AGENT_HEARS, HEARS_BOTH, Talk, count, is_ended, talk, talk_on};

/// Eva dials this code and Ana's extension.
fn dials_in(talk: &mut Talk, code: &str) -> Line {
    let eva = talk.stage.dials(talk.eva, &format!("{code}a001"));
    talk.stage.until("Eva is in the talk", secs(5), |stage| stage.is_talking(eva));
    eva
}

#[test]
fn a_supervisor_dials_into_a_talk_and_changes_the_way_by_a_key() {
    let mut talk = talk();
    let eva = dials_in(&mut talk, "*21");
    assert_eq!(talk.ears(eva), HEARS_BOTH);
    for (key, ears) in
        [('2', AND_THE_AGENT_HEARS), ('3', ALL_HEAR_ALL), ('9', ALL_HEAR_ALL), ('1', HEARS_BOTH)]
    {
        talk.stage.presses(eva, key);
        assert_eq!(talk.ears(eva), ears, "{key}");
    }
    talk.stage.presses_by_info(eva, '2');
    talk.stage.until("whispers", secs(2), |stage| count(stage, is_ended) == 3);
    let who = talk.stage.who("a003");
    let by_phone =
        |fact: &Fact| matches!(fact, Fact::ObservingBegan { by: Asker::Phone(it), .. } if *it == who);
    assert_eq!(talk.stage.count(by_phone), 4, "who asked is Eva, by her phone");
    talk.stage.hangs_up(eva);
    talk.eva_is_gone(eva);
    assert!(talk.stage.hear_each_other(talk.caller, talk.at_ana));
    talk.ends();
}

#[test]
fn who_may_not_observe_or_finds_no_talk_hears_so() {
    let stage = Stage::with(|plan| plan.agents[2].supervises = false);
    let mut talk = talk_on(stage);
    assert_eq!(talk.asks(Observing::Listen), Err(Refusal::NotSupervisor));
    let eva = talk.stage.dials(talk.eva, "*21a001");
    talk.stage.until("she is refused", secs(8), |stage| stage.is_over(eva));
    assert_eq!(talk.began(), 0);
    talk.ends();
}

#[test]
fn a_supervisor_takes_a_talk_over_and_the_agent_is_released() {
    for is_dialled in [false, true] {
        let mut talk = talk();
        let who = talk.stage.who("a003");
        let eva = if is_dialled { dials_in(&mut talk, "*24") } else { talk.observes(Observing::Listen) };
        if !is_dialled {
            assert_eq!(talk.stage.command(Command::TakeOver(who)), Ok(Done::Now));
        }
        talk.stage.until("Ana is let go", secs(5), |stage| stage.is_over(talk.at_ana));
        assert!(talk.stage.hear_each_other(talk.caller, eva));
        assert_eq!(talk.stage.state("a003"), AgentState::Talking);
        assert_ne!(talk.stage.state("a001"), AgentState::Talking);
        let taken = |fact: &Fact| matches!(fact, Fact::TakenOver { to, .. } if *to == who);
        assert_eq!((talk.stage.count(taken), count(&talk.stage, is_ended)), (1, 1));
        // The supervisor is the agent now: holds, and is followed by after-call work like any agent.
        talk.stage.holds(eva);
        talk.stage.until("held", secs(2), |stage| stage.state("a003") == AgentState::Holding);
        talk.stage.resumes(eva);
        talk.stage.run_for(secs(1));
        talk.stage.hangs_up(eva);
        talk.stage.until("it ends", secs(5), |stage| stage.ended(ContactOutcome::Answered) == 1);
        let segments = |fact: &Fact| matches!(fact, Fact::Disconnected { .. });
        assert_eq!(talk.stage.count(segments), 2, "one contact, two segments");
        talk.ends();
    }
}

#[test]
fn a_supervisor_in_a_break_takes_over_and_is_in_the_break_again_afterwards() {
    let mut talk = talk();
    let who = talk.stage.who("a003");
    talk.stage.command(Command::Aux(who, 1)).expect("Eva may rest");
    let eva = dials_in(&mut talk, "*23");
    talk.stage.presses(eva, '4');
    talk.stage.until("Eva has it", secs(5), |stage| stage.state("a003") == AgentState::Talking);
    talk.stage.hangs_up(talk.caller);
    let rests = AgentState::Aux(AuxReason::Planned(1));
    talk.stage.until("Eva rests", secs(5), |stage| stage.state("a003") == rests);
    talk.ends();
}

#[test]
fn a_supervisor_who_is_logged_out_takes_over_and_is_logged_out_afterwards() {
    let mut talk = talk();
    let who = talk.stage.who("a003");
    talk.stage.command(Command::LogOut(who)).expect("Eva may go");
    let eva = dials_in(&mut talk, "*24");
    assert_eq!(talk.stage.state("a003"), AgentState::Talking);
    talk.stage.hangs_up(talk.caller);
    talk.stage.until("Eva is out", secs(5), |stage| stage.state("a003") == AgentState::LoggedOut);
    talk.stage.until("her call is over", secs(2), |stage| stage.is_over(eva));
    talk.ends();
}

#[test]
fn a_talk_that_was_taken_over_outlives_a_crash() {
    let mut stage = Stage::new();
    stage.keeps_journal();
    let mut talk = talk_on(stage);
    let eva = dials_in(&mut talk, "*24");
    talk.stage.crashes(millis(300));
    assert!(talk.stage.hear_each_other(talk.caller, eva));
    assert_eq!(talk.stage.state("a003"), AgentState::Talking);
    talk.stage.hangs_up(eva);
    talk.stage.until("it ends", secs(5), |stage| stage.ended(ContactOutcome::Answered) == 1);
    talk.ends();
}

#[test]
fn a_caller_who_is_being_transferred_is_not_taken_over() {
    let mut talk = talk();
    let who = talk.stage.who("a003");
    assert_eq!(talk.stage.command(Command::TakeOver(who)), Err(Refusal::NotObserving));
    talk.observes(Observing::Listen);
    talk.stage.agent("a002", ringing());
    talk.stage.passes_on(talk.at_ana, "a002");
    talk.stage.run_for(secs(1));
    assert_eq!(talk.stage.command(Command::TakeOver(who)), Err(Refusal::PassedOn));
    talk.ends();
}
