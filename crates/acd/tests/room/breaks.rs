//! Breaks in turns: asking, promised times, limits, and a restart.

use turno_acd::{BreakAnswer, BreakSeen, BreakStand, NoBreak, RoomForm, TakesEffect};
use turno_ground::{Changeset, Moment};
use turno_model::plan::{AuxReasonPlan, BreakTurns, Plan};
use turno_model::{
    AgentId, AgentState, AuxReason, BreakChange as B, EndedBy, Fact, Hours, HoursId, OfferOutcome,
};

use crate::stage::{ANA, BRUNO, CARLA, CEDULA, Stage, agent, plan, queue, secs};

const LUNCH: u8 = 0;
const AWAY: AgentState = AgentState::Aux(AuxReason::Planned(LUNCH));

/// One agent at once, two minutes to take up a turn.
pub(crate) fn turns(minutes: u64) -> BreakTurns {
    let span = secs(60 * minutes);
    BreakTurns { hours: HoursId(0), span, at_once: 1, wait_limit: secs(60), unused: secs(120) }
}

/// The plan with a lunch in turns in these minutes of each day. The stage begins at 13:46:40.
pub(crate) fn in_turns(plan: Plan, turns: BreakTurns, open: &[(u16, u16)]) -> Plan {
    let weekly = core::array::from_fn(|_| open.to_vec());
    let hours = Hours { weekly, ..Hours::always("lunch") };
    let lunch =
        AuxReasonPlan { name: "lunch".to_owned(), digit: 1, turns: Some(turns), is_interruptible: false };
    let training =
        AuxReasonPlan { name: "training".to_owned(), digit: 2, turns: None, is_interruptible: false };
    Plan { aux_reasons: vec![lunch, training], hours: vec![hours], ..plan }
}

/// Three agents of one queue, at lunch in turns from 13:40 to 16:40, one at once, half an hour each.
fn lunch_time(turns: BreakTurns) -> Stage {
    let plan = plan(vec![queue(0)], (0..3).map(|_| agent(&[(0, 1)])).collect());
    let mut stage = Stage::new(in_turns(plan, turns, &[(820, 1000)]));
    stage.everyone_works(3);
    stage
}

fn asks(stage: &mut Stage, agent: AgentId) -> Result<BreakAnswer, NoBreak> {
    stage.act(|room, now| room.ask_break(agent, LUNCH, now))
}

/// Asks, and is promised a turn.
fn promised(stage: &mut Stage, agent: AgentId) -> Moment {
    match asks(stage, agent) {
        Ok(BreakAnswer::Promised(at)) => at,
        other => panic!("{other:?}"),
    }
}

fn waits_until(stage: &mut Stage, at: Moment) {
    stage.wait(at.since(stage.now).as_secs() + 1);
}

const GOES: Result<BreakAnswer, NoBreak> = Ok(BreakAnswer::Goes(TakesEffect::Done));
const GOES_LATER: Result<BreakAnswer, NoBreak> = Ok(BreakAnswer::Goes(TakesEffect::Afterwards));

fn steps(stage: &Stage, agent: AgentId) -> Vec<B> {
    let of = |fact: &Fact| match fact {
        Fact::Break(step) if step.agent == agent => Some(step.change),
        _ => None,
    };
    stage.facts.iter().filter_map(|(_, fact)| of(fact)).collect()
}

#[test]
fn on_a_quiet_day_an_agent_goes_at_once_and_the_next_is_promised_a_turn_that_is_kept() {
    let mut stage = lunch_time(turns(30));
    assert_eq!(asks(&mut stage, ANA), GOES);
    assert_eq!(stage.state(ANA), AWAY);
    let at = promised(&mut stage, BRUNO);
    assert_eq!(at.as_secs() % 60, 0, "a minute of the clock");
    assert_eq!(promised(&mut stage, BRUNO), at, "asking again tells the same time");
    stage.wait(29 * 60);
    stage.act(|room, now| room.ready(ANA, now)).expect("allowed");
    assert_eq!(steps(&stage, ANA).last(), Some(&B::Ended { overstayed: secs(0) }));
    waits_until(&mut stage, at);
    assert!(matches!(steps(&stage, BRUNO)[..], [B::Asked, B::Promised { .. }, B::Granted { .. }]));
    assert_eq!(stage.state(BRUNO), AgentState::Available, "until Bruno takes it up");
    assert_eq!(asks(&mut stage, BRUNO), GOES);
    assert_eq!(steps(&stage, BRUNO).last(), Some(&B::Began));
}

#[test]
fn who_is_away_and_who_is_next_can_be_looked_at_until_they_are_back() {
    let mut stage = lunch_time(turns(30));
    assert_eq!(stage.room.breaks_seen(), []);
    assert_eq!(asks(&mut stage, ANA), GOES);
    let at = promised(&mut stage, BRUNO);
    let seen = |agent, stand| BreakSeen { agent, reason: LUNCH, stand };
    let back = stage.now + secs(30 * 60);
    let both = [seen(ANA, BreakStand::Away(back)), seen(BRUNO, BreakStand::Promised(at))];
    assert_eq!(stage.room.breaks_seen(), both);
    stage.wait(29 * 60);
    stage.act(|room, now| room.ready(ANA, now)).expect("allowed");
    waits_until(&mut stage, at);
    let granted = stage.room.breaks_seen();
    assert!(
        matches!(granted[..], [BreakSeen { agent: BRUNO, stand: BreakStand::Granted(until), .. }] if until > at)
    );
}

#[test]
fn an_agent_who_asks_again_when_it_is_possible_goes_before_the_promised_time() {
    let mut stage = lunch_time(turns(30));
    assert_eq!(asks(&mut stage, ANA), GOES);
    let at = promised(&mut stage, BRUNO);
    stage.wait(5 * 60);
    stage.act(|room, now| room.ready(ANA, now)).expect("allowed");
    assert!(stage.now < at);
    assert_eq!(asks(&mut stage, BRUNO), GOES);
}

#[test]
fn a_break_begins_after_the_contact_during_which_it_was_asked_for_or_its_turn_came() {
    let mut stage = lunch_time(turns(30));
    stage.call(1, CEDULA);
    let first = stage.answers(ANA);
    assert_eq!(asks(&mut stage, ANA), GOES_LATER);
    let at = promised(&mut stage, BRUNO);
    stage.call(2, CEDULA);
    let second = stage.answers(BRUNO);
    stage.act(|room, now| room.release(first, EndedBy::Caller, now));
    assert_eq!(stage.state(ANA), AWAY);
    waits_until(&mut stage, at);
    assert_eq!(stage.state(BRUNO), AgentState::Talking);
    stage.act(|room, now| room.release(second, EndedBy::Caller, now));
    assert_eq!(stage.state(BRUNO), AWAY, "without asking again");
}

#[test]
fn a_turn_that_is_not_taken_up_is_taken_back_and_comes_last() {
    let mut stage = lunch_time(turns(30));
    assert_eq!(asks(&mut stage, ANA), GOES);
    let first = promised(&mut stage, BRUNO);
    waits_until(&mut stage, first + secs(120));
    let [.., B::TakenBack, B::Promised { at }] = steps(&stage, BRUNO)[..] else {
        panic!("{:?}", steps(&stage, BRUNO))
    };
    let closes = Moment::from_secs(1_000_000 - 400 + 180 * 60);
    assert!(at > first && at + secs(30 * 60) <= closes, "{at:?} before {closes:?}");
    waits_until(&mut stage, closes - secs(30 * 60));
    assert_eq!(steps(&stage, BRUNO).last(), Some(&B::Withdrawn), "no turn is left");
}

#[test]
fn an_overstay_is_told_at_its_beginning_and_its_end_and_holds_up_nobody() {
    let mut stage = lunch_time(turns(30));
    assert_eq!(asks(&mut stage, ANA), GOES);
    stage.wait(31 * 60);
    assert_eq!(steps(&stage, ANA).last(), Some(&B::Overstays));
    assert_eq!(asks(&mut stage, BRUNO), GOES);
    stage.wait(60);
    stage.act(|room, now| room.ready(ANA, now)).expect("allowed");
    assert_eq!(steps(&stage, ANA).last(), Some(&B::Ended { overstayed: secs(120) }));
}

#[test]
fn an_agent_who_is_ready_and_says_so_or_logs_out_gives_up_the_turn() {
    let mut stage = lunch_time(turns(30));
    assert_eq!(asks(&mut stage, ANA), GOES);
    promised(&mut stage, BRUNO);
    stage.act(|room, now| room.ready(BRUNO, now)).expect("allowed");
    assert_eq!(steps(&stage, BRUNO).last(), Some(&B::Withdrawn));
    promised(&mut stage, CARLA);
    stage.act(|room, now| room.log_out(CARLA, now)).expect("allowed");
    assert_eq!(steps(&stage, CARLA).last(), Some(&B::Withdrawn));
}

#[test]
fn a_supervisor_sends_an_agent_to_lunch_without_a_turn() {
    let mut stage = lunch_time(turns(30));
    assert_eq!(asks(&mut stage, ANA), GOES);
    promised(&mut stage, BRUNO);
    stage.act(|room, now| room.aux(BRUNO, LUNCH, now)).expect("allowed");
    assert_eq!((stage.state(BRUNO), steps(&stage, BRUNO).last()), (AWAY, Some(&B::Withdrawn)));
}

#[test]
fn outside_the_hours_and_where_it_would_end_outside_them_a_break_is_refused() {
    let plan = || plan(vec![queue(0)], (0..3).map(|_| agent(&[(0, 1)])).collect());
    for open in [(830, 1000), (820, 850)] {
        let mut stage = Stage::new(in_turns(plan(), turns(30), &[open]));
        stage.everyone_works(3);
        assert_eq!(asks(&mut stage, ANA), Err(NoBreak::OutsideHours), "{open:?}");
        assert_eq!(steps(&stage, ANA), []);
    }
    let mut stage = Stage::new(in_turns(plan(), turns(30), &[(820, 1000)]));
    assert!(matches!(asks(&mut stage, ANA), Err(NoBreak::NotNow(_))), "nobody is logged in");
}

#[test]
fn the_last_agent_of_a_queue_is_promised_a_turn_that_waits_for_a_stand_in_as_long_as_it_can() {
    let of = |skills: &[(u32, u8)]| agent(skills);
    let plan = plan(vec![queue(0), queue(1)], vec![of(&[(0, 1)]), of(&[(0, 1), (1, 1)])]);
    let mut stage = Stage::new(in_turns(plan, turns(30), &[(820, 1000)]));
    stage.everyone_works(2);
    let at = promised(&mut stage, BRUNO);
    waits_until(&mut stage, at + secs(600));
    assert!(matches!(steps(&stage, BRUNO).last(), Some(B::Promised { .. })), "nobody else has the skill");
    let last = Moment::from_secs(1_000_000 - 400 + 150 * 60);
    waits_until(&mut stage, last);
    assert!(matches!(steps(&stage, BRUNO).last(), Some(B::Granted { .. })), "lunch comes first at last");
}

#[test]
fn while_callers_would_wait_too_long_the_turn_is_later() {
    let mut stage = lunch_time(BreakTurns { at_once: 2, wait_limit: secs(30), ..turns(30) });
    for caller in 1..=9 {
        stage.call(caller, CEDULA);
    }
    for agent in [ANA, BRUNO, CARLA] {
        stage.answers(agent);
    }
    promised(&mut stage, ANA);
    for caller in 4..=9 {
        stage.act(|room, now| room.abandon(turno_model::ContactId(caller), now));
    }
    stage.act(|room, now| room.release(turno_model::ContactId(2), EndedBy::Caller, now));
    stage.wait(20);
    assert_eq!(asks(&mut stage, ANA), GOES_LATER, "Bruno is free");
}

#[test]
fn who_is_first_in_the_rotation_today_is_last_tomorrow() {
    let order = |day: u64| {
        let agents: Vec<_> = (0..4).map(|_| agent(&[(0, 1)])).collect();
        let limit = BreakTurns { wait_limit: secs(5), ..turns(10) };
        let mut stage = Stage::new(in_turns(plan(vec![queue(0)], agents), limit, &[(820, 1000)]));
        stage.now = stage.now + secs(day * 86_400);
        stage.everyone_works(4);
        // Everybody talks, so that nobody goes at once.
        for caller in 1..=4 {
            stage.call(caller, CEDULA);
        }
        while !stage.offers.is_empty() {
            let agent = stage.offers[0].agent();
            stage.answers(agent);
        }
        let mut turns: Vec<_> = (0..4).map(|at| (promised(&mut stage, AgentId(at)), at)).collect();
        turns.sort_unstable();
        turns.into_iter().map(|(_, at)| at).collect::<Vec<_>>()
    };
    let today = order(0);
    let tomorrow = order(1);
    assert_eq!(tomorrow, [&today[1..], &today[..1]].concat(), "{today:?}");
}

#[test]
fn a_turn_survives_a_restart_with_its_time() {
    let mut stage = lunch_time(turns(30));
    assert_eq!(asks(&mut stage, ANA), GOES);
    let at = promised(&mut stage, BRUNO);
    stage.act(|room, _| room.note_all());
    let mut changes = Changeset::default();
    stage.room.write_down(&mut changes, |form| form as u8);
    let forms = [RoomForm::Agent, RoomForm::Contact, RoomForm::Waits, RoomForm::QueueState, RoomForm::Break];
    let rows = changes.take();
    let of = |table: u8| forms.into_iter().find(|form| *form as u8 == table).expect("a table of the room");
    let rows = rows.iter().map(|row| (of(row.table), row));
    let plan = plan(vec![queue(0)], (0..3).map(|_| agent(&[(0, 1)])).collect());
    let plan = std::sync::Arc::new(in_turns(plan, turns(30), &[(820, 1000)]));
    let (room, _) = turno_acd::Room::recover(plan, rows, stage.now).expect("rows that can be read");
    stage.room = room;
    stage.act(|room, now| room.apply_plan_changes(now));
    assert_eq!(promised(&mut stage, BRUNO), at);
    stage.wait(31 * 60);
    assert_eq!(steps(&stage, ANA).last(), Some(&B::Overstays));
    waits_until(&mut stage, at);
    assert!(matches!(steps(&stage, BRUNO).last(), Some(B::Granted { .. })));
}

#[test]
fn a_plan_that_takes_the_turns_away_ends_them() {
    let mut stage = lunch_time(turns(30));
    assert_eq!(asks(&mut stage, ANA), GOES);
    promised(&mut stage, BRUNO);
    let mut new =
        in_turns(plan(vec![queue(0)], (0..3).map(|_| agent(&[(0, 1)])).collect()), turns(30), &[(820, 1000)]);
    new.aux_reasons[0].turns = None;
    stage.act(|room, now| room.replan(std::sync::Arc::new(new), now));
    assert_eq!(steps(&stage, BRUNO).last(), Some(&B::Withdrawn));
    assert_eq!(steps(&stage, ANA).last(), Some(&B::Ended { overstayed: secs(0) }));
    assert_eq!(asks(&mut stage, BRUNO), GOES, "as any other reason");
}

#[test]
fn an_offer_that_is_missed_does_not_lose_the_turn_that_came_meanwhile() {
    let mut stage = lunch_time(turns(30));
    assert_eq!(asks(&mut stage, ANA), GOES);
    let at = promised(&mut stage, BRUNO);
    waits_until(&mut stage, at - secs(3));
    for agent in [BRUNO, CARLA] {
        stage.call(u64::from(agent.0), CEDULA);
    }
    waits_until(&mut stage, at);
    let offer = stage.offer_to(BRUNO);
    stage.settle(offer, OfferOutcome::NoAnswer);
    assert_eq!(stage.state(BRUNO), AWAY);
}
