//! Matches agents and contacts, and records the reasons.

use smallvec::SmallVec;
use turno_ground::Moment;
use turno_model::{AgentId, Channels, ContactId, Decision, Fact, OfferId, Rule};

use crate::contact::{ContactStage, Ring};
use crate::deadline::ContactDeadline;
use crate::line::Place;
use crate::lines::LineId;
use crate::offer::Offer;
use crate::output::RoomOutput;
use crate::room::Room;
use crate::selection::greatest_need::{self, Need};

impl Room {
    /// Matches an agent who may be available now and a contact that may be in line now. Before, no available agent and
    /// waiting contact fitted each other; afterwards the same holds again.
    pub(crate) fn pair(&mut self, agent: Option<AgentId>, contact: ContactId, now: Moment) {
        if let Some(agent) = agent {
            self.pair_agent(agent, now);
        }
        let found = self.contacts.get(&contact);
        if found.is_some_and(|contact| matches!(contact.stage, ContactStage::Waiting)) {
            self.offer_by_rule(contact, now);
        }
    }

    /// Offers an agent who may have capacity now the contact with the greatest need, if there is one. If other agents
    /// are free for that contact too, its queue's rule chooses among them.
    pub(crate) fn pair_agent(&mut self, agent: AgentId, now: Moment) {
        loop {
            let open = self.open(agent);
            if open.is_none() {
                return;
            }
            let reach = if self.ports == 0 { open.and(Channels::SILENT) } else { open };
            if !self.kept.is_empty() {
                self.is_short_of_ports |= reach != open && self.given_to(agent, open).is_some();
                if let Some(id) = self.given_to(agent, reach)
                    && self.offer_given(id, now)
                {
                    continue;
                }
            }
            let need = greatest_need::choose(self.staffing.lines(agent), &self.lines, reach);
            if let Some(id) = self.kept_first(agent, need.map(|need| need.place)) {
                self.joins_others(id, now);
                self.offer_by_rule(id, now);
                continue;
            }
            let Some(need) = need else {
                let waits = |line: &LineId| self.lines[*line].first(open).is_some();
                self.is_short_of_ports |= reach != open && self.staffing.lines(agent).iter().any(waits);
                self.ahead.look_now(now);
                return;
            };
            if self.staffing.free(need.line, need.channel) > 1 {
                self.offer_by_rule(need.place.contact, now);
            } else {
                self.offer_by_need(agent, need, reach, now);
            }
        }
    }

    /// Sets the number of free media ports, after ports were taken; it caps the number of offers. A contact may then
    /// wait although an agent is free. Call [`Room::serve`] when ports are free again.
    pub const fn ports_free(&mut self, ports: usize) {
        self.ports = ports;
    }

    /// Makes the offers that waited for ports, as long as ports are free: the greatest need first.
    pub fn serve(&mut self, ports: usize, now: Moment) {
        self.ports = ports;
        while self.is_short_of_ports && self.ports > 0 {
            if let Some(id) = self.given_for_ports()
                && self.offer_given(id, now)
            {
                continue;
            }
            let heads = self.lines.iter().filter_map(|(id, line)| {
                let (place, _) = line.first(self.staffing.channels_free(id).and(Channels::RINGING))?;
                Some(place)
            });
            let Some(Place { contact: id, .. }) = heads.min() else {
                self.is_short_of_ports = false;
                return;
            };
            if let Some(contact) = self.contacts.get_mut(id) {
                // The offer was not possible before, so it is not late.
                contact.free_since = now;
            }
            self.offer_by_rule(id, now);
        }
    }

    /// Whether a contact waits although an agent is free, because no port is free for the offer.
    pub const fn is_short_of_ports(&self) -> bool {
        self.is_short_of_ports
    }

    fn offer_by_rule(&mut self, id: ContactId, now: Moment) {
        let contact = self.contacts.get(&id).expect("a contact in line is in the room");
        let (queue, channel, line) = (contact.queue, contact.channel, self.line_of(contact));
        if contact.given.is_some() {
            self.offer_given(id, now);
            return;
        }
        if self.lines[line].is_paused() {
            return;
        }
        if let Some(keeper) = contact.reach.kept_for() {
            if self.open(keeper).has(channel) {
                self.joins_others(id, now);
                self.offer_by_rule(id, now);
            }
            return;
        }
        let known = contact.last_agent.filter(|agent| !contact.tried.contains(agent));
        let known = known.and_then(|agent| self.staffing.idle_place(line, agent));
        let Some(winner) = known.or_else(|| self.staffing.choose(line, channel, &contact.tried)) else {
            return;
        };
        if self.ports == 0 && channel.rings() {
            self.is_short_of_ports = true;
            return;
        }
        let rule = if known.is_some() { Rule::LastAgent } else { self.plan.queues[queue.index()].rule };
        let (passed_over, others) =
            self.staffing.passed_over((winner, rule), (queue, line, channel), |agent| self.state(agent));
        let decision = Decision {
            contact: id,
            queue,
            winner: winner.agent(),
            rule,
            waited: now.since(contact.entered),
            idle: self.idle(winner.agent(), now),
            passed_over,
            others,
        };
        self.offer_to(id, winner.agent(), decision, now);
    }

    fn offer_by_need(&mut self, agent: AgentId, need: Need, reach: Channels, now: Moment) {
        let Place { contact: id, .. } = need.place;
        let contact = self.contacts.get(&id).expect("a contact in line is in the room");
        let queue = contact.queue;
        let seen = (self.staffing.lines(agent), self.staffing.beyond(agent));
        let (passed_over, others) = greatest_need::passed_over(need, seen, &self.lines, reach);
        let decision = Decision {
            contact: id,
            queue,
            winner: agent,
            rule: Rule::GreatestNeed,
            waited: now.since(contact.entered),
            idle: self.idle(agent, now),
            passed_over,
            others,
        };
        self.offer_to(id, agent, decision, now);
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

    /// Takes a contact out of its line and offers it to an agent.
    fn offer_to(&mut self, id: ContactId, agent: AgentId, decision: Decision, now: Moment) {
        self.last_offer = OfferId(self.last_offer.0 + 1);
        let offer_id = self.last_offer;
        let mut contact = self.contacts.entry(id).expect("a contact in line is in the room");
        let (queue, channel) = (contact.queue, contact.channel);
        let line = self.lines.standing(queue, &contact.reach);
        self.lines[line].remove(channel, contact.place(id));
        if channel.rings() {
            self.ports = self.ports.saturating_sub(1);
        }
        let free_since = contact.free_since.max(self.agents[agent.index()].free_since);
        self.ringing[queue.index()] += 1;
        contact.stage = ContactStage::Ringing(Ring { offer: offer_id, agent, since: now, leaving: None });
        contact.cancel(ContactDeadline::WaitOver);
        contact.cancel(ContactDeadline::StepDue);
        let ring = self.plan.queues[queue.index()].ring;
        contact.set(ContactDeadline::RingOver, now + ring);
        self.agents[agent.index()].in_hand.offer(id, channel, now);
        if let Some(learned) = &mut self.learned {
            learned.offered(agent, queue, now);
        }
        let decision = Box::new(decision);
        let delay = now.since(free_since);
        self.record(Fact::Offered { offer: offer_id, contact: id, agent, queue, delay, decision });
        self.show(agent, now);
        self.outbox.push_back(RoomOutput::Offer(Offer { id: offer_id, contact: id, agent, queue, ring }));
    }

    /// How long an agent has been idle by the clock that the rules compare, or has had the present contacts unchanged.
    fn idle(&self, agent: AgentId, now: Moment) -> core::time::Duration {
        let standing = self.staffing.standing(agent);
        let beside = || self.staffing.beside(agent).map(|beside| beside.standing);
        let standing = standing.or_else(beside).expect("a free agent has a rank");
        now.since(standing.idle_since)
    }
}
