//! A contact is given to one agent, now if the agent is free, or next: by a supervisor, or by a caller who dials the agent's own
//! number.
//!
//! The contact is kept for this agent, as for the agent of last time, and comes before all that the agent would get. Neither the
//! queue's rule nor a skill, and not even a pause of the queue, is asked: a person has decided.

use core::time::Duration;

use turno_ground::Moment;
use turno_model::{AgentId, AgentState, CallerKnown, Channels, ContactId, Fact};

use crate::contact::Given;
use crate::deadline::ContactDeadline;
use crate::request::{CannotPull, TakesEffect};
use crate::room::Room;

/// How long a contact is kept for an agent to whom a supervisor gave it; afterwards everybody may take it again.
pub const PULL_SPAN: Duration = Duration::from_secs(10 * 60);

impl Room {
    /// Gives a contact that waits in line to this agent, in place of any other for whom it was kept.
    ///
    /// # Errors
    /// [`CannotPull`]; then nothing has changed.
    ///
    /// # Panics
    /// If the plan has no such agent.
    pub fn pull(&mut self, id: ContactId, agent: AgentId, now: Moment) -> Result<TakesEffect, CannotPull> {
        if !self.is_waiting(id) {
            return Err(CannotPull::NotWaiting);
        }
        if self.state(agent) == AgentState::LoggedOut {
            return Err(CannotPull::LoggedOut);
        }
        self.leave_line(id);
        self.keeps_no_more(id);
        let mut contact = self.contacts.entry(id).expect("a contact in line is in the room");
        contact.reach.keep_for(Some(agent));
        contact.given = Some(Given::Pulled);
        contact.set(ContactDeadline::KeptOver, now + PULL_SPAN);
        self.record(Fact::CallerKnown(id, CallerKnown::PulledTo { agent, span: PULL_SPAN }));
        self.join_line(id, now);
        Ok(if self.offer_given(id, now) { TakesEffect::Done } else { TakesEffect::Afterwards })
    }

    /// Everybody may take this contact again. False, and nothing changes, if it was not given to an agent or waits no more.
    pub fn pull_back(&mut self, id: ContactId, now: Moment) -> bool {
        let is_pulled = self.is_waiting(id) && self.given(id) == Some(Given::Pulled);
        if is_pulled {
            self.is_given_no_more(id, now);
        }
        is_pulled
    }

    /// The agent has logged out: everybody may take the contacts that were given to them.
    pub(crate) fn pulls_end(&mut self, agent: AgentId, now: Moment) {
        while let Some(id) = self.given_to(agent, Channels::ALL) {
            self.is_given_no_more(id, now);
        }
    }

    /// A contact that was kept for an agent joins the others, who may take it now.
    pub(crate) fn is_given_no_more(&mut self, id: ContactId, now: Moment) {
        self.joins_others(id, now);
        self.pair(None, id, now);
        // It was left alone while it was kept for somebody.
        if let Some(queue) = self.queue_of_waiting(id) {
            self.treat_if_alone(id, queue, now);
        }
    }
}
