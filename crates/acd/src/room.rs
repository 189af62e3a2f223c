//! The room: agents, lines of the queues, and outputs.

use std::collections::VecDeque;
use std::sync::Arc;

use turno_ground::{Dated, Moment, Timed, TrackedMap, TrackedRow, WallClock};
use turno_model::{
    AgentEvent, AgentId, AgentState, Channels, ContactId, Fact, Handled, HandlingChange, IllegalMove,
    OfferId, Plan, QueueId, QueueState,
};

use crate::agent::Agent;
use crate::ahead::Ahead;
use crate::beside::Beside;
use crate::breaks::Breaks;
use crate::contact::{Contact, ContactStage, Given};
use crate::deadline::{AgentDeadline, ContactDeadline};
use crate::expected_wait::learned::Learned;
use crate::kept::Kept;
use crate::lines::{LineId, Lines};
use crate::offer::Offer;
use crate::output::RoomOutput;
use crate::selection::Standing;
use crate::staffing::Staffing;

/// All agents of the plan, and all contacts that wait, ring or talk.
///
/// Each method runs to completion: afterwards no contact waits while an agent is free for it. Outputs may be drained
/// later.
#[derive(Debug)]
pub struct Room {
    pub(crate) plan: Arc<Plan>,
    pub(crate) agents: Timed<TrackedRow<Dated<AgentDeadline, Agent>>>,
    pub(crate) staffing: Staffing,
    pub(crate) contacts: Timed<TrackedMap<ContactId, Dated<ContactDeadline, Contact>>>,
    pub(crate) lines: Lines,
    pub(crate) kept: Kept,
    pub(crate) ahead: Ahead,
    /// Number of pending offers, by queue.
    pub(crate) ringing: Vec<usize>,
    pub(crate) outbox: VecDeque<RoomOutput>,
    pub(crate) last_offer: OfferId,
    /// Number of further offers that are possible: each needs a media port.
    pub(crate) ports: usize,
    /// Whether a contact waits although an agent is free, because no port was free for the offer.
    pub(crate) is_short_of_ports: bool,
    /// The state of each queue that is not open.
    pub(crate) states: TrackedMap<QueueId, QueueState>,
    /// What is learned about waits; `None`: the plan needs none.
    pub(crate) learned: Option<Box<Learned>>,
    pub(crate) breaks: Breaks,
}

impl Room {
    /// Every agent logged out and unreachable, no contacts.
    pub fn new(plan: Arc<Plan>, now: Moment) -> Self {
        Self {
            agents: Timed::<TrackedRow<_>>::new(plan.agents.iter().map(|_| Agent::new(now))),
            staffing: Staffing::new(&plan),
            contacts: Timed::default(),
            lines: Lines::new(plan.queues.len()),
            kept: Kept::default(),
            ahead: Ahead::default(),
            ringing: vec![0; plan.queues.len()],
            outbox: VecDeque::new(),
            last_offer: OfferId(0),
            ports: usize::MAX,
            is_short_of_ports: false,
            states: TrackedMap::default(),
            learned: learned(&plan),
            breaks: Breaks::default(),
            plan,
        }
    }

    /// The next output, in order.
    pub fn poll_output(&mut self) -> Option<RoomOutput> {
        self.outbox.pop_front()
    }

    /// When [`Room::handle_deadlines`] is due. Any method may change it.
    pub fn next_deadline(&mut self) -> Option<Moment> {
        let (agents, contacts) = (self.agents.next_deadline(), self.contacts.next_deadline());
        agents.into_iter().chain(contacts).chain(self.breaks.next_deadline()).chain(self.ahead.look_at).min()
    }

    /// Sets the wall clock, by which the hours of breaks open.
    pub const fn wall_is(&mut self, wall: WallClock) {
        self.breaks.wall = wall;
    }

    /// The state of an agent.
    ///
    /// # Panics
    /// If the plan has no such agent.
    pub fn state(&self, agent: AgentId) -> AgentState {
        self.agents[agent.index()].state
    }

    /// The contact that an agent talks to or holds: the call if there is one, else the latest.
    pub fn contact_of(&self, agent: AgentId) -> Option<ContactId> {
        let agent = &self.agents[agent.index()];
        let is_connected = |id: &ContactId| agent.in_hand.has(*id) && agent.in_hand.offered() != Some(*id);
        agent.in_hand.focus().or_else(|| agent.last_contact.filter(is_connected))
    }

    /// Counts contacts that wait or ring, contacts with an agent, and agents logged in. Scans everything.
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
        self.agents[agent.index()].in_hand.offered()
    }

    /// Whether an agent is connected to this contact.
    ///
    /// # Panics
    /// If the plan has no such agent.
    pub fn is_with(&self, contact: ContactId, agent: AgentId) -> bool {
        let in_hand = &self.agents[agent.index()].in_hand;
        in_hand.has(contact) && in_hand.offered() != Some(contact)
    }

    /// Whether a contact is in the room.
    pub fn has(&self, contact: ContactId) -> bool {
        self.contacts.contains_key(&contact)
    }

    /// Number of contacts that wait in a queue, including those offered to an agent.
    ///
    /// # Panics
    /// If the plan has no such queue.
    pub fn waiting(&self, queue: QueueId) -> usize {
        self.lines.len(queue) + self.ringing[queue.index()]
    }

    /// The state of a queue.
    pub fn queue_state(&self, queue: QueueId) -> QueueState {
        self.states.get(&queue).copied().unwrap_or_default()
    }

    /// The queue in whose line a contact waits.
    pub fn queue_of_waiting(&self, id: ContactId) -> Option<QueueId> {
        let contact = self.contacts.get(&id)?;
        matches!(contact.stage, ContactStage::Waiting).then_some(contact.queue)
    }

    /// Whether a contact waits in line.
    pub(crate) fn is_waiting(&self, id: ContactId) -> bool {
        self.queue_of_waiting(id).is_some()
    }

    /// Why this contact goes to the agent for whom it is kept, if no rule is asked.
    pub(crate) fn given(&self, id: ContactId) -> Option<Given> {
        self.contacts.get(&id)?.given
    }

    /// Whether this contact goes to the agent for whom it is kept, and no rule is asked.
    pub(crate) fn is_given(&self, id: ContactId) -> bool {
        self.given(id).is_some()
    }

    /// The line in which a waiting contact stands.
    pub(crate) fn line_of(&self, contact: &Contact) -> LineId {
        self.lines.standing(contact.queue, &contact.reach)
    }

    /// Applies an event to an agent's state, and updates everything that depends on it.
    ///
    /// # Panics
    /// If the table does not allow the event.
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
        if let Some(learned) = &mut self.learned
            && !matches!(
                to,
                AgentState::Ringing | AgentState::Talking | AgentState::Holding | AgentState::Acw
            )
        {
            learned.is_ready(id, from != AgentState::Ringing, now);
        }
        let takes_beside = !agent.takes_beside.is_none();
        self.record(Fact::AgentChanged { agent: id, from, to });
        if !self.kept.is_empty() && matches!(to, AgentState::LoggedOut | AgentState::Aux(_)) {
            self.keeper_leaves(id, now);
        }
        self.follow_break(id, now);
        if takes_beside || matches!(to, AgentState::Talking | AgentState::Holding) {
            self.stand(id, now);
        }
    }

    /// The agent for whom contacts are kept does not work any more: they are due for others at once. Those that a supervisor
    /// gave to the agent wait for the end of a break (see [`Room::pulls_end`]).
    fn keeper_leaves(&mut self, agent: AgentId, now: Moment) {
        let kept = self.kept.of(agent).map(|(place, _)| place.contact);
        let is_pulled = |id: &ContactId| self.given(*id) == Some(Given::Pulled);
        let kept: Vec<ContactId> = kept.filter(|id| !is_pulled(id)).collect();
        for id in kept {
            self.contacts.set(id, ContactDeadline::KeptOver, now);
        }
    }

    /// Begins or ends an agent's break after a change of the state, or of the state under a cover.
    pub(crate) fn follow_break(&mut self, id: AgentId, now: Moment) {
        if !self.breaks.is_empty() {
            for step in self.breaks.follow(id, &self.agents[id.index()], &self.plan, now) {
                self.record(Fact::Break(step));
            }
        }
    }

    /// Updates an agent's state from the contacts, except in after-call work, or if no contact is left.
    pub(crate) fn show(&mut self, id: AgentId, now: Moment) {
        let agent = &self.agents[id.index()];
        match agent.in_hand.shown().filter(|shown| *shown != agent.state && agent.state != AgentState::Acw) {
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

    /// Updates the capacity of an agent with contacts. Call it whenever the capacity may have changed without a change
    /// of state.
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

    /// Capacity and rank of an agent beside the present contacts.
    pub(crate) fn beside(&self, id: AgentId) -> Option<Beside> {
        let agent = &self.agents[id.index()];
        if agent.takes_beside.is_none() {
            return None;
        }
        let in_hand = u8::try_from(agent.in_hand.len()).unwrap_or(u8::MAX);
        let standing = Standing { idle_since: agent.in_hand.since(), ..agent.clocks.standing() };
        Some(Beside { channels: agent.takes_beside, in_hand, standing })
    }

    /// Channels that an agent can take beside the present contacts: none if a request is pending, on a call of their
    /// own, or without a reachable phone.
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
        if agent.pending_change.is_some() || agent.is_on_other_call || !agent.can_talk() {
            return Channels::NONE;
        }
        agent.in_hand.room_beside(&self.plan.room.at_once)
    }

    /// Channels that an agent can take now.
    pub(crate) fn open(&self, id: AgentId) -> Channels {
        let agent = &self.agents[id.index()];
        if agent.state == AgentState::Available { Channels::ALL } else { agent.takes_beside }
    }

    /// The error for an event that the agent's state does not allow.
    pub(crate) fn refusal(&self, agent: AgentId, event: AgentEvent) -> IllegalMove {
        IllegalMove { state: self.state(agent), event }
    }

    /// Outputs a fact.
    pub(crate) fn record(&mut self, fact: Fact) {
        self.outbox.push_back(RoomOutput::Fact(fact));
    }

    /// Outputs the fact of a change of handling.
    pub(crate) fn record_handling(&mut self, contact: ContactId, agent: AgentId, change: HandlingChange) {
        self.record(Fact::Handling(Handled { contact, agent, change }));
    }

    /// Takes back an offer that was not polled yet.
    pub(crate) fn unpolled_offer(&mut self, id: OfferId) -> Option<Offer> {
        let is_it = |output: &RoomOutput| matches!(output, RoomOutput::Offer(offer) if offer.id == id);
        let at = self.outbox.iter().position(is_it)?;
        match self.outbox.remove(at)? {
            RoomOutput::Offer(offer) => Some(offer),
            RoomOutput::Fact(_)
            | RoomOutput::RingOver { .. }
            | RoomOutput::Treat { .. }
            | RoomOutput::Moved { .. }
            | RoomOutput::SendTo { .. }
            | RoomOutput::Full { .. }
            | RoomOutput::DialAhead { .. }
            | RoomOutput::OfferCallback { .. }
            | RoomOutput::Voicemail { .. }
            | RoomOutput::Warn { .. }
            | RoomOutput::Breach { .. }
            | RoomOutput::HoldOver { .. } => None,
        }
    }
}

/// Whether waits are learned: for callers who are told them, and for breaks and dials that depend on them.
pub(crate) fn learns(plan: &Plan) -> bool {
    plan.tells_waits() || plan.has_turns() || plan.dials_ahead()
}

/// The state for learning about waits, if the plan needs them.
pub(crate) fn learned(plan: &Plan) -> Option<Box<Learned>> {
    learns(plan).then(|| Box::new(Learned::new(&plan.queues, plan.agents.len())))
}
