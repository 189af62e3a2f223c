//! Whose call it is where one carrier has several accounts, and when a carrier is in service.

use core::time::Duration;

use bytes::Bytes;
use turno_model::plan::TrunkTrust;
use turno_model::{Fact, TrunkId};
use turno_sip::{Method, Name};

use crate::{CARRIER, Room};

/// A citizen calls by the carrier, for this user of ours.
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
    // RFC 3261, 10.2; Wound: every call is booked to the trunk that stands first, and its number is looked for as that asks.
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
    // Wound: a healthy trunk counts as down until it has failed once, and the alert about it never ends.
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
