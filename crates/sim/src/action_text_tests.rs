//! Tests of actions in words.

use core::time::Duration;
use std::path::Path;

use crate::action::{Action, Arrival, Mishap};
use crate::death::Crash;
use crate::scenario::Scenario;

#[test]
fn an_action_is_a_sentence() {
    let seconds = Duration::from_secs;
    let arrival = Arrival {
        caller: 3,
        number: 1,
        key: Some(('2', seconds(4))),
        patience: None,
        talk: seconds(90),
        redials: (2, seconds(5)),
        late_offer: true,
    };
    for (action, sentence) in [
        (
            Action::Arrives(arrival),
            "caller 3 dials number 1 without an SDP offer, presses 2 after 4s, talks for 90s, dials again up to 2 \
             times, 5s later",
        ),
        (Action::AgentSits(1, None), "agent 1 leaves the seat"),
        (
            Action::Dies(Crash::Writing(40), Duration::from_millis(200)),
            "the engine is killed after 40 bytes of a step are written, and is down for 200ms",
        ),
        (
            Action::Renews(Mishap::SuccessorFails(3)),
            "a successor takes over; it fails in step 3 of the hand-over",
        ),
    ] {
        assert_eq!(action.to_string(), sentence);
    }
}

#[test]
fn no_scenario_is_told_in_the_words_of_the_code() {
    let lab = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sip-config/lab");
    let (plan, _) = turno_config::load(&lab).expect("the lab's plan is valid");
    for seed in 0..200 {
        let text = Scenario::draw(seed, &plan).to_string();
        let of_code = |line: &&str| ["Some(", "{", "::", "_"].iter().any(|sign| line.contains(sign));
        assert_eq!(text.lines().find(of_code), None, "seed {seed}");
    }
}
