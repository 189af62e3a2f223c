//! Who observes which contact, by the facts: each begin has one end.

use std::collections::{BTreeMap, BTreeSet};

use turno_model::{AgentId, ContactId, EndedBy, Fact, Observing};

/// Who observes which talk and how, by the facts.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    open: BTreeMap<AgentId, (ContactId, Observing)>,
    /// The desk at which each contact's agent sat when the talk began. The talk stays at that phone, even if somebody
    /// else sits there later.
    talks: BTreeMap<ContactId, usize>,
    /// The last observer at each desk.
    desks: BTreeMap<usize, AgentId>,
    /// Contacts in a queue or with an agent, and those that were transferred to a colleague and whose call goes on.
    under_way: BTreeSet<ContactId>,
    /// How many observers there were.
    many: u64,
    /// How many talks were taken over.
    taken_over: u64,
}

impl Observed {
    /// Reads a fact and checks that each begin has one end.
    pub(crate) fn reads(&mut self, fact: &Fact) {
        if let Fact::ObservingBegan { observer, contact, how, by: _ } = fact {
            self.many += 1;
            let before = self.open.insert(*observer, (*contact, *how));
            assert_eq!(before, None, "{observer:?} observes two talks");
        } else if let Fact::ObservingEnded { observer, contact, how, by: _ } = fact {
            let before = self.open.remove(observer);
            assert_eq!(before, Some((*contact, *how)), "{observer:?} ends what did not begin");
        } else if let Fact::Queued { contact, .. } = fact {
            self.under_way.insert(*contact);
        } else if let Fact::ContactEnded { contact, by, .. } = fact {
            if *by != EndedBy::Transfer {
                self.under_way.remove(contact);
            }
        } else if let Fact::OwnCallSettled { call, .. } = fact {
            self.under_way.remove(call);
        } else if let Fact::TakenOver { .. } = fact {
            self.taken_over += 1;
        }
    }

    /// A talk begins at this desk.
    pub(crate) fn talks_at(&mut self, contact: ContactId, desk: usize) {
        self.talks.insert(contact, desk);
    }

    /// Somebody begins to observe at this desk.
    pub(crate) fn observes_at(&mut self, observer: AgentId, desk: usize) {
        self.desks.insert(desk, observer);
    }

    /// Whether the talk of a contact began at this desk.
    pub(crate) fn began_at(&self, contact: ContactId, desk: usize) -> bool {
        self.talks.get(&contact) == Some(&desk)
    }

    /// Who observes at this desk, which talk, and how.
    pub(crate) fn at_desk(&self, desk: usize) -> Option<(AgentId, ContactId, Observing)> {
        let observer = *self.desks.get(&desk)?;
        self.open.get(&observer).map(|(contact, how)| (observer, *contact, *how))
    }

    /// Whether a contact may be observed: it has been in a queue, and its call goes on.
    pub(crate) fn is_under_way(&self, contact: ContactId) -> bool {
        self.under_way.contains(&contact)
    }

    /// How many talks were taken over.
    pub(crate) const fn taken_over(&self) -> u64 {
        self.taken_over
    }

    /// The present observers.
    pub(crate) const fn open(&self) -> &BTreeMap<AgentId, (ContactId, Observing)> {
        &self.open
    }

    /// How many observers there were.
    pub(crate) const fn many(&self) -> u64 {
        self.many
    }
}
