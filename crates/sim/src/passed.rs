//! Talks that agents pass on, by the facts: a consultation has one beginning, one answer at most and one end, within the talk
//! of its agent; a caller who is given back waits in the same queue in the same moment.

use std::collections::{BTreeMap, BTreeSet};

use turno_model::{AgentId, ConsultEnd, Consulted, ContactId, Fact, Passing, PassingChange, Plan, QueueId};

/// A consultation that has not ended.
#[derive(Debug)]
struct Open {
    contact: ContactId,
    whom: Consulted,
    is_answered: bool,
    /// Whether all three talk.
    is_together: bool,
}

/// What agents do with talks.
#[derive(Debug, Default)]
pub(crate) struct Passed {
    /// The queue of each contact that talks with an agent.
    talks: BTreeMap<(ContactId, AgentId), QueueId>,
    /// Contacts that were given back, until they wait again.
    returning: BTreeMap<ContactId, QueueId>,
    open: BTreeMap<AgentId, Open>,
    /// The outcome of each dependency.
    outcomes: BTreeMap<String, Option<String>>,
    /// Contacts that wait or talk.
    here: BTreeSet<ContactId>,
    /// The dependency that rings for a contact.
    rung: BTreeMap<ContactId, String>,
    /// The codes that contacts must have, since a dependency has answered.
    owed: BTreeMap<ContactId, String>,
    returned: u64,
    words: u64,
    completed: u64,
}

impl Passed {
    /// Nothing has happened under this plan.
    pub(crate) fn new(plan: &Plan) -> Self {
        let outcomes = plan.dependencies.iter().map(|it| (it.name.clone(), it.outcome.clone()));
        Self { outcomes: outcomes.collect(), ..Self::default() }
    }

    /// Reads a fact and checks it.
    pub(crate) fn reads(&mut self, fact: &Fact) {
        self.reads_dependency(fact);
        if let Fact::Connected { contact, agent, queue, .. } = fact {
            self.talks.insert((*contact, *agent), *queue);
        } else if let Fact::TakenOver { contact, to, queue, .. } = fact {
            self.talks.insert((*contact, *to), *queue);
        } else if let Fact::Disconnected { contact, agent, .. } = fact {
            self.talks.remove(&(*contact, *agent));
        } else if let Fact::Queued { contact, queue, .. } = fact {
            if let Some(from) = self.returning.remove(contact) {
                // Wound: a caller who is handed back is lost, or lands in another line.
                assert_eq!(from, *queue, "{contact:?} is given back to its queue");
            }
        } else if let Fact::Passing(passing) = fact {
            self.passes(passing);
        }
    }

    /// Wounds: a caller who was passed on has no outcome in any report; a dependency that does not answer loses the caller.
    fn reads_dependency(&mut self, fact: &Fact) {
        if let Fact::Queued { contact, .. } = fact {
            self.here.insert(*contact);
        } else if let Fact::WrapUp { contact, code, .. } = fact {
            if self.owed.get(contact).is_some_and(|owed| code == owed.as_str()) {
                self.owed.remove(contact);
            }
        } else if let Fact::ContactEnded { contact, .. } = fact {
            self.here.remove(contact);
            self.rung.remove(contact);
            let owed = self.owed.remove(contact);
            assert_eq!(owed, None, "{contact:?} was passed on to a dependency, and has no such code");
        }
    }

    /// What a dependency did for a contact that an agent transfers to it.
    fn dependency(&mut self, contact: ContactId, change: &PassingChange) {
        match change {
            PassingChange::DependencyRung { dependency } => {
                let before = self.rung.insert(contact, dependency.to_string());
                assert_eq!(before, None, "{contact:?} is transferred to one at a time");
            }
            PassingChange::DependencyReached { dependency, outcome } => {
                // After a word by keys it has not been rung for a transfer.
                let rung = self.rung.remove(&contact);
                assert!(
                    rung.is_none_or(|rung| dependency == rung.as_str()),
                    "{contact:?} reaches {dependency}"
                );
                let known = self.outcomes.get(dependency.as_str()).cloned().flatten().unwrap_or_default();
                assert_eq!(known, outcome.as_str(), "the plan has this outcome of {dependency}");
                if !outcome.is_empty() {
                    self.owed.insert(contact, outcome.to_string());
                }
            }
            PassingChange::DependencyNotReached { dependency, .. } => {
                let rung = self.rung.remove(&contact);
                // Without a media port it does not ring at all.
                let is_it = rung.is_none_or(|rung| dependency == rung.as_str());
                assert!(is_it, "{contact:?} was transferred elsewhere than to {dependency}");
                assert!(
                    self.here.contains(&contact),
                    "{dependency} does not answer, and {contact:?} is lost"
                );
            }
            PassingChange::Returned
            | PassingChange::Consults(_)
            | PassingChange::ConsultBegan(_)
            | PassingChange::Conferenced(_)
            | PassingChange::ConsultEnded(..) => {}
        }
    }

    fn passes(&mut self, passing: &Passing) {
        let Passing { contact, agent, change } = passing;
        match change {
            PassingChange::Returned => {
                let queue = self.talks.get(&(*contact, *agent)).copied();
                let queue =
                    queue.unwrap_or_else(|| panic!("{agent:?} gives {contact:?} back without a talk"));
                self.returning.insert(*contact, queue);
                self.returned += 1;
            }
            PassingChange::Consults(whom) => {
                assert!(self.talks.contains_key(&(*contact, *agent)), "{agent:?} consults without a talk");
                let open =
                    Open { contact: *contact, whom: whom.clone(), is_answered: false, is_together: false };
                assert!(self.open.insert(*agent, open).is_none(), "{agent:?} consults one at a time");
            }
            PassingChange::ConsultBegan(whom) => {
                self.words += 1;
                let open = self.consultation(*agent, *contact, whom);
                assert!(!open.is_answered, "{whom:?} answers once");
                open.is_answered = true;
            }
            PassingChange::Conferenced(whom) => {
                let open = self.consultation(*agent, *contact, whom);
                assert!(open.is_answered, "{whom:?} has not answered");
                open.is_together = true;
            }
            PassingChange::ConsultEnded(whom, end) => {
                let is_answered = self.consultation(*agent, *contact, whom).is_answered;
                assert!(is_answered || *end != ConsultEnd::Completed, "{whom:?} has not answered");
                self.completed += u64::from(*end == ConsultEnd::Completed);
                self.open.remove(agent);
            }
            PassingChange::DependencyRung { .. }
            | PassingChange::DependencyReached { .. }
            | PassingChange::DependencyNotReached { .. } => self.dependency(*contact, change),
        }
    }

    fn consultation(&mut self, agent: AgentId, contact: ContactId, whom: &Consulted) -> &mut Open {
        let open = self.open.get_mut(&agent).unwrap_or_else(|| panic!("{agent:?} consults nobody"));
        assert!(open.contact == contact && open.whom == *whom, "{agent:?} consults {open:?}, not {whom:?}");
        open
    }

    /// Who consults somebody about which contact, and whether the caller is kept out of what is said.
    pub(crate) fn words(&self) -> impl Iterator<Item = (AgentId, ContactId, bool)> {
        self.open.iter().map(|(agent, open)| (*agent, open.contact, !open.is_together))
    }

    /// How often callers were given back, private words began, and agents left callers to whom they had consulted.
    pub(crate) const fn counts(&self) -> (u64, u64, u64) {
        (self.returned, self.words, self.completed)
    }

    /// What must be true at the end.
    pub(crate) fn prove_closed(&self) {
        assert!(self.open.is_empty(), "consulted on: {:?}", self.open);
        assert!(self.owed.is_empty(), "passed on without a code: {:?}", self.owed);
        assert!(self.rung.is_empty(), "a dependency rings on: {:?}", self.rung);
        assert!(self.returning.is_empty(), "given back and in no line: {:?}", self.returning);
    }
}
