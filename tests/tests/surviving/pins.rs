//! Agents who sit down at any phone by extension and PIN.

#![expect(clippy::wildcard_enum_match_arm, reason = "a look for one fact among all that there may ever be")]

use turno_ground::Secret;
use turno_media_plan::Audio;
use turno_model::plan::{AgentPlan, SeatPlan};
use turno_model::{AgentState, Fact, PinOutcome, Plan};
use turno_tests::stage::{Desk, Line, Stage, answering, secs};

/// Two agents without a phone of their own, and two phones that are nobody's.
fn with_hot_desks(plan: &mut Plan) {
    let like = plan.seats[0].clone();
    for seat in ["2050", "2051"] {
        plan.seats.push(SeatPlan { extension: seat.to_owned(), display: seat.to_owned(), ..like.clone() });
    }
    for (extension, pin) in [("3001", "4711"), ("3002", "0815")] {
        plan.agents.push(AgentPlan {
            name: extension.to_owned(),
            extension: extension.to_owned(),
            own_seat: None,
            auto_login: false,
            pin: Some(Secret::new(pin)),
            ..plan.agents[0].clone()
        });
    }
    plan.feature_codes.prompts = core::array::from_fn(|at| Some(turno_model::PromptName(at as u32 % 5)));
}

fn stage() -> Stage {
    let mut stage = Stage::with(with_hot_desks);
    stage.keeps_journal();
    stage
}

/// Somebody at this phone dials the code and keys this in.
fn keys(stage: &mut Stage, phone: Desk, keys: &str) -> Line {
    let line = stage.dials(phone, "*10");
    stage.until("the question plays", secs(2), |stage| stage.hears(line).is_some());
    for key in keys.chars() {
        stage.presses(line, key);
        stage.run_for(secs(1));
    }
    line
}

fn outcomes(stage: &Stage) -> Vec<PinOutcome> {
    let outcome = |fact: &Fact| match fact {
        Fact::PinEntered(entered) => Some(entered.outcome),
        _ => None,
    };
    stage.facts().iter().filter_map(|(_, fact)| outcome(fact)).collect()
}

#[test]
fn an_agent_signs_in_at_a_phone_that_is_nobodys_and_the_next_call_rings_there() {
    let mut stage = stage();
    let phone = stage.agent("2050", answering(secs(1)));
    let line = keys(&mut stage, phone, "3001#4711#");
    assert_eq!(outcomes(&stage), [PinOutcome::SatDown]);
    stage.run_for(secs(20));
    assert!(stage.is_over(line), "turno has confirmed and hung up");
    assert_eq!(stage.state("3001"), AgentState::Available);
    let caller = stage.call("7000", "0991234567");
    stage.talks_to(caller, phone);
    stage.finish();
}

#[test]
fn the_first_key_ends_the_question() {
    let mut stage = stage();
    let phone = stage.agent("2050", answering(secs(1)));
    let line = keys(&mut stage, phone, "");
    assert!(matches!(stage.hears(line), Some(Audio::Prompts(_))));
    stage.presses(line, '3');
    assert_eq!(stage.hears(line), None);
    stage.hangs_up(line);
    stage.run_for(secs(1));
    assert_eq!(outcomes(&stage), []);
    stage.finish();
}

#[test]
fn a_phone_where_nobody_sits_calls_nowhere_else() {
    let mut stage = stage();
    let phone = stage.agent("2050", answering(secs(1)));
    let line = stage.dials(phone, "a001");
    stage.run_for(secs(1));
    assert_eq!(stage.refusal(line), Some(403));
    stage.finish();
}

#[test]
fn after_three_wrong_pins_the_call_ends_and_after_five_the_right_one_is_refused_too() {
    let mut stage = stage();
    let phone = stage.agent("2050", answering(secs(1)));
    let line = keys(&mut stage, phone, "3001#1#3001#2#3001#3#");
    stage.run_for(secs(20));
    assert!(stage.is_over(line));
    let _second = keys(&mut stage, phone, "3001#4#3001#5#3001#4711#");
    let wrong = [PinOutcome::Wrong; 5];
    assert_eq!(outcomes(&stage)[..5], wrong);
    assert_eq!(outcomes(&stage)[5..], [PinOutcome::Locked]);
    assert_eq!(stage.state("3001"), AgentState::LoggedOut);
    stage.run_for(secs(300));
    keys(&mut stage, phone, "3001#4711#");
    assert_eq!(stage.state("3001"), AgentState::Available, "five minutes later it is right again");
    stage.finish();
}

#[test]
fn an_extension_that_nobody_has_is_not_told_from_a_wrong_pin() {
    let mut stage = stage();
    let phone = stage.agent("2050", answering(secs(1)));
    let line = keys(&mut stage, phone, "9999#");
    let asked = stage.hears(line);
    let other = keys(&mut stage, phone, "3001#");
    assert_eq!(stage.hears(other), asked, "the PIN is asked for either way");
    stage.finish();
}

#[test]
fn the_phone_of_somebody_who_works_is_not_taken_and_that_of_somebody_who_has_logged_out_is() {
    let mut stage = stage();
    let phone = stage.agent("2050", answering(secs(1)));
    keys(&mut stage, phone, "3001#4711#");
    stage.run_for(secs(20));
    keys(&mut stage, phone, "3002#0815#");
    assert_eq!(outcomes(&stage), [PinOutcome::SatDown, PinOutcome::NotPossible]);
    stage.run_for(secs(20));
    stage.dials(phone, "*12");
    stage.run_for(secs(20));
    assert_eq!(stage.state("3001"), AgentState::LoggedOut);
    keys(&mut stage, phone, "3002#0815#");
    assert_eq!(outcomes(&stage).last(), Some(&PinOutcome::SatDown));
    assert_eq!(stage.state("3002"), AgentState::Available);
    stage.finish();
}

#[test]
fn an_agent_who_signs_in_elsewhere_takes_their_state_along_but_not_during_a_talk() {
    let mut stage = stage();
    let first = stage.agent("2050", answering(secs(1)));
    let second = stage.agent("2051", answering(secs(1)));
    keys(&mut stage, first, "3001#4711#");
    stage.run_for(secs(20));
    let caller = stage.call("7000", "0991234567");
    stage.talks_to(caller, first);
    keys(&mut stage, second, "3001#4711#");
    assert_eq!(outcomes(&stage).last(), Some(&PinOutcome::NotPossible), "during a talk");
    stage.hangs_up(caller);
    stage.run_for(secs(60));
    keys(&mut stage, second, "3001#4711#");
    assert_eq!(outcomes(&stage).last(), Some(&PinOutcome::SatDown));
    let caller = stage.call("7000", "0991234568");
    stage.talks_to(caller, second);
    stage.finish();
}

#[test]
fn a_crash_while_the_pin_is_keyed_in_begins_the_question_anew_and_leaves_no_digits_behind() {
    let mut stage = stage();
    let phone = stage.agent("2050", answering(secs(1)));
    let line = keys(&mut stage, phone, "3001#47");
    stage.crashes(secs(1));
    for key in "3001#4711#".chars() {
        stage.presses(line, key);
        stage.run_for(secs(1));
    }
    assert_eq!(outcomes(&stage), [PinOutcome::SatDown]);
    stage.finish();
}

#[test]
fn whoever_keys_in_nothing_is_released() {
    let mut stage = stage();
    let phone = stage.agent("2050", answering(secs(1)));
    let line = keys(&mut stage, phone, "");
    stage.run_for(secs(60));
    assert!(stage.is_over(line));
    assert_eq!(outcomes(&stage), []);
    stage.finish();
}

#[test]
fn an_agents_own_phone_is_the_agents_again_when_a_guest_logs_out() {
    // Wound: the owner logs in at the own phone in the morning, and the guest of yesterday gets the calls.
    let mut stage = stage();
    let phone = stage.agent("a001", answering(secs(1)));
    stage.run_for(secs(1));
    stage.dials(phone, "*12");
    stage.run_for(secs(20));
    keys(&mut stage, phone, "3001#4711#");
    assert_eq!(outcomes(&stage), [PinOutcome::SatDown]);
    stage.run_for(secs(20));
    stage.dials(phone, "*12");
    stage.run_for(secs(20));
    assert_eq!(stage.state("3001"), AgentState::LoggedOut);
    stage.dials(phone, "*11");
    stage.run_for(secs(20));
    assert_eq!((stage.state("a001"), stage.state("3001")), (AgentState::Available, AgentState::LoggedOut));
    stage.finish();
}
