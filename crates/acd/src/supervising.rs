//! What a supervisor does to queues and to contacts that wait in line.

use turno_ground::Moment;
use turno_model::{ContactId, Fact, QueueId, QueueState};

use crate::deadline::ContactDeadline;
use crate::room::Room;

impl Room {
    /// The state of a queue.
    pub fn queue_state(&self, queue: QueueId) -> QueueState {
        self.states.get(&queue).copied().unwrap_or_default()
    }

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
        self.lines[queue.index()].pause(to == QueueState::Paused);
        self.record(Fact::QueueTurned { queue, to });
        if before == QueueState::Paused {
            self.pair_places(self.lines[queue.index()].iter().collect(), now);
        }
    }

    /// Moves a contact that waits in line to another queue, with the time that it has waited. False, and nothing changes, if it
    /// does not wait in line or is in that queue.
    pub fn move_to(&mut self, id: ContactId, queue: QueueId, now: Moment) -> bool {
        let Some(before) = self.queue_of_waiting(id).filter(|before| *before != queue) else { return false };
        self.contacts.cancel(id, ContactDeadline::WaitOver);
        let Some(contact) = self.contacts.get_mut(id) else { return false };
        contact.told = None;
        let (channel, place) = (contact.channel, contact.place(id));
        self.lines[before.index()].remove(channel, place);
        self.stand_in_line(id, queue, now, now);
        self.pair(None, id, now);
        self.limit_length(id, now);
        self.tell_new(id, now);
        true
    }

    /// Gives a contact that waits in line another priority, here and in every later queue. False, and nothing changes, if it does
    /// not wait in line.
    pub fn prioritise(&mut self, id: ContactId, priority: u8) -> bool {
        let Some(queue) = self.queue_of_waiting(id) else { return false };
        let Some(contact) = self.contacts.get_mut(id) else { return false };
        let (channel, before) = (contact.channel, contact.place(id));
        (contact.stated_priority, contact.priority) = (Some(priority), priority);
        let place = contact.place(id);
        let line = &mut self.lines[queue.index()];
        line.remove(channel, before);
        line.insert(channel, place);
        let position = u32::try_from(line.position(place)).unwrap_or(u32::MAX);
        self.record(Fact::Reprioritised { contact: id, queue, priority, position });
        true
    }

    /// The queue in whose line a contact waits.
    pub fn queue_of_waiting(&self, id: ContactId) -> Option<QueueId> {
        let contact = self.contacts.get(&id).filter(|_| self.is_waiting(id))?;
        Some(contact.queue)
    }
}
