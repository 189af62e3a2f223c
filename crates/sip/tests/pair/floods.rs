//! Overload: new calls are refused early, existing calls go on, and a refusal costs no memory.

use std::collections::BTreeSet;

use turno_sip::{Name, Shedding, StackSettings};

use crate::errors::{CONTACT, Desk, request};

#[test]
fn a_flood_of_calls_is_refused_and_those_under_way_go_on() {
    // RFC 3261, 21.5.4; the limit has a name.
    let mut desk = Desk::with(StackSettings { sessions_max: 1, ..StackSettings::default() });
    let tag = format!(";tag={}", desk.talk());
    let second = request("INVITE", 1, "z9hG4bKsecond", "", CONTACT).replace("Call-ID: c1", "Call-ID: c2");
    let answer = desk.ask(&second).remove(0);
    assert_eq!(answer.status(), Some(503));
    assert!(matches!(answer.number(Name::RetryAfter), Some(5..=15)));
    assert_eq!(desk.stack.counters().over_limit, 1);
    assert_eq!(desk.status(&request("BYE", 2, "z9hG4bKb", &tag, "")), 200);
    assert_eq!(desk.status(&second), 100);
}

#[test]
fn whoever_is_refused_for_want_of_time_costs_no_memory_and_hears_the_same_again() {
    // RFC 3261, 8.2.7 and 20.33: calls refused together must not come back together.
    let mut desk = Desk::new();
    let tag = format!(";tag={}", desk.talk());
    let before = desk.stack.counters().clone();
    desk.stack.shed(Shedding { calls: true, others: true });
    let mut waits = BTreeSet::new();
    for number in 0..200 {
        let call = request("INVITE", 1, &format!("z9hG4bKshed{number}"), "", CONTACT)
            .replace("Call-ID: c1", &format!("Call-ID: shed{number}"));
        let answer = desk.ask(&call).remove(0);
        let again = desk.ask(&call).remove(0);
        assert_eq!(answer.status(), Some(503));
        assert_eq!(answer.number(Name::RetryAfter), again.number(Name::RetryAfter));
        assert_eq!(answer.to().expect("it has a To").tag(), again.to().expect("it has a To").tag());
        waits.extend(answer.number(Name::RetryAfter));
    }
    assert!(waits.len() == 11 && waits.iter().all(|wait| (5..=15).contains(wait)), "{waits:?}");
    let after = desk.stack.counters();
    assert_eq!(after.shed_calls, 400);
    assert_eq!((after.server_transactions, after.deadlines), (before.server_transactions, before.deadlines));
    // Messages of an existing call are handled.
    assert_eq!(desk.status(&request("BYE", 2, "z9hG4bKb", &tag, "")), 200);
}
