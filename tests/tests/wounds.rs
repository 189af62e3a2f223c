//! The wounds of the field, one test each: none may ever be reported of turno.

use turno_model::{AgentState, ContactOutcome, OfferOutcome};
use turno_tests::stage::{Stage, answering, secs};

#[test]
fn a_caller_reaches_an_agent_and_both_hear_each_other() {
    // The simplest day: it must leave nothing behind.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(2)));
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    assert_eq!(stage.state("a001"), AgentState::Talking);
    stage.run_for(secs(60));
    stage.hangs_up(caller);
    stage.until("the agent's call is over", secs(2), |stage| stage.is_over(at_ana));
    assert_eq!(stage.settled(OfferOutcome::Accepted), 1);
    stage.finish();
    assert_eq!(stage.ended(ContactOutcome::Answered), 1);
}
