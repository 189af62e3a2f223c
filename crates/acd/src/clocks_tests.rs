//! Tests of the most-idle clock and the occupancy, for each setting.

use turno_model::plan::{AnswerWithin, AtOnce};

use super::*;

const fn counting(acw_considered_idle: bool, aux_considered_idle: bool) -> RoomPlan {
    RoomPlan {
        acw_considered_idle,
        aux_considered_idle,
        observed_tone: false,
        help_key: None,
        consult_key: None,
        at_once: AtOnce { chats: 1, whatsapp: 1, emails: 1, calls_beside: 0 },
        keep_for_calls: 0,
        answer_within: AnswerWithin { chat: Duration::ZERO, whatsapp: Duration::ZERO, email: Duration::ZERO },
        menus_max: Duration::from_secs(300),
        direct_wait: Duration::from_secs(120),
        direct_most: 2,
        speak_max: Duration::from_secs(120),
    }
}

const COUNTED: RoomPlan = counting(true, true);
const NOT_COUNTED: RoomPlan = counting(false, false);

/// Logs in at 0, available at 0, contact 10 to 20 (ring 1 s), ACW 20 to 25, AUX 25 to 35, then available.
fn after_a_contact_and_a_break(room: RoomPlan) -> Clocks {
    let mut clocks = Clocks::default();
    let life = [
        (0, S::LoggedOut, S::Aux(AuxReason::LoggedIn)),
        (0, S::Aux(AuxReason::LoggedIn), S::Available),
        (10, S::Available, S::Ringing),
        (11, S::Ringing, S::Talking),
        (20, S::Talking, S::Acw),
        (25, S::Acw, S::Aux(AuxReason::Planned(0))),
        (35, S::Aux(AuxReason::Planned(0)), S::Available),
    ];
    for (second, from, to) in life {
        clocks.turn(from, to, room, Moment::from_secs(second));
    }
    clocks
}

#[test]
fn a_break_that_is_considered_idle_keeps_the_place_in_line() {
    // FIELD: both of Avaya's switches decide what the most-idle clock counts.
    let standing = after_a_contact_and_a_break(COUNTED).standing();
    assert_eq!(standing.idle_since, Moment::from_secs(20));
    let only_aux = counting(false, true);
    assert_eq!(after_a_contact_and_a_break(only_aux).standing().idle_since, Moment::from_secs(25));
}

#[test]
fn a_break_that_is_not_considered_idle_sends_to_the_end_of_the_line() {
    // FIELD: both of Avaya's switches decide what the most-idle clock counts.
    let standing = after_a_contact_and_a_break(NOT_COUNTED).standing();
    assert_eq!(standing.idle_since, Moment::from_secs(35));
}

#[test]
fn a_break_lowers_nobodys_occupancy() {
    // FIELD: occupancy is (ring + talk + hold + ACW) / (staffed - AUX): 15 of 25 seconds.
    assert_eq!(after_a_contact_and_a_break(COUNTED).standing().occupancy, 600_000);
}

#[test]
fn whoever_misses_an_offer_starts_the_clock_anew_even_where_aux_counts() {
    // Wound FreePBX#40: the same agent was rung for ever.
    let mut clocks = Clocks::default();
    clocks.turn(S::LoggedOut, S::Available, COUNTED, Moment::from_secs(0));
    clocks.turn(S::Available, S::Ringing, COUNTED, Moment::from_secs(5));
    clocks.turn(S::Ringing, S::Aux(AuxReason::Rona), COUNTED, Moment::from_secs(20));
    clocks.turn(S::Aux(AuxReason::Rona), S::Available, COUNTED, Moment::from_secs(50));
    assert_eq!(clocks.standing().idle_since, Moment::from_secs(50));
}
