//! Handles deadlines.

use turno_ground::Moment;
use turno_model::{AgentId, ContactId};

use crate::contact::ContactStage;
use crate::deadline::{AgentDeadline, ContactDeadline};
use crate::output::RoomOutput;
use crate::room::Room;

impl Room {
    /// Handles every deadline due at `now`, in the order of time; at the same moment those of agents come first and
    /// those of breaks last.
    pub fn handle_deadlines(&mut self, now: Moment) {
        loop {
            let agents = self.agents.next_deadline().filter(|at| *at <= now);
            let contacts = self.contacts.next_deadline().filter(|at| *at <= now);
            let breaks = self.breaks.next_deadline().filter(|at| *at <= now);
            if let Some(at) = breaks
                && agents.is_none_or(|other| at < other)
                && contacts.is_none_or(|other| at < other)
            {
                if let Some((deadline, key)) = self.breaks.pop_due(now) {
                    self.on_break_deadline(deadline, key, now);
                }
                continue;
            }
            let is_agents = agents.is_some_and(|at| contacts.is_none_or(|other| at <= other));
            if is_agents && let Some((due, deadline, place)) = self.agents.pop_due(now) {
                let agent = AgentId(u32::try_from(place).unwrap_or(u32::MAX));
                self.on_agent_deadline(agent, deadline, due, now);
            } else if let Some((_, deadline, contact)) = self.contacts.pop_due(now) {
                self.on_contact_deadline(contact, deadline, now);
            } else {
                break;
            }
        }
        if self.ahead.look_at.is_some_and(|at| at <= now) {
            self.dial_due(now);
        }
    }

    fn on_agent_deadline(&mut self, agent: AgentId, deadline: AgentDeadline, due: Moment, now: Moment) {
        match deadline {
            AgentDeadline::CoolDownOver => self.on_cool_down_over(agent, due, now),
            AgentDeadline::AcwOver => self.on_acw_over(agent, due, now),
        }
    }

    fn on_contact_deadline(&mut self, contact: ContactId, deadline: ContactDeadline, now: Moment) {
        match deadline {
            ContactDeadline::RingOver => {
                if let Some(ContactStage::Ringing(ring)) =
                    self.contacts.get(&contact).map(|contact| &contact.stage)
                {
                    let offer = ring.offer;
                    self.outbox.push_back(RoomOutput::RingOver { contact, offer });
                }
            }
            ContactDeadline::HoldOver => self.on_hold_over(contact, now),
            ContactDeadline::HandlingWarning => self.on_handling_warning(contact),
            ContactDeadline::HandlingBreach => self.on_handling_breach(contact),
            ContactDeadline::WaitOver => self.on_wait_over(contact, now),
            ContactDeadline::HandlingMark => self.on_handling_mark(contact),
            ContactDeadline::StepDue => self.on_step_due(contact, now),
            ContactDeadline::CallbackDue => self.on_callback_due(contact, now),
            ContactDeadline::KeptOver => self.on_kept_over(contact, now),
        }
    }

    /// A contact has been kept for its agent long enough: everybody may take it.
    fn on_kept_over(&mut self, id: ContactId, now: Moment) {
        if self.is_waiting(id) {
            if self.is_given(id) {
                self.is_given_no_more(id, now);
            } else {
                self.joins_others(id, now);
                self.pair(None, id, now);
            }
        }
    }
}
