//! Random days against the oracle: order, one outcome each, no contact waits while an agent is free.

use compact_str::CompactString;
use proptest::prelude::*;
use turno_acd::{Arrival, Oracle};
use turno_ground::Pii;
use turno_model::{
    AgentId, Asker, CallbackChange, CallbackFailure, Channel, ContactId, EndedBy, Fact, OfferOutcome, Plan,
    QueueId, SkillChange, SkillChanged, TransferKind,
};

use crate::random_events::{DialEnd, Event, events};
use crate::random_plans::{AGENTS, QUEUES, plans};
use crate::stage::{Cue, Stage, secs};

/// A stage, and the oracle that reads its facts.
pub(crate) struct Day {
    pub(crate) stage: Stage,
    plan: Plan,
    pub(crate) oracle: Oracle,
    read: usize,
    callers: u64,
}

impl Day {
    pub(crate) fn new(plan: Plan) -> Self {
        let stage = Stage::new(plan.clone());
        let oracle = Oracle::new(std::sync::Arc::new(plan.clone()), stage.now);
        Self { stage, plan, oracle, read: 0, callers: 0 }
    }

    pub(crate) fn happens(&mut self, event: Event) {
        self.stage.now = self.stage.now + core::time::Duration::from_micros(1);
        self.stage.wait(0);
        self.read_on();
        let waiting = self.oracle.waiting();
        let talking = self.oracle.talking();
        let pick = |among: &[ContactId], at: usize| among.get(at % among.len().max(1)).copied();
        let offer = |at: usize| at;
        match event {
            Event::Call { queue, channel, priority, waited } => {
                self.comes(QueueId(queue), channel, priority, waited);
            }
            Event::Accept(at) => self.settle(offer(at), OfferOutcome::Accepted),
            Event::Settle(at, outcome) => self.settle(offer(at), outcome),
            Event::Abandon(at) => self.about(pick(&waiting, at), |stage, contact| {
                stage.act(|room, now| room.abandon(contact, now));
            }),
            Event::TellWait(at) => self.about(pick(&waiting, at), |stage, contact| {
                stage.act(|room, now| room.tell_wait(contact, now));
            }),
            Event::Dequeue(at) => self.about(pick(&waiting, at), |stage, contact| {
                stage.act(|room, now| room.dequeue(contact, now));
            }),
            Event::CallBack(at, seconds) => self.calls_back(pick(&waiting, at), seconds),
            Event::NotReached(at, seconds) => self.not_reached(at, seconds),
            Event::GiveUp(at) => self.about(pick(&waiting, at), |stage, contact| {
                stage.act(|room, now| room.give_up(contact, now));
            }),
            Event::DialEnds(at, end) => self.dial_ends(at, end),
            Event::Hold(at) => self.about(pick(&talking, at), |stage, contact| {
                stage.act(|room, now| room.hold(contact, now));
            }),
            Event::Resume(at) => self.about(pick(&talking, at), |stage, contact| {
                stage.act(|room, now| room.resume(contact, now));
            }),
            Event::Release(at) => self.about(pick(&talking, at), |stage, contact| {
                stage.act(|room, now| room.release(contact, EndedBy::Caller, now));
            }),
            Event::AgentLost(at) => self.about(pick(&talking, at), |stage, contact| {
                stage.act(|room, now| room.agent_lost(contact, now));
            }),
            Event::GiveBack(at) => self.about(pick(&talking, at), |stage, contact| {
                stage.act(|room, now| room.give_back(contact, now));
            }),
            Event::TransferToQueue(at, queue) => self.about(pick(&talking, at), |stage, contact| {
                stage.act(|room, now| {
                    room.transfer_to_queue(contact, QueueId(queue), TransferKind::Blind, now);
                });
            }),
            Event::TransferAway(at) => self.about(pick(&talking, at), |stage, contact| {
                stage.act(|room, now| room.transfer_away(contact, TransferKind::Attended, "1002", now));
            }),
            Event::Wait(seconds) => self.stage.wait(seconds),
            Event::Turn(queue, to) => self.stage.act(|room, now| room.turn_queue(QueueId(queue), to, now)),
            Event::Outside(at, answers) => self.outside_settles(at, answers),
            Event::Pull(..) | Event::PullBack(_) | Event::Skill(..) => self.supervises(&event, &waiting),
            Event::LogIn(_)
            | Event::LogOut(_)
            | Event::Ready(_)
            | Event::Aux(_)
            | Event::AskBreak(..)
            | Event::EndAcw(_)
            | Event::Reachable(..)
            | Event::OtherCallBegins(_)
            | Event::OtherCallEnds(_) => self.agent_does(&event),
        }
        self.stage.wait(0);
        self.read_on();
    }

    /// Media ports for offers run out, or are there again.
    pub(crate) fn has_ports(&mut self, has: bool) {
        (self.oracle.lacks_ports, self.oracle.may_lack_ports) = (!has, true);
        let ports = if has { usize::MAX } else { 0 };
        self.stage.act(|room, now| if has { room.serve(ports, now) } else { room.ports_free(ports) });
        self.read_on();
    }

    fn calls_back(&mut self, contact: Option<ContactId>, seconds: u64) {
        self.about(contact, |stage, contact| {
            if stage.act(|room, now| room.call_back(contact, now + secs(seconds), now)) {
                asks_for_callback(stage, contact);
            }
        });
    }

    fn supervises(&mut self, event: &Event, waiting: &[ContactId]) {
        let pick = |at: usize| waiting.get(at % waiting.len().max(1)).copied();
        match *event {
            Event::Pull(at, agent) => self.about(pick(at), |stage, contact| {
                let _refused = stage.act(|room, now| room.pull(contact, AgentId(agent), now));
            }),
            Event::PullBack(at) => self.about(pick(at), |stage, contact| {
                stage.act(|room, now| room.pull_back(contact, now));
            }),
            Event::Skill(agent, queue, level) => self.skill_changes(AgentId(agent), QueueId(queue), level),
            _ => {}
        }
    }

    /// Refused requests are part of the day: they change nothing, which the oracle would notice.
    fn agent_does(&mut self, event: &Event) {
        if let Event::Reachable(_, false) = event {
            self.oracle.may_leave();
        }
        let asked = |asked: Result<turno_acd::TakesEffect, turno_model::IllegalMove>| asked.map(|_| ());
        let _refused = self.stage.act(|room, now| match *event {
            Event::LogIn(at) => asked(room.log_in(AgentId(at), now)),
            Event::LogOut(at) => asked(room.log_out(AgentId(at), now)),
            Event::Ready(at) => asked(room.ready(AgentId(at), now)),
            Event::Aux(at) => asked(room.aux(AgentId(at), 0, now)),
            Event::AskBreak(at, reason) => {
                let _refused = room.ask_break(AgentId(at), reason, now);
                Ok(())
            }
            Event::EndAcw(at) => asked(room.end_acw(AgentId(at), now)),
            Event::OtherCallBegins(at) => room.other_call_begins(AgentId(at), now),
            Event::OtherCallEnds(at) => room.other_call_ends(AgentId(at), now),
            Event::Reachable(at, is) => {
                room.set_reachable(AgentId(at), is, now);
                Ok(())
            }
            _ => Ok(()),
        });
    }

    fn comes(&mut self, queue: QueueId, channel: Channel, priority: Option<u8>, waited: Option<u64>) {
        self.callers += 1;
        let contact = ContactId(self.callers);
        let waiting_since = waited.map(|seconds| self.stage.now - secs(seconds));
        if let Some(since) = waiting_since {
            self.oracle.states_clock(contact, since);
        }
        self.oracle.states_channel(contact, channel);
        // One caller of two was served before.
        let before = AgentId(u32::try_from(self.callers / 2).unwrap_or(0) % AGENTS);
        let last_agent = Some(before).filter(|_| self.callers.is_multiple_of(2));
        last_agent.into_iter().for_each(|agent| self.oracle.states_last_agent(contact, agent));
        let arrival = Arrival { contact, channel, queue, priority, waiting_since };
        // One of seven dials an agent's own number.
        let direct = AgentId(u32::try_from(self.callers / 7).unwrap_or(0) % AGENTS);
        let dialled = Some(direct).filter(|_| channel == Channel::Voice && self.callers.is_multiple_of(7));
        self.stage.act(|room, now| room.enqueue_for(arrival, (last_agent, dialled), now));
    }

    /// The engine tells of the skill, and lets the room work by the plan with it.
    fn skill_changes(&mut self, agent: AgentId, queue: QueueId, level: Option<u8>) {
        let skill = self.plan.queues[queue.index()].skill;
        self.plan.set_skill(agent, skill, level);
        let until = self.stage.now + secs(3_600);
        let change = SkillChange::Set { by: Asker::Control, why: None, until };
        self.stage
            .facts
            .push((self.stage.now, Fact::SkillChanged(SkillChanged { agent, queue, level, change })));
        let plan = std::sync::Arc::new(self.plan.clone());
        self.stage.act(|room, now| room.replan(plan, now));
    }

    /// An outside number that a step has called answers, or does not.
    fn outside_settles(&mut self, at: usize, answers: bool) {
        let called: Vec<ContactId> = self
            .stage
            .cues
            .iter()
            .filter_map(|cue| match cue {
                Cue::SendTo(contact, _) => Some(*contact),
                _ => None,
            })
            .collect();
        let Some(contact) = called.get(at % called.len().max(1)).copied() else { return };
        self.stage
            .act(|room, now| if answers { room.sent(contact, now) } else { room.not_sent(contact, now) });
    }

    fn settle(&mut self, at: usize, outcome: OfferOutcome) {
        if self.stage.offers.is_empty() {
            return;
        }
        let at = at % self.stage.offers.len();
        let offer = self.stage.offers.remove(at);
        self.stage.settle(offer, outcome);
    }

    fn not_reached(&mut self, at: usize, seconds: u64) {
        if self.stage.offers.is_empty() {
            return;
        }
        let at = at % self.stage.offers.len();
        let offer = self.stage.offers.remove(at);
        let contact = offer.contact();
        asks_for_callback(&mut self.stage, contact);
        self.stage.act(|room, now| {
            room.hold_offer(&offer);
            room.settle_later(offer, OfferOutcome::Withdrawn, now + secs(seconds), now);
        });
    }

    fn dial_ends(&mut self, at: usize, end: DialEnd) {
        if self.stage.dialled.is_empty() {
            return;
        }
        let at = at % self.stage.dialled.len();
        let contact = self.stage.dialled.remove(at);
        if !self.oracle.waiting().contains(&contact) {
            return;
        }
        if let DialEnd::Failed(_) = end {
            let failed = CallbackChange::Failed(CallbackFailure::Busy);
            self.stage.facts.push((self.stage.now, Fact::Callback(contact, failed)));
        }
        self.stage.act(|room, now| match end {
            DialEnd::Answered => room.person_comes(contact, now),
            DialEnd::Failed(seconds) => room.dial_later(contact, now + secs(seconds), now),
            DialEnd::HungUp => room.leaves_after_dial(contact, EndedBy::Caller, now),
        });
    }

    fn about(&mut self, contact: Option<ContactId>, verb: impl FnOnce(&mut Stage, ContactId)) {
        if let Some(contact) = contact {
            self.oracle.states_command(contact);
            verb(&mut self.stage, contact);
        }
    }

    fn read_on(&mut self) {
        for (at, fact) in &self.stage.facts[self.read..] {
            self.oracle.reads(fact, *at);
        }
        self.read = self.stage.facts.len();
        self.oracle.check();
        for agent in 0..AGENTS {
            assert_eq!(self.stage.state(AgentId(agent)), self.oracle.state(AgentId(agent)));
        }
    }

    /// Ends the day: every caller who entered a queue has one outcome.
    fn closes(mut self) {
        while !self.stage.offers.is_empty() {
            self.settle(0, OfferOutcome::Accepted);
            self.read_on();
        }
        for contact in self.oracle.talking() {
            self.stage.act(|room, now| room.release(contact, EndedBy::System, now));
            self.read_on();
            while !self.stage.offers.is_empty() {
                self.settle(0, OfferOutcome::CallerLeft);
                self.read_on();
            }
        }
        for contact in self.oracle.waiting() {
            self.stage.act(|room, now| room.abandon(contact, now));
            self.read_on();
        }
        let count =
            |is: fn(&Fact) -> bool| self.stage.facts.iter().filter(|(_, fact)| is(fact)).count() as u64;
        assert_eq!(count(|fact| matches!(fact, Fact::ContactEnded { .. })), self.callers);
        let offered = count(|fact| matches!(fact, Fact::Offered { .. }));
        assert_eq!(count(|fact| matches!(fact, Fact::OfferSettled { .. })), offered);
        for queue in 0..QUEUES {
            assert_eq!(self.stage.room.waiting(QueueId(queue)), 0);
        }
        self.oracle.check_staffed_time(self.stage.now);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_happens_the_right_caller_meets_the_right_agent_at_once(
        plan in plans(),
        day in prop::collection::vec(events(), 1..250),
    ) {
        // Wounds A#1561, F#2511 (order), A#176 (two agents for one call), F#1641 (dispatch stops).
        let mut room = Day::new(plan);
        for agent in 0..AGENTS {
            room.happens(Event::Reachable(agent, true));
            room.happens(Event::LogIn(agent));
        }
        for event in day {
            room.happens(event);
        }
        room.closes();
    }
}

/// The engine records that a person asked for a callback.
fn asks_for_callback(stage: &mut Stage, contact: ContactId) {
    let number = Pii(CompactString::const_new("0991234567"));
    let asked = CallbackChange::Asked { number, after: secs(0) };
    stage.facts.push((stage.now, Fact::Callback(contact, asked)));
}
