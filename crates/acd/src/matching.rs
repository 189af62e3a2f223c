//! Agents and contacts brought together, with the reasons.

use turno_ground::Moment;
use turno_model::{AgentId, Channels, ContactId, Decision, Fact, OfferId, QueueId, Rule};

use crate::contact::{ContactStage, Ring};
use crate::deadline::ContactDeadline;
use crate::line::Place;
use crate::offer::Offer;
use crate::output::RoomOutput;
use crate::room::Room;
use crate::selection::greatest_need::{self, Need};

impl Room {
    /// Pairs an agent who may have come free and a contact that may have come into line. Before either, no free agent
    /// and waiting contact fitted each other; afterwards none do again.
    pub(crate) fn pair(&mut self, agent: Option<AgentId>, contact: ContactId, now: Moment) {
        if let Some(agent) = agent {
            self.pair_agent(agent, now);
        }
        let found = self.contacts.get(&contact);
        if found.is_some_and(|contact| matches!(contact.stage, ContactStage::Waiting)) {
            self.offer_by_rule(contact, now);
        }
    }

    /// Gives an agent who may have come free, or has room, the contact with the greatest need, if there is one. Where others
    /// are free for that contact too, its queue's rule decides between them.
    pub(crate) fn pair_agent(&mut self, agent: AgentId, now: Moment) {
        loop {
            let open = self.open(agent);
            if open.is_none() {
                return;
            }
            let reach = if self.ports == 0 { open.and(Channels::SILENT) } else { open };
            let Some(need) = greatest_need::choose(self.staffing.queues(agent), &self.lines, reach) else {
                let waits = |queue: &QueueId| self.lines[queue.index()].first(open).is_some();
                self.is_short_of_ports |= reach != open && self.staffing.queues(agent).iter().any(waits);
                return;
            };
            if self.staffing.free(need.queue, need.channel) > 1 {
                self.offer_by_rule(need.place.contact, now);
            } else {
                self.offer_by_need(agent, need, reach, now);
            }
        }
    }

    /// Sets how many media ports are free, after ports were taken: no more offers than that are made. A contact may then
    /// wait beside a free agent. [`Room::serve`] is for ports that are free again.
    pub const fn ports_free(&mut self, ports: usize) {
        self.ports = ports;
    }

    /// Offers those who wait beside somebody who is free, as long as there are ports: the greatest need first.
    pub fn serve(&mut self, ports: usize, now: Moment) {
        self.ports = ports;
        while self.is_short_of_ports && self.ports > 0 {
            let heads = (0u32..).zip(&self.lines).filter_map(|(at, line)| {
                let queue = QueueId(at);
                let (place, _) = line.first(self.staffing.channels_free(queue).and(Channels::RINGING))?;
                Some((place, queue))
            });
            let Some((Place { contact: id, .. }, _)) = heads.min() else {
                self.is_short_of_ports = false;
                return;
            };
            if let Some(contact) = self.contacts.get_mut(id) {
                // It could not be offered before: the offer is not late.
                contact.free_since = now;
            }
            self.offer_by_rule(id, now);
        }
    }

    /// Whether somebody waits beside somebody who is free, because there is no port for the offer.
    pub const fn is_short_of_ports(&self) -> bool {
        self.is_short_of_ports
    }

    fn offer_by_rule(&mut self, id: ContactId, now: Moment) {
        let contact = self.contacts.get(&id).expect("who stands in line is in the room");
        let (queue, channel) = (contact.queue, contact.channel);
        let Some(winner) = self.staffing.choose(queue, channel, &contact.tried) else { return };
        if self.ports == 0 && channel.rings() {
            self.is_short_of_ports = true;
            return;
        }
        let (passed_over, others) =
            self.staffing.passed_over(winner, (queue, channel), |agent| self.state(agent));
        let decision = Decision {
            contact: id,
            queue,
            winner: winner.agent(),
            rule: self.plan.queues[queue.index()].rule,
            waited: now.since(contact.entered),
            idle: self.idle(winner.agent(), now),
            passed_over,
            others,
        };
        self.offer_to(id, winner.agent(), decision, now);
    }

    fn offer_by_need(&mut self, agent: AgentId, need: Need, reach: Channels, now: Moment) {
        let Need { place: Place { contact: id, .. }, queue, .. } = need;
        let contact = self.contacts.get(&id).expect("who stands in line is in the room");
        let (passed_over, others) =
            greatest_need::passed_over(need, self.staffing.queues(agent), &self.lines, reach);
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

    /// Takes a contact out of its line and holds it out to an agent.
    fn offer_to(&mut self, id: ContactId, agent: AgentId, decision: Decision, now: Moment) {
        self.last_offer = OfferId(self.last_offer.0 + 1);
        let offer_id = self.last_offer;
        let mut contact = self.contacts.entry(id).expect("who stands in line is in the room");
        let (queue, channel) = (contact.queue, contact.channel);
        if channel.rings() {
            self.ports = self.ports.saturating_sub(1);
        }
        let free_since = contact.free_since.max(self.agents[agent.index()].free_since);
        self.lines[queue.index()].remove(channel, contact.place(id));
        self.ringing[queue.index()] += 1;
        contact.stage = ContactStage::Ringing(Ring { offer: offer_id, agent, since: now, leaving: None });
        contact.cancel(ContactDeadline::WaitOver);
        let ring = self.plan.queues[queue.index()].ring;
        contact.set(ContactDeadline::RingOver, now + ring);
        self.agents[agent.index()].hands.offer(id, channel, now);
        let decision = Box::new(decision);
        let delay = now.since(free_since);
        self.record(Fact::Offered { offer: offer_id, contact: id, agent, queue, delay, decision });
        self.show(agent, now);
        self.outbox.push_back(RoomOutput::Offer(Offer { id: offer_id, contact: id, agent, queue, ring }));
    }

    /// How long an agent has been idle by the clock that the rules compare, or has had in hand what they have.
    fn idle(&self, agent: AgentId, now: Moment) -> core::time::Duration {
        let standing = self.staffing.standing(agent);
        let beside = || self.staffing.beside(agent).map(|beside| beside.standing);
        let standing = standing.or_else(beside).expect("an agent who is free has a standing");
        now.since(standing.idle_since)
    }
}
