//! What a supervisor does to queues and to contacts that wait in line.

use turno_ground::Moment;
use turno_model::{ContactId, Fact, QueueId, QueueState};

use crate::room::Room;

impl Room {
    /// Opens, pauses or closes a queue. A pause stops the offers of its line and no other: an offer that rings goes on, and the
    /// end of a wait is as before. Whether new contacts come to a closed queue is for the owner of the room to decide.
    ///
    /// # Panics
    /// If the plan has no such queue.
    pub fn turn_queue(&mut self, queue: QueueId, to: QueueState, now: Moment) {
        let before = self.queue_state(queue);
        if before == to {
            return;
        }
        match to {
            QueueState::Open => drop(self.states.remove(&queue)),
            QueueState::Paused | QueueState::Closed => drop(self.states.insert(queue, to)),
        }
        self.lines.pause(queue, to == QueueState::Paused);
        self.record(Fact::QueueTurned { queue, to });
        if before == QueueState::Paused {
            self.pair_places(self.lines.places(queue), now);
        }
    }

    /// Moves a contact that waits in line to another queue, with the time that it has waited. False, and nothing changes, if it
    /// does not wait in line or is in that queue.
    pub fn move_to(&mut self, id: ContactId, queue: QueueId, now: Moment) -> bool {
        let waits_elsewhere = self.queue_of_waiting(id).is_some_and(|before| before != queue);
        if waits_elsewhere {
            self.change_queue(id, queue, now);
        }
        waits_elsewhere
    }

    /// Gives a contact that waits in line another priority, here and in every later queue. False, and nothing changes, if it does
    /// not wait in line.
    pub fn prioritise(&mut self, id: ContactId, priority: u8) -> bool {
        let waits = self.is_waiting(id);
        if waits {
            self.reprioritise(id, priority);
        }
        waits
    }
}
