//! Contacts without a call: they wait, are offered and end like any other, and survive a crash.

use turno_model::{AgentState, Channel, Command, ContactId, ContactOutcome, Fact, Newcomer, OfferOutcome};
use turno_tests::stage::{Stage, answering, millis, refusing, secs};

/// A contact without a call joins the first queue.
fn comes(stage: &mut Stage, from: &str) -> ContactId {
    let queue = turno_model::QueueId(0);
    let from = turno_ground::Pii(from.into());
    stage.command(Command::Enqueue(Newcomer::now(Channel::Callback, queue, from))).expect("it is taken");
    let arrived = stage.facts().iter().rev().find_map(|(_, fact)| {
        if let Fact::ContactArrived { contact, .. } = fact { Some(*contact) } else { None }
    });
    arrived.expect("the contact has arrived")
}

fn offered(stage: &Stage) -> usize {
    stage.count(|fact| matches!(fact, Fact::Offered { .. }))
}

#[test]
fn a_contact_without_a_call_waits_is_offered_and_handled_over_crashes() {
    // Wound: contacts without a call are in another program, with another line and another clock.
    let mut stage = Stage::new();
    stage.keeps_journal();
    let contact = comes(&mut stage, "0991111111");
    stage.run_for(secs(60));
    stage.crashes(millis(300));
    let ana = stage.agent("a001", answering(secs(1)));
    stage.until("it is offered", secs(2), |stage| offered(stage) == 1);
    assert_eq!((stage.state("a001"), stage.times_rung(ana)), (AgentState::Ringing, 0), "no phone rings");
    stage.crashes(millis(300));
    let who = stage.who("a001");
    stage.command(Command::Take(who)).expect("the offer has outlived the crash");
    let waited = stage
        .facts()
        .iter()
        .find_map(|(_, fact)| if let Fact::Connected { waited, .. } = fact { Some(*waited) } else { None });
    assert!(waited.is_some_and(|waited| waited > secs(60)), "the clock has run on: {waited:?}");
    stage.run_for(secs(30));
    stage.crashes(millis(300));
    assert_eq!(stage.state("a001"), AgentState::Talking);
    stage.command(Command::Finish(who, contact)).expect("it is in hand");
    assert_eq!((stage.state("a001"), stage.ended(ContactOutcome::Answered)), (AgentState::Acw, 1));
    assert!(stage.command(Command::Finish(who, contact)).is_err(), "once");
    stage.finish();
    assert_eq!((offered(&stage), stage.settled(OfferOutcome::Accepted)), (1, 1), "one offer, settled once");
}

#[test]
fn an_offer_without_a_call_ends_like_any_other() {
    // Wound: an offer without a ringing phone stays open for ever if nobody answers it.
    let mut stage = Stage::new();
    stage.keeps_journal();
    let contact = comes(&mut stage, "0991111111");
    stage.agent("a001", refusing(486));
    let who = stage.who("a001");
    stage.until("it is offered", secs(2), |stage| offered(stage) == 1);
    stage.crashes(secs(28));
    stage.run_for(secs(1));
    assert_eq!(stage.settled(OfferOutcome::NoAnswer), 1, "its time passed while we were gone");
    stage.until("it is offered again", secs(120), |stage| offered(stage) == 2);
    stage.command(Command::Decline(who)).expect("it is offered");
    assert_eq!(stage.settled(OfferOutcome::Refused), 1);
    assert!(stage.command(Command::Take(who)).is_err(), "nothing is offered");
    stage.until("it is offered again", secs(120), |stage| offered(stage) == 3);
    stage.command(Command::Withdraw(contact)).expect("it waits");
    assert_eq!((stage.settled(OfferOutcome::CallerLeft), stage.ended(ContactOutcome::Abandoned)), (1, 1));
    assert!(stage.command(Command::Withdraw(contact)).is_err(), "it is over");
    stage.finish();
}

#[test]
fn who_comes_with_a_call_and_who_comes_without_stand_in_one_line() {
    // FIELD: a callback request keeps its place in line.
    let mut stage = Stage::new();
    stage.keeps_journal();
    let contact = comes(&mut stage, "0991111111");
    stage.run_for(secs(5));
    let caller = stage.call("7000", "0992222222");
    stage.run_for(secs(5));
    let ana = stage.agent("a001", answering(secs(1)));
    let who = stage.who("a001");
    stage.until("it is offered", secs(2), |stage| offered(stage) == 1);
    stage.command(Command::Take(who)).expect("it is offered");
    assert!(stage.command(Command::Withdraw(ContactId(contact.0 + 1))).is_err(), "a caller hangs up");
    // The agent calls back: the call is part of the contact's trace, and the contact goes on after it.
    let back = stage.dials(ana, "0991111111");
    stage.run_for(secs(2));
    stage.hangs_up(back);
    stage.crashes(millis(300));
    stage.run_for(secs(2));
    let legs = |fact: &Fact| matches!(fact, Fact::LegOpened { contact: of, .. } if *of == contact);
    assert!(stage.count(legs) >= 1, "its call back belongs to its story");
    assert_eq!(stage.state("a001"), AgentState::Talking);
    stage.command(Command::Finish(who, contact)).expect("it is in hand");
    let at_ana = stage.talks_to(caller, ana);
    stage.hangs_up(at_ana);
    stage.run_for(secs(1));
    stage.finish();
}

#[test]
fn a_contact_without_a_call_that_everybody_has_forgotten_is_over_after_a_month() {
    // Deadline::Forgotten. Wound: a record that stays in a table for ever.
    let mut stage = Stage::new();
    stage.keeps_journal();
    comes(&mut stage, "0991111111");
    stage.run_for(secs(29 * 24 * 3_600));
    stage.crashes(millis(300));
    assert_eq!(stage.ended(ContactOutcome::Abandoned), 0);
    stage.run_for(secs(2 * 24 * 3_600));
    assert_eq!(stage.ended(ContactOutcome::Abandoned), 1);
    stage.finish();
}

#[test]
fn nobody_speaks_without_a_call_and_nothing_new_is_taken_in_a_drain() {
    let mut stage = Stage::new();
    let newcomer = |channel, queue| {
        Command::Enqueue(Newcomer::now(
            channel,
            turno_model::QueueId(queue),
            turno_ground::Pii("0991111111".into()),
        ))
    };
    assert!(stage.command(newcomer(Channel::Voice, 0)).is_err());
    assert!(stage.command(newcomer(Channel::Email, 999)).is_err());
    stage.command(Command::Drain).expect("it is taken");
    assert!(stage.command(newcomer(Channel::Email, 0)).is_err());
    stage.finish();
}

#[test]
fn a_newcomer_named_by_its_sender_comes_once_with_the_clock_of_its_first_word() {
    // Wound: a program that was killed before it read the answer asks again, and the person stands in line twice.
    let mut stage = Stage::new();
    stage.keeps_journal();
    let queue = turno_model::QueueId(0);
    stage.run_for(secs(600));
    let newcomer = |since, key: &str| {
        let from = turno_ground::Pii("0991111111".into());
        let since = Some(since);
        Command::Enqueue(Newcomer {
            since,
            key: Some(key.into()),
            ..Newcomer::now(Channel::Chat, queue, from)
        })
    };
    let now = stage.now();
    // The second one wrote first, long before any contact was made.
    let one = stage.command(newcomer(now - secs(60), "c1.1")).expect("it is taken");
    let two = stage.command(newcomer(now - secs(300), "c2.1")).expect("it is taken");
    stage.crashes(millis(300));
    assert_eq!(stage.command(newcomer(now, "c1.1")).expect("it is known"), one);
    assert_eq!(stage.count(|fact| matches!(fact, Fact::ContactArrived { .. })), 2);
    stage.agent("a001", refusing(486));
    stage.until("one is offered", secs(2), |stage| offered(stage) == 1);
    let who = stage.who("a001");
    stage.command(Command::Take(who)).expect("it is offered");
    let waited = stage.facts().iter().find_map(|(_, fact)| {
        if let Fact::Connected { contact, waited, .. } = fact { Some((*contact, *waited)) } else { None }
    });
    let (contact, waited) = waited.expect("a talk");
    assert_eq!(turno_model::Done::Queued(contact), two, "who wrote first is served first");
    assert!(waited >= secs(300), "{waited:?}");
    stage.command(Command::Finish(who, contact)).expect("it is in hand");
    let another = stage.command(newcomer(now, "c2.1")).expect("it is over, so this is another");
    assert_ne!(another, two);
    for queued in [one, another] {
        let turno_model::Done::Queued(contact) = queued else { panic!("it is in line: {queued:?}") };
        stage.command(Command::Withdraw(contact)).expect("it has not been taken");
    }
    stage.finish();
}
