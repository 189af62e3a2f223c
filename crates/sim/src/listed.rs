//! Lists of callers by the facts: a refused caller enters no queue, and a preferred one enters it with the priority of the
//! list. That nobody of less priority goes before is checked by the oracle.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use turno_ground::{Moment, Pii};
use turno_model::{
    CallerKnown, CallerListed, Channel, ContactId, Fact, ListChange, ListEffect, Plan, QueueId, TurnedAway,
};

/// A number as turno may have it in several forms: its last digits.
const DIGITS: usize = 8;

/// Who is on which list.
#[derive(Debug)]
pub(crate) struct Listed {
    plan: Arc<Plan>,
    /// Numbers that commands added, with the list, and when they end.
    added: BTreeMap<(String, String), Moment>,
    callers: BTreeMap<ContactId, Caller>,
    /// How many callers were refused, and how many were preferred.
    many: (u64, u64),
}

/// A caller who has not entered a queue.
#[derive(Debug)]
struct Caller {
    digits: String,
    /// A list refuses the number since the call arrived.
    is_refused: bool,
    /// What turno said.
    told: Option<ListEffect>,
}

impl Listed {
    /// Nobody was added to the lists of this plan.
    pub(crate) const fn new(plan: Arc<Plan>) -> Self {
        Self { plan, added: BTreeMap::new(), callers: BTreeMap::new(), many: (0, 0) }
    }

    /// Another plan is in force.
    pub(crate) fn works_by(&mut self, plan: Arc<Plan>) {
        self.plan = plan;
        self.judge_again();
    }

    /// How many callers were refused, and how many were preferred.
    pub(crate) const fn many(&self) -> (u64, u64) {
        self.many
    }

    /// Reads a fact and checks it.
    pub(crate) fn reads(&mut self, at: Moment, fact: &Fact) {
        if let Fact::CallerList(listed) = fact {
            self.changes(at, listed);
        } else if let Fact::ContactArrived { contact, channel: Channel::Voice, from, .. } = fact {
            if let Some(digits) = last_digits(&from.0) {
                let is_refused = self.effect(&digits) == Some(ListEffect::Refuse);
                self.callers.insert(*contact, Caller { digits, is_refused, told: None });
            }
        } else if let Fact::CallerKnown(contact, CallerKnown::Listed { effect, .. }) = fact {
            let caller = self.callers.get(contact).expect("a listed caller has a number");
            assert_eq!(self.effect(&caller.digits), Some(*effect), "{contact:?}: the lists say so");
            if let Some(caller) = self.callers.get_mut(contact) {
                caller.told = Some(*effect);
            }
            match effect {
                ListEffect::Refuse => self.many.0 += 1,
                ListEffect::Prefer(_) => self.many.1 += 1,
            }
        } else if let Fact::Queued { contact, queue, priority, .. } = fact {
            self.enters(*contact, *queue, *priority);
        } else if let Fact::TurnedAway { contact, reason } = fact {
            let caller = self.callers.remove(contact);
            let is_told = caller.is_some_and(|caller| caller.told == Some(ListEffect::Refuse));
            assert_eq!(
                *reason == TurnedAway::Listed,
                is_told,
                "{contact:?}: a list refuses, and nothing else"
            );
        } else if let Fact::ContactEnded { contact, .. } = fact {
            self.callers.remove(contact);
        }
    }

    fn changes(&mut self, at: Moment, CallerListed { list, number, change }: &CallerListed) {
        let digits = last_digits(&number.0).unwrap_or_default();
        let key = (list.to_string(), digits);
        let is_planned = self.plan.caller_lists.iter().any(|planned| planned.name == *list);
        match change {
            ListChange::Added { until, .. } => {
                assert!(is_planned && *until > at, "{list} takes a number until {until:?}");
                self.added.insert(key, *until);
            }
            ListChange::Removed { .. } => {
                assert!(self.added.remove(&key).is_some(), "what was not added is removed from {list}");
            }
            ListChange::Ended => {
                let until = self.added.remove(&key);
                assert!(until.is_some_and(|until| until <= at), "{until:?} is the end in {list}");
            }
            ListChange::ListGone => {
                assert!(!is_planned, "{list} is in the plan still");
                self.added.remove(&key);
            }
        }
        self.judge_again();
    }

    /// Callers who are on their way in may be refused no more, or be in already when a list begins to refuse them.
    fn judge_again(&mut self) {
        let refused: BTreeSet<ContactId> =
            self.callers.iter().filter(|(_, it)| it.is_refused).map(|(id, _)| *id).collect();
        for contact in refused {
            let digits = self.callers[&contact].digits.clone();
            let is_refused = self.effect(&digits) == Some(ListEffect::Refuse);
            if let Some(caller) = self.callers.get_mut(&contact) {
                caller.is_refused = is_refused;
            }
        }
    }

    fn enters(&mut self, contact: ContactId, queue: QueueId, priority: u8) {
        let Some(caller) = self.callers.remove(&contact) else { return };
        // Wound: a caller who insults the agents waits in line again after a restart.
        assert!(!caller.is_refused, "{contact:?} enters a queue, and a list refuses the number");
        let own = self.plan.queues[queue.index()].priority;
        // A number's time on the list may end in the step in which its caller enters.
        let due = match caller.told.or_else(|| self.effect(&caller.digits)) {
            Some(ListEffect::Prefer(preferred)) => preferred.max(own),
            Some(ListEffect::Refuse) | None => own,
        };
        assert_eq!(priority, due, "{contact:?} enters a queue of priority {own}");
    }

    /// What the lists say of a number: a refusal, else the highest priority.
    fn effect(&self, digits: &str) -> Option<ListEffect> {
        let effects = self.plan.caller_lists.iter().filter(|list| {
            let is_planned = list.numbers.iter().any(|Pii(pattern)| fits(pattern, digits));
            is_planned || self.added.contains_key(&(list.name.clone(), digits.to_owned()))
        });
        effects.map(|list| list.effect).max_by_key(|effect| match effect {
            ListEffect::Prefer(priority) => u16::from(*priority),
            ListEffect::Refuse => u16::MAX,
        })
    }
}

fn last_digits(number: &str) -> Option<String> {
    let digits = number.get(number.len().checked_sub(DIGITS)?..)?;
    digits.bytes().all(|sign| sign.is_ascii_digit()).then(|| digits.to_owned())
}

/// Whether the last digits fit the end of a pattern of the scenario.
fn fits(pattern: &str, digits: &str) -> bool {
    let end = &pattern.as_bytes()[pattern.len().saturating_sub(DIGITS)..];
    end.len() == digits.len()
        && end.iter().zip(digits.bytes()).all(|(sign, digit)| *sign == b'X' || *sign == digit)
}
