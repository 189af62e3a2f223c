//! Random days against the oracle: order, one outcome each, no contact waits while an agent is free.

use compact_str::CompactString;
use proptest::prelude::*;
use turno_acd::{Arrival, Oracle};
use turno_ground::Pii;
use turno_model::plan::{
    AcwPlan, AtOnce, BreakTurns, QueuePlan, RoomPlan, StepAction, StepPlan, StepWhen, Treatment,
};
use turno_model::{
    AgentId, CallbackChange, Channel, ContactId, EndedBy, Fact, OfferOutcome, Plan, QueueId, QueueState,
    Rule, TransferKind, sample,
};

use crate::breaks::{in_turns, turns};
use crate::stage::{Cue, FULL, NOBODY, Stage, TOO_LONG, agent, plan, queue, secs};

const AGENTS: u32 = 6;
const QUEUES: u32 = 4;

/// A random event; numbers select among what exists.
#[derive(Clone, Debug)]
enum Event {
    Call { queue: u32, channel: Channel, priority: Option<u8>, waited: Option<u64> },
    Abandon(usize),
    TellWait(usize),
    Dequeue(usize),
    CallBack(usize, u64),
    NotReached(usize, u64),
    GiveUp(usize),
    Accept(usize),
    Settle(usize, OfferOutcome),
    Hold(usize),
    Resume(usize),
    Release(usize),
    AgentLost(usize),
    TransferToQueue(usize, u32),
    TransferAway(usize),
    LogIn(u32),
    LogOut(u32),
    Ready(u32),
    Aux(u32),
    AskBreak(u32, u8),
    EndAcw(u32),
    Reachable(u32, bool),
    OtherCallBegins(u32),
    OtherCallEnds(u32),
    Turn(u32, QueueState),
    Outside(usize, bool),
    Wait(u64),
}

/// About as many calls as all other channels together.
fn channels() -> impl Strategy<Value = Channel> {
    prop_oneof![4 => Just(Channel::Voice), 5 => prop::sample::select(Channel::ALL.to_vec())]
}

fn events() -> impl Strategy<Value = Event> {
    use Event as E;
    let (any, agent) = (0usize..8, 0..AGENTS);
    let states = vec![QueueState::Open, QueueState::Open, QueueState::Closed, QueueState::Paused];
    let outcome = prop::sample::select(vec![
        OfferOutcome::Refused,
        OfferOutcome::NoAnswer,
        OfferOutcome::Unreachable,
        OfferOutcome::Incompatible,
        OfferOutcome::CallerLeft,
        OfferOutcome::Withdrawn,
    ]);
    let callers = prop_oneof![
        8 => (
            0..QUEUES,
            channels(),
            prop::option::weighted(0.2, 0u8..4),
            prop::option::weighted(0.2, 0u64..60),
        )
            .prop_map(|(queue, channel, priority, waited)| E::Call { queue, channel, priority, waited }),
        1 => any.clone().prop_map(E::Abandon),
        2 => any.clone().prop_map(E::TellWait),
        1 => any.clone().prop_map(E::Dequeue),
        2 => (any.clone(), 0u64..30).prop_map(|(at, seconds)| E::CallBack(at, seconds)),
        1 => (any.clone(), 0u64..30).prop_map(|(at, seconds)| E::NotReached(at, seconds)),
        1 => any.clone().prop_map(E::GiveUp),
        8 => any.clone().prop_map(E::Accept),
        3 => (any.clone(), outcome).prop_map(|(at, outcome)| E::Settle(at, outcome)),
        1 => any.clone().prop_map(E::Hold),
        1 => any.clone().prop_map(E::Resume),
        5 => any.clone().prop_map(E::Release),
        1 => any.clone().prop_map(E::AgentLost),
        1 => (any.clone(), 0..QUEUES).prop_map(|(at, queue)| E::TransferToQueue(at, queue)),
        1 => any.clone().prop_map(E::TransferAway),
        2 => (any, prop::bool::ANY).prop_map(|(at, answers)| E::Outside(at, answers)),
    ];
    let agents = prop_oneof![
        4 => agent.clone().prop_map(E::LogIn),
        1 => agent.clone().prop_map(E::LogOut),
        3 => agent.clone().prop_map(E::Ready),
        1 => agent.clone().prop_map(E::Aux),
        3 => (agent.clone(), 0u8..2).prop_map(|(at, reason)| E::AskBreak(at, reason)),
        1 => agent.clone().prop_map(E::EndAcw),
        3 => (agent.clone(), prop::bool::weighted(0.8)).prop_map(|(at, is)| E::Reachable(at, is)),
        1 => agent.clone().prop_map(E::OtherCallBegins),
        2 => agent.prop_map(E::OtherCallEnds),
        1 => (0..QUEUES, prop::sample::select(states)).prop_map(|(queue, to)| E::Turn(queue, to)),
    ];
    prop_oneof![4 => callers, 3 => agents, 2 => (0u64..20).prop_map(E::Wait), 1 => (50u64..200).prop_map(E::Wait)]
}

/// A step of the queue at this place. Moves lead on to later queues only, since circles are refused.
fn step(at: usize) -> impl Strategy<Value = StepPlan> {
    let later = u32::try_from(at).expect("few queues") + 1..=QUEUES;
    let when = prop_oneof![
        4 => (1u64..40).prop_map(|after| StepWhen::Waited(secs(after))),
        1 => (1u64..400).prop_map(|over| StepWhen::ToldOver(secs(over))),
        1 => (0u32..5).prop_map(StepWhen::LongerThan),
        1 => Just(StepWhen::Nobody),
        1 => Just(StepWhen::Closed),
    ];
    let action = prop_oneof![
        3 => prop::option::of(1u8..4).prop_map(StepAction::LevelMax),
        2 => (0..QUEUES).prop_map(|also| StepAction::Also(QueueId(also))),
        1 => (1u8..3).prop_map(StepAction::Raise),
        1 => later.prop_map(|to| {
            if to < QUEUES { StepAction::MoveTo(QueueId(to)) } else { StepAction::Raise(1) }
        }),
        1 => Just(StepAction::SendTo("022551234".to_owned())),
        1 => Just(StepAction::PromptAndEnd(TOO_LONG)),
    ];
    (when, action).prop_map(|(when, action)| StepPlan { when, action })
}

/// The steps of each queue, in half of the days.
fn all_steps() -> impl Strategy<Value = Vec<(Option<u8>, Vec<StepPlan>)>> {
    let of = |at: usize| (prop::option::of(1u8..3), prop::collection::vec(step(at), 0..5));
    let all: Vec<_> = (0..QUEUES as usize).map(of).collect();
    prop_oneof![Just(vec![(None, Vec::new()); QUEUES as usize]), all]
}

prop_compose! {
    fn queues()(
        steps in all_steps(),
        rules in prop::collection::vec(0usize..4, QUEUES as usize),
        skills in prop::collection::vec(0u32..3, QUEUES as usize),
        acws in prop::collection::vec(0usize..3, QUEUES as usize),
        limits in prop::collection::vec((any::<bool>(), any::<bool>(), 0u32..12), QUEUES as usize),
        tells_wait in any::<bool>(),
    ) -> Vec<QueuePlan> {
        (0..QUEUES as usize).map(|at| QueuePlan {
            rule: [Rule::UcdMia, Rule::EadMia, Rule::UcdLoa, Rule::EadLoa][rules[at]],
            priority: u8::from(at == 1),
            acw: [AcwPlan::Timed(secs(0)), AcwPlan::Timed(secs(20)), AcwPlan::Manual][acws[at]],
            when_nobody: if limits[at].0 { Treatment::PromptAndEnd(NOBODY) } else { Treatment::Wait },
            wait_max: limits[at].1.then_some(secs(60)),
            when_waited: Treatment::PromptAndEnd(TOO_LONG),
            length_max: limits[at].2,
            when_full: Treatment::PromptAndEnd(FULL),
            announcements: tells_wait.then(sample::announcements),
            level_max: steps[at].0,
            steps: steps[at].1.clone(),
            ..queue(skills[at])
        }).collect()
    }
}

prop_compose! {
    fn plans()(
        queues in queues(),
        levels in prop::collection::vec(prop::collection::vec(0u8..4, 3), AGENTS as usize),
        acw_considered_idle in any::<bool>(),
        aux_considered_idle in any::<bool>(),
        (chats, whatsapp, emails) in (1u8..4, 1u8..4, 1u8..3),
        (at_once, wait_limit) in (1u32..4, 5u64..120),
    ) -> Plan {
        let turns = BreakTurns { at_once, wait_limit: secs(wait_limit), ..turns(1) };
        let at_once = AtOnce { chats, whatsapp, emails };
        let agents = levels.iter().map(|levels| {
            let skills: Vec<(u32, u8)> = (0u32..).zip(levels).filter(|(_, level)| **level > 0)
                .map(|(skill, level)| (skill, *level)).collect();
            agent(&skills)
        }).collect();
        let plan = in_turns(plan(queues, agents), turns, &[(820, 850), (852, 880)]);
        Plan { room: RoomPlan { acw_considered_idle, aux_considered_idle, observed_tone: false, help_key: None, at_once }, ..plan }
    }
}

/// A stage, and the oracle that reads its facts.
struct Day {
    stage: Stage,
    oracle: Oracle,
    read: usize,
    callers: u64,
}

impl Day {
    fn new(plan: Plan) -> Self {
        let stage = Stage::new(plan.clone());
        let oracle = Oracle::new(std::sync::Arc::new(plan), stage.now);
        Self { stage, oracle, read: 0, callers: 0 }
    }

    fn happens(&mut self, event: Event) {
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
            Event::CallBack(at, seconds) => self.about(pick(&waiting, at), |stage, contact| {
                if stage.act(|room, now| room.call_back(contact, now + secs(seconds), now)) {
                    asks_for_callback(stage, contact);
                }
            }),
            Event::NotReached(at, seconds) => self.not_reached(at, seconds),
            Event::GiveUp(at) => self.about(pick(&waiting, at), |stage, contact| {
                stage.act(|room, now| room.give_up(contact, now));
            }),
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

    /// Refused requests are part of the day: they change nothing, which the oracle would notice.
    fn agent_does(&mut self, event: &Event) {
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
        self.stage.arrive(Arrival { contact, channel, queue, priority, waiting_since });
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

    fn about(&mut self, contact: Option<ContactId>, verb: impl FnOnce(&mut Stage, ContactId)) {
        if let Some(contact) = contact {
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
