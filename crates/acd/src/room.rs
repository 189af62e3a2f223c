//! The agents, the lines in front of the queues, and the outbox.

use std::collections::VecDeque;
use std::sync::Arc;

use turno_ground::{Dated, Moment, Timed, TrackedMap, TrackedRow};
use turno_model::{
    AgentEvent, AgentId, AgentState, Channels, ContactId, Fact, IllegalMove, OfferId, Plan, QueueId,
};

use crate::agent::Agent;
use crate::beside::Beside;
use crate::contact::{Contact, ContactStage};
use crate::deadline::{AgentDeadline, ContactDeadline};
use crate::line::Line;
use crate::offer::Offer;
use crate::output::RoomOutput;
use crate::selection::Standing;
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

    /// The contact that an agent talks to or holds: the call, where there is one; else the last that came.
    pub fn contact_of(&self, agent: AgentId) -> Option<ContactId> {
        let agent = &self.agents[agent.index()];
        let is_connected = |id: &ContactId| agent.hands.has(*id) && agent.hands.offered() != Some(*id);
        agent.hands.focus().or_else(|| agent.last_contact.filter(is_connected))
    }

    /// How many contacts wait or ring, how many are with an agent, and how many agents are logged in. Looks at all.
    pub fn census(&self) -> (usize, usize, usize) {
        let is_with = |contact: &Contact| matches!(contact.stage, ContactStage::With(..));
        let talking = self.contacts.values().filter(|contact| is_with(contact)).count();
        let agents = self.agents.iter().filter(|agent| agent.state.is_staffed()).count();
        (self.contacts.len() - talking, talking, agents)
    }

    /// The contact that is offered to an agent.
    ///
    /// # Panics
    /// If the plan has no such agent.
    pub fn offered_to(&self, agent: AgentId) -> Option<ContactId> {
        self.agents[agent.index()].hands.offered()
    }

    /// Whether an agent is connected to this contact.
    ///
    /// # Panics
    /// If the plan has no such agent.
    pub fn is_with(&self, contact: ContactId, agent: AgentId) -> bool {
        let hands = &self.agents[agent.index()].hands;
        hands.has(contact) && hands.offered() != Some(contact)
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
        let takes_beside = !agent.takes_beside.is_none();
        self.record(Fact::AgentChanged { agent: id, from, to });
        if takes_beside || matches!(to, AgentState::Talking | AgentState::Holding) {
            self.stand(id, now);
        }
    }

    /// The state follows what is in hand, but for after-call work, and where nothing is left.
    pub(crate) fn show(&mut self, id: AgentId, now: Moment) {
        let agent = &self.agents[id.index()];
        match agent.hands.shown().filter(|shown| *shown != agent.state && agent.state != AgentState::Acw) {
            Some(AgentState::Ringing) => self.turn(id, AgentEvent::Offered, now),
            Some(AgentState::Holding) => self.turn(id, AgentEvent::Hold, now),
            Some(AgentState::Talking) if agent.state == AgentState::Ringing => {
                self.turn(id, AgentEvent::Answered, now);
            }
            Some(AgentState::Talking) => self.turn(id, AgentEvent::Resume, now),
            None
            | Some(
                AgentState::LoggedOut
                | AgentState::Available
                | AgentState::Acw
                | AgentState::Aux(_)
                | AgentState::OtherCall,
            ) => self.stand(id, now),
        }
    }

    /// Puts an agent who has something in hand where they stand for the offers beside it. To be called whenever that may
    /// have changed and the state has not.
    pub(crate) fn stand(&mut self, id: AgentId, now: Moment) {
        let channels = self.room_beside(id);
        let agent = &self.agents[id.index()];
        if channels != agent.takes_beside {
            self.agents[id.index()].takes_beside = channels;
            if !channels.is_none() {
                self.agents[id.index()].free_since = now;
            }
            self.record(Fact::TakesBeside { agent: id, channels });
        }
        let beside = self.beside(id);
        if self.staffing.beside(id) != beside {
            self.staffing.stands_beside(id, beside);
        }
    }

    /// Where an agent stands for offers beside what is in hand.
    pub(crate) fn beside(&self, id: AgentId) -> Option<Beside> {
        let agent = &self.agents[id.index()];
        if agent.takes_beside.is_none() {
            return None;
        }
        let in_hand = u8::try_from(agent.hands.len()).unwrap_or(u8::MAX);
        let standing = Standing { idle_since: agent.hands.since(), ..agent.clocks.standing() };
        Some(Beside { channels: agent.takes_beside, in_hand, standing })
    }

    /// What an agent may be given beside what is in hand: nothing more for one who asked to leave or for a break, has a call
    /// of their own, or lost the line.
    pub(crate) fn room_beside(&self, id: AgentId) -> Channels {
        let agent = &self.agents[id.index()];
        match agent.state {
            AgentState::Talking | AgentState::Holding => {}
            AgentState::LoggedOut
            | AgentState::Available
            | AgentState::Ringing
            | AgentState::Acw
            | AgentState::Aux(_)
            | AgentState::OtherCall => return Channels::NONE,
        }
        if agent.wish.is_some() || agent.is_on_other_call || !agent.is_reachable {
            return Channels::NONE;
        }
        agent.hands.room_beside(&self.plan.room.at_once)
    }

    /// The channels of which an agent may be given a contact now.
    pub(crate) fn open(&self, id: AgentId) -> Channels {
        let agent = &self.agents[id.index()];
        if agent.state == AgentState::Available { Channels::ALL } else { agent.takes_beside }
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
