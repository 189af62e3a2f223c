//! Hold, transfer and late offers in a call, and messages that break the rules.

use core::time::Duration;

use proptest::prelude::{ProptestConfig, any, prop_assert, proptest};
use rsip::Method;
use turno_media_plan::Direction;
use turno_phone::{Behaviour, CallId, PhoneEvent};

use crate::script::{self, ANSWER, Script, header, is_request, status_of};

const SECOND: Duration = Duration::from_secs(1);

/// A call of ours that is answered.
fn talking(script: &mut Script) -> CallId {
    let call = script.phone.call("600", script.now);
    let invite = script.one_request(Method::Invite);
    script.reply(&invite, 200, "server", ANSWER);
    script.one_request(Method::Ack);
    assert!(script.phone.is_talking(call));
    script.events();
    call
}

#[test]
fn an_agent_holds_a_caller_and_comes_back() {
    // RFC 3264, 8.4.
    let mut script = Script::new(Behaviour::default());
    let call = talking(&mut script);
    script.phone.hold(call, script.now);
    let invite = script.one_request(Method::Invite);
    assert!(String::from_utf8_lossy(&invite.body).contains("a=sendonly"));
    assert_eq!(header(&invite, "CSeq"), "2 INVITE");
    script.reply(&invite, 200, "server", &ANSWER.replace("sendrecv", "recvonly"));
    assert_eq!(header(&script.one_request(Method::Ack), "CSeq"), "2 ACK");
    let events = script.events();
    assert!(matches!(events[0], PhoneEvent::Media { direction: Direction::SendOnly, .. }), "{events:?}");
    assert_eq!(events[1], PhoneEvent::Held { call });
    script.phone.resume(call, script.now);
    let invite = script.one_request(Method::Invite);
    script.reply(&invite, 200, "server", ANSWER);
    script.one_request(Method::Ack);
    assert_eq!(script.events()[1], PhoneEvent::Resumed { call });
}

#[test]
fn two_that_hold_at_once_do_not_end_in_a_tangle() {
    // RFC 3261, 14.1: 491, then another try after a while.
    let mut script = Script::new(Behaviour::default());
    let call = talking(&mut script);
    script.phone.hold(call, script.now);
    let ours = script.one_request(Method::Invite);
    script.ask_in_dialog(&ours, "INVITE", 7, "Contact: <sip:turno@127.0.0.1:5060>\r\n", script::OFFER);
    assert_eq!(status_of(&script.sent()[0]), Some(491));
    script.reply(&ours, 491, "server", "");
    script.one_request(Method::Ack);
    script.wait(SECOND * 2);
    let invite =
        script.sent().into_iter().find_map(script::into_invite).expect("the hold is tried once more");
    assert!(header(&invite, "CSeq").starts_with("3 "));
}

#[test]
fn a_peer_that_holds_us_is_heard_no_more() {
    let mut script = Script::new(Behaviour::default());
    let call = talking(&mut script);
    let contact = "Contact: <sip:moved@127.0.0.1:5070>\r\n";
    let offer = script::OFFER.replace("sendrecv", "sendonly");
    let invite = script.last_invite.clone().expect("a call was made");
    script.ask_in_dialog(&invite, "INVITE", 7, contact, &offer);
    let answer = script.sent();
    assert_eq!(status_of(&answer[0]), Some(200));
    assert!(matches!(script.events()[..], [PhoneEvent::Media { direction: Direction::RecvOnly, .. }]));
    script.ask_in_dialog(&invite, "ACK", 7, "", "");
    script.wait(SECOND * 5);
    assert_eq!(script.sent().len(), 0, "ACK ends the repetitions of the 200");
    script.phone.hang_up(call, script.now);
    let bye = script.one_request(Method::Bye);
    assert_eq!(bye.uri.to_string(), "sip:moved@127.0.0.1:5070", "the target moved (RFC 3261, 12.2.2)");
}

#[test]
fn a_blind_transfer_ends_our_call_when_it_has_worked() {
    // RFC 3515; RFC 5589, 6.
    for (fragment, ends) in [("SIP/2.0 200 OK\r\n", true), ("SIP/2.0 486 Busy Here\r\n", false)] {
        let mut script = Script::new(Behaviour::default());
        let call = talking(&mut script);
        script.phone.blind_transfer(call, "115", script.now);
        let refer = script.one_request(Method::Refer);
        assert_eq!(header(&refer, "Refer-To"), "<sip:115@turno.test>");
        script.reply(&refer, 202, "server", "");
        let extra = "Event: refer\r\nSubscription-State: active\r\nContent-Type: message/sipfrag\r\n";
        script.ask_in_dialog(&refer, "NOTIFY", 1, extra, "SIP/2.0 100 Trying\r\n");
        assert_eq!((script.sent().len(), script.events()), (1, vec![]));
        script.ask_in_dialog(&refer, "NOTIFY", 2, extra, fragment);
        let byes = script.sent().iter().filter(|message| is_request(message, Method::Bye)).count();
        assert_eq!(byes == 1, ends);
        let status = if ends { 200 } else { 486 };
        assert_eq!(script.events()[0], PhoneEvent::TransferResult { call, status });
        assert_eq!(script.phone.is_talking(call), !ends);
    }
}

#[test]
fn an_attended_transfer_names_the_call_that_is_replaced() {
    // RFC 3891; RFC 5589, 7.
    let mut script = Script::new(Behaviour::default());
    let call = talking(&mut script);
    let consult = script.phone.call("115", script.now);
    let invite = script.one_request(Method::Invite);
    script.reply(&invite, 200, "colleague", ANSWER);
    script.one_request(Method::Ack);
    script.phone.attended_transfer(call, consult, script.now);
    let refer = script.one_request(Method::Refer);
    let from = header(&invite, "From");
    let tag = from.split("tag=").nth(1).expect("From has a tag");
    let id = header(&invite, "Call-ID");
    let expected = format!("<sip:115@turno.test?Replaces={id}%3Bto-tag%3Dcolleague%3Bfrom-tag%3D{tag}>");
    assert_eq!(header(&refer, "Refer-To"), expected);
}

#[test]
fn an_offer_may_come_late_in_either_direction() {
    // RFC 3261, 13.2.1: the offer in 200, the answer in ACK.
    let mut script = Script::new(Behaviour::answering(Duration::ZERO));
    script.phone.call_with_late_offer("600", script.now);
    let invite = script.one_request(Method::Invite);
    assert!(invite.body.is_empty());
    script.reply(&invite, 200, "server", script::OFFER);
    assert!(String::from_utf8_lossy(&script.one_request(Method::Ack).body).contains("m=audio"));
    assert!(matches!(script.events()[..], [PhoneEvent::Media { .. }, PhoneEvent::Answered { .. }]));
    script.invite("in1", "");
    let answer = script.sent().pop().expect("it answers at once");
    assert!(script::body_of(&answer).contains("m=audio"));
    script.events();
    script.ask_in_answered("in1", &answer, "ACK", 1, ANSWER);
    assert!(matches!(script.events()[..], [PhoneEvent::Media { .. }, PhoneEvent::Answered { .. }]));
}

#[test]
fn what_breaks_the_rules_is_told_and_harms_nothing() {
    let mut script = Script::new(Behaviour::default());
    let call = talking(&mut script);
    let invite = script.last_invite.clone().expect("a call was made");
    script.ask_in_dialog(&invite, "INFO", 5, "", "");
    assert_eq!(status_of(&script.sent()[0]), Some(200));
    script.ask_in_dialog(&invite, "INFO", 4, "", "");
    assert_eq!(status_of(&script.sent()[0]), Some(500), "RFC 3261, 12.2.2: CSeq went back");
    script.phone.handle_datagram(b"HELO there\r\n\r\n", script.now);
    script.reply(&invite.clone(), 100, "", "");
    let confusions = script.take_confusions();
    assert_eq!(confusions.len(), 2, "{confusions:?}");
    assert!(script.phone.is_talking(call));
    script.phone.handle_datagram(b"\r\n\r\n", script.now);
    assert_eq!(script.events(), []);
}

#[test]
fn a_phone_says_that_it_is_there() {
    // RFC 3261, 11.2: OPTIONS outside of any dialog.
    let mut script = Script::new(Behaviour::default());
    script.options();
    let sent = script.sent();
    assert_eq!(status_of(&sent[0]), Some(200));
    assert!(script::header_of(&sent[0], "Allow").contains("INVITE"));
}

#[test]
fn what_two_phones_of_one_seed_do_is_the_same() {
    let mut days: Vec<Vec<rsip::SipMessage>> = Vec::new();
    for _ in 0..2 {
        let mut script = Script::new(Behaviour::default());
        script.phone.register(script.now);
        script.phone.call("600", script.now);
        script.wait(SECOND * 5);
        days.push(script.sent());
    }
    assert_eq!(days[0], days[1]);
}

#[test]
fn a_contact_with_parameters_without_a_port_or_of_ipv6_can_be_called() {
    for contact in
        ["sip:a@127.0.0.1:5061;transport=tls", "sip:a@host.test", "sip:a.b@[::1]:5060", "sips:a@h", "SIP:h"]
    {
        let mut script = Script::new(Behaviour::answering(Duration::ZERO));
        let _ = talking(&mut script);
        script.sent();
        let message = script.sample(2).replace("<sip:a@127.0.0.1>", &format!("<{contact}>"));
        script.phone.handle_datagram(message.as_bytes(), script.now);
        let sent = script.sent();
        assert_eq!(sent.first().and_then(status_of), Some(200), "{contact:?} {:?}", script.take_confusions());
        assert_eq!(script.take_confusions().len(), 0, "{contact:?}");
    }
}

#[test]
fn a_contact_that_cannot_be_called_is_told_and_not_answered() {
    for contact in ["sip:a@127.0\0.1", "sip:a@h:port", "sip:a@h:99999", "sip:a@1;7.0.0.1:5060", "sip:a@"] {
        let mut script = Script::new(Behaviour::answering(Duration::ZERO));
        let _ = talking(&mut script);
        script.sent();
        let good = script.sample(2);
        let bad = good.replace("<sip:a@127.0.0.1>", &format!("<{contact}>"));
        assert_ne!(good, bad);
        script.phone.handle_datagram(bad.as_bytes(), script.now);
        assert_eq!(script.sent().len(), 0, "{contact:?}");
        assert_eq!(script.take_confusions().len(), 1, "{contact:?}");
    }
}

#[test]
fn a_contact_with_parameters_is_called() {
    // Wound: every phone over TCP or TLS rejected turno's own Contact.
    for parameters in [";transport=tcp", ";transport=tls;lr", ";ob"] {
        let mut script = Script::new(Behaviour::answering(Duration::ZERO));
        let _ = talking(&mut script);
        script.sent();
        let good = script.sample(2);
        let same = good.replace("<sip:a@127.0.0.1>", &format!("<sip:a@127.0.0.1:5060{parameters}>"));
        assert_ne!(good, same);
        script.phone.handle_datagram(same.as_bytes(), script.now);
        assert_eq!(script.take_confusions(), Vec::<String>::new(), "{parameters}");
        assert_ne!(script.sent().len(), 0, "{parameters}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_mangled_message_never_brings_a_phone_down(
        at in 0usize..700, byte in any::<u8>(), cut in 0usize..700, which in 0usize..3
    ) {
        let mut script = Script::new(Behaviour::answering(Duration::ZERO));
        let _ = talking(&mut script);
        let text = script.sample(which);
        let mut bytes = text.into_bytes();
        let length = bytes.len();
        if let Some(place) = bytes.get_mut(at % length) {
            *place = byte;
        }
        script.phone.handle_datagram(&bytes, script.now);
        bytes.truncate(cut % length);
        script.phone.handle_datagram(&bytes, script.now);
        script.phone.handle_deadlines(script.now + SECOND * 100);
        while let Some(bytes) = script.phone.poll_transmit() {
            prop_assert!(rsip::SipMessage::try_from(&bytes[..]).is_ok());
        }
    }
}
