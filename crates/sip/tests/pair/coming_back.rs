//! Peers that come back with copies of their requests, challenges within a call, and connections that close under a
//! request.

use turno_ground::{Secret, Transport};
use turno_sip::{Extra, HangUp, Method, Name, OutRequest};

use crate::bench::{SDP_BOB, sdp};
use crate::by_hand::{Desk, answer, asked_for, message, names, tcp};

#[test]
fn a_caller_who_comes_back_with_a_copy_of_its_invite_hears_the_answer_that_it_missed() {
    // RFC 3261, 13.3.1.4 and 17.2.1; Wound: the copy was absorbed, and the answer reached nobody for 32 s.
    for tries in [0, 1, 3] {
        let mut desk = Desk::new();
        let invite = desk.invite("10.0.0.9:5099");
        desk.hear(tcp(40_000), &invite);
        desk.closes(tcp(40_000));
        let (session, now) = (desk.session(), desk.now);
        desk.stack.accept(session, sdp(SDP_BOB), Extra::new(), now);
        let asked = asked_for(Transport::Tcp, "10.0.0.9:5080");
        assert_eq!(desk.sent()[0].flow, asked);
        for _ in 0..tries {
            desk.closes(asked);
            desk.later(1_000);
        }
        let sent = desk.hear(tcp(41_000), &invite);
        assert_eq!((names(&sent), sent[0].flow), (vec!["200".to_owned()], tcp(41_000)));
        desk.takes_tag_of(&sent[0]);
        desk.hear(tcp(41_000), &desk.request("ACK", 1, "10.0.0.9:5099"));
        assert_eq!(desk.log, ["confirmed"]);
    }
}

#[test]
fn within_a_call_that_its_carrier_began_a_challenge_is_answered() {
    // RFC 3261, 22.2; Wound: the BYE of an incoming call is challenged and not sent again, and the call stays up.
    let mut desk = Desk::talks_to("10.0.0.9:5080");
    let (session, now) = (desk.session(), desk.now);
    desk.stack.answers_challenges(session, "us".to_owned(), Secret::new("wonder"));
    desk.stack.hang_up(session, HangUp::default(), now);
    let bye = message(&desk.sent()[0]);
    let challenge = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\nContent-Length: 0";
    let refusal = answer(&bye, 401, "10.0.0.9:5080").replace("Content-Length: 0", challenge);
    let again = desk.hear(tcp(40_000), &refusal);
    let again = message(&again[0]);
    assert_eq!(again.method(), Method::Bye);
    assert!(again.header(Name::Authorization).is_some_and(|line| line.contains("username=\"us\"")));
    desk.hear(tcp(40_000), &answer(&again, 200, "10.0.0.9:5080"));
    assert_eq!(desk.log, ["confirmed", "ended by Us"]);
}

#[test]
fn a_request_that_met_a_connection_which_its_peer_was_closing_goes_once_more() {
    // Wound: a carrier closes after its 401; the REGISTER with credentials is lost with that connection, and is given up.
    let mut desk = Desk::new();
    let asked = asked_for(Transport::Tcp, "10.0.0.9:5060");
    let request = OutRequest {
        method: Method::Register,
        uri: "sip:10.0.0.9".to_owned(),
        flow: asked,
        to: "<sip:us@10.0.0.9>".to_owned(),
        from: "<sip:us@10.0.0.9>".to_owned(),
        call_id: Some("r".to_owned()),
        cseq: Some(2),
        route: Vec::new(),
        headers: Extra::new(),
        body: None,
    };
    let now = desk.now;
    desk.stack.request(request, now);
    assert_eq!(names(&desk.sent()), ["REGISTER"]);
    assert_eq!(names(&desk.closes(asked)), ["REGISTER"]);
    assert_eq!(names(&desk.closes(asked)), [""; 0], "twice is no accident");
    assert_eq!(desk.log, ["unanswered"]);
}
