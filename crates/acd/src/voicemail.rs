//! Contacts whose caller leaves a message: in no line meanwhile, and the message takes the caller's place.

use turno_ground::Moment;
use turno_model::{
    Channel, ContactId, ContactOutcome, EndedBy, Fact, QueueId, QueueState, Voicemail, VoicemailChange,
    VoicemailWhy,
};

use crate::contact::ContactStage;
use crate::output::Arrival;
use crate::room::Room;

impl Room {
    /// The caller of a contact that waits in line goes to the voicemail. The contact is in no line until
    /// [`Room::speaks_no_more`] or [`Room::leave_message`]. False, and nothing changes, if it does not wait in line.
    pub fn speak(&mut self, id: ContactId) -> bool {
        let queue = self.queue_of_waiting(id);
        if let Some(queue) = queue {
            self.stop_waiting(id);
            self.speaks(id);
            self.tell(id, queue, VoicemailChange::Began(VoicemailWhy::Key));
        }
        queue.is_some()
    }

    /// The caller left no message, and is back at the old place in line. No effect unless the caller was at the voicemail.
    pub fn speaks_no_more(&mut self, id: ContactId, now: Moment) {
        if !self.is_speaking(id) {
            return;
        }
        self.join_line(id, now);
        if let Some(queue) = self.queue_of_waiting(id) {
            self.tell(id, queue, VoicemailChange::WaitsOn);
            self.treat_if_alone(id, queue, now);
        }
        self.pair(None, id, now);
    }

    /// The caller has left `message`: the caller's contact ends as sent away, and the message waits in its place. False, and
    /// nothing changes, unless the caller was at the voicemail.
    ///
    /// # Panics
    /// If the message is in the room already.
    pub fn leave_message(&mut self, caller: ContactId, message: ContactId, now: Moment) -> bool {
        let Some(contact) = self.contacts.get(&caller).filter(|_| self.is_speaking(caller)) else {
            return false;
        };
        let arrival = Arrival {
            contact: message,
            channel: Channel::Voicemail,
            queue: contact.queue,
            priority: Some(contact.stated_priority.unwrap_or(contact.at_least)),
            waiting_since: Some(contact.waiting_since),
        };
        self.end(caller, ContactOutcome::Outflowed, EndedBy::System, now);
        self.enqueue(arrival, now);
        true
    }

    /// Whether the caller of a contact is at the voicemail.
    pub fn is_speaking(&self, id: ContactId) -> bool {
        self.contacts.get(&id).is_some_and(|contact| matches!(contact.stage, ContactStage::Speaking))
    }

    fn tell(&mut self, contact: ContactId, queue: QueueId, change: VoicemailChange) {
        self.record(Fact::Voicemail(Voicemail { contact, queue, change }));
    }

    /// Whether the queue of a contact is closed.
    pub fn is_in_closed_queue(&self, id: ContactId) -> bool {
        self.queue_of(id).is_some_and(|queue| self.queue_state(queue) == QueueState::Closed)
    }
}
