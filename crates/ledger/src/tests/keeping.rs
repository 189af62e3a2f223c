//! Tests that figures continue after a restart, also with a changed plan.

use std::sync::Arc;

use turno_model::{AgentState, ContactOutcome, EndedBy, Plan};

use crate::ledger::Ledger;
use crate::tests::{LUAE, Room, TAXES, plan};

/// One call is over, one is on hold, one waits, one agent is in after-call work.
fn a_morning() -> Room {
    let mut room = Room::new("08:00:00");
    room.log_in(0);
    room.log_in(1);
    room.call(1, TAXES);
    room.clock("08:00:10");
    room.offer(1, 0, TAXES);
    room.answer(1, 0, TAXES);
    room.call(2, LUAE);
    room.offer(2, 1, LUAE);
    room.answer(2, 1, LUAE);
    room.clock("08:31:00");
    room.hang_up(1, 0, TAXES);
    room.hold(2, 1);
    room.call(3, TAXES);
    room.clock("08:31:07");
    room
}

fn the_rest_of_the_day(room: &mut Room) {
    room.clock("08:32:00");
    room.change(0, AgentState::Available);
    room.offer(3, 0, TAXES);
    room.answer(3, 0, TAXES);
    room.resume(2, 1);
    room.clock("09:05:00");
    room.hang_up(2, 1, LUAE);
    room.hang_up(3, 0, TAXES);
    room.call(4, TAXES);
    room.clock("09:05:02");
    room.end(4, TAXES, ContactOutcome::Abandoned, EndedBy::Caller);
    room.change(0, AgentState::LoggedOut);
}

fn day(ledger: &Ledger, room: &Room) -> String {
    format!("{:?} {:?}", ledger.day(room.now), ledger.snapshot(room.now))
}

#[test]
fn the_figures_of_the_day_go_on_after_a_restart_as_if_there_had_been_none() {
    // Wound: restart: everyone waiting is lost (A), marked abandoned (F), or comes back as a stray call (O).
    let (mut room, mut through) = (a_morning(), a_morning());
    through.ledger = Ledger::of_form(&plan(), &room.ledger.form()).expect("what was written a moment ago");
    assert_eq!(day(&through.ledger, &room), day(&room.ledger, &room));
    through.assert_balance();
    the_rest_of_the_day(&mut room);
    the_rest_of_the_day(&mut through);
    assert_eq!(day(&through.ledger, &room), day(&room.ledger, &room));
    through.assert_balance();
}

#[test]
fn figures_stay_with_the_name_when_a_seat_and_a_queue_are_put_before_others() {
    let room = a_morning();
    let mut other = Plan::clone(&plan());
    other.agents.rotate_right(1);
    other.queues.rotate_right(1);
    let other = Arc::new(other);
    // A restart with the changed plan, and a reload.
    let mut restarted = Ledger::of_form(&other, &room.ledger.form()).expect("what was written a moment ago");
    restarted.move_to(Arc::clone(&other), room.now);
    let mut reloaded = room.ledger.clone();
    reloaded.move_to(other, room.now);
    for ledger in [restarted, reloaded] {
        ledger.books(room.now).expect("the books balance in their new places");
        let (before, after) = (room.ledger.day(room.now), ledger.day(room.now));
        for agent in &before.agents {
            let same = after.agents.iter().find(|other| other.name == agent.name).expect("the same names");
            assert_eq!((same.counts, &same.times), (agent.counts, &agent.times), "{}", agent.name);
        }
        for queue in &before.queues {
            let same = after.queues.iter().find(|other| other.name == queue.name).expect("the same names");
            assert_eq!(same.figures, queue.figures, "{}", queue.name);
        }
        let waiting: Vec<u32> = ledger.snapshot(room.now).queues.iter().map(|queue| queue.waiting).collect();
        assert_eq!(waiting, [0, 1]);
    }
}

#[test]
fn a_queue_that_was_taken_away_takes_its_callers_and_the_books_balance() {
    let room = a_morning();
    let mut other = Plan::clone(&plan());
    other.queues.remove(1);
    other.agents.truncate(1);
    let mut ledger = room.ledger.clone();
    ledger.move_to(Arc::new(other), room.now);
    ledger.books(room.now).expect("the books balance without the queue");
    assert_eq!((ledger.day(room.now).agents.len(), ledger.day(room.now).queues.len()), (1, 1));
}

#[test]
fn books_that_are_damaged_are_refused_in_words() {
    let mut form = a_morning().ledger.form();
    form.truncate(form.len() / 2);
    let refused = Ledger::of_form(&plan(), &form).expect_err("half of the books");
    assert!(refused.to_string().contains("begin anew"), "{refused}");
}
