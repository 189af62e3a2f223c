//! A telephone that stays connected: it is dialled once, and each call is connected at once.

use turno_media_plan::{Audio, Tone};
use turno_model::plan::PhoneLine;
use turno_model::{AgentState, AuxReason, Command, ContactOutcome, OfferOutcome, PhoneChange, Plan, QueueId};
use turno_tests::stage::{Desk, Line, Stage, answering, refusing, secs};

use crate::people::{ANA, mobile, phone, picked_up, site, steps};

fn held(plan: &mut Plan) {
    phone(plan, |phone| phone.line = PhoneLine::Held);
    plan.agents.last_mut().expect("Ana").auto_login = false;
}

/// Ana logs in, takes the line and presses 1.
fn logs_in(stage: &mut Stage, mobile: Desk) -> Line {
    let ana = stage.who(ANA);
    stage.command(Command::LogIn(ana)).expect("she may");
    assert_eq!(stage.state(ANA), AgentState::Aux(AuxReason::Unreachable), "until the line is there");
    let line = picked_up(stage, mobile);
    stage.presses(line, '1');
    assert_eq!(stage.state(ANA), AgentState::Available);
    assert_eq!(stage.hears(line), Some(Audio::Silence));
    line
}

fn leaves(stage: &mut Stage) {
    let ana = stage.who(ANA);
    let _ = stage.command(Command::LogOut(ana));
    stage.run_for(secs(40));
}

#[test]
fn calls_are_connected_at_once_and_the_line_stays() {
    let mut stage = site(held);
    let mobile = mobile(&mut stage, answering(secs(1)));
    let line = logs_in(&mut stage, mobile);
    for caller in ["0991234567", "0991234568"] {
        let caller = stage.call("7001", caller);
        stage.until("they talk", secs(2), |stage| stage.hear_each_other(caller, line));
        assert_eq!(stage.tones(line).last(), Some(&Tone::Confirm), "a short tone announces it");
        stage.hangs_up(caller);
        stage.run_for(secs(1));
        assert_eq!(stage.state(ANA), AgentState::Acw);
        assert_eq!((stage.is_over(line), stage.hears(line)), (false, Some(Audio::Silence)));
        stage.run_for(secs(15));
        assert_eq!(stage.state(ANA), AgentState::Available);
    }
    assert_eq!(stage.times_rung(mobile), 1, "the telephone was dialled once");
    assert_eq!(stage.settled(OfferOutcome::Accepted), 2);
    leaves(&mut stage);
    assert!(stage.is_over(line));
    let changes = [PhoneChange::LineDialled, PhoneChange::LineOpened, PhoneChange::LineReleased];
    assert_eq!(changes.map(|change| steps(&stage, change)), [1, 1, 1]);
    stage.finish();
}

#[test]
fn a_line_that_is_hung_up_is_an_unreachable_phone_and_ready_dials_again() {
    let mut stage = site(held);
    let mobile = mobile(&mut stage, answering(secs(1)));
    let line = logs_in(&mut stage, mobile);
    stage.hangs_up(line);
    stage.run_for(secs(1));
    assert_eq!(stage.state(ANA), AgentState::Aux(AuxReason::Unreachable));
    stage.run_for(secs(60));
    assert_eq!(stage.times_rung(mobile), 1, "nobody is called who has hung up");
    let ana = stage.who(ANA);
    stage.command(Command::Ready(ana)).expect("she may");
    let line = picked_up(&mut stage, mobile);
    stage.presses(line, '1');
    assert_eq!(stage.state(ANA), AgentState::Available);
    stage.hangs_up(line);
    stage.behaves(mobile, refusing(486));
    stage.run_for(secs(1));
    stage.command(Command::Ready(ana)).expect("she may");
    stage.run_for(secs(5));
    assert_eq!(steps(&stage, PhoneChange::LineRefused), 1);
    assert_eq!(stage.state(ANA), AgentState::Aux(AuxReason::Unreachable));
    leaves(&mut stage);
    stage.finish();
}

#[test]
fn a_line_that_is_lost_in_a_talk_is_an_agent_who_is_lost() {
    let mut stage = site(held);
    let mobile = mobile(&mut stage, answering(secs(1)));
    let line = logs_in(&mut stage, mobile);
    let caller = stage.call("7001", "0991234567");
    stage.until("they talk", secs(2), |stage| stage.hear_each_other(caller, line));
    stage.falls_silent(line);
    stage.run_for(secs(1));
    assert!(stage.is_talking(caller) && stage.hears(caller).is_some(), "the caller waits again");
    assert_eq!(steps(&stage, PhoneChange::LineLost), 1);
    stage.hangs_up(caller);
    leaves(&mut stage);
    stage.finish();
}

#[test]
fn an_agent_who_hangs_up_in_a_talk_has_ended_it() {
    let mut stage = site(held);
    let mobile = mobile(&mut stage, answering(secs(1)));
    let line = logs_in(&mut stage, mobile);
    let caller = stage.call("7001", "0991234567");
    stage.until("they talk", secs(2), |stage| stage.hear_each_other(caller, line));
    stage.hangs_up(line);
    stage.run_for(secs(15));
    assert!(stage.is_over(caller));
    assert_eq!(stage.ended(ContactOutcome::Answered), 1);
    assert_eq!(stage.state(ANA), AgentState::Aux(AuxReason::Unreachable));
    leaves(&mut stage);
    stage.finish();
}

#[test]
fn the_line_survives_crashes_idle_and_in_a_talk() {
    let mut stage = site(held);
    let mobile = mobile(&mut stage, answering(secs(1)));
    let ana = stage.who(ANA);
    stage.command(Command::LogIn(ana)).expect("she may");
    let line = picked_up(&mut stage, mobile);
    stage.crashes(secs(1));
    stage.presses(line, '1');
    assert_eq!(stage.state(ANA), AgentState::Available);
    stage.crashes(secs(1));
    assert_eq!(stage.hears(line), Some(Audio::Silence));
    let caller = stage.call("7001", "0991234567");
    stage.until("they talk", secs(2), |stage| stage.hear_each_other(caller, line));
    stage.crashes(secs(1));
    assert!(stage.hear_each_other(caller, line));
    stage.hangs_up(caller);
    stage.run_for(secs(15));
    assert_eq!((stage.is_over(line), stage.state(ANA)), (false, AgentState::Available));
    leaves(&mut stage);
    stage.finish();
}

#[test]
fn on_an_idle_line_the_agent_dials_codes() {
    let mut stage = site(held);
    let mobile = mobile(&mut stage, answering(secs(1)));
    let line = logs_in(&mut stage, mobile);
    for key in "*141#".chars() {
        stage.presses(line, key);
    }
    stage.run_for(secs(2));
    assert_eq!(stage.state(ANA), AgentState::Aux(AuxReason::Planned(0)));
    let caller = stage.call("7001", "0991234567");
    stage.run_for(secs(2));
    for key in "*13".chars() {
        stage.presses(line, key);
    }
    stage.until("they talk", secs(5), |stage| stage.hear_each_other(caller, line));
    stage.hangs_up(caller);
    stage.run_for(secs(100));
    assert!(!stage.is_over(line), "silence ends no line");
    for key in "*12#".chars() {
        stage.presses(line, key);
    }
    stage.run_for(secs(2));
    assert!(stage.is_over(line));
    stage.finish();
}

#[test]
fn an_agent_ends_a_talk_by_keys_and_keeps_the_line() {
    let mut stage = site(|plan| {
        held(plan);
        plan.room.consult_key = Some('#');
    });
    let mobile = mobile(&mut stage, answering(secs(1)));
    let line = logs_in(&mut stage, mobile);
    let caller = stage.call("7001", "0991234567");
    stage.until("they talk", secs(2), |stage| stage.hear_each_other(caller, line));
    for key in "#*15#".chars() {
        stage.presses(line, key);
    }
    stage.run_for(secs(1));
    assert_eq!((stage.is_over(caller), stage.is_over(line)), (true, false));
    assert_eq!(stage.state(ANA), AgentState::Acw);
    leaves(&mut stage);
    stage.finish();
}

#[test]
fn help_comes_by_the_line_too() {
    let mut stage = site(|plan| {
        held(plan);
        plan.room.help_key = Some('*');
    });
    let mobile = mobile(&mut stage, answering(secs(1)));
    let line = logs_in(&mut stage, mobile);
    let ana = stage.who(ANA);
    stage.command(Command::Aux(ana, 0)).expect("she may");
    let other = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7001", "0991234567");
    let talk = stage.talks_to(caller, other);
    stage.command(Command::Ready(ana)).expect("she may");
    stage.presses(talk, '*');
    stage.until("she hears them", secs(2), |stage| stage.hears_voice(line, caller));
    stage.hangs_up(caller);
    stage.run_for(secs(1));
    assert_eq!((stage.is_over(line), stage.hears(line)), (false, Some(Audio::Silence)));
    stage.run_for(secs(1));
    assert_eq!(stage.state(ANA), AgentState::Available);
    leaves(&mut stage);
    stage.run_for(secs(20));
    stage.finish();
}

#[test]
fn a_plan_without_held_lines_releases_the_line_when_it_is_idle() {
    let mut stage = site(held);
    let mobile = mobile(&mut stage, answering(secs(1)));
    let line = logs_in(&mut stage, mobile);
    let caller = stage.call("7001", "0991234567");
    stage.until("they talk", secs(2), |stage| stage.hear_each_other(caller, line));
    let mut plan = Plan::clone(&stage.plan);
    phone(&mut plan, |phone| phone.line = PhoneLine::EachCall);
    stage.replans(plan);
    assert!(stage.hear_each_other(caller, line));
    stage.hangs_up(caller);
    stage.run_for(secs(1));
    assert!(stage.is_over(line));
    stage.run_for(secs(20));
    assert_eq!(stage.state(ANA), AgentState::Available, "the trunk is there");
    stage.finish();
}

#[test]
fn who_speaks_to_a_queue_by_a_line_keeps_the_line() {
    for is_dialled in [true, false] {
        let mut stage = site(|plan| {
            held(plan);
            plan.room.speak_max = secs(15);
            plan.agents.last_mut().expect("Ana").supervises = true;
        });
        let mobile = mobile(&mut stage, answering(secs(1)));
        let line = logs_in(&mut stage, mobile);
        let ana = stage.who(ANA);
        stage.command(Command::Aux(ana, 1)).expect("she may");
        let caller = stage.call("7000", "0991234567");
        stage.run_for(secs(1));
        if is_dialled {
            "*297000#".chars().for_each(|key| stage.presses(line, key));
        } else {
            stage.command(Command::Speak(ana, QueueId(0))).expect("she may");
        }
        stage.until("Ana speaks", secs(5), |stage| matches!(stage.hears(caller), Some(Audio::Live(_))));
        stage.until("her time is over", secs(20), |stage| stage.hears_music(caller));
        stage.run_for(secs(1));
        assert_eq!((stage.is_over(line), stage.hears(line)), (false, Some(Audio::Silence)), "{is_dialled}");
        assert_eq!(stage.state(ANA), AgentState::Aux(AuxReason::Planned(1)));
        stage.hangs_up(caller);
        leaves(&mut stage);
        stage.finish();
    }
}
