//! A supervisor who observes a talk takes the contact over from its agent.

use turno_ground::Moment;
use turno_model::{AgentEvent, AgentId, AgentState as S, AuxReason, ContactId, Fact};

use crate::agent::{CoveredState, PendingChange};
use crate::contact::{ContactStage, Segment};
use crate::room::Room;

impl Room {
    /// Makes `to` the agent of a contact in the middle of its talk. `to` is on a call outside the queues, by which they
    /// observe the talk. The segment of the agent before ends, and after-call work follows for that agent as after any
    /// contact. Afterwards `to` does what they would do without this contact: a supervisor who was logged out or in AUX is so
    /// again. False, and nothing changes, if no other agent has the contact or `to` has one.
    pub fn take_over(&mut self, id: ContactId, to: AgentId, now: Moment) -> bool {
        let Some(contact) = self.contacts.get(&id) else { return false };
        let (queue, channel) = (contact.queue, contact.channel);
        let ContactStage::With(from, _) = contact.stage else { return false };
        let agent = &self.agents[to.index()];
        if from == to || !agent.in_hand.is_empty() || !agent.is_on_other_call {
            return false;
        }
        let afterwards = match agent.state {
            S::OtherCall => self.under_the_call(to),
            S::LoggedOut => {
                // `log_in` refuses nobody.
                let _ = self.log_in(to, now);
                Some(PendingChange::LogOut)
            }
            S::Available | S::Ringing | S::Talking | S::Holding | S::Acw | S::Aux(_) => return false,
        };
        self.part(id, None, now);
        self.contacts.get_mut(id).expect("a contact with an agent is in the room").stage =
            ContactStage::With(to, Segment::new(now));
        self.forget_spans(to);
        let agent = &mut self.agents[to.index()];
        agent.pending_change = afterwards;
        agent.in_hand.offer(id, channel, now);
        agent.in_hand.connect(id, now);
        agent.last_contact = Some(id);
        self.turn(to, AgentEvent::TakesOver, now);
        self.record(Fact::TakenOver { contact: id, from, to, queue });
        if let Some(change) = afterwards {
            self.record(Fact::AgentAsked { agent: to, aux: change.aux() });
        }
        self.start_handling(id, queue, now);
        self.pair_agent(from, now);
        true
    }

    /// What an agent on a call outside the queues is to do after it, unless that is to be available.
    fn under_the_call(&self, id: AgentId) -> Option<PendingChange> {
        let agent = &self.agents[id.index()];
        let pause = match agent.covered {
            CoveredState::Aux(AuxReason::Planned(reason)) => Some(reason),
            CoveredState::Available | CoveredState::Acw | CoveredState::Aux(_) => agent.aux_after_acw,
        };
        agent.pending_change.or(pause.map(PendingChange::Aux))
    }
}
