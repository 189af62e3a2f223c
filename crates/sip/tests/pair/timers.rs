//! Session timers: sessions that are refreshed, and sessions that expire (RFC 4028).

use std::time::Duration;

use turno_ground::Transport;
use turno_sip::{Extra, Method, Name, StackSettings};

use crate::bench::{Fate, Pair, SDP_BOB, Side, sdp};

fn settings(seconds: u64) -> StackSettings {
    StackSettings { session_expires: Duration::from_secs(seconds), ..StackSettings::default() }
}

#[test]
fn a_long_call_is_refreshed_and_lives() {
    // RFC 4028, 7.2 and 9: the caller refreshes by UPDATE at half time.
    let mut pair = Pair::with(settings(200), settings(200), Transport::Udp, 1);
    let (calling, ringing) = pair.talk();
    pair.run_secs(1_000);
    assert_eq!(pair.log(Side::Alice, calling), ["accepted with sdp"]);
    assert_eq!(pair.log(Side::Bob, ringing), ["confirmed"]);
    let updates = pair.said(Side::Alice).iter().filter(|name| *name == "UPDATE").count();
    assert!((9..=10).contains(&updates), "{updates}");
    assert_eq!(pair.last("UPDATE").header(Name::SessionExpires), Some("200;refresher=uac"));
}

#[test]
fn a_peer_without_update_is_refreshed_by_re_invite() {
    // RFC 4028, 7.4: the same SDP again; our application gets no event.
    let mut bob = settings(200);
    bob.allow.retain(|method| *method != Method::Update);
    let mut pair = Pair::with(settings(200), bob, Transport::Udp, 1);
    let (calling, _) = pair.talk();
    pair.run(Duration::from_secs(500), |_, stack, (event, now)| {
        use turno_sip::{Event, SessionEvent};
        if let Event::Session { session, event: SessionEvent::Offered { .. } } = event {
            stack.answer(*session, sdp(SDP_BOB), now);
        }
    });
    assert_eq!(pair.log(Side::Alice, calling), ["accepted with sdp"]);
    assert!(pair.said(Side::Alice).iter().filter(|name| *name == "INVITE").count() >= 4);
}

#[test]
fn a_caller_whose_phone_lost_power_is_let_go() {
    // RFC 4028, 10: without a refresh, a BYE ends the session before it expires.
    let mut pair = Pair::with(settings(200), settings(200), Transport::Udp, 1);
    let (_, ringing) = pair.talk();
    pair.rule(|sent| if sent.from == Side::Alice { Fate::Lose } else { Fate::Pass });
    pair.run_secs(160);
    assert_eq!(pair.log(Side::Bob, ringing), ["confirmed"]);
    pair.run_secs(10);
    assert_eq!(pair.log(Side::Bob, ringing), ["confirmed", "ended by SessionTimer"]);
    assert!(pair.said(Side::Bob).contains(&"BYE".to_owned()));
}

#[test]
fn a_refresher_whose_refresh_nobody_answers_lets_go() {
    // RFC 4028, 10.
    let mut pair = Pair::with(settings(200), settings(200), Transport::Udp, 1);
    let (calling, _) = pair.talk();
    pair.rule(|sent| if sent.from == Side::Bob { Fate::Lose } else { Fate::Pass });
    pair.run_secs(170);
    assert_eq!(pair.log(Side::Alice, calling), ["accepted with sdp", "ended by PeerLost"]);
}

#[test]
fn a_session_too_short_for_the_peer_is_asked_for_again_longer() {
    // RFC 4028, 6 and 7.3: 422 with Min-SE, then the same INVITE with both headers raised.
    let mut bob = settings(1_800);
    bob.min_se = Duration::from_secs(600);
    let mut pair = Pair::with(settings(200), bob, Transport::Udp, 1);
    let (calling, ringing) = pair.call();
    assert_eq!(pair.said(Side::Bob), ["422 INVITE", "100 INVITE"]);
    let again = pair.last("INVITE");
    assert_eq!(again.header(Name::SessionExpires), Some("600"));
    assert_eq!(again.header(Name::MinSe), Some("600"));
    assert_eq!(again.cseq().unwrap().number, 2);
    let now = pair.now;
    pair.bob.stack.accept(ringing, sdp(SDP_BOB), Extra::new(), now);
    pair.run_millis(50);
    assert_eq!(pair.log(Side::Alice, calling), ["accepted with sdp"]);
    assert_eq!(pair.last("200 INVITE").header(Name::SessionExpires), Some("600;refresher=uac"));
}

#[test]
fn without_session_timers_nothing_is_promised() {
    // RFC 4028, 4: session timers are optional for both sides.
    let mut pair = Pair::with(settings(0), settings(0), Transport::Udp, 1);
    pair.talk();
    assert!(!pair.last("INVITE").has(Name::SessionExpires));
    assert!(!pair.last("200 INVITE").has(Name::SessionExpires));
    assert_eq!(pair.alice.stack.counters().deadlines, 1, "only Timer M of the INVITE");
}

#[test]
fn a_refresh_that_is_refused_is_tried_again() {
    // RFC 4028, 10: the session lives until it expires.
    let mut pair = Pair::with(settings(200), settings(200), Transport::Udp, 1);
    let (calling, ringing) = pair.talk();
    pair.run_secs(99);
    let now = pair.now;
    // An offer of Bob's that waits for Alice's answer makes every refresh wait.
    pair.bob.stack.offer(ringing, sdp(SDP_BOB), now);
    pair.run_secs(20);
    let now = pair.now;
    pair.alice.stack.answer(calling, sdp(SDP_BOB), now);
    pair.run_secs(400);
    assert_eq!(pair.log(Side::Alice, calling), ["accepted with sdp", "offered with sdp"]);
    assert_eq!(pair.log(Side::Bob, ringing), ["confirmed", "answered"]);
}
