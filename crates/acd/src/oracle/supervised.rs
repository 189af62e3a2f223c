//! What supervisors do to contacts and queues, by the facts.

use turno_ground::Moment;
use turno_model::{CallbackChange, ContactId, Fact, QueueState, Voicemail, VoicemailChange, VoicemailWhy};

use super::Oracle;
use super::caller::{At, Caller, need};

impl Oracle {
    /// Reads a fact that a supervisor caused; the others change nothing that an offer depends on.
    pub(super) fn reads_supervision(&mut self, fact: &Fact, now: Moment) {
        match fact {
            Fact::QueueTurned { queue, to } => {
                let was_paused = self.paused.remove(queue);
                self.closed.remove(queue);
                match to {
                    QueueState::Open => {}
                    QueueState::Closed => drop(self.closed.insert(*queue)),
                    QueueState::Paused => {
                        assert!(!was_paused && self.paused.insert(*queue), "{queue:?} is paused once");
                    }
                }
            }
            Fact::Reprioritised { contact, queue, priority, position } => {
                let caller = self.supervised(*contact);
                assert_eq!((caller.at, caller.queue), (At::Line, *queue), "only who waits gets a priority");
                caller.priority = *priority;
                self.check_position(*contact, *position);
            }
            Fact::TakenOver { contact, from, to, .. } => {
                assert!(self.in_hand(*to).is_empty(), "{to:?} takes over with free hands");
                let caller = self.supervised(*contact);
                assert_eq!(
                    caller.at,
                    At::With(*from),
                    "{to:?} takes over from the agent who had the contact"
                );
                caller.at = At::With(*to);
                self.touched[to.index()] = now;
            }
            Fact::Callback(contact, change) => self.reads_callback(*contact, change, now),
            Fact::Voicemail(voicemail) => self.reads_voicemail(voicemail, now),
            _ => {}
        }
    }

    /// A contact that is put off is in no line, and offered to nobody until it is due. A person who calls again takes the
    /// place of the callback.
    fn reads_callback(&mut self, contact: ContactId, change: &CallbackChange, now: Moment) {
        match change {
            CallbackChange::Asked { .. } => self.supervised(contact).is_called_back = true,
            CallbackChange::PutOff { .. } => {
                let caller = self.supervised(contact);
                let waits = caller.at == At::Line || caller.is_called_back && caller.at == At::PutOff;
                assert!(waits && !caller.is_dialled, "only who waits is put off");
                caller.at = At::PutOff;
            }
            // With an agent, the offer is judged already.
            CallbackChange::Dialled { .. } if self.supervised(contact).at == At::PutOff => {
                self.check_dial(contact);
                self.supervised(contact).is_dialled = true;
            }
            CallbackChange::Failed(_) => self.supervised(contact).is_dialled = false,
            CallbackChange::Due => {
                let caller = self.supervised(contact);
                assert_eq!(caller.at, At::PutOff, "{contact:?} is due, and was not put off");
                (caller.at, caller.in_line_since, caller.is_dialled) = (At::Line, now, false);
            }
            CallbackChange::CancelledByCall { by } => {
                let since = self.supervised(contact).since;
                self.stated.insert(*by, since);
            }
            _ => {}
        }
    }

    /// A caller at the voicemail is in no line, and the message takes the caller's place.
    fn reads_voicemail(&mut self, voicemail: &Voicemail, now: Moment) {
        match voicemail.change {
            VoicemailChange::Began(why) => {
                let caller = self.supervised(voicemail.contact);
                let before = if why == VoicemailWhy::Step { At::Speaks } else { At::Line };
                assert_eq!(caller.at, before, "only who waits goes to the voicemail");
                caller.at = At::Speaks;
            }
            VoicemailChange::WaitsOn => {
                let caller = self.supervised(voicemail.contact);
                assert_eq!(caller.at, At::Speaks, "{:?} was not at the voicemail", voicemail.contact);
                (caller.at, caller.in_line_since) = (At::Line, now);
            }
            VoicemailChange::PutOff { .. } => {
                let message = self.supervised(voicemail.contact);
                assert_eq!(message.at, At::Line, "only what waits is put off");
                message.at = At::PutOff;
            }
            VoicemailChange::Due => {
                let message = self.supervised(voicemail.contact);
                assert_eq!(message.at, At::PutOff, "{:?} was not put off", voicemail.contact);
                (message.at, message.in_line_since) = (At::Line, now);
            }
            VoicemailChange::Left { caller, .. } => {
                let since = self.supervised(caller).since;
                self.stated.insert(voicemail.contact, since);
            }
            _ => {}
        }
    }

    /// Checks the place that a contact was told.
    pub(super) fn check_position(&self, id: ContactId, position: u32) {
        let caller = &self.callers[&id];
        let key = need(id, caller);
        let line =
            self.callers.iter().filter(|(_, other)| other.queue == caller.queue && other.at == At::Line);
        let ahead = line.filter(|(other_id, other)| need(**other_id, other) < key).count();
        assert_eq!(position as usize, ahead + 1, "{id:?} is told the right place");
    }

    fn supervised(&mut self, id: ContactId) -> &mut Caller {
        self.callers.get_mut(&id).expect("the contact is in the room")
    }
}
