//! A carrier at which turno registers, played by Kamailio, with callers behind it played by SIPp.

use std::net::SocketAddr;

use turno_phone::PhoneEvent;
use turno_tests::wire::{Kamailio, Server, Sipp, Softphone, is_missing};

const TRUNK: &str = "addresses = [\"127.0.0.0/8\"]\noptions_interval = \"none\"\n";
const REGISTERS: &str = "host = \"127.0.0.1\"\nport = 5080\ntrust = \"registration\"\nusername = \"account7\"\n\
     password = \"wonder\"\nexpires = \"1m\"\noptions_interval = \"1s\"\n\n\
     [dial_out]\nallow = [\"09.\"]\ntrunk = \"lab\"\n\n";

fn outside(server: &Server) -> SocketAddr {
    SocketAddr::new(server.peer(3), 5094)
}

/// RFC 8760, 2.4; RFC 3261, 10.2.8: the first challenge has an unknown hash, and an expiry of a minute gets 423.
#[test]
fn kamailio_takes_the_registration_and_its_calls_reach_the_agent_without_their_withheld_number() {
    if is_missing(&["kamailio", "sipp"]) {
        return;
    }
    let mut server = Server::lab_with(&[(TRUNK, REGISTERS)]);
    // No carrier runs yet: turno reports that, and registers as soon as one runs.
    server.wait_until("the trunk is missed", |now| now.sum("turno_trunk_up", &[]) == 0.0);
    server.said("trunk `lab`");
    let carrier = Kamailio::carrier(&server, outside(&server), false);
    server.wait_until("turno is registered", |now| now.sum("turno_trunk_up", &[]) == 1.0);
    server.said("is registered again after");
    let mut ana = Softphone::agent(&server, "a001");
    let proxy = format!("{}:5080", server.sip().ip());
    Sipp::callers(&server, "caller_7000", "7000", 1).with(&["-d", "300", "-rsa", &proxy]).succeed();
    let shown = ana.waits_for("the call", |event| matches!(event, PhoneEvent::Incoming { .. }));
    let PhoneEvent::Incoming { caller, display, asserted, .. } = shown else {
        unreachable!("it was asked for")
    };
    assert_eq!((caller.as_str(), asserted), ("anonymous", None), "{display}");
    assert!(!display.contains("99887"), "{display}");
    server.wait_until("the contact is booked as answered", |now| now.contacts("lab", "answered") == 1.0);
    drop(ana);
    server.stop();
    carrier.stop();
}

/// RFC 3261, 22.3: the carrier accepts only the account in From, and challenges the INVITE too.
#[test]
fn a_call_by_kamailio_to_the_outside_is_the_accounts_and_proves_it() {
    if is_missing(&["kamailio", "sipp"]) {
        return;
    }
    let server = Server::lab_with(&[(TRUNK, REGISTERS)]);
    let carrier = Kamailio::carrier(&server, outside(&server), false);
    let place = outside(&server);
    let citizen = Sipp::new(&server, "agent_uas", place.ip(), place.port()).with(&["-aa", "-m", "1"]).start();
    let mut ana = Softphone::agent(&server, "a001");
    ana.dials("0987654321");
    let answered = ana.waits_for("the answer", |event| {
        matches!(event, PhoneEvent::Answered { .. } | PhoneEvent::Refused { .. })
    });
    let PhoneEvent::Answered { call, .. } = answered else { panic!("the carrier refused: {answered:?}") };
    ana.hangs_up(call);
    citizen.succeed();
    drop(ana);
    server.stop();
    carrier.stop();
}

#[test]
fn a_carrier_that_refuses_the_account_is_told_with_its_own_words() {
    if is_missing(&["kamailio"]) {
        return;
    }
    let mut server = Server::lab_with(&[(TRUNK, REGISTERS)]);
    let carrier = Kamailio::carrier(&server, outside(&server), true);
    server.said("trunk `lab` cannot register");
    server.said("403 Account suspended");
    server.stop();
    carrier.stop();
}
