//! Responses that nobody acknowledges, and old-style holds.

use turno_media_plan::{Direction, MediaCommand};
use turno_model::ContactOutcome;
use turno_tests::stage::{Stage, answering, secs};

use crate::raw::{HERE, Raw, ask, last_status, offer, status, to_tag};

#[test]
fn an_answer_is_repeated_until_it_is_acknowledged_and_then_given_up() {
    // RFC 3261, 13.3.1.4.
    let mut stage = Stage::new();
    let body = offer("127.20.99.1", 1);
    stage.throw_in(HERE, Raw { method: "INVITE", body: &body, ..Raw::default() }.text().as_bytes());
    stage.run_for(secs(40));
    let letters = stage.letters_to(HERE);
    let answers = letters.iter().filter(|letter| status(letter) == Some(200)).count();
    assert!((10..=11).contains(&answers), "0.5 s, doubling to 4 s, for 32 s: {answers}");
    assert!(letters.iter().any(|letter| letter.starts_with("BYE ")), "and then the call is ended");
    stage.finish();
    assert_eq!(stage.ended(ContactOutcome::Abandoned), 1);
}

#[test]
fn an_acknowledged_answer_is_not_repeated() {
    // RFC 3261, 13.3.1.4.
    let mut stage = Stage::new();
    let body = offer("127.20.99.1", 1);
    let letters = ask(&mut stage, &Raw { method: "INVITE", body: &body, ..Raw::default() });
    let tag = to_tag(letters.last().expect("an answer"));
    ask(&mut stage, &Raw { method: "ACK", branch: "ack", to_tag: &tag, ..Raw::default() });
    stage.run_for(secs(40));
    assert_eq!(stage.letters_to(HERE), Vec::<String>::new());
    let bye = Raw { method: "BYE", branch: "bye", to_tag: &tag, cseq: 2, ..Raw::default() };
    assert_eq!(last_status(&ask(&mut stage, &bye)), Some(200));
    stage.finish();
}

#[test]
fn a_repeated_invite_gets_the_same_answer_and_no_second_call() {
    // RFC 3261, 17.2.1.
    let mut stage = Stage::new();
    let body = offer("127.20.99.1", 1);
    let invite = Raw { method: "INVITE", body: &body, ..Raw::default() };
    let first = ask(&mut stage, &invite);
    ask(&mut stage, &invite);
    let tag = to_tag(first.last().expect("an answer"));
    ask(&mut stage, &Raw { method: "ACK", branch: "ack", to_tag: &tag, ..Raw::default() });
    let bye = Raw { method: "BYE", branch: "bye", to_tag: &tag, cseq: 2, ..Raw::default() };
    assert_eq!(last_status(&ask(&mut stage, &bye)), Some(200));
    assert_eq!(last_status(&ask(&mut stage, &bye)), Some(200), "a repeated BYE is answered again");
    stage.finish();
    assert_eq!(stage.ended(ContactOutcome::Abandoned), 1);
}

#[test]
fn a_number_that_went_back_is_out_of_order() {
    // RFC 3261, 12.2.2.
    let mut stage = Stage::new();
    let body = offer("127.20.99.1", 1);
    let invite = Raw { method: "INVITE", body: &body, cseq: 5, ..Raw::default() };
    let tag = to_tag(ask(&mut stage, &invite).last().expect("an answer"));
    ask(&mut stage, &Raw { method: "ACK", branch: "ack", to_tag: &tag, cseq: 5, ..Raw::default() });
    let old = Raw { method: "INFO", branch: "old", to_tag: &tag, cseq: 4, ..Raw::default() };
    assert_eq!(last_status(&ask(&mut stage, &old)), Some(500));
    let bye = Raw { method: "BYE", branch: "bye", to_tag: &tag, cseq: 6, ..Raw::default() };
    assert_eq!(last_status(&ask(&mut stage, &bye)), Some(200));
    stage.finish();
}

#[test]
fn a_hold_in_the_old_style_is_a_hold() {
    // RFC 3264, 8.4: older phones hold a call with the address 0.0.0.0.
    let mut stage = Stage::new();
    let body = offer("127.20.99.1", 1);
    let letters = ask(&mut stage, &Raw { method: "INVITE", body: &body, ..Raw::default() });
    let tag = to_tag(letters.last().expect("an answer"));
    ask(&mut stage, &Raw { method: "ACK", branch: "ack", to_tag: &tag, ..Raw::default() });
    for (cseq, host, sends) in [(2, "0.0.0.0", false), (3, "127.20.99.1", true)] {
        let (again, branch, ack) = (offer(host, cseq), format!("b{cseq}"), format!("a{cseq}"));
        let raw =
            Raw { method: "INVITE", branch: &branch, to_tag: &tag, cseq, body: &again, ..Raw::default() };
        assert_eq!(last_status(&ask(&mut stage, &raw)), Some(200), "{host}");
        ask(&mut stage, &Raw { method: "ACK", branch: &ack, to_tag: &tag, cseq, ..Raw::default() });
        let direction = stage.media_history().iter().rev().find_map(|(_, command)| match command {
            MediaCommand::Agree { direction, .. } => Some(*direction),
            _ => None,
        });
        assert_eq!(direction.map(Direction::sends), Some(sends), "{host}");
    }
    let bye = Raw { method: "BYE", branch: "bye", to_tag: &tag, cseq: 4, ..Raw::default() };
    assert_eq!(last_status(&ask(&mut stage, &bye)), Some(200));
    stage.finish();
}

#[test]
fn a_cancel_that_comes_after_the_answer_changes_nothing() {
    // RFC 3261, 9.2.
    let mut stage = Stage::new();
    stage.agent("a001", answering(secs(1)));
    let body = offer("127.20.99.1", 1);
    let letters = ask(&mut stage, &Raw { method: "INVITE", body: &body, ..Raw::default() });
    let tag = to_tag(letters.last().expect("an answer"));
    assert_eq!(last_status(&ask(&mut stage, &Raw { method: "CANCEL", ..Raw::default() })), Some(200));
    ask(&mut stage, &Raw { method: "ACK", branch: "ack", to_tag: &tag, ..Raw::default() });
    stage.run_for(secs(3));
    assert_eq!(stage.connected(), 1);
    let bye = Raw { method: "BYE", branch: "bye", to_tag: &tag, cseq: 2, ..Raw::default() };
    assert_eq!(last_status(&ask(&mut stage, &bye)), Some(200));
    stage.finish();
}
