//! Tests figures of days against values calculated by hand.

use core::time::Duration;

use turno_model::{
    AgentId, AgentState, AuxReason, BreakChange, BreakStep, ContactId, ContactOutcome, EndedBy, Fact,
    Language, OfferOutcome, TransferKind, TurnedAway,
};

use crate::contact::ContactStage;
use crate::figures::GenesysSwitches;
use crate::imbalance::Imbalance;
use crate::tests::{LUAE, Room, TAXES, at};

const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// Five calls: answered after 10 s and 60 s, abandoned after 3 s and 40 s, outflowed.
fn a_morning() -> Room {
    let mut room = Room::new("08:00:00");
    room.log_in(0);
    room.call(1, TAXES);
    room.clock("08:00:10");
    room.offer(1, 0, TAXES);
    room.answer(1, 0, TAXES);
    room.call(2, TAXES);
    room.call(3, TAXES);
    room.clock("08:00:13");
    room.end(3, TAXES, ContactOutcome::Abandoned, EndedBy::Caller);
    room.clock("08:00:20");
    room.hold(1, 0);
    room.clock("08:00:50");
    room.resume(1, 0);
    room.call(4, TAXES);
    room.call(5, LUAE);
    room.clock("08:01:00");
    room.hang_up(1, 0, TAXES);
    room.clock("08:01:10");
    room.change(0, AgentState::Available);
    room.offer(2, 0, TAXES);
    room.answer(2, 0, TAXES);
    room.clock("08:01:30");
    room.end(4, TAXES, ContactOutcome::Abandoned, EndedBy::Caller);
    room.end(5, LUAE, ContactOutcome::Outflowed, EndedBy::System);
    room.clock("08:05:10");
    room.hang_up(2, 0, TAXES);
    room.clock("08:05:40");
    room.change(0, AgentState::Available);
    room
}

#[test]
fn breaks_in_turns_are_counted_and_a_promised_turn_is_shown_until_it_comes() {
    let mut room = Room::new("12:00:00");
    room.log_in(0);
    let step = |room: &mut Room, change| {
        let step = BreakStep { agent: AgentId(0), reason: 0, change };
        room.ledger.apply(room.now, &Fact::Break(step));
        room.ledger.snapshot(room.now).agents[0].clone()
    };
    step(&mut room, BreakChange::Asked);
    let turn = at("12:40:00");
    assert_eq!(step(&mut room, BreakChange::Promised { at: turn }).turn_at, Some(turn));
    room.clock("12:40:00");
    assert_eq!(step(&mut room, BreakChange::Granted { until: at("12:42:00") }).turn_at, None);
    step(&mut room, BreakChange::TakenBack);
    step(&mut room, BreakChange::Promised { at: at("13:00:00") });
    step(&mut room, BreakChange::Granted { until: at("13:02:00") });
    step(&mut room, BreakChange::Began);
    step(&mut room, BreakChange::Overstays);
    let now = step(&mut room, BreakChange::Ended { overstayed: seconds(70) });
    let counts = (now.today.breaks, now.today.turns_taken_back, now.today.overstays);
    assert_eq!((counts, now.turn_at), ((1, 1, 1), None));
}

#[test]
fn a_mornings_figures_are_those_reckoned_by_hand() {
    // FIELD.md, Numbers.
    let room = a_morning();
    room.assert_balance();
    let day = room.ledger.day(room.now);
    let taxes = &day.queues[0].figures;
    assert_eq!((taxes.entered, taxes.offered(), taxes.answered, taxes.abandoned), (4, 4, 2, 2));
    assert_eq!((taxes.answered_in_target, taxes.abandoned_short), (1, 1));
    assert_eq!(taxes.service_level_avaya(), Some(0.25));
    assert_eq!(taxes.service_level_net(), Some(1.0 / 3.0));
    assert_eq!(taxes.service_level_asterisk(), Some(0.5));
    assert_eq!(taxes.service_level_genesys(GenesysSwitches::default()), Some(0.25));
    let switches = GenesysSwitches { with_outflowed: true, without_short_abandons: true };
    assert_eq!(taxes.service_level_genesys(switches), Some(1.0 / 3.0));
    assert_eq!(taxes.abandon_rate(), Some(0.5));
    assert_eq!(taxes.asa(), Some(seconds(35)), "10 s and 60 s");
    assert_eq!(taxes.answer_wait_max, seconds(60));
    assert_eq!(taxes.abandon_wait_average(), Some(Duration::from_millis(21_500)), "3 s and 40 s");
    // 50 s (20 talk, 30 hold) and 240 s of talk; ACW 10 s and 30 s.
    let aht = taxes.aht().expect("two were handled");
    assert_eq!((aht.talk, aht.hold, aht.acw), (seconds(130), seconds(15), seconds(20)));
    assert_eq!(aht.total(), seconds(165));
    assert_eq!(taxes.handled_within_target(), Some(0.5), "240 s is over three minutes");
    assert_eq!((day.all.offered(), day.all.outflowed), (5, 1));
    assert_eq!(day.line.outcomes[&ContactOutcome::Answered], 2);
}

#[test]
fn an_agents_morning_sums_to_the_microsecond() {
    let mut room = a_morning();
    room.pass(Duration::from_micros(7));
    room.change(0, AgentState::Aux(AuxReason::Planned(0)));
    room.clock("08:20:00");
    let day = room.ledger.day(room.now);
    let times = &day.agents[0].times;
    assert_eq!(times.staffed(), seconds(1200));
    assert_eq!(times.talking, seconds(20 + 240));
    assert_eq!(times.holding, seconds(30));
    assert_eq!(times.acw, seconds(40));
    assert_eq!(times.available, seconds(10) + Duration::from_micros(7));
    assert_eq!(times.aux[&AuxReason::Planned(0)], seconds(860) - Duration::from_micros(7));
    let occupied = 330.0 / (1200.0 - 860.0 + 0.000_007);
    assert!((times.occupancy().expect("staffed") - occupied).abs() < 1e-9);
    assert_eq!(day.agents[0].counts.answered, 2);
    room.assert_balance();
}

#[test]
fn a_call_is_booked_where_it_ended_and_states_are_cut_at_the_border() {
    // FIELD.md: contact figures are booked where the contact ended, state times are split at the border.
    let mut room = Room::new("08:20:00");
    room.log_in(0);
    room.clock("08:29:00");
    room.call(1, TAXES);
    room.offer(1, 0, TAXES);
    room.answer(1, 0, TAXES);
    room.clock("08:31:30");
    room.hang_up(1, 0, TAXES);
    room.clock("09:10:00");
    let day = room.ledger.day(room.now);
    let starts: Vec<_> = day.intervals.iter().map(|row| row.start).collect();
    assert_eq!(starts, [at("08:00:00"), at("08:30:00"), at("09:00:00")]);
    assert_eq!((day.intervals[0].all.answered, day.intervals[1].all.answered), (0, 1));
    assert_eq!(day.intervals[0].times.talking, seconds(60));
    assert_eq!(day.intervals[1].times.talking, seconds(90));
    assert_eq!(day.intervals[1].times.staffed(), seconds(1800));
    assert_eq!(day.intervals[2].times.acw, seconds(600));
    assert_eq!(day.all.answered, 1);
}

#[test]
fn a_transferred_caller_who_then_gives_up_was_answered_once() {
    // Wound: calls counted twice, answered shown as abandoned (A#1736, A#759).
    let mut room = Room::new("10:00:00");
    room.log_in(0);
    room.call(1, TAXES);
    room.offer(1, 0, TAXES);
    room.answer(1, 0, TAXES);
    room.clock("10:01:00");
    let (contact, agent) = (ContactId(1), AgentId(0));
    room.tell(&Fact::Transferred { contact, agent, kind: TransferKind::Blind, to: "luae".into() });
    room.disconnect(1, 0, TAXES);
    room.change(0, AgentState::Acw);
    room.queue(1, LUAE);
    room.assert_balance();
    room.clock("10:01:30");
    room.end(1, LUAE, ContactOutcome::Answered, EndedBy::Caller);
    room.assert_balance();
    let day = room.ledger.day(room.now);
    assert_eq!(day.line.outcomes.values().sum::<u64>(), 1);
    assert_eq!(day.line.outcomes[&ContactOutcome::Answered], 1);
    let (taxes, luae) = (&day.queues[0].figures, &day.queues[1].figures);
    assert_eq!((taxes.answered, taxes.abandoned, taxes.completed_in_target), (1, 0, 1));
    assert_eq!((luae.entered, luae.answered, luae.abandoned), (1, 0, 1));
    assert_eq!(day.agents[0].counts.transferred, 1);
}

#[test]
fn a_colleague_who_takes_over_does_not_answer_twice() {
    let mut room = Room::new("10:00:00");
    room.log_in(0);
    room.log_in(1);
    room.call(1, TAXES);
    room.offer(1, 0, TAXES);
    room.answer(1, 0, TAXES);
    room.clock("10:02:00");
    room.disconnect(1, 0, TAXES);
    room.change(0, AgentState::Acw);
    room.offer(1, 1, TAXES);
    room.answer(1, 1, TAXES);
    room.clock("10:03:30");
    room.hang_up(1, 1, TAXES);
    room.assert_balance();
    let figures = *room.ledger.queue(TAXES).expect("the queue");
    assert_eq!((figures.entered, figures.answered, figures.handled, figures.completed), (1, 1, 2, 1));
    assert_eq!(figures.completed_in_target, 0, "120 s and 90 s are over three minutes together");
}

#[test]
fn a_missed_offer_is_no_second_visit() {
    let mut room = Room::new("10:00:00");
    room.log_in(0);
    room.call(1, TAXES);
    room.offer(1, 0, TAXES);
    room.clock("10:00:15");
    room.settle(1, 0, TAXES, OfferOutcome::NoAnswer);
    room.change(0, AgentState::Aux(AuxReason::Rona));
    room.queue(1, TAXES);
    room.clock("10:00:25");
    let now = room.ledger.snapshot(room.now);
    assert_eq!((now.queues[0].waiting, now.queues[0].oldest_wait), (1, seconds(25)));
    assert_eq!(now.queues[0].total.entered, 1);
    assert_eq!((now.agents[0].today.missed, now.agents[0].contact), (1, None));
    assert_eq!(now.contacts[0].stage, ContactStage::Waiting);
    room.assert_balance();
}

#[test]
fn the_wallboard_shows_the_clock_against_three_minutes() {
    let mut room = Room::new("10:00:00");
    room.log_in(0);
    room.call(1, TAXES);
    room.clock("10:00:08");
    room.offer(1, 0, TAXES);
    assert_eq!(room.ledger.snapshot(room.now).contacts[0].stage, ContactStage::Ringing(AgentId(0)));
    room.answer(1, 0, TAXES);
    room.clock("10:02:08");
    room.hold(1, 0);
    room.clock("10:02:38");
    room.tell(&Fact::TargetWarned { contact: ContactId(1), agent: AgentId(0) });
    room.clock("10:03:09");
    room.tell(&Fact::TargetBreached { contact: ContactId(1), agent: AgentId(0) });
    let now = room.ledger.snapshot(room.now);
    let contact = &now.contacts[0];
    assert_eq!(contact.stage, ContactStage::Holding(AgentId(0)));
    assert_eq!((contact.waited, contact.handling), (seconds(8), Some(seconds(181))));
    assert!(contact.warned && contact.breached);
    assert_eq!(now.agents[0].handling, Some(seconds(181)));
    assert_eq!((now.queues[0].waiting, now.queues[0].in_progress, now.queues[0].staffed), (0, 1, 1));
    assert_eq!((now.queues[0].today.warned, now.queues[0].today.breached), (1, 1));
    assert!(!format!("{now:?}").contains("0991234567"), "no caller's number in a log");
}

#[test]
fn a_new_day_begins_at_midnight_in_quito_and_not_in_greenwich() {
    let mut room = Room::new("23:00:00");
    room.log_in(0);
    room.call(1, TAXES);
    room.clock("23:30:00");
    room.end(1, TAXES, ContactOutcome::Abandoned, EndedBy::Caller);
    assert_eq!(room.ledger.day(room.now).all.abandoned, 1);
    room.pass(seconds(3660));
    let day = room.ledger.day(room.now);
    assert_eq!(day.date.to_string(), "2026-11-25");
    assert_eq!((day.all.abandoned, day.line.arrived), (0, 0));
    assert_eq!(day.agents[0].times.staffed(), seconds(1860), "since midnight");
    assert_eq!(day.intervals.len(), 2);
    assert_eq!(room.ledger.snapshot(room.now).queues[0].total.abandoned, 1, "a counter never falls");
    room.assert_balance();
}

#[test]
fn callers_of_a_holiday_are_counted_apart() {
    let mut room = Room::new("17:00:00");
    room.arrive(1);
    room.tell(&Fact::TurnedAway { contact: ContactId(1), reason: TurnedAway::Closed });
    room.arrive(2);
    room.assert_balance();
    let day = room.ledger.day(room.now);
    assert_eq!((day.line.arrived, day.all.offered()), (2, 0));
    assert_eq!(day.line.turned_away[&TurnedAway::Closed], 1);
}

#[test]
fn a_supervisor_sees_how_many_were_refused_in_a_storm_and_the_books_balance() {
    let mut room = Room::new("10:00:00");
    room.arrive(1);
    room.tell(&Fact::CallsRefused { calls: 4_000 });
    room.tell(&Fact::CallsRefused { calls: 17 });
    room.assert_balance();
    let day = room.ledger.day(room.now);
    assert_eq!((day.line.arrived, day.line.refused), (1, 4_017));
    let report = day.table(Language::English).to_string();
    assert!(report.contains("refused unread in a storm 4017"), "{report}");
}

#[test]
fn books_that_were_told_two_outcomes_do_not_balance() {
    // Wound: calls counted twice (Issabel callcenter#41).
    let mut room = Room::new("10:00:00");
    room.call(1, TAXES);
    room.end(1, TAXES, ContactOutcome::Abandoned, EndedBy::Caller);
    room.assert_balance();
    room.end(1, TAXES, ContactOutcome::Abandoned, EndedBy::Caller);
    assert_eq!(room.ledger.books(room.now), Err(Imbalance::EndedUnknown { contact: ContactId(1) }));
}

#[test]
fn an_answered_call_that_is_said_to_be_abandoned_is_noticed() {
    let mut room = Room::new("10:00:00");
    room.log_in(0);
    room.call(1, TAXES);
    room.offer(1, 0, TAXES);
    room.answer(1, 0, TAXES);
    room.end(1, TAXES, ContactOutcome::Abandoned, EndedBy::Caller);
    let wrong = Imbalance::WrongOutcome { contact: ContactId(1), outcome: ContactOutcome::Abandoned };
    assert_eq!(room.ledger.books(room.now), Err(wrong));
}

#[test]
fn an_agent_who_leaves_a_state_never_entered_is_noticed() {
    let mut room = Room::new("10:00:00");
    let (agent, from, to) = (AgentId(0), AgentState::Talking, AgentState::Acw);
    room.tell(&Fact::AgentChanged { agent, from, to });
    let jumped = Imbalance::AgentJumped { agent, was: AgentState::LoggedOut, said: from };
    assert_eq!(room.ledger.books(room.now), Err(jumped));
}

#[test]
fn a_years_absence_keeps_a_days_intervals() {
    // Memory is bounded: intervals are dropped with their day.
    let mut room = Room::new("08:00:00");
    room.log_in(0);
    room.pass(Duration::from_hours(24 * 365));
    let day = room.ledger.day(room.now);
    assert!(day.intervals.len() <= crate::calendar::INTERVALS_MAX);
    assert_eq!(day.agents[0].times.staffed(), seconds(8 * 3600), "since midnight");
    room.assert_balance();
}

#[test]
fn a_thousand_closed_calls_leave_figures_only() {
    // Wound: memory grows with every call (A, measured).
    let mut room = Room::new("08:00:00");
    for contact in 0..1000 {
        room.call(contact, TAXES);
        room.pass(seconds(20));
        room.end(contact, TAXES, ContactOutcome::Abandoned, EndedBy::Caller);
    }
    assert!(room.ledger.contacts.is_empty());
    assert!(room.ledger.queues.iter().all(|book| book.line.is_empty()));
    assert!(room.ledger.intervals.len() <= crate::calendar::INTERVALS_MAX);
    assert_eq!(room.ledger.queue(TAXES).expect("the queue").abandoned, 1000);
}

#[test]
fn the_report_reads_in_both_languages() {
    let day = a_morning().ledger.day(at("08:40:00"));
    let english = day.to_string();
    for part in ["Quito, 2026-11-24 until 08:40", "taxes", "25.0 %", "0:35", "2:45", "Agent 1001", "08:00"] {
        assert!(english.contains(part), "{part}:\n{english}");
    }
    let spanish = day.table(Language::Spanish).to_string();
    for part in
        ["hasta las 08:40", "contestadas", "todas", "ocupación", "TME:", "trabajo posterior a la llamada"]
    {
        assert!(spanish.contains(part), "{part}:\n{spanish}");
    }
    assert!(!spanish.contains("answered"), "{spanish}");
    assert!(english.contains("after-call work (ACW)"), "{english}");
}
