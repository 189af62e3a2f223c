//! Changes the plan of a running room.

use std::sync::Arc;

use turno_ground::Moment;
use turno_model::{AgentId, AgentState as S, Fact, Plan, QueueId, QueueState};

use crate::agent::{Agent, PendingChange};
use crate::deadline::ContactDeadline;
use crate::line::Place;
use crate::lines::Lines;
use crate::room::{Room, learned, learns};
use crate::staffing::Staffing;

impl Room {
    /// Applies a new plan, which must name agents and queues in the previous order, with new ones appended. Contacts
    /// that wait, ring or talk continue, and spans that have begun keep their ends.
    pub fn replan(&mut self, plan: Arc<Plan>, now: Moment) {
        self.plan = plan;
        while self.agents.len() < self.plan.agents.len() {
            self.agents.push(Agent::new(now));
        }
        self.ringing.resize(self.plan.queues.len().max(self.ringing.len()), 0);
        match &mut self.learned {
            Some(known) if learns(&self.plan) => known.grow(&self.plan.queues, self.plan.agents.len()),
            Some(_) | None => self.learned = learned(&self.plan),
        }
        self.staffing = Staffing::new(&self.plan);
        for (place, agent) in (0u32..).zip(self.agents.iter()) {
            let standing = agent.clocks.standing();
            self.staffing.turn(AgentId(place), S::LoggedOut, agent.state, standing);
        }
        for place in 0..self.agents.len() {
            self.stand(AgentId(u32::try_from(place).unwrap_or(u32::MAX)), now);
        }
        self.line_up_again(now);
        self.apply_plan_changes(now);
    }

    /// Applies what a new plan changes, after a reload or a restart. Retired agents leave; agents who are back, or have
    /// `auto_login` now, log in; agents who fit a waiting contact get an offer.
    pub fn apply_plan_changes(&mut self, now: Moment) {
        for place in 0..self.plan.agents.len() {
            let agent = AgentId(u32::try_from(place).unwrap_or(u32::MAX));
            if self.plan.agents[place].is_retired {
                self.log_out_retired(agent, now);
            } else {
                self.keep_or_log_in(agent, now);
            }
        }
        self.schedule_steps();
        self.end_lost_turns(now);
        self.treat_unserved_queues(now);
        self.dial_by_plan(now);
        self.pair_all(now);
    }

    /// Logs out a retired agent, after the present contact or call, and forgets the log-in: if the agent returns to the
    /// plan later, `auto_login` applies again.
    fn log_out_retired(&mut self, id: AgentId, now: Moment) {
        if self.agents[id.index()].has_come {
            self.agents[id.index()].has_come = false;
        }
        let agent = &mut self.agents[id.index()];
        if !agent.is_engaged() {
            if agent.state != S::LoggedOut {
                self.leave_work(id, now);
            }
        } else if agent.pending_change != Some(PendingChange::Leave) {
            agent.pending_change = Some(PendingChange::Leave);
            self.goes_no_more(id, None);
            self.record(Fact::AgentAsked { agent: id, aux: None });
            self.stand(id, now);
        }
    }

    /// Keeps an agent who is in the plan, perhaps again before having left.
    fn keep_or_log_in(&mut self, id: AgentId, now: Moment) {
        if self.agents[id.index()].pending_change == Some(PendingChange::Leave) {
            self.agents[id.index()].pending_change = None;
            self.agents[id.index()].has_come = true;
            self.stand(id, now);
        }
        self.begin_work(id, now);
    }

    /// Puts every waiting contact in line again. Its reach stays, and steps that are due under the new plan are taken.
    fn line_up_again(&mut self, now: Moment) {
        let places: Vec<Place> = self.lines.iter().flat_map(|(_, line)| line.iter()).collect();
        self.lines = Lines::new(self.plan.queues.len());
        self.kept.clear();
        for (queue, state) in self.states.iter() {
            self.lines.pause(*queue, *state == QueueState::Paused);
        }
        for place in places {
            self.join_line(place.contact, now);
        }
    }

    /// Sets the deadlines of the next steps by the present plan.
    fn schedule_steps(&mut self) {
        for (queue, plan) in (0..).map(QueueId).zip(&self.plan.queues) {
            for place in self.lines.places(queue) {
                let Some(mut contact) = self.contacts.entry(place.contact) else { continue };
                match contact.next_step(plan) {
                    Some(at) => contact.set(ContactDeadline::StepDue, at),
                    None => contact.cancel(ContactDeadline::StepDue),
                }
            }
        }
    }

    fn treat_unserved_queues(&mut self, now: Moment) {
        for queue in (0..u32::try_from(self.plan.queues.len()).unwrap_or(u32::MAX)).map(QueueId) {
            self.treat_if_unserved(queue, now);
        }
    }

    /// Offers all waiting contacts that fit a free agent, in one order across all lines.
    fn pair_all(&mut self, now: Moment) {
        self.pair_places(self.lines.iter().flat_map(|(_, line)| line.iter()).collect(), now);
    }

    /// Offers those of these waiting contacts that fit a free agent, in order.
    pub(crate) fn pair_places(&mut self, mut places: Vec<Place>, now: Moment) {
        places.sort_unstable();
        for place in places {
            if self.is_waiting(place.contact) {
                // No agent was free for it under the previous plan, so the offer is not late.
                if let Some(contact) = self.contacts.get_mut(place.contact) {
                    contact.free_since = now;
                }
                self.pair(None, place.contact, now);
            }
        }
    }
}
