//! Callers, played by SIPp.

use turno_tests::wire::{Server, Sipp, is_missing};

/// One call of `scenario` to `number`, which an agent answers; the scenario must succeed.
fn one_call(scenario: &str, number: &str) {
    if is_missing(&["sipp"]) {
        return;
    }
    let mut server = Server::lab();
    Sipp::register(&server, 1, 1, 5080);
    let agent = Sipp::agents(&server, "agent_uas", 5080).start();
    Sipp::callers(&server, scenario, number, 1).with(&["-d", "300"]).succeed();
    server.wait_until("the contact is booked as answered", |now| now.contacts("lab", "answered") == 1.0);
    drop(agent);
    server.stop();
}

#[test]
fn a_citizen_waits_with_music_and_talks_to_an_agent() {
    one_call("caller_7000", "7000");
}

/// RFC 3261, 13.2.1: an INVITE without an offer.
#[test]
fn a_citizen_whose_phone_offers_late_talks_to_an_agent() {
    one_call("caller_late_offer", "7000");
}

/// RFC 3264, 8.4.
#[test]
fn a_citizen_holds_the_agent_and_comes_back() {
    one_call("caller_hold", "7000");
}

#[test]
fn a_key_by_info_is_taken_in_the_middle_of_a_talk() {
    one_call("caller_dtmf_info", "7000");
}

#[test]
fn a_citizen_is_answered_on_entry_and_leaves_before_anybody_comes() {
    if is_missing(&["sipp"]) {
        return;
    }
    let mut server = Server::lab();
    Sipp::callers(&server, "caller_7001", "7001", 1).with(&["-d", "300"]).succeed();
    server.wait_until("the contact is booked as abandoned", |now| now.contacts("hold", "abandoned") == 1.0);
    server.stop();
}

/// RFC 3261, 9: CANCEL before anybody was offered the call.
#[test]
fn a_citizen_gives_up_in_the_music() {
    if is_missing(&["sipp"]) {
        return;
    }
    let mut server = Server::lab();
    Sipp::callers(&server, "caller_cancel", "7000", 1).with(&["-d", "200"]).succeed();
    let now = server
        .wait_until("the contact is booked as abandoned", |now| now.contacts("lab", "abandoned") == 1.0);
    assert_eq!(now.sum("turno_offers_total", &[]), 0.0);
    server.stop();
}

/// Wound: an agent rung after the caller left (FreeSWITCH#2529).
#[test]
fn an_agent_is_not_rung_for_a_citizen_who_gave_up() {
    if is_missing(&["sipp"]) {
        return;
    }
    let mut server = Server::lab();
    Sipp::register(&server, 1, 1, 5080);
    let agent = Sipp::agents(&server, "agent_slow", 5080).with(&["-m", "1"]).start();
    Sipp::callers(&server, "caller_cancel", "7000", 1).with(&["-d", "500"]).succeed();
    agent.succeed();
    let now = server
        .wait_until("the contact is booked as abandoned", |now| now.contacts("lab", "abandoned") == 1.0);
    assert_eq!(now.offers("caller_left"), 1.0);
    assert_eq!(now.offers("accepted"), 0.0);
    server.stop();
}

#[test]
fn a_number_that_leads_nowhere_is_refused() {
    if is_missing(&["sipp"]) {
        return;
    }
    let server = Server::lab();
    Sipp::callers(&server, "caller_refused", "9999", 1).succeed();
    server.stop();
}

#[test]
fn whoever_asks_is_told_that_turno_is_there() {
    if is_missing(&["sipp"]) {
        return;
    }
    let server = Server::lab();
    Sipp::new(&server, "options", server.peer(3), 5090).with(&["-m", "1"]).succeed();
    server.stop();
}

/// Bad input: the right 4xx, a counter, and a next call that works.
#[test]
fn a_broken_invite_is_refused_and_the_next_call_is_served() {
    if is_missing(&["sipp"]) {
        return;
    }
    let mut server = Server::lab();
    Sipp::callers(&server, "malformed", "7001", 1).succeed();
    server
        .wait_until("the broken message is counted", |now| now.sum("turno_sip_malformed_total", &[]) >= 1.0);
    Sipp::callers(&server, "caller_7001", "7001", 1).with(&["-d", "100"]).succeed();
    server.stop();
}

/// RFC 3261, 17: every tenth packet to and from the callers is dropped.
#[test]
fn a_network_that_loses_every_tenth_packet_loses_no_call() {
    if is_missing(&["sipp"]) {
        return;
    }
    let mut server = Server::lab();
    Sipp::register(&server, 1, 20, 5080);
    let agents = Sipp::agents(&server, "agent_uas", 5080).start();
    Sipp::callers(&server, "caller_7000", "7000", 40)
        .with(&["-d", "300", "-r", "20", "-lost", "10"])
        .succeed();
    let now = server.wait_until("all are booked", |now| now.contacts("lab", "answered") == 40.0);
    assert_eq!(now.offers("accepted"), 40.0);
    drop(agents);
    server.stop();
}

/// RFC 3261, 18: every server that supports UDP must support TCP too.
#[test]
fn a_citizen_calls_over_tcp() {
    if is_missing(&["sipp"]) {
        return;
    }
    let mut server = Server::lab();
    Sipp::register(&server, 1, 1, 5080);
    let agents = Sipp::agents(&server, "agent_uas", 5080).start();
    Sipp::callers(&server, "caller_7000", "7000", 1).with(&["-d", "100", "-t", "t1"]).succeed();
    server.wait_until("the contact is booked as answered", |now| now.contacts("lab", "answered") == 1.0);
    drop(agents);
    server.stop();
}

/// The lab with a menu on number 7002: key 1 leads to the queue `hold`, no key to `lab`.
pub(crate) fn with_a_menu() -> Server {
    Server::lab_with(&[(
        "[queue_defaults]\n",
        "[[number]]\nnumber = \"7002\"\nmenu = \"keys\"\n\n[[menu]]\nname = \"keys\"\nprompts = [\"es/menu\"]\n\
         wait = \"4s\"\nchoices = { 1 = \"hold\" }\notherwise = \"lab\"\n\n[queue_defaults]\n",
    )])
}

/// Wound: DTMF ignored during prompts (Asterisk#543): the key is pressed while the prompt plays.
#[test]
fn a_key_by_info_cuts_the_menu_short() {
    if is_missing(&["sipp"]) {
        return;
    }
    let mut server = with_a_menu();
    Sipp::callers(&server, "caller_dtmf_info", "7002", 1).with(&["-d", "300"]).succeed();
    server.wait_until("the key was understood", |now| now.contacts("hold", "abandoned") == 1.0);
    server.stop();
}

/// RFC 4733.
#[test]
fn a_key_by_telephone_event_chooses_in_the_menu() {
    if is_missing(&["sipp"]) {
        return;
    }
    if !rustix::process::geteuid().is_root() {
        // SIPp sends recorded RTP from a raw socket.
        is_missing(&["(root, which SIPp needs for recorded RTP)"]);
        return;
    }
    let mut server = with_a_menu();
    Sipp::callers(&server, "caller_dtmf_rtp", "7002", 1).with(&["-d", "1000"]).succeed();
    server.wait_until("the key was understood", |now| now.contacts("hold", "abandoned") == 1.0);
    server.stop();
}
