//! Connections that close at every moment of a call, and peers that come back over another.

use core::time::Duration;

use bytes::Bytes;
use turno_ground::{Flow, Moment, Transport};
use turno_sip::{Extra, HangUp, Name, OutInvite, Reply, SessionId, Stack};

use crate::bench::{SDP_ALICE, SDP_BOB, SDP_HOLD, sdp};
use crate::by_hand::{Desk, HIDDEN, SHOWN, answer, asked_for, at, message, names, stream, tcp};

/// An action of ours in a call.
type Act = fn(&mut Stack, SessionId, Moment);

#[test]
fn a_talk_goes_on_when_its_connection_closes_and_the_peer_hangs_up_by_the_next() {
    // RFC 3261, 12 and 18.1.1: a dialog does not depend on a connection.
    let mut desk = Desk::talks_to("10.0.0.9:5080");
    assert_eq!(names(&desk.closes(tcp(40_000))), [""; 0]);
    assert_eq!(names(&desk.later(500)), [""; 0]);
    let bye = desk.request("BYE", 2, "10.0.0.9:5080");
    let sent = desk.hear(tcp(41_000), &bye);
    assert_eq!((names(&sent), sent[0].flow), (vec!["200".to_owned()], tcp(41_000)));
    assert_eq!(desk.log, ["confirmed", "ended by Peer"]);
}

#[test]
fn we_hang_up_by_a_connection_of_our_own_to_the_contact() {
    // RFC 3261, 12.2.1.1 and 18.1.1.
    let mut desk = Desk::talks_to("10.0.0.9:5080");
    desk.closes(tcp(40_000));
    let (session, now) = (desk.session(), desk.now);
    desk.stack.hang_up(session, HangUp::default(), now);
    let bye = desk.sent();
    assert_eq!(bye[0].flow, asked_for(Transport::Tcp, "10.0.0.9:5080"));
    let opened = Flow { local: at("10.0.0.2:33333"), ..bye[0].flow };
    desk.hear(opened, &answer(&message(&bye[0]), 200, "10.0.0.9:5080"));
    assert_eq!(desk.log, ["confirmed", "ended by Us"]);
}

#[test]
fn a_call_whose_peer_listens_nowhere_any_more_ends_when_its_request_has_found_no_way_in_its_time() {
    // RFC 3261, 17.1.2.2: Timer F, 64*T1; until then the connection is tried repeatedly.
    let mut desk = Desk::talks_to("10.0.0.9:5080");
    desk.closes(tcp(40_000));
    let (session, now) = (desk.session(), desk.now);
    desk.stack.offer(session, sdp(SDP_HOLD), now);
    let asked = asked_for(Transport::Tcp, "10.0.0.9:5080");
    let mut tries = desk.sent().len();
    for _ in 0..310 {
        assert!(desk.closes(asked).is_empty(), "nobody is there: not at once again");
        tries += desk.later(100).len();
    }
    assert_eq!(desk.log, ["confirmed"], "not before its time");
    assert!((4..40).contains(&tries), "{tries} tries");
    desk.later(2_000);
    assert_eq!(desk.log, ["confirmed", "ended by PeerLost"]);
}

#[test]
fn a_phone_behind_a_nat_is_waited_for_and_hears_what_it_missed() {
    // RFC 5626, 4.3: only the phone can open the connection; the stack's owner knows it by its registration.
    let mut desk = Desk::new();
    let invite = desk.invite(HIDDEN);
    let there = |port: u16| stream(Transport::Tls, &format!("{SHOWN}:{port}"));
    desk.hear(there(40_000), &invite);
    let (session, now) = (desk.session(), desk.now);
    desk.stack.accept(session, sdp(SDP_BOB), Extra::new(), now);
    let accepted = desk.sent();
    desk.takes_tag_of(&accepted[0]);
    desk.hear(there(40_000), &desk.request("ACK", 1, HIDDEN));
    desk.closes(there(40_000));
    desk.stack.hang_up(session, HangUp::default(), now);
    assert_eq!(names(&desk.sent()), [""; 0], "nothing is sent to a port that is nobody's");
    assert_eq!(names(&desk.later(20_000)), [""; 0]);
    desk.stack.peer_is_back(there(40_000), there(41_000));
    let sent = desk.sent();
    assert_eq!((names(&sent), sent[0].flow), (vec!["BYE".to_owned()], there(41_000)));
}

#[test]
fn a_waiting_caller_keeps_its_place_and_is_answered_where_it_listens() {
    // RFC 3261, 18.2.2: the address that the request came from, the port of its sent-by.
    let mut desk = Desk::rung_by("10.0.0.9:5099");
    assert_eq!(names(&desk.closes(tcp(40_000))), [""; 0]);
    assert_eq!(desk.log, [""; 0]);
    let session = desk.session();
    let now = desk.now;
    desk.stack.ring(session, now);
    let sent = desk.sent();
    let asked = asked_for(Transport::Tcp, "10.0.0.9:5080");
    assert_eq!((names(&sent), sent[0].flow), (vec!["180".to_owned()], asked));
    desk.stack.accept(session, sdp(SDP_BOB), Extra::new(), now);
    let sent = desk.sent();
    assert_eq!((names(&sent), sent[0].flow), (vec!["200".to_owned()], asked));
    desk.takes_tag_of(&sent[0]);
    let opened = Flow { local: at("10.0.0.2:33333"), ..asked };
    desk.hear(opened, &desk.request("ACK", 1, "10.0.0.9:5099"));
    assert_eq!(desk.log, ["confirmed"]);
}

#[test]
fn a_caller_whose_answer_can_not_be_delivered_is_given_up_in_its_time_and_not_before() {
    // RFC 3261, 13.3.1.4: the 2xx is retransmitted for 64*T1, each time over a new connection.
    let mut desk = Desk::rung_by("10.0.0.9:5099");
    desk.closes(tcp(40_000));
    let (session, now) = (desk.session(), desk.now);
    desk.stack.accept(session, sdp(SDP_BOB), Extra::new(), now);
    let asked = asked_for(Transport::Tcp, "10.0.0.9:5080");
    let mut tries = desk.sent().len();
    for _ in 0..31 {
        desk.closes(asked);
        assert_eq!(desk.log, [""; 0]);
        tries += desk.later(1_000).len();
    }
    assert!((8..15).contains(&tries), "{tries} tries");
    desk.later(2_000);
    assert_eq!(desk.log, ["ended by AckMissing"]);
}

#[test]
fn a_caller_who_comes_back_while_it_waits_is_answered_by_its_new_connection() {
    // RFC 3261, 18.2.2; its UPDATE shows its new connection.
    let mut desk = Desk::rung_by("10.0.0.9:5099");
    let (session, now) = (desk.session(), desk.now);
    desk.stack.ring(session, now);
    let rung = desk.sent();
    desk.closes(tcp(40_000));
    desk.takes_tag_of(&rung[0]);
    desk.hear(tcp(41_000), &desk.request("OPTIONS", 2, "10.0.0.9:5099"));
    desk.stack.accept(session, sdp(SDP_BOB), Extra::new(), now);
    assert_eq!(desk.sent()[0].flow, tcp(41_000));
}

#[test]
fn an_answer_by_a_connection_that_the_call_has_left_finds_another_way_when_that_closes() {
    // RFC 3261, 18.2.2: the same connection while it is open, then the address where the caller listens.
    let mut desk = Desk::rung_by("10.0.0.9:5099");
    let (session, now) = (desk.session(), desk.now);
    desk.stack.ring(session, now);
    let rung = desk.sent();
    desk.takes_tag_of(&rung[0]);
    desk.hear(tcp(41_000), &desk.request("OPTIONS", 2, "10.0.0.9:5099"));
    desk.stack.ring(session, now);
    assert_eq!(desk.sent()[0].flow, tcp(40_000), "it is open");
    desk.closes(tcp(40_000));
    desk.stack.accept(session, sdp(SDP_BOB), Extra::new(), now);
    assert_eq!(desk.sent()[0].flow, asked_for(Transport::Tcp, "10.0.0.9:5080"));
}

#[test]
fn a_reliable_ringing_is_repeated_where_the_caller_listens() {
    // RFC 3262, 3: otherwise no PRACK would come, and the call would end after 64*T1.
    let mut desk = Desk::new();
    let invite = desk.invite("10.0.0.9:5099").replace("Content-Type", "Require: 100rel\nContent-Type");
    desk.hear(tcp(40_000), &invite);
    let (session, now) = (desk.session(), desk.now);
    desk.stack.ring(session, now);
    assert_eq!(desk.sent()[0].flow, tcp(40_000));
    desk.closes(tcp(40_000));
    let again = desk.later(600);
    let asked = asked_for(Transport::Tcp, "10.0.0.9:5080");
    assert_eq!((names(&again), again[0].flow), (vec!["180".to_owned()], asked));
}

#[test]
fn a_refusal_reaches_a_caller_whose_connection_has_closed() {
    // RFC 3261, 18.2.2.
    let mut desk = Desk::rung_by("10.0.0.9:5099");
    desk.closes(tcp(40_000));
    let (session, now) = (desk.session(), desk.now);
    desk.stack.refuse(session, Reply::new(486), now);
    let sent = desk.sent();
    let asked = asked_for(Transport::Tcp, "10.0.0.9:5080");
    assert_eq!((names(&sent), sent[0].flow), (vec!["486".to_owned()], asked));
}

#[test]
fn a_phone_that_rings_on_without_its_connection_answers_by_the_next() {
    // RFC 3261, 18.2.2, seen from the caller: the 200 comes over a connection that the phone opened.
    let (mut desk, invite) = Desk::rings("10.0.0.9:40000");
    desk.hear(tcp(40_000), &answer(&invite, 180, "10.0.0.9:40000"));
    assert_eq!(names(&desk.closes(tcp(40_000))), [""; 0]);
    assert_eq!(names(&desk.later(15_000)), [""; 0]);
    let acked = desk.hear(tcp(41_000), &answer(&invite, 200, "10.0.0.9:41000"));
    assert_eq!((names(&acked), acked[0].flow), (vec!["ACK".to_owned()], tcp(41_000)));
    assert_eq!(desk.log, ["progress 180", "accepted"]);
    desk.stack.hang_up(desk.session(), HangUp::default(), desk.now);
    assert_eq!(desk.sent()[0].flow, tcp(41_000));
}

#[test]
fn an_offer_that_never_arrived_goes_again_when_the_phone_is_back() {
    // RFC 3261, 17.1.1.2: the INVITE is tried until Timer B. If the phone has the first one, it absorbs the copy.
    let (mut desk, invite) = Desk::rings("192.168.7.7:5090");
    assert_eq!(names(&desk.closes(tcp(40_000))), ["INVITE"], "its own network: it may listen there");
    desk.closes(asked_for(Transport::Tcp, "192.168.7.7:5090"));
    desk.stack.peer_is_back(tcp(40_000), tcp(41_000));
    let sent = desk.sent();
    assert_eq!((sent[0].flow, &message(&sent[0]).call_id()), (tcp(41_000), &invite.call_id()));
    assert_eq!(message(&sent[0]).header(Name::Via), invite.header(Name::Via));
    desk.hear(tcp(41_000), &answer(&invite, 200, "10.0.0.9:41000"));
    assert_eq!(desk.log, ["accepted"]);
}

#[test]
fn an_offer_whose_time_is_over_does_not_leave_after_a_restart() {
    // Wound: the machine was off when an INVITE was given up; the phone got it then, answered, and was in a talk with nobody.
    for (away_millis, sent) in [(1_000, vec!["INVITE".to_owned()]), (64 * 500, Vec::new())] {
        let (mut desk, _) = Desk::rings("192.168.7.7:5090");
        desk.closes(tcp(40_000));
        desk.now = desk.now + Duration::from_millis(away_millis);
        desk.stack.reopen_streams(desk.now);
        assert_eq!(names(&desk.sent()), sent, "{away_millis} ms later");
    }
}

#[test]
fn an_offer_that_is_taken_back_meanwhile_stops_the_phone_when_it_is_back() {
    // RFC 3261, 9.1: CANCEL goes where its INVITE goes now.
    let (mut desk, invite) = Desk::rings("10.0.0.9:40000");
    desk.hear(tcp(40_000), &answer(&invite, 180, "10.0.0.9:40000"));
    desk.closes(tcp(40_000));
    desk.stack.hang_up(desk.session(), HangUp::default(), desk.now);
    desk.sent();
    desk.closes(asked_for(Transport::Tcp, "10.0.0.9:40000"));
    desk.stack.peer_is_back(tcp(40_000), tcp(41_000));
    let sent = desk.sent();
    assert_eq!((names(&sent), sent[0].flow), (vec!["CANCEL".to_owned()], tcp(41_000)));
}

#[test]
fn every_request_of_ours_outlives_its_connection() {
    // RFC 3261, 14 and 15; RFC 3515; RFC 6086: re-INVITE, BYE, REFER and INFO under way when it closes.
    let acts: [(&str, Act); 4] = [
        ("INVITE", |stack, session, now| stack.offer(session, sdp(SDP_HOLD), now)),
        ("BYE", |stack, session, now| stack.hang_up(session, HangUp::default(), now)),
        ("REFER", |stack, session, now| stack.refer(session, "sip:x@10.0.0.3", now)),
        ("INFO", |stack, session, now| stack.info(session, "text/plain", Bytes::from_static(b"x"), now)),
    ];
    for (name, act) in acts {
        let mut desk = Desk::talks_to(HIDDEN.replace("192.168", "8.8").as_str());
        let (session, now) = (desk.session(), desk.now);
        act(&mut desk.stack, session, now);
        let first = desk.sent();
        assert_eq!((names(&first), first[0].flow), (vec![name.to_owned()], tcp(40_000)));
        assert_eq!(names(&desk.closes(tcp(40_000))), [""; 0], "{name}: only the phone can come back");
        desk.later(10_000);
        desk.hear(tcp(41_000), &desk.request("OPTIONS", 2, HIDDEN));
        desk.stack.peer_is_back(tcp(40_000), tcp(41_000));
        assert_eq!(desk.log, ["confirmed"], "{name}");
        desk.now = desk.now + Duration::from_millis(1);
        let mut desk = Desk::talks_to(HIDDEN.replace("192.168", "8.8").as_str());
        act(&mut desk.stack, session, now);
        let first = desk.sent();
        desk.closes(tcp(40_000));
        desk.stack.peer_is_back(tcp(40_000), tcp(41_000));
        let again = desk.sent();
        assert_eq!((again[0].flow, &again[0].bytes), (tcp(41_000), &first[0].bytes), "{name}");
    }
}

#[test]
fn an_acknowledgement_that_was_lost_with_its_connection_goes_again_with_the_copy_of_the_answer() {
    // RFC 3261, 13.2.2.4.
    let (mut desk, invite) = Desk::rings("10.0.0.9:40000");
    let ok = answer(&invite, 200, "10.0.0.9:40000");
    assert_eq!(desk.hear(tcp(40_000), &ok)[0].flow, tcp(40_000));
    desk.closes(tcp(40_000));
    let sent = desk.hear(tcp(41_000), &ok);
    assert_eq!((names(&sent), sent[0].flow), (vec!["ACK".to_owned()], tcp(41_000)));
}

#[test]
fn the_same_port_may_come_back_too() {
    // A NAT, or a phone that binds its port, gives a new connection the address of the old.
    let mut desk = Desk::talks_to("8.8.7.7:5090");
    let (session, now) = (desk.session(), desk.now);
    desk.closes(tcp(40_000));
    desk.stack.hang_up(session, HangUp::default(), now);
    assert_eq!(names(&desk.sent()), [""; 0]);
    let sent = desk.hear(tcp(40_000), &desk.request("OPTIONS", 2, "8.8.7.7:5090"));
    assert_eq!(names(&sent), ["BYE", "200"]);
}

#[test]
fn a_stranger_who_knows_the_names_of_a_call_can_not_take_it() {
    // Attack: Call-ID and tags were read on the wire; requests for the call come over a foreign connection.
    let mut desk = Desk::talks_to("10.0.0.9:5080");
    let stranger = stream(Transport::Tcp, "10.0.0.66:40000");
    for is_closed in [false, true] {
        if is_closed {
            desk.closes(tcp(40_000));
        }
        for (cseq, method) in [(20, "BYE"), (21, "INVITE"), (22, "REFER"), (23, "OPTIONS")] {
            let cseq = cseq + 10 * u32::from(is_closed);
            let sent = desk.hear(stranger, &desk.request(method, cseq, "10.0.0.66:5080"));
            assert_eq!(names(&sent), [""; 0], "{method} waits for the owner's word");
            let (key, now) = (desk.elsewhere.pop().expect("the owner is asked"), desk.now);
            desk.stack.respond_and_forget(key, Reply::new(401), now);
            assert_eq!(names(&desk.sent()), ["401"]);
        }
        desk.hear(stranger, &desk.request("ACK", 1, "10.0.0.66:5080"));
    }
    assert_eq!(desk.log, ["confirmed"]);
    let (session, now) = (desk.session(), desk.now);
    desk.stack.hang_up(session, HangUp::default(), now);
    let bye = desk.sent().remove(0);
    assert_eq!(bye.flow.remote, at("10.0.0.9:5080"), "nothing goes to the stranger");
    // Even a response to an overheard request does not move the call.
    desk.hear(stranger, &answer(&message(&bye), 100, "10.0.0.66:5080"));
    assert_eq!(desk.stack.flow_of(session), Some(tcp(40_000)));
}

#[test]
fn a_peer_that_has_moved_and_proves_itself_is_let_in() {
    // A phone that changes its network during a call.
    let mut desk = Desk::talks_to("10.0.0.9:5080");
    desk.closes(tcp(40_000));
    let moved = stream(Transport::Tcp, "10.0.3.3:40000");
    desk.hear(moved, &desk.request("BYE", 2, "10.0.3.3:5080"));
    let (key, session, now) = (desk.elsewhere.pop().unwrap(), desk.session(), desk.now);
    desk.stack.vouch(key, session, now);
    let sent = desk.sent();
    assert_eq!((names(&sent), sent[0].flow), (vec!["200".to_owned()], moved));
    assert_eq!(desk.log, ["confirmed", "ended by Peer"]);
}

#[test]
fn a_call_out_that_finds_nobody_to_connect_to_fails_at_once() {
    // RFC 3261, 8.1.3.1: another trunk may be tried.
    let mut desk = Desk::new();
    let out = OutInvite {
        uri: "sip:x@10.0.0.7;transport=tcp".to_owned(),
        flow: asked_for(Transport::Tcp, "10.0.0.7:5060"),
        from: "<sip:turno@10.0.0.2>".to_owned(),
        to: "<sip:x@10.0.0.7>".to_owned(),
        contact_user: "turno".to_owned(),
        route: Vec::new(),
        headers: Extra::new(),
        sdp: Some(sdp(SDP_ALICE)),
        credentials: None,
    };
    desk.stack.invite(out, desk.now);
    desk.sent();
    desk.closes(asked_for(Transport::Tcp, "10.0.0.7:5060"));
    assert_eq!(desk.log, ["refused 503"]);
}

#[test]
fn connections_that_close_leave_nothing_behind() {
    // Bounded memory: the record of a closed connection ends with the last call that was on it.
    let mut desk = Desk::talks_to("8.8.7.7:5090");
    desk.closes(tcp(40_000));
    assert_eq!(desk.stack.stranded_beside(tcp(1)), [tcp(40_000)]);
    let (session, now) = (desk.session(), desk.now);
    desk.stack.hang_up(session, HangUp::default(), now);
    for _ in 0..70 {
        desk.later(1_000);
    }
    assert_eq!(desk.log, ["confirmed", "ended by Us"]);
    assert_eq!(desk.stack.stranded_beside(tcp(1)), []);
    let counters = desk.stack.counters();
    assert_eq!((counters.sessions, counters.client_transactions, counters.deadlines), (0, 0, 0));
}
