//! A mobile phone is dialled for each call, and a caller is connected only to who presses 1.

use turno_model::{AgentState, AuxReason, ContactOutcome, OfferOutcome, PhoneChange};
use turno_tests::stage::{answering, refusing, ringing, secs};

use crate::people::{ANA, is_asked, mobile, phone, picked_up, site, steps};

#[test]
fn a_caller_hears_music_until_the_agent_has_pressed_one() {
    // Wound: the answering machine of a mobile phone takes a citizen's call.
    let mut stage = site(|_| {});
    let mobile = mobile(&mut stage, answering(secs(3)));
    assert_eq!(stage.state(ANA), AgentState::Available, "the trunk is there, so she is");
    let caller = stage.call("7001", "0991234567");
    let ana = picked_up(&mut stage, mobile);
    stage.run_for(secs(5));
    assert!(is_asked(&stage, ana), "again and again");
    assert!(!stage.hear_each_other(caller, ana));
    assert_eq!((stage.connected(), stage.state(ANA)), (0, AgentState::Ringing));
    stage.presses(ana, '5');
    assert_eq!(stage.connected(), 0, "another key is none");
    stage.presses(ana, '1');
    stage.until("they talk", secs(1), |stage| stage.hear_each_other(caller, ana));
    assert_eq!((stage.connected(), stage.state(ANA)), (1, AgentState::Talking));
    let changes = [PhoneChange::Dialled, PhoneChange::PickedUp, PhoneChange::Confirmed];
    assert_eq!(changes.map(|change| steps(&stage, change)), [1, 1, 1]);
    stage.hangs_up(caller);
    stage.run_for(secs(1));
    assert!(stage.is_over(ana));
    assert_eq!(stage.state(ANA), AgentState::Acw);
    stage.finish();
}

#[test]
fn a_machine_that_answers_is_a_missed_offer() {
    let mut stage = site(|_| {});
    let mobile = mobile(&mut stage, answering(secs(3)));
    let caller = stage.call("7001", "0991234567");
    let machine = picked_up(&mut stage, mobile);
    stage.run_for(secs(15));
    assert_eq!(stage.settled(OfferOutcome::NoAnswer), 1, "as an offer that nobody answers");
    assert_eq!(stage.state(ANA), AgentState::Aux(AuxReason::Rona));
    assert!(stage.is_over(machine));
    assert!(stage.hears_music(caller) && stage.connected() == 0);
    stage.run_for(secs(32));
    assert_eq!(stage.times_rung(mobile), 2, "after the cool-down it is dialled again");
    stage.hangs_up(caller);
    stage.run_for(secs(1));
    assert_eq!(stage.settled(OfferOutcome::CallerLeft), 1);
    assert_eq!(stage.ended(ContactOutcome::Abandoned), 1);
    stage.run_for(secs(20));
    stage.finish();
}

#[test]
fn key_two_and_hanging_up_decline_and_busy_is_a_refusal() {
    let mut stage = site(|_| {});
    let mobile = mobile(&mut stage, answering(secs(1)));
    let caller = stage.call("7001", "0991234567");
    let ana = picked_up(&mut stage, mobile);
    stage.presses(ana, '2');
    stage.run_for(secs(1));
    assert_eq!((stage.settled(OfferOutcome::Refused), stage.is_over(ana)), (1, true));
    stage.run_for(secs(30));
    let ana = picked_up(&mut stage, mobile);
    stage.hangs_up(ana);
    stage.run_for(secs(1));
    assert_eq!(stage.settled(OfferOutcome::Refused), 2);
    stage.behaves(mobile, refusing(486));
    stage.run_for(secs(31));
    assert_eq!(stage.settled(OfferOutcome::Refused), 3);
    stage.behaves(mobile, refusing(488));
    stage.run_for(secs(31));
    assert_eq!(stage.settled(OfferOutcome::Unreachable), 1, "a carrier's no is not the phone's");
    assert_eq!(stage.state(ANA), AgentState::Aux(AuxReason::Rona));
    stage.hangs_up(caller);
    stage.run_for(secs(10));
    stage.finish();
}

#[test]
fn the_caller_who_leaves_while_the_agent_is_asked_takes_the_call_along() {
    let mut stage = site(|_| {});
    let mobile = mobile(&mut stage, answering(secs(1)));
    let caller = stage.call("7001", "0991234567");
    let ana = picked_up(&mut stage, mobile);
    stage.hangs_up(caller);
    stage.run_for(secs(1));
    assert!(stage.is_over(ana));
    assert_eq!(stage.state(ANA), AgentState::Available, "no fault of hers");
    stage.finish();
}

#[test]
fn a_crash_while_the_agent_is_asked_changes_nothing() {
    let mut stage = site(|_| {});
    let mobile = mobile(&mut stage, answering(secs(1)));
    let caller = stage.call("7001", "0991234567");
    let ana = picked_up(&mut stage, mobile);
    stage.crashes(secs(2));
    assert!(is_asked(&stage, ana));
    stage.presses(ana, '1');
    stage.until("they talk", secs(1), |stage| stage.hear_each_other(caller, ana));
    stage.crashes(secs(2));
    assert!(stage.hear_each_other(caller, ana));
    stage.hangs_up(ana);
    stage.run_for(secs(20));
    assert_eq!(stage.ended(ContactOutcome::Answered), 1);
    stage.finish();
}

#[test]
fn without_press_one_the_caller_is_connected_at_once() {
    let mut stage = site(|plan| phone(plan, |phone| phone.press_one = false));
    let mobile = mobile(&mut stage, answering(secs(2)));
    let caller = stage.call("7001", "0991234567");
    let ana = stage.talks_to(caller, mobile);
    assert_eq!(steps(&stage, PhoneChange::PickedUp), 0);
    stage.hangs_up(ana);
    stage.run_for(secs(5));
    stage.finish();
}

#[test]
fn the_telephone_shows_the_service_and_not_the_citizen() {
    let mut stage = site(|_| {});
    stage.keep_messages();
    let mobile = mobile(&mut stage, ringing());
    let caller = stage.call("7001", "0991234567");
    stage.rings_at(mobile);
    let address = "127.20.0.1:5060".parse().expect("an address");
    let sent = stage.sent_with("INVITE sip:0987654321@", address);
    assert!(!sent.is_empty() && sent.iter().all(|invite| !invite.contains("0991234567")), "{sent:?}");
    stage.hangs_up(caller);
    stage.run_for(secs(10));
    stage.finish();
}

#[test]
fn a_phone_that_registers_where_the_agent_sits_rings_instead() {
    let mut stage = site(|plan| {
        let seat = plan.seat_by_extension("a007");
        let taken = plan.agents.iter().position(|agent| agent.own_seat == seat).expect("it is planned");
        plan.agents[taken].own_seat = None;
        plan.agents.last_mut().expect("Ana").own_seat = seat;
    });
    let mobile = mobile(&mut stage, answering(secs(1)));
    assert_eq!(stage.state(ANA), AgentState::Available);
    let desk = stage.agent("a007", answering(secs(1)));
    let caller = stage.call("7001", "0991234567");
    stage.talks_to(caller, desk);
    assert_eq!(stage.times_rung(mobile), 0);
    stage.hangs_up(caller);
    stage.run_for(secs(20));
    stage.unregisters(desk);
    assert_eq!(stage.state(ANA), AgentState::Available, "the mobile phone is there");
    let caller = stage.call("7001", "0991234567");
    let ana = picked_up(&mut stage, mobile);
    stage.presses(ana, '1');
    stage.until("they talk", secs(1), |stage| stage.hear_each_other(caller, ana));
    stage.hangs_up(caller);
    stage.run_for(secs(20));
    stage.finish();
}
