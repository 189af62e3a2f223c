//! Offer and answer patterns of RFC 6337 and RFC 3264, played by SIPp.

use turno_tests::wire::{Server, Sipp, is_missing};

use crate::callers::with_a_menu;

/// Whether SIPp can send recorded RTP here; it needs a raw socket for that.
fn can_send_keys() -> bool {
    if is_missing(&["sipp"]) {
        return false;
    }
    let is_root = rustix::process::geteuid().is_root();
    is_root || !is_missing(&["(root, which SIPp needs for recorded RTP)"])
}

/// Changes of a scenario: telephone-event gets this payload type instead of 101.
pub(crate) fn names_keys(payload: &str) -> [(String, String); 3] {
    [
        ("RTP/AVP 8 0 101".to_owned(), format!("RTP/AVP 8 0 {payload}")),
        ("rtpmap:101".to_owned(), format!("rtpmap:{payload}")),
        ("fmtp:101".to_owned(), format!("fmtp:{payload}")),
    ]
}

/// Change of a scenario: the caller presses a key while talking; its telephone-event packets have payload type 101.
const PRESSES: (&str, &str) = (
    "<!-- Talk for as long as -d says. -->",
    "<pause milliseconds=\"300\"/>\n  <nop>\n    <action>\n      \
     <exec play_pcap_audio=\"/usr/share/sip-tester/dtmf_2833_1.pcap\"/>\n    </action>\n  </nop>\n",
);

#[test]
fn a_key_is_understood_by_the_number_that_our_offer_gave_it() {
    // RFC 3264, 5.1 and 6.1: the answer has the payload type that its sender wants to receive. Wound: 101 offered, 96
    // or 100 answered, 101 sent.
    if !can_send_keys() {
        return;
    }
    for payload in ["96", "100"] {
        let mut server = with_a_menu();
        let named = names_keys(payload);
        let mut changes: Vec<(&str, &str)> = named.iter().map(|(old, new)| (&**old, &**new)).collect();
        changes.push(PRESSES);
        Sipp::changed(&server, "caller_late_offer", &changes, (server.peer(3), 5090))
            .with(&["-s", "7002", "-mp", "20000", "-m", "1", "-d", "1000"])
            .succeed();
        server.wait_until("the key was understood", |now| now.contacts("hold", "abandoned") == 1.0);
        server.stop();
    }
}

/// A caller of `scenario` waits in line until its media is open; then an agent registers, and they talk.
fn opens_the_voice_in_line(scenario: &str) {
    if is_missing(&["sipp"]) {
        return;
    }
    let mut server = Server::lab();
    let citizen = Sipp::callers(&server, scenario, "7000", 1).with(&["-d", "500"]).start();
    server.wait_until("the voice is open", |_| citizen.log().iter().any(|line| line.contains("changed")));
    Sipp::register(&server, 1, 1, 5080);
    let agent = Sipp::agents(&server, "agent_uas", 5080).start();
    citizen.succeed();
    server.wait_until("the contact is booked as answered", |now| now.contacts("lab", "answered") == 1.0);
    drop(agent);
    server.stop();
}

#[test]
fn a_gateway_opens_the_voice_by_update_and_hears_no_older_answer() {
    // RFC 3311; RFC 3261, 13.2.1: the answer was in a reliable 18x, so the 200 has none. Wound: it had a=inactive.
    opens_the_voice_in_line("caller_update");
}

#[test]
fn a_gateway_opens_the_voice_by_its_prack() {
    // RFC 3262, 5: PRACK may have a new offer, and its 200 has the answer. Wound: 488.
    opens_the_voice_in_line("caller_prack_offers");
}

#[test]
fn nobody_talks_to_a_phone_that_leaves_our_offer_without_an_answer() {
    // RFC 3261, 13.2.2.4. Wound: the agent talked to nobody, for ever.
    if is_missing(&["sipp"]) {
        return;
    }
    let mut server = Server::lab();
    Sipp::register(&server, 1, 1, 5080);
    let agent = Sipp::agents(&server, "agent_uas", 5080).start();
    Sipp::callers(&server, "caller_never_answers", "7000", 1).succeed();
    server.wait_until("the agent is free again", |now| {
        now.sum("turno_agents", &["state=\"available\""]) == 1.0
    });
    drop(agent);
    server.stop();
}
