//! An agent calls the agents' line from an ordinary telephone and dials codes by keys.

#![expect(clippy::wildcard_enum_match_arm, reason = "a look for one fact among all that there may ever be")]

use turno_media_plan::{Audio, Tone};
use turno_model::{AgentState, AuxReason, Fact, PhoneChange, PinOutcome, Plan};
use turno_tests::stage::{Line, Stage, answering, secs};

use crate::people::{ANA, MOBILE, mobile, picked_up, site};

const LINE: &str = "7999";

fn with_line(plan: &mut Plan) {
    plan.phones.agents_line = Some(LINE.to_owned());
    plan.agents.last_mut().expect("Ana").auto_login = false;
}

fn keys(stage: &mut Stage, line: Line, keys: &str) {
    for key in keys.chars() {
        stage.presses(line, key);
        stage.run_for(secs(1));
    }
}

fn pins(stage: &Stage) -> Vec<PinOutcome> {
    let outcome = |fact: &Fact| match fact {
        Fact::Phone(step) => match step.change {
            PhoneChange::AgentsLine(outcome) => Some(outcome),
            _ => None,
        },
        _ => None,
    };
    stage.facts().iter().filter_map(|(_, fact)| outcome(fact)).collect()
}

/// Somebody calls the agents' line from this number.
fn calls(stage: &mut Stage, from: &str) -> Line {
    let line = stage.call(LINE, from);
    stage.until("the question plays", secs(3), |stage| stage.hears(line).is_some());
    line
}

#[test]
fn an_agent_logs_in_from_their_own_telephone_by_pin_and_code() {
    let mut stage = site(with_line);
    let mobile = mobile(&mut stage, answering(secs(1)));
    let line = calls(&mut stage, MOBILE);
    keys(&mut stage, line, "4711#");
    assert_eq!(pins(&stage), [PinOutcome::SignedIn], "the number says who it is");
    assert_eq!(stage.state(ANA), AgentState::LoggedOut, "a PIN is no code");
    keys(&mut stage, line, "*11#");
    assert_eq!(stage.state(ANA), AgentState::OtherCall, "logged in, and on the telephone");
    let caller = stage.call("7001", "0991234567");
    stage.run_for(secs(5));
    assert_eq!(stage.times_rung(mobile), 0, "which is busy");
    stage.hangs_up(line);
    let ana = picked_up(&mut stage, mobile);
    stage.presses(ana, '1');
    stage.until("they talk", secs(1), |stage| stage.hear_each_other(caller, ana));
    stage.hangs_up(caller);
    stage.run_for(secs(20));
    let line = calls(&mut stage, "+593987654321");
    keys(&mut stage, line, "4711#*141");
    stage.run_for(secs(4));
    assert_eq!(stage.hears(line), None, "the confirmation is over");
    stage.hangs_up(line);
    stage.run_for(secs(1));
    assert_eq!(stage.state(ANA), AgentState::Aux(AuxReason::Planned(0)), "after three seconds of silence");
    stage.finish();
}

#[test]
fn from_another_telephone_the_extension_is_asked_for_first() {
    let mut stage = site(with_line);
    let _mobile = mobile(&mut stage, answering(secs(1)));
    let line = calls(&mut stage, "0991111111");
    keys(&mut stage, line, "3001#4711#*11#*12#*11#");
    assert_eq!(pins(&stage), [PinOutcome::SignedIn]);
    stage.hangs_up(line);
    stage.run_for(secs(1));
    assert_eq!(stage.state(ANA), AgentState::Available);
    stage.finish();
}

#[test]
fn wrong_pins_end_the_call_and_lock_the_agents_pin_for_five_minutes() {
    let mut stage = site(with_line);
    let _mobile = mobile(&mut stage, answering(secs(1)));
    let line = calls(&mut stage, MOBILE);
    keys(&mut stage, line, "1#2#3#");
    stage.run_for(secs(5));
    assert!(stage.is_over(line));
    let other = calls(&mut stage, "0991111111");
    keys(&mut stage, other, "3001#4#3001#5#3001#4711#");
    stage.run_for(secs(5));
    assert!(stage.is_over(other));
    assert_eq!(pins(&stage)[..5], [PinOutcome::Wrong; 5]);
    assert_eq!(pins(&stage)[5..], [PinOutcome::Locked]);
    stage.run_for(secs(300));
    let line = calls(&mut stage, MOBILE);
    keys(&mut stage, line, "4711#");
    assert_eq!(pins(&stage).last(), Some(&PinOutcome::SignedIn));
    stage.hangs_up(line);
    stage.run_for(secs(1));
    stage.finish();
}

#[test]
fn what_is_no_code_is_refused_and_silence_ends_the_call() {
    let mut stage = site(with_line);
    let _mobile = mobile(&mut stage, answering(secs(1)));
    let line = calls(&mut stage, MOBILE);
    keys(&mut stage, line, "4711#");
    stage.presses(line, '9');
    stage.presses(line, '#');
    assert_eq!(stage.hears(line), Some(Audio::Tone(Tone::Refuse)));
    stage.run_for(secs(70));
    assert!(stage.is_over(line));
    assert_eq!(stage.state(ANA), AgentState::LoggedOut);
    let silent = calls(&mut stage, "0991111111");
    stage.run_for(secs(60));
    assert!(stage.is_over(silent));
    stage.finish();
}

#[test]
fn a_crash_keeps_who_is_signed_in_and_forgets_the_digits_of_a_pin() {
    let mut stage = site(with_line);
    let _mobile = mobile(&mut stage, answering(secs(1)));
    let line = calls(&mut stage, MOBILE);
    keys(&mut stage, line, "47");
    stage.crashes(secs(1));
    keys(&mut stage, line, "4711#*1");
    stage.crashes(secs(1));
    keys(&mut stage, line, "1#");
    stage.hangs_up(line);
    stage.run_for(secs(1));
    assert_eq!((pins(&stage), stage.state(ANA)), (vec![PinOutcome::SignedIn], AgentState::Available));
    stage.finish();
}

#[test]
fn in_a_talk_the_codes_are_dialled_between_two_consultation_keys() {
    let mut stage = site(|plan| {
        plan.room.consult_key = Some('#');
        plan.room.help_key = Some('*');
    });
    let mobile = mobile(&mut stage, answering(secs(1)));
    let caller = stage.call("7001", "0991234567");
    let ana = picked_up(&mut stage, mobile);
    stage.presses(ana, '1');
    stage.until("they talk", secs(1), |stage| stage.hear_each_other(caller, ana));
    for key in "#*1617#".chars() {
        stage.presses(ana, key);
    }
    assert_eq!(stage.count(|fact| matches!(fact, Fact::WrapUp { code, .. } if code == "17")), 1);
    assert_eq!(stage.tones(ana).last(), Some(&Tone::Confirm));
    for key in "#*141#".chars() {
        stage.presses(ana, key);
    }
    stage.hangs_up(ana);
    stage.run_for(secs(30));
    assert_eq!(stage.state(ANA), AgentState::Aux(AuxReason::Planned(0)));
    stage.finish();
}

#[test]
fn keys_alone_do_not_hold_the_line_of_a_stranger() {
    let mut stage = site(with_line);
    let _mobile = mobile(&mut stage, answering(secs(1)));
    let line = calls(&mut stage, "0991111111");
    keys(&mut stage, line, &"1*".repeat(58));
    assert!(!stage.is_over(line), "there is time to look for the PIN");
    stage.run_for(secs(6));
    stage.presses(line, '1');
    stage.run_for(secs(5));
    assert!(stage.is_over(line), "two minutes are enough for an extension and a PIN");
    stage.finish();
}
