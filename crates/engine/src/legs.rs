//! Records which SIP dialogs belong to a contact, so that a trace can find its messages.

use compact_str::CompactString;
use turno_calls::CallId;
use turno_ground::{Moment, Pii};
use turno_model::{AgentCall, AgentCallOutcome, AgentId, ContactId, Fact, Party};
use turno_sip::SessionId;

use crate::call_purpose::Purpose;
use crate::engine::Engine;

impl Engine {
    /// Records that a dialog joined a contact.
    pub(crate) fn leg_opened(&mut self, contact: ContactId, party: Party, session: SessionId, now: Moment) {
        if let Some((call_id, _, _)) = self.stack.dialog_name(session) {
            let call_id = CompactString::from(call_id);
            self.outbox.record(Fact::LegOpened { contact, party, call_id }, now);
        }
    }

    /// Records that the A leg joined a contact.
    pub(crate) fn a_leg_opened(&mut self, contact: ContactId, call: CallId, party: Party, now: Moment) {
        if let Some(session) = self.switchboard.a_leg(call) {
            self.leg_opened(contact, party, session, now);
        }
    }

    /// Records that each ringing leg of `call` joined a contact.
    pub(crate) fn legs_rung(&mut self, contact: ContactId, call: CallId, party: Party, now: Moment) {
        for place in 0..self.switchboard.ringing(call).len() {
            let session = self.switchboard.ringing(call)[place];
            self.leg_opened(contact, party, session, now);
        }
        if let Party::Agent(agent) = party {
            self.phone_dialled(agent, contact, now);
        }
    }

    /// Records that an agent dialled a call outside the queues.
    pub(crate) fn agent_call_dialled(
        &mut self,
        call: CallId,
        agent: AgentId,
        (what, dialled): (AgentCall, &str),
        now: Moment,
    ) {
        let Some(number) = self.contacts.of(call) else { return };
        let dialled = Pii(CompactString::from(dialled));
        self.outbox.record(Fact::OwnCallDialled { call: number, agent, dialled, what }, now);
        self.a_leg_opened(number, call, Party::Agent(agent), now);
    }

    /// Records the outcome of such a call, before or after the call is removed.
    pub(crate) fn agent_call_settled(&mut self, call: CallId, outcome: AgentCallOutcome, now: Moment) {
        if let Some(number) = self.contacts.told_of(call) {
            self.outbox.record(Fact::OwnCallSettled { call: number, outcome }, now);
        }
    }

    /// An agent rings somebody: the B leg joins that call's trace. If the agent has a contact, both legs join the
    /// contact's trace.
    pub(crate) fn consultation_opened(&mut self, call: CallId, now: Moment) {
        let Some(&Purpose::Own { caller: Some(agent), callee, .. }) = self.calls.purpose(call) else {
            return;
        };
        let party = callee.map_or(Party::Outside, Party::Agent);
        if let Some(number) = self.contacts.of(call) {
            self.legs_rung(number, call, party, now);
        }
        if let Some(contact) = self.room.contact_of(agent) {
            self.a_leg_opened(contact, call, Party::Agent(agent), now);
            for place in 0..self.switchboard.ringing(call).len() {
                let session = self.switchboard.ringing(call)[place];
                self.leg_opened(contact, party, session, now);
            }
        }
    }
}
