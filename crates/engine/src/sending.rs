//! A step of a queue sends a waiting caller to an outside number.
//!
//! The caller waits in no line and hears music while the number rings. If it answers, the contact has left its queue and the
//! call is one outside the queues; if not, the caller is back at the old place in line.

use turno_calls::{CallId, Ringing};
use turno_ground::Moment;
use turno_model::{ContactId, Party, QueueId};

use crate::call_purpose::{CallStage, Outside, Purpose};
use crate::carrier::Carrier;
use crate::engine::Engine;

impl Engine {
    /// Calls the number to which a step sends a contact.
    pub(crate) fn send_outside(&mut self, contact: ContactId, now: Moment) {
        let stage = match self.contacts.carrier_of(contact) {
            Some(Carrier::Call(call)) => self.calls.purpose(call).cloned().map(|purpose| (call, purpose)),
            // Only a call can be connected to a number.
            Some(Carrier::Callback | Carrier::Message | Carrier::Nothing) | None => None,
        };
        match stage {
            Some((call, Purpose::Contact(CallStage::Queued(queue)))) => {
                self.ring_outside((call, contact), queue, 0, now);
            }
            Some((_, Purpose::Contact(_) | Purpose::Arriving | Purpose::Announcement))
            | Some((
                _,
                Purpose::Own { .. }
                | Purpose::Observing(_)
                | Purpose::Speaking(_)
                | Purpose::Consulting(_)
                | Purpose::CallingBack(_),
            ))
            | Some((
                _,
                Purpose::Survey(_)
                | Purpose::Hearing(_)
                | Purpose::SittingDown(_)
                | Purpose::AgentsLine(_)
                | Purpose::Line(_),
            ))
            | None => self.room.not_sent(contact, now),
        }
    }

    /// The outside number answered. False if the call was not sent outside by a step.
    pub(crate) fn outside_answered(&mut self, call: CallId, now: Moment) -> bool {
        let Some((contact, ..)) = self.sent_outside(call) else { return false };
        self.room.sent(contact, now);
        self.calls.is_for(call, Purpose::Own { caller: None, callee: None, outside: None });
        true
    }

    /// The outside number did not answer: tries the next address of the trunk, or the caller waits on. False if the call was
    /// not sent outside by a step.
    pub(crate) fn outside_failed(&mut self, call: CallId, status: u16, now: Moment) -> bool {
        let Some((contact, queue, tried)) = self.sent_outside(call) else { return false };
        if matches!(status, 408 | 503) {
            self.ring_outside((call, contact), queue, tried.saturating_add(1), now);
        } else {
            self.wait_on((call, contact), queue, now);
        }
        true
    }

    fn sent_outside(&self, call: CallId) -> Option<(ContactId, QueueId, u8)> {
        let Some(&Purpose::Contact(CallStage::Outside(queue, tried))) = self.calls.purpose(call) else {
            return None;
        };
        Some((self.contacts.of(call)?, queue, tried))
    }

    fn ring_outside(&mut self, (call, contact): (CallId, ContactId), queue: QueueId, tried: u8, now: Moment) {
        let number = self.room.sending_to(contact);
        let outside = number.zip(self.plan.dial_out.trunk).map(|(number, trunk)| Outside {
            trunk,
            number: number.into(),
            tried: usize::from(tried),
        });
        let Some(target) = outside.and_then(|outside| self.trunks.target(&outside, &self.plan)) else {
            self.wait_on((call, contact), queue, now);
            return;
        };
        self.calls.is_for(call, Purpose::Contact(CallStage::Outside(queue, tried)));
        let rung = self.switchboard.ring(&mut self.stack, call, Ringing::Transfer, vec![target], now);
        self.ports_were_taken();
        if rung.is_err() {
            self.wait_on((call, contact), queue, now);
        } else {
            self.legs_rung(contact, call, Party::Outside, now);
        }
    }

    /// The caller waits in line again; the room may offer the contact in this step.
    fn wait_on(&mut self, (call, contact): (CallId, ContactId), queue: QueueId, now: Moment) {
        self.calls.is_for(call, Purpose::Contact(CallStage::Queued(queue)));
        self.room.not_sent(contact, now);
    }
}
