//! What a trace tells of calls that were lived through: both legs, the decision, the figures, in their order.

use turno_model::{ContactId, Fact, Party};
use turno_tests::stage::{Stage, answering, ringing, secs};
use turno_trace::TextOptions;

/// Asserts that `parts` stand in `text` one after another.
fn in_order(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let found = rest.find(part).unwrap_or_else(|| panic!("no `{part}` in its place in\n{text}"));
        rest = &rest[found + part.len()..];
    }
}

fn first_contact(stage: &Stage) -> ContactId {
    let arrived = stage.facts().iter().find_map(|(_, fact)| {
        if let Fact::ContactArrived { contact, .. } = fact { Some(*contact) } else { None }
    });
    arrived.expect("somebody called")
}

#[test]
fn a_queued_call_is_told_with_both_legs_and_the_reason_of_its_offer() {
    // The question of every agent and supervisor: why did this call come to me, and what happened on the way?
    let mut stage = Stage::new();
    stage.keep_passages();
    stage.call("7000", "0990000001");
    let caller = stage.call("7000", "0991234567");
    stage.run_for(secs(3));
    stage.agent("a003", ringing());
    stage.run_for(secs(5));
    let ana = stage.agent("a001", answering(secs(2)));
    stage.agent("a002", answering(secs(2)));
    stage.talks_to(caller, ana);
    stage.run_for(secs(9));
    stage.hangs_up(caller);
    stage.run_for(secs(3));
    let arrived = stage.facts().iter().filter_map(|(_, fact)| {
        if let Fact::ContactArrived { contact, from, .. } = fact {
            Some((*contact, from.0.clone()))
        } else {
            None
        }
    });
    let (contact, _) =
        arrived.into_iter().find(|(_, from)| from.ends_with("991234567")).expect("the second caller");
    let text = stage.story(contact).text(&TextOptions::default());
    in_order(
        &text,
        &[
            "caller *67 to 7000",
            "INVITE 1",
            "calls 7000",
            "at place 2",
            "183 Session Progress",
            "offered to a001 by greatest need, waiting for 8.0 s",
            "INVITE 1",
            "180 Ringing",
            "200 OK (INVITE 1)",
            "a001 answers after 2.0 s",
            "talks to a001 after 10.0 s of waiting",
            "ACK 1",
            "200 OK (INVITE 1)",
            "BYE 2",
            "with a001: 9.0 s talking",
            "media from the caller",
            "200 OK (BYE 2)",
        ],
    );
    assert!(!text.contains("REGISTER"), "only the contact's own messages are told:\n{text}");
    stage.finish();
}

#[test]
fn a_consultation_is_part_of_the_callers_story() {
    let mut stage = Stage::new();
    stage.keep_passages();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    let berta = stage.agent("a002", answering(secs(1)));
    stage.holds(at_ana);
    stage.run_for(secs(1));
    let consult = stage.dials(ana, "a002");
    stage.until("they consult", secs(5), |stage| {
        stage.last_incoming(berta).is_some_and(|line| stage.hear_each_other(consult, line))
    });
    stage.joins(at_ana, consult);
    stage.run_for(secs(3));
    let contact = first_contact(&stage);
    let text = stage.story(contact).text(&TextOptions { width: 200, ..TextOptions::default() });
    in_order(
        &text,
        &["puts the caller on hold", "INVITE", "INVITE 1", "REFER", "passes the caller on to a002"],
    );
    let legs = stage.count(|fact| matches!(fact, Fact::LegOpened { contact: one, .. } if *one == contact));
    assert_eq!(legs, 4, "the caller's, the agent's, and the two of the consultation");
    let at_berta = stage.who("a002");
    let is_bertas =
        |fact: &Fact| matches!(fact, Fact::LegOpened { party: Party::Agent(one), .. } if *one == at_berta);
    assert_eq!(stage.count(is_bertas), 1);
    stage.hangs_up(caller);
    stage.run_for(secs(3));
    stage.finish();
}
