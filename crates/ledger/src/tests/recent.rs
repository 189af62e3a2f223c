//! Tests the figures of the last 30 minutes, callers to call back, and what commands change in the room.

use core::time::Duration;

use turno_model::{ContactId, ContactOutcome, EndedBy, Fact, QueueState};

use crate::ledger::Ledger;
use crate::tests::{LUAE, Room, TAXES};

/// One call answered at once, one given up after 40 s, one after 3 s, all of one caller.
fn three_calls() -> Room {
    let mut room = Room::new("08:00:00");
    room.log_in(0);
    room.call(1, TAXES);
    room.offer(1, 0, TAXES);
    room.answer(1, 0, TAXES);
    room.call(2, TAXES);
    room.clock("08:00:40");
    room.end(2, TAXES, ContactOutcome::Abandoned, EndedBy::Caller);
    room.call(3, TAXES);
    room.clock("08:00:43");
    room.end(3, TAXES, ContactOutcome::Abandoned, EndedBy::Caller);
    room
}

#[test]
fn the_last_half_hour_counts_what_ended_in_it_and_forgets_it_after() {
    let mut room = three_calls();
    let taxes = room.ledger.snapshot(room.now).queues[0].clone();
    let recent = taxes.recent;
    let counts = (recent.offered, recent.answered, recent.answered_in_target, recent.abandoned);
    assert_eq!(counts, (3, 1, 1, 2));
    assert_eq!(recent.service_level(), Some(1.0 / 3.0));
    let lost: Vec<_> = taxes.lost.iter().map(|lost| (lost.contact.0, lost.waited.as_secs())).collect();
    assert_eq!(lost, [(2, 40)], "nobody calls a short abandon back");
    room.clock("08:29:59");
    assert_eq!(room.ledger.snapshot(room.now).queues[0].recent.offered, 3);
    room.clock("08:31:00");
    let taxes = room.ledger.snapshot(room.now).queues[0].clone();
    assert_eq!((taxes.recent.offered, taxes.lost.len()), (0, 0));
    assert_eq!(taxes.today.abandoned, 2, "the day remembers");
    assert_eq!(room.ledger.snapshot(room.now).queues[1].recent.offered, 0, "the other queue had nothing");
}

#[test]
fn who_calls_again_and_is_answered_needs_no_call_back() {
    let mut room = three_calls();
    room.call(4, TAXES);
    room.offer(4, 0, TAXES);
    assert_eq!(room.ledger.snapshot(room.now).queues[0].lost.len(), 1, "not answered yet");
    room.answer(4, 0, TAXES);
    assert!(room.ledger.snapshot(room.now).queues[0].lost.is_empty());
}

#[test]
fn a_busy_day_grows_nothing() {
    let mut room = Room::new("08:00:00");
    for call in 0..2_000 {
        room.call(call, LUAE);
        room.pass(Duration::from_secs(20));
        room.end(call, LUAE, ContactOutcome::Abandoned, EndedBy::Caller);
    }
    let luae = room.ledger.snapshot(room.now).queues[1].clone();
    assert_eq!((luae.recent.abandoned, luae.lost.len()), (90, 50), "three a minute; the latest 50");
    let size = room.ledger.form().len();
    room.pass(Duration::from_hours(1));
    room.call(9_000, TAXES);
    assert!(room.ledger.form().len() < size, "numbers are forgotten without a call in that queue");
    room.assert_balance();
}

#[test]
fn what_commands_change_is_seen_and_outlives_a_restart() {
    let mut room = three_calls();
    room.tell(&Fact::QueueTurned { queue: LUAE, to: QueueState::Paused });
    room.call(5, LUAE);
    room.tell(&Fact::Reprioritised { contact: ContactId(5), queue: LUAE, priority: 7, position: 1 });
    let kept = Ledger::of_form(room.ledger.plan(), &room.ledger.form()).expect("a saved form");
    for ledger in [&room.ledger, &kept] {
        let now = ledger.snapshot(room.now);
        assert_eq!((now.queues[0].state, now.queues[1].state), (QueueState::Open, QueueState::Paused));
        assert_eq!(now.contacts.last().map(|open| (open.priority, open.is_put_off)), Some((7, false)));
        assert_eq!(now.queues[0].recent.offered, 3);
    }
}
