//! Agents and their offered calls, played by SIPp.

use turno_tests::wire::{Server, Sipp, is_missing};

/// RFC 3261, 22, and RFC 8760: the first challenge is one that SIPp can answer.
#[test]
fn twenty_agents_register_with_digest_and_take_it_back() {
    if is_missing(&["sipp"]) {
        return;
    }
    let mut server = Server::lab();
    Sipp::register(&server, 1, 20, 5080);
    server.wait_until("twenty are there", |now| {
        now.sum("turno_sip_registrations", &[]) == 20.0
            && now.sum("turno_agents", &["state=\"available\""]) == 20.0
    });
    Sipp::unregister(&server, 1, 20, 5080);
    server.wait_until("nobody is there any more", |now| {
        now.sum("turno_sip_registrations", &[]) == 0.0
            && now.sum("turno_agents", &["state=\"available\""]) == 0.0
    });
    server.stop();
}

/// Wound: the eighth caller served first (FreeSWITCH#2511); whole seconds as the clock break the order.
#[test]
fn a_storm_of_citizens_is_served_in_the_order_of_arrival() {
    if is_missing(&["sipp"]) {
        return;
    }
    let mut server = Server::lab();
    let storm =
        Sipp::callers(&server, "caller_7000", "7000", 60).with(&["-d", "10", "-r", "600", "-l", "60"]);
    let storm = storm.start();
    server.wait_until("all sixty wait", |now| now.sum("turno_queue_depth", &["queue=\"lab\""]) == 60.0);
    let agents = Sipp::agents(&server, "agent_uas", 5080).start();
    Sipp::register(&server, 1, 2, 5080);
    storm.succeed();
    let offered = agents.log();
    let numbers: Vec<u32> =
        offered.iter().filter_map(|line| line.split("sip:099").nth(1)?.parse().ok()).collect();
    assert_eq!(numbers, (1..=60).collect::<Vec<u32>>(), "in the order of the offers");
    server.wait_until("all are booked", |now| now.contacts("lab", "answered") == 60.0);
    server.stop();
}

/// RONA; wound: the same agent rung for ever (FreePBX#40).
#[test]
fn a_citizen_whose_agent_does_not_answer_reaches_the_next_one() {
    if is_missing(&["sipp"]) {
        return;
    }
    let mut server = Server::lab_with(&[("[queue_defaults]\n", "[queue_defaults]\nring = \"1s\"\n")]);
    let asleep = Sipp::agents(&server, "agent_no_answer", 5080).with(&["-m", "1"]).start();
    let awake = Sipp::agents(&server, "agent_uas", 5082).start();
    Sipp::register(&server, 1, 1, 5080);
    Sipp::register(&server, 2, 1, 5082);
    Sipp::callers(&server, "caller_7000", "7000", 1).with(&["-d", "200"]).succeed();
    asleep.succeed();
    let now =
        server.wait_until("the contact is booked as answered", |now| now.contacts("lab", "answered") == 1.0);
    assert_eq!((now.offers("no_answer"), now.offers("accepted")), (1.0, 1.0));
    assert_eq!(awake.log().len(), 1);
    server.stop();
}

/// Wound: refusing an offer drops the caller (OpenSIPS#2886).
#[test]
fn a_citizen_does_not_notice_that_an_agent_refused() {
    if is_missing(&["sipp"]) {
        return;
    }
    let mut server = Server::lab();
    let busy = Sipp::agents(&server, "agent_refuse", 5080).with(&["-m", "1"]).start();
    let free = Sipp::agents(&server, "agent_uas", 5082).start();
    Sipp::register(&server, 1, 1, 5080);
    Sipp::register(&server, 2, 1, 5082);
    Sipp::callers(&server, "caller_7000", "7000", 1).with(&["-d", "200"]).succeed();
    busy.succeed();
    let now =
        server.wait_until("the contact is booked as answered", |now| now.contacts("lab", "answered") == 1.0);
    assert_eq!((now.offers("refused"), now.offers("accepted")), (1.0, 1.0));
    assert_eq!(free.log().len(), 1);
    server.stop();
}

#[test]
fn a_citizen_is_let_go_when_the_agent_hangs_up() {
    if is_missing(&["sipp"]) {
        return;
    }
    let mut server = Server::lab();
    Sipp::register(&server, 1, 1, 5080);
    let agent = Sipp::agents(&server, "agent_hangs_up", 5080).with(&["-m", "1", "-d", "300"]).start();
    Sipp::callers(&server, "caller_waits", "7000", 1).succeed();
    agent.succeed();
    server.wait_until("the contact is booked as answered", |now| now.contacts("lab", "answered") == 1.0);
    server.stop();
}

#[test]
fn a_citizen_hears_music_while_the_agent_looks_something_up() {
    if is_missing(&["sipp"]) {
        return;
    }
    let mut server = Server::lab();
    Sipp::register(&server, 1, 1, 5080);
    let agent = Sipp::agents(&server, "agent_hold", 5080).with(&["-m", "1", "-d", "300"]).start();
    Sipp::callers(&server, "caller_7000", "7000", 1).with(&["-d", "1500"]).succeed();
    agent.succeed();
    let now =
        server.wait_until("the contact is booked as answered", |now| now.contacts("lab", "answered") == 1.0);
    assert!(now.sum("turno_hold_seconds_total", &["queue=\"lab\""]) >= 0.3, "the hold is booked");
    server.stop();
}

/// RFC 3515, and RFC 5589, 6: a blind transfer into another queue.
#[test]
fn an_agent_passes_a_citizen_on_to_another_queue() {
    if is_missing(&["sipp"]) {
        return;
    }
    let mut server = Server::lab();
    Sipp::register(&server, 1, 1, 5080);
    let agent = Sipp::agents(&server, "agent_transfer", 5080);
    let agent = agent.with(&["-m", "1", "-d", "300", "-key", "target", "7001"]).start();
    let citizen = Sipp::callers(&server, "caller_7000", "7000", 1).with(&["-d", "3000"]).start();
    server.wait_until("the citizen waits in the other queue", |now| {
        now.sum("turno_queue_depth", &["queue=\"hold\""]) == 1.0
    });
    agent.succeed();
    citizen.succeed();
    let now = server.wait_until("nobody waits", |now| now.sum("turno_queue_depth", &[]) == 0.0);
    assert_eq!(now.sum("turno_transfers_total", &[]), 1.0);
    assert_eq!(now.sum("turno_contacts_total", &[]), 1.0, "one contact, one outcome");
    server.stop();
}
