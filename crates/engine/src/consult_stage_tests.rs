//! The table of consultations, written out.

use turno_calls::CallId;
use turno_model::ConsultEnd as End;
use turno_sip::SessionId;

use super::ConsultEvent as E;
use super::ConsultMove as M;
use super::ConsultStage as S;

#[test]
fn each_stage_says_what_follows_from_each_event() {
    let (rings, at) = (S::Rings(CallId(1)), SessionId::of_number(7));
    let (aside, conference) = (S::Aside(at), S::Conference(at));
    let table = [
        (E::Answered(at), [M::To(aside), M::Stays, M::Stays]),
        (E::NotReached(486), [M::Over(End::NotReached { status: 486 }), M::Stays, M::Stays]),
        (E::Conference, [M::NotYet, M::To(conference), M::Stays]),
        (E::Complete, [M::NotYet, M::Over(End::Completed), M::Over(End::Completed)]),
        (E::Back, [M::Over(End::Back); 3]),
        (E::AgentGone, [M::GivenBack, M::Over(End::Completed), M::Over(End::Completed)]),
        (E::OtherGone, [M::Over(End::Left); 3]),
        (E::TalkOver, [M::Over(End::TalkOver); 3]),
    ];
    for (event, expected) in table {
        assert_eq!([rings, aside, conference].map(|stage| stage.after(event)), expected, "{event:?}");
    }
    assert_eq!([rings, aside, conference].map(S::is_aside), [true, true, false]);
}
