//! Which SIP dialogs belong to which contact: one fact for each, so that its messages can be found afterwards.

use compact_str::CompactString;
use turno_calls::CallId;
use turno_ground::Moment;
use turno_model::{ContactId, Fact, Party};
use turno_sip::SessionId;

use crate::engine::Engine;
use crate::purpose::Purpose;

impl Engine {
    /// A dialog joined a contact.
    pub(crate) fn leg_opened(&mut self, contact: ContactId, party: Party, session: SessionId, now: Moment) {
        if let Some((call_id, _, _)) = self.stack.dialog_name(session) {
            let call_id = CompactString::from(call_id);
            self.record(Fact::LegOpened { contact, party, call_id }, now);
        }
    }

    /// The leg that came in joined a contact.
    pub(crate) fn near_leg_opened(&mut self, contact: ContactId, call: CallId, party: Party, now: Moment) {
        if let Some(session) = self.switchboard.near(call) {
            self.leg_opened(contact, party, session, now);
        }
    }

    /// Every leg that rings for `call` joined a contact.
    pub(crate) fn legs_rung(&mut self, contact: ContactId, call: CallId, party: Party, now: Moment) {
        for place in 0..self.switchboard.ringing(call).len() {
            let session = self.switchboard.ringing(call)[place];
            self.leg_opened(contact, party, session, now);
        }
    }

    /// An agent with a contact rings somebody else: both legs of that call are part of the contact's story.
    pub(crate) fn consultation_opened(&mut self, call: CallId, now: Moment) {
        let Some(&Purpose::Own { caller: Some(agent), callee, .. }) = self.purposes.get(&call) else {
            return;
        };
        if let Some(contact) = self.room.contact_of(agent) {
            self.near_leg_opened(contact, call, Party::Agent(agent), now);
            self.legs_rung(contact, call, callee.map_or(Party::Outside, Party::Agent), now);
        }
    }
}
