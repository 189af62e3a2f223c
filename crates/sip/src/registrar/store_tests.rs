//! Tests of the registrar: phones that register, move, restart, unregister and expire.

use core::time::Duration;

use bytes::Bytes;
use turno_ground::{Changeset, Flow, Moment, Transport};

use super::{Registered, Registrar, RegistrarLimits};
use crate::message::header::Name;
use crate::message::received::Message;
use crate::registrar::binding::BindingChangeKind::{self, Added, Expired, Removed};

const NOW: Moment = Moment::from_secs(1_000_000);
const MARIA: &str = "maria@desk.example";

fn registrar() -> Registrar {
    Registrar::new(RegistrarLimits {
        expires_min: Duration::from_secs(60),
        expires_max: Duration::from_secs(3_600),
        expires_default: Duration::from_secs(600),
        contacts_per_aor_max: 3,
        contact_as_given: false,
    })
}

fn flow(port: u16) -> Flow {
    Flow {
        transport: Transport::Udp,
        local: "192.0.2.7:5060".parse().unwrap(),
        remote: format!("198.51.100.1:{port}").parse().unwrap(),
    }
}

fn register(call: &str, cseq: u32, lines: &str) -> Message {
    let text = format!(
        "REGISTER sip:desk.example SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bK1\r\n\
        From: <sip:maria@desk.example>;tag=1\r\nTo: <sip:maria@desk.example>\r\nCall-ID: {call}\r\n\
        CSeq: {cseq} REGISTER\r\nUser-Agent: Desk/1\r\n{lines}\r\n"
    );
    Message::scan(&Bytes::from(text)).unwrap()
}

fn send(registrar: &mut Registrar, call: &str, cseq: u32, lines: &str) -> Registered {
    registrar.register(MARIA, &register(call, cseq, lines), flow(4_000), NOW)
}

fn kinds(registered: &Registered) -> Vec<BindingChangeKind> {
    registered.changed.iter().map(|change| change.kind).collect()
}

fn contacts(registered: &Registered) -> Vec<&str> {
    registered
        .headers
        .iter()
        .filter(|(name, _)| *name == Name::Contact)
        .map(|(_, value)| value.as_str())
        .collect()
}

fn uris(registrar: &Registrar) -> Vec<&str> {
    registrar.bindings(MARIA).iter().map(|binding| binding.uri.as_str()).collect()
}

#[test]
fn a_phone_behind_a_nat_is_reached_by_the_flow_it_came_from() {
    // RFC 3261, 10.3; RFC 5626, 5.
    let mut registrar = registrar();
    let answer = send(&mut registrar, "a", 1, "Contact: <sip:maria@10.0.0.9:5062>\r\nExpires: 300\r\n");
    assert_eq!((answer.status, kinds(&answer)), (200, vec![Added]));
    assert_eq!(contacts(&answer), ["<sip:maria@10.0.0.9:5062>;expires=300"]);
    let binding = &registrar.bindings(MARIA)[0];
    assert_eq!((binding.flow, binding.user_agent.as_str()), (flow(4_000), "Desk/1"));
    assert_eq!(registrar.owner_of_flow(&flow(4_000)), Some(MARIA));
    assert_eq!(registrar.owner_of_flow(&flow(4_001)), None);
}

#[test]
fn a_network_without_nat_may_call_the_address_that_the_phone_gave() {
    let mut registrar = registrar();
    registrar.limits.contact_as_given = true;
    send(&mut registrar, "a", 1, "Contact: <sip:maria@10.0.0.9:5062>\r\n");
    let binding = &registrar.bindings(MARIA)[0];
    assert_eq!((binding.flow.remote, binding.source), ("10.0.0.9:5062".parse().unwrap(), flow(4_000)));
    assert_eq!(registrar.owner_of_flow(&flow(4_000)), Some(MARIA));
}

#[test]
fn a_refresh_from_a_new_port_moves_the_binding() {
    // RFC 3261, 10.2.4: a NAT that restarted gives a new port.
    let mut registrar = registrar();
    send(&mut registrar, "a", 1, "Contact: <sip:maria@10.0.0.9>\r\n");
    let again = register("a", 2, "Contact: <sip:maria@10.0.0.9;ob>\r\n");
    let later = NOW + Duration::from_secs(500);
    let answer = registrar.register(MARIA, &again, flow(4_001), later);
    assert_eq!(kinds(&answer), [BindingChangeKind::Moved(flow(4_000)), Added, Removed]);
    assert_eq!(registrar.bindings(MARIA).len(), 1);
    assert_eq!(registrar.bindings(MARIA)[0].expires_at, later + Duration::from_secs(600));
    assert_eq!(
        (registrar.owner_of_flow(&flow(4_000)), registrar.owner_of_flow(&flow(4_001))),
        (None, Some(MARIA))
    );
}

#[test]
fn a_phone_that_does_not_come_back_is_let_go_in_time() {
    // RFC 3261, 10.3; FusionPBX's agents stayed Available when their phones were gone.
    let mut registrar = registrar();
    send(&mut registrar, "a", 1, "Contact: <sip:a@h>;expires=60, <sip:b@h>;expires=90\r\n");
    assert_eq!(registrar.next_deadline(), Some(NOW + Duration::from_secs(60)));
    assert!(registrar.handle_deadlines(NOW + Duration::from_secs(59)).is_empty());
    let gone = registrar.handle_deadlines(NOW + Duration::from_secs(60));
    assert_eq!((gone.len(), gone[0].kind, gone[0].uri.as_str()), (1, Expired, "sip:a@h"));
    assert_eq!(uris(&registrar), ["sip:b@h"]);
    assert_eq!(registrar.handle_deadlines(NOW + Duration::from_secs(90)).len(), 1);
    assert_eq!((registrar.next_deadline(), registrar.len()), (None, 0));
    assert_eq!(registrar.owner_of_flow(&flow(4_000)), None);
}

#[test]
fn the_time_to_live_stays_between_the_limits() {
    // RFC 3261, 10.2.8 and 10.3; RFC 4475, 3.1.2.4: numbers that are far too large.
    let mut registrar = registrar();
    let brief = send(&mut registrar, "a", 1, "Contact: <sip:a@h>\r\nExpires: 59\r\n");
    assert_eq!((brief.status, brief.changed.len()), (423, 0));
    assert_eq!(brief.headers.as_slice(), [(Name::MinExpires, "60".to_owned())]);
    let long = send(&mut registrar, "a", 2, "Contact: <sip:a@h>;expires=99999999999999999999\r\n");
    assert_eq!(contacts(&long), ["<sip:a@h>;expires=3600"]);
    let quoted = send(&mut registrar, "b", 1, "Contact: <sip:a@h>;expires=\"90\"\r\n");
    assert_eq!(contacts(&quoted), ["<sip:a@h>;expires=90"]);
    let odd = send(&mut registrar, "a", 3, "Contact: <sip:a@h>;expires=soon\r\n");
    assert_eq!(contacts(&odd), ["<sip:a@h>;expires=600"]);
}

#[test]
fn one_contact_too_brief_leaves_all_as_it_was() {
    // RFC 3261, 10.3: all or nothing.
    let mut registrar = registrar();
    send(&mut registrar, "a", 1, "Contact: <sip:a@h>\r\n");
    let answer = send(&mut registrar, "a", 2, "Contact: <sip:a@h>;expires=0, <sip:b@h>;expires=1\r\n");
    assert_eq!((answer.status, uris(&registrar)), (423, vec!["sip:a@h"]));
}

#[test]
fn a_phone_signs_off_one_contact_or_all() {
    // RFC 3261, 10.2.2.
    let mut registrar = registrar();
    send(&mut registrar, "a", 1, "Contact: <sip:a@h>, <sip:b@h>\r\nContact: sip:c@h;q=0.5\r\n");
    assert_eq!(uris(&registrar).last(), Some(&"sip:c@h"));
    let one = send(&mut registrar, "a", 2, "Contact: <sip:b@h>;expires=0, <sip:never@h>;expires=0\r\n");
    assert_eq!((kinds(&one), contacts(&one).len()), (vec![Removed], 2));
    for wrong in ["Contact: *\r\n", "Contact: *\r\nExpires: 5\r\n", "Contact: *, <sip:a@h>\r\nExpires: 0\r\n"]
    {
        assert_eq!(send(&mut registrar, "a", 3, wrong).status, 400, "{wrong}");
    }
    let all = send(&mut registrar, "b", 1, "Contact: *\r\nExpires: 0\r\n");
    assert_eq!((all.status, kinds(&all), registrar.len()), (200, vec![Removed, Removed], 0));
}

#[test]
fn a_late_register_changes_nothing() {
    // RFC 3261, 10.3: an overtaken REGISTER must not undo a later one.
    let mut registrar = registrar();
    send(&mut registrar, "a", 7, "Contact: <sip:a@h>\r\n");
    assert_eq!(send(&mut registrar, "a", 7, "Contact: <sip:a@h>\r\n").status, 500);
    assert_eq!(send(&mut registrar, "a", 6, "Contact: <sip:a@h>;expires=0\r\n").status, 500);
    assert_eq!(send(&mut registrar, "a", 5, "Contact: *\r\nExpires: 0\r\n").status, 500);
    assert_eq!(uris(&registrar), ["sip:a@h"]);
    // Another contact, or another Call-ID after a restart, is accepted.
    assert_eq!(send(&mut registrar, "a", 3, "Contact: <sip:b@h>\r\n").status, 200);
    assert_eq!(send(&mut registrar, "b", 1, "Contact: <sip:a@h>\r\n").status, 200);
}

#[test]
fn a_browser_that_reloads_replaces_itself() {
    // RFC 5626, 6: instance and reg-id name the flow, not the URI.
    let mut registrar = registrar();
    let line = |host: &str, reg_id: u8| {
        format!(
            "Supported: path, outbound\r\nContact: <sip:x@{host}.invalid;transport=ws>;reg-id={reg_id};\
            +sip.instance=\"<urn:uuid:7>\";expires=300\r\n"
        )
    };
    let first = send(&mut registrar, "a", 1, &line("one", 1));
    assert_eq!(
        contacts(&first),
        ["<sip:x@one.invalid;transport=ws>;expires=300;+sip.instance=\"<urn:uuid:7>\";reg-id=1"]
    );
    assert!(first.headers.contains(&(Name::Require, "outbound".to_owned())));
    assert_eq!(kinds(&send(&mut registrar, "b", 1, &line("two", 1))), [Added, Removed]);
    assert_eq!(uris(&registrar), ["sip:x@two.invalid;transport=ws"]);
    assert_eq!(kinds(&send(&mut registrar, "b", 2, &line("two", 2))), [Added]);
}

#[test]
fn a_phone_that_lost_its_memory_pushes_out_its_oldest_self() {
    // A bounded number of contacts must not lock out a phone that registers from a new port each time.
    let mut registrar = registrar();
    for port in 1..=3 {
        let contact = format!("Contact: <sip:a@h:{port}>;expires={}\r\n", 300 + port);
        send(&mut registrar, &format!("a{port}"), 1, &contact);
    }
    let fourth = send(&mut registrar, "a4", 1, "Contact: <sip:a@h:4>;expires=60\r\n");
    assert_eq!(kinds(&fourth), [Added, Removed]);
    assert_eq!(fourth.changed[1].uri, "sip:a@h:1");
    assert_eq!(uris(&registrar), ["sip:a@h:3", "sip:a@h:2", "sip:a@h:4"]);
    let many = "Contact: <sip:1@h>, <sip:2@h>, <sip:3@h>, <sip:4@h>\r\n";
    assert_eq!(send(&mut registrar, "a5", 1, many).status, 403);
}

#[test]
fn a_phone_that_starts_anew_at_another_port_and_keeps_its_call_id_is_one_phone() {
    // RFC 3261, 10.2; Wound: calls also ring a port that no phone uses any more, and an agent's refusal waits for it.
    let mut registrar = registrar();
    send(&mut registrar, "a", 1, "Contact: <sip:a@h:1>\r\n");
    let again = send(&mut registrar, "a", 2, "Contact: <sip:a@h:2>\r\n");
    assert_eq!(kinds(&again), [Added, Removed]);
    assert_eq!(uris(&registrar), ["sip:a@h:2"]);
    // Another phone of the seat, or one that names two Contacts at once, replaces nothing.
    send(&mut registrar, "b", 1, "Contact: <sip:a@h:3>\r\n");
    send(&mut registrar, "b", 2, "Contact: <sip:a@h:3>, <sip:a@h:4>\r\n");
    assert_eq!(registrar.bindings(MARIA).len(), 3);
}

#[test]
fn the_path_through_the_edge_is_kept_and_told() {
    // RFC 3327, 5.3.
    let mut registrar = registrar();
    let lines = "Contact: <sip:a@h>\r\nSupported: path\r\nPath: <sip:p1;lr>, <sip:p2;lr>\r\n";
    let answer = send(&mut registrar, "a", 1, lines);
    assert_eq!(registrar.bindings(MARIA)[0].path, ["<sip:p1;lr>", "<sip:p2;lr>"]);
    assert!(answer.headers.contains(&(Name::Path, "<sip:p2;lr>".to_owned())));
}

#[test]
fn a_question_without_contacts_changes_nothing() {
    // RFC 3261, 10.2.3.
    let mut registrar = registrar();
    send(&mut registrar, "a", 1, "Contact: <sip:a@h>\r\n");
    let answer = send(&mut registrar, "a", 1, "");
    assert_eq!((answer.status, answer.changed.len(), contacts(&answer).len()), (200, 0, 1));
}

#[test]
fn a_contact_that_is_no_phone_is_refused() {
    // RFC 4475, 3.3.4 and 3.1.2.13.
    let mut registrar = registrar();
    assert_eq!(send(&mut registrar, "a", 1, "Contact: <name:John_Smith>\r\n").status, 400);
    assert_eq!(send(&mut registrar, "a", 2, "Contact: sip:u@h?Route=%3Csip:s%3E\r\n").status, 400);
    assert_eq!(send(&mut registrar, "a", 3, "Contact: <sip:u@h?Route=%3Csip:s%3E>\r\n").status, 200);
}

#[test]
fn a_connection_is_known_by_whoever_registered_by_it() {
    // RFC 5626, 5.3: the registrar's owner decides what happens to them when the connection ends.
    let mut registrar = registrar();
    send(&mut registrar, "a", 1, "Contact: <sip:a@h>\r\n");
    registrar.register(MARIA, &register("b", 1, "Contact: <sip:b@h>\r\n"), flow(4_001), NOW);
    let mut changes = Changeset::default();
    registrar.write_down(&mut changes, 1);
    assert_eq!(registrar.owners_of_flow(&flow(4_000)), [MARIA]);
    assert_eq!(registrar.owners_of_flow(&flow(4_002)), [""; 0]);
    assert_eq!(registrar.remove(MARIA, "sip:a@h").map(|change| change.kind), Some(Removed));
    assert_eq!(registrar.owners_of_flow(&flow(4_000)), [""; 0]);
    assert_eq!(uris(&registrar), ["sip:b@h"]);
    assert_eq!(registrar.remove(MARIA, "sip:b@h").map(|change| change.kind), Some(Removed));
    assert_eq!((registrar.remove(MARIA, "sip:b@h"), registrar.is_empty()), (None, true));
    // After a crash the registrar has what was written.
    for row in changes.take() {
        registrar.restore(&row).expect("a row that was just written");
    }
    assert_eq!(registrar.registered().map(|(_, bindings)| bindings.len()).sum::<usize>(), 2);
    assert!(registrar.next_deadline().is_some());
}
