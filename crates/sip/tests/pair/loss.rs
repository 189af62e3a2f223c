//! A wire that loses, duplicates and delays: everything arrives, and counts once.

use std::time::Duration;

use turno_sip::{Extra, HangUp, Reply};

use crate::bench::{Fate, Pair, SDP_BOB, Side, sdp};

#[test]
fn a_lost_invite_is_sent_again() {
    // RFC 3261, 17.1.1.2: Timer A.
    let mut pair = Pair::new();
    pair.lose("INVITE", 2);
    let (out, now) = (pair.out(), pair.now);
    pair.alice.stack.invite(out, now);
    pair.run_secs(2);
    assert_eq!(pair.said(Side::Alice), ["INVITE", "INVITE", "INVITE"]);
    assert_eq!(pair.said(Side::Bob), ["100 INVITE"]);
}

#[test]
fn an_invite_that_comes_again_gets_the_last_response_again() {
    // RFC 3261, 17.2.1.
    let mut pair = Pair::new();
    pair.rule(|sent| if sent.name().starts_with('1') { Fate::Lose } else { Fate::Pass });
    let (_, ringing) = pair.call();
    let now = pair.now;
    pair.bob.stack.ring(ringing, now);
    pair.run_secs(1);
    assert_eq!(pair.said(Side::Bob), ["100 INVITE", "180 INVITE", "180 INVITE"]);
    assert_eq!(pair.bob.stack.counters().sessions, 1, "and it is still one call");
    assert_eq!(pair.bob.stack.counters().retransmissions_in, 1);
}

#[test]
fn a_lost_answer_comes_again() {
    // RFC 3261, 13.3.1.4.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.call();
    pair.lose("200 INVITE", 3);
    let now = pair.now;
    pair.bob.stack.accept(ringing, sdp(SDP_BOB), Extra::new(), now);
    pair.run_secs(5);
    assert_eq!(pair.log(Side::Alice, calling), ["accepted with sdp"]);
    assert_eq!(pair.log(Side::Bob, ringing), ["confirmed"]);
    assert_eq!(pair.said(Side::Bob).iter().filter(|name| *name == "200 INVITE").count(), 4);
}

#[test]
fn a_lost_ack_is_sent_again_when_the_answer_comes_again() {
    // RFC 3261, 13.2.2.4: the same ACK for each copy of the 2xx.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.call();
    pair.lose("ACK", 2);
    let now = pair.now;
    pair.bob.stack.accept(ringing, sdp(SDP_BOB), Extra::new(), now);
    pair.run_secs(5);
    assert_eq!(pair.said(Side::Alice), ["INVITE", "ACK", "ACK", "ACK"]);
    assert_eq!(pair.log(Side::Alice, calling), ["accepted with sdp"]);
    assert_eq!(pair.log(Side::Bob, ringing), ["confirmed"]);
}

#[test]
fn an_answer_that_nobody_confirms_ends_with_a_bye() {
    // RFC 3261, 13.3.1.4: after 64*T1.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.call();
    pair.lose("ACK", 100);
    let now = pair.now;
    pair.bob.stack.accept(ringing, sdp(SDP_BOB), Extra::new(), now);
    pair.run_secs(31);
    assert!(pair.log(Side::Bob, ringing).is_empty());
    pair.run_secs(3);
    assert_eq!(pair.log(Side::Bob, ringing), ["ended by AckMissing"]);
    assert_eq!(pair.log(Side::Alice, calling), ["accepted with sdp", "ended by Peer"]);
    pair.assert_clean();
}

#[test]
fn an_answer_whose_every_copy_is_lost_leaves_nobody_hanging() {
    // RFC 3261, 13.3.1.4: the caller only ever hears the BYE.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.call();
    let now = pair.now;
    pair.bob.stack.ring(ringing, now);
    pair.run_millis(50);
    pair.lose("200 INVITE", 100);
    let now = pair.now;
    pair.bob.stack.accept(ringing, sdp(SDP_BOB), Extra::new(), now);
    pair.run_secs(40);
    assert_eq!(pair.log(Side::Bob, ringing), ["ended by AckMissing"]);
    assert_eq!(pair.log(Side::Alice, calling), ["progress 180", "ended by Peer"]);
    pair.assert_clean();
}

#[test]
fn a_lost_refusal_comes_again_until_its_ack() {
    // RFC 3261, 17.2.1: Timer G.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.call();
    pair.lose("486 INVITE", 2);
    let now = pair.now;
    pair.bob.stack.refuse(ringing, Reply::new(486), now);
    pair.run_secs(5);
    assert_eq!(pair.log(Side::Alice, calling), ["refused 486"]);
    assert_eq!(pair.said(Side::Alice), ["INVITE", "ACK"]);
    pair.assert_clean();
}

#[test]
fn a_lost_bye_is_sent_again() {
    // RFC 3261, 17.1.2.2: Timer E.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.talk();
    pair.lose("BYE", 2);
    let now = pair.now;
    pair.alice.stack.hang_up(calling, HangUp::default(), now);
    pair.run_secs(5);
    assert_eq!(pair.log(Side::Alice, calling).last().unwrap(), "ended by Us");
    assert_eq!(pair.log(Side::Bob, ringing).last().unwrap(), "ended by Peer");
    pair.assert_clean();
}

#[test]
fn a_bye_to_a_dead_peer_still_ends_the_call() {
    // RFC 3261, 17.1.2.2: Timer F.
    let mut pair = Pair::new();
    let (calling, _) = pair.talk();
    pair.rule(|_| Fate::Lose);
    let now = pair.now;
    pair.alice.stack.hang_up(calling, HangUp::default(), now);
    pair.run_secs(33);
    assert_eq!(pair.log(Side::Alice, calling).last().unwrap(), "ended by Us");
}

#[test]
fn a_lost_early_media_that_must_be_confirmed_comes_again() {
    // RFC 3262, 3: a 183 with Require: 100rel is repeated until its PRACK.
    let mut pair = Pair::new();
    pair.rule(|_| Fate::Pass);
    let mut out = pair.out();
    out.headers.push((turno_sip::Name::Require, "100rel".to_owned()));
    let (calling, ringing) = pair.call_with(out);
    pair.lose("183 INVITE", 2);
    let now = pair.now;
    pair.bob.stack.progress(ringing, sdp(SDP_BOB), now);
    pair.bob.stack.accept(ringing, sdp(SDP_BOB), Extra::new(), now);
    pair.run_secs(4);
    assert_eq!(pair.said(Side::Alice), ["INVITE", "PRACK", "ACK"]);
    let bob = ["100 INVITE", "183 INVITE", "183 INVITE", "183 INVITE", "200 PRACK", "200 INVITE"];
    assert_eq!(pair.said(Side::Bob), bob, "RFC 3262, 3: no 2xx before the PRACK of an answer");
    assert_eq!(pair.log(Side::Alice, calling), ["progress 183 with sdp", "accepted"]);
    assert_eq!(pair.log(Side::Bob, ringing), ["confirmed"]);
    let rseq = pair.last("183 INVITE").number(turno_sip::Name::RSeq).unwrap();
    assert_eq!(pair.last("PRACK").header(turno_sip::Name::RAck), Some(format!("{rseq} 1 INVITE").as_str()));
}

#[test]
fn early_media_that_nobody_confirms_ends_the_call() {
    // RFC 3262, 3: after 64*T1 a 5xx.
    let mut pair = Pair::new();
    let mut out = pair.out();
    out.headers.push((turno_sip::Name::Require, "100rel".to_owned()));
    let (calling, ringing) = pair.call_with(out);
    pair.lose("PRACK", 1_000);
    let now = pair.now;
    pair.bob.stack.progress(ringing, sdp(SDP_BOB), now);
    pair.run_secs(40);
    assert_eq!(pair.log(Side::Bob, ringing), ["ended by AckMissing"]);
    assert_eq!(pair.log(Side::Alice, calling), ["progress 183 with sdp", "refused 504"]);
    pair.assert_clean();
}

#[test]
fn a_wire_that_doubles_everything_changes_nothing() {
    // RFC 3261, 17: copies are absorbed.
    let mut pair = Pair::new();
    pair.rule(|_| Fate::Twice);
    let (calling, ringing) = pair.talk();
    let now = pair.now;
    pair.bob.stack.hang_up(ringing, HangUp::default(), now);
    pair.run_secs(1);
    assert_eq!(pair.log(Side::Alice, calling), ["accepted with sdp", "ended by Peer"]);
    assert_eq!(pair.log(Side::Bob, ringing), ["confirmed", "ended by Us"]);
    pair.assert_clean();
}

#[test]
fn a_cancel_that_overtakes_its_invite_finds_nothing_and_comes_again() {
    // RFC 3261, 9.2: 481; the INVITE then rings and is cancelled by hand.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.call();
    pair.lose("CANCEL", 2);
    let now = pair.now;
    pair.alice.stack.hang_up(calling, HangUp::default(), now);
    pair.run_secs(3);
    assert_eq!(pair.log(Side::Bob, ringing), ["cancelled"]);
    assert_eq!(pair.log(Side::Alice, calling), ["ended by Us"]);
    pair.assert_clean();
}

#[test]
fn a_cancel_that_is_never_heard_is_given_up() {
    // RFC 3261, 9.1: after 64*T1 the INVITE is considered cancelled.
    let mut pair = Pair::new();
    let (calling, _) = pair.call();
    pair.rule(|_| Fate::Lose);
    let now = pair.now;
    pair.alice.stack.hang_up(calling, HangUp::default(), now);
    pair.run_secs(33);
    assert_eq!(pair.log(Side::Alice, calling), ["ended by Us"]);
    assert_eq!(pair.alice.stack.counters().sessions, 0);
}

#[test]
fn an_invite_that_is_given_up_is_not_sent_once_more_in_the_same_moment() {
    // A phone that received only that copy would ring, and nobody would cancel its call. Found after a machine had
    // slept.
    let mut pair = Pair::new();
    pair.lose("INVITE", 1);
    let (out, now) = (pair.out(), pair.now);
    let calling = pair.alice.stack.invite(out, now);
    pair.run_millis(100);
    pair.now = pair.now + std::time::Duration::from_secs(60);
    pair.run_secs(60);
    assert_eq!(pair.said(Side::Alice), ["INVITE"]);
    assert_eq!(pair.log(Side::Alice, calling), ["refused 408"]);
    pair.assert_clean();
}

#[test]
fn a_bye_that_had_not_left_before_a_restart_leaves_after_it_however_late_it_is() {
    // Wound: the machine was off for longer than a BYE lives; it was given up unsent, and the peer talked to nobody.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.talk();
    pair.lose("BYE", 1);
    let now = pair.now;
    pair.alice.stack.hang_up(calling, HangUp::default(), now);
    pair.run_millis(1);
    pair.now = pair.now + Duration::from_secs(40);
    let now = pair.now;
    pair.alice.stack.reopen_streams(now);
    pair.run_millis(50);
    assert_eq!(pair.log(Side::Bob, ringing), ["confirmed", "ended by Peer"]);
    assert_eq!(pair.said(Side::Alice).iter().filter(|name| *name == "BYE").count(), 2);
    pair.assert_clean();
}
