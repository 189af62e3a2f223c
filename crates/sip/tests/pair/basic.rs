//! Usual calls: made, answered, ended, cancelled, refused.

use turno_ground::{Secret, Transport};
use turno_sip::{
    Algorithm, Authenticator, Event, Extra, HangUp, Method, Name, OutRequest, Reply, StackSettings,
};

use crate::bench::{Pair, SDP_ALICE, SDP_BOB, Side, sdp};

#[test]
fn a_call_rings_is_answered_and_ends_with_a_bye() {
    // RFC 3261, 4 and 13.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.call();
    let now = pair.now;
    pair.bob.stack.ring(ringing, now);
    pair.run_millis(20);
    let now = pair.now;
    pair.bob.stack.accept(ringing, sdp(SDP_BOB), Extra::new(), now);
    pair.run_secs(60);
    let now = pair.now;
    pair.bob.stack.hang_up(ringing, HangUp::default(), now);
    pair.run_millis(50);
    assert_eq!(pair.said(Side::Alice), ["INVITE", "ACK", "200 BYE"]);
    assert_eq!(pair.said(Side::Bob), ["100 INVITE", "180 INVITE", "200 INVITE", "BYE"]);
    assert_eq!(pair.log(Side::Alice, calling), ["progress 180", "accepted with sdp", "ended by Peer"]);
    assert_eq!(pair.log(Side::Bob, ringing), ["confirmed", "ended by Us"]);
    pair.assert_clean();
}

#[test]
fn the_first_messages_say_what_the_rfc_wants() {
    // RFC 3261, 8.1.1 and 12.1.1; RFC 3581, 3 and 4; RFC 4028, 7.1.
    let mut pair = Pair::new();
    pair.talk();
    let invite = pair.last("INVITE");
    let via = invite.top_via().unwrap();
    assert!(via.wants_rport() && via.unique_branch().is_some());
    assert_eq!((via.host, via.port), ("10.0.0.1", Some(5060)));
    assert_eq!(invite.header(Name::Contact), Some("<sip:alice@10.0.0.1:5060>"));
    assert_eq!(invite.header(Name::MaxForwards), Some("70"));
    assert!(invite.lists(Name::Supported, "timer") && invite.lists(Name::Supported, "100rel"));
    assert_eq!(invite.header(Name::SessionExpires), Some("1800"));
    assert_eq!(invite.body(), sdp(SDP_ALICE));
    let ok = pair.last("200 INVITE");
    assert_eq!(ok.header(Name::Contact), Some("<sip:bob@10.0.0.2:5060>"));
    assert_eq!(ok.top_via().unwrap().rport(), Some(5060));
    assert_eq!(ok.body(), sdp(SDP_BOB));
    assert_eq!(ok.header(Name::SessionExpires), Some("1800;refresher=uac"));
    assert!(ok.lists(Name::Require, "timer"));
    let ack = pair.last("ACK");
    assert_eq!(ack.request_uri(), "sip:bob@10.0.0.2:5060");
    assert_eq!(ack.cseq().unwrap().number, invite.cseq().unwrap().number);
    assert_ne!(ack.top_via().unwrap().branch(), via.branch());
    assert_eq!(ack.to().unwrap().tag(), ok.to().unwrap().tag());
}

#[test]
fn a_caller_who_gives_up_while_it_rings_cancels() {
    // RFC 3261, 9.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.call();
    let now = pair.now;
    pair.bob.stack.ring(ringing, now);
    pair.run_millis(20);
    let now = pair.now;
    pair.alice.stack.hang_up(calling, HangUp { status: 487, reason: Some("SIP;cause=200".to_owned()) }, now);
    pair.run_millis(50);
    assert_eq!(pair.said(Side::Alice), ["INVITE", "CANCEL", "ACK"]);
    assert_eq!(pair.last("CANCEL").header(Name::Reason), Some("SIP;cause=200"));
    assert_eq!(pair.log(Side::Bob, ringing), ["cancelled"]);
    assert_eq!(pair.log(Side::Alice, calling), ["progress 180", "ended by Us"]);
    pair.assert_clean();
}

#[test]
fn a_cancel_waits_until_somebody_has_heard_the_invite() {
    // RFC 3261, 9.1: no CANCEL before a provisional.
    let mut pair = Pair::new();
    let (out, now) = (pair.out(), pair.now);
    let calling = pair.alice.stack.invite(out, now);
    pair.alice.stack.hang_up(calling, HangUp::default(), now);
    pair.run_millis(4);
    assert_eq!(pair.said(Side::Alice), ["INVITE"]);
    pair.run_millis(50);
    assert_eq!(pair.said(Side::Alice), ["INVITE", "CANCEL", "ACK"]);
    assert_eq!(pair.log(Side::Alice, calling), ["ended by Us"]);
    pair.assert_clean();
}

#[test]
fn a_cancel_that_crosses_the_answer_becomes_ack_and_bye() {
    // RFC 3261, 9.1 and 15.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.call();
    let now = pair.now;
    pair.bob.stack.accept(ringing, sdp(SDP_BOB), Extra::new(), now);
    pair.alice.stack.hang_up(calling, HangUp::default(), now);
    pair.run_millis(50);
    assert_eq!(pair.said(Side::Alice), ["INVITE", "CANCEL", "ACK", "BYE"]);
    assert_eq!(pair.log(Side::Alice, calling), ["ended by Us"]);
    assert_eq!(pair.log(Side::Bob, ringing), ["confirmed", "ended by Peer"]);
    pair.assert_clean();
}

#[test]
fn a_busy_colleague_is_busy() {
    // RFC 3261, 17.1.1.3: the ACK of a refusal has the INVITE's branch.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.call();
    let now = pair.now;
    pair.bob.stack.refuse(ringing, Reply::new(486), now);
    pair.run_millis(50);
    assert_eq!(pair.log(Side::Alice, calling), ["refused 486"]);
    assert_eq!(pair.log(Side::Bob, ringing), ["ended by Us"]);
    let (invite, ack) = (pair.last("INVITE"), pair.last("ACK"));
    assert_eq!(ack.top_via().unwrap().branch(), invite.top_via().unwrap().branch());
    assert_eq!(ack.to().unwrap().tag(), pair.last("486 INVITE").to().unwrap().tag());
    pair.assert_clean();
}

#[test]
fn hanging_up_on_an_unanswered_caller_is_a_refusal() {
    // RFC 3261, 13.3.1.3.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.call();
    let now = pair.now;
    pair.bob.stack.hang_up(ringing, HangUp { status: 503, reason: None }, now);
    pair.run_millis(50);
    assert_eq!(pair.log(Side::Alice, calling), ["refused 503"]);
    pair.assert_clean();
}

#[test]
fn hanging_up_right_after_answering_waits_for_the_ack() {
    // RFC 3261, 15: no BYE from a callee before the ACK.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.call();
    let now = pair.now;
    pair.bob.stack.accept(ringing, sdp(SDP_BOB), Extra::new(), now);
    pair.bob.stack.hang_up(ringing, HangUp::default(), now);
    assert_eq!(pair.bob.stack.poll_event().map(|event| format!("{event:?}")), None);
    pair.run_millis(50);
    assert_eq!(pair.said(Side::Bob), ["100 INVITE", "200 INVITE", "BYE"]);
    assert_eq!(pair.log(Side::Bob, ringing), ["ended by Us"]);
    assert_eq!(pair.log(Side::Alice, calling), ["accepted with sdp", "ended by Peer"]);
    pair.assert_clean();
}

#[test]
fn early_media_is_heard_before_the_answer() {
    // RFC 3261, 13.2.1; RFC 3960.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.call();
    let now = pair.now;
    pair.bob.stack.progress(ringing, sdp(SDP_BOB), now);
    pair.run_millis(50);
    assert_eq!(pair.log(Side::Alice, calling), ["progress 183 with sdp"]);
    assert_eq!(pair.said(Side::Alice), ["INVITE"], "an unreliable provisional gets no PRACK");
}

#[test]
fn a_caller_in_line_is_told_every_minute_that_we_are_still_there() {
    // RFC 3261, 13.3.1.1: or proxies give up after three minutes.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.call();
    let now = pair.now;
    pair.bob.stack.progress(ringing, sdp(SDP_BOB), now);
    pair.run_secs(200);
    assert_eq!(pair.log(Side::Alice, calling).len(), 4);
    assert_eq!(pair.last("183 INVITE").body(), sdp(SDP_BOB));
}

#[test]
fn a_phone_that_rings_for_ever_is_given_up() {
    // RFC 3261, 16.6: Timer C; nothing waits without end.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.call();
    pair.run_secs(250);
    assert_eq!(pair.log(Side::Alice, calling), ["refused 408"]);
    assert_eq!(pair.log(Side::Bob, ringing), ["cancelled"]);
    pair.assert_clean();
}

#[test]
fn a_trunk_that_asks_for_a_password_gets_it_once() {
    // RFC 3261, 22.2: once for each nonce, with the next CSeq and the same Call-ID.
    let mut pair = Pair::new();
    let mut rng = turno_ground::Rng::new(5);
    let span = std::time::Duration::from_secs(300);
    let mut guard = Authenticator::new("trunk", vec![Algorithm::Md5], span, &mut rng);
    let mut out = pair.out();
    out.credentials = Some(("desk".to_owned(), Secret::new("open")));
    let now = pair.now;
    let calling = pair.alice.stack.invite(out, now);
    pair.run(std::time::Duration::from_millis(200), |side, stack, (event, now)| {
        let (Side::Bob, Event::Invite { session, message, .. }) = (side, event) else { return };
        let secret = |user: &str| (user == "desk").then(|| Secret::new("open"));
        match guard.verify(message, Name::ProxyAuthorization, secret, now) {
            turno_sip::Verdict::Valid { .. } => stack.accept(*session, sdp(SDP_BOB), Extra::new(), now),
            _ => {
                let mut reply = Reply::new(407);
                for challenge in guard.challenge(false, now) {
                    reply.headers.push((Name::ProxyAuthenticate, challenge));
                }
                stack.refuse(*session, reply, now);
            }
        }
    });
    assert_eq!(pair.said(Side::Alice), ["INVITE", "ACK", "INVITE", "ACK"]);
    assert_eq!(pair.log(Side::Alice, calling), ["accepted with sdp"]);
    let again = pair.last("INVITE");
    assert_eq!(again.cseq().unwrap().number, 2);
    assert!(again.has(Name::ProxyAuthorization) && again.has(Name::Contact) && again.has(Name::Supported));
    assert!(pair.last("ACK").has(Name::ProxyAuthorization), "RFC 3261, 13.2.2.4");
}

#[test]
fn a_wrong_password_is_not_tried_twice() {
    // RFC 3261, 22.2: the same credentials are not sent to the same challenge again.
    let mut pair = Pair::new();
    let mut out = pair.out();
    out.credentials = Some(("desk".to_owned(), Secret::new("wrong")));
    let now = pair.now;
    let calling = pair.alice.stack.invite(out, now);
    pair.run(std::time::Duration::from_millis(200), |side, stack, (event, now)| {
        if let (Side::Bob, Event::Invite { session, .. }) = (side, event) {
            let mut reply = Reply::new(401);
            let challenge = "Digest realm=\"trunk\", nonce=\"abc\", algorithm=MD5, qop=\"auth\"";
            reply.headers.push((Name::WwwAuthenticate, challenge.to_owned()));
            stack.refuse(*session, reply, now);
        }
    });
    assert_eq!(pair.said(Side::Alice), ["INVITE", "ACK", "INVITE", "ACK"]);
    assert_eq!(pair.log(Side::Alice, calling), ["refused 401"]);
    pair.assert_clean();
}

#[test]
fn a_registration_is_asked_and_answered() {
    // RFC 3261, 10 and 17.1.2.
    let mut pair = Pair::new();
    let out = OutRequest {
        method: Method::Register,
        uri: "sip:10.0.0.2".to_owned(),
        flow: pair.flow(Side::Alice),
        from: "sip:alice@10.0.0.2".to_owned(),
        to: "sip:alice@10.0.0.2".to_owned(),
        call_id: Some("reg-1".to_owned()),
        cseq: Some(7),
        route: Vec::new(),
        headers: Extra::from_vec(vec![(Name::Contact, "<sip:alice@10.0.0.1>".to_owned())]),
        body: None,
    };
    let now = pair.now;
    let asked = pair.alice.stack.request(out, now);
    pair.run(std::time::Duration::from_millis(100), |_, stack, (event, now)| {
        if let Event::Request { key, message, .. } = event {
            assert_eq!(message.method(), Method::Register);
            assert_eq!((message.call_id(), message.cseq().unwrap().number), ("reg-1", 7));
            let mut reply = Reply::new(200);
            reply.headers.push((Name::Contact, "<sip:alice@10.0.0.1>;expires=60".to_owned()));
            stack.respond(*key, reply, now);
        }
    });
    let answer = pair.alice.events.iter().find_map(|event| match event {
        Event::Response { key, message, .. } => Some((*key, message.status())),
        _ => None,
    });
    assert_eq!(answer, Some((asked, Some(200))));
    pair.assert_clean();
}

#[test]
fn an_options_ping_learns_what_we_can_do() {
    // RFC 3261, 11.2.
    let mut pair = Pair::new();
    let out = OutRequest {
        method: Method::Options,
        uri: "sip:10.0.0.2".to_owned(),
        flow: pair.flow(Side::Alice),
        from: "<sip:alice@10.0.0.1>".to_owned(),
        to: "<sip:10.0.0.2>".to_owned(),
        call_id: None,
        cseq: None,
        route: Vec::new(),
        headers: Extra::new(),
        body: None,
    };
    let now = pair.now;
    pair.alice.stack.request(out, now);
    pair.run(std::time::Duration::from_millis(100), |_, stack, (event, now)| {
        if let Event::Request { key, .. } = event {
            stack.respond(*key, Reply::new(200), now);
        }
    });
    let ok = pair.last("200 OPTIONS");
    assert!(ok.lists(Name::Allow, "INVITE") && ok.lists(Name::Accept, "application/sdp"));
    assert!(ok.has(Name::Supported));
    pair.assert_clean();
}

#[test]
fn a_dead_trunk_is_noticed() {
    // RFC 3261, 17.1.1.2: Timer B after 64*T1, with doubling copies before.
    let mut pair = Pair::new();
    pair.rule(|_| crate::bench::Fate::Lose);
    let (out, now) = (pair.out(), pair.now);
    let calling = pair.alice.stack.invite(out, now);
    pair.run_secs(31);
    assert_eq!(
        pair.said(Side::Alice).len(),
        6,
        "0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5 s: the last is still to come"
    );
    pair.run_secs(2);
    assert_eq!(pair.log(Side::Alice, calling), ["refused 408"]);
    pair.assert_clean();
}

#[test]
fn over_a_stream_nothing_is_sent_twice_but_an_unconfirmed_answer() {
    // RFC 3261, 17: Timers A, E, G do not run; 13.3.1.4: the 2xx is retransmitted even so.
    let mut pair = Pair::with(StackSettings::default(), StackSettings::default(), Transport::Tcp, 3);
    pair.lose("ACK", 1);
    let (calling, ringing) = pair.talk();
    pair.run_secs(1);
    assert_eq!(pair.log(Side::Bob, ringing), ["confirmed"]);
    assert_eq!(pair.said(Side::Bob), ["100 INVITE", "200 INVITE", "200 INVITE"]);
    assert_eq!(pair.last("INVITE").header(Name::Contact), Some("<sip:alice@10.0.0.1:5060;transport=tcp>"));
    let now = pair.now;
    pair.alice.stack.hang_up(calling, HangUp::default(), now);
    pair.run_secs(1);
    pair.assert_clean();
}

#[test]
fn a_late_offer_is_answered_in_the_ack() {
    // RFC 3261, 13.2.1: an INVITE without SDP; for us the caller is a 3pcc or a transferor.
    let mut pair = Pair::new();
    let mut out = pair.out();
    out.sdp = None;
    let (calling, ringing) = pair.call_with(out);
    let offered = pair.bob.events.iter().any(|event| matches!(event, Event::Invite { offer: None, .. }));
    assert!(offered);
    let now = pair.now;
    pair.bob.stack.accept(ringing, sdp(SDP_BOB), Extra::new(), now);
    pair.run_millis(50);
    assert_eq!(pair.log(Side::Alice, calling), ["accepted with sdp"]);
    assert_eq!(pair.said(Side::Alice), ["INVITE"], "the ACK waits for our answer");
    let now = pair.now;
    pair.alice.stack.answer(calling, sdp(SDP_ALICE), now);
    pair.run_millis(50);
    assert_eq!(pair.log(Side::Bob, ringing), ["confirmed with sdp"]);
    assert_eq!(pair.last("ACK").body(), sdp(SDP_ALICE));
    let now = pair.now;
    pair.bob.stack.hang_up(ringing, HangUp::default(), now);
    pair.run_secs(1);
    pair.assert_clean();
}
