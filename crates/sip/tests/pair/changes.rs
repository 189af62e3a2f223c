//! Offers within a call: hold, glare, UPDATE, offers without SDP.

use std::time::Duration;

use turno_ground::Transport;
use turno_sip::{Event, Extra, HangUp, Method, Name, SessionEvent, StackSettings};

use crate::bench::{Fate, Pair, SDP_ALICE, SDP_BOB, SDP_HOLD, Side, sdp};

#[test]
fn a_call_is_put_on_hold_and_taken_back() {
    // RFC 3261, 14; RFC 3264, 8.4.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.talk();
    for offer in [SDP_HOLD, SDP_ALICE] {
        let now = pair.now;
        pair.alice.stack.offer(calling, sdp(offer), now);
        pair.run_millis(20);
        let now = pair.now;
        pair.bob.stack.answer(ringing, sdp(SDP_BOB), now);
        pair.run_millis(20);
    }
    let alice = ["accepted with sdp", "answered", "answered"];
    assert_eq!(pair.log(Side::Alice, calling), alice);
    assert_eq!(pair.log(Side::Bob, ringing), ["confirmed", "offered with sdp", "offered with sdp"]);
    assert_eq!(pair.said(Side::Alice), ["INVITE", "ACK", "INVITE", "ACK", "INVITE", "ACK"]);
    let again = pair.last("INVITE");
    assert_eq!(again.cseq().unwrap().number, 3);
    assert_eq!(again.request_uri(), "sip:bob@10.0.0.2:5060");
    let now = pair.now;
    pair.bob.stack.hang_up(ringing, HangUp::default(), now);
    pair.run_secs(1);
    pair.assert_clean();
}

#[test]
fn a_change_that_is_refused_leaves_the_call_as_it_was() {
    // RFC 3261, 14.1: 488.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.talk();
    let now = pair.now;
    pair.bob.stack.offer(ringing, sdp(SDP_HOLD), now);
    pair.run_millis(20);
    let now = pair.now;
    pair.alice.stack.refuse_offer(calling, 488, now);
    pair.run_secs(1);
    assert_eq!(pair.log(Side::Bob, ringing), ["confirmed", "offer refused 488"]);
    assert_eq!(pair.alice.stack.counters().sessions, 1);
}

#[test]
fn offers_wait_in_line_and_the_latest_wins() {
    // RFC 3261, 14.1: no second INVITE while one is under way.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.call();
    let now = pair.now;
    pair.alice.stack.offer(calling, sdp(SDP_ALICE), now);
    pair.alice.stack.offer(calling, sdp(SDP_HOLD), now);
    pair.bob.stack.accept(ringing, sdp(SDP_BOB), Extra::new(), now);
    pair.run_millis(50);
    assert_eq!(pair.said(Side::Alice), ["INVITE", "ACK", "INVITE"]);
    assert_eq!(pair.last("INVITE").body(), sdp(SDP_HOLD));
}

#[test]
fn two_offers_that_meet_are_both_made_in_the_end() {
    // RFC 3261, 14.1: 491 on both sides; the caller waits 2.1 to 4 s, the callee up to 2 s.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.talk();
    let now = pair.now;
    pair.alice.stack.offer(calling, sdp(SDP_HOLD), now);
    pair.bob.stack.offer(ringing, sdp(SDP_HOLD), now);
    pair.run(Duration::from_secs(10), |_, stack, (event, now)| {
        if let Event::Session { session, event: SessionEvent::Offered { .. } } = event {
            stack.answer(*session, sdp(SDP_BOB), now);
        }
    });
    assert_eq!(pair.said(Side::Bob).iter().filter(|name| *name == "491 INVITE").count(), 1);
    assert_eq!(pair.said(Side::Alice).iter().filter(|name| *name == "491 INVITE").count(), 1);
    assert_eq!(pair.log(Side::Alice, calling), ["accepted with sdp", "offered with sdp", "answered"]);
    assert_eq!(pair.log(Side::Bob, ringing), ["confirmed", "answered", "offered with sdp"]);
}

#[test]
fn a_change_before_the_last_one_is_answered_is_put_off() {
    // RFC 3261, 14.2: 500 with Retry-After.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.talk();
    let now = pair.now;
    pair.alice.stack.offer(calling, sdp(SDP_HOLD), now);
    pair.run_millis(20);
    let first = pair.last("INVITE");
    let again = String::from_utf8(first.bytes().to_vec()).unwrap();
    let again =
        again.replace("CSeq: 2 INVITE", "CSeq: 3 INVITE").replace("branch=z9hG4bK", "branch=z9hG4bKx");
    let (bytes, flow, now) = (again.into(), pair.flow(Side::Bob), pair.now);
    pair.bob.stack.handle_datagram(turno_ground::Datagram { flow, bytes: &bytes }, now);
    pair.rule(|_| Fate::Lose);
    pair.run_millis(1);
    assert!(pair.last("500 INVITE").number(Name::RetryAfter).unwrap() <= 10);
    assert_eq!(pair.log(Side::Bob, ringing), ["confirmed", "offered with sdp"]);
}

#[test]
fn a_peer_that_asks_what_we_offer_gets_an_offer_and_answers_in_its_ack() {
    // RFC 3261, 14.2: a re-INVITE without SDP, as transferors and 3pcc send it.
    let mut pair = Pair::new();
    let (_, ringing) = pair.talk();
    let invite = pair.last("INVITE");
    let (ok, text) = (pair.last("200 INVITE"), String::from_utf8(invite.bytes().to_vec()).unwrap());
    let head = text.split("\r\n\r\n").next().unwrap();
    let to = ok.header(Name::To).unwrap();
    let head: Vec<String> = head
        .lines()
        .filter(|line| !line.starts_with("Content-"))
        .map(|line| match line {
            line if line.starts_with("To:") => format!("To: {to}"),
            line if line.starts_with("CSeq:") => "CSeq: 2 INVITE".to_owned(),
            line => line.replace("branch=z9hG4bK", "branch=z9hG4bKa"),
        })
        .collect();
    let (bytes, flow, now) =
        (format!("{}\r\n\r\n", head.join("\r\n")).into(), pair.flow(Side::Bob), pair.now);
    pair.rule(|sent| if sent.from == Side::Bob { Fate::Lose } else { Fate::Pass });
    pair.bob.stack.handle_datagram(turno_ground::Datagram { flow, bytes: &bytes }, now);
    pair.run_millis(1);
    assert_eq!(pair.log(Side::Bob, ringing).last().unwrap(), "offered");
    let now = pair.now;
    pair.bob.stack.answer(ringing, sdp(SDP_HOLD), now);
    pair.run_millis(1);
    assert_eq!(pair.last("200 INVITE").body(), sdp(SDP_HOLD));
    let ack = format!(
        "ACK sip:bob@10.0.0.2 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKack2\r\nFrom: {}\r\nTo: {to}\r\n\
         Call-ID: {}\r\nCSeq: 2 ACK\r\nContent-Type: application/sdp\r\nContent-Length: 4\r\n\r\nv=0\n",
        invite.header(Name::From).unwrap(),
        invite.call_id()
    );
    let bytes = ack.into();
    let now = pair.now;
    pair.bob.stack.handle_datagram(turno_ground::Datagram { flow, bytes: &bytes }, now);
    pair.run_millis(1);
    assert_eq!(pair.log(Side::Bob, ringing).last().unwrap(), "answered");
}

#[test]
fn early_media_is_changed_by_update() {
    // RFC 3311, 5.1: once the reliable 183 has its PRACK, either side may UPDATE before the answer.
    let mut pair = Pair::new();
    let mut out = pair.out();
    out.headers.push((Name::Require, "100rel".to_owned()));
    let (calling, ringing) = pair.call_with(out);
    let now = pair.now;
    pair.bob.stack.offer(ringing, sdp(SDP_HOLD), now);
    pair.run_millis(10);
    assert_eq!(pair.said(Side::Bob), ["100 INVITE"], "there is nothing to change yet");
    let now = pair.now;
    pair.bob.stack.progress(ringing, sdp(SDP_BOB), now);
    pair.run(Duration::from_secs(1), |_, stack, (event, now)| {
        if let Event::Session { session, event: SessionEvent::Offered { sdp: Some(_) } } = event {
            stack.answer(*session, sdp(SDP_ALICE), now);
        }
    });
    assert_eq!(pair.said(Side::Bob), ["100 INVITE", "183 INVITE", "200 PRACK", "UPDATE"]);
    assert_eq!(pair.log(Side::Bob, ringing), ["answered"]);
    assert_eq!(pair.log(Side::Alice, calling), ["progress 183 with sdp", "offered with sdp"]);
    let now = pair.now;
    pair.bob.stack.accept(ringing, sdp(SDP_HOLD), Extra::new(), now);
    pair.run_millis(50);
    assert_eq!(pair.log(Side::Bob, ringing), ["answered", "confirmed"]);
}

#[test]
fn a_caller_changes_early_media_too() {
    // RFC 3311, 5.1, from the caller's side.
    let mut pair = Pair::new();
    let mut out = pair.out();
    out.headers.push((Name::Require, "100rel".to_owned()));
    let (calling, ringing) = pair.call_with(out);
    let now = pair.now;
    pair.bob.stack.progress(ringing, sdp(SDP_BOB), now);
    pair.run_millis(50);
    pair.last("183 INVITE");
    let now = pair.now;
    pair.alice.stack.offer(calling, sdp(SDP_HOLD), now);
    pair.run(Duration::from_millis(100), |_, stack, (event, now)| {
        if let Event::Session { session, event: SessionEvent::Offered { sdp: Some(_) } } = event {
            stack.answer(*session, sdp(SDP_BOB), now);
        }
    });
    assert_eq!(pair.said(Side::Alice).iter().filter(|name| *name == "UPDATE").count(), 1);
    assert_eq!(pair.log(Side::Alice, calling), ["progress 183 with sdp", "answered"]);
}

#[test]
fn a_peer_that_lost_the_call_ends_it() {
    // RFC 3261, 12.2.1.2: 481 to a request within the dialog.
    let mut pair = Pair::new();
    let (calling, _) = pair.talk();
    let fresh = crate::bench::end("10.0.0.2:5060", Transport::Udp, 77, StackSettings::default());
    pair.bob = fresh;
    let now = pair.now;
    pair.alice.stack.offer(calling, sdp(SDP_HOLD), now);
    pair.run_millis(50);
    assert_eq!(pair.log(Side::Alice, calling), ["accepted with sdp", "ended by PeerLost"]);
    assert_eq!(pair.said(Side::Alice), ["INVITE", "ACK", "INVITE", "ACK"]);
    pair.assert_clean();
}

#[test]
fn a_peer_that_is_silent_has_left() {
    // RFC 3261, 12.2.1.2: 408 to a request within the dialog; BYE is sent even so.
    let mut pair = Pair::new();
    let (calling, _) = pair.talk();
    pair.rule(|sent| if sent.from == Side::Alice { Fate::Lose } else { Fate::Pass });
    let now = pair.now;
    pair.alice.stack.offer(calling, sdp(SDP_HOLD), now);
    pair.run_secs(33);
    assert_eq!(pair.log(Side::Alice, calling), ["accepted with sdp", "ended by PeerLost"]);
    assert!(pair.said(Side::Alice).contains(&"BYE".to_owned()));
}

#[test]
fn hanging_up_while_a_change_is_under_way_ends_both() {
    // RFC 3261, 15.1.2: the pending INVITE gets 487.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.talk();
    let now = pair.now;
    pair.alice.stack.offer(calling, sdp(SDP_HOLD), now);
    pair.run_millis(20);
    let now = pair.now;
    pair.alice.stack.hang_up(calling, HangUp::default(), now);
    pair.run_millis(50);
    assert!(pair.said(Side::Bob).contains(&"487 INVITE".to_owned()));
    assert_eq!(pair.log(Side::Alice, calling), ["accepted with sdp", "ended by Us"]);
    assert_eq!(pair.log(Side::Bob, ringing), ["confirmed", "offered with sdp", "ended by Peer"]);
    pair.assert_clean();
}

#[test]
fn an_info_carries_a_key_press() {
    // RFC 6086; phones without telephone-event send DTMF this way.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.talk();
    let now = pair.now;
    let body = bytes::Bytes::from_static(b"Signal=5\r\nDuration=160\r\n");
    pair.alice.stack.info(calling, "application/dtmf-relay", body.clone(), now);
    pair.run_millis(50);
    let last = pair.heard(Side::Bob, ringing).last().copied().cloned();
    let Some(SessionEvent::Info { content_type, body: got }) = last else { panic!("no INFO: {last:?}") };
    assert_eq!((content_type.as_str(), got), ("application/dtmf-relay", body));
    assert_eq!(pair.last("200 INFO").method(), Method::Info);
}

#[test]
fn a_change_whose_answer_nobody_confirms_ends_the_call() {
    // RFC 3261, 13.3.1.4, for a re-INVITE.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.talk();
    let now = pair.now;
    pair.alice.stack.offer(calling, sdp(SDP_HOLD), now);
    pair.run_millis(20);
    pair.lose("ACK", 1_000);
    let now = pair.now;
    pair.bob.stack.answer(ringing, sdp(SDP_BOB), now);
    pair.run_secs(34);
    assert_eq!(pair.log(Side::Bob, ringing), ["confirmed", "offered with sdp", "ended by AckMissing"]);
    assert_eq!(pair.log(Side::Alice, calling), ["accepted with sdp", "answered", "ended by Peer"]);
    pair.assert_clean();
}

#[test]
fn a_change_that_rings_for_ever_ends_the_call() {
    // RFC 3261, 14.1: a re-INVITE needs an end too: its 100 stops Timer B.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.talk();
    let now = pair.now;
    pair.alice.stack.offer(calling, sdp(SDP_HOLD), now);
    pair.run_secs(220);
    assert_eq!(pair.log(Side::Alice, calling), ["accepted with sdp", "ended by PeerLost"]);
    assert_eq!(pair.log(Side::Bob, ringing), ["confirmed", "offered with sdp", "ended by Peer"]);
    pair.assert_clean();
}

#[test]
fn early_media_that_is_being_changed_may_still_ring_too_long() {
    // RFC 3261, 16.6 and RFC 3311: the UPDATE's end does not stop the INVITE's deadline.
    let mut pair = Pair::new();
    let mut out = pair.out();
    out.headers.push((Name::Require, "100rel".to_owned()));
    let (calling, ringing) = pair.call_with(out);
    let now = pair.now;
    pair.bob.stack.progress(ringing, sdp(SDP_BOB), now);
    pair.run_millis(50);
    let now = pair.now;
    pair.alice.stack.offer(calling, sdp(SDP_HOLD), now);
    pair.rule(|sent| if sent.name().starts_with("18") { Fate::Lose } else { Fate::Pass });
    pair.run(Duration::from_secs(230), |_, stack, (event, now)| {
        if let Event::Session { session, event: SessionEvent::Offered { .. } } = event {
            stack.answer(*session, sdp(SDP_BOB), now);
        }
    });
    let log = pair.log(Side::Alice, calling);
    assert_eq!(&log[..2], ["progress 183 with sdp", "answered"]);
    assert!(log.last().unwrap().starts_with("refused"), "{log:?}");
    pair.assert_clean();
}

#[test]
fn an_offer_that_crosses_the_peers_bye_is_acknowledged_when_it_is_refused() {
    // RFC 3261, 17.1.1.3: a refusal without an ACK is sent again for half a minute. Found when a clock jumped.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.talk();
    let now = pair.now;
    pair.bob.stack.hang_up(ringing, HangUp::default(), now);
    pair.alice.stack.offer(calling, sdp(SDP_HOLD), now);
    pair.run_secs(40);
    let acks = |pair: &Pair| pair.said(Side::Alice).iter().filter(|name| *name == "ACK").count();
    assert_eq!(acks(&pair), 2, "{:?}", pair.said(Side::Alice));
    let refusals = pair.said(Side::Bob).iter().filter(|name| name.starts_with('4')).count();
    assert_eq!(refusals, 1, "{:?}", pair.said(Side::Bob));
    assert_eq!(pair.log(Side::Alice, calling).last().map(String::as_str), Some("ended by Peer"));
    pair.assert_clean();
}
