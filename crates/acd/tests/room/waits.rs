//! The waits that waiting callers are told.

use turno_ground::Rng;
use turno_model::plan::QueuePlan;
use turno_model::{ContactId, Fact, QueueState, WaitTold, sample};

use crate::stage::{ANA, BRUNO, CEDULA, PASSPORT, Stage, agent, plan, queue};

/// A queue that tells waits, with this many agents who work.
fn telling(agents: u32) -> Stage {
    Stage::with_queue(agents, QueuePlan { announcements: Some(sample::announcements()), ..queue(0) })
}

/// What the facts tell this contact: place and seconds, in order.
fn told(stage: &Stage, contact: u64) -> Vec<(u32, Option<u64>)> {
    let of = |fact: &Fact| match fact {
        Fact::WaitTold(WaitTold { contact: ContactId(id), position, within, .. }) if *id == contact => {
            Some((*position, within.map(|within| within.as_secs())))
        }
        _ => None,
    };
    stage.facts.iter().filter_map(|(_, fact)| of(fact)).collect()
}

fn tells(stage: &mut Stage, contact: u64) -> Option<u64> {
    stage.act(|room, now| room.tell_wait(ContactId(contact), now));
    told(stage, contact).last().and_then(|(_, within)| *within)
}

#[test]
fn a_caller_who_is_offered_at_once_is_told_nothing() {
    let mut stage = telling(1);
    stage.call(1, CEDULA);
    assert_eq!(told(&stage, 1), []);
}

#[test]
fn a_plan_without_announcements_tells_nothing() {
    let mut stage = Stage::with_agents(1);
    stage.call(1, CEDULA);
    stage.call(2, CEDULA);
    stage.act(|room, now| room.tell_wait(ContactId(2), now));
    assert_eq!(told(&stage, 2), []);
}

#[test]
fn who_is_further_back_is_told_a_later_place_and_a_longer_wait() {
    let mut stage = telling(2);
    for caller in 1..=6 {
        stage.call(caller, CEDULA);
    }
    let waits: Vec<_> = (3..=6).flat_map(|caller| told(&stage, caller)).collect();
    assert_eq!(waits.iter().map(|(place, _)| *place).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert!(waits.windows(2).all(|pair| pair[0].1 < pair[1].1), "{waits:?}");
}

#[test]
fn the_wait_does_not_rise_while_a_talk_drags_on_unless_an_agent_leaves() {
    let mut stage = telling(2);
    for caller in 1..=4 {
        stage.call(caller, CEDULA);
    }
    stage.answers(ANA);
    stage.answers(BRUNO);
    let mut before = told(&stage, 4)[0].1.expect("agents work");
    for _ in 0..20 {
        stage.wait(60);
        let now = tells(&mut stage, 4).expect("agents work");
        assert!(now <= before, "{now} after {before}");
        before = now;
    }
    stage.act(|room, now| room.log_out(BRUNO, now)).expect("allowed");
    let alone = tells(&mut stage, 4).expect("Ana works");
    assert!(alone > before, "with one agent left: {alone} after {before}");
}

#[test]
fn with_nobody_at_work_there_is_a_place_but_no_wait() {
    let mut stage = telling(1);
    stage.act(|room, now| room.aux(ANA, 1, now)).expect("allowed");
    stage.call(1, CEDULA);
    assert_eq!(told(&stage, 1), [(1, None)]);
}

#[test]
fn callers_of_other_queues_count_as_far_as_the_same_agents_serve_them() {
    let telling = |skill| QueuePlan { announcements: Some(sample::announcements()), ..queue(skill) };
    let both = || agent(&[(0, 1), (1, 1)]);
    let wait_behind_others = |agents: Vec<_>| {
        let count = agents.len() as u64;
        let mut stage = Stage::new(plan(vec![telling(0), telling(1)], agents));
        stage.everyone_works(count as u32);
        for caller in 1..=count + 4 {
            stage.call(caller, CEDULA);
        }
        stage.call(100, PASSPORT);
        let (place, within) = told(&stage, 100)[0];
        assert_eq!(place, 1, "nobody waits in this queue");
        within.expect("agents work")
    };
    let shared = wait_behind_others(vec![both(), both()]);
    let mut apart = Stage::new(plan(vec![telling(0), telling(1)], vec![both(), both()]));
    apart.everyone_works(2);
    for caller in [1, 2, 100] {
        apart.call(caller, PASSPORT);
    }
    let alone = told(&apart, 100)[0].1.expect("agents work");
    assert!(shared > 2 * alone, "behind four others: {shared} s, behind nobody: {alone} s");
}

#[test]
fn talks_that_are_shorter_than_the_target_shorten_the_wait_that_is_told() {
    let mut stage = telling(1);
    let mut rng = Rng::new(3);
    let mut caller = 0;
    let mut wait_of_second = |stage: &mut Stage, caller: &mut u64| {
        *caller += 2;
        let (first, second) = (*caller - 1, *caller);
        stage.call(first, CEDULA);
        stage.call(second, CEDULA);
        let within = told(stage, second)[0].1.expect("Ana works");
        for _ in 0..2 {
            let contact = stage.answers(ANA);
            stage.wait(10 + rng.below(20));
            stage.act(|room, now| room.release(contact, turno_model::EndedBy::Caller, now));
            stage.wait(20);
        }
        within
    };
    let first = wait_of_second(&mut stage, &mut caller);
    let last = (0..60).map(|_| wait_of_second(&mut stage, &mut caller)).last().expect("sixty");
    assert!(first > 180, "begins with the target of three minutes: {first} s");
    assert!(last < 90, "talks of 10 to 30 s and after-call work of 20 s: {last} s");
}

#[test]
fn in_a_paused_queue_there_is_a_place_but_no_wait() {
    let mut stage = telling(2);
    stage.act(|room, now| room.turn_queue(CEDULA, QueueState::Paused, now));
    stage.call(1, CEDULA);
    stage.call(2, CEDULA);
    assert_eq!(told(&stage, 2), [(2, None)]);
}
