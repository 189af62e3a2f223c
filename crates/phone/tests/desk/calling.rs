//! Registration, and calls from their beginning to their end.

use core::time::Duration;

use rsip::Method;
use turno_media_plan::{Codec, Direction};
use turno_phone::{Behaviour, Identity, PhoneEvent};

use crate::script::{self, ANSWER, Script, header, is_request, status_of};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_phone_registers_and_refreshes_before_its_time_is_over() {
    // RFC 3261, 10.2 and 22.
    let mut script = Script::new(Behaviour::default());
    script.phone.register(script.now);
    let register = script.one_request(Method::Register);
    assert_eq!(header(&register, "Expires"), "600");
    script.challenge(&register, 401, "n1", "");
    let register = script.one_request(Method::Register);
    assert!(header(&register, "CSeq").starts_with("2 "));
    let credentials = header(&register, "Authorization");
    assert!(credentials.contains("nonce=\"n1\"") && credentials.contains("nc=00000001"), "{credentials}");
    assert!(credentials.contains("qop=auth,"), "unquoted, as RFC 7616 3.4 has it: {credentials}");
    script.accept_registration(&register, 100);
    assert_eq!(script.events(), [PhoneEvent::Registered]);
    script.wait(SECOND * 79);
    assert_eq!(script.sent().len(), 0);
    script.wait(SECOND);
    let register = script.one_request(Method::Register);
    assert!(header(&register, "Authorization").contains("nc=00000002"), "the nonce is used again");
    script.challenge(&register, 401, "n2", ", stale=true");
    let register = script.one_request(Method::Register);
    assert!(header(&register, "Authorization").contains("nonce=\"n2\""));
    script.accept_registration(&register, 100);
    assert_eq!(script.events(), [PhoneEvent::Registered]);
    script.phone.unregister(script.now);
    let register = script.one_request(Method::Register);
    assert_eq!(header(&register, "Expires"), "0");
    script.reply(&register, 200, "server", "");
    assert_eq!(script.events(), [PhoneEvent::Unregistered]);
    script.wait(SECOND * 200);
    assert_eq!(script.sent().len(), 0);
}

#[test]
fn a_phone_with_a_wrong_password_gives_up_after_one_try_and_comes_back_later() {
    // A phone must not answer every challenge with the same wrong password: that would load a server for ever.
    let mut script = Script::new(Behaviour::default());
    script.phone.register(script.now);
    for nonce in ["n1", "n2"] {
        let register = script.one_request(Method::Register);
        script.challenge(&register, 401, nonce, "");
    }
    assert_eq!(script.events(), [PhoneEvent::RegistrationFailed(401)]);
    assert_eq!(script.sent().len(), 0);
    script.wait(SECOND * 30);
    script.one_request(Method::Register);
}

#[test]
fn a_phone_asks_for_as_long_as_the_server_wants() {
    // RFC 3261, 10.2.8: a 423 names the shortest lifetime.
    let mut script = Script::new(Behaviour::default());
    script.phone.register(script.now);
    let register = script.one_request(Method::Register);
    script.reply_with(&register, 423, "server", "Min-Expires: 3600\r\n", "");
    assert_eq!(header(&script.one_request(Method::Register), "Expires"), "3600");
}

#[test]
fn a_call_is_made_acknowledged_and_ended_by_the_peer() {
    // RFC 3261, 13 and 15; the route set is the reverse of Record-Route (12.1.2).
    let mut script = Script::new(Behaviour::default());
    let call = script.phone.call("*43#", script.now);
    let invite = script.one_request(Method::Invite);
    assert_eq!(invite.uri.to_string(), "sip:*43%23@turno.test");
    script.wait(SECOND * 2);
    assert_eq!(script.sent().len(), 2, "repeated after 500 and 1500 ms (17.1.1.2)");
    script.reply(&invite, 100, "", "");
    script.wait(SECOND * 40);
    assert_eq!(script.sent().len(), 0, "a provisional response stops timers A and B");
    script.reply(&invite, 180, "server", "");
    let routes = "Record-Route: <sip:127.0.0.1:5061;lr>\r\nRecord-Route: <sip:127.0.0.1:5062;lr>\r\n";
    script.reply_with(&invite, 200, "server", routes, ANSWER);
    let ack = script.one_request(Method::Ack);
    assert_eq!(ack.uri.to_string(), "sip:turno@127.0.0.1:5060");
    let sent: Vec<_> = script::headers(&ack, "Route");
    assert_eq!(sent, ["<sip:127.0.0.1:5062;lr>", "<sip:127.0.0.1:5061;lr>"]);
    assert_eq!(header(&ack, "CSeq"), "1 ACK");
    assert_ne!(header(&ack, "Via"), header(&invite, "Via"));
    script.reply_with(&invite, 200, "server", routes, ANSWER);
    assert_eq!(script.one_request(Method::Ack), ack, "a repeated 200 gets the same ACK");
    let events = script.events();
    assert_eq!(events[0], PhoneEvent::Ringing { call, status: 180 });
    assert!(matches!(events[1], PhoneEvent::Media { direction: Direction::SendRecv, .. }), "{events:?}");
    let remote_rtp = Some("127.0.0.1:20000".parse().expect("an address"));
    assert_eq!(events[2..], [PhoneEvent::Answered { call, remote_rtp, codec: Some(Codec::Pcma) }]);
    script.ask_in_dialog(&invite, "BYE", 1, "", "");
    let first = script.sent();
    assert_eq!(status_of(&first[0]), Some(200));
    assert_eq!(script.events(), [PhoneEvent::Ended { call, by_us: false }]);
    script.ask_in_dialog(&invite, "BYE", 1, "", "");
    assert_eq!(script.sent(), first, "a repeated BYE gets the same 200");
    assert_eq!(script.events(), []);
}

#[test]
fn a_trunk_brings_its_callers_number_and_name() {
    // RFC 3325: the carrier vouches for a number that may differ from the one shown.
    let mut script = Script::new(Behaviour::default());
    let who = Identity {
        number: "+34600111222".to_owned(),
        display: "Ana \"la\" Ruiz".to_owned(),
        asserted: Some("+34911222333".to_owned()),
    };
    script.phone.call_as(&who, "600", script.now);
    let invite = script.one_request(Method::Invite);
    let from = header(&invite, "From");
    assert!(from.starts_with("\"Ana \\\"la\\\" Ruiz\" <sip:+34600111222@turno.test>;tag="), "{from}");
    assert_eq!(header(&invite, "P-Asserted-Identity"), "<sip:+34911222333@turno.test>");
}

#[test]
fn a_refused_call_is_acknowledged_as_often_as_it_is_refused() {
    // RFC 3261, 17.1.1.3: the ACK of a refusal has the INVITE's branch.
    let mut script = Script::new(Behaviour::default());
    let call = script.phone.call("600", script.now);
    let invite = script.one_request(Method::Invite);
    for _ in 0..2 {
        script.reply(&invite, 486, "server", "");
        let ack = script.one_request(Method::Ack);
        assert_eq!(header(&ack, "Via"), header(&invite, "Via"));
        assert!(header(&ack, "To").ends_with(";tag=server"));
    }
    assert_eq!(script.events(), [PhoneEvent::Refused { call, status: 486 }]);
}

#[test]
fn a_call_that_nobody_answers_is_given_up() {
    // RFC 3261, 17.1.1.2: timer B.
    let mut script = Script::new(Behaviour::default());
    let call = script.phone.call("600", script.now);
    script.wait(SECOND * 33);
    assert_eq!(script.events(), [PhoneEvent::Refused { call, status: 408 }]);
    assert_eq!(script.sent().len(), 7, "at 0, 0.5, 1.5, 3.5, 7.5, 15.5 and 31.5 s");
}

#[test]
fn a_caller_who_hangs_up_early_cancels_only_once_the_server_has_spoken() {
    // RFC 3261, 9.1.
    let mut script = Script::new(Behaviour::default());
    let call = script.phone.call("600", script.now);
    let invite = script.one_request(Method::Invite);
    script.phone.hang_up(call, script.now);
    assert_eq!(script.sent().len(), 0);
    script.reply(&invite, 100, "", "");
    let cancel = script.one_request(Method::Cancel);
    assert_eq!(header(&cancel, "Via"), header(&invite, "Via"));
    assert_eq!(header(&cancel, "CSeq"), "1 CANCEL");
    script.reply(&cancel, 200, "server", "");
    script.reply(&invite, 487, "server", "");
    script.one_request(Method::Ack);
    assert_eq!(script.events(), [PhoneEvent::Ended { call, by_us: true }]);
}

#[test]
fn a_cancel_that_crosses_the_answer_becomes_a_bye() {
    // RFC 3261, 15: the call was answered before the CANCEL arrived.
    let mut script = Script::new(Behaviour::default());
    let call = script.phone.call("600", script.now);
    let invite = script.one_request(Method::Invite);
    script.reply(&invite, 180, "server", "");
    script.phone.hang_up(call, script.now);
    let cancel = script.one_request(Method::Cancel);
    script.reply(&invite, 200, "server", ANSWER);
    script.reply(&cancel, 481, "server", "");
    let sent = script.sent();
    assert!(is_request(&sent[0], Method::Ack) && is_request(&sent[1], Method::Bye), "{sent:?}");
    assert_eq!(script.events()[1..], [PhoneEvent::Ended { call, by_us: true }]);
}

#[test]
fn an_agent_answers_after_three_seconds_and_insists_until_acknowledged() {
    // RFC 3261, 13.3.1.4.
    let mut script = Script::new(Behaviour::answering(SECOND * 3));
    script.invite("in1", script::OFFER);
    let ringing = script.sent();
    assert_eq!(status_of(&ringing[0]), Some(180));
    let events = script.events();
    let [PhoneEvent::Incoming { call, caller, display, asserted }] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!(
        (caller.as_str(), display.as_str(), asserted.as_deref()),
        ("600111222", "Ana Ruiz", Some("911"))
    );
    script.invite("in1", script::OFFER);
    assert_eq!(script.sent(), ringing, "a repeated INVITE gets the last response");
    script.wait(SECOND * 3);
    let answer = script.sent();
    assert_eq!(status_of(&answer[0]), Some(200));
    assert!(matches!(script.events()[..], [PhoneEvent::Media { .. }]));
    script.wait(SECOND * 2);
    assert_eq!(script.sent(), [answer[0].clone(), answer[0].clone()]);
    assert!(!script.phone.is_talking(*call));
    script.ask_in_answered("in1", &answer[0], "ACK", 1, "");
    assert!(matches!(script.events()[..], [PhoneEvent::Answered { .. }]));
    script.wait(SECOND * 40);
    assert_eq!(script.sent().len(), 0);
}

#[test]
fn an_answer_that_is_never_acknowledged_ends_the_call() {
    // RFC 3261, 13.3.1.4: after 64 * T1 the dialog is confirmed but the session should be terminated with BYE.
    let mut script = Script::new(Behaviour::answering(Duration::ZERO));
    script.invite("in1", script::OFFER);
    script.sent();
    script.events();
    script.wait(SECOND * 33);
    assert!(script.sent().last().is_some_and(|last| is_request(last, Method::Bye)));
    let events = script.events();
    assert!(matches!(events[..], [PhoneEvent::Confused { .. }, PhoneEvent::Ended { by_us: true, .. }]));
}

#[test]
fn a_caller_who_leaves_while_it_rings_is_let_go() {
    // RFC 3261, 9.2: 200 for the CANCEL, 487 for the INVITE; the 487 is retransmitted until its ACK.
    let mut script = Script::new(Behaviour::default());
    script.invite("in1", script::OFFER);
    script.sent();
    script.events();
    script.cancel("in1");
    let statuses: Vec<_> = script.sent().iter().map(status_of).collect();
    assert_eq!(statuses, [Some(200), Some(487)]);
    assert!(matches!(script.events()[..], [PhoneEvent::Ended { by_us: false, .. }]));
    script.wait(SECOND);
    assert_eq!(script.sent().len(), 1);
    script.ack_refusal("in1");
    script.wait(SECOND * 40);
    assert_eq!((script.sent().len(), script.events()), (0, vec![]));
}

#[test]
fn a_busy_agent_refuses_at_once_and_a_full_phone_is_busy() {
    let mut script = Script::new(Behaviour::refusing(603));
    script.invite("in1", script::OFFER);
    assert_eq!(script.sent().iter().map(status_of).collect::<Vec<_>>(), [Some(603)]);
    let mut script = Script::new(Behaviour { calls_max: 1, ..Behaviour::default() });
    script.invite("in1", script::OFFER);
    script.invite("in2", script::OFFER);
    assert_eq!(script.sent().iter().map(status_of).collect::<Vec<_>>(), [Some(180), Some(486)]);
}
