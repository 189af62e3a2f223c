//! Last agents by the facts: a caller who calls again is led to the agent who served that number last, for as long as the plan
//! says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use turno_ground::Moment;
use turno_model::{AgentId, CallbackChange, CallerKnown, Channel, ContactId, Fact, Plan, QueueId};

/// A number as turno may have it in several forms: its last digits.
const DIGITS: usize = 8;

/// Who served which number last.
#[derive(Debug)]
pub(crate) struct Remembered {
    plan: Arc<Plan>,
    numbers: BTreeMap<ContactId, String>,
    /// Contacts that have been in a queue.
    queued: BTreeSet<ContactId>,
    last: BTreeMap<String, Talk>,
    /// When another plan came into force: what it asks for less long is forgotten.
    planned_at: Moment,
    /// How many callers were led to the agent who served them last.
    many: u64,
}

/// The last talk of a number.
#[derive(Debug)]
struct Talk {
    contact: ContactId,
    agent: AgentId,
    began: Moment,
    ended: Option<Moment>,
}

impl Remembered {
    /// Nobody was served yet.
    pub(crate) const fn new(plan: Arc<Plan>, now: Moment) -> Self {
        Self {
            plan,
            numbers: BTreeMap::new(),
            queued: BTreeSet::new(),
            last: BTreeMap::new(),
            planned_at: now,
            many: 0,
        }
    }

    /// Another plan is in force.
    pub(crate) fn works_by(&mut self, plan: Arc<Plan>, now: Moment) {
        (self.plan, self.planned_at) = (plan, now);
    }

    /// How many callers were led to the agent who served them last.
    pub(crate) const fn many(&self) -> u64 {
        self.many
    }

    /// Reads a fact and checks it.
    pub(crate) fn reads(&mut self, at: Moment, fact: &Fact) {
        if let Fact::ContactArrived { contact, channel: Channel::Voice, from, .. } = fact {
            self.is_called_from(*contact, &from.0);
        } else if let Fact::Callback(contact, CallbackChange::Asked { number, .. }) = fact {
            self.is_called_from(*contact, &number.0);
        } else if let Fact::Connected { contact, agent, queue, .. } = fact {
            self.talks(*contact, *agent, *queue, at);
        } else if let Fact::TakenOver { contact, to, queue, .. } = fact {
            self.talks(*contact, *to, *queue, at);
        } else if let Fact::Disconnected { contact, .. } = fact {
            let number = self.numbers.get(contact);
            let talk = number.and_then(|number| self.last.get_mut(number));
            if let Some(talk) = talk.filter(|talk| talk.contact == *contact) {
                talk.ended = Some(at);
            }
        } else if let Fact::CallerKnown(contact, CallerKnown::ServedBy { agent }) = fact {
            self.is_led(*contact, *agent);
        } else if let Fact::Queued { contact, queue, .. } = fact {
            self.is_queued(*contact, *queue, at);
        } else if let Fact::ContactEnded { contact, .. } | Fact::TurnedAway { contact, .. } = fact {
            self.numbers.remove(contact);
            self.queued.remove(contact);
        }
    }

    fn is_called_from(&mut self, contact: ContactId, number: &str) {
        let digits = number.len().checked_sub(DIGITS).and_then(|from| number.get(from..));
        if let Some(digits) = digits.filter(|digits| digits.bytes().all(|sign| sign.is_ascii_digit())) {
            self.numbers.insert(contact, digits.to_owned());
        }
    }

    fn talks(&mut self, contact: ContactId, agent: AgentId, queue: QueueId, now: Moment) {
        let is_asked = self.plan.queues[queue.index()].last_agent.is_some();
        if let Some(number) = self.numbers.get(&contact).filter(|_| is_asked) {
            self.last.insert(number.clone(), Talk { contact, agent, began: now, ended: None });
        }
    }

    fn is_led(&mut self, contact: ContactId, agent: AgentId) {
        let talk = self.numbers.get(&contact).and_then(|number| self.last.get(number));
        // Wound: the memory of a restart names somebody else's agent.
        let served = talk.map(|talk| talk.agent);
        assert_eq!(served, Some(agent), "{contact:?} is led to an agent who did not serve this number last");
        self.queued.insert(contact);
        self.many += 1;
    }

    fn is_queued(&mut self, contact: ContactId, queue: QueueId, now: Moment) {
        let is_led = !self.queued.insert(contact);
        if is_led {
            return;
        }
        let Some(within) = self.plan.queues[queue.index()].last_agent else { return };
        let talk = self.numbers.get(&contact).and_then(|number| self.last.get(number));
        if let Some(talk) = talk.filter(|talk| talk.began > self.planned_at) {
            assert!(
                now.since(talk.began) > within,
                "{contact:?} was served by {:?} {:?} ago, and is not led there",
                talk.agent,
                now.since(talk.began)
            );
        }
    }
}
