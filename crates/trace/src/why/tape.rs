//! Facts that tests write one after the other, and golden files of what is told of them.

use core::time::Duration;

use compact_str::CompactString;
use smallvec::SmallVec;
use turno_ground::{Moment, Pii};
use turno_model::{
    AgentId, AgentState as S, AuxReason, Candidate, Channel, ContactId, ContactOutcome, Decision, EndedBy,
    Fact, Language, OfferId, OfferOutcome, PassedOver, Plan, PlanIndex, QueueId, Rule, TrunkId,
};

use super::{AgentsBy, Telling, why};

pub(super) const ANA: AgentId = AgentId(0);
pub(super) const LUIS: AgentId = AgentId(1);
pub(super) const INES: AgentId = AgentId(2);
pub(super) const REGISTRY: QueueId = QueueId(0);
pub(super) const TAXES: QueueId = QueueId(1);
pub(super) const OURS: ContactId = ContactId(100);
pub(super) const OTHER: ContactId = ContactId(99);
pub(super) const LATER: ContactId = ContactId(101);

/// Three people who serve the civil registry, and two of them taxes too.
pub(super) fn plan() -> Plan {
    let (mut plan, _) = turno_config::load(std::path::Path::new("../../sip-config/quito"))
        .expect("a plan that comes with turno");
    plan.agents.truncate(3);
    plan.queues.truncate(2);
    let (first, second) = (plan.queues[0].skill, plan.queues[1].skill);
    plan.queues[0].display = "Registro Civil".to_owned();
    plan.queues[1].display = "Impuestos".to_owned();
    plan.queues.iter_mut().for_each(|queue| queue.level_max = None);
    plan.queues[0].level_max = Some(2);
    let people = [
        ("Ana", vec![(first, 1), (second, 2)]),
        ("Luis", vec![(first, 2), (second, 1)]),
        ("Inés", vec![(first, 3)]),
    ];
    for (agent, (name, skills)) in plan.agents.iter_mut().zip(people) {
        agent.display = name.to_owned();
        agent.skills = skills;
    }
    plan
}

/// Facts that are written one after the other.
pub(super) struct Tape {
    pub(super) now: Moment,
    pub(super) facts: Vec<(Moment, Fact)>,
    states: [S; 3],
    offers: u64,
}

/// A span.
pub(super) const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

impl Tape {
    /// Monday, 23 November 2026, 10:03:20 in Quito. Ana and Luis are free, Inés is not logged in.
    pub(super) fn new() -> Self {
        let mut tape = Self {
            now: Moment::from_secs(1_795_446_200 - 300),
            facts: Vec::new(),
            states: [S::LoggedOut; 3],
            offers: 0,
        };
        tape.happens(Fact::Started);
        tape.is(ANA, S::Available);
        tape.waits(200);
        tape.is(LUIS, S::Available);
        tape.waits(100);
        tape
    }

    pub(super) fn waits(&mut self, seconds: u64) {
        self.now = self.now + secs(seconds);
    }

    pub(super) fn happens(&mut self, fact: Fact) {
        self.facts.push((self.now, fact));
    }

    pub(super) fn is(&mut self, agent: AgentId, to: S) {
        let from = core::mem::replace(&mut self.states[agent.index()], to);
        self.happens(Fact::AgentChanged { agent, from, to });
    }

    pub(super) fn arrives(&mut self, contact: ContactId) {
        let from = Pii(CompactString::const_new("0991234567"));
        let (dialled, trunk) = ("1800510510".into(), Some(TrunkId(0)));
        self.happens(Fact::ContactArrived { contact, channel: Channel::Voice, from, dialled, trunk });
    }

    pub(super) fn queues(&mut self, contact: ContactId, queue: QueueId, priority: u8, position: u32) {
        self.happens(Fact::Queued { contact, queue, priority, position });
    }

    pub(super) fn calls(&mut self, contact: ContactId, position: u32) {
        self.arrives(contact);
        self.queues(contact, REGISTRY, 0, position);
    }

    pub(super) fn offers(
        &mut self,
        contact: ContactId,
        agent: AgentId,
        (rule, waited, idle): (Rule, u64, u64),
        passed_over: SmallVec<[(Candidate, PassedOver); 4]>,
    ) {
        self.offers += 1;
        let (waited, idle) = (secs(waited), secs(idle));
        let decision =
            Decision { contact, queue: REGISTRY, winner: agent, rule, waited, idle, passed_over, others: 0 };
        let (offer, decision) = (OfferId(self.offers), Box::new(decision));
        let delay = Duration::ZERO;
        self.happens(Fact::Offered { offer, contact, agent, queue: REGISTRY, delay, decision });
        self.is(agent, S::Ringing);
    }

    pub(super) fn settles(&mut self, contact: ContactId, agent: AgentId, outcome: OfferOutcome, rang: u64) {
        self.waits(rang);
        let offer = OfferId(self.offers);
        let (queue, rang) = (REGISTRY, secs(rang));
        self.happens(Fact::OfferSettled { offer, contact, agent, queue, outcome, rang });
    }

    pub(super) fn talks(&mut self, contact: ContactId, agent: AgentId, waited: u64) {
        self.settles(contact, agent, OfferOutcome::Accepted, 2);
        self.is(agent, S::Talking);
        let waited = secs(waited);
        self.happens(Fact::Connected { contact, agent, queue: REGISTRY, waited });
    }

    pub(super) fn parts(
        &mut self,
        contact: ContactId,
        agent: AgentId,
        (talked, held): (u64, u64),
        by: EndedBy,
    ) {
        let (talked, held) = (secs(talked), secs(held));
        self.happens(Fact::Disconnected { contact, agent, queue: REGISTRY, talked, held });
        self.is(agent, S::Acw);
        self.ends(contact, ContactOutcome::Answered, by, 10);
    }

    pub(super) fn ends(&mut self, contact: ContactId, outcome: ContactOutcome, by: EndedBy, waited: u64) {
        let waited = secs(waited);
        self.happens(Fact::ContactEnded { contact, queue: REGISTRY, outcome, by, waited });
    }

    /// Ana and Luis talk, and one contact waits already.
    pub(super) fn busy() -> Self {
        let mut tape = Self::new();
        tape.is(ANA, S::Ringing);
        tape.is(ANA, S::Talking);
        tape.is(LUIS, S::Aux(AuxReason::Planned(0)));
        tape.calls(OTHER, 1);
        tape.waits(30);
        tape
    }

    pub(super) fn told(&self) -> String {
        each_language(|telling| {
            why(OURS, &self.facts, telling).map_or_else(String::new, |why| why.text(true))
        })
    }
}

/// The text in Spanish, and below it in English.
pub(super) fn each_language(told: impl Fn(Telling<'_>) -> String) -> String {
    let plan = plan();
    let index = PlanIndex::of(&plan);
    let of = |language| told(Telling { plan: &plan, index: &index, language, agents: AgentsBy::Name });
    format!("{}\n{}", of(Language::Spanish), of(Language::English))
}

/// Compares with a golden file.
pub(super) fn golden(name: &str, told: &str) {
    let file = std::path::Path::new("src/why/golden").join(format!("{name}.txt"));
    if std::env::var_os("TURNO_BLESS").is_some() {
        std::fs::write(&file, told).expect("the golden file can be written");
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(kept, told, "{name}: TURNO_BLESS=1 writes it anew");
    assert!(!told.contains("0991234567"), "nobody's number is told");
}
