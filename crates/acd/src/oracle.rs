//! A naive room that only reads facts: it scans everything, and checks that each offer is the right one.
//!
//! It shares no code with the room: what it finds by a full scan, the room must find by its indexes. It panics with a
//! sentence where the room is wrong, so it is only used in tests and in the simulated world.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the other facts change nothing that an offer depends on"
)]

use core::time::Duration;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use turno_ground::{Moment, WallClock};
use turno_model::{
    AgentId, AgentState as S, Channel, Channels, ContactId, Decision, Fact, OfferId, OfferOutcome, Plan,
    QueueId, Rule, WaitTold,
};

mod caller;
mod dialled_ahead;
mod judging;
mod kept;
mod life;
mod pulled;
mod room_beside;
mod seen;
mod skills;
mod stepped;
mod supervised;
mod told_wait;
mod turns;
mod wrapped_up;

use caller::{At, Caller};
use life::Life;
use room_beside::has_room;
use skills::Skills;
use turns::Turns;
use wrapped_up::WrapUps;

/// Everything that the facts say, in plain lists.
#[derive(Debug)]
pub struct Oracle {
    plan: Arc<Plan>,
    skills: Skills,
    lives: Vec<Life>,
    /// Channels that each agent can take beside present contacts, as the room says.
    takes_beside: Vec<Channels>,
    /// When each agent last got or lost a contact.
    touched: Vec<Moment>,
    callers: BTreeMap<ContactId, Caller>,
    /// Channels of the contacts that did not come by telephone.
    channels: BTreeMap<ContactId, Channel>,
    /// Start of the wait of callers who had waited before they came to the room.
    stated: BTreeMap<ContactId, Moment>,
    /// Who served a caller last, of contacts that come to the room.
    served_by: BTreeMap<ContactId, AgentId>,
    /// Contacts that are kept no more for the agent to whom they were given, before their time and in this step.
    given_up: BTreeMap<ContactId, AgentId>,
    /// Contacts that a command or a step of their queue may lead elsewhere in this step.
    led_on: BTreeSet<ContactId>,
    /// Queues whose contacts wait without offers.
    paused: BTreeSet<QueueId>,
    wrap_ups: WrapUps,
    /// Queues that supervisors have closed.
    closed: BTreeSet<QueueId>,
    entered: usize,
    ended: usize,
    stepped: usize,
    /// How often an agent has left work, or asked to.
    left_work: usize,
    turns: Turns,
    /// The wall clock, by which the hours of breaks open.
    pub wall: WallClock,
    /// Longest delay of an offer; zero means in the step that made it possible. If deadlines are handled late, their
    /// offers are late too.
    pub delay_max: Duration,
    /// Whether no media port is free for an offer now, so that contacts wait although an agent is free.
    pub lacks_ports: bool,
    /// Whether that may have been so at any moment of a step: then an agent may have got a contact that needs no port.
    pub may_lack_ports: bool,
}

impl Oracle {
    /// Everybody logged out, no callers.
    pub fn new(plan: Arc<Plan>, now: Moment) -> Self {
        let lives = plan.agents.iter().map(|_| Life::new(now)).collect();
        let agents = plan.agents.len();
        Self {
            skills: Skills::of(&plan),
            plan,
            lives,
            takes_beside: vec![Channels::NONE; agents],
            touched: vec![now; agents],
            callers: BTreeMap::new(),
            channels: BTreeMap::new(),
            stated: BTreeMap::new(),
            served_by: BTreeMap::new(),
            given_up: BTreeMap::new(),
            led_on: BTreeSet::new(),
            paused: BTreeSet::new(),
            wrap_ups: WrapUps::default(),
            closed: BTreeSet::new(),
            entered: 0,
            ended: 0,
            stepped: 0,
            left_work: 0,
            turns: Turns::default(),
            wall: WallClock::default(),
            delay_max: Duration::ZERO,
            lacks_ports: false,
            may_lack_ports: false,
        }
    }

    /// The next contact has waited since then, as told to the room.
    pub fn states_clock(&mut self, contact: ContactId, since: Moment) {
        self.stated.insert(contact, since);
    }

    /// The next contact's caller was served by this agent last, as told to the room.
    pub fn states_last_agent(&mut self, contact: ContactId, agent: AgentId) {
        self.served_by.insert(contact, agent);
    }

    /// The next contact comes by this channel, as its arrival fact says too.
    pub fn states_channel(&mut self, contact: ContactId, channel: Channel) {
        self.channels.insert(contact, channel);
    }

    /// Something is asked for with this contact, which the facts do not say.
    pub fn states_command(&mut self, contact: ContactId) {
        self.led_on.insert(contact);
    }

    /// Applies another plan, in which new agents and queues are appended.
    pub fn works_by(&mut self, plan: Arc<Plan>, now: Moment) {
        self.lives.resize_with(plan.agents.len().max(self.lives.len()), || Life::new(now));
        self.takes_beside.resize(self.lives.len(), Channels::NONE);
        self.touched.resize(self.lives.len(), now);
        // It may take a skill from an agent.
        self.left_work += 1;
        // Under another plan other steps may be due.
        self.callers.values_mut().for_each(|caller| caller.in_line_since = now);
        self.plan = self.skills.over(plan);
    }

    /// Callers in the room who talk to an agent.
    pub fn talking(&self) -> Vec<ContactId> {
        let with = self.callers.iter().filter(|(_, caller)| matches!(caller.at, At::With(_)));
        with.map(|(id, _)| *id).collect()
    }

    /// Callers in the room who wait or are offered.
    pub fn waiting(&self) -> Vec<ContactId> {
        let with = self.callers.iter().filter(|(_, caller)| !matches!(caller.at, At::With(_)));
        with.map(|(id, _)| *id).collect()
    }

    /// How many steps of queues were taken.
    pub const fn stepped(&self) -> usize {
        self.stepped
    }

    /// Reads the next fact and checks it.
    ///
    /// # Panics
    /// With a sentence if the room was wrong.
    pub fn reads(&mut self, fact: &Fact, now: Moment) {
        self.check_turns(now);
        self.may_lead_on(fact);
        match fact {
            Fact::AgentChanged { agent, from, to } => {
                assert_eq!(self.state(*agent), *from, "{agent:?}'s states follow each other");
                self.lives[agent.index()].turn(*to, now);
                self.wrap_ups.turns(*agent, *from, *to);
                self.left_work += usize::from(!told_wait::works(*to));
                if matches!(to, S::LoggedOut | S::Aux(_)) {
                    self.owner_leaves(*agent, now);
                }
                if !matches!(to, S::Ringing | S::Talking | S::Holding | S::Acw | S::OtherCall) {
                    self.turns.asked.retain(|other| other != agent);
                }
            }
            Fact::AgentAsked { agent, .. } => {
                self.left_work += 1;
                self.turns.asked.push(*agent);
            }
            Fact::SkillChanged(changed) => {
                // Nobody waits for the skill as it was any more.
                let skill = self.plan.queues[changed.queue.index()].skill;
                let planned = self.skills.reads(changed, skill, now);
                self.works_by(planned, now);
            }
            Fact::Break(step) => self.on_break(*step, now),
            Fact::WaitTold(WaitTold { contact, position, within, .. }) => {
                told_wait::judge(&mut self.callers, *contact, (*position, *within), self.left_work);
            }
            Fact::Handling(handled) => self.wrap_ups.reads(handled, self.state(handled.agent)),
            Fact::WrapUp { agent, .. } => self.wrap_ups.gives(*agent),
            Fact::CallerKnown(contact, known) => self.reads_known(*contact, known, now),
            Fact::ContactArrived { contact, channel, .. } => self.states_channel(*contact, *channel),
            Fact::TakesBeside { agent, channels } => {
                assert_ne!(self.takes_beside[agent.index()], *channels, "{agent:?}: told when it changes");
                self.takes_beside[agent.index()] = *channels;
            }
            Fact::Queued { contact, queue, priority, position } => {
                self.on_queued(*contact, *queue, *priority, *position, now);
            }
            Fact::Offered { offer, contact, agent, queue, decision, delay } => {
                assert!(*delay <= self.delay_max, "offered {delay:?} after the step that made it possible");
                assert_eq!((decision.contact, decision.queue, decision.winner), (*contact, *queue, *agent));
                self.on_offered((*offer, *agent), decision, now);
            }
            Fact::OfferSettled { offer, contact, agent, outcome, .. } => {
                self.on_settled((*offer, *outcome), *contact, *agent, now);
            }
            Fact::Connected { contact, waited, .. } => {
                assert_eq!(now.since(self.caller(*contact).entered), *waited);
            }
            Fact::Transferred { contact, .. } => self.caller(*contact).is_transferred = true,
            Fact::Disconnected { contact, agent, .. } => {
                let caller = self.caller(*contact);
                assert_eq!(caller.at, At::With(*agent), "an agent leaves the contact that they had");
                caller.is_missed_by(*agent);
                self.touched[agent.index()] = now;
                self.wrap_ups.parts(*contact);
            }
            Fact::Stepped(step) => self.on_stepped(step, now),
            Fact::ContactEnded { contact, .. } => {
                self.check_steps_taken(*contact, now);
                assert!(self.callers.remove(contact).is_some(), "{contact:?} ends once");
                self.channels.remove(contact);
                self.served_by.remove(contact);
                self.ended += 1;
            }
            _ => self.reads_supervision(fact, now),
        }
    }

    /// Checks what must be true after every step: no agent exceeds the capacity, and no contact waits although an agent
    /// is free.
    ///
    /// # Panics
    /// With a sentence if it is not.
    pub fn check(&mut self) {
        self.check_away();
        self.check_given_up();
        self.check_pulled();
        for (id, caller) in &self.callers {
            let is_missing = caller.is_to_be_kept && caller.at == At::Line;
            assert!(!is_missing, "{id:?} waits for anybody, and the agent of last time is only busy");
        }
        for (at, _) in (0u32..).zip(&self.lives) {
            let agent = AgentId(at);
            let in_hand = self.in_hand(agent);
            let state = self.state(agent);
            assert!(
                state == S::Acw || state.has_contact() != in_hand.is_empty(),
                "{agent:?} has {in_hand:?}"
            );
            for channel in self.takes_beside[agent.index()].iter() {
                assert!(matches!(state, S::Talking | S::Holding), "{agent:?} is {state:?}");
                assert!(
                    has_room(&self.plan.room.at_once, &in_hand, channel),
                    "{agent:?} takes {channel:?} beside {in_hand:?}"
                );
            }
            for (id, caller) in &self.callers {
                let fits = self.takes(agent, caller.channel) && self.level_for(agent, caller).is_some();
                let has_port = !self.lacks_ports || !caller.channel.rings();
                let is_offered = !self.paused.contains(&caller.queue);
                let waits_in_vain = fits && caller.at == At::Line && has_port && is_offered;
                assert!(!waits_in_vain, "{id:?} waits, {agent:?} is free, and there are media ports");
            }
        }
        assert_eq!(
            self.entered,
            self.ended + self.callers.len(),
            "each contact that entered has ended once or is in the room"
        );
    }

    /// An agent's phone is gone, which no fact tells while the agent has a contact: told waits may rise.
    pub const fn may_leave(&mut self) {
        self.left_work += 1;
    }

    /// Checks that staffed time is the sum of its parts, to the microsecond.
    ///
    /// # Panics
    /// If it is not.
    pub fn check_staffed_time(&self, now: Moment) {
        self.lives.iter().for_each(|life| life.check_staffed_time(now));
    }

    fn on_offered(&mut self, (offer, agent): (OfferId, AgentId), decision: &Decision, now: Moment) {
        self.check_steps_taken(decision.contact, now);
        if matches!(decision.rule, Rule::Pulled | Rule::Direct) {
            self.judge_pulled(decision, now);
        } else {
            self.judge(decision, now);
        }
        self.caller(decision.contact).at = At::Ringing(offer, agent);
        self.touched[agent.index()] = now;
    }

    fn on_settled(
        &mut self,
        (offer, outcome): (OfferId, OfferOutcome),
        contact: ContactId,
        agent: AgentId,
        now: Moment,
    ) {
        let caller = self.caller(contact);
        assert_eq!(caller.at, At::Ringing(offer, agent), "an offer is settled once, where it rang");
        self.touched[agent.index()] = now;
        let caller = self.caller(contact);
        (caller.at, caller.in_line_since) = (At::Line, now);
        match outcome {
            // Who was called back is there from now on.
            OfferOutcome::Accepted => (caller.at, caller.is_called_back) = (At::With(agent), false),
            OfferOutcome::Refused
            | OfferOutcome::NoAnswer
            | OfferOutcome::Unreachable
            | OfferOutcome::Incompatible => {
                caller.is_missed_by(agent);
            }
            OfferOutcome::CallerLeft | OfferOutcome::Withdrawn => {}
        }
    }

    fn on_queued(&mut self, id: ContactId, queue: QueueId, priority: u8, position: u32, now: Moment) {
        let stated = self.stated.get(&id).copied().unwrap_or(now);
        let known = self.callers.remove(&id);
        self.entered += usize::from(known.is_none());
        let (since, before) = match known {
            Some(known) => (now, known),
            None => {
                let channel = self.channels.get(&id).copied().unwrap_or(Channel::Voice);
                (stated, Caller::new(channel, stated, self.plan.room.answer_within.of(channel)))
            }
        };
        let leads_to = before.leads_to;
        let waits_anew = before.is_transferred && !self.plan.queues[queue.index()].transfer_keeps_wait;
        assert!(leads_to.is_none_or(|to| to == queue), "{id:?} moves to {leads_to:?}, and is in {queue:?}");
        let caller = Caller {
            queue,
            priority,
            entered: since,
            at: At::Line,
            told: None,
            level_max: self.plan.queues[queue.index()].level_max,
            also: Vec::new(),
            steps: BTreeSet::new(),
            in_line_since: now,
            leads_to: None,
            is_transferred: false,
            since: if waits_anew { now } else { before.since },
            ..before
        };
        let is_to_be_kept = self.is_to_be_kept(id, &caller);
        self.callers.insert(id, Caller { is_to_be_kept, ..caller });
        self.check_position(id, position);
    }

    fn caller(&mut self, id: ContactId) -> &mut Caller {
        self.callers.get_mut(&id).expect("the contact is in the room")
    }
}
