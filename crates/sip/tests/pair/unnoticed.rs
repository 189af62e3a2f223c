//! Peers that use a new connection before we know that the old one is gone, which may take long.

use turno_ground::Transport;
use turno_sip::{Extra, HangUp};

use crate::bench::{SDP_BOB, sdp};
use crate::by_hand::{Desk, asked_for, names, tcp};

const HERE: &str = "10.0.0.9:5099";

#[test]
fn a_caller_who_asks_again_by_another_connection_is_answered_there() {
    // RFC 3261, 17.1.1.2: over a stream an INVITE that may have arrived is not sent again.
    let mut desk = Desk::rung_by(HERE);
    let (session, now) = (desk.session(), desk.now);
    desk.stack.ring(session, now);
    assert_eq!(desk.sent()[0].flow, tcp(40_000));
    let again = desk.hear(tcp(41_000), &desk.invite(HERE));
    assert_eq!((names(&again), again[0].flow), (vec!["180".to_owned()], tcp(41_000)));
    desk.stack.accept(session, sdp(SDP_BOB), Extra::new(), now);
    assert_eq!(desk.sent()[0].flow, tcp(41_000));
}

#[test]
fn an_answer_that_was_lost_goes_where_the_caller_asks_again() {
    // RFC 3261, 13.3.1.4: the 2xx is retransmitted until its ACK comes, but not over a connection that the caller has
    // left.
    for is_told in [false, true] {
        let mut desk = Desk::rung_by(HERE);
        let (session, now) = (desk.session(), desk.now);
        desk.stack.accept(session, sdp(SDP_BOB), Extra::new(), now);
        let accepted = desk.sent();
        desk.takes_tag_of(&accepted[0]);
        if is_told {
            desk.closes(tcp(40_000));
            assert_eq!(desk.later(600)[0].flow, asked_for(Transport::Tcp, "10.0.0.9:5080"));
        }
        desk.hear(tcp(41_000), &desk.invite(HERE));
        let again = desk.later(2_000);
        assert_eq!(names(&again)[0], "200");
        assert!(again.iter().all(|one| one.flow == tcp(41_000)), "{again:?}");
        desk.hear(tcp(41_000), &desk.request("ACK", 1, HERE));
        assert_eq!(desk.log, ["confirmed"]);
    }
}

#[test]
fn a_peer_that_its_owner_knows_by_another_connection_is_spoken_to_there() {
    // RFC 5626: the newest flow of a device is the one to use.
    let mut desk = Desk::talks_to(HERE);
    let (session, now) = (desk.session(), desk.now);
    desk.stack.hang_up(session, HangUp::default(), now);
    assert_eq!(desk.sent()[0].flow, tcp(40_000));
    desk.stack.peer_is_back(tcp(40_000), tcp(41_000));
    let sent = desk.sent();
    assert_eq!(
        (names(&sent), sent[0].flow),
        (vec!["BYE".to_owned()], tcp(41_000)),
        "it may never have arrived"
    );
    assert_eq!(names(&desk.closes(tcp(40_000))), [""; 0]);
}

#[test]
fn somebody_elsewhere_who_repeats_an_invite_moves_nothing() {
    // Attack: a third party that has read the INVITE sends it again from another address.
    let mut desk = Desk::rung_by(HERE);
    let (session, now) = (desk.session(), desk.now);
    desk.stack.ring(session, now);
    desk.sent();
    let stranger = crate::by_hand::stream(Transport::Tcp, "10.0.0.66:40000");
    desk.hear(stranger, &desk.invite(HERE));
    desk.stack.accept(session, sdp(SDP_BOB), Extra::new(), now);
    assert!(desk.sent().iter().all(|one| one.flow == tcp(40_000)));
}
