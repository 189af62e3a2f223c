//! Transfers: REFER and its NOTIFYs.

use turno_sip::{HangUp, Name, SessionEvent};

use crate::bench::{Fate, Pair, Side, referral};

#[test]
fn a_blind_transfer_is_followed_to_its_end() {
    // RFC 3515, 2.4.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.talk();
    let now = pair.now;
    pair.alice.stack.refer(calling, "sip:carol@10.0.0.3", now);
    pair.run_millis(20);
    let refer = referral(&pair.heard(Side::Bob, ringing));
    let now = pair.now;
    pair.bob.stack.refer_reply(ringing, refer, 202, now);
    pair.run_millis(50);
    let now = pair.now;
    pair.bob.stack.refer_progress(ringing, refer, 180, now);
    pair.bob.stack.refer_progress(ringing, refer, 200, now);
    pair.bob.stack.refer_progress(ringing, refer, 486, now);
    pair.run_millis(50);
    let alice = ["accepted with sdp", "notified 100", "notified 180", "notified 200"];
    assert_eq!(pair.log(Side::Alice, calling), alice);
    assert_eq!(pair.log(Side::Bob, ringing), ["confirmed", "refer to sip:carol@10.0.0.3"]);
    let notify = pair.last("NOTIFY");
    assert_eq!(notify.header(Name::Event), Some("refer"));
    assert_eq!(notify.header(Name::SubscriptionState), Some("terminated;reason=noresource"));
    assert_eq!(notify.header(Name::ContentType), Some("message/sipfrag;version=2.0"));
    assert!(pair.last("REFER").header(Name::ReferredBy).unwrap().contains("sip:alice@10.0.0.1"));
    let now = pair.now;
    pair.alice.stack.hang_up(calling, HangUp::default(), now);
    pair.run_secs(1);
    pair.assert_clean();
}

#[test]
fn an_attended_transfer_names_the_other_call() {
    // RFC 3891; RFC 5589, 7.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.talk();
    let now = pair.now;
    pair.alice.stack.refer(calling, "sip:carol@10.0.0.3?Replaces=c1%40h%3Bto-tag%3Dt%3Bfrom-tag%3Df", now);
    pair.run_millis(20);
    let last = pair.heard(Side::Bob, ringing).last().copied().cloned();
    let Some(SessionEvent::Refer { target, replaces: Some(replaces), .. }) = last else {
        panic!("no attended transfer: {last:?}")
    };
    assert_eq!(target, "sip:carol@10.0.0.3");
    assert_eq!(
        (replaces.call_id.as_str(), replaces.to_tag.as_str(), replaces.from_tag.as_str()),
        ("c1@h", "t", "f")
    );
}

#[test]
fn a_dialog_is_found_by_its_name() {
    // RFC 3891, 3: how a Replaces finds the call that it replaces.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.talk();
    let (call_id, local, remote) = pair.alice.stack.dialog_name(calling).unwrap();
    let (call_id, local, remote) = (call_id.to_owned(), local.to_owned(), remote.to_owned());
    assert_eq!(pair.alice.stack.session_by_dialog(&call_id, &local, &remote), Some(calling));
    assert_eq!(pair.bob.stack.session_by_dialog(&call_id, &remote, &local), Some(ringing));
    assert_eq!(pair.bob.stack.session_by_dialog(&call_id, &local, &remote), None);
    assert_eq!(pair.bob.stack.session_by_dialog(&call_id, &remote, "other"), None);
}

#[test]
fn a_transfer_that_we_refuse_is_heard_as_refused() {
    // RFC 3515, 2.4.2.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.talk();
    let now = pair.now;
    pair.alice.stack.refer(calling, "sip:carol@10.0.0.3", now);
    pair.run_millis(20);
    let refer = referral(&pair.heard(Side::Bob, ringing));
    let now = pair.now;
    pair.bob.stack.refer_reply(ringing, refer, 603, now);
    pair.run_millis(50);
    assert_eq!(pair.log(Side::Alice, calling), ["accepted with sdp", "notified 603"]);
}

#[test]
fn a_refer_to_another_method_than_invite_is_refused() {
    // RFC 3515, 2.1: the URI may name a method. Taken for a transfer, `method=BYE` would ring a phone.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.talk();
    for uri in ["sip:carol@h;method=BYE", "sip:carol@h;Method=SUBSCRIBE?Event=x", "sip:carol@h;method=INVITE"]
    {
        let now = pair.now;
        pair.alice.stack.refer(calling, uri, now);
        pair.run_millis(50);
    }
    let refused = ["accepted with sdp", "notified 501", "notified 501"];
    assert_eq!(pair.log(Side::Alice, calling), refused);
    let followed = ["confirmed", "refer to sip:carol@h;method=INVITE"];
    assert_eq!(pair.log(Side::Bob, ringing), followed);
}

#[test]
fn a_transfer_that_nobody_finishes_is_told_so() {
    // RFC 3515, 2.4.4: the implicit subscription ends.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.talk();
    let now = pair.now;
    pair.alice.stack.refer(calling, "sip:carol@10.0.0.3", now);
    pair.run_millis(20);
    let refer = referral(&pair.heard(Side::Bob, ringing));
    let now = pair.now;
    pair.bob.stack.refer_reply(ringing, refer, 202, now);
    pair.run_secs(200);
    assert_eq!(pair.log(Side::Alice, calling), ["accepted with sdp", "notified 100", "notified 408"]);
    let notify = pair.last("NOTIFY");
    assert_eq!(notify.header(Name::SubscriptionState), Some("terminated;reason=timeout"));
}

#[test]
fn a_lost_notify_holds_back_the_next_one() {
    // RFC 6665, 4.2.2: in order, one at a time.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.talk();
    let now = pair.now;
    pair.alice.stack.refer(calling, "sip:carol@10.0.0.3", now);
    pair.run_millis(20);
    let refer = referral(&pair.heard(Side::Bob, ringing));
    pair.lose("NOTIFY", 1);
    let now = pair.now;
    pair.bob.stack.refer_reply(ringing, refer, 202, now);
    pair.bob.stack.refer_progress(ringing, refer, 180, now);
    pair.bob.stack.refer_progress(ringing, refer, 503, now);
    pair.run_secs(2);
    assert_eq!(pair.log(Side::Alice, calling), ["accepted with sdp", "notified 100", "notified 503"]);
}

#[test]
fn a_second_transfer_has_its_number() {
    // RFC 3515, 2.4.6: the second subscription of a dialog has an id.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.talk();
    for _ in 0..2 {
        let now = pair.now;
        pair.alice.stack.refer(calling, "sip:carol@10.0.0.3", now);
        pair.run_millis(20);
        let refer = referral(&pair.heard(Side::Bob, ringing));
        let now = pair.now;
        pair.bob.stack.refer_reply(ringing, refer, 202, now);
        pair.run_millis(20);
    }
    let number = pair.last("REFER").cseq().unwrap().number;
    assert_eq!(pair.last("NOTIFY").header(Name::Event), Some(format!("refer;id={number}").as_str()));
}

#[test]
fn hanging_up_in_the_middle_of_a_transfer_leaves_nothing_behind() {
    // RFC 5057, 4.1: the BYE ends the call and its subscriptions.
    let mut pair = Pair::new();
    let (calling, ringing) = pair.talk();
    let now = pair.now;
    pair.alice.stack.refer(calling, "sip:carol@10.0.0.3", now);
    pair.run_millis(20);
    pair.rule(|_| Fate::Pass);
    let now = pair.now;
    pair.bob.stack.hang_up(ringing, HangUp::default(), now);
    pair.run_secs(1);
    pair.assert_clean();
}
