//! Toll fraud: which calls a stolen password allows.

use core::net::SocketAddr;

use turno_sip::answer_challenge;
use turno_tests::stage::{Stage, answering, secs};

use crate::letter::{ask, status, stranger};

/// Address of the carrier that gets outside calls.
fn carrier() -> SocketAddr {
    SocketAddr::from(([127, 40, 0, 1], 5060))
}

/// Sends one INVITE to `uri` with a seat's right password. Returns the last status and the messages at the carrier.
fn dials(stage: &mut Stage, uri: &str, number: usize) -> (u16, Vec<String>) {
    let letter = |extra: &str, step: usize| {
        format!(
            "INVITE {uri} SIP/2.0\r\nVia: SIP/2.0/UDP 127.66.0.1:5060;branch=z9hG4bKf{number}s{step}\r\nMax-Forwards: 70\r\n\
             From: <sip:a002@turno>;tag=f{number}s{step}\r\nTo: <sip:x@turno>\r\nCall-ID: fraud{number}s{step}\r\n\
             CSeq: 1 INVITE\r\nContact: <sip:a002@127.66.0.1:5060>\r\n{extra}Content-Type: application/sdp\r\n\
             Content-Length: {length}\r\n\r\n{OFFER}",
            length = OFFER.len()
        )
    };
    let challenge = ask(stage, stranger(), &letter("", 1)).pop().expect("it is challenged");
    if status(&challenge) != 401 {
        // The request could not be parsed.
        return (status(&challenge), stage.letters_to(carrier()));
    }
    let line =
        challenge.lines().find_map(|line| line.strip_prefix("WWW-Authenticate: ")).expect("a challenge");
    let mut rng = turno_ground::Rng::new(1);
    let answer =
        answer_challenge(line, "INVITE", uri, "a002", &turno_ground::Secret::new("stage"), &mut rng, 1);
    let answer = format!("Authorization: {}\r\n", answer.expect("it can be answered"));
    let answers = ask(stage, stranger(), &letter(&answer, 2));
    let last = answers.last().expect("something comes back");
    (status(last), stage.letters_to(carrier()))
}

const OFFER: &str =
    "v=0\r\no=- 1 1 IN IP4 127.66.0.1\r\ns=-\r\nc=IN IP4 127.66.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n";

#[test]
fn a_stolen_password_dials_what_is_listed_and_nothing_else() {
    // Premium and satellite numbers, in every notation.
    let mut stage = Stage::with(|plan| plan.dial_out.deny = vec!["0900.".to_owned(), "0299.".to_owned()]);
    stage.is_strict = false;
    let frauds = [
        "sip:00882130001@turno",
        "sip:+882130001@turno",
        "sip:%2B882130001@turno",
        "sip:0-0-8-8-2@turno",
        "tel:+1-900-555-1234",
        "sip:900555@turno;user=phone",
        "sip:09912345678@turno",
        "sip:099123456@turno",
        "sip:0900123456@turno",
        "sip:02997654321@turno",
        "sip:02-99-7654321@turno",
        "sip:02*72@turno",
        "sip:02%3Bevil@turno",
        "sip:02%40evil.example@turno",
        "sip:02%0d%0aRoute:%20%3Csip:evil.example%3E@turno",
        "sip:0\u{664}9912345@turno",
        "sip:112@turno",
        "sip:.@turno",
        "sip:+@turno",
    ];
    for (number, uri) in frauds.into_iter().enumerate() {
        let (status, sent) = dials(&mut stage, uri, number);
        assert!((400..500).contains(&status), "{uri}: {status}");
        assert!(sent.is_empty(), "{uri} reached the carrier: {sent:?}");
    }
    stage.run_for(secs(40));
    stage.finish();
}

#[test]
fn a_listed_number_goes_to_the_carrier_whatever_else_its_uri_says() {
    let mut stage = Stage::new();
    stage.is_strict = false;
    let tricks = [
        "sip:0991234567@turno",
        "sip:0991234567@evil.example",
        "sip:0991234567;phone-context=+882@turno",
        "sip:0991234567@turno;maddr=203.0.113.66;transport=tcp;user=phone",
        "sip:0991234567@turno?Route=%3Csip:evil.example%3E",
        "tel:09-91.23(45)67",
    ];
    for (number, uri) in tricks.into_iter().enumerate() {
        let (status, sent) = dials(&mut stage, uri, number);
        if status >= 400 {
            assert!(sent.is_empty(), "{uri}");
            continue;
        }
        let invite = sent.first().unwrap_or_else(|| panic!("{uri}: nothing reached the carrier"));
        assert!(invite.starts_with("INVITE sip:0991234567@127.40.0.1"), "{uri}: {invite}");
        for word in ["evil", "maddr", "882", "203.0.113.66"] {
            assert!(!invite.contains(word), "{uri}: {invite}");
        }
        // The carrier never answers and the caller sends nothing more: the call ends by its deadlines.
        stage.run_for(secs(200));
        stage.letters_to(stranger());
        stage.letters_to(carrier());
    }
    stage.run_for(secs(200));
    stage.letters_to(carrier());
    stage.letters_to(stranger());
    stage.finish();
}

#[test]
fn a_transfer_leads_nowhere_that_could_not_be_dialled() {
    // REFER with a foreign domain, with headers inside, with a premium number.
    let mut stage = Stage::new();
    stage.is_strict = false;
    let ana = stage.agent("a001", answering(secs(1)));
    for target in [
        "<sip:00882130001@turno>",
        "sip:premium@evil.example",
        "<sip:%2B882130001@evil.example?Route=%3Csip:evil.example%3E>",
        "<tel:+19005551234>",
        "<http://evil.example/>",
    ] {
        let caller = stage.call("7000", "0991234567");
        let at_ana = stage.talks_to(caller, ana);
        stage.refers(at_ana, target);
        stage.run_for(secs(3));
        let refused = stage.transfer_result(at_ana);
        assert!(refused.is_none_or(|status| status >= 400), "{target}: {refused:?}");
        assert!(stage.letters_to(carrier()).is_empty(), "{target} reached the carrier");
        assert!(stage.hear_each_other(caller, at_ana), "{target}: the call goes on");
        stage.hangs_up(caller);
        stage.run_for(secs(12));
    }
    stage.run_for(secs(40));
    assert!(stage.take_letters() == 0, "nothing went anywhere else");
    stage.finish();
}

#[test]
fn a_caller_passes_nobody_on() {
    // If a caller's REFER were accepted, the caller could call any number at the city's cost.
    let mut stage = Stage::new();
    let ana = stage.agent("a001", answering(secs(1)));
    let caller = stage.call("7000", "0991234567");
    let at_ana = stage.talks_to(caller, ana);
    stage.passes_on(caller, "0991234567");
    stage.run_for(secs(3));
    assert!(stage.letters_to(carrier()).is_empty());
    assert!(stage.hear_each_other(caller, at_ana));
    stage.hangs_up(caller);
    stage.run_for(secs(40));
    stage.finish();
}

#[test]
fn a_plan_that_lists_nothing_dials_nothing() {
    let mut stage = Stage::with(|plan| plan.dial_out.allow.clear());
    let (status, sent) = dials(&mut stage, "sip:0991234567@turno", 1);
    assert_eq!(status, 403);
    assert!(sent.is_empty());
    stage.run_for(secs(40));
    stage.finish();
}
