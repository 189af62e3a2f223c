//! Bad hours that once broke.

use turno_model::Plan;
use turno_sim::{Scenario, live};
use turno_tests::stage::plan::{lab, quito, site};

fn break_nothing(plan: &Plan, seeds: &[u64]) {
    for seed in seeds {
        let lived = live(&Scenario::draw(*seed, plan), plan, false);
        assert_eq!(lived.violation, None, "turno sim --faults --seed {seed}");
    }
}

#[test]
fn a_skill_that_comes_back_while_turno_is_away_makes_no_offer_late() {
    // Wound: the whole wait of an e-mail counted as the room's delay.
    break_nothing(&quito(), &[1417]);
}

#[test]
fn a_message_takes_the_step_that_has_the_number_of_one_that_could_not_be() {
    // Wound: after a reload the step that made agents ready was never taken.
    break_nothing(&site(), &[1595]);
}

#[test]
fn an_agent_who_hangs_up_while_a_citizen_is_dialled_has_refused() {
    // A phone that was answered already says no by a BYE.
    break_nothing(&site(), &[1319]);
}

#[test]
fn a_caller_who_was_taken_over_is_led_to_another_agent_afterwards() {
    // Wound: the caller went back to the agent from whom a supervisor had taken the talk.
    break_nothing(&lab(), &[2478]);
}

#[test]
fn a_newcomer_has_another_telephone_than_everybody_else() {
    // At the agents' line, one telephone was that of two agents, and the PIN of one let in the other.
    break_nothing(&site(), &[2165]);
}

#[test]
fn a_farewell_that_was_written_and_not_sent_is_heard_though_the_clock_has_jumped() {
    // Wound: the BYE was given up after the restart without having left, and the caller stayed in a call with nobody.
    break_nothing(&site(), &[2195]);
}
