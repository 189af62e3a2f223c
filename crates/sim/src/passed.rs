//! Talks that agents pass on, by the facts: a consultation has one beginning, one answer at most and one end, within the talk
//! of its agent; a caller who is given back waits in the same queue in the same moment.

use std::collections::BTreeMap;

use turno_model::{AgentId, ConsultEnd, Consulted, ContactId, Fact, Passing, PassingChange, QueueId};

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
    returned: u64,
    words: u64,
    completed: u64,
}

impl Passed {
    /// Reads a fact and checks it.
    pub(crate) fn reads(&mut self, fact: &Fact) {
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
            | PassingChange::DependencyNotReached { .. } => {}
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
        assert!(self.returning.is_empty(), "given back and in no line: {:?}", self.returning);
    }
}
