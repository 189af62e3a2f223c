//! Traces of completed calls: both legs, the decision and the figures, in their order.

use turno_model::{Command, ContactId, Fact, Observing, Party};
use turno_tests::stage::{Stage, answering, refusing, ringing, secs};
use turno_trace::{Numbers, Row, TextOptions, recent};

/// Asserts that `text` contains `parts` in this order.
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
    // A usual question of agents and supervisors: why did this call come to me, and what happened before?
    let mut stage = Stage::new();
    stage.keep_messages();
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
    stage.keep_messages();
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
    let is_bertas = |fact: &Fact| {
        matches!(fact, Fact::LegOpened { contact: of, party: Party::Agent(one), .. }
            if *of == contact && *one == at_berta)
    };
    assert_eq!(stage.count(is_bertas), 1);
    stage.hangs_up(caller);
    stage.run_for(secs(3));
    stage.finish();
}

/// The rows of `turno trace --list`, oldest first.
fn rows(stage: &Stage, numbers: Numbers) -> Vec<Row> {
    let facts = stage.facts().iter().map(|(at, fact)| (*at, fact));
    recent(facts, 100).iter().map(|one| one.row(&stage.plan, numbers)).collect()
}

#[test]
fn what_an_agent_dials_is_told_with_its_ladder_and_what_came_of_it_and_is_no_contact() {
    // Wound: an agent says that a feature code did not work, and the trace has no such call.
    let mut stage = Stage::new();
    stage.keep_messages();
    let ana = stage.agent("a001", ringing());
    let berta = stage.agent("a002", answering(secs(1)));
    let carla = stage.agent("a003", refusing(486));
    stage.dials(ana, "*12");
    stage.run_for(secs(3));
    stage.dials(ana, "*149");
    stage.run_for(secs(3));
    let talk = stage.dials(ana, "a002");
    stage.until("they talk", secs(5), |stage| {
        stage.last_incoming(berta).is_some_and(|line| stage.hear_each_other(talk, line))
    });
    stage.hangs_up(talk);
    stage.run_for(secs(2));
    stage.dials(ana, "a003");
    stage.run_for(secs(3));
    stage.dials(ana, "0011223344");
    stage.run_for(secs(3));
    let address = |port: u16| std::net::SocketAddr::from(([127, 40, 0, 1], port));
    let citizen = stage.phone_at("0987654321", "", (address(5060), address(40_000)), answering(secs(1)));
    let outside = stage.dials(carla, "0987654321");
    stage.until("they talk", secs(5), |stage| {
        stage.last_incoming(citizen).is_some_and(|line| stage.hear_each_other(outside, line))
    });
    let told = rows(&stage, Numbers::Short);
    let seen: Vec<[&str; 4]> =
        told.iter().map(|row| [&*row.caller, &*row.queue, &*row.outcome, &*row.agent]).collect();
    let short = told[4].queue.clone();
    assert!(short.starts_with("to *") && short.ends_with("44"), "{short}");
    assert_eq!(
        seen,
        [
            ["a001", "code *12", "done", &*told[0].agent],
            ["a001", "code *149", "not possible now", &*told[0].agent],
            ["a001", "to a002", "answered", &*told[0].agent],
            ["a001", "to a003", "refused: busy (486)", &*told[0].agent],
            ["a001", &*short, "refused: not allowed (403)", &*told[0].agent],
            ["a003", "to *21", "(talking)", &*told[5].agent],
        ]
    );
    let of = |agent: &str| {
        let facts = stage.facts().iter().map(|(at, fact)| (*at, fact));
        recent(facts, 100).iter().filter(|one| one.is_of(agent, &stage.plan)).count()
    };
    assert_eq!(
        (of("a001"), of("a002"), of("a003"), of("a004")),
        (5, 1, 2, 0),
        "who dialled, and who was rung"
    );
    assert!(rows(&stage, Numbers::Full)[5].queue.ends_with("0987654321"));
    stage.hangs_up(outside);
    stage.run_for(secs(3));
    assert_eq!(rows(&stage, Numbers::Short)[5].outcome, "answered");
    let story = |row: &Row| stage.story(ContactId(row.contact)).text(&TextOptions::default());
    let (code, outside) = (story(&told[0]), story(&told[5]));
    in_order(&code, &["a001 to *12", "INVITE 1", "dials a feature code", "done", "200 OK (INVITE 1)", "BYE"]);
    in_order(
        &outside,
        &["INVITE 1", "dials an outside number", "INVITE 1", "200 OK", "answered", "BYE", "ended"],
    );
    assert!(!outside.contains("0987654321"), "{outside}");
    // The ledger counts no contact.
    assert_eq!(stage.ledger().day(stage.now()).line.arrived, 0);
    assert_eq!(stage.count(|fact| matches!(fact, Fact::ContactArrived { .. })), 0);
    stage.finish();
}

#[test]
fn who_observes_a_talk_is_told_with_the_ladder_and_by_whose_wish() {
    let mut stage = Stage::new();
    stage.keep_messages();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    stage.talks_to(caller, ana);
    stage.agent("a003", answering(secs(1)));
    let (contact, supervisor) = (first_contact(&stage), stage.who("a003"));
    stage.command(Command::Observe(supervisor, contact, Observing::Listen)).expect("they talk");
    stage.run_for(secs(3));
    stage.command(Command::ChangeObserving(supervisor, Observing::Whisper)).expect("the supervisor is in");
    stage.run_for(secs(3));
    stage.hangs_up(caller);
    stage.run_for(secs(3));
    in_order(
        &stage.story(contact).text(&TextOptions::default()),
        &[
            "talks to a001",
            "INVITE 1",
            "200",
            "a003 listens, and is heard by nobody, as turno asked",
            "a003 observes no more",
            "a003 listens, and is heard by the agent alone, as turno asked",
            "ended: answered, by the caller",
            "a003 observes no more",
            "BYE",
        ],
    );
    stage.finish();
}
