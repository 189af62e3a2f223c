//! A small contact centre whose figures can be calculated by hand.

mod at_hand;
mod days;
mod keeping;
mod random_days;
mod recent;

use core::time::Duration;
use std::sync::Arc;

use turno_ground::{Moment, Pii};
use turno_model::plan::AgentPlan;
use turno_model::{
    AgentId, AgentState, AuxReason, Channel, ContactId, ContactOutcome, Decision, EndedBy, Fact, Hours,
    OfferId, OfferOutcome, Plan, QueueId, Rule, SkillId, sample,
};

use crate::ledger::Ledger;

pub(crate) const TAXES: QueueId = QueueId(0);
pub(crate) const LUAE: QueueId = QueueId(1);

fn agent(extension: &str) -> AgentPlan {
    sample::agent(extension, &[(0, 1), (1, 1)])
}

/// Two queues, three agents, in Quito.
pub(crate) fn plan() -> Arc<Plan> {
    let mut hours = Hours::always("office");
    hours.zone = jiff::tz::TimeZone::get("America/Guayaquil").expect("a zone");
    Arc::new(Plan {
        site: "Quito".to_owned(),
        skills: vec!["taxes".to_owned(), "luae".to_owned()],
        queues: vec![sample::queue("taxes", SkillId(0)), sample::queue("luae", SkillId(1))],
        agents: vec![agent("1001"), agent("1002"), agent("1003")],
        hours: vec![hours],
        ..sample::plan()
    })
}

/// A ledger with a clock; its methods apply the facts of what people do.
pub(crate) struct Room {
    pub(crate) ledger: Ledger,
    pub(crate) now: Moment,
    offers: u64,
    states: Vec<AgentState>,
}

/// A time of day in Quito on 24 November 2026.
pub(crate) fn at(clock: &str) -> Moment {
    let stamp: jiff::Timestamp = format!("2026-11-24T{clock}-05:00").parse().expect("a time of day");
    Moment::from_micros(u64::try_from(stamp.as_microsecond()).expect("after 1970"))
}

impl Room {
    pub(crate) fn new(clock: &str) -> Self {
        let now = at(clock);
        let plan = plan();
        let states = vec![AgentState::LoggedOut; plan.agents.len()];
        Self { ledger: Ledger::new(plan, now), now, offers: 0, states }
    }

    pub(crate) fn clock(&mut self, clock: &str) {
        self.now = at(clock);
    }

    pub(crate) fn pass(&mut self, span: Duration) {
        self.now = self.now + span;
    }

    pub(crate) fn tell(&mut self, fact: &Fact) {
        self.ledger.apply(self.now, fact);
    }

    pub(crate) fn state(&self, agent: u32) -> AgentState {
        self.states[agent as usize]
    }

    pub(crate) fn change(&mut self, agent: u32, to: AgentState) {
        let from = self.states[agent as usize];
        self.states[agent as usize] = to;
        self.tell(&Fact::AgentChanged { agent: AgentId(agent), from, to });
    }

    pub(crate) fn log_in(&mut self, agent: u32) {
        self.change(agent, AgentState::Aux(AuxReason::LoggedIn));
        self.change(agent, AgentState::Available);
    }

    pub(crate) fn arrive(&mut self, contact: u64) {
        let from = Pii("0991234567".into());
        self.tell(&Fact::ContactArrived {
            contact: ContactId(contact),
            channel: Channel::Voice,
            from,
            dialled: "1800510510".into(),
            trunk: None,
        });
    }

    pub(crate) fn queue(&mut self, contact: u64, queue: QueueId) {
        self.tell(&Fact::Queued { contact: ContactId(contact), queue, priority: 0, position: 1 });
    }

    pub(crate) fn call(&mut self, contact: u64, queue: QueueId) {
        self.arrive(contact);
        self.queue(contact, queue);
    }

    pub(crate) fn offer(&mut self, contact: u64, agent: u32, queue: QueueId) {
        self.offers += 1;
        let (contact, agent) = (ContactId(contact), AgentId(agent));
        let decision = Decision {
            contact,
            queue,
            winner: agent,
            rule: Rule::UcdMia,
            waited: Duration::ZERO,
            idle: Duration::ZERO,
            passed_over: Default::default(),
            others: 0,
        };
        let (offer, delay, decision) = (OfferId(self.offers), Duration::ZERO, Box::new(decision));
        self.tell(&Fact::Offered { offer, contact, agent, queue, delay, decision });
        self.change(agent.0, AgentState::Ringing);
    }

    pub(crate) fn settle(&mut self, contact: u64, agent: u32, queue: QueueId, outcome: OfferOutcome) {
        let (contact, agent) = (ContactId(contact), AgentId(agent));
        let (offer, rang) = (OfferId(self.offers), Duration::ZERO);
        self.tell(&Fact::OfferSettled { offer, contact, agent, queue, outcome, rang });
    }

    pub(crate) fn answer(&mut self, contact: u64, agent: u32, queue: QueueId) {
        self.settle(contact, agent, queue, OfferOutcome::Accepted);
        let waited = Duration::ZERO;
        self.tell(&Fact::Connected { contact: ContactId(contact), agent: AgentId(agent), queue, waited });
        self.change(agent, AgentState::Talking);
    }

    pub(crate) fn hold(&mut self, contact: u64, agent: u32) {
        self.tell(&Fact::Held { contact: ContactId(contact), agent: AgentId(agent) });
        self.change(agent, AgentState::Holding);
    }

    pub(crate) fn resume(&mut self, contact: u64, agent: u32) {
        self.tell(&Fact::Resumed { contact: ContactId(contact), agent: AgentId(agent) });
        self.change(agent, AgentState::Talking);
    }

    pub(crate) fn disconnect(&mut self, contact: u64, agent: u32, queue: QueueId) {
        let (talked, held) = (Duration::ZERO, Duration::ZERO);
        let (contact, agent) = (ContactId(contact), AgentId(agent));
        self.tell(&Fact::Disconnected { contact, agent, queue, talked, held });
    }

    pub(crate) fn end(&mut self, contact: u64, queue: QueueId, outcome: ContactOutcome, by: EndedBy) {
        let waited = Duration::ZERO;
        self.tell(&Fact::ContactEnded { contact: ContactId(contact), queue, outcome, by, waited });
    }

    pub(crate) fn hang_up(&mut self, contact: u64, agent: u32, queue: QueueId) {
        self.disconnect(contact, agent, queue);
        self.end(contact, queue, ContactOutcome::Answered, EndedBy::Caller);
        self.change(agent, AgentState::Acw);
    }

    pub(crate) fn assert_balance(&self) {
        if let Err(imbalance) = self.ledger.books(self.now) {
            panic!("{imbalance}");
        }
    }
}
