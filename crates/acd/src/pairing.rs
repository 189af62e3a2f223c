//! Agents and contacts brought together, with the reasons.

use turno_ground::Moment;
use turno_model::{AgentId, AgentState, ContactId, Decision, QueueId, Rule};

use crate::contact::Stage;
use crate::line::Place;
use crate::room::Room;
use crate::selection::greatest_need;

impl Room {
    /// Pairs an agent who may have come free and a contact that may have come into line. Before either, no free agent
    /// and waiting contact fitted each other; afterwards none do again.
    pub(crate) fn pair(&mut self, agent: Option<AgentId>, contact: ContactId, now: Moment) {
        if let Some(agent) = agent {
            self.pair_agent(agent, now);
        }
        let found = self.contacts.get(&contact);
        if found.is_some_and(|contact| matches!(contact.stage, Stage::Waiting)) {
            self.offer_by_rule(contact, now);
        }
    }

    /// Gives an agent who may have come free the contact with the greatest need, if there is one. Where others are free
    /// for that contact too, its queue's rule decides between them.
    pub(crate) fn pair_agent(&mut self, agent: AgentId, now: Moment) {
        while self.state(agent) == AgentState::Available {
            let Some(need) = greatest_need::choose(self.staffing.queues(agent), &self.lines) else { return };
            if self.ports == 0 {
                self.is_short_of_ports = true;
                return;
            }
            if self.staffing.idle(need.1) > 1 {
                self.offer_by_rule(need.0.contact, now);
            } else {
                self.offer_by_need(agent, need, now);
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
            let heads = (0u32..).zip(&self.lines).filter_map(|(at, line)| Some((line.first()?, QueueId(at))));
            let next = heads.filter(|&(_, queue)| self.staffing.idle(queue) > 0).min();
            let Some((Place { contact: id, .. }, _)) = next else {
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
        let queue = contact.queue;
        let Some(winner) = self.staffing.choose(queue, &contact.tried) else { return };
        if self.ports == 0 {
            self.is_short_of_ports = true;
            return;
        }
        let (passed_over, others) = self.staffing.passed_over(winner, queue, |agent| self.state(agent));
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
        self.hold_out(id, winner.agent(), decision, now);
    }

    fn offer_by_need(&mut self, agent: AgentId, need: (Place, QueueId), now: Moment) {
        let (Place { contact: id, .. }, queue) = need;
        let contact = self.contacts.get(&id).expect("who stands in line is in the room");
        let (passed_over, others) =
            greatest_need::passed_over(need, self.staffing.queues(agent), &self.lines);
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
        self.hold_out(id, agent, decision, now);
    }

    fn idle(&self, agent: AgentId, now: Moment) -> core::time::Duration {
        let standing = self.staffing.standing(agent).expect("an available agent has a standing");
        now.since(standing.idle_since)
    }
}
