//! A contact is given to one agent, now if the agent is free, or next: by a supervisor, or by a caller who dials the agent's own
//! number.
//!
//! The contact is kept for this agent, as for the agent of last time, and comes before all that the agent would get. Neither the
//! queue's rule nor a skill, and not even a pause of the queue, is asked: a person has decided.

use core::time::Duration;

use smallvec::SmallVec;
use turno_ground::Moment;
use turno_model::{AgentId, AgentState, CallerKnown, Channels, ContactId, Decision, Fact};

use crate::contact::Given;
use crate::deadline::ContactDeadline;
use crate::line::Place;
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

    /// Why this contact goes to the agent for whom it is kept, if no rule is asked.
    pub(crate) fn given(&self, id: ContactId) -> Option<Given> {
        self.contacts.get(&id)?.given
    }

    /// Whether this contact goes to the agent for whom it is kept, and no rule is asked.
    pub(crate) fn is_given(&self, id: ContactId) -> bool {
        self.given(id).is_some()
    }

    /// Offers a contact to the agent to whom it was given. False if the agent is not free, or no port is.
    pub(crate) fn offer_given(&mut self, id: ContactId, now: Moment) -> bool {
        let Some(contact) = self.contacts.get(&id) else { return false };
        let (Some(given), Some(agent)) = (contact.given, contact.reach.kept_for()) else { return false };
        let (queue, channel, waited) = (contact.queue, contact.channel, now.since(contact.entered));
        if !self.open(agent).has(channel) {
            return false;
        }
        if self.ports == 0 && channel.rings() {
            self.is_short_of_ports = true;
            return false;
        }
        self.leave_line(id);
        if let Some(mut contact) = self.contacts.entry(id) {
            contact.reach.keep_for(None);
            contact.given = None;
            contact.cancel(ContactDeadline::KeptOver);
        }
        self.join_line(id, now);
        let decision = Decision {
            contact: id,
            queue,
            winner: agent,
            rule: given.rule(),
            waited,
            idle: self.idle(agent, now),
            passed_over: SmallVec::new(),
            others: 0,
        };
        self.offer_to(id, agent, decision, now);
        true
    }

    /// The first contact of these channels that was given to an agent.
    pub(crate) fn given_to(&self, agent: AgentId, channels: Channels) -> Option<ContactId> {
        let is_it = |place: &Place| {
            let contact = self.contacts.get(&place.contact);
            contact.is_some_and(|contact| contact.given.is_some() && channels.has(contact.channel))
        };
        self.kept.of(agent).map(|(place, _)| place).find(is_it).map(|place| place.contact)
    }

    /// The first contact that was given to an agent who is free for it, and that needs a port.
    pub(crate) fn given_for_ports(&self) -> Option<ContactId> {
        let of = |agent| self.given_to(agent, self.open(agent).and(Channels::RINGING));
        self.kept.agents().find_map(of)
    }
}
