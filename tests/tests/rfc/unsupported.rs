//! Requests for unsupported features, and their responses.

use turno_model::{Command, Fact};
use turno_tests::stage::{Stage, answering, secs, value};

use crate::raw::{Raw, ask, last_status, offer, to_tag};

#[test]
fn a_trunk_that_asks_hears_what_we_can_do() {
    // RFC 3261, 11.2.
    let mut stage = Stage::new();
    let letters = ask(&mut stage, &Raw::default());
    assert_eq!(last_status(&letters), Some(200));
    let allow = value(&letters[0], "Allow").expect("Allow");
    for method in ["INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "REFER", "NOTIFY", "INFO", "UPDATE", "PRACK"]
    {
        assert!(allow.contains(method), "{method} is not in {allow}");
    }
    assert_eq!(value(&letters[0], "Accept"), Some("application/sdp"));
    assert!(value(&letters[0], "Supported").is_some());
    stage.finish();
}

#[test]
fn what_is_not_done_here_is_refused_by_its_own_status() {
    // RFC 3261, 8.2; RFC 6665, 8.2.1.
    let mut stage = Stage::new();
    // rsip parses only the methods that it knows.
    stage.is_strict = false;
    let cases = [
        (Raw { method: "MESSAGE", ..Raw::default() }, 405),
        (Raw { method: "FETCH", ..Raw::default() }, 501),
        (Raw { extra: "Require: levitation\r\n", ..Raw::default() }, 420),
        (Raw { method: "BYE", to_tag: "nobody", ..Raw::default() }, 481),
        (Raw { method: "INFO", to_tag: "nobody", ..Raw::default() }, 481),
        (
            Raw {
                method: "NOTIFY",
                extra: "Event: refer\r\nSubscription-State: active\r\n",
                ..Raw::default()
            },
            481,
        ),
        (Raw { method: "SUBSCRIBE", extra: "Event: dialog\r\n", ..Raw::default() }, 403),
        (Raw { method: "PUBLISH", extra: "Event: presence\r\n", ..Raw::default() }, 405),
        (Raw { uri: "mailto:a@b", ..Raw::default() }, 416),
    ];
    for (place, (raw, expected)) in cases.into_iter().enumerate() {
        let (branch, call_id) = (format!("case{place}"), format!("call{place}"));
        let raw = Raw { branch: &branch, call_id: &call_id, ..raw };
        let letters = ask(&mut stage, &raw);
        assert_eq!(last_status(&letters), Some(expected), "{}: {letters:?}", raw.text());
    }
    stage.finish();
}

#[test]
fn what_is_not_supported_is_named() {
    // RFC 3261, 8.2.2.3.
    let mut stage = Stage::new();
    let letters = ask(&mut stage, &Raw { extra: "Require: levitation\r\n", ..Raw::default() });
    assert_eq!(value(&letters[0], "Unsupported"), Some("levitation"));
    stage.finish();
}

#[test]
fn a_call_that_comes_by_two_ways_is_taken_once() {
    // RFC 3261, 8.2.2.2: merged requests.
    let mut stage = Stage::new();
    let body = offer("127.20.99.1", 1);
    let first = Raw { method: "INVITE", body: &body, ..Raw::default() };
    let letters = ask(&mut stage, &first);
    assert_eq!(last_status(&letters), Some(200));
    let tag = to_tag(letters.last().expect("an answer"));
    let second = Raw { branch: "two", ..Raw { method: "INVITE", body: &body, ..Raw::default() } };
    assert_eq!(last_status(&ask(&mut stage, &second)), Some(482));
    ask(&mut stage, &Raw { method: "ACK", branch: "ack", to_tag: &tag, ..Raw::default() });
    assert_eq!(stage.count(|fact| matches!(fact, Fact::ContactArrived { .. })), 1);
    let bye = Raw { method: "BYE", branch: "bye", to_tag: &tag, cseq: 2, ..Raw::default() };
    assert_eq!(last_status(&ask(&mut stage, &bye)), Some(200));
    stage.finish();
}

#[test]
fn an_offer_that_nobody_can_meet_is_refused() {
    // RFC 3264, 6: 488.
    let mut stage = Stage::new();
    let body =
        offer("127.20.99.1", 1).replace("RTP/AVP 8", "RTP/AVP 96").replace("8 PCMA/8000", "96 opus/48000/2");
    let letters = ask(&mut stage, &Raw { method: "INVITE", body: &body, ..Raw::default() });
    assert_eq!(last_status(&letters), Some(488));
    ask(&mut stage, &Raw { method: "ACK", to_tag: &to_tag(&letters[letters.len() - 1]), ..Raw::default() });
    stage.finish();
}

#[test]
fn noise_is_dropped_and_answered_by_nobody() {
    // RFC 4475: a message that cannot be parsed gets no answer and leaves no state.
    let mut stage = Stage::new();
    for noise in
        ["\r\n\r\n", "\0\0\0\0", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "INVITE", "SIP/2.0 200 OK\r\n\r\n"]
    {
        stage.throw_in(crate::raw::HERE, noise.as_bytes());
    }
    stage.run_for(secs(1));
    assert_eq!(stage.count(|fact| matches!(fact, Fact::ContactArrived { .. })), 0);
    stage.finish();
}

#[test]
fn a_callers_odd_name_reaches_the_agent_and_breaks_nothing() {
    // RFC 3261, 25.1: text from unknown sources must not become syntax. The stage parses each message with rsip.
    let mut stage = Stage::with(|plan| plan.queues[1].display = "Tasas \"de\" predio\\".to_owned());
    let ana = stage.agent("a001", answering(secs(1)));
    for number in ["+593991234567", "anonymous", "0991234567%3Btag%3Devil", "1-2.3(4)", "\u{e1}rbol"] {
        let caller = stage.call("7001", number);
        stage.talks_to(caller, ana);
        stage.hangs_up(caller);
        stage.run_for(secs(12));
    }
    stage.finish();
}

#[test]
fn a_carrier_that_asks_during_a_drain_is_told_what_its_next_call_would_be_told() {
    // RFC 3261, 11.2: OPTIONS gets the status that an INVITE would get.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let talking = stage.call("7000", "0991111111");
    stage.talks_to(talking, ana);
    assert_eq!(last_status(&ask(&mut stage, &Raw::default())), Some(200));
    stage.command(Command::Drain).expect("it is taken");
    let answers = ask(&mut stage, &Raw { branch: "two", call_id: "again", ..Raw::default() });
    assert_eq!(last_status(&answers), Some(503));
    assert!(answers.iter().any(|answer| answer.contains("Retry-After:")), "{answers:?}");
    stage.finish();
}
