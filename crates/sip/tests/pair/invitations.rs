//! INVITEs with Expires and with Replaces.

use crate::by_hand::{Desk, message, names, tcp};
use turno_sip::Name;

const HERE: &str = "10.0.0.9:5099";

fn with(invite: &str, lines: &str) -> String {
    invite.replace("Max-Forwards: 70\n", &format!("Max-Forwards: 70\n{lines}"))
}

#[test]
fn an_invitation_ends_when_it_says_so() {
    // RFC 3261, 13.3.1 and 20.19.
    let mut desk = Desk::new();
    let invite = with(&desk.invite(HERE), "Expires: 3\n");
    desk.hear(tcp(40_000), &invite);
    let (session, now) = (desk.session(), desk.now);
    desk.stack.ring(session, now);
    desk.sent();
    assert_eq!(names(&desk.later(2_900)), [""; 0]);
    assert_eq!(names(&desk.later(200)), ["487"]);
    assert_eq!(desk.log, ["cancelled"]);
}

#[test]
fn an_invitation_that_was_accepted_in_time_has_no_end() {
    let mut desk = Desk::talks_to(HERE);
    assert_eq!(names(&desk.later(10_000)), [""; 0]);
    let mut late = Desk::new();
    let invite = with(&late.invite(HERE), "Expires: 1\n");
    late.hear(tcp(40_000), &invite);
    let (session, now) = (late.session(), late.now);
    late.stack.accept(session, crate::bench::sdp(crate::bench::SDP_BOB), turno_sip::Extra::new(), now);
    let accepted = late.sent();
    late.takes_tag_of(&accepted[0]);
    late.hear(tcp(40_000), &late.request("ACK", 1, HERE));
    assert_eq!(names(&late.later(10_000)), [""; 0]);
    assert_eq!(late.log, ["confirmed"]);
}

#[test]
fn an_invite_that_is_to_take_the_place_of_a_call_names_it_or_is_refused() {
    // RFC 3891, 3; Wound: the INVITE becomes one more caller in the line, and the citizen's call is not replaced.
    let mut desk = Desk::talks_to(HERE);
    let from = message(&desk.hear(tcp(40_000), &desk.request("OPTIONS", 2, HERE))[0]);
    let tag = |name| from.header(name).and_then(|value| value.split(";tag=").nth(1)).unwrap_or("").to_owned();
    let (ours, theirs, call_id) = (tag(Name::To), tag(Name::From), from.call_id().to_owned());
    let cases = [
        (format!("Replaces: {call_id};to-tag={ours};from-tag={theirs}\n"), "100"),
        (format!("Replaces: {call_id};to-tag={ours};from-tag={theirs};early-only\n"), "486"),
        (format!("Replaces: {call_id};to-tag={theirs};from-tag={ours}\n"), "481"),
        ("Replaces: foo;to-tag=a;from-tag=b\n".to_owned(), "481"),
        ("Replaces: foo;to-tag=a\n".to_owned(), "400"),
        ("Replaces: foo;to-tag=a;from-tag=b\nReplaces: bar;to-tag=a;from-tag=b\n".to_owned(), "400"),
    ];
    for (place, (lines, expected)) in cases.iter().enumerate() {
        let other = Desk::new();
        let invite = with(&other.invite(HERE), lines)
            .replace("Call-ID: ", &format!("Call-ID: other{place}"))
            .replace("branch=z9hG4bK", &format!("branch=z9hG4bKother{place}"));
        assert_eq!(names(&desk.hear(tcp(40_000), &invite)), [*expected], "{lines}");
    }
    assert_eq!(desk.log, ["confirmed"], "the talk goes on");
}
