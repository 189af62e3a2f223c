//! Tests of several accounts at one carrier, and of when a carrier is in service.

use core::time::Duration;

use bytes::Bytes;
use turno_engine::Input;
use turno_model::plan::TrunkTrust;
use turno_model::{Asker, Command, Fact, TrunkId};
use turno_sip::{Method, Name};

use crate::{CARRIER, Room};

/// A call from the carrier to this user of ours.
fn call_for(user: &str, id: &str) -> Bytes {
    let text = format!(
        "INVITE sip:{user}@127.0.0.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP {CARRIER};branch=z9hG4bK{id}\r\n\
         Max-Forwards: 70\r\nFrom: <sip:0991234567@127.0.0.7>;tag={id}\r\nTo: <sip:7000@127.0.0.7>\r\n\
         Call-ID: {id}\r\nCSeq: 1 INVITE\r\nContact: <sip:c@{CARRIER}>\r\nContent-Length: 0\r\n\r\n"
    );
    Bytes::from(text)
}

#[test]
fn of_two_accounts_with_one_carrier_a_call_is_for_the_one_that_it_names() {
    // RFC 3261, 10.2. Wound: every call counts for the first trunk, and its number is read by that trunk's rules.
    let mut room = Room::new(|plan| {
        let mut second = plan.trunks[0].clone();
        second.name = "second".to_owned();
        if let TrunkTrust::Registration { username, .. } = &mut second.trust {
            *username = "1800620620".to_owned();
        }
        plan.trunks.push(second);
    });
    for (user, id, expected) in [("1800510510", "c1", 0), ("1800620620", "c2", 1), ("7000", "c3", 0)] {
        room.facts.clear();
        room.hear(CARRIER, &call_for(user, id));
        let by = room
            .facts
            .iter()
            .find_map(|fact| if let Fact::ContactArrived { trunk, .. } = fact { Some(*trunk) } else { None });
        assert_eq!(by, Some(Some(TrunkId(expected))), "{user}");
    }
}

#[test]
fn a_carrier_is_in_service_when_it_has_first_answered_and_taken_our_registration() {
    // Wound: a healthy trunk counts as down until it has failed once, and its alert never ends.
    let mut room = Room::new(|plan| plan.trunks[0].options_interval = Some(Duration::from_secs(30)));
    let came_up = |room: &Room| {
        let up = Fact::TrunkChanged { trunk: TrunkId(0), up: true };
        room.facts.iter().filter(|fact| **fact == up).count()
    };
    let (options, _) = room.asked(Method::Options, Duration::from_secs(1)).expect("OPTIONS");
    room.sent.clear();
    room.answer(&options, "200 OK", &[]);
    assert_eq!(came_up(&room), 0, "it does not know us yet");
    let register = room.register(60);
    let contact = format!("Contact: {};expires=600", register.header(Name::Contact).expect("a Contact"));
    room.answer(&register, "200 OK", &[&contact]);
    assert_eq!(came_up(&room), 1);
    for _ in 0..3 {
        let (options, _) = room.asked(Method::Options, Duration::from_secs(60)).expect("OPTIONS");
        room.answer(&options, "200 OK", &[]);
    }
    assert_eq!(came_up(&room), 1, "told once");
    assert!(room.is_up());
}

#[test]
fn a_carrier_is_reached_by_what_turno_speaks_and_one_that_can_not_be_is_told() {
    // RFC 3263, 4.2. Wound: a carrier publishes AAAA beside A, and a site with IPv4 only is cut off without a word.
    let mut room = Room::new(|plan| plan.trunks[0].host = Some("carrier.test".to_owned()));
    let both = vec!["[2001:db8::7]:5060".parse().expect("an address"), CARRIER.parse().expect("an address")];
    room.handle(Input::Command(1, Asker::Shell, Command::TrunkResolved(TrunkId(0), both), None));
    let (_, asked) = room.asked(Method::Register, Duration::from_secs(60)).expect("a REGISTER");
    assert_eq!(asked.to_string(), CARRIER);
    let mut room = Room::new(|plan| plan.trunks[0].host = Some("carrier.test".to_owned()));
    let other = vec!["[2001:db8::7]:5060".parse().expect("an address")];
    room.handle(Input::Command(1, Asker::Shell, Command::TrunkResolved(TrunkId(0), other), None));
    assert!(room.told().iter().any(|text| text.contains("family")));
    assert!(!room.is_up());
}

#[test]
fn a_carrier_that_passes_on_what_its_subscriber_says_to_others_is_still_the_carrier() {
    // RFC 3261, 22.3.
    for line in
        ["Digest realm=\"other\", username=\"u\", nonce=\"n\", uri=\"sip:x\", response=\"r\"", "Basic dTpw"]
    {
        let mut room = Room::new(|_| ());
        let call = String::from_utf8(call_for("7000", "c1").to_vec()).expect("text");
        let call = call.replace("Call-ID", &format!("Authorization: {line}\r\nCall-ID"));
        room.facts.clear();
        room.hear(CARRIER, &Bytes::from(call));
        assert!(room.facts.iter().any(|fact| matches!(fact, Fact::ContactArrived { .. })), "{line}");
    }
}
