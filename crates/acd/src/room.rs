//! The agents, the lines in front of the queues, and the outbox.

use std::collections::VecDeque;
use std::sync::Arc;

use turno_ground::{Dated, Moment, Timed, TrackedMap, TrackedRow};
use turno_model::{AgentEvent, AgentId, AgentState, ContactId, Fact, IllegalMove, OfferId, Plan, QueueId};

use crate::agent::Agent;
use crate::contact::{Contact, Stage};
use crate::deadline::{AgentDeadline, ContactDeadline};
use crate::line::Line;
use crate::offer::Offer;
use crate::output::RoomOutput;
use crate::staffing::Staffing;

/// All agents of the plan and all contacts that wait, ring or talk.
///
/// Each verb runs to completion: afterwards no contact waits for which an agent is free. Outputs may be drained at any
/// later time.
#[derive(Debug)]
pub struct Room {
    pub(crate) plan: Arc<Plan>,
    pub(crate) agents: Timed<TrackedRow<Dated<AgentDeadline, Agent>>>,
    pub(crate) staffing: Staffing,
    pub(crate) contacts: Timed<TrackedMap<ContactId, Dated<ContactDeadline, Contact>>>,
    pub(crate) lines: Vec<Line>,
    /// Offers out, by queue.
    pub(crate) ringing: Vec<usize>,
    pub(crate) outbox: VecDeque<RoomOutput>,
    pub(crate) last_offer: OfferId,
    /// How many more offers can be made: each needs a media port.
    pub(crate) ports: usize,
    /// Somebody waits beside somebody who is free, and there was no port for the offer.
    pub(crate) is_short_of_ports: bool,
}

impl Room {
    /// Every agent logged out and unreachable, nobody in line.
    pub fn new(plan: Arc<Plan>, now: Moment) -> Self {
        Self {
            agents: Timed::<TrackedRow<_>>::new(plan.agents.iter().map(|_| Agent::new(now))),
            staffing: Staffing::new(&plan),
            contacts: Timed::default(),
            lines: plan.queues.iter().map(|_| Line::default()).collect(),
            ringing: vec![0; plan.queues.len()],
            outbox: VecDeque::new(),
            last_offer: OfferId(0),
            ports: usize::MAX,
            is_short_of_ports: false,
            plan,
        }
    }

    /// The next consequence in order.
    pub fn poll_output(&mut self) -> Option<RoomOutput> {
        self.outbox.pop_front()
    }

    /// When [`Room::handle_deadlines`] is due. Any verb may change it.
    pub fn next_deadline(&mut self) -> Option<Moment> {
        let (agents, contacts) = (self.agents.next_deadline(), self.contacts.next_deadline());
        agents.into_iter().chain(contacts).min()
    }

    /// What an agent is doing.
    ///
    /// # Panics
    /// If the plan has no such agent.
    pub fn state(&self, agent: AgentId) -> AgentState {
        self.agents[agent.index()].state
    }

    /// The contact that an agent talks to or holds.
    pub fn contact_of(&self, agent: AgentId) -> Option<ContactId> {
        let agent = &self.agents[agent.index()];
        match agent.state {
            AgentState::Talking | AgentState::Holding => agent.last_contact,
            AgentState::LoggedOut
            | AgentState::Available
            | AgentState::Ringing
            | AgentState::Acw
            | AgentState::Aux(_)
            | AgentState::OtherCall => None,
        }
    }

    /// How many contacts wait or ring, how many are with an agent, and how many agents are logged in. Looks at all.
    pub fn census(&self) -> (usize, usize, usize) {
        let is_with = |contact: &Contact| matches!(contact.stage, Stage::With(..));
        let talking = self.contacts.values().filter(|contact| is_with(contact)).count();
        let agents = self.agents.iter().filter(|agent| agent.state.is_staffed()).count();
        (self.contacts.len() - talking, talking, agents)
    }

    /// The contact that an agent has in hand: it rings, or they talk to it or hold it.
    ///
    /// # Panics
    /// If the plan has no such agent.
    pub fn in_hand(&self, agent: AgentId) -> Option<ContactId> {
        self.agents[agent.index()].capacity.contact()
    }

    /// Whether a contact is here: it waits, rings or talks.
    pub fn has(&self, contact: ContactId) -> bool {
        self.contacts.contains_key(&contact)
    }

    /// How many contacts wait in a queue for an answer, those that ring at an agent among them.
    ///
    /// # Panics
    /// If the plan has no such queue.
    pub fn waiting(&self, queue: QueueId) -> usize {
        self.lines[queue.index()].len() + self.ringing[queue.index()]
    }

    /// Makes one move of an agent, with all that is kept about it.
    ///
    /// # Panics
    /// If the table does not have the move.
    pub(crate) fn turn(&mut self, id: AgentId, event: AgentEvent, now: Moment) {
        let agent = &mut self.agents[id.index()];
        let from = agent.state;
        let to = from.after(event).expect("the room makes only moves that the table has");
        agent.clocks.turn(from, to, self.plan.room, now);
        agent.state = to;
        if to == AgentState::Available {
            agent.free_since = now;
        }
        self.staffing.turn(id, from, to, agent.clocks.standing());
        self.record(Fact::AgentChanged { agent: id, from, to });
    }

    /// Why an agent can't do what was asked.
    pub(crate) fn refusal(&self, agent: AgentId, event: AgentEvent) -> IllegalMove {
        IllegalMove { state: self.state(agent), event }
    }

    /// Puts a fact into the outbox.
    pub(crate) fn record(&mut self, fact: Fact) {
        self.outbox.push_back(RoomOutput::Fact(fact));
    }

    /// Takes back an offer that nobody has polled yet.
    pub(crate) fn unpolled_offer(&mut self, id: OfferId) -> Option<Offer> {
        let is_it = |output: &RoomOutput| matches!(output, RoomOutput::Offer(offer) if offer.id == id);
        let at = self.outbox.iter().position(is_it)?;
        match self.outbox.remove(at)? {
            RoomOutput::Offer(offer) => Some(offer),
            RoomOutput::Fact(_)
            | RoomOutput::RingOver { .. }
            | RoomOutput::Treat { .. }
            | RoomOutput::Warn { .. }
            | RoomOutput::Breach { .. }
            | RoomOutput::HoldOver { .. } => None,
        }
    }
}
