//! Offers and answers before and after the 200: PRACK, UPDATE, late offers, and answers that never come (RFC 6337).

use std::time::Duration;

use bytes::Bytes;
use turno_sip::{Extra, Message, Method, Name, SessionId};

use crate::errors::{CONTACT, Desk, request, with_body};

const RELIABLE: &str = "Require: 100rel\nAllow: INVITE, ACK, BYE, CANCEL, PRACK, UPDATE\n";

/// A caller with confirmed early media: the desk, our tag, the session and the RAck.
fn early(offers: bool) -> (Desk, String, SessionId, String) {
    let mut desk = Desk::new();
    let invite = request("INVITE", 1, "z9hG4bKi", "", &format!("{CONTACT}{RELIABLE}"));
    desk.ask(&if offers { with_body(&invite, "v=0\na=inactive\n") } else { invite });
    let session = desk.session();
    let now = desk.now;
    desk.stack.progress(session, Bytes::from_static(b"v=0 first"), now);
    let answer = desk.answers().remove(0);
    assert_eq!((answer.status(), text(&answer).as_str()), (Some(183), "v=0 first"));
    let tag = format!(";tag={}", answer.to().unwrap().tag().unwrap());
    let rack = format!("RAck: {} 1 INVITE\n", answer.number(Name::RSeq).unwrap());
    (desk, tag, session, rack)
}

fn text(message: &Message) -> String {
    String::from_utf8(message.body().to_vec()).unwrap()
}

fn only(answers: &[Message]) -> &Message {
    assert_eq!(answers.len(), 1, "{answers:?}");
    &answers[0]
}

/// Lets time pass and returns the messages that we send.
fn pass(desk: &mut Desk, seconds: u64) -> Vec<Message> {
    let mut messages = Vec::new();
    let end = desk.now + Duration::from_secs(seconds);
    while let Some(at) = desk.stack.next_deadline().filter(|at| *at <= end) {
        desk.now = desk.now.max(at);
        desk.stack.handle_deadlines(desk.now);
        messages.extend(desk.answers());
    }
    desk.now = end;
    messages
}

#[test]
fn what_was_agreed_before_the_answer_is_not_taken_back_by_it() {
    // RFC 6337, 3.1; RFC 3311: INVITE on hold, PRACK, UPDATE to talk, 200; the refresh repeats what was agreed last.
    let (mut desk, tag, session, rack) = early(true);
    assert_eq!(desk.status(&request("PRACK", 2, "z9hG4bKp", &tag, &rack)), 200);
    let update = with_body(&request("UPDATE", 3, "z9hG4bKu", &tag, CONTACT), "v=0\na=sendrecv\n");
    desk.ask(&update);
    let now = desk.now;
    desk.stack.answer(session, Bytes::from_static(b"v=0 second"), now);
    assert_eq!(text(only(&desk.answers())), "v=0 second");
    desk.stack.accept(session, Bytes::from_static(b"v=0 first"), Extra::new(), now);
    let answer = desk.answers().remove(0);
    assert_eq!((answer.status(), text(&answer).as_str()), (Some(200), ""), "there is nothing left to answer");
    desk.ask(&request("ACK", 1, "z9hG4bKa", &tag, ""));
    assert_eq!(desk.log(), ["offered with sdp", "confirmed"]);
    // The peer no longer allows UPDATE, so the refresh is a re-INVITE.
    let bare =
        with_body(&request("INVITE", 4, "z9hG4bKb", &tag, &format!("{CONTACT}Allow: INVITE\n")), "v=0 x\n");
    desk.ask(&bare);
    desk.stack.answer(session, Bytes::from_static(b"v=0 third"), now);
    desk.answers();
    desk.ask(&request("ACK", 4, "z9hG4bKc", &tag, ""));
    let messages = pass(&mut desk, 1_000);
    let refresh = messages.iter().find(|message| message.method() == Method::Invite).expect("a refresh");
    assert_eq!(text(refresh), "v=0 third");
}

#[test]
fn an_offer_in_a_prack_is_answered_in_its_200() {
    // RFC 3262, 5.
    let (mut desk, tag, session, rack) = early(true);
    let now = desk.now;
    desk.stack.accept(session, Bytes::from_static(b"v=0 first"), Extra::new(), now);
    assert!(desk.answers().is_empty(), "no 200 before the PRACK of our answer");
    let prack = with_body(&request("PRACK", 2, "z9hG4bKp", &tag, &rack), "v=0\na=sendrecv\n");
    assert!(desk.ask(&prack).is_empty(), "nobody has answered the new offer yet, and no 200 overtakes it");
    assert_eq!(desk.log(), ["offered with sdp"]);
    assert_eq!(desk.status(&with_body(&request("UPDATE", 3, "z9hG4bKu", &tag, CONTACT), "v=0\n")), 500);
    desk.stack.answer(session, Bytes::from_static(b"v=0 second"), now);
    let answers = desk.answers();
    let told: Vec<_> = answers.iter().map(|one| (one.method(), one.status(), text(one))).collect();
    assert_eq!(
        told,
        [(Method::Prack, Some(200), "v=0 second".to_owned()), (Method::Invite, Some(200), String::new())]
    );
    let copy = desk.ask(&prack);
    assert_eq!(text(only(&copy)), "v=0 second", "a copy hears the same");
}

#[test]
fn an_offer_in_a_prack_that_cannot_be_met_is_refused_and_the_call_rings_on() {
    let (mut desk, tag, session, rack) = early(true);
    desk.ask(&with_body(&request("PRACK", 2, "z9hG4bKp", &tag, &rack), "v=0\n"));
    let now = desk.now;
    desk.stack.refuse_offer(session, 488, now);
    assert_eq!(only(&desk.answers()).status(), Some(488));
    desk.stack.accept(session, Bytes::from_static(b"v=0 first"), Extra::new(), now);
    assert_eq!(only(&desk.answers()).status(), Some(200));
}

#[test]
fn a_late_offer_without_an_answer_ends_at_once() {
    // RFC 3261, 13.2.2.4: the ACK must answer an offer in the 200. Wound: an agent stayed in a call without audio, for
    // ever.
    let mut desk = Desk::new();
    desk.ask(&request("INVITE", 1, "z9hG4bKi", "", CONTACT));
    let (session, now) = (desk.session(), desk.now);
    desk.stack.accept(session, Bytes::from_static(b"v=0"), Extra::new(), now);
    let tag = format!(";tag={}", desk.answers()[0].to().unwrap().tag().unwrap());
    let messages = desk.ask(&request("ACK", 1, "z9hG4bKa", &tag, ""));
    let bye = only(&messages);
    assert_eq!(bye.method(), Method::Bye);
    assert_eq!(bye.header(Name::Reason), Some("SIP;cause=488;text=\"No answer to our offer\""));
    assert_eq!(desk.log(), ["ended by AckMissing"]);
    desk.assert_clean_later();
}

#[test]
fn an_early_offer_whose_prack_does_not_answer_ends_the_invite() {
    // RFC 3262, 5.
    let (mut desk, tag, _, rack) = early(false);
    let answers = desk.ask(&request("PRACK", 2, "z9hG4bKp", &tag, &rack));
    let statuses: Vec<_> = answers.iter().map(|one| (one.method(), one.status())).collect();
    assert_eq!(statuses, [(Method::Prack, Some(200)), (Method::Invite, Some(488))]);
    assert_eq!(desk.log(), ["ended by AckMissing"]);
}

#[test]
fn a_later_offer_that_we_were_asked_for_and_nobody_answers_leaves_the_call_as_it_was() {
    // RFC 3261, 14.1: what was agreed before stays valid.
    let mut desk = Desk::new();
    let tag = format!(";tag={}", desk.talk());
    desk.ask(&request("INVITE", 2, "z9hG4bKr", &tag, CONTACT));
    let (session, now) = (desk.session(), desk.now);
    desk.stack.answer(session, Bytes::from_static(b"v=0 ours"), now);
    assert_eq!(desk.answers().remove(0).status(), Some(200));
    assert!(desk.ask(&request("ACK", 2, "z9hG4bKb", &tag, "")).is_empty());
    assert_eq!(desk.log(), ["confirmed with sdp", "offered", "offer refused 488"]);
    assert_eq!(desk.status(&request("BYE", 3, "z9hG4bKc", &tag, "")), 200);
}
