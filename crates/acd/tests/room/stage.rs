//! Test stage: a small room on a virtual clock, checked after every step.

use std::sync::Arc;
use std::time::Duration;

use turno_acd::{Arrival, Offer, Room, RoomOutput};
use turno_ground::Moment;
use turno_model::plan::{AgentPlan, QueuePlan, Treatment};
use turno_model::{
    AgentId, AgentState, CallbackChange, Channel, ContactId, ContactOutcome, Fact, OfferId, OfferOutcome,
    Plan, PromptName, QueueId, SkillId, sample,
};

pub(crate) const ANA: AgentId = AgentId(0);
pub(crate) const BRUNO: AgentId = AgentId(1);
pub(crate) const CARLA: AgentId = AgentId(2);
pub(crate) const CEDULA: QueueId = QueueId(0);
pub(crate) const PASSPORT: QueueId = QueueId(1);
pub(crate) const FULL: PromptName = PromptName(1);
pub(crate) const TOO_LONG: PromptName = PromptName(2);
pub(crate) const NOBODY: PromptName = PromptName(3);

pub(crate) const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A queue for the skill of the same number: ring 15 s, cool-down 30 s, hold 120 s, ACW 20 s, target 180 s.
pub(crate) fn queue(skill: u32) -> QueuePlan {
    QueuePlan {
        length_max: 1000,
        when_full: Treatment::PromptAndEnd(FULL),
        when_waited: Treatment::PromptAndEnd(TOO_LONG),
        ..sample::queue(&format!("queue-{skill}"), SkillId(skill))
    }
}

/// An agent with these skills at these levels.
pub(crate) fn agent(skills: &[(u32, u8)]) -> AgentPlan {
    sample::agent("1000", skills)
}

pub(crate) fn plan(queues: Vec<QueuePlan>, agents: Vec<AgentPlan>) -> Plan {
    let skills = (0..8).map(|skill| format!("skill-{skill}")).collect();
    Plan { skills, queues, agents, aux_reasons: Vec::new(), ..sample::plan() }
}

/// Outputs of the room besides facts and offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cue {
    Treat(ContactId, PromptName),
    Moved(ContactId, QueueId),
    SendTo(ContactId, String),
    Full(ContactId),
    /// A step offers the caller a callback.
    OfferCallback(ContactId),
    /// A step lets the caller leave a message.
    Voicemail(ContactId),
    Warn(ContactId, AgentId),
    Breach(ContactId, AgentId),
    HoldOver(ContactId, AgentId),
}

/// A room, its clock, and all its outputs.
pub(crate) struct Stage {
    pub(crate) room: Room,
    pub(crate) now: Moment,
    pub(crate) facts: Vec<(Moment, Fact)>,
    pub(crate) cues: Vec<Cue>,
    pub(crate) offers: Vec<Offer>,
    /// Contacts that the room has had dialled, and whose dial the test has not ended.
    pub(crate) dialled: Vec<ContactId>,
}

impl Stage {
    pub(crate) fn new(plan: Plan) -> Self {
        let now = Moment::from_secs(1_000_000);
        let room = Room::new(Arc::new(plan), now);
        Self { room, now, facts: Vec::new(), cues: Vec::new(), offers: Vec::new(), dialled: Vec::new() }
    }

    /// One queue with this number of agents, who became available one second apart; Ana has been idle the longest.
    pub(crate) fn with_agents(count: u32) -> Self {
        Self::with_queue(count, queue(0))
    }

    /// The same with this queue.
    pub(crate) fn with_queue(count: u32, queue: QueuePlan) -> Self {
        let mut stage = Self::new(plan(vec![queue], (0..count).map(|_| agent(&[(0, 1)])).collect()));
        stage.everyone_works(count);
        stage
    }

    pub(crate) fn everyone_works(&mut self, count: u32) {
        for at in 0..count {
            self.works(AgentId(at));
            self.wait(1);
        }
    }

    /// The agent's phone becomes reachable, and the agent logs in.
    pub(crate) fn works(&mut self, agent: AgentId) {
        self.room.set_reachable(agent, true, self.now);
        self.room.log_in(agent, self.now).expect("anybody can log in");
        self.drain();
    }

    /// Calls a method of the room now.
    pub(crate) fn act<T>(&mut self, verb: impl FnOnce(&mut Room, Moment) -> T) -> T {
        let result = verb(&mut self.room, self.now);
        self.drain();
        result
    }

    /// Advances time, deadline by deadline.
    pub(crate) fn wait(&mut self, seconds: u64) {
        let until = self.now + secs(seconds);
        while let Some(at) = self.room.next_deadline().filter(|at| *at <= until) {
            self.now = self.now.max(at);
            self.room.handle_deadlines(self.now);
            self.drain();
        }
        self.now = until;
    }

    /// A caller arrives.
    pub(crate) fn call(&mut self, contact: u64, queue: QueueId) -> ContactId {
        self.arrive(Arrival {
            contact: ContactId(contact),
            channel: Channel::Voice,
            queue,
            priority: None,
            waiting_since: None,
        })
    }

    pub(crate) fn arrive(&mut self, arrival: Arrival) -> ContactId {
        self.act(|room, now| room.enqueue(arrival, now));
        arrival.contact
    }

    /// The only pending offer.
    pub(crate) fn offer(&mut self) -> Offer {
        assert_eq!(self.offers.len(), 1, "one offer is out: {:?}", self.offers);
        self.offers.remove(0)
    }

    /// Answers the offer to this agent.
    pub(crate) fn answers(&mut self, agent: AgentId) -> ContactId {
        let offer = self.offer_to(agent);
        let contact = offer.contact();
        self.act(|room, now| room.accept(offer, now));
        contact
    }

    pub(crate) fn offer_to(&mut self, agent: AgentId) -> Offer {
        let at = self.offers.iter().position(|offer| offer.agent() == agent).expect("the agent rings");
        self.offers.remove(at)
    }

    pub(crate) fn settle(&mut self, offer: Offer, outcome: OfferOutcome) {
        self.act(|room, now| room.settle(offer, outcome, now));
    }

    pub(crate) fn state(&self, agent: AgentId) -> AgentState {
        self.room.state(agent)
    }

    /// (Agent, contact) of every offer until now.
    pub(crate) fn offered(&self) -> Vec<(AgentId, u64)> {
        let pair = |fact: &Fact| match fact {
            Fact::Offered { agent, contact, .. } => Some((*agent, contact.0)),
            _ => None,
        };
        self.facts.iter().filter_map(|(_, fact)| pair(fact)).collect()
    }

    /// Contacts that have ended, with their outcome.
    pub(crate) fn ended(&self) -> Vec<(u64, ContactOutcome)> {
        let end = |fact: &Fact| match fact {
            Fact::ContactEnded { contact, outcome, .. } => Some((contact.0, *outcome)),
            _ => None,
        };
        self.facts.iter().filter_map(|(_, fact)| end(fact)).collect()
    }

    /// Drains the outputs; an offer that has rung long enough is settled, as the engine must do.
    fn drain(&mut self) {
        while let Some(output) = self.room.poll_output() {
            match output {
                RoomOutput::Fact(fact) => self.facts.push((self.now, fact)),
                RoomOutput::Offer(offer) => self.offers.push(offer),
                RoomOutput::RingOver { contact: _, offer: id } => {
                    let offer = self.take(id).expect("what has rung long enough is out");
                    self.room.settle(offer, OfferOutcome::NoAnswer, self.now);
                }
                RoomOutput::Treat { contact, treatment } => self.cues.push(Cue::Treat(contact, treatment)),
                RoomOutput::Moved { contact, queue } => self.cues.push(Cue::Moved(contact, queue)),
                RoomOutput::SendTo { contact, number } => self.cues.push(Cue::SendTo(contact, number.into())),
                RoomOutput::Full { contact } => self.cues.push(Cue::Full(contact)),
                RoomOutput::OfferCallback { contact } => self.cues.push(Cue::OfferCallback(contact)),
                RoomOutput::DialAhead { contact } => {
                    // As the engine does: the fact comes before the dial.
                    let dialled = CallbackChange::Dialled { attempt: 1 };
                    self.facts.push((self.now, Fact::Callback(contact, dialled)));
                    self.dialled.push(contact);
                }
                RoomOutput::Voicemail { contact } => self.cues.push(Cue::Voicemail(contact)),
                RoomOutput::Warn { contact, agent } => self.cues.push(Cue::Warn(contact, agent)),
                RoomOutput::Breach { contact, agent } => self.cues.push(Cue::Breach(contact, agent)),
                RoomOutput::HoldOver { contact, agent } => self.cues.push(Cue::HoldOver(contact, agent)),
            }
        }
        self.room.check_invariants();
    }

    fn take(&mut self, id: OfferId) -> Option<Offer> {
        let at = self.offers.iter().position(|offer| offer.id() == id)?;
        Some(self.offers.remove(at))
    }
}
